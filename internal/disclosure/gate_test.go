package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"folkmoot/internal/disclosure"
)

// crossroads is a survey of a question by breakdowns into two groups, of which each differs from the one before by a single person.
// Every table by itself is large and safe.
func crossroads(people, breakdowns int, role disclosure.Role) disclosure.Input {
	rng := rand.New(rand.NewPCG(uint64(people), 12))
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people}}
	q := draw(rng, question("yes", "no"), people, 1, 1)
	in.Records.Dims = append(in.Records.Dims, q)
	for i := range breakdowns {
		d := disclosure.Dim{Name: fmt.Sprint("d", i), Role: role, Codes: []string{"a", "b"}}
		for p := range people {
			code := uint16(0)
			if p >= people/2+i {
				code = 1
			}
			d.Column = append(d.Column, code)
		}
		in.Records.Dims = append(in.Records.Dims, d)
		in.Tables = append(in.Tables, disclosure.TableSpec{ID: d.Name, Question: "q", By: []string{d.Name}})
	}
	return in
}

// differ is an attacker who knows who is in which group: where two groups differ by one person, the difference of two figures is
// what that person answered. It returns whom it learns something about.
func differ(in disclosure.Input, r disclosure.Result) []int {
	type figure struct {
		members []bool
		column  string
		value   disclosure.Cell
	}
	var figures []figure
	for _, t := range r.Tables {
		for _, row := range t.Rows {
			if row.Headline || len(t.By) == 0 {
				continue
			}
			d := in.Records.Dims[slices.IndexFunc(in.Records.Dims, func(d disclosure.Dim) bool { return d.Name == t.By[0] })]
			members := make([]bool, len(d.Column))
			for p, code := range d.Column {
				members[p] = d.Codes[code] == row.Codes[0]
			}
			for i, c := range row.Cells {
				if c.Shown {
					figures = append(figures, figure{members, t.Columns[i], c})
				}
			}
		}
	}
	var learnt []int
	for i, a := range figures {
		for _, b := range figures[:i] {
			var apart []int
			for p := range a.members {
				if a.members[p] != b.members[p] {
					apart = append(apart, p)
				}
			}
			if a.column == b.column && len(apart) == 1 && !slices.Contains(learnt, apart[0]) {
				learnt = append(learnt, apart[0])
			}
		}
	}
	return learnt
}

// TestNobodysAnswerIsReconstructed is R12 and A24: figures that are safe each by itself, and together from everybody who does not know who is in
// which group, tell single answers to somebody who does.
func TestNobodysAnswerIsReconstructed(t *testing.T) {
	open := crossroads(300, 7, disclosure.Ordinary)
	if n := len(differ(open, protect(t, open))); n != 6 {
		t.Errorf("without a special category the attacker learns the answers of %d people, want 6: it does not bite", n)
	}
	in := crossroads(300, 7, disclosure.Special)
	r := protect(t, in)
	if learnt := differ(in, r); len(learnt) > 0 {
		t.Errorf("the answers of %v are reconstructed", learnt)
	}
	if !has(r, "gate_no_breakdown") || r.Gate.Redesigned == 0 || r.Gate.Questions != 1 || r.Gate.Sampled != 200 {
		t.Errorf("gate %+v, findings %v", r.Gate, r.Findings)
	}
	left := 0
	for _, table := range r.Tables {
		if !table.Withheld && len(table.By) > 0 {
			left++
		}
	}
	if left == 0 {
		t.Error("no breakdown is left: one alone tells nothing")
	}
}

// TestGateKnowsMore: what the question is, how it is cut into levels and in which release it stood makes no difference to who knows everybody.
func TestGateKnowsMore(t *testing.T) {
	secret := crossroads(300, 7, disclosure.Ordinary)
	secret.Records.Dims[0].Role = disclosure.Special
	if learnt := differ(secret, protect(t, secret)); len(learnt) > 0 {
		t.Errorf("a question that is special category itself: the answers of %v are reconstructed", learnt)
	}

	levels := crossroads(200, 2, disclosure.Special)
	coarse := levels.Records.Dims[0]
	fine := disclosure.Dim{Name: "fine", Role: disclosure.Sensitive, Codes: []string{"yes, very", "yes", "no", "no, never"}}
	rng := rand.New(rand.NewPCG(5, 5))
	for _, c := range coarse.Column {
		fine.Column = append(fine.Column, 2*c+uint16(rng.IntN(2)))
	}
	levels.Records.Dims = append(levels.Records.Dims, fine)
	levels.Tables[1].Question = "fine"
	r := protect(t, levels)
	if r.Gate.Redesigned == 0 {
		t.Errorf("yes by d0 less very and just yes by d1 is one person's answer: gate %+v", r.Gate)
	}
	alone := levels
	alone.Tables = levels.Tables[:1]
	if r := protect(t, alone); r.Gate.Redesigned > 0 {
		t.Errorf("one level alone tells nothing: gate %+v", r.Gate)
	}

	in := crossroads(200, 2, disclosure.Special)
	in.Records.Dims[2].Role = disclosure.Ordinary
	in.Tables = in.Tables[:1]
	first := protect(t, in)
	later := crossroads(200, 2, disclosure.Special)
	later.Records.Dims[2].Role = disclosure.Ordinary
	later.Tables, later.Earlier, later.Records.Seen = later.Tables[1:], first.State, make([]uint64, 200)
	for i := range later.Records.Seen {
		later.Records.Seen[i] = 1
	}
	if r := protect(t, later); r.Gate.Redesigned == 0 && !slices.ContainsFunc(r.Findings, func(f disclosure.Finding) bool { return f.Severity == disclosure.Refused }) {
		t.Errorf("the special category stood in the release before: gate %+v, findings %v", r.Gate, r.Findings)
	}
}

func TestGateLooks(t *testing.T) {
	for _, c := range []struct {
		people int
		role   disclosure.Role
		want   disclosure.Gate
		why    string
	}{
		{300, disclosure.Special, disclosure.Gate{Questions: 1, Sampled: 200}, "R12: a random sample of 200 respondents"},
		{120, disclosure.Special, disclosure.Gate{Questions: 1, Sampled: 120}, "R12: all of them, if they are fewer"},
		{300, disclosure.Ordinary, disclosure.Gate{Off: disclosure.GateNoSpecial}, "R12: for special-category tables"},
		{20_000, disclosure.Special, disclosure.Gate{Questions: 1, Sampled: 200}, "R12: up to 20,000"},
		{20_001, disclosure.Special, disclosure.Gate{Off: disclosure.GateMany}, "R12: off for n > 20,000"},
	} {
		r := protect(t, crossroads(c.people, 1, c.role))
		if r.Gate != c.want {
			t.Errorf("%d people: %s: %+v, want %+v", c.people, c.why, r.Gate, c.want)
		}
	}
}

// equalities is a survey as councils make them: four questions by two ordinary and five equality breakdowns.
func equalities(people int) disclosure.Input {
	rng := rand.New(rand.NewPCG(uint64(people), 77))
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people}}
	for i, n := range []int{8, 6, 6, 5, 4, 3, 3} {
		d := disclosure.Dim{Name: fmt.Sprint("d", i), Role: disclosure.Special, Codes: codes(fmt.Sprint("d", i, "_"), n)}
		if i < 2 {
			d.Role = disclosure.Ordinary
		}
		var weights []float64
		for j := range n {
			weights = append(weights, 1/(1+0.8*float64(j)))
		}
		in.Records.Dims = append(in.Records.Dims, draw(rng, d, people, weights...))
	}
	for q := range 4 {
		d := scale(fmt.Sprint("q", q))
		in.Records.Dims = append(in.Records.Dims, draw(rng, d, people, 20, 35, 15, 12, 8, 5, 3))
		for i := range 7 {
			in.Tables = append(in.Tables, disclosure.TableSpec{ID: fmt.Sprint(d.Name, "d", i), Question: d.Name, By: []string{fmt.Sprint("d", i)}})
		}
	}
	return in
}

// TestGateKeepsWhatIsSafe: what nobody can reconstruct is not given up for want of searching.
func TestGateKeepsWhatIsSafe(t *testing.T) {
	r := protect(t, equalities(850))
	if r.Gate.Off != "" || r.Gate.Questions != 4 || r.Gate.Redesigned > 1 {
		t.Errorf("gate %+v", r.Gate)
	}
}

// BenchmarkGate is twenty-eight breakdowns of four questions, most by a special category; redesigned is how many of them lost detail.
func BenchmarkGate(b *testing.B) {
	for _, people := range []int{300, 700, 1500, 5000, 20_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			in := equalities(people)
			var r disclosure.Result
			for b.Loop() {
				var err error
				if r, err = disclosure.Protect(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.Gate.Redesigned), "redesigned")
		})
	}
}

// TestGateOnOddQuestions: what there is nothing to learn about is not asked, and many codes are no trouble.
func TestGateOnOddQuestions(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct {
		why   string
		codes []string
		none  []string
		one   bool // everybody answers the same
	}{
		{"nobody answered", []string{"none", "yes", "no"}, []string{"none"}, true},
		{"there is but one answer", []string{"yes", "none"}, []string{"none"}, false},
		{"all gave one answer: R4 hides it, and then any other would do", []string{"yes", "no"}, nil, true},
		{"two hundred answers", codes("a", 200), nil, false},
	} {
		d := question(c.codes...)
		d.NoAnswer = c.none
		weights := make([]float64, len(c.codes))
		for i := range weights {
			weights[i] = 1
			if c.one && i > 0 {
				weights[i] = 0
			}
		}
		in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: 1000, Dims: []disclosure.Dim{
			draw(rng, d, 1000, weights...), draw(rng, special("a", "b"), 1000, 1, 1)}}, Tables: []disclosure.TableSpec{{ID: "t", Question: "q", By: []string{"g"}}}}
		r := protect(t, in)
		if r.Gate.Redesigned > 0 {
			t.Errorf("%s: gate %+v, findings %v", c.why, r.Gate, r.Findings)
		}
	}
}
