// Package verify answers: does a release keep its promise, whoever made it?
//
// It reads what a release shows, the rules it claims to follow, and the certificate that was made with it, and checks
// them in whole numbers. It shares no code with package disclosure and trusts nothing of it but the records: a mistake
// in the protection shows up as a problem here. The certificate holds the true counts, so this runs where the
// responses are, never at a reader's.
package verify

import (
	"fmt"
	"slices"
)

// Total is the code of a row that sums over a dimension.
const Total = "*"

// Rules are the promises to check, as the policy of the release has them (disclosure.md section 3.2).
type Rules struct {
	BaseThreshold     int // R2: smallest group that is shown
	CellThreshold     int // R3: smallest answer count that is shown
	SpecialThreshold  int // both, for special-category data
	Width             int // w: two tables that fit differ at least so much in everything hidden
	K, SpecialK       int // R4: a group is given away if all but K gave one answer
	RoundTo           int // counts of groups are to the nearest of these
	UnanimousHeadline bool
	Dims              map[string]Dim // by name
}

// Dim is what the rules say about a dimension.
type Dim struct {
	Secret   bool       // a sensitive answer or group: R4 protects it
	Special  bool       // special-category data
	NoAnswer []string   // finest codes that say nothing
	Bands    [][]string // sets of finest codes that a reader may take together
}

// Figure is one position of a published table: a group, and one of its answers or its base.
type Figure struct {
	Release int // counted from 0 over the survey's releases; 0 if there is only one
	Table   string
	Row     []string // a code for each dimension of the breakdown, Total where the row sums over it
	Column  string   // a code of the question, or "" for the base
	Shown   bool
	Value   int  // as printed
	Exact   bool // printed as it is, not rounded
}

// Certificate is the proof that came with the release. Counts of all blocks are numbered through, block after block.
type Certificate struct {
	Blocks    []Block
	Relations [][]Step // sums that are 0 for reasons other than shared dimensions: a ward lies in one area
	Moves     [][]Step // each, added to the true counts, is another table that fits everything shown
	// Exempt are sums that the relations alone say are 0: whoever knows the routing knows them, so they are not secret.
	Exempt [][]int
}

// Block is one table with its true counts over the full product of its codes, the last axis running fastest. Where several
// releases are certified together it may be the table of more than one, and has its counts once for each cohort, cohort by
// cohort.
type Block struct {
	Table   string  // of the release that the certificate came with
	Tables  []Table // of several releases; empty if there is only one
	Cohorts []uint64
	Axes    []Axis // the question first
	Counts  []int64
}

// Table is a table of one of several releases.
type Table struct {
	Release int
	Table   string
}

// Axis is a dimension at the detail of its table.
type Axis struct {
	Dim   string
	Codes []string
	Holds [][]string // the finest codes behind each code
}

// Step is a count and a whole number that belongs to it.
type Step struct {
	At int
	By int64
}

// Problem is one thing that is not as promised. It names places and rules, never a count.
type Problem struct {
	Rule  string // of disclosure.md: "R2", "R3", "R4", "width", "fit", "print"
	Where string
}

// String returns the problem in English.
func (p Problem) String() string { return p.Rule + ": " + p.Where }

// Check returns everything that is wrong with the release; nothing if it keeps the promise. It never panics, whatever
// the certificate says.
func Check(figures []Figure, rules Rules, c Certificate) []Problem {
	problems, _ := Examine(figures, rules, c)
	return problems
}

// Summary says how much was verified: numbers of things, and how uncertain the hidden figures are, in people.
type Summary struct {
	Figures     int   `json:"figures"`      // printed figures compared with the true counts
	Witnesses   int   `json:"witnesses"`    // other tables that fit everything shown
	Secrets     int   `json:"secrets"`      // hidden figures, groups and cohorts that the witnesses keep uncertain
	MinWidth    int64 `json:"min_width"`    // of the hidden figures: between the least and the greatest value that a witness has
	MedianWidth int64 `json:"median_width"` // the lower one of two
}

// Examine is Check, and says how much was verified.
func Examine(figures []Figure, rules Rules, c Certificate) ([]Problem, Summary) {
	v := &verifier{rules: rules, certificate: c}
	if !v.lay() {
		return v.problems, Summary{}
	}
	v.ties()
	v.published(figures)
	v.unpublished()
	v.groups()
	v.cohorts()
	v.tables()
	v.widths()
	v.coalitions()
	return v.problems, v.summary(len(figures))
}

// summary counts what was verified. What the relations alone say is no secret.
func (v *verifier) summary(figures int) Summary {
	out := Summary{Figures: figures, Witnesses: len(v.certificate.Moves)}
	var widths []int64
	for _, s := range v.sums {
		if s.fixed || v.known(s) {
			continue
		}
		out.Secrets++
		if s.least == 0 {
			widths = append(widths, s.hi-s.lo)
		}
	}
	if len(widths) > 0 {
		slices.Sort(widths)
		out.MinWidth, out.MedianWidth = widths[0], widths[(len(widths)-1)/2]
	}
	return out
}

// verifier collects what must hold.
type verifier struct {
	rules       Rules
	certificate Certificate
	blocks      []*block
	releases    int
	truth       []int64
	sums        []*sum
	exempt      map[string]bool
	relations   map[int][]int   // by count: the relations of the certificate that it is in
	places      map[int][][]int // by count: sets of counts in one of which everybody is who is in it
	problems    []Problem
}

// sum is a signed sum of counts and what is asked of it.
type sum struct {
	where  string
	parts  []Step
	fixed  bool  // every table that fits has the same
	least  int64 // some table has at least so many; else the width is asked for
	zero   bool  // some table has nobody
	truth  int64
	lo, hi int64
	in     *block  // of a count of people that is not shown; nil for everything else
	reach  []reach // the tables in which it is another than in truth
}

// reach is what one of the tables makes of a sum.
type reach struct {
	move int
	by   int64
}

func (v *verifier) wrong(rule, format string, args ...any) {
	v.problems = append(v.problems, Problem{rule, fmt.Sprintf(format, args...)})
}

// add notes a sum of distinct counts.
func (v *verifier) add(s *sum) {
	for _, p := range s.parts {
		s.truth += p.By * v.truth[p.At]
	}
	s.lo, s.hi = s.truth, s.truth
	v.sums = append(v.sums, s)
}

// tables lets every move loose on every sum: what is fixed may not change, no count may fall below 0, and what is
// hidden gets the range that the tables reach.
func (v *verifier) tables() {
	holders := make([][]holder, len(v.truth))
	for i, s := range v.sums {
		for _, p := range s.parts {
			holders[p.At] = append(holders[p.At], holder{i, p.By})
		}
	}
	delta := make([]int64, len(v.sums))
	for n, move := range v.certificate.Moves {
		var touched []int
		seen := map[int]bool{}
		fits := true
		for _, m := range move {
			if m.At < 0 || m.At >= len(v.truth) || seen[m.At] || v.truth[m.At]+m.By < 0 {
				v.wrong("fit", "table %d of the certificate is not a table of counts", n)
				fits = false
				break
			}
			seen[m.At] = true
			for _, h := range holders[m.At] {
				delta[h.sum] += h.by * m.By
				touched = append(touched, h.sum)
			}
		}
		for _, i := range touched {
			if s := v.sums[i]; fits && s.fixed && delta[i] != 0 {
				v.wrong("fit", "table %d of the certificate changes %s", n, s.where)
				fits = false
			}
		}
		for _, i := range touched {
			if s := v.sums[i]; fits && delta[i] != 0 && (len(s.reach) == 0 || s.reach[len(s.reach)-1].move != n) {
				s.lo, s.hi = min(s.lo, s.truth+delta[i]), max(s.hi, s.truth+delta[i])
				s.reach = append(s.reach, reach{n, delta[i]})
			}
		}
		for _, i := range touched {
			delta[i] = 0
		}
	}
}

type holder struct {
	sum int
	by  int64
}

// widths asks of everything hidden what the rules ask.
func (v *verifier) widths() {
	for _, s := range v.sums {
		if rule, what := v.certain(s, s.lo, s.hi, 0); what != "" && !s.fixed && !v.known(s) {
			v.wrong(rule, "%s: %s", s.where, what)
		}
	}
}

// certain says what is known too well of a sum that lies between two values, by somebody who knows that some of them are there.
func (v *verifier) certain(s *sum, lo, hi, own int64) (rule, what string) {
	switch {
	case s.least > 0 && hi < s.least:
		return "R4", "all but a few of the group may be known to have answered so"
	case s.least > 0:
	case s.zero && lo > own:
		return "R2b", "somebody is known to have taken part"
	case hi-lo < int64(v.rules.Width):
		return "width", "the hidden figure is known too well"
	}
	return "", ""
}
