package disclosure_test

import (
	"testing"

	"folkmoot/internal/disclosure"
)

// TestOptionNobodyPicked: R4 hides the answer (g, A), never the base of everybody on its account.
func TestOptionNobodyPicked(t *testing.T) {
	for _, c := range []struct {
		routed bool
		why    string
	}{
		{false, "R4, R6: all were asked and nobody picked the option"},
		{true, "R4, R6: some were not asked, so a tie between the questions shows that nobody picked it"},
	} {
		option := disclosure.Dim{Name: "option", Role: disclosure.Sensitive, Codes: []string{"y", "n", "none"}, NoAnswer: []string{"none"}}
		gate := question("yes", "no", "maybe")
		for i := range 260 {
			code := uint16(i % 3)
			gate.Column = append(gate.Column, code)
			if c.routed && code == 1 {
				option.Column = append(option.Column, 2)
			} else {
				option.Column = append(option.Column, 1)
			}
		}
		in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: 260, Dims: []disclosure.Dim{gate, option}},
			Tables: []disclosure.TableSpec{{ID: "gate", Question: "q"}, {ID: "option", Question: "option", Show: []string{"y"}}}}
		r := protect(t, in)
		if got := printed(r.Tables[0].Rows[0]); got != "260 87 87 86" {
			t.Errorf("%s: the other question shows %s", c.why, got)
		}
		if got := printed(r.Tables[1].Rows[0]); got != "260 [c]" {
			t.Errorf("%s: the option shows %s", c.why, got)
		}
	}
}
