package public

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

type consultationView struct {
	*page.Page
	Lang      string // of the consultation's texts, where it is not the page's
	Summary   string
	About     string // Markdown
	Notice    string // not open: since or until when
	Outcome   *page.Link
	Results   *page.Link
	Over      bool // closed
	Waiting   bool // closed, and no outcome yet
	Resume    string
	Sent      *page.Link
	Start     *page.Button
	Glance    page.SummaryList
	Documents []documentLink
	OtherWays string // Markdown
	Contact   respond.Contact
	Privacy   privacySummary
	Yours     page.Link
}

type documentLink struct {
	page.Link
	Lang     string
	External bool
}

// privacySummary is the first layer of the notice; the whole is one click away (interface.md section 3).
type privacySummary struct {
	Controller string
	Purposes   []string
	Kept       string
	Equality   bool
	Notice     page.Link
}

// consultation shows one consultation in whatever state it is.
func (h *Handlers) consultation(c *fiber.Ctx) error {
	cons, def, err := h.service.PublicConsultation(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	v := consultationView{Page: h.kit.Page(c, "public.hub.title")}
	v.Title, v.Back, v.Robots, v.Wide = cons.Title.In(v.Page.Lang), v.To("/"), true, true
	v.Lang = foreign(v.Page, cons.Title)
	v.Summary, v.About, v.OtherWays = cons.Summary.In(v.Page.Lang), cons.About.In(v.Page.Lang), cons.OtherWays.In(v.Page.Lang)
	v.Contact = respond.ContactOf(v.Page, cons)
	v.Documents = documents(v.Page, cons)
	v.Glance = h.glance(v.Page, cons, def)
	v.Yours = page.Link{Text: v.T("public.consultation.code"), Href: v.To("/your-response")}
	if v.Privacy, err = h.privacySummary(c, v.Page, cons, def); err != nil {
		return err
	}
	if err := h.state(c, &v, cons); err != nil {
		return err
	}
	return h.kit.Render(c, fiber.StatusOK, "public/consultation", v)
}

// state sets what depends on whether responses are taken, and on what this browser has done.
func (h *Handlers) state(c *fiber.Ctx, v *consultationView, cons *consult.Consultation) error {
	base := "/c/" + cons.Slug
	draft, sent, err := respond.Begun(c, cons.ID)
	if err != nil {
		return err
	}
	if sent {
		v.Sent = &page.Link{Text: v.T("public.consultation.sent.link"), Href: v.To(base + "/done")}
	}
	switch cons.Status(h.kit.Now()) {
	case consult.StatusOpen:
		v.Caption = v.T("public.consultation.caption.open")
		v.Start = &page.Button{Text: v.T("public.consultation.start"), Href: v.To(base + "/respond"), Kind: "start"}
		if draft {
			v.Start.Text, v.Resume = v.T("public.consultation.resume"), v.T("public.consultation.resume.text")
		}
	case consult.StatusUpcoming:
		v.Caption = v.T("public.consultation.caption.upcoming")
		v.Notice = v.T("public.consultation.not_yet", "Date", locale.DateTime(v.Page.Lang, cons.OpensAt))
	default:
		v.Caption, v.Over = v.T("public.consultation.caption.closed"), true
		v.Notice = v.T("public.consultation.over", "Date", locale.DateTime(v.Page.Lang, cons.ClosesAt))
		v.Waiting = cons.Outcome.PublishedAt.IsZero()
		if !v.Waiting {
			v.Outcome = &page.Link{Text: v.T("public.consultation.outcome"), Href: v.To(base + "/outcome")}
		}
		with, err := h.service.WithResults(c.UserContext())
		if err != nil {
			return err
		}
		if with[cons.ID] {
			v.Results = &page.Link{Text: v.T("public.consultation.results"), Href: v.To(base + "/results")}
		}
	}
	return nil
}

// glance is what people look for first: who, until when, how long.
func (h *Handlers) glance(p *page.Page, cons *consult.Consultation, def *survey.Definition) page.SummaryList {
	now := h.kit.Now()
	when := func(t time.Time) []string {
		if t.Before(now) {
			return []string{locale.DateTime(p.Lang, t)} // how long ago tells nobody what to do
		}
		return []string{p.T("public.consultation.when", "Date", locale.DateTime(p.Lang, t), "Relative", h.kit.Catalogue().Relative(p.Lang, now, t))}
	}
	tense := func(t time.Time, future, past string) string {
		if now.Before(t) {
			return p.T(future)
		}
		return p.T(past)
	}
	runBy := []string{p.CouncilName()}
	if cons.Department != "" {
		runBy = []string{cons.Department, p.CouncilName()}
	}
	rows := []page.SummaryRow{
		{Key: tense(cons.ClosesAt, "public.consultation.closes", "public.consultation.closed"), Lines: when(cons.ClosesAt)},
		{Key: tense(cons.OpensAt, "public.consultation.opens", "public.consultation.opened"), Lines: when(cons.OpensAt)},
		{Key: p.T("public.consultation.run_by"), Lines: runBy},
	}
	if cons.Status(now) == consult.StatusOpen || cons.Status(now) == consult.StatusUpcoming {
		time := []string{p.T("public.consultation.questions", "Count", len(survey.NewJourney(def, nil).Steps()))}
		if cons.Minutes > 0 {
			time = append([]string{p.T("public.consultation.minutes", "Count", cons.Minutes)}, time...)
		}
		rows = append(rows, page.SummaryRow{Key: p.T("public.consultation.time"), Lines: time}, page.SummaryRow{Key: p.T("public.consultation.who"), Lines: whoMayTakePart(p, cons.Processing.Ages)})
	}
	return page.SummaryList{Rows: rows}
}

// whoMayTakePart says it before anybody starts, from the rules that the gate keeps to.
func whoMayTakePart(p *page.Page, r privacy.AgeRules) []string {
	var out []string
	if r.Minimum > 0 {
		out = append(out, p.T("public.consultation.who.minimum", "Age", r.Minimum))
	}
	if consent := privacy.Ages().Limit(privacy.AgeOfConsent).Age; r.Youth && r.Minimum < consent {
		out = append(out, p.T("public.consultation.who.youth", "Age", consent))
	}
	if len(out) == 0 {
		out = append(out, p.T("public.consultation.who.anybody"))
	}
	return out
}

func documents(p *page.Page, cons *consult.Consultation) []documentLink {
	var out []documentLink
	for i, d := range cons.Documents {
		link := documentLink{Link: page.Link{Text: d.Title.In(p.Lang), Href: d.URL}, Lang: foreign(p, d.Title), External: d.URL != ""}
		if d.URL == "" {
			link.Href = p.To("/c/" + cons.Slug + "/documents/" + strconv.Itoa(i+1))
		}
		out = append(out, link)
	}
	return out
}

func (h *Handlers) privacySummary(c *fiber.Ctx, p *page.Page, cons *consult.Consultation, def *survey.Definition) (privacySummary, error) {
	s := privacySummary{Controller: p.T("public.consultation.privacy.controller", "Council", p.CouncilName()), Equality: len(def.Equality) > 0}
	for _, purpose := range cons.Processing.Purposes {
		s.Purposes = append(s.Purposes, purpose.Text.In(p.Lang))
	}
	if period, err := privacy.ParsePeriod(cons.Processing.Retention); err == nil {
		s.Kept = p.T("public.consultation.privacy.kept", "Period", period.Words(p.Lang), "Trigger", cons.Processing.RetentionTrigger.In(p.Lang))
		if cons.Processing.KeepTotals {
			s.Kept += " " + p.T("public.kept_totals")
		}
	}
	notice, err := h.service.Notice(c.UserContext(), cons.NoticeID, cons.NoticeVersion)
	if err != nil {
		return s, err
	}
	s.Notice = page.Link{Text: p.T("public.consultation.privacy.notice", "Version", strconv.Itoa(notice.Version), "Date", locale.Date(p.Lang, notice.EffectiveFrom)),
		Href: p.To(noticePath(notice))}
	return s, nil
}

type documentView struct {
	*page.Page
	Lang string
	Of   string
	Body string // Markdown
}

// document shows one of the consultation's own documents.
func (h *Handlers) document(c *fiber.Ctx) error {
	cons, _, err := h.service.PublicConsultation(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 || n > len(cons.Documents) || cons.Documents[n-1].URL != "" {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	d := cons.Documents[n-1]
	v := documentView{Page: h.kit.Page(c, "public.hub.title")}
	v.Title, v.Back, v.Robots = d.Title.In(v.Page.Lang), v.To("/c/"+cons.Slug), true
	v.Of = v.T("public.document.of", "Title", cons.Title.In(v.Page.Lang))
	v.Lang, v.Body = foreign(v.Page, d.Body), d.Body.In(v.Page.Lang)
	return h.kit.Render(c, fiber.StatusOK, "public/document", v)
}

type outcomeView struct {
	*page.Page
	Lang      string
	Published string
	Parts     []outcomePart
}

type outcomePart struct {
	Heading string
	Body    string // Markdown
}

// outcome says what came of a consultation: we asked, you said, we did.
func (h *Handlers) outcome(c *fiber.Ctx) error {
	cons, _, err := h.service.PublicConsultation(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	if cons.Status(h.kit.Now()) != consult.StatusReported {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	v := outcomeView{Page: h.kit.Page(c, "public.outcome.title")}
	v.Caption, v.Back, v.Robots = cons.Title.In(v.Page.Lang), v.To("/c/"+cons.Slug), true
	v.Lang = foreign(v.Page, cons.Outcome.Did)
	v.Published = v.T("public.outcome.published", "Date", locale.Date(v.Page.Lang, cons.Outcome.PublishedAt))
	for _, part := range []struct {
		key  string
		text locale.Text
	}{
		{"public.outcome.asked", cons.Outcome.Asked},
		{"public.outcome.said", cons.Outcome.Said},
		{"public.outcome.did", cons.Outcome.Did},
	} {
		if body := part.text.In(v.Page.Lang); body != "" {
			v.Parts = append(v.Parts, outcomePart{v.T(part.key), body})
		}
	}
	return h.kit.Render(c, fiber.StatusOK, "public/outcome", v)
}
