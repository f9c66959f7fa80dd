package release_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// change returns a copy of fields with some changed: name, value pairs; an empty value clears the field.
func change(fields url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range fields {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func TestAgreementForm(t *testing.T) {
	w := newWorld(t)
	good := agreementFields(w.partner.ID)
	for _, c := range []struct {
		why   string
		pairs []string
		says  string
	}{
		{"nobody chosen", []string{"partner", ""}, "Choose the partner"},
		{"somebody who is no partner", []string{"partner", "nobody"}, "Choose the partner"},
		{"no purpose", []string{"purpose", " "}, "Enter what the partner may use the information for"},
		{"a purpose without end", []string{"purpose", strings.Repeat("ŵ", 2001)}, "at most 2,000 characters"},
		{"no first day", []string{"starts-day", ""}, "Enter the day on which the agreement starts"},
		{"31 February", []string{"starts-month", "2", "starts-day", "31"}, "Enter the day on which the agreement starts"},
		{"over before today", []string{"expires-year", "2026", "expires-month", "3", "expires-day", "28", "starts-day", "1"}, "Enter a day in the future"},
		{"over before it starts", []string{"starts-year", "2028"}, "Enter a day in the future, after the agreement starts"},
		{"no contact", []string{"contact_name", ""}, "Enter the name of the contact"},
		{"no address", []string{"contact_email", "somewhere"}, "in the correct format"},
		{"no promises", []string{"promises", ""}, "Enter what the partner promises"},
	} {
		w.approver.Get("/office/agreements/new")
		a := w.approver.Fill(change(good, c.pairs...))
		want(t, a, 422, c.why, "There is a problem", c.says)
		if c.pairs[0] != "contact_name" && !strings.Contains(a.Body, `value="Cas Contact"`) {
			t.Errorf("%s: what was typed is lost", c.why)
		}
		w.approver.Get("/cy/office/agreements/new")
		want(t, w.approver.Fill(change(good, c.pairs...)), 422, c.why+", in Welsh")
	}
	silent := change(good)
	delete(silent, "marketing")
	w.approver.Get("/office/agreements/new")
	want(t, w.approver.Fill(silent), 422, "councils.md S3-14: no promise about marketing", "There is a problem", "not to use the figures for marketing")
	w.approver.Get("/office/agreements/new")
	want(t, w.approver.Page, 200, "promises are suggested", "We will not try to find out who anybody in the figures is")
	agreement := w.agree(t, w.approver)
	if london := time.Date(2027, 6, 30, 23, 0, 0, 0, time.UTC); !agreement.ExpiresAt.Equal(london) {
		t.Errorf("expires at %s, want the end of 30 June in British Summer Time, %s", agreement.ExpiresAt, london)
	}
	path := "/office/agreements/" + agreement.ID
	w.approver.Get(path)
	want(t, w.approver.Fill(silent), 303, "councils.md S3-14: the promise is taken back; the last day stays")
	w.approver.Get(path)
	want(t, w.approver.Fill(change(silent, "expires-year", "2028", "purpose", " ")), 422, "councils.md S3-14: renewed without the promise, and something else is wrong", "not to use the figures for marketing", "Enter what the partner may use")
	w.approver.Get(path)
	renewed := w.approver.Fill(change(silent, "expires-year", "2028"))
	want(t, renewed, 422, "councils.md S3-14: renewed without the promise", "There is a problem", "not to use the figures for marketing")
	if !strings.Contains(renewed.Body, `href="#marketing`) {
		t.Error("the summary does not lead to the promise")
	}
	w.approver.Get(path)
	w.dpo.Get(path)
	want(t, w.approver.Fill(change(good, "purpose", "First")), 303, "saved")
	want(t, w.dpo.Fill(change(good, "purpose", "Second")), 409, "somebody else was faster; what was typed stays", "Somebody else saved this page", "Second")
	want(t, w.dpo.Fill(change(good, "purpose", "Second")), 303, "saving again replaces it, knowingly")
	want(t, w.dpo.Get(path), 200, "the second purpose stands", "Second")
	want(t, w.researcher.Get(path), 403, "researchers change no agreement")
	want(t, w.approver.Get("/office/agreements/nothing"), 404, "there is no such agreement")
}

func TestPartnerForm(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		why    string
		fields url.Values
		says   string
	}{
		{"no name", url.Values{"kind": {"company"}}, "Enter the partner's name"},
		{"no kind", url.Values{"name": {"New Ltd"}}, "Choose what kind of organisation"},
		{"a kind that is none", url.Values{"name": {"New Ltd"}, "kind": {"gang"}}, "Choose what kind of organisation"},
		{"a long name", url.Values{"name": {strings.Repeat("n", 201)}, "kind": {"company"}}, "at most 200 characters"},
		{"a name that is taken, in other letters", url.Values{"name": {"FENWICK  climate"}, "kind": {"company"}}, "already a partner of this name"},
	} {
		w.approver.Get("/office/partners/new")
		want(t, w.approver.Fill(c.fields), 422, c.why, "There is a problem", c.says)
	}
	w.approver.Get("/office/partners/new")
	a := w.approver.Fill(url.Values{"name": {"Riverside <b>Trust</b>"}, "kind": {"charity"}})
	want(t, a, 303, "added")
	want(t, w.approver.Get(a.Location), 200, "its page says what comes next", "Add the agreement next", "There is no agreement yet", "Nothing has been released to this partner", "Nobody of this partner can sign in yet")
	lacks(t, w.approver.Page, "names are text", "<b>Trust")
	want(t, w.approver.Get("/office/partners/nothing"), 404, "there is no such partner")
}

func TestDraftForm(t *testing.T) {
	w := newWorld(t)
	c := w.closed(t, "library", 60)
	path := "/office/consultations/" + c.ID + "/releases/new"
	want(t, w.researcher.Get(path), 200, "without an agreement nothing can be released", "There is no data sharing agreement in force", "adds agreements")
	agreement := w.agree(t, w.approver)
	want(t, w.researcher.Get(path), 200, "sensible tables are ticked", "Break-downs (1 ticked)", "The privacy notice and the consent statement name this partner")
	if n := strings.Count(w.researcher.Page.Body, " checked"); n != 8 { // the agreement; 4 questions; 3 by ward
		t.Errorf("%d fields are ticked, want 8", n)
	}
	good := url.Values{"agreement": {agreement.ID}, "title-en": {"A title"}, "table": {"satisfied"}}
	for _, c := range []struct {
		why    string
		fields url.Values
		says   string
	}{
		{"nothing at all", url.Values{}, "Choose the agreement"},
		{"no title in English", change(good, "title-en", ""), "Enter a title in English"},
		{"a title without end", change(good, "title-en", strings.Repeat("t", 201)), "at most 200 characters"},
		{"no table", change(good, "table", ""), "Choose at least 1 table"},
		{"a table that is not offered", change(good, "table", "satisfied|mood"), "Choose at least 1 table"},
		{"free text (R7)", change(good, "table", "more"), "Choose at least 1 table"},
		{"a question by itself", change(good, "table", "satisfied|satisfied"), "Choose at least 1 table"},
		{"somebody else's agreement", change(good, "agreement", "nobody"), "Choose the agreement"},
	} {
		w.researcher.Get(path)
		want(t, w.researcher.Fill(c.fields), 422, c.why, "There is a problem", c.says)
	}
	w.researcher.Get(path)
	filled := w.researcher.Fill(url.Values{"agreement": {agreement.ID}, "title-en": {"Kept"}, "table": {"satisfied", "member"}, "every": {"channel", "language"}, "fill": {"yes"}})
	want(t, filled, 200, "break-downs for all chosen questions", "Break-downs (2 ticked)")
	if !strings.Contains(filled.Body, `value="satisfied|channel" checked`) || !strings.Contains(filled.Body, `value="Kept"`) || strings.Contains(filled.Body, `value="uses|channel" checked`) {
		t.Error("the chosen break-downs are not ticked for the chosen questions, or what was typed is lost")
	}
	many := []string{"home", "channel", "language", "satisfied", "member", "age_band", "sex", "health_conditions"}
	want(t, w.researcher.Fill(url.Values{"agreement": {agreement.ID}, "title-en": {"Kept"}, "every": many, "fill": {"yes"}}), 422, "too many tables", "at most 60")
	all, err := w.Service.Releases(t.Context(), &consult.Staff{Role: consult.DPO})
	if err != nil || len(all) != 0 {
		t.Errorf("%d releases stored, %v: nothing may be", len(all), err)
	}
}

// R0: tables by two dimensions are added one at a time; what was ticked and typed stays.
func TestTablesByTwoThings(t *testing.T) {
	w := newWorld(t)
	c := w.closed(t, "library", 60)
	agreement := w.agree(t, w.approver)
	path := "/office/consultations/" + c.ID + "/releases/new"
	form := url.Values{"agreement": {agreement.ID}, "title-en": {"Kept"}, "table": {"satisfied"}, "add": {"yes"}, "pair-question": {"satisfied"}, "pair-by": {"home"}, "pair-then": {"channel"}}
	for _, c := range []struct {
		why    string
		fields url.Values
		says   string
	}{
		{"no question", change(form, "pair-question", ""), "Choose the question of the table"},
		{"no dimension", change(form, "pair-by", ""), "Choose what the table is broken down by"},
		{"one that is not offered", change(form, "pair-by", "mood"), "Choose what the table is broken down by"},
		{"only one dimension", change(form, "pair-then", ""), "Choose a second thing"},
		{"the same twice", change(form, "pair-then", "home"), "Choose a second thing"},
		{"the question itself", change(form, "pair-then", "satisfied"), "Choose a second thing"},
		{"there already, the other way round", url.Values{"agreement": {agreement.ID}, "table": {"satisfied|channel|home"}, "add": {"yes"}, "pair-question": {"satisfied"}, "pair-by": {"home"}, "pair-then": {"channel"}}, "The order of the two makes no difference"},
	} {
		w.researcher.Get(path)
		want(t, w.researcher.Fill(c.fields), 422, c.why, "There is a problem", c.says)
		w.researcher.Get(path)
		want(t, w.researcher.Fill(change(c.fields, "add", "")), 422, c.why+", with the button that makes the release", "There is a problem", c.says)
	}
	w.researcher.Get(path)
	checked := w.researcher.Fill(change(form, "add", "", "check", "yes"))
	want(t, checked, 200, "chosen in the lists, and the estimate asked for", "breakdowns by two things at once are not possible")
	w.researcher.Get(path)
	added := w.researcher.Fill(form)
	want(t, added, 200, "added", "Tables by two things at once that were added")
	if !strings.Contains(added.Body, `value="satisfied|home|channel" checked`) || !strings.Contains(added.Body, `value="satisfied" checked`) || !strings.Contains(added.Body, `value="Kept"`) {
		t.Error("the new table is not ticked, or what was ticked is lost")
	}
	want(t, w.researcher.Get("/cy"+path), 200, "in Welsh", "Ychwanegu tabl yn ôl dau beth")
	draft := w.draft(t, c, agreement.ID, "satisfied", "satisfied|home|channel")
	want(t, w.researcher.Get(draft), 200, "60 responses bear one dimension at a time", "breakdowns by two things at once are not possible")
}

// What people were told decides what may be released (UK GDPR art. 13(1)(e)).
func TestPartnersThatNobodyWasToldAbout(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.Publish(t, "quiet", uitest.Everything, nil) // its notice names no partner
	w.move(c.ClosesAt)
	path := "/office/consultations/" + c.ID + "/releases/new"
	want(t, w.researcher.Get(path), 200, "said beforehand", "Nothing can be released to this partner")
	want(t, w.researcher.Fill(url.Values{"agreement": {agreement.ID}, "title-en": {"A title"}, "table": {"satisfied"}}), 422, "and refused",
		"does not name "+partnerName)
}

func TestReleasesInTheMaking(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.publish(t, "library", 60)
	want(t, w.researcher.Get("/office/releases/new"), 200, "open consultations are offered with a warning", "wait until it has closed")
	want(t, w.researcher.Get("/office/releases/new?consultation="), 422, "nothing chosen", "Choose the consultation")
	if a := w.researcher.Peek("/office/releases/new?consultation=" + c.ID); a.Status != 303 || a.Location != "/office/consultations/"+c.ID+"/releases/new" {
		t.Errorf("chosen: %d %s", a.Status, a.Location)
	}
	want(t, w.researcher.Get("/office/consultations/"+c.ID+"/releases/new"), 200, "warned again", "This consultation is still open")
	w.move(c.ClosesAt)
	path := w.draft(t, c, agreement.ID, "satisfied", "satisfied|home", "uses")
	for _, prefix := range []string{"", "/cy"} {
		for _, page := range []string{"/office/releases", "/office/releases?state=draft", "/office/releases?state=revoked", "/office/releases/new", path, path + "/erase",
			"/office/consultations/" + c.ID + "/releases/new"} {
			want(t, w.researcher.Get(prefix+page), 200, "every page in both languages")
		}
		for _, page := range []string{"/office/partners", "/office/partners/" + w.partner.ID, "/office/partners/new", "/office/agreements/new", "/office/agreements/" + agreement.ID} {
			want(t, w.approver.Get(prefix+page), 200, "every page in both languages")
		}
	}
	want(t, w.researcher.Get("/office/releases?state=revoked"), 200, "a filter that finds nothing", "No release is like that")
	want(t, w.admin.Get("/office/releases"), 403, "administrators see no releases")
	want(t, w.approver.Get("/office/releases/nothing"), 404, "there is no such release")
}
