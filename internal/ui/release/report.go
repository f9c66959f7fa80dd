package release

import (
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// report shows the internal part of the disclosure report (disclosure.md 3.6). It is for the two people, for the statistician and for the
// file: it prints well.
func (h *Handlers) report(c *fiber.Ctx) error {
	o, err := h.open(c)
	if err != nil {
		return err
	}
	d, err := h.Service.DisclosureReport(c.UserContext(), desk.Staff(c), o.release.ID)
	if err != nil {
		return err
	}
	v := h.frame(c, o, "release.report.title")
	p := v.Page
	v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.report.inside")}}})
	v.Blocks = append(v.Blocks, examined(p, d)...)
	if d.Noise == nil {
		v.Blocks = append(v.Blocks, attacked(p, d)...)
	} else {
		v.Blocks = append(v.Blocks, spent(p, o, d.Noise)...)
	}
	v.Blocks = append(v.Blocks, lost(p, o, d)...)
	v.Blocks = append(v.Blocks, protection(p, o)...)
	v.Blocks = append(v.Blocks, desk.H2(p.T("release.report.policy")), desk.Block{Summary: policyList(p, d)})
	v.Blocks = append(v.Blocks, checklistBlocks(p, d)...)
	v.Blocks = append(v.Blocks, desk.H2(p.T("release.report.signed")), desk.Block{Summary: signedList(p, o, d)},
		desk.Block{Copy: &desk.Copy{Label: p.T("release.report.hash"), Text: o.release.ReportSHA256}}, desk.Small(p.T("release.report.hash.help")))
	return h.Show(c, fiber.StatusOK, v)
}

// examined says what the release counts and which earlier releases were taken into account.
func examined(p *page.Page, d *consult.DisclosureReport) []desk.Block {
	earlier := []string{p.T("release.report.first")}
	if len(d.Exposure) > 0 {
		earlier = nil
	}
	for _, e := range d.Exposure {
		line := p.T("release.report.earlier.one", "Release", e.ID, "Date", locale.Date(p.Lang, e.PublishedAt))
		if e.Revoked {
			line = p.T("release.report.earlier.revoked", "Release", e.ID, "Date", locale.Date(p.Lang, e.PublishedAt))
		}
		earlier = append(earlier, line)
	}
	return []desk.Block{desk.H2(p.T("release.report.examined")), {Summary: &page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("release.field.snapshot"), Lines: []string{locale.DateTime(p.Lang, d.CountedAt)}},
		{Key: p.T("release.figure.responses"), Lines: []string{locale.Number(int64(d.Counted))}},
		{Key: p.T("release.field.hidden"), Lines: []string{p.T("release.report.hidden", "Share", page.Share(d.Hidden, d.Cells), "Hidden", d.Hidden, "Cells", d.Cells)}},
		{Key: p.T("release.report.earlier"), Lines: earlier},
	}}}}
}

// attacked says what the independent attack found, and what the proof proves.
func attacked(p *page.Page, d *consult.DisclosureReport) []desk.Block {
	t := page.Table{Caption: p.T("release.report.attack.caption"), CaptionSize: "s", Dense: true,
		Head: []page.Cell{{Text: p.T("release.report.attack.what")}, {Text: p.T("release.report.attack.found"), Numeric: true}}}
	for _, row := range attackRows(d.Attack) {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: p.T("release.report.attack." + row.name)}, page.Num(locale.Number(int64(row.found)))}})
	}
	return []desk.Block{desk.H2(p.T("release.report.attack")),
		desk.Para(p.T("release.report.attack.intro", "Version", d.Attack.Version, "Figures", d.Attack.Figures, "Hidden", d.Attack.Hidden, "Questions", d.Attack.Questions)),
		desk.TableBlock(t),
		desk.H2(p.T("release.report.proof")),
		desk.Para(p.T("release.report.proof.text", "Figures", d.Proof.Figures, "Secrets", d.Proof.Secrets, "Witnesses", d.Proof.Witnesses)),
		{Summary: &page.SummaryList{Rows: []page.SummaryRow{
			{Key: p.T("release.report.proof.min"), Lines: []string{locale.Number(d.Proof.MinWidth)}},
			{Key: p.T("release.report.proof.median"), Lines: []string{locale.Number(d.Proof.MedianWidth)}},
		}}},
		desk.H2(p.T("release.report.gate")),
		gateBlock(p, d.Gate)}
}

// gateBlock says what somebody who knew everybody could work out (R12).
func gateBlock(p *page.Page, g *consult.ReportGate) desk.Block {
	var rows []page.SummaryRow
	add := func(key string, n int) {
		rows = append(rows, page.SummaryRow{Key: p.T("release.report.gate." + key), Lines: []string{locale.Number(int64(n))}})
	}
	b := desk.Para(gateOff(p, g))
	if b.Para == "" {
		b.Para = p.T("release.report.gate.text")
		add("questions", g.Questions)
		add("sampled", g.Sampled)
	}
	if g != nil && (len(rows) > 0 || g.Redesigned > 0) {
		add("redesigned", g.Redesigned)
		b.Summary = &page.SummaryList{Rows: rows}
	}
	return b
}

// gateOff says why nothing was asked; "" if it was.
func gateOff(p *page.Page, g *consult.ReportGate) string {
	switch {
	case g == nil:
		return p.T("release.report.gate.off.before")
	case g.Questions == 0:
		return p.T("release.report.gate.off." + g.Off)
	}
	return ""
}

func gateShort(p *page.Page, g *consult.ReportGate) string {
	if off := gateOff(p, g); off != "" {
		return off
	}
	return p.T("release.report.gate.short", "Sampled", g.Sampled)
}

type attackRow struct {
	name  string
	found int
}

func attackRows(a consult.ReportAttack) []attackRow {
	return []attackRow{{"exact", a.Exact}, {"narrow", a.Narrow}, {"attribute", a.Attribute}, {"joiners", a.Joiners}, {"unfinished", a.Unfinished}}
}

func policyList(p *page.Page, d *consult.DisclosureReport) *page.SummaryList {
	out := &page.SummaryList{}
	policy := d.Policy
	for _, f := range policy.Fields() {
		if strings.HasPrefix(f.Name, "noise_") != (d.Noise != nil) { // the others did not apply
			continue
		}
		out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("office.protection." + f.Name), Lines: []string{fmt.Sprint(*f.Value)}})
	}
	if d.Noise != nil {
		return out
	}
	unanimous := "office.protection.unanimous.no"
	if policy.Unanimous {
		unanimous = "office.protection.unanimous.yes"
	}
	out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("office.protection.unanimous_headline"), Lines: []string{p.T(unanimous)}})
	link := "release.report.open_link.no"
	if d.OpenLink {
		link = "release.report.open_link.yes"
	}
	out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("release.report.open_link"), Lines: []string{p.T(link)}})
	return out
}

// risks are the questions about a motivated intruder, in the ICO's order.
var risks = []string{"singling_out", "linkability", "inference"}

func answerOf(l consult.Checklist, risk string) string {
	return map[string]string{"singling_out": l.SinglingOut, "linkability": l.Linkability, "inference": l.Inference}[risk]
}

// checklistBlocks show what the proposer answered.
func checklistBlocks(p *page.Page, d *consult.DisclosureReport) []desk.Block {
	out := []desk.Block{desk.H2(p.T("release.checklist.title"))}
	if d.Checklist == nil {
		return append(out, desk.Para(p.T("release.checklist.none")))
	}
	return append(out, desk.Block{Summary: checklistList(p, *d.Checklist)})
}

func checklistList(p *page.Page, l consult.Checklist) *page.SummaryList {
	out := &page.SummaryList{}
	for _, risk := range risks {
		out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("release.checklist." + risk), Lines: []string{p.T("release.checklist." + answerOf(l, risk))}})
	}
	out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("release.checklist.other_data"), Lines: []string{l.OtherData}})
	return out
}

func signedList(p *page.Page, o opened, d *consult.DisclosureReport) *page.SummaryList {
	out := &page.SummaryList{}
	for _, s := range d.SignOffs {
		out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("release.field." + s.As),
			Lines: []string{p.T("release.by_on", "Name", o.name(p, s.By), "When", locale.DateTime(p.Lang, s.At))}})
	}
	for len(out.Rows) < 2 {
		out.Rows = append(out.Rows, page.SummaryRow{Key: p.T([]string{"release.field.proposed", "release.field.approved"}[len(out.Rows)]), Lines: []string{p.T("release.report.not_yet")}})
	}
	review := p.T("release.report.review.later", "Months", consult.ReviewAfter)
	if d.ReviewOn != "" {
		review = locale.ISODate(p.Lang, d.ReviewOn)
	}
	out.Rows = append(out.Rows, page.SummaryRow{Key: p.T("release.report.review"), Lines: []string{review}})
	return out
}

// proposal asks the questions about a motivated intruder before a release is proposed.
func (h *Handlers) proposal(c *fiber.Ctx) error {
	o, err := h.inState(c, consult.ReleaseDraft, consult.ReleaseReturned)
	if err != nil {
		return err
	}
	return h.showProposal(c, fiber.StatusOK, o, survey.Form{}, nil)
}

func (h *Handlers) showProposal(c *fiber.Ctx, status int, o opened, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, o, "release.propose.title")
	p := v.Page
	p.SetProblems(problems)
	v.Blocks = append(v.Blocks, desk.Para(p.T("release.propose.help")), desk.Para(p.T("release.checklist.intro")), seeReport(p, o))
	f := desk.Fields{Page: p, Form: form}
	var fields []desk.Block
	for _, risk := range risks {
		fields = append(fields, f.Radios(risk, "release.checklist."+risk,
			page.Option{Value: consult.Unlikely, Label: p.T("release.checklist.unlikely")}, page.Option{Value: consult.Likely, Label: p.T("release.checklist.likely")}))
	}
	fields = append(fields, f.Area("other_data", "release.checklist.other_data", 5))
	send, err := desk.EditForm(p, o.release.Version, Path(o.release.ID), fields, page.Button{Text: p.T("release.propose.button")})
	if err != nil {
		return err
	}
	send.Action = p.To(Path(o.release.ID, "propose"))
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	return h.Show(c, status, v)
}

// seeReport leads to the internal report.
func seeReport(p *page.Page, o opened) desk.Block {
	return desk.LinkList(page.Link{Text: p.T("release.report.link"), Href: p.To(Path(o.release.ID, "report"))})
}

// propose asks a second person.
func (h *Handlers) propose(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	answers := consult.Checklist{SinglingOut: form.First("singling_out"), Linkability: form.First("linkability"), Inference: form.First("inference"),
		OtherData: desk.Trimmed(form, "other_data")}
	err = h.Service.ProposeRelease(c.UserContext(), desk.Staff(c), c.Params("id"), desk.Version(form), answers)
	if wrong, ok := problem(err, map[string]string{}); ok {
		o, err := h.inState(c, consult.ReleaseDraft, consult.ReleaseReturned)
		if err != nil {
			return err
		}
		return h.showProposal(c, fiber.StatusUnprocessableEntity, o, form, append([]survey.Problem{wrong}, others(answers, wrong)...))
	}
	return h.after(c, err, "release.propose.done")
}

// others are the further problems of the answers, in the order of the page.
func others(l consult.Checklist, first survey.Problem) []survey.Problem {
	var out []survey.Problem
	for _, risk := range risks {
		if a := answerOf(l, risk); risk != first.Field && a != consult.Unlikely && a != consult.Likely {
			out = append(out, survey.Problem{Field: risk, Key: "error.checklist." + risk})
		}
	}
	if err := (consult.Checklist{SinglingOut: consult.Unlikely, Linkability: consult.Unlikely, Inference: consult.Unlikely, OtherData: l.OtherData}).Check(); err != nil {
		if p, ok := desk.Mendable(err, "other_data"); ok && first.Field != "other_data" {
			out = append(out, p)
		}
	}
	return out
}

// reviewed says in a few lines what the second person has to look at before approving.
func (h *Handlers) reviewed(c *fiber.Ctx, p *page.Page, o opened) ([]desk.Block, error) {
	d, err := h.Service.DisclosureReport(c.UserContext(), desk.Staff(c), o.release.ID)
	if err != nil {
		return nil, err
	}
	broken := 0
	for _, row := range attackRows(d.Attack) {
		broken += row.found
	}
	rows := []page.SummaryRow{
		{Key: p.T("release.report.attack"), Lines: []string{p.T("release.report.attack.short", "Found", broken, "Questions", d.Attack.Questions)}},
		{Key: p.T("release.report.proof"), Lines: []string{p.T("release.report.proof.short", "Width", d.Policy.Width+1, "Secrets", d.Proof.Secrets)}},
		{Key: p.T("release.report.gate"), Lines: []string{gateShort(p, d.Gate)}},
	}
	if n := d.Noise; n != nil {
		rows = []page.SummaryRow{{Key: p.T("release.noise.cost"), Lines: []string{p.T("release.noise.of", "Cost", rho(n.Charge.Person), "Spent", rho(n.After.Person), "Budget", rho(n.Person))}}}
	}
	rows = append(rows, []page.SummaryRow{
		{Key: p.T("release.report.review"), Lines: []string{locale.Date(p.Lang, h.Service.Now().AddDate(0, consult.ReviewAfter, 0).Truncate(24*time.Hour))}},
	}...)
	blocks := []desk.Block{desk.H2(p.T("release.report.title")), {Summary: &page.SummaryList{Rows: rows}}, seeReport(p, o)}
	blocks = append(blocks, lost(p, o, d)...)
	return append(blocks, checklistBlocks(p, d)...), nil
}
