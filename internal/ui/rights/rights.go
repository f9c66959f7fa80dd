// Package rights answers: how does somebody ask about information that the council holds about them?
//
// It holds what people may ask and by when they are answered, the form for a request or a complaint without an account, and its confirmation. What a
// person asks, their name and how to reach them go to the desk of the data protection officer, sealed, and are nowhere else: not in the session, not in
// an address, not in the log. Reviewers: DPO, designer, accessibility.
package rights

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// Service is what these pages need of consult.Service.
type Service interface {
	HeldByCode(ctx context.Context, code, network string) (*consult.Held, error)
}

// Desk is what these pages need of dpo.Desk.
type Desk interface {
	ReceiveOnce(ctx context.Context, r privacy.Request, code, network, form string) (*dpo.Case, error)
}

// Handlers serve the pages.
type Handlers struct {
	kit     *page.Kit
	service Service
	desk    Desk
}

// Register adds the pages.
func Register(k *page.Kit, s *consult.Service) {
	h := &Handlers{kit: k, service: s, desk: &dpo.Desk{Service: s}}
	r := k.Routes(page.Public, "/your-information")
	r.Get("/", h.information)
	r.Get("/ask", h.ask)
	r.Ended(h.again).Post("/ask", h.send)
	r.Get("/sent", h.sent)
	r.Ended(h.left).Post("/sent", h.leave)
}

// holding is the response that "Your response" has open in this browser.
type holding struct {
	code, reference, network string
	held                     *consult.Held
}

// holding returns nil where none is open, or it is not there any more.
func (h *Handlers) holding(c *fiber.Ctx) (*holding, error) {
	code, reference, network, ok, err := respond.Holding(c)
	if err != nil || !ok {
		return nil, err
	}
	held, err := h.service.HeldByCode(c.UserContext(), code, network)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return nil, nil
	}
	return &holding{code, reference, network, held}, err
}

// right is one thing that people may ask.
type right struct {
	Ask  page.Link
	Text string
}

type informationView struct {
	*page.Page
	Rights    []right
	Ask       page.Button
	Yours     page.Link
	Ways      page.SummaryList
	Regulator string
}

// information says in plain words what people can ask, what it costs, when they are answered, and how else they can ask.
func (h *Handlers) information(c *fiber.Ctx) error {
	v := informationView{Page: h.kit.Page(c, "rights.title")}
	v.Robots = true
	for _, kind := range privacy.RequestKinds() {
		v.Rights = append(v.Rights, right{page.Link{Text: v.T("rights.kind." + string(kind)), Href: v.To(askPath(kind))}, v.T("rights.kind." + string(kind) + ".text")})
	}
	v.Ask = page.Button{Text: v.T("rights.ask.begin"), Href: v.To("/your-information/ask")}
	v.Yours = page.Link{Text: v.T("layout.your_response"), Href: v.To("/your-response")}
	v.Ways = ways(v.Page)
	if r := v.Council.Regulator.In(v.Page.Lang); r != "" {
		v.Regulator = v.T("rights.regulator.text", "Regulator", r, "Contact", v.Council.RegulatorContact.In(v.Page.Lang))
	}
	return h.kit.Render(c, fiber.StatusOK, "rights/information", v)
}

func askPath(kind privacy.RequestKind) string { return "/your-information/ask?about=" + string(kind) }

// ways lists the other means to ask that the council has: a form must not be the only one (DPA 2018 s.164A).
func ways(p *page.Page) page.SummaryList {
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
	add("public.phone", c.Phone)
	add("public.email", c.Email)
	add("rights.ways.post", lines(c.Address)...)
	add("public.privacy.dpo", c.DPOName, c.DPOEmail, c.DPOPhone)
	return l
}

type sentView struct {
	*page.Page
	Panel    page.Panel
	Next     []string
	Ways     page.SummaryList // for whom we cannot reach
	Again    page.Link
	Yours    page.Link
	Leave    page.Button
	Unreach  string
	KeepText string
}

// sentKey is the session value that holds what was sent: the number of the case and days, nothing that was written.
const sentKey = "asked"

// sent is what the session keeps of a request.
type sent struct {
	Number    string              `json:"number"`
	Kind      privacy.RequestKind `json:"kind"`
	Due       privacy.Date        `json:"due"`
	Marketing bool                `json:"marketing,omitempty"`
	Found     bool                `json:"found,omitempty"` // the response, by its code
	Reach     bool                `json:"reach,omitempty"` // we know how to answer
}

// sent confirms the request. It may be reloaded: it changes nothing. Without the session it leads to the beginning.
func (h *Handlers) sent(c *fiber.Ctx) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	var mine sent
	if !s.JSON(sentKey, &mine) {
		return page.Redirect(c, "/your-information")
	}
	v := sentView{Page: h.kit.Page(c, "rights.sent.title")}
	key := "request"
	if mine.Kind == privacy.AskComplaint {
		key = "complaint"
		v.Title = v.T("rights.sent.title.complaint")
	}
	date := locale.ISODate(v.Page.Lang, string(mine.Due))
	v.Panel = page.Panel{Title: v.Title, Body: v.T("rights.sent.number"), Code: mine.Number}
	switch {
	case mine.Marketing:
		v.Next = append(v.Next, v.T("rights.sent.marketing"))
	case mine.Due != "": // none where it was sent again after it was answered
		v.Next = append(v.Next, v.T("rights.sent.due."+key, "Date", date))
	}
	if mine.Found {
		v.Next = append(v.Next, v.T("rights.sent.found"))
		if mine.Due != "" && (mine.Kind == privacy.AskRestrict || mine.Kind == privacy.AskObject && !mine.Marketing) { // privacy.Request.StopsUse
			v.Next = append(v.Next, v.T("rights.sent.stopped"))
		}
	} else if mine.Kind != privacy.AskComplaint {
		v.Next = append(v.Next, v.T("rights.sent.unknown"))
	}
	if !mine.Reach {
		v.Unreach = v.T("rights.sent.unreach."+key, "Date", date)
		v.Ways = ways(v.Page)
	}
	v.KeepText = v.T("rights.sent.keep.text", "Hours", respond.Hours(v.Page))
	v.Again = page.Link{Text: v.T("rights.sent.again"), Href: v.To("/your-information")}
	v.Yours = page.Link{Text: v.T("layout.your_response"), Href: v.To("/your-response")}
	v.Leave = page.Button{Text: v.T("rights.sent.leave"), Kind: "secondary"}
	return h.kit.Render(c, fiber.StatusOK, "rights/sent", v)
}

// leave makes this browser forget the number, for shared computers.
func (h *Handlers) leave(c *fiber.Ctx) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	s.Delete(sentKey)
	return page.Done(c, "/your-information", "rights.sent.left")
}

// left answers the same button where the session has ended: the number is forgotten already.
func (h *Handlers) left(c *fiber.Ctx) error { return page.Redirect(c, "/your-information") }
