package main

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/demo"
	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// demoService is a demonstration service on an empty store, with the clock of both.
func demoService(t *testing.T, s storage, clock *demo.Clock) *consult.Service {
	t.Helper()
	db, err := s.openWith(t.Context(), true, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	keys, err := s.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	svc := service(db, keys, true, "http://127.0.0.1:8080")
	svc.Now = clock.Now
	if _, err := svc.ClaimOrigin(t.Context()); err != nil {
		t.Fatal(err)
	}
	return svc
}

func TestDemonstrationIsMadeOnceAndSaysHowToSignIn(t *testing.T) {
	clock := &demo.Clock{}
	svc := demoService(t, storage{Data: t.TempDir() + "/data"}, clock)
	if _, err := demo.Seed(t.Context(), svc, demo.Options{Scale: 0.02, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	var progress strings.Builder
	welcome, err := demonstrate(t.Context(), svc, clock, &progress)
	if err != nil || progress.Len() > 0 {
		t.Fatalf("a second start makes nothing: %v, %q", err, progress.String())
	}
	if !strings.HasPrefix(welcome, "Folkmoot is at http://127.0.0.1:8080\n") {
		t.Errorf("the address comes first:\n%s", welcome)
	}
	password := regexp.MustCompile(`Password: (\S+)\n`).FindStringSubmatch(welcome)
	if password == nil {
		t.Fatalf("no password:\n%s", welcome)
	}
	for _, a := range demo.People() {
		if !strings.Contains(welcome, a.Email) {
			t.Errorf("%s is missing:\n%s", a.Email, welcome)
		}
		if _, err := svc.SignIn(t.Context(), a.Email, password[1], "network"); err != nil {
			t.Errorf("%s: %v", a.Email, err)
		}
	}
	for _, path := range []string{"/c/" + demo.OpenSurvey, "/office", "/partner"} {
		if !strings.Contains(welcome, svc.Address+path+"\n") {
			t.Errorf("%s is missing:\n%s", path, welcome)
		}
	}
	real := service(nil, svc.Keys, false, svc.Address)
	real.Store, real.Sessions = svc.Store, svc.Sessions
	if _, err := (serveCommand{}).prepare(t.Context(), real, true, nil, io.Discard); !fault.Is(err, fault.Conflict) {
		t.Errorf("a service for real use does not start on it: %v", err)
	}
	if err := refuseDemoStaff(t.Context(), real); err == nil {
		t.Error("nor with its accounts")
	}
}

func TestInterruptedDemonstrationSaysWhatToDo(t *testing.T) {
	clock := &demo.Clock{}
	svc := demoService(t, storage{Data: t.TempDir() + "/data"}, clock)
	token, err := svc.FirstAdministratorToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := svc.AcceptInvitation(t.Context(), token, "Adri", "adri@wealdmere.example", seal.RandomToken()); err != nil {
		t.Fatal(err)
	}
	if _, err := demonstrate(t.Context(), svc, clock, io.Discard); err == nil || !strings.Contains(err.Error(), "remove the data directory") {
		t.Errorf("half a world is not shown: %v", err)
	}
}

func TestDotsEndWithTheLine(t *testing.T) {
	var out strings.Builder
	say := dots(&out)
	for done := range 38 {
		say(done, 37)
	}
	if got := out.String(); strings.Count(got, ".") != 10 || !strings.HasSuffix(got, ".\n") {
		t.Errorf("%q", got)
	}
}
