package release

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// registerSize is how many releases a page of the register shows.
const registerSize = 25

// register answers: what may leave, what has left? Everything released or in the making, newest first.
func (h *Handlers) register(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	who := desk.Staff(c)
	all, err := h.Service.Releases(c.UserContext(), who)
	if err != nil {
		return err
	}
	n, err := h.names(c)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "release.register.title")
	p.Wide = true
	v := desk.View{Page: p}
	if who.May(consult.ProposeReleases) {
		v.Blocks = append(v.Blocks, desk.Block{Buttons: []page.Button{{Text: p.T("release.register.new"), Href: p.To("/office/releases/new")}}})
	}
	v.Blocks = append(v.Blocks, h.registerBlocks(p, n, all, query)...)
	return h.Show(c, fiber.StatusOK, v)
}

// registerBlocks shows the filter, the releases of one state or all, and the way through them.
func (h *Handlers) registerBlocks(p *page.Page, n names, all []*consult.Release, query survey.Form) []desk.Block {
	state, of := consult.ReleaseState(query.First("state")), query.First("consultation")
	var shown []*consult.Release
	for _, r := range all {
		if (state == "" || r.State == state) && (of == "" || r.ConsultationID == of) {
			shown = append(shown, r)
		}
	}
	var blocks []desk.Block
	if len(all) > 0 {
		blocks = append(blocks, desk.Block{Form: registerFilter(p, n, all, query)})
	}
	number, _ := desk.Whole(query, "page")
	number = max(number, 1)
	from := min((number-1)*registerSize, len(shown))
	blocks = append(blocks, desk.TableBlock(registerTable(p, n, shown[from:min(from+registerSize, len(shown))], len(shown), state != "" || of != "")))
	pages := page.Paginate(len(shown), registerSize, number, func(k int) string {
		return p.To("/office/releases") + "?" + url.Values{"state": {string(state)}, "consultation": {of}, "page": {fmt.Sprint(k)}}.Encode()
	})
	if pages.Any() {
		blocks = append(blocks, desk.Block{Pages: &pages})
	}
	return blocks
}

func registerFilter(p *page.Page, n names, all []*consult.Release, query survey.Form) *desk.Form {
	f := desk.Fields{Page: p, Form: query}
	options := []page.Option{{Label: p.T("release.register.any")}}
	for _, s := range []consult.ReleaseState{consult.ReleaseDraft, consult.ReleaseProposed, consult.ReleaseReturned, consult.ReleasePublished, consult.ReleaseRevoked} {
		options = append(options, page.Option{Value: string(s), Label: p.T("release.state." + string(s))})
	}
	consultations := []page.Option{{Label: p.T("release.register.every")}}
	for _, r := range all {
		if !slices.ContainsFunc(consultations, func(o page.Option) bool { return o.Value == r.ConsultationID }) {
			consultations = append(consultations, page.Option{Value: r.ConsultationID, Label: n.title(p.Lang, r.ConsultationID)})
		}
	}
	return &desk.Form{Get: true, Label: p.T("release.register.filter"), Action: p.To("/office/releases"),
		Blocks:  []desk.Block{f.Select("consultation", "release.field.consultation", consultations...), f.Select("state", "release.register.state", options...)},
		Buttons: []page.Button{{Text: p.T("release.register.apply"), Kind: "secondary"}}}
}

func registerTable(p *page.Page, n names, shown []*consult.Release, total int, filtered bool) page.Table {
	t := page.Table{Caption: p.T("release.register.caption", "Count", total), Stack: true, CaptionSize: "s", Empty: p.T("release.register.empty"),
		Head: []page.Cell{{Text: p.T("release.field.title")}, {Text: p.T("release.field.consultation")}, {Text: p.T("release.field.partner")},
			{Text: p.T("release.field.state")}, {Text: p.T("release.field.snapshot")}, {Text: p.T("release.field.hidden"), Numeric: true}}}
	if filtered {
		t.Empty = p.T("release.register.empty_filtered")
	}
	for _, r := range shown {
		tag := stateTag(p, r.State)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Link: &page.Link{Text: r.Title.In(p.Lang), Href: p.To(Path(r.ID))}}, {Text: numbered(p, n, r)},
			{Text: n.partnerOf(r.AgreementID)}, {Tag: &tag}, {Text: locale.Date(p.Lang, r.SnapshotAt)},
			page.Num(page.Share(r.Report.Hidden, r.Report.Cells))}})
	}
	return t
}

// choose asks from which consultation a release is made.
func (h *Handlers) choose(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	all, err := h.Service.Consultations(c.UserContext(), desk.Staff(c), consult.ConsultationFilter{})
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "release.choose.title")
	p.Breadcrumbs = crumbs(p)
	_, sent := query["consultation"]
	var options []page.Option
	for _, con := range all {
		if con.State != consult.Published || con.Status(h.Service.Now()) == consult.StatusUpcoming {
			continue
		}
		if con.ID == query.First("consultation") {
			return page.Redirect(c, draftPath(con.ID))
		}
		options = append(options, page.Option{Value: con.ID, Label: con.Title.In(p.Lang), Hint: p.T("release.choose."+string(con.Status(h.Service.Now())),
			"Date", locale.Date(p.Lang, con.ClosesAt.Add(-time.Second)))})
	}
	if len(options) == 0 {
		return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("release.choose.empty")),
			desk.LinkList(page.Link{Text: p.T("office.nav.consultations"), Href: p.To("/office/consultations")})}})
	}
	status := fiber.StatusOK
	if sent {
		status = fiber.StatusUnprocessableEntity
		p.SetProblems([]survey.Problem{{Field: "consultation", Key: "release.problem.consultation"}})
	}
	f := desk.Fields{Page: p, Form: query}
	form := &desk.Form{Get: true, Action: p.To("/office/releases/new"), Blocks: []desk.Block{f.Radios("consultation", "release.choose.which", options...)},
		Buttons: []page.Button{{Text: p.T("release.continue")}}, Cancel: &page.Link{Text: p.T("office.cancel"), Href: p.To("/office/releases")}}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{{Form: form}}})
}

func draftPath(consultationID string) string {
	return "/office/consultations/" + consultationID + "/releases/new"
}

func crumbs(p *page.Page) []page.Crumb {
	return []page.Crumb{{Text: p.T("office.nav.releases"), Href: "/office/releases"}, {Text: p.Title}}
}
