package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

var registrar = &consult.Staff{ID: "officer", Name: "Dee Officer", Role: consult.DPO}

// archived is a data directory with its keys, and people who answered.
type archived struct {
	storage
	root    string // everything lies below it
	backups string
	c       *consult.Consultation
	people  map[string]consult.Submitted
	entry   string // an ended request of the register
}

// word is what a person wrote, and nobody else.
func word(name string) string { return "zzotter" + name + "zz" }

// install makes an installation in which the people have answered, each with free text and, under consent, equality answers.
func install(t *testing.T, names ...string) *archived {
	t.Helper()
	root := t.TempDir()
	i := &archived{root: root, backups: filepath.Join(root, "backups"), people: map[string]consult.Submitted{}}
	i.Data, i.MasterKey = filepath.Join(root, "data"), filepath.Join(root, "secret", "master.key")
	check(t, os.MkdirAll(i.backups, 0o700))
	i.fill(t, names...)
	return i
}

// fill sets the council up and lets the people answer.
func (i *archived) fill(t *testing.T, names ...string) {
	t.Helper()
	i.use(t, true, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		_, err := svc.ClaimOrigin(ctx)
		check(t, err)
		_, version, err := svc.CouncilVersion(ctx)
		check(t, err)
		_, err = svc.SaveCouncil(ctx, uitest.Administrator, version, uitest.Council())
		check(t, err)
		i.c = publishHere(t, svc)
		for _, name := range names {
			i.people[name] = answer(t, svc, i.c, name)
		}
		desk := &dpo.Desk{Service: svc}
		today := privacy.DateOf(time.Now())
		c, err := desk.Enter(ctx, registrar, privacy.Request{Kind: privacy.AskAccess, Received: today, Channel: privacy.ByEmail, Name: word("request"), Contact: "x@resident.example"})
		check(t, err)
		i.entry = c.Entry.ID
		check(t, desk.End(ctx, registrar, i.entry, c.Entry.Version, privacy.Outcome{On: today, Decision: privacy.Withdrawn}))
	})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// use opens the installation as the service does.
func (i *archived) use(t *testing.T, create bool, do func(context.Context, *consult.Service, *store.DB)) {
	t.Helper()
	db, err := i.open(t.Context(), create)
	check(t, err)
	defer func() { check(t, db.Close()) }()
	keys, err := i.keyring(t.Context(), db, create)
	check(t, err)
	svc := service(db, keys, false, "https://consult.example.gov.uk")
	svc.Erasures, err = backup.OpenList(i.listFile(), keys)
	check(t, err)
	svc.Anchor = store.AnchorFile(i.anchorFile())
	do(t.Context(), svc, db)
}

func publishHere(t *testing.T, svc *consult.Service) *consult.Consultation {
	t.Helper()
	ctx := t.Context()
	c, faults, err := svc.CreateConsultation(ctx, uitest.Researcher, "", []byte(uitest.Everything))
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	both := func(s string) locale.Text { return locale.Text{locale.English: s, locale.Welsh: s} }
	d := c.Details
	d.About, d.OtherWays, d.Summary = both("We want to change something."), both("Call us."), both("A consultation.")
	d.OpensAt, d.ClosesAt = time.Now().UTC().AddDate(0, 0, -1), time.Now().UTC().AddDate(0, 0, 10)
	check(t, svc.SaveDetails(ctx, uitest.Researcher, c.ID, "library", c.Version, d))
	uitest.Screen(t, svc, c.ID)
	c, _, _, err = svc.ConsultationForStaff(ctx, uitest.Researcher, c.ID)
	check(t, err)
	check(t, svc.Publish(ctx, uitest.Researcher, c.ID, c.Version))
	c, _, _, err = svc.ConsultationForStaff(ctx, uitest.Researcher, c.ID)
	check(t, err)
	return c
}

func answer(t *testing.T, svc *consult.Service, c *consult.Consultation, name string) consult.Submitted {
	t.Helper()
	ctx := t.Context()
	draft, err := svc.Begin(ctx, c.Slug, locale.English)
	check(t, err)
	draft.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}, "member": {Codes: []string{"no"}}, "why_not": {Text: word(name)}}
	draft.Ages = uitest.OldEnough(svc.Now())
	done, err := svc.SubmitResponse(ctx, draft)
	check(t, err)
	statement, err := svc.ConsentStatement(ctx, c, locale.English)
	check(t, err)
	_, err = svc.DecideConsent(ctx, done.Code, true, statement.Hash, locale.English)
	check(t, err)
	check(t, svc.SaveEquality(ctx, done.Code, c.ID, survey.Answers{"sex": {Codes: []string{"female"}}}))
	return done
}

// command runs a command on the installation.
func (i *archived) command(t *testing.T, code int, says string, args ...string) string {
	t.Helper()
	var out output
	args = append(args, "--data", i.Data, "--master-key", i.MasterKey)
	if i.DatabaseURL != "" {
		args = append(args, "--database-url", i.DatabaseURL)
	}
	if got := run(t.Context(), args, &out, &out); got != code || !strings.Contains(out.String(), says) {
		t.Fatalf("folkmoot %s: exit %d, want %d and %q:\n%s", strings.Join(args, " "), got, code, says, out.String())
	}
	return out.String()
}

// backUp makes a backup and returns its directory.
func (i *archived) backUp(t *testing.T) string {
	t.Helper()
	dir, _, _ := strings.Cut(i.command(t, 0, "nobody can read it after", "backup", "--to", i.backups), "\n")
	return dir
}

// held tells what of a person's answers is there: text, equality answers, coded answers.
func held(t *testing.T, svc *consult.Service, code string) string {
	t.Helper()
	h, err := svc.HeldByCode(t.Context(), code, "net")
	if fault.Is(err, fault.NotFound) {
		return "nothing"
	}
	check(t, err)
	return fmt.Sprintf("%v %v %v %s", h.Response.Answers["why_not"].Text != "", len(h.Equality) > 0, len(h.Response.Answers["satisfied"].Codes) > 0, h.Consent.State)
}

// in returns the files below a directory that hold one of the words.
func in(t *testing.T, dir string, words ...string) (found []string) {
	t.Helper()
	check(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, w := range words {
			if bytes.Contains(content, []byte(w)) {
				found = append(found, w+" in "+strings.TrimPrefix(path, dir))
			}
		}
		return err
	}))
	return found
}

// eraseSince does what people may do after a backup was made, one thing each.
func (i *archived) eraseSince(t *testing.T) {
	t.Helper()
	i.use(t, false, func(ctx context.Context, svc *consult.Service, db *store.DB) {
		_, err := svc.WithdrawConsent(ctx, i.people["withdraws"].Code)
		check(t, err)
		check(t, svc.WithdrawResponse(ctx, i.people["leaves"].Code))
		nothing := func(consult.Writer) error { return nil }
		check(t, svc.EraseFor(ctx, registrar, i.people["rings"].ResponseID, consult.Telephone, nothing))
		_, err = svc.WithdrawConsent(ctx, i.people["returns"].Code) // and agrees anew, which is lost with the days after the backup
		check(t, err)
		statement, err := svc.ConsentStatement(ctx, i.c, locale.English)
		check(t, err)
		_, err = svc.DecideConsent(ctx, i.people["returns"].Code, true, statement.Hash, locale.English)
		check(t, err)
		_, err = svc.WatchLogs(ctx, false)
		check(t, err)
		check(t, svc.KeepAnchors(ctx))
	})
}

// TestRestoreBringsNothingBack is privacy.md 6, step 7: what was erased after a backup was made is not in the store that is restored from it, before
// anybody is served; what was not is there, and both ledgers verify.
func TestRestoreBringsNothingBack(t *testing.T) {
	i := install(t, "stays", "withdraws", "leaves", "rings", "returns")
	dir := i.backUp(t)
	raw := filepath.Join(i.root, "raw") // somebody's own copy of the directory
	check(t, exec.Command("cp", "-r", i.Data, raw).Run())
	i.eraseSince(t)
	i.command(t, 0, "0 responses, 0 free texts", "restore-check")

	live := i.Data
	i.Data = filepath.Join(i.root, "restored")
	i.command(t, 0, "Nothing was written", "restore", "--from", dir)
	if _, err := os.Stat(i.Data); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("a dry run restored")
	}
	says := i.command(t, 0, "2 responses, 0 free texts, 0 postcodes, 0 profiles of equality answers, 0 entries of registers; 2 consents withdrawn", "restore", "--from", dir, "--apply")
	if !strings.Contains(says, "audit log: the copy has") || !strings.Contains(says, "consent log: the copy has") {
		t.Errorf("nothing is said of the entries that are lost:\n%s", says)
	}
	i.command(t, 1, "is there already", "restore", "--from", dir, "--apply")
	i.command(t, 0, "0 responses, 0 free texts, 0 postcodes, 0 profiles of equality answers, 0 entries of registers; 0 consents withdrawn", "restore-check")
	i.command(t, 0, "", "check")
	want := map[string]string{"stays": "true true true given", "withdraws": "true false true withdrawn", "leaves": "nothing", "rings": "nothing", "returns": "true false true withdrawn"}
	i.use(t, false, func(ctx context.Context, svc *consult.Service, db *store.DB) {
		for name, what := range want {
			if got := held(t, svc, i.people[name].Code); got != what {
				t.Errorf("restored: of who %s there is %s, want %s", name, got, what)
			}
		}
		if lost, err := svc.CheckRestored(ctx); lost || err != nil {
			t.Errorf("a restored store does not start: %v, %v", lost, err)
		}
		check(t, db.View(ctx, func(r consult.Reader) error {
			events, err := r.AuditEvents(consult.AuditFilter{Action: "store.restore"})
			if len(events) != 1 || events[0].Detail["responses"] != "2" || events[0].Detail["consents"] != "2" || events[0].Detail["made"] == "" {
				t.Errorf("the audit log says %+v", events)
			}
			lost, err3 := r.AuditEvents(consult.AuditFilter{Action: "audit.restored"})
			if len(lost) != 2 {
				t.Errorf("the audit log does not say what is lost: %+v", lost)
			}
			withdrawn, err2 := r.ConsentEvents(svc.Keys.PrincipalToken(i.people["rings"].ResponseID))
			if last := withdrawn[len(withdrawn)-1]; last.State != privacy.ConsentWithdrawn || last.Actor != registrar.ID || last.Channel != string(consult.Telephone) {
				t.Errorf("a withdrawal by telephone is replayed as %+v", last)
			}
			return errors.Join(err, err2, err3)
		}))
	})
	if found := in(t, i.Data, word("leaves"), word("rings"), i.people["leaves"].ResponseID, i.people["rings"].ResponseID); len(found) > 0 {
		t.Errorf("bytes of what was erased: %v", found)
	}

	// The same for a copy that did not come from our command: it is not served.
	i.Data = raw
	i.command(t, 1, "2 responses", "restore-check")
	i.command(t, 1, "folkmoot restore --replay", "serve", "--addr", "127.0.0.1:0")
	i.command(t, 0, "Nothing was changed", "restore", "--replay")
	i.command(t, 1, "folkmoot restore --replay", "serve", "--addr", "127.0.0.1:0")
	i.command(t, 0, "2 consents withdrawn", "restore", "--replay", "--apply")
	i.use(t, false, func(_ context.Context, svc *consult.Service, _ *store.DB) {
		for name, what := range want {
			if got := held(t, svc, i.people[name].Code); got != what {
				t.Errorf("replayed: of who %s there is %s, want %s", name, got, what)
			}
		}
	})
	p := startProgram(t, raw, "--master-key", i.MasterKey, "--erasure-list", i.listFile())
	if code := p.stop(); code != 0 {
		t.Errorf("the service on a replayed copy ends with %d", code)
	}

	// The list that is there must be the one that was there when the backup was made, or go on from it.
	i.Data = filepath.Join(i.root, "again")
	dir2 := func() string {
		i.Data = live
		defer func() { i.Data = filepath.Join(i.root, "again") }()
		return i.backUp(t)
	}()
	list, err := os.ReadFile(i.listFile())
	check(t, err)
	lines := strings.SplitAfter(string(list), "\n")
	for why, text := range map[string]string{"an older list": strings.Join(lines[:2], ""), "another list": ""} {
		check(t, os.WriteFile(i.listFile(), []byte(text), 0o600))
		if out := i.command(t, 1, "what was erased would come back", "restore", "--from", dir2, "--apply"); out == "" {
			t.Error(why)
		}
	}
	check(t, os.Remove(i.listFile()))
	i.command(t, 1, "what was erased would come back", "restore", "--from", dir2, "--apply")
}

// What an officer erased because it was recorded wrongly does not come back either, and its consent is invalidated again: nobody withdrew it.
func TestRestoreBringsNothingMisrecordedBack(t *testing.T) {
	i := install(t, "stays")
	officer := &consult.Staff{ID: "interviewer", Name: "Ida", Role: consult.Interviewer}
	var wrong consult.Submitted
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		form, err := svc.IssueForm(ctx, officer, i.c.ID, privacy.Script, locale.English)
		check(t, err)
		rec := consult.Recording{Channel: consult.Telephone, Form: form.Code}
		draft, _, err := svc.BeginRecording(ctx, officer, i.c.ID, rec)
		check(t, err)
		draft.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}, "member": {Codes: []string{"no"}}, "why_not": {Text: word("wrong")}}
		draft.Ages = uitest.OldEnough(svc.Now())
		wrong, err = svc.RecordResponse(ctx, officer, draft, rec)
		check(t, err)
		_, err = svc.DecideConsentFor(ctx, officer, wrong.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: form.StatementHash})
		check(t, err)
		check(t, svc.SaveEqualityFor(ctx, officer, wrong.Code, i.c.ID, survey.Answers{"sex": {Codes: []string{"female"}}}))
	})
	raw := filepath.Join(i.root, "raw")
	check(t, exec.Command("cp", "-r", i.Data, raw).Run())
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		check(t, svc.EraseRecorded(ctx, officer, wrong.Code, "misread"))
	})
	i.Data = raw
	i.command(t, 1, "1 responses", "restore-check")
	i.command(t, 0, "", "restore", "--replay", "--apply")
	i.use(t, false, func(ctx context.Context, svc *consult.Service, db *store.DB) {
		if got := held(t, svc, wrong.Code); got != "nothing" {
			t.Errorf("of the misrecorded response there is %s", got)
		}
		check(t, db.View(ctx, func(r consult.Reader) error {
			events, err := r.ConsentEvents(svc.Keys.PrincipalToken(wrong.ResponseID))
			if last := events[len(events)-1]; last.State != privacy.ConsentInvalidated || last.Reason != privacy.ReasonMisrecorded || last.Actor != officer.ID {
				t.Errorf("the replay leaves the consent %+v", last)
			}
			return err
		}))
	})
}

// TestNobodyReadsABackupAfterItsKey is architecture.md 5: when the key of a generation is destroyed, no byte of what was erased can be read anywhere,
// although the backups are still there.
func TestNobodyReadsABackupAfterItsKey(t *testing.T) {
	i := install(t, "stays", "withdraws", "leaves", "rings", "returns")
	dir := i.backUp(t)
	erased := []string{i.people["leaves"].ResponseID, i.people["rings"].ResponseID, word("leaves"), word("rings")}
	keys, err := seal.OpenMaster(i.keyFile())
	check(t, err)
	if found := in(t, i.Data, erased[0]); len(found) == 0 {
		t.Fatal("the response is not in the files before: the test would prove nothing")
	}
	if found := in(t, i.backups, append(erased, "SQLite format 3", word("stays"), word("request"), "very_satisfied", "everything")...); len(found) > 0 {
		t.Errorf("a backup holds something in clear: %v", found)
	}
	// While the key is there a backup holds what was erased since: that is what the days are for.
	m, err := backup.Read(dir, keys)
	check(t, err)
	generations := backup.OpenGenerations(i.generationsDir(), keys)
	key, err := generations.Key(m.Generation)
	check(t, err)
	plain := filepath.Join(i.root, "plain.db")
	check(t, backup.Extract(dir, m, key, "main", plain))
	i.eraseSince(t)
	if found := in(t, plain, erased[0]); len(found) == 0 {
		t.Fatal("the backup does not hold the response: the test would prove nothing")
	}
	check(t, os.Remove(plain))
	wrapped, err := os.ReadFile(filepath.Join(i.generationsDir(), m.Generation+".key"))
	check(t, err)
	secret := strings.TrimPrefix(strings.Split(string(wrapped), "\n")[4], "key ")

	i.command(t, 0, "1 would be destroyed", "keys", "--destroy", m.Generation)
	i.command(t, 0, "Nothing was written", "restore", "--from", dir) // it still opens
	i.command(t, 0, "was, on", "keys", "--destroy", m.Generation, "--apply")
	if found := in(t, i.root, append(erased, secret)...); len(found) > 0 {
		t.Errorf("data, backups and keys still hold: %v", found)
	}
	live := i.Data
	i.Data = filepath.Join(i.root, "restored")
	i.command(t, 1, "nobody can read the backup any more", "restore", "--from", dir, "--apply")
	i.Data = live
	next := i.backUp(t)
	m2, err := backup.Read(next, keys)
	check(t, err)
	if m2.Generation == m.Generation {
		t.Fatal("a destroyed generation is used again")
	}
	other, err := generations.Key(m2.Generation)
	check(t, err)
	for _, f := range m.Files {
		if err := backup.Extract(dir, m, other, f.Name, ""); !errors.Is(err, seal.ErrOtherKey) {
			t.Errorf("%s with the key of another generation: %v", f.Name, err)
		}
	}
	check(t, backup.Extract(next, m2, other, "main", plain))
	if found := in(t, plain, erased...); len(found) > 0 {
		t.Errorf("a backup made after the erasures holds: %v", found)
	}
}

// TestBackupWhileTheServiceRuns: a backup is taken beside the service, is whole, and leaves nothing in clear behind.
func TestBackupWhileTheServiceRuns(t *testing.T) {
	i := install(t, "stays")
	p := startProgram(t, i.Data, "--master-key", i.MasterKey)
	ctx, stop := context.WithCancel(t.Context())
	visits := make(chan int, 1)
	go func() {
		n := 0
		for b := newBrowser(p.URL, nil); ctx.Err() == nil; n++ {
			if _, err := b.get("/c/library"); err != nil {
				break
			}
		}
		visits <- n
	}()
	var dirs []string
	for range 3 {
		dirs = append(dirs, i.backUp(t))
	}
	stop()
	if n := <-visits; n < 3 {
		t.Errorf("the service answered %d times meanwhile", n)
	}
	if _, err := os.Stat(scratchDir(i.Data)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the scratch directory is still there: %v", err)
	}
	if code := p.stop(); code != 0 {
		t.Errorf("the service ends with %d", code)
	}
	for _, dir := range dirs {
		i.Data = filepath.Join(i.root, "from-"+filepath.Base(dir))
		i.command(t, 0, "the service can start", "restore", "--from", dir, "--apply", "--drill")
		i.use(t, false, func(_ context.Context, svc *consult.Service, _ *store.DB) {
			if got := held(t, svc, i.people["stays"].Code); got != "true true true given" {
				t.Errorf("restored: %s", got)
			}
		})
	}
}

// TestChangedBackupIsRefused: nothing of a backup that is not as it was written is restored.
func TestChangedBackupIsRefused(t *testing.T) {
	i := install(t, "stays")
	dir := i.backUp(t)
	i.Data = filepath.Join(i.root, "restored")
	for _, name := range []string{"main.sealed", "equality.sealed", "keys.sealed", "MANIFEST"} {
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		check(t, err)
		for why, content := range map[string][]byte{"cut off": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 'x'), "a byte changed": append(append(bytes.Clone(whole[:100]), whole[100]^1), whole[101:]...)} {
			check(t, os.WriteFile(path, content, 0o600))
			if code := run(t.Context(), []string{"restore", "--from", dir, "--apply", "--data", i.Data, "--master-key", i.MasterKey}, &output{}, &output{}); code == 0 {
				t.Errorf("%s %s: restored", name, why)
			}
			if _, err := os.Stat(i.Data); !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("%s %s: something was restored", name, why)
			}
		}
		check(t, os.WriteFile(path, whole, 0o600))
	}
	i.command(t, 0, "the service can start", "restore", "--from", dir, "--apply")
}

// TestBackupsAndKeysLieApart: whoever takes a backup must not get the key with it.
func TestBackupsAndKeysLieApart(t *testing.T) {
	i := install(t)
	inside := filepath.Join(i.Data, "backups")
	check(t, os.Mkdir(inside, 0o700))
	i.command(t, 1, "lies in the data directory", "backup", "--to", inside)
	i.command(t, 1, "must not lie together", "backup", "--to", i.root)
	i.command(t, 1, "must not lie together", "backup", "--to", filepath.Dir(i.MasterKey))
	i.command(t, 1, "lies in the data directory", "backup", "--to", i.backups, "--backup-keys", filepath.Join(i.Data, "keys"))
	i.command(t, 1, "lies in the data directory", "serve", "--erasure-list", filepath.Join(i.Data, "list"))
}
