package consult

import (
	"context"
	"crypto/subtle"

	"folkmoot/internal/fault"
)

// KioskCode returns what the address of the consultation's kiosk ends with, for whoever puts a device up. fault.Conflict for a draft.
func (s *Service) KioskCode(ctx context.Context, by *Staff, consultationID string) (code string, err error) {
	if err := by.Allow(RecordResponses); err != nil {
		return "", err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		c, err := r.Consultation(consultationID)
		if err == nil && c.State != Published {
			err = fault.New(fault.Conflict, "error.form.draft")
		}
		return err
	})
	return s.Keys.KioskToken(consultationID), err
}

// KioskOf finds the consultation of a kiosk's address. fault.NotFound for a code that is not its own.
func (s *Service) KioskOf(ctx context.Context, slug, code string) (*Consultation, error) {
	c, err := s.published(ctx, slug)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(code), []byte(s.Keys.KioskToken(c.ID))) != 1 {
		return nil, fault.New(fault.NotFound, "error.store.not_found")
	}
	return c, nil
}

// wayKey is the key of a context that says by which way somebody without an account comes.
type wayKey struct{}

// AtKiosk returns a context for what somebody does at a kiosk by themselves: the response that they send, and every decision that they take there, has that
// channel (privacy.md 3.5).
func AtKiosk(ctx context.Context) context.Context { return context.WithValue(ctx, wayKey{}, Kiosk) }

func wayOf(ctx context.Context) Channel {
	if way, ok := ctx.Value(wayKey{}).(Channel); ok {
		return way
	}
	return Web
}
