package desk

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
)

// Alarm is what nobody at the desk may miss: something is wrong with what everybody relies on.
type Alarm struct {
	ID         string
	Title      string
	Paragraphs []string
	Link       *page.Link
}

// LogAlarms says what is wrong with the audit log or the consent ledger, with the first bad entry; nothing where both are sound.
func LogAlarms(p *page.Page, who *consult.Staff, states []consult.LogState) (out []Block) {
	for _, s := range states {
		if s.Sound() && !s.Late {
			continue
		}
		a := &Alarm{ID: "log-" + s.Log, Title: p.T("office.log.alarm." + s.Log)}
		if s.Bad != nil {
			a.Paragraphs = append(a.Paragraphs, p.T("office.log.fault."+string(s.Bad.Fault), "Entry", locale.Number(s.Bad.Sequence),
				"Through", locale.Number(max(s.Bad.Sequence, s.Bad.Through))))
		}
		if s.Unsigned > 0 {
			a.Paragraphs = append(a.Paragraphs, p.T("office.log.unsigned"))
		}
		if s.Blocks {
			a.Paragraphs = append(a.Paragraphs, p.T("office.log.blocks"))
		}
		if s.Anchors > 0 {
			a.Paragraphs = append(a.Paragraphs, p.T("office.log.anchors"))
		}
		if s.Unread {
			a.Paragraphs = append(a.Paragraphs, p.T("office.log.unread"))
		}
		if s.Sound() {
			a.Title = p.T("office.log.late." + s.Log)
		} else {
			a.Paragraphs = append(a.Paragraphs, p.T("office.log.found", "When", Minute(p, s.FoundAt)))
		}
		if s.Late {
			a.Paragraphs = append(a.Paragraphs, late(p, s))
		}
		a.Paragraphs = append(a.Paragraphs, p.T("office.log.do"))
		if who.May(consult.SeeAudit) {
			a.Link = &page.Link{Text: p.T("office.log.open"), Href: p.To("/office/audit")}
			if s.Log == "audit" && s.Bad != nil {
				a.Link = &page.Link{Text: p.T("office.log.open"), Href: p.To("/office/audit") + "?before=" + strconv.FormatInt(s.Bad.Sequence+1, 10)}
			}
		}
		out = append(out, Block{Alarm: a})
	}
	return out
}

func late(p *page.Page, s consult.LogState) string {
	if s.CheckedAt.IsZero() {
		return p.T("office.log.late.never")
	}
	return p.T("office.log.late.since", "When", Minute(p, s.CheckedAt))
}

// LogsWell says when sound logs were last verified; "" where one is not.
func LogsWell(p *page.Page, states []consult.LogState) string {
	if len(states) == 0 {
		return ""
	}
	oldest, whole := states[0].CheckedAt, states[0].WholeAt
	for _, s := range states {
		if !s.Sound() || s.Late {
			return ""
		}
		if s.CheckedAt.IsZero() {
			return p.T("office.log.never")
		}
		if s.CheckedAt.Before(oldest) {
			oldest = s.CheckedAt
		}
		if s.WholeAt.Before(whole) {
			whole = s.WholeAt
		}
	}
	return p.T("office.log.well", "When", Minute(p, oldest), "Whole", Minute(p, whole), "Entries", locale.Number(states[0].Through))
}

// LogStates returns what the last verification found.
func (d *Desk) LogStates(c *fiber.Ctx) ([]consult.LogState, error) {
	return d.Service.LogStates(c.UserContext(), Staff(c))
}

// Minute writes a moment in Europe/London: "5 March 2027, 17:05".
func Minute(p *page.Page, t time.Time) string {
	return locale.Date(p.Lang, t) + ", " + t.In(locale.London()).Format("15:04")
}
