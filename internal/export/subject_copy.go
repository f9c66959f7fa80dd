package export

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

func (s Subject) copy() subjectCopy {
	all, p := s.Everything, s.Everything.Processing
	out := subjectCopy{Format: SubjectFormat, MadeAt: moment(s.At), Language: s.Lang,
		Response: subjectResponse{Reference: all.Response.Reference, ConsultationID: all.Consultation.ID, Consultation: all.Consultation.Title.In(s.Lang),
			Address: s.page("/c/" + all.Consultation.Slug), SentOn: all.Response.SubmittedOn, Channel: all.Response.Channel, Language: all.Response.Language,
			SurveyVersion: all.Response.SurveyVersion, Ages: all.Response.Ages.Checks, Authorised: all.Response.Ages.Authorised},
		Answers:       s.answers(),
		Equality:      s.equality(),
		Corrections:   s.corrections(),
		ConsentEvents: s.events(),
		Notice:        s.notice(),
		Purposes:      []subjectPurpose{},
		Categories:    append([]string{p.Data.In(s.Lang)}, inLang(p.Categories, s.Lang)...),
		Recipients:    []subjectRecipient{},
		Storage:       subjectStorage{Locations: p.Locations, Transfers: p.Transfers.In(s.Lang)},
		Retention:     subjectRetention{Period: p.Retention, Starts: p.RetentionTrigger.In(s.Lang), Until: all.Until, TotalsKept: p.KeepTotals},
		Rights:        []subjectRight{},
		Source:        catalogue().T(s.Lang, "export.subject.source"),
		Automated:     p.Automated.In(s.Lang),
	}
	if k := all.Capture; k != nil {
		r := &out.Response
		r.Form, r.Scan, r.ReceivedOn, r.RecordedBy, r.RecorderRole = k.Form, k.Scan, k.ReceivedOn, "council", string(k.Role)
		out.Source = catalogue().T(s.Lang, "export.subject.source.recorded")
	}
	if len(all.Definition.Equality) > 0 {
		out.Retention.EqualityPeriod = p.EqualityPeriod
	}
	for _, purpose := range p.Purposes {
		out.Purposes = append(out.Purposes, subjectPurpose{purpose.ID, purpose.Text.In(s.Lang), inLang(purpose.Activities, s.Lang), purpose.Basis,
			purpose.Basis.Article(), purpose.Condition})
		for _, r := range purpose.Recipients {
			if to := (subjectRecipient{r.Name, r.Form, r.Location}); !slices.Contains(out.Recipients, to) {
				out.Recipients = append(out.Recipients, to)
			}
		}
	}
	for _, line := range p.RightLines(s.Lang) {
		out.Rights = append(out.Rights, subjectRight{line.Right, line.Offer, line.Text, line.Clause, line.Only, s.page("/your-information")})
	}
	c := s.Council
	out.Complaint = subjectComplaint{c.ComplaintsHow.In(s.Lang), s.page("/your-information/ask?about=" + string(privacy.AskComplaint)), c.Regulator.In(s.Lang), c.RegulatorContact.In(s.Lang)}
	out.Controller = subjectController{c.Name.In(s.Lang), c.Address, c.Email, c.Phone, c.Website, c.Registration, c.DPOName, c.DPOEmail, c.DPOPhone}
	return out
}

// page is the address of a page of the service in the language of the copy.
func (s Subject) page(path string) string {
	if s.Lang == locale.Welsh {
		path = "/cy" + path
	}
	return s.Address + path
}

// answers lists every answer that is held: in the order of the questions, and last those whose question the survey no longer has.
func (s Subject) answers() []subjectAnswer {
	def, left := s.Everything.Definition, map[string]survey.Answer{}
	for id, a := range s.Everything.Response.Answers {
		left[id] = a
	}
	out := []subjectAnswer{}
	for _, section := range def.Sections {
		for _, q := range section.Questions {
			out = s.take(out, left, q, section.Title.In(s.Lang))
		}
	}
	return s.rest(out, left)
}

func (s Subject) equality() subjectEquality {
	all := s.Everything
	out := subjectEquality{State: all.Consent.State, Answers: []subjectAnswer{}}
	if !all.Consent.At.IsZero() {
		out.Since = moment(all.Consent.At)
	}
	if all.EqualityClosed {
		out.Closed = catalogue().T(s.Lang, "request.copy.equality.closed")
	}
	left := map[string]survey.Answer{}
	for id, a := range all.Equality {
		left[id] = a
	}
	for _, q := range all.Definition.Equality {
		out.Answers = s.take(out.Answers, left, q, "")
	}
	out.Answers = s.rest(out.Answers, left)
	return out
}

// take moves the answer to a question, if there is one, to the end of out.
func (s Subject) take(out []subjectAnswer, left map[string]survey.Answer, q survey.Question, section string) []subjectAnswer {
	a := left[q.ID]
	delete(left, q.ID)
	if a.Empty() {
		return out
	}
	line := s.answer(q, a, section)
	s.leaveOut(&line, false)
	return append(out, line)
}

// answer is one answer as it was given.
func (s Subject) answer(q survey.Question, a survey.Answer, section string) subjectAnswer {
	line := subjectAnswer{Section: section, ID: q.ID, Question: q.Text.In(s.Lang), Kind: q.Kind, Text: a.Text}
	for _, code := range a.Codes {
		choice := subjectChoice{Code: code, Label: code}
		if o, ok := q.Option(code); ok {
			choice.Label = o.Label.In(s.Lang)
		} else if q.Kind == survey.Postcode {
			choice.Label = s.ward(code)
		}
		line.Choices = append(line.Choices, choice)
	}
	return line
}

// corrections lists what stood there before each correction, in the order of the questions.
func (s Subject) corrections() (out []subjectCorrected) {
	def := s.Everything.Definition
	if _, there := def.Question(consult.StatementID); !there { // one that was taken away again stands in the history
		def = consult.Stated(def)
	}
	for _, c := range s.Everything.Corrections {
		one := subjectCorrected{On: c.On, Reason: c.Reason}
		for _, section := range def.Sections {
			for _, q := range section.Questions {
				if a, changed := c.Before[q.ID]; changed {
					line := s.answer(q, a, section.Title.In(s.Lang))
					s.leaveOut(&line, true)
					one.Before = append(one.Before, line)
				}
			}
		}
		out = append(out, one)
	}
	return out
}

// leaveOut puts a gap where a passage is about somebody else. Of a text from before a correction all is left out: the places are those of another text.
func (s Subject) leaveOut(line *subjectAnswer, before bool) {
	var here []privacy.Gap
	for _, g := range s.Gaps {
		if g.Question == line.ID && g.Response == s.Everything.Response.ID && line.Text != "" {
			g.Whole = g.Whole || before
			here = append(here, g)
			line.LeftOut = append(line.LeftOut, subjectGap{catalogue().T(s.Lang, "request.ground."+g.Ground), clauseOf(g.Ground), g.Reason})
		}
	}
	line.Text = privacy.Redact(line.Text, here, func(r privacy.Redaction) string {
		return catalogue().T(s.Lang, "export.subject.gap", "Ground", catalogue().T(s.Lang, "request.ground."+r.Ground), "Clause", clauseOf(r.Ground), "Reason", r.Reason)
	})
}

func clauseOf(ground string) string {
	for _, g := range privacy.ExemptionGrounds() {
		if g.ID == ground {
			return g.Clause
		}
	}
	return ""
}

func (s Subject) rest(out []subjectAnswer, left map[string]survey.Answer) []subjectAnswer {
	var ids []string
	for id := range left {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		out = s.take(out, left, survey.Question{ID: id}, "")
	}
	return out
}

func (s Subject) ward(code string) string {
	switch code {
	case survey.CodeElsewhere:
		return codebookWords["elsewhere"].In(s.Lang)
	case survey.CodeUnknown:
		return codebookWords["unknown"].In(s.Lang)
	}
	if s.Geography != nil {
		for _, w := range s.Geography.Wards {
			if w.Code == code {
				return w.Label.In(s.Lang)
			}
		}
	}
	return code
}

func (s Subject) events() []subjectEvent {
	out := []subjectEvent{}
	for _, e := range s.Everything.Events {
		item := subjectEvent{At: moment(e.At), State: e.State, Channel: e.Channel, By: "respondent", Language: e.Language, Statement: e.Statement,
			Option: e.Option, NoticeVersion: e.NoticeVersion, GivenBy: e.Evidence.Giver, Relation: e.Evidence.Relation, Form: e.Evidence.Form,
			Scan: e.Evidence.Scan, GivenOn: e.Evidence.On, RecorderRole: e.Evidence.Role, Reason: e.Reason, Supersedes: e.Supersedes}
		if e.PurposeID != consult.EqualityPurpose {
			item.About = e.PurposeID
		}
		if e.Actor != "self" {
			item.By, item.RecordedBy = "council", "council" // which officer is somebody else's information
		}
		switch g := e.Evidence.Giver; g {
		case privacy.GivenInWriting, privacy.GivenOrally:
			item.By = "respondent"
		case privacy.GivenByParent, privacy.GivenByRepresentative:
			item.By = string(g)
		}
		if !e.ValidUntil.IsZero() {
			item.ValidUntil = moment(e.ValidUntil)
		}
		out = append(out, item)
	}
	return out
}

func (s Subject) notice() subjectNotice {
	r := s.Everything.Response
	out := subjectNotice{ID: r.NoticeID, Version: r.NoticeVersion, Address: s.page("/privacy/notices/" + r.NoticeID + "/" + strconv.Itoa(r.NoticeVersion))}
	if n := s.Everything.Notice; n != nil {
		text, _ := n.In(s.Lang)
		out.From, out.SHA256, out.Text = moment(n.EffectiveFrom), n.SHA256, text.String()
	}
	return out
}

func moment(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

func inLang(texts []locale.Text, lang locale.Lang) []string {
	out := []string{}
	for _, t := range texts {
		if text := strings.TrimSpace(t.In(lang)); text != "" {
			out = append(out, text)
		}
	}
	return out
}
