package privacy_test

import (
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// The words of councils, in English and Welsh.
func TestWordsOfSchedules(t *testing.T) {
	read := func(class, trigger, period, action string) (privacy.ScheduleLine, string) {
		s, faults := privacy.ParsePublished([]byte("ref;title;class;trigger;period;action\nA;B;"+class+";"+trigger+";"+period+";"+action+"\n"), locale.Welsh)
		if len(faults) > 0 {
			return privacy.ScheduleLine{}, saidOf(faults)
		}
		return s.Lines[0], ""
	}
	for text, want := range map[string]string{"P3Y": "P3Y", "p36m": "P36M", "3 years": "P3Y", "3 Years": "P3Y", "3yrs": "P3Y", "6 months": "P6M", "60 days": "P60D", "4 weeks": "P4W", "six years": "P6Y",
		"a year": "P1Y", "1 year and 6 months": "P1Y6M", "3 blynedd": "P3Y", "1 flwyddyn": "P1Y", "dwy flynedd": "P2Y", "7 mlynedd": "P7Y", "6 mis": "P6M", "dau fis": "P2M", "30 diwrnod": "P30D",
		"1 flwyddyn a 6 mis": "P1Y6M", "": "", "years": "", "3": "", "0 years": "", "3 parsecs": "", "101 years": "", "-3 years": "", "1.5 years": "", "3-5 years": "", "99999999999999999999 days": ""} {
		if l, said := read("survey_answers", "closed", text, "delete"); l.Period != want {
			t.Errorf("%q is read as %q (%s), want %q", text, l.Period, said, want)
		}
	}
	for text, want := range map[string]privacy.Trigger{"Closed": privacy.OnClosed, "Date of closure": privacy.OnClosed, "from the day the consultation closes": privacy.OnClosed, "decision_published": privacy.OnDecision,
		"Publication of the outcome": privacy.OnDecision, "Cyhoeddi’r penderfyniad": privacy.OnDecision, "Date of last contact": privacy.OnLastContact, "y cyswllt olaf": privacy.OnLastContact, "case ended": privacy.OnCaseEnded,
		"end of the financial year": "", "o": ""} {
		if l, said := read("survey_answers", text, "P1Y", "delete"); l.Trigger != want {
			t.Errorf("%q is read as %q (%s), want %q", text, l.Trigger, said, want)
		}
	}
	// What may say something else beside what was read is refused (S2-2: one period, one event): a rule would erase by a guess.
	for _, text := range []string{"3 years (minimum)", "1 year - 3 years", "1 year – 3 years", "1 year to 3 years", "1 year, 3 years", "1-2 years", "6 months / 2 years", "2 years/6 months", "7yrs/10yrs", "1 year 1 year",
		"6 months 1 year", "6 years (10 years for children)", "1 year (then 6 years in archive)", "3 years?", "3 years*", "3 years * 6 months", "3 years & 6 months", "P1Y (P7Y)", "2 years or 7 years", ".5 years", "1,5 years", "1,000 days",
		"2 years and", "and 2 years", "1 and year", "2 years,", "Year 1", "6 + 1 years", "1 flwyddyn a", "12 months-3 years"} {
		if l, said := read("survey_answers", "closed", text, "delete"); l.Period != "" || said != "2:5 period period" {
			t.Errorf("%q is read as %q (%s)", text, l.Period, said)
		}
	}
	for _, text := range []string{"Closed (end of financial year)", "closure (of the case)", "Decision (appeal period over)", "closed?", "closed / decision", "closed*"} {
		if l, said := read("survey_answers", text, "P1Y", "delete"); l.Trigger != "" || said != "2:4 trigger trigger" {
			t.Errorf("%q is read as %q (%s)", text, l.Trigger, said)
		}
	}
	for _, text := range []string{"Destroy (after review by Head of Service)", "Delete (unless of historic interest – archive)", "Dispose (except minutes: permanent)", "Destroy?", "destroy / archive", "destroy*", "(securely)", "do not destroy"} {
		if l, said := read("survey_answers", "closed", "P1Y", text); l.Action != "" || said != "2:6 action action" {
			t.Errorf("%q is read as %q (%s)", text, l.Action, said)
		}
	}
	for _, text := range []string{"Destroy (securely)", "Dinistrio (yn gyfrinachol)", "Delete (secure).", "Destroy  (Confidential waste)"} {
		if l, said := read("survey_answers", "closed", "P1Y", text); l.Action != privacy.Dispose {
			t.Errorf("how it is destroyed changes nothing: %q is read as %q (%s)", text, l.Action, said)
		}
	}
	for _, text := range []string{"photos (survey_answers)", "survey_answers (children)"} {
		if l, said := read(text, "closed", "P1Y", "delete"); l.Class != "" || said != "2:3 class class" {
			t.Errorf("%q is read as %q (%s)", text, l.Class, said)
		}
	}
	for text, want := range map[string]privacy.Trigger{"publication of totals": privacy.OnTotals, "Totals published": privacy.OnTotals, "the day totals are published": privacy.OnTotals, "cyhoeddi'r cyfansymiau": privacy.OnTotals,
		"y diwrnod y cyhoeddir cyfansymiau": privacy.OnTotals, "o ddiwedd yr ymgynghoriad": privacy.OnClosed} {
		if l, said := read("survey_answers", text, "P1Y", "anonymise"); l.Trigger != want {
			t.Errorf("%q is read as %q (%s), want %q", text, l.Trigger, said, want)
		}
	}
	for text, want := range map[string]privacy.Disposal{"DESTROY": privacy.Dispose, "dispose": privacy.Dispose, "Dinistrio": privacy.Dispose, "Review.": privacy.Review, "adolygu": privacy.Review,
		"Transfer to archives": privacy.Archive, "Archifo": privacy.Archive, "anonymize": privacy.Anonymise, "dienwi": privacy.Anonymise, "coarsen": privacy.Coarsen, "keep": ""} {
		if l, said := read("survey_answers", "closed", "P1Y", text); l.Action != want {
			t.Errorf("%q is read as %q (%s), want %q", text, l.Action, said, want)
		}
	}
	for _, c := range privacy.DataClasses() {
		if l, said := read(strings.ToUpper(strings.ReplaceAll(string(c), "_", " ")), "closed", "P1Y", "review"); l.Class != c {
			t.Errorf("%s is not read: %s", c, said)
		}
	}
	for _, a := range privacy.Disposals() {
		if l, said := read("survey_answers", "closed", "P1Y", string(a)); l.Action != a {
			t.Errorf("what a rule can do is not read: %s: %s", a, said)
		}
	}
}

// What the service's own pages call an event and an action is read from a file too, in both languages.
func TestOwnWordsAreRead(t *testing.T) {
	messages, err := locale.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []locale.Lang{locale.English, locale.Welsh} {
		row := func(from privacy.Trigger, then privacy.Disposal) string {
			return "A;B;survey_answers;" + messages.T(lang, "retention.trigger."+string(from)) + ";1 year;" + messages.T(lang, "schedule.action."+string(then)) + "\n"
		}
		for _, from := range privacy.Triggers() {
			for _, then := range []privacy.Disposal{privacy.Dispose, privacy.Review, privacy.Archive, privacy.Anonymise, privacy.Coarsen} {
				s, faults := privacy.ParsePublished([]byte("ref;title;class;trigger;period;action\n"+row(from, then)), lang)
				if len(faults) > 0 || s.Lines[0].Trigger != from || s.Lines[0].Action != then {
					t.Errorf("%s: %q: %s", lang, row(from, then), saidOf(faults))
				}
			}
		}
	}
}
