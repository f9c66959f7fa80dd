package release

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Values of the buttons that show the form again with what would be hidden.
const (
	fieldCheck = "check"
	fieldSwap  = "swap" // "chosen>instead", both as in fieldTables
	live       = "live" // value of fieldCheck where a script asks while choices change, and nobody pressed anything
)

// swapped returns the chosen tables with one of them replaced.
func swapped(chosen []string, swap string) []string {
	old, instead, ok := strings.Cut(swap, ">")
	if !ok || !slices.Contains(chosen, old) {
		return chosen
	}
	out := slices.DeleteFunc(slices.Clone(chosen), func(v string) bool { return v == old || v == instead })
	return append(out, instead)
}

// showChecked estimates what the chosen tables would hide and shows the form again with it. Nothing is stored.
func (h *Handlers) showChecked(c *fiber.Ctx, d drafting, form survey.Form) error {
	if swap := form.First(fieldSwap); swap != "" {
		form[fieldTables] = swapped(form[fieldTables], swap)
	}
	specs, ok := d.offer.specs(form)
	if !ok || len(specs) == 0 || len(specs) > maxTables {
		return h.cannotCheck(c, d, form, survey.Problem{Field: fieldTables, Key: "error.release.tables", Args: []any{"Max", maxTables}})
	}
	if !slices.ContainsFunc(d.current, func(a *consult.Agreement) bool { return a.ID == form.First("agreement") }) {
		return h.cannotCheck(c, d, form, survey.Problem{Field: "agreement", Key: "release.problem.agreement"})
	}
	estimate, err := h.Service.EstimateRelease(c.UserContext(), desk.Staff(c), d.con.ID, form.First("agreement"), specs)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return h.cannotCheck(c, d, form, survey.Problem{Field: fieldTables, Key: "release.estimate.late"})
	case fault.Is(err, fault.Conflict):
		return h.cannotCheck(c, d, form, survey.Problem{Field: fieldTables, Key: "release.estimate.newer"})
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Forbidden):
		if refused, ok := problem(err, draftFields); ok {
			return h.cannotCheck(c, d, form, refused)
		}
		return err
	case err != nil:
		return err
	}
	d.estimate = estimate
	return h.showDraft(c, fiber.StatusOK, d, form)
}

// cannotCheck says why. Where nobody pressed a button it is a sentence in its place and no error: the choice is still being made.
func (h *Handlers) cannotCheck(c *fiber.Ctx, d drafting, form survey.Form, why survey.Problem) error {
	if form.First(fieldCheck) == live {
		d.note = &why
		return h.showDraft(c, fiber.StatusOK, d, form)
	}
	d.problems = []survey.Problem{why}
	return h.showDraft(c, fiber.StatusUnprocessableEntity, d, form)
}

// hidden says beside each table of the choice how many of its figures would be hidden, by what fieldTables sends for it.
func hidden(p *page.Page, e *consult.Estimate) map[string]string {
	if e == nil || e.Refused {
		return nil
	}
	out := map[string]string{}
	for _, t := range e.Tables {
		key := "release.estimate.beside"
		switch {
		case t.Withheld:
			key = "release.estimate.withheld"
		case t.Hidden == 0:
			key = "release.estimate.beside_none"
		}
		text := p.T(key, "Hidden", t.Hidden, "Cells", t.Cells, "Share", page.Share(t.Hidden, t.Cells))
		if !t.Withheld && len(t.Notes) > 0 {
			text += " " + p.T("release.estimate.less")
		}
		out[tableValue(t.Spec)] = text
	}
	return out
}

// name is a table as the catalogue calls it.
func (o offer) name(p *page.Page, t consult.TableSpec) string {
	find := func(all []consult.Dimension, id string) string {
		for _, d := range all {
			if d.ID == id {
				return d.Label.In(p.Lang)
			}
		}
		return id
	}
	question := find(o.questions, t.Question)
	if t.By == "" {
		return p.T("release.estimate.headline", "Question", question)
	}
	var by []string
	for _, d := range t.Dimensions() {
		by = append(by, find(o.dimensions, d))
	}
	return p.T("release.estimate.by", "Question", question, "By", strings.Join(by, " × "))
}

// estimated says in a table how the chosen tables would come out, and what could be published instead of those that lose much.
func (o offer) estimated(p *page.Page, e *consult.Estimate) []desk.Block {
	if e == nil {
		return nil
	}
	blocks := []desk.Block{{Heading: &desk.Heading{Text: p.T("release.estimate.title"), ID: "estimate"}}}
	for _, f := range e.Findings {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{f.In(p.Lang)}}})
	}
	if e.Refused {
		return append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("release.estimate.refused")}})
	}
	if n := e.Noise; n != nil {
		blocks = append(blocks, desk.Para(p.T("release.estimate.noise", "Margin", n.Margin, "Cost", rho(n.Cost), "Spent", rho(n.Spent), "Budget", rho(n.Budget))))
	}
	blocks = append(blocks, desk.Para(p.T("release.estimate.intro", "Hidden", e.Hidden, "Cells", e.Cells, "Share", page.Share(e.Hidden, e.Cells))))
	table := page.Table{Caption: p.T("release.estimate.caption"), HiddenCaption: true, Stack: true,
		Head: []page.Cell{{Text: p.T("release.estimate.table")}, {Text: p.T("release.estimate.hidden")}, {Text: p.T("release.estimate.notes")}}}
	for _, t := range e.Tables {
		hidden := p.T("release.estimate.of", "Hidden", t.Hidden, "Cells", t.Cells, "Share", page.Share(t.Hidden, t.Cells))
		if t.Withheld {
			hidden = p.T("release.estimate.withheld")
		}
		var notes []string
		for _, n := range t.Notes {
			notes = append(notes, n.In(p.Lang))
		}
		if len(notes) == 0 {
			notes = []string{p.T("release.estimate.whole")}
		}
		table.Rows = append(table.Rows, page.Row{Cells: []page.Cell{{Text: o.name(p, t.Spec)}, {Text: hidden}, {Text: strings.Join(notes, " ")}}})
	}
	blocks = append(blocks, desk.Block{Table: &table})
	return append(blocks, o.instead(p, e)...)
}

// instead offers other tables for those that would come out with many figures hidden or less detail. A button takes one in for the other.
func (o offer) instead(p *page.Page, e *consult.Estimate) []desk.Block {
	var blocks []desk.Block
	for _, t := range e.Tables {
		if len(t.Instead) == 0 {
			continue
		}
		if blocks == nil {
			blocks = append(blocks, desk.H2(p.T("release.instead.title")), desk.Para(p.T("release.instead.intro")))
		}
		blocks = append(blocks, desk.Block{Heading: &desk.Heading{Text: p.T("release.instead.of", "Table", o.name(p, t.Spec)), Small: true}})
		var buttons []page.Button
		for _, a := range t.Instead {
			buttons = append(buttons, page.Button{Text: p.T("release.instead.button", "Table", o.name(p, a.Spec), "Hidden", locale.Number(int64(a.Hidden)), "Cells", locale.Number(int64(a.Cells))),
				Kind: "secondary", Name: fieldSwap, Value: tableValue(t.Spec) + ">" + tableValue(a.Spec)})
		}
		blocks = append(blocks, desk.Block{Buttons: buttons})
	}
	return blocks
}
