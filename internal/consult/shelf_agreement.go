package consult

import "context"

// ShelfAgreements lists the partner's own agreements, the last to expire first, and the partner: also those under which nothing has been
// released yet.
func (s *Service) ShelfAgreements(ctx context.Context, by *Staff) (out []*Agreement, p *Partner, err error) {
	if err := by.Allow(SeeShelf); err != nil {
		return nil, nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out = nil
		all, err := r.Agreements()
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.PartnerID == by.PartnerID {
				out = append(out, a)
			}
		}
		p, err = r.Partner(by.PartnerID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return out, p, nil
}
