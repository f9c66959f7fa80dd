package consult

import (
	"context"
	"errors"
	"math"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// equalitySeen tells one state of somebody's equality answers from another: under which consent, and what stands there; nil is that nothing does. The sealed
// bytes are no others' and differ with every writing, so that no answer can be guessed from their digest.
func equalitySeen(record string, stored *EqualityProfile) string {
	if stored == nil {
		return seal.Digest(record)
	}
	return seal.Digest(record) + seal.Digest(string(seal.Canonical(stored.ConsentRecord, string(stored.Sealed))))
}

// errEqualityChanged says that the page from which a change comes is older than what stands there.
func errEqualityChanged() error { return fault.New(fault.Conflict, "error.equality.changed") }

// sealTries is how often a profile is sealed anew whose key is destroyed at that moment.
const sealTries = 3

// storeProfile seals equality answers and stores them with put, which is given what stands there: was first. Their key may be destroyed between the two, by
// another of the person's windows: then they are sealed again.
func (s *Service) storeProfile(ctx context.Context, response *Response, status ConsentStatus, answers survey.Answers, was []byte, put func(p *EqualityProfile, was []byte) error) error {
	for range sealTries {
		p, err := s.sealProfile(ctx, response, status, answers)
		if err != nil {
			return err
		}
		if err := put(p, was); err != nil {
			return err
		}
		s.profiles.Lock() // a look at what is left, after which the key goes, is over
		stored, err := s.profileOf(ctx, response.ID)
		s.profiles.Unlock()
		if err != nil {
			return err
		}
		if stored == nil || !slices.Equal(stored.Sealed, p.Sealed) { // withdrawn or changed since: standsStill says which
			return nil
		}
		if _, err := s.openProfile(status, p, stored.RecordKey); err == nil && len(stored.RecordKey) > 0 {
			return nil
		}
		was = p.Sealed
	}
	return errEqualityChanged()
}

// emptyProfile erases the equality answers that somebody took back, those under the consent record alone, and their key where nothing else stands. It ends its work where the
// request has ended.
func (s *Service) emptyProfile(ctx context.Context, responseID, record string) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	token := s.Keys.EqualityToken(responseID)
	if err := s.Store.Equality().EraseProfileOf(ctx, token, record); err != nil {
		return err
	}
	s.profiles.Lock()
	defer s.profiles.Unlock()
	if left, err := s.profileOf(ctx, responseID); err != nil || left != nil {
		return err
	}
	return s.Store.Keys().DestroyKey(ctx, token)
}

// finishTakenBack completes at start what a crash left of equality answers that somebody took back: it waits to be listed, and is not erased.
func (s *Service) finishTakenBack(ctx context.Context) error {
	if s.Erasures == nil {
		return nil
	}
	waiting, err := s.Store.Erasures().Pending(ctx, math.MaxInt32)
	if err != nil {
		return err
	}
	listed := map[string]Erasure{}
	for _, p := range waiting {
		e, err := s.openErasure(p)
		if err != nil {
			return err
		}
		for _, t := range e.Tokens {
			if e.Kind == ErasedAnswers {
				listed[t] = e
			}
		}
	}
	if len(listed) == 0 {
		return nil
	}
	tokens, err := s.findProfiles(ctx, listed, true)
	for _, t := range tokens {
		err = errors.Join(err, s.eraseProfile(ctx, t))
	}
	return err
}

// notOver is fault.Closed once equality answers of the consultation are disposed of.
func (s *Service) notOver(r Reader, consultationID string) error {
	c, err := r.Consultation(consultationID)
	if err != nil {
		return err
	}
	over, err := s.equalityOver(r, c)
	if err == nil && over {
		err = fault.New(fault.Closed, "error.equality.over")
	}
	return err
}

// EqualityOver reports whether no equality answers of a response are written any more (Held.EqualityOver). It opens none. A response that is gone has no time.
func (s *Service) EqualityOver(ctx context.Context, by *Staff, responseID string) (over bool, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return false, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		_, c, err := s.byID(responseID)(r)
		if fault.Is(err, fault.NotFound) {
			over = false
			return nil
		}
		if err == nil {
			over, err = s.equalityOver(r, c)
		}
		return err
	})
	return over, err
}

// equalityOver reports whether the period of equality answers is over, or a disposal of them has begun: nothing is written anew then, or a certificate would be wrong (UK GDPR
// art. 5(1)(e)). What came on paper in time is still typed in where a rule cuts the period of the notice short.
func (s *Service) equalityOver(r Reader, c *Consultation) (bool, error) {
	p, err := s.plannerIn(r)
	if err != nil {
		return false, err
	}
	open := map[string]*retentionRun{}
	if _, err := ReadSetting(r, runsSetting, &open); err != nil {
		return false, err
	}
	p.ofConsultation(c) // what it cannot tell is not disposed of either
	return slices.ContainsFunc(p.items, func(i RetentionItem) bool {
		if i.Rule.Class != privacy.ClassEquality && i.Rule.Class != privacy.ClassResponses || !i.Rule.Action.Automatic() {
			return false
		}
		due := !i.Due.After(p.now) && (i.Rule.ID == privacy.RuleNotice || !p.now.Before(lateEntryEnds(c)))
		return due || open[i.Key()] != nil
	}), nil
}
