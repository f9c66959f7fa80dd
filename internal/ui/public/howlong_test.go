package public_test

import (
	"os"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Everybody can read how long what is kept: computed from what the notices promise and the rules say.
func TestHowLong(t *testing.T) {
	w := full(t)
	kept, err := w.Service.KeptInformation(t.Context())
	if err != nil || len(kept.Consultations) == 0 {
		t.Fatalf("%d consultations, %v", len(kept.Consultations), err)
	}
	for prefix, lang := range map[string]locale.Lang{"": locale.English, "/cy": locale.Welsh} {
		a := w.Browser(t).Get(prefix + "/how-long")
		a.Sound(t)
		for _, k := range kept.Consultations {
			period, err := privacy.ParsePeriod(k.Consultation.Processing.Retention)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{k.Consultation.Title.In(lang), locale.Date(lang, privacy.AddPeriod(k.Consultation.ClosesAt, period))} {
				if !strings.Contains(a.Text(), text) {
					t.Errorf("%s/how-long does not say %q", prefix, text)
				}
			}
		}
		for _, r := range kept.Rules {
			period, err := privacy.ParsePeriod(r.Period)
			if err != nil || !strings.Contains(a.Text(), period.Words(lang)) {
				t.Errorf("%s/how-long does not say %s, %v", prefix, r.Period, err)
			}
		}
		if privacyPage := w.Browser(t).Get(prefix + "/privacy"); !strings.Contains(privacyPage.Body, `href="`+prefix+`/how-long"`) {
			t.Errorf("%s/privacy does not lead there", prefix)
		}
	}
}

// The council's schedule is public, in both languages, with what this service follows of it (councils.md S3-16); where there is none, the page says so.
func TestPublishedSchedule(t *testing.T) {
	w := full(t)
	for path, text := range map[string]string{"/how-long/schedule": "There is no retention schedule here", "/cy/how-long/schedule": "Nid oes amserlen gadw yma", "/how-long/schedule.csv": "There is no retention schedule here"} {
		if a := w.Browser(t).Get(path); a.Status != 404 || !strings.Contains(a.Text(), text) {
			t.Errorf("%s without a schedule: %d %s", path, a.Status, a.Text())
		}
	}
	if a := w.Browser(t).Get("/how-long"); strings.Contains(a.Body, "/how-long/schedule") {
		t.Error("/how-long leads to a schedule that is not there")
	}
	file, err := os.ReadFile("../../privacy/testdata/schedule/cymru.csv")
	if err != nil {
		t.Fatal(err)
	}
	desk, officer := dpo.Desk{Service: w.Service}, &consult.Staff{ID: "officer", Role: consult.DPO}
	if faults, err := desk.ImportSchedule(t.Context(), officer, 0, file, locale.Welsh); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if faults, err := desk.TakeOver(t.Context(), officer, dpo.ScheduleVersions{Schedule: 1}, []string{"YM 1.2"}); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	for prefix, texts := range map[string][]string{"": {"YM 1.1", "Ffeiliau staff", "6 blynedd", "We follow this line: 1 year from the day the consultation closes Then: Erased. At the latest when the privacy notice says", "No rule of this service follows this line", "As long as the privacy notice of the consultation says", "Lines: 3"},
		"/cy": {"YM 1.1", "Ffeiliau staff", "6 blynedd", "Rydym yn dilyn y llinell hon: 1 flwyddyn o'r diwrnod y daw'r ymgynghoriad i ben", "Nid oes rheol yn y gwasanaeth hwn yn dilyn y llinell hon"}} {
		a := w.Browser(t).Get(prefix + "/how-long/schedule")
		a.Sound(t)
		for _, text := range texts {
			if !strings.Contains(strings.Join(strings.Fields(a.Text()), " "), text) {
				t.Errorf("%s/how-long/schedule does not say %q: %s", prefix, text, a.Text())
			}
		}
		if marked := strings.Contains(a.Body, `<span lang="cy">Ffeiliau staff`); marked != (prefix == "") {
			t.Errorf("%s: Welsh words are marked: %v (WCAG 3.1.2)", prefix, marked)
		}
		if b := w.Browser(t).Get(prefix + "/how-long"); !strings.Contains(b.Body, `href="`+prefix+`/how-long/schedule"`) || b.Header.Get("Cache-Control") != a.Header.Get("Cache-Control") {
			t.Errorf("%s/how-long does not lead there, or is cached otherwise", prefix)
		}
	}
	csv := w.Browser(t).Get("/how-long/schedule.csv")
	again, faults := privacy.ParsePublished([]byte(csv.Body), locale.Welsh)
	if csv.Status != 200 || len(faults) > 0 || len(again.Lines) != 3 || again.Lines[1].Period != "P1Y" || !strings.HasPrefix(csv.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file is not read again: %d %+v", csv.Status, faults)
	}
	if strings.Contains(csv.Body, "officer") {
		t.Error("the file names who imported it")
	}
}

// The public pages say only what is done: a line is followed where the rule says the same about the same information, and what nobody has approved, or waits for
// totals, is as the notice says (UK GDPR art. 5(1)(a), 13(2)(a); councils.md S3-16).
func TestScheduleSaysWhatIsKept(t *testing.T) {
	w := full(t)
	desk, officer := dpo.Desk{Service: w.Service}, &consult.Staff{ID: "officer", Role: consult.DPO}
	version := int64(0)
	load := func(lines string) {
		t.Helper()
		faults, err := desk.ImportSchedule(t.Context(), officer, version, []byte("reference,title,class,trigger,period,action,reason\n"+lines), locale.English)
		if err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		version++
	}
	save := func(id string, edit func(*privacy.RetentionRule)) {
		t.Helper()
		state, err := desk.Retention(t.Context(), officer)
		if err != nil {
			t.Fatal(err)
		}
		rule, _ := state.Settings.Rules.Rule(id)
		edit(&rule)
		if faults, err := desk.SaveRule(t.Context(), officer, state.Version, id, rule); err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
	}
	page := func(path string) string { return strings.Join(strings.Fields(w.Browser(t).Get(path).Text()), " ") }
	check := func(why string, is bool, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if words := page("/how-long/schedule"); strings.Contains(words, text) != is {
				t.Errorf("%s: %q: %v\n%s", why, text, !is, words)
			}
		}
	}
	const followed, differs, notice, none = "We follow this line", "Our rule differs: ", "As long as the privacy notice of the consultation says", "No rule of this service follows this line"

	load("CE 1,Consultation records,free_text,closed,1 year,Destroy,x\n")
	if faults, err := desk.TakeOver(t.Context(), officer, dpo.ScheduleVersions{Schedule: version}, []string{"CE 1"}); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	check("taken over", true, followed+": 1 year from the day the consultation closes Then: Erased. At the latest when the privacy notice says")
	load("CE 1,Consultation records,free_text,closure of the consultation,3 months,Destroy securely,x\n")
	check("the council shortens its line", true, differs+"1 year from the day the consultation closes")
	check("the council shortens its line", false, followed)
	check("art. 5(1)(a): the words of the file stand beside what was read", true, "the day the consultation closes “closure of the consultation”", "Erased “Destroy securely”")
	if file := w.Browser(t).Get("/how-long/schedule.csv").Body; !strings.Contains(file, "free_text,service,closure of the consultation,3 months,Destroy securely") {
		t.Errorf("the file has other words: %s", file)
	}
	load("CE 1,Consultation records,survey_answers,closed,1 year,Destroy,x\n")
	check("the line is about something else now; a default that nobody approved", true, notice)
	check("the line is about something else now", false, followed, differs, "1 year from the day the consultation closes Then", "36 months")
	load("CE 1,Planning applications,,decision,25 years,Archive,x\nCE 2,Responses,,closed,1 year,Destroy,x\n")
	check("the reference is given away anew; a class is named by none", true, none)
	check("the reference is given away anew; a class is named by none", false, followed, "Not held", "1 year from")
	load("CE 3,Requests,rights_case,case closed,6 years,Destroy,x\nCE 4,Proof,consent_proof,end of consent,6 years,Transfer to archives,x\n")
	check("a default that is carried out, of the same length", true, "This service has a rule of its own: 6 years from the end of the case Then: Erased")
	check("archived is not reviewed", true, differs+"6 years from the end of consent Then: Reviewed by the data protection officer")
	load("CE 9,Responses,survey_answers,closed,3 years,Review,x\n")
	save("responses", func(r *privacy.RetentionRule) { r.Schedule, r.Action = "CE 9", privacy.Review })
	check("the notice erases, a review keeps nothing", true, notice)
	check("the notice erases, a review keeps nothing", false, followed)

	load("CE 9,Equality answers,equality_answers,closed,1 month,Anonymise,x\n")
	save("equality", func(r *privacy.RetentionRule) { r.Schedule, r.Action, r.Period = "CE 9", privacy.Anonymise, "P1M" })
	check("S4-18: no notice says that totals are kept", true, followed+": 1 month from the day the consultation closes Then: Erased, and published totals kept. Once tested totals are published; at the latest when the privacy notice says")
	kept, err := w.Service.KeptInformation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, k := range kept.Consultations {
		if !k.Equality.IsZero() {
			asked++
			if !strings.Contains(page("/how-long"), "Equality answers Until "+locale.Date(locale.English, k.Equality)) {
				t.Errorf("the table does not say until when equality answers are kept: %s", k.Equality)
			}
		}
	}
	if words := page("/how-long"); asked == 0 || strings.Contains(words, "1 month from the day the consultation closes") || strings.Contains(words, "36 months from") {
		t.Errorf("%d consultations; what the notices promise is said once, with its day: %s", asked, words)
	}
	if err := desk.RemoveSchedule(t.Context(), officer, version); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(w.Browser(t).Get("/how-long").Body, "/how-long/schedule") {
		t.Error("/how-long leads to a schedule that was removed")
	}
}
