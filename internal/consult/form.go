package consult

import (
	"context"
	"slices"
	"strconv"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// IssueForm returns the paper form or the script of a published consultation as it is now, in a language that the consultation is offered in, and keeps
// it for good when it is new: what somebody signs or hears must be found again word for word (UK GDPR art. 7(1); privacy.md 3.1). fault.Conflict for a
// draft, fault.Invalid for a language that it is not offered in.
func (s *Service) IssueForm(ctx context.Context, by *Staff, consultationID string, kind privacy.FormKind, lang locale.Lang) (*privacy.IssuedForm, error) {
	if err := by.Allow(RecordResponses); err != nil {
		return nil, err
	}
	form, err := s.buildForm(ctx, consultationID, kind, lang)
	if err != nil {
		return nil, err
	}
	var known *privacy.IssuedForm
	err = s.Store.View(ctx, func(r Reader) (err error) {
		known, err = r.IssuedForm(form.Code)
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		return known, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		added := form
		switch err := w.AddForm(&added); {
		case fault.Is(err, fault.Conflict): // somebody else printed it at this moment
			known, err = w.IssuedForm(form.Code)
			return err
		case err != nil:
			return err
		}
		known = &added
		return w.AppendAudit(event(by.Actor(), "form.issue", "consultation:"+consultationID, "form", form.Code))
	})
	return known, err
}

// buildForm makes the form from what is published and set at this moment.
func (s *Service) buildForm(ctx context.Context, consultationID string, kind privacy.FormKind, lang locale.Lang) (privacy.IssuedForm, error) {
	var c *Consultation
	var council privacy.Council
	var notice *privacy.NoticeVersion
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if c, err = s.consultationIn(r, consultationID); err != nil {
			return err
		}
		if c.State != Published {
			return fault.New(fault.Conflict, "error.form.draft")
		}
		if council, err = s.councilIn(r); err != nil {
			return err
		}
		notice, err = r.Notice(c.NoticeID, c.NoticeVersion)
		return err
	})
	if err != nil {
		return privacy.IssuedForm{}, err
	}
	if kind != privacy.PaperForm && kind != privacy.Script || !slices.Contains(append(slices.Clone(c.Languages), locale.English), lang) {
		return privacy.IssuedForm{}, fault.New(fault.Invalid, "error.response.language")
	}
	def, err := s.shown(ctx, c.SurveyVersion)
	if err != nil {
		return privacy.IssuedForm{}, err
	}
	return s.formOf(c, council, notice, def, kind, lang), nil
}

func (s *Service) formOf(c *Consultation, council privacy.Council, notice *privacy.NoticeVersion, def *survey.Definition, kind privacy.FormKind, lang locale.Lang) privacy.IssuedForm {
	text, _ := notice.In(lang)
	facts := privacy.FormFacts{
		Council: council, Title: c.Title.In(lang), Notice: text, NoticeAt: s.in(lang, "/privacy/notices/"+c.NoticeID+"/"+strconv.Itoa(c.NoticeVersion)),
		Questions: formQuestions(def.Questions(), lang), Closes: locale.DateTime(lang, c.ClosesAt), Language: lang,
	}
	facts.Ages, facts.AgeForEquality = agesAsked(c.Processing.Ages)
	out := privacy.IssuedForm{
		Kind: kind, ConsultationID: c.ID, Language: lang, SurveyVersion: c.SurveyVersion,
		NoticeID: c.NoticeID, NoticeVersion: c.NoticeVersion, NoticeSHA256: notice.SHA256,
	}
	if len(def.Equality) > 0 {
		st := privacy.ConsentStatement(council, c.Processing, c.Title, lang, s.withdrawAt(lang))
		facts.Statement, facts.Equality = &st, formQuestions(def.Equality, lang)
		out.Statement, out.StatementHash, out.Agree, out.Refuse = st.String(), st.Hash, st.Agree, st.Refuse
	}
	if kind == privacy.PaperForm {
		out.Parts = privacy.PaperParts(facts)
	} else {
		out.Parts, out.Consent = privacy.ScriptParts(facts), privacy.ScriptConsentParts(facts)
	}
	return out.Seal()
}

// agesAsked returns the ages that are asked about before the first question, and before the equality questions where that is another one.
func agesAsked(rules privacy.AgeRules) (before []int, equality int) {
	var c privacy.AgeChecks
	for {
		step, threshold := rules.Next(c)
		if step != privacy.AgeAsk {
			break
		}
		before = append(before, threshold)
		var err error
		if c, err = rules.Answer(c, threshold, true, "2000-01-01"); err != nil {
			break
		}
	}
	if rules.EqualityNext(c) == privacy.AgeAsk {
		equality = rules.Equality
	}
	return before, equality
}

// linesToWrite is how much room a question has on paper.
var linesToWrite = map[survey.Kind]int{survey.ShortText: 1, survey.LongText: 8, survey.Number: 1, survey.Date: 1, survey.Postcode: 1}

// formQuestions writes the questions as they stand on paper: all of them, those that routing asks only some people with for whom they are.
func formQuestions(questions []survey.Question, lang locale.Lang) []privacy.FormQuestion {
	out := make([]privacy.FormQuestion, len(questions))
	for i, q := range questions {
		f := privacy.FormQuestion{Text: q.Text.In(lang), Hint: q.Hint.In(lang), Several: q.Kind == survey.Multiple, Date: q.Kind == survey.Date, Lines: linesToWrite[q.Kind]}
		for _, o := range q.Options {
			label := o.Label.In(lang)
			if !o.WriteIn.Empty() {
				label += " (" + o.WriteIn.In(lang) + ")"
			}
			f.Items = append(f.Items, label)
		}
		if when := q.ShowWhen; when != nil {
			at := slices.IndexFunc(questions, func(other survey.Question) bool { return other.ID == when.Question })
			f.OnlyAfter = at + 1
			for _, code := range when.AnyOf {
				if o, ok := questions[at].Option(code); ok {
					f.Only = append(f.Only, o.Label.In(lang))
				}
			}
		}
		out[i] = f
	}
	return out
}

// FormByCode returns the form or script that was issued with the code, as an officer typed it. fault.Invalid for what is no code of this consultation's:
// an officer who types a code from paper must not guess.
func (s *Service) FormByCode(ctx context.Context, by *Staff, consultationID, typed string) (form *privacy.IssuedForm, err error) {
	if err := by.Allow(RecordResponses); err != nil {
		return nil, err
	}
	return form, s.Store.View(ctx, func(r Reader) error {
		form, err = s.formIn(r, consultationID, typed)
		return err
	})
}

func (s *Service) formIn(r Reader, consultationID, typed string) (*privacy.IssuedForm, error) {
	code, err := privacy.NormaliseFormCode(typed)
	if err != nil {
		return nil, fault.New(fault.Invalid, "error.form.code").At("form")
	}
	form, err := r.IssuedForm(code)
	if fault.Is(err, fault.NotFound) || err == nil && form.ConsultationID != consultationID {
		return nil, fault.New(fault.Invalid, "error.form.unknown").At("form")
	}
	if err != nil {
		return nil, err
	}
	return form, form.Verify()
}
