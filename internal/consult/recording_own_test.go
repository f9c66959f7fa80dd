package consult_test

import (
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// agreedOnPaper is somebody whose form, with a signed consent, an officer has entered.
func (w *world) agreedOnPaper(t testing.TB, c *consult.Consultation, scan string) consult.Submitted {
	t.Helper()
	by, rec := w.staff[consult.Interviewer], w.paper(t, c, scan)
	d, form, err := w.BeginRecording(t.Context(), by, c.ID, rec)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = answers()
	done, err := w.RecordResponse(t.Context(), by, d, rec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.DecideConsentFor(t.Context(), by, done.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: form.StatementHash}); err != nil {
		t.Fatal(err)
	}
	return done
}

// privacy.md 3.5: the ledger says by which way each thing was said. What somebody who answered on paper does with the code is done on the website.
func TestOnTheWebsiteAfterPaper(t *testing.T) {
	w := newWorld(t)
	c := w.halfYear(t)
	done := w.agreedOnPaper(t, c, "DOC-2026-0101")
	last := func(why string, state privacy.ConsentState, channel string) {
		t.Helper()
		all := w.events(t, done)
		if e := all[len(all)-1]; e.State != state || e.Channel != channel || channel == "web" && (e.Actor != "self" || e.Evidence != (privacy.Evidence{})) {
			t.Errorf("%s: %s by %s, channel %s, %+v", why, e.State, e.Actor, e.Channel, e.Evidence)
		}
	}
	last("signed", privacy.ConsentGiven, "paper")
	if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
		t.Fatal(err)
	}
	last("withdrawn with the code", privacy.ConsentWithdrawn, "web")
	w.consent(t, c, done.Code, true)
	last("agreed anew with the code", privacy.ConsentGiven, "web")
	w.consent(t, c, done.Code, false)
	last("refused after agreeing", privacy.ConsentWithdrawn, "web")

	w.partner(t, newcomer)
	done = w.agreedOnPaper(t, c, "DOC-2026-0102")
	w.change(t, c, nameNewcomer(true), proposal)
	w.choose(t, done.Code, privacy.PartResponses, true)
	last("agreed to a new use", privacy.ConsentGiven, "web")
	w.choose(t, done.Code, privacy.PartResponses, false)
	last("and withdrew that", privacy.ConsentWithdrawn, "web")
}

func TestRenewedOnTheWebsiteAfterPaper(t *testing.T) {
	w := newWorld(t)
	c := w.halfYear(t)
	done := w.agreedOnPaper(t, c, "DOC-2026-0103")
	d := c.Details
	d.ClosesAt = privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 3})
	if err := w.SaveDetails(t.Context(), w.staff[consult.Researcher], c.ID, c.Slug, c.Version, d); err != nil {
		t.Fatal(err)
	}
	w.turn(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 5}).Sub(w.clock()))
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil || held.Renewal == nil {
		t.Fatal("no renewal is offered", err)
	}
	if _, err := w.RenewConsent(t.Context(), done.Code, held.Renewal.In(locale.English).Hash, locale.English); err != nil {
		t.Fatal(err)
	}
	all := w.events(t, done)
	if e := all[len(all)-1]; e.State != privacy.ConsentRenewed || e.Channel != "web" || e.Actor != "self" {
		t.Errorf("renewed with the code: %s by %s, channel %s", e.State, e.Actor, e.Channel)
	}
}
