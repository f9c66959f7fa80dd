package release

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

const (
	patience   = 4 * time.Second // most releases are made by then, and the officer sees no page in between
	lookAgain  = 3               // seconds after which the page of a job asks again, without a script
	jobsFolder = "/office/releases/jobs/"
)

// goOn leads on from a job: to what it made, or to the page that says how far it is.
func (h *Handlers) goOn(c *fiber.Ctx, j *consult.ReleaseJob) error {
	if j.ReleaseID != "" {
		return page.Done(c, Path(j.ReleaseID), "release.new.done")
	}
	return page.Redirect(c, jobsFolder+j.ID)
}

// job says how far a release is, and what came of it.
func (h *Handlers) job(c *fiber.Ctx) error {
	j, err := h.Service.ReleaseJob(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	if j.ReleaseID != "" {
		return h.goOn(c, j)
	}
	con, _, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), j.ConsultationID)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "release.job.title")
	p.Caption = con.Title.In(p.Lang)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.releases"), Href: "/office/releases"}, {Text: p.Title}}
	v := desk.View{Page: p}
	again := page.Button{Text: p.T("release.job.again"), Href: p.To("/office/consultations/" + con.ID + "/releases/new")}
	now := h.Service.Now()
	switch {
	case j.Dead(now):
		v.Blocks = []desk.Block{{Warning: &page.Warning{Text: p.T("release.job.dead")}}, {Buttons: []page.Button{again}}}
	case !j.Running:
		v.Blocks = []desk.Block{{Warning: &page.Warning{Text: p.T(j.Problem, j.Args...)}}, desk.Para(p.T("release.job.nothing")), {Buttons: []page.Button{again}}}
	default:
		c.Set("Refresh", strconv.Itoa(lookAgain))
		rows := []page.SummaryRow{
			{Key: p.T("release.job.elapsed"), Lines: []string{p.T("release.job.seconds", "Count", int(now.Sub(j.StartedAt).Seconds()))}},
			{Key: p.T("release.job.tables"), Lines: []string{locale.Number(int64(j.Tables))}},
			{Key: p.T("release.job.rounds"), Lines: []string{locale.Number(int64(j.Rounds))}},
			{Key: p.T("release.job.repairs"), Lines: []string{locale.Number(int64(j.Repairs))}},
		}
		stop, err := desk.NewAction(p, jobsFolder+j.ID+"/stop", page.Button{Text: p.T("release.job.stop"), Kind: "secondary"})
		if err != nil {
			return err
		}
		text := p.T("release.job.intro", "Minutes", int(consult.JobLimit.Minutes()))
		if j.Stop {
			text = p.T("release.job.stopping")
		}
		v.Blocks = []desk.Block{desk.Para(text), {Summary: &page.SummaryList{Rows: rows}}, {Actions: []page.Action{stop}}}
	}
	return h.Show(c, fiber.StatusOK, v)
}

// jobStop asks the job to stop.
func (h *Handlers) jobStop(c *fiber.Ctx) error {
	if err := h.Service.StopRelease(c.UserContext(), desk.Staff(c), c.Params("id")); err != nil {
		return err
	}
	return page.Redirect(c, jobsFolder+c.Params("id"))
}
