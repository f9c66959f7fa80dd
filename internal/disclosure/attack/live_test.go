package attack_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// TestLiveRounding is the dashboard that rounds everything to 5 but moves with every response (disclosure.md A12): when
// 12 becomes 13, 10 becomes 15, and the newcomer is in that cell. The number of responses is printed as it is.
func TestLiveRounding(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	p := publish(dim("ward", attack.Ordinary, "a", "b", "c"), dim("q", attack.Sensitive, "yes", "no"))
	counts := map[string]int64{}
	respond := func(ward, q string) {
		for _, at := range []string{"", "ward=" + ward, "q=" + q, "ward=" + ward + " q=" + q} {
			counts[at]++
		}
	}
	who := func() (string, string) { return string("abc"[r.IntN(3)]), []string{"yes", "no"}[r.IntN(2)] }
	for range 60 {
		respond(who())
	}
	truth := map[string]string{} // release to the newcomer's cell
	for release := range 9 {
		p.release = fmt.Sprintf("%02d", release)
		if release > 0 {
			ward, q := who()
			respond(ward, q)
			truth[p.release] = "ward=" + ward + " q=" + q
		}
		p.count("", counts[""])
		for _, ward := range []string{"", "ward=a", "ward=b", "ward=c"} {
			for _, q := range []string{"", "q=yes", "q=no"} {
				if at := strings.TrimSpace(ward + " " + q); at != "" {
					p.rounded(at, counts[at])
				}
			}
		}
	}
	p.in.Mode = attack.Append
	report := run(t, p.in, attack.Default())
	alone, told := 0, 0
	for _, f := range report.Broken {
		if f.Kind != attack.KindJoiners || f.Lo != 1 {
			continue
		}
		if f.Cell == "" {
			alone++
		}
		if strings.Contains(f.Cell, "q=") {
			told++
			for _, part := range strings.Fields(f.Cell) {
				if !strings.Contains(truth[f.Release], part) {
					t.Errorf("release %s: %s found, %s is true", f.Release, f.Cell, truth[f.Release])
				}
			}
		}
	}
	if alone != 8 || told == 0 {
		t.Errorf("%d of 8 newcomers isolated, %d answers learnt: the attack does not bite", alone, told)
	}
}

// TestHierarchyAndRoles has one attack of disclosure.md section 2 a row.
func TestHierarchyAndRoles(t *testing.T) {
	for _, test := range []struct {
		why     string
		publish func(p *publication)
		kind    attack.Kind
		want    string
	}{
		{"a ward is its area less the other ward (A22)", func(p *publication) {
			p.count("area=n", 30)
			p.count("area=a", 23)
			p.hide("area=b")
		}, attack.KindExact, "area=b||7-7"},
		{"wards lie in an area and in a catchment, which need not nest (A4)", func(p *publication) {
			p.count("area=n", 30)    // a + b
			p.count("area=west", 41) // a + c
			p.count("area=c", 20)    // so a = 21
			p.hide("area=a")
			p.hide("area=b")
		}, attack.KindExact, "area=b||9-9"},
		{"all of a group gave one answer (A6)", func(p *publication) {
			p.count("area=c", 12)
			p.hide("area=c q=yes")
			p.count("area=c q=no", 0)
		}, attack.KindAttribute, "area=c|q=yes|0-0"},
		{"one dissenter learns the answer of all others (A7)", func(p *publication) {
			p.count("area=c", 12)
			p.hide("area=c q=yes")
			p.count("area=c q=no", 1)
		}, attack.KindAttribute, "area=c|q=yes|0-1"},
		{"a percentage of a small base has one numerator (A16)", func(p *publication) {
			p.count("area=c", 7)
			p.hide("area=c q=yes")
			p.cell("area=c q=yes", attack.Cell{Measure: attack.Percent, Over: "q", Value: number(43, 0)})
		}, attack.KindExact, "area=c q=yes||3-3"},
		{"a mean beside a base and one count fixes the rest (A17)", func(p *publication) {
			p.count("area=c", 9)
			p.hide("area=c q=yes")
			p.cell("area=c", attack.Cell{Measure: attack.Mean, Over: "q", Value: number(378, 2)})
		}, attack.KindExact, "area=c q=yes||7-7"},
	} {
		area := attack.Dim{Name: "area", Complete: true, Codes: []attack.Code{{Name: "a", Parents: []string{"n", "west"}}, {Name: "b", Parents: []string{"n"}},
			{Name: "c", Parents: []string{"west"}}, {Name: "n"}, {Name: "west"}}}
		p := publish(area, scores(dim("q", attack.Sensitive, "yes", "no", "unsure"), 5, 1))
		p.in.Dims[1].Codes[2].Score = number(-2, 0)
		if test.kind != attack.KindAttribute {
			p.in.Dims[1].Codes = p.in.Dims[1].Codes[:2]
			p.in.Dims[1].Codes[1].Score = number(-5, 1)
		} else {
			p.count("area=c q=unsure", 0)
		}
		test.publish(p)
		got := broken(run(t, p.in, attack.Default()), test.kind)
		found := false
		for _, g := range got {
			found = found || g == test.want
		}
		if !found {
			t.Errorf("%s: %v, want %s", test.why, got, test.want)
		}
	}
}
