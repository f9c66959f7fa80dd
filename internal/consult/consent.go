package consult

import (
	"context"
	"errors"
	"fmt"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// EqualityPurpose is the id of the purpose that equality answers are collected for, in the consent ledger.
const EqualityPurpose = "equality"

// lastMinute is how long after closing a respondent may still answer the consent page: the response was sent in time, and the
// questions that come after it belong to it.
const lastMinute = 24 * time.Hour

// ConsentStatement returns the explicit-consent statement of the consultation's equality questions as it must be shown.
// fault.NotFound where no equality questions are asked.
func (s *Service) ConsentStatement(ctx context.Context, c *Consultation, lang locale.Lang) (privacy.Statement, error) {
	def, err := s.definitionOf(ctx, c.SurveyVersion)
	if err != nil {
		return privacy.Statement{}, err
	}
	if len(def.Equality) == 0 {
		return privacy.Statement{}, fault.New(fault.NotFound, "error.equality.none")
	}
	council, err := s.Council(ctx)
	if err != nil {
		return privacy.Statement{}, err
	}
	return privacy.ConsentStatement(council, c.Processing, c.Title, lang, s.withdrawAt(lang)), nil
}

// withdrawAt is the page where consent is withdrawn, as people read it.
func (s *Service) withdrawAt(lang locale.Lang) string { return s.in(lang, "/your-response") }

// byCode returns the response with the code and its consultation, inside a transaction.
func (s *Service) byCode(r Reader, code string) (*Response, *Consultation, error) {
	normal, err := seal.NormaliseCode(code)
	if err != nil {
		normal = "" // the look-up is made all the same
	}
	response, lookup := r.ResponseByCode(s.Keys.CodeHash(normal))
	if err != nil {
		return nil, nil, fault.New(fault.NotFound, "error.code.unknown")
	}
	if fault.Is(lookup, fault.NotFound) {
		return nil, nil, fault.New(fault.NotFound, "error.code.unknown")
	}
	if lookup != nil {
		return nil, nil, lookup
	}
	c, err := s.consultationIn(r, response.ConsultationID)
	return response, c, err
}

// consentOf returns where the equality consent of a response stands at the moment of the transaction, with its events.
func (s *Service) consentOf(r Reader, responseID string) (ConsentStatus, []privacy.ConsentEvent, error) {
	events, err := r.ConsentEvents(s.Keys.PrincipalToken(responseID))
	if err != nil {
		return ConsentStatus{}, nil, fmt.Errorf("read consent: %w", err)
	}
	return statusOf(events, r.Now()), events, nil
}

// statusOf is the state of the newest record of the equality consent among the events of one respondent. An older record never permits anything:
// agreeing again after a refusal or a withdrawal makes a new one. Where somebody agreed since that the answers are kept longer, consent lasts
// as long as that agreement does.
func statusOf(events []privacy.ConsentEvent, now time.Time) ConsentStatus {
	own := ofPurpose(events, EqualityPurpose)
	if len(own) == 0 {
		return ConsentStatus{State: privacy.ConsentNone}
	}
	last := own[len(own)-1]
	out := ConsentStatus{RecordID: last.RecordID, State: privacy.StateOf(lastRecord(own), now), At: last.At}
	if privacy.Permits(last.State) {
		out.Until, out.Notice = last.ValidUntil, last.NoticeVersion
	}
	if record := lastRecord(own); out.State == privacy.ConsentExpired { // since its end, and not since somebody wrote that down
		for _, e := range record {
			if privacy.Permits(e.State) {
				out.At = e.ValidUntil
			}
		}
	}
	for _, a := range agreements(events, privacy.PartEquality, now) {
		if a.permits && privacy.Permits(last.State) && a.last.ValidUntil.After(out.Until) {
			out.Until = a.last.ValidUntil
			if out.State == privacy.ConsentExpired {
				out.State, out.At = last.State, last.At
			}
		}
	}
	return out
}

// ofPurpose returns the events of one purpose, in order.
func ofPurpose(events []privacy.ConsentEvent, purpose string) (out []privacy.ConsentEvent) {
	for _, e := range events {
		if e.PurposeID == purpose {
			out = append(out, e)
		}
	}
	return out
}

// lastRecord returns the events of the newest consent record of one respondent, in order.
func lastRecord(events []privacy.ConsentEvent) (record []privacy.ConsentEvent) {
	for _, e := range events {
		if e.RecordID == events[len(events)-1].RecordID {
			record = append(record, e)
		}
	}
	return record
}

// DecideConsent records that the respondent with the code gave or refused consent to the statement with the hash, shown in lang.
// Repeating a decision records nothing. Refusing after having given is withdrawing, also where consent was given at the same moment
// elsewhere: the transaction that decides is the one that looks. fault.Conflict if the statement has changed since it was shown;
// fault.NotFound for an unknown code; fault.Closed for consent given more than a day after closing; fault.Forbidden for consent of somebody who has
// not said that they are old enough (CheckEqualityAge).
func (s *Service) DecideConsent(ctx context.Context, code string, given bool, statementHash string, lang locale.Lang) (ConsentStatus, error) {
	way := theirOwn(ctx)
	var out ConsentStatus
	var withdrawn string // the response whose answers must go
	err := s.Store.Update(ctx, func(w Writer) error {
		withdrawn = "" // fn may run more than once
		response, c, err := s.byCode(w, code)
		if err != nil {
			return err
		}
		status, _, err := s.consentOf(w, response.ID)
		if err != nil {
			return err
		}
		if !given && privacy.Permits(status.State) {
			withdrawn = response.ID
			out, err = s.withdraw(w, response, c, way(response))
			return err
		}
		out, err = s.recordDecision(ctx, w, decided{response, c, status, way(response)}, given, statementHash, lang)
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

// decided is what a decision is about.
type decided struct {
	response *Response
	c        *Consultation
	status   ConsentStatus // before
	how      doing
}

// recordDecision appends the decision, unless it is the one that stands.
func (s *Service) recordDecision(ctx context.Context, w Writer, about decided, given bool, statementHash string, lang locale.Lang) (ConsentStatus, error) {
	c, status := about.c, about.status
	statement, err := s.statementIn(ctx, w, c, lang)
	if err != nil {
		return ConsentStatus{}, err
	}
	if statement.Hash != statementHash {
		return ConsentStatus{}, fault.New(fault.Conflict, "error.consent.changed")
	}
	want := privacy.ConsentRefused
	if given {
		want = privacy.ConsentGiven
	}
	if given && privacy.Permits(status.State) {
		return s.reaffirm(w, about.response, c, status, statement, Channel(about.how.channel))
	}
	if status.State == want {
		return status, nil
	}
	if given && c.Processing.Ages.EqualityNext(about.response.Ages) != privacy.AgeOpen {
		return ConsentStatus{}, fault.New(fault.Forbidden, "error.age.equality")
	}
	if given && !mayConsent(c, w.Now()) && (!about.how.recorded || c.Recordable(about.response.Channel, w.Now()) != nil) {
		return ConsentStatus{}, fault.New(fault.Closed, "error.consultation.closed", "ClosesAt", c.ClosesAt)
	}
	return s.appendDecision(w, about, statement, want)
}

// reaffirm is for whoever agreed before and agrees again: nothing is recorded, unless the whole statement that was shown says more than the one
// that was agreed to then. Then what was decided about new uses by themselves is in the whole: those records end, or the person could take one back or be told
// that it was refused while the whole went on permitting it.
func (s *Service) reaffirm(w Writer, response *Response, c *Consultation, status ConsentStatus, st privacy.Statement, way Channel) (ConsentStatus, error) {
	h, _, err := history(w, c)
	if err != nil || h.Standing(privacy.PartEquality, status.Notice) == c.NoticeVersion || !mayConsent(c, w.Now()) {
		return status, err
	}
	until, err := validUntil(c)
	if err != nil {
		return ConsentStatus{}, err
	}
	_, events, err := s.consentOf(w, response.ID)
	if err != nil {
		return ConsentStatus{}, err
	}
	if _, err := s.supersede(w, events, privacy.PartEquality, way); err != nil {
		return ConsentStatus{}, err
	}
	return s.renew(w, response, c, st, renewal{record: status.RecordID, notice: c.NoticeVersion, until: until, way: way})
}

func mayConsent(c *Consultation, now time.Time) bool {
	return c.Status(now) == StatusOpen || c.State == Published && !now.Before(c.ClosesAt) && now.Before(c.ClosesAt.Add(lastMinute))
}

// statementIn renders the statement inside a transaction: with the definition and the council read before.
func (s *Service) statementIn(ctx context.Context, r Reader, c *Consultation, lang locale.Lang) (privacy.Statement, error) {
	def, err := s.definition(r, c.SurveyVersion)
	if err != nil {
		return privacy.Statement{}, err
	}
	if len(def.Equality) == 0 {
		return privacy.Statement{}, fault.New(fault.NotFound, "error.equality.none")
	}
	council, err := s.councilIn(r)
	if err != nil {
		return privacy.Statement{}, err
	}
	return privacy.ConsentStatement(council, c.Processing, c.Title, lang, s.withdrawAt(lang)), nil
}

// appendDecision starts a new consent record: that it was asked, and what was decided (privacy.md 3.5).
func (s *Service) appendDecision(w Writer, about decided, st privacy.Statement, want privacy.ConsentState) (ConsentStatus, error) {
	response, c, how := about.response, about.c, about.how
	asked := s.consentEvent(response, c, st, seal.RandomUUID())
	asked.State, asked.Actor, asked.Channel, asked.Evidence = privacy.ConsentRequested, how.by, how.channel, how.evidence
	if how.recorded { // what the form or the script said, whatever holds now
		asked.NoticeID, asked.NoticeVersion = response.NoticeID, response.NoticeVersion
	}
	if _, err := appendConsent(w, asked); err != nil {
		return ConsentStatus{}, err
	}
	decided := asked
	decided.ID = seal.RandomID()
	decided.State, decided.Option = want, st.Refuse
	if want == privacy.ConsentGiven {
		until, err := validUntil(c)
		if err != nil {
			return ConsentStatus{}, err
		}
		decided.ValidUntil, decided.Option = until, st.Agree
	}
	stored, err := appendConsent(w, decided)
	if err != nil {
		return ConsentStatus{}, err
	}
	status := ConsentStatus{RecordID: stored.RecordID, State: want, At: stored.At}
	return status, w.AppendAudit(event(how.actor, "consent."+string(want), "consultation:"+c.ID))
}

// appendConsent is the one way into the ledger: no event gets there without what its channel and state ask for.
func appendConsent(w Writer, e privacy.ConsentEvent) (privacy.ConsentEvent, error) {
	if err := e.CheckEvidence(); err != nil {
		return privacy.ConsentEvent{}, err
	}
	return w.AppendConsent(e)
}

// consentEvent is an event that the respondent makes on the website, unless the caller says otherwise.
func (s *Service) consentEvent(response *Response, c *Consultation, st privacy.Statement, record string) privacy.ConsentEvent {
	return privacy.ConsentEvent{
		ID: seal.RandomID(), RecordID: record, Principal: s.Keys.PrincipalToken(response.ID), ConsultationID: c.ID,
		PurposeID: EqualityPurpose, Channel: string(Web), Actor: "self", Language: st.Lang,
		NoticeID: c.NoticeID, NoticeVersion: c.NoticeVersion, SurveyVersion: c.SurveyVersion,
		Statement: st.String(), StatementHash: st.Hash,
	}
}

// validUntil is when consent to use equality answers ends: the equality period after closing, at most twelve months (privacy.md 10.4).
func validUntil(c *Consultation) (time.Time, error) {
	period, err := privacy.ParsePeriod(c.Processing.EqualityPeriod)
	if err != nil {
		return time.Time{}, fmt.Errorf("equality period: %w", err)
	}
	if year := (privacy.Period{Months: 12}); period.After(year) {
		period = year
	}
	return privacy.AddPeriod(c.ClosesAt, period), nil
}

// WithdrawConsent withdraws the equality consent: the event first (reads stop at once), then the answers and their key are erased
// before it returns. It returns the consent's new state. Repeating it is no error, and erases again what a crash may have left.
func (s *Service) WithdrawConsent(ctx context.Context, code string) (ConsentStatus, error) {
	var out ConsentStatus
	var responseID string
	err := s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byCode(w, code)
		if err != nil {
			return err
		}
		responseID = response.ID
		out, err = s.withdraw(w, response, c, theirOwn(ctx)(response))
		return err
	})
	if err != nil {
		return ConsentStatus{}, err
	}
	if err := errors.Join(s.settle(ctx), s.eraseEquality(ctx, responseID)); err != nil {
		return ConsentStatus{}, err
	}
	return out, nil
}

// withdraw appends the withdrawal if there is consent to withdraw. It takes expired consent too (art. 7(3): at any time).
func (s *Service) withdraw(w Writer, response *Response, c *Consultation, d doing) (ConsentStatus, error) {
	status, events, err := s.consentOf(w, response.ID)
	if err == nil {
		err = s.endAgreements(w, c, ending{events: events, part: privacy.PartEquality, by: d}, nil)
	}
	if err != nil || !privacy.CanFollow(status.State, privacy.ConsentWithdrawn) {
		return status, err
	}
	own := ofPurpose(events, EqualityPurpose)
	last := own[len(own)-1]
	e := s.consentEvent(response, c, privacy.Statement{Lang: response.Language}, status.RecordID)
	e.State, e.Statement, e.StatementHash, e.Option = privacy.ConsentWithdrawn, "", "", ""
	e.Actor, e.Channel = d.by, d.channel
	e.NoticeID, e.NoticeVersion, e.SurveyVersion = last.NoticeID, last.NoticeVersion, last.SurveyVersion
	stored, err := appendConsent(w, e)
	if err != nil {
		return ConsentStatus{}, err
	}
	if err := s.noteErasure(w, Erasure{Kind: WithdrawnConsent, By: d.by, Channel: d.channel}, status.RecordID); err != nil {
		return ConsentStatus{}, err
	}
	return ConsentStatus{RecordID: stored.RecordID, State: privacy.ConsentWithdrawn, At: stored.At},
		w.AppendAudit(event(d.actor, consentWithdrawn, "consultation:"+c.ID))
}
