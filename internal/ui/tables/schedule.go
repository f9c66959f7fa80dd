package tables

import (
	"strconv"
	"strings"

	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

// ScheduleSize is how many lines of a published retention schedule one page shows.
const ScheduleSize = 100

// ScheduleAt returns the address of a line of a published schedule, below the path of the page that shows it.
func ScheduleAt(p *page.Page, path string, at int) string {
	return schedulePage(p, path, at/ScheduleSize+1) + "#line-" + strconv.Itoa(at+1)
}

func schedulePage(p *page.Page, path string, n int) string {
	if n == 1 {
		return p.To(path)
	}
	return p.To(path) + "?page=" + strconv.Itoa(n)
}

// Schedule shows the lines of one page of a published schedule, each with what this service does, as the rules in force say; texts of the file are in the
// language of the file. path is where the page is. The officer and everybody see the same.
func Schedule(p *page.Page, s privacy.PublishedSchedule, rules privacy.Schedule, path string, number int) (page.Table, page.Pagination) {
	t := page.Table{Caption: p.T("schedule.public.title"), HiddenCaption: true, Stack: true, Head: page.Cells(p.T("schedule.column.reference"), p.T("schedule.column.title"),
		p.T("schedule.column.trigger"), p.T("schedule.column.period"), p.T("schedule.column.action"), p.T("schedule.column.here"))}
	number = min(max(number, 1), max((len(s.Lines)+ScheduleSize-1)/ScheduleSize, 1))
	for i := (number - 1) * ScheduleSize; i < min(number*ScheduleSize, len(s.Lines)); i++ {
		l := s.Lines[i]
		from, kept, then := LineWords(p, s, l)
		t.Rows = append(t.Rows, page.Row{ID: "line-" + strconv.Itoa(i+1), Cells: []page.Cell{{Text: l.Reference, Lang: fileLang(p, s)}, {Text: l.Title, Small: l.Reason, Lang: fileLang(p, s)}, from, kept, then,
			here(p, l, rules)}})
	}
	return t, page.Paginate(len(s.Lines), ScheduleSize, number, func(n int) string { return schedulePage(p, path, n) })
}

// fileLang is the language of the texts of the file, where it is not the page's.
func fileLang(p *page.Page, s privacy.PublishedSchedule) string {
	if s.Lang == p.Lang {
		return ""
	}
	return string(s.Lang)
}

// LineWords says from when, how long and what then: in the language of the page where the line says it for a rule, with the words of the file from which that was
// read, where they are others; else in the words of the file alone.
func LineWords(p *page.Page, s privacy.PublishedSchedule, l privacy.ScheduleLine) (from, kept, then page.Cell) {
	lang := fileLang(p, s)
	if l.Class == "" {
		return page.Cell{Text: l.From, Lang: lang}, page.Cell{Text: l.Kept, Lang: lang}, page.Cell{Text: l.Then, Lang: lang}
	}
	read := func(text, words string) page.Cell {
		c := page.Cell{Text: text}
		if words != "" && !strings.EqualFold(words, text) {
			c.Small, c.SmallLang = "“"+words+"”", lang
		}
		return c
	}
	return read(p.T("retention.trigger."+string(l.Trigger)), l.From), read(PeriodWords(p, l.Period), l.Kept), read(p.T("schedule.action."+string(l.Action)), l.Then)
}

// PeriodWords writes a period as people read it; what is no period stays as it is.
func PeriodWords(p *page.Page, iso string) string {
	period, err := privacy.ParsePeriod(iso)
	if err != nil {
		return iso
	}
	return period.Words(p.Lang)
}

// RuleWords writes how long a rule keeps something, and from when.
func RuleWords(p *page.Page, r privacy.RetentionRule) string {
	return p.T("retention.rules.kept", "Period", PeriodWords(p, r.Period), "Trigger", p.T("retention.trigger."+string(r.Trigger)))
}

// here says what this service does with what the line is about: by the rules that act, or else as the notices promise.
func here(p *page.Page, l privacy.ScheduleLine, rules privacy.Schedule) (c page.Cell) {
	promised := l.Class.Promised() && l.Stage == privacy.StageService
	for _, r := range l.RulesAbout(rules) {
		if !r.Acts() {
			continue
		}
		promised = promised && r.Stage != l.Stage
		key := "schedule.here.differs"
		switch {
		case l.FollowedBy(r):
			key = "schedule.here.followed"
		case l.SameAs(r):
			key = "schedule.here.own"
		}
		text, then := p.T(key, "Kept", RuleWords(p, r)), p.T("schedule.here.then", "Action", p.T("retention.action."+string(r.Action)))
		switch {
		case r.Elsewhere():
			then += ". " + p.T("public.how_long.elsewhere")
		case r.Class.Promised() && r.Action == privacy.Anonymise:
			then += ". " + p.T("schedule.here.totals")
		case r.Class.Promised():
			then += ". " + p.T("schedule.here.latest")
		}
		if c.Text == "" {
			c = page.Cell{Text: text, Small: then}
		} else { // two stages, of which a line is about one
			c.Small += ". " + text + ". " + then
		}
	}
	switch {
	case promised && c.Text != "":
		c.Small += ". " + p.T("schedule.here.notice")
	case promised:
		c.Text = p.T("schedule.here.notice")
	case c.Text == "":
		c.Text = p.T("schedule.here.none")
	}
	return c
}
