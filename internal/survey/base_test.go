package survey_test

import (
	"strings"
	"testing"

	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

// base is a definition with every kind and every field, from which the tests make wrong ones. Its lines are
// counted from the line after the quote.
const base = `format: folkmoot/survey/1
id: base-survey
title: { en: Base, cy: Sylfaen }
summary: { en: All kinds, cy: Pob math }
languages: [en, cy]
unchecked: [cy]
sections:
  - id: first
    title: { en: First, cy: Cyntaf }
    questions:
      - id: overall
        kind: scale
        scale: satisfaction
        dont_know: not_applicable
        required: true
        text: { en: "How satisfied are you with {council}?", cy: "Pa mor fodlon ydych chi gyda {council}?" }
      - id: own_scale
        kind: scale
        text: { en: Own scale, cy: Graddfa eich hun }
        options:
          - { code: a, label: { en: A, cy: A }, score: 5 }
          - { code: b, label: { en: B, cy: B }, score: 4 }
          - { code: c, label: { en: C, cy: C }, score: 3 }
          - { code: d, label: { en: D, cy: D }, score: 2 }
          - { code: e, label: { en: E, cy: E }, score: 1 }
          - { code: dont_know, label: { en: Not sure, cy: Ddim yn siŵr } }
      - id: pick
        kind: single
        text: { en: Pick one, cy: Dewiswch un }
        groups:
          - { code: few, label: { en: Few, cy: Ychydig } }
        options:
          - { code: one, label: { en: One, cy: Un }, group: few }
          - { code: two, label: { en: Two, cy: Dau }, group: few, write_in: { en: Say more, cy: Mwy } }
          - { code: other, label: { en: Other, cy: Arall }, write_in: { en: Which, cy: Pa un } }
          - { code: prefer_not_to_say, label: { en: Prefer not to say, cy: Dim ateb }, divider: true }
  - id: second
    title: { en: Second, cy: Ail }
    questions:
      - id: several
        kind: multiple
        show_when: { question: pick, any_of: [one, two] }
        text: { en: Several, cy: Sawl un }
        hint: { en: Select all that apply, cy: Dewiswch bob un }
        options:
          - { code: red, label: { en: Red, cy: Coch } }
          - { code: blue, label: { en: Blue, cy: Glas }, write_in: { en: Which blue, cy: Pa las } }
          - { code: none, label: { en: None, cy: Dim }, exclusive: true }
      - id: line
        kind: short_text
        max_length: 20
        text: { en: A line, cy: Llinell }
        why: { en: "Because\nwe ask", cy: "Oherwydd\nrydym yn gofyn" }
      - id: lines
        kind: long_text
        special: true
        text: { en: Lines, cy: Llinellau }
      - id: people
        kind: number
        min: 1
        max: 20.5
        decimals: 1
        text: { en: How many, cy: Faint }
      - id: day
        kind: date
        min_date: 2020-01-01
        max_date: "2030-12-31"
        text: { en: Which day, cy: Pa ddiwrnod }
      - id: ward
        kind: postcode
        keep: postcode
        text: { en: Your postcode, cy: Eich cod post }
      - id: elsewhere
        kind: short_text
        show_when: { question: ward, any_of: [elsewhere] }
        text: { en: Where, cy: Ble }
equality: [ethnic_group, age_band]
`

// edited is the base with one part replaced. The part must be there exactly once, so that a row means what it says.
func edited(t *testing.T, old, new string) string {
	t.Helper()
	if n := strings.Count(base, old); n != 1 {
		t.Fatalf("%q is %d times in the base definition", old, n)
	}
	return strings.Replace(base, old, new, 1)
}

// parsed is a definition that must have no fault.
func parsed(t *testing.T, src string) *survey.Definition {
	t.Helper()
	d, faults := survey.Parse([]byte(src), surveys.Bank())
	for _, f := range faults {
		t.Errorf("unexpected fault: %s", f)
	}
	if len(faults) > 0 {
		t.FailNow()
	}
	return d
}
