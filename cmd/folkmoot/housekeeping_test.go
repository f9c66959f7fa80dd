package main

import (
	"database/sql"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"
)

func TestHousekeepingForgetsSignIns(t *testing.T) {
	s := storage{Data: filepath.Join(t.TempDir(), "data")}
	start := time.Date(2026, time.March, 28, 22, 0, 0, 0, time.UTC)
	now := start
	db, err := s.openWith(t.Context(), true, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	keys, err := s.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	svc := service(db, keys, false, "https://consult.example.gov.uk")
	svc.Now = func() time.Time { return now }
	if _, err := svc.FirstAdministratorToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := svc.SignIn(t.Context(), "nobody@council.example", "a wrong password", "203.0.113.9"); err == nil {
		t.Fatalf("a wrong password: %v", err)
	}
	raw, err := sql.Open("sqlite3", "file:"+filepath.Join(s.Data, "main.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	for _, test := range []struct {
		after                 time.Duration
		attempts, invitations bool
		why                   string
	}{
		{0, true, true, "both are new"},
		{23 * time.Hour, true, true, "failures of the last day still slow down guessing"},
		{25 * time.Hour, false, true, "rate-limit data is kept 24 hours (privacy.md 10.4)"},
		{8 * 24 * time.Hour, false, false, "an invitation works for seven days"},
	} {
		now = start.Add(test.after)
		tidy(t.Context(), svc, slog.New(slog.NewTextHandler(io.Discard, nil)))
		for table, wanted := range map[string]bool{"sign_in_attempt": test.attempts, "invitation": test.invitations} {
			var n int
			if err := raw.QueryRow(`select count(*) from ` + table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n > 0 != wanted {
				t.Errorf("%s: after %s %s has %d rows", test.why, test.after, table, n)
			}
		}
	}
}

// TestHousekeepingWatchesTheLogs: every round verifies what was added, and an hour after the last checkpoint makes the next.
func TestHousekeepingWatchesTheLogs(t *testing.T) {
	s := storage{Data: filepath.Join(t.TempDir(), "data")}
	now := time.Date(2026, time.March, 28, 22, 0, 0, 0, time.UTC)
	db, err := s.openWith(t.Context(), true, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	keys, err := s.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	svc := service(db, keys, false, "https://consult.example.gov.uk")
	svc.Now = func() time.Time { return now }
	var out output
	log := slog.New(slog.NewTextHandler(&out, nil))
	if _, err := svc.TakeSnapshot(t.Context()); err != nil { // the snapshot of the month is worth a word
		t.Fatal(err)
	}
	for _, test := range []struct {
		after       time.Duration
		checkpoints int
		why         string
	}{
		{0, 1, "the first round"},
		{30 * time.Minute, 1, "the log has grown, within the hour"},
		{61 * time.Minute, 2, "an hour later"},
	} {
		now = now.Add(test.after)
		if _, err := svc.FirstAdministratorToken(t.Context()); err != nil {
			t.Fatal(err)
		}
		tidy(t.Context(), svc, log)
		all, err := db.Logs().Checkpoints(t.Context(), "audit")
		if err != nil || len(all) != test.checkpoints {
			t.Errorf("%s: %d checkpoints, %v", test.why, len(all), err)
		}
	}
	if out.String() != "" {
		t.Errorf("a sound log is not worth a word: %s", out.String())
	}
}
