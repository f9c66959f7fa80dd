package office

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// otherAge is the option of an age that is not among those offered first.
const otherAge = "other"

// ages answers: who may take part by age, what is asked about it, and who approved that (privacy.md 3.3).
func (h *Handlers) ages(c *fiber.Ctx) error {
	con, d, _, err := h.open(c)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.ages.title", "notice")
	r, who := con.Processing.Ages, desk.Staff(c)
	rows := []page.SummaryRow{
		{Key: v.T("office.ages.minimum"), Lines: []string{ageWords(v.Page, r.Minimum)}},
		{Key: v.T("office.ages.equality"), Lines: []string{ageWords(v.Page, r.Equality)}},
		{Key: v.T("office.ages.youth"), Lines: []string{v.T("office.ages.youth.no")}},
		{Key: v.T("office.ages.says"), Lines: con.Processing.AgeLines(v.Lang)},
	}
	if r.Youth {
		rows[2].Lines = []string{v.T("office.ages.youth.yes")}
		rows = append(rows, page.SummaryRow{Key: v.T("office.ages.notice"), Lines: orNone(v.Page, both(r.Notice, con.Languages))})
	}
	rows = append(rows, page.SummaryRow{Key: v.T("office.ages.approval"), Lines: approvalLines(v.Page, r, d)})
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.ages.intro")), desk.Block{Summary: &page.SummaryList{Rows: rows}}, limitTable(v.Page))
	draft := con.State == consult.Drafted
	var buttons []page.Button
	if draft && who.May(consult.EditConsultations) {
		buttons = append(buttons, page.Button{Text: v.T("office.ages.change"), Href: v.To(Path(con.ID, "ages", "edit"))})
	}
	if draft && who.May(consult.KeepRegisters) {
		buttons = append(buttons, page.Button{Text: v.T("office.ages.approve"), Href: v.To(Path(con.ID, "ages", "approve"))})
	}
	if len(buttons) > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Buttons: buttons})
	}
	if !draft {
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.ages.published")))
	}
	return h.Show(c, fiber.StatusOK, v)
}

func ageWords(p *page.Page, age int) string {
	if age == 0 {
		return p.T("office.ages.none")
	}
	return p.T("office.ages.over", "Age", age)
}

// approvalLines say what the data protection officer approved, and where that is no longer what is set.
func approvalLines(p *page.Page, r privacy.AgeRules, d *survey.Definition) []string {
	a := r.Approval
	if a == nil {
		return []string{p.T("office.ages.approval.none")}
	}
	lines := []string{p.T("office.ages.approval.on", "Date", locale.ISODate(p.Lang, string(a.On))), a.Reason}
	if a.DPIA != "" {
		lines = append(lines, p.T("office.ages.approval.dpia", "Reference", a.DPIA))
	}
	if !a.Covers(r, d != nil && len(d.Equality) > 0) || !a.CoversWords(r, consult.EqualityAsked(d)) {
		lines = append(lines, p.T("office.ages.approval.void"))
	}
	return lines
}

// limitTable shows the limits with where they come from: they are data, and officers see which.
func limitTable(p *page.Page) desk.Block {
	t := page.Table{Stack: true, Caption: p.T("office.ages.limits"), Head: page.Cells(p.T("office.ages.limit"), p.T("office.ages.age"), p.T("office.ages.source"), p.T("office.ages.from"))}
	for _, l := range privacy.Ages().Limits {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: l.Name.In(p.Lang)}, {Text: itoa(l.Age)}, {Text: l.Source}, {Text: locale.ISODate(p.Lang, string(l.EffectiveFrom))}}})
	}
	return desk.TableBlock(t)
}

// agesRow is the line of the overview, which leads to the page.
func agesRow(p *page.Page, con *consult.Consultation) page.SummaryRow {
	return page.SummaryRow{Key: p.T("office.ages.title"), Lines: con.Processing.AgeLines(p.Lang),
		Links: []page.Link{{Text: p.T("office.ages.see"), Href: p.To(Path(con.ID, "ages")), Hidden: p.T("office.ages.title")}}}
}

func (h *Handlers) agesEdit(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	r, f := con.Processing.Ages, survey.Form{}
	switch {
	case r.Minimum == 0:
		desk.Put(f, "minimum", "0")
	case slices.Contains(privacy.Ages().Offered, r.Minimum):
		desk.Put(f, "minimum", itoa(r.Minimum))
	default:
		desk.Put(f, "minimum", otherAge)
		desk.Put(f, "minimum_age", itoa(r.Minimum))
	}
	putCount(f, "equality_age", r.Equality)
	desk.PutBool(f, "youth", r.Youth)
	desk.PutText(f, "notice", r.Notice)
	return h.showAges(c, fiber.StatusOK, con, f, nil)
}

func (h *Handlers) showAges(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.ages.edit", "notice")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	options := []page.Option{{Value: "0", Label: v.T("office.ages.none")}}
	for _, age := range privacy.Ages().Offered {
		options = append(options, page.Option{Value: itoa(age), Label: v.T("office.ages.over", "Age", age)})
	}
	options = append(options, page.Option{Value: otherAge, Label: v.T("office.ages.other")})
	return h.showForm(c, status, v, con, []desk.Block{
		f.Radios("minimum", "office.ages.minimum", options...), f.Number("minimum_age", "office.ages.minimum_age"),
		f.Number("equality_age", "office.ages.equality"),
		f.Checks("youth", "office.ages.youth", page.Option{Value: "yes", Label: v.T("office.ages.youth.option")}),
		f.Prose("notice", "office.ages.notice", 5),
	}, Path(con.ID, "ages"))
}

func (h *Handlers) agesSave(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err == nil {
		err = desk.Offered(form, map[string][]string{"minimum": agesOffered(), "youth": {"yes"}})
	}
	if err != nil {
		return err
	}
	details := con.Details
	r := &details.Processing.Ages
	var problems []survey.Problem
	note := func(field string) {
		problems = append(problems, survey.Problem{Field: field, Key: "office.ages.problem"})
	}
	other, ok := desk.Whole(form, "minimum_age")
	if !ok {
		note("minimum_age")
	}
	switch chosen := form.First("minimum"); chosen {
	case otherAge:
		if r.Minimum = other; ok && other == 0 {
			note("minimum_age")
		}
	case "":
		note("minimum")
	default:
		r.Minimum = 0
		for _, age := range privacy.Ages().Offered {
			if chosen == itoa(age) {
				r.Minimum = age
			}
		}
	}
	if r.Equality, ok = desk.Whole(form, "equality_age"); !ok {
		note("equality_age")
	}
	r.Youth = form.First("youth") == "yes"
	r.Notice = desk.ReadText(form, "notice", r.Notice)
	if len(problems) > 0 {
		return h.showAges(c, fiber.StatusUnprocessableEntity, con, form, problems)
	}
	return h.save(c, con, con.Slug, form, details, Path(con.ID, "ages"), h.showAges)
}

func agesOffered() []string {
	out := []string{"0", otherAge}
	for _, age := range privacy.Ages().Offered {
		out = append(out, itoa(age))
	}
	return out
}

// agesApprove is where the data protection officer approves what stands: a lower age for the equality questions, or a consultation for young people.
func (h *Handlers) agesApprove(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	if con.State != consult.Drafted {
		return fault.New(fault.Conflict, "error.consultation.published")
	}
	return h.showApproveAges(c, fiber.StatusOK, con, survey.Form{}, nil)
}

func (h *Handlers) showApproveAges(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.ages.approve", "notice")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	v.Blocks = append(v.Blocks, desk.Block{Summary: &page.SummaryList{Rows: []page.SummaryRow{{Key: v.T("office.ages.title"), Lines: con.Processing.AgeLines(v.Lang)},
		{Key: v.T("office.ages.equality"), Lines: []string{ageWords(v.Page, con.Processing.Ages.Equality)}}}}}, desk.Para(v.T("office.ages.approve.intro")))
	return h.showForm(c, status, v, con, []desk.Block{f.Input("dpia", "office.ages.dpia", "20"), f.Input("reason", "office.ages.reason", "")}, Path(con.ID, "ages"))
}

func (h *Handlers) agesApproveSend(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	err = h.Service.ApproveAges(c.UserContext(), desk.Staff(c), con.ID, desk.Version(form), form.First("dpia"), form.First("reason"))
	if p, ok := desk.Mendable(err, "reason"); ok {
		return h.showApproveAges(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{p})
	}
	if desk.Crossed(err) && con.State == consult.Drafted {
		return h.showApproveAges(c, fiber.StatusConflict, con, form, nil)
	}
	if err != nil {
		return err
	}
	return page.Done(c, Path(con.ID, "ages"), "office.ages.approved")
}
