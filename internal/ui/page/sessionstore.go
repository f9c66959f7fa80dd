package page

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// SessionRows keeps sessions: consult.SealedSessions in the program. Data is opaque to it and sealed at rest.
type SessionRows interface {
	// Session returns the row, or fault.NotFound.
	Session(ctx context.Context, idHash string) (*consult.Session, error)
	// AddSession inserts a row.
	AddSession(ctx context.Context, s *consult.Session) error
	// UpdateSession changes data, seen, expiry and staff of a row and never inserts one, so that a late save cannot
	// undo a sign-out: it returns fault.NotFound where the row is gone.
	UpdateSession(ctx context.Context, s *consult.Session) error
	// TouchSession changes seen and expiry only, or returns fault.NotFound.
	TouchSession(ctx context.Context, idHash string, seen, expires time.Time) error
	// RotateSession replaces the row under old by s in one transaction, or returns fault.NotFound where the old one
	// is gone.
	RotateSession(ctx context.Context, old string, s *consult.Session) error
	// EraseSession removes the row. No row is no error.
	EraseSession(ctx context.Context, idHash string) error
}

// StaffValue is the session value that holds the id of whoever signed in; it is kept beside the sealed data, so that all
// sessions of a person can be ended.
const StaffValue = "staff"

// storedKinds are the kinds as stored.
var storedKinds = map[sessionKind]string{respondentSession: "respondent", staffSession: "staff"}

const (
	idleValue  = "_idle" // time.Duration as text, set by LimitIdle
	idLength   = 32      // bytes: 256 bits
	touchAfter = time.Minute
)

// Keys of the values that live for one request only and are never stored.
type private int

const (
	saveIntent private = iota
	loadedRow
)

type intent struct{ changed, rotated, erased bool }

// row is what is known of a stored session while its request runs.
type row struct {
	created, seen time.Time
	resign        bool // the cookie was signed with a retired key
}

var errSessionGone = errors.New("page: the session was erased meanwhile")

// sessionStore is gorilla's sessions.Store over SessionRows. The cookie holds a 256-bit id under a MAC; the rows hold
// only its SHA-256, so neither a copy of the database nor a guess opens a session.
type sessionStore struct {
	rows  SessionRows
	macs  map[sessionKind][]securecookie.Codec // newest first
	forms map[sessionKind][]securecookie.Codec // as macs, for cookies of browsers of which nothing is stored
	https bool
	now   func() time.Time
}

var _ sessions.Store = (*sessionStore)(nil)

func newSessionStore(o Options) (*sessionStore, error) {
	if len(o.CookieKeys) == 0 {
		return nil, errors.New("page: no key to sign session cookies")
	}
	s := &sessionStore{rows: o.Sessions, macs: map[sessionKind][]securecookie.Codec{}, forms: map[sessionKind][]securecookie.Codec{}, https: o.HTTPS, now: o.Now}
	for _, key := range o.CookieKeys {
		if len(key) < 32 {
			return nil, errors.New("page: keys to sign session cookies have at least 32 bytes")
		}
		for kind, life := range lifetimes {
			signer := func(life time.Duration) securecookie.Codec {
				return securecookie.New(key, nil).SetSerializer(securecookie.NopEncoder{}).MaxAge(int(life / time.Second))
			}
			s.macs[kind] = append(s.macs[kind], signer(life.absolute))
			s.forms[kind] = append(s.forms[kind], signer(life.idle))
		}
	}
	return s, nil
}

// cookieName carries the __Host- prefix over https: such a cookie cannot be set by a sibling host or without TLS.
func (s *sessionStore) cookieName(k sessionKind) string {
	if s.https {
		return "__Host-" + string(k)
	}
	return string(k)
}

// Get returns the request's session of the name, reading the store once per request.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New loads the session that the cookie names, or makes an empty one. A cookie that is not ours is not an error: the
// session is then new, and gets an id of our making, never the browser's (session fixation).
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	kind := sessionKind(name)
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.https, SameSite: http.SameSiteLaxMode}
	cookie, err := r.Cookie(s.cookieName(kind))
	if err != nil {
		return session, nil
	}
	id, resign, ok := s.openCookie(kind, cookie.Value)
	if !ok {
		if token, ok := s.openForm(kind, cookie.Value); ok {
			session.Values[tokenValue] = token
		}
		return session, nil
	}
	stored, err := s.rows.Session(r.Context(), hashID(id))
	switch {
	case fault.Is(err, fault.NotFound):
		return session, nil
	case err != nil:
		return session, fmt.Errorf("load session: %w", err) // the registry names the session even then
	}
	values, err := decodeValues(stored.Data)
	if err != nil {
		return session, fmt.Errorf("load session: %w", err)
	}
	if stored.Kind != storedKinds[kind] {
		return session, nil
	}
	if !s.alive(kind, values, stored) {
		return session, s.rows.EraseSession(r.Context(), hashID(id))
	}
	for key, value := range values {
		session.Values[key] = value
	}
	session.ID, session.IsNew = string(id), false
	session.Values[loadedRow] = row{created: stored.CreatedAt, seen: stored.SeenAt, resign: resign}
	return session, nil
}

// openCookie checks the MAC. resign says that a retired key had made it.
func (s *sessionStore) openCookie(kind sessionKind, value string) (id []byte, resign, ok bool) {
	for i, codec := range s.macs[kind] {
		var id []byte
		if codec.Decode(string(kind), value, &id) == nil && len(id) == idLength {
			return id, i > 0, true
		}
	}
	return nil, false, false
}

// Save writes the session as its intent says and sets the cookie where the browser needs another.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	kind := sessionKind(session.Name())
	ctx := r.Context()
	want, _ := session.Values[saveIntent].(intent)
	known, _ := session.Values[loadedRow].(row)
	if want.erased {
		http.SetCookie(w, s.cookie(kind, session, "", -1))
		if session.ID == "" {
			return nil
		}
		return s.rows.EraseSession(ctx, hashID([]byte(session.ID)))
	}
	if session.ID != "" && !want.changed && !want.rotated {
		return s.touch(ctx, w, kind, session, known)
	}
	data, err := encodeValues(session.Values)
	if err != nil {
		return err
	}
	stored := s.rowOf(kind, session, data)
	if session.ID != "" && !want.rotated {
		stored.IDHash = hashID([]byte(session.ID))
		stored.CreatedAt = known.created
		stored.ExpiresAt = s.expiry(kind, session, known.created)
		err = s.rows.UpdateSession(ctx, stored)
		if err == nil && !known.resign {
			return nil
		}
		return s.settle(w, kind, session, []byte(session.ID), err)
	}
	id := randomBytes(idLength)
	stored.IDHash = hashID(id)
	if session.ID == "" {
		err = s.rows.AddSession(ctx, stored)
	} else {
		err = s.rows.RotateSession(ctx, hashID([]byte(session.ID)), stored)
	}
	return s.settle(w, kind, session, id, err)
}

// touch notes that the session was used, without its values: they may have changed meanwhile.
func (s *sessionStore) touch(ctx context.Context, w http.ResponseWriter, kind sessionKind, session *sessions.Session, known row) error {
	err := s.rows.TouchSession(ctx, hashID([]byte(session.ID)), s.now().UTC(), s.expiry(kind, session, known.created))
	if err == nil && !known.resign {
		return nil
	}
	return s.settle(w, kind, session, []byte(session.ID), err)
}

// rowOf returns the row of a session that begins now.
func (s *sessionStore) rowOf(kind sessionKind, session *sessions.Session, data []byte) *consult.Session {
	now := s.now().UTC()
	staff, _ := session.Values[StaffValue].(string)
	return &consult.Session{Kind: storedKinds[kind], StaffID: staff, Data: data, CreatedAt: now, SeenAt: now,
		ExpiresAt: s.expiry(kind, session, now)}
}

// settle ends a save: it sends the signed cookie, or withdraws it where the session was erased meanwhile.
func (s *sessionStore) settle(w http.ResponseWriter, kind sessionKind, session *sessions.Session, id []byte, err error) error {
	if fault.Is(err, fault.NotFound) {
		http.SetCookie(w, s.cookie(kind, session, "", -1))
		return errSessionGone
	}
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	session.ID = string(id)
	value, err := s.macs[kind][0].Encode(string(kind), id)
	if err != nil {
		return fmt.Errorf("sign session: %w", err)
	}
	http.SetCookie(w, s.cookie(kind, session, value, 0))
	return nil
}

// cookie has no Max-Age while the session lives: it ends with the browser, and the rows decide anyway.
func (s *sessionStore) cookie(kind sessionKind, session *sessions.Session, value string, maxAge int) *http.Cookie {
	options := *session.Options
	options.MaxAge = maxAge
	return sessions.NewCookie(s.cookieName(kind), value, &options)
}

// mustTouch reports whether the row's last-seen time is worth a write: at most once a minute, or to sign anew.
func (s *sessionStore) mustTouch(session *sessions.Session) bool {
	known, ok := session.Values[loadedRow].(row)
	return ok && (known.resign || s.now().Sub(known.seen) >= touchAfter)
}

func hashID(id []byte) string {
	sum := sha256.Sum256(id)
	return hex.EncodeToString(sum[:])
}

func decodeValues(data []byte) (map[string]string, error) {
	values := map[string]string{}
	if len(data) == 0 {
		return values, nil
	}
	err := json.Unmarshal(data, &values)
	return values, err
}

// encodeValues writes the values that are strings; what lives for one request only has keys of another type.
func encodeValues(all map[any]any) ([]byte, error) {
	values := map[string]string{}
	for key, value := range all {
		name, ok := key.(string)
		if !ok {
			continue
		}
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("page: session value %s is not text", name)
		}
		values[name] = text
	}
	return json.Marshal(values)
}
