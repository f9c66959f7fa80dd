package consult

import (
	"context"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// keySetting names the master key that the store's data was made with. It tells nothing about the key (seal.Keyring.ID).
const keySetting = "master-key"

// Claimed reports whether the store belongs to an installation: it was claimed, or holds data. A master key is never made for such a
// store. Data without its key is lost, and a new key beside it would hide that until somebody opens an answer.
func Claimed(ctx context.Context, s Store) (claimed bool, err error) {
	err = s.View(ctx, func(r Reader) error {
		_, _, err := r.Setting(originSetting)
		if err == nil {
			claimed = true
			return nil
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		claimed, err = holdsData(r)
		return err
	})
	return claimed, err
}

func holdsData(r Reader) (bool, error) {
	staff, err := r.StaffList()
	if err != nil || len(staff) > 0 {
		return len(staff) > 0, err
	}
	all, err := r.Consultations(ConsultationFilter{})
	return len(all) > 0, err
}

// CheckKey returns fault.Conflict if the store's data was made with another master key than s.Keys, or if nothing says with which.
func (s *Service) CheckKey(ctx context.Context) error {
	return s.Store.View(ctx, s.checkKey)
}

// CheckKeyIn is Service.CheckKey for whoever only looks at a store.
func CheckKeyIn(r Reader, keys *seal.Keyring) error { return (&Service{Keys: keys}).checkKey(r) }

func (s *Service) checkKey(r Reader) error {
	have, _, err := r.Setting(keySetting)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.New(fault.Conflict, "error.key.unknown")
	case err != nil:
		return err
	case string(have) != s.keyMark():
		return fault.New(fault.Conflict, "error.key.other")
	}
	return nil
}

// keyMark is how the setting names the service's key: a JSON text, as every setting is JSON.
func (s *Service) keyMark() string { return `"` + s.Keys.ID() + `"` }
