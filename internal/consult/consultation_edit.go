package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// SaveDetails changes a draft. fault.Invalid with the field for what cannot be stored, also an address that another consultation has.
// version is the one that was edited: fault.Conflict if it is older. fault.Conflict too once it is published, unless only the contact changes or the closing moves to a later time while it is open.
func (s *Service) SaveDetails(ctx context.Context, by *Staff, id, slug string, version int64, d Details) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	d.OpensAt, d.ClosesAt = d.OpensAt.UTC().Truncate(time.Second), d.ClosesAt.UTC().Truncate(time.Second)
	if err := d.check(slug); err != nil {
		return err
	}
	return s.edit(ctx, by, id, version, "consultation.details", func(w Writer, c *Consultation) error {
		if c.State == Published {
			if err := mayChange(c, slug, d, w.Now()); err != nil {
				return err
			}
		} else {
			d.Processing.RetentionTrigger = retentionTrigger()
			d.Processing.Ages.Approval = c.Processing.Ages.Approval // it is not an officer's to give
		}
		if slug != c.Slug {
			if _, err := w.ConsultationBySlug(slug); err == nil {
				return fault.New(fault.Invalid, "error.consultation.slug_taken").At("slug")
			} else if !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		c.Slug, c.Details = slug, d
		return nil
	})
}

// edit loads a consultation, lets change alter it and stores it with an audit event, unless somebody else was faster.
func (s *Service) edit(ctx context.Context, by *Staff, id string, version int64, action string, change func(Writer, *Consultation) error) error {
	return s.Store.Update(ctx, func(w Writer) error {
		c, err := w.Consultation(id)
		if err != nil {
			return err
		}
		if c.Version != version {
			return fault.New(fault.Conflict, "error.consultation.edited")
		}
		if err := change(w, c); err != nil {
			return err
		}
		if err := w.UpdateConsultation(c); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), action, "consultation:"+id, "version", fmt.Sprint(version+1)))
	})
}

// mayChange returns fault.Conflict if the new details change what was published: what people were told does not change under them.
func mayChange(c *Consultation, slug string, d Details, now time.Time) error {
	kept := c.Details
	kept.ContactName, kept.ContactEmail, kept.ContactPhone = d.ContactName, d.ContactEmail, d.ContactPhone
	if !d.ClosesAt.Equal(c.ClosesAt) {
		if d.ClosesAt.Before(c.ClosesAt) || !now.Before(c.ClosesAt) {
			return fault.New(fault.Conflict, "error.consultation.earlier")
		}
		if d.ClosesAt.After(c.OpensAt.AddDate(2, 0, 0)) {
			return fault.New(fault.Invalid, "readiness.dates.long").At("closes-day")
		}
		kept.ClosesAt = d.ClosesAt
	}
	if slug != c.Slug || !sameDetails(kept, d) {
		return fault.New(fault.Conflict, "error.consultation.published")
	}
	return nil
}

// sameDetails compares as they are stored: a nil and an empty list are the same.
func sameDetails(a, b Details) bool {
	var x, y any
	for _, side := range []struct {
		d   Details
		out *any
	}{{a, &x}, {b, &y}} {
		raw, err := json.Marshal(side.d)
		if err != nil || json.Unmarshal(raw, side.out) != nil {
			return false
		}
		*side.out = prune(*side.out)
	}
	return reflect.DeepEqual(x, y)
}

// prune takes empty lists, texts and objects out of decoded JSON.
func prune(v any) any {
	switch t := v.(type) {
	case map[string]any:
		for k, e := range t {
			if t[k] = prune(e); t[k] == nil {
				delete(t, k)
			}
		}
		if len(t) == 0 {
			return nil
		}
	case []any:
		if len(t) == 0 {
			return nil
		}
		for i := range t {
			t[i] = prune(t[i])
		}
	case string:
		if t == "" {
			return nil
		}
	}
	return v
}

var slugForm = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{1,58})[a-z0-9]$`)

// SaveSource replaces a draft's definition. Its faults are returned and nothing is stored if there are any.
func (s *Service) SaveSource(ctx context.Context, by *Staff, id string, version int64, source []byte) ([]survey.Fault, error) {
	if err := by.Allow(EditConsultations); err != nil {
		return nil, err
	}
	def, faults := survey.Parse(source, s.Bank)
	if len(faults) > 0 {
		return faults, nil
	}
	return nil, s.edit(ctx, by, id, version, "consultation.survey", func(_ Writer, c *Consultation) error {
		if c.State == Published {
			return fault.New(fault.Conflict, "error.consultation.published")
		}
		before, _ := survey.Parse(c.Source, s.Bank)
		c.Source = slices.Clone(source)
		c.Processing = followEquality(c.Processing, before, def, s.Bank)
		return nil
	})
}

// SaveDefinition is SaveSource for a definition that was edited question by question.
func (s *Service) SaveDefinition(ctx context.Context, by *Staff, id string, version int64, d *survey.Definition) ([]survey.Fault, error) {
	return s.SaveSource(ctx, by, id, version, survey.Encode(d))
}

// followEquality keeps the consent statement's categories in step with the equality questions, unless somebody has worded them anew:
// then Readiness says what is missing.
func followEquality(p privacy.Processing, before, after *survey.Definition, bank survey.Bank) privacy.Processing {
	untouched := before == nil || sameTexts(p.Categories, categories(before, bank))
	if len(after.Equality) == 0 {
		if untouched { // a notice must not name what is not asked
			p.Categories, p.Uses, p.IfTheySayNo = nil, nil, nil
			p.Purposes = slices.DeleteFunc(slices.Clone(p.Purposes), func(u privacy.Purpose) bool { return u.ID == EqualityPurpose })
		}
		return p
	}
	explicit := slices.ContainsFunc(p.Purposes, func(u privacy.Purpose) bool { return u.Condition == privacy.ExplicitConsent })
	if !explicit && len(p.Categories) == 0 {
		return withEquality(p, after, bank)
	}
	if untouched {
		p.Categories = categories(after, bank)
	}
	return p
}

func sameTexts(a, b []locale.Text) bool {
	return slices.EqualFunc(a, b, func(x, y locale.Text) bool { return reflect.DeepEqual(x, y) })
}

// SaveOutcome changes "we asked, you said, we did" of a published consultation, and publishes it once the consultation has closed. What
// is published stays so and may be corrected.
func (s *Service) SaveOutcome(ctx context.Context, by *Staff, id string, version int64, o Outcome, publish bool) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	return s.edit(ctx, by, id, version, "consultation.outcome", func(w Writer, c *Consultation) error {
		if c.State != Published {
			return fault.New(fault.Conflict, "error.outcome.draft")
		}
		if err := firstLong(bound{"asked", o.Asked, maxText}, bound{"said", o.Said, maxText}, bound{"did", o.Did, maxText}); err != nil {
			return err
		}
		for _, t := range []locale.Text{o.Asked, o.Said, o.Did} {
			if publish && len(t.Missing(c.Languages)) > 0 {
				return fault.New(fault.Invalid, "error.outcome.missing")
			}
		}
		o.PublishedAt = c.Outcome.PublishedAt
		if publish && o.PublishedAt.IsZero() {
			if w.Now().Before(c.ClosesAt) {
				return fault.New(fault.Conflict, "error.outcome.open")
			}
			o.PublishedAt = w.Now()
		}
		c.Outcome = o
		return nil
	})
}
