package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// overview answers: where does this consultation stand, and what comes next?
func (h *Handlers) overview(c *fiber.Ctx) error {
	con, d, faults, err := h.open(c)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.overview.title", "overview")
	v.Breadcrumbs = v.Breadcrumbs[:1]
	v.Title, v.Caption = Title(v.Page, con), con.Department
	who, status := desk.Staff(c), con.Status(h.Service.Now())
	v.Blocks = append(v.Blocks, desk.Para(h.ends(v.Page, con)))
	if status == consult.StatusDraft {
		missing, err := h.missing(c, con)
		if err != nil {
			return err
		}
		if missing > 0 {
			v.Blocks = append(v.Blocks, desk.Para(v.T("office.readiness.blocked", "Count", missing)))
		}
	} else {
		progress, err := h.Service.Progress(c.UserContext(), who, con.ID)
		if err != nil {
			return err
		}
		figures := []page.Figure{{Label: v.T("office.today.responses"), Value: whole(progress.Responses)}}
		if status == consult.StatusOpen {
			figures = append(figures, page.Figure{Label: v.T("office.today.today"), Value: whole(progress.Today)})
		}
		figures = append(figures, page.Figure{Label: v.T("office.overview.questions"), Value: whole(questionCount(d))})
		v.Blocks = append(v.Blocks, desk.Block{Figures: figures}, desk.Block{Copy: &desk.Copy{Label: v.T("office.overview.share"), Text: page.Address(c) + "/c/" + con.Slug}})
	}
	v.Blocks = append(v.Blocks, h.nextSteps(v.Page, who, con, status)...)
	v.Blocks = append(v.Blocks, h.overviewDetails(v.Page, who, con, status, d))
	documents, err := h.overviewDocuments(v.Page, who, con)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, documents...)
	if len(faults) > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.faults.warning", "Count", len(faults))}})
	}
	if status == consult.StatusDraft && who.May(consult.EditConsultations) {
		v.Blocks = append(v.Blocks, desk.H2(v.T("office.danger")), desk.LinkList(page.Link{Text: v.T("office.erase.link"), Href: v.To(Path(con.ID, "erase"))}))
	}
	return h.Show(c, fiber.StatusOK, v)
}

func questionCount(d *survey.Definition) int {
	if d == nil {
		return 0
	}
	return len(d.Questions())
}

// nextSteps offers the one thing that comes next as the primary button.
func (h *Handlers) nextSteps(p *page.Page, who *consult.Staff, con *consult.Consultation, status consult.Status) []desk.Block {
	var buttons []page.Button
	add := func(show bool, key, kind string, parts ...string) {
		if show {
			buttons = append(buttons, page.Button{Text: p.T(key), Href: p.To(Path(con.ID, parts...)), Kind: kind})
		}
	}
	edit := who.May(consult.EditConsultations)
	closed := status == consult.StatusClosed || status == consult.StatusReported
	add(status == consult.StatusDraft && edit, "office.next.ready", "", "readiness")
	add(status == consult.StatusDraft, "office.next.preview", "secondary", "preview")
	add(status == consult.StatusOpen && who.May(consult.SeeResults), "office.next.results", "", "results")
	record := who.May(consult.RecordResponses) && con.Recordable(consult.Paper, h.Service.Now()) == nil
	add(record, "office.next.record", recordKind(who), "record")
	add(closed && edit && con.Outcome.PublishedAt.IsZero(), "office.next.outcome", "", "outcome")
	add(closed && who.May(consult.SeeResults), "office.next.results", "secondary", "results")
	add((status == consult.StatusUpcoming || status == consult.StatusOpen) && edit, "office.next.closing", "secondary", "closing")
	if status != consult.StatusDraft {
		buttons = append(buttons, page.Button{Text: p.T("office.next.public"), Href: p.To("/c/" + con.Slug), Kind: "secondary"})
	}
	if closed && who.May(consult.ProposeReleases) {
		buttons = append(buttons, page.Button{Text: p.T("office.next.release"), Href: p.To("/office/releases/new?consultation=" + con.ID), Kind: "secondary"})
	}
	if len(buttons) == 0 {
		return nil
	}
	return []desk.Block{{Buttons: buttons}}
}

// overviewDetails shows the details, each with the way to change it while it can be changed.
func (h *Handlers) overviewDetails(p *page.Page, who *consult.Staff, con *consult.Consultation, status consult.Status, d *survey.Definition) desk.Block {
	editable := status == consult.StatusDraft && who.May(consult.EditConsultations)
	list := &page.SummaryList{Title: p.T("office.overview.details")}
	add := func(key, field string, lines ...string) {
		row := page.SummaryRow{Key: p.T(key)}
		for _, l := range lines {
			if l != "" {
				row.Lines = append(row.Lines, l)
			}
		}
		if editable && field != "" {
			row.Links = []page.Link{{Text: p.T("office.change"), Href: p.To(Path(con.ID, "details")) + "#" + field, Hidden: p.T(key)}}
		}
		list.Rows = append(list.Rows, row)
	}
	add("office.details.name", "title-en", both(con.Title, con.Languages)...)
	add("office.details.summary", "summary-en", both(con.Summary, con.Languages)...)
	add("office.details.slug", "slug", "/c/"+con.Slug)
	add("office.details.opens", "opens-day", locale.DateTime(p.Lang, con.OpensAt))
	add("office.details.closes", "closes-day", locale.DateTime(p.Lang, con.ClosesAt))
	list.Rows = append(list.Rows, agesRow(p, con))
	add("office.details.contact", "contact_name", con.ContactName, con.ContactEmail, con.ContactPhone)
	add("office.details.languages", "languages", languageNames(p, con.Languages)...)
	if con.Minutes > 0 {
		add("office.details.minutes", "minutes", p.T("office.minutes", "Count", con.Minutes))
	}
	if d != nil {
		add("office.overview.questions", "", whole(questionCount(d)))
		add("office.overview.equality", "", whole(len(d.Equality)))
	}
	if con.State == consult.Published {
		add("office.overview.published", "", locale.DateTime(p.Lang, con.PublishedAt))
		add("office.overview.notice", "", p.T("office.overview.notice_version", "Version", itoa(con.NoticeVersion)))
	}
	return desk.Block{Summary: list}
}

// recordKind makes recording the first thing to do for those who do nothing else here.
func recordKind(who *consult.Staff) string {
	if who.May(consult.SeeResults) {
		return "secondary"
	}
	return ""
}

func languageNames(p *page.Page, langs []locale.Lang) []string {
	var out []string
	for _, l := range langs {
		out = append(out, p.T("office.language."+string(l)))
	}
	return out
}
