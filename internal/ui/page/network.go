package page

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// trustedPrefixes reads addresses and networks ("10.0.0.0/8") of proxies.
func trustedPrefixes(proxies []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range proxies {
		if a, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("page: trusted proxy %q is neither an address nor a network", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Network returns what limits are counted by: the client's IPv4 address or IPv6 /64. It is never stored or logged as it
// is. Behind a trusted proxy it is the last address in X-Forwarded-For that no trusted proxy has: everything before it is
// the client's own claim, and a forged header moves nothing (security.md row 46).
func Network(c *fiber.Ctx) string {
	remote, ok := client(c)
	if !ok {
		return "unknown"
	}
	return networkOf(remote)
}

// client returns the address that Network tells the network of.
func client(c *fiber.Ctx) (netip.Addr, bool) {
	s := state(c)
	remote, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.Addr{}, false
	}
	remote = remote.Unmap()
	if s.kit == nil || !trusts(s.kit.proxies, remote) {
		return remote, true
	}
	hops := strings.Split(strings.Join(c.GetReqHeaders()[fiber.HeaderXForwardedFor], ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break // what a proxy did not write cannot be believed, nor anything before it
		}
		remote = hop.Unmap()
		if !trusts(s.kit.proxies, remote) {
			break
		}
	}
	return remote, true
}

func trusts(proxies []netip.Prefix, a netip.Addr) bool {
	for _, p := range proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// networkOf keeps an IPv4 address and the half of an IPv6 address that names the network: a household has 2^64 others.
func networkOf(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}
