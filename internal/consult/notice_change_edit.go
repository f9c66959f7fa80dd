package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// DraftChange begins a change of what a published consultation does with answers. fault.Conflict for a draft consultation, which is edited itself, and
// while another change is open.
func (s *Service) DraftChange(ctx context.Context, by *Staff, consultationID string) (out *NoticeChange, err error) {
	if err := by.Allow(EditConsultations); err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		c, err := w.Consultation(consultationID)
		if err != nil {
			return err
		}
		if c.State != Published {
			return fault.New(fault.Conflict, "error.change.draft")
		}
		changes, err := w.NoticeChanges(c.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(changes, func(x *NoticeChange) bool { return x.State != ChangeConfirmed }) {
			return fault.New(fault.Conflict, "error.change.open")
		}
		out = &NoticeChange{ID: seal.RandomID(), ConsultationID: c.ID, State: ChangeDraft, From: c.NoticeVersion, Before: c.Processing, After: c.Processing, DraftedBy: by.ID}
		if err := w.AddNoticeChange(out); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "notice.draft", "consultation:"+c.ID, "version", strconv.Itoa(c.NoticeVersion)))
	})
	return out, err
}

// Change returns a change of processing.
func (s *Service) Change(ctx context.Context, by *Staff, id string) (out *NoticeChange, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.NoticeChange(id)
		return err
	})
	return out, err
}

// Changes lists the changes of a consultation, the oldest first, the open one last.
func (s *Service) Changes(ctx context.Context, by *Staff, consultationID string) (out []*NoticeChange, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.NoticeChanges(consultationID)
		return err
	})
	return out, err
}

// ChangesWaiting lists those that wait for a second person, for who may confirm them.
func (s *Service) ChangesWaiting(ctx context.Context, by *Staff) (out []*NoticeChange, err error) {
	if err := by.Allow(ConfirmChanges, EditConsultations); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		all, err := r.OpenNoticeChanges()
		out = slices.DeleteFunc(all, func(c *NoticeChange) bool { return c.State != ChangeProposed })
		return err
	})
	return out, err
}

// step takes a change of one of the states on by do, unless somebody else was faster.
func (s *Service) step(ctx context.Context, by *Staff, id string, version int64, action string, from []ChangeState, do func(Writer, *NoticeChange) error) error {
	return s.Store.Update(ctx, func(w Writer) error {
		c, err := w.NoticeChange(id)
		if err != nil {
			return err
		}
		if c.Version != version {
			return fault.New(fault.Conflict, "error.change.edited")
		}
		if !slices.Contains(from, c.State) {
			return fault.New(fault.Conflict, "error.change.state")
		}
		if err := do(w, c); err != nil {
			return err
		}
		if err := w.UpdateNoticeChange(c); err != nil {
			return err
		}
		hash, err := c.hash()
		if err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), action, "consultation:"+c.ConsultationID, "from", strconv.Itoa(c.From), "version", strconv.Itoa(c.To), "sha256", hash))
	})
}

// hash is the SHA-256, in hex, of what the change says: the audit log names it, so that nobody says later that it said something else.
func (c *NoticeChange) hash() (string, error) {
	raw, err := json.Marshal(struct {
		Before, After privacy.Processing
		Note          locale.Text
		Wider         bool
	}{c.Before, c.After, c.Note, c.Wider})
	if err != nil {
		return "", fmt.Errorf("encode a change of processing: %w", err)
	}
	return seal.Digest(string(raw)), nil
}

// editing are the states in which a change can be worked on.
func editing() []ChangeState { return []ChangeState{ChangeDraft, ChangeReturned} }

// SaveChange stores what the notice would say after the change. fault.Conflict if it cannot be worked on, or somebody else was faster.
func (s *Service) SaveChange(ctx context.Context, by *Staff, id string, version int64, after privacy.Processing) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	if err := boundedProcessing(after); err != nil {
		return err
	}
	return s.step(ctx, by, id, version, "notice.edit", editing(), func(_ Writer, c *NoticeChange) error {
		after.RetentionTrigger = c.Before.RetentionTrigger // from when responses are kept is no choice
		after.KeepTotals = c.Before.KeepTotals             // nor what stays when they go
		after.Ages = c.Before.Ages                         // who may take part was approved and published, and is about nobody who answered
		c.After, c.Judged, c.Wider = after, false, false
		return nil
	})
}

// EraseChange erases a change that is not confirmed.
func (s *Service) EraseChange(ctx context.Context, by *Staff, id string) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		c, err := w.NoticeChange(id)
		if err != nil {
			return err
		}
		if !c.Editable() {
			return fault.New(fault.Conflict, "error.change.state")
		}
		if err := w.EraseNoticeChange(id); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "notice.erase", "consultation:"+c.ConsultationID))
	})
}

// ChangeFindings lists what stands between a change and its confirmation. What the notice lacks after it is found as before publication. Of recipients that the
// register does not hold it warns (art. 30(1)(d)).
func (s *Service) ChangeFindings(ctx context.Context, by *Staff, id string) (out []Finding, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return nil, err
	}
	held, err := s.heldRecipients(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		c, err := r.NoticeChange(id)
		if err != nil {
			return err
		}
		out, err = s.changeFindings(r, c)
		out = append(out, unregistered(c.After, held)...)
		return err
	})
	return out, err
}

func (s *Service) changeFindings(r Reader, change *NoticeChange) ([]Finding, error) {
	c, err := r.Consultation(change.ConsultationID)
	if err != nil {
		return nil, err
	}
	council, err := s.councilIn(r)
	if err != nil {
		return nil, err
	}
	screening, err := s.screeningOf(r, c)
	if err != nil {
		return nil, err
	}
	check := readinessCheck{c: c, council: council, bank: s.Bank, now: r.Now()}
	if check.def, err = s.definition(r, c.SurveyVersion); err != nil {
		return nil, err
	}
	c.Processing = change.After
	check.notice()
	check.findings = slices.DeleteFunc(check.findings, func(f Finding) bool { return f.Page == "ages" }) // as it was published: a change of the notice does not change it
	differences := change.Differences()
	if len(differences) == 0 {
		check.block("change", "", "change.finding.nothing", "")
	} else {
		check.screening(screening)
	}
	for _, d := range differences {
		if d.Kind == privacy.LongerRetention { // those who answered were promised when it goes, and it goes then (decision 38)
			check.block("notice", "retention", "change.finding.longer", d.Clause)
		}
		if d.Kind == privacy.NewCategory && !asksFor(check, d.What) {
			check.block("consent", "categories", "change.finding.category", d.Clause, "Category", d.What)
		}
	}
	if change.From != c.NoticeVersion {
		check.block("change", "", "change.finding.overtaken", "")
	}
	return check.findings, nil
}

// asksFor reports whether the equality questions, which are fixed once published, ask about the category.
func asksFor(check readinessCheck, category locale.Text) bool {
	return slices.ContainsFunc(categories(check.def, check.bank), func(asked locale.Text) bool { return asked[locale.English] == category[locale.English] })
}

func blocks(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return !f.Warn })
}

// ChangeProposal is what the proposer says of a change.
type ChangeProposal struct {
	Note     locale.Text // what changes and why, for the people concerned, in every language of the consultation
	Wider    string      // "yes" or "no": whether changed words say more than before; "" where no words changed
	ClosesAt time.Time   // until when people are asked, UTC; zero = until somebody ends it
}

// ProposeChange asks a second person. fault.Invalid for a proposal that is not whole; fault.Conflict while a finding blocks.
func (s *Service) ProposeChange(ctx context.Context, by *Staff, id string, version int64, p ChangeProposal) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	if err := firstLong(bound{"note", p.Note, maxText}); err != nil {
		return err
	}
	return s.step(ctx, by, id, version, "notice.propose", editing(), func(w Writer, change *NoticeChange) error {
		c, err := w.Consultation(change.ConsultationID)
		if err != nil {
			return err
		}
		findings, err := s.changeFindings(w, change)
		if err != nil {
			return err
		}
		p.ClosesAt = p.ClosesAt.UTC().Truncate(time.Second)
		judge := privacy.NeedsJudgement(change.Differences(), "")
		switch {
		case blocks(findings):
			return fault.New(fault.Conflict, "error.change.blocked")
		case len(p.Note.Missing(c.Languages)) > 0:
			return fault.New(fault.Invalid, "error.change.note").At("note-en")
		case judge && p.Wider != "yes" && p.Wider != "no":
			return fault.New(fault.Invalid, "error.change.judge").At("wider")
		case !p.ClosesAt.IsZero() && !p.ClosesAt.After(w.Now()):
			return fault.New(fault.Invalid, "error.change.closes").At("closes-day")
		}
		change.Note, change.Judged, change.Wider, change.ClosesAt = p.Note, judge, judge && p.Wider == "yes", p.ClosesAt
		change.State, change.ProposedBy, change.ProposedAt, change.ReturnNote = ChangeProposed, by.ID, w.Now(), ""
		return nil
	})
}

// ReturnChange sends a proposed change back with a reason. The proposer may take it back in the same way.
func (s *Service) ReturnChange(ctx context.Context, by *Staff, id string, version int64, reason string) error {
	if err := by.Allow(ConfirmChanges, EditConsultations); err != nil {
		return err
	}
	if err := checkReason(reason); err != nil {
		return fault.New(fault.Invalid, "error.change.reason").At("reason")
	}
	return s.step(ctx, by, id, version, "notice.return", []ChangeState{ChangeProposed}, func(_ Writer, c *NoticeChange) error {
		if !by.May(ConfirmChanges) && c.ProposedBy != by.ID {
			return fault.New(fault.Forbidden, "error.forbidden")
		}
		c.State, c.ReturnNote = ChangeReturned, reason
		return nil
	})
}

// ConfirmChange makes a proposed change a new version of the notice: fault.Forbidden for who wrote or proposed it, fault.Conflict if a finding blocks by now. From the moment it returns, new
// respondents are told the new version; those who answered before are not part of a different use until they agree, and are asked where they look at
// their response.
func (s *Service) ConfirmChange(ctx context.Context, by *Staff, id string, version int64) error {
	if err := by.Allow(ConfirmChanges); err != nil {
		return err
	}
	return s.step(ctx, by, id, version, noticeConfirmed, []ChangeState{ChangeProposed}, func(w Writer, change *NoticeChange) error {
		if err := change.ConfirmableBy(by); err != nil {
			return err
		}
		findings, err := s.changeFindings(w, change)
		if err != nil {
			return err
		}
		if blocks(findings) {
			return fault.New(fault.Conflict, "error.change.blocked")
		}
		if !change.ClosesAt.IsZero() && !change.ClosesAt.After(w.Now()) {
			return fault.New(fault.Conflict, "error.change.closes_over")
		}
		c, err := w.Consultation(change.ConsultationID)
		if err != nil {
			return err
		}
		council, err := s.councilIn(w)
		if err != nil {
			return err
		}
		next, err := nextNotice(w, c.NoticeID)
		if err != nil {
			return err
		}
		notice := privacy.NewNoticeVersion(c.NoticeID, next, w.Now(), council, c.Title, change.After)
		if err := w.AddNotice(&notice); err != nil {
			return err
		}
		c.Processing, c.NoticeVersion = change.After, next
		change.To, change.State, change.ConfirmedBy, change.ConfirmedAt = next, ChangeConfirmed, by.ID, w.Now()
		return w.UpdateConsultation(c)
	})
}

// EndAsking ends a run: people who answered before are asked no more, and those who did not agree stay out of the new use. Who agreed may still change
// their mind. fault.Conflict if nobody is asked.
func (s *Service) EndAsking(ctx context.Context, by *Staff, id string, version int64) error {
	if err := by.Allow(ConfirmChanges, EditConsultations); err != nil {
		return err
	}
	return s.step(ctx, by, id, version, "notice.end", []ChangeState{ChangeConfirmed}, func(w Writer, c *NoticeChange) error {
		if !c.Asks(w.Now()) {
			return fault.New(fault.Conflict, "error.change.ended")
		}
		c.EndedBy, c.EndedAt = by.ID, w.Now()
		return nil
	})
}
