package consult_test

import (
	"bytes"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// TestApprovalChecksTheProof: what is published is what was protected. A draft whose stored tables or certificate are not those of its
// protection is refused, whoever changed them and how.
func TestApprovalChecksTheProof(t *testing.T) {
	specs := []consult.TableSpec{{Question: "heating"}, {Question: "insulation"}, {Question: "barriers", By: "ward"}, {Question: "warm_enough", By: "sex"}}
	for _, c := range []struct {
		why    string
		change func(t *testing.T, w *world, r *consult.Release)
		kind   fault.Kind
	}{
		{"nothing has changed", func(*testing.T, *world, *consult.Release) {}, ""},
		{"a hidden figure is filled in", func(t *testing.T, w *world, r *consult.Release) {
			for i := range r.Tables {
				for j := range r.Tables[i].Rows {
					for k, n := range r.Tables[i].Rows[j].Counts {
						if n == consult.Hidden {
							r.Tables[i].Rows[j].Counts[k] = "5"
							return
						}
					}
				}
			}
			t.Fatal("nothing is hidden: the test tests nothing")
		}, fault.Conflict},
		{"a shown figure is changed", func(_ *testing.T, _ *world, r *consult.Release) { r.Tables[0].Rows[0].Counts[0] = "1" }, fault.Conflict},
		{"a table is taken away and the rest are still safe", func(_ *testing.T, _ *world, r *consult.Release) { r.Tables = r.Tables[1:] }, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := newWorld(t)
			survey := w.open(t, "net-zero")
			w.crowd(t, survey, 600)
			r := w.draftRelease(t, survey, w.agree(t), specs...)
			if err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, checked); err != nil {
				t.Fatal(err)
			}
			r = w.release(t, r.ID)
			c.change(t, w, r)
			if err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
				if err := tx.UpdateRelease(r); err != nil {
					return err
				}
				return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test", Object: "release:" + r.ID})
			}); err != nil {
				t.Fatal(err)
			}
			err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version, false)
			if c.kind == "" && err != nil || c.kind != "" && !fault.Is(err, c.kind) {
				t.Errorf("approval: %v", err)
			}
		})
	}
}

// TestTheProofIsSealed: the true counts of what a release hides are not readable where they lie.
func TestTheProofIsSealed(t *testing.T) {
	w := newWorld(t)
	survey := w.open(t, "net-zero")
	w.crowd(t, survey, 200)
	r := w.draftRelease(t, survey, w.agree(t), consult.TableSpec{Question: "heating"})
	if err := w.Store.View(t.Context(), func(tx consult.Reader) error {
		sealed, err := tx.ReleaseCertificate(r.ID)
		if len(sealed) < 100 || bytes.Contains(sealed, []byte("heating")) || bytes.HasPrefix(sealed, []byte{0x1f, 0x8b}) {
			t.Errorf("%d bytes that can be read", len(sealed))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.EraseReleaseDraft(t.Context(), w.staff[consult.Researcher], r.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.View(t.Context(), func(tx consult.Reader) error {
		_, err := tx.ReleaseCertificate(r.ID)
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("the certificate of an erased draft: %v", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
