package consult

import (
	"context"
	"errors"
	"slices"
	"strings"

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

// EqualityChange is what equality answers are to be instead.
type EqualityChange struct {
	Answers survey.Answers // none: they are taken back
	Seen    string         // Held.EqualitySeen of the page that was shown
}

// ChangeEquality replaces the equality answers of the respondent with the code as long as consent for this consultation stands, also after closing (UK GDPR
// art. 5(1)(d), 16; councils.md S3-18). No new consent is needed: the answers are used for what was agreed to. What stood there before is overwritten, and with no answers left
// the profile goes with its key. fault.Forbidden, fault.Closed and fault.Invalid as SaveEquality; fault.Conflict where the person is asked first (Held.AskedFirst), and where
// the answers or the consent are not those that were seen any more.
func (s *Service) ChangeEquality(ctx context.Context, code, consultationID string, change EqualityChange) error {
	find := func(r Reader) (*Response, *Consultation, error) {
		response, c, err := s.byCode(r, code)
		if err == nil && response.ConsultationID != consultationID {
			err = fault.New(fault.Forbidden, "error.consent.missing")
		}
		return response, c, err
	}
	return s.changeEquality(ctx, find, change, respondent(), nothingMore)
}

// ChangeEqualityFor is ChangeEquality for a person who told an officer the code, by the request of the person. with writes what the register says of it in the transaction that
// allows it; it may run more than once.
func (s *Service) ChangeEqualityFor(ctx context.Context, by *Staff, responseID string, change EqualityChange, with func(Writer) error) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	return s.changeEquality(ctx, s.byID(responseID), change, by.Actor(), with)
}

// equalityChange is a change that is allowed.
type equalityChange struct {
	response *Response
	status   ConsentStatus
	answers  survey.Answers
}

// allowChange looks whether equality answers may be changed at this moment.
func (s *Service) allowChange(r Reader, find finding, change EqualityChange) (out equalityChange, err error) {
	var c *Consultation
	if out.response, c, err = find(r); err != nil {
		return out, err
	}
	if out.status, err = s.standing(r, out.response, c); err != nil {
		return out, err
	}
	if err := s.notAskedFirst(r, out.response, c); err != nil {
		return out, err
	}
	if err := s.notOver(r, c.ID); err != nil {
		return out, err
	}
	if !strings.HasPrefix(change.Seen, equalitySeen(out.status.RecordID, nil)) {
		return out, errEqualityChanged()
	}
	def, err := s.definition(r, out.response.SurveyVersion)
	if err == nil {
		out.answers, err = equalityAnswers(def, change.Answers)
	}
	return out, err
}

// changeEquality looks at what stands there before the transaction that allows the change, and stores only if it stands there still: a page that is older brings back nothing
// that was removed, and overwrites nothing that its person did not see.
func (s *Service) changeEquality(ctx context.Context, find finding, change EqualityChange, by privacy.Actor, with func(Writer) error) error {
	var seen equalityChange
	err := s.Store.View(ctx, func(r Reader) (err error) {
		seen, err = s.allowChange(r, find, change)
		return err
	})
	if err != nil {
		return err
	}
	stored, err := s.profileOf(ctx, seen.response.ID)
	if err != nil {
		return err
	}
	if equalitySeen(seen.status.RecordID, stored) != change.Seen {
		return errEqualityChanged()
	}
	err = s.Store.Update(ctx, func(w Writer) (err error) {
		if seen, err = s.allowChange(w, find, change); err != nil {
			return err
		}
		if err := w.AppendAudit(event(by, equalityChanged, "consultation:"+seen.response.ConsultationID)); err != nil {
			return err
		}
		if len(seen.answers) == 0 && stored != nil && len(stored.RecordKey) > 0 { // without its key it opens in no copy
			if err := s.noteErasure(w, Erasure{Kind: ErasedAnswers}, answersID(stored)); err != nil {
				return err
			}
		}
		return with(w)
	})
	if err != nil {
		return err
	}
	if len(seen.answers) == 0 {
		err = errors.Join(s.emptyProfile(ctx, seen.response.ID, seen.status.RecordID), s.settle(ctx))
	} else {
		err = s.replaceProfile(ctx, seen, stored)
	}
	if err != nil && !erasurePending(err) && !fault.Is(err, fault.Conflict) {
		return err
	}
	if now := s.standsStill(ctx, find, seen.response, seen.status.RecordID); now != nil {
		return now
	}
	return err
}

// replaceProfile stores what was allowed in the place of what was seen.
func (s *Service) replaceProfile(ctx context.Context, change equalityChange, stored *EqualityProfile) error {
	var was []byte
	if stored != nil {
		was = stored.Sealed
	}
	var pending error // stored, and the last bytes of what stood there are removed later
	err := s.storeProfile(ctx, change.response, change.status, change.answers, was, func(p *EqualityProfile, was []byte) error {
		err := s.Store.Equality().ReplaceProfile(ctx, p, was)
		switch {
		case erasurePending(err):
			pending = err
			return nil
		case fault.Is(err, fault.Conflict):
			err = fault.Wrap(err, fault.Conflict, "error.equality.changed")
		}
		return err
	})
	return errors.Join(err, pending)
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
