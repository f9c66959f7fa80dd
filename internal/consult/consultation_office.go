package consult

import (
	"context"
	"fmt"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Consultations lists all consultations, drafts included.
func (s *Service) Consultations(ctx context.Context, by *Staff, f ConsultationFilter) (out []*Consultation, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return nil, err
	}
	f.Words = FoldWords(f.Words)
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Consultations(f)
		return err
	})
	return out, err
}

// ConsultationForStaff returns one, with its definition (and the definition's faults for a draft that does not parse). The definition
// keeps {council}: it is for editing. Pages that show it use ForCouncil.
func (s *Service) ConsultationForStaff(ctx context.Context, by *Staff, id string) (*Consultation, *survey.Definition, []survey.Fault, error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return nil, nil, nil, err
	}
	c, err := s.consultation(ctx, id)
	if err != nil {
		return nil, nil, nil, err
	}
	if c.State == Published {
		def, err := s.definitionOf(ctx, c.SurveyVersion)
		if err != nil {
			return nil, nil, nil, err
		}
		return c, def.Clone(), nil, nil
	}
	def, faults := survey.Parse(c.Source, s.Bank)
	return c, def, faults, nil
}

func (s *Service) consultation(ctx context.Context, id string) (c *Consultation, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		c, err = r.Consultation(id)
		return err
	})
	return c, err
}

func (s *Service) librarySource(name string) ([]byte, error) {
	i := slices.IndexFunc(s.Library, func(l LibrarySurvey) bool { return l.Name == name })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "error.library.unknown")
	}
	return s.Library[i].Source, nil
}

// CreateConsultation starts a draft from a library survey (name) or an uploaded definition (source; its faults are returned and nothing
// is stored if there are any). Details get working defaults: title from the survey, opening tomorrow for four weeks, public task,
// the council's contacts, the bank's categories in the consent statement.
func (s *Service) CreateConsultation(ctx context.Context, by *Staff, library string, source []byte) (*Consultation, []survey.Fault, error) {
	if err := by.Allow(EditConsultations); err != nil {
		return nil, nil, err
	}
	if library != "" {
		var err error
		if source, err = s.librarySource(library); err != nil {
			return nil, nil, err
		}
	}
	def, faults := survey.Parse(source, s.Bank)
	if len(faults) > 0 {
		return nil, faults, nil
	}
	council, err := s.Council(ctx)
	if err != nil {
		return nil, nil, err
	}
	def = def.ForCouncil(council.Name) // titles become the consultation's own text
	id := seal.RandomID()
	var c *Consultation
	err = s.Store.Update(ctx, func(w Writer) error {
		slug, err := freeSlug(w, slugFrom(def.Title["en"]))
		if err != nil {
			return err
		}
		c = &Consultation{
			ID: id, Slug: slug, State: Drafted, Source: slices.Clone(source), CreatedBy: by.ID, CreatedAt: w.Now(),
			Details: defaultDetails(council, def, s.Bank, w.Now()),
		}
		if err := w.AddConsultation(c); err != nil {
			return err
		}
		if err := w.AppendAudit(event(by.Actor(), "consultation.create", "consultation:"+id, "library", library)); err != nil {
			return err
		}
		c, err = w.Consultation(id)
		return err
	})
	return c, nil, err
}

// freeSlug returns the address, with a number behind it if it is taken.
func freeSlug(r Reader, slug string) (string, error) {
	candidate := slug
	for n := 2; ; n++ {
		_, err := r.ConsultationBySlug(candidate)
		if fault.Is(err, fault.NotFound) {
			return candidate, nil
		}
		if err != nil {
			return "", err
		}
		candidate = fmt.Sprintf("%s-%d", slug, n)
	}
}

// EraseDraft erases a draft. fault.Conflict once it is published.
func (s *Service) EraseDraft(ctx context.Context, by *Staff, id string) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		c, err := w.Consultation(id)
		if err != nil {
			return err
		}
		if c.State != Drafted {
			return fault.New(fault.Conflict, "error.consultation.published")
		}
		if err := w.EraseConsultation(id); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "consultation.erase", "consultation:"+id))
	})
}
