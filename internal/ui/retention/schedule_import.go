package retention

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

const (
	// maxUpload is how large a file may be here, in bytes: the page that shows what is in it carries it along, a third longer, and page.BodyLimit bounds what is
	// sent. The command reads larger ones.
	maxUpload = 180 << 10
	// faultsShown is how many faults of a file are shown at once.
	faultsShown = 100
)

// importSchedule asks for the file.
func (h *Handlers) importSchedule(c *fiber.Ctx) error {
	return h.askSchedule(c, fiber.StatusOK, survey.Form{"lang": {string(page.Lang(c))}}, nil, nil)
}

func (h *Handlers) askSchedule(c *fiber.Ctx, status int, form survey.Form, problem *survey.Problem, faults []privacy.ScheduleFault) error {
	p := h.schedulePage(c, "schedule.import.title")
	if problem != nil {
		p.SetProblems([]survey.Problem{*problem})
	}
	f := desk.Fields{Page: p, Form: form}
	var languages []page.Option
	for _, code := range desk.LanguageCodes() {
		languages = append(languages, page.Option{Value: code, Label: p.T("office.language." + code)})
	}
	send, err := desk.PostForm(p, scheduleRoot, []desk.Block{f.Radios("lang", "schedule.import.lang", languages...), f.File("file", "schedule.import.file", ".csv,text/csv"),
		f.Area("source", "schedule.import.paste", 6)}, page.Button{Text: p.T("schedule.import.check")})
	if err != nil {
		return err
	}
	send.Multipart = true
	var blocks []desk.Block
	if len(faults) > 0 {
		blocks = append(blocks, faultBlocks(p, faults)...)
	}
	var classes []string
	for _, class := range privacy.DataClasses() {
		classes = append(classes, p.T("schedule.import.class", "Name", string(class), "What", p.T("retention.class."+string(class))))
	}
	blocks = append(blocks, desk.Para(p.T("schedule.import.intro")), desk.Block{Form: send},
		desk.Block{Fold: &desk.Fold{Summary: p.T("schedule.import.format"), Blocks: []desk.Block{desk.Para(p.T("schedule.import.columns")), desk.Para(p.T("schedule.import.words")), desk.Para(p.T("schedule.import.classes")), {List: classes}}}})
	return h.Show(c, status, desk.View{Page: p, Blocks: blocks})
}

// faultBlocks lists what is wrong with a file, where, and what to do.
func faultBlocks(p *page.Page, faults []privacy.ScheduleFault) []desk.Block {
	t := page.Table{Caption: p.T("schedule.faults.caption"), HiddenCaption: true, Stack: true, Head: page.Cells(p.T("schedule.faults.line"), p.T("schedule.faults.column"), p.T("schedule.faults.fault"))}
	for _, f := range faults[:min(len(faults), faultsShown)] {
		line, column := p.T("schedule.faults.file"), "–"
		if f.Line > 0 {
			line = strconv.Itoa(f.Line)
		}
		if f.Column > 0 {
			column = strconv.Itoa(f.Column)
		}
		if f.Field != "" {
			column = p.T("schedule.column." + f.Field)
			if f.Column > 0 {
				column = p.T("schedule.faults.at", "Name", column, "Number", f.Column)
			}
		}
		t.Rows = append(t.Rows, page.Row{NoHeader: true, Cells: page.Cells(line, column, p.T(f.Key, f.Args...))})
	}
	warning := p.T("schedule.faults.warning", "Count", len(faults))
	if faults[len(faults)-1].Key == "schedule.fault.many" {
		warning = p.T("schedule.faults.warning_many", "Count", privacy.MaxScheduleFaults)
	}
	blocks := []desk.Block{{Warning: &page.Warning{Text: warning}}}
	if len(faults) > faultsShown {
		blocks = append(blocks, desk.Para(p.T("schedule.faults.more", "Count", faultsShown)))
	}
	return append(blocks, desk.TableBlock(t))
}

// sentSchedule returns the file that was chosen, pasted, or carried along by the page that showed what is in it; or what is wrong.
func sentSchedule(c *fiber.Ctx, form survey.Form) (file []byte, confirmed bool, problem *survey.Problem, err error) {
	large := func(field string) *survey.Problem {
		return &survey.Problem{Field: field, Key: "schedule.import.large", Args: []any{"Max", maxUpload / 1024}}
	}
	if carried, ok := form["content"]; ok {
		if file, err = base64.RawURLEncoding.DecodeString(carried[0]); err != nil || len(file) > maxUpload {
			return nil, false, nil, fiber.ErrBadRequest
		}
		return file, true, nil, nil
	}
	if header, lost := c.FormFile("file"); lost == nil && header.Size > 0 {
		file, ok := page.File(c, "file", maxUpload)
		if !ok {
			return nil, false, large("file"), nil
		}
		return file, false, nil, nil
	}
	text := form.First("source")
	switch {
	case strings.TrimSpace(text) == "":
		return nil, false, &survey.Problem{Field: "file", Key: "schedule.import.missing"}, nil
	case len(text) > maxUpload:
		return nil, false, large("source"), nil
	}
	return []byte(text), false, nil, nil
}

// importScheduleSend shows what is in the file and, where that was confirmed, stores its lines.
func (h *Handlers) importScheduleSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"lang": desk.LanguageCodes()}); err != nil {
		return err
	}
	if form.First("lang") == "" {
		return h.askSchedule(c, fiber.StatusUnprocessableEntity, form, &survey.Problem{Field: "lang", Key: "schedule.import.no_lang"}, nil)
	}
	file, confirmed, problem, err := sentSchedule(c, form)
	if err != nil {
		return err
	}
	if problem != nil {
		return h.askSchedule(c, fiber.StatusUnprocessableEntity, form, problem, nil)
	}
	s, faults, err := h.Cases.PreviewSchedule(c.UserContext(), desk.Staff(c), file, langSent(form))
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		field := "file"
		if form.First("source") != "" {
			field = "source"
		}
		return h.askSchedule(c, fiber.StatusUnprocessableEntity, form, &survey.Problem{Field: field, Key: "schedule.import.faulty", Args: []any{"Count", len(faults)}}, faults)
	}
	if !confirmed {
		return h.previewSchedule(c, fiber.StatusOK, s, file)
	}
	_, err = h.Cases.ImportSchedule(c.UserContext(), desk.Staff(c), desk.Version(form), file, langSent(form))
	if desk.Crossed(err) {
		return h.previewSchedule(c, fiber.StatusConflict, s, file)
	}
	if err != nil {
		return err
	}
	return page.Done(c, scheduleRoot, "schedule.import.done")
}

// previewSchedule shows what is in a file, and what it would mean for the rules, before anything is stored.
func (h *Handlers) previewSchedule(c *fiber.Ctx, status int, s dpo.Published, file []byte) error {
	p := h.schedulePage(c, "schedule.preview.title")
	facts, err := h.scheduleFacts(c, p, s)
	if err != nil {
		return err
	}
	var blocks []desk.Block
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("schedule.crossed")}})
	}
	store, err := desk.EditForm(p, s.Versions.Schedule, scheduleRoot+"/import", nil, page.Button{Text: p.T("schedule.import.store", "Count", len(s.Lines))})
	if err != nil {
		return err
	}
	store.Hidden = append(store.Hidden, page.Hidden{Name: "lang", Value: string(s.Lang)}, page.Hidden{Name: "content", Value: base64.RawURLEncoding.EncodeToString(file)})
	blocks = append(blocks, desk.Para(p.T("schedule.preview.text")), facts, desk.Block{Form: store})
	blocks = append(blocks, lostBlocks(p, s)...)
	blocks = append(append(blocks, desk.H2(p.T("schedule.compared"))), comparison(p, s)...)
	return h.Show(c, status, desk.View{Page: p, Blocks: append(blocks, outsideBlocks(p, s)...)})
}
