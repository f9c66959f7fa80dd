package inside_test

import (
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// What an officer enters beside an equality option is looked through before it is stored, and taken as it is when it is sent again (councils.md S1-2).
func TestRecordedEqualityIsLookedThrough(t *testing.T) {
	w := newWorld(t)
	w.open = w.Publish(t, "faith", strings.Replace(uitest.Everything, "[age_band, sex, disability]", "[age_band, religion]", 1), nil)
	b, base := w.signIn(t, consult.Interviewer), "/office/consultations/"+w.open.ID+"/record"
	stored := func() (n int) {
		check(t, w.Service.Store.Equality().EveryProfile(t.Context(), func(p *consult.EqualityProfile) error {
			if p.ConsultationID == w.open.ID {
				n++
			}
			return nil
		}))
		return n
	}
	w.onPaper(t, b, base, "DOC-2026-0001")
	fill(t, b, "decision", "agreed", "old", "yes")
	for _, row := range []struct{ why, text, says string }{
		{"a telephone number", "Ring 07700 900123", "seems to hold a telephone number"},
		{"it was changed, and holds something else", "gwen@resident.example", "seems to hold an e-mail address"},
	} {
		fill(t, b, "religion", "other", "religion-other-text", row.text)
		b.Page.Sound(t)
		if b.Page.Path != base+"/equality" || !strings.Contains(b.Page.Text(), row.says) || !strings.Contains(b.Page.Body, row.text) || strings.Contains(b.Page.Body, "govuk-error") {
			t.Fatalf("%s: at %s: %s", row.why, b.Page.Path, b.Page.Text())
		}
		if stored() > 0 {
			t.Errorf("%s: it is stored before the officer decided", row.why)
		}
	}
	fill(t, b, "religion", "other", "religion-other-text", "gwen@resident.example")
	if b.Page.Path != base+"/done" || stored() != 1 {
		t.Errorf("sent again it is not stored: at %s, %d", b.Page.Path, stored())
	}
}
