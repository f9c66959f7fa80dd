package consult_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// visit is one respondent of a crowd: what they answered, and what they said about themselves if they agreed.
type visit struct {
	answers  survey.Answers
	consents bool
	equality survey.Answers
	done     consult.Submitted
}

// crowd answers a survey with n invented responses; seven in ten agree to the equality questions. It returns the truth.
func (w *world) crowd(t testing.TB, c *consult.Consultation, n int) []*visit {
	t.Helper()
	_, def, err := w.PublicConsultation(t.Context(), c.Slug)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(11, 29))
	all := make([]*visit, n)
	for i := range all {
		all[i] = &visit{answers: invent(r, def), consents: len(def.Equality) > 0 && r.Float64() < .7, equality: survey.Answers{}}
		for _, q := range def.Equality {
			if _, asked := survey.NewEqualityJourney(def, all[i].equality).Step(q.ID); asked && r.Float64() < .95 {
				all[i].equality[q.ID] = survey.Answer{Codes: []string{skewed(r, q)}}
			}
		}
	}
	w.each(t, len(all), func(ctx context.Context, i int) error { return w.visit(ctx, c, all[i]) })
	return all
}

// each calls fn for 0 to n-1 from sixteen callers.
func (w *world) each(t testing.TB, n int, fn func(context.Context, int) error) {
	t.Helper()
	next := make(chan int)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range next {
				if err := fn(t.Context(), i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

func (w *world) visit(ctx context.Context, c *consult.Consultation, v *visit) error {
	d, err := w.Begin(ctx, c.Slug, locale.English)
	if err != nil {
		return err
	}
	d.Answers, d.Ages = v.answers, sixteen(w.clock())
	if v.done, err = w.SubmitResponse(ctx, d); err != nil || !v.consents {
		return err
	}
	st, err := w.ConsentStatement(ctx, c, locale.English)
	if err != nil {
		return err
	}
	if _, err := w.DecideConsent(ctx, v.done.Code, true, st.Hash, locale.English); err != nil {
		return err
	}
	return w.SaveEquality(ctx, v.done.Code, c.ID, v.equality)
}

// invent answers the main questions along the path, some left blank.
func invent(r *rand.Rand, def *survey.Definition) survey.Answers {
	a := survey.Answers{}
	for _, q := range def.Questions() {
		if _, asked := survey.NewJourney(def, a).Step(q.ID); !asked || !q.Required && r.Float64() < .07 {
			continue
		}
		switch q.Kind {
		case survey.Scale, survey.Single:
			a[q.ID] = survey.Answer{Codes: []string{skewed(r, q)}}
		case survey.Multiple:
			for _, o := range q.Options {
				if !o.Exclusive && r.Float64() < .3 {
					a[q.ID] = survey.Answer{Codes: append(a[q.ID].Codes, o.Code)}
				}
			}
		case survey.Postcode:
			wards := []string{"abbots_cross", "market", "mereside", "millbrook", "fairmead", "high_weald"}
			a[q.ID] = survey.Answer{Codes: []string{wards[min(r.IntN(6), r.IntN(7))]}}
		case survey.Number:
			a[q.ID] = survey.Answer{Text: strconv.Itoa(1 + r.IntN(6))}
		case survey.LongText, survey.ShortText:
			if r.Float64() < .2 {
				a[q.ID] = survey.Answer{Text: "Words of response " + strconv.Itoa(r.IntN(1000))}
			}
		}
	}
	return a
}

// skewed picks an option; the first ones come more often, so that the last ones are rare.
func skewed(r *rand.Rand, q survey.Question) string {
	return q.Options[min(r.IntN(len(q.Options)), r.IntN(len(q.Options)))].Code
}

// count is the truth: how many gave the code, and how many of the group did.
func truth(all []*visit, match func(*visit) bool) (n int) {
	for _, v := range all {
		if match(v) {
			n++
		}
	}
	return n
}

func gave(v *visit, question, code string) bool {
	codes := v.answers[question].Codes
	if code == survey.CodeNotAnswered {
		return len(codes) == 0
	}
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}
