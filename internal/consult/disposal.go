package consult

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// disposalBatch is how many records one transaction erases: others write between two of them, and a hold takes effect.
const disposalBatch = 200

// errEnough ends a look at responses early.
var errEnough = errors.New("enough")

// DisposeResponses is the part of RunRetention that erases whole responses: those of published consultations whose time is over, the period that their
// notice states, counted on the calendar of Europe/London from closing (UK GDPR art. 5(1)(e), 13(2)(a)), or less where an approved rule says so. Record
// keys, equality answers and their keys go too; published releases stay, they are no personal data. It returns how many responses.
func (s *Service) DisposeResponses(ctx context.Context) (disposed int, err error) {
	done, err := s.runClasses(ctx, system(), privacy.ClassResponses)
	return done.Responses, err
}

// DisposeEquality is the part of RunRetention that erases equality answers whose time is over, so that they have a certificate before RepairConsent looks
// for those whose consent does not stand.
func (s *Service) DisposeEquality(ctx context.Context) error {
	_, err := s.runClasses(ctx, system(), privacy.ClassEquality)
	return err
}

// keptUntil is the first moment, UTC, at which the responses of the consultation are kept no more.
func keptUntil(c *Consultation) (time.Time, error) {
	period, err := privacy.ParsePeriod(c.Processing.Retention)
	if err != nil {
		return time.Time{}, fmt.Errorf("how long responses to %s are kept: %w", c.ID, err)
	}
	return privacy.AddPeriod(c.ClosesAt, period), nil
}

// disposeOf erases everything about the responses of one consultation. Equality answers are looked for by consultation, so that none
// stays behind whose response is gone already.
func (s *Service) disposeOf(ctx context.Context, consultationID, run string) (disposed int, err error) {
	if err := s.heldNow(ctx, privacy.ClassResponses, consultationID); err != nil {
		return 0, err
	}
	if err := s.disposeProfiles(ctx, consultationID); err != nil {
		return 0, err
	}
	var pending error // erased, and the last bytes of it are removed later
	for {
		batch, err := s.someResponses(ctx, consultationID)
		if err != nil || len(batch) == 0 {
			return disposed, errors.Join(err, pending)
		}
		if batch, err = s.pledged(ctx, consultationID, run, batch); err != nil {
			return disposed, errors.Join(err, pending)
		}
		n, err := s.disposeBatch(ctx, consultationID, run, batch)
		disposed += n
		switch {
		case erasurePending(err):
			pending = err
		case err != nil:
			return disposed, err
		}
	}
}

// disposeProfiles erases the equality answers of one consultation. The certificate's transaction writes the event, once: what is erased here shares none.
func (s *Service) disposeProfiles(ctx context.Context, consultationID string) error {
	var tokens, listed []string
	err := s.Store.Equality().Profiles(ctx, consultationID, func(p *EqualityProfile) error {
		tokens, listed = append(tokens, p.Token), append(listed, profileID(p.Token, p.ConsentRecord))
		return nil
	})
	if err != nil {
		return err
	}
	for len(tokens) > 0 {
		n := min(len(tokens), disposalBatch)
		if err := s.listErasure(ctx, ErasedProfile, listed[:n]); err != nil {
			return err
		}
		if err := s.Store.Keys().DestroyKeys(ctx, tokens[:n]); err != nil { // first, as in disposeBatch
			return err
		}
		if err := s.Store.Equality().EraseProfiles(ctx, tokens[:n]); err != nil {
			return err
		}
		tokens, listed = tokens[n:], listed[n:]
	}
	return nil
}

// doomed is a response that is to be erased: its id, and how many keys its free text and its postcodes have.
type doomed struct {
	id   string
	keys int
}

func doomedBy(r *Response) doomed {
	d := doomed{id: r.ID}
	for _, sealed := range [][]byte{r.FreeText, r.Postcodes} {
		if len(sealed) > 0 {
			d.keys++
		}
	}
	return d
}

func (s *Service) someResponses(ctx context.Context, consultationID string) (batch []doomed, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		batch = nil
		err := r.Responses(consultationID, func(response *Response) error {
			if batch = append(batch, doomedBy(response)); len(batch) == disposalBatch {
				return errEnough
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	return batch, err
}

// pledged begins a batch of responses and returns which have to go.
func (s *Service) pledged(ctx context.Context, consultationID, run string, listed []doomed) ([]doomed, error) {
	ids := idsOf(listed)
	batch, err := s.pledge(ctx, run, privacy.ClassResponses, consultationID, ids, "")
	if err != nil || slices.Equal(batch, ids) {
		return listed, err
	}
	return s.doomedOf(ctx, batch)
}

func idsOf(batch []doomed) (ids []string) {
	for _, d := range batch {
		ids = append(ids, d.id)
	}
	return ids
}

// disposeBatch destroys the keys first: a response that is still there is found again, a key without its response is not.
func (s *Service) disposeBatch(ctx context.Context, consultationID, run string, batch []doomed) (disposed int, err error) {
	ids := idsOf(batch)
	if err := s.listErasure(ctx, ErasedResponse, ids); err != nil {
		return 0, err
	}
	if err := s.Store.Keys().DestroyKeys(ctx, ids); err != nil {
		return 0, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		disposed = 0
		keys := 0
		for _, d := range batch {
			switch err := w.EraseResponse(d.id); {
			case fault.Is(err, fault.NotFound): // another instance was faster
			case err != nil:
				return err
			default:
				disposed++
				keys += d.keys
			}
		}
		if disposed == 0 {
			return unpledge(w, run, ids)
		}
		if err := add(w, run, map[string]int{tableOf(privacy.ClassResponses): disposed, "record_key": keys}, ids); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "responses.dispose", "consultation:"+consultationID, "erased", fmt.Sprint(disposed)))
	})
	if err != nil && !erasurePending(err) {
		return 0, err
	}
	return disposed, err
}

// disposeTexts erases the free text of the responses of one consultation and leaves the coded answers and kept postcodes. A text that postcodes were not taken out of yet
// (PartPostcodes) stays unless their time is over too.
func (s *Service) disposeTexts(ctx context.Context, i RetentionItem) (disposed int, err error) {
	consultationID, run := i.Consultation.ID, i.Key()
	var pending error
	for {
		var ids []string
		err := s.Store.View(ctx, func(r Reader) (err error) {
			ids, err = r.ResponsesWithText(consultationID, disposalBatch, i.Whole)
			return err
		})
		if err != nil || len(ids) == 0 {
			return disposed, errors.Join(err, pending)
		}
		if ids, err = s.pledge(ctx, run, privacy.ClassFreeText, consultationID, ids, ""); err != nil {
			return disposed, errors.Join(err, pending)
		}
		n, err := s.disposeTextBatch(ctx, consultationID, run, ids)
		disposed += n
		switch {
		case erasurePending(err):
			pending = err
		case err != nil:
			return disposed, err
		}
	}
}

// disposeTextBatch destroys the keys first, as disposeBatch does.
func (s *Service) disposeTextBatch(ctx context.Context, consultationID, run string, ids []string) (disposed int, err error) {
	whole, err := s.unpartedOf(ctx, ids)
	if err != nil {
		return 0, err
	}
	alone := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(whole, id) })
	if err := errors.Join(s.listErasure(ctx, ErasedTextAlone, alone), s.listErasure(ctx, ErasedText, whole), s.listErasure(ctx, ErasedPostcode, whole)); err != nil {
		return 0, err
	}
	if err := s.destroyTextKeys(ctx, ids); err != nil {
		return 0, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		disposed = 0
		for _, id := range ids {
			switch err := w.EraseFreeText(id); {
			case fault.Is(err, fault.NotFound): // withdrawn, or another instance was faster
			case err != nil:
				return err
			default:
				disposed++
			}
		}
		if disposed == 0 {
			return unpledge(w, run, ids)
		}
		if err := add(w, run, map[string]int{tableOf(privacy.ClassFreeText): disposed, "record_key": disposed}, ids, func(r *retentionRun) {
			r.Unparted = r.Unparted || len(whole) > 0
		}); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "texts.dispose", "consultation:"+consultationID, "erased", fmt.Sprint(disposed)))
	})
	if err != nil && !erasurePending(err) {
		return 0, err
	}
	return disposed, err
}

// unpartedOf returns which of the responses have a text in which a kept postcode may lie yet: of a survey that keeps postcodes, and not taken apart.
func (s *Service) unpartedOf(ctx context.Context, ids []string) (out []string, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		out = nil
		for _, id := range ids {
			holds, err := s.holdsPostcode(r, id)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if holds == inText {
				out = append(out, id)
			}
		}
		return nil
	})
	return out, err
}

// destroyTextKeys destroys the keys of the free text of responses and of their histories, and leaves those of their postcodes. The own key goes first: a history whose key
// is missing while that is there is damage (correctionsOf).
func (s *Service) destroyTextKeys(ctx context.Context, ids []string) error {
	if err := s.Store.Keys().DestroyNamed(ctx, ids); err != nil {
		return err
	}
	histories := make([]string, len(ids))
	for i, id := range ids {
		histories[i] = id + historyMark
	}
	return s.Store.Keys().DestroyKeys(ctx, histories)
}
