package release_test

import (
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
)

// The officer sees before making anything what would be hidden, and what could be published instead.
func TestCheckingBeforeMaking(t *testing.T) {
	w := newWorld(t)
	c := w.closed(t, "libraries", 260)
	agreement := w.agree(t, w.approver)
	path := "/office/consultations/" + c.ID + "/releases/new"
	fields := url.Values{"agreement": {agreement.ID}, "title-en": {"Kept"}, "table": {"satisfied", "satisfied|age_band", "uses|home"}, "check": {"yes"}}
	for _, lang := range []struct{ prefix, title, instead, headline string }{
		{"", "What would be hidden", "What you could publish instead", "everybody together"},
		{"/cy", "Beth fyddai'n cael ei guddio", "Beth allech ei gyhoeddi yn lle hynny", "pawb gyda'i gilydd"},
	} {
		w.researcher.Get(lang.prefix + path)
		a := w.researcher.Fill(fields)
		want(t, a, 200, "checked", lang.title, lang.headline, lang.instead)
		if !strings.Contains(a.Body, `value="Kept"`) || !strings.Contains(a.Body, `value="satisfied|age_band" checked`) {
			t.Error("what was typed and ticked is lost")
		}
		lacks(t, a, "free text is in no table, and no rule is named", "zzsecretzz", "R2", "econdary suppression")
	}
	if all, err := w.Service.Releases(t.Context(), &consult.Staff{Role: consult.DPO}); err != nil || len(all) > 0 {
		t.Errorf("checking made %d releases: %v", len(all), err)
	}
	w.researcher.Get(path)
	swap := change(fields, "check", "", "swap", "satisfied|age_band>satisfied|home")
	a := w.researcher.Fill(swap)
	want(t, a, 200, "swapped and checked again", "What would be hidden")
	if !strings.Contains(a.Body, `value="satisfied|home" checked`) || strings.Contains(a.Body, `value="satisfied|age_band" checked`) {
		t.Error("the table was not taken in for the other")
	}
	for why, bad := range map[string]url.Values{
		"no table":             change(fields, "table", ""),
		"no agreement":         change(fields, "agreement", ""),
		"a table that is none": change(fields, "table", "nothing|home"),
		"a swap into nothing":  change(fields, "swap", "satisfied|age_band>nothing|home"),
	} {
		w.researcher.Get(path)
		want(t, w.researcher.Fill(bad), 422, why, "There is a problem")
	}
}

// A script asks while choices change: it gets what each table would hide beside the table, and sentences instead of errors, because nobody
// has pressed a button.
func TestCheckingWhileChoosing(t *testing.T) {
	w := newWorld(t)
	c := w.closed(t, "libraries", 260)
	agreement := w.agree(t, w.approver)
	path := "/office/consultations/" + c.ID + "/releases/new"
	fields := url.Values{"agreement": {agreement.ID}, "title-en": {"Kept"}, "table": {"satisfied", "satisfied|age_band"}, "check": {"live"}}
	w.researcher.Get(path)
	a := w.researcher.Fill(fields)
	want(t, a, 200, "asked by a script", "What would be hidden", "In less detail than chosen.")
	if !strings.Contains(a.Body, `data-live="check"`) || !strings.Contains(a.Body, "data-live-region") {
		t.Error("the script does not find its form")
	}
	if hints := strings.Count(a.Body, "govuk-checkboxes__hint"); hints != 2 {
		t.Errorf("%d of 2 chosen tables say what they would hide", hints)
	}
	for why, x := range map[string]struct {
		fields url.Values
		says   string
	}{
		"no table yet":               {change(fields, "table", ""), "Choose"},
		"no agreement yet":           {change(fields, "agreement", ""), "Choose"},
		"a further table, half made": {change(fields, "pair-question", "satisfied"), "What would be hidden"},
	} {
		w.researcher.Get(path)
		a := w.researcher.Fill(x.fields)
		want(t, a, 200, why, x.says)
		lacks(t, a, why, "There is a problem", "govuk-error-summary")
	}
}
