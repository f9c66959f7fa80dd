package record

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// start answers: what did somebody give us, and is there still time to record it?
func (h *Handlers) start(c *fiber.Ctx) error {
	con, _, st, err := h.open(c)
	if err != nil {
		return err
	}
	return h.showStart(c, con, st, fiber.StatusOK, survey.Form{"language": {string(page.Lang(c))}}, nil)
}

func (h *Handlers) showStart(c *fiber.Ctx, con *consult.Consultation, st *state, status int, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, con, "record.title")
	p := v.Page
	p.SetProblems(problems)
	now := h.Service.Now()
	if st.sent() {
		v.Blocks = append(v.Blocks, desk.Para(p.T("record.unfinished", "Reference", st.Reference)),
			desk.LinkList(page.Link{Text: p.T("record.unfinished.link"), Href: p.To(path(con, "done"))}))
	}
	if con.Recordable(consult.Telephone, now) == nil {
		f := desk.Fields{Page: p, Form: form}
		send, err := desk.PostForm(p, "", []desk.Block{
			f.Radios("channel", "record.channel", page.Option{Value: string(consult.Telephone), Label: channelWord(p, consult.Telephone)},
				page.Option{Value: string(consult.FaceToFace), Label: channelWord(p, consult.FaceToFace)}),
			f.Radios("language", "record.language", languages(p, con)...)}, page.Button{Text: p.T("record.spoken.button")})
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.H2(p.T("record.spoken")), desk.Para(p.T("record.spoken.text")), desk.Block{Form: send})
	} else {
		v.Blocks = append(v.Blocks, desk.Para(p.T("record.spoken.closed")))
	}
	paper, err := h.paperBlocks(p, con)
	if err != nil {
		return err
	}
	kiosk, err := h.kioskBlocks(c, p, con)
	if err != nil {
		return err
	}
	v.Blocks = append(append(v.Blocks, paper...), kiosk...)
	return h.Show(c, status, v)
}

// kioskBlocks say what to open on a device that the council puts up.
func (h *Handlers) kioskBlocks(c *fiber.Ctx, p *page.Page, con *consult.Consultation) ([]desk.Block, error) {
	if con.Status(h.Service.Now()) != consult.StatusOpen {
		return nil, nil
	}
	code, err := h.Service.KioskCode(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return nil, err
	}
	return []desk.Block{desk.H2(p.T("record.kiosk")), desk.Para(p.T("record.kiosk.text")), {Copy: &desk.Copy{Label: p.T("record.kiosk.address"), Text: respond.KioskAddress(c, con, code)}}}, nil
}

// paperBlocks lead to a paper form and print empty ones.
func (h *Handlers) paperBlocks(p *page.Page, con *consult.Consultation) ([]desk.Block, error) {
	out := []desk.Block{desk.H2(p.T("record.paper"))}
	if con.Recordable(consult.Paper, h.Service.Now()) == nil {
		out = append(out, desk.Para(p.T("record.paper.text", "Days", consult.LateEntryDays)),
			desk.Block{Buttons: []page.Button{{Text: p.T("record.paper.button"), Href: p.To(path(con, "paper"))}}})
	} else {
		out = append(out, desk.Para(p.T("record.paper.closed", "Days", consult.LateEntryDays)))
	}
	var actions []page.Action
	for _, l := range con.Languages {
		a, err := desk.NewAction(p, path(con, "forms"), page.Button{Text: p.T("record.print." + string(l)), Kind: "secondary"}, page.Hidden{Name: "language", Value: string(l)})
		if err != nil {
			return nil, err
		}
		actions = append(actions, a)
	}
	return append(out, desk.Para(p.T("record.print.text")), desk.Block{Actions: actions}), nil
}

// begin opens the script for somebody on the telephone or at the desk.
func (h *Handlers) begin(c *fiber.Ctx) error {
	con, _, st, err := h.open(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"channel": spokenChannels, "language": languageCodes(con)}); err != nil {
		return err
	}
	var problems []survey.Problem
	for _, field := range []string{"channel", "language"} {
		if form.First(field) == "" {
			problems = append(problems, survey.Problem{Field: field, Key: "record.problem." + field})
		}
	}
	if len(problems) > 0 {
		return h.showStart(c, con, st, fiber.StatusUnprocessableEntity, form, problems)
	}
	lang := locale.Lang(form.First("language"))
	script, err := h.Service.IssueForm(c.UserContext(), desk.Staff(c), con.ID, privacy.Script, lang)
	if err != nil {
		return err
	}
	rec := consult.Recording{Channel: consult.Channel(form.First("channel")), Form: script.Code}
	d, _, err := h.Service.BeginRecording(c.UserContext(), desk.Staff(c), con.ID, rec)
	if err != nil {
		return err
	}
	if err := respond.KeepDraft(c, d); err != nil {
		return err
	}
	if err := keep(c, con, &state{Rec: rec, Language: lang, Count: st.Count}); err != nil {
		return err
	}
	return inLanguage(c, lang, path(con, "script"))
}

func languageCodes(con *consult.Consultation) (out []string) {
	for _, l := range con.Languages {
		out = append(out, string(l))
	}
	return out
}

// script shows what must be read out before the first question.
func (h *Handlers) script(c *fiber.Ctx) error {
	con, _, st, err := h.open(c)
	if err != nil {
		return err
	}
	if st.Rec.Channel == "" || st.Rec.Channel == consult.Paper || st.sent() {
		return page.Redirect(c, path(con))
	}
	if page.Lang(c) != st.Language {
		return inLanguage(c, st.Language, path(con, "script"))
	}
	form, err := h.Service.FormByCode(c.UserContext(), desk.Staff(c), con.ID, st.Rec.Form)
	if err != nil {
		return err
	}
	v := h.frame(c, con, "record.script.title")
	p := v.Page
	v.Blocks = append(v.Blocks, desk.Para(p.T("record.script.text")), desk.Block{Card: &desk.Card{Title: p.T("record.script.card"), Blocks: parts(form.Parts)}},
		desk.Block{Buttons: []page.Button{{Text: p.T("record.script.yes"), Href: p.To(path(con, "respond"))},
			{Text: p.T("record.script.no"), Href: p.To(path(con)), Kind: "secondary"}}},
		desk.Small(form.PrintedVersion()))
	return h.Show(c, fiber.StatusOK, v)
}

// spoken hands the consultation to the journey.
func (h *Handlers) spoken(c *fiber.Ctx) (respond.Drafted, error) {
	con, def, _, err := h.open(c)
	if err != nil {
		return respond.Drafted{}, err
	}
	return respond.Drafted{Consultation: con, Definition: def, Office: path(con)}, nil
}

func (h *Handlers) note(_ *fiber.Ctx, p *page.Page) string { return p.T("record.banner") }

// store records what the person said.
func (h *Handlers) store(c *fiber.Ctx, d *consult.Draft) (next string, err error) {
	con, def, st, err := h.open(c)
	if err != nil {
		return "", err
	}
	if st.Rec.Channel == "" || st.Rec.Channel == consult.Paper {
		return "", fault.New(fault.Conflict, "record.gone")
	}
	return h.record(c, con, def, st, d)
}

// record stores a response, notes it in the session and says where to go on.
func (h *Handlers) record(c *fiber.Ctx, con *consult.Consultation, def *survey.Definition, st *state, d *consult.Draft) (next string, err error) {
	done, err := h.Service.RecordResponse(c.UserContext(), desk.Staff(c), d, st.Rec)
	if err != nil {
		return "", err
	}
	st.Reference, st.Code, st.Decided, st.Dropped = done.Reference, done.Code, "", nil
	st.AskAge = 0
	switch con.Processing.Ages.EqualityNext(d.Ages) {
	case privacy.AgeAsk:
		st.AskAge = con.Processing.Ages.Equality
	case privacy.AgeUnder:
		st.Decided = "none"
	}
	if !done.Repeated {
		st.Count++
	}
	for _, id := range survey.NewJourney(def.WithoutRequired(d.Unanswered), d.Answers).Dropped() {
		q, _ := def.Question(id)
		st.Dropped = append(st.Dropped, q.Text.In(page.Lang(c)))
	}
	if err := keep(c, con, st); err != nil {
		return "", err
	}
	if len(def.Equality) > 0 && st.Decided == "" {
		return path(con, "consent"), nil
	}
	return path(con, "done"), nil
}
