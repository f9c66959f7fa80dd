package office

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// maxRecipients is how many recipients a purpose's form offers lines for, at least.
const (
	maxRecipients  = 3
	mostRecipients = 20
)

// purposeCards shows the purposes, each with its basis and who receives what.
func (h *Handlers) purposeCards(p *page.Page, con *consult.Consultation, editable bool, at func(...string) string) ([]desk.Block, error) {
	blocks := []desk.Block{desk.H2(p.T("office.purposes.title"))}
	if len(con.Processing.Purposes) == 0 {
		blocks = append(blocks, desk.Para(p.T("office.purposes.empty")))
	}
	for i, purpose := range con.Processing.Purposes {
		rows := []page.SummaryRow{
			{Key: p.T("office.purpose.basis"), Lines: basisLines(p, purpose)},
			{Key: p.T("office.purpose.activities"), Lines: listBoth(purpose.Activities, con.Languages)},
			{Key: p.T("office.purpose.recipients"), Lines: recipientLines(p, purpose.Recipients)},
		}
		card := &desk.Card{Title: strings.Join(both(purpose.Text, con.Languages), " / "), Blocks: []desk.Block{{Summary: &page.SummaryList{Rows: rows}}}}
		if editable {
			card.Links = []page.Link{{Text: p.T("office.change"), Href: p.To(at("purposes", itoa(i+1))), Hidden: purpose.Text.In(p.Lang)}}
			remove, err := desk.NewAction(p, at("purposes", itoa(i+1), "remove"),
				page.Button{Text: p.T("office.purpose.remove"), Kind: "secondary"}, desk.VersionField(con.Version))
			if err != nil {
				return nil, err
			}
			card.Actions = []page.Action{remove}
		}
		blocks = append(blocks, desk.Block{Card: card})
	}
	if editable {
		blocks = append(blocks, desk.Block{Buttons: []page.Button{{Text: p.T("office.purposes.add"), Href: p.To(at("purposes", "new")), Kind: "secondary"}}})
	}
	return blocks, nil
}

func basisLines(p *page.Page, purpose privacy.Purpose) []string {
	var out []string
	if purpose.Basis != "" {
		out = append(out, p.T("office.basis."+string(purpose.Basis)))
	}
	if purpose.Condition != "" {
		out = append(out, p.T("office.condition."+string(purpose.Condition)))
	}
	return out
}

func recipientLines(p *page.Page, recipients []privacy.Recipient) []string {
	if len(recipients) == 0 {
		return []string{p.T("office.purpose.nobody")}
	}
	var out []string
	for _, r := range recipients {
		out = append(out, p.T("office.purpose.recipient", "Name", r.Name, "Form", p.T("office.form."+string(r.Form)), "Location", r.Location))
	}
	return out
}

func (h *Handlers) purpose(c *fiber.Ctx) error {
	con, err := h.openNotice(c)
	if err != nil {
		return err
	}
	n, err := position(c, len(con.Processing.Purposes))
	if err != nil {
		return err
	}
	form := survey.Form{}
	if n < len(con.Processing.Purposes) {
		form = purposeForm(con.Processing.Purposes[n])
	}
	return h.showPurpose(c, fiber.StatusOK, con, form, nil)
}

func purposeForm(x privacy.Purpose) survey.Form {
	f := survey.Form{}
	desk.PutText(f, "text", x.Text)
	desk.PutLines(f, "activities", x.Activities)
	desk.Put(f, "basis", string(x.Basis))
	desk.PutBool(f, "explicit", x.Condition == privacy.ExplicitConsent)
	for i, r := range x.Recipients {
		desk.Put(f, "r"+itoa(i)+"-name", r.Name)
		desk.Put(f, "r"+itoa(i)+"-form", string(r.Form))
		desk.Put(f, "r"+itoa(i)+"-location", r.Location)
	}
	return f
}

func (h *Handlers) showPurpose(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.purpose.title", "notice")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	var bases []page.Option
	for _, b := range privacy.Bases() {
		bases = append(bases, page.Option{Value: string(b), Label: v.T("office.basis." + string(b))})
	}
	blocks := []desk.Block{f.Prose("text", "office.purpose.text", 2), f.Prose("activities", "office.purpose.activities", 4),
		f.Radios("basis", "office.purpose.basis", bases...),
		f.Checks("explicit", "office.purpose.special", page.Option{Value: "yes", Label: v.T("office.condition.explicit_consent")}),
		desk.H2(v.T("office.purpose.recipients")), desk.Para(v.T("office.purpose.recipients.help"))}
	forms := []page.Option{{Value: "", Label: v.T("office.choose")}}
	for _, x := range []privacy.Form{privacy.Anonymous, privacy.Pseudonymised, privacy.Identifiable} {
		forms = append(forms, page.Option{Value: string(x), Label: v.T("office.form." + string(x))})
	}
	for i := range max(maxRecipients, min(recipientCount(form)+1, mostRecipients)) {
		r := "r" + itoa(i)
		blocks = append(blocks, desk.Block{Group: &desk.FieldGroup{Legend: v.T("office.purpose.recipient_number", "Number", itoa(i+1)), ID: r, Blocks: []desk.Block{
			{Columns: [][]desk.Block{{f.Input(r+"-name", "office.purpose.recipient_name", "")}, {f.Select(r+"-form", "office.purpose.recipient_form", forms...)},
				{f.Input(r+"-location", "office.purpose.recipient_location", "")}}}}}})
	}
	return h.showForm(c, status, v, con, blocks, noticeAt(c, con))
}

// recipientCount returns how many lines of recipients a form has.
func recipientCount(f survey.Form) int {
	n := 0
	for i := range mostRecipients {
		for _, part := range []string{"-name", "-form", "-location"} {
			if desk.Trimmed(f, "r"+itoa(i)+part) != "" {
				n = i + 1
			}
		}
	}
	return n
}

func readPurpose(f survey.Form, before privacy.Purpose) (privacy.Purpose, []survey.Problem) {
	var problems []survey.Problem
	note := func(field, key string) { problems = append(problems, survey.Problem{Field: field, Key: key}) }
	x := before
	x.Text, x.Activities = desk.ReadText(f, "text", before.Text), desk.ReadLines(f, "activities")
	if x.Text[locale.English] == "" {
		note("text-en", "office.problem.purpose")
	}
	x.Basis = privacy.Basis(f.First("basis"))
	if x.Basis != "" && !x.Basis.Valid() {
		note("basis", "office.problem.basis")
	}
	x.Condition = ""
	if f.First("explicit") == "yes" {
		x.Condition = privacy.ExplicitConsent
	}
	x.Recipients = nil
	for i := range recipientCount(f) {
		r := "r" + itoa(i)
		one := privacy.Recipient{Name: desk.Trimmed(f, r+"-name"), Form: privacy.Form(f.First(r + "-form")), Location: desk.Trimmed(f, r+"-location")}
		if one == (privacy.Recipient{}) {
			continue
		}
		if one.Name == "" { // nothing that somebody typed is dropped
			note(r+"-name", "office.problem.recipient_name")
		}
		switch one.Form {
		case privacy.Anonymous, privacy.Pseudonymised, privacy.Identifiable:
		default:
			note(r+"-form", "office.problem.recipient_form")
		}
		if one.Location == "" {
			note(r+"-location", "office.problem.recipient_location")
		}
		x.Recipients = append(x.Recipients, one)
	}
	return x, problems
}

// purposeChoices are the choices of the form. A line without a recipient has no form of data yet.
func purposeChoices() map[string][]string {
	choices := map[string][]string{"explicit": {"yes"}}
	for i := range mostRecipients {
		choices["r"+itoa(i)+"-form"] = []string{"", string(privacy.Anonymous), string(privacy.Pseudonymised), string(privacy.Identifiable)}
	}
	return choices
}

func (h *Handlers) purposeSave(c *fiber.Ctx) error {
	con, form, err := h.openNoticeForm(c)
	if err == nil {
		err = desk.Offered(form, purposeChoices())
	}
	if err != nil {
		return err
	}
	n, err := position(c, len(con.Processing.Purposes))
	if err != nil {
		return err
	}
	details := con.Details
	purposes := slices.Clone(details.Processing.Purposes)
	var before privacy.Purpose
	if n < len(purposes) {
		before = purposes[n]
	}
	purpose, problems := readPurpose(form, before)
	if len(problems) > 0 {
		return h.showPurpose(c, fiber.StatusUnprocessableEntity, con, form, problems)
	}
	if n == len(purposes) {
		var taken []string
		for _, x := range purposes {
			taken = append(taken, x.ID)
		}
		purpose.ID = Ident("p_", purpose.Text[locale.English], taken)
		purposes = append(purposes, purpose)
	} else {
		purposes[n] = purpose
	}
	details.Processing.Purposes = purposes
	return h.saveNotice(c, con, form, details, h.showPurpose)
}

func (h *Handlers) purposeRemove(c *fiber.Ctx) error {
	con, form, err := h.openNoticeForm(c)
	if err != nil {
		return err
	}
	n, err := position(c, len(con.Processing.Purposes))
	if err != nil {
		return err
	}
	details := con.Details
	if n < len(details.Processing.Purposes) {
		details.Processing.Purposes = slices.Delete(slices.Clone(details.Processing.Purposes), n, n+1)
	}
	if id := c.Params(changeKey); id != "" {
		err = h.Service.SaveChange(c.UserContext(), desk.Staff(c), id, desk.Version(form), details.Processing)
	} else {
		err = h.Service.SaveDetails(c.UserContext(), desk.Staff(c), con.ID, con.Slug, desk.Version(form), details)
	}
	if err != nil {
		return err
	}
	return page.Done(c, noticeAt(c, con), "office.purpose.removed")
}
