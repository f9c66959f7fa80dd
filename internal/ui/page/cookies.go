package page

import "time"

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
