package consult

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// renewal is what a renewed consent holds for.
type renewal struct {
	record string
	notice int       // version whose statement is agreed to
	until  time.Time // UTC
	way    Channel   // by which it is renewed
}

// Renewal is the offer to a person whose consent ends soon.
type Renewal struct {
	Ends, Until time.Time // UTC: when consent ends, and until when it would last

	to        renewal
	statement func(locale.Lang) privacy.Statement
}

// In returns the statement in a language, as it must be shown.
func (r *Renewal) In(lang locale.Lang) privacy.Statement { return r.statement(lang) }

// equalityEnds is the last moment until which equality answers of the consultation may be kept under the period that was promised: twelve months after
// closing at the most (privacy.md 2, decision 5), or less where an approved rule of the council says so.
func (s *Service) equalityEnds(r Reader, c *Consultation, p privacy.Processing) (time.Time, error) {
	kept := *c
	kept.Processing = p
	most, err := validUntil(&kept)
	if err != nil {
		return time.Time{}, err
	}
	plan, err := s.plannerIn(r)
	if err != nil {
		return time.Time{}, err
	}
	moments := map[privacy.Trigger]time.Time{privacy.OnClosed: c.ClosesAt, privacy.OnDecision: c.Outcome.PublishedAt}
	return plan.promised(&kept, privacy.ClassEquality, p.EqualityPeriod, most, moments).Due, nil
}

// renewable returns the offer to renew, or nil where there is none: consent does not stand, its review is not due, or it lasts as long as it ever may. What
// is renewed is what was agreed to then, or less; what is new since is asked about by itself.
func (s *Service) renewable(r Reader, c *Consultation, events []privacy.ConsentEvent) (*Renewal, error) {
	status := statusOf(events, r.Now())
	if !privacy.Permits(status.State) {
		return nil, nil
	}
	h, _, err := history(r, c)
	if err != nil {
		return nil, err
	}
	version := h.Standing(privacy.PartEquality, status.Notice)
	p, ok := h.Of(version)
	if !ok {
		return nil, nil
	}
	most, err := s.equalityEnds(r, c, p)
	if err != nil {
		return nil, err
	}
	until, ok := privacy.RenewableUntil(status.Until, most, r.Now())
	if !ok {
		return nil, nil
	}
	council, err := s.councilIn(r)
	if err != nil {
		return nil, err
	}
	show := func(lang locale.Lang) privacy.Statement {
		return privacy.RenewStatement(council, p, c.Title, lang, s.withdrawAt(lang), status.Until, until)
	}
	return &Renewal{status.Until, until, renewal{record: status.RecordID, notice: version, until: until}, show}, nil
}

// RenewConsent renews the equality consent of the person with the code, before it ends. fault.Closed where there is nothing to renew (any more);
// fault.Conflict if the statement is not the one that was shown.
func (s *Service) RenewConsent(ctx context.Context, code, statementHash string, lang locale.Lang) (out ConsentStatus, err error) {
	err = s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byCode(w, code)
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(w, response.ID)
		if err != nil {
			return err
		}
		offer, err := s.renewable(w, c, events)
		switch {
		case err != nil:
			return err
		case offer == nil:
			return fault.New(fault.Closed, "error.consent.not_renewable")
		case offer.In(lang).Hash != statementHash:
			return fault.New(fault.Conflict, "error.consent.changed")
		}
		offer.to.way = wayOf(ctx)
		out, err = s.renew(w, response, c, offer.In(lang), offer.to)
		return err
	})
	return out, err
}

// renew appends that consent was renewed (privacy.md 3.5).
func (s *Service) renew(w Writer, response *Response, c *Consultation, st privacy.Statement, to renewal) (ConsentStatus, error) {
	e := s.consentEvent(response, c, st, to.record)
	e.Channel = string(to.way)
	e.State, e.Option, e.ValidUntil, e.NoticeVersion = privacy.ConsentRenewed, st.Agree, to.until, to.notice
	stored, err := appendConsent(w, e)
	if err != nil {
		return ConsentStatus{}, err
	}
	return ConsentStatus{RecordID: stored.RecordID, State: stored.State, At: stored.At, Until: stored.ValidUntil, Notice: stored.NoticeVersion},
		w.AppendAudit(event(respondent(), "consent.renewed", "consultation:"+c.ID, "version", strconv.Itoa(to.notice)))
}

// ExpireConsent records in the ledger that consents have ended by themselves, and agreements to new uses too. They ended at that moment whether or not
// this has run: reads stop then (privacy.md 3.1). It returns how many. RepairConsent erases what was held on them.
func (s *Service) ExpireConsent(ctx context.Context) (expired int, err error) {
	var ids []string
	err = s.Store.View(ctx, func(r Reader) error {
		ids = nil
		all, err := r.Consultations(ConsultationFilter{State: Published})
		for _, c := range all {
			ids = append(ids, c.ID)
		}
		return err
	})
	for _, id := range ids {
		var n int
		if err == nil {
			n, err = s.expireIn(ctx, id)
		}
		expired += n
	}
	return expired, err
}

// expireIn records the ends of the consents of one consultation, a batch at a time.
func (s *Service) expireIn(ctx context.Context, consultationID string) (expired int, err error) {
	var over []privacy.ConsentEvent
	err = s.Store.View(ctx, func(r Reader) (err error) {
		over, err = expiredOf(r, consultationID)
		return err
	})
	for batch := range slices.Chunk(over, disposalBatch) {
		var n int
		if err == nil {
			n, err = s.expireSome(ctx, consultationID, batch)
		}
		expired += n
	}
	return expired, err
}

// expireSome records those that have still ended: somebody may have decided meanwhile.
func (s *Service) expireSome(ctx context.Context, consultationID string, over []privacy.ConsentEvent) (n int, err error) {
	err = s.Store.Update(ctx, func(w Writer) error {
		n = 0
		for _, last := range over {
			ledger, err := w.ConsentEvents(last.Principal)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(expiredIn(ledger, w.Now()), func(e privacy.ConsentEvent) bool { return e.ID == last.ID }) {
				continue
			}
			e := following(last, privacy.ConsentExpired, "system", last.Channel)
			e.Reason = privacy.ReasonPeriodEnded
			if _, err := appendConsent(w, e); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return nil
		}
		return w.AppendAudit(event(system(), "consent.expired", "consultation:"+consultationID, "count", fmt.Sprint(n)))
	})
	return n, err
}

// expiredOf returns the last event of every record of a consultation that has ended by itself and whose ledger does not say so yet.
func expiredOf(r Reader, consultationID string) (out []privacy.ConsentEvent, err error) {
	events, err := r.ConsentEventsOf(consultationID)
	if err != nil {
		return nil, err
	}
	var order []string
	ledgers := map[string][]privacy.ConsentEvent{}
	for _, e := range events {
		if ledgers[e.Principal] == nil {
			order = append(order, e.Principal)
		}
		ledgers[e.Principal] = append(ledgers[e.Principal], e)
	}
	for _, principal := range order {
		out = append(out, expiredIn(ledgers[principal], r.Now())...)
	}
	slices.SortFunc(out, func(a, b privacy.ConsentEvent) int { return int(a.Sequence - b.Sequence) })
	return out, nil
}

// expiredIn is expiredOf for the events of one respondent.
func expiredIn(ledger []privacy.ConsentEvent, now time.Time) (out []privacy.ConsentEvent) {
	own := ofPurpose(ledger, EqualityPurpose)
	if len(own) > 0 && privacy.Permits(own[len(own)-1].State) && statusOf(ledger, now).State == privacy.ConsentExpired {
		out = append(out, own[len(own)-1])
	}
	for _, part := range privacy.Parts() {
		for _, a := range agreements(ledger, part, now) {
			if a.state == privacy.ConsentExpired && privacy.Permits(a.last.State) {
				out = append(out, a.last)
			}
		}
	}
	return out
}
