package ui_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/ui"
	"folkmoot/internal/ui/uitest"
)

// brokenLine is a real store whose connection can be cut.
type brokenLine struct {
	consult.Store
	cut atomic.Bool
}

func (b *brokenLine) View(ctx context.Context, fn func(consult.Reader) error) error {
	if b.cut.Load() {
		return fault.Wrap(errors.New("connection refused"), fault.Unavailable, "error.unavailable")
	}
	return b.Store.View(ctx, fn)
}

func TestOutageKeepsTheCouncil(t *testing.T) {
	w := uitest.New(t)
	line := &brokenLine{Store: w.Store}
	w.Service.Store = line
	kit, err := ui.Kit(ui.Options{Service: w.Service, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	get := func() (int, string) {
		res, err := kit.App().Test(httptest.NewRequest("GET", "/", nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	if status, _ := get(); status != 200 {
		t.Fatalf("the hub answers %d", status)
	}
	line.cut.Store(true)
	for _, later := range []time.Duration{0, 6 * time.Second, time.Hour} {
		w.Clock.Move(w.Clock.Now().Add(later))
		status, body := get()
		if status != 503 {
			t.Fatalf("%s into an outage the hub answers %d", later, status)
		}
		for _, want := range []string{"Wealdmere Borough Council", "haveyoursay@wealdmere.example"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s into an outage the page does not name %s, whom people can ask", later, want)
			}
		}
	}
}
