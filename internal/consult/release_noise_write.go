package consult

import (
	"math"
	"strconv"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/locale"
)

// write fills in the tables, findings and counts of a release with noise. Every printed figure comes from n.out, which holds no true count.
func (n noisyRelease) write(p *releasePlan, release *Release) {
	byID := map[string]noise.Shown{}
	for _, t := range n.out.Tables {
		byID[t.ID] = t
	}
	for _, spec := range p.specs {
		var parts []noise.Shown
		for _, part := range p.tables(spec) {
			parts = append(parts, byID[part.ID])
		}
		release.Tables = append(release.Tables, n.table(p, spec, parts))
	}
	release.Findings = n.findings(p)
	release.Report = ReleaseReport{ByRule: map[string]int{}}
	for _, t := range release.Tables {
		for _, row := range t.Rows {
			for _, c := range append([]ReleaseCell{row.Base}, row.Counts...) {
				release.Report.Cells++
				if c == Hidden {
					release.Report.Hidden++
				}
			}
		}
	}
	if release.Report.Hidden > 0 {
		release.Report.ByRule["quality"] = release.Report.Hidden
	}
}

// findings explain to the officer why there is noise and what the release costs, and refuse it where the budget does not cover it.
func (n noisyRelease) findings(p *releasePlan) []ReleaseFinding {
	var out []ReleaseFinding
	if p.open {
		out = append(out, ReleaseFinding{Text: say("release.finding.noise.open")})
	}
	mode := "release.finding.noise"
	if len(p.earlier) > 0 {
		mode = "release.finding.noise.stays"
	}
	out = append(out, ReleaseFinding{Text: say(mode, "Count", len(p.ids), "Margin", n.charge.Variance.Margin())})
	if n.refusal == nil {
		return out
	}
	args := append([]any{}, n.refusal.Args...)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i+1].(string); ok {
			args[i+1] = p.named(name)
		}
	}
	out = append(out, ReleaseFinding{Text: say(n.refusal.Key, args...), Block: true})
	if n.refusal.Key == "disclosure.noise.epoch" {
		next := locale.Text{}
		for _, l := range locale.Langs() {
			next[l] = say("release.finding.noise.next", "Date", locale.Date(l, nextPeriod(n.charge.Epoch)))[l]
		}
		out = append(out, ReleaseFinding{Text: next})
	}
	return out
}

// named is what a question or dimension is called; the name itself for what is none.
func (p *releasePlan) named(name string) any {
	if d := p.find(name); d != nil {
		return d.label
	}
	if q, _ := p.multiple(name); q != nil {
		return q.Text
	}
	return name
}

func (n noisyRelease) table(p *releasePlan, spec TableSpec, parts []noise.Shown) ReleaseTable {
	w := releaseWriter{plan: p}
	by := spec.Dimensions()
	names := p.tables(spec)
	out := ReleaseTable{ID: spec.ID(), Question: spec.Question, Wording: p.find(names[0].Question).label, By: spec.By, ThenBy: spec.ThenBy}
	if spec.By != "" {
		out.ByWording = w.names(by)
	}
	single := len(names[0].Show) == 0
	out.Scale = single && len(p.find(spec.Question).Scores) > 1
	for _, part := range names {
		d := p.find(part.Question)
		if !single {
			_, option, _ := strings.Cut(part.Question, ".")
			out.Columns = append(out.Columns, ReleaseColumn{Code: option, Label: d.labels[picked]})
			continue
		}
		for _, code := range d.Codes {
			out.Columns = append(out.Columns, ReleaseColumn{Code: code, Label: d.labels[code], Score: d.scores[code]})
		}
	}
	for i, g := range parts[0].Groups {
		row := p.group(by, g.Codes)
		row.Base, row.BaseMargin = counted(g.Base)
		for k, part := range parts {
			for j, f := range part.Groups[i].Figures {
				if !single && p.find(names[k].Question).Codes[j] != picked {
					continue
				}
				count, margin := counted(f)
				row.Counts, row.Margins = append(row.Counts, count), append(row.Margins, margin)
				share, points := shared(f, g.Base)
				row.Percent, row.Points = append(row.Percent, share), append(row.Points, points)
			}
		}
		if out.Scale {
			row.Mean, row.Net = scored(g.Mean), scored(g.Net)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// counted prints a count and its margin.
func counted(f noise.Figure) (count, margin ReleaseCell) {
	if f.Hidden {
		return Hidden, ""
	}
	return ReleaseCell(strconv.FormatInt(f.Shown, 10)), ReleaseCell(strconv.FormatInt(f.Margin, 10))
}

// shared prints a percentage and its margin in points; with a decimal from a base of 1,000 (R5).
func shared(f, base noise.Figure) (share, points ReleaseCell) {
	if f.Hidden {
		return Hidden, ""
	}
	decimals := 0
	if base.Shown >= 1000 {
		decimals = 1
	}
	return ReleaseCell(strconv.FormatFloat(f.Percent, 'f', decimals, 64)), ReleaseCell(strconv.FormatFloat(f.Points, 'f', 1, 64))
}

func scored(v float64) ReleaseCell {
	if math.IsNaN(v) {
		return Hidden
	}
	return ReleaseCell(strconv.FormatFloat(v, 'f', 1, 64))
}

// lost compares the figures of each table, and of all together, with the truth (disclosure.md 3.7).
func (n noisyRelease) lost() ([]ReportLoss, error) {
	var out []ReportLoss
	all := ReportLoss{}
	var exactly, shown []int
	for i, t := range n.out.Tables {
		truth, err := n.catalogue.Truth(n.catalogue.Tables[i])
		if err != nil {
			return nil, err
		}
		l := ReportLoss{Table: t.ID, Groups: len(t.Groups) - 1}
		from := len(exactly)
		sum, seen := 0.0, 0
		for k, g := range t.Groups {
			people := int64(0)
			for _, c := range truth[k] {
				people += c
			}
			l.Cells += 1 + len(g.Figures)
			if g.Base.Hidden {
				l.Hidden += 1 + len(g.Figures)
				l.Silent++
				continue
			}
			for a, f := range g.Figures {
				exactly, shown = append(exactly, int(truth[k][a])), append(shown, int(f.Shown))
				if people == 0 {
					continue
				}
				off := math.Abs(f.Percent - 100*float64(truth[k][a])/float64(people))
				sum, seen = sum+off, seen+1
				l.MaxPercent = max(l.MaxPercent, off)
				if people >= 100 {
					l.MaxPercent100 = max(l.MaxPercent100, off)
				}
			}
		}
		l.MeanPercent = sum / float64(max(1, seen))
		l.measure(exactly[from:], shown[from:])
		out = append(out, l)
		all.Cells, all.Hidden, all.Groups, all.Silent = all.Cells+l.Cells, all.Hidden+l.Hidden, all.Groups+l.Groups, all.Silent+l.Silent
		all.MeanPercent += l.MeanPercent / float64(len(n.out.Tables))
		all.MaxPercent, all.MaxPercent100 = max(all.MaxPercent, l.MaxPercent), max(all.MaxPercent100, l.MaxPercent100)
	}
	all.measure(exactly, shown)
	return append(out, all), nil
}

// measure fills in the distances of shown from exact counts.
func (l *ReportLoss) measure(exactly, shown []int) {
	d := disclosure.Distances(exactly, shown)
	l.Noise, l.MeanRounding = &d, d.D1
	for i := range exactly {
		l.MaxRounding = max(l.MaxRounding, math.Abs(float64(shown[i]-exactly[i])))
	}
	l.Hellinger = disclosure.Hellinger(exactly, shown)
}
