package page

import (
	"time"

	"github.com/gorilla/sessions"

	"folkmoot/internal/consult"
)

// sessionKind is also the session's name in gorilla's registry.
type sessionKind string

const (
	respondentSession sessionKind = "folkmoot_r"
	staffSession      sessionKind = "folkmoot_s" // staff and partners
)

// RespondentIdle is how long a respondent's session may lie unused.
const RespondentIdle = 24 * time.Hour

// StrictIdle is how long a session of a role with wide rights may lie unused (security.md T10): see LimitIdle.
const StrictIdle = 15 * time.Minute

// lifetimes of security.md T10. A role may shorten the idle time with LimitIdle.
var lifetimes = map[sessionKind]struct{ idle, absolute time.Duration }{
	respondentSession: {RespondentIdle, 7 * 24 * time.Hour},
	staffSession:      {60 * time.Minute, 12 * time.Hour},
}

func kindOf(a Area) sessionKind {
	if a == Public {
		return respondentSession
	}
	return staffSession
}

// alive applies both lifetimes by our clock, whatever the row's own expiry says. A clock set back revives nothing:
// a row that is newer than now counts as just seen.
func (s *sessionStore) alive(kind sessionKind, values map[string]string, stored *consult.Session) bool {
	now := s.now()
	return now.Before(stored.ExpiresAt) && now.Sub(stored.CreatedAt) < lifetimes[kind].absolute &&
		now.Sub(stored.SeenAt) < idleOf(kind, values[idleValue])
}

func idleOf(kind sessionKind, limit string) time.Duration {
	idle := lifetimes[kind].idle
	if d, err := time.ParseDuration(limit); err == nil && d > 0 && d < idle {
		return d
	}
	return idle
}

// expiry is when the row may be disposed of: idle or absolute, whichever comes first.
func (s *sessionStore) expiry(kind sessionKind, session *sessions.Session, created time.Time) time.Time {
	limit, _ := session.Values[idleValue].(string)
	end, unused := created.Add(lifetimes[kind].absolute), s.now().Add(idleOf(kind, limit))
	if unused.Before(end) {
		return unused.UTC()
	}
	return end.UTC()
}

// InWords writes a length of time in whole days, in hours below two days, or in minutes below two hours.
func InWords(p *Page, d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return p.T("public.cookies.days", "Count", int(d/day))
	case d >= 2*time.Hour:
		return p.T("public.cookies.hours", "Count", int(d/time.Hour))
	}
	return p.T("public.cookies.minutes", "Count", int(d/time.Minute))
}

// StaffLimits says in words after what time without use a session of staff ends, after what time one of a role with wide rights, and
// how long any of them lives.
func StaffLimits(p *Page) (idle, strict, absolute string) {
	l := lifetimes[staffSession]
	return InWords(p, l.idle), InWords(p, StrictIdle), InWords(p, l.absolute)
}

// Cookie is one cookie that the service sets, for the page that lists them.
type Cookie struct {
	Name string
	Area Area // Public for respondents, Office for staff and partners
	// The session behind it ends after Idle without use, for roles with wide rights after Strict (0: nobody has those), and
	// Absolute after it began.
	Idle, Strict, Absolute time.Duration
}

// Cookies lists every cookie that the service sets. Both are strictly necessary (PECR reg. 6): sessions.
func (k *Kit) Cookies() []Cookie {
	var out []Cookie
	for _, area := range []Area{Public, Office} {
		kind := kindOf(area)
		cookie := Cookie{Name: k.sessions.cookieName(kind), Area: area, Idle: lifetimes[kind].idle, Absolute: lifetimes[kind].absolute}
		if kind == staffSession {
			cookie.Strict = StrictIdle
		}
		out = append(out, cookie)
	}
	return out
}
