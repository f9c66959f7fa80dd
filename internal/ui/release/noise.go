package release

import (
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// amount is some privacy loss in rho.
type amount interface {
	Float() float64
	Epsilon(delta float64) float64
}

// rho prints an amount of privacy loss to the ten-thousandth.
func rho(a amount) string {
	return strconv.FormatFloat(math.Round(10_000*a.Float())/10_000, 'f', -1, 64)
}

// epsilon prints the same in the other usual terms, rounded up to one decimal.
func epsilon(a amount) string {
	return strconv.FormatFloat(math.Ceil(10*a.Epsilon(1e-6))/10, 'f', 1, 64)
}

// cost is the figure of what protection cost a release: redesigns, or privacy where there is noise.
func cost(p *page.Page, r *consult.Release) page.Figure {
	if n := r.Policy.Noise; n != nil {
		return page.Figure{Label: p.T("release.figure.margin"), Value: "±" + locale.Number(n.Margin), Note: p.T("release.figure.margin.note", "Rho", rho(n.Person), "Epsilon", epsilon(n.Person))}
	}
	return page.Figure{Label: p.T("release.figure.redesigns"), Value: locale.Number(int64(r.Report.Redesigns)), Note: p.T("release.figure.redesigns.note")}
}

func ledgerPath(consultationID string) string {
	return "/office/consultations/" + consultationID + "/releases/ledger"
}

func seeLedger(p *page.Page, con *consult.Consultation) desk.Block {
	return desk.LinkList(page.Link{Text: p.T("release.ledger.link"), Href: p.To(ledgerPath(con.ID))})
}

// spent is what the internal report says of a release with noise: what it costs, and the ledger before and after it.
func spent(p *page.Page, o opened, n *consult.ReportNoise) []desk.Block {
	return []desk.Block{desk.H2(p.T("release.noise.title")), desk.Para(p.T("release.noise.intro")), {Summary: &page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("release.noise.variance"), Lines: []string{p.T("release.noise.variance.text", "Variance", n.Charge.Variance.Num, "Margin", n.Charge.Variance.Margin())}},
		{Key: p.T("release.noise.period"), Lines: []string{n.Charge.Epoch}},
		{Key: p.T("release.noise.cost"), Lines: []string{p.T("release.noise.amount", "Rho", rho(n.Charge.Person), "Epsilon", epsilon(n.Charge.Person))}},
		{Key: p.T("release.noise.before"), Lines: []string{p.T("release.noise.amount", "Rho", rho(n.Before.Person), "Epsilon", epsilon(n.Before.Person))}},
		{Key: p.T("release.noise.after"), Lines: []string{p.T("release.noise.amount", "Rho", rho(n.After.Person), "Epsilon", epsilon(n.After.Person))}},
		{Key: p.T("release.noise.budget"), Lines: []string{p.T("release.noise.budgets", "Person", rho(n.Person), "Question", rho(n.Question))}},
	}}}, seeLedger(p, o.con)}
}

// lostToNoise says table by table how far figures with noise are from the truth (disclosure.md 3.7).
func lostToNoise(p *page.Page, o opened, d *consult.DisclosureReport) []desk.Block {
	all := d.Loss[len(d.Loss)-1]
	t := page.Table{Caption: p.T("release.loss.caption"), HiddenCaption: true, Stack: true, Head: []page.Cell{{Text: p.T("release.loss.table")},
		{Text: p.T("release.loss.off"), Numeric: true}, {Text: p.T("release.loss.most"), Numeric: true}, {Text: p.T("release.loss.points"), Numeric: true},
		{Text: p.T("release.loss.silent"), Numeric: true}, {Text: p.T("release.loss.zero"), Numeric: true}}}
	for _, l := range d.Loss[:len(d.Loss)-1] {
		table, option := l.Of(o.release)
		if table == nil || l.Noise == nil {
			continue
		}
		silent := "–"
		if l.Groups > 0 {
			silent = p.T("release.loss.of", "Silent", l.Silent, "Groups", l.Groups)
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: lossName(p, table, option)}, page.Num(points(l.Noise.D1)), page.Num(points(l.MaxRounding)),
			page.Num(points(l.MaxPercent100)), page.Num(silent), page.Num(locale.Number(int64(l.Noise.FalseZero)))}})
	}
	blocks := []desk.Block{desk.H2(p.T("release.loss.title"))}
	if all.Noise != nil {
		blocks = append(blocks, desk.Para(p.T("release.loss.noise", "Off", points(all.Noise.D1), "Most", points(all.MaxRounding), "Points", points(all.MaxPercent100))))
	}
	return append(blocks, desk.Small(p.T("release.loss.inside")), desk.Block{Table: &t})
}

// ledger answers: how much privacy have the releases of a survey cost, and how much is left?
func (h *Handlers) ledger(c *fiber.Ctx) error {
	l, err := h.Service.PrivacyLedger(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "release.ledger.title")
	p.Wide = true
	p.Caption = l.Consultation.Title.In(p.Lang)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.consultations"), Href: "/office/consultations"},
		{Text: p.Caption, Href: "/office/consultations/" + l.Consultation.ID}, {Text: p.Title}}
	v := desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("release.ledger.intro"))}}
	if len(l.Lines) == 0 {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.ledger.none")}}},
			desk.Para(p.T("release.ledger.per_table", "Rho", rho(l.PerTable), "Margin", l.MarginPerTable, "Person", rho(l.Person), "Question", rho(l.Question))))
		return h.Show(c, fiber.StatusOK, v)
	}
	v.Blocks = append(v.Blocks, desk.Block{Figures: []page.Figure{
		{Label: p.T("release.ledger.spent"), Value: share(l.Spent.Person, l.Person), Note: p.T("release.ledger.spent.note", "Spent", rho(l.Spent.Person), "Budget", rho(l.Person))},
		{Label: p.T("release.ledger.epsilon"), Value: epsilon(l.Spent.Person), Note: p.T("release.ledger.epsilon.note")},
		{Label: p.T("release.ledger.releases"), Value: locale.Number(int64(len(l.Lines)))},
	}}, desk.Para(p.T("release.ledger.per_table", "Rho", rho(l.PerTable), "Margin", l.MarginPerTable, "Person", rho(l.Person), "Question", rho(l.Question))))
	v.Blocks = append(v.Blocks, questionsOf(p, l)...)
	t := page.Table{Caption: p.T("release.ledger.releases"), CaptionSize: "m", Stack: true, Head: []page.Cell{{Text: p.T("release.series.published")}, {Text: p.T("release.field.title")},
		{Text: p.T("release.noise.period")}, {Text: p.T("release.ledger.tables"), Numeric: true}, {Text: p.T("release.ledger.cost"), Numeric: true}}}
	for _, line := range l.Lines {
		r := line.Release
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: locale.Date(p.Lang, r.PublishedAt)}, {Link: &page.Link{Text: r.Title.In(p.Lang), Href: p.To(Path(r.ID))}},
			{Text: line.Loss.Epoch}, page.Num(locale.Number(int64(len(line.Loss.Tables)))), page.Num(rho(line.Loss.Person))}})
	}
	v.Blocks = append(v.Blocks, desk.TableBlock(t), desk.Small(p.T("release.ledger.again")))
	return h.Show(c, fiber.StatusOK, v)
}

// questionsOf draws what each question has cost, above a table of the same.
func questionsOf(p *page.Page, l *consult.PrivacyLedger) []desk.Block {
	chart := page.BarChart{ID: "ledger", Title: p.T("release.ledger.chart"), Desc: p.T("release.ledger.chart.desc"), Max: max(l.Question.Float(), 1e-9)}
	t := page.Table{Caption: p.T("release.ledger.questions"), HiddenCaption: true, Dense: true, Head: []page.Cell{{Text: p.T("release.ledger.question")},
		{Text: p.T("release.ledger.cost"), Numeric: true}, {Text: p.T("release.ledger.share"), Numeric: true}, {Text: p.T("release.ledger.fits"), Numeric: true}}}
	for _, q := range l.Questions {
		label := q.Label.In(p.Lang)
		chart.Bars = append(chart.Bars, page.Bar{Label: shorten(label, 34), Value: q.Spent.Float(), Shown: share(q.Spent, l.Question)})
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: label}, page.Num(rho(q.Spent)), page.Num(share(q.Spent, l.Question)), page.Num(locale.Number(l.Fits(q)))}})
		chart.Max = max(chart.Max, q.Spent.Float())
	}
	return []desk.Block{desk.H2(p.T("release.ledger.questions")), {Bars: &chart}, desk.TableBlock(t)}
}

// share prints how much of a budget is spent, in whole per cent; more than all of it where a budget was lowered since.
func share(spent, budget amount) string {
	return strconv.FormatFloat(math.Round(100*spent.Float()/budget.Float()), 'f', 0, 64) + "%"
}
