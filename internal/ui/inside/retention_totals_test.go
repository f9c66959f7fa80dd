package inside_test

import (
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/privacy"
)

// The researcher chooses that the notice speaks of totals; the summary and the consultation's page say so (councils.md S4-18).
func TestTheNoticeSpeaksOfTotals(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := "/office/consultations/" + w.draft.ID + "/notice"
	choose := func(value string) {
		t.Helper()
		b.Get(base + "/edit")
		_, values := filled(t, b)
		values.Set("keep_totals", value)
		if a := b.Fill(values); a.Status != 303 {
			t.Fatalf("%d %s", a.Status, a.Text())
		}
	}
	choose("yes")
	for prefix, says := range map[string]string{"": "Tested totals in which nobody can be recognised", "/cy": "Cyfansymiau a brofwyd, na ellir adnabod neb ynddynt"} {
		if a := b.Get(prefix + base); !strings.Contains(a.Text(), says) {
			t.Errorf("%s: the notice's summary: %s", prefix, a.Text())
		}
	}
	choose("no")
	if a := b.Get(base); !strings.Contains(a.Text(), "Nothing is said of totals") {
		t.Errorf("taken back: %s", a.Text())
	}
}

// The officer is told on the queue why answers are not anonymised as the rule says, and reads on the certificate which totals stay.
func TestTheOfficerSeesWhichTotalsStay(t *testing.T) {
	w := fullWorld(t)
	desk := dpo.Desk{Service: w.Service}
	faults, err := desk.SaveRule(t.Context(), w.staff[consult.DPO], 0, "responses", privacy.RetentionRule{ID: "responses", Class: privacy.ClassResponses, Stage: privacy.StageService,
		Trigger: privacy.OnTotals, Period: "P1M", Action: privacy.Anonymise, Reason: "Art. 5(1)(e)", EffectiveFrom: "2026-01-01", NextReview: "2027-01-01"})
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	b := w.signIn(t, consult.DPO)
	for prefix, says := range map[string]string{"": "the privacy notice does not say that totals are kept", "/cy": "nid yw'r hysbysiad preifatrwydd yn dweud y cedwir cyfansymiau"} {
		a := b.Get(prefix + "/office/retention")
		a.Sound(t)
		if !strings.Contains(a.Text(), says) {
			t.Errorf("%s/office/retention does not say %q: %s", prefix, says, a.Text())
		}
	}
	check(t, w.Service.Store.Update(t.Context(), func(tx consult.Writer) error {
		_, err := tx.AppendCertificate(privacy.Certificate{ID: "kept", Rule: "responses", RuleVersion: 1, Class: privacy.ClassResponses, Action: privacy.Anonymise, Consultation: w.open.ID,
			From: "2026-01-01", To: "2026-02-01", Counts: []privacy.TableCount{{Table: "response", Count: 40}}, Method: "keys_and_rows", StartedAt: tx.Now(),
			By: privacy.Actor{Kind: "system"}, Verified: []privacy.TableCount{{Table: "response"}}, BackupsUntil: "2027-01-01",
			Kept: []privacy.KeptTotals{{Release: "r-1", SHA256: strings.Repeat("a", 64), Report: strings.Repeat("b", 64)}}})
		if err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(privacy.Actor{Kind: "system"}, "test.certificate", "certificate:kept"))
	}))
	for prefix, says := range map[string]string{"": "Totals that were published when this began Release r-1, of answers to the survey: tables with SHA-256 aaaa",
		"/cy": "Cyfansymiau a oedd wedi'u cyhoeddi pan ddechreuodd hyn Datganiad r-1, o atebion i'r arolwg: tablau â SHA-256 aaaa"} {
		a := b.Get(prefix + "/office/retention/certificates/kept")
		a.Sound(t)
		if text := strings.Join(strings.Fields(a.Text()), " "); !strings.Contains(text, says) || !strings.Contains(text, "bbbb") {
			t.Errorf("%s: the certificate does not say %q: %s", prefix, says, text)
		}
	}
}
