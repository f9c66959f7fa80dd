package privacy_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func scheduleFile(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "schedule", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func published(t testing.TB, name string, lang locale.Lang) privacy.PublishedSchedule {
	t.Helper()
	s, faults := privacy.ParsePublished(scheduleFile(t, name), lang)
	if len(faults) > 0 {
		t.Fatalf("%s: %+v", name, faults)
	}
	return s
}

// A schedule as councils publish it: columns of their own, words for periods, lines about other systems (councils.md S3-16).
func TestPublishedScheduleIsRead(t *testing.T) {
	s := published(t, "wealdmere.csv", locale.English)
	if len(s.Lines) != 12 || s.Lang != locale.English || len(s.SHA256) != 64 || !slices.Equal(s.Unread, []string{"Function", "Owner"}) {
		t.Fatalf("%d lines, unread %q, hash %q", len(s.Lines), s.Unread, s.SHA256)
	}
	for _, row := range []struct {
		why, reference string
		want           privacy.ScheduleLine
	}{
		{"S4-17: the reason stands in the line, with its comma", "CE 1.1", privacy.ScheduleLine{Title: "Responses to consultations and surveys", Class: privacy.ClassResponses, Stage: "service", Trigger: privacy.OnClosed, Period: "P3Y",
			Action: privacy.Dispose, From: "Closure of consultation", Kept: "3 years", Then: "Destroy securely", Reason: "UK GDPR article 5(1)(e); Local Government Act 1999, section 3"}},
		{"10.1: another system is a stage", "CE 1.4", privacy.ScheduleLine{Title: "Contact details of people who ask to hear the result", Class: privacy.ClassContact, Stage: "contact_list", Trigger: privacy.OnDecision, Period: "P3M",
			Action: privacy.Review, From: "Publication of the decision", Kept: "3 months", Then: "Review", Reason: "UK GDPR article 5(1)(e)"}},
		{"10.1: transfer to archive", "IG 2.1", privacy.ScheduleLine{Title: "Proof of consent and of its withdrawal", Class: privacy.ClassConsentProof, Stage: "service", Trigger: privacy.OnConsentExpired, Period: "P6Y",
			Action: privacy.Archive, From: "End of consent", Kept: "6 years", Then: "Transfer to archives", Reason: "UK GDPR article 7(1); Limitation Act 1980, section 5"}},
		{"S3-16: what is kept elsewhere stays in the council's words", "HR 3.1", privacy.ScheduleLine{Title: "Personnel files", Stage: "Payroll and HR system", From: "End of employment", Kept: "6 years + current year",
			Then: "Destroy", Reason: "Limitation Act 1980"}},
		{"S3-16: for ever is a period elsewhere, and no event is asked for", "PL 5.1", privacy.ScheduleLine{Title: "Planning register", Stage: "Planning system", Kept: "Permanent", Then: "Offer to archives",
			Reason: "Town and Country Planning Act 1990 section 69"}},
	} {
		row.want.Reference = row.reference
		if got, _, ok := s.Line(row.reference); !ok || got != row.want {
			t.Errorf("%s:\n%+v\nwant\n%+v", row.why, got, row.want)
		}
	}
	cy := published(t, "cymru.csv", locale.Welsh)
	if len(cy.Lines) != 3 || cy.Lines[0].Trigger != privacy.OnClosed || cy.Lines[0].Period != "P3Y" || cy.Lines[1].Trigger != privacy.OnClosed || cy.Lines[1].Period != "P1Y" ||
		cy.Lines[1].Action != privacy.Dispose || cy.Lines[2].Class != "" {
		t.Errorf("Welsh, with semicolons, a byte order mark and the line ends of Windows: %+v", cy.Lines)
	}
}

// What is written out is read again as the same lines, also by a spreadsheet program's user.
func TestPublishedScheduleIsReadBack(t *testing.T) {
	for name, lang := range map[string]locale.Lang{"wealdmere.csv": locale.English, "cymru.csv": locale.Welsh} {
		s := published(t, name, lang)
		s.Lines[0].Title, s.Lines[1].Title, s.Lines[2].Reason = "=1+1", "@sum, \"quoted\"", "-2; then\" that"
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		if err := w.Write(privacy.ScheduleColumns()); err != nil {
			t.Fatal(err)
		}
		for _, l := range s.Lines {
			cells := l.Cells()
			for i, c := range cells {
				if strings.IndexAny(c, "=+-@") == 0 {
					cells[i] = "'" + c // as every export does
				}
			}
			if err := w.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		again, faults := privacy.ParsePublished(out.Bytes(), lang)
		if len(faults) > 0 || len(again.Lines) != len(s.Lines) {
			t.Fatalf("%s: %+v", name, faults)
		}
		for i, l := range again.Lines {
			want := s.Lines[i]
			if l != want { // the words of the file too: a code would hide them
				t.Errorf("%s, line %d:\n%+v\nwant\n%+v", name, i, l, want)
			}
		}
	}
}

// saidOf writes faults down: line:column key field.
func saidOf(faults []privacy.ScheduleFault) string {
	var out []string
	for _, f := range faults {
		text := fmt.Sprintf("%d:%d %s", f.Line, f.Column, strings.TrimPrefix(f.Key, "schedule.fault."))
		if f.Field != "" {
			text += " " + f.Field
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func TestPublishedScheduleFaults(t *testing.T) {
	const head = "ref,title,class,system,trigger,period,action,reason\n"
	line := func(cells ...string) string { return head + strings.Join(cells, ",") + "\n" }
	for _, row := range []struct{ why, file, want string }{
		{"nothing", "", "0:0 empty"},
		{"a heading and nothing else", head, "0:0 empty"},
		{"blank lines are none", head + "\n,,,,,,,\n \n", "0:0 empty"},
		{"UTF-16, as some programs save it", "\xff\xfer\x00e\x00f\x00", "1:0 utf8"},
		{"Windows-1252 in the third line", head + "A,B,,,,1 year,,\nC,caf\xe9,,,,1 year,,\n", "3:0 utf8"},
		{"S3-16: a line without a reference cannot be named by a rule", line("", "Files", "", "", "", "1 year", "", ""), "2:1 missing.reference reference"},
		{"no title and no period", line("A", "", "", "", "", "", "", ""), "2:2 missing.title title; 2:6 missing.period period"},
		{"a short line", head + "A,B\n", "2:6 missing.period period"},
		{"no column for the period", "ref,title\nA,B\n", "1:0 no_column period"},
		{"other headings altogether", "name,age\nA,3\n", "1:0 no_column reference; 1:0 no_column title; 1:0 no_column period"},
		{"one heading twice", "ref,title,period,title\nA,B,1 year,C\n", "1:4 twice title"},
		{"two headings for one field: the more exact is read", "ref,description,title,period\nA,long,B,1 year\n", ""},
		{"a reference twice: a rule would name two lines", head + "A,B,,,,1 year,,\nA,C,,,,2 years,,\n", "3:1 same reference"},
		{"a comma without quotes", line("A", "B", "", "", "", "1 year", "destroy", "one", "two"), "2:9 cells"},
		{"a quote that does not end", head + "A,\"B,,,,1 year,,\n", "2:0 quotes"},
		{"a quote in the middle", head + "A,B \"C\" D,,,,1 year,,\n", "2:0 quotes"},
		{"a control character", line("A", "B\x07", "", "", "", "1 year", "", ""), "2:2 control title"},
		{"text that turns its direction", line("A", "B\u202eC", "", "", "", "1 year", "", ""), "2:2 control title"},
		{"a line end inside a cell is white space", line("A", "\"B\nC\"", "", "", "", "1 year", "", ""), ""},
		{"a fault after a cell of two lines is at its own line", head + "A,\"B\nC\",,,,1 year,,\nD,,,,,1 year,,\n", "4:2 missing.title title"},
		{"too long", line("A", strings.Repeat("ŵ", 501), "", "", "", "1 year", "", ""), "2:2 long title"},
		{"not too long in characters", line("A", strings.Repeat("ŵ", 500), "", "", "", "1 year", "", ""), ""},
		{"a class that this service does not know", line("A", "B", "photos", "", "closed", "1 year", "delete", ""), "2:3 class class"},
		{"S2-2: a period without a trigger says nothing", line("A", "B", "survey_answers", "", "", "1 year", "delete", ""), "2:5 trigger trigger"},
		{"art. 5(1)(e): for ever is no period here", line("A", "B", "survey_answers", "", "closed", "Permanent", "delete", ""), "2:6 period period"},
		{"current year plus six is not one length of time", line("A", "B", "survey_answers", "", "closed", "CY + 6 years", "delete", ""), "2:6 period period"},
		{"an action in other words", line("A", "B", "survey_answers", "", "closed", "1 year", "burn", ""), "2:7 action action"},
		{"no action", line("A", "B", "survey_answers", "", "closed", "1 year", "", ""), "2:7 action action"},
		{"a system whose name cannot be a stage", line("A", "B", "contact", "Système", "last contact", "1 year", "review", ""), "2:4 stage stage"},
		{"every fault of every line", head + "A,B,photos,é,x,y,z,\n,,,,,,,w\n", "2:3 class class; 2:4 stage stage; 2:6 period period; 2:5 trigger trigger; 2:7 action action; " +
			"3:1 missing.reference reference; 3:2 missing.title title; 3:6 missing.period period"},
		{"10.1: anonymise and coarsen are read: whether they are done is said by the rule", head + "A,B,survey_answers,,closed,1 year,anonymise,\nC,D,free_text,,closed,1 year,coarsen,\n", ""},
		{"a formula is text", line("A", "=HYPERLINK(1)", "", "", "", "+1", "@x", "-1"), ""},
	} {
		s, faults := privacy.ParsePublished([]byte(row.file), locale.English)
		if got := saidOf(faults); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
		if (len(faults) > 0) == s.Any() {
			t.Errorf("%s: %d lines beside %d faults: all or nothing", row.why, len(s.Lines), len(faults))
		}
	}
	many := bytes.NewBufferString(head)
	for i := range privacy.MaxScheduleLines {
		many.WriteString("A" + strconv.Itoa(i) + ",B,,,,1 year,,\n")
	}
	if s, faults := privacy.ParsePublished(many.Bytes(), locale.English); len(faults) > 0 || len(s.Lines) != privacy.MaxScheduleLines {
		t.Errorf("as many lines as there may be: %s", saidOf(faults))
	}
	many.WriteString("B,B,,,,1 year,,\n")
	if _, faults := privacy.ParsePublished(many.Bytes(), locale.English); saidOf(faults) != "2002:0 lines" {
		t.Errorf("one line more: %s", saidOf(faults))
	}
	if _, faults := privacy.ParsePublished(bytes.Repeat([]byte("x"), privacy.MaxScheduleFile+1), locale.English); saidOf(faults) != "0:0 large" {
		t.Errorf("a file that is too large: %s", saidOf(faults))
	}
}

// A file in which everything is wrong is told of as far as somebody can read it, and costs no more than that.
func TestFaultsEnd(t *testing.T) {
	file := []byte("reference,title,class,stage,trigger,period,action,reason\n" + strings.Repeat("a,,x,é!,q,z,q,\n", privacy.MaxScheduleLines))
	_, faults := privacy.ParsePublished(file, locale.English)
	n := len(faults)
	if n < privacy.MaxScheduleFaults || n > privacy.MaxScheduleFaults+9 || faults[n-1].Key != "schedule.fault.many" || faults[n-1].Line == 0 {
		t.Errorf("%d faults, the last %+v", n, faults[n-1])
	}
	if took := testing.Benchmark(func(b *testing.B) {
		for range b.N {
			privacy.ParsePublished(file, locale.English)
		}
	}); took.NsPerOp() > 100e6 {
		t.Errorf("%s", took)
	}
}

// Nothing that anybody sends is half read, panics, or takes more than its bounds.
func FuzzParsePublished(f *testing.F) {
	for _, name := range []string{"wealdmere.csv", "cymru.csv"} {
		f.Add(scheduleFile(f, name))
	}
	for _, text := range []string{"", "ref,title,period\n", "ref;title;period\nA;B;1 year\n", "ref,title,period\n\"A\nB\",C,P1Y\n", "\xff", "ref,title,period,class,trigger,action\n'=A,'-B,3 yrs,free text,from the,o o o\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		s, faults := privacy.ParsePublished(file, locale.English)
		if s.Any() == (len(faults) > 0) {
			t.Fatalf("%d lines and %d faults", len(s.Lines), len(faults))
		}
		last := bytes.Count(file, []byte("\n")) + 1
		for _, x := range faults {
			if x.Line < 0 || x.Line > last || x.Column < 0 || x.Key == "" {
				t.Fatalf("a fault where there is nothing: %+v", x)
			}
		}
		seen := map[string]bool{}
		for _, l := range s.Lines {
			if seen[l.Reference] || l.Reference == "" || l.Title == "" || l.Kept == "" {
				t.Fatalf("%+v", l)
			}
			seen[l.Reference] = true
			if l.Class != "" {
				if _, err := privacy.ParsePeriod(l.Period); err != nil || l.Trigger == "" || l.Action == "" || l.Stage == "" {
					t.Fatalf("a line that is half read: %+v", l)
				}
			}
		}
		for _, c := range s.Compare(privacy.DefaultSchedule(), "2026-03-29") {
			if c.Offered() && len(privacy.DefaultSchedule().With(c.Rule).Validate()) > 0 {
				t.Fatalf("offered and refused: %+v", c)
			}
		}
	})
}

func TestComparedWithTheRules(t *testing.T) {
	const today = privacy.Date("2026-03-29")
	rules := privacy.DefaultSchedule()
	rule, _ := rules.Rule("responses")
	rule.Approver, rule.Schedule, rule.Criteria, rule.NextReview = "officer", "A", "Few are kept.", "2026-12-01"
	rules = rules.With(rule)
	later := rule
	later.ID, later.EffectiveFrom, later.Period = "responses_later", "2026-06-01", "P6M" // not in force yet
	rules = append(rules, later)
	good := privacy.ScheduleLine{Reference: "A", Title: "Responses", Class: privacy.ClassResponses, Stage: "service", Trigger: privacy.OnClosed, Period: "P36M", Action: privacy.Dispose, Reason: rule.Reason, Kept: "36 months"}
	with := func(edit func(*privacy.ScheduleLine)) privacy.ScheduleLine {
		l := good
		edit(&l)
		return l
	}
	for _, row := range []struct {
		why     string
		line    privacy.ScheduleLine
		state   privacy.LineState
		now     string // id of the rule in force
		differs string
		faults  string
	}{
		{"S3-16: the rule names the line and says the same", good, privacy.LineSame, "responses", "", ""},
		{"3 years are 36 months", with(func(l *privacy.ScheduleLine) { l.Period = "P3Y" }), privacy.LineSame, "responses", "", ""},
		{"a line without a reason: that of the rule stays (S4-17)", with(func(l *privacy.ScheduleLine) { l.Reason = "" }), privacy.LineSame, "responses", "", ""},
		{"art. 5(1)(e): shorter", with(func(l *privacy.ScheduleLine) { l.Period = "P1Y" }), privacy.LineChanges, "responses", "period", ""},
		{"another line", with(func(l *privacy.ScheduleLine) { l.Reference = "B" }), privacy.LineChanges, "responses", "schedule", ""},
		{"a default that nobody has approved", with(func(l *privacy.ScheduleLine) { l.Class, l.Period = privacy.ClassFreeText, "P3Y" }), privacy.LineChanges, "free_text", "schedule approver", ""},
		{"no rule is in force", with(func(l *privacy.ScheduleLine) {
			l.Class, l.Trigger, l.Action = privacy.ClassAuditLog, privacy.OnLastContact, privacy.Review
		}), privacy.LineNew, "", "", ""},
		{"another stage is another rule", with(func(l *privacy.ScheduleLine) { l.Stage, l.Action = "warehouse", privacy.Review }), privacy.LineNew, "", "", ""},
		{"art. 13(2)(a): a notice promises less", with(func(l *privacy.ScheduleLine) { l.Period = "P4Y" }), privacy.LineCannot, "responses", "period", "promise"},
		{"10.4: equality answers at most a year", with(func(l *privacy.ScheduleLine) { l.Class, l.Period = privacy.ClassEquality, "P2Y" }), privacy.LineCannot, "equality", "period schedule approver reason", "equality"},
		{"another system cannot be reached", with(func(l *privacy.ScheduleLine) { l.Stage = "telephony" }), privacy.LineCannot, "", "", "elsewhere"},
		{"not disposed of by the service", with(func(l *privacy.ScheduleLine) { l.Class = privacy.ClassBackups }), privacy.LineCannot, "", "", "not_disposed"},
		{"a moment that the service does not know", with(func(l *privacy.ScheduleLine) { l.Trigger = privacy.OnLastContact }), privacy.LineCannot, "responses", "trigger", "unknown_moment"},
		{"S4-17: no reason at all", with(func(l *privacy.ScheduleLine) {
			l.Class, l.Trigger, l.Action, l.Reason = privacy.ClassAuditLog, privacy.OnLastContact, privacy.Review, ""
		}), privacy.LineCannot, "", "", "reason"},
		{"S3-16: about something else", with(func(l *privacy.ScheduleLine) { l.Class = "" }), privacy.LineOutside, "", "", ""},
	} {
		s := privacy.PublishedSchedule{Lines: []privacy.ScheduleLine{row.line}}
		c := s.Compare(rules, today, privacy.Period{Years: 3})[0]
		now := ""
		if c.Now != nil {
			now = c.Now.ID
		}
		slices.Sort(c.Differs)
		want := strings.Fields(row.differs)
		slices.Sort(want)
		if c.State != row.state || now != row.now || strings.Join(c.Differs, " ") != strings.Join(want, " ") || faultKeys(c.Faults) != row.faults {
			t.Errorf("%s: %s beside %q, differs in %q, %s", row.why, c.State, now, c.Differs, faultKeys(c.Faults))
		}
		if c.Offered() && (c.Rule.Schedule != row.line.Reference || c.Rule.EffectiveFrom != today || c.Rule.Approver != "") {
			t.Errorf("%s: %+v", row.why, c.Rule)
		}
	}

	for line, want := range map[string]string{"survey_answers": "responses_later", "free_text": ""} {
		l := with(func(l *privacy.ScheduleLine) { l.Class = privacy.DataClass(line) })
		c, id := (privacy.PublishedSchedule{Lines: []privacy.ScheduleLine{l}}).Compare(rules, today)[0], ""
		if c.Later != nil {
			id = c.Later.ID
		}
		if id != want {
			t.Errorf("10.1: a later rule takes the place of what is taken over of %s: %q", line, id)
		}
	}
	r, now := with(func(l *privacy.ScheduleLine) { l.Period = "P1Y" }).Rule(rules, today)
	if now == nil || r.ID != "responses" || r.Criteria != rule.Criteria || r.NextReview != "2026-12-01" {
		t.Errorf("what was weighed and the review to come stay (S4-17): %+v", r)
	}
	if r, _ := good.Rule(rules, "2026-12-01"); r.NextReview != "2027-12-01" {
		t.Errorf("a review that is over is a year from today: %s", r.NextReview)
	}
	stages := dorset()
	second := privacy.ScheduleLine{Reference: "W", Class: privacy.ClassResponses, Stage: "warehouse", Trigger: privacy.OnMoved, Period: "P2Y", Action: privacy.Review, Reason: "Notice"}
	if r, _ := second.Rule(stages, today); r.Follows != "calls" || len(stages.With(r).Validate()) > 0 {
		t.Errorf("the stage before stays (S2-2): %+v", r)
	}
}

// As many lines as there may be, all about one thing, are compared without listing every line beside every other.
func TestManyLinesAboutTheSame(t *testing.T) {
	s := privacy.PublishedSchedule{}
	for i := range privacy.MaxScheduleLines {
		s.Lines = append(s.Lines, privacy.ScheduleLine{Reference: strconv.Itoa(i), Title: "B", Class: privacy.ClassAuditLog, Stage: "service", Trigger: privacy.OnLastContact, Period: "P1Y", Action: privacy.Review, Reason: "R"})
	}
	for i, c := range s.Compare(privacy.DefaultSchedule(), "2026-03-29") {
		if len(c.Beside) != 5 || slices.Contains(c.Beside, strconv.Itoa(i)) {
			t.Fatalf("line %d: %q", i, c.Beside)
		}
	}
}

// Archiving is not done here: a line that asks for it becomes a reminder, and it is said where that would end a disposal (privacy.md 10.1).
func TestArchivingIsAReminder(t *testing.T) {
	rules := privacy.DefaultSchedule()
	line := func(a privacy.Disposal, c privacy.DataClass, on privacy.Trigger) privacy.LineComparison {
		s := privacy.PublishedSchedule{Lines: []privacy.ScheduleLine{{Reference: "A", Title: "B", Class: c, Stage: "service", Trigger: on, Period: "P1Y", Action: a, Reason: "R"}}}
		return s.Compare(rules, "2026-03-29")[0]
	}
	if c := line(privacy.Archive, privacy.ClassResponses, privacy.OnClosed); !c.Reminder || c.Loses {
		t.Errorf("a default about responses that nobody has approved erases nothing: %+v", c)
	}
	if c := line(privacy.Archive, privacy.ClassRightsCase, privacy.OnCaseEnded); !c.Loses {
		t.Errorf("the default about ended requests does: %+v", c)
	}
	for i := range rules {
		rules[i].Approver = "officer"
	}
	if c := line(privacy.Archive, privacy.ClassResponses, privacy.OnClosed); !c.Reminder || !c.Loses || c.Rule.Action != privacy.Review || c.State != privacy.LineChanges {
		t.Errorf("in place of a rule that disposes: %+v", c)
	}
	if c := line(privacy.Review, privacy.ClassResponses, privacy.OnClosed); c.Reminder || !c.Loses {
		t.Errorf("a review in place of a rule that disposes: %+v", c)
	}
	if c := line(privacy.Archive, privacy.ClassConsentProof, privacy.OnConsentExpired); !c.Reminder || c.Loses {
		t.Errorf("a reminder in place of a reminder: %+v", c)
	}
	if c := line(privacy.Dispose, privacy.ClassResponses, privacy.OnClosed); c.Reminder || c.Loses {
		t.Errorf("a disposal: %+v", c)
	}
}

func TestLinesAndRulesFindEachOther(t *testing.T) {
	s := published(t, "wealdmere.csv", locale.English)
	rules := privacy.DefaultSchedule()
	if lost := s.Lost(rules); len(lost) != 0 {
		t.Errorf("rules that name no line: %+v", lost)
	}
	rules[0].Schedule, rules[1].Schedule = "CE 1.1", "CE 9.9"
	if lost := s.Lost(rules); len(lost) != 1 || lost[0].ID != rules[1].ID {
		t.Errorf("S3-16: a rule names a line that is gone: %+v", lost)
	}
	l, at, ok := s.Line("CE 1.1")
	if about := l.RulesAbout(rules); !ok || at != 0 || len(about) != 1 || about[0].ID != rules[0].ID || !l.FollowedBy(about[0]) {
		t.Errorf("followed by %+v", about)
	}
	if about := s.Lines[1].RulesAbout(rules); len(about) != 1 || about[0].ID != "free_text" || s.Lines[1].FollowedBy(about[0]) {
		t.Errorf("a rule that names another line: %+v", about)
	}
	for why, edit := range map[string]func(*privacy.ScheduleLine, *privacy.RetentionRule){
		"another class: a reference that the council gave away anew": func(l *privacy.ScheduleLine, _ *privacy.RetentionRule) { l.Class = privacy.ClassFreeText },
		"another stage":                        func(_ *privacy.ScheduleLine, r *privacy.RetentionRule) { r.Stage = "warehouse" },
		"another period":                       func(l *privacy.ScheduleLine, _ *privacy.RetentionRule) { l.Period = "P3M" },
		"another event":                        func(_ *privacy.ScheduleLine, r *privacy.RetentionRule) { r.Trigger = privacy.OnDecision },
		"art. 5(1)(e): archived is not erased": func(l *privacy.ScheduleLine, _ *privacy.RetentionRule) { l.Action = privacy.Archive },
		"no class":                             func(l *privacy.ScheduleLine, _ *privacy.RetentionRule) { l.Class = "" },
	} {
		line, rule := l, rules[0]
		edit(&line, &rule)
		if line.FollowedBy(rule) {
			t.Errorf("S3-16: %s: the line is followed", why)
		}
	}
	both := append(slices.Clone(rules), privacy.RetentionRule{ID: "warehouse", Schedule: "CE 1.1", Class: privacy.ClassResponses, Stage: "warehouse"})
	if about := l.RulesAbout(both); len(about) != 2 {
		t.Errorf("S2-2: two stages name one line: %+v", about)
	}
	if about := (privacy.ScheduleLine{Reference: "CE 1.1"}).RulesAbout(both); len(about) != 0 {
		t.Errorf("a line without a class: %+v", about)
	}
	s.Lines = append(s.Lines, s.Lines[0])
	s.Lines[12].Reference = "CE 1.9"
	if c := s.Compare(rules, "2026-03-29"); !slices.Equal(c[0].Beside, []string{"CE 1.9"}) || len(c[1].Beside) != 0 || len(c[5].Beside) != 0 {
		t.Errorf("lines about the same: %q, %q, %q", c[0].Beside, c[1].Beside, c[5].Beside)
	}
}
