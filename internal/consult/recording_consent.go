package consult

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Decision is what a person decided about their equality answers, as an officer heard or read it.
type Decision struct {
	Given         bool
	StatementHash string        // of the statement that was read out or signed
	Giver         privacy.Giver // empty: the respondent
	Relation      string        // privacy.Relations
	OldEnough     bool          // the person said, or wrote, that they are old enough for the equality questions
}

// DecideConsentFor records the decision for the response with the code, which the officer has just recorded: the same events as DecideConsent, and with them
// who gave it, the version of the form or script, where the signed form lies and the role of the officer. fault.Forbidden for a response that somebody
// else recorded, or that was recorded before yesterday; fault.Conflict if the statement is no longer the one on the form: nobody agreed to
// this one; fault.Invalid without the evidence that the channel asks for.
func (s *Service) DecideConsentFor(ctx context.Context, by *Staff, code string, d Decision) (ConsentStatus, error) {
	if err := by.Allow(RecordResponses); err != nil {
		return ConsentStatus{}, err
	}
	var out ConsentStatus
	var withdrawn string
	err := s.Store.Update(ctx, func(w Writer) error {
		withdrawn = ""
		response, c, kept, err := s.recorded(w, by, code)
		if err != nil {
			return err
		}
		status, _, err := s.consentOf(w, response.ID)
		if err != nil {
			return err
		}
		how := s.tookDown(kept, by, response, d)
		if !d.Given && privacy.Permits(status.State) {
			withdrawn = response.ID
			out, err = s.withdraw(w, response, c, how)
			return err
		}
		form, err := s.formIn(w, c.ID, formCode(kept.Form))
		if err != nil {
			return err
		}
		if form.StatementHash != d.StatementHash {
			return fault.New(fault.Conflict, "error.consent.changed")
		}
		if d.Given && d.OldEnough {
			if response, err = s.oldEnough(w, by, response, c); err != nil {
				return err
			}
		}
		out, err = s.recordDecision(ctx, w, decided{response, c, status, how}, d.Given, d.StatementHash, response.Language)
		return err
	})
	if err != nil {
		return ConsentStatus{}, err
	}
	if withdrawn != "" {
		return out, errors.Join(s.settle(ctx), s.eraseEquality(ctx, withdrawn))
	}
	return out, nil
}

// oldEnough keeps the threshold and the day on which an officer heard or read that the person is old enough for the equality questions.
func (s *Service) oldEnough(w Writer, by *Staff, response *Response, c *Consultation) (*Response, error) {
	rules := c.Processing.Ages
	if rules.EqualityNext(response.Ages) != privacy.AgeAsk {
		return response, nil
	}
	kept := *response
	kept.Ages = rules.AnswerEquality(response.Ages, true, today(w.Now()))
	if err := w.SetAges(&kept); err != nil {
		return nil, err
	}
	return &kept, w.AppendAudit(event(by.Actor(), "response.age", "consultation:"+c.ID))
}

// tookDown is what an officer does for the person, with what proves that the person wanted it.
func (s *Service) tookDown(k *Capture, by *Staff, r *Response, d Decision) doing {
	giver := d.Giver
	switch {
	case giver != "":
	case r.Channel == Paper:
		giver = privacy.GivenInWriting
	default:
		giver = privacy.GivenOrally
	}
	on := k.ReceivedOn
	if on == "" {
		on = k.RecordedOn
	}
	evidence := privacy.Evidence{Giver: giver, Relation: d.Relation, Form: k.Form, On: on, Role: string(by.Role)}
	if k.Scan != "" {
		evidence.Token = s.Keys.ConsentScanToken(r.ConsultationID, k.Scan)
	}
	return doing{actor: by.Actor(), by: by.ID, channel: string(r.Channel), recorded: true, evidence: evidence}
}

// formCode is the code in privacy.IssuedForm.Version.
func formCode(version string) string {
	for i, r := range version {
		if r == '/' {
			return version[:i]
		}
	}
	return version
}

// SaveEqualityFor stores equality answers of the person whose response the officer has just recorded, as SaveEquality does. The officer cannot read them
// back. fault.Forbidden as DecideConsentFor.
func (s *Service) SaveEqualityFor(ctx context.Context, by *Staff, code, consultationID string, answers survey.Answers) error {
	if err := by.Allow(RecordResponses); err != nil {
		return err
	}
	err := s.Store.View(ctx, func(r Reader) error {
		_, _, _, err := s.recorded(r, by, code)
		return err
	})
	if err != nil {
		return err
	}
	return s.saveEquality(ctx, code, consultationID, answers, by.Actor())
}

// UndoReason is why an officer erases a response that they recorded. The zero value is invalid.
type UndoReason string

// UndoReasons lists the reasons.
func UndoReasons() []UndoReason {
	return []UndoReason{"misread", "duplicate", "elsewhere", "asked"} // of another consultation; the person asked
}

const responseUnrecorded = "response.unrecord"

// EraseRecorded erases the response with the code for the officer who has just recorded it wrongly, with its equality answers and keys. What was entered as
// consent is invalidated in the ledger as misrecorded, or withdrawn where the person asked. fault.Forbidden as DecideConsentFor; fault.Invalid for
// another reason.
func (s *Service) EraseRecorded(ctx context.Context, by *Staff, code string, why UndoReason) error {
	if err := by.Allow(RecordResponses); err != nil {
		return err
	}
	if !slices.Contains(UndoReasons(), why) {
		return fault.New(fault.Invalid, "error.record.reason").At("reason")
	}
	return s.eraseWith(ctx, func(w Writer) (*Response, Erasure, error) {
		response, c, kept, err := s.recorded(w, by, code)
		if err != nil {
			return nil, Erasure{}, err
		}
		how := s.tookDown(kept, by, response, Decision{})
		if why == "asked" {
			_, err = s.withdraw(w, response, c, how)
		} else {
			err = s.invalidate(w, response, c, how)
		}
		if err != nil {
			return nil, Erasure{}, err
		}
		e := event(by.Actor(), responseUnrecorded, "consultation:"+c.ID, "reason", string(why))
		out := Erasure{By: how.by, Channel: how.channel}
		if why != "asked" {
			out.Reason = privacy.ReasonMisrecorded
		}
		return response, out, w.AppendAudit(e)
	})
}

// invalidate ends a consent that was never given: an officer recorded it wrongly.
func (s *Service) invalidate(w Writer, response *Response, c *Consultation, d doing) error {
	status, events, err := s.consentOf(w, response.ID)
	if err != nil || !privacy.CanFollow(status.State, privacy.ConsentInvalidated) {
		return err
	}
	own := ofPurpose(events, EqualityPurpose)
	last := own[len(own)-1]
	e := s.consentEvent(response, c, privacy.Statement{Lang: response.Language}, status.RecordID)
	e.State, e.Statement, e.StatementHash, e.Option = privacy.ConsentInvalidated, "", "", ""
	e.Actor, e.Channel, e.Reason, e.Evidence.Role = d.by, d.channel, privacy.ReasonMisrecorded, d.evidence.Role
	e.NoticeID, e.NoticeVersion, e.SurveyVersion = last.NoticeID, last.NoticeVersion, last.SurveyVersion
	if _, err := appendConsent(w, e); err != nil {
		return fmt.Errorf("invalidate consent: %w", err)
	}
	return s.noteErasure(w, Erasure{Kind: WithdrawnConsent, By: d.by, Channel: d.channel, Reason: e.Reason}, status.RecordID)
}
