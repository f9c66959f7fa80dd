package storetest

import (
	"bytes"
	"errors"
	"math"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// testLogs: the ledgers read as logs, and what vouches for them.
func testLogs(t *testing.T, s Store) {
	const events = 4100 // more than two pages
	ctx, logs := t.Context(), s.Logs()
	c := AddConsultation(t, s)
	Write(t, s, func(w consult.Writer) error {
		for range events - 2 {
			if err := w.AppendAudit(Event()); err != nil {
				return err
			}
		}
		_, err := w.AppendConsent(ConsentEvent(c.ID, "p1", privacy.ConsentGiven))
		return err
	})
	for log, want := range map[string]int64{privacy.AuditLog: events, privacy.ConsentLog: 1} {
		if got, err := logs.LogEnd(ctx, log); got != want || err != nil {
			t.Errorf("the %s log ends at %d, %v", log, got, err)
		}
	}
	whole := privacy.NewWalk(privacy.AuditLog, nil, nil, nil)
	if err := logs.EachAuditEntry(ctx, math.MinInt64, events, whole.Audit); err != nil || whole.Head().Size != events {
		t.Errorf("the whole audit log: %v, %d entries", err, whole.Head().Size)
	}
	ledger := privacy.NewWalk(privacy.ConsentLog, nil, nil, nil)
	if err := logs.EachConsentEntry(ctx, math.MinInt64, 1, ledger.Consent); err != nil || ledger.Head().Size != 1 {
		t.Errorf("the whole consent ledger: %v, %d entries", err, ledger.Head().Size)
	}
	var first, last int64
	err := logs.EachAuditEntry(ctx, 100, 2500, func(e privacy.AuditEvent) error {
		if first == 0 {
			first = e.Sequence
		}
		last = e.Sequence
		return nil
	})
	if first != 101 || last != 2500 || err != nil {
		t.Errorf("a part of the log: %d to %d, %v", first, last, err)
	}
	enough := errors.New("enough")
	if err := logs.EachAuditEntry(ctx, 0, events, func(privacy.AuditEvent) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("stopped: %v", err)
	}
	_, hash := whole.End()
	hashes, err := logs.LogHashes(ctx, privacy.AuditLog, events-1, 10)
	if len(hashes) != 2 || hashes[1] != hash || err != nil {
		t.Errorf("the last hashes: %v, %v", hashes, err)
	}
	testCheckpoints(t, logs)
	testLogState(t, s)
	Anchors(t, s.Anchor())
}

// Anchors tests a place of anchors, which is empty: a place keeps one note of each log, and gives way only to whoever read it.
func Anchors(t *testing.T, place consult.AnchorPlace) {
	ctx := t.Context()
	_, err := place.Anchor(ctx, privacy.AuditLog)
	want(t, err, fault.NotFound, "before the first anchor")
	one, two := []byte("note — signed\n"), []byte("another\n")
	want(t, place.PutAnchor(ctx, privacy.AuditLog, one, two), fault.Conflict, "nothing is there that could be replaced")
	for _, step := range []struct{ was, note []byte }{{nil, one}, {one, two}} {
		if err := place.PutAnchor(ctx, privacy.AuditLog, step.was, step.note); err != nil {
			t.Fatal(err)
		}
		want(t, place.PutAnchor(ctx, privacy.AuditLog, step.was, one), fault.Conflict, "another instance was faster")
		if note, err := place.Anchor(ctx, privacy.AuditLog); err != nil || !bytes.Equal(note, step.note) {
			t.Errorf("kept %q, %v", note, err)
		}
	}
	_, err = place.Anchor(ctx, privacy.ConsentLog)
	want(t, err, fault.NotFound, "of the other log")
	if err := place.PutAnchor(ctx, privacy.ConsentLog, nil, one); err != nil {
		t.Fatal(err)
	}
	if note, err := place.Anchor(ctx, privacy.AuditLog); err != nil || !bytes.Equal(note, two) {
		t.Errorf("after the other log's: %q, %v", note, err)
	}
}

func testCheckpoints(t *testing.T, logs consult.LogStore) {
	ctx := t.Context()
	at := func(size int64, public bool) consult.Checkpoint {
		return consult.Checkpoint{Log: privacy.AuditLog, Size: size, Public: public, MadeAt: Moment.Add(time.Duration(size) * time.Second), Note: []byte("note — signed\n")}
	}
	_, err := logs.NewestCheckpoint(ctx, privacy.AuditLog, false)
	want(t, err, fault.NotFound, "before the first checkpoint")
	blocks := []seal.Hash{{1}, {2}, {3}}
	if err := logs.AddCheckpoints(ctx, privacy.AuditLog, 0, blocks[:2], []consult.Checkpoint{at(500, true), at(530, false)}); err != nil {
		t.Fatal(err)
	}
	if err := logs.AddCheckpoints(ctx, privacy.AuditLog, 2, blocks[2:], []consult.Checkpoint{at(800, false)}); err != nil {
		t.Fatal(err)
	}
	if err := logs.AddCheckpoints(ctx, privacy.ConsentLog, 0, nil, []consult.Checkpoint{{Log: privacy.ConsentLog, Size: 3, MadeAt: Moment, Note: []byte("n")}}); err != nil {
		t.Fatal(err)
	}
	want(t, logs.AddCheckpoints(ctx, privacy.AuditLog, 2, blocks[2:], []consult.Checkpoint{at(900, false)}), fault.Conflict, "a block twice")
	want(t, logs.AddCheckpoints(ctx, privacy.AuditLog, 3, blocks[:1], []consult.Checkpoint{at(800, false)}), fault.Conflict, "a checkpoint twice")
	got, err := logs.LogBlocks(ctx, privacy.AuditLog, 1, 10)
	if len(got) != 2 || got[0] != blocks[1] || got[1] != blocks[2] || err != nil {
		t.Errorf("blocks: %v, %v", got, err)
	}
	all, err := logs.Checkpoints(ctx, privacy.AuditLog)
	if len(all) != 3 || all[0].Size != 500 || !all[0].Public || !bytes.Equal(all[2].Note, at(0, false).Note) || !all[2].MadeAt.Equal(at(800, false).MadeAt) || err != nil {
		t.Errorf("checkpoints: %+v, %v", all, err)
	}
	if c, err := logs.NewestCheckpoint(ctx, privacy.AuditLog, false); err != nil || c.Size != 800 {
		t.Errorf("the newest: %+v, %v", c, err)
	}
	if c, err := logs.NewestCheckpoint(ctx, privacy.AuditLog, true); err != nil || c.Size != 500 {
		t.Errorf("the newest for everybody: %+v, %v", c, err)
	}
	if c, err := logs.PublicCheckpoint(ctx, privacy.AuditLog, 500); err != nil || c.Size != 500 {
		t.Errorf("for everybody: %+v, %v", c, err)
	}
	if err := logs.ReplaceBlocks(ctx, privacy.AuditLog, []seal.Hash{{9}, {8}}); err != nil {
		t.Fatal(err)
	}
	if got, err := logs.LogBlocks(ctx, privacy.AuditLog, 0, 10); len(got) != 2 || got[0] != (seal.Hash{9}) || err != nil {
		t.Errorf("blocks made anew: %v, %v", got, err)
	}
	_, err = logs.PublicCheckpoint(ctx, privacy.AuditLog, 530)
	want(t, err, fault.NotFound, "not for everybody")
	_, err = logs.NewestCheckpoint(ctx, privacy.ConsentLog, true)
	want(t, err, fault.NotFound, "none for everybody")
}

func testLogState(t *testing.T, s Store) {
	ctx, logs := t.Context(), s.Logs()
	_, _, err := logs.LogState(ctx, privacy.AuditLog)
	want(t, err, fault.NotFound, "before the first verification")
	if err := logs.PutLogState(ctx, privacy.AuditLog, []byte("one"), 0); err != nil {
		t.Fatal(err)
	}
	want(t, logs.PutLogState(ctx, privacy.AuditLog, []byte("x"), 0), fault.Conflict, "two instances are the first")
	if err := logs.PutLogState(ctx, privacy.AuditLog, []byte("two"), 1); err != nil {
		t.Fatal(err)
	}
	want(t, logs.PutLogState(ctx, privacy.AuditLog, []byte("x"), 1), fault.Conflict, "another instance was faster")
	if sealed, version, err := logs.LogState(ctx, privacy.AuditLog); string(sealed) != "two" || version != 2 || err != nil {
		t.Errorf("the state: %q %d, %v", sealed, version, err)
	}
	end := func() int64 {
		n, err := logs.LogEnd(ctx, privacy.AuditLog)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := end()
	want(t, logs.PutLogState(ctx, privacy.AuditLog, []byte("x"), 1, Event()), fault.Conflict, "another instance was faster")
	if now := end(); now != before {
		t.Errorf("what was not stored was told: %d entries after %d", now, before)
	}
	if err := logs.PutLogState(ctx, privacy.AuditLog, []byte("three"), 2, Event()); err != nil || end() != before+1 {
		t.Errorf("the state and its entry: %v, %d entries after %d", err, end(), before)
	}
}
