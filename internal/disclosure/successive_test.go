package disclosure_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/fault"
)

// later returns the first release of 400 people, and what a second one of some of them and of others gets.
func later(t *testing.T, stay, join int) (disclosure.Result, disclosure.Input) {
	t.Helper()
	rng := rand.New(rand.NewPCG(9, 9))
	all := crowd(rng, 400+join)
	s := &sequence{all: all, in: make([]uint64, 400+join)}
	there := make([]bool, len(s.in))
	for p := range 400 {
		there[p] = true
	}
	first, _ := s.records(there)
	first.Tables = all.Tables
	first.Records.Seen = nil
	r := protect(t, first)
	for p := range 400 {
		s.in[p] = 1
		there[p] = p < stay
	}
	for p := range join {
		there[400+p] = true
	}
	second, _ := s.records(there)
	second.Tables, second.Earlier = all.Tables, r.State
	return r, second
}

func TestNewResponses(t *testing.T) {
	for _, c := range []struct {
		stay, join int
		refused    bool
		more       int
		why        string
	}{
		{400, 0, false, 0, "the very same people: nobody joined or left whom a difference could tell of"},
		{400, 1, true, 50, "R10: 49 are missing, told in steps of ten"},
		{400, 49, true, 10, "R10: one is missing"},
		{400, 50, false, 0, "R10: 50 new responses"},
		{399, 0, true, 50, "R11: a withdrawal alone makes no release"},
		{390, 60, false, 0, "R11: they leave at the next release that passes"},
		{0, 20, false, 0, "R10: nobody in common, so this is no cumulative release"},
	} {
		_, in := later(t, c.stay, c.join)
		r := protect(t, in)
		early := has(r, "successive_early")
		if early != c.refused {
			t.Errorf("%d stay, %d join: %s: %v", c.stay, c.join, c.why, r.Findings)
			continue
		}
		if !c.refused {
			continue
		}
		if r.People != 0 || r.State != in.Earlier || slices.ContainsFunc(r.Tables, func(t disclosure.Table) bool { return !t.Withheld }) {
			t.Errorf("%s: a refused release has figures, or changes what is known", c.why)
		}
		if got := r.Findings[0].Args[1]; got != c.more {
			t.Errorf("%s: %v more, want %d", c.why, got, c.more)
		}
	}
}

// R10 counts people, not codes: who changed what they agreed to is still in most figures, and the difference of two releases is that of the others.
func TestWhoChangedIsNotNew(t *testing.T) {
	for _, c := range []struct {
		stay, changed, join int
		refused             bool
		more                int // 0: no number would do
		why                 string
	}{
		{340, 60, 0, true, 50, "the same people with other codes: 60 answers would be told apart, and nobody new hides them"},
		{340, 60, 1, true, 50, "60 who changed do not hide the one who joined: the headlines differ by that one"},
		{339, 60, 0, true, 50, "nor the one who left"},
		{340, 60, 45, true, 10, "what is missing is new people"},
		{340, 60, 50, false, 0, "50 new people"},
		{320, 80, 100, false, 0, "a fifth changed"},
		{319, 81, 50, true, 0, "more than a fifth changed: who they are is lost, and with it what two releases tell together"},
		{0, 400, 80, true, 0, "everybody changed, because wards have new codes: the people are the same all the same"},
	} {
		_, in := later(t, c.stay, c.changed+c.join)
		in.Records.Changed = make([]uint64, in.Records.People)
		for p := c.stay; p < c.stay+c.changed; p++ {
			in.Records.Changed[p] = 1
		}
		r := protect(t, in)
		early := has(r, "successive_early")
		if early != (c.more > 0) || early && r.Findings[0].Args[1] != c.more || has(r, "successive_changed") != (c.refused && c.more == 0) || (r.People == 0) != c.refused {
			t.Errorf("%d stay, %d changed, %d join: %s: %v", c.stay, c.changed, c.join, c.why, r.Findings)
		}
	}
}

// TestSamePeopleSameFigures: a second release of the same people shows no figure that the first hid.
func TestSamePeopleSameFigures(t *testing.T) {
	first, in := later(t, 400, 0)
	second := protect(t, in)
	if len(second.State.Releases) != 2 || len(second.State.Blocks) != len(first.State.Blocks) {
		t.Errorf("%d releases, %d blocks are kept", len(second.State.Releases), len(second.State.Blocks))
	}
	compared := 0
	for i, table := range second.Tables {
		if !slices.Equal(table.Rungs, first.Tables[i].Rungs) {
			continue
		}
		for j, row := range table.Rows {
			for k, c := range row.Cells {
				if compared++; c.Shown && !first.Tables[i].Rows[j].Cells[k].Shown {
					t.Errorf("%s %v: a figure that was hidden is shown", table.ID, row.Codes)
				}
			}
		}
	}
	if compared == 0 {
		t.Error("no table is the same")
	}
}

// TestStateIsKeptAsJSON: what is kept outside the program protects as well.
func TestStateIsKeptAsJSON(t *testing.T) {
	_, in := later(t, 395, 80)
	want := protect(t, in)
	raw, err := json.Marshal(in.Earlier)
	if err != nil {
		t.Fatal(err)
	}
	in.Earlier = &disclosure.State{}
	if err := json.Unmarshal(raw, in.Earlier); err != nil {
		t.Fatal(err)
	}
	got := protect(t, in)
	a, _ := json.Marshal(want.Tables)
	b, _ := json.Marshal(got.Tables)
	if string(a) != string(b) {
		t.Error("the same release differs")
	}
}

// TestGrowingCodes: a code that nobody had at the first release, and one that nobody has now, may be left out of the lists.
func TestGrowingCodes(t *testing.T) {
	channel := func(codes []string, counts ...int) disclosure.Dim {
		d := disclosure.Dim{Name: "g", Role: disclosure.Ordinary, Codes: codes}
		for c, n := range counts {
			for range n {
				d.Column = append(d.Column, uint16(c))
			}
		}
		return d
	}
	answers := func(n int) disclosure.Dim {
		return draw(rand.New(rand.NewPCG(3, 3)), question("yes", "no", "unsure"), n, 4, 4, 3)
	}
	tables := []disclosure.TableSpec{{ID: "t", Question: "q", By: []string{"g"}}}
	first := protect(t, disclosure.Input{Policy: policy(), Tables: tables, Records: disclosure.Records{People: 300,
		Dims: []disclosure.Dim{channel([]string{"web", "paper"}, 200, 100), answers(300)}}})
	seen := make([]uint64, 400)
	for i := range 200 {
		seen[i] = 1 // those of "web"; the others were erased
	}
	second := protect(t, disclosure.Input{Policy: policy(), Tables: tables, Earlier: first.State, Records: disclosure.Records{People: 400, Seen: seen,
		Dims: []disclosure.Dim{channel([]string{"web", "phone"}, 200, 200), answers(400)}}})
	if second.Tables[0].Withheld || len(second.Tables[0].Rows) != 4 {
		t.Fatalf("rows: %+v", second.Tables[0])
	}
	if row := rowOf(t, second.Tables[0], "phone"); row.Base.String() != "200" {
		t.Errorf("phone: %s", printed(row))
	}
}

func TestBadHistory(t *testing.T) {
	for _, c := range []struct {
		spoil func(*disclosure.Input)
		why   string
	}{
		{func(in *disclosure.Input) { in.Records.Seen = in.Records.Seen[1:] }, "a person without history"},
		{func(in *disclosure.Input) { in.Records.Seen[0] = 2 }, "a release that does not exist"},
		{func(in *disclosure.Input) { in.Records.Seen[len(in.Records.Seen)-1] = 1 }, "more people than there were"},
		{func(in *disclosure.Input) { in.Earlier = nil }, "seen in a release that is not given"},
		{func(in *disclosure.Input) { in.Records.Changed = make([]uint64, 3) }, "not for everybody whether they changed"},
		{func(in *disclosure.Input) { in.Records.Changed = slices.Clone(in.Records.Seen) }, "the same codes and others, both"},
		{func(in *disclosure.Input) {
			in.Records.Changed = make([]uint64, in.Records.People)
			in.Records.Changed[in.Records.People-1] = 2
		}, "changed since a release that does not exist"},
		{func(in *disclosure.Input) { in.Records.Dims[0].Name = "other" }, "a dimension is gone"},
		{func(in *disclosure.Input) { in.Records.Dims[1].Role = disclosure.Ordinary }, "a special category no more"},
		{func(in *disclosure.Input) { in.Earlier.Blocks[0].Counts[0][0] -= 1000 }, "negative counts"},
		{func(in *disclosure.Input) { in.Earlier.Blocks[0].Counts[0] = in.Earlier.Blocks[0].Counts[0][1:] }, "counts are cut off"},
		{func(in *disclosure.Input) { in.Earlier.Blocks[0].Axes = nil }, "a block of nothing"},
		{func(in *disclosure.Input) { in.Earlier.Blocks = in.Earlier.Blocks[1:] }, "a block is missing"},
		{func(in *disclosure.Input) { in.Earlier.Releases[0].Tables[0].Block = -1 }, "a table without block"},
		{func(in *disclosure.Input) { in.Earlier.Dims[0].Given = nil }, "a dimension cut off"},
		{func(in *disclosure.Input) {
			for p := range 300 {
				in.Records.Dims[0].Column[p] = 0
			}
		}, "people in another ward than then"},
	} {
		_, in := later(t, 395, 80)
		c.spoil(&in)
		if _, err := disclosure.Protect(context.Background(), in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}
