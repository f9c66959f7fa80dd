package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"folkmoot/internal/disclosure"
)

// wardsInAreas is a yes-or-no question by wards and by the areas that they lie in, of which the first has two small wards where all, or all but one,
// said yes. None of its tables has a row for these two together.
func wardsInAreas(rng *rand.Rand) disclosure.Input {
	wards := [][2]int{{4 + rng.IntN(6), rng.IntN(2)}, {4 + rng.IntN(6), 0}}
	for range 6 {
		wards = append(wards, [2]int{20 + rng.IntN(60), 15 + rng.IntN(40)})
	}
	ward := disclosure.Dim{Name: "ward", Role: disclosure.Ordinary, Codes: codes("w", len(wards))}
	area := disclosure.Dim{Name: "area", Role: disclosure.Ordinary, Codes: []string{"a0", "a1"}}
	q := question("yes", "no")
	in := disclosure.Input{Policy: policy()}
	for w, counts := range wards {
		for answer, n := range counts {
			for range n {
				ward.Column = append(ward.Column, uint16(w))
				area.Column = append(area.Column, uint16(w/4))
				q.Column = append(q.Column, uint16(answer))
				in.Records.People++
			}
		}
	}
	in.Records.Dims = []disclosure.Dim{q, ward, area}
	in.Tables = []disclosure.TableSpec{{ID: "areas", Question: "q", By: []string{"area"}}, {ID: "wards", Question: "q", By: []string{"ward"}}}
	return in
}

// TestDerivableGroups is R4 for groups that only several tables together define (A4, A6): the wards of an area that are hidden are what the area has and
// its other wards have not. If few of them said no, then few in each ward did, and each ward must be able to have more.
func TestDerivableGroups(t *testing.T) {
	naive := 0
	for n := range 60 {
		in := wardsInAreas(rand.New(rand.NewPCG(uint64(n), 4)))
		r := protect(t, in)
		for naively := range 2 {
			cells := map[string]disclosure.Cell{}
			for _, table := range r.Tables {
				for _, row := range table.Rows {
					if len(row.Codes) == 1 {
						for i, c := range row.Cells {
							cells[row.Codes[0]+table.Columns[i]] = c
						}
					}
				}
			}
			shown := func(code string) bool {
				small := code == "w0no" || code == "w1no"
				return cells[code].Shown || naively == 1 && !small
			}
			derivable := shown("a0no")
			for w := range 4 {
				if code := fmt.Sprintf("w%dno", w); w > 1 && !shown(code) {
					derivable = false
				}
			}
			switch {
			case derivable && naively == 1:
				naive++
			case derivable:
				t.Errorf("survey %d: that all but one at most in the two hidden wards said yes follows from the area", n)
			}
		}
		if len(r.Tables) != 2 || r.Tables[1].Withheld {
			t.Errorf("survey %d: nothing is left of the wards: %v", n, r.Findings)
		}
	}
	if naive != 60 {
		t.Errorf("if only the two wards were hidden it would follow in %d surveys, want 60", naive)
	}
}
