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
	for prefix, texts := range map[string][]string{"": {"YM 1.1", "Ffeiliau staff", "6 blynedd", "We follow this line: 1 year from the day the consultation closes", "Not held in this service", "This service has a rule of its own: 36 months from the day the consultation closes", "Lines: 3"},
		"/cy": {"YM 1.1", "Ffeiliau staff", "6 blynedd", "Rydym yn dilyn y llinell hon: 1 flwyddyn", "Nid yw yn y gwasanaeth hwn"}} {
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
