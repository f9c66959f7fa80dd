package rights

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// The most characters of what people write.
const (
	mostText      = 5000
	mostName      = 200
	mostContact   = 500
	mostAuthority = 500
)

func lines(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
}

type chooseView struct {
	*page.Page
	About    string // the response in this browser that this would be about
	Kinds    page.Radios
	Continue page.Button
}

// choose asks what somebody wants to ask. With a response in this browser it offers what its bases give and hides what they do not (privacy.md 5.2).
func (h *Handlers) choose(c *fiber.Ctx, status int, problem string, mine *holding) error {
	v := chooseView{Page: h.kit.Page(c, "rights.choose.title")}
	v.Back = v.To("/your-information")
	kinds := privacy.RequestKinds()
	if mine != nil {
		kinds = respond.Kinds(mine.held.Processing)
		v.About = v.T("rights.choose.about", "Reference", mine.reference)
		v.Back = v.To("/your-response/held")
	}
	if problem != "" {
		v.AddProblem("about", problem)
	}
	v.Kinds = page.Radios{Group: page.Group{Name: "about", Legend: v.Title, Heading: true, Error: v.Error("about")}}
	for _, kind := range kinds {
		v.Kinds.Options = append(v.Kinds.Options, page.Option{Value: string(kind), Label: v.T("rights.kind." + string(kind)), Hint: v.T("rights.kind." + string(kind) + ".text")})
	}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	return h.kit.Render(c, status, "rights/choose", v)
}

// ask shows the form for what the address says; without it, or with something that cannot be asked, the choice.
func (h *Handlers) ask(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	mine, err := h.holding(c)
	if err != nil {
		return err
	}
	kind, ok := kindOf(query)
	switch {
	case ok:
		form := survey.Form{"mine": {"yes"}} // who comes from a response asks about it
		return h.show(c, fiber.StatusOK, h.kit.Page(c, "rights.ask."+string(kind)), kind, form, mine)
	case len(query["about"]) > 0 || len(query["chosen"]) > 0:
		return h.choose(c, fiber.StatusUnprocessableEntity, "rights.choose.missing", mine)
	}
	return h.choose(c, fiber.StatusOK, "", mine)
}

func kindOf(f survey.Form) (privacy.RequestKind, bool) {
	kind := privacy.RequestKind(f.First("about"))
	return kind, len(f["about"]) == 1 && slices.Contains(privacy.RequestKinds(), kind)
}

type askView struct {
	*page.Page
	About     page.Hidden
	Once      page.Hidden
	Limit     string     // what this right gives, and where it ends
	Shortcut  *page.Link // for what can be had at once
	At        string
	Mine      *page.Checkboxes
	Text      page.Textarea
	Marketing *page.Checkboxes
	Name      page.Input
	Contact   page.Textarea
	Authority page.Textarea
	Code      *page.Input
	Send      page.Button
	Other     page.Link
	Ways      page.Link
}

// show shows the form with what was typed. The withdrawal code is never printed back.
func (h *Handlers) show(c *fiber.Ctx, status int, p *page.Page, kind privacy.RequestKind, form survey.Form, mine *holding) error {
	v := askView{Page: p, About: page.Hidden{Name: "about", Value: string(kind)}, Once: page.Hidden{Name: "once", Value: form.First("once")}}
	if v.Once.Value == "" {
		v.Once.Value = dpo.NewForm()
	}
	if c.Method() == fiber.MethodPost {
		v.Page.Path = askPath(kind) // the other language keeps what is asked
	}
	v.Caption, v.Back = v.T("rights.caption"), v.To("/your-information/ask")
	v.Limit = v.T("rights.kind." + string(kind) + ".text")
	control := func(name, label, hint string, optional bool) page.Control {
		out := page.Control{Name: name, Label: v.T(label), Size: "s", Value: form.First(name), Error: v.Error(name), Optional: optional}
		if hint != "" {
			out.Hint = v.T(hint)
		}
		return out
	}
	tick := func(name, label, hint string) *page.Checkboxes {
		return &page.Checkboxes{Group: page.Group{Name: name, Legend: v.T("rights.ask." + name), Size: "s"},
			Options: []page.Option{{Value: "yes", Label: label, Hint: hint, Checked: form.First(name) == "yes"}}}
	}
	text := "rights.text." + string(kind)
	v.Text = page.Textarea{Control: control("text", text, text+".hint", kind != privacy.AskComplaint), Rows: 8, Max: mostText}
	if kind == privacy.AskObject {
		v.Marketing = tick("marketing", v.T("rights.ask.marketing.label"), v.T("rights.ask.marketing.hint"))
	}
	v.Name = page.Input{Control: control("name", "rights.ask.name", "", true), Autocomplete: "name"}
	v.Contact = page.Textarea{Control: control("contact", "rights.ask.contact", "rights.ask.contact.hint", false), Rows: 4}
	v.Authority = page.Textarea{Control: control("authority", "rights.ask.authority", "rights.ask.authority.hint", true), Rows: 3}
	if mine != nil {
		v.Mine = tick("mine", v.T("rights.ask.mine.label", "Reference", mine.reference), v.T("rights.ask.mine.hint"))
	} else {
		code := control("code", "respond.code.label", "rights.ask.code.hint", true)
		code.Value = ""
		v.Code = &page.Input{Control: code, Width: "30", Autocomplete: "off"}
	}
	if kind == privacy.AskAccess || kind == privacy.AskPortability {
		v.Shortcut, v.At = &page.Link{Text: v.T("rights.ask.shortcut.link"), Href: v.To("/your-response")}, v.T("rights.ask.shortcut")
		if mine != nil {
			v.Shortcut.Href, v.At = v.To("/your-response/held"), v.T("rights.ask.shortcut.held")
		}
	}
	v.Send = page.Button{Text: v.T("rights.ask.send")}
	v.Other = page.Link{Text: v.T("rights.ask.other"), Href: v.To("/your-information/ask")}
	v.Ways = page.Link{Text: v.T("rights.ask.ways"), Href: v.To("/your-information#other-ways")}
	return h.kit.Render(c, status, "rights/ask", v)
}

// again answers a form whose session is gone: nothing was sent, and nothing of what was typed is lost.
func (h *Handlers) again(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	kind, ok := kindOf(form)
	if !ok {
		return h.choose(c, fiber.StatusForbidden, "rights.choose.missing", nil)
	}
	p := h.kit.Page(c, "rights.ask."+string(kind))
	p.AddProblem("text", "rights.ask.again")
	return h.show(c, fiber.StatusForbidden, p, kind, form, nil)
}

// send puts the request on the desk of the data protection officer. A second click and a reload find the same case.
func (h *Handlers) send(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	mine, err := h.holding(c)
	if err != nil {
		return err
	}
	kind, ok := kindOf(form)
	if !ok {
		return h.choose(c, fiber.StatusUnprocessableEntity, "rights.choose.missing", mine)
	}
	if len(form["once"]) > 1 || !ticked(form, "mine") || !ticked(form, "marketing") {
		return fiber.ErrBadRequest // no form of ours sends that
	}
	p := h.kit.Page(c, "rights.ask."+string(kind))
	r, code, network := read(p, kind, form, mine, page.Network(c))
	if len(p.Problems) > 0 {
		return h.show(c, fiber.StatusUnprocessableEntity, p, kind, form, mine)
	}
	if code != "" { // before anything is counted as stored
		if _, err := h.service.HeldByCode(c.UserContext(), code, network); err != nil {
			return h.refuse(c, err, p, kind, form, mine)
		}
	}
	if err := h.admit(c); err != nil {
		return err
	}
	once := form.First("once")
	if once == "" {
		once = dpo.NewForm()
	}
	found, err := h.desk.ReceiveOnce(c.UserContext(), r, code, network, once)
	if err != nil {
		return err
	}
	return h.keep(c, found, r)
}

// refuse answers a code that cannot be used. What else was typed is kept, and can be sent without a code.
func (h *Handlers) refuse(c *fiber.Ctx, err error, p *page.Page, kind privacy.RequestKind, form survey.Form, mine *holding) error {
	var f *fault.Error
	switch {
	case !errors.As(err, &f) || mine != nil: // nobody typed a code
		return err
	case f.Kind == fault.NotFound || f.Kind == fault.Invalid:
		p.AddProblem("code", "respond.code.unknown")
		return h.show(c, fiber.StatusUnprocessableEntity, p, kind, form, mine)
	case f.Kind == fault.Throttled:
		page.RetryAfter(c, err)
		p.AddProblem("code", f.Key, f.Args...)
		return h.show(c, fiber.StatusTooManyRequests, p, kind, form, mine)
	}
	return err
}

// ticked reports whether a checkbox is as our form sends it.
func ticked(f survey.Form, name string) bool {
	return len(f[name]) == 0 || len(f[name]) == 1 && f.First(name) == "yes"
}

// read reads the fields, normalised, and notes what is missing or too long in the page's order.
func read(p *page.Page, kind privacy.RequestKind, form survey.Form, mine *holding, network string) (r privacy.Request, code, by string) {
	field := func(name string, kind survey.Kind, most int) string {
		a, problems := survey.Question{ID: name, Kind: kind, MaxLength: most}.Parse(form, nil)
		for _, problem := range problems {
			p.AddProblem(problem.Field, problem.Key, problem.Args...)
		}
		return a.Text
	}
	r = privacy.Request{Kind: kind, Marketing: kind == privacy.AskObject && form.First("marketing") == "yes"}
	r.Text = field("text", survey.LongText, mostText)
	if kind == privacy.AskComplaint && r.Text == "" {
		p.AddProblem("text", "rights.ask.text.missing")
	}
	by = network
	if mine != nil && form.First("mine") == "yes" {
		code, by = mine.code, mine.network
	} else if mine == nil {
		code = strings.TrimSpace(strings.Join(form["code"], "\x00")) // two of them are no code
	}
	r.Name = field("name", survey.ShortText, mostName)
	r.Contact = field("contact", survey.LongText, mostContact)
	if r.Contact == "" && code == "" {
		p.AddProblem("contact", "rights.ask.contact.missing")
	}
	r.Authority = field("authority", survey.LongText, mostAuthority)
	return r, code, by
}
