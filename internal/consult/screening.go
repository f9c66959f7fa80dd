package consult

import (
	"context"
	"fmt"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// dpiaSetting holds privacy.PlatformDPIA.
const dpiaSetting = "dpia"

// screeningsShown is how many records of a consultation's screenings a page shows.
const screeningsShown = 50

// ScreeningState is how one consultation stands with its screening (UK GDPR art. 35).
type ScreeningState struct {
	Consultation *Consultation
	Change       *NoticeChange          // the open change of what is done with answers that Facts include, if there is one
	Facts        privacy.ScreeningFacts // as it is now, or as it would be after the change
	Last         privacy.Screening      // the one that counts for the facts, with the Sequence of the newest of all; Sequence 0 if there is none
	History      []*privacy.Screening   // newest first
	Standing     privacy.Standing
	Now          privacy.Standing // without the change: of what is done already
	Changed      []string         // parts of the facts that are not what the answers rest on
	Platform     privacy.PlatformDPIA
}

// Waits reports whether the data protection officer has to decide.
func (s ScreeningState) Waits() bool {
	return s.Standing == privacy.ScreeningRequired || s.Standing == privacy.ScreeningUndecided || s.Standing == privacy.ScreeningReview
}

// Answers reports whether a consultation that is published already has to be screened, for the first time or again: because of an open change, which
// is not confirmed before, or because of what is so already, which stops nothing by itself.
func (s ScreeningState) Answers() bool {
	return s.Consultation.State == Published && (s.Standing == privacy.ScreeningNone || s.Standing == privacy.ScreeningStale)
}

// Lapsed reports whether what is done already was never screened or is not what was screened, or behind a change that is being written is due for review:
// an officer sees to it (art. 35(11)).
func (s ScreeningState) Lapsed() bool {
	return s.Consultation.State == Published && (s.Now == privacy.ScreeningNone || s.Now == privacy.ScreeningStale || s.Change != nil && s.Now == privacy.ScreeningReview)
}

// newest is the newest record of all, whichever counts: after a refusal no other answers get round the officer who refused.
func (s ScreeningState) newest() privacy.Screening {
	if len(s.History) == 0 {
		return privacy.Screening{}
	}
	return *s.History[0]
}

// Screening returns how a consultation stands with its screening.
func (s *Service) Screening(ctx context.Context, by *Staff, id string) (out ScreeningState, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		c, err := r.Consultation(id)
		if err == nil {
			out, err = s.screeningOf(r, c)
		}
		return err
	})
	return out, err
}

// Screenings returns how every consultation stands, drafts included, in the order of Consultations: the queue of the data protection officer.
func (s *Service) Screenings(ctx context.Context, by *Staff) (out []ScreeningState, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out = nil
		all, err := r.Consultations(ConsultationFilter{})
		if err != nil {
			return err
		}
		for _, c := range all {
			one, err := s.screeningOf(r, c)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

// screeningOf reads it inside a transaction.
func (s *Service) screeningOf(r Reader, c *Consultation) (ScreeningState, error) {
	out := ScreeningState{Consultation: c}
	changes, err := r.NoticeChanges(c.ID)
	if err != nil {
		return out, err
	}
	processing := c.Processing
	if i := slices.IndexFunc(changes, func(x *NoticeChange) bool { return x.State != ChangeConfirmed }); i >= 0 {
		out.Change, processing = changes[i], changes[i].After
	}
	facts, err := s.screeningFacts(r, c, processing)
	if err != nil {
		return out, err
	}
	out.Facts = facts
	if out.History, err = r.Screenings(c.ID, screeningsShown); err != nil {
		return out, err
	}
	now, err := s.screeningFacts(r, c, c.Processing)
	if err != nil {
		return out, err
	}
	out.Now = privacy.ScreeningNone
	if len(out.History) > 0 {
		out.Now = counts(out.History, now).Standing(now, privacy.DateOf(r.Now()))
		out.Last = *counts(out.History, facts)
		out.Last.Sequence = out.History[0].Sequence
		out.Changed = out.Last.Changed(facts)
	}
	out.Standing = out.Last.Standing(facts, privacy.DateOf(r.Now()))
	_, err = ReadSetting(r, dpiaSetting, &out.Platform)
	return out, err
}

// counts is the newest screening that rests on the facts, or the newest of all where none does: what was decided about something else, such as a
// change that was given up, is not about this.
func counts(history []*privacy.Screening, facts privacy.ScreeningFacts) *privacy.Screening {
	if i := slices.IndexFunc(history, func(x *privacy.Screening) bool { return len(x.Changed(facts)) == 0 }); i >= 0 {
		return history[i]
	}
	return history[0]
}

// screeningFacts is what the service knows of the consultation, its draft or what was published, with what is done with answers.
func (s *Service) screeningFacts(r Reader, c *Consultation, processing privacy.Processing) (privacy.ScreeningFacts, error) {
	f := privacy.ScreeningFacts{Population: c.Population, MinimumAge: processing.Ages.Minimum, Processing: processing}
	def, _ := survey.Parse(c.Source, s.Bank)
	var err error
	if c.State == Published { // what was published, whatever the bank says now
		def, err = s.definition(r, c.SurveyVersion)
	}
	if err != nil || def == nil { // a draft that does not parse is blocked for that
		return f, err
	}
	for _, list := range [][]survey.Question{def.Questions(), def.Equality} {
		for _, q := range list {
			f.Asked = append(f.Asked, askedLine(q))
			if q.Special {
				f.Special = append(f.Special, q.ID)
			}
			f.FreeText = f.FreeText || q.Kind == survey.LongText || q.Kind == survey.ShortText
		}
	}
	return f, nil
}

// Screen records the answers of an officer about a consultation. It returns the faults of what was answered, each with its field; nothing is stored
// if there are any. sequence is that of the last record that was seen: fault.Conflict if there is a later one.
func (s *Service) Screen(ctx context.Context, by *Staff, id string, sequence int64, answers map[string]privacy.ScreeningAnswer, addendum string) (faults []error, err error) {
	if err := by.Allow(EditConsultations); err != nil {
		return nil, err
	}
	err = s.addScreening(ctx, by, id, "screening.answer", sequence, func(r Reader, state ScreeningState) (next privacy.Screening) {
		next = state.newest().Answered(privacy.Screening{By: by.ID, At: r.Now(), Answers: answers, Addendum: addendum}, state.Facts)
		faults = next.Faults(state.Facts)
		return next
	}, &faults)
	return faults, err
}

// DecideScreening records what the data protection officer decides about the last answers. Faults as in Screen. fault.Conflict where there is nothing
// to decide: no answers, or answers that rest on what has changed.
func (s *Service) DecideScreening(ctx context.Context, by *Staff, id string, sequence int64, d privacy.ScreeningDecision) (faults []error, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err = s.addScreening(ctx, by, id, "screening.decide", sequence, func(r Reader, state ScreeningState) privacy.Screening {
		next := state.Last
		d.By, d.At, d.Platform = by.ID, r.Now(), ""
		if d.Ruling == privacy.RulingApproved {
			d.Platform = state.Platform.Reference
		}
		next.Decision = &d
		faults = d.Faults(next.Need(), state.Platform, privacy.DateOf(r.Now()))
		if state.Standing == privacy.ScreeningNone || state.Standing == privacy.ScreeningStale {
			faults = append(faults, fault.New(fault.Conflict, "error.screening.stale"))
		}
		return next
	}, &faults)
	for _, f := range faults {
		if fault.Is(f, fault.Conflict) {
			return nil, f
		}
	}
	return faults, err
}

// addScreening adds the record that next makes of how it stands, with its audit event, unless it has faults or somebody was faster.
func (s *Service) addScreening(ctx context.Context, by *Staff, id, action string, sequence int64, next func(Reader, ScreeningState) privacy.Screening, faults *[]error) error {
	return s.Store.Update(ctx, func(w Writer) error {
		c, err := w.Consultation(id)
		if err != nil {
			return err
		}
		state, err := s.screeningOf(w, c)
		if err != nil {
			return err
		}
		if state.Last.Sequence != sequence {
			return fault.New(fault.Conflict, "error.store.version")
		}
		record := next(w, state)
		if len(*faults) > 0 {
			return nil
		}
		record.Sequence = sequence + 1
		if err := w.AddScreening(id, &record); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), action, "consultation:"+id, "entry", fmt.Sprint(record.Sequence)))
	})
}

// DPIA returns the data protection impact assessment of the service itself, with its version as a setting; 0 if none was recorded.
func (s *Service) DPIA(ctx context.Context, by *Staff) (d privacy.PlatformDPIA, version int64, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return d, 0, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		d = privacy.PlatformDPIA{}
		version, err = ReadSetting(r, dpiaSetting, &d)
		return err
	})
	return d, version, err
}

// SaveDPIA records it. Faults as in Screen; fault.Conflict if somebody else saved first.
func (s *Service) SaveDPIA(ctx context.Context, by *Staff, version int64, d privacy.PlatformDPIA) (faults []error, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	if faults := d.Faults(privacy.DateOf(s.Now())); len(faults) > 0 {
		return faults, nil
	}
	return nil, s.Store.Update(ctx, func(w Writer) error {
		if err := WriteSetting(w, dpiaSetting, d, version); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "dpia.save", "setting:dpia"))
	})
}
