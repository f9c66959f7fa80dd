package release

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
)

// opened is one release with the words for everything that it points to.
type opened struct {
	release   *consult.Release
	con       *consult.Consultation
	def       *survey.Definition
	agreement *consult.Agreement
	partner   *consult.Partner
	people    map[string]string  // names of the council's staff by id
	series    []*consult.Release // what left the service of the survey, in the order of publication
}

// open loads the release of the address.
func (h *Handlers) open(c *fiber.Ctx) (o opened, err error) {
	ctx, who := c.UserContext(), desk.Staff(c)
	if o.release, err = h.Service.Release(ctx, who, c.Params("id")); err != nil {
		return o, err
	}
	if o.agreement, o.partner, err = h.Service.Agreement(ctx, who, o.release.AgreementID); err != nil {
		return o, err
	}
	if o.con, o.def, _, err = h.Service.ConsultationForStaff(ctx, who, o.release.ConsultationID); err != nil {
		return o, err
	}
	if o.series, err = h.Service.ReleaseSeries(ctx, who, o.con.ID); err != nil {
		return o, err
	}
	o.people, err = h.Service.Colleagues(ctx, who)
	return o, err
}

// name returns the name of a member of staff, or words for one who is gone.
func (o opened) name(p *page.Page, id string) string {
	if n := o.people[id]; n != "" {
		return n
	}
	return p.T("release.somebody")
}

// releaseView is the page of one release: blocks, then the tables as they will be published, then what can be done.
type releaseView struct {
	desk.View
	Contents []page.Link
	Tables   []tables.Table
	After    []desk.Block
}

// frame prepares a page about one release.
func (h *Handlers) frame(c *fiber.Ctx, o opened, key string) desk.View {
	p := h.Kit.Page(c, key)
	p.Wide = true
	p.Caption = o.release.Title.In(p.Lang)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.releases"), Href: "/office/releases"}, {Text: p.Caption, Href: Path(o.release.ID)}}
	tag := stateTag(p, o.release.State)
	return desk.View{Page: p, Tag: &tag}
}

// show answers: what would leave, what did protection do, and what is to be done next?
func (h *Handlers) show(c *fiber.Ctx) error {
	o, err := h.open(c)
	if err != nil {
		return err
	}
	return h.showRelease(c, fiber.StatusOK, o, nil)
}

// showRelease shows the release; refusal is why something was not done to it, or nil.
func (h *Handlers) showRelease(c *fiber.Ctx, status int, o opened, refusal *fault.Error) error {
	v := releaseView{View: h.frame(c, o, "release.title")}
	p, r := v.Page, o.release
	p.Title, p.Caption = r.Title.In(p.Lang), o.con.Title.In(p.Lang)
	p.Breadcrumbs = p.Breadcrumbs[:1]
	if refusal != nil {
		p.Banner = &page.Notification{Tone: page.Important, Text: p.T(refusal.Key, refusal.Args...)}
	}
	next, err := h.next(c, p, o)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, h.standing(p, o, desk.Staff(c))...)
	v.Blocks = append(v.Blocks, next...)
	if n := r.Coverage.LeftOut; n > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Figures: []page.Figure{{Label: p.T("release.figure.left_out"), Value: locale.Number(int64(n)), Note: p.T("release.figure.left_out.note")}}})
	}
	v.Blocks = append(v.Blocks, desk.Block{Figures: []page.Figure{
		{Label: p.T("release.figure.responses"), Value: locale.Number(int64(r.Responses)), Note: p.T("release.figure.responses.note")},
		{Label: p.T("release.figure.tables"), Value: locale.Number(int64(len(r.Tables)))},
		{Label: p.T("release.figure.hidden"), Value: page.Share(r.Report.Hidden, r.Report.Cells),
			Note: p.T("release.figure.hidden.note", "Hidden", r.Report.Hidden, "Cells", r.Report.Cells)},
		cost(p, r),
	}}, h.facts(p, o), desk.Block{Fold: &desk.Fold{Summary: p.T("release.hashes"), Blocks: []desk.Block{
		{Copy: &desk.Copy{Label: p.T("release.field.responses_hash"), Text: r.SnapshotHash}},
		{Copy: &desk.Copy{Label: p.T("release.field.tables_hash"), Text: r.SHA256}}}}})
	if r.State == consult.ReleaseDraft || r.State == consult.ReleaseReturned {
		report, err := h.Service.DisclosureReport(c.UserContext(), desk.Staff(c), r.ID)
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, lost(p, o, report)...) // before it is proposed
	}
	if r.Policy.Noise != nil {
		v.Blocks = append(v.Blocks, seeLedger(p, o.con))
	}
	v.Blocks = append(v.Blocks, series(p, o)...)
	v.Blocks = append(v.Blocks, protection(p, o)...)
	if r.ReportSHA256 != "" {
		v.Blocks = append(v.Blocks, seeReport(p, o))
	}
	if len(r.Tables) > 0 {
		v.Blocks = append(v.Blocks, desk.H2(p.T("release.tables.title")), desk.Para(p.T("release.tables.intro")))
		v.Tables = tables.Of(p, r.Tables)
		v.Contents = tables.Contents(v.Tables)
	}
	v.After = h.danger(p, o, desk.Staff(c))
	return h.Kit.Render(c, status, "office/release-one", v)
}

// standing says in a sentence where the release stands, and to the proposer why somebody else must go on.
func (h *Handlers) standing(p *page.Page, o opened, who *consult.Staff) []desk.Block {
	r := o.release
	inset := func(lines ...string) []desk.Block { return []desk.Block{{Inset: &page.Inset{Paragraphs: lines}}} }
	switch r.State {
	case consult.ReleaseDraft:
		return []desk.Block{desk.Para(p.T("release.standing.draft"))}
	case consult.ReleaseProposed:
		line := p.T("release.standing.proposed", "Name", o.name(p, r.ProposedBy), "When", locale.DateTime(p.Lang, r.ProposedAt))
		switch {
		case r.ProposedBy == who.ID:
			return inset(line, p.T("release.standing.own"))
		case !who.May(consult.ApproveReleases):
			return inset(line, p.T("release.standing.wait"))
		case r.DraftedBy == who.ID:
			return inset(line, p.T("release.standing.drafter"))
		}
		return inset(line, p.T("release.standing.look"))
	case consult.ReleaseReturned:
		return inset(p.T("release.standing.returned"), r.ReturnNote)
	case consult.ReleasePublished:
		key := "release.standing.published"
		if !h.Service.Now().Before(o.agreement.ExpiresAt) {
			key = "release.standing.published_ended"
		}
		lines := []string{p.T(key, "Partner", o.partner.Name, "When", locale.DateTime(p.Lang, r.PublishedAt),
			"Until", locale.Date(p.Lang, lastDay(o.agreement)))}
		if r.Public {
			lines = append(lines, p.T("release.standing.public"))
		}
		return inset(lines...)
	case consult.ReleaseRevoked:
		return inset(p.T("release.standing.revoked", "Name", o.name(p, r.RevokedBy), "When", locale.DateTime(p.Lang, r.RevokedAt)), r.RevokeNote)
	}
	return nil
}

// next offers what the person may do now: one primary button.
func (h *Handlers) next(c *fiber.Ctx, p *page.Page, o opened) ([]desk.Block, error) {
	r, who := o.release, desk.Staff(c)
	switch {
	case (r.State == consult.ReleaseDraft || r.State == consult.ReleaseReturned) && who.May(consult.ProposeReleases):
		if r.Overtaken(o.series) {
			return []desk.Block{overtaken(p)}, nil
		}
		if blocked(r) {
			return []desk.Block{{Warning: &page.Warning{Text: p.T("release.blocked")}}}, nil
		}
		return []desk.Block{{Buttons: []page.Button{{Text: p.T("release.propose.link"), Href: p.To(Path(r.ID, "propose"))}}}, desk.Small(p.T("release.propose.help"))}, nil
	case r.State == consult.ReleaseProposed && who.May(consult.ApproveReleases) && r.Overtaken(o.series):
		return []desk.Block{overtaken(p), {Buttons: []page.Button{{Text: p.T("release.return.link"), Href: p.To(Path(r.ID, "return")), Kind: "secondary"}}}}, nil
	case r.State == consult.ReleaseProposed && r.ApprovableBy(who) == nil:
		return []desk.Block{{Buttons: []page.Button{{Text: p.T("release.approve.link"), Href: p.To(Path(r.ID, "approve"))},
			{Text: p.T("release.return.link"), Href: p.To(Path(r.ID, "return")), Kind: "secondary"}}}}, nil
	case r.State == consult.ReleaseProposed && who.May(consult.ApproveReleases) && r.ProposedBy == who.ID:
		return []desk.Block{{Buttons: []page.Button{{Text: p.T("release.return.own"), Href: p.To(Path(r.ID, "return")), Kind: "secondary"}}}}, nil
	case r.State == consult.ReleaseProposed && who.May(consult.ApproveReleases):
		return []desk.Block{{Buttons: []page.Button{{Text: p.T("release.return.link"), Href: p.To(Path(r.ID, "return")), Kind: "secondary"}}}}, nil
	}
	return nil, nil
}

// blocked reports whether a finding stands in the way of proposing the release.
func blocked(r *consult.Release) bool {
	return len(r.Tables) == 0 || slices.ContainsFunc(r.Findings, func(f consult.ReleaseFinding) bool { return f.Block })
}

// facts is what the register holds about the release.
func (h *Handlers) facts(p *page.Page, o opened) desk.Block {
	r := o.release
	list := &page.SummaryList{Title: p.T("release.facts")}
	add := func(key string, lines ...string) *page.SummaryRow {
		list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: lines})
		return &list.Rows[len(list.Rows)-1]
	}
	add("release.field.partner", o.partner.Name)
	add("release.field.agreement", o.agreement.Purpose, p.T("release.until", "Date", locale.Date(p.Lang, lastDay(o.agreement))))
	add("release.field.consultation", o.con.Title.In(p.Lang)).Links = []page.Link{{Text: p.T("release.see"),
		Href: p.To("/office/consultations/" + o.con.ID), Hidden: p.T("release.field.consultation")}}
	add("release.field.snapshot", locale.DateTime(p.Lang, r.SnapshotAt))
	policy := p.T("release.policy", "Base", r.Policy.BaseThreshold, "Cell", r.Policy.CellThreshold, "Special", r.Policy.SpecialThreshold,
		"Coalition", r.Policy.Coalition, "Round", r.Policy.Rounding)
	if n := r.Policy.Noise; n != nil {
		policy = p.T("release.policy.noise", "Variance", n.Variance.Num, "Margin", n.Margin, "Base", n.MinBase, "Round", r.Policy.Rounding, "Period", n.Period)
	}
	add("release.field.policy", policy)
	add("release.field.drafted", o.name(p, r.DraftedBy))
	if !r.ProposedAt.IsZero() {
		add("release.field.proposed", p.T("release.by_on", "Name", o.name(p, r.ProposedBy), "When", locale.DateTime(p.Lang, r.ProposedAt)))
	}
	if !r.ApprovedAt.IsZero() {
		add("release.field.approved", p.T("release.by_on", "Name", o.name(p, r.ApprovedBy), "When", locale.DateTime(p.Lang, r.ApprovedAt)))
	}
	if r.Public && r.State == consult.ReleasePublished {
		add("release.field.public", p.T("release.public.yes")).Links = []page.Link{{Text: p.T("release.see"), Href: p.To("/c/" + o.con.Slug + "/results"),
			Hidden: p.T("release.field.public")}}
	}
	return desk.Block{Summary: list}
}

// danger holds what takes something away for good, apart from everything else.
func (h *Handlers) danger(p *page.Page, o opened, who *consult.Staff) []desk.Block {
	var link page.Link
	title := p.T("release.danger.erase")
	switch s := o.release.State; {
	case (s == consult.ReleaseDraft || s == consult.ReleaseReturned) && who.May(consult.ProposeReleases):
		link = page.Link{Text: p.T("release.erase.link"), Href: p.To(Path(o.release.ID, "erase"))}
	case s == consult.ReleasePublished && (who.May(consult.ApproveReleases) || who.May(consult.ManagePartners)):
		title = p.T("release.danger.revoke")
		link = page.Link{Text: p.T("release.revoke.link"), Href: p.To(Path(o.release.ID, "revoke"))}
	default:
		return nil
	}
	return []desk.Block{desk.H2(title), desk.LinkList(link)}
}
