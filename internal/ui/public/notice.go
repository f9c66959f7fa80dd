package public

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

func noticePath(n *privacy.NoticeVersion) string {
	return "/privacy/notices/" + n.NoticeID + "/" + strconv.Itoa(n.Version)
}

type privacyView struct {
	*page.Page
	Responsible string
	Facts       page.SummaryList
	Notices     page.Table
	Yours       page.Link
	Audit       page.Link
}

// privacy lists the notices of all consultations, every version of each, and who is responsible.
func (h *Handlers) privacy(c *fiber.Ctx) error {
	notices, err := h.service.Notices(c.UserContext())
	if err != nil {
		return err
	}
	v := privacyView{Page: h.kit.Page(c, "public.privacy.title")}
	v.Robots = true
	v.Responsible = v.T("public.privacy.responsible.text", "Council", v.CouncilName())
	v.Facts = responsible(v.Page)
	v.Yours = page.Link{Text: v.T("public.privacy.yours"), Href: v.To("/your-response")}
	v.Audit = page.Link{Text: v.T("public.privacy.audit"), Href: v.To("/audit")}
	v.Notices = page.Table{Caption: v.T("public.privacy.notices"), Stack: true, HiddenCaption: true, Empty: v.T("public.privacy.none"),
		Head: page.Cells(v.T("public.privacy.notice"), v.T("public.privacy.version"), v.T("public.privacy.from"))}
	slices.SortStableFunc(notices, func(a, b *privacy.NoticeVersion) int { return b.EffectiveFrom.Compare(a.EffectiveFrom) })
	for _, n := range notices {
		text, _ := n.In(v.Page.Lang)
		v.Notices.Rows = append(v.Notices.Rows, page.Row{Cells: []page.Cell{
			{Link: &page.Link{Text: text.Title, Href: v.To(noticePath(n)), Hidden: v.T("public.privacy.version") + " " + strconv.Itoa(n.Version)}},
			{Text: strconv.Itoa(n.Version)},
			{Text: locale.Date(v.Page.Lang, n.EffectiveFrom)},
		}})
	}
	return h.kit.Render(c, fiber.StatusOK, "public/privacy", v)
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

type noticeView struct {
	*page.Page
	Version string
	Lang    string
	Text    privacy.NoticeText
	Newer   *page.Link
	Hash    string
	All     page.Link
}

// notice shows one version of a notice. It never changes: whoever saw it finds the same text (privacy.md 2, decision 4).
func (h *Handlers) notice(c *fiber.Ctx) error {
	version, err := strconv.Atoi(c.Params("version"))
	if err != nil {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	n, err := h.service.Notice(c.UserContext(), c.Params("id"), version)
	if err != nil {
		return err
	}
	v := noticeView{Page: h.kit.Page(c, "public.notice.caption")}
	text, lang := n.In(v.Page.Lang)
	v.Text, v.Title = text, text.Title // the title says that it is a notice
	if lang != v.Page.Lang {
		v.Lang = string(lang)
	}
	v.Robots = true
	v.Version = v.T("public.notice.version", "Version", strconv.Itoa(n.Version), "Date", locale.Date(v.Page.Lang, n.EffectiveFrom))
	v.Hash = v.T("public.notice.hash", "Hash", n.SHA256)
	v.All = page.Link{Text: v.T("public.notice.all"), Href: v.To("/privacy")}
	if v.Newer, err = h.newer(c, v.Page, n); err != nil {
		return err
	}
	return h.kit.Render(c, fiber.StatusOK, "public/notice", v)
}

// newer links to the latest version of a notice, if n is not it.
func (h *Handlers) newer(c *fiber.Ctx, p *page.Page, n *privacy.NoticeVersion) (*page.Link, error) {
	all, err := h.service.Notices(c.UserContext())
	if err != nil {
		return nil, err
	}
	latest := n
	for _, other := range all {
		if other.NoticeID == n.NoticeID && other.Version > latest.Version {
			latest = other
		}
	}
	if latest == n {
		return nil, nil
	}
	return &page.Link{Text: p.T("public.notice.newer.link", "Version", strconv.Itoa(latest.Version)), Href: p.To(noticePath(latest))}, nil
}
