package page

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Page is what every page has. Views embed *Page; templates read its fields and methods.
type Page struct {
	Lang    locale.Lang
	Title   string // translated; the h1 where the page prints {{template "heading" .}}
	Caption string // small line above the heading, may be empty
	Path    string // of this page, without language prefix and query
	Council privacy.Council
	Demo    bool
	Area    Area
	Nav     Nav
	Bare    bool // neither navigation nor anything else that needs a session or a database

	Back        string        // address of the back link, or empty
	Breadcrumbs []Crumb       // office and partner pages; instead of a back link
	Problems    []Problem     // in page order, for the error summary
	Wide        bool          // the content may use the whole width; residents' pages keep two thirds
	Robots      bool          // search engines may list the page
	Banner      *Notification // shown above the heading
	Kiosk       string        // path at which a shared device starts anew for the next person; empty everywhere else

	kit *Kit
	ctx *fiber.Ctx
}

// Nav is the service navigation of the office and the partner's side.
type Nav struct {
	Items   []NavItem
	Name    string // of whoever is signed in
	SignOut string // path that a POST signs out at; empty = nobody is signed in
}

// NavItem is one section. Href carries no language prefix.
type NavItem struct {
	Text, Href string
	Current    bool
}

// Crumb is one step of the way to this page. Href carries no language prefix; empty for the page itself.
type Crumb struct{ Text, Href string }

// Problem is one line of the error summary.
type Problem struct {
	Field string // of the form
	Href  string // "#" and the id of the first control to mend
	Text  string // translated
}

// Base returns the page itself, so that the layout reads its own fields even where a view has a field of the same name.
func (p *Page) Base() *Page { return p }

// page lets Render reach the Page inside any view that embeds *Page.
func (p *Page) page() *Page { return p }

// Page returns the page of the request. key is the message of its title, args the name, value pairs.
func (k *Kit) Page(c *fiber.Ctx, key string, args ...any) *Page {
	s := state(c)
	return &Page{
		Lang: s.lang, Path: s.path, Area: s.area, Nav: s.nav, Demo: k.options.Demo, Council: k.options.Council(),
		Title: k.options.Catalogue.T(s.lang, key, args...), Kiosk: KioskAt(c), kit: k, ctx: c,
	}
}

// T returns a message in the page's language.
func (p *Page) T(key string, args ...any) string {
	return p.kit.options.Catalogue.T(p.Lang, key, args...)
}

// To returns the address of a path of this service in the page's language.
func (p *Page) To(path string) string { return inLang(p.Lang, path) }

// Other returns the language that the page is not in.
func (p *Page) Other() locale.Lang {
	if p.Lang == locale.Welsh {
		return locale.English
	}
	return locale.Welsh
}

// Bilingual reports whether the council speaks more than one language here.
func (p *Page) Bilingual() bool { return len(p.Council.Languages) > 1 }

// OtherAddress returns the same page, with its query, in the other language. A page that answers a form has an address
// of its own, so that changing the language keeps the place.
func (p *Page) OtherAddress() string {
	address := inLang(p.Other(), p.Path)
	if p.ctx != nil && p.ctx.Method() == fiber.MethodGet {
		if q := string(p.ctx.Request().URI().QueryString()); q != "" {
			address += "?" + q
		}
	}
	return address
}

// CouncilName returns the council's name in the page's language.
func (p *Page) CouncilName() string { return p.Council.Name.In(p.Lang) }

// HasLogo reports whether the council has set a logo.
func (p *Page) HasLogo() bool { return len(p.Council.Logo) > 0 }

// DocumentTitle is the title element: what is wrong first, then the page, then whose it is.
func (p *Page) DocumentTitle() string {
	title := p.Title + " – " + p.CouncilName()
	if len(p.Problems) > 0 {
		title = p.T("error.prefix") + " " + title
	}
	return title
}

// SetProblems fills the error summary with the problems in page order, one for each field.
func (p *Page) SetProblems(problems []survey.Problem) {
	p.Problems = nil
	for _, problem := range problems {
		p.AddProblem(problem.Field, problem.Key, problem.Args...)
	}
}

// AddProblem adds one problem with a form field. The first problem of a field is the one that is shown.
func (p *Page) AddProblem(field, key string, args ...any) {
	if p.Error(field) == "" {
		p.Problems = append(p.Problems, Problem{Field: field, Href: "#" + field, Text: p.T(key, args...)})
	}
}

// LinkProblem makes the error summary link to another control than the one whose id is the field's name.
func (p *Page) LinkProblem(field, id string) {
	for i := range p.Problems {
		if p.Problems[i].Field == field {
			p.Problems[i].Href = "#" + id
		}
	}
}

// Error returns what is wrong with a form field, or "".
func (p *Page) Error(field string) string {
	for _, problem := range p.Problems {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
}

// MarkWords says in words what a text seems to hold.
func (p *Page) MarkWords(kinds []privacy.MarkKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = p.T("texts.kind." + string(k))
	}
	return strings.Join(words, ", ")
}

// CSRF returns the token of a form, masked afresh. Asking for it begins a session.
func (p *Page) CSRF() (string, error) {
	s, err := Session(p.ctx)
	if err != nil {
		return "", err
	}
	return maskToken(sessionToken(s)), nil
}

// Theme returns the address of the council's colours.
func (p *Page) Theme() string { return themeAddress(p.Council) }

// Logo returns the address of the council's logo.
func (p *Page) Logo() string { return logoAddress(p.Council) }

func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") }
