package dpo_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

func scheduleFile(t *testing.T) []byte {
	t.Helper()
	file, err := os.ReadFile("../privacy/testdata/schedule/wealdmere.csv")
	ok(t, err)
	return file
}

// imported imports the schedule of Wealdmere and returns how it stands beside the rules.
func (w *world) imported(t *testing.T, edit ...string) dpo.Published {
	t.Helper()
	p, err := w.desk.Published(t.Context(), officer)
	ok(t, err)
	file := strings.NewReplacer(edit...).Replace(string(scheduleFile(t)))
	faults, err := w.desk.ImportSchedule(t.Context(), officer, p.Versions.Schedule, []byte(file), locale.English)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	p, err = w.desk.Published(t.Context(), officer)
	ok(t, err)
	return p
}

// rules are the rules as they are stored, with their version.
func (w *world) rules(t *testing.T) (privacy.Schedule, int64) {
	t.Helper()
	state, err := w.desk.Retention(t.Context(), officer)
	ok(t, err)
	return state.Settings.Rules, state.Version
}

// events lists the entries of an action.
func (w *world) events(t *testing.T, action string) (out []privacy.AuditEvent) {
	t.Helper()
	ok(t, w.Service.Store.View(t.Context(), func(r consult.Reader) error {
		out = nil
		all, err := r.AuditEvents(consult.AuditFilter{Actions: []string{action}})
		out = append(out, all...)
		return err
	}))
	return out
}

// An import stores lines and no rule: what is disposed of, and when, is as before (councils.md S3-16, UK GDPR art. 5(2)).
func TestAnImportMakesNoRule(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	before, version := w.rules(t)
	plan, err := w.desk.Retention(ctx, officer)
	ok(t, err)
	p := w.imported(t)
	after, now := w.rules(t)
	if version != now || len(before) != len(after) {
		t.Errorf("the rules are at version %d, before %d", now, version)
	}
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("%+v\nbecame\n%+v", before[i], after[i])
		}
	}
	still, err := w.desk.Retention(ctx, officer)
	ok(t, err)
	if len(plan.Items) != len(still.Items) {
		t.Errorf("%d items are planned, before %d", len(still.Items), len(plan.Items))
	}
	if len(p.Lines) != 12 || p.By != officer.ID || p.At.IsZero() || p.Lang != locale.English || p.Count(privacy.LineOutside) != 4 {
		t.Errorf("%d lines by %q, %d outside", len(p.Lines), p.By, p.Count(privacy.LineOutside))
	}
	e := w.events(t, "retention.import_schedule")
	if len(e) != 1 || e[0].Detail["items"] != "12" || e[0].Detail["sha256"] != p.SHA256 || e[0].Detail["before"] != "" {
		t.Errorf("%+v", e)
	}
	again := w.imported(t, "3 years", "2 years")
	e = w.events(t, "retention.import_schedule")
	found := false
	for _, x := range e {
		found = found || x.Detail["before"] == p.SHA256 && x.Detail["sha256"] == again.SHA256
	}
	if len(e) != 2 || !found || again.SHA256 == p.SHA256 {
		t.Errorf("the one before is known by its hash: %+v", e)
	}
	if audit := w.audit(t); strings.Contains(audit, "Personnel") || strings.Contains(audit, "CE 1.1") {
		t.Error("the audit log has words of the file")
	}
}

func TestAFaultyFileIsRefusedWhole(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	p := w.imported(t)
	for _, call := range []func() ([]privacy.ScheduleFault, error){
		func() ([]privacy.ScheduleFault, error) {
			return w.desk.ImportSchedule(ctx, officer, p.Versions.Schedule, []byte("ref,title,period\nA,,1 year\n"), locale.English)
		},
		func() ([]privacy.ScheduleFault, error) {
			_, faults, err := w.desk.PreviewSchedule(ctx, officer, []byte("ref,title,period\nA,,1 year\n"), locale.English)
			return faults, err
		},
	} {
		if faults, err := call(); err != nil || len(faults) != 1 {
			t.Errorf("%+v, %v", faults, err)
		}
	}
	if _, err := w.desk.ImportSchedule(ctx, officer, p.Versions.Schedule-1, scheduleFile(t), locale.English); !fault.Is(err, fault.Conflict) {
		t.Errorf("somebody was faster: %v", err)
	}
	preview, faults, err := w.desk.PreviewSchedule(ctx, officer, []byte("ref,title,period\nA,B,1 year\n"), locale.Welsh)
	if err != nil || len(faults) > 0 || len(preview.Lines) != 1 || preview.Versions != p.Versions {
		t.Errorf("a preview: %+v, %v", preview, err)
	}
	still, err := w.desk.Published(ctx, officer)
	ok(t, err)
	if still.Versions != p.Versions || still.SHA256 != p.SHA256 {
		t.Errorf("something was stored: %+v", still.Versions)
	}
}

// What an officer takes over is a rule that names its line and its approver, from today on, and it is announced before it is carried out (privacy.md 10.1, 10.2).
func TestLinesAreTakenOver(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	p := w.imported(t)
	before, _ := w.rules(t)
	take := func(references ...string) ([]error, error) {
		return w.desk.TakeOver(ctx, officer, p.Versions, references)
	}
	for _, row := range []struct {
		why        string
		references []string
		kind       fault.Kind
	}{
		{"nothing chosen", nil, fault.Invalid},
		{"a line that is not there", []string{"XX 1"}, fault.Invalid},
		{"a line about another system of the council", []string{"HR 3.1"}, fault.Invalid},
		{"one line twice", []string{"CE 1.2", "CE 1.2"}, fault.Invalid},
	} {
		if faults, err := take(row.references...); !fault.Is(err, row.kind) {
			t.Errorf("%s: %v, %v", row.why, faults, err)
		}
	}
	faults, err := take("CE 1.2", "CE 1.4", "IG 2.3")
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	after, version := w.rules(t)
	today := privacy.DateOf(w.Service.Now())
	text, _ := after.Rule("free_text")
	if text.Period != "P2Y" || text.Schedule != "CE 1.2" || text.Approver != officer.ID || text.EffectiveFrom != today || text.Action != privacy.Dispose || text.NextReview != "2027-01-01" {
		t.Errorf("%+v", text)
	}
	if made, _ := after.Rule("audit_log"); made.Schedule != "IG 2.3" || made.Action != privacy.Review || made.NextReview != today.AddMonths(12) {
		t.Errorf("a new rule: %+v", made)
	}
	if len(after) != len(before)+1 || version != 1 {
		t.Errorf("%d rules, before %d, version %d", len(after), len(before), version)
	}
	if _, err := take("CE 1.3"); !fault.Is(err, fault.Conflict) {
		t.Errorf("the rules have changed since: %v", err)
	}
	e := w.events(t, "retention.rule")
	if len(e) != 3 {
		t.Fatalf("art. 5(2): %d entries for three rules", len(e))
	}
	for _, event := range e {
		at := slices.IndexFunc(after, func(r privacy.RetentionRule) bool {
			return r.Schedule != "" && string(r.Class) == event.Detail["class"]
		})
		if at < 0 {
			t.Fatalf("an entry about no rule: %+v", event)
		}
		rule := after[at]
		for name, want := range map[string]string{"class": string(rule.Class), "stage": rule.Stage, "period": rule.Period, "trigger": string(rule.Trigger), "action": string(rule.Action), "sha256": p.SHA256} {
			if event.Detail[name] != want || want == "" {
				t.Errorf("art. 5(2): the log does not say which rule was approved: %s is %q, want %q", name, event.Detail[name], want)
			}
		}
		if event.Actor.ID != officer.ID || len(event.Detail) != 6 {
			t.Errorf("%+v", event)
		}
	}
	if audit := w.audit(t); strings.Contains(audit, "CE 1.2") || strings.Contains(audit, "IG 2.3") {
		t.Error("the log has references of the file")
	}
	p, err = w.desk.Published(ctx, officer)
	ok(t, err)
	if l, at, _ := p.Line("CE 1.2"); p.Lines[at].State != privacy.LineSame || l.Reference != "CE 1.2" {
		t.Errorf("%+v", p.Lines[at])
	}
	state, err := w.desk.Retention(ctx, officer)
	ok(t, err)
	if state.Preview.At.Before(w.Service.Now().Add(-time.Minute)) {
		t.Errorf("the days of notice have not begun: %v", state.Preview.At)
	}

	stale := p.Versions
	p = w.imported(t, "CE 1.2", "CE 7.2")
	if len(p.Lost) != 1 || p.Lost[0].ID != "free_text" {
		t.Errorf("the rule names a line that is gone: %+v", p.Lost)
	}
	if _, err := w.desk.TakeOver(ctx, officer, stale, []string{"CE 1.3"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the schedule has changed since: %v", err)
	}
	if kept, _ := w.rules(t); len(kept) != len(after) {
		t.Error("an import removed a rule")
	}
}

// One line that cannot be carried out keeps the others too: nothing is stored.
func TestNothingIsTakenOverBesideAFault(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	p := w.imported(t, "survey_answers,,Closure of consultation,3 years", "survey_answers,,Closure of consultation,30 years")
	l, at, _ := p.Line("CE 1.1")
	if p.Lines[at].State != privacy.LineCannot || len(p.Lines[at].Faults) != 1 || l.Period != "P30Y" {
		t.Fatalf("art. 13(2)(a): longer than any notice promises: %+v", p.Lines[at])
	}
	faults, err := w.desk.TakeOver(ctx, officer, p.Versions, []string{"CE 1.3", "CE 1.1"})
	if err != nil || len(faults) != 1 {
		t.Errorf("%v, %v", faults, err)
	}
	if _, version := w.rules(t); version != 0 || len(w.events(t, "retention.rule")) != 0 {
		t.Errorf("something was stored: version %d", version)
	}
}

// A rule that was taken over erases nothing before its days of notice are over (docs/decisions/0038-retention.md).
func TestWhatIsTakenOverIsAnnouncedFirst(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Months: 2}).Sub(w.Service.Now()))
	p := w.imported(t, "survey_answers,,Closure of consultation,3 years", "survey_answers,,Closure of consultation,1 month")
	faults, err := w.desk.TakeOver(ctx, officer, p.Versions, []string{"CE 1.1"})
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if done, err := w.Service.RunRetention(ctx, robot); err != nil || done.Responses != 0 {
		t.Errorf("on the day: %+v, %v", done, err)
	}
	w.turn(8 * 24 * time.Hour)
	if done, err := w.Service.RunRetention(ctx, robot); err != nil || done.Responses == 0 {
		t.Errorf("after the days of notice: %+v, %v", done, err)
	}
}

func TestTheScheduleIsRemoved(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	if err := w.desk.RemoveSchedule(ctx, officer, 0); !fault.Is(err, fault.Conflict) {
		t.Errorf("there is none: %v", err)
	}
	p := w.imported(t)
	if _, err := w.Service.PublicSchedule(ctx); err != nil {
		t.Error(err)
	}
	faults, err := w.desk.TakeOver(ctx, officer, p.Versions, []string{"CE 1.2"})
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if err := w.desk.RemoveSchedule(ctx, officer, p.Versions.Schedule+1); !fault.Is(err, fault.Conflict) {
		t.Errorf("another version: %v", err)
	}
	ok(t, w.desk.RemoveSchedule(ctx, officer, p.Versions.Schedule))
	gone, err := w.desk.Published(ctx, officer)
	ok(t, err)
	if gone.Any() || len(gone.Lost) != 1 {
		t.Errorf("%d lines, %d rules that name one", len(gone.Lines), len(gone.Lost))
	}
	if _, err := w.Service.PublicSchedule(ctx); !fault.Is(err, fault.NotFound) {
		t.Errorf("everybody: %v", err)
	}
	if rules, _ := w.rules(t); !strings.Contains(rules[1].Schedule+rules[0].Schedule, "CE 1.2") {
		t.Error("the rule went with the schedule")
	}
	if e := w.events(t, "retention.remove_schedule"); len(e) != 1 || e[0].Detail["before"] != p.SHA256 {
		t.Errorf("%+v", e)
	}
	if _, err := w.desk.TakeOver(ctx, officer, dpo.ScheduleVersions{Schedule: gone.Versions.Schedule, Rules: gone.Versions.Rules}, []string{"CE 1.3"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a line of what is gone: %v", err)
	}
}

func TestOnlyTheOfficerKeepsTheSchedule(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	for _, who := range []*consult.Staff{uitest.Researcher, uitest.Administrator, nil} {
		for name, call := range map[string]func() error{
			"see": func() error { _, err := w.desk.Published(ctx, who); return err },
			"preview": func() error {
				_, _, err := w.desk.PreviewSchedule(ctx, who, scheduleFile(t), locale.English)
				return err
			},
			"import": func() error {
				_, err := w.desk.ImportSchedule(ctx, who, 0, scheduleFile(t), locale.English)
				return err
			},
			"remove": func() error { return w.desk.RemoveSchedule(ctx, who, 0) },
			"take": func() error {
				_, err := w.desk.TakeOver(ctx, who, dpo.ScheduleVersions{}, []string{"CE 1.1"})
				return err
			},
		} {
			if err := call(); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
