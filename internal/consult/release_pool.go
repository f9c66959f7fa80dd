package consult

import (
	"cmp"
	"slices"
	"strings"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// poolFrom is how many people an option of a multiple-choice question needs to be shown by itself, and a pool of options too (disclosure.md R6).
const poolFrom = 10

// poolSign stands between the codes of pooled options; no code has it.
const poolSign = "+"

// columnsOf are the columns of a multiple-choice question's tables: each one option, or several that are counted together, as their codes joined by
// poolSign. A survey's releases keep the columns of the first that had the question: another pool later would be known by difference.
func (p *releasePlan) columnsOf(q *survey.Question) []string {
	if columns := p.pools[q.ID]; columns != nil {
		return columns
	}
	var out []string
	if len(p.proofs) > 0 {
		for _, name := range p.proofs[len(p.proofs)-1].Memory.Dims {
			if question, column, ok := strings.Cut(name, "."); ok && question == q.ID {
				out = append(out, column)
			}
		}
	}
	if out == nil {
		for _, o := range q.Options {
			out = append(out, o.Code)
		}
	}
	return out
}

// pool puts together the options that fewer than poolFrom people chose, with the next rarest until the pool has as many. It is done once the
// responses are counted, for questions that no earlier release of the survey had. Options that exclude all others, like "don't know", stay by themselves.
func (p *releasePlan) pool() {
	p.pools = map[string][]string{}
	for _, t := range p.specs {
		q, special := p.multiple(t.Question)
		if q == nil || p.pools[q.ID] != nil {
			continue
		}
		columns := p.columnsOf(q)
		if released := len(p.proofs) > 0 && slices.ContainsFunc(p.proofs[len(p.proofs)-1].Memory.Dims, func(name string) bool { return strings.HasPrefix(name, q.ID+".") }); !released {
			columns = p.pooled(q, special)
		}
		p.pools[q.ID] = columns
	}
}

// pooled decides the columns of a question and puts the dimension of the pool in the place of those of its options.
func (p *releasePlan) pooled(q *survey.Question, special bool) []string {
	dim := func(code string) *releaseDim { return p.find(q.ID + "." + code) }
	var order []string
	for _, o := range q.Options {
		if !o.Exclusive {
			order = append(order, o.Code)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(dim(a).chosen(), dim(b).chosen()) })
	together := 0
	any := make([]uint16, len(p.ids)) // codes as in option: picked, not picked, not answered
	for together < len(order) && dim(order[together]).chosen() < poolFrom {
		together++
	}
	if together == 0 {
		return p.columnsOf(q)
	}
	join := func(n int) int {
		count := 0
		for person := range any {
			any[person] = dim(order[0]).Column[person]
			for _, code := range order[1:n] {
				any[person] = min(any[person], dim(code).Column[person])
			}
			if any[person] == 0 {
				count++
			}
		}
		return count
	}
	for join(together) < poolFrom && together < len(order) || together == 1 && len(order) > 1 {
		together++
	}
	if together < 2 {
		return p.columnsOf(q)
	}
	in := map[string]bool{}
	for _, code := range order[:together] {
		in[code] = true
	}
	var columns, pooled []string
	for _, o := range q.Options {
		if in[o.Code] {
			pooled = append(pooled, o.Code)
		} else {
			columns = append(columns, o.Code)
		}
	}
	join(together)
	d := p.src.together(*q, pooled, special)
	d.Column = any
	p.dims = slices.DeleteFunc(p.dims, func(d *releaseDim) bool {
		question, code, ok := strings.Cut(d.Name, ".")
		return ok && question == q.ID && in[code]
	})
	p.dims = append(p.dims, d)
	return append(columns, strings.Join(pooled, poolSign))
}

// chosen counts who chose an option.
func (d *releaseDim) chosen() (n int) {
	for _, code := range d.Column {
		if code == 0 {
			n++
		}
	}
	return n
}

// column returns the y/n dimension of a column of a multiple-choice question; nil for options that it does not have.
func (src releaseSource) column(q survey.Question, column string, special bool) *releaseDim {
	codes := strings.Split(column, poolSign)
	for _, code := range codes {
		if !slices.ContainsFunc(q.Options, func(o survey.Option) bool { return o.Code == code }) {
			return nil
		}
	}
	return src.together(q, codes, special)
}

// together returns the y/n dimension of one or several options: whether somebody chose any of them (R6).
func (src releaseSource) together(q survey.Question, codes []string, special bool) *releaseDim {
	label := locale.Text{}
	for _, l := range locale.Langs() {
		var names []string
		for _, o := range q.Options {
			if slices.Contains(codes, o.Code) {
				names = append(names, o.Label.In(l))
			}
		}
		label[l] = names[0]
		if len(names) > 1 {
			label[l] = say("release.pool", "Options", strings.Join(names, "; "))[l]
		}
	}
	return src.chosenOf(q, codes, label, special)
}
