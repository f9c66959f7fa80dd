package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// TestRetentionCommand: a preview changes nothing; with --apply what is due is gone, and the installation checks out.
func TestRetentionCommand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := storage{Data: data}
	now := time.Now().UTC().AddDate(-7, 0, 0)
	db, err := s.openWith(t.Context(), true, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	svc := service(db, keys, false, "https://consult.example.gov.uk")
	svc.Now = func() time.Time { return now }
	if _, err := svc.ClaimOrigin(t.Context()); err != nil {
		t.Fatal(err)
	}
	const id = "ended"
	sealed, err := svc.SealRecord(t.Context(), id, []byte(`{"outcome":{"on":"`+string(privacy.DateOf(now))+`","decision":"granted"}}`), consult.EntryPlace(id))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(w consult.Writer) error {
		e := privacy.Entry{ID: id, Register: privacy.RegisterRequests, OpenedAt: now, Ended: true, Sealed: sealed}
		if err := w.AddEntry(&e); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(privacy.Actor{Kind: "system"}, "test.entry", "request:"+id))
	})
	if err != nil {
		t.Fatal(err)
	}
	now = time.Now().UTC().AddDate(0, 0, -8)
	if err := svc.RefreshPreview(t.Context()); err != nil { // it was announced more than a week ago
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		why  string
		args []string
		says []string
	}{
		{"a preview", []string{"retention"}, []string{"rights_cases", "1 due now. Nothing was changed"}},
		{"again: it is still there", []string{"retention"}, []string{"1 due now"}},
		{"carried out", []string{"retention", "--apply"}, []string{"1 ended cases, with 1 certificates"}},
		{"nothing is left", []string{"retention"}, []string{"0 due now"}},
		{"carried out twice", []string{"retention", "--apply"}, []string{"0 ended cases, with 0 certificates"}},
	} {
		var out output
		if code := run(t.Context(), append(step.args, "--data", data), &out, &out); code != 0 {
			t.Fatalf("%s: exit %d: %s", step.why, code, out.String())
		}
		for _, text := range step.says {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is not in:\n%s", step.why, text, out.String())
			}
		}
	}
}
