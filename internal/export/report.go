package export

import (
	"encoding/json"
	"io"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

// publicReport is the part of the disclosure report that travels with the files of a release (disclosure.md 3.6). It is made from the printed
// tables and the facts beside them and nothing else, so it cannot say what they do not: no reason of a hidden figure, no count by rule, no seed.
type publicReport struct {
	Format     string                `json:"format"`
	Release    string                `json:"release"`
	Title      locale.Text           `json:"title"`
	Council    locale.Text           `json:"council"`
	Use        locale.Text           `json:"use,omitempty"` // what the partner promised about the use
	Snapshot   string                `json:"snapshot"`      // day on which the responses were counted
	Method     []locale.Text         `json:"method"`
	Thresholds consult.ReleasePolicy `json:"thresholds"`
	Symbols    []symbol              `json:"symbols"`
	Share      releaseShare          `json:"figures"`
	Tables     []reportedTable       `json:"tables"`
	LeftOut    []locale.Text         `json:"left_out"` // tables that were planned and are not published, and why
	Checked    bool                  `json:"checked"`  // proven, attacked and approved by two people before publication
	Contact    string                `json:"contact"`
}

// ReportFormat names the layout of the public disclosure report.
const ReportFormat = "folkmoot-public-report-1"

// symbol is something that stands for a figure.
type symbol struct {
	Symbol  string      `json:"symbol"`
	Meaning locale.Text `json:"meaning"`
}

// reportedTable says of one table how much of it is hidden, and what was collapsed and why.
type reportedTable struct {
	Table     string        `json:"table"`
	Name      locale.Text   `json:"name"`
	Share     releaseShare  `json:"figures"`
	Collapsed []locale.Text `json:"collapsed"`
}

// shareOf counts the figures that could be shown, and those that are hidden: people in groups and people who gave answers.
func shareOf(tables []consult.ReleaseTable) (s releaseShare) {
	for _, x := range figures(tables) {
		if x.measure == measureBase || x.measure == measureCount {
			s.Cells++
			if x.value == consult.Hidden {
				s.Hidden++
			}
		}
	}
	return s
}

// percent is the share hidden, whole percent, halves up; 0 of nothing.
func (s releaseShare) percent() int {
	if s.Cells == 0 {
		return 0
	}
	return (200*s.Hidden + s.Cells) / (2 * s.Cells)
}

func reportOf(r *consult.Release, f consult.ReleaseFacts) publicReport {
	out := publicReport{Format: ReportFormat, Release: r.ID, Title: r.Title, Council: f.Council, Use: f.Use, Snapshot: f.SnapshotOn, Method: f.Method, Thresholds: f.Policy,
		Share: shareOf(r.Tables), Contact: f.Contact, Checked: f.Checked, LeftOut: append([]locale.Text{}, f.LeftOut...), Tables: []reportedTable{},
		Symbols: []symbol{{string(consult.Hidden), inEvery(f.Languages, "export.report.symbol.hidden")}}}
	for i := range r.Tables {
		t := &r.Tables[i]
		name := locale.Text{}
		for _, l := range f.Languages {
			name[l] = caption(*t, l, func(key string, args ...any) string { return catalogue().T(l, key, args...) })
		}
		notes := t.Notes
		if notes == nil {
			notes = []locale.Text{}
		}
		out.Tables = append(out.Tables, reportedTable{Table: t.ID, Name: name, Share: shareOf(r.Tables[i : i+1]), Collapsed: notes})
	}
	return out
}

func inEvery(langs []locale.Lang, key string) locale.Text {
	out := locale.Text{}
	for _, l := range langs {
		out[l] = catalogue().T(l, key)
	}
	return out
}

// ReportJSON writes the public disclosure report for programs.
func ReportJSON(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(reportOf(r, f))
}

// ReportHTML writes the public disclosure report for people, in one language. It prints on a page or two.
func ReportHTML(w io.Writer, r *consult.Release, f consult.ReleaseFacts, l locale.Lang) error {
	say := func(key string, args ...any) string { return catalogue().T(l, key, args...) }
	report := reportOf(r, f)
	d := document{Lang: l, Council: f.Council.In(l), Title: say("export.report.title", "Release", r.Title.In(l)), Facts: factsOf(r, f, l, say)}
	method := documentPart{Heading: say("export.workbook.method")}
	for _, m := range report.Method {
		method.List = append(method.List, m.In(l))
	}
	p := f.Policy
	thresholds := documentPart{Heading: say("export.report.thresholds"), List: []string{
		say("export.report.threshold.base", "People", p.BaseThreshold), say("export.report.threshold.cell", "People", p.CellThreshold),
		say("export.report.threshold.special", "People", p.SpecialThreshold), say("export.report.threshold.round", "Round", p.Rounding)}}
	if n := p.Noise; n != nil {
		thresholds.List = []string{say("export.report.threshold.noise", "Variance", n.Variance.Num, "Margin", n.Margin), say("export.report.threshold.quality", "People", n.MinBase),
			say("export.report.threshold.round.all", "Round", p.Rounding)}
	}
	symbols := documentPart{Heading: say("export.report.symbols")}
	for _, s := range report.Symbols {
		symbols.List = append(symbols.List, s.Symbol+": "+s.Meaning.In(l))
	}
	hidden := documentPart{Heading: say("export.report.hidden"),
		Text: say("export.report.hidden.all", "Hidden", report.Share.Hidden, "Cells", report.Share.Cells, "Share", report.Share.percent())}
	collapsed := documentPart{Heading: say("export.report.collapsed")}
	for _, t := range report.Tables {
		hidden.List = append(hidden.List, say("export.report.hidden.one", "Table", t.Name.In(l), "Hidden", t.Share.Hidden, "Cells", t.Share.Cells, "Share", t.Share.percent()))
		for _, why := range t.Collapsed {
			collapsed.List = append(collapsed.List, t.Name.In(l)+" – "+why.In(l))
		}
	}
	for _, t := range report.LeftOut {
		collapsed.List = append(collapsed.List, t.In(l))
	}
	if len(collapsed.List) == 0 {
		collapsed.Text = say("export.report.collapsed.none")
	}
	d.Parts = []documentPart{method, thresholds, symbols, hidden, collapsed}
	if report.Checked {
		text := "export.report.checked.text"
		if p.Noise != nil {
			text = "export.report.checked.noise"
		}
		d.Parts = append(d.Parts, documentPart{Heading: say("export.report.checked"), Text: say(text)})
	}
	return d.write(w)
}
