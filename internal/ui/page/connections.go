package page

import (
	"net"
	"net/netip"
	"sync"
)

// LimitConnections returns a listener that closes at once what one network opens beyond most connections: slow clients hold nothing from
// others (security.md T13). fasthttp's own limit logs addresses and does not know IPv6. It is for a service that people reach directly: behind
// a proxy all connections are the proxy's. What comes from this machine itself is not limited. most of zero or less is no limit.
func LimitConnections(l net.Listener, most int) net.Listener {
	if most <= 0 {
		return l
	}
	return &boundedListener{Listener: l, most: most, open: map[string]int{}}
}

type boundedListener struct {
	net.Listener
	most int

	mu   sync.Mutex
	open map[string]int // by network
}

// Accept returns the next connection that is not one too many.
func (b *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		remote, ok := conn.RemoteAddr().(*net.TCPAddr)
		if !ok || remote.IP.IsLoopback() {
			return conn, nil
		}
		address, _ := netip.AddrFromSlice(remote.IP)
		network := networkOf(address.Unmap())
		if b.enter(network) {
			return &boundedConn{Conn: conn, leave: sync.OnceFunc(func() { b.leave(network) })}, nil
		}
		_ = conn.Close()
	}
}

func (b *boundedListener) enter(network string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[network] >= b.most {
		return false
	}
	b.open[network]++
	return true
}

func (b *boundedListener) leave(network string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[network]--; b.open[network] <= 0 {
		delete(b.open, network) // no list of who was here
	}
}

type boundedConn struct {
	net.Conn
	leave func()
}

// Close closes the connection and makes room for another.
func (c *boundedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
