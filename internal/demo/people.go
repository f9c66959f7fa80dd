package demo

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// Password opens every demonstration account. Everybody knows it: a service for real use refuses it.
const Password = consult.DemoPassword

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
		{"dpo@wealdmere.example", "Dana Protection", consult.DPO},
		{"interviewer@wealdmere.example", "Ira Interviewer", consult.Interviewer},
		{"administrator@wealdmere.example", "Adri Administrator", consult.Administrator},
		{"partner@fenwick.example", "Pat Partner", consult.PartnerUser},
	}
}

// people makes the accounts as a council would: the first administrator by the one-time link, everybody else by invitation.
func (w *world) people(ctx context.Context) error {
	token, err := w.svc.FirstAdministratorToken(ctx)
	if err != nil {
		return err
	}
	if token == "" {
		return fault.New(fault.Conflict, "error.invitation.unknown")
	}
	for _, a := range People() {
		if a.Role == consult.Administrator {
			if w.staff[a.Role], err = w.svc.AcceptInvitation(ctx, token, a.Name, a.Email, Password); err != nil {
				return fmt.Errorf("first administrator: %w", err)
			}
			if err := w.accept(ctx, w.staff[a.Role]); err != nil {
				return err
			}
		}
	}
	for _, a := range People() {
		if a.Role == consult.Administrator || a.Role == consult.PartnerUser {
			continue
		}
		if err := w.invite(ctx, consult.Staff{Email: a.Email, Name: a.Name, Role: a.Role}); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) invite(ctx context.Context, member consult.Staff) error {
	token, err := w.svc.Invite(ctx, w.staff[consult.Administrator], member)
	if err != nil {
		return fmt.Errorf("invite the %s: %w", member.Role, err)
	}
	if w.staff[member.Role], err = w.svc.AcceptInvitation(ctx, token, "", "", Password); err != nil {
		return fmt.Errorf("account of the %s: %w", member.Role, err)
	}
	return w.accept(ctx, w.staff[member.Role])
}

// accept has an invented person accept the statement of confidentiality, as everybody does before they work in the office.
func (w *world) accept(ctx context.Context, member *consult.Staff) error {
	if !member.May(consult.EnterOffice) {
		return nil
	}
	statement, err := w.svc.Confidentiality(ctx)
	if err == nil {
		err = w.svc.Acknowledge(ctx, member, statement.Hash)
	}
	if err != nil {
		return fmt.Errorf("confidentiality of the %s: %w", member.Role, err)
	}
	return nil
}

// takePartner adds the partner, its agreement and the person who signs in for it.
func (w *world) takePartner(ctx context.Context) error {
	approver := w.staff[consult.Approver]
	p, err := w.svc.AddPartner(ctx, approver, consult.Partner{Name: partnerName, Kind: "company"})
	if err != nil {
		return fmt.Errorf("partner: %w", err)
	}
	w.partner = p
	w.agreement, err = w.svc.AddAgreement(ctx, approver, consult.Agreement{
		NotMarketing: true, PartnerID: p.ID,
		Purpose: "To plan advice and grants for warmer homes and cleaner travel in Wealdmere, ward by ward where the figures allow it, and to see " +
			"how people's view of their local area goes with it.",
		Promises: "Fenwick Climate does not try to identify anybody, does not link the tables with other information about people, passes them to " +
			"nobody else, names Wealdmere Borough Council as the source, and deletes its copies when the agreement ends.",
		ContactName: "Data Protection Lead, Fenwick Climate", ContactEmail: "data@fenwick.example",
		StartsOn: w.clockTime(-160, "00:00").In(locale.London()).Format("2006-01-02"), ExpiresAt: w.clockTime(300, "00:00"),
	})
	if err != nil {
		return fmt.Errorf("agreement: %w", err)
	}
	for _, a := range People() {
		if a.Role == consult.PartnerUser {
			return w.invite(ctx, consult.Staff{Email: a.Email, Name: a.Name, Role: a.Role, PartnerID: p.ID})
		}
	}
	return nil
}
