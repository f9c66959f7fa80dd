package public_test

import (
	"strings"
	"testing"

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
