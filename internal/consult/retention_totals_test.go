package consult_test

import (
	"context"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// anonymise makes an approved rule of it for a class.
func (w *world) anonymise(t *testing.T, class privacy.DataClass, period string) {
	t.Helper()
	settings := consult.DefaultRetention()
	for i, r := range settings.Rules {
		if r.Class == class {
			settings.Rules[i].Action, settings.Rules[i].Trigger = privacy.Anonymise, privacy.OnTotals
			settings.Rules[i].Period, settings.Rules[i].Approver = period, "officer"
		}
	}
	if faults := settings.Rules.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	w.put(t, consult.RetentionSetting, settings)
	if err := w.RefreshPreview(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// crowded opens a consultation whose notice says what it says of totals, has a crowd answer it, and closes it.
func (w *world) crowded(t *testing.T, keep bool) *consult.Consultation {
	t.Helper()
	c := w.openWith(t, "net-zero", func(d *consult.Details) { d.Processing.KeepTotals = keep })
	w.crowd(t, c, 600)
	w.turnTo(c.ClosesAt.AddDate(0, 0, consult.LateEntryDays))
	return c
}

func (w *world) item(t *testing.T, c *consult.Consultation, class privacy.DataClass) consult.RetentionItem {
	t.Helper()
	items, err := w.RetentionPlan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if i.Consultation != nil && i.Consultation.ID == c.ID && i.Rule.Class == class {
			return i
		}
	}
	t.Fatalf("no item of %s", class)
	return consult.RetentionItem{}
}

// Answers are anonymised once totals of all of them are published: what they were made from goes, the totals stay, and the certificate names both (councils.md S4-18;
// privacy.md 10.4).
func TestAnonymisingWaitsForTotals(t *testing.T) {
	w := newWorld(t)
	c := w.crowded(t, true)
	w.anonymise(t, privacy.ClassResponses, "P10D")
	if i := w.item(t, c, privacy.ClassResponses); i.Without != consult.WaitsForTotals || i.Rule.ID != privacy.RuleNotice || i.Rule.Action != privacy.Dispose {
		t.Errorf("before there are totals the notice alone holds: %+v", i)
	}
	published := w.publish(t, w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "heating"}))
	kept := privacy.KeptTotals{Release: published.ID, SHA256: published.SHA256, Report: published.ReportSHA256}
	if err := w.RefreshPreview(t.Context()); err != nil {
		t.Fatal(err)
	}
	i := w.item(t, c, privacy.ClassResponses)
	if want := privacy.AddPeriod(published.PublishedAt, privacy.Period{Days: 10}); i.Without != "" || len(i.Kept) != 1 || i.Kept[0] != kept || !i.Due.Equal(want) || i.Rule.Action != privacy.Anonymise {
		t.Fatalf("ten days after %s: %+v", published.PublishedAt, i)
	}
	w.turnTo(i.RunAt.Add(-time.Second))
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 600 {
		t.Fatalf("too early: %d, %v", w.responses(t, c), err)
	}
	w.turnTo(i.RunAt)
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 0 || w.profiles(t, c) != 0 {
		t.Fatalf("%d responses and %d profiles are left, %v", w.responses(t, c), w.profiles(t, c), err)
	}
	var x privacy.Certificate
	for _, one := range w.certificates(t) {
		if one.Class == privacy.ClassResponses {
			x = one
		}
	}
	if x.Action != privacy.Anonymise || len(x.Kept) != 1 || x.Kept[0] != kept || !x.Complete() || counted(x.Counts, "response") != 600 {
		t.Errorf("%+v", x)
	}
	if after := w.release(t, published.ID); after.State != consult.ReleasePublished || after.SHA256 != published.SHA256 {
		t.Errorf("the totals: %+v", after.State)
	}
}

// What can stand for the answers, and what cannot.
func TestWhichTotalsCount(t *testing.T) {
	for _, row := range []struct {
		why  string
		keep bool
		late int // days after closing on which it is counted
		then func(*testing.T, *world, *consult.Release)
		want string
	}{
		{"the notice says it, and everybody is counted (S4-18)", true, consult.LateEntryDays, nil, ""},
		{"people were not told (privacy.md 2, decision 3: it must be in the consent text)", false, consult.LateEntryDays, nil, consult.NotInNotice},
		{"counted while it was open: who came later would be lost", true, -1, nil, consult.WaitsForTotals},
		{"counted while paper is still typed in: so would that", true, consult.LateEntryDays - 1, nil, consult.WaitsForTotals},
		{"some people are not counted (decision 39)", true, consult.LateEntryDays, func(t *testing.T, w *world, r *consult.Release) {
			w.frozen(t, r.ID, `json_set(frozen, '$.coverage', json('{"left_out":1}'))`)
		}, consult.WaitsForTotals},
		{"the equality answers of some are not", true, consult.LateEntryDays, func(t *testing.T, w *world, r *consult.Release) {
			w.frozen(t, r.ID, `json_set(frozen, '$.coverage', json('{"silent":1}'))`)
		}, consult.WaitsForTotals},
		{"made before there were reports of the disclosure test (S4-18: with disclosure test)", true, consult.LateEntryDays, func(t *testing.T, w *world, r *consult.Release) {
			w.frozen(t, r.ID, `json_remove(frozen, '$.report_sha256')`)
		}, consult.WaitsForTotals},
		{"revoked: nothing would be kept", true, consult.LateEntryDays, func(t *testing.T, w *world, r *consult.Release) {
			if err := w.RevokeRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version, "A mistake"); err != nil {
				t.Fatal(err)
			}
		}, consult.WaitsForTotals},
	} {
		w := newWorld(t)
		c := w.openWith(t, "net-zero", func(d *consult.Details) { d.Processing.KeepTotals = row.keep })
		w.crowd(t, c, 600)
		w.turnTo(c.ClosesAt.AddDate(0, 0, row.late))
		r := w.publish(t, w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "heating"}))
		if row.then != nil {
			row.then(t, w, r)
		}
		w.anonymise(t, privacy.ClassResponses, "P10D")
		i := w.item(t, c, privacy.ClassResponses)
		if i.Without != row.want || (i.Rule.Action == privacy.Anonymise) != (row.want == "") {
			t.Errorf("%s: %q, %s", row.why, i.Without, i.Rule.Action)
		}
		w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36}))
		if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 0 {
			t.Errorf("%s: after the period of the notice %d are left, %v (art. 5(1)(e))", row.why, w.responses(t, c), err)
		}
	}
}

// frozen changes what was fixed of a release by its publication, as no part of the service could.
func (w *world) frozen(t *testing.T, id, expression string) {
	t.Helper()
	w.behindFile(t, "main.db", `update release set frozen = `+expression+` where id = '`+id+`'`)
}

// Equality answers wait for totals of their own, and are not taken by the run of the responses before (privacy.md 10.4: anonymised when the analysis is published).
func TestEqualityAnswersWaitForTheirOwnTotals(t *testing.T) {
	w := newWorld(t)
	c := w.crowded(t, true)
	settings := consult.DefaultRetention()
	for i, r := range settings.Rules {
		if r.Class == privacy.ClassEquality || r.Class == privacy.ClassResponses {
			settings.Rules[i].Action, settings.Rules[i].Trigger, settings.Rules[i].Period, settings.Rules[i].Approver = privacy.Anonymise, privacy.OnTotals, "P1D", "officer"
		}
	}
	w.put(t, consult.RetentionSetting, settings)
	agreement := w.agree(t)
	w.publish(t, w.draftRelease(t, c, agreement, consult.TableSpec{Question: "heating"}))
	held := w.profiles(t, c)
	for _, class := range []privacy.DataClass{privacy.ClassResponses, privacy.ClassEquality} {
		if i := w.item(t, c, class); i.Without != consult.WaitsForTotals {
			t.Errorf("%s: no release has counted equality answers: %+v", class, i)
		}
	}
	if err := w.RefreshPreview(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.turn(30 * 24 * time.Hour)
	if _, err := w.RunRetention(t.Context(), robot); err != nil || held == 0 || w.profiles(t, c) != held || w.responses(t, c) != 600 {
		t.Fatalf("%d of %d profiles, %d responses, %v", w.profiles(t, c), held, w.responses(t, c), err)
	}
	counts := w.publish(t, w.draftRelease(t, c, agreement, consult.TableSpec{Question: "sex"}))
	if err := w.RefreshPreview(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i := w.item(t, c, privacy.ClassEquality); len(i.Kept) != 1 || i.Kept[0].Release != counts.ID || !i.Kept[0].Equality {
		t.Errorf("the release that counted them: %+v", i.Kept)
	}
	w.turnTo(w.item(t, c, privacy.ClassEquality).RunAt)
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.profiles(t, c) != 0 || w.responses(t, c) != 0 {
		t.Errorf("%d profiles, %d responses, %v", w.profiles(t, c), w.responses(t, c), err)
	}
}

// A rule that is not followed cuts no consent short: the offer to renew lasts as long as what is done (privacy.md 3.5).
func TestRenewalKeepsToWhatIsDone(t *testing.T) {
	for _, row := range []struct {
		why    string
		action privacy.Disposal // of an approved rule of equality answers, two months after closing; empty for no such rule
		offer  bool
	}{
		{"what the notice promises", "", true},
		{"the notice does not speak of totals: the rule is not followed", privacy.Anonymise, true},
		{"the answers are gone before", privacy.Dispose, false},
	} {
		w := newWorld(t)
		_, done := w.renewing(t)
		settings := consult.DefaultRetention()
		for i, r := range settings.Rules {
			if r.Class == privacy.ClassEquality && row.action != "" {
				settings.Rules[i].Action, settings.Rules[i].Period, settings.Rules[i].Approver = row.action, "P2M", "officer"
			}
		}
		w.put(t, consult.RetentionSetting, settings)
		held, err := w.HeldByCode(t.Context(), done.Code, "net")
		if err != nil || (held.Renewal != nil) != row.offer {
			t.Errorf("%s: offer %v, %v", row.why, held.Renewal, err)
		}
	}
}

// beforeUpdate does something before one update of all.
type beforeUpdate struct {
	consult.Store
	n, at int
	do    func()
}

func (b *beforeUpdate) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if b.n++; b.n == b.at {
		b.do()
	}
	return b.Store.Update(ctx, fn)
}

// Totals that are revoked between the plan and the run stop it before anything is erased.
func TestTotalsThatAreRevokedStopTheRun(t *testing.T) {
	w := newWorld(t)
	c := w.crowded(t, true)
	r := w.publish(t, w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "heating"}))
	w.anonymise(t, privacy.ClassResponses, "P1D")
	w.turnTo(w.item(t, c, privacy.ClassResponses).RunAt)
	w.Service.Store = &beforeUpdate{Store: w.db, at: 2, do: func() { // the preview, and what begins the run
		if err := w.RevokeRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version, "A mistake"); err != nil {
			t.Error(err)
		}
	}}
	_, err := w.RunRetention(t.Context(), robot)
	w.Service.Store = w.db
	if !fault.Is(err, fault.Conflict) || w.responses(t, c) != 600 || len(w.certificates(t)) != 0 {
		t.Errorf("%d responses, %d certificates, %v", w.responses(t, c), len(w.certificates(t)), err)
	}
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 600 {
		t.Errorf("the next run: %d responses, %v", w.responses(t, c), err)
	}
}
