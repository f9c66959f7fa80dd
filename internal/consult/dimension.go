package consult

import (
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// The dimensions that are not questions.
const (
	ByChannel  = "channel"
	ByLanguage = "language"
)

// Label is the channel in words.
func (c Channel) Label() locale.Text {
	switch c {
	case Web:
		return both("Online", "Ar-lein")
	case Telephone:
		return both("By phone", "Dros y ffôn")
	case FaceToFace:
		return both("In person", "Wyneb yn wyneb")
	case Paper:
		return both("On paper", "Ar bapur")
	case Kiosk:
		return both("At a kiosk", "Mewn ciosg")
	}
	return both(string(c), string(c))
}

// Channels lists the channels in the order in which they are shown.
func Channels() []Channel { return []Channel{Web, Telephone, FaceToFace, Paper, Kiosk} }

func notAnswered() CodeLabel {
	return CodeLabel{survey.CodeNotAnswered, both("Not answered", "Heb ei ateb")}
}

// codesOf lists the codes of a question without "not answered", in the order shown.
func codesOf(q survey.Question, g *Geography) (out []CodeLabel) {
	if q.Kind == survey.Postcode {
		return g.wardCodes()
	}
	for _, o := range q.Options {
		out = append(out, CodeLabel{o.Code, o.Label})
	}
	return out
}

// dimensionLabel names what a question's codes are: its text, but for a postcode, which nobody sees, the ward that it became.
func dimensionLabel(q survey.Question) locale.Text {
	if q.Kind == survey.Postcode {
		return both("Ward", "Ward")
	}
	return q.Text
}

// dimensionOf describes a question as a dimension, "not answered" last.
func dimensionOf(q survey.Question, g *Geography, special bool) Dimension {
	return Dimension{ID: q.ID, Label: dimensionLabel(q), Codes: append(codesOf(q, g), notAnswered()), Special: special}
}

// dimensions lists what results can be crossed by: wards first, then how people took part, then answers, then equality questions.
func dimensions(def *survey.Definition, g *Geography) []Dimension {
	var wards, answers []Dimension
	for _, q := range def.Questions() {
		switch {
		case q.Kind == survey.Postcode:
			wards = append(wards, dimensionOf(q, g, false))
		case q.Kind == survey.Scale || q.Kind == survey.Single:
			answers = append(answers, dimensionOf(q, g, q.Special))
		}
	}
	out := append(wards, channelDimension(), languageDimension())
	out = append(out, answers...)
	for _, q := range def.Equality {
		if q.Kind == survey.Single || q.Kind == survey.Scale {
			out = append(out, dimensionOf(q, g, true))
		}
	}
	return out
}

func channelDimension() Dimension {
	d := Dimension{ID: ByChannel, Label: both("How people took part", "Sut y cymerodd pobl ran")}
	for _, c := range Channels() {
		d.Codes = append(d.Codes, CodeLabel{string(c), c.Label()})
	}
	return d
}

func languageDimension() Dimension {
	return Dimension{ID: ByLanguage, Label: both("Language of the response", "Iaith yr ymateb"), Codes: []CodeLabel{
		{string(locale.English), both("English", "Saesneg")}, {string(locale.Welsh), both("Welsh", "Cymraeg")}}}
}

func dimensionByID(all []Dimension, id string) (Dimension, bool) {
	for _, d := range all {
		if d.ID == id {
			return d, true
		}
	}
	return Dimension{}, false
}

// index returns the position of a code, or of "not answered" for one that is not in the list.
func (d Dimension) index(code string) int {
	last := len(d.Codes) - 1
	for i, c := range d.Codes {
		if c.Code == code {
			return i
		}
		if c.Code == survey.CodeNotAnswered {
			last = i
		}
	}
	return last
}
