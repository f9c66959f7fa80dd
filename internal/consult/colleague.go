package consult

import (
	"context"
)

// Colleagues maps the ids of the council's staff to their names: whoever works in the office may know who did what there. People of
// partners are left out for all but those who manage them, and a partner's person gets nothing.
func (s *Service) Colleagues(ctx context.Context, by *Staff) (map[string]string, error) {
	if err := by.Allow(SeeConsultations); err != nil { // every role of the council, and no other
		return nil, err
	}
	names := map[string]string{}
	err := s.Store.View(ctx, func(r Reader) error {
		clear(names) // fn may run more than once
		all, err := r.StaffList()
		for _, m := range all {
			if m.Role != PartnerUser || by.May(ManagePartners) || by.May(ManageStaff) {
				names[m.ID] = m.Name
			}
		}
		return err
	})
	return names, err
}
