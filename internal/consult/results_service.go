package consult

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"folkmoot/internal/analysis"
	"folkmoot/internal/survey"
)

// Results returns the officers' figures. Every call is in the audit log.
func (s *Service) Results(ctx context.Context, by *Staff, id string) (*Results, error) {
	if err := by.Allow(SeeResults); err != nil {
		return nil, err
	}
	c, def, g, err := s.subject(ctx, by, id, "results.see")
	if err != nil {
		return nil, err
	}
	out := &Results{Consultation: c, Dimensions: dimensions(def, g)}
	err = s.Store.View(ctx, func(r Reader) error {
		var err error
		if out.Responses, err = r.ResponseCount(id); err != nil {
			return err
		}
		if out.Days, err = r.ResponsesByDay(id); err != nil {
			return err
		}
		stated, err := hasStatements(r, id)
		if err != nil {
			return err
		}
		if out.Questions, out.Definition = nil, def; stated {
			out.Definition = Stated(def)
		}
		for _, q := range out.Definition.Questions() {
			counts, err := r.Tabulate(id, []string{q.ID})
			if err != nil {
				return err
			}
			out.Questions = append(out.Questions, questionResult(q, g, counts, out.Responses))
		}
		return nil
	})
	return out, err
}

// subject returns what results are about, with the council's name filled in, and records that somebody looked.
func (s *Service) subject(ctx context.Context, by *Staff, id, action string, detail ...string) (*Consultation, *survey.Definition, *Geography, error) {
	c, err := s.consultation(ctx, id)
	if err != nil {
		return nil, nil, nil, err
	}
	def, err := s.definitionForResults(ctx, c)
	if err != nil {
		return nil, nil, nil, err
	}
	g, err := s.Geography(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(by.Actor(), action, "consultation:"+id, detail...))
	})
	return c, def, g, err
}

// definitionForResults is the published definition; a draft has no responses, so that an empty definition does.
func (s *Service) definitionForResults(ctx context.Context, c *Consultation) (*survey.Definition, error) {
	if c.State == Published {
		return s.shown(ctx, c.SurveyVersion)
	}
	if def, _ := survey.Parse(c.Source, s.Bank); def != nil {
		return def, nil
	}
	return &survey.Definition{}, nil
}

// questionResult makes the figures of one question from its counts, blanks included.
func questionResult(q survey.Question, g *Geography, counts []CodeCount, responses int) QuestionResult {
	count := map[string]int{}
	for _, c := range counts {
		count[c.Codes[0]] += c.Count
	}
	out := QuestionResult{Question: q, NotAnswered: count[survey.CodeNotAnswered], Base: responses - count[survey.CodeNotAnswered]}
	out.LowBase = lowBase(out.Base)
	switch q.Kind {
	case survey.ShortText, survey.LongText:
		out.Texts = out.Base
	case survey.Number:
		out.numbers(count)
	case survey.Date: // a base is all that dates have in common
	default:
		out.choices(q, g, count)
	}
	return out
}

func (out *QuestionResult) choices(q survey.Question, g *Geography, count map[string]int) {
	score := map[string]int{}
	for _, o := range q.Options {
		score[o.Code] = o.Score
	}
	for _, code := range codesOf(q, g) {
		n := count[code.Code]
		if q.Kind == survey.Postcode && n == 0 && (code.Code == survey.CodeElsewhere || code.Code == survey.CodeUnknown) {
			continue
		}
		out.Options = append(out.Options, OptionCount{CodeLabel: code, Score: score[code.Code], Count: n,
			Percent: analysis.Percent(float64(n), float64(out.Base))})
	}
	out.DontKnow = count[survey.CodeDontKnow]
	if q.Kind != survey.Scale {
		return
	}
	d := distribution(q, count)
	out.Scale = true
	out.Satisfied, out.Dissatisfied = d.Satisfied(true).Percent, d.Dissatisfied(true).Percent
	out.Net, _ = d.Net(true)
	out.Mean, _, _ = d.Mean()
	out.DontKnow = d.Count(d.Scale.DontKnow...)
}

// distribution puts the counts of a question on its scale.
func distribution(q survey.Question, count map[string]int) analysis.Distribution {
	d := analysis.Distribution{Scale: scaleOf(q)}
	for _, o := range q.Options {
		d.Codes, d.Counts = append(d.Codes, o.Code), append(d.Counts, count[o.Code])
	}
	d.Codes, d.Counts = append(d.Codes, survey.CodeNotAnswered), append(d.Counts, count[survey.CodeNotAnswered])
	return d
}

// scaleOf says what the codes of a question mean: points above the middle are satisfied or agree, below it the contrary.
func scaleOf(q survey.Question) analysis.Scale {
	sc := analysis.Scale{NoAnswer: []string{survey.CodeNotAnswered}}
	if q.Kind != survey.Scale {
		return sc
	}
	sc.Scores = map[string]float64{}
	for _, o := range q.Options {
		if o.Score == 0 {
			sc.DontKnow = append(sc.DontKnow, o.Code)
			continue
		}
		sc.Scores[o.Code] = float64(o.Score)
		switch {
		case o.Score > 3:
			sc.Positive = append(sc.Positive, o.Code)
		case o.Score < 3:
			sc.Negative = append(sc.Negative, o.Code)
		}
	}
	return sc
}

// numbers sets the smallest, the middle and the largest number.
func (out *QuestionResult) numbers(count map[string]int) {
	type value struct {
		x float64
		n int
	}
	var values []value
	for text, n := range count {
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			values = append(values, value{x, n})
			out.NumberBase += n
		}
	}
	if len(values) == 0 {
		return
	}
	slices.SortFunc(values, func(a, b value) int { return cmp.Compare(a.x, b.x) })
	at := func(rank int) float64 { // of the rank-th number, from 0
		for _, v := range values {
			if rank < v.n {
				return v.x
			}
			rank -= v.n
		}
		return values[len(values)-1].x
	}
	out.Minimum, out.Maximum = values[0].x, values[len(values)-1].x
	out.Median = (at((out.NumberBase-1)/2) + at(out.NumberBase/2)) / 2
}

// lowBase names the caution of question-bank.md 8.
func lowBase(base int) string {
	switch analysis.CautionFor(base) {
	case analysis.NoPercent:
		return "none"
	case analysis.LowBase:
		return "caution"
	}
	return ""
}
