package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// screening answers: does this consultation need a data protection impact assessment before it begins?
func (h *Handlers) screening(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	state, err := h.Service.Screening(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	return h.showScreening(c, fiber.StatusOK, con, state, screeningForm(state, page.Lang(c)), nil)
}

func (h *Handlers) showScreening(c *fiber.Ctx, status int, con *consult.Consultation, state consult.ScreeningState, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.screening.title", "screening")
	v.SetProblems(problems)
	tag := StandingTag(v.Page, state.Standing)
	v.Tag = &tag
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.crossed")}})
	}
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.screening.intro")), desk.Block{Inset: &page.Inset{Paragraphs: StandingText(v.Page, state)}})
	v.Blocks = append(v.Blocks, ChangeLink(v.Page, state)...)
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	if state.Last.Decision != nil {
		v.Blocks = append(v.Blocks, desk.H2(v.T("office.screening.decision")), DecisionBlock(v.Page, *state.Last.Decision, names))
	}
	if !desk.Staff(c).May(consult.EditConsultations) {
		v.Blocks = append(v.Blocks, AnswerBlocks(v.Page, state, names)...)
		return h.Show(c, status, v)
	}
	f := desk.Fields{Page: v.Page, Form: form}
	var blocks []desk.Block
	list := privacy.ScreeningList("")
	for i, q := range privacy.ScreeningQuestions().Questions {
		if q.List != list {
			list = q.List
			blocks = append(blocks, desk.H2(v.T("office.screening.list."+string(list))))
		}
		blocks = append(blocks, screeningQuestion(f, q, i+1, state.Facts)...)
	}
	blocks = append(blocks, f.Area("addendum", "office.screening.addendum", 5))
	send, err := desk.EditForm(v.Page, state.Last.Sequence, Path(con.ID), blocks, page.Button{Text: v.T("office.screening.save")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: send}, desk.Small(v.T("office.screening.source", "Source", privacy.ScreeningQuestions().Source,
		"Date", locale.ISODate(v.Lang, string(privacy.ScreeningQuestions().Taken)))))
	return h.Show(c, status, v)
}

// screeningQuestion asks one question, with what the service suggests and why.
func screeningQuestion(f desk.Fields, q privacy.ScreeningQuestion, number int, facts privacy.ScreeningFacts) []desk.Block {
	p := f.Page
	hint := q.Hint.In(p.Lang)
	if s, known := facts.Suggest(q.ID); known {
		key := "office.screening.suggest.no"
		if s.Yes {
			key = "office.screening.suggest.yes"
		}
		if hint != "" {
			hint += " "
		}
		hint += p.T(key, "Because", s.Because(p.Lang))
	}
	name, why := "q-"+q.ID, "why-"+q.ID
	radios := page.Radios{Small: true, Group: page.Group{Name: name, Legend: p.T("office.screening.numbered", "Number", number, "Text", q.Text.In(p.Lang)), Size: "s", Hint: hint, Error: p.Error(name)},
		Options: []page.Option{{Value: "yes", Label: p.T("office.screening.yes"), Checked: f.Form.First(name) == "yes"}, {Value: "no", Label: p.T("office.screening.no"), Checked: f.Form.First(name) == "no"}}}
	area := page.Textarea{Rows: 2, Control: page.Control{Name: why, Label: p.T("office.screening.why", "Number", number), Value: f.Form.First(why), Error: p.Error(why)}}
	return []desk.Block{{Radios: &radios}, {Area: &area}}
}

// screeningForm writes the last answers as they are typed, or where there are none what the service suggests.
func screeningForm(state consult.ScreeningState, lang locale.Lang) survey.Form {
	form, answers := survey.Form{}, state.Last.Answers
	if state.Standing == privacy.ScreeningNone {
		answers = privacy.SuggestedScreening(state.Facts, lang)
	}
	for id, a := range answers {
		desk.Put(form, "q-"+id, map[bool]string{true: "yes", false: "no"}[a.Yes])
		desk.Put(form, "why-"+id, a.Why)
	}
	desk.Put(form, "addendum", state.Last.Addendum)
	return form
}

func (h *Handlers) screeningSend(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	offered, answers := map[string][]string{}, map[string]privacy.ScreeningAnswer{}
	for _, q := range privacy.ScreeningQuestions().Questions {
		name := "q-" + q.ID
		offered[name] = []string{"yes", "no"}
		if form.First(name) != "" {
			answers[q.ID] = privacy.ScreeningAnswer{Yes: form.First(name) == "yes", Why: desk.Trimmed(form, "why-"+q.ID)}
		}
	}
	if err := desk.Offered(form, offered); err != nil {
		return err
	}
	ctx, who := c.UserContext(), desk.Staff(c)
	faults, err := h.Service.Screen(ctx, who, con.ID, desk.Version(form), answers, desk.Trimmed(form, "addendum"))
	if err != nil && !desk.Crossed(err) {
		return err
	}
	if err == nil && len(faults) == 0 {
		return page.Done(c, Path(con.ID, "screening"), "office.screening.done")
	}
	state, again := h.Service.Screening(ctx, who, con.ID)
	if again != nil {
		return again
	}
	if err != nil {
		return h.showScreening(c, fiber.StatusConflict, con, state, form, nil)
	}
	return h.showScreening(c, fiber.StatusUnprocessableEntity, con, state, form, desk.Problems(faults))
}

// standingColours never say a standing alone: the tag has its words.
var standingColours = map[privacy.Standing]string{privacy.ScreeningNone: "grey", privacy.ScreeningStale: "yellow", privacy.ScreeningUndecided: "blue", privacy.ScreeningRequired: "blue",
	privacy.ScreeningRefused: "red", privacy.ScreeningReview: "orange", privacy.ScreeningStands: "green"}

// StandingTag shows how a consultation stands with its screening.
func StandingTag(p *page.Page, s privacy.Standing) page.Tag {
	return page.Tag{Text: p.T("office.screening.standing." + string(s)), Colour: standingColours[s]}
}

// StandingText says what that means, and what has changed where something has.
func StandingText(p *page.Page, state consult.ScreeningState) []string {
	out := []string{p.T("office.screening.means." + string(state.Standing))}
	if state.Change != nil {
		out = append(out, p.T("office.screening.change"))
		if state.Now != privacy.ScreeningStands {
			out = append(out, p.T("office.screening.now", "Standing", p.T("office.screening.standing."+string(state.Now))))
		}
	}
	if state.Standing == privacy.ScreeningStale {
		for _, part := range state.Changed {
			out = append(out, p.T("office.screening.changed."+part))
		}
	}
	return out
}

// ChangeLink leads to the open change of what is done with answers that the screening is about, where there is one.
func ChangeLink(p *page.Page, state consult.ScreeningState) []desk.Block {
	if state.Change == nil {
		return nil
	}
	return []desk.Block{desk.LinkList(page.Link{Text: p.T("office.screening.change.link"), Href: p.To(changePath(state.Change))})}
}

// DecisionBlock shows what the data protection officer decided. names are those of colleagues by id.
func DecisionBlock(p *page.Page, d privacy.ScreeningDecision, names map[string]string) desk.Block {
	list := &page.SummaryList{}
	add := func(key, text string) {
		if text != "" {
			list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: []string{text}})
		}
	}
	add("office.screening.ruling", p.T("office.screening.ruling."+string(d.Ruling)))
	add("office.screening.reasons", d.Reasons)
	add("office.screening.platform", d.Platform)
	add("office.screening.reference", d.Reference)
	if d.ResidualHigh {
		add("office.screening.residual", p.T("office.screening.residual.yes"))
	}
	add("office.screening.consulted", d.Consulted)
	add("office.screening.review", locale.ISODate(p.Lang, string(d.ReviewOn)))
	add("office.screening.by", p.T("office.screening.by.text", "Name", names[d.By], "When", locale.DateTime(p.Lang, d.At)))
	return desk.Block{Summary: list}
}

// AnswerBlocks shows the last answers.
func AnswerBlocks(p *page.Page, state consult.ScreeningState, names map[string]string) []desk.Block {
	if state.Last.Sequence == 0 {
		return nil
	}
	t := page.Table{Caption: p.T("office.screening.answers"), Stack: true, Head: page.Cells(p.T("office.screening.column.question"), p.T("office.screening.column.answer"),
		p.T("office.screening.column.why"), p.T("office.screening.column.clause"))}
	for i, q := range privacy.ScreeningQuestions().Questions {
		a, answered := state.Last.Answers[q.ID]
		text := p.T("office.screening.unanswered")
		if answered {
			text = p.T("office.screening." + map[bool]string{true: "yes", false: "no"}[a.Yes])
		}
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(p.T("office.screening.numbered", "Number", i+1, "Text", q.Text.In(p.Lang)), text, a.Why, q.Clause)})
	}
	out := []desk.Block{desk.TableBlock(t)}
	if state.Last.Addendum != "" {
		out = append(out, desk.H2(p.T("office.screening.addendum")), desk.Para(state.Last.Addendum))
	}
	return append(out, desk.Small(p.T("office.screening.answered", "Name", names[state.Last.By], "When", locale.DateTime(p.Lang, state.Last.At))))
}
