package consult

import (
	"context"
	"errors"
	"fmt"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// doing says by whom and by which way something is done to a response: the same events whoever does it (privacy.md 6).
type doing struct {
	actor   privacy.Actor
	by      string // ConsentEvent.Actor
	channel string // ConsentEvent.Channel

	recorded bool             // an officer took down what the person decided
	evidence privacy.Evidence // what proves it
}

// theirOwn is what a respondent does with the code: on the website or at a kiosk (AtKiosk), whichever way the response came.
func theirOwn(ctx context.Context) func(*Response) doing {
	return func(*Response) doing { return doing{actor: respondent(), by: "self", channel: string(wayOf(ctx))} }
}

// forThem is what an officer does for a respondent who asked in another way.
func forThem(by *Staff, channel Channel) func(*Response) doing {
	return func(*Response) doing { return doing{actor: by.Actor(), by: by.ID, channel: string(channel)} }
}

// byID finds a response for an officer who keeps the registers.
func (s *Service) byID(id string) finding {
	return func(r Reader) (*Response, *Consultation, error) {
		response, err := r.Response(id)
		if err != nil {
			return nil, nil, err
		}
		c, err := s.consultationIn(r, response.ConsultationID)
		return response, c, err
	}
}

// Everything is all that is held about one person's response: what the person may have a copy of (UK GDPR art. 15).
type Everything struct {
	Held
	Events []privacy.ConsentEvent // of the consent ledger, in order
	Notice *privacy.NoticeVersion // what they were told
	Until  string                 // yyyy-mm-dd, Europe/London: the day after which the response is erased

	Corrections []Correction // what stood there before an officer corrected it, the first first

	EqualityClosed bool // equality answers were not opened: the person has not shown the code
}

// EverythingOf returns all that is held about a response, for the request of a person. That the officer saw it is in the audit log before it is shown.
// fault.NotFound if the response is gone.
func (s *Service) EverythingOf(ctx context.Context, by *Staff, responseID, request string) (*Everything, error) {
	return s.everythingFor(ctx, by, responseID, request, s.held)
}

// EverythingButEquality is EverythingOf for a person whose response was found without its code: equality answers stay closed (privacy.md 5.4).
func (s *Service) EverythingButEquality(ctx context.Context, by *Staff, responseID, request string) (*Everything, error) {
	all, err := s.everythingFor(ctx, by, responseID, request, s.heldButEquality)
	if err == nil {
		all.EqualityClosed = true
	}
	return all, err
}

func (s *Service) everythingFor(ctx context.Context, by *Staff, responseID, request string, hold func(context.Context, finding) (*Held, error)) (*Everything, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err := s.Store.Update(ctx, func(w Writer) error {
		if _, err := w.Response(responseID); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "request.read", "request:"+request))
	})
	if err != nil {
		return nil, err
	}
	held, err := hold(ctx, s.byID(responseID))
	if err != nil {
		return nil, err
	}
	return s.everything(ctx, held)
}

// TextMarks returns for each of the texts of a response, by question, a mark by which another text is told from it (seal.TextMark). It is made with the key of
// the response and ends with that; that of a kept postcode with the key of the postcodes, so that it ends with those. One that was coarsened since it was read has no mark.
func (s *Service) TextMarks(ctx context.Context, responseID string, texts map[string]string) (map[string]string, error) {
	out := map[string]string{}
	if len(texts) == 0 { // without texts there may be no key
		return out, nil
	}
	var response *Response
	err := s.Store.View(ctx, func(r Reader) (err error) {
		response, err = r.Response(responseID)
		return err
	})
	if err != nil {
		return nil, err
	}
	def, err := s.definitionOf(ctx, response.SurveyVersion)
	if err != nil {
		return nil, err
	}
	words, postcodes := apart(def, texts)
	if response.Unparted {
		words, postcodes = texts, nil
	}
	if err := s.markTexts(ctx, responseID, words, out); err != nil {
		return nil, err
	}
	if err := s.markTexts(ctx, PostcodeKey(responseID), postcodes, out); err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return out, nil
}

// StaleMark reports whether a mark is of a kept postcode and not made with the key of that: made when the postcode lay in the free text, it would outlive it under the key of
// the text, and a postcode can be guessed. It fits no text any more.
func (s *Service) StaleMark(ctx context.Context, responseID, question, mark string) (bool, error) {
	var response *Response
	err := s.Store.View(ctx, func(r Reader) (err error) {
		response, err = r.Response(responseID)
		return err
	})
	if fault.Is(err, fault.NotFound) { // and its keys with it
		return false, nil
	}
	if err != nil || response.Unparted {
		return false, err
	}
	def, err := s.definitionOf(ctx, response.SurveyVersion)
	if err != nil {
		return false, err
	}
	if q, _ := def.Question(question); q.Kind != survey.Postcode {
		return false, nil
	}
	if err := s.openPostcodes(ctx, response); err != nil {
		return false, err
	}
	text := response.Answers[question].Text
	if text == "" {
		return true, nil
	}
	marks, err := s.TextMarks(ctx, responseID, map[string]string{question: text})
	return err == nil && marks[question] != mark, err
}

func (s *Service) markTexts(ctx context.Context, keyID string, texts, out map[string]string) error {
	if len(texts) == 0 {
		return nil
	}
	wrapped, err := s.Store.Keys().Key(ctx, keyID)
	if err != nil {
		return err
	}
	key, err := s.Keys.Unwrap(wrapped, keyID)
	if err != nil {
		return fmt.Errorf("mark texts: %w", err)
	}
	for question, text := range texts {
		out[question] = seal.TextMark(key, question, text)
	}
	return nil
}

// EverythingByCode is EverythingOf for the person whose response it is. Errors are those of HeldByCode.
func (s *Service) EverythingByCode(ctx context.Context, code, network string) (*Everything, error) {
	held, err := s.HeldByCode(ctx, code, network)
	if err != nil {
		return nil, err
	}
	return s.everything(ctx, held)
}

// everything adds to what is held what was told and agreed, and for how long it is kept.
func (s *Service) everything(ctx context.Context, held *Held) (*Everything, error) {
	out := &Everything{Held: *held}
	if end, err := keptUntil(held.Consultation); err == nil {
		out.Until = string(privacy.DateOf(end))
	}
	var err error
	if out.Corrections, err = s.correctionsOf(ctx, &held.Response); err != nil {
		return nil, err
	}
	return out, s.Store.View(ctx, func(r Reader) (err error) {
		if out.Notice, err = r.Notice(held.Response.NoticeID, held.Response.NoticeVersion); err != nil {
			return err
		}
		out.Events, err = r.ConsentEvents(s.Keys.PrincipalToken(held.Response.ID))
		return err
	})
}

// ResponseByCode finds the response with the withdrawal code, which a person told an officer. Errors are those of HeldByCode; officers are throttled
// too.
func (s *Service) ResponseByCode(ctx context.Context, by *Staff, code string) (*Held, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	if _, err := seal.NormaliseCode(code); err != nil {
		return nil, fault.New(fault.Invalid, "error.code.format") // a slip, not a guess
	}
	return s.HeldByCode(ctx, code, "staff:"+by.ID)
}

// WithdrawConsentFor withdraws the equality consent for a person who asked an officer: the same events and the same erasure as WithdrawConsent. with
// writes what the register says of it in the transaction of the event, so that no crash leaves one without the other; it may run more than once.
func (s *Service) WithdrawConsentFor(ctx context.Context, by *Staff, responseID string, channel Channel, with func(Writer) error) (ConsentStatus, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return ConsentStatus{}, err
	}
	var out ConsentStatus
	err := s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byID(responseID)(w)
		if err != nil {
			return err
		}
		if out, err = s.withdraw(w, response, c, forThem(by, channel)(response)); err != nil {
			return err
		}
		return with(w)
	})
	if err != nil {
		return ConsentStatus{}, err
	}
	return out, errors.Join(s.settle(ctx), s.eraseEquality(ctx, responseID))
}

// AgreedFor lists the agreements to new uses, made after the notice changed, that stand of the person of a response: what there is to take back. It is
// empty where the response is gone.
func (s *Service) AgreedFor(ctx context.Context, by *Staff, responseID string) (out []NewUse, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out = nil
		response, _, err := s.byID(responseID)(r)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(r, response.ID)
		for _, part := range privacy.Parts() {
			for _, a := range agreements(events, part, r.Now()) {
				if a.permits {
					out = append(out, NewUse{Part: part, Version: a.last.NoticeVersion, State: a.state, At: a.last.At})
				}
			}
		}
		return err
	})
	return out, err
}

// HoldingFor returns the processing that holds for the person of a response, by the notice that they were told and what they agreed to since; known is false where
// nobody can say which version that is. fault.NotFound if the response is gone.
func (s *Service) HoldingFor(ctx context.Context, by *Staff, responseID string) (p privacy.Processing, known bool, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return privacy.Processing{}, false, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		response, c, err := s.byID(responseID)(r)
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(r, response.ID)
		if err != nil {
			return err
		}
		all, _, err := history(r, c)
		if err != nil {
			return err
		}
		people := newStandings(all, r.Now())
		p, known = people.holding(people.of(response, events))
		return nil
	})
	return p, known, err
}

// EndNewUseFor takes back, for a person who asked an officer, the agreement to the new use of a part in a version of the notice: the same events as when
// they take it back themselves (UK GDPR art. 7(3)). The consent that it belongs to stays. fault.Conflict if it does not stand (any more). with is as in
// WithdrawConsentFor.
func (s *Service) EndNewUseFor(ctx context.Context, by *Staff, responseID string, part privacy.Part, version int, channel Channel, with func(Writer) error) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	var ended string // the response whose equality answers must go
	err := s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byID(responseID)(w)
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(w, response.ID)
		if err != nil {
			return err
		}
		use := NewUse{Part: part, Version: version}
		end := ending{events: events, part: part, version: version, by: forThem(by, channel)(response)}
		if err := s.endAgreements(w, c, end, &use); err != nil {
			return err
		}
		if use.State != privacy.ConsentWithdrawn {
			return fault.New(fault.Conflict, "error.request.agreement")
		}
		if ended, err = s.withoutConsent(w, response, part); err != nil {
			return err
		}
		return with(w)
	})
	if err != nil {
		return err
	}
	return s.afterAgreement(ctx, ended)
}

// EraseFor erases a response for a person who asked an officer, also after closing: the same events and the same erasure as WithdrawResponse.
// Published figures do not change (privacy.md 6, step 6). with is as in WithdrawConsentFor.
func (s *Service) EraseFor(ctx context.Context, by *Staff, responseID string, channel Channel, with func(Writer) error) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	return s.eraseFound(ctx, s.byID(responseID), forThem(by, channel), with)
}

// Restrict takes a response out of use, or into use again, for a request of a person (UK GDPR art. 18): it is held, shown to its person, and left out of
// results, exports, new releases and automatic disposal. Published figures do not change. with writes what the register says of it in the same
// transaction. fault.NotFound if the response is gone; lifting what is gone is no error.
func (s *Service) Restrict(ctx context.Context, by *Staff, responseID, request string, restrict bool, with func(Writer) error) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		if err := s.RestrictIn(w, by.Actor(), responseID, request, restrict); err != nil {
			return err
		}
		return with(w)
	})
}

// RestrictIn is Restrict inside the transaction of whoever keeps the register: what a request brings with it by law happens in the moment at which it
// is entered, whoever enters it (art. 21(1): no longer process). The register decides; nothing here asks for a permission.
func (s *Service) RestrictIn(w Writer, actor privacy.Actor, responseID, request string, restrict bool) error {
	_, c, err := s.byID(responseID)(w)
	switch {
	case !restrict && fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case restrict:
		return errors.Join(w.Restrict(responseID, request), w.AppendAudit(event(actor, responseRestrict, "consultation:"+c.ID)))
	}
	return errors.Join(w.LiftRestriction(responseID, request), w.AppendAudit(event(actor, "response.lift", "consultation:"+c.ID)))
}

// SealRecord seals the content of a record under a key of its own, which it makes if there is none.
func (s *Service) SealRecord(ctx context.Context, recordID string, plain, place []byte) ([]byte, error) {
	key, err := s.recordKey(ctx, recordID)
	if err != nil {
		return nil, err
	}
	return seal.SealWith(key, plain, place), nil
}

// OpenRecord opens what SealRecord sealed.
func (s *Service) OpenRecord(ctx context.Context, recordID string, sealed, place []byte) ([]byte, error) {
	wrapped, err := s.Store.Keys().Key(ctx, recordID)
	if err != nil {
		return nil, err
	}
	key, err := s.Keys.Unwrap(wrapped, recordID)
	if err != nil {
		return nil, err
	}
	return seal.OpenWith(key, sealed, place)
}
