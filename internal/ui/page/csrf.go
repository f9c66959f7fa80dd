package page

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
)

const (
	tokenField  = "_csrf" // the form field
	tokenValue  = "_csrf" // the session value
	tokenLength = 32      // bytes
)

// checkForged refuses a form that another site made a browser send. Both guards must pass: what the browser says
// about where the request comes from, and a token that only a page of this session held (security.md T12).
func (r *Routes) checkForged(c *fiber.Ctx) error {
	if err := r.kit.origin.Check(r.kit.originOf(c)); err != nil {
		return fault.Wrap(err, fault.Forbidden, "error.forged")
	}
	form, err := Form(c)
	if err != nil {
		return err
	}
	s, err := Session(c)
	if err != nil {
		return err
	}
	// Exactly one token: a repeated field is how a check and a handler are made to read different values.
	if len(form[tokenField]) == 1 && sameToken(form.First(tokenField), s.Get(tokenValue)) {
		return c.Next()
	}
	if r.ended != nil && r.lost(form, s) {
		return r.ended(c)
	}
	return fault.New(fault.Forbidden, "error.forged")
}

// lost reports whether a form without the session's token comes from a session that has ended. Respondents then have no session. Staff
// may have another: they signed in again in another tab. Theirs must at least be a token as our pages have them.
func (r *Routes) lost(form survey.Form, s *SessionData) bool {
	if r.area == Public {
		return s.Get(tokenValue) == ""
	}
	masked, err := base64.RawURLEncoding.DecodeString(form.First(tokenField))
	return err == nil && len(form[tokenField]) == 1 && len(masked) == 2*tokenLength
}

// originOf builds the little of a net/http request that CrossOriginProtection reads. A proxy may ask us by another name than people do: a
// form from the public address itself counts as one to it. That is less than AddTrustedOrigin gives, which would let such an Origin outweigh
// what Sec-Fetch-Site says.
func (k *Kit) originOf(c *fiber.Ctx) *http.Request {
	header := http.Header{}
	for _, name := range []string{"Sec-Fetch-Site", "Origin"} {
		if v := c.Get(name); v != "" {
			header.Set(name, v)
		}
	}
	host := string(c.Request().Host())
	if origin := c.Get("Origin"); origin != "" && origin == k.options.Address {
		_, host, _ = strings.Cut(origin, "://")
	}
	return &http.Request{Method: c.Method(), Host: host, Header: header, URL: &url.URL{Path: c.Path()}}
}

// sessionToken returns the session's token, making one the first time a form asks. As long as nothing else is to be stored the token lives
// in the cookie alone: looking at pages must not fill the disk (security.md T13). The row that the first answer makes takes it over, so
// that forms which are open already stay good.
func sessionToken(s *SessionData) string {
	token := s.Get(tokenValue)
	switch {
	case token != "":
	case s.inner.ID == "":
		token = newToken()
		s.inner.Values[tokenValue] = token
		s.offered = true
	default:
		token = newToken()
		s.Set(tokenValue, token)
	}
	return token
}

func newToken() string { return base64.RawURLEncoding.EncodeToString(randomBytes(tokenLength)) }

// formName keeps cookies that hold a token apart from those that hold a session's id: neither is taken for the other.
func formName(kind sessionKind) string { return string(kind) + "-form" }

// openForm returns the token of a cookie that offerForm made.
func (s *sessionStore) openForm(kind sessionKind, value string) (token string, ok bool) {
	for _, codec := range s.forms[kind] {
		var raw []byte
		if codec.Decode(formName(kind), value, &raw) == nil && len(raw) == tokenLength {
			return base64.RawURLEncoding.EncodeToString(raw), true
		}
	}
	return "", false
}

// offerForm returns the cookie that holds nothing but the form's token, signed.
func (s *sessionStore) offerForm(kind sessionKind, d *SessionData) (*http.Cookie, error) {
	raw, err := base64.RawURLEncoding.DecodeString(d.Get(tokenValue))
	if err != nil {
		return nil, fmt.Errorf("page: form token: %w", err)
	}
	value, err := s.forms[kind][0].Encode(formName(kind), raw)
	if err != nil {
		return nil, fmt.Errorf("sign form token: %w", err)
	}
	return s.cookie(kind, d.inner, value, 0), nil
}

// maskToken hides the token behind a fresh pad, so that it differs in every page and compression gives nothing away
// about it (BREACH).
func maskToken(token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != tokenLength {
		return ""
	}
	pad := randomBytes(tokenLength)
	masked := make([]byte, 2*tokenLength)
	copy(masked, pad)
	subtle.XORBytes(masked[tokenLength:], raw, pad)
	return base64.RawURLEncoding.EncodeToString(masked)
}

// sameToken compares the masked token of a form with the session's in constant time.
func sameToken(masked, token string) bool {
	sent, err := base64.RawURLEncoding.DecodeString(masked)
	if err != nil || len(sent) != 2*tokenLength {
		return false
	}
	kept, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(kept) != tokenLength {
		return false
	}
	subtle.XORBytes(sent[tokenLength:], sent[tokenLength:], sent[:tokenLength])
	return subtle.ConstantTimeCompare(sent[tokenLength:], kept) == 1
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: Go ends the program instead
	return b
}
