package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// readiness answers: what stands between this draft and its publication? Every line leads to where it is mended.
func (h *Handlers) readiness(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.readiness.title", "readiness")
	ready, err := h.Service.Readiness(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	edit := desk.Staff(c).May(consult.EditConsultations)
	blocking, warnings := findingTables(v.Page, con, ready, edit)
	switch {
	case len(blocking.Rows) > 0:
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.readiness.blocked", "Count", len(blocking.Rows))), desk.TableBlock(blocking))
	case edit:
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.readiness.ready")),
			desk.Block{Buttons: []page.Button{{Text: v.T("office.publish.link"), Href: v.To(Path(con.ID, "publish"))},
				{Text: v.T("office.next.preview"), Href: v.To(Path(con.ID, "preview")), Kind: "secondary"}}})
	default:
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.readiness.ready")))
	}
	if len(warnings.Rows) > 0 {
		v.Blocks = append(v.Blocks, desk.TableBlock(warnings))
	}
	return h.Show(c, fiber.StatusOK, v)
}

// findingTables lists what blocks and what does not. Whoever may not mend it gets no link.
func findingTables(p *page.Page, con *consult.Consultation, ready consult.Readiness, edit bool) (blocking, warnings page.Table) {
	head := page.Cells(p.T("office.readiness.what"), p.T("office.readiness.where"), p.T("office.readiness.why"))
	blocking = page.Table{Stack: true, Caption: p.T("office.readiness.blocking"), Head: head}
	warnings = page.Table{Stack: true, Caption: p.T("office.readiness.warnings"), Head: head}
	for _, f := range ready.Findings {
		text := findingText(p, f)
		where := page.Cell{Text: findingPlace(p, f)}
		if edit && f.Page != "settings" {
			where = page.Cell{Link: &page.Link{Text: where.Text, Href: p.To(findingPath(con, f)), Hidden: text}}
		}
		row := page.Row{Cells: []page.Cell{{Text: text}, where, {Text: f.Clause}}}
		if f.Warn {
			warnings.Rows = append(warnings.Rows, row)
		} else {
			blocking.Rows = append(blocking.Rows, row)
		}
	}
	return blocking, warnings
}

// publish asks once more: publishing cannot be undone.
func (h *Handlers) publish(c *fiber.Ctx) error {
	con, d, _, err := h.open(c)
	if err != nil {
		return err
	}
	if con.State != consult.Drafted {
		return fault.New(fault.Conflict, "office.publish.already")
	}
	return h.showPublish(c, fiber.StatusOK, con, d, nil)
}

func (h *Handlers) showPublish(c *fiber.Ctx, status int, con *consult.Consultation, d *survey.Definition, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.publish.title", "readiness")
	v.SetProblems(problems)
	ready, err := h.Service.Readiness(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	if !ready.Ready() {
		return page.Redirect(c, Path(con.ID, "readiness"))
	}
	rows := []page.SummaryRow{
		{Key: v.T("office.details.name"), Lines: both(con.Title, con.Languages)},
		{Key: v.T("office.details.opens"), Lines: []string{locale.DateTime(v.Lang, con.OpensAt)}},
		{Key: v.T("office.details.closes"), Lines: []string{locale.DateTime(v.Lang, con.ClosesAt)}},
		{Key: v.T("office.ages.title"), Lines: con.Processing.AgeLines(v.Lang)},
		{Key: v.T("office.overview.questions"), Lines: []string{whole(questionCount(d))}},
		{Key: v.T("office.overview.equality"), Lines: []string{whole(len(d.Equality))}},
	}
	f := desk.Fields{Page: v.Page, Form: survey.Form{}}
	form, err := desk.EditForm(v.Page, con.Version, Path(con.ID, "readiness"), []desk.Block{f.Checks("sure", "office.publish.sure", page.Option{Value: "yes", Label: v.T("office.publish.yes")})},
		page.Button{Text: v.T("office.publish.button")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Summary: &page.SummaryList{Rows: rows}}, desk.Block{Warning: &page.Warning{Text: v.T("office.publish.warning")}}, desk.Block{Form: form})
	if status == fiber.StatusConflict {
		v.Blocks = append([]desk.Block{{Warning: &page.Warning{Text: v.T("office.publish.crossed")}}}, v.Blocks...)
	}
	return h.Show(c, status, v)
}

func (h *Handlers) publishSend(c *fiber.Ctx) error {
	con, d, _, err := h.open(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		return h.showPublish(c, fiber.StatusUnprocessableEntity, con, d, []survey.Problem{{Field: "sure", Key: "office.problem.sure"}})
	}
	err = h.Service.Publish(c.UserContext(), desk.Staff(c), con.ID, desk.Version(form))
	if desk.Crossed(err) && con.State == consult.Drafted {
		return h.showPublish(c, fiber.StatusConflict, con, d, nil)
	}
	if err != nil {
		return err
	}
	return page.Done(c, Path(con.ID), "office.publish.done")
}

// erase asks once more before a draft goes for good.
func (h *Handlers) erase(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	if con.State != consult.Drafted {
		return fault.New(fault.Conflict, "office.erase.published")
	}
	return h.showErase(c, fiber.StatusOK, con, nil)
}

func (h *Handlers) showErase(c *fiber.Ctx, status int, con *consult.Consultation, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.erase.title", "overview")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: survey.Form{}}
	form, err := desk.PostForm(v.Page, Path(con.ID), []desk.Block{f.Checks("sure", "office.erase.sure", page.Option{Value: "yes", Label: v.T("office.erase.yes")})},
		page.Button{Text: v.T("office.erase.button"), Kind: "warning"})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.erase.warning")}}, desk.Block{Form: form})
	return h.Show(c, status, v)
}

func (h *Handlers) eraseSend(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		return h.showErase(c, fiber.StatusUnprocessableEntity, con, []survey.Problem{{Field: "sure", Key: "office.problem.sure"}})
	}
	if err := h.Service.EraseDraft(c.UserContext(), desk.Staff(c), con.ID); err != nil {
		return err
	}
	return page.Done(c, "/office/consultations", "office.erase.done")
}
