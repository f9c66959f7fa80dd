package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
)

// installation is one whose audit log has 250 entries or so, with checkpoints, and nothing that runs.
type installation struct {
	storage
	dir  string
	flag []string
	now  time.Time
}

func newInstallation(t *testing.T, url string) *installation {
	t.Helper()
	dir := t.TempDir()
	i := &installation{dir: dir, storage: storage{Data: filepath.Join(dir, "data"), MasterKey: filepath.Join(dir, "master.key"), DatabaseURL: url},
		now: time.Date(2026, time.March, 28, 22, 0, 0, 0, time.UTC)}
	i.flag = []string{"--data", i.Data, "--master-key", i.MasterKey, "--database-url", url}
	i.work(t, 150)
	i.work(t, 100)
	return i
}

// work appends entries to the log, an hour after the last time, and lets the service keep house.
func (i *installation) work(t *testing.T, n int) {
	t.Helper()
	i.now = i.now.Add(time.Hour)
	clock := func() time.Time { return i.now }
	db, err := i.openWith(t.Context(), true, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	keys, err := i.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	svc := service(db, keys, false, "https://consult.example.gov.uk")
	svc.Now, svc.Anchor = clock, store.AnchorFile(i.anchorFile())
	if _, err := svc.ClaimOrigin(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(w consult.Writer) error {
		for range n {
			if err := w.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.act", Object: "test:1"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := svc.WatchLogs(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := svc.MakeCheckpoints(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if err := svc.KeepAnchors(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// audit runs `folkmoot audit` with the flags of the installation.
func (i *installation) audit(t *testing.T, command string, args ...string) (code int, printed string) {
	t.Helper()
	var out output
	code = run(t.Context(), append(append([]string{"audit", command}, i.flag...), args...), &out, &out)
	return code, out.String()
}

func (i *installation) write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(i.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// behind changes the main database without its triggers.
func (i *installation) behind(t *testing.T, statements ...string) {
	t.Helper()
	driver, source, arm := "sqlite3", filepath.Join(i.Data, "main.db"), ""
	if i.DatabaseURL != "" {
		driver, source, arm = "pgx", i.DatabaseURL+"&search_path=folkmoot", `set session_replication_role = replica`
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if arm != "" {
		statements = append([]string{arm}, statements...)
	} else {
		for _, name := range []string{"audit_event_no_update", "audit_event_no_delete", "log_checkpoint_no_update", "log_checkpoint_no_delete"} {
			statements = append([]string{"drop trigger if exists " + name}, statements...)
		}
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestAuditVerify(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			i := newInstallation(t, engine.fresh(t))
			_, kept := i.audit(t, "checkpoint")
			checkpoint := i.write(t, "kept.txt", kept)
			_, public := i.audit(t, "checkpoint", "--public")
			publicFile := i.write(t, "public.txt", public)
			i.work(t, 10)
			code, printed := i.audit(t, "verify", "--checkpoint", checkpoint, "--checkpoint", publicFile)
			if code != 0 || !strings.Contains(printed, "audit log: 261 entries, each follows the one before it") ||
				!strings.Contains(printed, "its 251 entries are as they were") || !strings.Contains(printed, "its 200 entries are as they were") ||
				!strings.Contains(printed, "audit log: 5 checkpoints in the database agree") || !strings.Contains(printed, "consent log: 0 entries") {
				t.Fatalf("a sound log: %d\n%s", code, printed)
			}
			for _, test := range []struct {
				why, do string
				want    []string
			}{
				{"an entry is edited", `update audit_event set object = 'test:2' where sequence = 170`,
					[]string{"FIRST BAD ENTRY 170: audit log: entry 170 was altered", "Checkpoints vouch for entries 1 to 151", "kept.txt: its 251 entries are NOT", "public.txt: its 200 entries are NOT"}},
				{"an entry is deleted", `delete from audit_event where sequence = 100`, []string{"FIRST BAD ENTRY 100: audit log: entry 100 is missing"}},
				{"the end is cut off", `delete from audit_event where sequence > 220`,
					[]string{"FIRST BAD ENTRY 221: audit log: entries 221 to 261 were cut off", "Checkpoints vouch for entries 1 to 200", "kept.txt: it counts 251 entries, and the log does NOT have them", "public.txt: its 200 entries are as they were"}},
				{"a checkpoint is forged", `update log_checkpoint set note = replace(note, 'folkmoot-audit', 'folkmoot-other') where size = 151`,
					[]string{"audit log: 261 entries, each follows", "the checkpoint of 151 entries in the database is NOT signed"}},
			} {
				copied := *i
				if i.DatabaseURL == "" { // each on a copy of the data; on PostgreSQL in turn, so that only the first is looked at
					copied.dir = t.TempDir()
					copied.Data = filepath.Join(copied.dir, "data")
					if err := os.CopyFS(copied.Data, os.DirFS(i.Data)); err != nil {
						t.Fatal(err)
					}
					copied.flag = []string{"--data", copied.Data, "--master-key", i.MasterKey}
				}
				copied.behind(t, test.do)
				code, printed := copied.audit(t, "verify", "--checkpoint", checkpoint, "--checkpoint", publicFile)
				if code != 1 {
					t.Errorf("%s: exit status %d\n%s", test.why, code, printed)
				}
				for _, want := range test.want {
					if !strings.Contains(printed, want) {
						t.Errorf("%s: %q is not in\n%s", test.why, want, printed)
					}
				}
				if i.DatabaseURL != "" {
					break
				}
			}
		})
	}
}

// TestCheckNamesWhatOnlyCheckpointsShow: the whole check looks at the logs as well.
func TestCheckNamesWhatOnlyCheckpointsShow(t *testing.T) {
	i := newInstallation(t, "")
	check := func() (int, string) {
		var out output
		return run(t.Context(), append([]string{"check"}, i.flag...), &out, &out), out.String()
	}
	if code, printed := check(); code != 0 {
		t.Fatalf("%d\n%s", code, printed)
	}
	i.behind(t, `delete from audit_event where sequence > 220`)
	if code, printed := check(); code != 1 || !strings.Contains(printed, "audit log: entries 221 to 251 were cut off") {
		t.Errorf("%d\n%s", code, printed)
	}
}

// TestAuditOffline: somebody with the files alone, without the database and the master key, checks the log and finds what was done to it.
func TestAuditOffline(t *testing.T) {
	i := newInstallation(t, "")
	_, log := i.audit(t, "export")
	_, note := i.audit(t, "checkpoint")
	_, keyText := i.audit(t, "key")
	key, checkpoint := i.write(t, "key.txt", keyText), i.write(t, "checkpoint.txt", note)
	other, err := seal.NewKeyring([]byte(strings.Repeat("9", seal.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	stranger := i.write(t, "stranger.txt", other.NoteKey(seal.AuditSigner)+"\n")
	lines := strings.SplitAfter(log, "\n")
	for _, test := range []struct {
		why, log, checkpoint, key string
		code                      int
		want                      string
	}{
		{"the log as it was exported", log, checkpoint, key, 0, "its 251 entries are as they were when it was signed"},
		{"without a checkpoint", log, "", key, 0, "no checkpoint was given"},
		{"an entry edited", strings.Replace(log, `"sequence":99,"at":"2026-03-28T23:00:00Z","actor_kind":"system"`, `"sequence":99,"at":"2026-03-28T23:00:00Z","actor_kind":"staff"`, 1), checkpoint, key, 1, "FIRST BAD ENTRY 99: audit log: entry 99 was altered"},
		{"an entry left out", strings.Join(append(append([]string(nil), lines[:98]...), lines[99:]...), ""), checkpoint, key, 1, "FIRST BAD ENTRY 99: audit log: entry 99 is missing"},
		{"the end cut off", strings.Join(lines[:240], ""), checkpoint, key, 1, "FIRST BAD ENTRY 241: audit log: entries 241 to 251 were cut off"},
		{"nothing", "", checkpoint, key, 1, "FIRST BAD ENTRY 1: audit log: entries 1 to 251 were cut off"},
		{"another council's key", log, checkpoint, stranger, 1, "NOT signed by this key"},
		{"no log", "hello\n", checkpoint, key, 2, "line 1 is no entry"},
		{"a key for a checkpoint", log, key, key, 1, "NOT signed by this key"},
	} {
		args := []string{"audit", "verify", "--file", i.write(t, "log.jsonl", test.log), "--key", test.key}
		if test.checkpoint != "" {
			args = append(args, "--checkpoint", test.checkpoint)
		}
		var out output
		if code := run(t.Context(), args, &out, &out); code != test.code || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: exit status %d, want %d and %q:\n%s", test.why, code, test.code, test.want, out.String())
		}
	}
	for why, args := range map[string][]string{
		"no key":                         {"--file", checkpoint},
		"a file that is not there":       {"--file", filepath.Join(i.dir, "nothing"), "--key", key},
		"no database":                    {"--data", filepath.Join(i.dir, "nowhere"), "--key", key},
		"neither a database nor a key":   {"--data", filepath.Join(i.dir, "nowhere")},
		"a proof that is none":           {"--proof", key, "--key", key},
		"a release note as a checkpoint": {"--file", i.write(t, "log.jsonl", log), "--checkpoint", filepath.Join(i.dir, "nothing"), "--key", key},
	} {
		var out output
		if code := run(t.Context(), append([]string{"audit", "verify"}, args...), &out, &out); code != 2 {
			t.Errorf("%s: exit status %d, want 2:\n%s", why, code, out.String())
		}
	}
	if _, err := os.Stat(filepath.Join(i.dir, "nowhere")); err == nil {
		t.Error("looking for a log made a data directory")
	}
	file := filepath.Join(i.dir, "export.jsonl")
	if code, printed := i.audit(t, "export", "--output", file); code != 0 {
		t.Fatalf("%d %s", code, printed)
	}
	if raw, err := os.ReadFile(file); err != nil || string(raw) != log {
		t.Errorf("a file is not what is printed: %v", err)
	}
	if code, _ := i.audit(t, "export", "--output", file); code != 2 {
		t.Error("a file was overwritten")
	}
}

// TestAuditWhileTheServiceRuns: nobody has to stop the service to check on it, and checking changes nothing.
func TestAuditWhileTheServiceRuns(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			dir := t.TempDir()
			args := []string{"--data", filepath.Join(dir, "data"), "--master-key", filepath.Join(dir, "m.key"), "--database-url", engine.fresh(t)}
			p := startProgram(t, filepath.Join(dir, "data"), append(args[2:], "--migrate")...)
			for _, command := range []string{"verify", "export", "key"} {
				var out output
				if code := run(t.Context(), append([]string{"audit", command}, args...), &out, &out); code != 0 {
					t.Errorf("%s: %d\n%s", command, code, out.String())
				}
			}
			if code := p.stop(); code != 0 {
				t.Errorf("the program ended with %d:\n%s", code, p.out)
			}
			var out output
			if code := run(t.Context(), append([]string{"audit", "checkpoint"}, args...), &out, &out); code != 0 || !strings.HasPrefix(out.String(), "folkmoot-audit\n") {
				t.Errorf("the service vouches for the log before it ends: %d\n%s", code, out.String())
			}
			if again := startProgram(t, filepath.Join(dir, "data"), args[2:]...); again.stop() != 0 {
				t.Errorf("after a verification: %s", again.out)
			}
		})
	}
}

// TestAuditAfterACrash: a database whose service was killed is read as it stands, its write-ahead log included.
func TestAuditAfterACrash(t *testing.T) {
	i := newInstallation(t, "")
	db, err := i.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(w consult.Writer) error {
		return w.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.last", Object: "test:1"})
	})
	if err != nil {
		t.Fatal(err)
	}
	crashed := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(crashed, os.DirFS(i.Data)); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(crashed, "main.db-shm"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var out output
	if code := run(t.Context(), []string{"audit", "verify", "--data", crashed, "--master-key", i.MasterKey}, &out, &out); code != 0 || !strings.Contains(out.String(), "252 entries") {
		t.Errorf("%d\n%s", code, out.String())
	}
}

// TestAuditProofs: an entry without the rest of the log, and two checkpoints without any entry.
func TestAuditProofs(t *testing.T) {
	i := newInstallation(t, "")
	_, older := i.audit(t, "checkpoint", "--public")
	i.work(t, 200)
	_, newer := i.audit(t, "checkpoint", "--public")
	_, keyText := i.audit(t, "key")
	db, err := i.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.OpenMaster(i.MasterKey)
	if err != nil {
		t.Fatal(err)
	}
	growth, err := service(db, keys, false, "").PublicGrowth(t.Context(), 200)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	key, proof := i.write(t, "key.txt", keyText), i.write(t, "growth.txt", growth)
	a, b := i.write(t, "a.txt", older), i.write(t, "b.txt", newer)
	forged := i.write(t, "forged.txt", strings.Replace(growth, "\n4", "\n3", 1))
	for _, test := range []struct {
		why  string
		args []string
		code int
		want string
	}{
		{"both checkpoints", []string{"--proof", proof, "--checkpoint", a, "--checkpoint", b, "--key", key}, 0, "the log of 400 entries only adds to that of 200"},
		{"one checkpoint", []string{"--proof", proof, "--checkpoint", a, "--key", key}, 2, "needs the checkpoints of 200 and 400"},
		{"another proof", []string{"--proof", forged, "--checkpoint", a, "--checkpoint", b, "--key", key}, 2, ""},
	} {
		var out output
		if code := run(t.Context(), append([]string{"audit", "verify"}, test.args...), &out, &out); code != test.code || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: exit status %d, want %d and %q:\n%s", test.why, code, test.code, test.want, out.String())
		}
	}
}
