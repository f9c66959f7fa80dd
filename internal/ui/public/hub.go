package public

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
)

const (
	longestSearch = 100 // runes
	closedShown   = 10  // closed consultations before "show all"
)

type hubView struct {
	*page.Page
	Lead     string
	Search   page.Input
	Button   page.Button
	Found    string // how many the search found
	Clear    *page.Link
	Open     []card
	Upcoming []card
	Closed   []card
	AllOf    *page.Link // all closed ones
	Nothing  bool       // nothing is open, and nobody searched
	Yours    page.Link
}

// card is one consultation of the list.
type card struct {
	Title   page.Link
	Lang    string // of title and summary, where it is not the page's
	Summary string
	When    string
	Minutes string
	Outcome *page.Link
	Results *page.Link
}

// hub lists open, upcoming and closed consultations. The search is in the address, so that it can be kept and sent on.
func (h *Handlers) hub(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	words := strings.Join(strings.Fields(query.First("q")), " ")
	v := hubView{Page: h.kit.Page(c, "public.hub.title")}
	v.Robots = words == ""
	v.Lead = v.T("public.hub.lead", "Council", v.CouncilName())
	status := fiber.StatusOK
	searched := words
	if utf8.RuneCountInString(words) > longestSearch {
		v.AddProblem("q", "public.hub.search.long")
		status, searched = fiber.StatusUnprocessableEntity, ""
	}
	found, err := h.service.PublicConsultations(c.UserContext(), searched)
	if err != nil {
		return err
	}
	v.Search = page.Input{Type: "search", Width: "20", Spellcheck: true, Control: page.Control{Name: "q", Label: v.T("public.hub.search.label"),
		Hint: v.T("public.hub.search.hint"), Error: v.Error("q"), Value: words}}
	v.Button = page.Button{Text: v.T("public.hub.search.button"), Kind: "secondary"}
	v.Yours = page.Link{Text: v.T("public.hub.code.link"), Href: v.To("/your-response")}
	with, err := h.service.WithResults(c.UserContext())
	if err != nil {
		return err
	}
	h.sort(&v, found, with)
	v.Nothing = searched == "" && len(v.Open) == 0
	if searched != "" {
		v.Found = v.T("public.hub.search.found", "Count", len(found), "Words", words)
		if len(found) == 0 {
			v.Found = v.T("public.hub.search.none", "Words", words)
		}
		v.Clear = &page.Link{Text: v.T("public.hub.search.clear"), Href: v.To("/")}
	}
	if len(v.Closed) > closedShown && query.First("closed") != "all" {
		v.AllOf = &page.Link{Text: v.T("public.hub.closed.all", "Count", len(v.Closed)), Href: v.To(allClosed(words))}
		v.Closed = v.Closed[:closedShown]
	}
	return h.kit.Render(c, status, "public/hub", v)
}

func allClosed(words string) string {
	q := url.Values{"closed": {"all"}}
	if words != "" {
		q.Set("q", words)
	}
	return "/?" + q.Encode()
}

func (h *Handlers) sort(v *hubView, found []*consult.Consultation, with map[string]bool) {
	for _, c := range found {
		item := h.card(v.Page, c)
		if with[c.ID] {
			item.Results = &page.Link{Text: v.T("public.hub.results"), Hidden: v.T("public.hub.outcome.of", "Title", item.Title.Text),
				Href: v.To("/c/" + c.Slug + "/results")}
		}
		switch c.Status(h.kit.Now()) {
		case consult.StatusOpen:
			v.Open = append(v.Open, item)
		case consult.StatusUpcoming:
			v.Upcoming = append(v.Upcoming, item)
		default:
			v.Closed = append(v.Closed, item)
		}
	}
}

func (h *Handlers) card(p *page.Page, c *consult.Consultation) card {
	base := "/c/" + c.Slug
	item := card{Title: page.Link{Text: c.Title.In(p.Lang), Href: p.To(base)}, Lang: foreign(p, c.Title), Summary: c.Summary.In(p.Lang)}
	switch c.Status(h.kit.Now()) {
	case consult.StatusOpen:
		item.When = p.T("public.hub.closes", "Date", locale.DateTime(p.Lang, c.ClosesAt),
			"Relative", h.kit.Catalogue().Relative(p.Lang, h.kit.Now(), c.ClosesAt))
		if c.Minutes > 0 {
			item.Minutes = p.T("public.hub.minutes", "Count", c.Minutes)
		}
	case consult.StatusUpcoming:
		item.When = p.T("public.hub.opens", "Date", locale.DateTime(p.Lang, c.OpensAt),
			"Relative", h.kit.Catalogue().Relative(p.Lang, h.kit.Now(), c.OpensAt))
	case consult.StatusReported:
		item.Outcome = &page.Link{Text: p.T("public.hub.outcome"), Hidden: p.T("public.hub.outcome.of", "Title", item.Title.Text),
			Href: p.To(base + "/outcome")}
		fallthrough
	default:
		item.When = p.T("public.hub.closed_on", "Date", locale.Date(p.Lang, c.ClosesAt))
	}
	return item
}

// foreign returns the language in which a text really is, where that is not the page's, for the lang attribute (WCAG 3.1.2).
func foreign(p *page.Page, t locale.Text) string {
	if actual := t.Lang(p.Lang); actual != p.Lang {
		return string(actual)
	}
	return ""
}
