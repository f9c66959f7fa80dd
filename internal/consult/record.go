package consult

import (
	"context"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Record makes the record of processing activities (UK GDPR art. 30(1)) of what is configured now. It holds no answers and nobody's name but the
// contacts of the council.
func (s *Service) Record(ctx context.Context, by *Staff) (out privacy.ProcessingRecord, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return out, err
	}
	held, err := s.heldRecipients(ctx)
	if err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = s.recordIn(r, held)
		return err
	})
	return out, err
}

// ExportRecord is Record, or that of the month's snapshot, for a file that leaves the service: the audit log says so. An empty month is now; fault.NotFound
// if the month has no snapshot, fault.Conflict if somebody changed it.
func (s *Service) ExportRecord(ctx context.Context, by *Staff, month string) (out privacy.ProcessingRecord, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return out, err
	}
	held, err := s.heldRecipients(ctx)
	if err != nil {
		return out, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		if month == "" {
			if out, err = s.recordIn(w, held); err != nil {
				return err
			}
			return w.AppendAudit(event(by.Actor(), "processing.export", "processing:record"))
		}
		snapshot, err := w.ProcessingSnapshot(month)
		if err != nil {
			return err
		}
		if out, err = snapshot.Record(); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "processing.export", "processing:record", "month", snapshot.Month, "sha256", snapshot.Hash))
	})
	return out, err
}

// recordIn makes it inside a transaction. held are the recipients that the register holds.
func (s *Service) recordIn(r Reader, held []heldRecipient) (privacy.ProcessingRecord, error) {
	in := privacy.RecordInput{MadeAt: r.Now()}
	var err error
	if in.Council, err = s.councilIn(r); err != nil {
		return privacy.ProcessingRecord{}, err
	}
	rules, _, err := Retention(r)
	if err != nil {
		return privacy.ProcessingRecord{}, err
	}
	in.Rules, in.BackupDays = rules.Rules.InForce(privacy.DateOf(r.Now())), rules.BackupDays
	if _, err := ReadSetting(r, dpiaSetting, &in.Platform); err != nil {
		return privacy.ProcessingRecord{}, err
	}
	all, err := r.Consultations(ConsultationFilter{State: Published})
	if err != nil {
		return privacy.ProcessingRecord{}, err
	}
	agreements, err := recordAgreements(r)
	if err != nil {
		return privacy.ProcessingRecord{}, err
	}
	for _, h := range held {
		if h.said.Contract != "" {
			agreements = append(agreements, privacy.RecordAgreement{Name: h.said.Name, From: h.said.From, Until: h.said.Until, Reference: h.said.Contract})
		}
	}
	for _, c := range all {
		one, err := s.recordOf(r, c, agreements)
		if err != nil {
			return privacy.ProcessingRecord{}, err
		}
		in.Consultations = append(in.Consultations, one)
	}
	return privacy.BuildRecord(in), nil
}

func (s *Service) recordOf(r Reader, c *Consultation, agreements []privacy.RecordAgreement) (privacy.RecordConsultation, error) {
	out := privacy.RecordConsultation{ID: c.ID, State: string(c.Status(r.Now())), Title: c.Title, Processing: c.Processing}
	notice, err := r.Notice(c.NoticeID, c.NoticeVersion)
	if err != nil {
		return out, err
	}
	if out.Postcodes, err = s.keepsIn(r, c.SurveyVersion); err != nil {
		return out, err
	}
	state, err := s.screeningOf(r, c)
	if err != nil {
		return out, err
	}
	out.Notice, out.Screening, out.Standing = *notice, state.Last, state.Standing
	for _, a := range agreements {
		if slices.ContainsFunc(c.Processing.Purposes, func(p privacy.Purpose) bool {
			return slices.ContainsFunc(p.Recipients, func(x privacy.Recipient) bool { return sameRecipient(x.Name, a.Name) })
		}) {
			out.Agreements = append(out.Agreements, a)
		}
	}
	return out, nil
}

// recordAgreements lists the agreements with the names of their partners.
func recordAgreements(r Reader) (out []privacy.RecordAgreement, err error) {
	all, err := r.Agreements()
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		p, err := r.Partner(a.PartnerID)
		if err != nil {
			return nil, err
		}
		out = append(out, privacy.RecordAgreement{Name: p.Name, From: privacy.Date(a.StartsOn), Until: privacy.DateOf(a.ExpiresAt.Add(-time.Second))})
	}
	return out, nil
}

// TakeSnapshot stores the record of processing as it is, once a month: housekeeping calls it at every start and each time that it runs, so that a
// month in which the service runs has one. taken is false where the month has one already.
func (s *Service) TakeSnapshot(ctx context.Context) (taken bool, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		_, err := r.ProcessingSnapshot(privacy.MonthOf(r.Now()))
		taken = fault.Is(err, fault.NotFound)
		if taken {
			return nil
		}
		return err
	})
	if err != nil || !taken {
		return false, err
	}
	held, err := s.heldRecipients(ctx)
	if err != nil {
		return false, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		record, err := s.recordIn(w, held)
		if err != nil {
			return err
		}
		snapshot, err := privacy.NewProcessingSnapshot(record)
		if err != nil {
			return err
		}
		if err := w.AddProcessingSnapshot(snapshot); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "processing.snapshot", "processing:record", "month", snapshot.Month, "sha256", snapshot.Hash))
	})
	if fault.Is(err, fault.Conflict) { // another instance was faster
		return false, nil
	}
	return err == nil, err
}

// snapshotsShown is how many months a list shows: ten years.
const snapshotsShown = 120

// Snapshots lists the monthly snapshots of the record of processing, newest first.
func (s *Service) Snapshots(ctx context.Context, by *Staff) (out []*privacy.ProcessingSnapshot, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.ProcessingSnapshots(snapshotsShown)
		return err
	})
	return out, err
}

// Snapshot returns that of a month, yyyy-mm, with the one before it; before is nil for the first. fault.NotFound if the month has none.
func (s *Service) Snapshot(ctx context.Context, by *Staff, month string) (snapshot, before *privacy.ProcessingSnapshot, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		before = nil
		if snapshot, err = r.ProcessingSnapshot(month); err != nil {
			return err
		}
		all, err := r.ProcessingSnapshots(snapshotsShown)
		for _, x := range all {
			if x.Month < month {
				before = x
				break
			}
		}
		return err
	})
	return snapshot, before, err
}
