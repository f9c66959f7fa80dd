package consult_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/disclosure/attack"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

var seriesSpecs = []consult.TableSpec{{Question: "heating"}, {Question: "heating", By: "ward"}, {Question: "tenure", By: "ward"}, {Question: "heating", By: "sex"}}

// Two releases of a survey with joiners and leavers between them: the second takes the first into account, the first does not change, and
// both together give nothing away (disclosure.md R10, R11; section 2, A10 and A11).
func TestReleasesOfASurveyTogether(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	people := w.crowd(t, c, 300)
	first := w.publish(t, w.draftRelease(t, c, a, seriesSpecs...))
	if len(first.Earlier) != 0 {
		t.Errorf("the first release names earlier ones: %v", first.Earlier)
	}

	w.turn(24 * time.Hour)
	w.crowd(t, c, 20)
	early := w.draftRelease(t, c, a, seriesSpecs...)
	if !blocked(early, "At least 30 more responses are needed") || !blocked(early, "") || len(early.Tables) != 0 {
		t.Errorf("20 joined, and 50 must: %v", texts(early))
	}
	if !blocked(early, "At the pace of the last 14 days that will be about") {
		t.Errorf("the earliest moment is not said: %v", texts(early))
	}
	want(t, w.ProposeRelease(t.Context(), w.staff[consult.Researcher], early.ID, early.Version, checked), fault.Conflict, "nothing may be proposed that is refused")

	w.crowd(t, c, 60)
	gone := people[0]
	for _, v := range people[:3] {
		if err := w.WithdrawResponse(t.Context(), v.done.Code); err != nil {
			t.Fatal(err)
		}
	}
	second := w.draftRelease(t, c, a, seriesSpecs...)
	if len(second.Tables) == 0 {
		t.Fatalf("the second release is refused: %v", texts(second))
	}
	if second.Responses != 377 || !slices.Equal(second.Earlier, []string{first.ID}) {
		t.Errorf("%d responses, after %v; 377 without those who withdrew, after the first", second.Responses, second.Earlier)
	}
	second = w.publish(t, second)
	if again := w.release(t, first.ID); again.SHA256 != first.SHA256 || again.Responses != 300 {
		t.Error("the published release changed with a withdrawal")
	}
	if w.inFiles(t, gone.done.ResponseID) {
		t.Error("the id of who withdrew is still in the files")
	}
	hidden := 0
	report := breakIn(t, &hidden, first, second)
	if !report.Safe() || hidden == 0 {
		t.Errorf("%d figures hidden, broken %v, unfinished %v", hidden, report.Broken, report.Unfinished)
	}
	third := w.draftRelease(t, c, a, consult.TableSpec{Question: "tenure"})
	if len(third.Tables) != 1 || !slices.Equal(third.Earlier, []string{first.ID, second.ID}) {
		t.Errorf("other tables about the same people: %v after %v", texts(third), third.Earlier)
	}
}

// A release that was drafted before another of the survey was published was not protected against it, whatever became of that one.
func TestAReleaseIsOvertaken(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	w.crowd(t, c, 120)
	first := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"})
	drafted := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"}, consult.TableSpec{Question: "tenure"})
	proposed := w.draftRelease(t, c, a, consult.TableSpec{Question: "tenure"})
	if err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], proposed.ID, proposed.Version, checked); err != nil {
		t.Fatal(err)
	}
	first = w.publish(t, first)
	overtaken := func(why string) {
		t.Helper()
		for _, err := range []error{w.ProposeRelease(t.Context(), w.staff[consult.Researcher], drafted.ID, drafted.Version, checked),
			w.ApproveRelease(t.Context(), w.staff[consult.Approver], proposed.ID, proposed.Version+1, false)} {
			want(t, err, fault.Conflict, why)
			if f, ok := err.(*fault.Error); !ok || f.Key != "error.release.overtaken" {
				t.Errorf("%s: the reason is not clear: %v", why, err)
			}
		}
	}
	overtaken("another release was published since")
	if err := w.RevokeRelease(t.Context(), w.staff[consult.Approver], first.ID, first.Version, "Mistake"); err != nil {
		t.Fatal(err)
	}
	overtaken("what was received stays known, also when it is revoked")
	again := w.draftRelease(t, c, a, consult.TableSpec{Question: "tenure"})
	if !slices.Equal(again.Earlier, []string{first.ID}) {
		t.Errorf("made again it takes %v into account", again.Earlier)
	}
	w.publish(t, again)
}

// Who withdraws consent after closing leaves, and a consultation that has closed gets no new people: the tables stand, and the officer is told so.
func TestConsentWithdrawnAfterClosing(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	people := w.crowd(t, c, 120)
	w.turn(c.ClosesAt.Sub(w.clock()) + time.Hour)
	w.publish(t, w.draftRelease(t, c, a, consult.TableSpec{Question: "heating", By: "sex"}))
	who := slices.IndexFunc(people, func(v *visit) bool { return v.consents })
	if _, err := w.WithdrawConsent(t.Context(), people[who].done.Code); err != nil {
		t.Fatal(err)
	}
	r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"})
	if !blocked(r, "The consultation has closed, so nobody new can answer") || len(r.Tables) > 0 {
		t.Errorf("one person less, and nobody new: %v", texts(r))
	}
}

// Who withdraws the agreement to the use of equality answers between two releases left them all and joined: their codes are others now.
func TestConsentWithdrawnBetweenReleases(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	people := w.crowd(t, c, 300)
	w.publish(t, w.draftRelease(t, c, a, consult.TableSpec{Question: "heating", By: "sex"}))
	w.crowd(t, c, 80)
	withdrew := 0
	for _, v := range people {
		if v.consents && withdrew < 15 {
			withdrew++
			if _, err := w.WithdrawConsent(t.Context(), v.done.Code); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The second release has no equality question; that people left the first one's groups is protected all the same.
	r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"}, consult.TableSpec{Question: "tenure", By: "ward"})
	if len(r.Tables) == 0 || !r.Equality {
		t.Errorf("equality answers read: %v; %v", r.Equality, texts(r))
	}
	w.publish(t, r)
}

// A survey whose wards are coded anew after a release cannot be released again: everybody would seem to be somebody else.
func TestWardsThatAreCodedAnew(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	w.crowd(t, c, 120)
	w.publish(t, w.draftRelease(t, c, a, consult.TableSpec{Question: "heating", By: "ward"}))
	w.crowd(t, c, 60)
	anew := geography()
	for i := range anew.Wards {
		anew.Wards[i].Code = "w_" + anew.Wards[i].Code
	}
	for p, ward := range anew.Postcodes {
		anew.Postcodes[p] = "w_" + ward
	}
	if err := w.SaveGeography(t.Context(), w.staff[consult.Administrator], anew); err != nil {
		t.Fatal(err)
	}
	r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"})
	if len(r.Tables) > 0 || !blocked(r, "because wards or areas have changed") {
		t.Errorf("%d tables, %v", len(r.Tables), texts(r))
	}
	if err := w.SaveGeography(t.Context(), w.staff[consult.Administrator], geography()); err != nil {
		t.Fatal(err)
	}
	if r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"}); len(r.Tables) != 1 {
		t.Errorf("with the wards as they were: %v", texts(r))
	}
}

func texts(r *consult.Release) (out []string) {
	for _, f := range r.Findings {
		out = append(out, f.Text[locale.English])
	}
	return out
}

// blocked reports whether a finding starts so; with no text, whether any finding blocks the release.
func blocked(r *consult.Release, text string) bool {
	return slices.ContainsFunc(r.Findings, func(f consult.ReleaseFinding) bool {
		if text == "" {
			return f.Block
		}
		return strings.Contains(f.Text[locale.English], text)
	})
}

// breakIn attacks releases from their printed tables alone. Tables that one of them shows in less detail are left out.
func breakIn(t *testing.T, hidden *int, releases ...*consult.Release) *attack.Report {
	t.Helper()
	dims := map[string]*attack.Dim{}
	know := func(name string, role attack.Role, code string) {
		if dims[name] == nil {
			dims[name] = &attack.Dim{Name: name, Role: role, Complete: true}
		}
		if !slices.ContainsFunc(dims[name].Codes, func(c attack.Code) bool { return c.Name == code }) {
			dims[name].Codes = append(dims[name].Codes, attack.Code{Name: code})
			for _, ward := range wardsOf()[code] {
				i := slices.IndexFunc(dims[name].Codes, func(c attack.Code) bool { return c.Name == ward })
				if i < 0 {
					i, dims[name].Codes = len(dims[name].Codes), append(dims[name].Codes, attack.Code{Name: ward})
				}
				dims[name].Codes[i].Parents = []string{code}
			}
		}
	}
	in := attack.Input{Mode: attack.Churn}
	for i, r := range releases {
		for _, table := range r.Tables {
			role := attack.Ordinary
			if table.By == "sex" {
				role = attack.Special
			}
			add := func(row consult.ReleaseRow, code string, cell consult.ReleaseCell) {
				f := attack.Cell{Release: fmt.Sprint("r", i), Table: table.ID, Measure: attack.Count, Codes: map[string]string{}, Hidden: cell == consult.Hidden}
				if row.Code != "total" {
					know(table.By, role, row.Code)
					f.Codes[table.By] = row.Code
				}
				if code != "" {
					know(table.Question, attack.Sensitive, code)
					f.Codes[table.Question] = code
				}
				if f.Hidden {
					*hidden++
				} else {
					n, err := strconv.ParseInt(string(cell), 10, 64)
					if err != nil {
						t.Fatal(err)
					}
					f.Value = &attack.Decimal{Units: n}
					if row.Code != "total" {
						f.Lo, f.Hi = &attack.Decimal{Units: max(0, n-2)}, &attack.Decimal{Units: n + 2}
					}
				}
				in.Cells = append(in.Cells, f)
			}
			for _, row := range table.Rows {
				add(row, "", row.Base)
				for j, column := range table.Columns {
					add(row, column.Code, row.Counts[j])
				}
			}
		}
	}
	for _, name := range []string{"heating", "tenure", "ward", "sex"} {
		if d := dims[name]; d != nil {
			in.Dims = append(in.Dims, *d)
		}
	}
	report, err := attack.Run(context.Background(), in, attack.Default())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Who withdraws the agreement to the use of equality answers is still counted, with all other answers. However many do, the one person who joined
// beside them stands alone: the difference of two headlines is what they said (disclosure.md R10).
func TestAJoinerBehindChangedAgreements(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	people := w.crowd(t, c, 320)
	w.publish(t, w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"}, consult.TableSpec{Question: "heating", By: "sex"}))
	w.crowd(t, c, 1)
	changed := 0
	for _, v := range people {
		if v.consents && changed < 60 {
			changed++
			if _, err := w.WithdrawConsent(t.Context(), v.done.Code); err != nil {
				t.Fatal(err)
			}
		}
	}
	r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"})
	if changed != 60 || len(r.Tables) > 0 || !blocked(r, "At least 50 more responses are needed") {
		t.Errorf("%d changed what they agreed to and 1 joined: %d tables, %v", changed, len(r.Tables), texts(r))
	}
}

// Two second people approve two releases of a survey at the same moment: one is published, the other was not protected against it.
func TestApprovingAtOnce(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	a := w.agree(t)
	w.crowd(t, c, 120)
	var waiting []*consult.Release
	for _, question := range []string{"heating", "tenure", "warm_enough"} {
		r := w.draftRelease(t, c, a, consult.TableSpec{Question: question})
		must(t, propose(t, w, r))
		waiting = append(waiting, r)
	}
	refused := make([]error, len(waiting))
	var all sync.WaitGroup
	for i, r := range waiting {
		all.Go(func() {
			refused[i] = w.ApproveRelease(context.Background(), w.staff[consult.Approver], r.ID, r.Version+1, false)
		})
	}
	all.Wait()
	published := 0
	for i, err := range refused {
		var f *fault.Error
		switch {
		case err == nil:
			published++
		case !errors.As(err, &f) || f.Key != "error.release.overtaken":
			t.Errorf("release %d: refused without the reason: %v", i, err)
		}
	}
	left, err := w.ReleaseSeries(t.Context(), w.staff[consult.Approver], c.ID)
	if published != 1 || err != nil || len(left) != 1 {
		t.Errorf("%d approvals passed, and %d releases left: %v", published, len(left), err)
	}
}
