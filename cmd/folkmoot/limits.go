package main

import (
	"net"

	"folkmoot/internal/ui/page"
)

// limitFlags are what one network may ask of the service (security.md T13). The defaults leave room for a library or an office behind one
// address: 100 pages a second, a thousand people an hour.
type limitFlags struct {
	LimitRequests    int `env:"FOLKMOOT_LIMIT_REQUESTS" default:"6000" placeholder:"N" help:"Pages and forms a minute for one network (an IPv4 address or an IPv6 /64). 0 is no limit."`
	LimitSessions    int `env:"FOLKMOOT_LIMIT_SESSIONS" default:"1000" placeholder:"N" help:"New sessions an hour of people without an account for one network. 0 is no limit."`
	LimitConnections int `env:"FOLKMOOT_LIMIT_CONNECTIONS" default:"512" placeholder:"N" help:"Open connections of one network, where no proxy is trusted. 0 is no limit."`
}

func (l limitFlags) limits() page.Limits {
	return page.Limits{Requests: l.LimitRequests, Sessions: l.LimitSessions}
}

// bound limits the connections of one network. Behind a proxy all connections are the proxy's.
func (l limitFlags) bound(listener net.Listener, proxied bool) net.Listener {
	if proxied {
		return listener
	}
	return page.LimitConnections(listener, l.LimitConnections)
}
