package consult

import (
	"context"
	"errors"
	"fmt"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// disposalBatch is how many responses one transaction erases: others write between two of them.
const disposalBatch = 200

// errEnough ends a look at responses early.
var errEnough = errors.New("enough")

// DisposeResponses erases the responses of published consultations whose time is over: the period that their notice states, counted
// on the calendar of Europe/London from closing (UK GDPR art. 5(1)(e), 13(2)(a)). Record keys, equality answers and their keys go too; published
// releases stay, they are no personal data. It returns how many responses. What fails or is interrupted is taken up by the next call.
func (s *Service) DisposeResponses(ctx context.Context) (disposed int, err error) {
	due, problems := s.dueConsultations(ctx)
	for _, c := range due {
		n, err := s.disposeOf(ctx, c.ID)
		disposed += n
		if err != nil {
			problems = errors.Join(problems, fmt.Errorf("dispose of the responses to %s: %w", c.ID, err))
		}
	}
	return disposed, problems
}

// dueConsultations lists what is over. One that cannot be told does not keep the others.
func (s *Service) dueConsultations(ctx context.Context) (due []*Consultation, err error) {
	var problems error
	err = s.Store.View(ctx, func(r Reader) error {
		due, problems = nil, nil
		all, err := r.Consultations(ConsultationFilter{State: Published})
		if err != nil {
			return err
		}
		for _, c := range all {
			end, err := keptUntil(c)
			if err != nil {
				problems = errors.Join(problems, err)
			} else if !r.Now().Before(end) {
				due = append(due, c)
			}
		}
		return nil
	})
	return due, errors.Join(err, problems)
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
func (s *Service) disposeOf(ctx context.Context, consultationID string) (disposed int, err error) {
	if err := s.disposeProfiles(ctx, consultationID); err != nil {
		return 0, err
	}
	var pending error // erased, and the last bytes of it are removed later
	for {
		ids, err := s.someResponses(ctx, consultationID)
		if err != nil || len(ids) == 0 {
			return disposed, errors.Join(err, pending)
		}
		n, err := s.disposeBatch(ctx, consultationID, ids)
		disposed += n
		switch {
		case erasurePending(err):
			pending = err
		case err != nil:
			return disposed, err
		}
	}
}

func (s *Service) disposeProfiles(ctx context.Context, consultationID string) error {
	var tokens []string
	err := s.Store.Equality().Profiles(ctx, consultationID, func(p *EqualityProfile) error {
		tokens = append(tokens, p.Token)
		return nil
	})
	if err != nil {
		return err
	}
	if len(tokens) == 0 {
		return nil
	}
	for _, token := range tokens {
		if err := s.eraseProfile(ctx, token); err != nil {
			return err
		}
	}
	return s.log(ctx, event(system(), "equality.dispose", "consultation:"+consultationID, "erased", fmt.Sprint(len(tokens))))
}

func (s *Service) someResponses(ctx context.Context, consultationID string) (ids []string, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		ids = nil
		err := r.Responses(consultationID, func(response *Response) error {
			if ids = append(ids, response.ID); len(ids) == disposalBatch {
				return errEnough
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	return ids, err
}

// disposeBatch destroys the keys first: a response that is still there is found again, a key without its response is not.
func (s *Service) disposeBatch(ctx context.Context, consultationID string, ids []string) (disposed int, err error) {
	for _, id := range ids {
		if err := s.Store.Keys().DestroyKey(ctx, id); err != nil {
			return 0, err
		}
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		disposed = 0
		for _, id := range ids {
			switch err := w.EraseResponse(id); {
			case fault.Is(err, fault.NotFound): // another instance was faster
			case err != nil:
				return err
			default:
				disposed++
			}
		}
		if disposed == 0 {
			return nil
		}
		return w.AppendAudit(event(system(), "responses.dispose", "consultation:"+consultationID, "erased", fmt.Sprint(disposed)))
	})
	if err != nil && !erasurePending(err) {
		return 0, err
	}
	return disposed, err
}
