package attack_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/disclosure/attack"
)

// publication writes what a test publishes.
type publication struct {
	in      attack.Input
	release string
	table   string
}

func publish(dims ...attack.Dim) *publication {
	return &publication{in: attack.Input{Dims: dims}, release: "1", table: "t"}
}

func dim(name string, role attack.Role, codes ...string) attack.Dim {
	d := attack.Dim{Name: name, Role: role, Complete: true}
	for _, c := range codes {
		code, parents, _ := strings.Cut(c, "<")
		d.Codes = append(d.Codes, attack.Code{Name: code, Parents: strings.FieldsFunc(parents, func(r rune) bool { return r == '+' })})
	}
	return d
}

func scores(d attack.Dim, points ...int64) attack.Dim {
	for i := range points {
		d.Codes[i].Score = &attack.Decimal{Units: points[i]}
	}
	return d
}

// cell adds a line; at is "dim=code ...".
func (p *publication) cell(at string, c attack.Cell) {
	c.Release, c.Table, c.Codes = p.release, p.table, map[string]string{}
	if c.Measure == "" {
		c.Measure = attack.Count
	}
	for _, f := range strings.Fields(at) {
		d, code, _ := strings.Cut(f, "=")
		c.Codes[d] = code
	}
	c.At = attack.Place{File: "cells.csv", Line: len(p.in.Cells) + 2}
	p.in.Cells = append(p.in.Cells, c)
}

func number(units int64, places int) *attack.Decimal {
	return &attack.Decimal{Units: units, Places: places}
}

func (p *publication) count(at string, n int64) { p.cell(at, attack.Cell{Value: number(n, 0)}) }
func (p *publication) hide(at string)           { p.cell(at, attack.Cell{Hidden: true}) }

func (p *publication) between(at string, shown, lo, hi int64) {
	p.cell(at, attack.Cell{Value: number(shown, 0), Lo: number(lo, 0), Hi: number(hi, 0)})
}

// rounded prints a count rounded to five.
func (p *publication) rounded(at string, n int64) {
	v := (n + 2) / 5 * 5
	p.between(at, v, max(0, v-2), v+2)
}

// twoWay publishes a table of dimensions r and c with all margins; hidden cells are -1-n.
func (p *publication) twoWay(counts [][]int64) {
	real := func(n int64) int64 { return max(n, -1-n) }
	var total int64
	columns := make([]int64, len(counts[0]))
	for i, row := range counts {
		var sum int64
		for j, n := range row {
			at := fmt.Sprintf("r=r%d c=c%d", i, j)
			if n < 0 {
				p.hide(at)
			} else {
				p.count(at, n)
			}
			sum += real(n)
			columns[j] += real(n)
		}
		p.count(fmt.Sprintf("r=r%d", i), sum)
		total += sum
	}
	for j, n := range columns {
		p.count(fmt.Sprintf("c=c%d", j), n)
	}
	p.count("", total)
}

func names(prefix string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("%s%d", prefix, i))
	}
	return out
}

func run(t testing.TB, in attack.Input, o attack.Options) *attack.Report {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	r, err := attack.Run(ctx, in, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Unfinished {
		t.Errorf("unfinished: %+v", f)
	}
	return r
}

// boundsOf returns the bounds of a hidden figure.
func boundsOf(t testing.TB, r *attack.Report, cell string) (lo, hi int64) {
	t.Helper()
	for _, f := range r.Bounds {
		if f.Cell == cell {
			return f.Lo, f.Hi
		}
	}
	t.Fatalf("no bounds of %q in %+v", cell, r.Bounds)
	return 0, 0
}

func broken(r *attack.Report, k attack.Kind) []string {
	var out []string
	for _, f := range r.Broken {
		if f.Kind == k {
			out = append(out, fmt.Sprintf("%s|%s|%d-%d", f.Cell, f.Answer, f.Lo, f.Hi))
		}
	}
	return out
}
