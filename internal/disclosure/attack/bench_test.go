package attack_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/disclosure/attack"
)

// linked publishes tables of ward by group by one question each, of the same people, as a careful office does: nothing
// below 10, or below 5 for ordinary answers, one more hidden in every line with something hidden, headlines exact,
// the others rounded to 5.
func linked(tables, wards, groups, people int) attack.Input {
	r := rand.New(rand.NewPCG(1, 1))
	ward := attack.Dim{Name: "ward", Complete: true}
	for i := range wards {
		ward.Codes = append(ward.Codes, attack.Code{Name: fmt.Sprint("w", i), Parents: []string{fmt.Sprint("area", i/4)}})
	}
	for i := range (wards + 3) / 4 {
		ward.Codes = append(ward.Codes, attack.Code{Name: fmt.Sprint("area", i)})
	}
	dims := []attack.Dim{ward, dim("group", attack.Special, names("g", groups)...)}
	type person struct {
		ward, group int
		answers     []int
	}
	crowd := make([]person, people)
	for i := range crowd {
		crowd[i] = person{r.IntN(wards), r.IntN(1 + r.IntN(groups)), make([]int, tables)}
		for t := range tables {
			crowd[i].answers[t] = r.IntN(5)
		}
	}
	for t := range tables {
		dims = append(dims, dim(fmt.Sprint("q", t), attack.Sensitive, "1<low", "2<low", "3", "4<high", "5<high", "low", "high"))
	}
	p := publish(dims...)
	for t := range tables {
		p.table = fmt.Sprint("t", t)
		counts := map[[3]int]int64{} // by ward, group and answer as codes of the dimensions, -1 the total
		for _, x := range crowd {
			above := map[int]int{0: 5, 1: 5, 3: 6, 4: 6}
			answers := []int{-1, x.answers[t]}
			if band, ok := above[x.answers[t]]; ok {
				answers = append(answers, band)
			}
			for _, w := range []int{-1, x.ward, wards + x.ward/4} {
				for _, g := range []int{-1, x.group} {
					for _, a := range answers {
						counts[[3]int{w, g, a}]++
					}
				}
			}
		}
		for w := -1; w < len(ward.Codes); w++ {
			for g := -1; g < groups; g++ {
				for a := -1; a < 7; a++ {
					p.careful(dims, t, [3]int{w, g, a}, counts[[3]int{w, g, a}], r)
				}
			}
		}
	}
	p.in.Mode = attack.Static
	return p.in
}

func (p *publication) careful(dims []attack.Dim, t int, at [3]int, n int64, r *rand.Rand) {
	var cell []string
	for i, d := range []int{0, 1, 2 + t} {
		if at[i] >= 0 {
			cell = append(cell, dims[d].Name+"="+dims[d].Codes[at[i]].Name)
		}
	}
	least := int64(5)
	if at[1] >= 0 {
		least = 10
	}
	where := strings.Join(cell, " ")
	switch {
	case len(cell) > 0 && n < least, len(cell) == 3 && r.IntN(4) == 0:
		p.hide(where)
	case len(cell) == 0 || len(cell) == 1 && at[2] >= 0:
		p.count(where, n)
	default:
		p.rounded(where, n)
	}
}

// BenchmarkRun measures the attack on linked tables. disclosure.md asks for ten minutes at most for 12 tables of 1,200 cells.
func BenchmarkRun(b *testing.B) {
	for _, size := range []struct{ tables, wards, groups, people int }{{3, 8, 4, 2000}, {6, 12, 6, 5000}, {12, 12, 8, 5000}, {12, 20, 12, 5000}} {
		if testing.Short() && size.tables > 3 {
			break // minutes each
		}
		in := linked(size.tables, size.wards, size.groups, size.people)
		b.Run(fmt.Sprintf("tables=%d/figures=%d", size.tables, len(in.Cells)), func(b *testing.B) {
			for b.Loop() {
				ctx, stop := context.WithTimeout(b.Context(), 10*time.Minute)
				r, err := attack.Run(ctx, in, attack.Default())
				stop()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(r.Programmes), "programmes")
				b.ReportMetric(float64(r.Questions), "questions")
				b.ReportMetric(float64(len(r.Unfinished)), "unfinished")
				b.ReportMetric(float64(len(r.Broken)), "broken")
			}
		})
	}
}
