package respond

import (
	"bytes"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

// about is what must be told about what is held (UK GDPR art. 15(1)): how long it is kept, and the privacy notice that its person saw, word for word.
type about struct {
	Until    string
	Lang     string // of the notice, where that is not the page's
	Sections []privacy.NoticeSection
}

// aboutOf leaves out what the page says itself, with what can be done about it, and what is about questions that are still to be answered.
func aboutOf(p *page.Page, all *consult.Everything) about {
	var out about
	if all.Until != "" {
		out.Until = p.T("respond.held.until", "Date", locale.ISODate(p.Lang, all.Until))
	}
	text, lang := all.Notice.In(p.Lang)
	if lang != p.Lang {
		out.Lang = string(lang)
	}
	for _, s := range text.Sections {
		if !slices.Contains([]string{"rights", "withdraw", "required", "changes"}, s.ID) {
			out.Sections = append(out.Sections, s)
		}
	}
	return out
}

// consentEvents says what was asked, agreed and withdrawn, and when.
func consentEvents(p *page.Page, events []privacy.ConsentEvent) page.SummaryList {
	var out page.SummaryList
	for _, e := range events {
		row := page.SummaryRow{Key: p.T("receipt.event." + string(e.State)), Lines: []string{locale.DateTime(p.Lang, e.At)}}
		if e.Option != "" {
			row.Lines = append(row.Lines, e.Option)
		}
		if e.PurposeID == "new_use" || e.PurposeID == "new_use_equality" {
			row.Lines = append(row.Lines, p.T(map[string]string{"new_use": "respond.new_use.about", "new_use_equality": "respond.new_use.about_equality"}[e.PurposeID],
				"Version", itoa(e.NoticeVersion)))
		}
		if g := e.Evidence.Giver; g != "" {
			row.Lines = append(row.Lines, p.T("receipt.giver."+string(g)))
		}
		if r := e.Evidence.Relation; r != "" {
			row.Lines = append(row.Lines, p.T("receipt.relation."+string(e.Evidence.Giver)+"."+r))
		}
		if e.Reason != "" {
			row.Lines = append(row.Lines, p.T("receipt.reason."+string(e.Reason)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// corrected is one correction, with what stood in the response before it (art. 16).
type corrected struct {
	On, Reason string
	Before     page.SummaryList
}

// corrected lists the corrections of the response, the first first.
func (h *Handlers) corrected(c *fiber.Ctx, p *page.Page, all *consult.Everything) (out []corrected, err error) {
	if len(all.Corrections) == 0 {
		return nil, nil
	}
	s := export.Subject{Everything: all, Lang: p.Lang}
	if s.Geography, err = h.service.Geography(c.UserContext()); err != nil {
		return nil, err
	}
	for _, x := range s.Corrected() {
		one := corrected{On: p.T("respond.held.corrected.on", "Date", locale.ISODate(p.Lang, string(x.On)))}
		if x.Reason != "" {
			one.Reason = p.T("respond.held.corrected.reason", "Reason", x.Reason)
		}
		for _, l := range x.Before {
			if l.Answer == "" {
				l.Answer = p.T("request.rectify.blank")
			}
			one.Before.Rows = append(one.Before.Rows, page.SummaryRow{Key: l.Question, Lines: []string{l.Answer}})
		}
		out = append(out, one)
	}
	return out, nil
}

// asks is what to ask for a right. Consent is withdrawn on the page itself.
var asks = map[privacy.Right]privacy.RequestKind{
	privacy.RightAccess: privacy.AskAccess, privacy.RightRectify: privacy.AskRectify, privacy.RightErase: privacy.AskErase,
	privacy.RightRestrict: privacy.AskRestrict, privacy.RightPortability: privacy.AskPortability, privacy.RightObject: privacy.AskObject,
}

// rightLinks lists the rights that follow from the bases of the consultation, and none that does not (privacy.md 5.2).
func rightLinks(p *page.Page, processing privacy.Processing) []page.Link {
	var out []page.Link
	for _, line := range processing.RightLines(p.Lang) {
		link := page.Link{Text: line.Text}
		if kind, ok := asks[line.Right]; ok {
			link.Href = p.To("/your-information/ask?about=" + string(kind))
		}
		out = append(out, link)
	}
	return append(out, page.Link{Text: p.T("respond.held.rights.complain"), Href: p.To("/your-information/ask?about=" + string(privacy.AskComplaint))})
}

// Kinds lists what may be asked about a response under the bases of its consultation.
func Kinds(processing privacy.Processing) []privacy.RequestKind {
	out := []privacy.RequestKind{}
	for _, kind := range privacy.RequestKinds() {
		there := kind == privacy.AskComplaint
		for _, e := range processing.Rights() {
			there = there || e.Offer != privacy.OfferNo && asks[e.Right] == kind
		}
		if there {
			out = append(out, kind)
		}
	}
	return out
}

func (h *Handlers) copyJSON(c *fiber.Ctx) error {
	return h.sendCopy(c, "json", fiber.MIMEApplicationJSONCharsetUTF8, export.SubjectJSON)
}

func (h *Handlers) copyCSV(c *fiber.Ctx) error {
	return h.sendCopy(c, "csv", "text/csv; charset=utf-8", export.SubjectCSV)
}

// sendCopy sends everything that is held about the response as a file.
func (h *Handlers) sendCopy(c *fiber.Ctx, extension, kind string, write func(io.Writer, export.Subject) error) error {
	all, done, err := h.openAll(c)
	if done {
		return err
	}
	p := h.page(c, "respond.held.title")
	s := export.Subject{Everything: all, Council: p.Council, Lang: p.Lang, Address: page.Address(c), At: h.kit.Now()}
	if s.Geography, err = h.service.Geography(c.UserContext()); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := write(&file, s); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return page.Download(c, s.SubjectName(extension), kind, file.Bytes())
}
