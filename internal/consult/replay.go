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

// Relics counts what a store holds although the list of erasures says that it was erased: it is an older copy.
type Relics struct {
	Responses, Texts, Postcodes, Profiles, Entries, Consents int
}

// None reports whether there is nothing.
func (r Relics) None() bool { return r == Relics{} }

// revenant is what has to be erased again.
type revenant struct {
	responses, texts, postcodes, entries map[string]Erasure // by id
	profiles                             []string           // tokens
	consents                             map[string]Erasure // by id of the response
	agreements                           map[string]Erasure // to new uses, by id of the record
	agreed                               map[string]string  // the responses they are about, by id of the record
}

func (r revenant) count() Relics {
	return Relics{Responses: len(r.responses), Texts: len(r.texts), Postcodes: len(r.postcodes), Profiles: len(r.profiles), Entries: len(r.entries), Consents: len(r.consents) + len(r.agreements)}
}

// FindErased looks in the store for everything in the list of erasures after an entry. It changes nothing.
func (s *Service) FindErased(ctx context.Context, after int64) (Relics, error) {
	found, err := s.findErased(ctx, after)
	return found.count(), err
}

func (s *Service) findErased(ctx context.Context, after int64) (out revenant, err error) {
	out = revenant{responses: map[string]Erasure{}, texts: map[string]Erasure{}, postcodes: map[string]Erasure{}, entries: map[string]Erasure{}, consents: map[string]Erasure{},
		agreements: map[string]Erasure{}, agreed: map[string]string{}}
	listed := map[string]Erasure{} // by token: tokens of different kinds differ
	takenBack := false             // some equality answers were taken back
	err = s.Erasures.Each(after, func(e Erasure) error {
		takenBack = takenBack || e.Kind == ErasedAnswers
		for _, t := range e.Tokens {
			listed[t] = Erasure{Kind: e.Kind, At: e.At, By: e.By, Channel: e.Channel, Reason: e.Reason}
		}
		return nil
	})
	if err != nil || len(listed) == 0 {
		return out, err
	}
	err = s.Store.View(ctx, func(r Reader) error { return s.findRecords(r, listed, out) })
	if err != nil {
		return out, err
	}
	out.profiles, err = s.findProfiles(ctx, listed, takenBack)
	return out, err
}

// findProfiles looks for equality answers. Their keys are read only if some were taken back by their person.
func (s *Service) findProfiles(ctx context.Context, listed map[string]Erasure, takenBack bool) (tokens []string, err error) {
	var rest []*EqualityProfile
	err = s.Store.Equality().EveryProfile(ctx, func(p *EqualityProfile) error {
		if _, ok := listed[s.erasureToken(ErasedProfile, profileID(p.Token, p.ConsentRecord))]; ok {
			tokens = append(tokens, p.Token)
		} else if takenBack {
			rest = append(rest, &EqualityProfile{Token: p.Token, ConsentRecord: p.ConsentRecord})
		}
		return nil
	})
	for batch := range slices.Chunk(rest, disposalBatch) {
		if err != nil {
			return nil, err
		}
		names := make([]string, len(batch))
		for n, p := range batch {
			names[n] = p.Token
		}
		var keys map[string][]byte
		if keys, err = s.Store.Keys().Keys(ctx, names); err != nil {
			return nil, err
		}
		for _, p := range batch {
			p.RecordKey = keys[p.Token]
			if _, ok := listed[s.erasureToken(ErasedAnswers, answersID(p))]; ok {
				tokens = append(tokens, p.Token)
			}
		}
	}
	return tokens, err
}

// findRecords looks for responses, texts, postcodes, entries of registers, and consent that was withdrawn.
func (s *Service) findRecords(r Reader, listed map[string]Erasure, out revenant) error {
	principals := map[string]string{} // of responses
	var texts, postcodes []string
	textListed := func(id string) (Erasure, bool) { // what went with the postcodes in it is the more
		for _, kind := range []ErasureKind{ErasedText, ErasedTextAlone} {
			if e, ok := listed[s.erasureToken(kind, id)]; ok {
				return e, true
			}
		}
		return Erasure{}, false
	}
	err := r.EveryRecord(func(id string) error {
		principals[s.Keys.PrincipalToken(id)] = id
		if e, ok := listed[s.erasureToken(ErasedResponse, id)]; ok {
			out.responses[id] = e
			return nil
		}
		if e, ok := listed[s.erasureToken(ErasedEntry, id)]; ok {
			out.entries[id] = e
			return nil
		}
		if _, ok := textListed(id); ok {
			texts = append(texts, id)
		}
		if _, ok := listed[s.erasureToken(ErasedPostcode, id)]; ok {
			postcodes = append(postcodes, id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range texts {
		response, err := r.Response(id)
		if err != nil {
			return err
		}
		if len(response.FreeText) > 0 {
			out.texts[id], _ = textListed(id)
		}
	}
	for _, id := range postcodes {
		holds, err := s.holdsPostcode(r, id)
		if err != nil {
			return err
		}
		if e, with := out.texts[id]; holds == inText && with && e.Kind == ErasedText { // they go with that
			continue
		}
		if holds != nowhere {
			out.postcodes[id] = listed[s.erasureToken(ErasedPostcode, id)]
		}
	}
	return s.findConsents(r, principals, listed, out)
}

// whereabouts of the postcodes of a response.
type whereabouts int

const (
	nowhere whereabouts = iota
	lieApart
	inText // perhaps: the copy is from before they lay apart
)

func (s *Service) holdsPostcode(r Reader, id string) (whereabouts, error) {
	response, err := r.Response(id)
	if err != nil {
		return nowhere, err
	}
	if len(response.Postcodes) > 0 {
		return lieApart, nil
	}
	if !response.Unparted {
		return nowhere, nil
	}
	keeps, err := s.keepsIn(r, response.SurveyVersion)
	if err != nil || !keeps {
		return nowhere, err
	}
	return inText, nil
}

// findConsents looks for consent that stands although it was withdrawn: to equality questions, and to new uses, which have records of their own.
func (s *Service) findConsents(r Reader, principals map[string]string, listed map[string]Erasure, out revenant) error {
	events := map[string][]privacy.ConsentEvent{} // by principal
	err := r.EachConsentEvent(func(e privacy.ConsentEvent) error { events[e.Principal] = append(events[e.Principal], e); return nil })
	if err != nil {
		return err
	}
	for principal, own := range events {
		id := principals[principal]
		if _, gone := out.responses[id]; gone || id == "" {
			continue
		}
		status := statusOf(own, r.Now()) // an older record permits nothing
		if e, ok := listed[s.erasureToken(WithdrawnConsent, status.RecordID)]; ok && status.State != privacy.ConsentInvalidated && privacy.CanFollow(status.State, privacy.ConsentWithdrawn) {
			out.consents[id] = e
		}
		for _, part := range privacy.Parts() {
			for _, a := range agreements(own, part, r.Now()) {
				if e, ok := listed[s.erasureToken(WithdrawnConsent, a.last.RecordID)]; ok && a.permits {
					out.agreements[a.last.RecordID], out.agreed[a.last.RecordID] = e, id
				}
			}
		}
	}
	return nil
}

// Restored is what a restore did and what it could not bring back.
type Restored struct {
	MadeAt time.Time // UTC: when the backup was made; zero if nobody knows
	Relics           // what was erased anew
}

// ReplayErasures erases in a restored copy everything that was erased after it was made, withdraws the consent that was withdrawn, ends every session, and
// writes into the audit log that the store was restored. It is for a copy that serves nobody yet; it can be interrupted and called again.
func (s *Service) ReplayErasures(ctx context.Context, madeAt time.Time) (Restored, error) {
	done := Restored{MadeAt: madeAt}
	found, err := s.findErased(ctx, 0)
	if err != nil {
		return done, err
	}
	done.Relics = found.count()
	as := func(e Erasure) func(*Response) doing {
		return func(*Response) doing { return doing{actor: system(), by: e.By, channel: e.Channel} }
	}
	// This goes by the methods that erase at other times. They would list it anew: the list has it.
	again := &Service{Store: s.Store, Sessions: s.Sessions, Jobs: s.Jobs, Keys: s.Keys, Now: s.Now}
	var problems error
	for id, e := range found.responses {
		if e.By == "" { // disposed of: nobody has withdrawn anything
			problems = errors.Join(problems, again.eraseEquality(ctx, id), again.eraseAnew(ctx, again.Store.Keys().DestroyKeys, id, func(w Writer) error {
				return errors.Join(w.EraseResponse(id), w.AppendAudit(event(system(), "responses.dispose", "store:all", "erased", "1")))
			}))
			continue
		}
		if e.Reason != "" {
			problems = errors.Join(problems, again.eraseMisrecorded(ctx, id, as(e)))
			continue
		}
		problems = errors.Join(problems, again.eraseFound(ctx, s.byID(id), as(e), nothingMore))
	}
	for id, e := range found.consents {
		problems = errors.Join(problems, again.withdrawAnew(ctx, id, as(e)))
	}
	for record, e := range found.agreements { // after consent, with which some of them end
		problems = errors.Join(problems, again.endAnew(ctx, found.agreed[record], record, as(e)))
	}
	for _, token := range found.profiles {
		problems = errors.Join(problems, again.eraseProfile(ctx, token))
	}
	for id, e := range found.texts {
		if e.Kind == ErasedTextAlone { // a copy from before they lay apart: what was not erased must not go
			if err := again.partOne(ctx, id); err != nil {
				problems = errors.Join(problems, err)
				continue
			}
		}
		err := again.eraseAnew(ctx, again.destroyTextKeys, id, func(w Writer) error {
			return errors.Join(w.EraseFreeText(id), w.AppendAudit(event(system(), "texts.dispose", "store:all", "erased", "1")))
		})
		if e.Kind == ErasedTextAlone && fault.Is(err, fault.NotFound) { // all that lay there was a postcode
			err = nil
		}
		problems = errors.Join(problems, err)
	}
	for id := range found.postcodes {
		problems = errors.Join(problems, again.partOne(ctx, id), again.coarsenAnew(ctx, id))
	}
	for id := range found.entries {
		problems = errors.Join(problems, again.eraseAnew(ctx, again.Store.Keys().DestroyKeys, id, func(w Writer) error {
			return errors.Join(w.EraseEntry(id), w.AppendAudit(event(system(), "registers.dispose", "entry:"+id)))
		}))
	}
	if problems != nil {
		return done, fmt.Errorf("replay the list of erasures: %w", problems)
	}
	return done, s.afterReplay(ctx, done)
}

// afterReplay makes sure that nothing is left, and says what was done.
func (s *Service) afterReplay(ctx context.Context, done Restored) error {
	// Who signed out or lost an account after the backup has a session in it.
	if _, err := s.Sessions.DisposeSessions(ctx, s.Now().UTC().AddDate(100, 0, 0)); err != nil {
		return err
	}
	if err := s.FinishErasures(ctx, true); err != nil {
		return err
	}
	left, err := s.FindErased(ctx, 0)
	if err != nil {
		return err
	}
	if !left.None() {
		return fmt.Errorf("after the replay the store still holds what was erased: %+v", left)
	}
	made := ""
	if !done.MadeAt.IsZero() {
		made = done.MadeAt.UTC().Format(time.RFC3339)
	}
	err = s.log(ctx, event(system(), "store.restore", "store:all", "made", made, "responses", fmt.Sprint(done.Responses), "texts", fmt.Sprint(done.Texts), "postcodes", fmt.Sprint(done.Postcodes),
		"profiles", fmt.Sprint(done.Profiles), "entries", fmt.Sprint(done.Entries), "consents", fmt.Sprint(done.Consents)))
	if err != nil {
		return err
	}
	return s.catchUp(ctx)
}

// catchUp notes in the store that it is as far as the list.
func (s *Service) catchUp(ctx context.Context) error {
	head, err := s.Erasures.Head()
	if err != nil {
		return err
	}
	return s.Store.Erasures().Settle(ctx, head, nil)
}

// withdrawAnew withdraws consent that was withdrawn after the backup was made.
func (s *Service) withdrawAnew(ctx context.Context, responseID string, how func(*Response) doing) error {
	err := s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byID(responseID)(w)
		if err != nil {
			return err
		}
		_, err = s.withdraw(w, response, c, how(response))
		return err
	})
	if err != nil {
		return err
	}
	return s.eraseEquality(ctx, responseID)
}

// endAnew withdraws an agreement to a new use that was taken back after the backup was made, and erases equality answers that stood by it alone.
func (s *Service) endAnew(ctx context.Context, responseID, record string, how func(*Response) doing) error {
	stands := false
	err := s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byID(responseID)(w)
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(w, responseID)
		if err != nil {
			return err
		}
		for _, part := range privacy.Parts() {
			if err := s.endAgreements(w, c, ending{events: events, part: part, record: record, by: how(response)}, nil); err != nil {
				return err
			}
		}
		after, _, err := s.consentOf(w, responseID)
		stands = privacy.Permits(after.State)
		return err
	})
	if err != nil || stands {
		return err
	}
	return s.eraseEquality(ctx, responseID)
}

// eraseMisrecorded erases a response that an officer erased as recorded wrongly: its consent is invalidated, nobody withdrew it.
func (s *Service) eraseMisrecorded(ctx context.Context, responseID string, how func(*Response) doing) error {
	return s.eraseWith(ctx, func(w Writer) (*Response, Erasure, error) {
		response, c, err := s.byID(responseID)(w)
		if err != nil {
			return nil, Erasure{}, err
		}
		if err := s.invalidate(w, response, c, how(response)); err != nil {
			return nil, Erasure{}, err
		}
		return response, Erasure{}, w.AppendAudit(event(system(), responseUnrecorded, "consultation:"+c.ID))
	})
}

// coarsenAnew erases the kept postcodes of a response, which lie apart by now, if there are any.
func (s *Service) coarsenAnew(ctx context.Context, id string) error {
	destroy := func(ctx context.Context, ids []string) error {
		return s.Store.Keys().DestroyKeys(ctx, postcodeKeys(ids))
	}
	err := s.eraseAnew(ctx, destroy, id, func(w Writer) error {
		return errors.Join(w.ErasePostcodes(id), w.AppendAudit(event(system(), "postcodes.coarsen", "store:all", "erased", "1")))
	})
	if fault.Is(err, fault.NotFound) { // its free text held none
		return nil
	}
	return err
}

// eraseAnew erases a record, its keys first.
func (s *Service) eraseAnew(ctx context.Context, destroy func(context.Context, []string) error, id string, erase func(Writer) error) error {
	if err := destroy(ctx, []string{id}); err != nil {
		return err
	}
	err := s.Store.Update(ctx, erase)
	if erasurePending(err) {
		return nil // erased; the start that follows empties the log
	}
	return err
}

// ErrRestored says that the store is an older copy that holds what was erased since.
var ErrRestored = errors.New("the store holds what was erased after this copy of it was made: replay the list of erasures over it first")

// CheckRestored looks at start whether the store went back in time behind the list of erasures: it knows how far the list was. ErrRestored, with what the
// store holds, is for a copy that must not be served. lost says that the list is not the one that the store knows: it was lost, or is itself an older copy.
func (s *Service) CheckRestored(ctx context.Context) (lost bool, err error) {
	head, known, lost, err := s.compareList(ctx)
	if err != nil || lost || head.Entries == known.Entries {
		return lost, err
	}
	found, err := s.FindErased(ctx, known.Entries)
	if err != nil {
		return false, err
	}
	if !found.None() && !s.interrupted(ctx, known.Entries) {
		return false, fmt.Errorf("%w (%d responses, %d texts, %d postcodes, %d profiles, %d entries of registers, %d consents)", ErrRestored,
			found.Responses, found.Texts, found.Postcodes, found.Profiles, found.Entries, found.Consents)
	}
	return false, nil
}

// compareList looks how far the list is, and how far the store knows it. lost says that it is another one, or an older copy.
func (s *Service) compareList(ctx context.Context) (head, known ListHead, lost bool, err error) {
	if head, err = s.Erasures.Head(); err != nil {
		return head, known, false, err
	}
	known, others, err := s.Store.Erasures().Known(ctx, head.List)
	if err != nil {
		return head, known, false, err
	}
	if known.List == "" && others > 0 { // a second instance starts a list of its own in this way, too
		return head, known, true, nil
	}
	hash, err := s.Erasures.HashAt(known.Entries)
	if fault.Is(err, fault.NotFound) {
		return head, known, true, nil
	}
	return head, known, err == nil && hash != known.Hash, err
}

// KnowList makes sure that the list of erasures is the one that the store knows, and that the store knows of one from now on. ErrListLost if it is
// another one or an older copy, unless accept says that no better one is to be had: that is an entry in the audit log.
func (s *Service) KnowList(ctx context.Context, accept bool) error {
	head, known, lost, err := s.compareList(ctx)
	switch {
	case err != nil:
		return err
	case lost && !accept:
		return ErrListLost
	case lost:
		if err := s.CheckKey(ctx); err != nil {
			return err
		}
		if err := s.log(ctx, event(system(), "store.accept_list", "store:all", "entries", fmt.Sprint(head.Entries), "known", fmt.Sprint(known.Entries))); err != nil {
			return err
		}
		fallthrough
	case known.List == "":
		return s.Store.Erasures().Accept(ctx, ListHead{List: head.List}) // as if no entry of it was replayed here: all of it is looked at
	}
	return nil
}

// ErrListLost says that the list of erasures is not the one that the store knows.
var ErrListLost = errors.New("the list of erasures is not the one that this store knows: it was lost, or an older copy of it was put back")

// interrupted reports whether all that is in the list after an entry still waits in the store to be noted: the service ended in between, and the store is
// no older copy. A disposal is listed before it begins, so what it is about may still be there.
func (s *Service) interrupted(ctx context.Context, after int64) bool {
	waiting, err := s.Store.Erasures().Pending(ctx, settled)
	if err != nil {
		return false
	}
	ids := map[string]bool{}
	for _, p := range waiting {
		ids[p.ID] = true
	}
	all := true
	err = s.Erasures.Each(after, func(e Erasure) error {
		all = all && ids[e.ID]
		return nil
	})
	return err == nil && all
}
