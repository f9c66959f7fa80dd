package consult_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// protectWith changes how the council protects its releases.
func (w *world) protectWith(t *testing.T, change func(*consult.Protection)) {
	t.Helper()
	p, version, err := w.Protection(t.Context())
	must(t, err)
	change(&p)
	if found, err := w.SaveProtection(t.Context(), w.staff[consult.Administrator], version, p); err != nil || len(found) > 0 {
		t.Fatalf("%v, %v", found, err)
	}
}

var noiseSpecs = []consult.TableSpec{{Question: "heating"}, {Question: "heating", By: "ward"}, {Question: "warm_enough", By: "ward", ThenBy: "tenure"}, {Question: "warm_enough", By: "sex"}}

// Disclosure.md 0, decisions 2 and 3: many responses are published with noise, few with hidden figures; the first release of a survey decides
// for all (decision 30).
func TestManyResponsesAreReleasedWithNoise(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	all := w.crowd(t, c, 1200)
	small := w.draftRelease(t, c, a, noiseSpecs...)
	if small.Policy.Noise != nil {
		t.Error("1,200 responses of a consultation of some weeks have noise")
	}
	w.protectWith(t, func(p *consult.Protection) { p.NoiseFrom = 1000 })
	r := w.draftRelease(t, c, a, noiseSpecs...)
	if r.Policy.Noise == nil || len(r.Tables) != len(noiseSpecs) {
		t.Fatalf("%d tables, findings %v", len(r.Tables), texts(r))
	}
	if !blocked(r, "") && len(texts(r)) == 0 {
		t.Error("nobody explains the noise to the officer")
	}
	shown, inside, exact := 0, 0, 0
	count := func(table consult.ReleaseTable) {
		for i, row := range table.Rows {
			group := func(v *visit) bool {
				for _, g := range table.Group(row) {
					if !inGroup(v, g[0], g[1]) {
						return false
					}
				}
				return true
			}
			base, told := number(row.Base)
			if !told {
				continue
			}
			if base < 20 || base < 2*half(row.BaseMargin) {
				t.Errorf("%s, row %d: a group of %d with margin %q", table.ID, i, base, row.BaseMargin)
			}
			for j, column := range table.Columns {
				n, _ := number(row.Counts[j])
				margin, _ := number(row.Margins[j])
				real := truth(all, func(v *visit) bool { return group(v) && answered(v, table.Question, column.Code) })
				shown++
				if d := n - real; d >= -margin && d <= margin {
					inside++
				}
				if n == (real+2)/5*5 {
					exact++
				}
				if p, err := strconv.ParseFloat(string(row.Percent[j]), 64); err != nil || base < 1000 && p != min(100, float64((200*n+base)/(2*base))) {
					t.Errorf("R5: %s, row %d: %s %% is not of %d and %d as shown", table.ID, i, row.Percent[j], n, base)
				}
				if row.Points[j] == "" {
					t.Errorf("%s, row %d: a percentage without margin", table.ID, i)
				}
			}
		}
	}
	for range 5 { // each month has noise of its own; in one alone, of 180 figures that hang together, now and then a twelfth is outside
		w.turn(31 * 24 * time.Hour)
		r = w.draftRelease(t, c, a, noiseSpecs...)
		for _, table := range r.Tables {
			count(table)
		}
	}
	if shown < 500 || inside*100 < shown*93 || exact*100 > shown*60 {
		t.Errorf("of %d figures %d are within their margin and %d are the rounded truth", shown, inside, exact)
	}
	if everybody, alone := r.Tables[1].Rows[0], r.Tables[0].Rows[0]; fmt.Sprint(everybody.Counts) != fmt.Sprint(alone.Counts) {
		t.Errorf("everybody is %v in one table and %v in the other", everybody.Counts, alone.Counts)
	}
	again := w.draftRelease(t, c, a, noiseSpecs...)
	if fmt.Sprint(again.Tables) != fmt.Sprint(r.Tables) {
		t.Error("A19: the same figures have other noise: asking often takes it off")
	}

	r = w.publish(t, r)
	if r.Facts == nil || r.Facts.Policy.Noise == nil {
		t.Error("the files do not speak of the noise")
	}
	w.protectWith(t, func(p *consult.Protection) { p.NoiseFrom = 100_000 })
	if next := w.draftRelease(t, c, a, noiseSpecs...); next.Policy.Noise == nil {
		t.Error("a survey that was released with noise is released exactly now")
	}
}

// Decision 30: what was released with hidden figures stays with them, however many answer.
func TestAReleasedSurveyKeepsItsMode(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	w.crowd(t, c, 1000)
	w.publish(t, w.draftRelease(t, c, a, withoutEquality...))
	w.crowd(t, c, 60)
	w.protectWith(t, func(p *consult.Protection) { p.NoiseFrom = 1000 })
	if r := w.draftRelease(t, c, a, withoutEquality...); r.Policy.Noise != nil || len(r.Tables) == 0 {
		t.Errorf("noise on top of exact figures: %v", texts(r))
	}
}

// Disclosure.md 0, decision 3: continuous feedback has noise from fewer responses than a one-off consultation.
func TestContinuousFeedback(t *testing.T) {
	w := newWorld(t)
	c := w.openWith(t, "net-zero", func(d *consult.Details) { d.ClosesAt = d.OpensAt.AddDate(1, 0, 0) })
	a := w.agree(t)
	w.crowd(t, c, 1000)
	w.protectWith(t, func(p *consult.Protection) { p.ContinuousFrom = 1001 })
	if r := w.draftRelease(t, c, a, withoutEquality...); r.Policy.Noise != nil {
		t.Error("1,000 are not 1,001")
	}
	w.protectWith(t, func(p *consult.Protection) { p.ContinuousFrom = 1000 })
	if r := w.draftRelease(t, c, a, withoutEquality...); r.Policy.Noise == nil {
		t.Error("feedback over a year is released as a one-off consultation")
	}
}

// Disclosure.md 3.5: the ledger is written in the transaction that publishes, an overdraft is refused, the same figures cost nothing again, and a
// change within a period is refused until the next.
func TestTheLedgerOfNoise(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	all := w.crowd(t, c, 1000)
	w.protectWith(t, func(p *consult.Protection) { p.NoiseFrom, p.QuestionBudget, p.PersonBudget = 1000, 15, 20 }) // rho 0.15 and 0.20; a table costs 1/40
	researcher := w.staff[consult.Researcher]
	ledger := func() *consult.PrivacyLedger {
		l, err := w.PrivacyLedger(t.Context(), researcher, c.ID)
		must(t, err)
		return l
	}
	if l := ledger(); len(l.Lines) != 0 || l.Spent.Person.Num != 0 {
		t.Errorf("spent before anything was: %+v", l)
	}
	r := w.draftRelease(t, c, a, noiseSpecs...)
	e, err := w.EstimateRelease(t.Context(), researcher, c.ID, a.ID, noiseSpecs)
	if err != nil || e.Noise == nil || e.Noise.Cost != (noise.Rho{Num: 1, Den: 10}) || e.Refused {
		t.Fatalf("four tables would cost %+v, %v", e.Noise, err)
	}
	if l := ledger(); len(l.Lines) != 0 {
		t.Error("a draft is paid")
	}
	must(t, w.ProposeRelease(t.Context(), researcher, r.ID, r.Version, checked))
	must(t, w.wouldApprove(t, w.staff[consult.Approver], w.release(t, r.ID)))
	if l := ledger(); len(l.Lines) != 0 {
		t.Error("a publication that failed is paid")
	}
	changed := w.release(t, r.ID)
	right := changed.Tables[0].Rows[0].Counts[0]
	for _, figure := range []consult.ReleaseCell{"1", right} {
		changed.Tables[0].Rows[0].Counts[0] = figure
		must(t, w.Store.Update(t.Context(), func(tx consult.Writer) error {
			return errors.Join(tx.UpdateRelease(changed), tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test", Object: "release:" + r.ID}))
		}))
		err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, changed.Version, false)
		if right == figure {
			must(t, err)
		} else {
			want(t, err, fault.Conflict, "the tables are not those that the noise was drawn for")
		}
	}
	l := ledger()
	if len(l.Lines) != 1 || l.Lines[0].Release.ID != r.ID || l.Spent.Person != (noise.Rho{Num: 1, Den: 10}) {
		t.Fatalf("the ledger has %+v", l)
	}
	spent := map[string]noise.Rho{}
	for _, q := range l.Questions {
		spent[q.ID] = q.Spent
		if q.Label[locale.English] == "" {
			t.Errorf("%s has no name", q.ID)
		}
	}
	if spent["heating"] != (noise.Rho{Num: 1, Den: 20}) || spent["ward"] != (noise.Rho{Num: 1, Den: 20}) || spent["sex"] != (noise.Rho{Num: 1, Den: 40}) {
		t.Errorf("the questions cost %v", spent)
	}
	d, err := w.DisclosureReport(t.Context(), researcher, r.ID)
	if err != nil || d.Noise == nil || d.Noise.Before.Person.Num != 0 || d.Noise.After.Person != (noise.Rho{Num: 1, Den: 10}) || len(d.Loss) != len(noiseSpecs)+1 {
		t.Fatalf("the report says %+v, %v", d, err)
	}

	again := w.draftRelease(t, c, a, append([]consult.TableSpec{{Question: "tenure"}}, noiseSpecs...)...)
	again = w.publish(t, again)
	if l := ledger(); len(l.Lines) != 2 || l.Spent.Person != (noise.Rho{Num: 1, Den: 8}) {
		t.Errorf("one new table beside four that left before costs %v", l.Spent.Person)
	}
	if fmt.Sprint(again.Tables[1:]) != fmt.Sprint(r.Tables) {
		t.Error("figures that left before are others now")
	}

	over := w.draftRelease(t, c, a, consult.TableSpec{Question: "tenure", By: "ward"}, consult.TableSpec{Question: "tenure", By: "channel"}, consult.TableSpec{Question: "warm_enough"},
		consult.TableSpec{Question: "heating", By: "tenure"})
	if !blocked(over, "privacy budget than is left") {
		t.Errorf("rho 0.225 of 0.2: %v", texts(over))
	}
	want(t, w.ProposeRelease(t.Context(), researcher, over.ID, over.Version, checked), fault.Conflict, "what would overdraw is not proposed")

	fits := w.draftRelease(t, c, a, consult.TableSpec{Question: "tenure", By: "ward"})
	must(t, w.ProposeRelease(t.Context(), researcher, fits.ID, fits.Version, checked))
	w.protectWith(t, func(p *consult.Protection) { p.PersonBudget = 14 })
	want(t, w.ApproveRelease(t.Context(), w.staff[consult.Approver], fits.ID, fits.Version+1, false), fault.Conflict, "the budget was lowered since")
	if now := w.release(t, fits.ID); now.State != consult.ReleaseProposed {
		t.Errorf("it is %s all the same", now.State)
	}
	w.protectWith(t, func(p *consult.Protection) { p.PersonBudget = 30 })

	must(t, w.WithdrawResponse(t.Context(), all[0].done.Code))
	moved := w.draftRelease(t, c, a, noiseSpecs...)
	if !blocked(moved, "published from another snapshot") || !blocked(moved, "or later: every month has noise of its own") {
		t.Errorf("somebody left within the period: %v", texts(moved))
	}
	w.turn(31 * 24 * time.Hour)
	if later := w.draftRelease(t, c, a, noiseSpecs...); blocked(later, "privacy budget") || len(later.Tables) != len(noiseSpecs) {
		t.Errorf("a month later: %v", texts(later))
	}
}

// half reads a margin of error.
func half(c consult.ReleaseCell) int {
	n, err := strconv.Atoi(string(c))
	if err != nil {
		return 1_000_000 // there must be one
	}
	return n
}
