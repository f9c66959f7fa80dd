package record

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// What can have been decided. Undecided leaves no event: silence is no consent, and no refusal either.
const (
	agreed    = "agreed"
	refused   = "refused"
	undecided = "undecided"
)

// after loads what the pages after the stored response need. done is true where it has answered already: nothing was just recorded.
func (h *Handlers) after(c *fiber.Ctx) (con *consult.Consultation, def *survey.Definition, st *state, done bool, err error) {
	con, def, st, err = h.open(c)
	if err == nil && !st.sent() {
		return con, def, st, true, page.Redirect(c, path(con))
	}
	return con, def, st, err != nil, err
}

// consent asks what the person decided about the equality questions: after reading the statement out, or from the boxes on the form.
func (h *Handlers) consent(c *fiber.Ctx) error {
	con, _, st, done, err := h.after(c)
	if done {
		return err
	}
	if st.Decided != "" {
		return page.Redirect(c, path(con, "done"))
	}
	return h.showConsent(c, con, st, fiber.StatusOK, survey.Form{}, nil)
}

func (h *Handlers) showConsent(c *fiber.Ctx, con *consult.Consultation, st *state, status int, form survey.Form, problems []survey.Problem) error {
	spoken := st.Rec.Channel != consult.Paper
	if spoken && page.Lang(c) != st.Language && status == fiber.StatusOK {
		return inLanguage(c, st.Language, path(con, "consent"))
	}
	issued, err := h.Service.FormByCode(c.UserContext(), desk.Staff(c), con.ID, st.Rec.Form)
	if err != nil {
		return err
	}
	now, err := h.Service.ConsentStatement(c.UserContext(), con, st.Language)
	if err != nil {
		return err
	}
	if now.Hash != issued.StatementHash {
		return h.outdated(c, con, st)
	}
	v := h.frame(c, con, "record.consent.title")
	p := v.Page
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	words := "paper"
	if spoken {
		words = "spoken"
		v.Blocks = append(v.Blocks, desk.Block{Card: &desk.Card{Title: p.T("record.script.card"), Blocks: parts(issued.Consent)}})
	}
	v.Blocks = append([]desk.Block{desk.Para(p.T("record.saved", "Reference", st.Reference)), desk.Para(p.T("record.consent." + words))}, v.Blocks...)
	var blocks []desk.Block
	if st.AskAge > 0 {
		blocks = append(blocks, ageBlock(p, f, "old", st.AskAge))
	}
	send, err := desk.PostForm(p, "", append(blocks,
		f.Radios("decision", "record.decision", page.Option{Value: agreed, Label: p.T("record.decision.agreed." + words)},
			page.Option{Value: refused, Label: p.T("record.decision.refused." + words)}, page.Option{Value: undecided, Label: p.T("record.decision.undecided." + words)}),
		f.Select("giver", "record.giver", givers(p)...)), page.Button{Text: p.T("respond.continue")})
	if err != nil {
		return err
	}
	send.Hidden = append(send.Hidden, page.Hidden{Name: "statement", Value: issued.StatementHash})
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	return h.Show(c, status, v)
}

// ageBlock asks whether the person said that they are that old.
func ageBlock(p *page.Page, f desk.Fields, name string, age int) desk.Block {
	yes, no := page.Option{Value: "yes", Label: p.T("respond.age.yes")}, page.Option{Value: "no", Label: p.T("respond.age.no")}
	b := f.Radios(name, "record.age", yes, no)
	b.Radios.Legend = p.T("record.age", "Age", age)
	return b
}

// givers are who can have decided: the person, or somebody for them whose relation or authority is written down.
func givers(p *page.Page) []page.Option {
	out := []page.Option{{Value: "", Label: p.T("record.giver.self")}}
	for _, g := range []privacy.Giver{privacy.GivenByParent, privacy.GivenByRepresentative} {
		for _, r := range privacy.Relations(g) {
			out = append(out, page.Option{Value: string(g) + "." + r, Label: p.T("receipt.relation." + string(g) + "." + r)})
		}
	}
	return out
}

// outdated says that the statement has changed since the form was printed: nobody agreed to what would hold now.
func (h *Handlers) outdated(c *fiber.Ctx, con *consult.Consultation, st *state) error {
	v := h.frame(c, con, "record.consent.title")
	p := v.Page
	v.Blocks = append(v.Blocks, desk.Para(p.T("record.saved", "Reference", st.Reference)), desk.Block{Warning: &page.Warning{Text: p.T("record.outdated")}},
		desk.Block{Buttons: []page.Button{{Text: p.T("respond.continue"), Href: p.To(path(con, "done"))}}})
	return h.Show(c, fiber.StatusOK, v)
}

// consentSend records the decision with its evidence.
func (h *Handlers) consentSend(c *fiber.Ctx) error {
	con, _, st, done, err := h.after(c)
	if done {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	var offered []string
	for _, o := range givers(h.Kit.Page(c, "record.consent.title")) {
		offered = append(offered, o.Value)
	}
	if err := desk.Offered(form, map[string][]string{"decision": {agreed, refused, undecided}, "giver": offered, "old": {"yes", "no"}}); err != nil {
		return err
	}
	var problems []survey.Problem
	if st.AskAge > 0 && form.First("old") == "" {
		problems = append(problems, survey.Problem{Field: "old", Key: "record.problem.age", Args: []any{"Age", st.AskAge}})
	}
	if form.First("decision") == "" {
		problems = append(problems, survey.Problem{Field: "decision", Key: "record.problem.decision"})
	}
	if len(problems) > 0 {
		return h.showConsent(c, con, st, fiber.StatusUnprocessableEntity, form, problems)
	}
	tooYoung := form.First("old") == "no" && form.First("decision") == agreed // what a child agreed to is no consent to these questions
	if form.First("decision") == undecided || tooYoung {
		st.Decided = "none"
		if err := keep(c, con, st); err != nil {
			return err
		}
		return page.Redirect(c, path(con, "done"))
	}
	giver, relation, _ := strings.Cut(form.First("giver"), ".")
	status, err := h.Service.DecideConsentFor(c.UserContext(), desk.Staff(c), st.Code, consult.Decision{
		Given: form.First("decision") == agreed, StatementHash: form.First("statement"), Giver: privacy.Giver(giver), Relation: relation, OldEnough: form.First("old") == "yes"})
	if fault.Is(err, fault.Conflict) {
		return h.outdated(c, con, st)
	}
	if err != nil {
		return err
	}
	st.Decided = string(status.State)
	if err := keep(c, con, st); err != nil {
		return err
	}
	if privacy.Permits(status.State) {
		return page.Redirect(c, path(con, "equality"))
	}
	return page.Redirect(c, path(con, "done"))
}

// equality asks all equality questions on one page. It never shows what was saved: the officer cannot read it back.
func (h *Handlers) equality(c *fiber.Ctx) error {
	con, def, st, done, err := h.after(c)
	if done {
		return err
	}
	if !privacy.Permits(privacy.ConsentState(st.Decided)) {
		return page.Redirect(c, path(con, "done"))
	}
	return h.showEquality(c, con, def, st, fiber.StatusOK, survey.Form{}, nil, nil)
}

func (h *Handlers) showEquality(c *fiber.Ctx, con *consult.Consultation, def *survey.Definition, st *state, status int, form survey.Form, problems []survey.Problem, seems []desk.Block) error {
	v := h.frame(c, con, "record.equality.title")
	p := v.Page
	p.SetProblems(problems)
	var blocks []desk.Block
	for _, q := range def.Equality {
		q.Required = false
		blocks = append(blocks, QuestionBlocks(p, def.Equality, q, form)...)
	}
	send, err := desk.PostForm(p, "", blocks, page.Button{Text: p.T("record.equality.send")})
	if err != nil {
		return err
	}
	send.Cancel = &page.Link{Text: p.T("record.equality.skip"), Href: p.To(path(con, "done"))}
	intro := "record.equality.spoken"
	if st.Rec.Channel == consult.Paper {
		intro = "record.equality.paper"
	}
	if len(seems) > 0 {
		send.Hidden = append(send.Hidden, page.Hidden{Name: warnedField, Value: form.First(warnedField)})
	}
	v.Blocks = append(append(v.Blocks, seems...), desk.Para(p.T(intro)), desk.Block{Form: send})
	return h.Show(c, status, v)
}

// warnedField says of what the officer was told. No question has a field of its name.
const warnedField = "warned-of"

// seeming looks through what was written beside equality options: the page is shown once more before anything is stored, and what was entered is taken as it
// is when it is sent again (councils.md S1-2). told is what was found, without what was written.
func seeming(p *page.Page, j survey.Journey) (told string, out []desk.Block) {
	for _, q := range j.Steps() {
		if kinds := respond.SeemsToHold(q, j.Answer(q.ID)); len(kinds) > 0 {
			told += fmt.Sprint(q.ID, kinds)
			out = append(out, desk.Block{Warning: &page.Warning{Text: p.T("record.equality.seems", "Question", q.Text.In(p.Lang), "Kinds", p.MarkWords(kinds))}})
		}
	}
	return told, out
}

// equalitySend stores them sealed and apart. Without consent that stands at this moment the service refuses.
func (h *Handlers) equalitySend(c *fiber.Ctx) error {
	con, def, st, done, err := h.after(c)
	if done {
		return err
	}
	form, err := desk.ReadForm(c, Several(def.Equality)...)
	if err != nil {
		return err
	}
	optional := make([]survey.Question, len(def.Equality))
	for i, q := range def.Equality {
		q.Required = false
		optional[i] = q
	}
	read, err := h.read(c, page.Lang(c), optional, form)
	if err != nil {
		return err
	}
	if len(read.Problems) > 0 {
		return h.showEquality(c, con, def, st, fiber.StatusUnprocessableEntity, form, read.Problems, nil)
	}
	journey := survey.NewEqualityJourney(def, read.Answers)
	if told, seems := seeming(h.Kit.Page(c, "record.equality.title"), journey); told != "" && form.First(warnedField) != told {
		form[warnedField] = []string{told}
		return h.showEquality(c, con, def, st, fiber.StatusOK, form, nil, seems)
	}
	kept := journey.OnPath()
	if len(kept) == 0 {
		return page.Redirect(c, path(con, "done"))
	}
	if err := h.Service.SaveEqualityFor(c.UserContext(), desk.Staff(c), st.Code, con.ID, kept); err != nil {
		return err
	}
	return page.Redirect(c, path(con, "done"))
}
