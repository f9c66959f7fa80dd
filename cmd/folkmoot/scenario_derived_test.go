//go:build !race

package main

import (
	"fmt"
	"strconv"
	"testing"

	"folkmoot/internal/survey"
)

// shownRow is a row of the CSV file as far as its counts are shown.
type shownRow struct {
	base   int
	counts map[string]int
	hidden map[string]bool
}

// derived fails unless every percentage, mean and net score is the one that the figures shown beside it give (R5), to the last digit, and is
// hidden only where they do not give it.
func derived(t *testing.T, figures []figure, d *survey.Definition) {
	t.Helper()
	rows := map[[2]string]*shownRow{}
	for _, f := range figures {
		at := [2]string{f.table, f.row}
		if rows[at] == nil {
			rows[at] = &shownRow{base: -1, counts: map[string]int{}, hidden: map[string]bool{}}
		}
		n, err := strconv.Atoi(f.value)
		switch {
		case f.measure == "base" && err == nil:
			rows[at].base = n
		case f.measure == "count" && err == nil:
			rows[at].counts[f.column] = n
		case f.measure == "count":
			rows[at].hidden[f.column] = true
		}
	}
	seen := map[string]int{}
	for _, f := range figures {
		row, q := rows[[2]string{f.table, f.row}], survey.Question{}
		if q, _ = d.Question(f.question); f.measure == "base" || f.measure == "count" {
			continue
		}
		want := map[string]func(survey.Question, string) string{"percent": row.percent, "mean": row.mean, "net": row.net}[f.measure](q, f.column)
		if f.value != want {
			t.Errorf("%s: %s is printed, the figures shown give %s: %+v", f, f.value, want, *row)
		}
		if f.value != "[c]" {
			seen[f.measure]++
		}
	}
	if seen["percent"] < 30 || seen["mean"] < 3 || seen["net"] < 5 {
		t.Errorf("only %v: nothing is proved", seen)
	}
}

// tenths prints num/den, rounded once, halves away from zero.
func tenths(num, den, decimals int) string {
	sign := ""
	if num < 0 {
		sign, num = "-", -num
	}
	if decimals == 0 {
		return sign + strconv.Itoa((2*num+den)/(2*den))
	}
	n := (20*num + den) / (2 * den)
	if n == 0 {
		sign = ""
	}
	return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
}

func (r *shownRow) percent(_ survey.Question, column string) string {
	n, shown := r.counts[column]
	switch {
	case !shown || r.base < 20:
		return "[c]"
	case r.base < 1000:
		return tenths(100*n, r.base, 0)
	}
	return tenths(100*n, r.base, 1)
}

func (r *shownRow) mean(q survey.Question, _ string) string {
	sum, n := 0, 0
	for _, o := range q.Options {
		if o.Score == 0 {
			continue
		}
		if r.hidden[o.Code] {
			return "[c]"
		}
		sum, n = sum+o.Score*r.counts[o.Code], n+r.counts[o.Code]
	}
	if r.base < 30 || n < 30 {
		return "[c]"
	}
	return tenths(sum, n, 1)
}

func (r *shownRow) net(q survey.Question, _ string) string {
	side := map[string]int{"band_positive": 1, "band_negative": -1}
	top := 0
	for _, o := range q.Options {
		top = max(top, o.Score)
	}
	for _, o := range q.Options {
		switch {
		case o.Score == 0 || 2*o.Score == top+1:
		case 2*o.Score > top+1:
			side[o.Code] = 1
		default:
			side[o.Code] = -1
		}
	}
	net := 0
	for code, s := range side {
		if r.hidden[code] {
			return "[c]"
		}
		net += s * r.counts[code]
	}
	if r.base < 30 {
		return "[c]"
	}
	return tenths(100*net, r.base, 1)
}
