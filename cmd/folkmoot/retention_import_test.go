package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// TestRetentionImportCommand: a file is checked and compared without a change; --apply stores its lines and no rule; faults are listed with their place.
func TestRetentionImportCommand(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	s := storage{Data: data}
	db, err := s.openWith(t.Context(), true, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service(db, keys, false, "https://consult.example.gov.uk").ClaimOrigin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const folder = "../../internal/privacy/testdata/schedule/"
	bad := write("bad.csv", "ref,title,class,trigger,period,action\nA,,survey_answers,closed,for ever,destroy\n")
	unread := write("unread.csv", "ref,title,classes,trigger,period,action\nA,Responses,survey_answers,closed,1 year,destroy\n")
	beside := write("beside.csv", "ref,title,class,trigger,period,action,reason\nA,Responses,survey_answers,closed,1 year,destroy,x\nB,Responses,survey_answers,closed,2 years,destroy,x\n")
	large := write("large.csv", "ref,title,period\n"+strings.Repeat("x", privacy.MaxScheduleFile))
	lines := func() (out privacy.PublishedSchedule, rules int64) {
		db, err := s.open(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		err = db.View(t.Context(), func(r consult.Reader) error {
			var err error
			if out, _, err = consult.ReadSchedule(r); err != nil {
				return err
			}
			_, rules, err = consult.Retention(r)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out, rules
	}
	for _, step := range []struct {
		why    string
		args   []string
		code   int
		says   []string
		stored int
	}{
		{"S3-16: compared, and nothing is changed", []string{folder + "wealdmere.csv"}, 0, []string{"CE 1.2", "P36M closed dispose", "P2Y closed dispose", "changes period, reason, schedule, approver",
			"moves nothing to an archive", "This service cannot erase anything in another system", "12 lines: 0 the same as a rule, 6 would change one, 1 would be new, 1 cannot be rules, 4 without a class", "Columns that are not read: Function, Owner", "3 years, Closure of consultation, Destroy securely", "--apply stores the lines"}, 0},
		{"faults are listed with line and column, and the status says so", []string{bad, "--apply"}, 1, []string{"bad.csv: line 2, column 2 (title): Enter what the line is about",
			"line 2, column 5 (period): Enter one length of time", "2 found; nothing was changed"}, 0},
		{"a file that is too large", []string{large}, 1, []string{"larger than 1,024 KB", "1 found"}, 0},
		{"a heading that is misspelt is named", []string{unread}, 0, []string{"Columns that are not read: classes", "1 without a class"}, 0},
		{"two lines about the same", []string{beside}, 0, []string{"About the same information: B. Take over one of them.", "About the same information: A."}, 0},
		{"stored, and no rule", []string{folder + "wealdmere.csv", "--apply"}, 0, []string{"The lines are stored. No rule was changed"}, 12},
		{"in Welsh, in their place", []string{folder + "cymru.csv", "--lang", "cy", "--apply"}, 0, []string{"YM 1.1", "3 lines"}, 3},
		{"a language that is none", []string{folder + "cymru.csv", "--lang", "fr"}, 2, []string{"--lang"}, 3},
		{"a file that is not there", []string{filepath.Join(dir, "absent.csv")}, 2, []string{"absent.csv"}, 3},
	} {
		var out output
		if code := run(t.Context(), append(append([]string{"retention", "import"}, step.args...), "--data", data), &out, &out); code != step.code {
			t.Errorf("%s: exit %d: %s", step.why, code, out.String())
		}
		for _, text := range step.says {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is not in:\n%s", step.why, text, out.String())
			}
		}
		got, rules := lines()
		if len(got.Lines) != step.stored || rules != 0 {
			t.Errorf("%s: %d lines are stored, rules at version %d", step.why, len(got.Lines), rules)
		}
		if len(got.Lines) == 3 && (got.Lang != "cy" || got.By != "command-line") {
			t.Errorf("%s: %s by %q", step.why, got.Lang, got.By)
		}
	}
	var out output
	if code := run(t.Context(), []string{"check", "--data", data}, &out, &out); code != 0 {
		t.Errorf("folkmoot check: exit %d: %s", code, out.String())
	}
}
