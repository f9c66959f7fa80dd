package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// answered is a survey with every kind of question, a special-category question and an equality question, and three
// responses: one with everything, one hostile, one empty.
func answered() (*survey.Definition, export.Responses) {
	option := func(code, en, cy string, score int) survey.Option {
		return survey.Option{Code: code, Label: bilingual(en, cy), Score: score}
	}
	other := option("other", "Something else", "Rhywbeth arall", 0)
	other.WriteIn = bilingual("What?", "Beth?")
	question := func(id string, k survey.Kind, en, cy string, options ...survey.Option) survey.Question {
		return survey.Question{ID: id, Kind: k, Text: bilingual(en, cy), Options: options}
	}
	health := question("health", survey.Single, "Do you have a condition?", "Oes gennych gyflwr?", option("yes", "Yes", "Oes", 0))
	health.Special = true
	d := &survey.Definition{ID: "hours", Languages: locale.Langs(),
		Sections: []survey.Section{{Questions: []survey.Question{
			question("sat", survey.Scale, "How satisfied?", "Pa mor fodlon?", option("very", "Very", "Iawn", 5), option("dk", "Don’t know", "Ddim yn gwybod", 0)),
			question("why", survey.Multiple, "Why do you come?", "Pam rydych chi’n dod?", option("read", "To read", "I ddarllen", 0), other),
			question("ward", survey.Postcode, "What is your postcode?", "Beth yw eich cod post?"),
			question("visits", survey.Number, "How many visits?", "Sawl ymweliad?"),
			question("since", survey.Date, "Since when?", "Ers pryd?"),
			question("say", survey.LongText, "Anything else?", "Unrhyw beth arall?"),
			health,
		}}},
		Equality: []survey.Question{question("religion", survey.Single, "What is your religion?", "Beth yw eich crefydd?", option("none", "None", "Dim", 0))}}
	full := &consult.Response{ID: "id-secret", Reference: "WEM-secret", CodeHash: "hash-secret", TokenHash: "token-secret",
		SubmittedOn: "2026-02-14", Channel: consult.Web, Language: locale.Welsh,
		Answers: survey.Answers{"sat": {Codes: []string{"very"}}, "why": {Codes: []string{"read", "other"}, Text: "Côr"},
			"ward": {Codes: []string{"w1"}, Text: "WM1 2AB"}, "visits": {Text: "-3"}, "since": {Text: "2020-01-31"},
			"say": {Text: "Two lines,\n“quoted”"}, "health": {Codes: []string{"yes"}}, "religion": {Codes: []string{"none"}}}}
	hostile := &consult.Response{Channel: consult.Paper, Language: locale.English,
		Answers: survey.Answers{"why": {Codes: []string{"other"}, Text: "+1"}, "say": {Text: "=HYPERLINK(\"http://evil.example\")"}}}
	return d, func(fn func(*consult.Response) error) error {
		for _, r := range []*consult.Response{full, hostile, {Channel: consult.Web, Language: locale.English}} {
			if err := fn(r); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestResponses(t *testing.T) {
	d, each := answered()
	for _, f := range []export.Flavour{export.Plain, export.Spreadsheet} {
		var rows, book bytes.Buffer
		if err := export.ResponsesCSV(&rows, d, each, f); err != nil {
			t.Fatal(err)
		}
		if err := export.CodebookCSV(&book, d, f); err != nil {
			t.Fatal(err)
		}
		golden(t, "responses."+string(f)+".csv", rows.Bytes())
		golden(t, "codebook."+string(f)+".csv", book.Bytes())
		for why, secret := range map[string]string{
			"identifiers, references, codes and hashes": "secret", "equality answers": "religion", "special-category answers": "health",
			"times": "2026-02-14", "postcodes": "WM1 2AB",
		} {
			if strings.Contains(rows.String()+book.String(), secret) {
				t.Errorf("%s: %s are in the file", f, why)
			}
		}
	}
}

func TestSpreadsheetFlavourRunsNothing(t *testing.T) {
	d, each := answered()
	var b bytes.Buffer
	if err := export.ResponsesCSV(&b, d, each, export.Spreadsheet); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		for _, cell := range line {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+@\t\r") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

// TestEveryColumnAndCodeIsInTheCodebook reads both files as an analyst does.
func TestEveryColumnAndCodeIsInTheCodebook(t *testing.T) {
	d, each := answered()
	var rows, book bytes.Buffer
	if err := errors.Join(export.ResponsesCSV(&rows, d, each, export.Plain), export.CodebookCSV(&book, d, export.Plain)); err != nil {
		t.Fatal(err)
	}
	data, err := csv.NewReader(&rows).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := csv.NewReader(&book).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	codes, anything := map[[2]string]bool{}, map[string]bool{}
	for _, e := range entries[1:] {
		if codes[[2]string{e[0], e[4]}] = true; e[4] == "" {
			anything[e[0]] = true
		}
	}
	for _, line := range data[1:] {
		for i, v := range line {
			if column := data[0][i]; !anything[column] && !codes[[2]string{column, v}] {
				t.Errorf("%s = %q is not in the codebook", column, v)
			}
		}
	}
}

func TestErrorOfTheIteratorStopsTheExport(t *testing.T) {
	d, _ := answered()
	broken := errors.New("broken")
	err := export.ResponsesCSV(io.Discard, d, func(func(*consult.Response) error) error { return broken }, export.Plain)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// A text that is held back leaves in no flavour: what stands for it says why, in the language of the response (councils.md S1-2).
func TestTextsHeldBackAreNotInTheFile(t *testing.T) {
	d, _ := answered()
	each := func(fn func(*consult.Response) error) error {
		for _, l := range locale.Langs() {
			r := &consult.Response{Channel: consult.Web, Language: l, Answers: survey.Answers{"say": {}, "why": {Codes: []string{"other"}}},
				HeldBack: consult.Withheld{"say": {privacy.MarkCard, privacy.MarkNHS}, "why": {privacy.MarkEmail}}}
			r.Answers["say"] = survey.Answer{Text: "left by mistake"}
			if err := fn(r); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range []export.Flavour{export.Plain, export.Spreadsheet} {
		var rows bytes.Buffer
		if err := export.ResponsesCSV(&rows, d, each, f); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"[held back: it may hold somebody’s personal details: a payment card number, an NHS number]", "details: an e-mail address]",
			"[wedi’i ddal yn ôl: gall gynnwys manylion personol rhywun: rhif cerdyn talu, rhif GIG]"} {
			if !strings.Contains(rows.String(), part) {
				t.Errorf("%s: the file lacks %q:\n%s", f, part, rows.String())
			}
		}
		if strings.Contains(rows.String(), "left by mistake") {
			t.Errorf("%s: a text that is held back is in the file", f)
		}
	}
}
