package page

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
)

// Limits bound what one network (page.Network) may ask for, so that one client leaves room for the others (security.md T13). A library or
// an office may lie behind one address: they are to be generous. Zero is no limit. What comes from this machine itself is not limited:
// behind a proxy that is not named as trusted everybody comes from there.
type Limits struct {
	Requests int // pages and forms a minute; style sheets, scripts and the like are free
	Sessions int // new sessions of respondents an hour: each is a row that lives for up to a day
}

// mostNetworks is how many networks one window counts apart. What is beyond shares one count: memory stays bounded.
const mostNetworks = 1 << 16

// limits are the counts of a kit. They lie in memory only, and a network's name goes with its window.
type limits struct{ requests, sessions *window }

func newLimits(o Limits) limits {
	return limits{requests: newWindow(o.Requests, time.Minute), sessions: newWindow(o.Sessions, time.Hour)}
}

// window counts by network until its time is over, then begins anew.
type window struct {
	most   int
	length time.Duration

	mu   sync.Mutex
	ends time.Time
	seen map[string]int
}

// newWindow returns nil, which lets everything pass, for no limit.
func newWindow(most int, length time.Duration) *window {
	if most <= 0 {
		return nil
	}
	return &window{most: most, length: length}
}

// take counts one, and returns how long to wait if it is one too many.
func (w *window) take(network string, now time.Time) (wait time.Duration) {
	if w == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	// A clock that was set back must not make a window last for ever.
	if !now.Before(w.ends) || w.ends.Sub(now) > w.length {
		w.ends, w.seen = now.Add(w.length), map[string]int{}
	}
	if _, known := w.seen[network]; !known && len(w.seen) >= mostNetworks {
		network = ""
	}
	if w.seen[network] >= w.most {
		return w.ends.Sub(now)
	}
	w.seen[network]++
	return 0
}

// limitRequests answers 429 to one page or form too many of a network.
func (k *Kit) limitRequests(c *fiber.Ctx) error {
	path := c.Path()
	if k.limits.requests == nil || path == HealthPath || path == themePath || path == logoPath || strings.HasPrefix(path, assetPath) {
		return c.Next()
	}
	if err := k.limits.requests.pass(c, "error.limit.requests"); err != nil {
		return err
	}
	return c.Next()
}

// Admit counts the session that the request is going to begin at once, for a handler that stores something before its session is stored: whoever is over
// the limit then has stored nothing. It returns fault.Throttled.
func Admit(c *fiber.Ctx) error {
	s := state(c)
	d, err := Session(c)
	if err != nil || s.admitted {
		return err
	}
	if err := s.limitSessions(c, d); err != nil {
		return err
	}
	s.admitted = true
	return nil
}

// limitSessions refuses to store one new session too many of a network. Signing in has limits of its own.
func (s *requestState) limitSessions(c *fiber.Ctx, d *SessionData) error {
	if s.admitted || s.kit == nil || d.inner.ID != "" || d.erased || d.Get(StaffValue) != "" {
		return nil
	}
	return s.kit.limits.sessions.pass(c, "error.limit.sessions")
}

// pass returns fault.Throttled, and says in Retry-After when to come again, if the client's network has had its share.
func (w *window) pass(c *fiber.Ctx, key string) error {
	if address, ok := client(c); w == nil || ok && address.IsLoopback() {
		return nil
	}
	wait := w.take(Network(c), state(c).kit.Now())
	if wait == 0 {
		return nil
	}
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	return fault.New(fault.Throttled, key)
}
