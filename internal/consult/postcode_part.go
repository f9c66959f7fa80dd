package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
)

// partBatch is how many responses one transaction of PartPostcodes changes.
const partBatch = 100

// PartPostcodes seals postcodes apart that were stored when they lay in the free text, so that they can be coarsened. It returns of how many responses; what is
// interrupted is taken up by the next call, and a response is changed whole or not at all. One that cannot be opened now stays as it is: coarsening counts it as
// something that remains.
func (s *Service) PartPostcodes(ctx context.Context) (parted int, problems error) {
	keeping := map[string]*survey.Definition{} // by id of the consultation
	if err := s.Store.Current(ctx); err != nil {
		return 0, err
	}
	err := s.Store.View(ctx, func(r Reader) error {
		all, err := r.Consultations(ConsultationFilter{State: Published})
		problems = nil
		for _, c := range all {
			keeps, unread := s.keepsIn(r, c.SurveyVersion)
			if unread == nil && keeps {
				keeping[c.ID], unread = s.definition(r, c.SurveyVersion)
			}
			if unread != nil {
				problems = errors.Join(problems, fmt.Errorf("part the postcodes of %s: %w", c.ID, unread))
				delete(keeping, c.ID)
			}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	for id, def := range keeping {
		n, err := s.partAll(ctx, id, def)
		parted += n
		problems = errors.Join(problems, err)
	}
	return parted, problems
}

func (s *Service) partAll(ctx context.Context, consultationID string, def *survey.Definition) (parted int, problems error) {
	for after := ""; ; {
		var page []*Response
		err := s.Store.View(ctx, func(r Reader) (err error) {
			page, err = r.UnpartedResponses(consultationID, after, partBatch)
			return err
		})
		if err != nil || len(page) == 0 {
			return parted, errors.Join(problems, err)
		}
		after = page[len(page)-1].ID
		n, unread, err := s.partPage(ctx, def, page)
		parted += n
		problems = errors.Join(problems, unread, err)
		if err != nil && !erasurePending(err) { // what is pending is parted: bytes of it are overwritten later
			return parted, problems
		}
	}
}

// partOne parts the postcodes of one response, if they lie in its free text, before somebody changes it.
func (s *Service) partOne(ctx context.Context, responseID string) error {
	var response *Response
	err := s.Store.View(ctx, func(r Reader) (err error) {
		response, err = r.Response(responseID)
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && !response.Unparted {
		return nil // that it is gone whoever asks for it says
	}
	if err != nil {
		return err
	}
	def, err := s.definitionOf(ctx, response.SurveyVersion)
	if err != nil || !keepsPostcode(def) {
		return err
	}
	_, unread, err := s.partPage(ctx, def, []*Response{response})
	if erasurePending(err) { // parted
		err = nil
	}
	return errors.Join(unread, err)
}

// parting is a response as it will be, and what is left over then.
type parting struct {
	next     Response
	seen     string // the response as it was read
	history  []SealedCorrection
	useless  []string // keys that seal nothing then
	moved    bool     // there was a postcode
	retagged []string // keys whose tags have to be made anew
}

// partPage parts the postcodes of responses of one consultation. Keys and tags of stored texts change with them.
func (s *Service) partPage(ctx context.Context, def *survey.Definition, page []*Response) (parted int, problems, err error) {
	s.texts.Lock()
	defer s.texts.Unlock()
	var names []string
	for _, r := range page {
		names = append(names, r.ID, PostcodeKey(r.ID))
	}
	keys, err := s.Store.Keys().Keys(ctx, names)
	if err != nil {
		return 0, nil, err
	}
	var ready []*parting
	for _, r := range page {
		if len(keys[r.ID]) == 0 {
			lost, err := s.keyLost(ctx, r)
			if err != nil {
				return 0, problems, err
			}
			if lost {
				problems = errors.Join(problems, errors.New("part the postcodes of a response: the key of its text is missing"))
			}
			continue // nothing here tells a key that is gone from one that is away
		}
		p, err := s.part(ctx, def, r, keys)
		if err != nil {
			problems = errors.Join(problems, err)
			continue
		}
		ready = append(ready, p)
	}
	done, gone, err := s.storeParted(ctx, page[0].ConsultationID, ready)
	if err != nil && !erasurePending(err) {
		return 0, problems, err
	}
	pending := err
	ctx, cancel := lasting(ctx)
	defer cancel()
	var useless, retagged []string
	for _, p := range done {
		useless, retagged = append(useless, p.useless...), append(retagged, p.retagged...)
		if p.moved {
			parted++
		}
	}
	// What a crash leaves of this SweepKeys and TagTexts take up.
	_, unread, err := s.retag(ctx, retagged...)
	problems = errors.Join(problems, unread)
	for _, err := range []error{err, s.Store.Keys().DestroyNamed(ctx, useless), s.Store.Keys().DestroyKeys(ctx, gone)} {
		if pending == nil || err != nil && !erasurePending(err) {
			pending = err
		}
	}
	return parted, problems, pending
}

// keyLost reports whether a response whose text has no key is one that should have it: it is not gone since it was read, and its text is in no batch that is being erased.
func (s *Service) keyLost(ctx context.Context, r *Response) (lost bool, err error) {
	err = s.Store.View(ctx, func(rd Reader) error {
		lost = false
		if _, err := rd.Response(r.ID); fault.Is(err, fault.NotFound) {
			return nil
		} else if err != nil {
			return err
		}
		going, err := textsGoing(rd, r.ConsultationID)
		lost = !slices.Contains(going, r.ID)
		return err
	})
	return lost, err
}

// storeParted stores those that are as they were when they were read, and returns which, and the ids of those that were withdrawn meanwhile: a key that was stored for one
// came after its keys were destroyed.
func (s *Service) storeParted(ctx context.Context, consultationID string, ready []*parting) (done []*parting, gone []string, err error) {
	if len(ready) == 0 {
		return nil, nil, nil
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		done, gone = nil, nil
		moved := 0
		for _, p := range ready {
			stored, err := w.Response(p.next.ID)
			if fault.Is(err, fault.NotFound) {
				gone = append(gone, p.next.ID)
				continue
			}
			if err == nil && (!stored.Unparted || seen(stored) != p.seen) {
				continue // changed, or another instance was faster
			}
			if err != nil {
				return err
			}
			next := p.next
			if err := w.PartPostcodes(&next, p.history); err != nil {
				return err
			}
			if done = append(done, p); p.moved {
				moved++
			}
		}
		if len(done) == 0 {
			return nil
		}
		return w.AppendAudit(event(system(), "postcodes.part", "consultation:"+consultationID, "responses", fmt.Sprint(moved)))
	})
	return done, gone, err
}

// part seals the postcodes of a response apart. Their key is stored first, and both keys are marked so that their tags are made anew whatever comes then: those of the
// free text lose the words of the postcode.
func (s *Service) part(ctx context.Context, def *survey.Definition, r *Response, keys map[string][]byte) (*parting, error) {
	p := &parting{next: *r, seen: seen(r)}
	sealed, key, err := s.unsealTexts(r, keys[r.ID])
	if err != nil {
		return nil, err
	}
	texts, postcodes := apart(def, sealed)
	history, stood, err := s.partHistory(ctx, def, r)
	if err != nil {
		return nil, err
	}
	if p.moved = len(postcodes) > 0 || stood; !p.moved {
		return p, nil
	}
	if err := s.sealPostcodes(ctx, &p.next, postcodes); err != nil {
		return nil, err
	}
	name := PostcodeKey(r.ID)
	if len(keys[name]) > 0 { // an attempt has left it, perhaps with the tags of another postcode
		if err := s.Store.Keys().WidenWordTags(ctx, name, s.Keys.WordTags(r.ID, wordsOf(postcodes))); err != nil {
			return nil, err
		}
		p.retagged = append(p.retagged, name)
	}
	if stood {
		p.history = history
		if p.useless, err = s.historyKeys(ctx, r); err != nil {
			return nil, err
		}
	}
	reviews, err := openReviews(r, key)
	if err != nil {
		return nil, err
	}
	p.next.Flags = maps.Clone(r.Flags)
	for question := range postcodes {
		delete(p.next.Flags, question)
		delete(reviews, question)
	}
	if len(texts) == 0 && len(history) == 0 {
		p.next.FreeText, p.next.Reviews, p.useless = nil, nil, append(p.useless, r.ID)
		return p, nil
	}
	if p.next.Reviews, err = sealReviews(key, r.ID, reviews); err != nil {
		return nil, err
	}
	if p.next.FreeText, err = sealWithKey(key, r.ID, texts); err != nil {
		return nil, err
	}
	p.retagged = append(p.retagged, r.ID)
	return p, s.Store.Keys().WidenWordTags(ctx, r.ID, s.Keys.WordTags(r.ID, wordsOf(sealed)))
}

// partHistory returns the history of a response with the postcodes that stood there apart, and whether any did. Entries are sealed anew under new keys, all of them: their
// numbers change.
func (s *Service) partHistory(ctx context.Context, def *survey.Definition, r *Response) (out []SealedCorrection, stood bool, err error) {
	var entries []SealedCorrection
	err = s.Store.View(ctx, func(rd Reader) (err error) {
		entries, err = rd.History(r.ConsultationID, r.ID)
		return err
	})
	if err != nil || len(entries) == 0 {
		return nil, false, err
	}
	var all []Correction
	for _, one := range entries {
		plain, err := s.OpenRecord(ctx, one.Key, one.Sealed, historyPlace(r.ID, one.Number))
		var c Correction
		if err == nil {
			err = json.Unmarshal(plain, &c)
		}
		if err != nil {
			return nil, false, fmt.Errorf("open the history of a response: %v", err) // no kind: the response is there
		}
		_, postcodes := apart(def, textsIn(c.Before))
		stood = stood || len(postcodes) > 0
		all = append(all, c)
	}
	if !stood {
		return entries, false, nil
	}
	for _, c := range all {
		_, postcodes := apart(def, textsIn(c.Before))
		parts, err := s.sealCorrection(ctx, r.ID, historyNumber(out), c, postcodes)
		if err != nil {
			return nil, false, err
		}
		out = append(out, parts...)
	}
	return out, true, nil
}

// historyKeys are the names of the keys of the history as it is stored.
func (s *Service) historyKeys(ctx context.Context, r *Response) (keys []string, err error) {
	err = s.Store.View(ctx, func(rd Reader) error {
		entries, err := rd.History(r.ConsultationID, r.ID)
		keys = keysOf(entries)
		return err
	})
	return keys, err
}
