package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/noise"
)

// The methods of policy.yaml.
const (
	suppression = "suppression"
	cellKey     = "cell_key"
)

// cellKeys is the secret of releases by cell keys, kept for the next release of the same people.
type cellKeys struct {
	Table   *noise.Perturbation
	Records map[string]noise.RecordKey // by id
}

// leastPrinted is the 10-5 rule of the Office for National Statistics: nothing below 10 is printed, and the rest to the nearest 5.
const leastPrinted = 10

// refuses says why there can be no release by cell keys of these people: too few took part for noise (disclosure.md 0.3), or too few since an earlier
// release (R10).
func (r *Release) refuses(earlier []*Earlier) (why string) {
	if least := r.input.Policy.TwoWayFrom; len(r.data.IDs) < least {
		return fmt.Sprintf("Fewer than %d people took part: that is too few for the method cell_key. Use the method suppression.", least)
	}
	var counted []int
	for _, e := range earlier {
		counted = append(counted, len(e.codes))
	}
	if f, early := disclosure.TooEarly(counted, r.input.Records.Seen, r.input.Records.Changed); early {
		return f.String()
	}
	return ""
}

// least is the smallest figure that is printed: what the rules say about groups and answers (R2, R3), and never less than 10. As a base it is one
// of a group.
func (r *Release) least(dims []disclosure.Dim, codes []string) int {
	p := r.input.Policy
	least := p.CellThreshold
	if codes[0] == disclosure.Total {
		least = p.BaseThreshold
	}
	for i, d := range dims {
		if d.Role == disclosure.Special && codes[i] != disclosure.Total {
			least = max(least, p.SpecialThreshold)
		}
	}
	return max(least, leastPrinted)
}

// Keyed reports whether the figures are perturbed by cell keys. Nothing proves such a release: whoever publishes it must first try what its files
// tell somebody who knows the bound, together with those of all earlier releases, and Refuse it if that is anything.
func (r *Release) Keyed() bool { return r.data.Method == cellKey }

// Refuse says that nothing of the release may be published, and why.
func (r *Release) Refuse(why string) {
	r.Refused = true
	r.Findings = append(r.Findings, why)
}

// perturb makes the figures of all tables by cell keys.
func (r *Release) perturb(earlier []*Earlier) error {
	keys, err := r.keys(earlier)
	if err != nil {
		return err
	}
	if why := r.refuses(earlier); why != "" {
		r.Refuse(why)
		return nil
	}
	r.proven = kept{Label: r.Label, Keys: keys, Releases: len(earlier) + 1}
	r.result = disclosure.Result{People: len(r.data.IDs)}
	r.result.Report.TableHidden = map[string]disclosure.Share{}
	for _, spec := range r.input.Tables {
		t := r.keyedTable(spec, keys)
		share := disclosure.Share{}
		for _, row := range t.Rows {
			for _, c := range append([]disclosure.Cell{row.Base}, row.Cells...) {
				share.Cells++
				if !c.Shown {
					share.Hidden++
				}
			}
		}
		r.result.Report.Cells += share.Cells
		r.result.Report.Hidden += share.Hidden
		r.result.Report.TableHidden[t.ID] = share
		r.result.Tables = append(r.result.Tables, t)
	}
	if r.result.Report.Hidden == r.result.Report.Cells {
		r.Refuse("Every figure would be hidden: there is nothing to publish.")
	}
	return nil
}

// keys returns the keys of everybody: those of the earlier releases, and new ones for who is new.
func (r *Release) keys(earlier []*Earlier) (*cellKeys, error) {
	keys := &cellKeys{Records: map[string]noise.RecordKey{}}
	if len(earlier) > 0 {
		keys.Table = earlier[len(earlier)-1].kept.Keys.Table
		if keys.Table.Bound != r.data.Perturbation {
			return nil, Faults{{"policy.yaml", 0, "the perturbation differs from that of " + earlier[0].folder + ": releases of the same people have the same"}}
		}
	} else {
		var err error
		if keys.Table, err = noise.NewPerturbation(r.data.Perturbation); err != nil {
			return nil, err
		}
	}
	for _, id := range r.data.IDs {
		keys.Records[id] = noise.NewRecordKey()
	}
	for _, e := range earlier {
		for id, key := range e.kept.Keys.Records {
			keys.Records[id] = key // who left keeps theirs, for the release in which they are back
		}
	}
	return keys, nil
}

// keyedTable counts and perturbs a table, with all its margins.
func (r *Release) keyedTable(spec disclosure.TableSpec, keys *cellKeys) disclosure.Table {
	names := append([]string{spec.Question}, spec.By...)
	dims := make([]disclosure.Dim, len(names))
	for i, name := range names {
		dims[i] = r.input.Records.Dims[slices.IndexFunc(r.input.Records.Dims, func(d disclosure.Dim) bool { return d.Name == name })]
	}
	type sums struct {
		count int
		keys  uint64
	}
	cells := map[string]sums{}
	for person, id := range r.data.IDs {
		for set := range 1 << len(dims) {
			codes := make([]string, len(dims))
			for i, d := range dims {
				if set>>i&1 == 1 {
					codes[i] = d.Codes[d.Column[person]]
				}
			}
			at := place(codes)
			s := cells[at]
			cells[at] = sums{s.count + 1, s.keys + uint64(keys.Records[id])}
		}
	}
	print := func(codes []string) disclosure.Cell {
		s := cells[place(codes)]
		n := keys.Table.Perturb(s.count, s.keys)
		if n < r.least(dims, codes) {
			return disclosure.Cell{}
		}
		to := r.input.Policy.RoundTo
		return disclosure.Cell{Shown: true, Value: (n + to/2) / to * to}
	}
	t := disclosure.Table{ID: spec.ID, Question: spec.Question, By: spec.By, Columns: dims[0].Codes}
	rows := [][]string{{}}
	for _, d := range dims[1:] {
		var next [][]string
		for _, row := range rows {
			for _, code := range append([]string{disclosure.Total}, d.Codes...) {
				next = append(next, append(slices.Clone(row), code))
			}
		}
		rows = next
	}
	for _, codes := range rows {
		row := disclosure.Row{Codes: codes, Base: print(append([]string{disclosure.Total}, codes...))}
		row.Headline = !slices.ContainsFunc(codes, func(c string) bool { return c != disclosure.Total })
		for _, code := range t.Columns {
			row.Cells = append(row.Cells, print(append([]string{code}, codes...)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func place(codes []string) string {
	quoted := make([]string, len(codes))
	for i, c := range codes {
		quoted[i] = strconv.Quote(c)
	}
	return strings.Join(quoted, ",")
}

// told says between which numbers a count lies for somebody who knows the bound of the perturbation, and what the least is that is printed there.
func (r *Release) told(c disclosure.Cell, least int) (lo, hi int) {
	bound, to := r.data.Perturbation, r.input.Policy.RoundTo
	if !c.Shown {
		return 0, least - 1 + bound
	}
	return max(least, c.Value-to/2) - bound, c.Value + (to-1)/2 + bound
}

// keyedMethod says in sentences how the figures were made.
func (r *Release) keyedMethod() []string {
	bound := strconv.Itoa(r.data.Perturbation)
	return []string{
		"A random whole number from -" + bound + " to " + bound + " was added to every count, totals too, each by itself, so they may not add up. Where the very same people are counted the number is the same.",
		"Counts that come out below " + strconv.Itoa(leastPrinted) + ", or below the threshold of their group or answer, are not shown. All others are rounded to the nearest " + strconv.Itoa(r.input.Policy.RoundTo) + ".",
		"lo and hi are the least and the greatest count that a figure can stand for.",
		"Before publication a program that knows all this tried to work out what any one person said, from these figures and those of all earlier releases together.",
		"An empty value with the status s stands for every figure that is not shown, whatever the reason.",
	}
}
