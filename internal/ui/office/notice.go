package office

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// notice shows what the privacy notice and the consent statement are made from, and leads to the parts of it.
func (h *Handlers) notice(c *fiber.Ctx) error {
	con, d, _, err := h.open(c)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.notice.title", "notice")
	editable := con.State == consult.Drafted && desk.Staff(c).May(consult.EditConsultations)
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.notice.intro")))
	if con.State == consult.Published {
		v.Blocks = append(v.Blocks, desk.LinkList(page.Link{Text: v.T("office.notice.published", "Version", itoa(con.NoticeVersion)),
			Href: v.To("/privacy/notices/" + con.NoticeID + "/" + itoa(con.NoticeVersion))}))
	}
	if con.State == consult.Published {
		v.Blocks = append(v.Blocks, desk.LinkList(page.Link{Text: v.T("office.changes.link"), Href: v.To(Path(con.ID, "changes"))}))
	}
	at := func(parts ...string) string { return noticeAt(c, con, parts...) }
	purposes, err := h.purposeCards(v.Page, con, editable, at)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, purposes...)
	v.Blocks = append(v.Blocks, noticeSummary(v.Page, con, editable, at))
	if d != nil && len(d.Equality) > 0 {
		v.Blocks = append(v.Blocks, consentSummary(v.Page, con, editable, at))
	}
	return h.Show(c, fiber.StatusOK, v)
}

// part is one line of a summary: its message key, its form field and its lines.
type part struct {
	key, field string
	lines      []string
}

// summary makes a summary card whose lines lead to the fields of one form.
func summary(p *page.Page, title, form string, editable bool, parts []part) desk.Block {
	list := &page.SummaryList{Title: title}
	for _, x := range parts {
		row := page.SummaryRow{Key: p.T(x.key)}
		for _, l := range x.lines {
			if l != "" {
				row.Lines = append(row.Lines, l)
			}
		}
		if editable {
			row.Links = []page.Link{{Text: p.T("office.change"), Href: p.To(form) + "#" + x.field, Hidden: p.T(x.key)}}
		}
		list.Rows = append(list.Rows, row)
	}
	return desk.Block{Summary: list}
}

// orNone says that there are none, where that is an answer too.
func orNone(p *page.Page, lines []string) []string {
	if strings.Join(lines, "") == "" {
		return []string{p.T("office.none")}
	}
	return lines
}

func noticeSummary(p *page.Page, con *consult.Consultation, editable bool, at func(...string) string) desk.Block {
	pr, langs := con.Processing, con.Languages
	return summary(p, p.T("office.notice.facts"), at("edit"), editable, []part{
		{"office.notice.data", "data-en", both(pr.Data, langs)},
		{"office.notice.retention", "retention", append([]string{periodWords(p.Lang, pr.Retention)}, both(pr.RetentionTrigger, langs)...)},
		{"office.notice.equality_period", "equality_period", []string{periodWords(p.Lang, pr.EqualityPeriod)}},
		{"office.notice.keep_totals", "keep_totals", []string{p.T("office.notice.keep_totals." + totalsChoice(pr))}},
		{"office.notice.required", "required-en", both(pr.Required, langs)},
		{"office.notice.automated", "automated-en", both(pr.Automated, langs)},
		{"office.notice.children", "children-en", both(pr.Children, langs)},
		{"office.notice.locations", "locations", []string{pr.Locations}},
		{"office.notice.transfers", "transfers-en", orNone(p, both(pr.Transfers, langs))},
	})
}

// totalsChoice is how it is typed whether totals outlive the answers.
func totalsChoice(pr privacy.Processing) string {
	if pr.KeepTotals {
		return "yes"
	}
	return "no"
}

func (h *Handlers) noticeEdit(c *fiber.Ctx) error {
	con, err := h.openNotice(c)
	if err != nil {
		return err
	}
	pr, f := con.Processing, survey.Form{}
	desk.PutText(f, "data", pr.Data)
	desk.Put(f, "retention", periodWords(locale.English, pr.Retention))
	desk.Put(f, "equality_period", periodWords(locale.English, pr.EqualityPeriod))
	desk.Put(f, "keep_totals", totalsChoice(pr))
	desk.PutText(f, "required", pr.Required)
	desk.PutText(f, "automated", pr.Automated)
	desk.PutText(f, "children", pr.Children)
	desk.Put(f, "locations", pr.Locations)
	desk.PutText(f, "transfers", pr.Transfers)
	return h.showNotice(c, fiber.StatusOK, con, f, nil)
}

func (h *Handlers) showNotice(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.notice.edit", "notice")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	blocks := []desk.Block{f.Prose("data", "office.notice.data", 4), f.Input("retention", "office.notice.retention", "10"),
		f.Input("equality_period", "office.notice.equality_period", "10")}
	if c.Params(changeKey) == "" { // a change leaves it as it was
		blocks = append(blocks, f.Radios("keep_totals", "office.notice.keep_totals", page.Option{Value: "no", Label: v.T("office.notice.keep_totals.no")},
			page.Option{Value: "yes", Label: v.T("office.notice.keep_totals.yes")}))
	}
	blocks = append(blocks, f.Prose("required", "office.notice.required", 3), f.Prose("automated", "office.notice.automated", 3),
		f.Prose("children", "office.notice.children", 3), f.Input("locations", "office.notice.locations", "30"), f.Prose("transfers", "office.notice.transfers", 3))
	return h.showForm(c, status, v, con, blocks, noticeAt(c, con))
}

func (h *Handlers) noticeSave(c *fiber.Ctx) error {
	con, form, err := h.openNoticeForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"keep_totals": {"", "no", "yes"}}); err != nil {
		return err
	}
	details := con.Details
	pr := &details.Processing
	var problems []survey.Problem
	pr.Data = desk.ReadText(form, "data", pr.Data)
	pr.Retention = readPeriod(form, "retention", &problems)
	pr.EqualityPeriod = readPeriod(form, "equality_period", &problems)
	pr.KeepTotals = form.First("keep_totals") == "yes"
	pr.Required = desk.ReadText(form, "required", pr.Required)
	pr.Automated = desk.ReadText(form, "automated", pr.Automated)
	pr.Children = desk.ReadText(form, "children", pr.Children)
	pr.Locations = desk.Trimmed(form, "locations")
	pr.Transfers = desk.ReadText(form, "transfers", pr.Transfers)
	if len(problems) > 0 {
		return h.showNotice(c, fiber.StatusUnprocessableEntity, con, form, problems)
	}
	return h.saveNotice(c, con, form, details, h.showNotice)
}

// consentSummary shows what the explicit-consent statement names (privacy.md 3.1).
func consentSummary(p *page.Page, con *consult.Consultation, editable bool, at func(...string) string) desk.Block {
	pr, langs := con.Processing, con.Languages
	return summary(p, p.T("office.consent.facts"), at("consent"), editable, []part{
		{"office.consent.categories", "categories-en", listBoth(pr.Categories, langs)},
		{"office.consent.uses", "uses-en", listBoth(pr.Uses, langs)},
		{"office.consent.partners", "partners", orNone(p, pr.Partners)},
		{"office.consent.if_they_say_no", "if_they_say_no-en", both(pr.IfTheySayNo, langs)},
	})
}

func listBoth(texts []locale.Text, langs []locale.Lang) []string {
	var out []string
	for _, t := range texts {
		out = append(out, strings.Join(both(t, langs), " / "))
	}
	return out
}

func (h *Handlers) consent(c *fiber.Ctx) error {
	con, err := h.openNotice(c)
	if err != nil {
		return err
	}
	pr, f := con.Processing, survey.Form{}
	desk.PutLines(f, "categories", pr.Categories)
	desk.PutLines(f, "uses", pr.Uses)
	desk.Put(f, "partners", strings.Join(pr.Partners, "\n"))
	desk.PutText(f, "if_they_say_no", pr.IfTheySayNo)
	return h.showConsent(c, fiber.StatusOK, con, f, nil)
}

func (h *Handlers) showConsent(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.consent.title", "notice")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	return h.showForm(c, status, v, con, []desk.Block{
		desk.Para(v.T("office.consent.intro")), f.Prose("categories", "office.consent.categories", 6), f.Prose("uses", "office.consent.uses", 6),
		f.Area("partners", "office.consent.partners", 3), f.Prose("if_they_say_no", "office.consent.if_they_say_no", 4),
	}, noticeAt(c, con))
}

func (h *Handlers) consentSave(c *fiber.Ctx) error {
	con, form, err := h.openNoticeForm(c)
	if err != nil {
		return err
	}
	details := con.Details
	pr := &details.Processing
	pr.Categories, pr.Uses = desk.ReadLines(form, "categories"), desk.ReadLines(form, "uses")
	pr.Partners = nil
	for line := range strings.SplitSeq(form.First("partners"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			pr.Partners = append(pr.Partners, line)
		}
	}
	pr.IfTheySayNo = desk.ReadText(form, "if_they_say_no", pr.IfTheySayNo)
	return h.saveNotice(c, con, form, details, h.showConsent)
}

// periodText is a period as people type it.
var periodText = regexp.MustCompile(`^(\d{1,4})\s*(days?|weeks?|months?|years?|diwrnod|wythnos|mis|blynedd|flynedd)$`)

var periodUnits = map[string]string{"d": "D", "w": "W", "m": "M", "y": "Y", "b": "Y", "f": "Y"}

// readPeriod reads "36 months", "3 years" or an ISO 8601 period. An empty field is no period: readiness asks for it.
func readPeriod(f survey.Form, name string, problems *[]survey.Problem) string {
	s := strings.ToLower(desk.Trimmed(f, name))
	if s == "" {
		return ""
	}
	iso := strings.ToUpper(s)
	if m := periodText.FindStringSubmatch(s); m != nil {
		iso = fmt.Sprintf("P%s%s", m[1], periodUnits[m[2][:1]])
		if m[2] == "diwrnod" {
			iso = "P" + m[1] + "D"
		}
	}
	if _, err := privacy.ParsePeriod(iso); err != nil {
		*problems = append(*problems, survey.Problem{Field: name, Key: "office.problem.period"})
	}
	return iso
}

// periodWords writes an ISO 8601 period in words.
func periodWords(l locale.Lang, iso string) string {
	p, err := privacy.ParsePeriod(iso)
	if err != nil {
		return iso
	}
	return p.Words(l)
}
