package requests

import (
	"maps"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// redact shows what the person wrote, to mark passages about other people before the copy is given (DPA 2018 Sch. 2 para. 16).
func (h *Handlers) redact(c *fiber.Ctx) error {
	return h.showRedact(c, fiber.StatusOK, survey.Form{}, nil)
}

// redactable finds the request and its response. fault.Conflict if the request has ended or has no response.
func (h *Handlers) redactable(c *fiber.Ctx) (*dpo.Case, *consult.Everything, error) {
	return h.Cases.Copy(c.UserContext(), desk.Staff(c), c.Params("id"))
}

func (h *Handlers) showRedact(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	x, all, err := h.redactable(c)
	if err != nil {
		return err
	}
	v := h.frame(c, x, "request.redact.title")
	p := v.Page
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.T("request.copy.title"), Href: path(x.Entry.ID) + "/copy"}, {Text: p.Title}}
	p.SetProblems(problems)
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	gaps, err := h.Cases.Gaps(c.UserContext(), x, all)
	if err != nil {
		return err
	}
	v.Blocks = append(append(v.Blocks, changed(p, gaps)...), desk.Para(p.T("request.redact.about")))
	texts := dpo.Texts(all)
	if len(texts) == 0 {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("request.redact.none")}}})
		return h.Show(c, status, v)
	}
	f := desk.Fields{Page: p, Form: form}
	var fields []desk.Block
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		legend := id
		if q, ok := all.Definition.Question(id); ok {
			legend = q.Text.In(p.Lang)
		}
		box := f.Checks(sentenceField(id), "request.redact.sentences", sentences(texts[id])...)
		box.Checks.Hint, box.Checks.Legend = box.Checks.Legend, legend
		fields = append(fields, box)
	}
	fields = append(fields, f.Area("passage", "request.redact.passage", 3), f.Select("ground", "request.field.ground", grounds(p)...), f.Input("reason", "request.redact.reason", ""))
	send, err := desk.EditForm(p, x.Entry.Version, path(x.Entry.ID)+"/copy", fields, page.Button{Text: p.T("request.redact.button")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	out, err := leftOut(p, x, gaps, texts)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, out...)
	return h.Show(c, status, v)
}

// sentenceField names the boxes of a text.
func sentenceField(question string) string { return "sentence-" + question }

// sentences are those of a text as boxes to tick, by their number.
func sentences(text string) (out []page.Option) {
	for i, s := range privacy.Sentences(text) {
		out = append(out, page.Option{Value: strconv.Itoa(i + 1), Label: s})
	}
	return out
}

// leftOut lists what the copy leaves out, read from the texts, each to be put back.
func leftOut(p *page.Page, x *dpo.Case, gaps []privacy.Gap, texts map[string]string) ([]desk.Block, error) {
	var blocks []desk.Block
	for _, g := range gaps {
		action, err := desk.NewAction(p, path(x.Entry.ID)+"/redact/restore", page.Button{Text: p.T("request.redact.restore"), Kind: "secondary"},
			page.Hidden{Name: "number", Value: strconv.Itoa(g.Number + 1)}, desk.VersionField(x.Entry.Version))
		if err != nil {
			return nil, err
		}
		what := desk.Block{Quotes: g.Passages(texts[g.Question])}
		if g.Whole {
			what = desk.Para(p.T("request.redact.whole"))
		}
		blocks = append(blocks, desk.Block{Card: &desk.Card{Title: p.T("request.redact.left", "Number", g.Number+1), Actions: []page.Action{action},
			Blocks: []desk.Block{what, desk.Para(groundWords(p, g.Ground) + ": " + g.Reason)}}})
	}
	if len(blocks) > 0 {
		blocks = append([]desk.Block{desk.H2(p.T("request.redact.out"))}, blocks...)
	}
	return blocks, nil
}

// changed warns of a text that is not the one in which passages were marked: all of it is left out.
func changed(p *page.Page, gaps []privacy.Gap) []desk.Block {
	if !slices.ContainsFunc(gaps, func(g privacy.Gap) bool { return g.Whole }) {
		return nil
	}
	return []desk.Block{{Warning: &page.Warning{Text: p.T("request.redact.changed")}}}
}

func (h *Handlers) redactSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err == nil {
		err = desk.Offered(form, map[string][]string{"ground": values(grounds(h.Kit.Page(c, "request.redact.title")))})
	}
	if err != nil {
		return err
	}
	_, all, err := h.redactable(c)
	if err != nil {
		return err
	}
	passages, err := ticked(form, dpo.Texts(all))
	if err == nil {
		err = h.Cases.Redact(c.UserContext(), desk.Staff(c), c.Params("id"), desk.Version(form), passages)
	}
	if p, ok := problem(err); ok {
		return h.showRedact(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p})
	}
	if desk.Crossed(err) {
		return h.showRedact(c, fiber.StatusConflict, form, nil)
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(c.Params("id"))+"/redact", "request.redact.done")
}

// ticked reads which sentences are to be left out, and the passage that was typed. fault.Invalid for a sentence that no text has.
func ticked(form survey.Form, texts map[string]string) (out []privacy.Passage, err error) {
	x := privacy.Passage{Ground: form.First("ground"), Reason: desk.Trimmed(form, "reason")}
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		boxes := sentences(texts[id])
		for _, value := range form[sentenceField(id)] {
			i := slices.IndexFunc(boxes, func(o page.Option) bool { return o.Value == value })
			if i < 0 {
				return nil, fault.New(fault.Invalid, "error.redact.nowhere").At("passage")
			}
			x.Question, x.Words = id, boxes[i].Label
			out = append(out, x)
		}
	}
	if typed := desk.Trimmed(form, "passage"); typed != "" {
		x.Question, x.Words = "", typed
		out = append(out, x)
	}
	return out, nil
}

func (h *Handlers) restore(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(form.First("number"))
	if err != nil {
		return fault.New(fault.NotFound, "error.redact.unknown")
	}
	if err := h.Cases.Restore(c.UserContext(), desk.Staff(c), c.Params("id"), desk.Version(form), number-1); err != nil {
		return err
	}
	return page.Done(c, path(c.Params("id"))+"/redact", "request.redact.restored")
}
