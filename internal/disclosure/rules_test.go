package disclosure_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/disclosure"
)

func protect(t *testing.T, in disclosure.Input) disclosure.Result {
	t.Helper()
	r, err := disclosure.Protect(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func has(r disclosure.Result, key string) bool {
	return slices.ContainsFunc(r.Findings, func(f disclosure.Finding) bool { return f.Key == "disclosure.finding."+key })
}

// rowOf returns the row of a group.
func rowOf(t *testing.T, table disclosure.Table, codes ...string) disclosure.Row {
	t.Helper()
	i := slices.IndexFunc(table.Rows, func(r disclosure.Row) bool { return slices.Equal(r.Codes, codes) })
	if i < 0 {
		t.Fatalf("%s has no row %v", table.ID, codes)
	}
	return table.Rows[i]
}

func printed(r disclosure.Row) string {
	out := []string{r.Base.String()}
	for _, c := range r.Cells {
		out = append(out, c.String())
	}
	return strings.Join(out, " ")
}

func TestTiers(t *testing.T) {
	for _, c := range []struct {
		people   int
		question string
		by       []string
		wantBy   []string
		wantRung string
		finding  string
		why      string
	}{
		{9, "q", []string{"ward"}, nil, "", "too_few", "R0: n < 10 shows nothing"},
		{10, "q", nil, nil, "2 bands", "rung", "R0: 10 to 49, headlines; R1: 2 of each of 5 answers are not enough"},
		{25, "q", nil, nil, "", "", "R0: 10 to 49, headlines"},
		{49, "q", []string{"ward"}, nil, "", "headline_only", "R0: 10 to 49, no breakdown"},
		{199, "q", []string{"ward"}, []string{"ward"}, "3 bands", "bands", "R0: answers in bands if n < 200"},
		{200, "q", []string{"ward"}, []string{"ward"}, "", "", "R0: fine answers from 200"},
		{999, "q", []string{"ward", "sex"}, []string{"ward"}, "", "one_at_a_time", "R0: 50 to 999, one breakdown at a time"},
		{4999, "q", []string{"ward", "sex"}, []string{"ward", "sex"}, "3 bands", "bands", "R0: two dimensions below 5,000 with 3-band answers"},
		{5000, "q", []string{"ward", "sex"}, []string{"ward", "sex"}, "", "", "R0: two dimensions from 5,000"},
	} {
		in := even(c.people)
		in.Tables = []disclosure.TableSpec{{ID: "t", Question: c.question, By: c.by}}
		r := protect(t, in)
		table := r.Tables[0]
		if c.people < 10 {
			if !table.Withheld || len(table.Rows) > 0 || r.People != 0 || !has(r, c.finding) {
				t.Errorf("%d people: %s: %+v", c.people, c.why, r)
			}
			continue
		}
		if !slices.Equal(table.By, c.wantBy) || table.Rungs[0] != c.wantRung {
			t.Errorf("%d people: %s: by %v at %q", c.people, c.why, table.By, table.Rungs[0])
		}
		if c.finding != "" && !has(r, c.finding) {
			t.Errorf("%d people: %s: no finding %s in %v", c.people, c.why, c.finding, r.Findings)
		}
	}
}

// even returns people spread evenly over two wards, two sexes and the points of a scale.
func even(people int) disclosure.Input {
	q := scale("q")
	q.Codes = q.Codes[:5]
	q.NoAnswer = nil
	w := disclosure.Dim{Name: "ward", Role: disclosure.Ordinary, Codes: []string{"north", "south"}}
	s := disclosure.Dim{Name: "sex", Role: disclosure.Sensitive, Codes: []string{"f", "m"}}
	for i := range people {
		q.Column = append(q.Column, uint16(i%5))
		w.Column = append(w.Column, uint16(i/5%2))
		s.Column = append(s.Column, uint16(i/10%2))
	}
	return disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people, Dims: []disclosure.Dim{q, w, s}}}
}

func TestPrimaryRules(t *testing.T) {
	wide := question("a", "b", "c")
	secret := wide
	secret.Role = disclosure.Special
	for _, c := range []struct {
		why      string
		row, col disclosure.Dim
		counts   [][]int
		code     string
		want     []bool // base, then answers: is it hidden?
	}{
		{"R2: a group of 9 is hidden with all its answers", ward("x", "y", "z"), wide,
			[][]int{{5, 2, 2}, {60, 60, 60}, {40, 50, 60}}, "x", []bool{true, true, true, true}},
		{"R2: a group of 10 is shown", ward("x", "y", "z"), question("a", "b"),
			[][]int{{5, 5}, {90, 90}, {90, 90}}, "x", []bool{false, false, false}},
		{"R2: an empty ward is shown as 0", ward("x", "y", "z"), question("a", "b"),
			[][]int{{0, 0}, {90, 90}, {90, 90}}, "x", []bool{false, false, false}},
		{"R2b: of a special category not even 0 is shown", special("x", "y", "z"), question("a", "b"),
			[][]int{{0, 0}, {90, 90}, {90, 90}}, "x", []bool{true, true, true}},
		{"R3: 4 answers of a shown group are hidden, 5 are not", ward("x", "y", "z"), question("a", "b", "c", "d"),
			[][]int{{4, 5, 60, 70}, {60, 60, 60, 60}, {60, 60, 60, 60}}, "x", []bool{false, true, true, false, false}},
		{"R3: no answers of a shown group are shown as 0", ward("x", "y"), wide,
			[][]int{{0, 60, 60}, {60, 60, 60}}, "x", []bool{false, false, false, false}},
		{"R3: 10 if the question is special category, and 0 is hidden (R2b)", ward("x", "y", "z"), secret,
			[][]int{{9, 0, 150}, {60, 60, 60}, {60, 60, 60}}, "x", []bool{false, true, true, true}},
		{"R3: 10 as well for what a special group answered, be the question ordinary", special("x", "y", "z"), question("a", "b", "c", "d"),
			[][]int{{9, 10, 60, 70}, {60, 60, 60, 60}, {60, 60, 60, 60}}, "x", []bool{false, true, true, false, false}},
		{"R2b: and no 0, else what is hidden would be known to be somebody", special("x", "y", "z"), question("a", "b", "c", "d"),
			[][]int{{0, 12, 60, 70}, {60, 60, 60, 60}, {60, 60, 60, 60}}, "x", []bool{false, true, true, false, false}},
	} {
		in := table(roomy(c.row), c.col, pad(c.counts))
		row := rowOf(t, protect(t, in).Tables[0], c.code)
		for i, cell := range append([]disclosure.Cell{row.Base}, row.Cells...) {
			if cell.Shown == c.want[i] {
				t.Errorf("%s: got %s", c.why, printed(row))
				break
			}
		}
	}
}

// TestImpossibleZerosOfASpecialGroup: where nobody at all gave an answer the 0 of everybody is shown, and with it all
// zeros of the groups: hiding them would be theatre.
func TestImpossibleZerosOfASpecialGroup(t *testing.T) {
	in := table(roomy(special("x", "y")), question("a", "b", "c"), [][]int{{0, 60, 70}, {0, 60, 60}, {0, 60, 60}, {0, 60, 60}, {0, 60, 60}, {0, 60, 60}})
	if row := rowOf(t, protect(t, in).Tables[0], "x"); !row.Cells[0].Shown {
		t.Errorf("the 0 of an answer that nobody gave is hidden: %s", printed(row))
	}
}

// roomy gives a dimension four more groups, and pad fills them, so that the table passes R1 whatever is hidden in the
// groups that a test is about.
func roomy(d disclosure.Dim) disclosure.Dim {
	d.Codes = append(slices.Clone(d.Codes), codes("more", 4)...)
	return d
}

func pad(counts [][]int) [][]int {
	for i := range 4 {
		row := make([]int, len(counts[0]))
		for j := range row {
			row[j] = 100 + 10*i + j
		}
		counts = append(counts, row)
	}
	return counts
}

func TestGroupDisclosure(t *testing.T) {
	for _, c := range []struct {
		why      string
		row, col disclosure.Dim
		counts   [][]int
		open     bool
		code     string
		column   int
		hidden   bool
	}{
		{"R4: all of a ward agree (SDC Handbook 5.2, the married)", ward("x", "y"), question("a", "b"),
			[][]int{{60, 0}, {50, 50}}, false, "x", 0, true},
		{"R4: all but one, who would know of the others (the divorced)", ward("x", "y"), question("a", "b"),
			[][]int{{59, 1}, {50, 50}}, false, "x", 0, true},
		{"R4: two who disagree are enough in a ward, but R3 hides them and the line with them", ward("x", "y"), question("a", "b", "c"),
			[][]int{{50, 5, 5}, {50, 50, 50}}, false, "x", 0, false},
		{"R4: three who disagree give a ward away on an open link", ward("x", "y"), question("a", "b", "c", "d"),
			[][]int{{57, 0, 0, 3}, {50, 50, 50, 50}}, true, "x", 0, true},
		{"R4: two who disagree give a special category away", special("x", "y"), question("a", "b", "c"),
			[][]int{{58, 0, 2}, {50, 50, 50}}, false, "x", 0, true},
	} {
		in := table(roomy(c.row), c.col, pad(c.counts))
		in.Policy.OpenLink = c.open
		r := protect(t, in)
		if cell := rowOf(t, r.Tables[0], c.code).Cells[c.column]; cell.Shown == c.hidden {
			t.Errorf("%s: got %s", c.why, printed(rowOf(t, r.Tables[0], c.code)))
		}
	}
}

// TestReverseAttribute: an answer must not tell an equality group (A8), but it may tell a ward.
func TestReverseAttribute(t *testing.T) {
	for _, c := range []struct {
		why    string
		row    disclosure.Dim
		hidden bool
	}{
		{"R4 with an equality group as the answer: all who said b are of group x", special("x", "y", "z"), true},
		{"where people live is not a secret", ward("x", "y", "z"), false},
	} {
		in := table(c.row, question("a", "b", "c", "d", "e"), [][]int{{50, 40, 60, 30, 45}, {90, 0, 60, 55, 35}, {80, 0, 60, 70, 25}})
		if row := rowOf(t, protect(t, in).Tables[0], "x"); row.Cells[1].Shown == c.hidden {
			t.Errorf("%s: got %s", c.why, printed(row))
		}
	}
}

// TestBandsOfAGroup: nobody answered "very satisfied" and "fairly satisfied" alone, but all answered one of the two.
func TestBandsOfAGroup(t *testing.T) {
	q := scale("q")
	in := table(ward("x", "y"), q, [][]int{{60, 70, 0, 0, 0, 0, 0}, {60, 60, 60, 60, 60, 60, 60}})
	for _, table := range protect(t, in).Tables {
		if len(table.By) == 0 {
			continue
		}
		row := rowOf(t, table, "x")
		zeros := 0
		for i, c := range row.Cells {
			if i >= 2 && c.Shown {
				zeros++
			}
		}
		if row.Base.Shown && zeros == len(row.Cells)-2 {
			t.Errorf("R4 on a band: %s tells that all of x are satisfied", printed(row))
		}
	}
}

func TestUnanimousHeadline(t *testing.T) {
	for _, c := range []struct {
		why     string
		release bool
		people  int
		shown   bool
	}{
		{"R4 holds for the headline", false, 120, false},
		{"the reviewer may release it from 100 responses", true, 120, true},
		{"not below", true, 90, false},
	} {
		in := table(ward("x", "y"), question("a", "b"), [][]int{{c.people / 2, 0}, {c.people / 2, 0}})
		in.Tables[0].By = nil
		in.Policy.UnanimousHeadline = c.release
		if row := protect(t, in).Tables[0].Rows[0]; row.Cells[0].Shown != c.shown {
			t.Errorf("%s: got %s", c.why, printed(row))
		}
	}
}

// TestLadder: a table that is too thin climbs, and says so in plain words.
func TestLadder(t *testing.T) {
	w := ward(codes("w", 6)...)
	w.Ladder = []disclosure.Rung{{Name: "area", Parent: map[string]string{
		"w0": "A", "w1": "A", "w2": "A", "w3": "B", "w4": "B", "w5": "B"}}}
	q := scale("q")
	line := []int{8, 9, 2, 1, 3, 1, 1}
	in := table(w, q, [][]int{line, line, line, line, line, line})
	in.Policy.BandsBelow = 200
	r := protect(t, in)
	if !has(r, "rung") && !has(r, "bands") {
		t.Errorf("R1: 150 people in 6 wards and 7 answers did not climb: %v", r.Findings)
	}
	for _, f := range r.Findings {
		if s := f.String(); strings.Contains(s, "{{") || strings.HasPrefix(s, "t: disclosure.") {
			t.Errorf("finding without words: %s", s)
		}
	}
	for _, table := range r.Tables {
		cells, hidden := 0, 0
		for _, row := range table.Rows[1:] {
			for j, c := range row.Cells {
				if table.Columns[j] != "none" {
					cells++
					if !c.Shown {
						hidden++
					}
				}
			}
		}
		if 2*hidden > cells {
			t.Errorf("R1: %d of %d inner cells of %s are hidden", hidden, cells, table.ID)
		}
	}
}

func TestDerivedFigures(t *testing.T) {
	for _, c := range []struct {
		why       string
		by        []string
		counts    []int // of ward x if there is a breakdown, else of everybody
		mean, net string
		percent0  string
	}{
		{"R5: from 30 30 15 15 15 20 20 as rounded, base 140, not from 28 28 14 14 14 20 20", []string{"g"},
			[]int{28, 28, 14, 14, 14, 20, 20}, "3.4", "21.4", "21"},
		{"R5: no mean if an answer on the scale is hidden; the ends are shown", nil,
			[]int{40, 40, 3, 25, 26, 22, 20}, "[c]", "16.5", "23"},
		{"R5: no net score if an answer at its ends is hidden", nil, []int{40, 40, 25, 26, 3, 22, 20}, "[c]", "[c]", "23"},
		{"R5: no mean under a base of 30", nil, []int{5, 6, 5, 5, 6, 0, 0}, "[c]", "[c]", "19"},
		{"R5: no percentage under a base of 20", nil, []int{5, 0, 6, 0, 6, 0, 0}, "[c]", "[c]", "[c]"},
		{"R5: one decimal from a base of 1,000", nil, []int{300, 200, 100, 200, 201, 0, 0}, "3.2", "9.9", "30.0"},
	} {
		big := []int{150, 150, 150, 150, 150, 150, 150}
		in, row := table(ward("x", "y", "z"), scale("q"), [][]int{c.counts, big, big}), disclosure.Row{}
		if c.by == nil {
			in = table(ward("x", "y"), scale("q"), [][]int{c.counts})
			in.Tables[0].By = nil
			row = protect(t, in).Tables[0].Rows[0]
		} else {
			row = rowOf(t, protect(t, in).Tables[0], "x")
		}
		if row.Mean.String() != c.mean || row.Net.String() != c.net || row.Percents[0].String() != c.percent0 {
			t.Errorf("%s: mean %s net %s percent %s of %s", c.why, row.Mean, row.Net, row.Percents[0], printed(row))
		}
	}
}

// TestMultiResponse: only the y counts are published, and a rare "no" is as guarded as a rare "yes" (R6).
func TestMultiResponse(t *testing.T) {
	option := question("y", "n")
	for _, c := range []struct {
		why    string
		x      []int
		hidden bool
	}{
		{"many ticked, many did not", []int{40, 60}, false},
		{"4 ticked: R3", []int{4, 96}, true},
		{"4 did not tick: the base less the shown", []int{96, 4}, true},
		{"nobody ticked: R4", []int{0, 100}, true},
	} {
		in := table(roomy(ward("x", "y", "z")), option, pad([][]int{c.x, {80, 90}, {70, 60}}))
		in.Tables[0].Show = []string{"y"}
		table := protect(t, in).Tables[0]
		if len(table.Columns) != 1 {
			t.Fatalf("columns %v", table.Columns)
		}
		if row := rowOf(t, table, "x"); row.Cells[0].Shown == c.hidden {
			t.Errorf("R6, %s: %s", c.why, printed(row))
		}
	}
}

func TestPolicyFloors(t *testing.T) {
	for why, loosen := range map[string]func(*disclosure.Policy){
		"a base may go down to 5, never lower (R2)":  func(p *disclosure.Policy) { p.BaseThreshold = 4 },
		"an answer threshold under 5 (R3)":           func(p *disclosure.Policy) { p.CellThreshold = 3 },
		"an answer threshold under the width (R3)":   func(p *disclosure.Policy) { p.Width = 6 },
		"special-category data under 10":             func(p *disclosure.Policy) { p.SpecialThreshold = 5 },
		"no coalition at all (R4)":                   func(p *disclosure.Policy) { p.K = 0 },
		"rounding finer than 5":                      func(p *disclosure.Policy) { p.RoundTo = 1 },
		"percentages of a handful (R5)":              func(p *disclosure.Policy) { p.PercentBase = 10 },
		"a seed that can be guessed (A25)":           func(p *disclosure.Policy) { p.Seed = nil },
		"more than half of a table hidden (R1)":      func(p *disclosure.Policy) { p.MaxHiddenPercent = 80 },
		"breakdowns of fewer than 50 responses (R0)": func(p *disclosure.Policy) { p.BreakdownFrom = 20 },
	} {
		in := even(300)
		loosen(&in.Policy)
		if _, err := disclosure.Protect(context.Background(), in); err == nil {
			t.Errorf("%s: accepted", why)
		}
	}
}
