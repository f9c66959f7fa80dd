package consult

import (
	"context"
	"crypto/subtle"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
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

// BeginKiosk is Begin on a shared device that the council has put up: the response counts as one from a kiosk. Errors are those of Begin and KioskOf.
func (s *Service) BeginKiosk(ctx context.Context, slug, code string, lang locale.Lang) (*Draft, error) {
	if _, err := s.KioskOf(ctx, slug, code); err != nil {
		return nil, err
	}
	d, err := s.Begin(ctx, slug, lang)
	if err == nil {
		d.Kiosk = true
	}
	return d, err
}

// DecideConsentAtKiosk is DecideConsent on such a device: the ledger says so (privacy.md 3.5: channel).
func (s *Service) DecideConsentAtKiosk(ctx context.Context, code string, given bool, statementHash string, lang locale.Lang) (ConsentStatus, error) {
	return s.decideConsent(ctx, code, given, statementHash, lang, func(*Response) doing {
		return doing{actor: respondent(), by: "self", channel: string(Kiosk)}
	})
}
