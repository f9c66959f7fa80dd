package retention

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
)

// takenAtOnce is how many lines can be taken over at once: what is taken over is offered no more, and makes room for the next.
const takenAtOnce = 50

// How many lines a page names: of those about other systems, and of those beside a rule. The ones that are offered are always among the latter.
const (
	shownLines    = 100
	comparedLines = 300
)

func langSent(form survey.Form) locale.Lang { return locale.Lang(form.First("lang")) }

var stateColours = map[privacy.LineState]string{privacy.LineSame: "green", privacy.LineChanges: "yellow", privacy.LineNew: "blue", privacy.LineCannot: "red"}

// comparison shows the lines about what this service holds beside the rules in force.
func comparison(p *page.Page, s dpo.Published) []desk.Block {
	t := page.Table{Caption: p.T("schedule.compared"), HiddenCaption: true, Stack: true, Empty: p.T("schedule.compared.none"),
		Head: page.Cells(p.T("schedule.column.reference"), p.T("schedule.column.class"), p.T("schedule.rule.now"), p.T("schedule.rule.line"), p.T("schedule.rule.file"), p.T("schedule.rule.means"))}
	offered := 0
	for _, c := range s.Lines {
		if c.Offered() {
			offered++
		}
		choice := c.Offered() && offered <= takenAtOnce
		if c.State == privacy.LineOutside || len(t.Rows) >= comparedLines && !choice {
			continue
		}
		class := page.Cell{Text: p.T("retention.class." + string(c.Line.Class))}
		if c.Line.Stage != privacy.StageService {
			class.Small = p.T("retention.rules.elsewhere", "Stage", c.Line.Stage)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: c.Line.Reference, Small: c.Line.Title, Lang: langOf(p, s)}, class, nowCell(p, c),
			{Text: tables.RuleWords(p, privacy.RetentionRule{Period: c.Line.Period, Trigger: c.Line.Trigger}), Small: p.T("schedule.action." + string(c.Line.Action))}, {Text: fileWords(c.Line), Lang: langOf(p, s)},
			{Tag: &page.Tag{Text: p.T("schedule.state." + string(c.State)), Colour: stateColours[c.State]}, Small: strings.Join(notes(p, c), " ")}}})
	}
	blocks := []desk.Block{desk.TableBlock(t)}
	if n := len(s.Lines) - s.Count(privacy.LineOutside); n > len(t.Rows) {
		blocks = append(blocks, desk.Para(p.T("schedule.compared.more", "Shown", len(t.Rows), "Count", n)))
	}
	return blocks
}

// fileWords are the words of the file from which a line was read, so that nobody approves what the service made of them without them.
func fileWords(l privacy.ScheduleLine) string {
	return "“" + l.Kept + "”, “" + l.From + "”, “" + l.Then + "”"
}

// nowCell says what the rule in force says.
func nowCell(p *page.Page, c privacy.LineComparison) page.Cell {
	if c.Now == nil {
		return page.Cell{Text: p.T("schedule.rule.none")}
	}
	small := p.T("retention.action."+string(c.Now.Action)) + " (" + c.Now.ID + ")"
	if c.Now.Action.Automatic() && !c.Now.Acts() {
		small += ". " + p.T("schedule.rule.not_carried_out")
	}
	return page.Cell{Text: tables.RuleWords(p, *c.Now), Small: small}
}

// notes says in sentences what a comparison means.
func notes(p *page.Page, c privacy.LineComparison) (out []string) {
	if c.State == privacy.LineChanges {
		var what []string
		for _, d := range c.Differs {
			what = append(what, p.T("schedule.differs."+d))
		}
		out = append(out, p.T("schedule.note.differs", "What", strings.Join(what, ", ")))
	}
	for _, err := range c.Faults {
		out = append(out, faultText(p, c.Rule.ID, err)+".")
	}
	if c.Reminder {
		out = append(out, p.T("schedule.note.archive"))
	}
	if c.Loses && c.State != privacy.LineCannot {
		out = append(out, p.T("schedule.note.loses"))
	}
	if c.Later != nil && c.State != privacy.LineCannot {
		out = append(out, p.T("schedule.note.later", "Rule", c.Later.ID, "Date", locale.ISODate(p.Lang, string(c.Later.EffectiveFrom))))
	}
	if len(c.Beside) > 0 && c.State != privacy.LineCannot {
		out = append(out, p.T("schedule.note.beside", "Lines", strings.Join(c.Beside, ", ")))
	}
	return out
}

// faultText says what is wrong with a rule; one that is not id is named.
func faultText(p *page.Page, id string, err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return p.T("error.retention.action")
	}
	text := p.T(f.Key, f.Args...)
	for i := 0; i+1 < len(f.Args); i += 2 {
		if rule, ok := f.Args[i+1].(string); ok && f.Args[i] == "Rule" && rule != id {
			return p.T("retention.rule.other", "Rule", rule, "Problem", text)
		}
	}
	return text
}

// outsideBlocks names the lines about what this service does not hold, in the words of the file.
func outsideBlocks(p *page.Page, s dpo.Published) []desk.Block {
	t := page.Table{Caption: p.T("schedule.outside"), HiddenCaption: true, Stack: true, Empty: p.T("schedule.outside.none"),
		Head: page.Cells(p.T("schedule.column.reference"), p.T("schedule.column.title"), p.T("schedule.column.trigger"), p.T("schedule.column.period"), p.T("schedule.column.action"))}
	for _, c := range s.Lines {
		if c.State != privacy.LineOutside || len(t.Rows) == shownLines {
			continue
		}
		from, kept, then := tables.LineWords(p, s.PublishedSchedule, c.Line)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: c.Line.Reference, Lang: langOf(p, s)}, {Text: c.Line.Title, Lang: langOf(p, s)}, from, kept, then}})
	}
	blocks := []desk.Block{desk.H2(p.T("schedule.outside")), desk.Para(p.T("schedule.outside.text"))}
	if n := s.Count(privacy.LineOutside); n > shownLines {
		blocks = append(blocks, desk.Para(p.T("schedule.outside.more", "Shown", shownLines, "Count", n)))
	}
	return append(blocks, desk.TableBlock(t))
}

// takeOver answers: which lines could be rules, what would that change, and which do I approve?
func (h *Handlers) takeOver(c *fiber.Ctx) error {
	s, err := h.scheduled(c)
	if err != nil {
		return err
	}
	return h.showTakeOver(c, fiber.StatusOK, s, survey.Form{}, nil, nil)
}

// offer lists the lines of the first ones that can be taken over, as choices. None is chosen beforehand.
func offer(p *page.Page, s dpo.Published) (options []page.Option, references []string) {
	for _, c := range s.Offered()[:min(len(s.Offered()), takenAtOnce)] {
		action := p.T("retention.action." + string(c.Rule.Action))
		label := p.T("schedule.take.option", "Line", c.Line.Reference, "What", p.T("retention.class."+string(c.Line.Class)), "Kept", tables.RuleWords(p, c.Rule), "Action", action)
		options = append(options, page.Option{Value: c.Line.Reference, Label: label, Hint: strings.Join(notes(p, c), " ")})
		references = append(references, c.Line.Reference)
	}
	return options, references
}

func (h *Handlers) showTakeOver(c *fiber.Ctx, status int, s dpo.Published, form survey.Form, problems []survey.Problem, faults []error) error {
	p := h.schedulePage(c, "schedule.take.title")
	p.SetProblems(problems)
	var blocks []desk.Block
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("schedule.crossed")}})
	}
	for _, err := range faults {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: faultText(p, "", err)}})
	}
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	blocks = append(append(blocks, desk.Para(p.T("schedule.take.text", "Days", state.Settings.NoticeDays))), comparison(p, s)...)
	options, _ := offer(p, s)
	if len(options) == 0 {
		blocks = append(blocks, desk.Para(p.T("schedule.take.nothing")))
		return h.Show(c, status, desk.View{Page: p, Blocks: blocks})
	}
	if n := len(s.Offered()); n > takenAtOnce {
		blocks = append(blocks, desk.Para(p.T("schedule.take.more", "Count", n, "Shown", takenAtOnce)))
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.EditForm(p, s.Versions.Schedule, scheduleRoot, []desk.Block{f.Checks("line", "schedule.take.lines", options...)}, page.Button{Text: p.T("schedule.take.button")})
	if err != nil {
		return err
	}
	send.Hidden = append(send.Hidden, page.Hidden{Name: "rules", Value: strconv.FormatInt(s.Versions.Rules, 10)})
	return h.Show(c, status, desk.View{Page: p, Blocks: append(blocks, desk.Block{Form: send}, desk.Small(p.T("schedule.take.approve")))})
}

func (h *Handlers) takeOverSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c, "line")
	if err != nil {
		return err
	}
	s, err := h.scheduled(c)
	if err != nil {
		return err
	}
	chosen := form["line"]
	seen := dpo.ScheduleVersions{Schedule: desk.Version(form), Rules: desk.Version(survey.Form{"version": form["rules"]})}
	if seen == s.Versions { // else what was offered may be gone: the service says so
		p := h.Kit.Page(c, "schedule.take.title")
		_, offered := offer(p, s)
		if err := desk.Offered(form, map[string][]string{"line": offered}); err != nil {
			return err
		}
	}
	faults, err := h.Cases.TakeOver(c.UserContext(), desk.Staff(c), seen, chosen)
	problem, mendable := desk.Mendable(err, "line")
	switch {
	case mendable:
		return h.showTakeOver(c, fiber.StatusUnprocessableEntity, s, form, []survey.Problem{problem}, nil)
	case desk.Crossed(err):
		return h.showTakeOver(c, fiber.StatusConflict, s, form, nil, nil)
	case err != nil:
		return err
	case len(faults) > 0:
		return h.showTakeOver(c, fiber.StatusUnprocessableEntity, s, form, []survey.Problem{{Field: "line", Key: "schedule.take.faulty", Args: []any{"Count", len(faults)}}}, faults)
	}
	return page.Done(c, scheduleRoot, "schedule.take.done", "Count", strconv.Itoa(len(chosen)))
}
