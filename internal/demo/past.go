package demo

import (
	"context"
	"time"

	"folkmoot/internal/consult"
)

// at returns the service as it was at the moment: what a rule sees as the present is that moment. No rule is weakened; a response of last
// week is sent while last week's consultation is open. The ledgers keep the true time of what is written in them.
func (w *world) at(moment time.Time) *consult.Service {
	s := w.svc
	past := &consult.Service{
		Store: pastStore{s.Store, moment}, Sessions: s.Sessions, Keys: s.Keys, Now: func() time.Time { return moment },
		Bank: s.Bank, Library: s.Library, Demo: s.Demo, Address: s.Address,
	}
	return past
}

type momentKey struct{}

// within returns a context in which transactions of a service from at happen at another moment.
func within(ctx context.Context, moment time.Time) context.Context {
	return context.WithValue(ctx, momentKey{}, moment)
}

// pastStore is a store whose transactions see another present.
type pastStore struct {
	consult.Store
	moment time.Time
}

func (p pastStore) present(ctx context.Context) time.Time {
	if t, ok := ctx.Value(momentKey{}).(time.Time); ok {
		return t
	}
	return p.moment
}

// View is consult.Store.View at the moment.
func (p pastStore) View(ctx context.Context, fn func(consult.Reader) error) error {
	return p.Store.View(ctx, func(r consult.Reader) error { return fn(pastReader{r, p.present(ctx)}) })
}

// Update is consult.Store.Update at the moment.
func (p pastStore) Update(ctx context.Context, fn func(consult.Writer) error) error {
	return p.Store.Update(ctx, func(w consult.Writer) error { return fn(pastWriter{w, p.present(ctx)}) })
}

type pastReader struct {
	consult.Reader
	moment time.Time
}

func (r pastReader) Now() time.Time { return r.moment }

type pastWriter struct {
	consult.Writer
	moment time.Time
}

func (w pastWriter) Now() time.Time { return w.moment }
