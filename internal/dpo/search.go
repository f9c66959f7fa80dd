package dpo

import (
	"context"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Search looks for what is held about the person of an open request whose person is identified, records what was searched and what came of it in the request,
// sealed with it, and returns the number of the search in it. The audit log gets the sorts of details and the number of matches, never a detail (art. 15(1A);
// DUAA s.78: the search that was made can be shown).
func (d *Desk) Search(ctx context.Context, by *consult.Staff, id string, version int64, q privacy.SubjectQuery) (number int, err error) {
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return 0, err
	}
	if c.Entry.Version != version {
		return 0, fault.New(fault.Conflict, "error.store.version")
	}
	if err := c.Request.Searchable(); err != nil {
		return 0, err
	}
	q.Reference, q.Words = strings.TrimSpace(q.Reference), strings.TrimSpace(q.Words)
	found, err := d.Service.SearchSubject(ctx, by, q, id)
	if err != nil {
		return 0, err
	}
	c, err = d.edited(ctx, by, id, version, "request.search", "", func(r *privacy.Request, _ privacy.Calendar) error {
		if err := r.Searchable(); err != nil {
			return err
		}
		number = len(r.Searches)
		r.Searches = append(r.Searches, privacy.SearchDone{On: privacy.DateOf(d.Service.Now()), Found: len(found.Matches), By: by.ID, Query: &q, Subject: found})
		return nil
	})
	if err != nil {
		return 0, err
	}
	return number, d.save(ctx, &c.Entry, false, privacy.NewAuditEvent(by.Actor(), "request.search", "request:"+id, "by", strings.Join(q.Classes(), " ")))
}

// Matches opens what a search of the request found, for the officer to compare. fault.NotFound if there is no such search; fault.Conflict if the request has
// ended or its person is not identified.
func (d *Desk) Matches(ctx context.Context, by *consult.Staff, id string, number int) (*Case, *privacy.SearchDone, map[string]consult.SubjectMatch, error) {
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return nil, nil, nil, err
	}
	if number < 0 || number >= len(c.Request.Searches) || c.Request.Searches[number].Subject == nil {
		return nil, nil, nil, fault.New(fault.NotFound, "error.search.match")
	}
	if err := c.Request.Searchable(); err != nil {
		return nil, nil, nil, err
	}
	done := &c.Request.Searches[number]
	var ids []string
	for _, m := range done.Subject.Matches {
		if m.Verdict != privacy.VerdictDismissed { // seen, and found to be of somebody else: nobody needs to see it again
			ids = append(ids, m.Response)
		}
	}
	opened, err := d.Service.SubjectMatches(ctx, by, id, ids)
	return c, done, opened, err
}

// Decide records whether a match is the person's. One that is theirs is linked to the request.
func (d *Desk) Decide(ctx context.Context, by *consult.Staff, id string, version int64, number int, response string, v privacy.MatchVerdict, reason string) error {
	decide := func(r *privacy.Request, _ privacy.Calendar) error { return r.Decide(number, response, v, reason) }
	if v == privacy.VerdictDismissed {
		return d.change(ctx, by, id, version, "request.dismiss", "", decide)
	}
	return d.change(ctx, by, id, version, "request.link", "", decide)
}

// TakeInHand makes another of the person's responses the one that steps are about.
func (d *Desk) TakeInHand(ctx context.Context, by *consult.Staff, id string, version int64, response string) error {
	return d.change(ctx, by, id, version, "request.take", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.TakeInHand(response) })
}
