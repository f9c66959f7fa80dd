package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// The settings in which the rules of disposal and what came of them lie.
const (
	RetentionSetting = "retention"         // RetentionSettings
	HoldsSetting     = "retention.holds"   // []privacy.Hold
	ReviewsSetting   = "retention.reviews" // map[string]time.Time: when an officer reviewed, by RetentionItem.Key
	previewSetting   = "retention.preview" // RetentionPreview
	runsSetting      = "retention.runs"    // map[string]retentionRun: those that are not finished
)

// RetentionSettings say how long the council keeps what.
type RetentionSettings struct {
	Rules      privacy.Schedule `json:"rules"`
	NoticeDays int              `json:"notice_days"`         // between the first preview of what a rule makes due and its disposal
	BackupDays int              `json:"backup_days"`         // after which no backup holds what was disposed of
	Postcodes  bool             `json:"postcodes,omitempty"` // they were saved since postcodes have a rule of their own: where there is none it was removed
}

// DefaultRetention is what a council starts from.
func DefaultRetention() RetentionSettings {
	return RetentionSettings{Rules: privacy.DefaultSchedule(), NoticeDays: 7, BackupDays: 30, Postcodes: true}
}

// ReadSetting decodes a setting in a transaction; what was never set leaves into as it is, with version 0.
func ReadSetting(r Reader, name string, into any) (version int64, err error) {
	raw, version, err := r.Setting(name)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return 0, fmt.Errorf("decode setting %s: %w", name, err)
	}
	return version, nil
}

// WriteSetting stores a setting that was read with the version.
func WriteSetting(w Writer, name string, value any, version int64) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode setting %s: %w", name, err)
	}
	return w.PutSetting(name, raw, version)
}

// Retention returns the rules in a transaction, with their version; 0 for the defaults. Where they were saved before postcodes had a rule of their own, the default for those,
// which nobody has approved, is among them, so that there is one to approve.
func Retention(r Reader) (RetentionSettings, int64, error) {
	out := RetentionSettings{}
	version, err := ReadSetting(r, RetentionSetting, &out)
	if err == nil && version == 0 {
		out = DefaultRetention()
	}
	if !out.Postcodes {
		out.Postcodes, out.Rules = true, withPostcodes(out.Rules)
	}
	return out, version, err
}

// withPostcodes adds the default rule for postcodes where there is none for them.
func withPostcodes(rules privacy.Schedule) privacy.Schedule {
	if slices.ContainsFunc(rules, func(r privacy.RetentionRule) bool { return r.Class == privacy.ClassPostcodes }) {
		return rules
	}
	for _, r := range privacy.DefaultSchedule() {
		if r.Class != privacy.ClassPostcodes {
			continue
		}
		for _, taken := rules.Rule(r.ID); taken; _, taken = rules.Rule(r.ID) { // a council names its rules as it likes
			r.ID += "_ward"
		}
		rules = append(slices.Clone(rules), r)
	}
	return rules
}

// PromisedPeriods lists how long the notices of published consultations say that responses are kept.
func PromisedPeriods(r Reader) (out []privacy.Period, err error) {
	all, err := r.Consultations(ConsultationFilter{State: Published})
	for _, c := range all {
		if p, err := privacy.ParsePeriod(c.Processing.Retention); err == nil {
			out = append(out, p)
		}
	}
	return out, err
}

// EntryPlace binds the sealed content of an entry of a register to the entry.
func EntryPlace(id string) []byte { return seal.Place("register_entry", id, "sealed") }

// RetentionItem is something that will be disposed of, or has to be reviewed. It names nobody.
type RetentionItem struct {
	Rule         privacy.RetentionRule // id privacy.RuleNotice where the period of the consultation's notice is over first
	Version      int64                 // of the schedule, or of the notice
	Consultation *Consultation         // nil for a register
	Register     privacy.Register      // empty for a consultation
	Due          time.Time             // UTC: the end of the period
	RunAt        time.Time             // UTC: when it is disposed of: at Due, or later where a rule was not announced long enough; zero for a review
	Count        int                   // records: responses, free texts, profiles of equality answers, entries
	Hold         *privacy.Hold         // what keeps it; nil for nothing
	Kept         []privacy.KeptTotals  // anonymous totals that stay in place of it, where its action is Anonymise
	Whole        bool                  // of free text: kept postcodes that lie in it yet go with it, because their time is over too or the survey keeps none
	Without      string                // WaitsForTotals or NotInNotice where an approved rule says that it is anonymised, and it cannot be; else empty
}

// Key names the item among others: class, what it is of, and for reviews the rule.
func (i RetentionItem) Key() string {
	of := string(i.Register)
	if i.Consultation != nil {
		of = i.Consultation.ID
	}
	if i.Rule.Action == privacy.Review {
		return "review|" + i.Rule.ID + "|" + of
	}
	return string(i.Rule.Class) + "|" + of
}

// announcement names the item with what makes it due: a rule that changes has to be announced anew.
func (i RetentionItem) announcement() string {
	name := i.Key() + "|" + i.Rule.ID + "|" + i.Rule.Period + "|" + string(i.Rule.Trigger)
	if i.Rule.Trigger == privacy.OnTotals { // which moves when more are published, or some revoked
		name += "|" + string(privacy.DateOf(i.Due))
	}
	return name
}

// RetentionPreview is what the nightly preview found, as stored.
type RetentionPreview struct {
	On   privacy.Date         `json:"on"`
	At   time.Time            `json:"at"` // UTC
	Rows []PreviewRow         `json:"rows"`
	Seen map[string]time.Time `json:"seen"` // when each was announced first
}

// PreviewRow is one item of a preview: counts and dates.
type PreviewRow struct {
	Rule         string            `json:"rule"`
	Class        privacy.DataClass `json:"class"`
	Consultation string            `json:"consultation,omitempty"` // id
	Due          time.Time         `json:"due"`
	RunAt        time.Time         `json:"run_at"`
	Count        int               `json:"count"`
	Held         bool              `json:"held"`
}

// StoredPreview returns the last nightly preview; the zero value before the first.
func (s *Service) StoredPreview(ctx context.Context) (p RetentionPreview, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		p = RetentionPreview{}
		_, err := ReadSetting(r, previewSetting, &p)
		return err
	})
	return p, err
}

// PreviewRetention stores what will be disposed of and when, once a day: what a rule makes due is disposed of only some days after it was first in a
// preview (RetentionSettings.NoticeDays).
func (s *Service) PreviewRetention(ctx context.Context) error {
	stored, err := s.StoredPreview(ctx)
	if err != nil || stored.On == privacy.DateOf(s.Now()) {
		return err
	}
	return s.RefreshPreview(ctx)
}

// RefreshPreview stores a new preview now, as after a rule was changed.
func (s *Service) RefreshPreview(ctx context.Context) error {
	items, problem := s.RetentionPlan(ctx) // what cannot be told does not keep the rest
	if items == nil {
		return problem
	}
	err := s.Store.Update(ctx, func(w Writer) error {
		stored := RetentionPreview{}
		version, err := ReadSetting(w, previewSetting, &stored)
		if err != nil {
			return err
		}
		if err := WriteSetting(w, previewSetting, preview(items, stored.Seen, w.Now()), version); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "retention.preview", "retention:all", "items", fmt.Sprint(len(items))))
	})
	return errors.Join(err, problem)
}

// preview writes items down; seen is when they were announced first.
func preview(items []RetentionItem, seen map[string]time.Time, now time.Time) RetentionPreview {
	p := RetentionPreview{On: privacy.DateOf(now), At: now, Seen: map[string]time.Time{}}
	for _, i := range items {
		if i.Rule.Action == privacy.Review {
			continue
		}
		row := PreviewRow{Rule: i.Rule.ID, Class: i.Rule.Class, Due: i.Due, RunAt: i.RunAt, Count: i.Count, Held: i.Hold != nil}
		if i.Consultation != nil {
			row.Consultation = i.Consultation.ID
		}
		p.Rows = append(p.Rows, row)
		p.Seen[i.announcement()] = now
		if before, ok := seen[i.announcement()]; ok {
			p.Seen[i.announcement()] = before
		}
	}
	return p
}
