package consult

import (
	"context"

	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
)

// SubjectMatch is a response that a search found, as the officer compares it with what the person said.
type SubjectMatch struct {
	Response     *Response // with its texts opened
	Consultation *Consultation
	Definition   *survey.Definition
}

// SubjectMatches opens responses that a search found, without their equality answers. That the officer saw them is in the audit log before. Those that are gone
// meanwhile are left out.
func (s *Service) SubjectMatches(ctx context.Context, by *Staff, request string, ids []string) (map[string]SubjectMatch, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if err := s.log(ctx, event(by.Actor(), "request.compare", "request:"+request)); err != nil {
		return nil, err
	}
	out := map[string]SubjectMatch{}
	for _, id := range ids {
		var m SubjectMatch
		err := s.Store.View(ctx, func(r Reader) (err error) {
			m.Response, m.Consultation, err = s.byID(id)(r)
			return err
		})
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := s.openResponse(ctx, m.Response); err != nil {
			return nil, err
		}
		if m.Definition, err = s.shown(ctx, m.Response.SurveyVersion); err != nil {
			return nil, err
		}
		m.Definition = statedIf(m.Definition, m.Response.Answers)
		out[id] = m
	}
	return out, nil
}
