package consult

import (
	"context"
	"sync"

	"folkmoot/internal/fault"
)

// estimates are those that are being made, one of each person: every tick in the choice of a release asks for one, and nobody reads the older. The server is not
// told when a browser goes away; what nobody waits for ends with the request's deadline, or with the person's next one.
type estimates struct {
	mu      sync.Mutex
	running map[string]*estimating // by staff id
}

type estimating struct {
	stop context.CancelCauseFunc
	done chan struct{}
}

// errNewer ends an estimate in favour of a newer one of the same person.
var errNewer = fault.New(fault.Conflict, "release.estimate.newer")

// begin stops the person's older estimate, waits until it has ended, so that only one is made at a time, and returns the context of the new one. The caller ends it.
func (e *estimates) begin(ctx context.Context, staffID string) (context.Context, func()) {
	ctx, stop := context.WithCancelCause(ctx)
	now := &estimating{stop: stop, done: make(chan struct{})}
	e.mu.Lock()
	older := e.running[staffID]
	if e.running == nil {
		e.running = map[string]*estimating{}
	}
	e.running[staffID] = now
	e.mu.Unlock()
	if older != nil {
		older.stop(errNewer)
		select {
		case <-older.done:
		case <-ctx.Done():
		}
	}
	return ctx, func() {
		stop(nil)
		e.mu.Lock()
		if e.running[staffID] == now {
			delete(e.running, staffID)
		}
		e.mu.Unlock()
		if older != nil { // whoever waits for this one waits for the one before it, too
			<-older.done
		}
		close(now.done)
	}
}
