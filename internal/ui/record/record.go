// Package record answers: how does an officer take down what somebody says by telephone or in person, or wrote on paper?
//
// What is spoken goes through the very journey of residents (respond), with the script on screen; a paper form is one page, so that forty of them are
// quick to enter by keyboard. Consent comes after the response is stored, as on the website, and with it what proves it. Every rule lies behind the
// service.
//
// The withdrawal code lies in the officer's session from recording to leaving the confirmation, and nowhere else. Equality answers never lie in a session:
// they are sent once, and no page shows them again.
//
// Reviewers: data protection officer, accessibility.
package record

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// Handlers are the pages. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	r := h.Office("/consultations/:id/record").Group("", desk.Need(consult.RecordResponses))
	r.Get("", h.start)
	r.Post("", h.begin)
	r.Post("/forms", h.issue)
	r.Get("/forms/:code", h.form)
	r.Get("/script", h.script)
	respond.NewRecorder(h.Kit, h.Service, r, respond.Recorder{Load: h.spoken, Send: h.store, Note: h.note})
	r.Get("/paper", h.paper)
	r.Post("/paper", h.paperSend)
	r.Get("/consent", h.consent)
	r.Post("/consent", h.consentSend)
	r.Get("/equality", h.equality)
	r.Post("/equality", h.equalitySend)
	r.Get("/done", h.done)
	r.Post("/done", h.leave)
	r.Get("/undo", h.undo)
	r.Post("/undo", h.undoSend)
}

func path(con *consult.Consultation, parts ...string) string {
	return office.Path(con.ID, append([]string{"record"}, parts...)...)
}

// state is what the officer's session keeps of the response that is being recorded, and of the batch that it belongs to.
type state struct {
	Rec       consult.Recording `json:"rec"`
	Language  locale.Lang       `json:"language"` // of the form or script
	Reference string            `json:"reference"`
	Code      string            `json:"code"`
	AskAge    int               `json:"ask_age"` // for the equality questions; 0 where the person said so before
	Dropped   []string          `json:"dropped"` // questions whose answers the routing leaves out
	Decided   string            `json:"decided"` // given, refused, none, outdated; empty before
	Count     int               `json:"count"`   // recorded since the batch began
}

// sent reports whether there is a response that was just recorded.
func (s *state) sent() bool { return s.Code != "" }

func key(con *consult.Consultation) string { return "record:" + con.ID }

// open loads the consultation of the address with its questions as they are shown, and what the session keeps. fault.Conflict for a draft.
func (h *Handlers) open(c *fiber.Ctx) (*consult.Consultation, *survey.Definition, *state, error) {
	con, _, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return nil, nil, nil, err
	}
	if con.State != consult.Published {
		return nil, nil, nil, fault.New(fault.Conflict, "error.form.draft")
	}
	con, def, err := h.Service.PublicConsultation(c.UserContext(), con.Slug)
	if err != nil {
		return nil, nil, nil, err
	}
	s, err := page.Session(c)
	if err != nil {
		return nil, nil, nil, err
	}
	st := &state{}
	s.JSON(key(con), st)
	return con, def, st, nil
}

func keep(c *fiber.Ctx, con *consult.Consultation, st *state) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	return s.SetJSON(key(con), st)
}

// frame prepares a page of the consultation.
func (h *Handlers) frame(c *fiber.Ctx, con *consult.Consultation, title string) desk.View {
	p := h.Kit.Page(c, title)
	p.Caption = office.Title(p, con)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.consultations"), Href: "/office/consultations"}, {Text: office.Title(p, con), Href: office.Path(con.ID)},
		{Text: p.T("record.title"), Href: path(con)}}
	if title == "record.title" {
		p.Breadcrumbs = p.Breadcrumbs[:2]
	}
	return desk.View{Page: p}
}

// inLanguage leads on to a path in a language, which is that of the form or script: what is read out is never translated on the way.
func inLanguage(c *fiber.Ctx, lang locale.Lang, to string) error {
	if lang == locale.Welsh {
		to = "/cy" + to
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// problem places what the service refused beside its field.
func problem(err error) (survey.Problem, bool) {
	p, ok := desk.Mendable(err, "form")
	if p.Field == "received" {
		p.Field = "received-day"
	}
	return p, ok
}

// parts shows a form or script as blocks.
func parts(all []privacy.FormPart) []desk.Block {
	var out []desk.Block
	for _, part := range all {
		switch part.Kind {
		case privacy.PartHeading, privacy.PartTitle:
			out = append(out, desk.H3(part.Text))
		default:
			out = append(out, desk.Para(part.Text))
		}
		if len(part.Items) > 0 {
			out = append(out, desk.Block{List: part.Items})
		}
	}
	return out
}

func channelWord(p *page.Page, channel consult.Channel) string {
	return p.T("record.channel." + string(channel))
}

// spokenChannels are those with a script.
var spokenChannels = []string{string(consult.Telephone), string(consult.FaceToFace)}

func languages(p *page.Page, con *consult.Consultation) []page.Option {
	var out []page.Option
	for _, l := range con.Languages {
		out = append(out, page.Option{Value: string(l), Label: p.T("office.language." + string(l))})
	}
	return out
}
