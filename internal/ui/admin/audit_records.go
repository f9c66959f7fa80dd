package admin

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// auditRecords names what entries are about, and leads there where whoever reads may go: the log itself has ids only.
type auditRecords struct {
	page  *page.Page
	names map[string]string    // of people, by id
	links map[string]page.Link // of records, by object; without an address where there is no page for the reader
	order []string             // objects in the order offered
}

func (r *auditRecords) add(object, name, path string) {
	l := page.Link{Text: name}
	if path != "" {
		l.Href = r.page.To(path)
	}
	r.links[object] = l
	r.order = append(r.order, object)
}

// records looks up everything that the reader's role may see.
func (h *Handlers) records(c *fiber.Ctx, p *page.Page) (*auditRecords, error) {
	who, ctx := desk.Staff(c), c.UserContext()
	r := &auditRecords{page: p, links: map[string]page.Link{}}
	var err error
	if r.names, err = h.Service.Colleagues(ctx, who); err != nil {
		return nil, err
	}
	all, err := h.Service.Consultations(ctx, who, consult.ConsultationFilter{})
	if err != nil {
		return nil, err
	}
	for _, con := range all {
		r.add("consultation:"+con.ID, office.Title(p, con), office.Path(con.ID))
	}
	if who.May(consult.ProposeReleases) || who.May(consult.ApproveReleases) {
		releases, err := h.Service.Releases(ctx, who)
		if err != nil {
			return nil, err
		}
		for _, release := range releases {
			r.add("release:"+release.ID, p.T("office.audit.release", "Title", release.Title.In(p.Lang)), "/office/releases/"+release.ID)
		}
	}
	if err := h.partnerRecords(c, r); err != nil {
		return nil, err
	}
	for id, name := range r.names {
		path := ""
		if who.May(consult.ManageStaff) {
			path = "/office/staff/" + id
		}
		r.links["staff:"+id] = page.Link{Text: name}
		if path != "" {
			r.links["staff:"+id] = page.Link{Text: name, Href: p.To(path)}
		}
	}
	if who.May(consult.ManageSettings) {
		r.add("setting:council", p.T("office.settings.title"), "/office/settings")
		r.add("setting:protection", p.T("office.audit.do.settings.protection"), "/office/settings/protection")
	}
	return r, nil
}

func (h *Handlers) partnerRecords(c *fiber.Ctx, r *auditRecords) error {
	who, ctx := desk.Staff(c), c.UserContext()
	if !who.May(consult.ManagePartners) {
		return nil
	}
	partners, err := h.Service.Partners(ctx, who)
	if err != nil {
		return err
	}
	name := map[string]string{}
	for _, partner := range partners {
		name[partner.ID] = partner.Name
		r.add("partner:"+partner.ID, partner.Name, "/office/partners/"+partner.ID)
	}
	agreements, err := h.Service.Agreements(ctx, who)
	if err != nil {
		return err
	}
	for _, a := range agreements {
		r.add("agreement:"+a.ID, r.page.T("office.audit.agreement", "Partner", name[a.PartnerID]), "/office/agreements/"+a.ID)
	}
	return nil
}

// cell shows a record: by its name, with a link where there is a page; anything else as it is stored.
func (r *auditRecords) cell(object string) page.Cell {
	l, ok := r.links[object]
	switch {
	case !ok:
		return page.Cell{Text: object}
	case l.Href == "":
		return page.Cell{Text: l.Text}
	}
	return page.Cell{Link: &l}
}

// actor says who did it. Respondents have no id, so nothing tells one from another.
func (r *auditRecords) actor(a privacy.Actor) string {
	if name := r.names[a.ID]; a.ID != "" && name != "" {
		return name
	}
	name := r.page.T("office.audit.kind." + a.Kind)
	if a.ID != "" {
		name += " " + a.ID
	}
	return name
}

// options offers the records to filter by; one that was chosen elsewhere stays chosen.
func (r *auditRecords) options(p *page.Page, query survey.Form) []page.Option {
	out := []page.Option{{Value: "", Label: p.T("office.audit.any_record")}}
	for _, object := range r.order {
		out = append(out, page.Option{Value: object, Label: r.links[object].Text})
	}
	if chosen := desk.Trimmed(query, "object"); chosen != "" && !slices.Contains(r.order, chosen) {
		label := chosen
		if l, ok := r.links[chosen]; ok {
			label = l.Text
		}
		out = append(out, page.Option{Value: chosen, Label: strings.TrimSpace(label)})
	}
	return out
}
