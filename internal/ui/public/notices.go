package public

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

type privacyView struct {
	*page.Page
	Responsible string
	Facts       page.SummaryList
	Area        page.Select // of the filter
	Button      page.Button
	Filter      bool // there is more than one service area
	Found       string
	All         page.Link
	Areas       []noticeArea
	Empty       string
	Yours       page.Link
	HowLong     page.Link
	Ask         page.Link
	Complain    page.Link
	Audit       page.Link
}

// noticeArea is a service area of the council with the notices of its consultations.
type noticeArea struct {
	key     string // its name, folded
	Name    string // as the consultation names it; empty where none is named
	Notices []noticeItem
}

// noticeItem is a notice: its current version, and the older ones.
type noticeItem struct {
	Link      page.Link
	Lang      string // of the title, where it is not the page's
	Version   string
	Languages string
	Altered   bool
	Older     []page.Link
}

// noArea stands in the address for consultations that name no service area.
const noArea = "-"

// privacy lists the notices of all consultations by service area (councils.md S4-8), every version of each, and who is responsible.
func (h *Handlers) privacy(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	areas, err := h.areas(c)
	if err != nil {
		return err
	}
	wanted := consult.FoldWords(query.First("area"))
	if query.First("area") == noArea {
		wanted = noArea
	}
	v := privacyView{Page: h.kit.Page(c, "public.privacy.title"), Filter: len(areas) > 1}
	v.Robots = wanted == ""
	v.Responsible = v.T("public.privacy.responsible.text", "Council", v.CouncilName())
	v.Facts = responsible(v.Page)
	v.Yours = page.Link{Text: v.T("public.privacy.yours"), Href: v.To("/your-response")}
	v.HowLong = page.Link{Text: v.T("public.how_long.title"), Href: v.To("/how-long")}
	v.Ask, v.Complain = askLinks(v.Page)
	v.Audit = page.Link{Text: v.T("public.privacy.audit"), Href: v.To("/audit")}
	v.Area = page.Select{Control: page.Control{Name: "area", Label: v.T("public.privacy.area")}, Options: []page.Option{{Label: v.T("public.privacy.area.all")}}}
	v.Button = page.Button{Text: v.T("public.privacy.area.show"), Kind: "secondary"}
	v.All = page.Link{Text: v.T("public.privacy.area.clear"), Href: v.To("/privacy")}
	shown := 0
	for _, a := range areas {
		option := page.Option{Value: a.Name, Label: a.Name, Checked: a.key == wanted}
		if a.Name == "" {
			option = page.Option{Value: noArea, Label: v.T("public.privacy.area.none"), Checked: wanted == noArea}
		}
		v.Area.Options = append(v.Area.Options, option)
		if wanted == "" || option.Checked {
			if a.Name = option.Label; len(areas) == 1 && a.key == "" {
				a.Name = "" // there is nothing to tell apart
			}
			v.Areas = append(v.Areas, a)
			shown += len(a.Notices)
		}
	}
	switch {
	case len(areas) == 0:
		v.Empty = v.T("public.privacy.none")
	case wanted != "" && shown == 0:
		v.Empty = v.T("public.privacy.area.unknown")
	case wanted != "":
		v.Found = v.T("public.privacy.area.found", "Count", shown)
	}
	return h.kit.Render(c, fiber.StatusOK, "public/privacy", v)
}

// areas groups the notices by the service area of their consultation: areas by name, the one without a name last; notices newest first.
func (h *Handlers) areas(c *fiber.Ctx) ([]noticeArea, error) {
	notices, err := h.service.Notices(c.UserContext())
	if err != nil {
		return nil, err
	}
	consultations, err := h.service.PublicConsultations(c.UserContext(), "")
	if err != nil {
		return nil, err
	}
	of := map[string]string{}
	for _, con := range consultations {
		of[con.NoticeID] = strings.Join(strings.Fields(con.Department), " ")
	}
	versions := map[string][]*privacy.NoticeVersion{}
	for _, n := range notices { // by id, then newest first
		versions[n.NoticeID] = append(versions[n.NoticeID], n)
	}
	slices.SortStableFunc(notices, func(a, b *privacy.NoticeVersion) int { return b.EffectiveFrom.Compare(a.EffectiveFrom) })
	p := h.kit.Page(c, "public.privacy.title")
	var out []noticeArea
	for _, n := range notices {
		all := versions[n.NoticeID]
		if n != all[0] {
			continue // it stands below the current one
		}
		name := of[n.NoticeID]
		key := consult.FoldWords(name)
		at := slices.IndexFunc(out, func(a noticeArea) bool { return a.key == key })
		if at < 0 {
			at = len(out)
			out = append(out, noticeArea{key: key, Name: name})
		}
		out[at].Notices = append(out[at].Notices, item(p, all))
	}
	slices.SortFunc(out, func(a, b noticeArea) int {
		if (a.key == "") != (b.key == "") {
			return cmp.Compare(b.key, a.key)
		}
		return cmp.Compare(a.key, b.key)
	})
	return out, nil
}

// item shows the versions of a notice, newest first.
func item(p *page.Page, versions []*privacy.NoticeVersion) noticeItem {
	n := versions[0]
	text, lang := n.In(p.Lang)
	out := noticeItem{Link: page.Link{Text: text.Title, Href: p.To(noticePath(n))}, Version: inForce(p, versions, 0), Languages: languages(p, n), Altered: n.Verify() != nil}
	if lang != p.Lang {
		out.Lang = string(lang)
	}
	for i := 1; i < len(versions); i++ {
		old := versions[i]
		link := page.Link{Text: inForce(p, versions, i) + ". " + languages(p, old), Href: p.To(noticePath(old)), Hidden: text.Title}
		out.Older, out.Altered = append(out.Older, link), out.Altered || old.Verify() != nil
	}
	return out
}

// inForce says from when to when a version held. An older one ended when the next began.
func inForce(p *page.Page, versions []*privacy.NoticeVersion, i int) string {
	n := versions[i]
	number, from := strconv.Itoa(n.Version), locale.Date(p.Lang, n.EffectiveFrom)
	if i == 0 {
		return p.T("public.notice.version", "Version", number, "Date", from)
	}
	to := locale.Date(p.Lang, versions[i-1].EffectiveFrom)
	if to == from {
		return p.T("public.notice.version.day", "Version", number, "Date", from)
	}
	return p.T("public.notice.version.until", "Version", number, "From", from, "To", to)
}

// languages names the languages in which a version is there.
func languages(p *page.Page, n *privacy.NoticeVersion) string {
	var out []string
	for _, lang := range locale.Langs() {
		if _, ok := n.Texts[lang]; ok {
			out = append(out, p.T("public.notice.language."+string(lang)))
		}
	}
	return strings.Join(out, ", ")
}

// responsible says who the controller is and how to reach the data protection officer (UK GDPR art. 13(1)(a) and (b)).
func responsible(p *page.Page) page.SummaryList {
	var l page.SummaryList
	add := func(key string, lines ...string) {
		row := page.SummaryRow{Key: p.T(key)}
		for _, line := range lines {
			if line != "" {
				row.Lines = append(row.Lines, line)
			}
		}
		if len(row.Lines) > 0 {
			l.Rows = append(l.Rows, row)
		}
	}
	c := p.Council
	add("public.privacy.address", lines(c.Address)...)
	add("public.email", c.Email)
	add("public.phone", c.Phone)
	add("public.privacy.dpo", c.DPOName, c.DPOEmail, c.DPOPhone)
	add("public.privacy.registration", c.Registration)
	return l
}
