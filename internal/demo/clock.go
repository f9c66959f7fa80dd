package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the time of a demonstration: of its service and of its store. While the world is made it is set back, so that last month's
// response was sent while last month's consultation was open, for every rule and in every ledger. Then it runs truly.
// The zero value runs truly.
type Clock struct {
	True func() time.Time // nil = time.Now

	moment atomic.Pointer[time.Time]
}

// Now is the moment that the clock was set to, or the true one.
func (c *Clock) Now() time.Time {
	if t := c.moment.Load(); t != nil {
		return *t
	}
	if c.True != nil {
		return c.True()
	}
	return time.Now()
}

func (c *Clock) set(t time.Time) { c.moment.Store(&t) }

// release lets the clock run truly.
func (c *Clock) release() { c.moment.Store(nil) }
