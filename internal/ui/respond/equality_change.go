package respond

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// changeEqualityPath is where somebody changes equality answers that are stored.
const changeEqualityPath = "/your-response/equality"

// SeenField tells what stood there when the page was shown (consult.EqualityChange.Seen). No question has a field of its name.
const SeenField = "as-shown"

// changeView asks all equality questions on one page, with what stands there.
type changeView struct {
	*page.Page
	Questions []changeQuestion
	Seems     []string // what was written seems to hold somebody's personal details
	Crossed   *page.Warning
	SeenField string
	Seen      string
	Field     string // says of what the person was told
	Told      string
	Save      page.Button
	Keep      page.Link
	Ask       *page.Button // the person is asked about what has changed first
}

// changeQuestion is one of them. Radios cannot be unchosen, so an answer that stands there can be removed beside them.
type changeQuestion struct {
	Control
	Lang   string // of the question, where it is not the page's: the bank has both where the consultation has one
	Remove *page.Checkboxes
}

// removed is the value of the box that removes an answer.
const removed = "1"

// RemoveBox removes the answer that stands there; nil where there is none, or the question can be emptied by itself.
func RemoveBox(p *page.Page, q survey.Question, stored survey.Answer, form survey.Form) *page.Checkboxes {
	if stored.Empty() && form.First(removeField(q)) == "" || q.Kind != survey.Single && q.Kind != survey.Scale {
		return nil
	}
	return &page.Checkboxes{Group: page.Group{Name: removeField(q), Legend: p.T("respond.change_equality.remove"), Hidden: true, Error: p.Error(removeField(q))}, Small: true,
		Options: []page.Option{{Value: removed, Label: p.T("respond.change_equality.remove.of", "Question", q.Text.In(p.Lang)), Checked: form.First(removeField(q)) == removed}}}
}

// changeableEquality returns what is held where its equality answers can be changed now. done is true where it has answered already: no code, or consent that
// does not stand. fault.Closed once their time is over.
func (h *Handlers) changeableEquality(c *fiber.Ctx) (o opened, held *consult.Held, done bool, err error) {
	o, held, done, err = h.open(c)
	if !done && (!privacy.Permits(held.Consent.State) || len(held.Definition.Equality) == 0) {
		return o, held, true, page.Redirect(c, "/your-response/held")
	}
	if !done && held.EqualityOver {
		return o, held, true, fault.New(fault.Closed, "error.equality.over")
	}
	return o, held, done, err
}

// changeEquality shows the equality questions with the answers that are stored (councils.md S3-18).
func (h *Handlers) changeEquality(c *fiber.Ctx) error {
	_, held, done, err := h.changeableEquality(c)
	if done {
		return err
	}
	form := survey.Form{SeenField: {held.EqualitySeen}}
	for _, q := range held.Definition.Equality {
		maps.Copy(form, q.Values(held.Equality[q.ID]))
	}
	return h.showChangeEquality(c, held, fiber.StatusOK, form, nil, "", nil)
}

func (h *Handlers) showChangeEquality(c *fiber.Ctx, held *consult.Held, status int, form survey.Form, problems []survey.Problem, told string, seems []string) error {
	v := changeView{Page: h.page(c, "respond.change_equality.title"), Field: warnedField, Told: told, Seems: seems,
		SeenField: SeenField, Seen: form.First(SeenField)}
	if status == fiber.StatusConflict {
		v.Crossed = &page.Warning{Text: v.T("respond.change_equality.changed")}
	}
	v.Back = v.To("/your-response/held")
	v.SetProblems(problems)
	v.Keep = page.Link{Text: v.T("respond.change_equality.keep"), Href: v.Back}
	if held.AskedFirst() {
		v.Ask = &page.Button{Text: v.T("respond.new_use.link." + string(privacy.PartEquality)), Href: v.To(newUsePath(privacy.PartEquality))}
		return h.kit.Render(c, status, "respond/change", v)
	}
	for _, q := range held.Definition.Equality {
		q = OnlyIf(v.Page, held.Definition.Equality, q)
		q.Required = true // the page says once that all are optional
		item := changeQuestion{Control: ControlOf(v.Page, q, form), Remove: RemoveBox(v.Page, q, held.Equality[q.ID], form)}
		if l := q.Text.Lang(v.Page.Lang); l != v.Page.Lang {
			item.Lang = string(l)
		}
		v.Questions = append(v.Questions, item)
	}
	v.Save = page.Button{Text: v.T("respond.change_equality.save")}
	return h.kit.Render(c, status, "respond/change", v)
}

// OnlyIf adds to the hint of one question of many whom routing asks it, for a page that shows all of them.
func OnlyIf(p *page.Page, all []survey.Question, q survey.Question) survey.Question {
	q = q.Clone()
	when := q.ShowWhen
	if when == nil {
		return q
	}
	i := slices.IndexFunc(all, func(other survey.Question) bool { return other.ID == when.Question })
	var labels []string
	for _, code := range when.AnyOf {
		if o, ok := all[i].Option(code); ok {
			labels = append(labels, o.Label.In(p.Lang))
		}
	}
	q.Hint = locale.Text{p.Lang: strings.TrimSpace(p.T("record.only", "Question", all[i].Text.In(p.Lang), "Answers", strings.Join(labels, "; ")) + " " + q.Hint.In(p.Lang))}
	return q
}

// ReadEquality reads equality questions from one page: every one may be left out or removed, and what routing does not ask is dropped.
func ReadEquality(def *survey.Definition, form survey.Form) (survey.Answers, []survey.Problem) {
	answers := survey.Answers{}
	var problems []survey.Problem
	for _, q := range def.Equality {
		switch form.First(removeField(q)) {
		case removed:
			continue
		case "":
		default:
			problems = append(problems, survey.Problem{Field: removeField(q), Key: "survey.problem.option"})
		}
		q.Required = false
		a, wrong := q.Parse(form, nil)
		if problems = append(problems, wrong...); !a.Empty() {
			answers[q.ID] = a
		}
	}
	return survey.NewEqualityJourney(def, answers).OnPath(), problems
}

// SeemingEquality looks through what was written beside equality options and is not what stood there before (councils.md S1-2). told is what was found, without what was
// written: the page is shown once more with the words, and what was entered is taken as it is when it is sent again.
func SeemingEquality(p *page.Page, def *survey.Definition, before, after survey.Answers) (told string, words []string) {
	for _, q := range survey.NewEqualityJourney(def, after).Steps() {
		if after[q.ID].Text == before[q.ID].Text {
			continue
		}
		if kinds := SeemsToHold(q, after[q.ID]); len(kinds) > 0 {
			told += fmt.Sprint(q.ID, kinds)
			words = append(words, p.T("record.equality.seems", "Question", q.Text.In(p.Lang), "Kinds", p.MarkWords(kinds)))
		}
	}
	return told, words
}

// changeEqualitySend stores them under the consent that stands. Where that was withdrawn meanwhile nothing is stored, and what is held says so.
func (h *Handlers) changeEqualitySend(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	o, held, done, err := h.changeableEquality(c)
	if done {
		return err
	}
	answers, problems := ReadEquality(held.Definition, form)
	if len(problems) > 0 {
		return h.showChangeEquality(c, held, fiber.StatusUnprocessableEntity, form, problems, "", nil)
	}
	if told, seems := SeemingEquality(h.kit.Page(c, "respond.change_equality.title"), held.Definition, held.Equality, answers); told != "" && only(form, warnedField) != told {
		return h.showChangeEquality(c, held, fiber.StatusOK, form, nil, told, seems)
	}
	err = h.service.ChangeEquality(c.UserContext(), o.Code, held.Consultation.ID, consult.EqualityChange{Answers: answers, Seen: form.First(SeenField)})
	switch {
	case fault.Is(err, fault.Conflict):
		return h.changeEqualityCrossed(c, form)
	case fault.Is(err, fault.Forbidden): // withdrawn since the page was asked for
		return page.Redirect(c, changeEqualityPath)
	case err != nil:
		return err
	}
	return page.Done(c, "/your-response/held", "respond.change_equality.done")
}

// changeEqualityCrossed shows what was entered once more, with nothing stored: the answers, the consent or the notice are not what they were when the page was asked for.
func (h *Handlers) changeEqualityCrossed(c *fiber.Ctx, form survey.Form) error {
	_, held, done, err := h.changeableEquality(c)
	switch {
	case done:
		return err
	case held.AskedFirst():
		return page.Redirect(c, changeEqualityPath)
	}
	form[SeenField] = []string{held.EqualitySeen}
	return h.showChangeEquality(c, held, fiber.StatusConflict, form, nil, "", nil)
}
