package dpo

import (
	"context"
	"fmt"
	"slices"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Published is the council's published retention schedule beside the rules, for the officer.
type Published struct {
	privacy.PublishedSchedule
	Versions ScheduleVersions
	Lines    []privacy.LineComparison // one for each line, in its order
	Lost     privacy.Schedule         // rules that name a line which is not in the schedule
	Today    privacy.Date
}

// ScheduleVersions are what an officer saw: a change rests on both.
type ScheduleVersions struct {
	Schedule int64 // of the published schedule; 0 before the first
	Rules    int64 // of the rules; 0 for the defaults
}

// Offered lists the lines that can be taken over and would change something.
func (p Published) Offered() (out []privacy.LineComparison) {
	for _, l := range p.Lines {
		if l.Offered() {
			out = append(out, l)
		}
	}
	return out
}

// Count returns how many lines are in the state.
func (p Published) Count(state privacy.LineState) (n int) {
	for _, l := range p.Lines {
		if l.State == state {
			n++
		}
	}
	return n
}

// Published returns the published schedule as it is stored, beside the rules in force; no lines where there is none.
func (d *Desk) Published(ctx context.Context, by *consult.Staff) (Published, error) {
	return d.beside(ctx, by, nil)
}

// PreviewSchedule reads a file as ImportSchedule would, and stores nothing. It returns all faults of the file.
func (d *Desk) PreviewSchedule(ctx context.Context, by *consult.Staff, file []byte, lang locale.Lang) (Published, []privacy.ScheduleFault, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return Published{}, nil, err
	}
	s, faults := privacy.ParsePublished(file, lang)
	if len(faults) > 0 {
		return Published{}, faults, nil
	}
	p, err := d.beside(ctx, by, &s)
	return p, nil, err
}

// beside holds a schedule, or the stored one, beside the rules.
func (d *Desk) beside(ctx context.Context, by *consult.Staff, s *privacy.PublishedSchedule) (out Published, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return out, err
	}
	err = d.Service.Store.View(ctx, func(r consult.Reader) error {
		out = Published{Today: privacy.DateOf(r.Now())}
		var err error
		if out.PublishedSchedule, out.Versions.Schedule, err = consult.ReadSchedule(r); err != nil {
			return err
		}
		if s != nil {
			out.PublishedSchedule = *s
		}
		settings, version, err := consult.Retention(r)
		if err != nil {
			return err
		}
		promised, err := consult.PromisedPeriods(r)
		if err != nil {
			return err
		}
		out.Versions.Rules = version
		out.Lines = out.PublishedSchedule.Compare(settings.Rules, out.Today, promised...)
		out.Lost = out.PublishedSchedule.Lost(settings.Rules)
		return nil
	})
	return out, err
}

// ImportSchedule stores the lines of a file in place of those of the version that the officer saw. It returns all faults of the file, and stores nothing if there
// are any. No rule is made, changed or removed by it. fault.Conflict if somebody was faster.
func (d *Desk) ImportSchedule(ctx context.Context, by *consult.Staff, version int64, file []byte, lang locale.Lang) ([]privacy.ScheduleFault, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	s, faults := privacy.ParsePublished(file, lang)
	if len(faults) > 0 {
		return faults, nil
	}
	return nil, d.putSchedule(ctx, version, func(w consult.Writer, before privacy.PublishedSchedule) (privacy.PublishedSchedule, privacy.AuditEvent, error) {
		s.By, s.At = by.ID, w.Now()
		return s, privacy.NewAuditEvent(by.Actor(), "retention.import_schedule", "retention:schedule", "items", fmt.Sprint(len(s.Lines)), "sha256", s.SHA256, "before", before.SHA256), nil
	})
}

// RemoveSchedule removes the published schedule. The rules stay as they are. fault.Conflict if somebody was faster, or there is none.
func (d *Desk) RemoveSchedule(ctx context.Context, by *consult.Staff, version int64) error {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return err
	}
	return d.putSchedule(ctx, version, func(_ consult.Writer, before privacy.PublishedSchedule) (none privacy.PublishedSchedule, e privacy.AuditEvent, err error) {
		if !before.Any() {
			return none, e, fault.New(fault.Conflict, "error.store.version")
		}
		return none, privacy.NewAuditEvent(by.Actor(), "retention.remove_schedule", "retention:schedule", "before", before.SHA256), nil
	})
}

func (d *Desk) putSchedule(ctx context.Context, version int64, next func(consult.Writer, privacy.PublishedSchedule) (privacy.PublishedSchedule, privacy.AuditEvent, error)) error {
	return d.Service.Store.Update(ctx, func(w consult.Writer) error {
		before, current, err := consult.ReadSchedule(w)
		if err != nil {
			return err
		}
		if current != version {
			return fault.New(fault.Conflict, "error.store.version")
		}
		after, event, err := next(w, before)
		if err != nil {
			return err
		}
		if err := consult.WriteSetting(w, consult.ScheduleSetting, after, version); err != nil {
			return err
		}
		return w.AppendAudit(event)
	})
}

// TakeOver makes rules of lines of the published schedule, by their references, from today on, each in the place of the rule in force about the same
// information: the officer approves them by that, and the log says so of each. It returns all faults that the rules would have then, and stores nothing if there are any. fault.Conflict if the schedule or the
// rules are others than the officer saw; fault.Invalid for a line that is not there, or is about nothing that this service holds.
func (d *Desk) TakeOver(ctx context.Context, by *consult.Staff, seen ScheduleVersions, references []string) ([]error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	if len(references) == 0 {
		return nil, fault.New(fault.Invalid, "schedule.take.none").At("line")
	}
	return d.changeRules(ctx, seen.Rules, func(r consult.Reader, settings *consult.RetentionSettings) (events []privacy.AuditEvent, err error) {
		s, version, err := consult.ReadSchedule(r)
		if err != nil {
			return nil, err
		}
		if version != seen.Schedule {
			return nil, fault.New(fault.Conflict, "error.store.version")
		}
		rules, today, taken := slices.Clone(settings.Rules), privacy.DateOf(r.Now()), map[[2]string]bool{}
		for _, reference := range references {
			l, _, ok := s.Line(reference)
			if !ok || l.Class == "" {
				return nil, fault.New(fault.Invalid, "schedule.take.gone").At("line")
			}
			about := [2]string{string(l.Class), l.Stage}
			if taken[about] {
				return nil, fault.New(fault.Invalid, "schedule.take.twice").At("line")
			}
			taken[about] = true
			rule, _ := l.Rule(rules, today)
			rule.Approver = by.ID
			rules = rules.With(rule)
			events = append(events, approval(by, "retention:schedule", rule, "sha256", s.SHA256))
		}
		settings.Rules = rules
		return events, nil
	})
}
