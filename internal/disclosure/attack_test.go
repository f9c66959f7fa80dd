package disclosure_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"folkmoot/internal/disclosure"
)

// trial is a random survey, its release, and all figures of it.
type trial struct {
	name   string
	in     disclosure.Input
	result disclosure.Result
	all    []figure
	err    error
}

func survey(n int) (disclosure.Input, string) {
	rng := rand.New(rand.NewPCG(uint64(n), 2026))
	in := randomSurvey(rng, 50+rng.IntN(1951))
	if n%4 == 0 {
		in.Policy.OpenLink = true
	}
	return in, fmt.Sprintf("survey %d of %d people", n, in.Records.People)
}

// trials makes the random releases once for all tests, on all processors.
var trials = sync.OnceValue(func() []trial {
	out := make([]trial, surveys)
	var wait sync.WaitGroup
	for n := range out {
		wait.Go(func() {
			t := &out[n]
			t.in, t.name = survey(n)
			if t.result, t.err = disclosure.Protect(context.Background(), t.in); t.err == nil {
				t.all = figures(t.in, t.result)
			}
		})
	}
	wait.Wait()
	return out
})

func tried(t *testing.T) []trial {
	t.Helper()
	for _, trial := range trials() {
		if trial.err != nil {
			t.Fatalf("%s: %v", trial.name, trial.err)
		}
	}
	return trials()
}

// TestNothingHiddenCanBeComputed is the main promise: over random surveys, no hidden figure and no R4 difference is
// a linear combination of the shown figures of the whole release (section 4: 0 recoveries).
func TestNothingHiddenCanBeComputed(t *testing.T) {
	hidden := 0
	for n, trial := range tried(t) {
		name, all, groups := trial.name, trial.all, giveaways(trial.in, trial.result)
		var forms []form
		for _, g := range groups {
			forms = append(forms, g.form)
		}
		var k knowledge = newModular(all, forms...)
		if n < 10 {
			k = &rational{}
		}
		for _, f := range attack(all, k) {
			t.Errorf("%s: %s row %v column %d is hidden and can be computed", name, f.table.ID, f.row.Codes, f.column)
		}
		for _, g := range groups {
			if k.knows(g.form) {
				t.Errorf("%s: %s row %v: that all but %d gave one answer can be computed (R4)", name, g.table.ID, g.row.Codes, g.n)
			}
		}
		for _, f := range all {
			if !f.shown {
				hidden++
			}
		}
	}
	if hidden < 5*surveys {
		t.Errorf("only %d hidden figures in all: the surveys test nothing", hidden)
	}
}

// TestNaiveSuppressionIsBroken shows that the attacker can attack: if only small cells are hidden, it recovers.
func TestNaiveSuppressionIsBroken(t *testing.T) {
	recovered := 0
	for _, trial := range tried(t)[:20] {
		all := slices.Clone(trial.all)
		for i, f := range all {
			least := 5
			if f.column < 0 {
				least = 10
			}
			all[i].shown = f.n == 0 || f.n >= least
		}
		recovered += len(attack(all, newModular(all)))
	}
	if recovered < 100 {
		t.Errorf("the attacker recovered only %d figures from primary suppression alone", recovered)
	}
}

// TestShownFigures checks every shown figure of random releases against the truth and against each other.
func TestShownFigures(t *testing.T) {
	for _, trial := range tried(t) {
		in, name, r := trial.in, trial.name, trial.result
		for _, f := range trial.all {
			if f.shown {
				checkThreshold(t, name, in, f)
				checkRounding(t, name, f)
			}
		}
		for _, table := range r.Tables {
			for _, row := range table.Rows {
				checkPercents(t, name, table, row)
			}
			if len(table.Rows) > 0 && table.Rows[0].Base.Value != in.Records.People {
				t.Errorf("%s: %s: total is %d", name, table.ID, table.Rows[0].Base.Value)
			}
		}
	}
}

func checkThreshold(t *testing.T, name string, in disclosure.Input, f figure) {
	t.Helper()
	special, rest := false, map[string][]int{}
	for name, codes := range f.conditions {
		if dim(in.Records, name).Role == disclosure.Special {
			special = true
		} else {
			rest[name] = codes
		}
	}
	least, zero := 5, !special
	if f.column < 0 || special {
		least = 10
	}
	if _, possible := people(in.Records, rest); possible == 0 {
		zero = true // nobody at all, which the ordinary figures say
	}
	if silent := f.column < 0 && slices.Equal(f.row.Codes, []string{"none"}); silent {
		zero = true
	}
	if f.n > 0 && f.n < least || f.n == 0 && !zero {
		t.Errorf("%s: %s row %v column %d shows %d people (R2, R2b, R3)", name, f.table.ID, f.row.Codes, f.column, f.n)
	}
}

func checkRounding(t *testing.T, name string, f figure) {
	t.Helper()
	cell := f.row.Base
	if f.column >= 0 {
		cell = f.row.Cells[f.column]
	}
	want := int(math.Round(float64(f.n)/5)) * 5
	if f.row.Headline {
		want = f.n
	}
	if cell.Value != want || cell.Exact != f.row.Headline {
		t.Errorf("%s: %s row %v column %d shows %d of %d", name, f.table.ID, f.row.Codes, f.column, cell.Value, f.n)
	}
}

// checkPercents recomputes percentages from the printed figures, as a reader could (R5).
func checkPercents(t *testing.T, name string, table disclosure.Table, row disclosure.Row) {
	t.Helper()
	for j, p := range row.Percents {
		want := disclosure.Symbol
		if row.Base.Shown && row.Cells[j].Shown && row.Base.Value >= 20 {
			x := 100 * float64(row.Cells[j].Value) / float64(row.Base.Value)
			want = fmt.Sprintf("%.0f", math.Floor(x+0.5))
			if row.Base.Value >= 1000 {
				want = fmt.Sprintf("%.1f", math.Floor(10*x+0.5)/10)
			}
		}
		if p.String() != want {
			t.Errorf("%s: %s row %v: %s%% printed, %s%% from %s of %s", name, table.ID, row.Codes, p, want, row.Cells[j], row.Base)
		}
	}
}

// TestHeadlinesSurvive: what everybody said is hidden only where it is small itself, or gives that away in the headline; a
// breakdown that cannot be protected otherwise loses detail instead.
func TestHeadlinesSurvive(t *testing.T) {
	headlines, hidden := 0, 0
	for _, trial := range tried(t) {
		for _, table := range trial.result.Tables {
			if table.Withheld && len(table.By) == 0 && trial.in.Records.People >= 200 {
				t.Errorf("%s: %s is withheld", trial.name, table.ID)
			}
		}
		for _, f := range trial.all {
			if f.row.Headline && f.column >= 0 {
				headlines++
				if !f.shown && f.n >= 20 {
					hidden++
				}
			}
		}
	}
	if hidden*100 > headlines*5 {
		t.Errorf("%d of %d headline figures are hidden though 20 people and more gave the answer", hidden, headlines)
	}
}

func TestSameSeedSameRelease(t *testing.T) {
	for _, trial := range tried(t)[:20] {
		first := trial.result
		again, err := disclosure.Protect(context.Background(), trial.in)
		loss := [2]string{fmt.Sprintf("%+v", first.Loss), fmt.Sprintf("%+v", again.Loss)} // by its text: NaN does not equal itself
		first.Loss, again.Loss = nil, nil
		if err != nil || loss[0] != loss[1] || !reflect.DeepEqual(first, again) {
			t.Errorf("%s: two runs differ", trial.name)
		}
	}
}
