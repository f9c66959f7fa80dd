package page

import "time"

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
