package demo

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// Password opens every demonstration account. It is public: a service for real use refuses it.
const Password = "lantern-orchard-teapot-gallop"

// Account is one sign-in of the demonstration.
type Account struct {
	Email string
	Name  string
	Role  consult.Role
}

// Accounts are the sign-ins of the demonstration, in the order in which they are shown.
type Accounts []Account

// People lists the demonstration accounts. The names are roles, not persons.
func People() Accounts {
	return Accounts{
		{"researcher@wealdmere.example", "Robin Researcher", consult.Researcher},
		{"approver@wealdmere.example", "Alex Approver", consult.Approver},
		{"dpo@wealdmere.example", "Dana Dataprotection", consult.DPO},
		{"administrator@wealdmere.example", "Adri Administrator", consult.Administrator},
		{"partner@fenwick.example", "Pat Partner", consult.PartnerUser},
	}
}

// people makes the accounts as a council would: the first administrator by the one-time link, everybody else by invitation.
func (w *world) people(ctx context.Context) error {
	w.staff, w.accounts = map[consult.Role]*consult.Staff{}, People()
	token, err := w.svc.FirstAdministratorToken(ctx)
	if err != nil {
		return err
	}
	if token == "" {
		return fault.New(fault.Conflict, "error.invitation.unknown")
	}
	for _, a := range w.accounts {
		if a.Role == consult.Administrator {
			if w.staff[a.Role], err = w.svc.AcceptInvitation(ctx, token, a.Name, a.Email, Password); err != nil {
				return fmt.Errorf("first administrator: %w", err)
			}
		}
	}
	for _, a := range w.accounts {
		if err := w.invite(ctx, a); err != nil {
			return fmt.Errorf("account of the %s: %w", a.Role, err)
		}
	}
	return nil
}

// invite adds a person, after the partner they work for.
func (w *world) invite(ctx context.Context, a Account) error {
	admin := w.staff[consult.Administrator]
	member := consult.Staff{Email: a.Email, Name: a.Name, Role: a.Role}
	switch a.Role {
	case consult.Administrator:
		return nil
	case consult.PartnerUser:
		p, err := w.svc.AddPartner(ctx, w.staff[consult.Approver], consult.Partner{Name: partnerName, Kind: "company"})
		if err != nil {
			return err
		}
		w.partner, member.PartnerID = p, p.ID
	}
	token, err := w.svc.Invite(ctx, admin, member)
	if err != nil {
		return err
	}
	w.staff[a.Role], err = w.svc.AcceptInvitation(ctx, token, "", "", Password)
	return err
}
