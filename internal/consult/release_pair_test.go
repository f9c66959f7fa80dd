package consult_test

import (
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// R0: from 1,000 responses a question can be broken down by two dimensions at once; R9 and R10 hold for them as for all tables.
func TestATableByTwoDimensions(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 1500)
	both := consult.TableSpec{Question: "warm_enough", By: "ward", ThenBy: "tenure"}
	r := w.publish(t, w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "warm_enough"}, both))
	if len(r.Tables) != 2 {
		t.Fatalf("%d tables; findings %v", len(r.Tables), r.Findings)
	}
	table := r.Tables[1]
	if table.ID != "q_warm_enough_by_ward_then_tenure" || table.By != "ward" || table.ThenBy != "tenure" || !strings.Contains(table.ByWording[locale.English], "Ward × ") {
		t.Errorf("the table is %s by %s then %s, %q", table.ID, table.By, table.ThenBy, table.ByWording[locale.English])
	}
	groups := map[string]int{} // first dimension -> rows
	last := ""
	for i, row := range table.Rows {
		if first := groups[row.Code] == 0; first != (row.Then == "total") || !first && row.Code != last {
			t.Errorf("row %d, %s %s, does not stand under the row of its group", i, row.Code, row.Then)
		}
		groups[row.Code]++
		last = row.Code
		if n, ok := number(row.Base); ok {
			inside := func(v *visit) bool {
				return (row.Code == "total" || inGroup(v, "ward", row.Code)) && (row.Then == "total" || inGroup(v, "tenure", row.Then))
			}
			near(t, row.Code+" "+row.Then, n, truth(all, inside), i == 0)
		}
		named := row.Label[locale.English]
		if parts := strings.Count(named, ", "); row.Code != "total" && row.Then != "total" && parts == 0 || i == 0 && named != "All responses" {
			t.Errorf("row %d is called %q", i, named)
		}
	}
	if len(groups) < 3 || groups["total"] < 3 {
		t.Errorf("rows by group: %v", groups)
	}
	for _, f := range r.Findings {
		if f.Block {
			t.Errorf("a table by two dimensions blocks its release: %v", f.Text[locale.English])
		}
	}
}

func TestTwoDimensionsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 600)
	a := w.agree(t)
	one, both := consult.TableSpec{Question: "warm_enough", By: "ward"}, consult.TableSpec{Question: "warm_enough", By: "ward", ThenBy: "tenure"}
	for _, row := range []struct {
		why   string
		specs []consult.TableSpec
	}{
		{"the same figures in another order", []consult.TableSpec{both, {Question: "warm_enough", By: "tenure", ThenBy: "ward"}}},
		{"the same dimension twice", []consult.TableSpec{{Question: "warm_enough", By: "ward", ThenBy: "ward"}}},
		{"the question by itself", []consult.TableSpec{{Question: "warm_enough", By: "ward", ThenBy: "warm_enough"}}},
		{"a second dimension without a first", []consult.TableSpec{{Question: "warm_enough", ThenBy: "ward"}}},
		{"a second dimension that is none", []consult.TableSpec{{Question: "warm_enough", By: "ward", ThenBy: "mood"}}},
	} {
		_, err := w.DraftRelease(t.Context(), w.staff[consult.Researcher], c.ID, a.ID, releaseTitle, row.specs)
		want(t, err, fault.Invalid, row.why)
	}
	r := w.draftRelease(t, c, a, consult.TableSpec{Question: "warm_enough"}, one, both)
	if len(r.Tables) != 2 || len(r.Report.LeftOut) == 0 {
		t.Errorf("%d tables, left out %v: with 600 responses the second dimension is taken away (R0), and what is left is there already", len(r.Tables), r.Report.LeftOut)
	}
	e, err := w.EstimateRelease(t.Context(), w.staff[consult.Researcher], c.ID, a.ID, []consult.TableSpec{{Question: "warm_enough"}, both})
	if err != nil || len(e.Tables) != 2 || len(e.Tables[1].Instead) == 0 {
		t.Fatalf("no alternatives are offered: %+v, %v", e, err)
	}
	offered := false
	for _, i := range e.Tables[1].Instead {
		offered = offered || i.Spec == one
	}
	if !offered {
		t.Errorf("the table by ward alone is not offered instead: %+v", e.Tables[1].Instead)
	}
}
