package disclosure_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
)

// TestLinkedDimensions attacks with what everybody knows about the codes: a ward lies in one area, though wards and
// areas come as two dimensions; who said no was not asked the next question. The attacker rewrites codes of the one
// as codes of the other, so that figures of different tables become comparable.
func TestLinkedDimensions(t *testing.T) {
	hidden, rewritten := 0, 0
	for n := range 60 {
		rng := rand.New(rand.NewPCG(uint64(n), 77))
		in := linkedSurvey(rng, 200+rng.IntN(1200))
		r := protect(t, in)
		all := figures(in, r)
		for i, f := range all {
			all[i].form, _ = people(in.Records, rewrite(in.Records, f.conditions))
			if len(f.conditions) > 0 && fmt.Sprint(rewrite(in.Records, f.conditions)) != fmt.Sprint(f.conditions) {
				rewritten++
			}
			if !f.shown {
				hidden++
			}
		}
		for _, f := range attack(all, newModular(all)) {
			t.Errorf("survey %d: %s row %v column %d is hidden and can be computed", n, f.table.ID, f.row.Codes, f.column)
		}
	}
	if hidden < 100 || rewritten < 100 {
		t.Errorf("%d hidden, %d rewritten: the surveys test nothing", hidden, rewritten)
	}
}

// linkedSurvey has ten wards, four areas as a dimension of its own, a question and one that only some are asked.
func linkedSurvey(rng *rand.Rand, people int) disclosure.Input {
	w := draw(rng, disclosure.Dim{Name: "ward", Role: disclosure.Ordinary, Codes: codes("w", 10)}, people, 1, 2, 3, 1, 2, 3, 1, 2, 1, 2)
	a := disclosure.Dim{Name: "zarea", Role: disclosure.Ordinary, Codes: codes("a", 4)}
	uses := draw(rng, disclosure.Dim{Name: "uses", Role: disclosure.Sensitive, Codes: []string{"often", "seldom", "no"}}, people, 5, 3, 0.7)
	how := draw(rng, disclosure.Dim{Name: "xhow", Role: disclosure.Sensitive, Codes: []string{"good", "fair", "bad", "not_asked"},
		NoAnswer: []string{"not_asked"}}, people, 5, 3, 1)
	for i := range people {
		a.Column = append(a.Column, w.Column[i]/3)
		if uses.Column[i] == 2 {
			how.Column[i] = 3
		}
	}
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people, Dims: []disclosure.Dim{w, a, uses, how}}}
	for _, q := range []string{"uses", "xhow"} {
		for _, by := range []string{"ward", "zarea"} {
			in.Tables = append(in.Tables, disclosure.TableSpec{ID: q + by, Question: q, By: []string{by}})
		}
	}
	return in
}

// rewrite puts areas as wards, and "was not asked" as "said no", where the other dimension is not in use.
func rewrite(r disclosure.Records, conditions map[string][]int) map[string][]int {
	out := map[string][]int{}
	for name, set := range conditions {
		out[name] = set
	}
	if set, ok := out["zarea"]; ok {
		delete(out, "zarea")
		for c := range dim(r, "ward").Codes {
			for _, area := range set {
				if c/3 == area {
					out["ward"] = append(out["ward"], c)
				}
			}
		}
	}
	if set, ok := out["xhow"]; ok && fmt.Sprint(set) == "[3]" {
		delete(out, "xhow")
		out["uses"] = []int{2}
	}
	return out
}

// TestLinksMatter shows that the attack of TestLinkedDimensions works: protected one table at a time, the same
// tables give hidden figures away when they are put side by side.
func TestLinksMatter(t *testing.T) {
	recovered := 0
	for n := range 20 {
		rng := rand.New(rand.NewPCG(uint64(n), 77))
		in := linkedSurvey(rng, 200+rng.IntN(1200))
		var all []figure
		for _, spec := range in.Tables {
			one := in
			one.Tables = []disclosure.TableSpec{spec}
			all = append(all, figures(one, protect(t, one))...)
		}
		for i, f := range all {
			all[i].form, _ = people(in.Records, rewrite(in.Records, f.conditions))
		}
		recovered += len(attack(all, newModular(all)))
	}
	if recovered == 0 {
		t.Error("tables protected one by one resist together: the test has no teeth")
	}
}

// TestTwoDimensions: from 1,000 responses a table may have two, and the attacker still learns nothing.
func TestTwoDimensions(t *testing.T) {
	for n := range twoWays {
		rng := rand.New(rand.NewPCG(uint64(n), 5))
		people := []int{1200, 2500, 6000}[n%3]
		in := randomSurvey(rng, people)
		in.Tables = append(in.Tables[:3], disclosure.TableSpec{ID: "two", Question: "q0", By: []string{"ward", "eth"}})
		r := protect(t, in)
		all := figures(in, r)
		for _, f := range attack(all, newModular(all)) {
			t.Errorf("survey %d: %s row %v column %d is hidden and can be computed", n, f.table.ID, f.row.Codes, f.column)
		}
	}
}

// TestFourDimensions: who protects data by Policy.MaxBy dimensions at once gets the same promise.
func TestFourDimensions(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const n = 5000
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: n}}
	q := draw(rng, question("yes", "no", "unsure"), n, 5, 3, 1)
	in.Records.Dims = append(in.Records.Dims, q)
	var by []string
	for i, w := range [][]float64{{3, 2, 0.3}, {1, 1}, {4, 1}, {1, 0.2}} {
		d := disclosure.Dim{Name: fmt.Sprint("d", i), Role: disclosure.Ordinary, Codes: codes("c", len(w))}
		in.Records.Dims, by = append(in.Records.Dims, draw(rng, d, n, w...)), append(by, d.Name)
	}
	in.Tables = []disclosure.TableSpec{{ID: "four", Question: "q", By: by}, {ID: "two", Question: "q", By: by[:2]}}
	if _, err := disclosure.Protect(context.Background(), in); err == nil {
		t.Error("more dimensions than the policy allows are protected")
	}
	in.Policy.MaxBy = 4
	r := protect(t, in)
	if len(r.Tables[0].By) != 4 {
		t.Fatalf("the table is by %v", r.Tables[0].By)
	}
	all := figures(in, r)
	for _, f := range attack(all, newModular(all)) {
		t.Errorf("%s row %v column %d is hidden and can be computed", f.table.ID, f.row.Codes, f.column)
	}
	for _, p := range verify.Check(printedFigures(r), rules(in), kept(t, r)) {
		t.Error(p)
	}
	if r.Report.Hidden == 0 {
		t.Error("nothing is hidden: the test is about nothing")
	}
}
