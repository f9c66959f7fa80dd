package public_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/ui/uitest"
)

// grow appends entries to the audit log and keeps house.
func grow(t *testing.T, w *uitest.World, n int) {
	t.Helper()
	err := w.Service.Store.Update(context.Background(), func(tx consult.Writer) error {
		for range n {
			if err := tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "staff", ID: "somebody"}, Action: "test.act", Object: "test:secret"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.WatchLogs(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := w.Service.MakeCheckpoints(t.Context(), true); err != nil {
		t.Fatal(err)
	}
}

// TestAnybodyCanCheckTheAuditLog: a visitor keeps a checkpoint and the key, comes back later, and proves with nothing but files from the website
// that the log only grew. Nothing of what the log says, and no exact count of entries, is on the way.
func TestAnybodyCanCheckTheAuditLog(t *testing.T) {
	w := full(t)
	b := w.Browser(t)
	if a := b.Get("/audit"); a.Status != http.StatusOK || !strings.Contains(a.Text(), "no checkpoint for everybody yet") {
		t.Errorf("before the first checkpoint: %d %s", a.Status, a.Text())
	}
	for path, want := range map[string]int{"/audit/checkpoint.txt": 404, "/audit/key.txt": 200, "/audit/proof.txt?from=100": 404, "/audit/proof.txt": 404} {
		if a := b.Get(path); a.Status != want {
			t.Errorf("%s before the first checkpoint: %d", path, a.Status)
		}
	}
	grow(t, w, 130)
	key := b.Get("/audit/key.txt").Body
	old := b.Get("/audit/checkpoint.txt")
	if !strings.HasPrefix(old.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("a checkpoint is %s", old.Header.Get("Content-Type"))
	}
	older, err := seal.OpenHead([]byte(old.Body), key)
	if err != nil || older.Log != "audit" || older.Size != 100 {
		t.Fatalf("%+v, %v\n%s", older, err, old.Body)
	}
	grow(t, w, 500)
	newer, err := seal.OpenHead([]byte(b.Get("/audit/checkpoint.txt").Body), key)
	if err != nil || newer.Size <= older.Size || newer.Size%100 != 0 {
		t.Fatalf("%+v, %v", newer, err)
	}
	proof := b.Get("/audit/proof.txt?from=100").Body
	_, growth, err := privacy.ParseProof(proof)
	if err != nil || growth.Check(older, newer) != nil {
		t.Errorf("%v\n%s", err, proof)
	}
	for _, path := range []string{"/audit/proof.txt?from=99", "/audit/proof.txt?from=", "/audit/proof.txt?from=-100", "/audit/proof.txt?from=9999999999999999999999", "/audit/proof.txt?from=%27", "/cy/audit/proof.txt?from=101"} {
		if a := b.Get(path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/audit", "/cy/audit"} {
		a := b.Get(path)
		a.Sound(t)
		for _, text := range []string{"somebody", "test.act", "secret", "630", "636"} {
			if strings.Contains(a.Body, text) {
				t.Errorf("%s shows %q", path, text)
			}
		}
		if !strings.Contains(a.Body, "folkmoot-audit") {
			t.Errorf("%s does not show the checkpoint", path)
		}
	}
	if len(b.Get("/audit").Header.Values("Set-Cookie")) > 0 {
		t.Error("reading sets a cookie")
	}
}
