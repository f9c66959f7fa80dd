package consult_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// behind runs statements on the main database behind the service's back, without its triggers, as an administrator of the database can.
func (w *world) behind(t testing.TB, statements ...string) {
	t.Helper()
	w.behindFile(t, "main.db", statements...)
}

// behindKeys changes the key store.
func (w *world) behindKeys(t testing.TB, statements ...string) {
	t.Helper()
	w.behindFile(t, "keys.db", statements...)
}

func (w *world) behindFile(t testing.TB, name string, statements ...string) {
	t.Helper()
	raw, err := sql.Open("sqlite3", filepath.Join(w.dir, name)+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	rows, err := raw.Query(`select 'drop trigger ' || name from sqlite_master where type = 'trigger'`)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	rows.Close()
	for _, s := range append(all, statements...) {
		if _, err := raw.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// act appends n entries to the audit log.
func (w *world) act(t testing.TB, n int) {
	t.Helper()
	err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
		for i := range n {
			if err := tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.act", Object: fmt.Sprint("test:", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// look runs one round of housekeeping.
func (w *world) look(t testing.TB) map[string]consult.LogState {
	t.Helper()
	if _, err := w.WatchLogs(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := w.MakeCheckpoints(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	states, err := w.LogStates(t.Context(), w.staff[consult.DPO])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]consult.LogState{}
	for _, s := range states {
		out[s.Log] = s
	}
	return out
}

func (w *world) checkpoints(t testing.TB, log string) (sizes []int64) {
	t.Helper()
	all, err := w.Store.Logs().Checkpoints(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if head, err := seal.OpenHead(c.Note, w.LogKey()); err != nil || head.Size != c.Size || head.Log != log || c.Public != (log == "audit" && c.Size%consult.PublicStep == 0) {
			t.Errorf("checkpoint %+v: %+v, %v", c, head, err)
		}
		sizes = append(sizes, c.Size)
	}
	return sizes
}

func (w *world) end(t testing.TB, log string) int64 {
	t.Helper()
	n, err := w.Store.Logs().LogEnd(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCheckpointsAreMadeWhenTheLogHasGrown(t *testing.T) {
	w := newWorld(t)
	begun := w.end(t, "audit")
	if s := w.look(t)["audit"]; !s.Sound() || s.Through != begun || !s.CheckedAt.Equal(w.clock()) || !s.WholeAt.Equal(w.clock()) {
		t.Errorf("the first look: %+v", s)
	}
	want := []int64{begun}
	if got := w.checkpoints(t, "audit"); !slices.Equal(got, want) {
		t.Errorf("the first checkpoint: %v, want %v", got, want)
	}
	for _, step := range []struct {
		why  string
		act  int64
		turn time.Duration
		made []int64
	}{
		{"nothing was done", 0, 2 * time.Hour, nil},
		{"something was done, and the last checkpoint is older than an hour", 5, 0, []int64{begun + 5}},
		{"more was done, in the same hour: a count that can be read every minute tells what one person does", 5, 59 * time.Minute, nil},
		{"the hour is over", 0, time.Minute, []int64{begun + 10}},
		{"a hundred entries are full: the checkpoint that everybody may have is signed too", 300, time.Hour, []int64{300, begun + 310}},
	} {
		w.act(t, int(step.act))
		w.turn(step.turn)
		if s := w.look(t)["audit"]; !s.Sound() || s.Through != w.end(t, "audit") {
			t.Errorf("%s: %+v", step.why, s)
		}
		want = append(want, step.made...)
		if got := w.checkpoints(t, "audit"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", step.why, got, want)
		}
	}
	w.act(t, 1)
	w.look(t)
	if err := w.MakeCheckpoints(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if got := w.checkpoints(t, "audit"); got[len(got)-1] != begun+311 {
		t.Errorf("before the service ends the log gets a checkpoint at once: %v", got)
	}
	public, err := w.PublicCheckpoint(t.Context())
	if err != nil || public.Size != 300 {
		t.Errorf("for everybody: %+v, %v", public, err)
	}
	w.act(t, 400)
	w.turn(time.Hour)
	w.look(t)
	newer, err := w.PublicCheckpoint(t.Context())
	if err != nil || newer.Size != 700 {
		t.Fatalf("for everybody: %+v, %v", newer, err)
	}
	text, err := w.PublicGrowth(t.Context(), 300)
	if err != nil {
		t.Fatal(err)
	}
	_, growth, err := privacy.ParseProof(text)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := seal.OpenHead(public.Note, w.LogKey())
	b, _ := seal.OpenHead(newer.Note, w.LogKey())
	if err := growth.Check(a, b); err != nil {
		t.Errorf("whoever kept the older checkpoint cannot check the newer: %v\n%s", err, text)
	}
	for _, size := range []int64{0, 299, begun, 100_000} {
		if _, err := w.PublicGrowth(t.Context(), size); !fault.Is(err, fault.NotFound) {
			t.Errorf("growth from %d, which was never public: %v", size, err)
		}
	}
}

func TestNoPublicCheckpointOfAFewEntries(t *testing.T) {
	w := newWorld(t)
	w.look(t)
	if c, err := w.PublicCheckpoint(t.Context()); !fault.Is(err, fault.NotFound) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestTheConsentLedgerIsWatchedToo(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	for range 3 {
		w.consent(t, c, w.submit(t, c, answers()).Code, true)
	}
	if s := w.look(t)["consent"]; !s.Sound() || s.Through == 0 || s.Through != w.end(t, "consent") {
		t.Fatalf("%+v", s)
	}
	if got := w.checkpoints(t, "consent"); len(got) != 1 {
		t.Errorf("checkpoints of %v entries", got)
	}
	w.behind(t, `update consent_event set state = 'refused' where sequence = 4`)
	w.turn(25 * time.Hour)
	if s := w.look(t)["consent"]; s.Bad == nil || s.Bad.Sequence != 4 || s.Bad.Fault != privacy.EntryAltered {
		t.Errorf("an altered entry: %+v", s.Bad)
	}
}

// TestTamperingIsSaid is security.md T9: whoever may do everything with the database edits, deletes, inserts, reorders, cuts off or forks the log. Each
// is found, with the first bad entry; what the daily verification finds late a new entry does not cover up.
func TestTamperingIsSaid(t *testing.T) {
	const copyOf = `insert into audit_event select %d, at, actor_kind, actor_id, action, object, detail, prev_hash, hash from audit_event where sequence = 40`
	for _, test := range []struct {
		why     string
		do      []string
		fork    bool  // everything from entry 150 on is written anew
		daily   bool  // found by the verification of the whole log, not at once
		first   int64 // bad entry
		through int64
		fault   privacy.ChainFault
	}{
		{"an entry is edited", []string{`update audit_event set actor_id = 'somebody-else' where sequence = 57`}, false, true, 57, 0, privacy.EntryAltered},
		{"its detail is spoiled", []string{`update audit_event set detail = 'no JSON' where sequence = 57`}, false, true, 57, 0, privacy.EntryAltered},
		{"its time is spoiled", []string{`update audit_event set at = 'yesterday' where sequence = 1`}, false, true, 1, 0, privacy.EntryAltered},
		{"an entry is deleted", []string{`delete from audit_event where sequence = 90`}, false, true, 90, 0, privacy.EntryMissing},
		{"an entry is put before the first", []string{fmt.Sprintf(copyOf, 0)}, false, true, 1, 0, privacy.EntryMissing},
		{"an entry is put after the last", []string{fmt.Sprintf(copyOf, 206)}, false, false, 206, 0, privacy.EntryUnlinked},
		{"an entry is put far after the last", []string{fmt.Sprintf(copyOf, int64(1)<<60)}, false, false, 206, 0, privacy.EntryMissing},
		{"two entries are exchanged", []string{`update audit_event set sequence = -1 where sequence = 70`, `update audit_event set sequence = 70 where sequence = 71`,
			`update audit_event set sequence = 71 where sequence = -1`}, false, true, 70, 0, privacy.EntryUnlinked},
		{"the end is cut off", []string{`delete from audit_event where sequence > 180`}, false, false, 181, 205, privacy.EntryCut},
		{"everything is cut off", []string{`delete from audit_event`}, false, false, 1, 205, privacy.EntryCut},
		{"the end is written anew with a whole chain", nil, true, false, 101, 200, privacy.EntryRewritten},
		{"the end is cut off, and what vouches for it too", []string{`delete from audit_event where sequence > 180`, `delete from log_checkpoint where size > 180`,
			`delete from log_block`}, false, false, 181, 205, privacy.EntryCut},
	} {
		t.Run(test.why, func(t *testing.T) {
			w := newWorld(t)
			w.act(t, 100-int(w.end(t, "audit")))
			w.look(t)
			w.act(t, 105)
			w.turn(time.Hour)
			if s := w.look(t)["audit"]; !s.Sound() || s.Through != 205 {
				t.Fatalf("before: %+v", s)
			}
			w.behind(t, test.do...)
			if test.fork {
				w.fork(t, 150)
			}
			s := w.look(t)["audit"]
			if test.daily {
				if s.Bad != nil {
					t.Errorf("found at once: %v", s.Bad)
				}
				w.turn(24 * time.Hour)
				s = w.look(t)["audit"]
			}
			if s.Sound() || s.Bad == nil || s.Bad.Sequence != test.first || s.Bad.Through != test.through || s.Bad.Fault != test.fault || s.FoundAt.IsZero() {
				t.Fatalf("found %+v of %+v", s.Bad, s)
			}
			checkpoints := w.checkpoints(t, "audit")
			found := w.clock()
			for range 30 { // it goes on: nothing is signed, nothing is forgotten, and it is written down once
				w.act(t, 1)
				w.turn(time.Hour)
				s = w.look(t)["audit"]
			}
			if s.Bad == nil || s.Bad.Sequence != test.first || !s.FoundAt.Equal(found) {
				t.Errorf("later: %+v of %+v", s.Bad, s)
			}
			if now := w.checkpoints(t, "audit"); !slices.Equal(now, checkpoints) {
				t.Errorf("a broken log got a checkpoint: %v after %v", now, checkpoints)
			}
			told := w.told(t, "audit.broken")
			if len(told) != 1 || told[0].Detail["entry"] != fmt.Sprint(test.first) || told[0].Detail["fault"] != string(test.fault) {
				t.Errorf("the log says %+v", told)
			}
		})
	}
}

func (w *world) told(t testing.TB, action string) []privacy.AuditEvent {
	t.Helper()
	events, err := w.AuditEvents(t.Context(), w.staff[consult.DPO], consult.AuditFilter{Action: action})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// fork writes the log anew from an entry on, with a chain that is whole.
func (w *world) fork(t testing.TB, from int64) {
	t.Helper()
	var log []privacy.AuditEvent
	err := w.Store.Logs().EachAuditEntry(t.Context(), 0, 1<<60, func(e privacy.AuditEvent) error { log = append(log, e); return nil })
	if err != nil {
		t.Fatal(err)
	}
	var statements []string
	for i := from - 1; i < int64(len(log)); i++ {
		e := log[i]
		e.Object = "test:forged"
		e = e.Chain(log[i-1].Hash)
		log[i] = e
		statements = append(statements, fmt.Sprintf(`update audit_event set object = '%s', prev_hash = '%s', hash = '%s' where sequence = %d`, e.Object, e.PrevHash, e.Hash, e.Sequence))
	}
	w.behind(t, statements...)
}

// TestMending: an entry that is put back as it was makes the log sound again, and both are written down.
func TestMending(t *testing.T) {
	w := newWorld(t)
	w.act(t, 20)
	w.look(t)
	w.behind(t, `update audit_event set action = 'test.edited' where sequence = 12`)
	w.turn(24 * time.Hour)
	if s := w.look(t)["audit"]; s.Bad == nil || s.Bad.Sequence != 12 {
		t.Fatalf("%+v", s)
	}
	w.behind(t, `update audit_event set action = 'test.act' where sequence = 12`)
	w.turn(10 * time.Minute)
	if s := w.look(t)["audit"]; !s.Sound() || !s.FoundAt.IsZero() || s.Through != w.end(t, "audit")-1 {
		t.Errorf("mended: %+v", s)
	}
	if broken, mended := w.told(t, "audit.broken"), w.told(t, "audit.mended"); len(broken) != 1 || len(mended) != 1 {
		t.Errorf("the log says %v and %v", broken, mended)
	}
}

// What vouches for the log is watched like the log.
func TestWhatVouchesIsWatchedToo(t *testing.T) {
	other, err := seal.NewKeyring(slices.Repeat([]byte{9}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	forged, err := other.SignHead(seal.Head{Log: "audit", Size: 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why, do string
		wrong   func(consult.LogState) bool
	}{
		{"a checkpoint of another key", fmt.Sprintf(`update log_checkpoint set note = '%s' where log = 'audit'`, forged), func(s consult.LogState) bool { return s.Unsigned == 2 }},
		{"a checkpoint under another number", `update log_checkpoint set size = size - 1 where log = 'audit'`, func(s consult.LogState) bool { return s.Unsigned == 2 }},
		{"a block", `update log_block set hash = zeroblob(32) where number = 0`, func(s consult.LogState) bool { return s.Blocks }},
		{"a block that is gone", `delete from log_block`, func(s consult.LogState) bool { return s.Blocks }},
		{"a block under another number", `update log_block set number = 5`, func(s consult.LogState) bool { return s.Blocks }},
		{"a block that no checkpoint made: the next checkpoint could not be stored", `insert into log_block select log, 7, hash from log_block`, func(s consult.LogState) bool { return s.Blocks }},
		{"a block that is none: it must not keep the log from being verified", `create table other as select log, number, x'00' as hash from log_block; drop table log_block; alter table other rename to log_block`,
			func(s consult.LogState) bool { return s.Blocks }},
		{"a checkpoint whose time nobody can read", `update log_checkpoint set made_at = 'yesterday'`, func(s consult.LogState) bool { return s.Unsigned == 2 }},
		{"no table of checkpoints at all", `alter table log_checkpoint rename to elsewhere`, func(s consult.LogState) bool { return s.Unread }},
	} {
		w := newWorld(t)
		w.act(t, 300)
		w.look(t)
		w.behind(t, test.do)
		w.turn(24 * time.Hour)
		_, _ = w.WatchLogs(t.Context(), false) // that it fails is said by the state
		if s := w.state(t, "audit"); s.Sound() || !test.wrong(s) {
			t.Errorf("%s: %+v", test.why, s)
		}
		told := slices.DeleteFunc(w.told(t, "audit.broken"), func(e privacy.AuditEvent) bool { return e.Object != "log:audit" })
		if len(told) != 1 {
			t.Errorf("%s: the log says %v", test.why, told)
		}
	}
}

// state is what the desk is told.
func (w *world) state(t testing.TB, log string) consult.LogState {
	t.Helper()
	states, err := w.LogStates(t.Context(), w.staff[consult.DPO])
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		if s.Log == log {
			return s
		}
	}
	t.Fatalf("no state of the %s log", log)
	return consult.LogState{}
}

// Blocks say nothing that the entries do not: spoiled ones are said, made anew from the entries that were verified, and then all is well.
func TestBlocksAreMadeAnew(t *testing.T) {
	for _, do := range []string{`update log_block set hash = zeroblob(32)`, `delete from log_block where number = 0`, `delete from log_block`} {
		w := newWorld(t)
		w.act(t, 800)
		w.look(t)
		w.behind(t, do)
		w.turn(24 * time.Hour)
		if s := w.look(t)["audit"]; !s.Blocks {
			t.Fatalf("%s: %+v", do, s)
		}
		w.act(t, 300)
		w.turn(10 * time.Minute)
		if s := w.look(t)["audit"]; !s.Sound() {
			t.Errorf("%s: ten minutes later: %+v", do, s)
		}
		w.turn(time.Hour)
		w.look(t)
		if sizes := w.checkpoints(t, "audit"); sizes[len(sizes)-1] < 1100 {
			t.Errorf("%s: no checkpoint is made any more: %v", do, sizes)
		}
		if broken, mended := w.told(t, "audit.broken"), w.told(t, "audit.mended"); len(broken) != 1 || broken[0].Detail["fault"] != "blocks" || len(mended) != 1 {
			t.Errorf("%s: the log says %v and %v", do, broken, mended)
		}
	}
}

// What cannot be read is unread until it can be read again, and is written down once.
func TestUnreadIsSaidAndMended(t *testing.T) {
	w := newWorld(t)
	w.look(t)
	w.behind(t, `alter table log_checkpoint rename to elsewhere`)
	for range 3 {
		w.turn(25 * time.Hour)
		if _, err := w.WatchLogs(t.Context(), false); err == nil {
			t.Error("a log that cannot be read is verified")
		}
	}
	if s := w.state(t, "audit"); !s.Unread || !s.FoundAt.Equal(start.Add(25*time.Hour)) || !s.Late {
		t.Errorf("%+v", s)
	}
	w.behind(t, `alter table elsewhere rename to log_checkpoint`)
	if s := w.look(t)["audit"]; !s.Sound() || s.Late {
		t.Errorf("mended: %+v", s)
	}
	if broken, mended := w.told(t, "audit.broken"), w.told(t, "audit.mended"); len(broken) != 2 || broken[0].Detail["fault"] != "unread" || len(mended) != 2 {
		t.Errorf("of both logs the log says %v and %v", broken, mended)
	}
	w.behind(t, `drop table log_state`)
	if s := w.state(t, "audit"); !s.Unread {
		t.Errorf("without the table of states: %+v", s)
	}
}

// An old date is an alarm of its own: nobody reads dates.
func TestLateVerification(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		why  string
		turn time.Duration
		look bool
		late bool
	}{
		{"a service that was just set up", time.Hour, false, false},
		{"an hour later it was never verified", time.Second, false, true},
		{"it is", 0, true, false},
		{"six rounds later", time.Hour, false, false},
		{"and not one of them came to an end", time.Second, false, true},
	} {
		w.turn(step.turn)
		if step.look {
			w.look(t)
		}
		for _, log := range consult.Logs() {
			if s := w.state(t, log); s.Late != step.late || !s.Sound() {
				t.Errorf("%s: %+v", step.why, s)
			}
		}
	}
	w.behind(t, `delete from audit_event`, `delete from log_state`)
	if s := w.state(t, "audit"); !s.Late {
		t.Errorf("a log that was never verified and has no first entry: %+v", s)
	}
}

// Killed before what was found is stored, the service finds it again; killed after, the entry that says so is there: it is one write.
func TestNoFindingIsLost(t *testing.T) {
	for writes := range 3 {
		w := anchored(t)
		w.behind(t, `delete from audit_event where sequence > 180`)
		end := w.cutting(writes)
		_, _ = w.WatchLogs(t.Context(), false)
		end()
		state := w.state(t, "audit")
		if broken := w.told(t, "audit.broken"); (len(broken) == 1) == state.Sound() {
			t.Errorf("after %d writes the state says %+v and the log %+v", writes, state, broken)
		}
		w.turn(10 * time.Minute)
		if s := w.house(t)["audit"]; s.Bad == nil || s.Bad.Sequence != 181 {
			t.Errorf("after %d writes: %+v", writes, s)
		}
		if broken := w.told(t, "audit.broken"); len(broken) != 1 {
			t.Errorf("after %d writes the log says %+v", writes, broken)
		}
	}
}

// A checkpoint is only made of a tree that adds to the last one, whatever the state says.
func TestNoCheckpointOfAnotherTree(t *testing.T) {
	w := newWorld(t)
	w.act(t, 50)
	w.look(t)
	made := w.checkpoints(t, "audit")
	w.act(t, 5)
	w.turn(2 * time.Hour)
	if _, err := w.WatchLogs(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	w.fork(t, 30)
	if err := w.MakeCheckpoints(t.Context(), true); !errors.Is(err, seal.ErrProof) {
		t.Errorf("got %v", err)
	}
	if now := w.checkpoints(t, "audit"); !slices.Equal(now, made) {
		t.Errorf("checkpoints %v after %v", now, made)
	}
	if s := w.look(t)["audit"]; s.Bad == nil || s.Bad.Fault != privacy.EntryRewritten {
		t.Errorf("the next look is at the whole log: %+v", s)
	}
}

// Entries since the last checkpoint that were rewritten after they were verified get no checkpoint: it would vouch for them.
func TestNoCheckpointOfARewrittenTail(t *testing.T) {
	w := newWorld(t)
	w.act(t, 50)
	w.look(t)
	made := w.checkpoints(t, "audit")
	w.act(t, 20)
	w.turn(2 * time.Hour)
	if _, err := w.WatchLogs(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	w.fork(t, 60)
	if err := w.MakeCheckpoints(t.Context(), true); err == nil {
		t.Error("a rewritten tail was signed")
	}
	if now := w.checkpoints(t, "audit"); !slices.Equal(now, made) {
		t.Errorf("checkpoints %v after %v", now, made)
	}
	if s := w.look(t)["audit"]; s.Sound() {
		t.Errorf("the next look finds nothing: %+v", s)
	}
}

// A service that is about to end looks at what was added, and signs nothing that is not sound.
func TestInAHurry(t *testing.T) {
	w := newWorld(t)
	w.act(t, 20)
	w.look(t)
	w.act(t, 5)
	w.turn(48 * time.Hour) // the whole log would be due
	states, err := w.WatchLogs(t.Context(), true)
	if err != nil || states[0].Through != w.end(t, "audit") || !states[0].WholeAt.Equal(start) {
		t.Errorf("%+v, %v", states, err)
	}
	w.behind(t, `delete from audit_event where sequence > 10`)
	var bad *privacy.ChainError
	if _, err := w.WatchLogs(t.Context(), true); !errors.As(err, &bad) || bad.Sequence != 11 {
		t.Errorf("a cut: %v", err)
	}
	if s := w.look(t)["audit"]; s.Bad == nil {
		t.Fatal("not found afterwards")
	}
	if states, err := w.WatchLogs(t.Context(), true); err != nil || states[0].Sound() {
		t.Errorf("what is known to be wrong stays so: %+v, %v", states, err)
	}
}

// A state that somebody else wrote is worth nothing.
func TestForgedState(t *testing.T) {
	w := newWorld(t)
	w.act(t, 50)
	w.look(t)
	w.behind(t, `update audit_event set action = 'test.edited' where sequence = 30`, `update log_state set sealed = x'00'`)
	if s := w.look(t)["audit"]; s.Bad == nil || s.Bad.Sequence != 30 {
		t.Errorf("the whole log is verified at once: %+v", s)
	}
}

func TestLogStateIsForTheCouncil(t *testing.T) {
	w := newWorld(t)
	for _, role := range consult.Roles() {
		states, err := w.LogStates(t.Context(), w.staff[role])
		if role == consult.PartnerUser {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("a partner: %v", err)
			}
			continue
		}
		if err != nil || len(states) != 2 || !states[0].CheckedAt.IsZero() || states[0].Log != "audit" || !strings.HasPrefix(states[1].Log, "consent") {
			t.Errorf("%s before the first look: %+v, %v", role, states, err)
		}
	}
}
