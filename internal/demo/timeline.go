package demo

import (
	"context"
	"slices"
	"sync"
	"time"

	"folkmoot/internal/locale"
)

// callers is how many respondents there are at the same time, so that responses share commits.
const callers = 32

// happening is one thing that happened.
type happening struct {
	at    time.Time
	alone bool // nothing else happens at the same time
	do    func(context.Context) error
}

// happen puts something that one officer does on the timeline, some days from now (negative: ago) at the time of day on the council's
// clocks.
func (w *world) happen(days int, clock string, do func(context.Context) error) {
	w.timeline = append(w.timeline, happening{at: w.clockTime(days, clock), alone: true, do: do})
}

// clockTime returns the moment some days from now at a time of day, "15:04", on the clocks of the council: on the Friday before where that
// is at a weekend.
func (w *world) clockTime(days int, clock string) time.Time {
	d := workday(w.now.In(locale.London()).AddDate(0, 0, days))
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic("demo: " + err.Error()) // the times are constants
	}
	return time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), 0, 0, locale.London()).UTC()
}

// workday returns the same time on the Friday before a weekend.
func workday(t time.Time) time.Time {
	switch t.Weekday() {
	case time.Saturday:
		return t.AddDate(0, 0, -1)
	case time.Sunday:
		return t.AddDate(0, 0, -2)
	}
	return t
}

// together is how far apart respondents who are busy at the same time began: the ledgers' times are true to that.
const together = 2 * time.Hour

// run lets everything happen in order. Respondents are many at a time, but never from two days, nor while an officer does something: so
// the day that a response counts for, and whether the consultation is open, do not depend on who is faster.
func (w *world) run(ctx context.Context) error {
	slices.SortStableFunc(w.timeline, func(a, b happening) int { return a.at.Compare(b.at) })
	c := crowd{places: make(chan struct{}, callers)}
	first := time.Time{} // of those who are busy
	for i, h := range w.timeline {
		if h.alone || locale.DaysBetween(first, h.at) != 0 || h.at.Sub(first) > together {
			first = h.at
			if err := c.wait(); err != nil {
				return err
			}
			if w.options.Progress != nil {
				w.options.Progress(i, len(w.timeline))
			}
		}
		w.options.Clock.set(h.at)
		if !h.alone {
			c.send(ctx, h.do)
			continue
		}
		if err := h.do(ctx); err != nil {
			return err
		}
	}
	if w.options.Progress != nil {
		defer w.options.Progress(len(w.timeline), len(w.timeline))
	}
	return c.wait()
}

// crowd is many people doing something at the same time.
type crowd struct {
	places chan struct{}
	group  sync.WaitGroup
	once   sync.Once
	failed error // of the first who failed; read after wait
}

func (c *crowd) send(ctx context.Context, do func(context.Context) error) {
	c.places <- struct{}{}
	c.group.Go(func() {
		defer func() { <-c.places }()
		if err := do(ctx); err != nil {
			c.once.Do(func() { c.failed = err })
		}
	})
}

// wait returns when all are done, with the error of the first who failed.
func (c *crowd) wait() error {
	c.group.Wait()
	return c.failed
}
