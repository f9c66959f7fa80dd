package consult

import (
	"slices"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// Codes of bands, which no option can have: they are not offered anywhere.
const (
	bandPositive    = "band_positive"
	bandNegative    = "band_negative"
	bandNotPositive = "band_not_positive"
	picked          = "y"
	notPicked       = "n"
)

// releaseDim is one dimension of a release: the disclosure dimension, and words for every code and rung it can end up with.
type releaseDim struct {
	disclosure.Dim
	label  locale.Text
	labels map[string]locale.Text
	scores map[string]int
	value  func(*Response, survey.Answers) string // the code of one person
	index  map[string]uint16
}

func (d *releaseDim) add(r *Response, equality survey.Answers) {
	i, ok := d.index[d.value(r, equality)]
	if !ok {
		i = d.index[survey.CodeNotAnswered]
	}
	d.Column = append(d.Column, i)
}

func (d *releaseDim) codes(codes []CodeLabel) {
	d.index, d.labels, d.scores = map[string]uint16{}, map[string]locale.Text{}, map[string]int{}
	for i, c := range codes {
		d.Codes = append(d.Codes, c.Code)
		d.index[c.Code], d.labels[c.Code] = uint16(i), c.Label
		if c.Code == survey.CodeNotAnswered || c.Code == survey.CodePreferNot {
			d.NoAnswer = append(d.NoAnswer, c.Code)
		}
	}
}

// rungs names the steps of the ladder of R1 for readers.
func rungs() map[string]locale.Text {
	return map[string]locale.Text{
		"bands_3": both("3 bands", "3 band"),
		"bands_2": both("2 bands", "2 fand"),
		"areas":   both("areas instead of wards", "ardaloedd yn lle wardiau"),
		"groups":  both("broader groups", "grwpiau ehangach"),
	}
}

// releaseSource is what dimensions are made from.
type releaseSource struct {
	def *survey.Definition
	g   *Geography
}

// question returns the dimension of a question with one code for each person, for example a scale, a ward or an equality question.
func (src releaseSource) question(id string) (*releaseDim, error) {
	if id == ByChannel || id == ByLanguage {
		return channelOrLanguage(id), nil
	}
	q, special := src.def.EqualityQuestion(id)
	if !special {
		var ok bool
		if q, ok = src.def.Question(id); !ok {
			return nil, unknownDimension(id)
		}
	}
	if q.Kind != survey.Scale && q.Kind != survey.Single && q.Kind != survey.Postcode {
		return nil, unknownDimension(id)
	}
	d := &releaseDim{Dim: disclosure.Dim{Name: id, Role: disclosure.Sensitive}, label: dimensionLabel(q)}
	if special || q.Special {
		d.Role = disclosure.Special
	}
	d.codes(append(codesOf(q, src.g), notAnswered()))
	d.value = valueOf(id, special)
	switch q.Kind {
	case survey.Postcode:
		d.Role = disclosure.Ordinary
		d.areas(src.g)
	case survey.Scale:
		d.bands(q)
	default:
		d.groups(q)
	}
	return d, nil
}

func valueOf(id string, special bool) func(*Response, survey.Answers) string {
	return func(r *Response, equality survey.Answers) string {
		a := r.Answers[id]
		if special {
			a = equality[id]
		}
		if len(a.Codes) == 0 {
			return survey.CodeNotAnswered
		}
		return a.Codes[0]
	}
}

func unknownDimension(id string) error {
	return fault.New(fault.Invalid, "error.release.dimension", "Dimension", id)
}

func channelOrLanguage(id string) *releaseDim {
	about := channelDimension()
	value := func(r *Response, _ survey.Answers) string { return string(r.Channel) }
	if id == ByLanguage {
		about = languageDimension()
		value = func(r *Response, _ survey.Answers) string { return string(r.Language) }
	}
	d := &releaseDim{Dim: disclosure.Dim{Name: id, Role: disclosure.Ordinary}, label: about.Label, value: value}
	d.codes(about.Codes)
	return d
}

// chosenOf returns the y/n dimension of one or several options of a multiple-choice question, with what they are called together (R6).
func (src releaseSource) chosenOf(q survey.Question, codes []string, label locale.Text, special bool) *releaseDim {
	d := &releaseDim{Dim: disclosure.Dim{Name: q.ID + "." + strings.Join(codes, poolSign), Role: disclosure.Sensitive}, label: q.Text}
	if special || q.Special {
		d.Role = disclosure.Special
	}
	d.codes([]CodeLabel{{picked, label}, {notPicked, both("Not chosen", "Heb ei ddewis")}, notAnswered()})
	d.value = func(r *Response, equality survey.Answers) string {
		a := r.Answers[q.ID]
		if special {
			a = equality[q.ID]
		}
		switch {
		case len(a.Codes) == 0:
			return survey.CodeNotAnswered
		case slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(a.Codes, code) }):
			return picked
		}
		return notPicked
	}
	return d
}

// bands is the ladder of a five-point scale: three bands, then two.
func (d *releaseDim) bands(q survey.Question) {
	three, two := map[string]string{}, map[string]string{bandNegative: bandNotPositive}
	d.Scores = map[string]float64{}
	var positive, negative, rest []locale.Text
	for _, o := range q.Options {
		if o.Score == 0 {
			continue
		}
		d.Scores[o.Code], d.scores[o.Code] = float64(o.Score), o.Score
		switch {
		case o.Score > 3:
			three[o.Code] = bandPositive
			positive = append(positive, o.Label)
		case o.Score < 3:
			three[o.Code] = bandNegative
			negative, rest = append(negative, o.Label), append(rest, o.Label)
		default:
			two[o.Code] = bandNotPositive
			rest = append(rest, o.Label)
		}
	}
	if len(positive) < 2 || len(negative) < 2 {
		return
	}
	d.labels[bandPositive], d.labels[bandNegative], d.labels[bandNotPositive] = either(positive), either(negative), either(rest)
	d.Ladder = []disclosure.Rung{{Name: "bands_3", Parent: three}, {Name: "bands_2", Parent: two}}
}

// either joins the labels of a band: "Very satisfied or Fairly satisfied".
func either(labels []locale.Text) locale.Text {
	join := func(l locale.Lang, word string) string {
		var all []string
		for _, t := range labels {
			all = append(all, t.In(l))
		}
		return strings.Join(all, word)
	}
	return both(join(locale.English, " or "), join(locale.Welsh, " neu "))
}

// trim takes out ways of taking part that nobody used, and "elsewhere" or "not answered" where nobody is: an empty row tells nothing. Wards
// and answers stay.
func (d *releaseDim) trim() {
	if d.Role != disclosure.Ordinary {
		return
	}
	used := make([]bool, len(d.Codes))
	for _, i := range d.Column {
		used[i] = true
	}
	fixed := d.Name != ByChannel && d.Name != ByLanguage
	to, kept := make([]uint16, len(d.Codes)), []string(nil)
	for i, code := range d.Codes {
		rest := code == survey.CodeElsewhere || code == survey.CodeUnknown || code == survey.CodeNotAnswered
		if used[i] || fixed && !rest {
			to[i] = uint16(len(kept))
			kept = append(kept, code)
		}
	}
	column := make([]uint16, len(d.Column))
	for i, c := range d.Column {
		column[i] = to[c]
	}
	d.Codes, d.Column = kept, column
	d.NoAnswer = slices.DeleteFunc(slices.Clone(d.NoAnswer), func(code string) bool { return !slices.Contains(kept, code) })
}

// areas is the ladder of a ward (R9: one nested geography).
func (d *releaseDim) areas(g *Geography) {
	parent := map[string]string{}
	for _, w := range g.Wards {
		parent[w.Code] = w.Area
	}
	for _, a := range g.Areas {
		d.labels[a.Code] = a.Label
	}
	if len(g.Areas) > 0 && len(g.Areas) < len(g.Wards) {
		d.Ladder = []disclosure.Rung{{Name: "areas", Parent: parent}}
	}
}

// groups is the ladder of a list of options that name coarser groups: 19 ethnic groups to 5, bands of age.
func (d *releaseDim) groups(q survey.Question) {
	parent, to := map[string]string{}, map[string]bool{}
	for _, o := range q.Options {
		if o.Group != "" && o.Group != o.Code {
			parent[o.Code] = o.Group
			to[o.Group] = true
		}
	}
	for _, grp := range q.Groups {
		d.labels[grp.Code] = grp.Label
	}
	if len(to) < 2 {
		return
	}
	d.Ladder = []disclosure.Rung{{Name: "groups", Parent: parent}}
}
