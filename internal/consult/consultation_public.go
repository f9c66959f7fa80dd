package consult

import (
	"cmp"
	"context"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
)

// PublicConsultations lists published consultations whose texts hold every word, open ones first by closing date, then upcoming, then
// closed newest first. words may be empty.
func (s *Service) PublicConsultations(ctx context.Context, words string) (out []*Consultation, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Consultations(ConsultationFilter{State: Published, Words: FoldWords(words)})
		return err
	})
	now := s.now()
	slices.SortStableFunc(out, func(a, b *Consultation) int { return publicOrder(a, b, now) })
	return out, err
}

func publicOrder(a, b *Consultation, now time.Time) int {
	ra, rb := publicRank(a.Status(now)), publicRank(b.Status(now))
	if ra != rb {
		return ra - rb
	}
	switch ra {
	case 0: // what closes first is most pressing
		return cmp.Or(a.ClosesAt.Compare(b.ClosesAt), cmp.Compare(a.ID, b.ID))
	case 1: // what opens first
		return cmp.Or(a.OpensAt.Compare(b.OpensAt), cmp.Compare(a.ID, b.ID))
	}
	return cmp.Or(b.ClosesAt.Compare(a.ClosesAt), cmp.Compare(a.ID, b.ID))
}

func publicRank(st Status) int {
	switch st {
	case StatusOpen:
		return 0
	case StatusUpcoming:
		return 1
	}
	return 2
}

// PublicConsultation returns a published consultation and its definition, with the council's name filled in. fault.NotFound for drafts.
func (s *Service) PublicConsultation(ctx context.Context, slug string) (*Consultation, *survey.Definition, error) {
	c, err := s.published(ctx, slug)
	if err != nil {
		return nil, nil, err
	}
	def, err := s.shown(ctx, c.SurveyVersion)
	return c, def, err
}

// published returns a published consultation by its address. A draft is not found: that it exists is not told.
func (s *Service) published(ctx context.Context, slug string) (c *Consultation, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		c, err = s.bySlugIn(r, slug)
		return err
	})
	if err != nil {
		return nil, err
	}
	if c.State != Published {
		return nil, fault.New(fault.NotFound, "error.consultation.unknown")
	}
	return c, nil
}

// shown returns a published version with the council's name filled in. It is shared: callers never change it.
func (s *Service) shown(ctx context.Context, version string) (*survey.Definition, error) {
	council, err := s.Council(ctx)
	if err != nil {
		return nil, err
	}
	key := version + "\x00" + council.Name["en"] + "\x00" + council.Name["cy"]
	if d := s.definitions.get(key); d != nil {
		return d, nil
	}
	d, err := s.definitionOf(ctx, version)
	if err != nil {
		return nil, err
	}
	d = d.ForCouncil(council.Name)
	s.definitions.put(key, d)
	return d, nil
}
