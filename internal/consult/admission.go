package consult

import (
	"slices"

	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// ledgersOf returns the events of the consultation's ledger by principal, in order.
func ledgersOf(r Reader, c *Consultation) (map[string][]privacy.ConsentEvent, error) {
	events, err := r.ConsentEventsOf(c.ID)
	out := map[string][]privacy.ConsentEvent{}
	for _, e := range events {
		out[e.Principal] = append(out[e.Principal], e)
	}
	return out, err
}

// admission says who is counted for a release: those who were told, or agreed since, that its partner gets totals; and whose equality answers are, where
// a table needs them: those whose consent names the partner. It keeps count in the release. Where the notice never changed everybody was told.
func (s *Service) admission(r Reader, p *releasePlan, release *Release) (func(*Response, survey.Answers) (bool, survey.Answers), error) {
	all := newStandings(p.history, r.Now())
	if !all.changed() {
		return func(_ *Response, equality survey.Answers) (bool, survey.Answers) { return true, equality }, nil
	}
	ledgers, err := ledgersOf(r, p.c)
	if err != nil {
		return nil, err
	}
	named := slices.ContainsFunc(p.specs, p.needsEquality) // else they are read for protection alone
	return func(response *Response, equality survey.Answers) (bool, survey.Answers) {
		events := ledgers[s.Keys.PrincipalToken(response.ID)]
		st := all.of(response, events)
		if !all.told(st.responses, p.partner) {
			release.Coverage.LeftOut++
			return false, nil
		}
		agreed := !all.told(st.silent, p.partner)
		if named && equality != nil {
			switch {
			case !all.named(st.equality, p.partner):
				release.Coverage.Silent++
				equality = nil
			case !all.named(all.at(privacy.PartEquality, statusOf(events, r.Now()).Notice), p.partner):
				agreed = true
			}
		}
		if agreed {
			release.Coverage.Agreed++
		}
		return true, equality
	}, nil
}

// holding returns the ids of the responses for which the newest version of the notice holds; nil for all, where there is no other.
func (s *Service) holding(r Reader, c *Consultation) (map[string]bool, error) {
	h, _, err := history(r, c)
	if err != nil || len(h) < 2 {
		return nil, err
	}
	ledgers, err := ledgersOf(r, c)
	if err != nil {
		return nil, err
	}
	all, out := newStandings(h, r.Now()), map[string]bool{}
	err = r.Responses(c.ID, func(response *Response) error {
		if st := all.of(response, ledgers[s.Keys.PrincipalToken(response.ID)]); st.responses == c.NoticeVersion {
			out[response.ID] = true
		}
		return nil
	})
	return out, err
}
