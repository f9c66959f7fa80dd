package inside_test

import (
	"context"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// create starts a draft from a standard survey in the browser and returns its office address.
func create(t testing.TB, b *uitest.Browser, from string) string {
	t.Helper()
	b.Get("/office/consultations/new")
	if !strings.Contains(b.Page.Body, `href="/survey.schema.json"`) {
		t.Error("who writes a definition is not told where the schema is")
	}
	save(t, b, "from", from)
	if b.Page.Status != 200 || !strings.HasPrefix(b.Page.Path, "/office/consultations/") {
		t.Fatalf("create: %d at %s\n%s", b.Page.Status, b.Page.Path, b.Page.Text())
	}
	shows(t, b, "The draft is there")
	return b.Page.Path
}

// TestResearcherFromDraftToPublication goes the whole way in the browser, without scripts.
func TestResearcherFromDraftToPublication(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "resident-satisfaction")
	b.Get(base + "/readiness")
	shows(t, b, "before you can publish", "Details: What it is about")
	b.Get(base + "/publish")
	at(t, b, base+"/readiness", 200) // nothing to confirm while something is missing

	b.Get(base + "/details")
	save(t, b, "about-en", "What we ask.", "about-cy", "Yr hyn a ofynnwn.", "other_ways-en", "Call us.", "other_ways-cy", "Ffoniwch ni.", "slug", "how-we-do",
		"opens-day", "29", "opens-month", "3", "opens-year", "2026", "opens-time", "midnight", "closes-day", "30", "closes-month", "4", "closes-year", "2026", "closes-time", "5pm")
	at(t, b, base, 200)
	shows(t, b, "Your changes are saved", "Thursday 30 April 2026 at 5pm", "/c/how-we-do")
	b.Get(base + "/notice/purposes/1")
	save(t, b, "r0-name", "Fenwick Climate", "r0-form", "anonymous", "r0-location", "United Kingdom")
	at(t, b, base+"/notice", 200)
	shows(t, b, "Fenwick Climate: Anonymous totals, United Kingdom")
	b.Get(base + "/notice/consent")
	save(t, b, "partners", "Fenwick Climate\n")
	at(t, b, base+"/notice", 200)
	b.Get(base + "/documents/new")
	save(t, b, "title-en", "The plan", "title-cy", "Y cynllun", "url", "http://example.org/plan")
	at(t, b, base+"/documents/new", 422)
	shows(t, b, "starts with https://")
	save(t, b, "url", "https://example.org/plan")
	at(t, b, base, 200)
	shows(t, b, "The plan")

	b.Get(base + "/readiness")
	shows(t, b, "Nobody has screened it", "art. 35(1)")
	b.Get(base + "/screening")
	shows(t, b, "The service suggests yes: Children may take part.")
	save(t, b)
	at(t, b, base+"/screening", 422)
	shows(t, b, "Answer yes or no", "Say what is particular about this consultation")
	save(t, b, "q-new_technology", "no", "q-biometric_genetic", "no", "q-children", "no", "q-physical_harm", "no", "q-innovative", "no", "q-prevents_right", "no",
		"addendum", "Equality answers are kept apart.")
	at(t, b, base+"/screening", 200)
	shows(t, b, "DPIA to be approved")
	b.Get(base + "/publish")
	at(t, b, base+"/readiness", 200) // a DPIA is needed and nobody has approved one
	shows(t, b, "A DPIA is needed")

	officer := w.signIn(t, consult.DPO)
	officer.Get("/office")
	shows(t, officer, "1 consultation waits for your decision about a DPIA")
	officer.Get("/office/registers/screenings/" + base[len("/office/consultations/"):])
	approve := []string{"ruling", "approved", "reasons", "The measures suffice.", "reference", "Addendum 7", "review-day", "1", "review-month", "3", "review-year", "2027"}
	save(t, officer, approve...)
	if officer.Page.Status != 422 {
		t.Errorf("an approval that rests on no DPIA of the service: %d", officer.Page.Status)
	}
	shows(t, officer, "Record a DPIA of the service first")
	officer.Get("/office/registers/dpia")
	save(t, officer, "reference", "DPIA 3", "where", "Records", "advice", "It may run.", "approved-day", "1", "approved-month", "3", "approved-year", "2026",
		"review-day", "1", "review-month", "3", "review-year", "2028")
	at(t, officer, "/office/registers", 200)
	officer.Get("/office/registers/screenings/" + base[len("/office/consultations/"):])
	save(t, officer, approve...)
	at(t, officer, "/office/registers/screenings", 200)
	shows(t, officer, "Your decision is recorded", "Nothing waits for you")

	b.Get(base + "/screening")
	shows(t, b, "The DPIA is approved", "Addendum 7", "DPIA 3", "Dee Protection")
	b.Get(base + "/readiness")
	shows(t, b, "Everything that has to be there is there")
	b.Get(base + "/publish")
	at(t, b, base+"/publish", 200)
	save(t, b)
	at(t, b, base+"/publish", 422)
	shows(t, b, "Tick the box to confirm")
	save(t, b, "sure", "yes")
	at(t, b, base, 200)
	shows(t, b, "The consultation is published", "/c/how-we-do", "Open")

	public := w.Browser(t)
	public.Get("/c/how-we-do")
	shows(t, public, "What we ask.", "The plan")
	for _, path := range []string{"/survey/source", "/survey/questions/trust", "/details"} {
		if a := b.Peek(base + path); path != "/details" && a.Status != 409 {
			t.Errorf("%s of a published consultation: %d, want 409 (frozen)", path, a.Status)
		}
	}
	b.Get(base + "/survey")
	shows(t, b, "frozen")
	b.Get(base + "/closing")
	save(t, b, "closes-day", "1", "closes-month", "4")
	at(t, b, base+"/closing", 422)
	shows(t, b, "not before the one people were told")
	save(t, b, "closes-day", "29", "closes-month", "5", "contact_name", "Research team")
	at(t, b, base, 200)
	shows(t, b, "Friday 29 May 2026 at 5pm", "Research team")
}

func TestDetailsKeepWhatWasTyped(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "blank")
	for _, c := range []struct {
		field, value, message, why string
	}{
		{"title-en", "", "Enter a title in English", "residents see it"},
		{"slug", "Library Hours", "small letters, numbers and hyphens", "it is an address"},
		{"minutes", "ten", "Enter the minutes as a whole number", "a count"},
		{"opens-day", "31", "", "31 March exists"},
		{"opens-month", "13", "Enter a real date", "no thirteenth month"},
		{"opens-time", "25:00", "Enter a time", "no such hour"},
		{"opens-time", "9", "Enter a time", "9 what?"},
		{"contact_email", "somebody", "Enter an email address", "people write to it"},
		{"slug", "library-hours", "Another consultation has this address", "one address is one consultation"},
		{"about-cy", strings.Repeat("x", 20_001), "at most 20,000 characters", "what residents are to read"},
		{"department", strings.Repeat("x", 201), "at most 200 characters", "a line"},
		{"population", "many", "Enter how many people", "a count"},
	} {
		b.Get(base + "/details")
		pairs := []string{c.field, c.value, "about-en", "Kept text & <b>"}
		if c.field == "opens-day" {
			pairs = append(pairs, "opens-month", "3")
		}
		save(t, b, pairs...)
		if c.message == "" {
			at(t, b, base, 200)
			continue
		}
		at(t, b, base+"/details", 422)
		shows(t, b, c.message)
		if _, values := filled(t, b); values.Get("about-en") != "Kept text & <b>" || c.value != "-" && values.Get(c.field) != c.value {
			t.Errorf("%s (%s): typed values were not kept: %q", c.field, c.why, values.Get(c.field))
		}
		if !strings.Contains(b.Page.Body, `<a href="#`+strings.Replace(c.field, "-month", "-day", 1)+`">`) {
			t.Errorf("%s (%s): the summary does not lead there", c.field, c.why)
		}
		if !strings.Contains(b.Page.Body, "<title>Error: ") {
			t.Errorf("%s: the title does not begin with Error", c.field)
		}
	}
}

// TestClocksForward: at 1am on 29 March 2026 the clocks go to 2am, so half past one does not exist.
func TestClocksForward(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "blank")
	b.Get(base + "/details")
	save(t, b, "opens-day", "29", "opens-month", "3", "opens-year", "2026", "opens-time", "1:30am")
	at(t, b, base+"/details", 422)
	shows(t, b, "the clocks go forward")
	save(t, b, "opens-time", "2:30am")
	at(t, b, base, 200)
	shows(t, b, "Sunday 29 March 2026 at 2:30am")
}

// TestCrossedEditsLoseNothing: two officers edit one draft; the later one sees what happened and keeps what they typed.
func TestCrossedEditsLoseNothing(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	other := w.signIn(t, consult.Researcher)
	base := create(t, b, "blank")
	for _, c := range []struct{ path, field string }{
		{"/details", "title-en"}, {"/notice/edit", "data-en"}, {"/notice/consent", "if_they_say_no-en"}, {"/notice/purposes/1", "text-en"},
		{"/documents/new", "title-en"}, {"/survey/title", "title-en"}, {"/survey/source", "source"},
	} {
		extra := []string{}
		if c.path == "/documents/new" {
			extra = []string{"body-en", "Text"}
		}
		b.Get(base + c.path)
		mine := "Mine"
		if c.field == "source" {
			_, values := filled(t, b)
			mine = values.Get("source") + "# mine\n"
		}
		other.Get(base + "/details")
		save(t, other, "department", "Other "+c.path)
		at(t, other, base, 200)
		save(t, b, append(extra, c.field, mine)...)
		at(t, b, base+c.path, 409)
		shows(t, b, "Somebody else saved this page")
		if _, values := filled(t, b); values.Get(c.field) != mine {
			t.Errorf("%s: typed text is lost: %q", c.path, values.Get(c.field))
		}
		save(t, b)
		if b.Page.Status != 200 {
			t.Errorf("%s: saving again: %d\n%s", c.path, b.Page.Status, b.Page.Text())
		}
	}
	b.Get(base + "/details")
	if _, values := filled(t, b); values.Get("department") != "Other /survey/source" || values.Get("title-en") != "Mine" {
		t.Errorf("one of the two lost something: %q, %q", values.Get("department"), values.Get("title-en"))
	}
}

func TestOwnDefinitionShowsEveryFault(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	b.Get("/office/consultations/new")
	save(t, b, "from", "_upload")
	at(t, b, "/office/consultations/new", 422)
	shows(t, b, "Choose a file, or paste the text")
	source := strings.Replace(strings.Replace(uitest.Everything, "kind: number", "kind: numbr", 1), "id: member\n", "id: satisfied\n", 1)
	_, faults := survey.Parse([]byte(source), w.Service.Bank)
	if len(faults) < 2 {
		t.Fatalf("faults: %v", faults)
	}
	save(t, b, "from", "_upload", "source", source)
	at(t, b, "/office/consultations/new", 422)
	for _, f := range faults {
		if !strings.Contains(b.Page.Body, ">"+itoa(f.Line)+"<") {
			t.Errorf("line %d is not named", f.Line)
		}
	}
	if all, err := w.Service.Consultations(context.Background(), w.staff[consult.Researcher], consult.ConsultationFilter{}); err != nil || len(all) != 0 {
		t.Errorf("a faulty definition was stored: %d, %v", len(all), err)
	}
	save(t, b, "source", uitest.Everything)
	shows(t, b, "The draft is there", "The library and you")
}

func TestEraseDraftIsAskedTwice(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "blank")
	b.Get(base + "/erase")
	save(t, b)
	at(t, b, base+"/erase", 422)
	save(t, b, "sure", "yes")
	at(t, b, "/office/consultations", 200)
	shows(t, b, "The draft is erased", "There are no consultations yet")
	if a := b.Peek(base); a.Status != 404 {
		t.Errorf("an erased draft answers %d", a.Status)
	}
}

func TestOutcomeNeedsAllPartsInEveryLanguage(t *testing.T) {
	w := newWorld(t)
	c := w.Publish(t, "library", uitest.Everything, nil)
	b := w.signIn(t, consult.Researcher)
	base := "/office/consultations/" + c.ID
	if a := b.Peek(base + "/outcome/edit"); a.Status != 409 {
		t.Errorf("an outcome before the end: %d", a.Status)
	}
	w.Clock.Move(c.ClosesAt)
	b = w.signIn(t, consult.Researcher)
	b.Get(base + "/outcome/edit")
	save(t, b, "asked-en", "About hours.", "do", "publish")
	at(t, b, base+"/outcome/edit", 422)
	shows(t, b, "Write what people said in English", "Write what you asked in Welsh")
	save(t, b, "asked-en", "About hours.", "do", "keep")
	at(t, b, base+"/outcome", 200)
	b.Get(base + "/outcome/edit")
	save(t, b, "asked-cy", "Am oriau.", "said-en", "Longer.", "said-cy", "Hirach.", "did-en", "We open later.", "did-cy", "Rydym yn agor yn hwyrach.", "do", "publish")
	at(t, b, base+"/outcome", 200)
	shows(t, b, "The outcome is published", "We open later.")
}

func TestListKeepsItsFiltersInTheAddress(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.Researcher)
	b.Get("/office/consultations?status=draft&q=satisfaction")
	at(t, b, "/office/consultations", 200)
	shows(t, b, "1 consultation", "Resident satisfaction survey")
	showsNot(t, b, "The library and you")
	if !strings.Contains(b.Page.Body, `href="/cy/office/consultations?status=draft&amp;q=satisfaction"`) {
		t.Error("the other language loses the filters")
	}
	b.Get("/office/consultations?q=zebra")
	shows(t, b, "No consultation matches")
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// TestTodaySaysWhatIsNext: a researcher on a Monday sees the draft that lacks something and the consultation that has closed and
// still owes people its outcome (Gunning 4: what was said is taken into account).
func TestTodaySaysWhatIsNext(t *testing.T) {
	w := fullWorld(t)
	w.closeOne(t)
	for _, row := range []struct {
		role consult.Role
		has  []string
		not  []string
		why  string
	}{
		{consult.Researcher, []string{"Your drafts", "missing", "Closed, outcome not published", "How we did last winter", "Outcome to publish"}, nil, "it is the researcher's to write"},
		{consult.Approver, []string{"Open consultations"}, []string{"Outcome to publish", "Your drafts"}, "nothing here is the approver's to do"},
	} {
		b := w.signIn(t, row.role)
		b.Get("/office")
		shows(t, b, row.has...)
		showsNot(t, b, row.not...)
		if t.Failed() {
			t.Fatal(row.role, row.why)
		}
	}
	b := w.signIn(t, consult.Researcher)
	b.Get("/office/consultations/" + w.draft.ID)
	shows(t, b, "missing before you can publish")
	b.Get("/office/partners")
	if b.Page.Status != 403 || !strings.Contains(b.Page.Body, `<a class="govuk-link" href="/office">`) {
		t.Errorf("a refusal in the office leads back to the office: %d\n%s", b.Page.Status, b.Page.Text())
	}
}

// TestNavigationMarksTheSection: the section whose page is open is marked, for eyes and for screen readers (WCAG 2.4.8).
func TestNavigationMarksTheSection(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	for _, row := range []struct{ path, section, why string }{
		{"/office", "Today", "the start"},
		{"/office/consultations/" + w.draft.ID, "Consultations", "a consultation is one of them"},
		{"/office/agreements/" + w.agreement.ID, "Partners", "an agreement is with a partner"},
		{"/office/audit", "Audit log", "a section of one page"},
	} {
		b.Get(row.path)
		want := `aria-current="true"><strong class="govuk-service-navigation__active-fallback">` + row.section + "</strong>"
		if strings.Count(b.Page.Body, "govuk-service-navigation__active-fallback") != 1 || !strings.Contains(b.Page.Body, want) {
			t.Errorf("%s: %s is not the section that is marked (%s)", row.path, row.section, row.why)
		}
	}
}
