package page

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// HealthPath is where the service is asked whether it is well, by whatever name the machine has.
const HealthPath = "/healthz"

// readAddress returns the host that requests must be for, or "" for any: with another host an attacker's own name could point at us (security.md T11).
func (k *Kit) readAddress() (host string, err error) {
	if k.options.Address == "" {
		if k.options.OnlyAddress {
			return "", errors.New("page: only one address, and none is named")
		}
		return "", nil
	}
	u, err := url.Parse(k.options.Address)
	if err != nil {
		return "", fmt.Errorf("page: public address: %w", err)
	}
	if !k.options.OnlyAddress {
		return "", nil
	}
	return canonicalHost(u.Scheme, u.Host), nil
}

// checkHost answers 421 to requests for another host. A trusted proxy says in X-Forwarded-Host which one was asked for.
func (k *Kit) checkHost(c *fiber.Ctx) error {
	if k.host == "" || c.Path() == HealthPath {
		return c.Next()
	}
	scheme, _, _ := strings.Cut(k.options.Address, ":")
	if canonicalHost(scheme, c.Hostname()) != k.host {
		return fiber.ErrMisdirectedRequest
	}
	return c.Next()
}

// canonicalHost writes a host in one way: in lower case, without the dot of a full name and without the scheme's own port.
func canonicalHost(scheme, host string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), ""
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return name
	}
	return net.JoinHostPort(name, port)
}
