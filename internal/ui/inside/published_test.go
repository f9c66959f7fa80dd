package inside_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/uitest"
)

func scheduleFile(t testing.TB, name string) string {
	t.Helper()
	file, err := os.ReadFile("../../privacy/testdata/schedule/" + name)
	check(t, err)
	return string(file)
}

// publishSchedule imports a schedule; "" is that of Wealdmere.
func (w *world) publishSchedule(t testing.TB, file string) {
	t.Helper()
	if file == "" {
		file = scheduleFile(t, "wealdmere.csv")
	}
	desk := dpo.Desk{Service: w.Service}
	before, err := desk.Published(t.Context(), w.staff[consult.DPO])
	check(t, err)
	faults, err := desk.ImportSchedule(t.Context(), w.staff[consult.DPO], before.Versions.Schedule, []byte(file), locale.English)
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
}

func says(t testing.TB, a *uitest.Answer, texts ...string) {
	t.Helper()
	a.Sound(t)
	words := strings.Join(strings.Fields(a.Text()), " ")
	for _, text := range texts {
		if !strings.Contains(words, text) {
			t.Errorf("%s does not say %q: %s", a.Path, text, words)
		}
	}
}

// The officer sends a file with faults, mends it, sees what it would mean, stores its lines, and only then takes some over as rules (councils.md S3-16).
func TestTheOfficerImportsTheSchedule(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	says(t, b.Get("/office/retention/schedule"), "No schedule has been imported yet")
	says(t, b.Get("/cy/office/retention/schedule"), "Nid oes amserlen wedi'i mewnforio eto")
	if a := b.Get("/how-long/schedule"); a.Status != 404 || !strings.Contains(a.Text(), "There is no retention schedule here") {
		t.Errorf("the public page of none: %d %s", a.Status, a.Text())
	}

	for prefix, texts := range map[string][]string{"": {"Nothing is stored. Faults in the file: 2", "Line 2 Column How long (column 3) What to do Enter how long it is kept", "Line 3 Column Reference (column 1) What to do Line 2 has the same reference"},
		"/cy": {"Ni chadwyd dim. Diffygion yn y ffeil: 2", "Llinell 2 Colofn Am ba hyd (colofn 3) Beth i'w wneud Rhowch am ba hyd y'i cedwir"}} {
		b.Get(prefix + "/office/retention/schedule/import")
		a := upload(t, b, "schedule.csv", []byte("ref,title,period\nA,B,\nA,C,1 year\n"))
		if a.Status != 422 {
			t.Fatalf("a file with faults: %d", a.Status)
		}
		says(t, a, texts...)
	}
	b.Get("/office/retention/schedule/import")
	if a := upload(t, b, "schedule.csv", []byte("ref,title,period\n"+strings.Repeat("x", 181<<10))); a.Status != 422 || !strings.Contains(a.Text(), "Choose a file of at most 180 KB") {
		t.Errorf("a file that is too large for a page: %d", a.Status)
	}
	b.Get("/office/retention/schedule/import")
	if a := save(t, b, "source", " "); a.Status != 422 || !strings.Contains(a.Text(), "Choose a file, or paste the lines") {
		t.Errorf("no file: %d", a.Status)
	}

	b.Get("/office/retention/schedule/import")
	preview := upload(t, b, "schedule.csv", []byte(scheduleFile(t, "wealdmere.csv")))
	says(t, preview, "Nothing is stored yet", "12, of which 8 name information of this service", "Function Owner", "CE 1.2", "Personnel files", "6 years + current year",
		"This service moves nothing to an archive")
	other := w.enter(t, consult.DPO)
	if a := other.Get("/office/retention/schedule"); !strings.Contains(a.Text(), "No schedule has been imported yet") {
		t.Error("a preview stored something")
	}
	w.publishSchedule(t, "ref,title,period\nA,B,1 year\n")
	if a := save(t, b); a.Status != 409 || !strings.Contains(a.Text(), "Somebody else changed the schedule") {
		t.Fatalf("somebody was faster: %d %s", a.Status, a.Text())
	}
	says(t, save(t, b), "The schedule is stored. No rule was changed", "Dee Protection", "12, of which 8 name information of this service", "Personnel files")
	says(t, b.Get("/cy/office/retention/schedule"), "Dee Protection", "y mae 8 ohonynt", "6 years + current year")
	if !strings.Contains(b.Page.Body, `<span lang="en">Personnel files`) {
		t.Error("English words on a Welsh page are not marked (WCAG 3.1.2)")
	}
	if strings.Contains(b.Get("/office/retention/schedule").Body, `<span lang="en">`) {
		t.Error("English words on an English page are marked")
	}
	says(t, b.Get("/how-long"), "What we keep elsewhere is in another list: Our retention schedule")
	if a := b.Get("/office/audit?action=retention"); !strings.Contains(a.Text(), "Published retention schedule imported") {
		t.Errorf("the log: %s", a.Text())
	}
}

// What is in a pasted file, and with which hash it is stored, is what was pasted.
func TestAPastedScheduleAndItsFaults(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	b.Get("/office/retention/schedule/import")
	const bad = "ref,title,class,trigger,period,action\nA,<b>B</b>,photos,x,y,z\n"
	a := save(t, b, "lang", "cy", "source", bad)
	says(t, a, "Faults in the file: 4", "Enter one of these names, or leave the cell empty: survey_answers", "Enter one length of time such as 3 years")
	if a.Status != 422 || !strings.Contains(a.Body, "A,&lt;b&gt;B&lt;/b&gt;,photos") {
		t.Errorf("what was pasted is not there to be mended: %d", a.Status)
	}
	a = save(t, b, "source", "ref,title,class,trigger,period,action\nA,=1+1,,,1 flwyddyn,\n")
	says(t, a, "Cymraeg", "=1+1", "No line names a sort of information that this service holds")
	says(t, save(t, b), "The schedule is stored")
	if file := b.Get("/how-long/schedule.csv"); !strings.Contains(file.Body, "A,'=1+1,") || !strings.Contains(file.Header.Get("Content-Disposition"), "retention-schedule.csv") {
		t.Errorf("the file: %s", file.Body)
	}
	b.Get("/office/retention/schedule/import")
	a = save(t, b, "source", "ref,title,period\n"+strings.Repeat("A,,\n", 500))
	says(t, a, "Faults in the file: more than 300", "The first 100 are shown.")
	b.Get("/office/retention/schedule/import")
	path, values := filled(t, b)
	values.Set("content", "***")
	if a := b.Send(path, values); a.Status != 400 {
		t.Errorf("what no page carries: %d", a.Status)
	}
}

// Lines are taken over by themselves, none is chosen beforehand, and what cannot be carried out is said in words (privacy.md 10.1).
func TestTheOfficerTakesLinesOver(t *testing.T) {
	w := fullWorld(t)
	const long = "CE 1.1,Community engagement,Responses to consultations and surveys,survey_answers,,Closure of consultation,30 years"
	w.publishSchedule(t, strings.NewReplacer("CE 1.1,Community engagement,Responses to consultations and surveys,survey_answers,,Closure of consultation,3 years", long,
		"Case closed,6 years,Destroy", "Case closed,6 years,Transfer to archives").Replace(scheduleFile(t, "wealdmere.csv")))
	b := w.signIn(t, consult.DPO)
	a := b.Get("/office/retention/schedule/take-over")
	says(t, a, "CE 1.1 Responses to consultations and surveys", "“30 years”, “Closure of consultation”, “Destroy securely”", "The notices promise people that responses are kept for", "The rule erases now. It would only remind you", "No rule", "7 days after it was announced")
	says(t, a, "Erased (free_text). Nobody has approved it: it erases nothing")
	if strings.Contains(a.Text(), "(rights_cases). Nobody") || strings.Contains(a.Text(), "(contact). Nobody") {
		t.Error("the default about ended requests is carried out, and that about contact details erases nothing anyway")
	}
	if strings.Contains(a.Body, " checked") || strings.Contains(a.Body, `value="CE 1.1"`) {
		t.Error("a line is chosen beforehand, or one is offered that cannot be carried out")
	}
	says(t, b.Get("/cy/office/retention/schedule/take-over"), "Ni ellir ei chymryd drosodd", "Mae'r rheol yn dileu yn awr. Ni fyddai ond yn eich atgoffa")
	b.Get("/office/retention/schedule/take-over")
	if a := save(t, b); a.Status != 422 || !strings.Contains(a.Text(), "Choose at least one line") {
		t.Errorf("nothing chosen: %d", a.Status)
	}
	stale := w.enter(t, consult.DPO)
	stale.Get("/office/retention/schedule/take-over")
	says(t, save(t, b, "line", "CE 1.2", "line", "CE 1.4"), "Taken over as rules: 2")
	if a := save(t, stale, "line", "CE 1.3"); a.Status != 409 || !strings.Contains(a.Text(), "Somebody else changed the schedule or the rules") {
		t.Errorf("the rules have changed since: %d", a.Status)
	}
	says(t, save(t, stale), "Taken over as rules: 1") // what was chosen is still chosen
	says(t, b.Get("/office/retention/rules"), "Line CE 1.2", "2 years from the day the consultation closes", "Dee Protection")
	rule := b.Get("/office/retention/rules/free_text")
	says(t, rule, "Line CE 1.2 of the published schedule")
	if !strings.Contains(rule.Body, `href="/office/retention/schedule#line-2"`) || !strings.Contains(b.Get("/office/retention/schedule").Body, `id="line-2"`) {
		t.Error("the rule does not lead to its line")
	}
	says(t, b.Get("/how-long/schedule"), "We follow this line: 2 years from the day the consultation closes Then: Erased", "As long as the privacy notice of the consultation says", "Our rule differs: 6 years from the end of the case",
		"No rule of this service follows this line")
	says(t, b.Get("/cy/how-long/schedule"), "Rydym yn dilyn y llinell hon: 2 flynedd o'r diwrnod y daw'r ymgynghoriad i ben")

	w.publishSchedule(t, "ref,title,period\nA,B,1 year\n")
	says(t, b.Get("/office/retention/schedule"), "Rules that name a line which is not in the schedule", "Rule “free_text” names the line “CE 1.2”")
	says(t, b.Get("/office/retention/rules/free_text"), "This rule names the line “CE 1.2”, which is not in the published schedule")
	b.Get("/office/retention/schedule/remove")
	b.Page.Sound(t)
	says(t, save(t, b), "The schedule is removed. The rules are as they were", "No schedule has been imported yet")
	if a := b.Get("/how-long/schedule"); a.Status != 404 {
		t.Errorf("everybody still sees it: %d", a.Status)
	}
	if a := b.Get("/cy/how-long/schedule.csv"); a.Status != 404 || !strings.Contains(a.Text(), "Nid oes amserlen gadw yma") {
		t.Errorf("and its file: %d", a.Status)
	}
}

// A long schedule is shown a page at a time, and a rule leads to the page of its line.
func TestALongScheduleIsPaged(t *testing.T) {
	w := fullWorld(t)
	var file strings.Builder
	file.WriteString("ref,title,class,trigger,period,action,reason\n")
	for i := range 250 {
		file.WriteString("L" + strconv.Itoa(i) + ",Files " + strconv.Itoa(i) + ",,,1 year,,\n")
	}
	file.WriteString("FT 1,Free text,free_text,closed,1 year,destroy,Art. 5\n")
	w.publishSchedule(t, file.String())
	desk := dpo.Desk{Service: w.Service}
	p, err := desk.Published(t.Context(), w.staff[consult.DPO])
	check(t, err)
	faults, err := desk.TakeOver(t.Context(), w.staff[consult.DPO], p.Versions, []string{"FT 1"})
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	b := w.signIn(t, consult.DPO)
	if a := b.Get("/office/retention/rules/free_text"); !strings.Contains(a.Body, `href="/office/retention/schedule?page=3#line-251"`) {
		t.Error("the rule does not lead to the page of its line")
	}
	for path, want := range map[string]string{"/how-long/schedule": "Files 99", "/how-long/schedule?page=2": "Files 100", "/how-long/schedule?page=3": "Free text", "/how-long/schedule?page=99": "Free text",
		"/how-long/schedule?page=x": "Files 0", "/office/retention/schedule?page=3": "Free text"} {
		a := b.Get(path)
		a.Sound(t)
		if !strings.Contains(a.Text(), want) || strings.Count(a.Body, `<tr class="govuk-table__row" role="row" id="line-`) > 100 {
			t.Errorf("%s does not show %q, or too much", path, want)
		}
	}
}

// As many lines as there may be, all about what this service holds, are offered some at a time, and no page has all of them.
func TestManyLinesAreOfferedSomeAtATime(t *testing.T) {
	w := fullWorld(t)
	var file strings.Builder
	file.WriteString("ref,title,class,stage,trigger,period,action,reason\n")
	for i := range 2000 {
		file.WriteString("L" + strconv.Itoa(i) + ",Files,contact,system_" + strconv.Itoa(i) + ",last contact,1 year,review,Art. 5\n")
	}
	w.publishSchedule(t, file.String())
	b := w.signIn(t, consult.DPO)
	a := b.Get("/office/retention/schedule/take-over")
	says(t, a, "The first 300 of 2,000", "2,000 lines can be taken over. The first 50 are offered here")
	if n := strings.Count(a.Body, `name="line"`); n != 50 {
		t.Errorf("%d lines are offered", n)
	}
	if len(a.Body) > 1<<20 {
		t.Errorf("the page has %d bytes", len(a.Body))
	}
	var chosen []string
	for i := range 50 {
		chosen = append(chosen, "line", "L"+strconv.Itoa(i))
	}
	says(t, save(t, b, chosen...), "Taken over as rules: 50")
	says(t, b.Get("/office/retention/schedule/take-over"), "1,950 lines can be taken over", "L99:")
}
