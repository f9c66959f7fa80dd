package plain

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"slices"
	"strconv"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
)

// Files of the private part of a release.
const (
	snapshotFile = "private/snapshot.csv"
	keptFile     = "private/proof.json"
)

// kept is what a release keeps for the next: as secret as the responses.
type kept struct {
	Label       string
	Rules       verify.Rules
	Certificate verify.Certificate
	Figures     []verify.Figure // of all releases so far
	State       *disclosure.State
	Keys        *cellKeys `json:",omitempty"` // of a release by cell keys, which has nothing else of these but the label
	Releases    int       `json:",omitempty"` // how many there are with it, of a release by cell keys
}

// number is which release of its people it is, from 1.
func (k kept) number() int {
	if k.Keys != nil {
		return k.Releases
	}
	return len(k.State.Releases)
}

// Earlier is an earlier release: who was counted with which codes, and what is kept of it.
type Earlier struct {
	folder string
	kept   kept
	codes  map[string]map[string]string // by id, then dimension
	dims   []string
}

// ReadEarlier reads the output folder of an earlier release. folder is its name for messages. The error is Faults.
func ReadEarlier(folder string, from fs.FS) (*Earlier, error) {
	e := &Earlier{folder: folder, codes: map[string]map[string]string{}}
	r := &reader{from: from}
	raw, err := fs.ReadFile(from, keptFile)
	switch {
	case err != nil:
		r.fault(keptFile, 0, "it cannot be read: -earlier needs the whole output folder with its private part")
	case json.Unmarshal(raw, &e.kept) != nil || e.kept.State == nil && (e.kept.Keys == nil || e.kept.Keys.Table == nil || e.kept.Keys.Table.Check() != nil):
		r.fault(keptFile, 0, "it is not what protect wrote")
	}
	names := r.table(snapshotFile, []string{"id"}, func(rec record) {
		e.codes[rec.fields["id"]] = rec.fields
	})
	e.dims = slices.DeleteFunc(names, func(n string) bool { return n == "id" })
	for i := range r.faults {
		r.faults[i].File = folder + "/" + r.faults[i].File
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return e, nil
}

// recall fills in what protection has to know of the earlier releases, which come in the order of publication.
func (r *Release) recall(earlier []*Earlier) error {
	r.mode = ""
	if len(earlier) == 0 {
		return nil
	}
	last := earlier[len(earlier)-1]
	if slices.ContainsFunc(earlier, func(e *Earlier) bool { return (e.kept.Keys != nil) != r.Keyed() }) {
		return Faults{{"policy.yaml", 0, "the method differs from that of the earlier releases: releases of the same people have the same"}}
	}
	if n := last.kept.number(); n != len(earlier) {
		return Faults{{last.folder, 0, "it was the release number " + strconv.Itoa(n) + " of its people: name all before it with -earlier, in the order of publication"}}
	}
	for _, e := range earlier {
		if e.kept.Label >= r.Label {
			return Faults{{e.folder, 0, "its label " + strconv.Quote(e.kept.Label) + " does not sort before " + strconv.Quote(r.Label)}}
		}
		for _, dim := range e.dims {
			if r.data.dim(dim) == nil {
				return Faults{{"dims.csv", 0, "the dimension " + strconv.Quote(dim) + " of " + e.folder + " is missing: what joiners and leavers would tell is asked about it too"}}
			}
		}
	}
	if r.Keyed() {
		r.input.Records.Seen, r.input.Records.Changed = r.seen(earlier)
		r.mode = r.churn(earlier)
		return nil
	}
	policy := last.kept.State.Releases[0].Policy
	if was := r.input.Policy; !reflect.DeepEqual(policy, was) {
		return Faults{{"policy.yaml", 0, "the rules differ from those of " + earlier[0].folder + ": releases of the same people have the same"}}
	}
	r.input.Earlier = last.kept.State
	r.input.Records.Seen, r.input.Records.Changed = r.seen(earlier)
	r.keepDims(last)
	r.mode = r.churn(earlier)
	return nil
}

// keepDims adds the levels of earlier releases that no table of this one has.
func (r *Release) keepDims(last *Earlier) {
	for _, kept := range last.kept.State.Dims {
		if slices.ContainsFunc(r.input.Records.Dims, func(d disclosure.Dim) bool { return d.Name == kept.Name }) {
			continue
		}
		for i := range r.data.Dims {
			d := &r.data.Dims[i]
			for _, l := range d.levels() {
				if l.name() == kept.Name {
					r.input.Records.Dims = append(r.input.Records.Dims, l.column(r.data.Answers[d.Name]))
				}
			}
		}
	}
}

// seen returns for everybody in which earlier releases they were. Whoever has other codes now left them all and joined; changed says which they were in.
func (r *Release) seen(earlier []*Earlier) (seen, changed []uint64) {
	seen, changed = make([]uint64, len(r.data.IDs)), make([]uint64, len(r.data.IDs))
	for person, id := range r.data.IDs {
		other := false
		for j, e := range earlier {
			was, ok := e.codes[id]
			if !ok {
				continue
			}
			seen[person] |= 1 << j
			other = other || slices.ContainsFunc(e.dims, func(dim string) bool { return was[dim] != r.data.Answers[dim][person] })
		}
		if other {
			seen[person], changed[person] = 0, seen[person]
		}
	}
	return seen, changed
}

// churn says how the people of the releases are related (meta.csv).
func (r *Release) churn(earlier []*Earlier) string {
	joined, left := false, false
	all := uint64(1)<<len(earlier) - 1
	count := make([]int, len(earlier))
	for _, seen := range r.input.Records.Seen {
		joined = joined || seen != all
		for j := range earlier {
			if seen>>j&1 == 1 {
				count[j]++
			}
		}
	}
	for j, e := range earlier {
		left = left || count[j] != len(e.codes)
		if j > 0 { // and between the earlier ones
			for id := range earlier[j-1].codes {
				_, still := e.codes[id]
				left = left || !still
			}
		}
	}
	switch {
	case left:
		return "churn"
	case joined:
		return "append"
	}
	return "static"
}
