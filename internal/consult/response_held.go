package consult

import (
	"context"
	"errors"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// HeldByCode returns everything held about the response with the code. fault.NotFound for an unknown code, always after the same work.
// It is for looking again with a code that was proved in this session: see OpenByCode. network is what throttling is keyed on; fault.Throttled after too many unknown codes.
func (s *Service) HeldByCode(ctx context.Context, code, network string) (*Held, error) {
	limit := s.limit("code", network, codeFailures)
	if err := s.throttled(ctx, limit); err != nil {
		return nil, err
	}
	held, err := s.held(ctx, func(r Reader) (*Response, *Consultation, error) { return s.byCode(r, code) })
	if fault.Is(err, fault.NotFound) {
		if failed := s.failed(ctx, event(respondent(), "code.unknown", "code:unknown"), limit); failed != nil {
			return nil, failed
		}
	}
	return held, err
}

// finding looks a response up inside a transaction, with its consultation.
type finding func(r Reader) (*Response, *Consultation, error)

func (s *Service) held(ctx context.Context, find finding) (*Held, error) {
	h, err := s.heldButEquality(ctx, find)
	if err != nil {
		return nil, err
	}
	equality, stored, err := s.equalityOf(ctx, h.Response.ID, h.Consent)
	if equality != nil {
		h.Equality = equality
	}
	h.EqualitySeen = equalitySeen(h.Consent.RecordID, stored)
	return h, err
}

// heldButEquality is held without opening equality answers.
func (s *Service) heldButEquality(ctx context.Context, find finding) (*Held, error) {
	h := &Held{Equality: survey.Answers{}}
	err := s.Store.View(ctx, func(r Reader) error {
		response, c, err := find(r)
		if err != nil {
			return err
		}
		h.Response, h.Consultation = *response, c
		h.CanWithdraw = c.Status(r.Now()) == StatusOpen
		if h.Capture, err = s.captureOf(r, response); err != nil {
			return err
		}
		consent, events, err := s.consentOf(r, response.ID)
		if err != nil {
			return err
		}
		h.Consent = consent
		return s.standingOf(r, h, events)
	})
	if err != nil {
		return nil, err
	}
	if err := s.openResponse(ctx, &h.Response); err != nil {
		return nil, err
	}
	def, err := s.shown(ctx, h.Response.SurveyVersion)
	if err != nil {
		return nil, err
	}
	h.Definition = statedIf(def, h.Response.Answers)
	return h, nil
}

// standingOf adds what holds for the person, and what they are asked.
func (s *Service) standingOf(r Reader, h *Held, events []privacy.ConsentEvent) error {
	all, _, err := history(r, h.Consultation)
	if err != nil {
		return err
	}
	people := newStandings(all, r.Now())
	st := people.of(&h.Response, events)
	h.Holds = st.responses
	var ok bool
	if h.Processing, ok = people.holding(st); !ok {
		h.Processing = all[0].Processing // a version that nobody knows: the first permits least
	}
	if h.EqualityOver, err = s.equalityOver(r, h.Consultation); err != nil {
		return err
	}
	if h.NewUses, err = s.newUses(r, &h.Response, h.Consultation, events, locale.English); err != nil {
		return err
	}
	h.Renewal, err = s.renewable(r, h.Consultation, events)
	return err
}

// openResponse opens the free text and the kept postcodes of one response.
func (s *Service) openResponse(ctx context.Context, r *Response) error {
	if err := s.openPostcodes(ctx, r); err != nil {
		return err
	}
	if len(r.FreeText) == 0 {
		return nil
	}
	wrapped, err := s.Store.Keys().Key(ctx, r.ID)
	if fault.Is(err, fault.NotFound) { // the text is erased: a disposal destroys the key first. The response is still there
		r.FreeText = nil
		return nil
	}
	if err != nil {
		return err
	}
	return s.openTexts(r, wrapped)
}

// WithdrawResponse erases the whole response, its equality answers and keys. fault.Closed once the consultation has closed.
func (s *Service) WithdrawResponse(ctx context.Context, code string) error {
	return s.eraseFound(ctx, func(r Reader) (*Response, *Consultation, error) {
		response, c, err := s.byCode(r, code)
		if err == nil {
			err = takesResponses(c, r.Now())
		}
		return response, c, err
	}, theirOwn(ctx), nothingMore)
}

// nothingMore is for what no register tells of.
func nothingMore(Writer) error { return nil }

// eraseFound erases a response with all that belongs to it: withdrawal and erasure in one transaction, with what the register says of them, then the
// equality answers and the keys.
func (s *Service) eraseFound(ctx context.Context, find finding, how func(*Response) doing, with func(Writer) error) error {
	return s.eraseWith(ctx, func(w Writer) (*Response, Erasure, error) {
		response, c, err := find(w)
		if err != nil {
			return nil, Erasure{}, err
		}
		d := how(response)
		if _, err := s.withdraw(w, response, c, d); err != nil {
			return nil, Erasure{}, err
		}
		_, events, err := s.consentOf(w, response.ID)
		if err == nil {
			err = s.endAgreements(w, c, ending{events: events, part: privacy.PartResponses, by: d}, nil)
		}
		if err != nil {
			return nil, Erasure{}, err
		}
		if err := w.AppendAudit(event(d.actor, responseWithdrawn, "consultation:"+c.ID)); err != nil {
			return nil, Erasure{}, err
		}
		return response, Erasure{By: d.by, Channel: d.channel}, with(w)
	})
}

// eraseWith erases a response in a transaction of what comes before, which returns the response and by whom and how it goes, and then its equality
// answers and its keys. It notes the erasure for the list, so that no caller can forget it.
func (s *Service) eraseWith(ctx context.Context, before func(Writer) (*Response, Erasure, error)) error {
	var id string
	err := s.Store.Update(ctx, func(w Writer) error {
		response, e, err := before(w)
		if err != nil {
			return err
		}
		id = response.ID
		if err := w.EraseResponse(id); err != nil {
			return err
		}
		e.Kind = ErasedResponse
		return s.noteErasure(w, e, id)
	})
	if err != nil && !erasurePending(err) {
		return err
	}
	// The response is gone: whatever else goes wrong, everything is tried, even if the request has ended.
	ctx, cancel := lasting(ctx)
	defer cancel()
	return errors.Join(err, s.settle(ctx), s.eraseEquality(ctx, id), s.Store.Keys().DestroyKeys(ctx, []string{id}))
}

// erasurePending reports whether an erasure is committed although its last bytes could not be removed yet.
func erasurePending(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Key == "error.store.erasure_pending"
}
