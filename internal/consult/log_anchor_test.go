package consult_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
)

// anchored is a world whose audit log has 205 entries, anchored in the key store and in a file.
func anchored(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.Service.Anchor = store.AnchorFile(w.anchorPath(t))
	w.act(t, 100-int(w.end(t, "audit")))
	w.house(t)
	w.act(t, 105)
	w.turn(time.Hour)
	if s := w.house(t)["audit"]; !s.Sound() || s.Through != 205 {
		t.Fatalf("before: %+v", s)
	}
	return w
}

func (w *world) anchorPath(testing.TB) string { return w.dir + ".anchor" }

// house is one round of housekeeping.
func (w *world) house(t testing.TB) map[string]consult.LogState {
	t.Helper()
	states := w.look(t)
	if err := w.KeepAnchors(t.Context()); err != nil {
		t.Fatal(err)
	}
	return states
}

// held is how many entries each place says that the audit log has; -1 for none.
func (w *world) held(t testing.TB) (out []int64) {
	t.Helper()
	places := []consult.AnchorReader{w.Store.Anchor(), w.Service.Anchor}
	held, err := consult.HeldAnchors(t.Context(), places, "audit", w.LogKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range held {
		n := int64(-1)
		if h.Says != nil {
			n = h.Says.Sequence
		}
		out = append(out, n)
	}
	return out
}

// again closes the store, lets fn do what it likes with the files, and opens it again.
func (w *world) again(t testing.TB, fn func()) {
	t.Helper()
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	fn()
	anchor := w.Service.Anchor
	db, err := store.OpenSQLite(t.Context(), w.dir, store.Options{Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.serve(t, db)
	w.Service.Anchor = anchor
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAnchors: what the database says of itself counts for nothing against what is kept apart from it (security.md T9, docs/decisions/0045-anchors.md).
func TestAnchors(t *testing.T) {
	const forget = `delete from log_state; delete from log_checkpoint; delete from log_block`
	for _, test := range []struct {
		why   string
		do    func(*testing.T, *world)
		first int64
		last  int64
		fault privacy.ChainFault
	}{
		{"all that vouches for the log is deleted, and the log with it: a log that looks new", func(t *testing.T, w *world) {
			w.behind(t, forget, `delete from audit_event`)
		}, 1, 205, privacy.EntryCut},
		{"all that vouches is deleted, and the end of the log is cut off", func(t *testing.T, w *world) {
			w.behind(t, forget, `delete from audit_event where sequence > 180`)
		}, 181, 205, privacy.EntryCut},
		{"all that vouches is deleted, and the log rewritten from an entry on", func(t *testing.T, w *world) {
			w.behind(t, forget)
			w.fork(t, 150)
		}, 1, 205, privacy.EntryRewritten},
		{"the log is cut off, grows again past its old end, and everything that vouches is deleted", func(t *testing.T, w *world) {
			w.behind(t, `delete from audit_event where sequence > 180`)
			w.act(t, 100)
			w.behind(t, forget)
		}, 1, 205, privacy.EntryRewritten},
	} {
		for _, place := range []string{"both places", "the key store alone", "the file alone"} {
			t.Run(test.why+", "+place, func(t *testing.T) {
				w := anchored(t)
				switch place {
				case "the key store alone":
					if err := os.Remove(w.anchorPath(t)); err != nil {
						t.Fatal(err)
					}
				case "the file alone":
					w.behindKeys(t, `delete from log_anchor`)
				}
				test.do(t, w)
				s := w.house(t)["audit"]
				if s.Bad == nil || s.Bad.Sequence != test.first || s.Bad.Through != test.last || s.Bad.Fault != test.fault {
					t.Fatalf("found %+v of %+v", s.Bad, s)
				}
				before := w.held(t)
				for range 3 { // it stays, and no anchor moves meanwhile
					w.act(t, 100)
					w.turn(time.Hour)
					s = w.house(t)["audit"]
				}
				if s.Sound() {
					t.Errorf("later: %+v", s)
				}
				if now := w.held(t); fmt.Sprint(now) != fmt.Sprint(before) {
					t.Errorf("anchors %v after %v", now, before)
				}
			})
		}
	}
}

// TestRollBack: older files are put back, from the same installation, whole and sound in themselves.
func TestRollBack(t *testing.T) {
	for _, test := range []struct {
		why   string
		files []string
		alarm bool
	}{
		{"the main database", []string{"main.db"}, true},
		{"every database: only the file knows", []string{"main.db", "equality.db", "keys.db"}, true},
		{"every database and the file: as if it were yesterday; a checkpoint that somebody kept tells", []string{"main.db", "equality.db", "keys.db", "../anchor"}, false},
	} {
		t.Run(test.why, func(t *testing.T) {
			w := anchored(t)
			old := t.TempDir()
			place := func(dir, name string) string {
				if name == "../anchor" {
					if dir == w.dir {
						return w.anchorPath(t)
					}
					return filepath.Join(dir, "anchor")
				}
				return filepath.Join(dir, name)
			}
			w.again(t, func() {
				for _, f := range test.files {
					copyFile(t, place(w.dir, f), place(old, f))
				}
			})
			w.act(t, 40)
			w.turn(time.Hour)
			w.house(t)
			w.again(t, func() {
				for _, f := range test.files {
					copyFile(t, place(old, f), place(w.dir, f))
				}
			})
			s := w.house(t)["audit"]
			if !test.alarm {
				if !s.Sound() {
					t.Errorf("%+v", s)
				}
				return
			}
			if s.Bad == nil || s.Bad.Sequence != 206 || s.Bad.Through != 245 || s.Bad.Fault != privacy.EntryCut {
				t.Errorf("%+v of %+v", s.Bad, s)
			}
		})
	}
}

// A kept anchor that the key did not sign is no anchor, and says so.
func TestSpoiledAnchor(t *testing.T) {
	for why, spoil := range map[string]func(*world){
		"in the key store": func(w *world) { w.behindKeys(t, `update log_anchor set note = replace(note, '205', '105')`) },
		"in the file":      func(w *world) { spoilFile(t, w.anchorPath(t)) },
		"an anchor of another log": func(w *world) {
			w.behindKeys(t, `update log_anchor set note = 'x' where log = 'audit'`)
		},
	} {
		w := anchored(t)
		spoil(w)
		s := w.house(t)["audit"]
		if s.Sound() || s.Anchors != 1 || s.Bad != nil {
			t.Errorf("%s: %+v", why, s)
		}
		w.turn(time.Hour)
		w.act(t, 5)
		if s := w.house(t)["audit"]; s.Sound() {
			t.Errorf("%s: later: %+v", why, s)
		}
		if told := w.told(t, "audit.broken"); len(told) != 1 || told[0].Detail["anchors"] != "1" {
			t.Errorf("%s: the log says %+v", why, told)
		}
	}
}

func spoilFile(t testing.TB, path string) {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(raw), "205", "105", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// cut is a store, and a file, that fail from a write on, as if the process were killed there.
type cut struct {
	consult.Store
	writes *int // that still succeed; negative: all do
}

var errKilled = errors.New("killed")

func (c cut) kill() error {
	if *c.writes == 0 {
		return errKilled
	}
	*c.writes--
	return nil
}

func (c cut) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if err := c.kill(); err != nil {
		return err
	}
	return c.Store.Update(ctx, fn)
}
func (c cut) Logs() consult.LogStore      { return cutLogs{c.Store.Logs(), c} }
func (c cut) Anchor() consult.AnchorPlace { return cutPlace{c.Store.Anchor(), c} }

type cutLogs struct {
	consult.LogStore
	c cut
}

func (l cutLogs) PutLogState(ctx context.Context, log string, sealed []byte, version int64, changed ...privacy.AuditEvent) error {
	if err := l.c.kill(); err != nil {
		return err
	}
	return l.LogStore.PutLogState(ctx, log, sealed, version, changed...)
}

func (l cutLogs) AddCheckpoints(ctx context.Context, log string, first int64, blocks [][32]byte, made []consult.Checkpoint) error {
	if err := l.c.kill(); err != nil {
		return err
	}
	return l.LogStore.AddCheckpoints(ctx, log, first, blocks, made)
}

type cutPlace struct {
	consult.AnchorPlace
	c cut
}

func (p cutPlace) PutAnchor(ctx context.Context, log string, was, note []byte) error {
	if err := p.c.kill(); err != nil {
		return err
	}
	return p.AnchorPlace.PutAnchor(ctx, log, was, note)
}

// cutting puts the world on a store that is killed after so many writes, and returns how to end that.
func (w *world) cutting(writes int) (end func()) {
	real, file := w.Store, w.Service.Anchor
	left := writes
	c := cut{Store: real, writes: &left}
	w.Service.Store, w.Service.Anchor = c, cutPlace{file, c}
	return func() { w.Service.Store, w.Service.Anchor = real, file }
}

// Killed between any two writes of its housekeeping, the service starts again without a false alarm, and anchors never lead.
func TestKilledBetweenLogAndAnchor(t *testing.T) {
	w := anchored(t)
	for writes := 0; ; writes++ {
		w.act(t, 7)
		c := w.open(t, "resident-satisfaction")
		w.consent(t, c, w.submit(t, c, answers()).Code, true) // the other log grows too
		w.turn(2 * time.Hour)
		end := w.cutting(writes)
		_, err1 := w.WatchLogs(t.Context(), false)
		err2 := errors.Join(w.MakeCheckpoints(t.Context(), true), w.KeepAnchors(t.Context()))
		end()
		for _, n := range w.held(t) {
			if n > w.end(t, "audit") {
				t.Fatalf("after %d writes an anchor leads: %d", writes, n)
			}
		}
		for log, s := range w.house(t) {
			if !s.Sound() || s.Late {
				t.Errorf("after %d writes: the %s log %+v", writes, log, s)
			}
		}
		if writes > 4 && err1 == nil && err2 == nil {
			break
		}
		if writes > 40 {
			t.Fatal("it never comes to an end")
		}
	}
	if told := append(w.told(t, "audit.broken"), w.told(t, "audit.mended")...); len(told) != 0 {
		t.Errorf("the log says %+v", told)
	}
}

// TestRecordRestore: a backup that was put back is an alarm until somebody records it; then the anchors begin anew, and tell the next one.
func TestRecordRestore(t *testing.T) {
	for writes := range 8 { // killed after so many writes, and recorded again
		w := anchored(t)
		old := t.TempDir()
		w.again(t, func() { copyFile(t, filepath.Join(w.dir, "main.db"), filepath.Join(old, "main.db")) })
		w.act(t, 40)
		w.turn(time.Hour)
		w.house(t)
		w.again(t, func() { copyFile(t, filepath.Join(old, "main.db"), filepath.Join(w.dir, "main.db")) })
		if s := w.house(t)["audit"]; s.Sound() {
			t.Fatalf("before it is recorded: %+v", s)
		}
		end := w.cutting(writes)
		_, _ = w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"})
		end()
		found, err := w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"})
		if err != nil || len(found) > 1 {
			t.Fatalf("%d writes: %+v, %v", writes, found, err)
		}
		w.turn(10 * time.Minute)
		if s := w.house(t)["audit"]; !s.Sound() {
			t.Errorf("%d writes: recorded: %+v", writes, s)
		}
		told := w.told(t, "audit.restored")
		if len(told) != 1 || told[0].Detail["through"] != "245" { // once, however often it was called
			t.Errorf("%d writes: the log says %+v", writes, told)
		}
		w.turn(10 * time.Minute)
		w.house(t)
		if now, want := fmt.Sprint(w.held(t)), fmt.Sprint([]int64{w.end(t, "audit"), w.end(t, "audit")}); now != want {
			t.Errorf("%d writes: anchors of %s entries, want %s", writes, now, want)
		}
		held, err := consult.HeldAnchors(t.Context(), []consult.AnchorReader{w.Store.Anchor(), w.Service.Anchor}, "audit", w.LogKey())
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range held {
			if h.Past || h.Says.Since.IsZero() || h.Says.Before.Sequence != 245 {
				t.Errorf("%d writes: the anchor in %s says %+v", writes, h.Place, h.Says)
			}
		}
		w.behind(t, `delete from audit_event where sequence > 200`, `delete from log_state`, `delete from log_checkpoint`)
		w.turn(10 * time.Minute)
		if s := w.house(t)["audit"]; s.Bad == nil || s.Bad.Sequence != 201 {
			t.Errorf("%d writes: what is cut off after that: %+v", writes, s)
		}
	}
}

// TestRecordRestoreWhereNoAnchorCanBeRead: nothing says where the log ended, so two losses cannot be told apart by that: each is recorded, and one is not recorded
// twice (UK GDPR art. 5(2), docs/decisions/0045-anchors.md).
func TestRecordRestoreWhereNoAnchorCanBeRead(t *testing.T) {
	spoil := func(w *world) {
		w.behindKeys(t, `update log_anchor set note = 'x' where log = 'audit'`)
		must(t, os.WriteFile(w.anchorPath(t), []byte("x"), 0o600))
	}
	w := anchored(t)
	record := func() error {
		_, err := w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"})
		return err
	}
	recorded := func() (n int) { // of the audit log, with nothing said of where it ended
		for _, e := range w.told(t, "audit.restored") {
			if e.Object == "log:audit" && e.Detail["through"] == "0" {
				n++
			}
		}
		return n
	}
	spoil(w)
	end := w.cutting(1) // killed after the entry is written and before an anchor is
	if err := record(); err == nil {
		t.Fatal("it was not cut")
	}
	end()
	if n := recorded(); n != 1 {
		t.Fatalf("before the anchors began anew: recorded %d times", n)
	}
	must(t, record())
	if n := recorded(); n != 1 {
		t.Errorf("completed after it was killed: recorded %d times", n)
	}
	must(t, record())
	if n := recorded(); n != 1 {
		t.Errorf("nothing is lost any more: recorded %d times", n)
	}
	w.act(t, 5)
	spoil(w)
	must(t, record())
	if n := recorded(); n != 2 {
		t.Errorf("a second loss, after other entries: recorded %d times", n)
	}
}

// busyPlace is a place in which somebody else moves the anchor in the moment before it is replaced, so many times.
type busyPlace struct {
	consult.AnchorPlace
	times *int
}

func (b busyPlace) PutAnchor(ctx context.Context, log string, was, note []byte) error {
	if *b.times > 0 {
		*b.times--
		return fault.New(fault.Conflict, "error.store.version")
	}
	return b.AnchorPlace.PutAnchor(ctx, log, was, note)
}

// An anchor that was moved meanwhile is no reason to say that it begins anew where it does not; and it is recorded once, whatever comes of it.
func TestRecordRestoreBesideAnotherInstance(t *testing.T) {
	for _, row := range []struct {
		why   string
		times int // that somebody else is faster
		kind  fault.Kind
	}{
		{"nobody", 0, ""}, {"once", 1, ""}, {"again and again", 1000, fault.Conflict},
	} {
		w := anchored(t)
		old := t.TempDir()
		w.again(t, func() { copyFile(t, filepath.Join(w.dir, "main.db"), filepath.Join(old, "main.db")) })
		w.act(t, 40)
		w.turn(time.Hour)
		w.house(t)
		w.again(t, func() { copyFile(t, filepath.Join(old, "main.db"), filepath.Join(w.dir, "main.db")) })
		file, times := w.Service.Anchor, row.times
		w.Service.Anchor = busyPlace{file, &times}
		if _, err := w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"}); row.kind != "" {
			want(t, err, row.kind, row.why)
			times = 0
			_, err = w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"})
			must(t, err)
			w.turn(time.Hour)
			w.house(t) // the anchor in the key store made that in the file past: the next round moves it on
		} else if err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		held, err := consult.HeldAnchors(t.Context(), []consult.AnchorReader{w.Store.Anchor(), file}, "audit", w.LogKey())
		must(t, err)
		for _, h := range held {
			if h.Says == nil || h.Past || h.Says.Before.Sequence != 245 {
				t.Errorf("%s: the anchor in %s says %+v", row.why, h.Place, h.Says)
			}
		}
		if n := w.audited(t, "audit.restored"); n != 1 {
			t.Errorf("%s: recorded %d times", row.why, n)
		}
	}
}

// KeepAnchors leaves what another instance has moved meanwhile: the anchor that is there was verified by that one, and the next round moves it on.
func TestKeepAnchorsBesideAnotherInstance(t *testing.T) {
	w := anchored(t)
	file, times := w.Service.Anchor, 1
	w.Service.Anchor = busyPlace{file, &times}
	w.act(t, 10)
	w.turn(time.Hour)
	w.house(t)
	if got := w.held(t); got[0] != 215 || got[1] != 205 {
		t.Fatalf("anchors of %v entries: nobody was faster, so that the test would prove nothing", got)
	}
	w.turn(time.Hour)
	if s := w.house(t)["audit"]; !s.Sound() {
		t.Errorf("an anchor that lags behind is no alarm: %+v", s)
	}
	if got := w.held(t); got[1] != got[0] {
		t.Errorf("the next round left anchors of %v entries", got)
	}
}

// What was tampered with is no backup that was put back.
func TestNoRestoreOfATamperedLog(t *testing.T) {
	w := anchored(t)
	w.behind(t, `update audit_event set action = 'test.edited' where sequence = 30`)
	var bad *privacy.ChainError
	if _, err := w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"}); !errors.As(err, &bad) || bad.Sequence != 30 {
		t.Errorf("got %v", err)
	}
	if n := w.audited(t, "audit.restored"); n != 0 {
		t.Errorf("it is recorded %d times", n)
	}
	w = anchored(t)
	if found, err := w.RecordRestore(t.Context(), privacy.Actor{Kind: "system"}); err != nil || len(found) != 0 || w.audited(t, "audit.restored") != 0 {
		t.Errorf("where nothing is lost nothing is recorded: %+v, %v", found, err)
	}
}

// Two instances of the service with the same key store: each has a file of its own, which may lag far behind.
func TestAnchorsOfSeveralInstances(t *testing.T) {
	w := anchored(t)
	first := w.Service.Anchor
	second := store.AnchorFile(filepath.Join(t.TempDir(), "anchor"))
	for range 3 {
		w.Service.Anchor = second
		w.act(t, 10)
		w.turn(time.Hour)
		if s := w.house(t)["audit"]; !s.Sound() {
			t.Fatalf("%+v", s)
		}
	}
	w.Service.Anchor = first // which slept
	if got := w.held(t); got[0] != 235 || got[1] != 205 {
		t.Errorf("anchors of %v entries", got)
	}
	if s := w.house(t)["audit"]; !s.Sound() {
		t.Errorf("%+v", s)
	}
	if got := w.held(t); got[0] != 235 || got[1] != 235 {
		t.Errorf("afterwards: %v", got)
	}
	stale := consult.HeldAnchor{}
	if note, err := second.Anchor(t.Context(), "audit"); err == nil {
		stale.Note = note
	}
	if err := first.PutAnchor(t.Context(), "audit", []byte("what it read long ago"), stale.Note); !fault.Is(err, fault.Conflict) {
		t.Errorf("an instance that read before another wrote: %v", err)
	}
}
