package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/fault"
)

// The ledger of releases with noise holds with publication or not at all, and is never overdrawn (disclosure.md 3.5).
func testPrivacyLoss(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	addAgreement(t, s, "a1", "p1")
	person, question := noise.Rho{Num: 1, Den: 1}, noise.Rho{Num: 1, Den: 2}
	loss := func(release, epoch, snapshot string, tables uint64) consult.PrivacyLoss {
		v := noise.Variance{Num: 40, Den: 1}
		rho, err := v.Cost(true).Times(tables)
		if err != nil {
			t.Fatal(err)
		}
		return consult.PrivacyLoss{Survey: c.ID, Epoch: epoch, Snapshot: snapshot, Release: release, Variance: v, Person: rho,
			Questions: map[string]noise.Rho{"sat": rho}}
	}
	// publish is what the service does in one transaction.
	publish := func(e consult.PrivacyLoss) error {
		return TryWrite(s, func(w consult.Writer) error {
			r, err := w.Release(e.Release)
			if err != nil {
				return err
			}
			r.State, r.Facts = consult.ReleasePublished, &consult.ReleaseFacts{Purpose: "Planning"}
			return errors.Join(w.UpdateRelease(r), consult.SpendPrivacy(w, person, question, e))
		})
	}
	for _, id := range []string{"r1", "r2", "r3"} {
		r := &consult.Release{ID: id, ConsultationID: c.ID, AgreementID: "a1", State: consult.ReleaseDraft, SnapshotAt: Moment, Version: 1}
		Write(t, s, func(w consult.Writer) error { return w.AddRelease(r) })
	}
	first, last := loss("r1", "2026-03", "s1", 15), loss("r3", "2026-04", "s2", 5)
	if err := publish(first); err != nil {
		t.Fatal(err)
	}
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AppendPrivacyLoss(&first) }), fault.Conflict, "a release is paid once")
	want(t, publish(loss("r2", "2026-04", "s2", 6)), fault.Conflict, "6 tables of 1/40 after 15 are more than 1/2")
	want(t, publish(loss("r2", "2026-03", "s2", 1)), fault.Conflict, "another snapshot of a period: its noise would be the same")
	Read(t, s, func(r consult.Reader) error {
		refused, err := r.Release("r2")
		if err != nil || refused.State != consult.ReleaseDraft {
			t.Errorf("refused by the ledger and published all the same: %v, %v", refused, err)
		}
		return nil
	})
	if err := publish(last); err != nil {
		t.Errorf("what is left is enough for 5: %v", err)
	}
	if TryWrite(s, func(w consult.Writer) error { e := loss("absent", "2026-05", "s3", 1); return w.AppendPrivacyLoss(&e) }) == nil {
		t.Error("a loss without a release is kept")
	}
	Read(t, s, func(r consult.Reader) error {
		got, err := r.PrivacyLoss(c.ID)
		if diff := cmp.Diff([]*consult.PrivacyLoss{&first, &last}, got); err != nil || diff != "" {
			t.Errorf("ledger: %v %s", err, diff)
		}
		none, err := r.PrivacyLoss("another")
		if len(none) != 0 {
			t.Errorf("another consultation has spent nothing: %v", none)
		}
		return err
	})
}
