package demo_test

import (
	"bytes"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/demo"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/surveys"
)

// moment is when the world is looked at: not near a change of the clocks.
var moment = time.Date(2026, 6, 17, 11, 0, 0, 0, time.UTC)

func service(t testing.TB) *consult.Service {
	t.Helper()
	clock := func() time.Time { return moment }
	db, err := store.OpenSQLite(t.Context(), t.TempDir(), store.Options{Clock: clock, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	keys, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := &consult.Service{Store: db, Sessions: db, Keys: keys, Now: clock, Bank: surveys.Bank(), Demo: true, Address: "https://say.example"}
	for _, name := range surveys.Standard() {
		source, _ := surveys.StandardSource(name)
		s.Library = append(s.Library, consult.LibrarySurvey{Name: name, Source: source})
	}
	return s
}

func TestSeedMakesAWholeWorld(t *testing.T) {
	svc := service(t)
	started := time.Now()
	if _, err := demo.Seed(t.Context(), svc, demo.Options{Seed: demo.DefaultSeed}); err != nil {
		t.Fatal(err)
	}
	t.Logf("seeded in %v", time.Since(started))
	if whole, begun, err := demo.Seeded(t.Context(), svc); !whole || !begun || err != nil {
		t.Error(whole, begun, err)
	}
	for _, a := range demo.People() {
		m, err := svc.SignIn(t.Context(), a.Email, demo.Password, "network")
		if err != nil || m.Role != a.Role || !m.Demo {
			t.Errorf("%s signs in: %v, %v", a.Email, m, err)
		}
	}
}
