package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

var effectColours = map[privacy.Effect]string{privacy.EffectChoice: "red", privacy.EffectJudge: "yellow", privacy.EffectTell: "green"}

// differenceBlocks shows every difference with what it needs and the clause that says so.
func differenceBlocks(p *page.Page, x *consult.NoticeChange) []desk.Block {
	t := page.Table{Stack: true, Caption: p.T("office.change.differences"), Empty: p.T("change.finding.nothing"),
		Head: page.Cells(p.T("office.change.column.what"), p.T("office.change.column.about"), p.T("office.change.column.needs"), p.T("office.readiness.why"))}
	for _, d := range x.Differences() {
		effect := d.Effect
		if effect == privacy.EffectJudge && x.Judged {
			effect = privacy.EffectTell
			if x.Wider {
				effect = privacy.EffectChoice
			}
		}
		tag := page.Tag{Text: p.T("office.change.effect." + string(effect)), Colour: effectColours[effect]}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: d.Words(p.Lang)}, {Text: p.T("office.change.part." + string(d.Part))}, {Tag: &tag}, {Text: d.Clause}}})
	}
	blocks := []desk.Block{desk.TableBlock(t)}
	if x.Note.In(p.Lang) != "" {
		blocks = append([]desk.Block{desk.H2(p.T("office.change.note")), desk.Para(x.Note.In(p.Lang))}, blocks...)
	}
	if x.Judged {
		key := "office.change.judged.same"
		if x.Wider {
			key = "office.change.judged.wider"
		}
		blocks = append(blocks, desk.Para(p.T(key)))
	}
	return blocks
}

// changePeople says whom the change concerns, and that nobody moves by it.
func (h *Handlers) changePeople(p *page.Page, x *consult.NoticeChange, progress []consult.AskingProgress) []desk.Block {
	if len(progress) == 0 {
		if len(x.Differences()) == 0 {
			return nil
		}
		return []desk.Block{desk.Para(p.T("office.change.nobody_asked"))}
	}
	var lines []string
	for _, a := range progress {
		for version := 1; version <= max(x.From, x.To); version++ {
			if n := a.Answered[version]; n > 0 {
				lines = append(lines, p.T("office.change.people."+string(a.Part), "Count", n, "Version", itoa(version)))
			}
		}
		if a.Asked == 0 {
			lines = append(lines, p.T("office.change.people.none."+string(a.Part)))
		}
	}
	return []desk.Block{{Inset: &page.Inset{Paragraphs: lines}}}
}

// changeAsking shows how far asking is, and what the council can publish so that people hear of it.
func (h *Handlers) changeAsking(c *fiber.Ctx, p *page.Page, con *consult.Consultation, x *consult.NoticeChange, progress []consult.AskingProgress) []desk.Block {
	var blocks []desk.Block
	if len(progress) == 0 {
		return nil
	}
	blocks = append(blocks, desk.H2(p.T("office.change.progress")))
	for _, a := range progress {
		figure := func(key string, n int) page.Figure {
			return page.Figure{Label: p.T("office.change.figure." + key), Value: whole(n)}
		}
		blocks = append(blocks, desk.H3(p.T("office.change.part."+string(a.Part))),
			desk.Block{Figures: []page.Figure{figure("asked", a.Asked), figure("agreed", a.Agreed), figure("refused", a.Refused), figure("silent", a.Silent)}})
	}
	switch {
	case !x.EndedAt.IsZero():
		return append(blocks, desk.Para(p.T("office.change.ended", "When", locale.DateTime(p.Lang, x.EndedAt))))
	case !x.Asks(h.Service.Now()):
		return append(blocks, desk.Para(p.T("office.change.ended", "When", locale.DateTime(p.Lang, x.ClosesAt))))
	case x.ClosesAt.IsZero():
		blocks = append(blocks, desk.Para(p.T("office.change.open_end")))
	default:
		blocks = append(blocks, desk.Para(p.T("office.change.closes", "When", locale.DateTime(p.Lang, x.ClosesAt))))
	}
	blocks = append(blocks, desk.H2(p.T("office.change.publish")), desk.Para(p.T("office.change.no_contacts")))
	for _, l := range con.Languages {
		at := page.Address(c) + "/your-response"
		if l == locale.Welsh {
			at = page.Address(c) + "/cy/your-response"
		}
		text := h.Kit.Catalogue().T(l, "change.publish.text", "Title", con.Title.In(l), "Note", x.Note.In(l), "Address", at)
		blocks = append(blocks, desk.Block{Copy: &desk.Copy{Label: p.T("office.change.publish." + string(l)), Text: text, Lines: true}})
	}
	return blocks
}
