package disclosure_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/fault"
)

func TestBadInputIsRefused(t *testing.T) {
	for why, spoil := range map[string]func(*disclosure.Input){
		"a negative number of people":         func(in *disclosure.Input) { in.Records.People = -1 },
		"a column that is too short":          func(in *disclosure.Input) { in.Records.Dims[0].Column = in.Records.Dims[0].Column[1:] },
		"a code outside the list":             func(in *disclosure.Input) { in.Records.Dims[0].Column[3] = 99 },
		"a dimension without a name":          func(in *disclosure.Input) { in.Records.Dims[0].Name = "" },
		"two dimensions of one name":          func(in *disclosure.Input) { in.Records.Dims[1].Name = "q" },
		"a dimension without a role":          func(in *disclosure.Input) { in.Records.Dims[0].Role = "" },
		"a code that is the total":            func(in *disclosure.Input) { in.Records.Dims[0].Codes[0] = disclosure.Total },
		"a code twice":                        func(in *disclosure.Input) { in.Records.Dims[0].Codes[0] = "fs" },
		"points for an unknown code":          func(in *disclosure.Input) { in.Records.Dims[0].Scores["x"] = 3 },
		"an unknown code as no answer":        func(in *disclosure.Input) { in.Records.Dims[0].NoAnswer = []string{"x"} },
		"a rung for an unknown code":          func(in *disclosure.Input) { in.Records.Dims[0].Ladder[0].Parent["x"] = "sat" },
		"a hierarchy that goes in a circle":   func(in *disclosure.Input) { in.Records.Dims[0].Ladder[1].Parent["not_sat"] = "dis" },
		"a circle in one step":                func(in *disclosure.Input) { in.Records.Dims[0].Ladder[0].Parent["n"] = "vs" },
		"a parent that is the total":          func(in *disclosure.Input) { in.Records.Dims[0].Ladder[0].Parent["n"] = disclosure.Total },
		"a table of an unknown question":      func(in *disclosure.Input) { in.Tables[0].Question = "x" },
		"a table by an unknown dimension":     func(in *disclosure.Input) { in.Tables[0].By = []string{"x"} },
		"a question by itself":                func(in *disclosure.Input) { in.Tables[0].By = []string{"q"} },
		"three dimensions":                    func(in *disclosure.Input) { in.Tables[0].By = []string{"ward", "sex", "q"} },
		"two tables of one name":              func(in *disclosure.Input) { in.Tables = append(in.Tables, in.Tables[0]) },
		"a table without a name":              func(in *disclosure.Input) { in.Tables[0].ID = "" },
		"an unknown code among those to show": func(in *disclosure.Input) { in.Tables[0].Show = []string{"x"} },
	} {
		in := even(300)
		in.Tables = []disclosure.TableSpec{{ID: "t", Question: "q", By: []string{"ward"}}}
		spoil(&in)
		r, err := disclosure.Protect(context.Background(), in)
		if !fault.Is(err, fault.Invalid) || len(r.Tables) > 0 {
			t.Errorf("%s: %v and %d tables", why, err, len(r.Tables))
		}
	}
}

func TestExtremeSurveys(t *testing.T) {
	for why, in := range map[string]disclosure.Input{
		"nobody":                     table(ward("x", "y"), question("a", "b"), [][]int{{0, 0}, {0, 0}}),
		"one respondent":             table(ward("x", "y"), question("a", "b"), [][]int{{1, 0}, {0, 0}}),
		"everybody in one cell":      table(ward("x", "y"), question("a", "b"), [][]int{{500, 0}, {0, 0}}),
		"a question with one answer": table(ward("x", "y"), question("a"), [][]int{{500}, {400}}),
		"a dimension with one group": table(ward("x"), question("a", "b"), [][]int{{500, 400}}),
		"a question without answers": {Policy: policy(), Records: disclosure.Records{Dims: []disclosure.Dim{question()}},
			Tables: []disclosure.TableSpec{{ID: "t", Question: "q"}}},
		"no tables":     {Policy: policy()},
		"all different": table(ward(codes("w", extreme)...), question(codes("a", extreme)...), diagonal(extreme)),
	} {
		r, err := disclosure.Protect(context.Background(), in)
		if err != nil {
			t.Errorf("%s: %v", why, err)
			continue
		}
		all := figures(in, r)
		for _, f := range all {
			if f.shown && f.n > 0 && f.n < 5 {
				t.Errorf("%s: %d people shown", why, f.n)
			}
		}
		if broken := attack(all, &rational{}); len(broken) > 0 {
			t.Errorf("%s: %d figures recovered", why, len(broken))
		}
		for _, table := range r.Tables {
			if table.Withheld != (len(table.Rows) == 0) || table.Withheld && len(r.Findings) == 0 {
				t.Errorf("%s: withheld without a word, or with figures: %+v", why, table)
			}
		}
	}
	r, _ := disclosure.Protect(context.Background(), table(ward("x", "y"), question("a", "b"), [][]int{{500, 0}, {0, 0}}))
	if c := r.Tables[0].Rows[0].Cells[0]; c.Shown {
		t.Error("everybody in one cell: R4 lets nobody learn that everybody said a")
	}
}

func diagonal(n int) [][]int {
	counts := make([][]int, n)
	for i := range counts {
		counts[i] = make([]int, n)
		counts[i][i] = 1
	}
	return counts
}

func TestHundredDimensions(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: 800}}
	in.Records.Dims = append(in.Records.Dims, draw(rng, ward(codes("w", 5)...), 800, 1, 1, 1, 1, 1))
	for i := range 100 {
		in.Records.Dims = append(in.Records.Dims, draw(rng, disclosure.Dim{Name: fmt.Sprint("d", i), Role: disclosure.Sensitive,
			Codes: []string{"y", "n"}}, 800, rng.Float64(), 1))
		in.Tables = append(in.Tables, disclosure.TableSpec{ID: fmt.Sprint(i), Question: fmt.Sprint("d", i), By: []string{"g"}})
	}
	r := protect(t, in)
	if len(r.Tables) != 100 {
		t.Fatal(len(r.Tables))
	}
	all := figures(in, r)
	if broken := attack(all, newModular(all)); len(broken) > 0 {
		t.Errorf("%d figures recovered", len(broken))
	}
}

// FuzzProtect: whatever the codes, no panic, and nothing shown below a threshold.
func FuzzProtect(f *testing.F) {
	f.Add([]byte("aaaaaaaaaaaabbbbbbbbbbbbbcccccccccccccccabcabcabcabcabcabcabcabcabcabcabcabcabc"), uint8(3))
	f.Add([]byte{}, uint8(1))
	f.Fuzz(func(t *testing.T, answers []byte, wards uint8) {
		w, q := ward(codes("w", 1+int(wards%12))...), scale("q")
		for _, b := range answers {
			w.Column = append(w.Column, uint16(int(b>>4)%len(w.Codes)))
			q.Column = append(q.Column, uint16(int(b&15)%len(q.Codes)))
		}
		in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: len(answers), Dims: []disclosure.Dim{q, w}},
			Tables: []disclosure.TableSpec{{ID: "t", Question: "q", By: []string{"g"}}}}
		r := protect(t, in)
		all := figures(in, r)
		for _, f := range all {
			if f.shown && f.n > 0 && f.n < 5 {
				t.Errorf("%d people shown", f.n)
			}
		}
		if broken := attack(all, newModular(all)); len(broken) > 0 {
			t.Errorf("%d figures recovered", len(broken))
		}
	})
}
