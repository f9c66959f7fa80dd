package disclosure_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
)

// sequences is how many random sequences of releases the attacker gets; FOLKMOOT_SEQUENCES asks for more.
func sequences() int {
	if n, err := strconv.Atoi(os.Getenv("FOLKMOOT_SEQUENCES")); err == nil && n > 0 {
		return n
	}
	return someSequences
}

// sequence is a survey that is released several times while people join, leave and change what they agreed to.
type sequence struct {
	name     string
	all      disclosure.Input // everybody who ever took part, each with the codes of their time
	in       []uint64         // by person: the releases that they are in
	releases []published
	refused  int
}

// published is one release of a sequence.
type published struct {
	in     disclosure.Input
	result disclosure.Result
	all    []figure
}

// crowd returns a survey of two scales, a ward and a special category.
func crowd(rng *rand.Rand, people int) disclosure.Input {
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people}}
	w := disclosure.Dim{Name: "ward", Role: disclosure.Ordinary, Codes: codes("w", 4), Ladder: []disclosure.Rung{{Name: "area",
		Parent: map[string]string{"w0": "a0", "w1": "a0", "w2": "a1", "w3": "a1"}}}}
	eth := disclosure.Dim{Name: "eth", Role: disclosure.Special, Codes: append(codes("e", 3), "none"), NoAnswer: []string{"none"}}
	in.Records.Dims = []disclosure.Dim{draw(rng, w, people, 3, 2, 1, 1+rng.Float64()), draw(rng, eth, people, 6, 3*rng.Float64(), rng.Float64(), 3)}
	for q := range 1 + rng.IntN(2) {
		d := scale(fmt.Sprint("q", q))
		d = draw(rng, d, people, 20, 35, 15, 8*rng.Float64(), 5*rng.Float64(), 4, 2)
		in.Records.Dims = append(in.Records.Dims, d)
		in.Tables = append(in.Tables, disclosure.TableSpec{ID: d.Name, Question: d.Name},
			disclosure.TableSpec{ID: d.Name + "ward", Question: d.Name, By: []string{"ward"}},
			disclosure.TableSpec{ID: d.Name + "eth", Question: d.Name, By: []string{"eth"}})
	}
	in.Tables = append(in.Tables, disclosure.TableSpec{ID: "ethward", Question: "eth", By: []string{"ward"}})
	return in
}

// protectors make a release of the people, given the sequence so far.
type protector func(in disclosure.Input, earlier *disclosure.State) (disclosure.Result, error)

func together(in disclosure.Input, earlier *disclosure.State) (disclosure.Result, error) {
	in.Earlier = earlier
	return disclosure.Protect(context.Background(), in)
}

// alone is the naive policy: every release is protected by itself.
func alone(in disclosure.Input, _ *disclosure.State) (disclosure.Result, error) {
	in.Records.Seen = nil
	return disclosure.Protect(context.Background(), in)
}

// run plays a sequence of 2 to 4 releases.
func run(n int, protect protector) (*sequence, error) {
	rng := rand.New(rand.NewPCG(uint64(n), 404))
	start, rounds := 120+rng.IntN(1200), 2+rng.IntN(2)
	if n%7 == 0 {
		rounds = 4
	}
	grow := []int{30, 80, 200, 600}[rng.IntN(4)]
	s := &sequence{name: fmt.Sprintf("sequence %d of %d people", n, start), all: crowd(rng, start+rounds*(grow+20))}
	s.in = make([]uint64, s.all.Records.People)
	there := make([]bool, len(s.in))
	next, changing := 0, start+rounds*grow // the last ones are those who change what they agreed to
	var state *disclosure.State
	for round := range rounds {
		for joined := start; next < joined+round*grow; next++ {
			there[next] = true
		}
		if round > 0 {
			s.leave(rng, there, next, &changing, n%3)
		}
		in, who := s.records(there)
		for _, t := range s.all.Tables {
			if round == 0 || rng.IntN(4) > 0 {
				in.Tables = append(in.Tables, t)
			}
		}
		in.Policy.OpenLink = n%5 == 0
		r, err := protect(in, state)
		if err != nil {
			return nil, fmt.Errorf("%s, round %d: %w", s.name, round, err)
		}
		if r.People == 0 {
			s.refused++
			continue
		}
		for _, p := range who {
			s.in[p] |= 1 << len(s.releases)
		}
		state = r.State
		s.releases = append(s.releases, published{in: in, result: r, all: figures(in, r)})
	}
	return s, nil
}

// leave lets some people go, and some have their equality answers taken out of use: they come back as somebody else.
func (s *sequence) leave(rng *rand.Rand, there []bool, upto int, changing *int, much int) {
	for range []int{0, 3, 40}[much] {
		there[rng.IntN(upto)] = false
	}
	for range []int{0, 2, 15}[much] {
		if p := rng.IntN(upto); there[p] && *changing < len(there) {
			there[p], there[*changing] = false, true
			for d := range s.all.Records.Dims {
				column := s.all.Records.Dims[d].Column
				column[*changing] = column[p]
				if s.all.Records.Dims[d].Name == "eth" {
					column[*changing] = 3
				}
			}
			*changing++
		}
	}
}

// records returns those who are there.
func (s *sequence) records(there []bool) (disclosure.Input, []int) {
	in := disclosure.Input{Policy: s.all.Policy}
	var who []int
	for p, yes := range there {
		if yes {
			who = append(who, p)
			in.Records.Seen = append(in.Records.Seen, s.in[p])
		}
	}
	in.Records.People = len(who)
	for _, d := range s.all.Records.Dims {
		column := d.Column
		d.Column = nil
		for _, p := range who {
			d.Column = append(d.Column, column[p])
		}
		in.Records.Dims = append(in.Records.Dims, d)
	}
	return in, who
}

// cohorts returns the sets of releases that somebody is in.
func (s *sequence) cohorts() []uint64 {
	all := slices.Clone(s.in)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(c uint64) bool { return c == 0 })
}

// by returns a form of the people of some cohorts: each polynomial once for each cohort.
func by(cohorts []uint64, f form) form {
	out := form{}
	for _, c := range cohorts {
		for x, n := range f {
			out[fmt.Sprint(c, "|", x)] = n
		}
	}
	return out
}

// group is people who are in some cohorts, of a row of a published table, with one answer or any.
type group struct {
	where string
	form  form
	n     int
}

// isolated returns the groups of joiners and leavers that must not come to light (R2, R2b, R3, R10): small ones, and
// where a special category is told also empty ones.
func (s *sequence) isolated() []group {
	cohorts := s.cohorts()
	var sets [][]uint64
	for _, c := range cohorts {
		sets = append(sets, []uint64{c})
	}
	for i := range s.releases {
		for j := range s.releases {
			set := slices.DeleteFunc(slices.Clone(cohorts), func(c uint64) bool { return c>>i&1 == 0 || c>>j&1 == 1 })
			if len(set) > 0 {
				sets = append(sets, set)
			}
		}
	}
	var out []group
	for j, r := range s.releases {
		for _, set := range sets {
			if slices.ContainsFunc(set, func(c uint64) bool { return c>>j&1 == 0 }) {
				continue
			}
			members := s.of(set)
			for _, f := range r.all {
				n := count(members, f.conditions)
				if small(members, f, n) {
					g := group{where: fmt.Sprintf("release %d, %s row %v column %d of cohorts %b", j, f.table.ID, f.row.Codes, f.column, set), n: n}
					g.form = by(set, f.form)
					out = append(out, g)
				}
			}
		}
	}
	return out
}

// of returns the records of the people of some cohorts.
func (s *sequence) of(set []uint64) disclosure.Records {
	there := make([]bool, len(s.in))
	for p, c := range s.in {
		there[p] = slices.Contains(set, c)
	}
	in, _ := s.records(there)
	return in.Records
}

func count(r disclosure.Records, conditions map[string][]int) int {
	n := 0
	for p := range r.People {
		all := true
		for name, set := range conditions {
			all = all && slices.Contains(set, int(dim(r, name).Column[p]))
		}
		if all {
			n++
		}
	}
	return n
}

// small reports whether so few people may not come to light.
func small(members disclosure.Records, f figure, n int) bool {
	special, silent, rest := false, true, map[string][]int{}
	for name, set := range f.conditions {
		d := dim(members, name)
		if d.Role != disclosure.Special {
			rest[name] = set
			continue
		}
		special = true
		silent = silent && slices.Equal(set, []int{3})
	}
	least := 5
	if f.column < 0 || special {
		least = 10
	}
	if n == 0 {
		return special && !silent && count(members, rest) > 0
	}
	return n < least
}

var played = sync.OnceValues(func() ([]*sequence, error) {
	out, errs := make([]*sequence, sequences()), make([]error, sequences())
	work := make(chan int)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for n := range work {
				out[n], errs[n] = run(n, together)
			}
		})
	}
	for n := range out {
		work <- n
	}
	close(work)
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
})

// TestSequencesOfReleases is the promise over time: whoever has all releases of a survey, with the people of each known
// as a set, computes no hidden figure of any of them, and no small group of those who joined or left.
func TestSequencesOfReleases(t *testing.T) {
	all, err := played()
	if err != nil {
		t.Fatal(err)
	}
	hidden, groups, later, refused := 0, 0, 0, 0
	for _, s := range all {
		h, g := s.attack(t.Errorf)
		hidden, groups, later, refused = hidden+h, groups+g, later+len(s.releases)-1, refused+s.refused
	}
	t.Logf("%d later releases, %d refused, %d hidden figures, %d small groups", later, refused, hidden, groups)
	if hidden < 15*len(all) || groups < 60*len(all) || later < len(all)/2 {
		t.Error("the sequences test nothing")
	}
}

// attack tells what can be computed, and returns what it tried.
func (s *sequence) attack(broken func(string, ...any)) (hidden, groups int) {
	cohorts := s.cohorts()
	var all []figure
	for j, r := range s.releases {
		in := slices.DeleteFunc(slices.Clone(cohorts), func(c uint64) bool { return c>>j&1 == 0 })
		for _, f := range r.all {
			f.form = by(in, f.form)
			all = append(all, f)
		}
	}
	isolated := s.isolated()
	var forms []form
	for _, g := range isolated {
		forms = append(forms, g.form)
	}
	k := newModular(all, forms...)
	for _, f := range attack(all, k) {
		broken("%s: %s row %v column %d is hidden and can be computed", s.name, f.table.ID, f.row.Codes, f.column)
	}
	for _, f := range all {
		if !f.shown {
			hidden++
		}
	}
	for _, g := range isolated {
		if k.knows(g.form) {
			broken("%s: %s: %d people can be computed", s.name, g.where, g.n)
		}
	}
	return hidden, len(isolated)
}

// TestReleasesAloneAreBroken shows that the attacker can attack: releases that are protected each by itself tell of those
// who joined and left.
func TestReleasesAloneAreBroken(t *testing.T) {
	broken := 0
	for n := range 12 {
		s, err := run(n, alone)
		if err != nil {
			t.Fatal(err)
		}
		s.attack(func(string, ...any) { broken++ })
	}
	if broken < 100 {
		t.Errorf("the attacker learnt only %d figures from releases protected one by one", broken)
	}
}

// printed returns the figures of the first so many releases.
func (s *sequence) printed(releases int) []verify.Figure {
	var out []verify.Figure
	for j, r := range s.releases[:releases] {
		for _, f := range printedFigures(r.result) {
			f.Release = j
			out = append(out, f)
		}
	}
	return out
}

// TestSequencesAreCertified: the certificate of each release stands for all releases until then; the verifier derives by
// itself who could be isolated.
func TestSequencesAreCertified(t *testing.T) {
	all, err := played()
	if err != nil {
		t.Fatal(err)
	}
	caught := 0
	for _, s := range all {
		for j, r := range s.releases {
			c, promised := kept(t, r.result), rules(r.in)
			for _, p := range verify.Check(s.printed(j+1), promised, c) {
				t.Errorf("%s: release %d: %s", s.name, j, p)
			}
			if j == 0 {
				continue
			}
			c.Moves = c.Moves[:len(c.Moves)/2]
			if len(verify.Check(s.printed(j+1), promised, c)) > 0 {
				caught++
			}
			forged := s.printed(j + 1)
			forged[slices.IndexFunc(forged, func(f verify.Figure) bool { return f.Exact })].Value++
			if len(verify.Check(forged, promised, kept(t, r.result))) == 0 {
				t.Errorf("%s: release %d: a figure of an earlier release is changed and nobody notices", s.name, j)
			}
		}
	}
	if caught < len(all)/2 {
		t.Errorf("missing proofs were noticed in %d later releases", caught)
	}
}
