// Package release answers: what may leave the service, what has left it, and for whom until when?
//
// Partners and their agreements, the tables of a release from draft to publication by a second person, and the
// register of everything released. Protection and every rule about it lie behind the service; these pages show what
// will be published exactly as it will be.
//
// Reviewers: data protection officer, disclosure statistician.
package release

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages of releases, partners and agreements. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	see, propose, approve := desk.Need(consult.ProposeReleases, consult.ApproveReleases), desk.Need(consult.ProposeReleases), desk.Need(consult.ApproveReleases)
	revoke := desk.Need(consult.ApproveReleases, consult.ManagePartners)
	r := h.Office("/releases")
	r.Get("", see, h.register)
	r.Get("/new", propose, h.choose)
	r.Post("/new", propose, h.chooseSend)
	one := r.Group("/:id")
	one.Get("", see, h.release)
	one.Post("/propose", propose, h.propose)
	one.Get("/erase", propose, h.erase)
	one.Post("/erase", propose, h.eraseSend)
	one.Get("/approve", approve, h.approve)
	one.Post("/approve", approve, h.approveSend)
	one.Get("/return", approve, h.giveBack)
	one.Post("/return", approve, h.giveBackSend)
	one.Get("/revoke", revoke, h.revoke)
	one.Post("/revoke", revoke, h.revokeSend)

	manage := desk.Need(consult.ManagePartners)
	partners := h.Office("/partners")
	partners.Get("", manage, h.partners)
	partners.Get("/new", manage, h.partner)
	partners.Post("/new", manage, h.partnerSave)
	agreements := h.Office("/agreements")
	agreements.Get("/new", manage, h.agreementNew)
	agreements.Post("/new", manage, h.agreementAdd)
	agreements.Get("/:id", manage, h.agreement)
	agreements.Post("/:id", manage, h.agreementSave)
}

func itoa(n int) string { return strconv.Itoa(n) }

func path(id string, more ...string) string {
	out := "/office/releases/" + id
	for _, m := range more {
		out += "/" + m
	}
	return out
}

var stateColours = map[consult.ReleaseState]string{consult.ReleaseDraft: "grey", consult.ReleaseProposed: "orange",
	consult.ReleaseReturned: "red", consult.ReleasePublished: "green", consult.ReleaseRevoked: "magenta"}

func stateTag(p *page.Page, s consult.ReleaseState) page.Tag {
	return page.Tag{Text: p.T("release.state." + string(s)), Colour: stateColours[s]}
}

// register lists everything that was released or may be, newest first.
func (h *Handlers) register(c *fiber.Ctx) error {
	who := desk.Staff(c)
	p := h.Kit.Page(c, "release.register.title")
	p.Wide = true
	list, err := h.Service.Releases(c.UserContext(), who)
	if err != nil {
		return err
	}
	names, err := h.recipients(c)
	if err != nil {
		return err
	}
	t := page.Table{Caption: p.T("release.register.caption"), HiddenCaption: true, Empty: p.T("release.register.empty"),
		Head: []page.Cell{{Text: p.T("release.name")}, {Text: p.T("release.partner")}, {Text: p.T("office.list.column.status")}, {Text: p.T("release.snapshot")},
			{Text: p.T("release.published")}, {Text: p.T("release.tables"), Numeric: true}}}
	for _, r := range list {
		tag := stateTag(p, r.State)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: r.Title.In(p.Lang), Href: p.To(path(r.ID))}}, {Text: names[r.AgreementID]},
			{Tag: &tag}, {Text: locale.Date(p.Lang, r.SnapshotAt)}, {Text: locale.Date(p.Lang, r.PublishedAt)}, page.Num(itoa(len(r.Specs)))}})
	}
	blocks := []desk.Block{desk.Para(p.T("release.register.intro"))}
	if who.May(consult.ProposeReleases) {
		blocks = append(blocks, desk.Block{Buttons: []page.Button{{Text: p.T("release.new.link"), Href: p.To("/office/releases/new")}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.TableBlock(t))})
}

// recipients maps the ids of agreements to the names of their partners, for those who may read them.
func (h *Handlers) recipients(c *fiber.Ctx) (map[string]string, error) {
	names := map[string]string{}
	who := desk.Staff(c)
	if !who.May(consult.ManagePartners) && !who.May(consult.ProposeReleases) {
		return names, nil
	}
	partners, err := h.Service.Partners(c.UserContext(), who)
	if err != nil {
		return nil, err
	}
	agreements, err := h.Service.Agreements(c.UserContext(), who)
	if err != nil {
		return nil, err
	}
	for _, a := range agreements {
		for _, p := range partners {
			if p.ID == a.PartnerID {
				names[a.ID] = p.Name
			}
		}
	}
	return names, nil
}

// release shows one release: where it stands, what protection did, and the tables exactly as they will be published.
func (h *Handlers) release(c *fiber.Ctx) error {
	r, err := h.Service.Release(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	return h.showRelease(c, fiber.StatusOK, r, nil)
}

func (h *Handlers) showRelease(c *fiber.Ctx, status int, r *consult.Release, problems []survey.Problem) error {
	p := h.Kit.Page(c, "release.title")
	p.Title, p.Caption, p.Wide = r.Title.In(p.Lang), p.T("release.title"), true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.releases"), Href: "/office/releases"}, {Text: p.Title}}
	p.SetProblems(problems)
	tag := stateTag(p, r.State)
	v := desk.View{Page: p, Tag: &tag}
	facts, err := h.Service.ReleaseFacts(c.UserContext(), r)
	if err != nil {
		return err
	}
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	if r.State == consult.ReleaseReturned {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.returned"), r.ReturnNote}}})
	}
	if r.State == consult.ReleaseRevoked {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.revoked"), r.RevokeNote}}})
	}
	actions, err := h.actions(c, p, r)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, actions...)
	v.Blocks = append(v.Blocks, desk.Block{Figures: reportFigures(p, r)})
	v.Blocks = append(v.Blocks, findings(p, r)...)
	v.Blocks = append(v.Blocks, factsBlock(p, r, facts, names), desk.H2(p.T("release.tables.title")), desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.symbol")}}})
	v.Blocks = append(v.Blocks, desk.ReleaseTables(p, r.Tables)...)
	return h.Show(c, status, v)
}

func reportFigures(p *page.Page, r *consult.Release) []page.Figure {
	return []page.Figure{
		{Label: p.T("release.report.responses"), Value: locale.Number(int64(r.Responses))},
		{Label: p.T("release.tables"), Value: itoa(len(r.Tables))},
		{Label: p.T("release.report.cells"), Value: locale.Number(int64(r.Report.Cells))},
		{Label: p.T("release.report.hidden"), Value: page.Share(r.Report.Hidden, r.Report.Cells), Note: p.T("release.report.hidden.note", "Count", r.Report.Hidden)},
	}
}

// findings says in plain words what protection did and what stands in the way.
func findings(p *page.Page, r *consult.Release) []desk.Block {
	blocks := []desk.Block{desk.H2(p.T("release.findings"))}
	var stop, did []string
	for _, f := range r.Findings {
		text := f.Text.In(p.Lang)
		if name := tableName(p, r, f.Table); name != "" {
			text = name + ": " + text
		}
		if f.Block {
			stop = append(stop, text)
		} else {
			did = append(did, text)
		}
	}
	if len(stop) > 0 {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("release.findings.block")}}, desk.Block{List: stop})
	}
	if len(did) > 0 {
		blocks = append(blocks, desk.Block{List: did})
	}
	if len(r.Findings) == 0 {
		blocks = append(blocks, desk.Para(p.T("release.findings.none")))
	}
	return blocks
}

func tableName(p *page.Page, r *consult.Release, id string) string {
	for _, t := range r.Tables {
		if t.ID != id {
			continue
		}
		if t.By == "" {
			return t.Wording.In(p.Lang)
		}
		return p.T("release.table.by", "Question", t.Wording.In(p.Lang), "By", t.ByWording.In(p.Lang))
	}
	return ""
}

func factsBlock(p *page.Page, r *consult.Release, f consult.ReleaseFacts, names map[string]string) desk.Block {
	list := &page.SummaryList{Title: p.T("release.facts")}
	add := func(key string, lines ...string) {
		row := page.SummaryRow{Key: p.T(key)}
		for _, l := range lines {
			if l != "" {
				row.Lines = append(row.Lines, l)
			}
		}
		if len(row.Lines) > 0 {
			list.Rows = append(list.Rows, row)
		}
	}
	add("release.consultation", f.Consultation.In(p.Lang))
	add("release.partner", f.Partner)
	add("release.purpose", f.Purpose)
	add("release.snapshot", locale.DateTime(p.Lang, r.SnapshotAt))
	add("release.rules", p.T("release.rules.text", "Base", f.Policy.BaseThreshold, "Cell", f.Policy.CellThreshold, "Special", f.Policy.SpecialThreshold, "Rounding", f.Policy.Rounding))
	if !r.ProposedAt.IsZero() {
		add("release.proposed", names[r.ProposedBy], locale.DateTime(p.Lang, r.ProposedAt))
	}
	if !r.ApprovedAt.IsZero() {
		add("release.approved", names[r.ApprovedBy], locale.DateTime(p.Lang, r.ApprovedAt))
	}
	if !r.RevokedAt.IsZero() {
		add("release.revoked_by", names[r.RevokedBy], locale.DateTime(p.Lang, r.RevokedAt))
	}
	add("release.sha256", r.SHA256)
	return desk.Block{Summary: list}
}

// actions offers what the person may do now. The proposer never approves.
func (h *Handlers) actions(c *fiber.Ctx, p *page.Page, r *consult.Release) ([]desk.Block, error) {
	who := desk.Staff(c)
	var blocks []desk.Block
	button := func(key, kind, to string) desk.Block {
		return desk.Block{Buttons: []page.Button{{Text: p.T(key), Kind: kind, Href: p.To(path(r.ID, to))}}}
	}
	switch {
	case (r.State == consult.ReleaseDraft || r.State == consult.ReleaseReturned) && who.May(consult.ProposeReleases):
		if blocked(r) {
			blocks = append(blocks, desk.Para(p.T("release.propose.blocked")))
		} else {
			propose, err := desk.NewAction(p, path(r.ID, "propose"), page.Button{Text: p.T("release.propose")}, desk.VersionField(r.Version))
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, desk.Para(p.T("release.propose.help")), desk.Block{Actions: []page.Action{propose}})
		}
		blocks = append(blocks, desk.LinkList(page.Link{Text: p.T("release.erase"), Href: p.To(path(r.ID, "erase"))}))
	case r.State == consult.ReleaseProposed && r.ProposedBy == who.ID:
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.wait")}}})
	case r.State == consult.ReleaseProposed && who.May(consult.ApproveReleases):
		blocks = append(blocks, desk.Para(p.T("release.approve.help")), desk.Block{Buttons: []page.Button{
			{Text: p.T("release.approve.link"), Href: p.To(path(r.ID, "approve"))}, {Text: p.T("release.return.link"), Kind: "secondary", Href: p.To(path(r.ID, "return"))}}})
	case r.State == consult.ReleasePublished && (who.May(consult.ApproveReleases) || who.May(consult.ManagePartners)):
		blocks = append(blocks, button("release.revoke.link", "secondary", "revoke"))
	}
	return blocks, nil
}

func blocked(r *consult.Release) bool {
	for _, f := range r.Findings {
		if f.Block {
			return true
		}
	}
	return len(r.Tables) == 0
}
