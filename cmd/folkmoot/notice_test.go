package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// wholeNotice is what the service itself publishes for a council whose settings are whole.
func wholeNotice(lang locale.Lang) string {
	text := func(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }
	c := consult.DefaultCouncil()
	c.Name = text("Sandmouth District Council", "Cyngor Dosbarth Sandmouth")
	c.Address, c.Email, c.Phone, c.DPOEmail = "Town Hall, Sandmouth SM1 1AA", "hello@sandmouth.example", "01632 960100", "dpo@sandmouth.example"
	c.ComplaintsHow = text("Use our complaint form or write to us.", "Defnyddiwch ein ffurflen gwyno neu ysgrifennwch atom.")
	p := privacy.Processing{
		Purposes:  []privacy.Purpose{{ID: "views", Text: text("To plan parks", "I gynllunio parciau"), Basis: privacy.PublicTask}},
		Data:      text("Your answers.", "Eich atebion."),
		Retention: "P3Y", RetentionTrigger: text("the day the consultation closes", "ar y diwrnod y mae'r ymgynghoriad yn cau"),
		Required: text("You do not have to take part.", "Nid oes rhaid i chi gymryd rhan."), Automated: text("No decision about you is made by computer.", "Ni wneir penderfyniad amdanoch gan gyfrifiadur."),
		Children: text("Children may take part.", "Caiff plant gymryd rhan."), Locations: "United Kingdom",
	}
	return privacy.NewNoticeVersion("parks", 2, time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), c, text("Parks", "Parciau"), p).Plain(lang)
}

func lint(t *testing.T, args ...string) (int, string, string) {
	t.Helper()
	var out, errOut output
	code := run(t.Context(), append([]string{"notice", "lint"}, args...), &out, &errOut)
	return code, out.String(), errOut.String()
}

func TestNoticeLint(t *testing.T) {
	poor := strings.NewReplacer("dpo@sandmouth.example", "", "That time starts the day the consultation closes.", "").Replace(wholeNotice(locale.English))
	dir := folder(t, "whole.txt", wholeNotice(locale.English), "cyfan.txt", wholeNotice(locale.Welsh), "poor.txt", poor, "empty.txt", " \n", "latin1.txt", "Priv\xe9", "utf16.txt", "\xff\xfea\x00",
		"zero.txt", "a\x00b", "notice.pdf", "%PDF-1.7\n", "notice.docx", "PK\x03\x04x", "long.txt", strings.Repeat("We keep it. ", 100_000), "limit.txt", strings.Repeat("x", maxNotice))
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, row := range []struct {
		why   string
		args  []string
		code  int
		says  []string
		never string
	}{
		{"nothing lacking", []string{at("whole.txt")}, 0, []string{"whole.txt: nothing lacking", "present         how to reach the data protection officer, lines "}, "broken"},
		{"nothing lacking, in Welsh", []string{at("cyfan.txt")}, 0, []string{"cyfan.txt: nothing lacking"}, "absent"},
		{"what is missing, where and by which clause", []string{at("poor.txt")}, 1, []string{"poor.txt: 3 things to mend", "partly          how to reach the data protection officer", "give an email address", "UK GDPR art. 13(1)(b)", "from when it runs", "art. 13(2)(a)"}, "nothing lacking"},
		{"several: one lacks something", []string{at("whole.txt"), at("poor.txt")}, 1, []string{"whole.txt: nothing lacking", "poor.txt: 3 things"}, ""},
		{"empty", []string{at("empty.txt")}, 2, []string{"empty.txt: it is empty"}, "things"},
		{"not UTF-8", []string{at("latin1.txt")}, 2, []string{"it is not UTF-8: save it"}, ""},
		{"UTF-16", []string{at("utf16.txt")}, 2, []string{"it is not UTF-8"}, ""},
		{"binary", []string{at("zero.txt")}, 2, []string{"it is not text"}, ""},
		{"PDF", []string{at("notice.pdf")}, 2, []string{"save it as plain text"}, ""},
		{"a word processor's", []string{at("notice.docx")}, 2, []string{"save it as plain text"}, ""},
		{"too long", []string{at("long.txt")}, 2, []string{"longer than 1048576 bytes"}, ""},
		{"as long as may be", []string{at("limit.txt")}, 1, []string{"things to mend"}, ""},
		{"a folder", []string{dir}, 2, []string{"it is a folder"}, ""},
		{"no such file", []string{at("none.txt")}, 2, []string{"none.txt: no such file"}, ""},
		{"the others are reported all the same", []string{at("empty.txt"), at("poor.txt")}, 2, []string{"it is empty", "poor.txt: 3 things"}, ""},
		{"no file", nil, 2, []string{"<file>"}, ""},
		{"an unknown format", []string{"--format", "xml", at("whole.txt")}, 2, []string{"--format"}, ""},
	} {
		code, out, errOut := lint(t, row.args...)
		if code != row.code {
			t.Errorf("%s: exit status %d, want %d:\n%s%s", row.why, code, row.code, out, errOut)
		}
		for _, s := range row.says {
			if !strings.Contains(out+errOut, s) {
				t.Errorf("%s: no %q in\n%s%s", row.why, s, out, errOut)
			}
		}
		if row.never != "" && strings.Contains(out+errOut, row.never) {
			t.Errorf("%s: %q in\n%s%s", row.why, row.never, out, errOut)
		}
	}
}

func TestNoticeLintReadsStandardInputAndWritesJSON(t *testing.T) {
	name := filepath.Join(folder(t, "in", "We keep it for 3 years.\n"), "in")
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdin
	os.Stdin = in
	t.Cleanup(func() { os.Stdin = before; _ = in.Close() })
	code, out, errOut := lint(t, "--format", "json", "-")
	var reports []struct {
		File         string
		Lacking      int
		Items, Rules []privacy.PlainFinding
	}
	if err := json.Unmarshal([]byte(out), &reports); err != nil || code != 1 || errOut != "" {
		t.Fatalf("exit status %d, %v: %s%s", code, err, out, errOut)
	}
	if len(reports) != 1 || reports[0].File != "-" || len(reports[0].Items) != 15 || reports[0].Lacking < 12 {
		t.Fatalf("%+v", reports)
	}
	for _, f := range reports[0].Items {
		if f.Item == "retention" && (f.Verdict != privacy.Partly || f.Reason != "no_trigger" || len(f.Lines) != 1 || f.Lines[0] != 1) {
			t.Errorf("%+v", f)
		}
	}
	if rule := reports[0].Rules; len(rule) == 0 || rule[0].Item != "period_without_trigger" {
		t.Errorf("rules: %+v", rule)
	}
	if code, out, _ := lint(t, "--format", "json", filepath.Join(folder(t, "n", wholeNotice(locale.English)), "n")); code != 0 || !strings.Contains(out, `"rules": []`) {
		t.Errorf("exit status %d: %s", code, out)
	}
	if code, out, _ := lint(t, "--format", "json", "-"); code != 2 || strings.TrimSpace(out) != "[]" { // read to its end already
		t.Errorf("exit status %d: %s", code, out)
	}
}
