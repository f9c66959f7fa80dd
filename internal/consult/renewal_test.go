package consult_test

import (
	"slices"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// halfYear opens a survey whose equality answers are kept for six months.
func (w *world) halfYear(t testing.TB) *consult.Consultation {
	t.Helper()
	return w.openWith(t, "resident-satisfaction", func(d *consult.Details) { d.Processing.EqualityPeriod = "P6M" })
}

// consented is somebody who agreed to the equality questions and answered one.
func (w *world) consented(t testing.TB, c *consult.Consultation) consult.Submitted {
	t.Helper()
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	return done
}

// renewing is somebody whose consent was given before the closing moved to later, a month before it ends.
func (w *world) renewing(t testing.TB) (*consult.Consultation, consult.Submitted) {
	t.Helper()
	c := w.halfYear(t)
	done := w.consented(t, c)
	d := c.Details
	d.ClosesAt = privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 3})
	if err := w.SaveDetails(t.Context(), w.staff[consult.Researcher], c.ID, c.Slug, c.Version, d); err != nil {
		t.Fatal(err)
	}
	w.turn(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 5}).Sub(w.clock()))
	return w.reload(t, c.ID), done
}

// renewNow renews with the statement that is shown.
func (w *world) renewNow(t testing.TB, c *consult.Consultation, done consult.Submitted) error {
	t.Helper()
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil {
		t.Fatal(err)
	}
	if held.Renewal == nil {
		return fault.New(fault.Closed, "no offer")
	}
	_, err = w.RenewConsent(t.Context(), done.Code, held.Renewal.In(locale.English).Hash, locale.English)
	return err
}

// ICO, manage consent; privacy.md 3.5: renewed before it ends, by the person, for as long as the notice promised and no longer.
func TestRenewingConsent(t *testing.T) {
	w := newWorld(t)
	c, done := w.renewing(t)
	first := w.eventsOf(t, done.ResponseID, consult.EqualityPurpose)
	_, err := w.RenewConsent(t.Context(), done.Code, "other words", locale.English)
	want(t, err, fault.Conflict, "a statement that was not shown")
	_, err = w.RenewConsent(t.Context(), "0000-0000-0000-0000-0000", "x", locale.English)
	want(t, err, fault.NotFound, "nobody's code")
	if err := w.renewNow(t, c, done); err != nil {
		t.Fatal(err)
	}
	events := w.eventsOf(t, done.ResponseID, consult.EqualityPurpose)
	last := events[len(events)-1]
	most := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 6})
	if len(events) != len(first)+1 || last.State != privacy.ConsentRenewed || last.RecordID != first[0].RecordID || !last.ValidUntil.Equal(most) ||
		last.NoticeVersion != 1 || last.Statement == first[0].Statement || last.Actor != "self" {
		t.Errorf("the ledger: %+v", last)
	}
	want(t, w.renewNow(t, c, done), fault.Closed, "it lasts as long as it ever may")
	receipt, err := w.Receipt(t.Context(), done.Code, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	if e := receipt.Events[len(receipt.Events)-1]; receipt.Processing.ConsentState != privacy.ConsentRenewed || e.ConsentState != privacy.ConsentRenewed ||
		e.ValidUntil != most.Format(time.RFC3339) || e.Statement != last.Statement || e.LedgerHash != last.Hash {
		t.Errorf("the receipt after renewing: %s, %+v", receipt.Processing.ConsentState, e)
	}
	if check, err := w.CheckReceipt(t.Context(), receipt.File); err != nil || check.Ledger != consult.LedgerHolds || check.Says.State != privacy.ConsentRenewed {
		t.Errorf("and it is genuine: %+v, %v", check, err)
	}
	// Past the end of the first consent the answers are still there; past the second they are not.
	for _, row := range []struct {
		why  string
		at   time.Time
		read bool
	}{
		{"after the end of what was given first", first[1].ValidUntil.Add(time.Hour), true},
		{"a second before the new end", most.Add(-time.Second), true},
		{"exactly at it", most, false},
	} {
		w.turn(row.at.Sub(w.clock()))
		held, err := w.HeldByCode(t.Context(), done.Code, "net")
		if err != nil || (len(held.Equality) > 0) != row.read {
			t.Errorf("%s: read %v, %v", row.why, held.Equality, err)
		}
	}
}

// Never past twelve months after closing, nor past what a rule of the council that somebody approved says (privacy.md 2, decision 5; decision 38).
func TestRenewingIsBounded(t *testing.T) {
	t.Run("nothing moved: there is nothing to renew", func(t *testing.T) {
		w := newWorld(t)
		c := w.halfYear(t)
		done := w.consented(t, c)
		w.turn(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 5}).Sub(w.clock()))
		want(t, w.renewNow(t, c, done), fault.Closed, "it lasts as long as was promised")
	})
	t.Run("too late", func(t *testing.T) {
		w := newWorld(t)
		c, done := w.renewing(t)
		w.turn(privacy.AddPeriod(w.clock(), privacy.Period{Months: 1}).Sub(w.clock()))
		want(t, w.renewNow(t, c, done), fault.Closed, "what has ended cannot be renewed: it is asked anew")
	})
	t.Run("withdrawn", func(t *testing.T) {
		w := newWorld(t)
		c, done := w.renewing(t)
		if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
			t.Fatal(err)
		}
		want(t, w.renewNow(t, c, done), fault.Closed, "what was withdrawn is not renewed")
	})
}

// Consent that ends by itself: reads stop at that moment; the ledger says so once, and what was held on it is erased (privacy.md 3.1).
func TestConsentExpires(t *testing.T) {
	w := newWorld(t)
	c := w.halfYear(t)
	done, other := w.consented(t, c), w.consented(t, c)
	end := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 6})
	if _, err := w.WithdrawConsent(t.Context(), other.Code); err != nil {
		t.Fatal(err)
	}
	w.turn(end.Add(-time.Second).Sub(w.clock()))
	if n, err := w.ExpireConsent(t.Context()); n != 0 || err != nil {
		t.Errorf("a second before its end: %d, %v", n, err)
	}
	w.turn(time.Second)
	if held, err := w.HeldByCode(t.Context(), done.Code, "net"); err != nil || held.Consent.State != privacy.ConsentExpired || len(held.Equality) > 0 {
		t.Errorf("exactly at its end reads stop, whatever has run: %+v, %v", held.Consent, err)
	}
	w.turn(9 * time.Hour)
	if n, err := w.ExpireConsent(t.Context()); n != 1 || err != nil {
		t.Errorf("recorded %d, %v", n, err)
	}
	if n, err := w.ExpireConsent(t.Context()); n != 0 || err != nil {
		t.Errorf("and once: %d, %v", n, err)
	}
	events := w.eventsOf(t, done.ResponseID, consult.EqualityPurpose)
	if last := events[len(events)-1]; last.State != privacy.ConsentExpired || last.Actor != "system" || last.Reason != privacy.ReasonPeriodEnded || last.CheckEvidence() != nil {
		t.Errorf("the event: %+v", last)
	}
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil || held.Consent.State != privacy.ConsentExpired || !held.Consent.At.Equal(end) {
		t.Errorf("it ended when it ended, not when that was written down: %+v, %v", held.Consent, err)
	}
	if got := states(w.eventsOf(t, other.ResponseID, consult.EqualityPurpose)); got[len(got)-1] != privacy.ConsentWithdrawn {
		t.Errorf("what was withdrawn does not expire: %v", got)
	}
	if n, err := w.RepairConsent(t.Context()); n != 1 || err != nil || w.profiles(t, c) != 0 {
		t.Errorf("erased %d, %v, %d left", n, err, w.profiles(t, c))
	}
	if w.audited(t, "consent.expired") != 1 {
		t.Error("the log says it once")
	}
}

// A change that keeps equality answers longer keeps them longer for those who agree, and for nobody else (UK GDPR art. 5(1)(e), 7(1)).
func TestLongerOnlyForWhoAgrees(t *testing.T) {
	w := newWorld(t)
	c := w.halfYear(t)
	agrees, silent, takesBack := w.consented(t, c), w.consented(t, c), w.consented(t, c)
	w.change(t, c, func(p *privacy.Processing) { p.EqualityPeriod = "P12M" }, proposal)
	for _, done := range []consult.Submitted{agrees, takesBack} {
		u := w.use(t, done.Code, privacy.PartEquality)
		if u == nil || !slices.ContainsFunc(u.Statement.Uses, func(s string) bool { return s != "" }) {
			t.Fatal("a longer time is asked about")
		}
		w.choose(t, done.Code, privacy.PartEquality, true)
	}
	if u := w.use(t, agrees.Code, privacy.PartResponses); u != nil {
		t.Error("the response is not what changed")
	}
	w.turn(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 7}).Sub(w.clock()))
	for _, run := range []func() error{func() error { return w.DisposeEquality(t.Context()) },
		func() error { _, err := w.ExpireConsent(t.Context()); return err }, func() error { _, err := w.RepairConsent(t.Context()); return err }} {
		if err := run(); err != nil {
			t.Fatal(err)
		}
	}
	read := func(done consult.Submitted) int {
		t.Helper()
		held, err := w.HeldByCode(t.Context(), done.Code, "net")
		if err != nil {
			t.Fatal(err)
		}
		return len(held.Equality)
	}
	if read(agrees) == 0 || read(silent) != 0 || read(takesBack) == 0 || w.profiles(t, c) != 2 {
		t.Errorf("read %d, %d and %d; %d profiles", read(agrees), read(silent), read(takesBack), w.profiles(t, c))
	}
	w.choose(t, takesBack.Code, privacy.PartEquality, false)
	if read(takesBack) != 0 || w.profiles(t, c) != 1 {
		t.Errorf("who takes it back after the first end has nothing left that stands: %d, %d profiles", read(takesBack), w.profiles(t, c))
	}
	w.turn(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 12}).Sub(w.clock()))
	if read(agrees) != 0 {
		t.Error("twelve months after closing nothing is left, whatever was agreed")
	}
}

// Whoever agreed before the statement said more and agrees to the whole of it again, as the pages after sending show it, renewed what they agreed to; agreeing
// again to the same is no event (privacy.md 3.5).
func TestAgreeingAgainToAStatementThatSaysMore(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.consented(t, c)
	w.consent(t, c, done.Code, true)
	if got := states(w.eventsOf(t, done.ResponseID, consult.EqualityPurpose)); len(got) != 2 {
		t.Errorf("the same statement again: %v", got)
	}
	w.change(t, c, nameNewcomer(true), proposal)
	c = w.reload(t, c.ID)
	if status := w.consent(t, c, done.Code, true); status.State != privacy.ConsentRenewed || status.Notice != 2 {
		t.Errorf("the statement of version 2: %+v", status)
	}
	w.consent(t, c, done.Code, true)
	events := w.eventsOf(t, done.ResponseID, consult.EqualityPurpose)
	last := events[len(events)-1]
	if len(events) != 3 || last.State != privacy.ConsentRenewed || last.NoticeVersion != 2 || last.RecordID != events[0].RecordID || !last.ValidUntil.Equal(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 12})) {
		t.Errorf("the ledger: %v, %+v", states(events), last)
	}
	if u := w.use(t, done.Code, privacy.PartEquality); u != nil {
		t.Errorf("they are not asked about it once more: %+v", u)
	}
	if u := w.use(t, done.Code, privacy.PartResponses); u == nil || !u.Asked {
		t.Error("about the response they still are")
	}
	if held, err := w.HeldByCode(t.Context(), done.Code, "net"); err != nil || len(held.Equality) == 0 {
		t.Errorf("the answers stay: %v", err)
	}
}
