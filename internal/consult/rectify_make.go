package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
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
	if maps.Equal(p.before, p.after) || len(p.next.FreeText)+len(p.after) == 0 {
		return s.correct(ctx, by, p, with)
	}
	if err := s.readyTexts(ctx, p); err != nil {
		return err
	}
	err := s.correct(ctx, by, p, with)
	ctx, cancel := lasting(ctx)
	defer cancel()
	_, unread, failed := s.retag(ctx, p.response.ID)
	return errors.Join(err, unread, failed)
}

// readyTexts makes the response findable by the words of both, and seals the first texts that a response gets. Where it had texts their key has to be there:
// one that is gone was destroyed with them, and nothing brings it back. A key that was made for first texts and is not used seals nothing: SweepKeys destroys
// it.
func (s *Service) readyTexts(ctx context.Context, p *RectificationPlan) error {
	id := p.response.ID
	err := s.Store.View(ctx, func(r Reader) error {
		_, err := s.unchanged(r, p)
		return err
	})
	if err != nil {
		return err
	}
	if len(p.response.FreeText) > 0 {
		if _, err := s.Store.Keys().Key(ctx, id); fault.Is(err, fault.NotFound) {
			return errRectified()
		} else if err != nil {
			return err
		}
	} else {
		key, err := s.recordKey(ctx, id)
		if err != nil {
			return err
		}
		if p.next.FreeText, err = sealWithKey(key, id, p.after); err != nil {
			return err
		}
	}
	both := slices.Compact(slices.Sorted(slices.Values(append(wordsOf(p.before), wordsOf(p.after)...))))
	return s.Store.Keys().WidenWordTags(ctx, id, s.Keys.WordTags(id, both))
}

// unchanged says whether the response is as it was when the correction was planned: fault.NotFound if it is gone; fault.Conflict if it has changed.
func (s *Service) unchanged(r Reader, p *RectificationPlan) (*Consultation, error) {
	stored, c, err := s.byID(p.response.ID)(r)
	if err == nil && seen(stored) != seen(p.response) {
		err = errRectified()
	}
	return c, err
}

// correct is the transaction of Rectify. Of one that is refused the key of its entry in the history goes; that the response is gone takes all its keys.
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
		if err := w.Correct(&next, p.number, before); err != nil {
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
		return errors.Join(err, s.Store.Keys().DestroyKey(ctx, before.Key))
	}
	return err
}

// sealBefore seals what stands there for the history. Its key is stored first: a crash leaves a key without a history, which the next start destroys.
func (s *Service) sealBefore(ctx context.Context, by *Staff, p *RectificationPlan) (out SealedCorrection, err error) {
	c := Correction{On: privacy.DateOf(s.now()), By: by.ID, Reason: p.reason, Before: survey.Answers{}}
	for _, change := range p.Changes {
		c.Before[change.Question.ID] = change.Before
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return out, fmt.Errorf("encode the history of a response: %w", err)
	}
	out.Key = newHistoryKey(p.response.ID)
	out.Sealed, err = s.SealRecord(ctx, out.Key, plain, historyPlace(p.response.ID, p.number))
	return out, err
}
