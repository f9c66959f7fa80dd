package consult

import (
	"context"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// invitationLife is how long a link to choose a password works.
const invitationLife = 7 * 24 * time.Hour

// DemoPassword opens every account of the demonstration. It is printed at every start of one, so that everybody knows it: a service for
// real use refuses it.
const DemoPassword = "lantern-orchard-teapot-gallop"

// Invite adds a person and returns the one-time token of the link to choose a password (valid seven days). Whoever manages partners
// may invite people of partners; the administrator anybody. fault.Invalid, fault.Conflict if the e-mail address is taken.
func (s *Service) Invite(ctx context.Context, by *Staff, n Staff) (token string, err error) {
	if err := mayManage(by, n.Role); err != nil {
		return "", err
	}
	token = seal.RandomToken()
	n.ID, n.Email, n.PasswordHash, n.Disabled, n.Demo = seal.RandomID(), foldEmail(n.Email), "", false, s.Demo
	err = s.Store.Update(ctx, func(w Writer) error {
		member := n // fn may run more than once
		if err := checkStaff(w, &member); err != nil {
			return err
		}
		if free, err := s.freeAddress(w, member.Email); err != nil {
			return err
		} else if !free {
			return fault.New(fault.Conflict, "error.staff.email_taken")
		}
		member.CreatedAt = w.Now()
		if err := w.AddStaff(&member); err != nil {
			return err
		}
		if err := invite(w, token, member.ID); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "staff.invite", "staff:"+member.ID, "role", string(member.Role)))
	})
	return token, err
}

func invite(w Writer, token, staffID string) error {
	return w.PutInvitation(&Invitation{TokenHash: seal.TokenHash(token), StaffID: staffID, ExpiresAt: w.Now().Add(invitationLife)})
}

// Reinvite makes a new link for a person; the old password and earlier links end and so do all sessions.
func (s *Service) Reinvite(ctx context.Context, by *Staff, staffID string) (token string, err error) {
	if err := by.Allow(ManageStaff, ManagePartners); err != nil {
		return "", err
	}
	token = seal.RandomToken()
	err = s.Store.Update(ctx, func(w Writer) error {
		member, err := w.StaffMember(staffID)
		if err != nil {
			return err
		}
		if err := mayManage(by, member.Role); err != nil {
			return err
		}
		member.PasswordHash = ""
		if err := w.UpdateStaff(member); err != nil {
			return err
		}
		if err := w.EndInvitations(staffID); err != nil {
			return err
		}
		if err := w.EndSessions(staffID); err != nil {
			return err
		}
		if err := invite(w, token, staffID); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "staff.reinvite", "staff:"+staffID))
	})
	return token, err
}

// Invited says whom an unused, unexpired invitation is for; nil Staff means the first administrator. fault.NotFound otherwise.
func (s *Service) Invited(ctx context.Context, token string) (member *Staff, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		_, member, err = invited(r, token)
		return err
	})
	return member, err
}

func invited(r Reader, token string) (*Invitation, *Staff, error) {
	unknown := fault.New(fault.NotFound, "error.invitation.unknown")
	i, err := r.Invitation(seal.TokenHash(token))
	if fault.Is(err, fault.NotFound) {
		return nil, nil, unknown
	}
	if err != nil {
		return nil, nil, err
	}
	if i.Used || !r.Now().Before(i.ExpiresAt) {
		return nil, nil, unknown
	}
	if i.StaffID == "" {
		return i, nil, firstStill(r, unknown)
	}
	member, err := r.StaffMember(i.StaffID)
	if err != nil {
		return nil, nil, err
	}
	if member.Disabled || member.PasswordHash != "" || !member.EndsAt.IsZero() && !r.Now().Before(member.EndsAt) {
		return nil, nil, unknown
	}
	return i, member, nil
}

// firstStill returns unknown once there is any staff: the first administrator's link is for an empty service only.
func firstStill(r Reader, unknown error) error {
	all, err := r.StaffList()
	if err == nil && len(all) > 0 {
		err = unknown
	}
	return err
}

// AcceptInvitation sets the password (and for the first administrator name and e-mail address) and uses the invitation up.
// fault.Invalid for a password that is too weak, fault.NotFound for a link that is used, expired or unknown.
func (s *Service) AcceptInvitation(ctx context.Context, token, name, email, password string) (*Staff, error) {
	member, err := s.Invited(ctx, token)
	if err != nil {
		return nil, err
	}
	if member == nil {
		member = &Staff{Name: name, Email: foldEmail(email), Role: Administrator}
	}
	council, err := s.Council(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.checkNewPassword(password, s.names(council, member)); err != nil {
		return nil, err
	}
	hash, err := s.Keys.HashPassword(ctx, password)
	if err != nil {
		return nil, err
	}
	var out *Staff
	err = s.Store.Update(ctx, func(w Writer) error {
		i, current, err := invited(w, token)
		if err != nil {
			return err
		}
		if current == nil {
			current, err = s.firstAdministrator(w, name, email)
			if err != nil {
				return err
			}
		}
		out, err = s.accept(w, i, current, hash)
		return err
	})
	return out, err
}

func (s *Service) checkNewPassword(password string, names []string) error {
	if err := seal.CheckPolicy(password, names...); err != nil {
		return err
	}
	if s.Demo {
		return nil
	}
	return seal.CheckRefused(password, DemoPassword)
}

func (s *Service) firstAdministrator(w Writer, name, email string) (*Staff, error) {
	first := &Staff{ID: seal.RandomID(), Name: name, Email: foldEmail(email), Role: Administrator, Demo: s.Demo, CreatedAt: w.Now()}
	if err := checkStaff(w, first); err != nil {
		return nil, err
	}
	if err := w.AddStaff(first); err != nil {
		return nil, err
	}
	return w.StaffMember(first.ID)
}

func (s *Service) accept(w Writer, i *Invitation, member *Staff, hash string) (*Staff, error) {
	member.PasswordHash = hash
	if err := w.UpdateStaff(member); err != nil {
		return nil, err
	}
	used := *i
	used.Used = true
	if err := w.PutInvitation(&used); err != nil {
		return nil, err
	}
	if err := w.EndSessions(member.ID); err != nil {
		return nil, err
	}
	if err := w.AppendAudit(event(member.Actor(), "staff.accept", "staff:"+member.ID)); err != nil {
		return nil, err
	}
	return w.StaffMember(member.ID)
}

// FirstAdministratorToken makes the one-time link's token if there is no staff yet; "" if there is.
func (s *Service) FirstAdministratorToken(ctx context.Context) (string, error) {
	token := ""
	err := s.Store.Update(ctx, func(w Writer) error {
		token = ""
		all, err := w.StaffList()
		if err != nil || len(all) > 0 {
			return err
		}
		token = seal.RandomToken()
		if err := w.EndInvitations(""); err != nil { // links printed by earlier starts
			return err
		}
		if err := invite(w, token, ""); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "staff.invite_first", "staff:first"))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}
