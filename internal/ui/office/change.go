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

// changeKey is the part of the address that names a change.
const changeKey = "change"

// changeRoutes adds the pages about changes of what a published consultation does with answers.
func (h *Handlers) changeRoutes(one *page.Routes) {
	see, edit := desk.Need(consult.SeeConsultations), desk.Need(consult.EditConsultations)
	confirm, either := desk.Need(consult.ConfirmChanges), desk.Need(consult.ConfirmChanges, consult.EditConsultations)
	one.Get("/changes", see, h.changes)
	one.Post("/changes", edit, h.changeBegin)
	one.Get("/changes/:change", see, h.change)
	one.Get("/changes/:change/edit", edit, h.noticeEdit)
	one.Post("/changes/:change/edit", edit, h.noticeSave)
	one.Get("/changes/:change/consent", edit, h.consent)
	one.Post("/changes/:change/consent", edit, h.consentSave)
	one.Get("/changes/:change/purposes/:n", edit, h.purpose)
	one.Post("/changes/:change/purposes/:n", edit, h.purposeSave)
	one.Post("/changes/:change/purposes/:n/remove", edit, h.purposeRemove)
	one.Get("/changes/:change/propose", edit, h.changePropose)
	one.Post("/changes/:change/propose", edit, h.changeProposeSend)
	one.Get("/changes/:change/confirm", confirm, h.changeConfirm)
	one.Post("/changes/:change/confirm", confirm, h.changeConfirmSend)
	one.Get("/changes/:change/return", either, h.changeReturn)
	one.Post("/changes/:change/return", either, h.changeReturnSend)
	one.Get("/changes/:change/erase", edit, h.changeErase)
	one.Post("/changes/:change/erase", edit, h.changeEraseSend)
	one.Get("/changes/:change/end", either, h.changeEnd)
	one.Post("/changes/:change/end", either, h.changeEndSend)
}

// noticeAt is where the parts of a notice lie that the request is about: the notice of a draft, or a change of a published one.
func noticeAt(c *fiber.Ctx, con *consult.Consultation, parts ...string) string {
	if id := c.Params(changeKey); id != "" {
		return Path(con.ID, append([]string{"changes", id}, parts...)...)
	}
	return Path(con.ID, append([]string{"notice"}, parts...)...)
}

// openNotice loads the consultation of the address; where that names a change, with the processing and the version of the change in place of its own.
func (h *Handlers) openNotice(c *fiber.Ctx) (*consult.Consultation, error) {
	con, _, _, err := h.open(c)
	if err != nil || c.Params(changeKey) == "" {
		return con, err
	}
	x, err := h.changeOf(c, con)
	if err != nil {
		return nil, err
	}
	out := *con
	out.Processing, out.Version = x.After, x.Version
	return &out, nil
}

// openNoticeForm is openNotice with the form that was sent.
func (h *Handlers) openNoticeForm(c *fiber.Ctx) (*consult.Consultation, survey.Form, error) {
	con, err := h.openNotice(c)
	if err != nil {
		return nil, nil, err
	}
	form, err := desk.ReadForm(c)
	return con, form, err
}

// saveNotice stores a part of a notice where it belongs: with a draft, or with a change.
func (h *Handlers) saveNotice(c *fiber.Ctx, con *consult.Consultation, form survey.Form, details consult.Details, again show) error {
	id := c.Params(changeKey)
	if id == "" {
		return h.save(c, con, con.Slug, form, details, noticeAt(c, con), again)
	}
	err := h.Service.SaveChange(c.UserContext(), desk.Staff(c), id, desk.Version(form), details.Processing)
	if err == nil {
		return page.Done(c, noticeAt(c, con), "office.saved")
	}
	if p, ok := desk.Mendable(err, "text-en"); ok {
		return again(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{p})
	}
	if !desk.Crossed(err) || con.Version == desk.Version(form) {
		return err
	}
	return again(c, fiber.StatusConflict, con, form, nil) // as it was typed, over the version that is there now
}

// changeOf loads the change of the address: fault.NotFound for one of another consultation.
func (h *Handlers) changeOf(c *fiber.Ctx, con *consult.Consultation) (*consult.NoticeChange, error) {
	x, err := h.Service.Change(c.UserContext(), desk.Staff(c), c.Params(changeKey))
	if err == nil && x.ConsultationID != con.ID {
		return nil, fault.New(fault.NotFound, "error.text.not_found")
	}
	return x, err
}

// openChange loads the consultation and the change of the address.
func (h *Handlers) openChange(c *fiber.Ctx) (*consult.Consultation, *consult.NoticeChange, error) {
	con, _, _, err := h.open(c)
	if err != nil {
		return nil, nil, err
	}
	x, err := h.changeOf(c, con)
	return con, x, err
}

func changePath(x *consult.NoticeChange, parts ...string) string {
	return Path(x.ConsultationID, append([]string{"changes", x.ID}, parts...)...)
}

// changes answers: what was done with answers when, and is it about to change?
func (h *Handlers) changes(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	return h.showChanges(c, fiber.StatusOK, con, nil)
}

func (h *Handlers) showChanges(c *fiber.Ctx, status int, con *consult.Consultation, refusal *fault.Error) error {
	all, err := h.Service.Changes(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.changes.title", "notice")
	p := v.Page
	if refusal != nil {
		p.Banner = &page.Notification{Tone: page.Important, Text: p.T(refusal.Key, refusal.Args...)}
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("office.changes.intro")))
	t := page.Table{Stack: true, Caption: p.T("office.changes.caption"), Empty: p.T("office.changes.empty"),
		Head: page.Cells(p.T("office.changes.column.version"), p.T("office.changes.column.note"), p.T("office.changes.column.when"), p.T("office.changes.column.state"))}
	open := false
	for _, x := range all {
		tag := changeTag(p, x, h)
		name := p.T("office.changes.version", "Version", itoa(x.To))
		if x.State != consult.ChangeConfirmed {
			open, name = true, p.T("office.changes.next")
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: name, Href: p.To(changePath(x))}}, {Text: x.Note.In(p.Lang)},
			{Text: moment(p, x)}, {Tag: &tag}}})
	}
	v.Blocks = append(v.Blocks, desk.TableBlock(t))
	if desk.Staff(c).May(consult.EditConsultations) && con.State == consult.Published && !open {
		begin, err := desk.NewAction(p, Path(con.ID, "changes"), page.Button{Text: p.T("office.changes.begin")})
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.H2(p.T("office.changes.new")), desk.Para(p.T("office.changes.new.help")), desk.Block{Actions: []page.Action{begin}})
	}
	return h.Show(c, status, v)
}

func moment(p *page.Page, x *consult.NoticeChange) string {
	switch {
	case !x.ConfirmedAt.IsZero():
		return locale.DateTime(p.Lang, x.ConfirmedAt)
	case !x.ProposedAt.IsZero():
		return locale.DateTime(p.Lang, x.ProposedAt)
	}
	return ""
}

// changeTag says how a change stands.
func changeTag(p *page.Page, x *consult.NoticeChange, h *Handlers) page.Tag {
	switch {
	case x.Asks(h.Service.Now()):
		return page.Tag{Text: p.T("office.change.state.asking"), Colour: "green"}
	case x.State == consult.ChangeConfirmed:
		return page.Tag{Text: p.T("office.change.state.confirmed"), Colour: "blue"}
	case x.State == consult.ChangeProposed:
		return page.Tag{Text: p.T("office.change.state.proposed"), Colour: "orange"}
	case x.State == consult.ChangeReturned:
		return page.Tag{Text: p.T("office.change.state.returned"), Colour: "red"}
	}
	return page.Tag{Text: p.T("office.change.state.draft"), Colour: "grey"}
}

func (h *Handlers) changeBegin(c *fiber.Ctx) error {
	con, _, err := h.openForm(c)
	if err != nil {
		return err
	}
	x, err := h.Service.DraftChange(c.UserContext(), desk.Staff(c), con.ID)
	if refusal, ok := conflict(err); ok {
		return h.showChanges(c, fiber.StatusConflict, con, refusal)
	}
	if err != nil {
		return err
	}
	return page.Done(c, changePath(x), "office.changes.begun")
}

// change answers: what changes, what does each difference need, whom does it concern, and what comes next?
func (h *Handlers) change(c *fiber.Ctx) error {
	con, x, err := h.openChange(c)
	if err != nil {
		return err
	}
	return h.showChange(c, fiber.StatusOK, con, x, nil)
}

// showChange shows the change; refusal is why something was not done to it, or nil.
func (h *Handlers) showChange(c *fiber.Ctx, status int, con *consult.Consultation, x *consult.NoticeChange, refusal *fault.Error) error {
	v := h.changeFrame(c, con, x, "office.change.title")
	p, who := v.Page, desk.Staff(c)
	if refusal != nil {
		p.Banner = &page.Notification{Tone: page.Important, Text: p.T(refusal.Key, refusal.Args...)}
	}
	people, err := h.Service.Colleagues(c.UserContext(), who)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, h.changeStanding(p, x, who, people)...)
	next, err := h.changeNext(c, p, con, x)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, next...)
	progress, err := h.Service.ChangeProgress(c.UserContext(), who, x.ID)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, h.changePeople(p, x, progress)...)
	v.Blocks = append(v.Blocks, differenceBlocks(p, x)...)
	if x.State == consult.ChangeConfirmed {
		v.Blocks = append(v.Blocks, h.changeAsking(c, p, con, x, progress)...)
	}
	if x.Editable() {
		parts, err := h.changeParts(c, p, con, x)
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, parts...)
	}
	return h.Show(c, status, v)
}

func (h *Handlers) changeFrame(c *fiber.Ctx, con *consult.Consultation, x *consult.NoticeChange, key string) desk.View {
	v := Frame(h.Desk, c, con, key, "notice")
	v.Breadcrumbs = append(v.Breadcrumbs, page.Crumb{Text: v.T("office.changes.title"), Href: Path(con.ID, "changes")})
	tag := changeTag(v.Page, x, h)
	v.Tag = &tag
	return v
}

// changeStanding says in a sentence where the change stands, and to who wrote it why somebody else must go on.
func (h *Handlers) changeStanding(p *page.Page, x *consult.NoticeChange, who *consult.Staff, people map[string]string) []desk.Block {
	name := func(id string) string {
		if n := people[id]; n != "" {
			return n
		}
		return p.T("release.somebody")
	}
	inset := func(lines ...string) []desk.Block { return []desk.Block{{Inset: &page.Inset{Paragraphs: lines}}} }
	switch x.State {
	case consult.ChangeProposed:
		line := p.T("office.change.standing.proposed", "Name", name(x.ProposedBy), "When", locale.DateTime(p.Lang, x.ProposedAt))
		if x.ConfirmableBy(who) != nil {
			return inset(line, p.T("office.change.standing.wait"))
		}
		return inset(line, p.T("office.change.standing.look"))
	case consult.ChangeReturned:
		return inset(p.T("office.change.standing.returned"), x.ReturnNote)
	case consult.ChangeConfirmed:
		return inset(p.T("office.change.standing.confirmed", "Version", itoa(x.To), "Name", name(x.ConfirmedBy), "When", locale.DateTime(p.Lang, x.ConfirmedAt)))
	}
	return []desk.Block{desk.Para(p.T("office.change.standing.draft"))}
}

// changeNext offers what the person may do now.
func (h *Handlers) changeNext(c *fiber.Ctx, p *page.Page, con *consult.Consultation, x *consult.NoticeChange) ([]desk.Block, error) {
	who := desk.Staff(c)
	button := func(key, kind string, parts ...string) page.Button {
		return page.Button{Text: p.T(key), Href: p.To(changePath(x, parts...)), Kind: kind}
	}
	edit := who.May(consult.EditConsultations)
	found, err := h.Service.ChangeFindings(c.UserContext(), who, x.ID)
	if err != nil {
		return nil, err
	}
	warned := unregistered(p, found)
	switch {
	case x.Editable() && edit:
		blocks := changeFindings(p, con, found)
		if len(blocks) == 0 {
			blocks = append(warned, desk.Block{Buttons: []page.Button{button("office.change.propose.link", "", "propose"), button("office.change.erase.link", "secondary", "erase")}})
		} else {
			blocks = append(blocks, desk.Block{Buttons: []page.Button{button("office.change.erase.link", "secondary", "erase")}})
		}
		return blocks, nil
	case x.State == consult.ChangeProposed && x.ConfirmableBy(who) == nil:
		if blocks := changeFindings(p, con, found); len(blocks) > 0 { // what was no obstacle when it was proposed
			return append(blocks, desk.Block{Buttons: []page.Button{button("office.change.return.link", "secondary", "return")}}), nil
		}
		return append(warned, desk.Block{Buttons: []page.Button{button("office.change.confirm.link", "", "confirm"), button("office.change.return.link", "secondary", "return")}}), nil
	case x.State == consult.ChangeProposed && (edit && x.ProposedBy == who.ID || who.May(consult.ConfirmChanges)):
		return []desk.Block{{Buttons: []page.Button{button("office.change.return.link", "secondary", "return")}}}, nil
	case x.Asks(h.Service.Now()) && (edit || who.May(consult.ConfirmChanges)):
		return []desk.Block{{Buttons: []page.Button{button("office.change.end.link", "secondary", "end")}}}, nil
	}
	return nil, nil
}

// unregistered says whom the change names and the register of processors and recipients does not hold: no obstacle, as before publication.
func unregistered(p *page.Page, found []consult.Finding) (out []desk.Block) {
	for _, f := range found {
		if f.Key == "readiness.recipient" {
			out = append(out, desk.Block{Inset: &page.Inset{Paragraphs: []string{findingText(p, f)}}})
		}
	}
	return out
}

// changeFindings lists what stands in the way of a change, with the way to the screening, which lies elsewhere.
func changeFindings(p *page.Page, con *consult.Consultation, found []consult.Finding) []desk.Block {
	t := page.Table{Stack: true, Caption: p.T("office.change.blocking"), Head: page.Cells(p.T("office.readiness.what"), p.T("office.readiness.why"))}
	for _, f := range found {
		if f.Warn {
			continue
		}
		what := page.Cell{Text: findingText(p, f)}
		if f.Page == "screening" {
			what = page.Cell{Link: &page.Link{Text: what.Text, Href: p.To(findingPath(con, f))}}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{what, {Text: f.Clause}}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []desk.Block{desk.TableBlock(t)}
}

// changeParts leads to everything that can be changed.
func (h *Handlers) changeParts(c *fiber.Ctx, p *page.Page, con *consult.Consultation, x *consult.NoticeChange) ([]desk.Block, error) {
	now := *con
	now.Processing, now.Version = x.After, x.Version
	edit := desk.Staff(c).May(consult.EditConsultations)
	at := func(parts ...string) string { return changePath(x, parts...) }
	blocks, err := h.purposeCards(p, &now, edit, at)
	if err != nil {
		return nil, err
	}
	blocks = append(blocks, noticeSummary(p, &now, edit, at))
	if len(x.Before.Categories)+len(x.After.Categories) > 0 {
		blocks = append(blocks, consentSummary(p, &now, edit, at))
	}
	return blocks, nil
}
