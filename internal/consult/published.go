package consult

import (
	"context"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// ScheduleSetting is the setting in which the council's published retention schedule lies: privacy.PublishedSchedule. One that was removed has no lines.
const ScheduleSetting = "retention.schedule"

// ReadSchedule returns the published schedule in a transaction, with the version of its setting; no lines where there is none.
func ReadSchedule(r Reader) (s privacy.PublishedSchedule, version int64, err error) {
	version, err = ReadSetting(r, ScheduleSetting, &s)
	return s, version, err
}

// PublicSchedule is what everybody may see of the published schedule: its lines, and the rules in force that may name them.
type PublicSchedule struct {
	privacy.PublishedSchedule
	Rules privacy.Schedule
}

// PublicSchedule returns the published schedule for everybody. fault.NotFound if there is none.
func (s *Service) PublicSchedule(ctx context.Context) (out PublicSchedule, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		out = PublicSchedule{}
		var err error
		if out.PublishedSchedule, _, err = ReadSchedule(r); err != nil {
			return err
		}
		if !out.Any() {
			return fault.New(fault.NotFound, "schedule.public.none")
		}
		settings, _, err := Retention(r)
		out.Rules = settings.Rules.InForce(privacy.DateOf(r.Now()))
		return err
	})
	return out, err
}
