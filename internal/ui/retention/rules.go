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

// rules answers: how long is what kept, and who said so?
func (h *Handlers) rules(c *fiber.Ctx) error {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "retention.rules.title")
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}, {Text: p.Title}}
	t := page.Table{Caption: p.T("retention.rules.title"), HiddenCaption: true, Stack: true, Empty: p.T("retention.rules.none"), Head: page.Cells(p.T("retention.rule.id"), p.T("retention.column.what"),
		p.T("retention.rule.period"), p.T("retention.rule.action"), p.T("retention.rule.approver"), p.T("retention.rule.next_review"))}
	for _, r := range state.Settings.Rules {
		what := page.Cell{Text: p.T("retention.class." + string(r.Class))}
		if r.Elsewhere() {
			what.Small = p.T("retention.rules.elsewhere", "Stage", r.Stage)
		}
		approver := names[r.Approver]
		if r.Approver == "" {
			approver = p.T("retention.rules.default")
		}
		id := page.Cell{Link: &page.Link{Text: r.ID, Href: p.To(root + "/rules/" + r.ID)}}
		if r.Schedule != "" {
			id.Small = p.T("schedule.rule.names", "Line", r.Schedule)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{id, what,
			{Text: p.T("retention.rules.kept", "Period", words(p, r.Period), "Trigger", p.T("retention.trigger."+string(r.Trigger)))},
			{Text: p.T("retention.action." + string(r.Action))}, {Text: approver}, {Text: locale.ISODate(p.Lang, string(r.NextReview))}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("retention.rules.intro")), desk.TableBlock(t),
		desk.Para(p.T("retention.rules.days", "Notice", state.Settings.NoticeDays, "Backup", state.Settings.BackupDays)),
		{Buttons: []page.Button{{Text: p.T("retention.rule.new"), Href: p.To(root + "/rules/new")}, {Text: p.T("retention.days.title"), Href: p.To(root + "/days"), Kind: "secondary"}}}}})
}

// formOf writes a rule as it is typed.
func formOf(r privacy.RetentionRule) survey.Form {
	f := survey.Form{}
	for name, text := range map[string]string{"id": r.ID, "schedule": r.Schedule, "class": string(r.Class), "stage": r.Stage, "trigger": string(r.Trigger), "period": r.Period,
		"action": string(r.Action), "reason": r.Reason, "criteria": r.Criteria, "follows": r.Follows} {
		desk.Put(f, name, text)
	}
	desk.PutDay(f, "effective_from", string(r.EffectiveFrom))
	desk.PutDay(f, "next_review", string(r.NextReview))
	return f
}

// ruleOf reads it back. A day that is none becomes an empty one, which the rule's own check names.
func ruleOf(f survey.Form) privacy.RetentionRule {
	day := func(name string) privacy.Date {
		iso, ok := desk.ReadMoment(f, name).ISO()
		if !ok {
			return ""
		}
		return privacy.Date(iso)
	}
	return privacy.RetentionRule{ID: desk.Trimmed(f, "id"), Schedule: desk.Trimmed(f, "schedule"), Class: privacy.DataClass(f.First("class")), Stage: desk.Trimmed(f, "stage"),
		Trigger: privacy.Trigger(f.First("trigger")), Period: strings.ToUpper(desk.Trimmed(f, "period")), Action: privacy.Disposal(f.First("action")), Reason: desk.Trimmed(f, "reason"),
		Criteria: desk.Trimmed(f, "criteria"), EffectiveFrom: day("effective_from"), NextReview: day("next_review"), Follows: f.First("follows")}
}

// choices are what the selects of a rule offer.
func choices(state dpo.Retention, self string) map[string][]string {
	out := map[string][]string{"class": {""}, "trigger": {""}, "action": {""}, "follows": {""}}
	for _, c := range privacy.DataClasses() {
		out["class"] = append(out["class"], string(c))
	}
	for _, t := range privacy.Triggers() {
		out["trigger"] = append(out["trigger"], string(t))
	}
	for _, a := range privacy.Disposals() {
		out["action"] = append(out["action"], string(a))
	}
	for _, r := range state.Settings.Rules {
		if r.ID != self {
			out["follows"] = append(out["follows"], r.ID)
		}
	}
	return out
}

func (h *Handlers) showRule(c *fiber.Ctx, status int, state dpo.Retention, self string, form survey.Form, faults []error) error {
	p := h.Kit.Page(c, "retention.rule.new")
	if self != "" {
		p.Title = p.T("retention.rule.title", "Rule", self)
	}
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}, {Text: p.T("retention.rules.title"), Href: root + "/rules"}, {Text: p.Title}}
	blocks := []desk.Block{}
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	mine, others := divide(p, faults, desk.Trimmed(form, "id"))
	p.SetProblems(mine)
	for _, text := range others {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: text}})
	}
	offered, f := choices(state, self), desk.Fields{Page: p, Form: form}
	options := func(name, prefix string) (out []page.Option) {
		for _, v := range offered[name] {
			label := p.T("retention.choose")
			if v != "" && prefix != "" {
				label = p.T(prefix + v)
			} else if name == "follows" {
				label = v
				if v == "" {
					label = p.T("retention.rule.follows.nothing")
				}
			}
			out = append(out, page.Option{Value: v, Label: label})
		}
		return out
	}
	fields := []desk.Block{f.Input("id", "retention.rule.id", "20"), f.Select("class", "retention.rule.class", options("class", "retention.class.")...),
		f.Input("stage", "retention.rule.stage", "20"), f.Input("period", "retention.rule.period", "10"),
		f.Select("trigger", "retention.rule.trigger", options("trigger", "retention.trigger.")...), f.Radios("action", "retention.rule.action", options("action", "retention.action.")[1:]...),
		f.Select("follows", "retention.rule.follows", options("follows", "")...), f.Area("reason", "retention.rule.reason", 3), f.Area("criteria", "retention.rule.criteria", 3),
		f.Input("schedule", "retention.rule.schedule", "30"), f.Day("effective_from", "retention.rule.effective_from"), f.Day("next_review", "retention.rule.next_review")}
	send, err := desk.EditForm(p, state.Version, root+"/rules", fields, page.Button{Text: p.T("retention.rule.save")})
	if err != nil {
		return err
	}
	named, err := h.lineOf(c, p, desk.Trimmed(form, "schedule"))
	if err != nil {
		return err
	}
	blocks = append(append(append(blocks, desk.Para(p.T("retention.rule.intro"))), named...), desk.Block{Form: send})
	if self != "" {
		remove, err := desk.NewAction(p, root+"/rules/"+self+"/remove", page.Button{Text: p.T("retention.rule.remove"), Kind: "warning"}, desk.VersionField(state.Version))
		if err != nil {
			return err
		}
		blocks = append(blocks, desk.H2(p.T("retention.rule.remove.title")), desk.Para(p.T("retention.rule.remove.text")), desk.Block{Actions: []page.Action{remove}})
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: blocks})
}

// lineOf leads to the line of the published schedule that a rule names, or says that there is none.
func (h *Handlers) lineOf(c *fiber.Ctx, p *page.Page, reference string) ([]desk.Block, error) {
	s, err := h.Cases.Published(c.UserContext(), desk.Staff(c))
	if err != nil || reference == "" || !s.Any() {
		return nil, err
	}
	if _, at, ok := s.Line(reference); ok {
		return []desk.Block{desk.LinkList(page.Link{Text: p.T("schedule.rule.line_link", "Line", reference), Href: tables.ScheduleAt(p, scheduleRoot, at)})}, nil
	}
	return []desk.Block{{Inset: &page.Inset{Paragraphs: []string{p.T("schedule.rule.lost", "Line", reference)}}}}, nil
}

// divide keeps the faults of the rule that is edited apart from those that it makes in others: only the first have a field on the page.
func divide(p *page.Page, faults []error, id string) (mine []survey.Problem, others []string) {
	seen := map[string]bool{}
	for _, err := range faults {
		var f *fault.Error
		if !errors.As(err, &f) {
			continue
		}
		rule := id
		for i := 0; i+1 < len(f.Args); i += 2 {
			if f.Args[i] == "Rule" {
				rule, _ = f.Args[i+1].(string)
			}
		}
		if rule != id {
			others = append(others, p.T("retention.rule.other", "Rule", rule, "Problem", p.T(f.Key, f.Args...)))
			continue
		}
		field := f.Field
		if field == "effective_from" || field == "next_review" {
			field += "-day"
		}
		if !seen[field] {
			mine = append(mine, survey.Problem{Field: field, Key: f.Key, Args: f.Args})
		}
		seen[field] = true
	}
	order := []string{"id", "class", "stage", "period", "trigger", "action", "follows", "reason", "criteria", "schedule", "effective_from-day", "next_review-day"}
	sorted := mine[:0:0]
	for _, name := range order {
		for _, x := range mine {
			if x.Field == name {
				sorted = append(sorted, x)
			}
		}
	}
	return sorted, others
}

func (h *Handlers) newRule(c *fiber.Ctx) error {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	return h.showRule(c, fiber.StatusOK, state, "", formOf(privacy.RetentionRule{Stage: privacy.StageService, EffectiveFrom: privacy.DateOf(state.Now), NextReview: privacy.DateOf(state.Now).AddMonths(12)}), nil)
}

// ruleAt finds the rule that a page is about.
func (h *Handlers) ruleAt(c *fiber.Ctx) (dpo.Retention, privacy.RetentionRule, error) {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return state, privacy.RetentionRule{}, err
	}
	r, ok := state.Settings.Rules.Rule(c.Params("rule"))
	if !ok {
		return state, r, fault.New(fault.NotFound, "error.store.not_found")
	}
	return state, r, nil
}

func (h *Handlers) editRule(c *fiber.Ctx) error {
	state, r, err := h.ruleAt(c)
	if err != nil {
		return err
	}
	return h.showRule(c, fiber.StatusOK, state, r.ID, formOf(r), nil)
}

func (h *Handlers) newRuleSend(c *fiber.Ctx) error {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	return h.saveRule(c, state, "")
}

func (h *Handlers) editRuleSend(c *fiber.Ctx) error {
	state, r, err := h.ruleAt(c)
	if err != nil {
		return err
	}
	return h.saveRule(c, state, r.ID)
}

func (h *Handlers) saveRule(c *fiber.Ctx, state dpo.Retention, self string) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, choices(state, self)); err != nil {
		return err
	}
	r := ruleOf(form)
	faults, err := h.Cases.SaveRule(c.UserContext(), desk.Staff(c), desk.Version(form), self, r)
	switch {
	case desk.Crossed(err):
		return h.showRule(c, fiber.StatusConflict, state, self, form, nil)
	case err != nil:
		return err
	case len(faults) > 0:
		return h.showRule(c, fiber.StatusUnprocessableEntity, state, self, form, faults)
	}
	return page.Done(c, root+"/rules", "retention.rule.saved")
}

func (h *Handlers) removeRule(c *fiber.Ctx) error {
	state, r, err := h.ruleAt(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	faults, err := h.Cases.RemoveRule(c.UserContext(), desk.Staff(c), desk.Version(form), r.ID)
	switch {
	case desk.Crossed(err):
		return h.showRule(c, fiber.StatusConflict, state, r.ID, formOf(r), nil)
	case err != nil:
		return err
	case len(faults) > 0:
		return h.showRule(c, fiber.StatusUnprocessableEntity, state, r.ID, formOf(r), faults)
	}
	return page.Done(c, root+"/rules", "retention.rule.removed")
}

func (h *Handlers) days(c *fiber.Ctx) error {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.Put(form, "notice", strconv.Itoa(state.Settings.NoticeDays))
	desk.Put(form, "backup", strconv.Itoa(state.Settings.BackupDays))
	return h.showDays(c, fiber.StatusOK, state, form, nil)
}

func (h *Handlers) showDays(c *fiber.Ctx, status int, state dpo.Retention, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "retention.days.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}, {Text: p.T("retention.rules.title"), Href: root + "/rules"}, {Text: p.Title}}
	p.SetProblems(problems)
	var blocks []desk.Block
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.EditForm(p, state.Version, root+"/rules", []desk.Block{f.Number("notice", "retention.days.notice"), f.Number("backup", "retention.days.backup")}, page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: append(blocks, desk.Block{Form: send})})
}

func (h *Handlers) daysSend(c *fiber.Ctx) error {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	notice, _ := desk.Whole(form, "notice") // what is no number is 0, which is refused with the bounds
	backup, _ := desk.Whole(form, "backup")
	err = h.Cases.SaveRetentionDays(c.UserContext(), desk.Staff(c), desk.Version(form), notice, backup)
	if problem, ok := desk.Mendable(err, ""); ok {
		return h.showDays(c, fiber.StatusUnprocessableEntity, state, form, []survey.Problem{problem})
	}
	if desk.Crossed(err) {
		return h.showDays(c, fiber.StatusConflict, state, form, nil)
	}
	if err != nil {
		return err
	}
	return page.Done(c, root+"/rules", "retention.days.saved")
}
