package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// SaveEquality stores equality answers of the respondent with the code, sealed and apart; it replaces earlier ones. fault.Forbidden
// unless consent for this consultation stands at this moment, and fault.Invalid for an answer that does not fit the equality
// questions: then nothing is written (UK GDPR art. 9(2)(a); security.md T15).
func (s *Service) SaveEquality(ctx context.Context, code, consultationID string, answers survey.Answers) error {
	return s.saveEquality(ctx, code, consultationID, answers, respondent())
}

func (s *Service) saveEquality(ctx context.Context, code, consultationID string, answers survey.Answers, by privacy.Actor) error {
	var response *Response
	var status ConsentStatus
	var kept survey.Answers
	err := s.Store.Update(ctx, func(w Writer) error {
		var err error
		response, status, err = s.consenting(w, code, consultationID)
		if err != nil {
			return err
		}
		def, err := s.definition(w, response.SurveyVersion)
		if err != nil {
			return err
		}
		if kept, err = equalityAnswers(def, answers); err != nil {
			return err
		}
		if err := s.notOver(w, consultationID); err != nil {
			return err
		}
		return w.AppendAudit(event(by, "equality.save", "consultation:"+consultationID))
	})
	if err != nil {
		return err
	}
	put := func(p *EqualityProfile, _ []byte) error { return s.Store.Equality().PutProfile(ctx, p) }
	if err := s.storeProfile(ctx, response, status, kept, nil, put); err != nil {
		return err
	}
	return s.standsStill(ctx, s.coded(code), response, status.RecordID)
}

// coded finds the response with the code.
func (s *Service) coded(code string) finding {
	return func(r Reader) (*Response, *Consultation, error) { return s.byCode(r, code) }
}

// standsStill looks again after a profile was stored, because the stores share no transaction. A withdrawal that came in between found
// nothing to erase, so it is done here; it counts too where a new consent followed it: the answers were given under the old one. It ends
// its work where the request has ended. A disposal counts as a withdrawal does.
func (s *Service) standsStill(ctx context.Context, find finding, response *Response, record string) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	var now ConsentStatus
	err := s.Store.View(ctx, func(r Reader) (err error) {
		found, c, err := find(r)
		if err != nil {
			return err
		}
		if now, err = s.standing(r, found, c); err != nil {
			return err
		}
		return s.notOver(r, c.ID) // a disposal that began in between has perhaps looked already
	})
	if err != nil {
		return errors.Join(err, s.eraseEquality(ctx, response.ID))
	}
	if now.RecordID == record {
		return nil
	}
	missing := fault.New(fault.Forbidden, "error.consent.missing")
	p, err := s.Store.Equality().Profile(ctx, s.Keys.EqualityToken(response.ID))
	switch {
	case fault.Is(err, fault.NotFound):
		return missing
	case err == nil && p.ConsentRecord == now.RecordID: // answers that were given under the new consent stay
		return missing
	}
	return errors.Join(missing, s.eraseEquality(ctx, response.ID))
}

// consenting returns the response with the code if it belongs to the consultation and its consent stands at this moment.
func (s *Service) consenting(r Reader, code, consultationID string) (*Response, ConsentStatus, error) {
	response, c, err := s.byCode(r, code)
	if err != nil {
		return nil, ConsentStatus{}, err
	}
	if response.ConsultationID != consultationID {
		return nil, ConsentStatus{}, fault.New(fault.Forbidden, "error.consent.missing")
	}
	status, err := s.standing(r, response, c)
	return response, status, err
}

// standing returns the equality consent of a response: fault.Forbidden unless it stands at this moment, and where its person is not old enough for it.
func (s *Service) standing(r Reader, response *Response, c *Consultation) (ConsentStatus, error) {
	if c.Processing.Ages.EqualityNext(response.Ages) != privacy.AgeOpen {
		return ConsentStatus{}, fault.New(fault.Forbidden, "error.age.equality")
	}
	status, _, err := s.consentOf(r, response.ID)
	if err == nil && !privacy.Permits(status.State) {
		err = fault.New(fault.Forbidden, "error.consent.missing")
	}
	return status, err
}

// equalityAnswers checks the answers against the equality questions. Questions that are not asked are refused, not dropped: nobody's
// page sends them.
func equalityAnswers(def *survey.Definition, answers survey.Answers) (survey.Answers, error) {
	for id := range answers {
		if _, ok := def.EqualityQuestion(id); !ok {
			return nil, fault.New(fault.Invalid, "error.equality.question")
		}
	}
	j := survey.NewEqualityJourney(def, answers)
	kept := j.OnPath()
	for _, q := range j.Steps() {
		if len(q.Check(kept[q.ID], nil)) > 0 {
			return nil, fault.New(fault.Invalid, "error.equality.answer", "Question", q.ID)
		}
	}
	return kept, nil
}

func (s *Service) sealProfile(ctx context.Context, response *Response, status ConsentStatus, answers survey.Answers) (*EqualityProfile, error) {
	token := s.Keys.EqualityToken(response.ID)
	plain, err := json.Marshal(answers)
	if err != nil {
		return nil, fmt.Errorf("encode equality answers: %w", err)
	}
	key, err := s.recordKey(ctx, token)
	if err != nil {
		return nil, err
	}
	return &EqualityProfile{Token: token, ConsultationID: response.ConsultationID, ConsentRecord: status.RecordID,
		Sealed: seal.SealWith(key, plain, seal.Place("equality", token, "answers"))}, nil
}

// openProfile is the one place where equality answers and consent meet: without a state that permits there are no answers, whatever
// the stores hold (privacy.md 3.5: every read of special-category rows joins to that state). wrapped is the profile's record key.
func (s *Service) openProfile(status ConsentStatus, p *EqualityProfile, wrapped []byte) (survey.Answers, error) {
	if p == nil || !privacy.Permits(status.State) || p.ConsentRecord != status.RecordID {
		return nil, nil
	}
	if len(wrapped) == 0 { // destroyed: an erasure is under way
		return nil, nil
	}
	key, err := s.Keys.Unwrap(wrapped, p.Token)
	if err != nil {
		return nil, fmt.Errorf("open equality answers: %w", err)
	}
	plain, err := seal.OpenWith(key, p.Sealed, seal.Place("equality", p.Token, "answers"))
	if err != nil {
		return nil, fmt.Errorf("open equality answers: %w", err)
	}
	var answers survey.Answers
	if err := json.Unmarshal(plain, &answers); err != nil {
		return nil, fmt.Errorf("open equality answers: %w", err)
	}
	return answers, nil
}

// equalityOf returns the equality answers of one response, none unless consent stands, and what stands there, sealed; nil for nothing.
func (s *Service) equalityOf(ctx context.Context, responseID string, status ConsentStatus) (survey.Answers, *EqualityProfile, error) {
	if !privacy.Permits(status.State) {
		return nil, nil, nil
	}
	p, err := s.profileOf(ctx, responseID)
	if err != nil || p == nil {
		return nil, nil, err
	}
	answers, err := s.openProfile(status, p, p.RecordKey)
	return answers, p, err
}

// profileOf returns what stands of the equality answers of a response, with its record key if that is there; nil for nothing.
func (s *Service) profileOf(ctx context.Context, responseID string) (*EqualityProfile, error) {
	token := s.Keys.EqualityToken(responseID)
	p, err := s.Store.Equality().Profile(ctx, token)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if p.RecordKey, err = s.Store.Keys().Key(ctx, token); fault.Is(err, fault.NotFound) {
		err = nil
	}
	return p, err
}

// erasureTimeout is how long an erasure may take that goes on although its request has ended.
const erasureTimeout = 30 * time.Second

// lasting is for work that has to be done even if the person who asked for it has left: erasing after a withdrawal.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), erasureTimeout)
}

// eraseEquality erases the equality answers of a response and their key, also where the request has ended. Erasing what is not there is
// no error.
func (s *Service) eraseEquality(ctx context.Context, responseID string) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	return s.eraseProfile(ctx, s.Keys.EqualityToken(responseID))
}

func (s *Service) eraseProfile(ctx context.Context, token string) error {
	// Both are tried: a destroyed key makes the profile unreadable even where erasing it failed.
	return errors.Join(s.Store.Equality().EraseProfile(ctx, token), s.Store.Keys().DestroyKey(ctx, token))
}

// RepairConsent erases equality answers whose consent does not stand, which a crash between a withdrawal and its erasure leaves, or
// the end of the consent's validity. It returns how many. It runs at start and again with every round of housekeeping.
func (s *Service) RepairConsent(ctx context.Context) (erased int, err error) {
	first, err := s.strayProfiles(ctx)
	if err != nil || len(first) == 0 {
		return 0, err
	}
	// Answers saved while we looked may be newer than the ledger we looked at: only what is stray twice is.
	second, err := s.strayProfiles(ctx)
	if err != nil {
		return 0, err
	}
	for _, token := range second {
		if !slices.Contains(first, token) {
			continue
		}
		if err := s.eraseProfile(ctx, token); err != nil {
			return erased, err
		}
		erased++
	}
	if erased == 0 {
		return 0, nil
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(system(), "equality.repair", "equality:all", "erased", fmt.Sprint(erased)))
	})
	return erased, err
}

// recordStates returns the state of every respondent's newest consent record, by its id. Older records are left out: they permit
// nothing, even where one was never withdrawn.
func recordStates(events []privacy.ConsentEvent, now time.Time) map[string]privacy.ConsentState {
	ledgers := map[string][]privacy.ConsentEvent{}
	for _, e := range events {
		ledgers[e.Principal] = append(ledgers[e.Principal], e)
	}
	out := map[string]privacy.ConsentState{}
	for _, ledger := range ledgers {
		status := statusOf(ledger, now)
		out[status.RecordID] = status.State
	}
	return out
}

// strayProfiles lists the tokens of profiles whose consent record does not permit them at this moment.
func (s *Service) strayProfiles(ctx context.Context) (tokens []string, err error) {
	return tokens, s.Store.View(ctx, func(r Reader) error {
		tokens = nil
		all, err := r.Consultations(ConsultationFilter{})
		if err != nil {
			return err
		}
		for _, c := range all {
			events, err := r.ConsentEventsOf(c.ID)
			if err != nil {
				return err
			}
			states := recordStates(events, r.Now())
			err = s.Store.Equality().Profiles(ctx, c.ID, func(p *EqualityProfile) error {
				if !privacy.Permits(states[p.ConsentRecord]) {
					tokens = append(tokens, p.Token)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
