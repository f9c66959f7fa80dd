package plain

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/proof"
	"folkmoot/internal/disclosure/verify"
	"folkmoot/internal/fault"
)

// maxTables bounds how many tables all levels of all hierarchies make.
const maxTables = 400

// part is one table at one level of each of its dimensions.
type part struct {
	table  string
	levels []level // the question first
}

// Release is a protected release before it is written.
type Release struct {
	Label    string
	Findings []string // in English
	Refused  bool     // nothing may be published

	data   *Data
	parts  map[string]part // by the table's id
	input  disclosure.Input
	result disclosure.Result
	proven kept
	mode   string
}

// Protect protects the tables together with the earlier releases, and checks what came out with the verifier. The error is Faults where the
// tables cannot be protected at all, or that of ctx if the time is up: then nothing may be written.
func (d *Data) Protect(ctx context.Context, label string, seed []byte, earlier []*Earlier) (*Release, error) {
	r := &Release{Label: label, data: d, parts: map[string]part{}}
	if err := r.plan(); err != nil {
		return nil, err
	}
	r.input.Policy = d.Policy
	if err := r.recall(earlier); err != nil {
		return nil, err
	}
	if r.Keyed() {
		return r, r.perturb(earlier)
	}
	r.input.Policy.Seed = seed
	result, err := disclosure.Protect(ctx, r.input)
	if f, ok := asFault(err); ok {
		return nil, Faults{{"tables.csv", 0, "the tables cannot be protected: " + f.Key + " " + argsOf(f)}}
	}
	if err != nil {
		return nil, err
	}
	r.result = result
	published := false
	for _, t := range result.Tables {
		published = published || !t.Withheld
	}
	for _, f := range result.Findings {
		words := strings.TrimPrefix(f.String(), f.Table+": ")
		if f.Table != "" {
			words = r.tableName(f.Table) + ": " + words
		}
		r.Findings = append(r.Findings, words)
	}
	if !published {
		r.Refused = true
		return r, nil
	}
	return r, r.prove(earlier)
}

func asFault(err error) (*fault.Error, bool) {
	f, ok := err.(*fault.Error)
	return f, ok
}

// plan makes a table for every combination of levels. Coarse ones come first: where something must be hidden, fine ones lose it.
func (r *Release) plan() error {
	d := r.data
	r.input.Records.People = len(d.IDs)
	made := map[string]bool{}
	for _, spec := range d.Tables {
		var levels [][]level
		count := 1
		for _, name := range d.asked(spec) {
			of := d.dim(name).levels()
			levels = append(levels, of)
			count *= len(of)
		}
		if count += len(r.input.Tables); count > maxTables {
			return Faults{{"tables.csv", spec.line, "with all levels of its hierarchies this makes more than " + strconv.Itoa(maxTables) + " tables"}}
		}
		all := combine(levels)
		slices.SortStableFunc(all, func(a, b []level) int { return cmp.Compare(heights(b), heights(a)) })
		for _, at := range all {
			if !d.fine(at) {
				continue
			}
			id := spec.Name
			var names []string
			for _, l := range at {
				id += "|" + strconv.Itoa(l.number)
				names = append(names, l.name())
				if !made[l.name()] {
					made[l.name()] = true
					r.input.Records.Dims = append(r.input.Records.Dims, l.column(d.Answers[l.dim.Name]))
				}
			}
			r.parts[id] = part{spec.Name, at}
			r.input.Tables = append(r.input.Tables, disclosure.TableSpec{ID: id, Question: names[0], By: names[1:]})
		}
	}
	return nil
}

// asked returns the dimensions of a table, the one that is its question first: an answer, else an equality group, else the last.
func (d *Data) asked(t TableSpec) []string {
	best := len(t.Dims) - 1
	for i := len(t.Dims) - 1; i >= 0; i-- {
		switch role := d.dim(t.Dims[i]).Role; {
		case role == "sensitive", role == "special" && d.dim(t.Dims[best]).Role != "sensitive":
			best = i
		}
	}
	return append([]string{t.Dims[best]}, slices.Delete(slices.Clone(t.Dims), best, best+1)...)
}

func (d *Data) dim(name string) *Dim {
	for i := range d.Dims {
		if d.Dims[i].Name == name {
			return &d.Dims[i]
		}
	}
	return nil
}

// fine reports whether R0 lets a table be so fine: banded answers in break-downs below 200 responses, coarse codes in break-downs by two
// dimensions below 5,000.
func (d *Data) fine(at []level) bool {
	coarser := func(l level) bool { return l.number == 0 && len(l.dim.levels()) > 1 }
	switch n := len(d.IDs); {
	case len(at) > 1 && n < d.Policy.BandsBelow && coarser(at[0]):
		return false
	case len(at) > 2 && n < d.Policy.FineTwoWayFrom && slices.ContainsFunc(at, coarser):
		return false
	}
	return true
}

func combine(levels [][]level) [][]level {
	out := [][]level{nil}
	for _, of := range levels {
		var next [][]level
		for _, at := range out {
			for _, l := range of {
				next = append(next, append(slices.Clone(at), l))
			}
		}
		out = next
	}
	return out
}

func heights(at []level) int {
	n := 0
	for _, l := range at {
		n += l.number
	}
	return n
}

// prove checks the release with those before it.
func (r *Release) prove(earlier []*Earlier) error {
	certificate, err := proof.Certificate(r.result.Certificate)
	if err != nil {
		return err
	}
	r.proven = kept{Label: r.Label, Rules: proof.Rules(r.input), Certificate: certificate, State: r.result.State}
	if n := len(earlier); n > 0 {
		r.proven.Figures = slices.Clone(earlier[n-1].kept.Figures)
	}
	r.proven.Figures = append(r.proven.Figures, proof.Figures(len(earlier), r.result.Tables)...)
	problems := verify.Check(r.proven.Figures, r.proven.Rules, certificate)
	if len(problems) == 0 {
		return nil
	}
	r.Refused = true
	var words []string
	for _, p := range problems {
		words = append(words, p.String())
	}
	r.Findings = append(r.Findings, "The check of the certificate failed, which is a fault of this program: "+strings.Join(words, "; "))
	return nil
}
