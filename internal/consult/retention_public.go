package consult

import (
	"cmp"
	"context"
	"slices"
	"time"

	"folkmoot/internal/privacy"
)

// KeptInformation is what everybody may know about how long information is kept.
type KeptInformation struct {
	Rules         privacy.Schedule // in force, and carried out; not those of what each consultation's notice promises: see Consultations
	Consultations []KeptConsultation
	BackupDays    int  // after which no backup that was made before an erasure can be read
	Schedule      bool // the council publishes its retention schedule here: see PublicSchedule
}

// KeptConsultation says until when what one consultation collects is kept, UTC.
type KeptConsultation struct {
	Consultation *Consultation
	Until        time.Time // responses
	Texts        time.Time // answers in people's own words; zero: as long as the responses
	Postcodes    time.Time // kept beside the ward; zero where none is kept
	Equality     time.Time // zero where no equality questions are asked
	Held         bool      // responses are kept longer, for a legal reason
}

// KeptInformation computes it from the rules and the published consultations, newest closing date first.
func (s *Service) KeptInformation(ctx context.Context) (KeptInformation, error) {
	p, all, err := s.planner(ctx)
	if err != nil {
		return KeptInformation{}, err
	}
	out := KeptInformation{}
	err = s.Store.View(ctx, func(r Reader) error {
		settings, _, err := Retention(r)
		if err != nil {
			return err
		}
		out.BackupDays = settings.BackupDays
		out.Schedule, err = hasSchedule(r)
		return err
	})
	if err != nil {
		return out, err
	}
	for _, r := range p.rules {
		if !r.Class.Promised() && r.Acts() {
			out.Rules = append(out.Rules, r)
		}
	}
	for _, c := range all {
		p.items = nil
		p.ofConsultation(c)
		k := KeptConsultation{Consultation: c}
		for _, i := range p.items {
			switch {
			case i.Rule.Action == privacy.Review:
			case i.Rule.Class == privacy.ClassResponses:
				k.Until, k.Held = i.RunAt, i.Hold != nil
			case i.Rule.Class == privacy.ClassFreeText:
				k.Texts = i.RunAt
			case i.Rule.Class == privacy.ClassPostcodes:
				k.Postcodes = i.RunAt
			case i.Rule.Class == privacy.ClassEquality:
				k.Equality = i.RunAt
			}
		}
		if p.keeps[c.ID] && k.Postcodes.IsZero() { // they go with the responses
			k.Postcodes = k.Until
		}
		if !k.Until.IsZero() { // a notice without a period is a fault that folkmoot check and the log name
			out.Consultations = append(out.Consultations, k)
		}
	}
	slices.SortStableFunc(out.Consultations, func(a, b KeptConsultation) int {
		return cmp.Or(b.Consultation.ClosesAt.Compare(a.Consultation.ClosesAt), cmp.Compare(a.Consultation.ID, b.Consultation.ID))
	})
	return out, nil
}

// BackupDays is after how many days no backup that was made before an erasure can be read any more.
func (s *Service) BackupDays(ctx context.Context) (days int, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		settings, _, err := Retention(r)
		days = settings.BackupDays
		return err
	})
	return days, err
}
