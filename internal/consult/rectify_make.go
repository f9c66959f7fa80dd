package consult

import (
	"context"
	"errors"
	"maps"
	"slices"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Rectify makes a correction that was planned: the answers and texts, their flags, and the history with what stood there before change in one transaction,
// with what the register says of it (with, which may run more than once). fault.Invalid without a reason. Published figures do not change; drafts of releases are stale from then on.
// fault.Conflict if the response has changed since; fault.NotFound, and nothing is left, if its person has withdrawn it.
func (s *Service) Rectify(ctx context.Context, by *Staff, p *RectificationPlan, with func(Writer) error) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	switch {
	case p.reason == "":
		return fault.New(fault.Invalid, "error.rectify.reason").At("reason")
	case utf8.RuneCountInString(p.reason) > MaxReason:
		return fault.New(fault.Invalid, "error.texts.reason.long", "Max", MaxReason).At("reason")
	}
	s.texts.Lock()
	defer s.texts.Unlock()
	var ready []string
	if !maps.Equal(p.before, p.after) && len(p.next.FreeText)+len(p.after) > 0 {
		if err := s.readyTexts(ctx, p); err != nil {
			return err
		}
		ready = append(ready, p.response.ID)
	}
	if !maps.Equal(p.kept, p.keeps) && len(p.next.Postcodes)+len(p.keeps) > 0 {
		if err := s.readyPostcodes(ctx, p); err != nil {
			return err
		}
		ready = append(ready, PostcodeKey(p.response.ID))
	}
	err := s.correct(ctx, by, p, with)
	if len(ready) == 0 {
		return err
	}
	ctx, cancel := lasting(ctx)
	defer cancel()
	_, unread, failed := s.retag(ctx, ready...)
	return errors.Join(err, unread, failed)
}

// readyTexts makes the response findable by the words of both, and seals the first texts that a response gets. Where it had texts their key has to be there:
// one that is gone was destroyed with them, and nothing brings it back. A key that was made for first texts and is not used seals nothing: SweepKeys destroys
// it.
func (s *Service) readyTexts(ctx context.Context, p *RectificationPlan) error {
	id := p.response.ID
	key, err := s.readyKey(ctx, p, id, len(p.response.FreeText) > 0)
	if err != nil {
		return err
	}
	if len(p.response.FreeText) == 0 {
		if p.next.FreeText, err = sealWithKey(key, id, p.after); err != nil {
			return err
		}
	}
	return s.widen(ctx, p, id, p.before, p.after)
}

// readyPostcodes is readyTexts for kept postcodes.
func (s *Service) readyPostcodes(ctx context.Context, p *RectificationPlan) error {
	id := PostcodeKey(p.response.ID)
	key, err := s.readyKey(ctx, p, id, len(p.response.Postcodes) > 0)
	if err != nil {
		return err
	}
	if len(p.response.Postcodes) == 0 {
		if p.next.Postcodes, err = sealPostcodesWith(key, p.response.ID, p.keeps); err != nil {
			return err
		}
	}
	return s.widen(ctx, p, id, p.kept, p.keeps)
}

// readyKey returns the key for what a response gets for the first time, and looks that it is still there for what it had.
func (s *Service) readyKey(ctx context.Context, p *RectificationPlan, id string, had bool) (key seal.RecordKey, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		_, err := s.unchanged(r, p)
		return err
	})
	if err != nil {
		return key, err
	}
	if !had {
		return s.recordKey(ctx, id)
	}
	if _, err = s.Store.Keys().Key(ctx, id); fault.Is(err, fault.NotFound) {
		err = errRectified()
	}
	return key, err
}

// widen makes the response findable by the words of both.
func (s *Service) widen(ctx context.Context, p *RectificationPlan, keyID string, before, after map[string]string) error {
	words := slices.Compact(slices.Sorted(slices.Values(append(wordsOf(before), wordsOf(after)...))))
	return s.Store.Keys().WidenWordTags(ctx, keyID, s.Keys.WordTags(p.response.ID, words))
}

// unchanged says whether the response is as it was when the correction was planned: fault.NotFound if it is gone; fault.Conflict if it has changed.
func (s *Service) unchanged(r Reader, p *RectificationPlan) (*Consultation, error) {
	stored, c, err := s.byID(p.response.ID)(r)
	if err == nil && seen(stored) != seen(p.response) {
		err = errRectified()
	}
	return c, err
}

// correct is the transaction of Rectify. Of one that is refused the keys of its entries in the history go; that the response is gone takes all its keys.
func (s *Service) correct(ctx context.Context, by *Staff, p *RectificationPlan, with func(Writer) error) error {
	before, err := s.sealBefore(ctx, by, p)
	if err != nil {
		return err
	}
	withdrawn := false
	err = s.Store.Update(ctx, func(w Writer) error {
		c, err := s.unchanged(w, p)
		withdrawn = fault.Is(err, fault.NotFound) // and nothing else that is missing says so
		if err != nil {
			return err
		}
		next := p.next // the store may run this more than once
		if err := w.Correct(&next, before...); err != nil {
			return err
		}
		if err := w.AppendAudit(event(by.Actor(), responseRectified, "consultation:"+c.ID)); err != nil {
			return err
		}
		return with(w)
	})
	ctx, cancel := lasting(ctx)
	defer cancel()
	switch {
	case withdrawn: // no key may outlive it
		return errors.Join(err, s.Store.Keys().DestroyKeys(ctx, []string{p.response.ID}))
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.NotFound), fault.Is(err, fault.Invalid): // for sure nothing is stored; else SweepKeys looks
		return errors.Join(err, s.Store.Keys().DestroyNamed(ctx, keysOf(before)))
	}
	return err
}

// sealBefore seals what stands there for the history: see sealCorrection.
func (s *Service) sealBefore(ctx context.Context, by *Staff, p *RectificationPlan) ([]SealedCorrection, error) {
	c := Correction{On: privacy.DateOf(s.now()), By: by.ID, Reason: p.reason, Before: survey.Answers{}}
	for _, change := range p.Changes {
		c.Before[change.Question.ID] = change.Before
	}
	return s.sealCorrection(ctx, p.response.ID, p.number, c, p.kept)
}
