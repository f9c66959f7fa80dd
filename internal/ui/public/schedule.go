package public

import (
	"bytes"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
)

type scheduleView struct {
	*page.Page
	Made  string
	Lines page.Table
	Pages page.Pagination
	File  page.Link
}

// schedule answers: what does the council say how long it keeps everything, and which of it does this service follow?
func (h *Handlers) schedule(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	s, err := h.service.PublicSchedule(c.UserContext())
	if err != nil {
		return err
	}
	v := scheduleView{Page: h.kit.Page(c, "schedule.public.title")}
	v.Robots, v.Wide, v.Back = true, true, v.To("/how-long")
	v.Made = v.T("schedule.public.made", "Date", locale.Date(v.Page.Lang, s.At), "Count", len(s.Lines))
	number, _ := strconv.Atoi(query.First("page")) // what is no number is the first page
	v.Lines, v.Pages = tables.Schedule(v.Page, s.PublishedSchedule, s.Rules, "/how-long/schedule", number)
	v.File = page.Link{Text: v.T("schedule.public.csv"), Href: "/how-long/schedule.csv"}
	return h.kit.Render(c, fiber.StatusOK, "public/schedule", v)
}

// scheduleFile is the schedule for a spreadsheet program, in the form in which this service reads one.
func (h *Handlers) scheduleFile(c *fiber.Ctx) error {
	s, err := h.service.PublicSchedule(c.UserContext())
	if err != nil {
		return err
	}
	rows := make([][]string, len(s.Lines))
	for i, l := range s.Lines {
		rows[i] = l.Cells()
	}
	var out bytes.Buffer
	if err := export.TableCSV(&out, privacy.ScheduleColumns(), rows); err != nil {
		return err
	}
	return page.Download(c, "retention-schedule.csv", "text/csv; charset=utf-8", out.Bytes())
}
