package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// subject is one person with every sort of information: answers of every kind, equality answers, a consent that an officer recorded and its person
// renewed, and text that a spreadsheet would run.
func subject(lang locale.Lang) export.Subject {
	def, each := answered()
	var held consult.Response
	_ = each(func(r *consult.Response) error {
		if held.Reference == "" {
			held = *r
		}
		return nil
	})
	held.Reference, held.NoticeID, held.NoticeVersion, held.SurveyVersion = "WEM-7K3F-92QD", "hours", 2, "version-1"
	held.Ages = privacy.AgeChecks{Checks: []privacy.AgeCheck{{Threshold: 13, On: "2026-03-29"}},
		Authorised: &privacy.Authorisation{Relationship: "guardian", Method: "form", On: "2026-03-29"}}
	held.Answers = survey.Answers{"sat": {Codes: []string{"very"}}, "why": {Codes: []string{"read", "other"}, Text: "Côr"},
		"ward": {Codes: []string{"w1"}, Text: "WM1 2AB"}, "visits": {Text: "-3"}, "since": {Text: "2020-01-31"},
		"say": {Text: "=HYPERLINK(\"http://evil.example\")\n<b>“quoted”</b>"}, "health": {Codes: []string{"yes"}}, "gone": {Codes: []string{"x"}, Text: "asked once"}}
	council := privacy.Council{Name: bilingual("Wealdmere Borough Council", "Cyngor Bwrdeistref Wealdmere"), Address: "Town Hall\nWealdmere", Email: "say@wealdmere.example",
		Phone: "01632 960 000", Website: "https://www.wealdmere.example", Languages: locale.Langs(), DPOName: "Data Protection Officer", DPOEmail: "dpo@wealdmere.example", DPOPhone: "01632 960 001",
		Registration: "Z0000000", Regulator: bilingual("The regulator", "Y rheoleiddiwr"), RegulatorContact: bilingual("0303 000 0000", "0303 000 0001"),
		ComplaintsHow: bilingual("Write to us.", "Ysgrifennwch atom.")}
	partner := privacy.Recipient{Name: "Fenwick Climate", Form: privacy.Anonymous, Location: "United Kingdom"}
	con := &consult.Consultation{ID: "con-1", Slug: "hours", Details: consult.Details{Title: bilingual("Library hours", "Oriau’r llyfrgell"), Processing: privacy.Processing{
		Purposes: []privacy.Purpose{
			{ID: "decide", Text: bilingual("To decide on opening hours", "I benderfynu ar oriau agor"), Activities: []locale.Text{bilingual("Count answers", "Cyfrif atebion")},
				Basis: privacy.PublicTask, Recipients: []privacy.Recipient{partner}},
			{ID: consult.EqualityPurpose, Text: bilingual("To see who is affected", "I weld pwy yr effeithir arnynt"), Basis: privacy.PublicTask, Condition: privacy.ExplicitConsent,
				Recipients: []privacy.Recipient{partner}},
		},
		Data: bilingual("Your answers", "Eich atebion"), Retention: "P3Y", RetentionTrigger: bilingual("after closing", "ar ôl cau"), EqualityPeriod: "P12M",
		Automated: bilingual("No decision is made by a computer.", "Nid oes penderfyniad gan gyfrifiadur."), Locations: "United Kingdom",
		Categories: []locale.Text{bilingual("religion", "crefydd")}}}}
	at := time.Date(2026, time.March, 29, 1, 30, 0, 0, time.UTC)
	notice := privacy.NewNoticeVersion("hours", 2, at.AddDate(0, -1, 0), council, con.Title, con.Processing)
	return export.Subject{Council: council, Lang: lang, Address: "https://haveyoursay.example", At: at.AddDate(0, 0, 3),
		Geography: &consult.Geography{Wards: []consult.Ward{{Code: "w1", Label: bilingual("Abbots Cross", "Croes yr Abad")}}},
		Everything: &consult.Everything{
			Held: consult.Held{Consultation: con, Definition: def, Response: held, Processing: con.Processing, Consent: consult.ConsentStatus{RecordID: "record-secret", State: privacy.ConsentGiven, At: at},
				Equality: survey.Answers{"religion": {Codes: []string{"none"}}}},
			Events: []privacy.ConsentEvent{
				{ID: "event-secret", RecordID: "record-secret", Principal: "principal-secret", State: privacy.ConsentRequested, At: at, Channel: "phone", Actor: "staff-secret",
					Language: locale.English, Statement: "I agree.", NoticeVersion: 2, Hash: "hash-secret"},
				{State: privacy.ConsentGiven, At: at, ValidUntil: at.AddDate(1, 0, 0), Channel: "paper", Actor: "staff-secret", Language: locale.English, Statement: "I agree.",
					Option: "Agree", NoticeVersion: 2, Supersedes: "record-1", Evidence: privacy.Evidence{Giver: privacy.GivenByParent, Relation: "guardian",
						Form: "paper/0123", Scan: "DOC-2026-0471", On: "2026-03-28", Role: "researcher"}},
				{State: privacy.ConsentGiven, At: at, ValidUntil: at.AddDate(1, 0, 0), Channel: "web", Actor: "self", Language: locale.English, Statement: "I agree.", Option: "Agree", NoticeVersion: 2},
			},
			Notice: &notice, Until: "2029-03-31",
			Corrections: []consult.Correction{{On: "2026-03-30", By: "staff-secret", Reason: "They pressed the wrong one.",
				Before: survey.Answers{"say": {Text: "=1+1 is what stood there"}, "sat": {Codes: []string{"very"}}, "visits": {}}}},
		}}
}

func TestSubject(t *testing.T) {
	for _, lang := range locale.Langs() {
		var file, sheet bytes.Buffer
		s := subject(lang)
		if err := export.SubjectJSON(&file, s); err != nil {
			t.Fatal(err)
		}
		if err := export.SubjectCSV(&sheet, s); err != nil {
			t.Fatal(err)
		}
		golden(t, "subject."+string(lang)+".json", file.Bytes())
		golden(t, "subject."+string(lang)+".csv", sheet.Bytes())
		both := file.String() + sheet.String() + s.SubjectName("json")
		for _, secret := range []string{"secret", "officer", "hash-"} {
			if strings.Contains(strings.ReplaceAll(strings.ToLower(both), "data protection officer", ""), secret) {
				t.Errorf("%s: %q is in the copy: hashes, keys and other people's names are not for it", lang, secret)
			}
		}
	}
}

// TestSubjectTellsWhatTheArticleAsks: nothing of art. 15(1) is empty.
func TestSubjectTellsWhatTheArticleAsks(t *testing.T) {
	var file bytes.Buffer
	if err := export.SubjectJSON(&file, subject(locale.English)); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(file.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for field, clause := range map[string]string{"purposes": "(a)", "categories": "(b)", "recipients": "(c)", "storage": "(c), 15(2)", "retention": "(d)", "rights": "(e)",
		"complaint": "(f)", "source": "(g)", "automated": "(h)", "answers": "15(3)", "controller": "13(1)(a)", "privacy_notice": "what was told", "consent_events": "7(1)"} {
		switch v := got[field].(type) {
		case nil:
			t.Errorf("%s is missing: art. 15(1) %s", field, clause)
		case []any:
			if len(v) == 0 {
				t.Errorf("%s is empty: art. 15(1) %s", field, clause)
			}
		case string:
			if v == "" {
				t.Errorf("%s is empty: art. 15(1) %s", field, clause)
			}
		}
	}
	if until := got["retention"].(map[string]any)["until"]; until != "2029-03-31" {
		t.Errorf("kept until %v", until)
	}
}

// Whatever is held comes out of both files as it was: no answer is left out, and none is there that was not given.
func TestSubjectHoldsEveryAnswer(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := subject(locale.English)
		s.Everything.Corrections = nil
		held := survey.Answers{}
		for _, id := range []string{"sat", "why", "ward", "visits", "since", "say", "health", "nobody asks this"} {
			if !rapid.Bool().Draw(rt, id) {
				continue
			}
			a := survey.Answer{Text: rapid.String().Draw(rt, "text")}
			for range rapid.IntRange(0, 3).Draw(rt, "codes") {
				a.Codes = append(a.Codes, rapid.StringMatching(`[a-z]{1,4}`).Draw(rt, "code"))
			}
			if !a.Empty() {
				held[id] = a
			}
		}
		s.Everything.Response.Answers = held
		var file, sheet bytes.Buffer
		if err := export.SubjectJSON(&file, s); err != nil {
			rt.Fatal(err)
		}
		var got struct {
			Answers []struct {
				ID      string `json:"question_id"`
				Text    string `json:"text"`
				Choices []struct {
					Code string `json:"code"`
				} `json:"choices"`
			} `json:"answers"`
		}
		if err := json.Unmarshal(file.Bytes(), &got); err != nil {
			rt.Fatal(err)
		}
		if len(got.Answers) != len(held) {
			rt.Fatalf("%d answers of %d", len(got.Answers), len(held))
		}
		for _, a := range got.Answers {
			var codes []string
			for _, c := range a.Choices {
				codes = append(codes, c.Code)
			}
			if want := held[a.ID]; a.Text != want.Text || strings.Join(codes, " ") != strings.Join(want.Codes, " ") {
				rt.Fatalf("%s: %q %v, held %q %v", a.ID, a.Text, codes, want.Text, want.Codes)
			}
		}
		if err := export.SubjectCSV(&sheet, s); err != nil {
			rt.Fatal(err)
		}
		lines, err := csv.NewReader(bytes.NewReader(sheet.Bytes())).ReadAll()
		if err != nil || len(lines) != 1+len(held)+1 { // the head, and the equality answer
			rt.Fatalf("%d lines for %d answers: %v", len(lines), len(held), err)
		}
		for _, line := range lines {
			for _, cell := range line {
				if cell != export.Harmless(cell) {
					rt.Fatalf("a spreadsheet would run %q", cell)
				}
			}
		}
	})
}

// A response that an officer took down says so, by role and never by name (privacy.md 3.5; UK GDPR art. 15(1)(g)).
func TestSubjectRecorded(t *testing.T) {
	s := subject(locale.English)
	s.Everything.Response.Channel = consult.Paper
	s.Everything.Capture = &consult.Capture{StaffID: "staff-secret", Role: consult.Interviewer, Form: "P-7K3F-92QD-1XYZ/ab", Scan: "DOC-2026-0471", ReceivedOn: "2026-03-28"}
	var file bytes.Buffer
	if err := export.SubjectJSON(&file, s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"form_version": "P-7K3F-92QD-1XYZ/ab"`, `"scan_reference": "DOC-2026-0471"`, `"received_on": "2026-03-28"`, `"recorded_by": "council"`,
		`"recorder_role": "interviewer"`, `an officer of the council took down`} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("the copy has no %s", want)
		}
	}
	if strings.Contains(file.String(), "secret") {
		t.Error("the copy names the officer")
	}
}
