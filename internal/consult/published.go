package consult

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

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

// hasSchedule reports whether there is a published schedule, without decoding its lines: they stand first in it.
func hasSchedule(r Reader) (bool, error) {
	raw, _, err := r.Setting(ScheduleSetting)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	if _, err := in.Token(); err != nil { // the brace
		return false, fmt.Errorf("decode setting %s: %w", ScheduleSetting, err)
	}
	for in.More() {
		name, err := in.Token()
		if err == nil && name == "lines" {
			_, err = in.Token()
			return err == nil && in.More(), err
		}
		var skipped json.RawMessage
		if err = errors.Join(err, in.Decode(&skipped)); err != nil {
			return false, fmt.Errorf("decode setting %s: %w", ScheduleSetting, err)
		}
	}
	return false, nil
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
