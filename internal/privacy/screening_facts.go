package privacy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// ScreeningFacts is what the service knows of a consultation that bears on its screening. It holds no answers of anybody.
type ScreeningFacts struct {
	Asked      []string // what is asked, one line for each question: its id, kind, words and options
	Special    []string // ids of the questions that ask special-category information, the equality questions among them
	FreeText   bool     // people may write in their own words
	Population int      // people concerned; 0 = not stated
	MinimumAge int      // years below which nobody may take part; 0 = everybody may
	Processing Processing
}

// ScreeningParts lists the parts of the facts, in order: a change of any of them makes a screening stale.
func ScreeningParts() []string {
	return []string{"questions", "people", "purposes", "recipients", "data", "storage"}
}

// Parts returns a hash of each part, so that a screening can be held against what is so later without storing it twice.
func (f ScreeningFacts) Parts() map[string]string {
	p := f.Processing
	digest := func(lines ...string) string { return seal.Digest(string(seal.Canonical(lines...))) }
	var purposes, recipients []string
	for _, u := range p.Purposes {
		purposes = append(purposes, u.ID, flat(u.Text), string(u.Basis), string(u.Condition))
		for _, a := range u.Activities {
			purposes = append(purposes, flat(a))
		}
		for _, r := range u.Recipients {
			recipients = append(recipients, u.ID, r.Name, string(r.Form), r.Location)
		}
	}
	for _, u := range p.Uses {
		purposes = append(purposes, "use", flat(u))
	}
	for _, name := range p.Partners {
		recipients = append(recipients, "partner", name)
	}
	data := []string{flat(p.Data), flat(p.Automated)}
	for _, c := range p.Categories {
		data = append(data, flat(c))
	}
	if p.KeepTotals { // only then, so that screenings from before it could be chosen stand
		purposes = append(purposes, "totals kept")
	}
	return map[string]string{
		"questions": digest(append(slices.Clone(f.Asked), f.Special...)...),
		"people": digest(strconv.Itoa(f.Population), strconv.Itoa(f.MinimumAge), strconv.Itoa(p.Ages.Equality), strconv.FormatBool(p.Ages.Youth),
			flat(p.Children), flat(p.Ages.Notice)),
		"purposes":   digest(purposes...),
		"recipients": digest(recipients...),
		"data":       digest(data...),
		"storage":    digest(p.Retention, p.EqualityPeriod, p.Locations, flat(p.Transfers)),
	}
}

// flat writes a bilingual text in one line, the same whether a language that says nothing is there or not.
func flat(t locale.Text) string {
	var out []string
	for _, lang := range locale.Langs() {
		if s := strings.TrimSpace(t[lang]); s != "" {
			out = append(out, string(lang)+"="+s)
		}
	}
	return strings.Join(out, "\n")
}

// Suggestion is what the service makes of a question, for a person to confirm.
type Suggestion struct {
	Yes   bool
	Why   string   // of the wording: screening.because.WHY
	Pairs []string // name, value pairs of the wording
}

// Because says why, in the language.
func (s Suggestion) Because(lang locale.Lang) string {
	return say(lang, "screening.because."+s.Why, s.Pairs...)
}

// Suggest answers a question from what the service knows; known is false where it cannot tell. It suggests no where the program does not do such a
// thing, and yes wherever a yes is possible: a person who says no then gives reasons.
func (f ScreeningFacts) Suggest(id string) (s Suggestion, known bool) {
	form := ScreeningQuestions()
	large := f.Population == 0 || f.Population >= form.LargeScale
	count := []string{"count", locale.Number(int64(f.Population)), "from", locale.Number(int64(form.LargeScale))}
	scale := "large"
	if f.Population == 0 {
		scale = "unknown_scale"
	}
	switch id {
	case "significant_decisions", "access_to_service", "large_profiling", "scoring":
		return Suggestion{Why: "no_decisions"}, true // privacy.md 5.1: we make none
	case "public_monitoring", "tracking":
		return Suggestion{Why: "no_tracking"}, true // privacy.md 2, decision 8
	case "special_large_scale":
		if len(f.Special) > 0 && large {
			return Suggestion{true, "special_" + scale, count}, true
		}
		if len(f.Special) > 0 {
			return Suggestion{false, "special_small", count}, true
		}
		return Suggestion{Why: "no_special"}, true
	case "sensitive":
		if len(f.Special) > 0 {
			return Suggestion{true, "special", nil}, true
		}
		if f.FreeText {
			return Suggestion{true, "free_text", nil}, true // privacy.md 3.2: free text can reveal anything
		}
		return Suggestion{Why: "no_special"}, true
	case "large_scale":
		if large {
			return Suggestion{true, scale, count}, true
		}
		return Suggestion{false, "small", count}, true
	case "combining":
		if names := f.single(); len(names) > 0 {
			return Suggestion{true, "single", []string{"names", strings.Join(names, ", ")}}, true
		}
		return Suggestion{Why: "only_totals"}, true
	case "invisible":
		return Suggestion{Why: "notice"}, true // art. 13: shown before the first question
	case "children":
		if f.Processing.Ages.Youth {
			return Suggestion{true, "youth", nil}, true // privacy.md 3.3
		}
		if f.MinimumAge > 0 && f.MinimumAge < form.Adult {
			return Suggestion{true, "young", []string{"age", strconv.Itoa(f.MinimumAge)}}, true
		}
		return Suggestion{}, false
	case "vulnerable":
		if f.MinimumAge >= form.Adult {
			return Suggestion{}, false // adults may be vulnerable too
		}
		return Suggestion{true, "any_age", nil}, true
	}
	return Suggestion{}, false
}

// single names the recipients that get information about single people.
func (f ScreeningFacts) single() (names []string) {
	for _, r := range f.Processing.recipients() {
		if r.Form != Anonymous && !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}

// AskedLine writes a question as ScreeningFacts.Asked holds it.
func AskedLine(id, kind string, text locale.Text, options []locale.Text) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s %s", id, kind, flat(text))
	for _, o := range options {
		out.WriteString("\n" + flat(o))
	}
	return out.String()
}
