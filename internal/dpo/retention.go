package dpo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// Retention is where disposal stands, for the officer.
type Retention struct {
	Settings consult.RetentionSettings
	Version  int64                   // of the settings; 0 for the defaults
	Items    []consult.RetentionItem // what is coming, due first first
	Holds    []privacy.Hold          // those that have not ended
	Preview  consult.RetentionPreview
	Now      time.Time // UTC
}

// soonDue is within how many days something is said to be due soon.
const soonDue = 30

// Soon lists what is disposed of within a month and is not on hold.
func (r Retention) Soon() []consult.RetentionItem {
	end := r.Now.AddDate(0, 0, soonDue)
	return r.pick(func(i consult.RetentionItem) bool {
		return i.Rule.Action.Automatic() && i.Hold == nil && i.Count > 0 && i.RunAt.Before(end)
	})
}

// Later lists what is disposed of after that.
func (r Retention) Later() []consult.RetentionItem {
	end := r.Now.AddDate(0, 0, soonDue)
	return r.pick(func(i consult.RetentionItem) bool {
		return i.Rule.Action.Automatic() && i.Hold == nil && i.Count > 0 && !i.RunAt.Before(end)
	})
}

// OnHold lists what a hold keeps, due or not.
func (r Retention) OnHold() []consult.RetentionItem {
	return r.pick(func(i consult.RetentionItem) bool { return i.Hold != nil && i.Count > 0 })
}

// Reviews lists what an officer has to review now.
func (r Retention) Reviews() []consult.RetentionItem {
	return r.pick(func(i consult.RetentionItem) bool { return i.Rule.Action == privacy.Review && !i.Due.After(r.Now) })
}

func (r Retention) pick(which func(consult.RetentionItem) bool) (out []consult.RetentionItem) {
	for _, i := range r.Items {
		if which(i) {
			out = append(out, i)
		}
	}
	return out
}

// RulesToReview lists the rules whose own day of review has come.
func (r Retention) RulesToReview() (out privacy.Schedule) {
	for _, rule := range r.Settings.Rules {
		if rule.NextReview <= privacy.DateOf(r.Now) {
			out = append(out, rule)
		}
	}
	return out
}

// Retention returns where disposal stands: counts and dates, and nothing personal.
func (d *Desk) Retention(ctx context.Context, by *consult.Staff) (Retention, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return Retention{}, err
	}
	out := Retention{Now: d.Service.Now().UTC()}
	var err error
	if out.Items, err = d.Service.RetentionPlan(ctx); err != nil {
		return out, err
	}
	if out.Preview, err = d.Service.StoredPreview(ctx); err != nil {
		return out, err
	}
	err = d.Service.Store.View(ctx, func(r consult.Reader) (err error) {
		if out.Settings, out.Version, err = consult.Retention(r); err != nil {
			return err
		}
		var holds []privacy.Hold
		_, err = consult.ReadSetting(r, consult.HoldsSetting, &holds)
		out.Holds = live(holds, r.Now())
		return err
	})
	return out, err
}

// live are the holds that have not ended.
func live(holds []privacy.Hold, now time.Time) []privacy.Hold {
	return slices.DeleteFunc(slices.Clone(holds), func(h privacy.Hold) bool { return !now.Before(h.Until.End()) })
}

// changeRules edits the rules of the version that the officer saw. It returns the faults of what came of it, and stores nothing if there are any.
// edit returns what the log has to say, at least one entry. fault.Conflict if somebody was faster.
func (d *Desk) changeRules(ctx context.Context, version int64, edit func(consult.Reader, *consult.RetentionSettings) ([]privacy.AuditEvent, error)) (faults []error, err error) {
	err = d.Service.Store.Update(ctx, func(w consult.Writer) error {
		faults = nil
		settings, current, err := consult.Retention(w)
		if err != nil {
			return err
		}
		if current != version {
			return fault.New(fault.Conflict, "error.store.version")
		}
		events, err := edit(w, &settings)
		if err != nil {
			return err
		}
		promised, err := consult.PromisedPeriods(w)
		if err != nil {
			return err
		}
		if faults = settings.Rules.Validate(promised...); len(faults) > 0 {
			return nil
		}
		if err := consult.WriteSetting(w, consult.RetentionSetting, settings, version); err != nil {
			return err
		}
		for _, e := range events {
			if err := w.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(faults) > 0 {
		return faults, err
	}
	return nil, d.Service.RefreshPreview(ctx) // the days of notice begin
}

// SaveRule stores a rule under its id in place of the one with the id old, or as a new one if old is empty. The officer approves it by that. It returns all
// faults that the schedule would have; nothing is stored if there are any.
func (d *Desk) SaveRule(ctx context.Context, by *consult.Staff, version int64, old string, r privacy.RetentionRule) ([]error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	r.Approver = by.ID
	return d.changeRules(ctx, version, func(_ consult.Reader, s *consult.RetentionSettings) ([]privacy.AuditEvent, error) {
		rules := slices.Clone(s.Rules)
		if old == "" {
			rules = append(rules, r)
		} else if at := slices.IndexFunc(rules, func(x privacy.RetentionRule) bool { return x.ID == old }); at >= 0 {
			rules[at] = r
		} else {
			return nil, fault.New(fault.NotFound, "error.store.not_found")
		}
		s.Rules = rules
		return []privacy.AuditEvent{approval(by, "retention:all", r)}, nil
	})
}

// approval is the entry of the log about a rule that was approved: all by which it disposes of something, and nothing that was typed freely. Only a rule without faults
// is stored, and named.
func approval(by *consult.Staff, object string, r privacy.RetentionRule, more ...string) privacy.AuditEvent {
	return privacy.NewAuditEvent(by.Actor(), "retention.rule", object, append([]string{"class", string(r.Class), "stage", r.Stage, "trigger", string(r.Trigger), "period", r.Period, "action", string(r.Action)}, more...)...)
}

// RemoveRule removes a rule. What a notice promises holds without one.
func (d *Desk) RemoveRule(ctx context.Context, by *consult.Staff, version int64, id string) ([]error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	return d.changeRules(ctx, version, func(_ consult.Reader, s *consult.RetentionSettings) ([]privacy.AuditEvent, error) {
		if _, ok := s.Rules.Rule(id); !ok {
			return nil, fault.New(fault.NotFound, "error.store.not_found")
		}
		s.Rules = slices.DeleteFunc(slices.Clone(s.Rules), func(r privacy.RetentionRule) bool { return r.ID == id })
		return []privacy.AuditEvent{privacy.NewAuditEvent(by.Actor(), "retention.remove", "retention:all")}, nil
	})
}

// The bounds of the days of RetentionSettings.
const (
	MinNoticeDays, MaxNoticeDays = 1, 60
	MinBackupDays, MaxBackupDays = 1, 365
)

// SaveRetentionDays stores after how many days of notice a rule is carried out, and after how many no backup holds what was disposed of.
func (d *Desk) SaveRetentionDays(ctx context.Context, by *consult.Staff, version int64, notice, backup int) error {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return err
	}
	if notice < MinNoticeDays || notice > MaxNoticeDays {
		return fault.New(fault.Invalid, "error.retention.days", "Min", MinNoticeDays, "Max", MaxNoticeDays).At("notice")
	}
	if backup < MinBackupDays || backup > MaxBackupDays {
		return fault.New(fault.Invalid, "error.retention.days", "Min", MinBackupDays, "Max", MaxBackupDays).At("backup")
	}
	faults, err := d.changeRules(ctx, version, func(_ consult.Reader, s *consult.RetentionSettings) ([]privacy.AuditEvent, error) {
		s.NoticeDays, s.BackupDays = notice, backup
		return []privacy.AuditEvent{privacy.NewAuditEvent(by.Actor(), "retention.settings", "retention:all", "notice_days", fmt.Sprint(notice), "backup_days", fmt.Sprint(backup))}, nil
	})
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	return err
}

// PlaceHold keeps information from being disposed of. It returns the faults of what was entered; nothing is stored if there are any. A batch of a disposal
// that has begun is finished; the next is not begun.
func (d *Desk) PlaceHold(ctx context.Context, by *consult.Staff, h privacy.Hold) (faults []error, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	h.ID, h.PlacedBy = seal.RandomID(), by.ID
	err = d.Service.Store.Update(ctx, func(w consult.Writer) error {
		if faults = h.Faults(privacy.DateOf(w.Now())); len(faults) > 0 {
			return nil
		}
		if h.ConsultationID != "" {
			if _, err := w.Consultation(h.ConsultationID); err != nil {
				return err
			}
		}
		placed := h
		placed.PlacedAt = w.Now()
		var holds []privacy.Hold
		version, err := consult.ReadSetting(w, consult.HoldsSetting, &holds)
		if err != nil {
			return err
		}
		if err := consult.WriteSetting(w, consult.HoldsSetting, append(live(holds, w.Now()), placed), version); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), "retention.hold", "hold:"+h.ID, "class", string(h.Class), "consultation", h.ConsultationID, "until", string(h.Until)))
	})
	return faults, err
}

// LiftHold ends a hold. fault.Conflict if it is gone.
func (d *Desk) LiftHold(ctx context.Context, by *consult.Staff, id string) error {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return err
	}
	return d.Service.Store.Update(ctx, func(w consult.Writer) error {
		var holds []privacy.Hold
		version, err := consult.ReadSetting(w, consult.HoldsSetting, &holds)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(holds), func(h privacy.Hold) bool { return h.ID == id })
		if len(left) == len(holds) {
			return fault.New(fault.Conflict, "error.hold.gone")
		}
		if err := consult.WriteSetting(w, consult.HoldsSetting, left, version); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), "retention.lift", "hold:"+id))
	})
}

// Reviewed records that the officer has reviewed what a rule asked to be reviewed. fault.Conflict if it is not on the queue.
func (d *Desk) Reviewed(ctx context.Context, by *consult.Staff, key string) error {
	state, err := d.Retention(ctx, by)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(state.Reviews(), func(i consult.RetentionItem) bool { return i.Key() == key })
	if at < 0 {
		return fault.New(fault.Conflict, "error.retention.reviewed")
	}
	item := state.Reviews()[at]
	return d.Service.Store.Update(ctx, func(w consult.Writer) error {
		reviews := map[string]time.Time{}
		version, err := consult.ReadSetting(w, consult.ReviewsSetting, &reviews)
		if err != nil {
			return err
		}
		done := maps.Clone(reviews)
		done[key] = w.Now()
		if err := consult.WriteSetting(w, consult.ReviewsSetting, done, version); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), "retention.review", "retention:all", "rule", item.Rule.ID, "class", string(item.Rule.Class)))
	})
}

// Certificates lists the certificates of disposal, newest first.
func (d *Desk) Certificates(ctx context.Context, by *consult.Staff) (out []*privacy.Certificate, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	err = d.Service.Store.View(ctx, func(r consult.Reader) (err error) {
		out, err = r.Certificates(0, endedShown)
		return err
	})
	return out, err
}

// Certificate returns one, and whether the chain of all of them holds.
func (d *Desk) Certificate(ctx context.Context, by *consult.Staff, id string) (c *privacy.Certificate, sound bool, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, false, err
	}
	err = d.Service.Store.View(ctx, func(r consult.Reader) (err error) {
		if c, err = r.Certificate(id); err != nil {
			return err
		}
		sound = privacy.VerifyCertificates(r.EachCertificate) == nil
		return nil
	})
	return c, sound, err
}
