package consult_test

import (
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

var releaseTitle = locale.Text{locale.English: "Results", locale.Welsh: "Canlyniadau"}

// agree records an agreement with the partner of the world, good for a year.
func (w *world) agree(t testing.TB) *consult.Agreement {
	t.Helper()
	a, err := w.AddAgreement(t.Context(), w.staff[consult.Approver], consult.Agreement{
		NotMarketing: true, PartnerID: w.staff[consult.PartnerUser].PartnerID, Purpose: "Planning", Promises: "No re-identification", ContactName: "Fen",
		ContactEmail: "fen@example.org", StartsOn: w.clock().Format(time.DateOnly), ExpiresAt: w.clock().AddDate(1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) draftRelease(t testing.TB, c *consult.Consultation, a *consult.Agreement, specs ...consult.TableSpec) *consult.Release {
	t.Helper()
	r, err := w.DraftRelease(t.Context(), w.staff[consult.Researcher], c.ID, a.ID, releaseTitle, specs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (w *world) release(t testing.TB, id string) *consult.Release {
	t.Helper()
	r, err := w.Release(t.Context(), w.staff[consult.Researcher], id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// publish takes a draft through both people.
func (w *world) publish(t testing.TB, r *consult.Release) *consult.Release {
	t.Helper()
	if err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, checked); err != nil {
		t.Fatal(err)
	}
	if err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version+1, false); err != nil {
		t.Fatal(err)
	}
	return w.release(t, r.ID)
}

func TestAReleaseTellsTheTruthAndNothingSmall(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 600)
	r := w.publish(t, w.draftRelease(t, c, w.agree(t),
		consult.TableSpec{Question: "heating"}, consult.TableSpec{Question: "insulation"}, consult.TableSpec{Question: "warm_enough", By: "ward"},
		consult.TableSpec{Question: "tenure", By: "ward"}, consult.TableSpec{Question: "warm_enough", By: "sex"}, consult.TableSpec{Question: "sex"}))
	if r.Responses != 600 || len(r.Tables) == 0 || r.SHA256 == "" {
		t.Fatalf("%d responses, %d tables", r.Responses, len(r.Tables))
	}
	seen := map[string]bool{}
	for _, table := range r.Tables {
		seen[table.Question+"/"+table.By] = true
		for _, row := range table.Rows {
			checkRow(t, all, table, row)
		}
	}
	for _, id := range []string{"heating/", "insulation/", "warm_enough/ward"} {
		if !seen[id] {
			t.Errorf("the table %s is missing; there are %v", id, seen)
		}
	}
	if r.Report.Hidden == 0 || r.Report.ByRule["secondary"]+r.Report.ByRule["repair"] == 0 {
		t.Errorf("in 600 responses something must be hidden, and something to protect it: %+v", r.Report)
	}
}

// checkRow compares the figures of a row with the truth. Headline counts are exact; others lie within the rounding; nothing shown stands
// for fewer people than the thresholds.
func checkRow(t *testing.T, all []*visit, table consult.ReleaseTable, row consult.ReleaseRow) {
	t.Helper()
	where := table.ID + " " + row.Code
	base := func(v *visit) bool { return row.Code == "total" || inGroup(v, table.By, row.Code) }
	if n, ok := number(row.Base); ok {
		near(t, where+" base", n, truth(all, base), row.Code == "total")
		if real := truth(all, base); real < 10 { // a group that nobody is in has no row
			t.Errorf("%s: a base of %d is shown (R2)", where, real)
		}
	}
	for i, column := range table.Columns {
		n, ok := number(row.Counts[i])
		if !ok {
			if row.Counts[i] != consult.Hidden || row.Percent[i] != consult.Hidden {
				t.Errorf("%s %s: hidden as %q and %q (R13)", where, column.Code, row.Counts[i], row.Percent[i])
			}
			continue
		}
		if len(column.Code) > 5 && column.Code[:5] == "band_" {
			continue // bands are sums of codes
		}
		real := truth(all, func(v *visit) bool { return base(v) && answered(v, table.Question, column.Code) })
		near(t, where+" "+column.Code, n, real, row.Code == "total")
		// R3: 5 for an ordinary answer, always 10, and no zero, in cells of a special category.
		if special := table.Question == "sex" || table.By == "sex"; real > 0 && real < 5 || special && real < 10 {
			t.Errorf("%s %s: %d people are shown (R3)", where, column.Code, real)
		}
	}
}

func inGroup(v *visit, by, code string) bool {
	if by == "ward" {
		for _, ward := range wardsOf()[code] { // an area is the sum of its wards
			if gave(v, "ward", ward) {
				return true
			}
		}
		return gave(v, "ward", code)
	}
	return answered(v, by, code)
}

// wardsOf are the wards of each area.
var wardsOf = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, w := range geography().Wards {
		out[w.Area] = append(out[w.Area], w.Code)
	}
	return out
})

// answered reads equality answers of those who agreed only.
func answered(v *visit, question, code string) bool {
	if question != "sex" {
		return gave(v, question, code)
	}
	if !v.consents || len(v.equality["sex"].Codes) == 0 {
		return code == survey.CodeNotAnswered
	}
	return v.equality["sex"].Codes[0] == code
}

func number(c consult.ReleaseCell) (int, bool) {
	n, err := strconv.Atoi(string(c))
	return n, err == nil
}

func near(t *testing.T, what string, shown, real int, exact bool) {
	t.Helper()
	if exact && shown != real || shown-real > 2 || real-shown > 2 {
		if real != 0 || shown > 600 { // an area row has no truth here
			t.Errorf("%s: shown %d, in truth %d", what, shown, real)
		}
	}
}

func TestTwoPeopleMakeARelease(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 120)
	a := w.agree(t)
	r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"})
	approver := w.staff[consult.Approver]
	want(t, w.ApproveRelease(t.Context(), approver, r.ID, r.Version, false), fault.Conflict, "a draft that nobody proposed")
	if err := w.ProposeRelease(t.Context(), approver, r.ID, r.Version, checked); err != nil {
		t.Fatal(err)
	}
	want(t, w.ApproveRelease(t.Context(), approver, r.ID, r.Version+1, false), fault.Forbidden, "the person who proposed it")
	want(t, w.ApproveRelease(t.Context(), w.staff[consult.DPO], r.ID, r.Version, false), fault.Conflict, "an older version")
	want(t, w.ReturnRelease(t.Context(), w.staff[consult.DPO], r.ID, r.Version+1, "  "), fault.Invalid, "sent back without a reason")
	if err := w.ReturnRelease(t.Context(), w.staff[consult.DPO], r.ID, r.Version+1, "Which question?"); err != nil {
		t.Fatal(err)
	}
	if back := w.release(t, r.ID); back.State != consult.ReleaseReturned || back.ReturnNote != "Which question?" {
		t.Errorf("returned: %+v", back)
	}
	_, _, err := w.ShelfRelease(t.Context(), w.staff[consult.PartnerUser], r.ID, "csv")
	want(t, err, fault.NotFound, "the partner knows nothing of what is not published")
	if err := w.ProposeRelease(t.Context(), approver, r.ID, r.Version+2, checked); err != nil {
		t.Fatal(err)
	}
	if err := w.ApproveRelease(t.Context(), w.staff[consult.DPO], r.ID, r.Version+3, false); err != nil {
		t.Fatal(err)
	}
	published := w.release(t, r.ID)
	if published.State != consult.ReleasePublished || published.ApprovedBy == published.ProposedBy {
		t.Errorf("published: %+v", published)
	}
	want(t, w.EraseReleaseDraft(t.Context(), approver, r.ID), fault.Conflict, "erasing what was published")
}

func TestAReleaseNeedsWhatPeopleWereTold(t *testing.T) {
	w := newWorld(t)
	stranger, err := w.AddPartner(t.Context(), w.staff[consult.Approver], consult.Partner{Name: "Somebody Else", Kind: "charity"})
	if err != nil {
		t.Fatal(err)
	}
	open := w.openWith(t, "net-zero", func(d *consult.Details) {
		d.Processing.Partners = nil
		for i, p := range d.Processing.Purposes {
			if p.Condition == privacy.ExplicitConsent {
				d.Processing.Purposes[i].Recipients = nil // the notice names the partner, the consent statement does not
			}
		}
	})
	w.crowd(t, open, 60)
	a := w.agree(t)
	other := *a
	other.PartnerID = stranger.ID
	foreign, err := w.AddAgreement(t.Context(), w.staff[consult.Approver], other)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why       string
		agreement string
		spec      consult.TableSpec
		kind      fault.Kind
	}{
		{"the notice does not name the partner", foreign.ID, consult.TableSpec{Question: "heating"}, fault.Invalid},
		{"the consent statement does not name the partner", a.ID, consult.TableSpec{Question: "heating", By: "sex"}, fault.Invalid},
		{"nor for a table of profiles", a.ID, consult.TableSpec{Question: "sex"}, fault.Invalid},
		{"free text never leaves (R7)", a.ID, consult.TableSpec{Question: "help"}, fault.Invalid},
		{"numbers are no table", a.ID, consult.TableSpec{Question: "heating", By: "household_size"}, fault.Invalid},
		{"a question by itself", a.ID, consult.TableSpec{Question: "heating", By: "heating"}, fault.Invalid},
		{"an unknown question", a.ID, consult.TableSpec{Question: "nothing"}, fault.Invalid},
		{"an unknown agreement", "nothing", consult.TableSpec{Question: "heating"}, fault.NotFound},
	} {
		_, err := w.DraftRelease(t.Context(), w.staff[consult.Researcher], open.ID, row.agreement, releaseTitle, []consult.TableSpec{row.spec})
		want(t, err, row.kind, row.why)
	}
	w.draftRelease(t, open, a, consult.TableSpec{Question: "heating"})
	w.turn(a.ExpiresAt.Sub(w.clock()))
	_, err = w.DraftRelease(t.Context(), w.staff[consult.Researcher], open.ID, a.ID, releaseTitle, []consult.TableSpec{{Question: "heating"}})
	want(t, err, fault.Forbidden, "an expired agreement")
}

// openWith publishes a library survey whose details are changed first.
func (w *world) openWith(t testing.TB, library string, change func(*consult.Details)) *consult.Consultation {
	t.Helper()
	c := w.draft(t, library)
	d := c.Details
	change(&d)
	by := w.staff[consult.Researcher]
	if err := w.SaveDetails(t.Context(), by, c.ID, c.Slug, c.Version, d); err != nil {
		t.Fatal(err)
	}
	w.screen(t, c.ID)
	if err := w.Publish(t.Context(), by, c.ID, c.Version+1); err != nil {
		ready, _ := w.Readiness(t.Context(), by, c.ID)
		t.Fatalf("publish: %v\n%+v", err, ready.Findings)
	}
	c = w.reload(t, c.ID)
	w.turn(c.OpensAt.Add(24 * time.Hour).Sub(w.clock()))
	return c
}

func TestThePartnersShelf(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 120)
	a := w.agree(t)
	partner := w.staff[consult.PartnerUser]
	r := w.publish(t, w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"}))
	got, facts, err := w.ShelfRelease(t.Context(), partner, r.ID, "csv")
	if err != nil || got.SHA256 != r.SHA256 || facts.Partner != "Fenwick Climate" || len(facts.Method) < 6 || facts.SnapshotOn == "" {
		t.Fatalf("%+v %v", facts, err)
	}
	if n := w.audited(t, "release.open"); n != 1 {
		t.Errorf("%d downloads in the audit log", n)
	}
	_, _, err = w.ShelfRelease(t.Context(), partner, r.ID, "responses")
	want(t, err, fault.NotFound, "there is nothing but the release")
	other, err := w.AddPartner(t.Context(), w.staff[consult.Approver], consult.Partner{Name: "Another", Kind: "charity"})
	if err != nil {
		t.Fatal(err)
	}
	stranger := *partner
	stranger.PartnerID = other.ID
	_, _, err = w.ShelfRelease(t.Context(), &stranger, r.ID, "page")
	want(t, err, fault.NotFound, "another partner's release")
	_, _, err = w.Agreement(t.Context(), &stranger, a.ID)
	want(t, err, fault.NotFound, "another partner's agreement")
	if items, err := w.Shelf(t.Context(), &stranger); err != nil || len(items) != 0 {
		t.Errorf("another partner's shelf: %v %v", items, err)
	}
	w.turn(a.ExpiresAt.Sub(w.clock()))
	_, _, err = w.ShelfRelease(t.Context(), partner, r.ID, "json")
	want(t, err, fault.Forbidden, "an expired agreement")
	if items, err := w.Shelf(t.Context(), partner); err != nil || len(items) != 1 || items[0].Available {
		t.Errorf("the shelf says so: %+v %v", items, err)
	}
	longer := *a
	longer.ExpiresAt = w.clock().AddDate(1, 0, 0)
	if err := w.UpdateAgreement(t.Context(), w.staff[consult.Approver], longer); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.ShelfRelease(t.Context(), partner, r.ID, "json"); err != nil {
		t.Errorf("after it was prolonged: %v", err)
	}
	if err := w.RevokeRelease(t.Context(), w.staff[consult.DPO], r.ID, r.Version, "Recalled"); err != nil {
		t.Fatal(err)
	}
	_, _, err = w.ShelfRelease(t.Context(), partner, r.ID, "page")
	want(t, err, fault.Forbidden, "a revoked release")
}

// Privacy.md 6, steps 3 and 6: a withdrawal leaves unpublished figures and never published ones.
func TestWithdrawalsAndReleases(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 150)
	a := w.agree(t)
	spec := consult.TableSpec{Question: "sex"}
	before := w.draftRelease(t, c, a, spec)
	women := func(v *visit) bool { return answered(v, "sex", "female") }
	if n, _ := number(before.Tables[0].Rows[0].Counts[0]); n != truth(all, women) {
		t.Fatalf("shown %d women, in truth %d", n, truth(all, women))
	}
	for _, v := range all {
		if women(v) {
			if _, err := w.WithdrawConsent(t.Context(), v.done.Code); err != nil {
				t.Fatal(err)
			}
			v.consents = false
			break
		}
	}
	after := w.draftRelease(t, c, a, spec)
	if n, _ := number(after.Tables[0].Rows[0].Counts[0]); n != truth(all, women) {
		t.Errorf("a draft after the withdrawal: shown %d women, in truth %d", n, truth(all, women))
	}
	published := w.publish(t, after)
	for _, v := range all[:20] {
		if err := w.WithdrawResponse(t.Context(), v.done.Code); err != nil {
			t.Fatal(err)
		}
	}
	if again := w.release(t, published.ID); !reflect.DeepEqual(again.Tables, published.Tables) || again.SHA256 != published.SHA256 {
		t.Error("a published release changed (disclosure.md 0, decision 1)")
	}
}

func TestFewResponsesMakeNoRelease(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 9)
	r := w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "heating"})
	if len(r.Tables) != 0 {
		t.Errorf("tables of nine people: %+v (R0)", r.Tables)
	}
	want(t, w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, checked), fault.Conflict, "an empty release")
	if err := w.EraseReleaseDraft(t.Context(), w.staff[consult.Researcher], r.ID); err != nil {
		t.Fatal(err)
	}
}

// checked is what a proposer answers who has looked and found nothing.
var checked = consult.Checklist{SinglingOut: consult.Unlikely, Linkability: consult.Unlikely, Inference: consult.Unlikely,
	OtherData: "Census 2021 tables of the wards."}
