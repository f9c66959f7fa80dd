package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

type importScheduleCommand struct {
	storage
	File  string `arg:"" type:"existingfile" help:"CSV in UTF-8 with the headings reference, title and period, and class, stage, trigger, action and reason where a line is about what this service holds."`
	Lang  string `enum:"en,cy" default:"en" help:"Language of the texts in the file: en or cy."`
	Apply bool   `help:"Store the lines in place of those that are stored. Without it nothing is changed. The service must not be running on an embedded database."`
}

// Run checks a schedule and says what its lines would change. With --apply it stores the lines, and no rule: approving one is the officer's act.
func (c importScheduleCommand) Run(ctx context.Context, s *surroundings) error {
	file, err := readSchedule(c.File)
	if err != nil {
		return err
	}
	messages, err := locale.New()
	if err != nil {
		return err
	}
	say := func(key string, args ...any) string { return messages.T(locale.English, key, args...) }
	if _, faults := privacy.ParsePublished(file, locale.Lang(c.Lang)); len(faults) > 0 {
		for _, f := range faults {
			_, _ = fmt.Fprintf(s.out, "%s%s: %s\n", c.File, faultPlace(f), say(f.Key, f.Args...))
		}
		_, _ = fmt.Fprintf(s.out, "%d found; nothing was changed\n", len(faults))
		return errFound
	}
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	keys, err := c.keyring(ctx, db, false)
	if err != nil {
		return err
	}
	desk, by := &dpo.Desk{Service: service(db, keys, false, "")}, &consult.Staff{ID: "command-line", Role: consult.DPO}
	p, _, err := desk.PreviewSchedule(ctx, by, file, locale.Lang(c.Lang))
	if err != nil {
		return err
	}
	if err := printComparison(s.out, p, say); err != nil {
		return err
	}
	if !c.Apply {
		_, err := fmt.Fprintln(s.out, "Nothing was changed: --apply stores the lines.")
		return err
	}
	if _, err := desk.ImportSchedule(ctx, by, p.Versions.Schedule, file, locale.Lang(c.Lang)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "The lines are stored. No rule was changed: the data protection officer takes lines over in the office, under Retention.")
	return err
}

// readSchedule reads no more of a file than a schedule may have, and one byte: more is refused where the bounds are.
func readSchedule(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, privacy.MaxScheduleFile+1))
}

// faultPlace says where in the file a fault is.
func faultPlace(f privacy.ScheduleFault) (out string) {
	if f.Line > 0 {
		out += fmt.Sprintf(": line %d", f.Line)
	}
	if f.Column > 0 {
		out += fmt.Sprintf(", column %d", f.Column)
	}
	if f.Field != "" {
		out += " (" + f.Field + ")"
	}
	return out
}

// printComparison writes what each line about this service would change.
func printComparison(w io.Writer, p dpo.Published, say func(string, ...any) string) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "LINE\tWHAT\tNOW\tBY THE LINE\tIN THE FILE\tTHAT\t")
	for _, l := range p.Lines {
		if l.State == privacy.LineOutside {
			continue
		}
		now := "no rule"
		if l.Now != nil {
			now = ruleWords(*l.Now, l.Now.Action)
		}
		means := []string{string(l.State)}
		if l.State == privacy.LineChanges {
			means[0] += " " + strings.Join(l.Differs, ", ")
		}
		for _, err := range l.Faults {
			means = append(means, inEnglish(err))
		}
		if l.Reminder {
			means = append(means, say("schedule.note.archive"))
		}
		if l.Loses {
			means = append(means, say("schedule.note.loses"))
		}
		if l.Later != nil {
			means = append(means, say("schedule.note.later", "Rule", l.Later.ID, "Date", locale.ISODate(locale.English, string(l.Later.EffectiveFrom))))
		}
		if len(l.Beside) > 0 {
			means = append(means, say("schedule.note.beside", "Lines", strings.Join(l.Beside, ", ")))
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t\n", l.Line.Reference, l.Line.Class, now, ruleWords(l.Rule, l.Line.Action),
			strings.Join([]string{l.Line.Kept, l.Line.From, l.Line.Then}, ", "), strings.Join(means, "; "))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w, "\n%d lines: %d the same as a rule, %d would change one, %d would be new, %d cannot be rules, %d without a class.\n", len(p.Lines),
		p.Count(privacy.LineSame), p.Count(privacy.LineChanges), p.Count(privacy.LineNew), p.Count(privacy.LineCannot), p.Count(privacy.LineOutside))
	if len(p.Unread) > 0 {
		_, _ = fmt.Fprintf(w, "%s: %s\n", say("schedule.unread"), strings.Join(p.Unread, ", "))
	}
	for _, r := range p.Lost {
		_, _ = fmt.Fprintln(w, say("schedule.lost.rule", "Rule", r.ID, "Line", r.Schedule))
	}
	return nil
}

// ruleWords is a rule in one cell: P3Y closed dispose.
func ruleWords(r privacy.RetentionRule, action privacy.Disposal) string {
	return r.Period + " " + string(r.Trigger) + " " + string(action)
}
