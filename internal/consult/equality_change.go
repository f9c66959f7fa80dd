package consult

import (
	"context"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// equalityChanged is the audit entry of a change of equality answers that were stored before.
const equalityChanged = "equality.change"

// AskedFirst reports whether the person is to be asked about what the notice says now before they change equality answers: what they agreed to is not the whole
// of it any more, and they have not said yes or no to the rest. Whoever said no changes them under what they agreed to.
func (h *Held) AskedFirst() bool { return askedFirst(h.NewUses) }

func askedFirst(uses []NewUse) bool {
	return slices.ContainsFunc(uses, func(u NewUse) bool {
		return u.Part == privacy.PartEquality && u.Asked && u.State != privacy.ConsentRefused && u.State != privacy.ConsentWithdrawn
	})
}

// ChangeEquality replaces the equality answers of the respondent with the code as long as consent for this consultation stands, also after closing (UK GDPR
// art. 5(1)(d), 16; councils.md S3-18). No new consent is needed: the answers are used for what was agreed to. What stood there before is overwritten, and with no answers left
// the profile goes with its key. fault.Forbidden and fault.Invalid as SaveEquality; fault.Conflict where the person is asked first (Held.AskedFirst).
func (s *Service) ChangeEquality(ctx context.Context, code, consultationID string, answers survey.Answers) error {
	find := func(r Reader) (*Response, *Consultation, error) {
		response, c, err := s.byCode(r, code)
		if err == nil && response.ConsultationID != consultationID {
			err = fault.New(fault.Forbidden, "error.consent.missing")
		}
		return response, c, err
	}
	return s.changeEquality(ctx, find, answers, respondent(), nothingMore)
}

// ChangeEqualityFor is ChangeEquality for a person who told an officer the code, by the request of the person. with writes what the register says of it in the transaction that
// allows it; it may run more than once.
func (s *Service) ChangeEqualityFor(ctx context.Context, by *Staff, responseID string, answers survey.Answers, with func(Writer) error) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	return s.changeEquality(ctx, s.byID(responseID), answers, by.Actor(), with)
}

func (s *Service) changeEquality(ctx context.Context, find finding, answers survey.Answers, by privacy.Actor, with func(Writer) error) error {
	var response *Response
	var status ConsentStatus
	var kept survey.Answers
	err := s.Store.Update(ctx, func(w Writer) error {
		var c *Consultation
		var err error
		if response, c, err = find(w); err != nil {
			return err
		}
		if status, err = s.standing(w, response, c); err != nil {
			return err
		}
		if err := s.notAskedFirst(w, response, c); err != nil {
			return err
		}
		def, err := s.definition(w, response.SurveyVersion)
		if err != nil {
			return err
		}
		if kept, err = equalityAnswers(def, answers); err != nil {
			return err
		}
		if err := w.AppendAudit(event(by, equalityChanged, "consultation:"+c.ID)); err != nil {
			return err
		}
		return with(w)
	})
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		return s.eraseEquality(ctx, response.ID)
	}
	p, err := s.sealProfile(ctx, response, status, kept)
	if err != nil {
		return err
	}
	if err := s.Store.Equality().ReplaceProfile(ctx, p); err != nil {
		return err
	}
	return s.standsStill(ctx, find, response, status.RecordID)
}

// notAskedFirst is fault.Conflict where the person is to be asked before.
func (s *Service) notAskedFirst(r Reader, response *Response, c *Consultation) error {
	_, events, err := s.consentOf(r, response.ID)
	if err != nil {
		return err
	}
	uses, err := s.newUses(r, response, c, events, locale.English)
	if err == nil && askedFirst(uses) {
		err = fault.New(fault.Conflict, "error.equality.asked")
	}
	return err
}
