package demo

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

// callers submit at the same time, so that responses share commits.
const callers = 32

// answers are one person's: to the questions, and to the equality questions of those who consent.
type answers struct {
	main, equality survey.Answers
}

// respond lets the people of a plan answer it while it was open.
func (w *world) respond(ctx context.Context, p plan, id string) error {
	c, _, _, err := w.svc.ConsultationForStaff(ctx, w.staff[consult.Researcher], id)
	if err != nil {
		return err
	}
	last := c.ClosesAt.Add(-time.Hour)
	if last.After(w.now) {
		last = w.now
	}
	n := int(float64(p.responses)*w.options.Scale + 0.5)
	if n == 0 || !last.After(c.OpensAt) {
		return nil
	}
	one := sitting{svc: w.at(c.OpensAt), present: w.svc, c: c, from: c.OpensAt, until: last}
	return parallel(ctx, n, func(ctx context.Context, i int) error {
		who := newPerson(w.rng(p.slug, i))
		return one.take(ctx, who, p.answers(who))
	})
}

// rng is the generator of the i-th person of a consultation: independent of who answers when.
func (w *world) rng(slug string, i int) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(slug))
	return rand.New(rand.NewPCG(w.options.Seed, h.Sum64()+uint64(i)))
}

// parallel calls fn for 0 to n-1 from several callers and returns the first error.
func parallel(ctx context.Context, n int, fn func(context.Context, int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(callers, n) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := fn(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return ctx.Err()
}

// sitting is a consultation that people answer.
type sitting struct {
	svc         *consult.Service
	present     *consult.Service // the ledger dates consent truly: it stands from now on
	c           *consult.Consultation
	from, until time.Time
}

// take sends one response, answers the consent page and the equality questions, as one person does.
func (s *sitting) take(ctx context.Context, who *person, a answers) error {
	now := ctx
	ctx = within(ctx, who.moment(s.from, s.until))
	d, err := s.svc.Begin(ctx, s.c.Slug, who.language)
	if err != nil {
		return err
	}
	d.Answers = a.main
	done, err := s.svc.SubmitResponse(ctx, d)
	if err != nil || who.consent == skipped || len(a.equality) == 0 {
		return err
	}
	statement, err := s.svc.ConsentStatement(ctx, s.c, who.language)
	if err != nil {
		return err
	}
	if _, err := s.svc.DecideConsent(ctx, done.Code, who.consent == given, statement.Hash, who.language); err != nil {
		return err
	}
	if who.consent != given {
		return nil
	}
	return s.present.SaveEquality(now, done.Code, s.c.ID, a.equality)
}
