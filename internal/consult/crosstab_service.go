package consult

import (
	"context"

	"folkmoot/internal/analysis"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// fewResponses is the number of responses below which nothing is broken down, inside the council too (security.md T3).
const fewResponses = 10

// CrossTab returns one question by one dimension. Groups of an equality question with fewer than ten people are hidden, and enough
// others that they cannot be subtracted. Every call is in the audit log.
func (s *Service) CrossTab(ctx context.Context, by *Staff, id, question, dimension string) (*CrossTab, error) {
	if err := by.Allow(SeeResults); err != nil {
		return nil, err
	}
	c, err := s.consultation(ctx, id)
	if err != nil {
		return nil, err
	}
	def, err := s.definitionForResults(ctx, c)
	if err != nil {
		return nil, err
	}
	g, err := s.Geography(ctx)
	if err != nil {
		return nil, err
	}
	q, ok := def.Question(question)
	with, found := dimensionByID(dimensions(def, g), dimension)
	if !ok || !q.Kind.HasCodes() || !found || question == dimension {
		return nil, fault.New(fault.NotFound, "error.crosstab.unknown")
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(by.Actor(), "results.cross", "consultation:"+id, "question", question, "by", dimension))
	})
	if err != nil {
		return nil, err
	}
	_, equality := def.EqualityQuestion(dimension)
	x := crossing{service: s, c: c, q: q, rows: with, cols: dimensionOf(q, g, q.Special), equality: equality}
	return x.tab(ctx)
}

// crossing counts one question by one dimension.
type crossing struct {
	service    *Service
	c          *Consultation
	q          survey.Question
	rows, cols Dimension
	equality   bool    // the rows are an equality question: their answers lie in the sealed profiles, not in the response
	counts     [][]int // by row, then column
	bases      []int   // people in the row: with several answers a person counts once here
	blank      []int   // of these, without an answer
}

func (x *crossing) tab(ctx context.Context) (*CrossTab, error) {
	err := x.service.Store.View(ctx, func(r Reader) error {
		x.counts = make([][]int, len(x.rows.Codes))
		x.bases, x.blank = make([]int, len(x.rows.Codes)), make([]int, len(x.rows.Codes))
		for i := range x.counts {
			x.counts[i] = make([]int, len(x.cols.Codes))
		}
		if x.equality {
			return x.service.eachWithEquality(ctx, r, x.c, x.add)
		}
		return x.tabulate(r)
	})
	if err != nil {
		return nil, err
	}
	return x.result()
}

// tabulate lets the store count.
func (x *crossing) tabulate(r Reader) error {
	both, err := r.Tabulate(x.c.ID, []string{x.rows.ID, x.q.ID})
	if err != nil {
		return err
	}
	for _, c := range both {
		x.counts[x.rows.index(c.Codes[0])][x.cols.index(c.Codes[1])] += c.Count
	}
	if x.q.Kind != survey.Multiple { // everybody is in one cell
		for i, row := range x.counts {
			for _, n := range row {
				x.bases[i] += n
			}
		}
	} else if err := x.people(r); err != nil {
		return err
	}
	last := len(x.cols.Codes) - 1
	for i := range x.counts {
		x.blank[i] = x.counts[i][last]
	}
	return nil
}

// people counts who is in each group, where somebody with several answers is in several cells.
func (x *crossing) people(r Reader) error {
	groups, err := r.Tabulate(x.c.ID, []string{x.rows.ID})
	for _, c := range groups {
		x.bases[x.rows.index(c.Codes[0])] += c.Count
	}
	return err
}

// add counts one response with the equality answers that consent permits.
func (x *crossing) add(r *Response, equality survey.Answers) error {
	group := survey.CodeNotAnswered
	if a := equality[x.rows.ID]; len(a.Codes) > 0 {
		group = a.Codes[0]
	}
	row := x.rows.index(group)
	x.bases[row]++
	codes := r.Answers[x.q.ID].Codes
	if len(codes) == 0 {
		x.counts[row][len(x.cols.Codes)-1]++
		x.blank[row]++
		return nil
	}
	for _, code := range codes {
		x.counts[row][x.cols.index(code)]++
	}
	return nil
}

func (x *crossing) result() (*CrossTab, error) {
	out := &CrossTab{}
	hidden, total := x.hidden()
	if x.rows.Special || x.cols.Special {
		x.dropBlank()
	}
	out.Question, out.By = x.cols, x.rows
	for i, code := range x.rows.Codes {
		if hidden[i] {
			out.HiddenGroups++
			out.Rows = append(out.Rows, CrossRow{CodeLabel: code, Hidden: true})
			continue
		}
		out.Rows = append(out.Rows, x.row(code, x.counts[i], x.bases[i]-x.blank[i]))
	}
	everybody := CodeLabel{"total", both("All responses", "Pob ymateb")}
	if total {
		out.Total = CrossRow{CodeLabel: everybody, Hidden: true}
		return out, nil
	}
	sum, base := x.sum()
	out.Total, out.Base = x.row(everybody, sum, base), base
	return out, nil
}

// sum counts everybody, by column, and those of them who answered.
func (x *crossing) sum() (sum []int, base int) {
	sum = make([]int, len(x.cols.Codes))
	for i := range x.counts {
		base += x.bases[i] - x.blank[i]
		for j, n := range x.counts[i] {
			sum[j] += n
		}
	}
	return sum, base
}

// hidden says which groups are not shown, and whether the row of everybody is not either. That row is shown where the question is ordinary:
// it is what the results show. Where the question is special it obeys the rule of every other cell (disclosure.md R3); what is too few in
// all is too few in each group, so then nothing is shown.
func (x *crossing) hidden() (groups []bool, total bool) {
	groups = make([]bool, len(x.rows.Codes))
	people := 0
	for _, n := range x.bases {
		people += n
	}
	sum, _ := x.sum()
	for _, n := range sum[:len(sum)-1] {
		total = total || x.cols.Special && n > 0 && n < fewResponses
	}
	switch {
	case total || people < fewResponses:
		for i := range groups {
			groups[i] = true
		}
	case x.rows.Special || x.cols.Special:
		groups = x.hide()
	}
	return groups, total
}

// hide says which groups are not shown: decided on the people who answered, since that base is the one printed. Where the question
// is special a group counts as its smallest cell, so that neither a cell nor what is left of its column is under ten.
func (x *crossing) hide() []bool {
	sizes := make([]int, len(x.rows.Codes))
	for i := range sizes {
		sizes[i] = x.bases[i] - x.blank[i]
	}
	for j := 0; x.cols.Special && j < len(x.cols.Codes)-1; j++ {
		column := 0
		for i := range x.counts {
			column += x.counts[i][j]
		}
		for i := 0; column > 0 && i < len(x.counts); i++ { // an answer that nobody gave tells nothing about a group
			sizes[i] = min(sizes[i], x.counts[i][j])
		}
	}
	return analysis.HiddenGroups(sizes)
}

// dropBlank takes away the column of those who did not answer: with the size of a group from another cross-tab it would give hidden
// bases by subtraction.
func (x *crossing) dropBlank() {
	last := len(x.cols.Codes) - 1
	x.cols.Codes = x.cols.Codes[:last]
	for i := range x.counts {
		x.counts[i] = x.counts[i][:last]
	}
}

// row makes the figures of one group. base is who answered.
func (x *crossing) row(code CodeLabel, counts []int, base int) CrossRow {
	row := CrossRow{CodeLabel: code, Base: base, Counts: counts, LowBase: lowBase(base)}
	count := map[string]int{}
	for j, n := range counts {
		p := 0.0
		if x.cols.Codes[j].Code != survey.CodeNotAnswered {
			p = analysis.Percent(float64(n), float64(base))
		}
		row.Percent = append(row.Percent, p)
		count[x.cols.Codes[j].Code] = n
	}
	if x.q.Kind == survey.Scale {
		row.HasNet = true
		row.Net, _ = distribution(x.q, count).Net(true)
	}
	return row
}

// eachWithEquality calls fn for every response of the consultation with the equality answers that its consent permits at this
// moment; none for everybody else.
func (s *Service) eachWithEquality(ctx context.Context, r Reader, c *Consultation, fn func(*Response, survey.Answers) error) error {
	events, err := r.ConsentEventsOf(c.ID)
	if err != nil {
		return err
	}
	ledger := map[string][]privacy.ConsentEvent{}
	for _, e := range events {
		ledger[e.Principal] = append(ledger[e.Principal], e)
	}
	profiles := map[string]*EqualityProfile{}
	var tokens []string
	err = s.Store.Equality().Profiles(ctx, c.ID, func(p *EqualityProfile) error {
		profiles[p.Token] = p
		tokens = append(tokens, p.Token)
		return nil
	})
	if err != nil {
		return err
	}
	keys, err := s.Store.Keys().Keys(ctx, tokens)
	if err != nil {
		return err
	}
	return r.Responses(c.ID, func(response *Response) error {
		token := s.Keys.EqualityToken(response.ID)
		status := statusOf(ledger[s.Keys.PrincipalToken(response.ID)], r.Now())
		answers, err := s.openProfile(status, profiles[token], keys[token])
		if err != nil {
			return err
		}
		return fn(response, answers)
	})
}
