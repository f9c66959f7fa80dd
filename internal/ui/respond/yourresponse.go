package respond

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// heldKey is the session value that holds an entered code while "Your response" is open.
const heldKey = "held"

// opened is what the session keeps of an entered code.
type opened struct {
	Code      string `json:"code"`
	Reference string `json:"reference"`
	Of        string `json:"of"` // id of the consultation
}

func (h *Handlers) yourResponse(r *page.Routes) {
	r.Get("/", h.enterCode)
	r.Ended(h.codeAgain).Post("/", h.openCode)
	r = r.Ended(h.toCode)
	r.Get("/held", h.held)
	r.Get("/receipt", h.heldReceipt)
	r.Get("/receipt.json", h.heldReceiptFile(sendReceipt))
	r.Get("/receipt.kantara.json", h.heldReceiptFile(sendKantara))
	r.Get("/copy.json", h.copyJSON)
	r.Get("/copy.csv", h.copyCSV)
	r.Get("/equality", h.changeEquality)
	r.Post("/equality", h.changeEqualitySend)
	r.Get("/withdraw-consent", h.withdrawnConsent)
	r.Post("/withdraw-consent", h.withdrawConsent)
	r.Get("/new-use/:part", h.newUse)
	r.Post("/new-use/:part", h.decideNewUse)
	r.Get("/renew", h.renew)
	r.Post("/renew", h.renewSend)
	r.Get("/withdraw", h.confirmWithdraw)
	r.Post("/withdraw", h.withdrawResponse)
	r.Get("/withdrawn", h.withdrawn)
	r.Post("/leave", h.close)
}

type codeView struct {
	*page.Page
	Code     page.Input
	Continue page.Button
	DPO      page.Link
	Ask      page.Link
}

// enterCode asks for the withdrawal code.
func (h *Handlers) enterCode(c *fiber.Ctx) error { return h.showCode(c, fiber.StatusOK, "") }

// showCode never prints the code back: a page that others may see, and a mistyped code is typed again sooner than corrected.
func (h *Handlers) showCode(c *fiber.Ctx, status int, problem string) error {
	v := codeView{Page: h.page(c, "respond.code.title")}
	if problem != "" {
		v.AddProblem("code", problem)
	}
	v.Code = page.Input{Width: "30", Autocomplete: "off", Control: page.Control{Name: "code", Label: v.T("respond.code.label"),
		Size: "m", Hint: v.T("respond.code.hint"), Error: v.Error("code")}}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	if email := v.Council.DPOEmail; email != "" {
		v.DPO = page.Link{Text: email, Href: "mailto:" + email}
	}
	v.Ask = page.Link{Text: v.T("rights.link"), Href: v.To("/your-information")}
	return h.kit.Render(c, status, "respond/code", v)
}

// codeAgain answers the form of the code when its session is gone: the code has to be entered again, and nothing was done.
func (h *Handlers) codeAgain(c *fiber.Ctx) error {
	return h.showCode(c, fiber.StatusForbidden, "respond.code.again")
}

// toCode answers the other forms of "Your response" when their session is gone.
func (h *Handlers) toCode(c *fiber.Ctx) error { return page.Redirect(c, "/your-response") }

// openCode looks the code up and keeps it in the session; the address never holds it. Unknown codes are throttled by
// network and told apart by nothing (security.md T10).
func (h *Handlers) openCode(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	code := only(form, "code")
	if code == "" {
		return h.showCode(c, fiber.StatusUnprocessableEntity, "respond.code.missing")
	}
	held, err := h.service.OpenByCode(c.UserContext(), code, page.Network(c))
	switch {
	case fault.Is(err, fault.Invalid):
		return h.showCode(c, fiber.StatusUnprocessableEntity, "error.code.format")
	case fault.Is(err, fault.NotFound):
		return h.showCode(c, fiber.StatusUnprocessableEntity, "respond.code.unknown")
	case err != nil:
		return err
	}
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	if err := s.SetJSON(heldKey, opened{Code: code, Reference: held.Response.Reference, Of: held.Consultation.ID}); err != nil {
		return err
	}
	return page.Redirect(c, "/your-response/held")
}

// Holding returns the code of the response that "Your response" has open in this browser, its reference, and what throttling is keyed on for whoever
// has proved it. ok is false where none is open.
func Holding(c *fiber.Ctx) (code, reference, network string, ok bool, err error) {
	s, err := page.Session(c)
	if err != nil {
		return "", "", "", false, err
	}
	var o opened
	ok = s.JSON(heldKey, &o) && o.Code != ""
	return o.Code, o.Reference, ownNetwork(o.Reference), ok, nil
}

// open returns what is held under the session's code. done is true where it has answered already: no code, or a response
// that is no longer there.
func (h *Handlers) open(c *fiber.Ctx) (o opened, held *consult.Held, done bool, err error) {
	o, done, err = h.opened(c, func(code, network string) error {
		held, err = h.service.HeldByCode(c.UserContext(), code, network)
		return err
	})
	return o, held, done, err
}

// openAll is open with everything that is told about it.
func (h *Handlers) openAll(c *fiber.Ctx) (all *consult.Everything, done bool, err error) {
	_, done, err = h.opened(c, func(code, network string) error {
		all, err = h.service.EverythingByCode(c.UserContext(), code, network)
		return err
	})
	return all, done, err
}

func (h *Handlers) opened(c *fiber.Ctx, find func(code, network string) error) (o opened, done bool, err error) {
	s, err := page.Session(c)
	if err != nil {
		return o, true, err
	}
	if !s.JSON(heldKey, &o) || o.Code == "" {
		return o, true, page.Redirect(c, "/your-response")
	}
	err = find(o.Code, ownNetwork(o.Reference))
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		s.Delete(heldKey)
		return o, true, page.Redirect(c, "/your-response")
	}
	return o, err != nil, err
}

type heldView struct {
	*page.Page
	Facts       page.SummaryList
	Lang        string
	Sections    []answerSection
	Consent     string
	Equality    page.SummaryList
	Change      *page.Button // equality answers
	Over        string       // why they cannot be changed
	Withdraw    *page.Action // consent
	CanWithdraw bool
	Response    string
	Whole       page.Button
	DPO         page.Link
	Notice      page.Link
	Holds       *page.Link // the version that holds now, where that is another one
	Asked       []asked
	Agreed      []agreed
	Receipt     page.Link
	JSON        page.Link
	Copies      []page.Link // of everything, as files
	Corrected   []corrected // what stood there before
	Events      page.SummaryList
	Rights      []page.Link
	Ask         page.Link
	About       about
	Leave       page.Action
}

// held shows everything that is held about one response: the copy that its person may have, to be read (UK GDPR art. 15).
func (h *Handlers) held(c *fiber.Ctx) error {
	all, done, err := h.openAll(c)
	if done {
		return err
	}
	held := &all.Held
	v := heldView{Page: h.page(c, "respond.held.title"), CanWithdraw: held.CanWithdraw}
	token, err := v.CSRF()
	if err != nil {
		return err
	}
	cons := held.Consultation
	p := place{Consultation: cons, def: held.Definition}
	v.Lang = p.foreign(v.Page.Lang)
	v.Facts = heldFacts(v.Page, held)
	if v.Sections, err = h.answers(c, v.Page, held.Definition, survey.NewJourney(held.Definition, held.Response.Answers), nil); err != nil {
		return err
	}
	v.Consent = consentLine(v.Page, held)
	if v.Equality, err = h.equalityRows(c, v.Page, held); err != nil {
		return err
	}
	if privacy.Permits(held.Consent.State) {
		key := "respond.change_equality.link"
		if len(v.Equality.Rows) == 0 {
			key = "respond.change_equality.answer"
		}
		if held.EqualityOver {
			v.Over = v.T("error.equality.over")
		} else {
			v.Change = &page.Button{Text: v.T(key), Href: v.To(changeEqualityPath), Kind: "secondary"}
		}
		v.Withdraw = &page.Action{Href: v.To("/your-response/withdraw-consent"), Token: token,
			Button: page.Button{Text: v.T("respond.held.withdraw_consent"), Kind: "warning"}}
	}
	v.Response = v.T("respond.held.response.closed", "Date", dateTime(v.Page, cons.ClosesAt))
	if held.CanWithdraw {
		v.Response = v.T("respond.held.response.text", "Date", dateTime(v.Page, cons.ClosesAt))
	}
	v.Whole = page.Button{Text: v.T("respond.held.response.button"), Href: v.To("/your-response/withdraw"), Kind: "secondary"}
	if email := v.Council.DPOEmail; email != "" {
		v.DPO = page.Link{Text: email, Href: "mailto:" + email}
	}
	v.Notice = page.Link{Text: v.T("respond.held.notice", "Version", itoa(held.Response.NoticeVersion)),
		Href: v.To("/privacy/notices/" + held.Response.NoticeID + "/" + itoa(held.Response.NoticeVersion))}
	if held.Holds != held.Response.NoticeVersion {
		v.Holds = &page.Link{Text: v.T("respond.held.holds", "Version", itoa(held.Holds)), Href: v.To("/privacy/notices/" + held.Response.NoticeID + "/" + itoa(held.Holds))}
	}
	v.Asked, v.Agreed = askedOf(v.Page, held), agreedTo(v.Page, held, token)
	v.Receipt = page.Link{Text: v.T("respond.done.receipt.page"), Href: v.To("/your-response/receipt")}
	v.JSON = page.Link{Text: v.T("respond.done.receipt.json"), Href: v.To("/your-response/receipt.json")}
	v.Copies = []page.Link{{Text: v.T("respond.held.copy.json"), Href: v.To("/your-response/copy.json")},
		{Text: v.T("respond.held.copy.csv"), Href: v.To("/your-response/copy.csv")}}
	v.Events = consentEvents(v.Page, all.Events)
	if v.Corrected, err = h.corrected(c, v.Page, all); err != nil {
		return err
	}
	v.Rights = rightLinks(v.Page, held.Processing)
	v.Ask = page.Link{Text: v.T("respond.held.ask"), Href: v.To("/your-information/ask")}
	v.About = aboutOf(v.Page, all)
	v.Leave = page.Action{Href: v.To("/your-response/leave"), Token: token, Button: page.Button{Text: v.T("respond.held.leave"), Kind: "secondary"}}
	return h.kit.Render(c, fiber.StatusOK, "respond/held", v)
}

func heldFacts(p *page.Page, held *consult.Held) page.SummaryList {
	r, cons := held.Response, held.Consultation
	list := page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("respond.held.reference"), Lines: []string{r.Reference}, Code: true},
		{Key: p.T("respond.held.consultation"), Lines: []string{cons.Title.In(p.Lang)}},
		{Key: p.T("respond.held.sent_on"), Lines: []string{locale.ISODate(p.Lang, r.SubmittedOn)}},
		{Key: p.T("respond.held.channel"), Lines: []string{p.T("respond.held.channel." + string(r.Channel))}},
		{Key: p.T("respond.held.language"), Lines: []string{p.T("respond.held.language." + string(r.Language))}},
	}}
	list.Rows = append(list.Rows, ageRows(p, r.Ages)...)
	if k := held.Capture; k != nil {
		row := page.SummaryRow{Key: p.T("receipt.row.recorder"), Lines: []string{p.T("receipt.recorder." + string(k.Role)), p.T("respond.held.form", "Version", k.Form)}}
		if k.Scan != "" {
			row.Lines = append(row.Lines, p.T("respond.held.scan", "Reference", k.Scan))
		}
		list.Rows = append(list.Rows, row)
	}
	return list
}

// ageRows shows what is kept of the questions about age; no row where nothing was asked.
func ageRows(p *page.Page, c privacy.AgeChecks) []page.SummaryRow {
	if c.Empty() {
		return nil
	}
	return []page.SummaryRow{{Key: p.T("respond.held.age"), Lines: c.Lines(p.Lang)}}
}

// consentLine says where the equality consent stands, and since when.
func consentLine(p *page.Page, held *consult.Held) string {
	date := func(key string) string { return p.T(key, "Date", locale.DateTime(p.Lang, held.Consent.At)) }
	switch state := held.Consent.State; {
	case privacy.Permits(state) && len(held.Equality) > 0:
		return date("respond.held.equality.given")
	case privacy.Permits(state):
		return date("respond.held.equality.given.none")
	case state == privacy.ConsentRefused:
		return date("respond.held.equality.refused")
	case state == privacy.ConsentWithdrawn:
		return date("respond.held.equality.withdrawn")
	case state == privacy.ConsentNone || state == privacy.ConsentRequested:
		return p.T("respond.held.equality.none")
	}
	return date("respond.held.equality.ended")
}

func (h *Handlers) equalityRows(c *fiber.Ctx, p *page.Page, held *consult.Held) (page.SummaryList, error) {
	var out page.SummaryList
	j := survey.NewEqualityJourney(held.Definition, held.Equality)
	for _, q := range j.Steps() {
		a := j.Answer(q.ID)
		if a.Empty() {
			continue
		}
		row, err := h.row(c, p, q, a)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

func (h *Handlers) heldReceipt(c *fiber.Ctx) error {
	o, _, done, err := h.open(c)
	if done {
		return err
	}
	return h.showReceipt(c, o.Code, "/your-response/held", "/your-response")
}

func (h *Handlers) heldReceiptFile(send sendFile) fiber.Handler {
	return func(c *fiber.Ctx) error {
		o, _, done, err := h.open(c)
		if done {
			return err
		}
		return h.sendReceiptFile(c, o.Code, send)
	}
}

// close forgets the code, and every confirmation in this browser that shows it.
func (h *Handlers) close(c *fiber.Ctx) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	var o opened
	if s.JSON(heldKey, &o) {
		p := place{Consultation: &consult.Consultation{ID: o.Of}}
		if mine, ok, err := h.sent(c, p); err == nil && ok && mine.Reference == o.Reference {
			s.Delete(h.sentKey(p))
		}
	}
	s.Delete(heldKey)
	return page.Done(c, "/your-response", "respond.held.left")
}

// dateTime writes a moment as residents read it: "Friday 5 March 2027 at 5pm".
func dateTime(p *page.Page, t time.Time) string { return locale.DateTime(p.Lang, t) }
