package disclosure_test

import (
	"fmt"
	"math/rand/v2"

	"folkmoot/internal/disclosure"
)

// seed is a secret of 16 bytes for tests.
var seed = []byte("a secret of tests")

func policy() disclosure.Policy {
	p := disclosure.Default()
	p.Seed = seed
	return p
}

// crossed returns records in which the cells of rows by cols hold so many people each.
func crossed(row, col disclosure.Dim, counts [][]int) disclosure.Records {
	r := disclosure.Records{}
	for i := range counts {
		for j, n := range counts[i] {
			for range n {
				row.Column, col.Column = append(row.Column, uint16(i)), append(col.Column, uint16(j))
				r.People++
			}
		}
	}
	r.Dims = []disclosure.Dim{col, row}
	return r
}

// table returns the input of one table: question q by dimension g, its cells holding so many people each.
func table(row, col disclosure.Dim, counts [][]int) disclosure.Input {
	return disclosure.Input{Records: crossed(row, col, counts), Policy: policy(),
		Tables: []disclosure.TableSpec{{ID: "t", Question: col.Name, By: []string{row.Name}}}}
}

func ward(codes ...string) disclosure.Dim {
	return disclosure.Dim{Name: "g", Role: disclosure.Ordinary, Codes: codes}
}

func special(codes ...string) disclosure.Dim {
	return disclosure.Dim{Name: "g", Role: disclosure.Special, Codes: codes}
}

func question(codes ...string) disclosure.Dim {
	return disclosure.Dim{Name: "q", Role: disclosure.Sensitive, Codes: codes}
}

// scale is a 5-point question with its ladder, its points and "not answered".
func scale(name string) disclosure.Dim {
	return disclosure.Dim{Name: name, Role: disclosure.Sensitive,
		Codes:    []string{"vs", "fs", "n", "fd", "vd", "dk", "none"},
		NoAnswer: []string{"none"},
		Scores:   map[string]float64{"vs": 5, "fs": 4, "n": 3, "fd": 2, "vd": 1},
		Ladder: []disclosure.Rung{
			{Name: "3 bands", Parent: map[string]string{"vs": "sat", "fs": "sat", "fd": "dis", "vd": "dis"}},
			{Name: "2 bands", Parent: map[string]string{"n": "not_sat", "dis": "not_sat"}},
		}}
}

// draw fills a dimension with answers at random, code i with weight w[i].
func draw(rng *rand.Rand, d disclosure.Dim, people int, w ...float64) disclosure.Dim {
	sum := 0.0
	for _, x := range w {
		sum += x
	}
	d.Column = make([]uint16, people)
	for i := range d.Column {
		u := rng.Float64() * sum
		for c, x := range w {
			if u -= x; u <= 0 {
				d.Column[i] = uint16(c)
				break
			}
		}
	}
	return d
}

func codes(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(prefix, i)
	}
	return out
}

// randomSurvey returns a survey of some thousand people at most, with wards in areas, a special category with rare
// groups, scales and a multi-response question with item non-response, and tables of them all.
func randomSurvey(rng *rand.Rand, people int) disclosure.Input {
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people}}
	wards, groups := 3+rng.IntN(6), 3+rng.IntN(4)
	w := disclosure.Dim{Name: "ward", Role: disclosure.Ordinary, Codes: codes("w", wards)}
	areas := map[string]string{}
	weights := make([]float64, wards)
	for i, c := range w.Codes {
		areas[c], weights[i] = fmt.Sprint("area", i/3), 0.2+rng.Float64()
	}
	w.Ladder = []disclosure.Rung{{Name: "area", Parent: areas}}
	eth := disclosure.Dim{Name: "eth", Role: disclosure.Special, Codes: append(codes("e", groups), "none"), NoAnswer: []string{"none"}}
	rare := make([]float64, groups+1)
	for i := range rare {
		rare[i] = 1 / float64((i+1)*(i+1))
	}
	in.Records.Dims = append(in.Records.Dims, draw(rng, w, people, weights...), draw(rng, eth, people, rare...))
	for q := range 2 + rng.IntN(2) {
		d := scale(fmt.Sprint("q", q))
		in.Records.Dims = append(in.Records.Dims, draw(rng, d, people, 20, 35, 15, 5*rng.Float64(), 3*rng.Float64(), 4, 2))
		in.Tables = append(in.Tables,
			disclosure.TableSpec{ID: d.Name, Question: d.Name},
			disclosure.TableSpec{ID: d.Name + "ward", Question: d.Name, By: []string{"ward"}},
			disclosure.TableSpec{ID: d.Name + "eth", Question: d.Name, By: []string{"eth"}})
	}
	for o := range 2 {
		d := disclosure.Dim{Name: fmt.Sprint("option", o), Role: disclosure.Sensitive, Codes: []string{"y", "n"}}
		in.Records.Dims = append(in.Records.Dims, draw(rng, d, people, rng.Float64(), 1))
		in.Tables = append(in.Tables, disclosure.TableSpec{ID: d.Name + "ward", Question: d.Name, By: []string{"ward"}, Show: []string{"y"}})
	}
	in.Tables = append(in.Tables, disclosure.TableSpec{ID: "profile", Question: "eth"}, disclosure.TableSpec{ID: "ethward", Question: "eth", By: []string{"ward"}})
	return in
}
