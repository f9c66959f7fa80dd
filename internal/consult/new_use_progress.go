package consult

import (
	"context"

	"folkmoot/internal/privacy"
)

// AskingProgress is how far asking people about a change is, about one part. Counts only.
type AskingProgress struct {
	Part     privacy.Part
	Answered map[int]int // people concerned, by the version that holds for them without any agreement to this change
	Asked    int         // people concerned: for whom the change is a different use
	Agreed   int
	Refused  int // or took their agreement back
	Silent   int // did not answer: they are not part of the new use
}

// ChangeProgress counts, part by part, how the people concerned by a change answered, or would be asked if it were confirmed now. Who answers after a
// change is told of it, and is not counted here.
func (s *Service) ChangeProgress(ctx context.Context, by *Staff, id string) (out []AskingProgress, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		change, err := r.NoticeChange(id)
		if err != nil {
			return err
		}
		c, err := r.Consultation(change.ConsultationID)
		if err != nil {
			return err
		}
		out, err = s.progressOf(r, c, change)
		return err
	})
	return out, err
}

func (s *Service) progressOf(r Reader, c *Consultation, change *NoticeChange) ([]AskingProgress, error) {
	h, _, err := history(r, c)
	if err != nil {
		return nil, err
	}
	to := change.To
	if change.State != ChangeConfirmed { // as if it were
		to = c.NoticeVersion + 1
		h = append(h, privacy.ProcessingVersion{Version: to, Processing: change.After, Wider: change.Wider})
	}
	for len(h) > 0 && h.Current() > to { // later changes are asked about by themselves
		h = h[:len(h)-1]
	}
	ledgers, err := ledgersOf(r, c)
	if err != nil {
		return nil, err
	}
	all := newStandings(h, r.Now())
	var out []AskingProgress
	for _, part := range change.Needs() {
		p := AskingProgress{Part: part, Answered: map[int]int{}}
		err := r.Responses(c.ID, func(response *Response) error {
			events := ledgers[s.Keys.PrincipalToken(response.ID)]
			from := response.NoticeVersion
			if part == privacy.PartEquality {
				status := statusOf(events, r.Now())
				if !privacy.Permits(status.State) {
					return nil // there is nothing to use
				}
				from = status.Notice
			}
			p.count(all, from, to, agreements(events, part, all.now))
			return nil
		})
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// count adds a person who was told the version from.
func (p *AskingProgress) count(all *standings, from, to int, records []agreement) {
	var agreed []int
	var earlier []int // agreements to other changes
	refused := false
	for _, a := range records {
		switch v := a.last.NoticeVersion; {
		case a.permits && v == to:
			agreed = append(agreed, v)
		case a.permits && v < to:
			earlier = append(earlier, v)
		case v == to && (a.state == privacy.ConsentRefused || a.state == privacy.ConsentWithdrawn):
			refused = true
		}
	}
	without := all.at(p.Part, from, earlier...)
	if from >= to || without == to {
		return // told, or nothing is different for them
	}
	p.Asked++
	p.Answered[without]++
	switch {
	case len(agreed) > 0:
		p.Agreed++
	case refused:
		p.Refused++
	default:
		p.Silent++
	}
}
