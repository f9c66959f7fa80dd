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

// askLinks lead to what people can ask about their information, and to the complaint (DPA 2018 s.164A: a form, and other means beside it).
func askLinks(p *page.Page) (ask, complain page.Link) {
	return page.Link{Text: p.T("rights.link"), Href: p.To("/your-information")},
		page.Link{Text: p.T("rights.link.complain"), Href: p.To("/your-information/ask?about=" + string(privacy.AskComplaint))}
}

type noticeView struct {
	*page.Page
	Version string
	Lang    string
	Text    privacy.NoticeText
	Current *page.Link // of an older version
	Altered *page.Warning
	Changes *page.Link // what is different from the version before
	Plain   page.Link
	Older   []page.Link // all other versions
	Hash    string
	All     page.Link

	Ask, Complain page.Link
}

// versions returns all versions of the notice that the address names, newest first, and where the one of the address is.
func (h *Handlers) versions(c *fiber.Ctx) ([]*privacy.NoticeVersion, int, error) {
	all, err := h.service.Notices(c.UserContext())
	if err != nil {
		return nil, 0, err
	}
	all = slices.DeleteFunc(all, func(n *privacy.NoticeVersion) bool { return n.NoticeID != c.Params("id") })
	version, err := strconv.Atoi(c.Params("version"))
	at := slices.IndexFunc(all, func(n *privacy.NoticeVersion) bool { return n.Version == version })
	if err != nil || at < 0 || strconv.Itoa(version) != c.Params("version") {
		return nil, 0, fault.New(fault.NotFound, "error.text.not_found")
	}
	return all, at, nil
}

// notice shows one version of a notice. It never changes: whoever saw it finds the same text (privacy.md 2, decision 4). If somebody
// changed it in the database all the same, the page says so.
func (h *Handlers) notice(c *fiber.Ctx) error {
	all, at, err := h.versions(c)
	if err != nil {
		return err
	}
	n := all[at]
	v := noticeView{Page: h.kit.Page(c, "public.notice.caption")}
	text, lang := n.In(v.Page.Lang)
	v.Text, v.Title = text, text.Title // the title says that it is a notice
	if lang != v.Page.Lang {
		v.Lang = string(lang)
	}
	v.Robots = at == 0
	v.Version = inForce(v.Page, all, at)
	v.Hash = v.T("public.notice.hash", "Hash", n.SHA256)
	v.Ask, v.Complain = askLinks(v.Page)
	v.All = page.Link{Text: v.T("public.notice.all"), Href: v.To("/privacy")}
	v.Plain = page.Link{Text: v.T("public.notice.plain"), Href: v.To(noticePath(n) + ".txt")}
	if at > 0 {
		v.Current = &page.Link{Text: v.T("public.notice.current", "Version", strconv.Itoa(all[0].Version)), Href: v.To(noticePath(all[0]))}
	}
	if n.Verify() != nil {
		v.Altered = &page.Warning{Text: v.T("public.notice.altered")}
	}
	if at+1 < len(all) {
		v.Changes = &page.Link{Text: v.T("public.notice.changes.link", "Version", strconv.Itoa(all[at+1].Version)), Href: v.To(noticePath(n) + "/changes")}
	}
	for i, other := range all {
		if i != at {
			v.Older = append(v.Older, page.Link{Text: inForce(v.Page, all, i), Href: v.To(noticePath(other))})
		}
	}
	return h.kit.Render(c, fiber.StatusOK, "public/notice", v)
}

// noticeText answers with a version as plain text, to keep.
func (h *Handlers) noticeText(c *fiber.Ctx) error {
	all, at, err := h.versions(c)
	if err != nil {
		return err
	}
	p := h.kit.Page(c, "public.notice.caption")
	text := all[at].Plain(p.Lang)
	if all[at].Verify() != nil {
		text = p.T("public.notice.altered") + "\n\n" + text
	}
	return page.Download(c, "privacy-notice-"+all[at].NoticeID+"-"+strconv.Itoa(all[at].Version)+".txt", "text/plain; charset=utf-8", []byte(text))
}

type changesView struct {
	*page.Page
	Intro    string
	Lang     string
	Altered  *page.Warning
	Sections []changedSection
	Same     []string // headings of sections in which nothing changed
	Notices  []page.Link
}

type changedSection struct {
	ID, Heading string
	Tag         page.Tag
	Lines       []changedLine
}

type changedLine struct {
	Text           string
	Item           bool
	Added, Removed bool
}

// noticeChanges compares a version with the one before, section by section.
func (h *Handlers) noticeChanges(c *fiber.Ctx) error {
	all, at, err := h.versions(c)
	if err != nil {
		return err
	}
	if at+1 >= len(all) {
		return fault.New(fault.NotFound, "error.text.not_found") // the first version changed nothing
	}
	now, before := all[at], all[at+1]
	v := changesView{Page: h.kit.Page(c, "public.notice.changes.title")}
	lang := v.Page.Lang
	if now.Texts[lang].Title == "" || before.Texts[lang].Title == "" {
		lang, v.Lang = locale.English, string(locale.English)
	}
	v.Intro = v.T("public.notice.changes.intro", "Title", now.Texts[lang].Title, "Before", strconv.Itoa(before.Version), "Version", strconv.Itoa(now.Version), "Date", locale.Date(v.Page.Lang, now.EffectiveFrom))
	if now.Verify() != nil || before.Verify() != nil {
		v.Altered = &page.Warning{Text: v.T("public.notice.altered")}
	}
	for _, s := range privacy.CompareNotices(before.Texts[lang], now.Texts[lang]) {
		if s.Change == privacy.Unchanged {
			v.Same = append(v.Same, s.Heading)
			continue
		}
		section := changedSection{ID: s.ID, Heading: s.Heading, Tag: page.Tag{Text: v.T("public.notice.change." + string(s.Change)), Colour: changeColours[s.Change]}}
		for _, l := range s.Lines {
			section.Lines = append(section.Lines, changedLine{l.Text, l.Item, l.Change == privacy.Added, l.Change == privacy.Removed})
		}
		v.Sections = append(v.Sections, section)
	}
	for _, n := range []*privacy.NoticeVersion{now, before} {
		v.Notices = append(v.Notices, page.Link{Text: v.T("public.notice.read", "Version", strconv.Itoa(n.Version)), Href: v.To(noticePath(n))})
	}
	return h.kit.Render(c, fiber.StatusOK, "public/notice_changes", v)
}

var changeColours = map[privacy.Change]string{privacy.Added: "green", privacy.Removed: "red", privacy.Changed: "blue"}
