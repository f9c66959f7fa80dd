package noise_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"folkmoot/internal/disclosure/noise"
)

func codes(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(prefix, i)
	}
	return out
}

// council is a catalogue of wards in areas, an equality variable and questions of 5 points and "not answered", with people
// of a fixed seed.
func council(questions, people int) (noise.Catalogue, map[string][]uint16) {
	up := make([]int, 20)
	for i := range up {
		up[i] = i / 5
	}
	c := noise.Catalogue{Dims: []noise.Dim{
		{Name: "ward", Codes: codes("w", 20)}, {Name: "area", Codes: codes("a", 4), Of: "ward", Up: up}, {Name: "group", Codes: codes("g", 5)},
	}}
	r := rand.New(rand.NewPCG(1, 2))
	columns := map[string][]uint16{}
	fill := func(name string, n int) {
		column := make([]uint16, people)
		for i := range column {
			column[i] = uint16(min(r.IntN(n), r.IntN(n)))
		}
		columns[name] = column
	}
	fill("ward", 20)
	fill("group", 5)
	for q := range questions {
		name := fmt.Sprint("q", q)
		c.Dims = append(c.Dims, noise.Dim{Name: name, Codes: codes("", 6), Values: []int{1, 2, 3, 4, 5, noise.NoValue}})
		fill(name, 6)
		for _, dims := range [][]string{{name}, {"area", name}, {"ward", name}, {"group", name}, {"area", "group", name}} {
			c.Tables = append(c.Tables, noise.Table{ID: fmt.Sprint(dims), Question: name, Dims: dims})
		}
	}
	return c, columns
}

func TestPublishAddsUpAndHoldsItsMargins(t *testing.T) {
	c, columns := council(4, 6000)
	if err := c.Count(columns); err != nil {
		t.Fatal(err)
	}
	e := epoch(40, 1)
	out, err := noise.Publish(e, c)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := noise.Publish(e, c); fmt.Sprint(again) != fmt.Sprint(out) {
		t.Error("the same release is not the same twice")
	}
	all, inside, exact := 0, 0, 0
	for i, s := range out.Tables {
		exactly, err := c.Truth(c.Tables[i])
		if err != nil || len(exactly) != len(s.Groups) {
			t.Fatalf("%s: %d groups in truth, %v", s.ID, len(exactly), err)
		}
		people := int64(0)
		for _, n := range exactly[0] {
			people += n
		}
		if people != 6000 {
			t.Errorf("%s: the first group is not everybody", s.ID)
		}
		for k, g := range s.Groups {
			for a, f := range g.Figures {
				if f.Hidden != g.Base.Hidden {
					t.Errorf("%s: a figure is hidden and its group is not", s.ID)
				}
				if f.Hidden {
					continue
				}
				if f.Shown < 0 || f.Shown%5 != 0 || g.Base.Shown < 20 || g.Base.Shown < 2*g.Base.Margin {
					t.Errorf("%s: %+v of %+v is not a figure to print", s.ID, f, g.Base)
				}
				if want := math.Min(100, math.Round(100*float64(f.Shown)/float64(g.Base.Shown))); g.Base.Shown < 1000 && f.Percent != want {
					t.Errorf("R5: %s: %v %% is not of %d and %d as shown", s.ID, f.Percent, f.Shown, g.Base.Shown)
				}
				truth := exactly[k][a]
				all++
				if d := f.Shown - truth; d >= -f.Margin && d <= f.Margin {
					inside++
				}
				if f.Shown == 5*((truth+2)/5) {
					exact++
				}
			}
			sum, n, net := int64(0), int64(0), int64(0)
			for a, f := range g.Figures[:5] {
				sum, n, net = sum+int64(a+1)*f.Shown, n+f.Shown, net+[]int64{-1, -1, 0, 1, 1}[a]*f.Shown
			}
			switch {
			case g.Base.Hidden || n < 30:
				if !math.IsNaN(g.Mean) {
					t.Errorf("R5: a mean of %d", n)
				}
			case g.Mean != math.Round(10*float64(sum)/float64(n))/10, g.Net != math.Round(1000*float64(net)/float64(g.Base.Shown))/10:
				t.Errorf("R5: mean %v and net score %v are not of the figures shown", g.Mean, g.Net)
			}
		}
	}
	if all < 200 || inside < all*95/100 {
		t.Errorf("%d of %d figures are within their margin, fewer than 95 %%", inside, all)
	}
	if exact > all*7/10 {
		t.Errorf("%d of %d figures are the rounded truth: where is the noise?", exact, all)
	}
	if want := (noise.Rho{Num: 1, Den: 2}); out.Person != want || out.Questions["q0"] != (noise.Rho{Num: 1, Den: 8}) || out.Questions["ward"] != (noise.Rho{Num: 3, Den: 10}) { // three tables of each question have wards or areas
		t.Errorf("20 tables at variance 40 cost %v, a question of 5 %v, wards %v", out.Person, out.Questions["q0"], out.Questions["ward"])
	}
}

// Section 3.5: hierarchies add up, so whoever finds a group in two tables finds the same figures; and the options of one question have one base.
func TestAGroupIsTheSameInEveryTable(t *testing.T) {
	c, columns := council(3, 4000)
	for i := range c.Tables {
		if c.Tables[i].Question != "q0" {
			c.Tables[i].Family = "several"
		}
	}
	if err := c.Count(columns); err != nil {
		t.Fatal(err)
	}
	out, err := noise.Publish(epoch(40, 1), c)
	if err != nil {
		t.Fatal(err)
	}
	seen, bases := map[string]noise.Group{}, map[string]noise.Figure{}
	twice, shared := 0, 0
	for i, s := range out.Tables {
		family := c.Tables[i].Family
		if family == "" {
			family = c.Tables[i].Question
		}
		for _, g := range s.Groups {
			who := ""
			for d, code := range g.Codes {
				if code != noise.Total {
					who += c.Tables[i].Dims[d] + code + " "
				}
			}
			if before, ok := seen[c.Tables[i].Question+":"+who]; ok {
				twice++
				before.Codes = g.Codes
				if fmt.Sprint(before) != fmt.Sprint(g) {
					t.Errorf("%s: %sare %+v and %+v", c.Tables[i].Question, who, before, g)
				}
			}
			seen[c.Tables[i].Question+":"+who] = g
			if before, ok := bases[family+":"+who]; ok && before != g.Base {
				t.Errorf("%s: %shave bases %+v and %+v", family, who, before, g.Base)
			} else if ok {
				shared++
			}
			bases[family+":"+who] = g.Base
		}
	}
	if twice < 12 || shared < 30 {
		t.Errorf("only %d groups were found twice, %d bases shared", twice, shared)
	}
	if out.Questions["several"] != (noise.Rho{Num: 1, Den: 4}) {
		t.Errorf("R6: ten tables of one question's options cost %v", out.Questions["several"])
	}
}

func TestPublishRefuses(t *testing.T) {
	for why, spoil := range map[string]func(*noise.Catalogue){
		"a negative count":                     func(c *noise.Catalogue) { c.Tables[0].Counts[0] = -1 },
		"a person who is in one table only":    func(c *noise.Catalogue) { c.Tables[1].Counts[0]++ },
		"too few counts":                       func(c *noise.Catalogue) { c.Tables[0].Counts = c.Tables[0].Counts[1:] },
		"a code twice":                         func(c *noise.Catalogue) { c.Dims[0].Codes[1] = "w0" },
		"a hierarchy in a circle":              func(c *noise.Catalogue) { c.Dims[0].Of, c.Dims[0].Up = "area", make([]int, 4) },
		"an area above nothing":                func(c *noise.Catalogue) { c.Dims[1].Up[0] = 9 },
		"a table twice":                        func(c *noise.Catalogue) { c.Tables[1] = c.Tables[0]; c.Tables[1].ID = "again" },
		"two levels of a hierarchy in a table": func(c *noise.Catalogue) { c.Tables[1].Dims = []string{"ward", "area", "q0"} },
		"an unknown dimension":                 func(c *noise.Catalogue) { c.Tables[1].Dims = []string{"street", "q0"} },
		"a question that is not the last":      func(c *noise.Catalogue) { c.Tables[1].Dims = []string{"q0", "area"} },
		"a scale without all points":           func(c *noise.Catalogue) { c.Dims[3].Values = []int{1} },
	} {
		c, columns := council(1, 500)
		if err := c.Count(columns); err != nil {
			t.Fatal(err)
		}
		spoil(&c)
		if out, err := noise.Publish(epoch(40, 1), c); err == nil || len(out.Tables) > 0 {
			t.Errorf("%s is published", why)
		}
	}
	c, columns := council(1, 0)
	if err := c.Count(columns); err != nil {
		t.Fatal(err)
	}
	if _, err := noise.Publish(epoch(40, 1), c); err != nil {
		t.Errorf("nobody answered: %v", err)
	}
	columns["ward"] = []uint16{3}
	if c.Count(columns) == nil {
		t.Error("columns of different people are counted")
	}
}

func TestAccount(t *testing.T) {
	v := noise.Variance{Num: 40, Den: 1}
	entry := func(epoch, snapshot string, tables uint64) noise.Entry {
		rho, err := v.Cost(true).Times(tables)
		if err != nil {
			t.Fatal(err)
		}
		return noise.Entry{Epoch: epoch, Snapshot: snapshot, Variance: v, Person: rho, Questions: map[string]noise.Rho{"q": rho}}
	}
	a := noise.Account{Person: noise.Rho{Num: 1, Den: 1}, Question: noise.Rho{Num: 1, Den: 2}, Spent: []noise.Entry{entry("2026-03", "s1", 15)}}
	for _, c := range []struct {
		why   string
		entry noise.Entry
		ok    bool
	}{
		{"section 3.5: what fits to the last table", entry("2026-04", "s2", 5), true},
		{"section 3.5: a release that would overdraw is refused", entry("2026-04", "s2", 6), false},
		{"the same cell has the same noise: two snapshots of an epoch would show who joined", entry("2026-03", "s2", 1), false},
		{"more tables of the same snapshot", entry("2026-03", "s1", 1), true},
		{"a release costs something", noise.Entry{Epoch: "2026-04", Snapshot: "s2", Variance: v}, false},
	} {
		if err := a.Allow(c.entry); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	if (noise.Account{}).Allow(entry("2026-03", "s1", 1)) == nil {
		t.Error("an account without a budget pays")
	}
	a.Spent = append(a.Spent, noise.Entry{})
	if a.Allow(entry("2026-04", "s2", 1)) == nil {
		t.Error("an entry that cannot be read counts as nothing")
	}
	if person, about, err := (noise.Account{Person: a.Person, Question: a.Question, Spent: a.Spent[:1]}).Left("q"); err != nil ||
		!reflect.DeepEqual([]noise.Rho{person, about}, []noise.Rho{{Num: 5, Den: 8}, {Num: 1, Den: 8}}) {
		t.Errorf("left %v and %v, %v", person, about, err)
	}
}

// Section 3.5: the same cell in the same epoch shows the same number, at no further cost; and never another one, for that would show the change.
func TestWhatLeftBeforeIsNotPaidAgain(t *testing.T) {
	c, columns := council(2, 100)
	if err := c.Count(columns); err != nil {
		t.Fatal(err)
	}
	march, april, precise := epoch(40, 1), epoch(40, 1), epoch(20, 1)
	april.Key = bytes.Repeat([]byte{8}, 32)
	some := noise.Catalogue{Dims: c.Dims, Tables: c.Tables[:4]}
	a := noise.Account{Person: noise.Rho{Num: 1, Den: 1}, Question: noise.Rho{Num: 1, Den: 1}}
	first, err := a.Charge(noise.Entry{Epoch: "2026-03", Snapshot: "s1"}, march, some)
	if err != nil || first.Person != (noise.Rho{Num: 1, Den: 10}) || a.Allow(first) != nil {
		t.Fatalf("four tables cost %v, %v", first.Person, err)
	}
	a.Spent = append(a.Spent, first)
	changed, other := council(2, 100)
	other["q0"][0] = (other["q0"][0] + 1) % 6
	if err := changed.Count(other); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		why   string
		named string
		snap  string
		epoch noise.Epoch
		of    noise.Catalogue
		costs noise.Rho
		ok    bool
	}{
		{"the same tables", "2026-03", "s1", march, some, noise.Rho{Num: 0, Den: 1}, true},
		{"six more", "2026-03", "s1", march, c, noise.Rho{Num: 3, Den: 20}, true},
		{"another epoch has other noise", "2026-04", "s1", april, some, noise.Rho{Num: 1, Den: 10}, true},
		{"so has another variance", "2026-03", "s1", precise, some, noise.Rho{Num: 1, Den: 5}, true},
		{"other people", "2026-03", "s2", march, some, noise.Rho{Num: 0, Den: 1}, false},
		{"the same people, one of whom says something else", "2026-03", "s1", march, changed, noise.Rho{Num: 1, Den: 4}, false},
	} {
		e, err := a.Charge(noise.Entry{Epoch: x.named, Snapshot: x.snap}, x.epoch, x.of)
		if err != nil || e.Person != x.costs || (a.Allow(e) == nil) != x.ok {
			t.Errorf("%s: costs %v, %v, %v", x.why, e.Person, err, a.Allow(e))
		}
	}
}

// BenchmarkPublish is 100 tables over 1,000,000 responses: counting and publishing apart (section 3.8).
func BenchmarkPublish(b *testing.B) {
	c, columns := council(20, 1_000_000)
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if err := c.Count(columns); err != nil {
				b.Fatal(err)
			}
		}
	})
	if err := c.Count(columns); err != nil {
		b.Fatal(err)
	}
	b.Run("publish", func(b *testing.B) {
		b.ReportAllocs()
		cells := 0
		for _, t := range c.Tables {
			cells += len(t.Counts)
		}
		e := noise.Epoch{Key: bytes.Repeat([]byte{7}, 32), Variance: noise.Variance{Num: 40, Den: 1}}
		for b.Loop() {
			if _, err := noise.Publish(e, c); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(c.Tables)), "tables")
		b.ReportMetric(float64(cells), "cells")
	})
}
