package consult

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/fault"
)

// mayManage returns fault.Forbidden unless the person may add or change people of the role, and fault.Invalid for a role that there is
// not.
func mayManage(by *Staff, role Role) error {
	if err := by.Allow(ManageStaff, ManagePartners); err != nil {
		return err
	}
	if !slices.Contains(Roles(), role) {
		return fault.New(fault.Invalid, "error.staff.role").At("role")
	}
	if role == PartnerUser {
		return by.Allow(ManageStaff, ManagePartners)
	}
	return by.Allow(ManageStaff)
}

// checkStaff returns fault.Invalid for a person whose details do not make sense.
func checkStaff(r Reader, n *Staff) error {
	n.Name = strings.TrimSpace(n.Name)
	address, err := mail.ParseAddress(n.Email)
	switch {
	case n.Name == "":
		return fault.New(fault.Invalid, "error.staff.name")
	case utf8.RuneCountInString(n.Name) > 100:
		return fault.New(fault.Invalid, "error.staff.name_long", "Max", 100)
	case err != nil || address.Address != n.Email || len(n.Email) > maxEmail:
		return fault.New(fault.Invalid, "error.staff.email")
	case !slices.Contains(Roles(), n.Role) && n.Role != Support:
		return fault.New(fault.Invalid, "error.staff.role")
	case n.Role != PartnerUser:
		n.PartnerID = ""
		return nil
	}
	if _, err := r.Partner(n.PartnerID); err != nil {
		return fault.Wrap(err, fault.Invalid, "error.staff.partner")
	}
	return nil
}

// StaffList lists everybody; to those who manage partners only, the people of partners.
func (s *Service) StaffList(ctx context.Context, by *Staff) (out []*Staff, err error) {
	if err := by.Allow(ManageStaff, ManagePartners); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.StaffList()
		return err
	})
	if !by.May(ManageStaff) {
		out = slices.DeleteFunc(out, func(m *Staff) bool { return m.Role != PartnerUser })
	}
	return out, err
}

// ChangeStaff changes role, partner, name or disables. Nobody changes what they themselves may do, and the last administrator stays
// (fault.Conflict). A person whose rights change is signed out everywhere.
func (s *Service) ChangeStaff(ctx context.Context, by *Staff, n Staff) error {
	if err := mayManage(by, n.Role); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		old, err := w.StaffMember(n.ID)
		if err != nil {
			return err
		}
		if err := mayManage(by, old.Role); err != nil {
			return err
		}
		next := *old
		next.Name, next.Role, next.PartnerID, next.Disabled, next.Version = n.Name, n.Role, n.PartnerID, n.Disabled, n.Version
		if err := checkStaff(w, &next); err != nil {
			return err
		}
		return changeStaff(w, by, old, &next)
	})
}

func changeStaff(w Writer, by, old, next *Staff) error {
	rights := old.Role != next.Role || old.Disabled != next.Disabled || old.PartnerID != next.PartnerID
	if rights && by.ID == old.ID {
		return fault.New(fault.Forbidden, "error.staff.self")
	}
	if old.Role == Administrator && (next.Role != Administrator || next.Disabled) {
		if err := notLast(w, old.ID); err != nil {
			return err
		}
	}
	if err := w.UpdateStaff(next); err != nil {
		return err
	}
	if rights {
		if err := w.EndSessions(next.ID); err != nil {
			return err
		}
	}
	state := "active"
	if next.Disabled {
		state = "disabled"
	}
	return w.AppendAudit(event(by.Actor(), "staff.change", "staff:"+next.ID, "role", string(next.Role), "state", state))
}

// notLast returns fault.Conflict if the administrator is the last one who can sign in.
func notLast(r Reader, id string) error {
	all, err := r.StaffList()
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.ID != id && m.Role == Administrator && !m.Disabled && m.PasswordHash != "" {
			return nil
		}
	}
	return fault.New(fault.Conflict, "error.staff.last")
}
