package results

import (
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// sectionOf returns the section that a question is in.
func sectionOf(d *survey.Definition, id string) survey.Section {
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return s
			}
		}
	}
	return survey.Section{}
}

// questionBlocks shows one question: chart, figures, base, and what has to be known to read them.
func questionBlocks(p *page.Page, con *consult.Consultation, q consult.QuestionResult, number int) []desk.Block {
	id := "q-" + q.Question.ID
	blocks := []desk.Block{{Heading: &desk.Heading{Text: itoa(number) + ". " + q.Question.Text.In(p.Lang), ID: id, Small: true, Begin: true}}}
	switch {
	case q.Question.Kind == survey.ShortText || q.Question.Kind == survey.LongText:
		return append(blocks, textBlocks(p, con, q)...)
	case q.Question.Kind == survey.Number:
		return append(blocks, numberBlocks(p, q)...)
	case len(q.Options) == 0:
		return append(blocks, desk.Small(p.T("results.base", "Base", whole(q.Base), "Blank", whole(q.NotAnswered))))
	case q.Base == 0:
		return append(blocks, desk.Para(p.T("results.no_answers")))
	}
	if q.LowBase == lowCaution {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("results.low_base", "Base", whole(q.Base))}}})
	}
	if q.LowBase == lowNone {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("results.very_low_base", "Base", whole(q.Base))}}})
	}
	table := []desk.Block{desk.TableBlock(questionTable(p, q)), desk.Small(p.T("results.base", "Base", whole(q.Base), "Blank", whole(q.NotAnswered)))}
	chart := scaleBlocks(p, q, id)
	if !q.Scale && q.LowBase != lowNone {
		chart = []desk.Block{{Bars: barChart(p, q, id)}}
	}
	if len(chart) == 0 {
		return append(blocks, table...)
	}
	return append(blocks, desk.Block{Columns: [][]desk.Block{chart, table}})
}

// scaleBlocks draws a five-point question as one bar in the order of the scale, "don't know" apart, with the two-box
// figures that are computed from counts (question-bank.md 8).
func scaleBlocks(p *page.Page, q consult.QuestionResult, id string) []desk.Block {
	if !q.Scale || q.LowBase == lowNone {
		return nil
	}
	bar := &page.StackedBar{ID: id + "-chart", Title: p.T("results.chart")}
	var said []string
	for _, o := range q.Options {
		class := "none"
		if o.Score > 0 {
			class = "s" + itoa(o.Score)
		}
		bar.Segments = append(bar.Segments, page.Segment{Label: o.Label.In(p.Lang), Value: o.Percent, Shown: percent(o.Percent), Class: class})
		said = append(said, o.Label.In(p.Lang)+" "+percent(o.Percent))
	}
	bar.Desc = strings.Join(said, ", ")
	return []desk.Block{{Stacked: bar}, {Facts: []page.Figure{
		{Label: p.T("results.net"), Value: p.T("results.points", "Points", signed(q.Net))},
		{Label: p.T("results.positive"), Value: percent(q.Satisfied)},
		{Label: p.T("results.negative"), Value: percent(q.Dissatisfied)},
		{Label: p.T("results.mean"), Value: p.T("results.mean.of", "Mean", locale.Decimal(q.Mean, 2))},
	}}}
}

func barChart(p *page.Page, q consult.QuestionResult, id string) *page.BarChart {
	chart := &page.BarChart{ID: id + "-chart", Title: p.T("results.chart"), Max: 100}
	if q.Question.Kind != survey.Multiple {
		chart.Max = 0
	}
	var said []string
	for _, o := range q.Options {
		chart.Bars = append(chart.Bars, page.Bar{Label: o.Label.In(p.Lang), Value: o.Percent, Shown: percent(o.Percent)})
		said = append(said, o.Label.In(p.Lang)+" "+percent(o.Percent))
	}
	chart.Desc = strings.Join(said, ", ")
	return chart
}

// questionTable holds the same figures as the chart.
func questionTable(p *page.Page, q consult.QuestionResult) page.Table {
	t := page.Table{Caption: q.Question.Text.In(p.Lang), HiddenCaption: true, Dense: true,
		Head: []page.Cell{{Text: p.T("results.answer")}, {Text: p.T("results.count"), Numeric: true}, {Text: p.T("results.percent"), Numeric: true}}}
	for _, o := range q.Options {
		share := percent(o.Percent)
		if q.LowBase == lowNone {
			share = "–"
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: o.Label.In(p.Lang)}, page.Num(whole(o.Count)), page.Num(share)}})
	}
	total := p.T("results.base_row")
	if q.Question.Kind == survey.Multiple {
		total = p.T("results.base_row_multiple")
	}
	t.Foot = []page.Row{{Cells: []page.Cell{{Text: total}, page.Num(whole(q.Base)), page.Num("")}}}
	return t
}

func textBlocks(p *page.Page, con *consult.Consultation, q consult.QuestionResult) []desk.Block {
	if q.Texts == 0 {
		return []desk.Block{desk.Para(p.T("results.texts.none"))}
	}
	return []desk.Block{desk.Para(p.T("results.texts.count", "Count", q.Texts)),
		desk.LinkList(page.Link{Text: p.T("results.texts.read"), Hidden: q.Question.Text.In(p.Lang), Href: p.To(office.Path(con.ID, "results", "texts", q.Question.ID))})}
}

func numberBlocks(p *page.Page, q consult.QuestionResult) []desk.Block {
	if q.NumberBase == 0 {
		return []desk.Block{desk.Para(p.T("results.no_answers"))}
	}
	return []desk.Block{{Facts: []page.Figure{
		{Label: p.T("results.number.base"), Value: whole(q.NumberBase)},
		{Label: p.T("results.number.minimum"), Value: locale.Decimal(q.Minimum, q.Question.Decimals)},
		{Label: p.T("results.number.median"), Value: locale.Decimal(q.Median, q.Question.Decimals)},
		{Label: p.T("results.number.maximum"), Value: locale.Decimal(q.Maximum, q.Question.Decimals)},
	}}}
}
