package consult

import (
	"context"
	"encoding/json"
	"fmt"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Council returns the settings of the council; the defaults if none were saved yet.
func (s *Service) Council(ctx context.Context) (privacy.Council, error) {
	v, err := s.setting(ctx, "council", func(raw []byte) (any, error) {
		var c privacy.Council
		err := json.Unmarshal(raw, &c)
		return c, err
	})
	if fault.Is(err, fault.NotFound) {
		return DefaultCouncil(), nil
	}
	if err != nil {
		return privacy.Council{}, err
	}
	return v.(privacy.Council), nil
}

// councilIn reads the settings inside a transaction, never from what is kept.
func (s *Service) councilIn(r Reader) (c privacy.Council, err error) {
	raw, _, err := r.Setting("council")
	if fault.Is(err, fault.NotFound) {
		return DefaultCouncil(), nil
	}
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(raw, &c)
}

// CouncilVersion returns the settings with their version for editing; version 0 if none were saved yet.
func (s *Service) CouncilVersion(ctx context.Context) (privacy.Council, int64, error) {
	var c privacy.Council
	var version int64
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if _, version, err = r.Setting("council"); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		c, err = s.councilIn(r)
		return err
	})
	return c, version, err
}

// SaveCouncil changes the settings; problems are returned and nothing is stored if there are any.
func (s *Service) SaveCouncil(ctx context.Context, by *Staff, version int64, c privacy.Council) ([]privacy.Problem, error) {
	if err := by.Allow(ManageSettings); err != nil {
		return nil, err
	}
	if problems := c.Validate(); len(problems) > 0 {
		return problems, nil
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode council: %w", err)
	}
	return nil, s.putSetting(ctx, "council", raw, version, event(by.Actor(), "settings.council", "setting:council",
		"version", fmt.Sprint(version+1)))
}

// Notice returns one version of a notice.
func (s *Service) Notice(ctx context.Context, id string, version int) (n *privacy.NoticeVersion, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		n, err = r.Notice(id, version)
		return err
	})
	return n, err
}

// Notices returns all versions of all notices, by id, then newest first.
func (s *Service) Notices(ctx context.Context) (out []*privacy.NoticeVersion, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Notices()
		return err
	})
	return out, err
}
