package public

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

type howLongView struct {
	*page.Page
	Consultations page.Table
	Rules         page.Table
	Yours         page.Link
	Backups       string
	Schedule      *page.Link // to the published schedule; nil where there is none
}

// howLong answers: how long do you keep my information? Every figure on it is computed from what the service does: the notices of the published consultations and
// the rules of disposal.
func (h *Handlers) howLong(c *fiber.Ctx) error {
	kept, err := h.service.KeptInformation(c.UserContext())
	if err != nil {
		return err
	}
	v := howLongView{Page: h.kit.Page(c, "public.how_long.title")}
	v.Robots = true
	v.Backups = v.T("public.how_long.backups.text", "Period", privacy.Period{Days: kept.BackupDays}.Words(v.Page.Lang))
	v.Yours = page.Link{Text: v.T("public.hub.code.link"), Href: v.To("/your-response")}
	v.Consultations = page.Table{Caption: v.T("public.how_long.consultations"), HiddenCaption: true, Stack: true, Empty: v.T("public.how_long.none"), Head: page.Cells(
		v.T("public.how_long.consultation"), v.T("public.how_long.responses"), v.T("public.how_long.texts"), v.T("public.how_long.equality"))}
	if kept.Schedule {
		v.Schedule = &page.Link{Text: v.T("schedule.public.link"), Href: v.To("/how-long/schedule")}
	}
	now := h.kit.Now()
	postcodes := slices.ContainsFunc(kept.Consultations, func(k consult.KeptConsultation) bool { return !k.Postcodes.IsZero() })
	if postcodes { // few surveys keep them
		v.Consultations.Head = append(v.Consultations.Head, page.Cell{Text: v.T("public.how_long.postcodes")})
	}
	for _, k := range kept.Consultations {
		row := howLongRow(v.Page, k, now)
		if postcodes {
			row.Cells = append(row.Cells, page.Cell{Text: howLongPostcode(v.Page, k, now)})
		}
		v.Consultations.Rows = append(v.Consultations.Rows, row)
	}
	v.Rules = page.Table{Caption: v.T("public.how_long.rules"), HiddenCaption: true, Stack: true, Empty: v.T("public.how_long.none"),
		Head: page.Cells(v.T("retention.column.what"), v.T("public.how_long.kept"), v.T("public.how_long.then"))}
	for _, r := range kept.Rules {
		what := page.Cell{Text: v.T("retention.class." + string(r.Class))}
		if r.Elsewhere() {
			what.Small = v.T("public.how_long.elsewhere")
		}
		period, err := privacy.ParsePeriod(r.Period)
		if err != nil {
			return err
		}
		v.Rules.Rows = append(v.Rules.Rows, page.Row{Cells: []page.Cell{what, {Text: v.T("retention.rules.kept", "Period", period.Words(v.Page.Lang), "Trigger", v.T("retention.trigger."+string(r.Trigger)))},
			{Text: v.T("retention.action." + string(r.Action))}}})
	}
	return h.kit.Render(c, fiber.StatusOK, "public/how_long", v)
}

// howLongUntil says until when something is kept, or was.
func howLongUntil(p *page.Page, at, now time.Time) string {
	if !now.Before(at) {
		return p.T("public.how_long.over", "Date", locale.Date(p.Lang, at))
	}
	return p.T("public.how_long.until", "Date", locale.Date(p.Lang, at))
}

// howLongPostcode says until when the postcode of a response is kept, after which only the ward is.
func howLongPostcode(p *page.Page, k consult.KeptConsultation, now time.Time) string {
	switch {
	case k.Postcodes.IsZero():
		return p.T("public.how_long.not_kept")
	case k.Held || k.Postcodes.Equal(k.Until):
		return p.T("public.how_long.same")
	}
	return howLongUntil(p, k.Postcodes, now)
}

func howLongRow(p *page.Page, k consult.KeptConsultation, now time.Time) page.Row {
	until := func(at time.Time) string { return howLongUntil(p, at, now) }
	responses, texts, equality := until(k.Until), p.T("public.how_long.same"), p.T("public.how_long.not_asked")
	if !k.Texts.IsZero() {
		texts = until(k.Texts)
	}
	if !k.Equality.IsZero() {
		equality = until(k.Equality)
	}
	if k.Held {
		responses, texts = p.T("public.how_long.held"), p.T("public.how_long.same")
	}
	title := page.Cell{Link: &page.Link{Text: k.Consultation.Title.In(p.Lang), Href: p.To("/c/" + k.Consultation.Slug)}}
	if k.Consultation.Processing.KeepTotals {
		title.Small = p.T("public.kept_totals")
	}
	return page.Row{Cells: []page.Cell{title, {Text: responses}, {Text: texts}, {Text: equality}}}
}
