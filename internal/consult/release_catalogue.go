package consult

import (
	"context"

	"folkmoot/internal/survey"
)

// ReleaseCatalogue lists the tables that can be chosen for a consultation's release: questions and dimensions. Free text, numbers
// and dates are not among them (disclosure.md R7).
func (s *Service) ReleaseCatalogue(ctx context.Context, by *Staff, consultationID string) (questions, dims []Dimension, err error) {
	if err := by.Allow(ProposeReleases); err != nil {
		return nil, nil, err
	}
	c, err := s.consultation(ctx, consultationID)
	if err != nil {
		return nil, nil, err
	}
	def, err := s.definitionForResults(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	g, err := s.Geography(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range def.Questions() {
		if q.Kind.HasCodes() {
			questions = append(questions, dimensionOf(q, g, q.Special))
		}
	}
	for _, q := range def.Equality {
		if q.Kind == survey.Single || q.Kind == survey.Scale || q.Kind == survey.Multiple {
			questions = append(questions, dimensionOf(q, g, true))
		}
	}
	return questions, dimensions(def, g), nil
}
