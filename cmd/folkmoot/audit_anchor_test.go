package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAuditAnchors: a log that is presented as new or shortened, with nothing in the database that says otherwise, is found by the command, by the
// check and by the whole program; a backup that is put back is recorded once and then sound.
func TestAuditAnchors(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			i := newInstallation(t, engine.fresh(t))
			code, printed := i.audit(t, "verify")
			if code != 0 || !strings.Contains(printed, "audit log: the anchor in the key store, of 251 entries on 2026-03-29T00:00:00Z, agrees") ||
				!strings.Contains(printed, "audit log: the anchor in the anchor file, of 251 entries") || !strings.Contains(printed, "consent log: nothing is anchored in the key store") {
				t.Fatalf("a sound log: %d\n%s", code, printed)
			}
			if code, printed := i.audit(t, "restored", "--apply"); code != 0 || !strings.Contains(printed, "there is nothing to record") {
				t.Errorf("a sound log was not restored: %d\n%s", code, printed)
			}
			i.behind(t, `delete from audit_event where sequence > 220`, `delete from log_state`, `delete from log_checkpoint`, `delete from log_block`)
			for _, command := range [][]string{{"audit", "verify"}, {"check"}} {
				var out output
				if code := run(t.Context(), append(command, i.flag...), &out, &out); code != 1 || !strings.Contains(out.String(), "entries 221 to 251 were cut off") {
					t.Errorf("%v: %d\n%s", command, code, out.String())
				}
			}
			if _, printed := i.audit(t, "verify"); !strings.Contains(printed, "the anchor in the anchor file counts 251 entries on 2026-03-29T00:00:00Z, and the log is NOT that one") {
				t.Errorf("%s", printed)
			}
			if code, printed := i.audit(t, "restored"); code != 0 || !strings.Contains(printed, "audit log: it has 220 entries; on 2026-03-29T00:00:00Z it had 251 entries") || !strings.Contains(printed, "nothing was recorded") {
				t.Errorf("what it would do: %d\n%s", code, printed)
			}
			if code, _ := i.audit(t, "verify"); code != 1 {
				t.Error("saying what it would do did it")
			}
			if code, printed := i.audit(t, "restored", "--apply"); code != 0 || !strings.Contains(printed, "recorded, in the audit log and in the anchors") {
				t.Errorf("%d\n%s", code, printed)
			}
			if code, printed := i.audit(t, "verify"); code != 0 || !strings.Contains(printed, "audit log: 221 entries") {
				t.Errorf("recorded: %d\n%s", code, printed)
			}
			if err := os.WriteFile(i.anchorFile(), []byte("{}x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if code, printed := i.audit(t, "verify"); code != 1 || !strings.Contains(printed, "the anchor in the anchor file is NOT signed by this key") {
				t.Errorf("a spoiled file: %d\n%s", code, printed)
			}
			i.behind(t, `update audit_event set object = 'test:2' where sequence = 7`)
			if code, printed := i.audit(t, "restored", "--apply"); code != 1 || !strings.Contains(printed, "FIRST BAD ENTRY 7") || !strings.Contains(printed, "Nothing was recorded") {
				t.Errorf("a log that was tampered with: %d\n%s", code, printed)
			}
		})
	}
}

// The file must not lie where it would be put back with everything else.
func TestAnchorFileLiesOutside(t *testing.T) {
	dir := t.TempDir()
	for place, want := range map[string]string{"": filepath.Join(dir, "master.key.anchor"), filepath.Join(dir, "elsewhere"): filepath.Join(dir, "elsewhere")} {
		s := storage{Data: filepath.Join(dir, "data"), MasterKey: filepath.Join(dir, "master.key"), AnchorFile: place}
		if got := s.anchorFile(); got != want || s.checkKeyPlace() != nil {
			t.Errorf("%q: %s, %v", place, got, s.checkKeyPlace())
		}
	}
	s := storage{Data: dir, MasterKey: dir + ".key", AnchorFile: filepath.Join(dir, "anchor")}
	if err := s.checkKeyPlace(); err == nil || !strings.Contains(err.Error(), "lies in the data directory") {
		t.Errorf("in the data directory: %v", err)
	}
}
