package page

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/sessions"

	"folkmoot/internal/fault"
)

// SessionData is the session of one request. Values are strings; nothing is stored before Save, which the kit calls
// after the handler and before the response leaves.
type SessionData struct {
	inner   *sessions.Session
	request *http.Request
	store   *sessionStore
	kind    sessionKind

	changed bool // values differ from what is stored
	rotated bool // the id must be replaced
	erased  bool // the row must go
	offered bool // a form was given a token, and nothing is stored yet
}

// Session returns the session of the request's area. It returns fault.Unavailable when the store cannot be read.
// A cookie that is forged, expired or of an erased session gives a new empty session under a new id.
func Session(c *fiber.Ctx) (*SessionData, error) {
	s := state(c)
	if s.session != nil {
		return s.session, nil
	}
	if s.kit == nil {
		return nil, fault.New(fault.Unavailable, "error.unavailable")
	}
	kind := kindOf(s.area)
	// A fresh request that aliases nothing of Fiber's: gorilla replaces and keeps it.
	r, err := http.NewRequestWithContext(c.UserContext(), http.MethodGet, "/", nil)
	if err != nil {
		return nil, err
	}
	if cookie := c.Cookies(s.kit.sessions.cookieName(kind)); cookie != "" {
		r.AddCookie(&http.Cookie{Name: s.kit.sessions.cookieName(kind), Value: cookie})
	}
	inner, err := s.kit.sessions.Get(r, string(kind))
	if err != nil {
		return nil, err
	}
	s.session = &SessionData{inner: inner, request: r, store: s.kit.sessions, kind: kind}
	return s.session, nil
}

// hasSession reports whether the browser sent a cookie for the area's session, without reading the store.
func hasSession(c *fiber.Ctx) bool {
	s := state(c)
	return s.session != nil || s.kit != nil && c.Cookies(s.kit.sessions.cookieName(kindOf(s.area))) != ""
}

// Get returns a value, or "" where there is none.
func (s *SessionData) Get(key string) string {
	v, _ := s.inner.Values[key].(string)
	return v
}

// Set keeps a value.
func (s *SessionData) Set(key, value string) {
	if s.Get(key) != value {
		s.inner.Values[key] = value
		s.changed = true
	}
}

// Delete forgets a value.
func (s *SessionData) Delete(key string) {
	if _, ok := s.inner.Values[key]; ok {
		delete(s.inner.Values, key)
		s.changed = true
	}
}

// SetJSON keeps a value of any type that encoding/json can write.
func (s *SessionData) SetJSON(key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.Set(key, string(raw))
	return nil
}

// JSON reads what SetJSON kept into v. ok is false where there is none.
func (s *SessionData) JSON(key string, v any) (ok bool) {
	raw := s.Get(key)
	return raw != "" && json.Unmarshal([]byte(raw), v) == nil
}

// Rotate gives the session a new id and a new form token and starts its absolute lifetime anew. The old id is dead
// once the response leaves. Call it at sign-in and whenever rights grow or shrink.
func (s *SessionData) Rotate() {
	s.rotated, s.changed = true, true
	delete(s.inner.Values, tokenValue)
}

// Erase ends the session: the row goes, the cookie is withdrawn, whoever kept a copy of it holds nothing.
func (s *SessionData) Erase() {
	s.erased = true
	clear(s.inner.Values)
}

// LimitIdle shortens how long the session may lie unused, for roles that must be asked again sooner (security.md
// T10: 15 minutes for data protection officers and administrators).
func (s *SessionData) LimitIdle(d time.Duration) { s.Set(idleValue, d.String()) }

// save writes what changed. A session that was never asked for costs nothing and sets no cookie.
func (s *requestState) save(c *fiber.Ctx) error {
	d := s.session
	if d == nil {
		return nil
	}
	c.Response().Header.Add(fiber.HeaderVary, fiber.HeaderCookie)
	if !d.changed && !d.rotated && !d.erased {
		if d.offered {
			cookie, err := d.store.offerForm(d.kind, d)
			if err != nil {
				return err
			}
			c.Response().Header.Add(fiber.HeaderSetCookie, cookie.String())
			return nil
		}
		if !d.store.mustTouch(d.inner) {
			return nil
		}
	}
	if err := s.limitSessions(c, d); err != nil {
		s.session = nil
		return err
	}
	w := headerWriter{}
	d.inner.Values[saveIntent] = intent{changed: d.changed, rotated: d.rotated, erased: d.erased}
	err := d.store.Save(d.request, w, d.inner)
	delete(d.inner.Values, saveIntent)
	s.session = nil // an error page must not try the same again
	if err != nil && !errors.Is(err, errSessionGone) {
		return err
	}
	// The raw line, because fiber.Cookie cannot carry every attribute.
	for _, line := range w.Header()["Set-Cookie"] {
		c.Response().Header.Add(fiber.HeaderSetCookie, line)
	}
	if d.erased {
		c.Set("Clear-Site-Data", `"cache"`)
	}
	return nil
}

// headerWriter is a response of which only the headers are wanted.
type headerWriter http.Header

func (w headerWriter) Header() http.Header         { return http.Header(w) }
func (w headerWriter) Write(b []byte) (int, error) { return len(b), nil }
func (w headerWriter) WriteHeader(int)             {}
