package results

import (
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// maxDays bounds the chart; a longer consultation shows its last days and the whole in the table.
const maxDays = 120

// byDay shows how responses came in, day by day and by channel. Days without a response are days of the chart too.
func byDay(p *page.Page, days []consult.DayCount) []desk.Block {
	if len(days) == 0 {
		return nil
	}
	perDay, perChannel := map[string]int{}, map[consult.Channel]int{}
	first, last, total := days[0].Day, days[0].Day, 0
	for _, d := range days {
		perDay[d.Day] += d.Count
		perChannel[d.Channel] += d.Count
		total += d.Count
		first, last = min(first, d.Day), max(last, d.Day)
	}
	chart := page.Columns{ID: "by-day", Title: p.T("results.by_day"), First: locale.ISODate(p.Lang, first), Last: locale.ISODate(p.Lang, last)}
	table := page.Table{Caption: p.T("results.by_day.table"), Dense: true, Head: []page.Cell{{Text: p.T("results.day")}, {Text: p.T("office.today.responses"), Numeric: true}}}
	top := ""
	for _, day := range calendar(first, last) {
		n := perDay[day]
		chart.Bars = append(chart.Bars, page.Bar{Label: locale.ISODate(p.Lang, day), Value: float64(n), Shown: whole(n)})
		if top == "" || n > perDay[top] {
			top = day
		}
		if n > 0 {
			table.Rows = append(table.Rows, page.Row{Cells: []page.Cell{{Text: locale.ISODate(p.Lang, day)}, page.Num(whole(n))}})
		}
	}
	chart.TopLabel = p.T("results.by_day.top", "Count", whole(perDay[top]), "Day", locale.ISODate(p.Lang, top))
	chart.Desc = p.T("results.by_day.desc", "Total", whole(total), "First", chart.First, "Last", chart.Last, "Top", whole(perDay[top]), "Day", locale.ISODate(p.Lang, top))
	table.Foot = []page.Row{{Cells: []page.Cell{{Text: p.T("results.total")}, page.Num(whole(total))}}}
	return []desk.Block{desk.H2(p.T("results.responses")), {Days: &chart}, {Fold: &desk.Fold{Summary: p.T("results.by_day.show"), Blocks: []desk.Block{desk.TableBlock(table)}}},
		desk.TableBlock(channelTable(p, perChannel, total))}
}

func channelTable(p *page.Page, perChannel map[consult.Channel]int, total int) page.Table {
	t := page.Table{Caption: p.T("results.by_channel"), Dense: true, CaptionSize: "s",
		Head: []page.Cell{{Text: p.T("results.channel")}, {Text: p.T("office.today.responses"), Numeric: true}, {Text: p.T("results.share"), Numeric: true}}}
	for _, ch := range []consult.Channel{consult.Web, consult.Telephone, consult.FaceToFace, consult.Paper, consult.Kiosk} {
		if n := perChannel[ch]; n > 0 {
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: p.T("results.channel." + string(ch))}, page.Num(whole(n)), page.Num(page.Share(n, total))}})
		}
	}
	return t
}

// calendar lists the days from first to last, both yyyy-mm-dd, at most maxDays of them and the last ones.
func calendar(first, last string) []string {
	from, err1 := time.Parse(time.DateOnly, first)
	to, err2 := time.Parse(time.DateOnly, last)
	if err1 != nil || err2 != nil {
		return nil
	}
	if long := to.AddDate(0, 0, 1-maxDays); from.Before(long) {
		from = long
	}
	var out []string
	for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
		out = append(out, d.Format(time.DateOnly))
	}
	return out
}
