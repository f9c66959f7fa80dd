package page

import "time"

// Cookie is one cookie that the service sets, for the page that lists them.
type Cookie struct {
	Name string
	Area Area          // Public for respondents, Office for staff and partners
	Idle time.Duration // without use, after which the session behind it ends
}

// Cookies lists every cookie that the service sets. Both are strictly necessary (PECR reg. 6): sessions.
func (k *Kit) Cookies() []Cookie {
	var out []Cookie
	for _, area := range []Area{Public, Office} {
		kind := kindOf(area)
		out = append(out, Cookie{Name: k.sessions.cookieName(kind), Area: area, Idle: lifetimes[kind].idle})
	}
	return out
}
