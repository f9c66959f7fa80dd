package attack_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// TestContradictions gives the attack figures that no people fit (issue "Bad input"): it says so and where, and never
// reports on them as if they were somebody's.
func TestContradictions(t *testing.T) {
	ward := func() attack.Dim { return dim("ward", attack.Ordinary, "a<n", "b<n", "c", "n") }
	q := func() attack.Dim { return scores(dim("q", attack.Sensitive, "yes", "no"), 5, 1) }
	for _, test := range []struct {
		why     string
		mode    attack.Mode
		publish func(p *publication)
		line    int
	}{
		{"a duplicate that says another number (disclosure-format.md: a figure a line)", "", func(p *publication) {
			p.count("ward=a", 12)
			p.count("ward=a", 13)
		}, 3},
		{"two intervals of one count that do not meet (lo, hi are what the reader is told)", "", func(p *publication) {
			p.between("ward=a", 15, 13, 17)
			p.between("ward=a", 20, 18, 22)
		}, 3},
		{"two wards are more than their area", "", func(p *publication) {
			p.count("ward=n", 20)
			p.count("ward=a", 11)
			p.count("ward=b", 10)
		}, 2},
		{"rounded parts cannot reach their exact total: 17 + 17 < 40", "", func(p *publication) {
			p.count("ward=n", 40)
			p.between("ward=a", 15, 13, 17)
			p.between("ward=b", 15, 13, 17)
		}, 2},
		{"what a hidden cell would have to be is negative", "", func(p *publication) {
			p.count("ward=a", 5)
			p.count("ward=a q=yes", 7)
			p.hide("ward=a q=no")
		}, 2},
		{"rows and columns of hidden cells differ in their sum, which no single line shows", "", func(p *publication) {
			for _, w := range []string{"a", "b", "c"} {
				p.count("ward="+w, 30)
				p.hide("ward=" + w + " q=yes")
				p.hide("ward=" + w + " q=no")
			}
			p.between("q=yes", 60, 55, 65)
			p.between("q=no", 20, 15, 24)
		}, 11},
		{"a percentage that no part of 7 people is", "", func(p *publication) {
			p.count("ward=a", 7)
			p.cell("ward=a q=yes", attack.Cell{Measure: attack.Percent, Over: "q", Value: number(50, 0)})
		}, 3},
		{"a mean above the highest score", "", func(p *publication) {
			p.count("ward=a", 7)
			p.cell("ward=a", attack.Cell{Measure: attack.Mean, Over: "q", Value: number(600, 2)})
		}, 2},
		{"the same people, and one more of them (meta.csv: static)", attack.Static, func(p *publication) {
			p.count("", 100)
			p.release = "2"
			p.count("", 101)
		}, 3},
		{"people only added, and fewer of them (meta.csv: append)", attack.Append, func(p *publication) {
			p.count("ward=a", 20)
			p.release = "2"
			p.count("ward=a", 19)
		}, 3},
		{"people only added, and their parts moved", attack.Append, func(p *publication) {
			p.count("", 30)
			p.count("q=yes", 20)
			p.release = "2"
			p.count("", 31)
			p.count("q=yes", 18)
		}, 5},
	} {
		p := publish(ward(), q())
		test.publish(p)
		p.in.Mode = test.mode
		r, err := attack.Run(t.Context(), p.in, attack.Default())
		var faults attack.Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Errorf("%s: %v, report %+v", test.why, err, r)
			continue
		}
		if faults[0].At.File != "cells.csv" || faults[0].At.Line != test.line || faults[0].Text == "" {
			t.Errorf("%s: %v, want line %d", test.why, faults, test.line)
		}
	}
}

// TestOddButPossible gives figures that are unusual and true: they are attacked, not refused.
func TestOddButPossible(t *testing.T) {
	for _, test := range []struct {
		why     string
		publish func(p *publication)
		broken  bool
	}{
		{"one figure twice, alike: two tables share a margin", func(p *publication) {
			p.count("", 50)
			p.count("", 50)
		}, false},
		{"a figure exact in one table undoes its rounding in another", func(p *publication) {
			p.between("ward=a", 0, 0, 4)
			p.count("ward=a", 3)
		}, true},
		{"a figure hidden in one table and shown in another is recovered", func(p *publication) {
			p.hide("ward=a")
			p.count("ward=a", 12)
		}, true},
		{"the largest count that is read", func(p *publication) {
			p.count("", attack.MaxCount)
			p.hide("ward=a")
			p.hide("ward=b")
		}, false},
		{"nobody at all", func(p *publication) {
			p.count("", 0)
			p.count("ward=a", 0)
		}, false},
		{"a hidden figure of which nothing is told, whose bounds are asked for", func(p *publication) {
			p.hide("ward=a")
		}, false},
		{"0 to 40 % of a base: the lower end says nothing of the base", func(p *publication) {
			p.count("ward=a", 50)
			p.hide("ward=a q=yes")
			p.cell("ward=a q=yes", attack.Cell{Measure: attack.Percent, Over: "q", Value: number(20, 0), Lo: number(0, 0), Hi: number(40, 0)})
		}, false},
		{"a mean that is a score: those who gave it do not move it", func(p *publication) {
			p.count("ward=a", 50)
			p.hide("ward=a q=yes")
			p.cell("ward=a", attack.Cell{Measure: attack.Mean, Over: "q", Value: number(3, 0), Lo: number(1, 0), Hi: number(5, 0)})
		}, false},
		{"an empty survey with a hidden cell: it is 0", func(p *publication) {
			p.count("", 0)
			p.hide("ward=a")
		}, true},
		{"one respondent, whose answer is what remains", func(p *publication) {
			p.count("", 1)
			p.count("q=yes", 0)
			p.hide("q=no")
		}, true},
	} {
		p := publish(dim("ward", attack.Ordinary, "a", "b"), scores(dim("q", attack.Sensitive, "yes", "no"), 5, 1))
		test.publish(p)
		o := attack.Default()
		o.Bounds = true
		r, err := attack.Run(t.Context(), p.in, o)
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		if len(r.Broken) > 0 != test.broken || len(r.Unfinished) > 0 {
			t.Errorf("%s: broken %+v, unfinished %+v", test.why, r.Broken, r.Unfinished)
		}
	}
}

// TestContradictionNobodyAsks makes sure that figures are examined where nothing is asked of them, however large the
// table. Seven wards lie in seven areas of three, each ward in three areas and any two in one: areas of 42 % of 24 people,
// 10 at most, hold 70/3 at most together, and 24 are printed. No line by itself contradicts that.
func TestContradictionNobodyAsks(t *testing.T) {
	for _, parishes := range []int{1, 2_100} {
		area := [7][]string{}
		for line := range 7 {
			for _, point := range []int{0, 1, 3} {
				area[(line+point)%7] = append(area[(line+point)%7], fmt.Sprint("area", line))
			}
		}
		ward := attack.Dim{Name: "ward", Complete: true}
		for i := range 7 {
			ward.Codes = append(ward.Codes, attack.Code{Name: fmt.Sprint("w", i), Parents: area[i]}, attack.Code{Name: fmt.Sprint("area", i)})
		}
		p := publish(ward, dim("parish", attack.Ordinary, names("p", parishes)...))
		p.count("", 24)
		for i := range 7 {
			p.cell(fmt.Sprint("ward=area", i), attack.Cell{Measure: attack.Percent, Over: "ward", Value: number(20, 0), Lo: number(0, 0), Hi: number(42, 0)})
		}
		for i := range parishes {
			p.cell(fmt.Sprint("parish=p", i), attack.Cell{Measure: attack.Percent, Over: "parish", Value: number(20, 0), Lo: number(0, 0), Hi: number(100, 0)})
		}
		p.cell("ward=w0 parish=p0", attack.Cell{Measure: attack.Percent, Over: "parish", Value: number(20, 0), Lo: number(0, 0), Hi: number(100, 0)})
		r, err := attack.Run(t.Context(), p.in, attack.Default())
		if err == nil {
			t.Errorf("%d parishes: 24 people in areas of 10 are taken as possible: safe %v, %d equations", parishes, r.Safe(), r.Equations)
		} else if !strings.Contains(err.Error(), "cells.csv:") || !strings.Contains(err.Error(), "do not add up") {
			t.Error(err)
		}
	}
}
