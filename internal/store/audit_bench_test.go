package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
)

// BenchmarkAuditVerify verifies a whole audit log from a SQLite file, its chain and its tree, as `folkmoot audit verify` does: a million events, a
// tenth of that with -short. The aim is under 10 s on two cores for a million.
func BenchmarkAuditVerify(b *testing.B) {
	events := 1_000_000
	if testing.Short() {
		events = 100_000
	}
	b.Run(fmt.Sprintf("events=%d", events), func(b *testing.B) {
		dir := b.TempDir()
		db := openDirectory(b, dir)
		writeAudit(b, db, events)
		keys, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
		if err != nil {
			b.Fatal(err)
		}
		peak := uint64(0)
		for b.Loop() {
			found, err := consult.VerifyLog(b.Context(), db.Logs(), privacy.AuditLog, keys.NoteKey(seal.AuditSigner), nil, nil)
			if err != nil || !found.Sound() || found.Entries != int64(events) {
				b.Fatalf("%+v, %v", found, err)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapSys-m.HeapReleased)
		}
		b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
		b.ReportMetric(float64(b.N*events)/b.Elapsed().Seconds(), "events/s")
		b.ReportMetric(float64(peak)/(1<<20), "heap-MB")
		b.ReportMetric(fileMB(b, dir), "file-MB")
	})
}

// writeAudit appends events of the mix that a busy month has.
func writeAudit(b *testing.B, db *store.DB, events int) {
	b.Helper()
	who := []privacy.Actor{{Kind: "respondent"}, {Kind: "respondent"}, {Kind: "respondent"}, {Kind: "staff", ID: "3f9c2d1e5b7a4c6d8e9f0a1b2c3d4e5f"}}
	what := []string{"response.submit", "consent.given", "equality.save", "texts.read"}
	for at := 0; at < events; at += 5000 {
		err := db.Update(b.Context(), func(w consult.Writer) error {
			for i := at; i < min(at+5000, events); i++ {
				e := privacy.AuditEvent{Actor: who[i%4], Action: what[i%4], Object: "consultation:0123456789abcdef0123456789abcdef"}
				if i%4 == 3 {
					e.Detail = map[string]string{"question": "one_thing"}
				}
				if err := w.AppendAudit(e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func fileMB(b *testing.B, dir string) float64 {
	b.Helper()
	info, err := os.Stat(filepath.Join(dir, "main.db"))
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size()) / (1 << 20)
}
