package main

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/ui/uitest"
)

var approver = &consult.Staff{ID: "approver", Name: "Ann Approver", Role: consult.Approver}

// askAnew changes the notice: a newcomer gets totals, of equality answers too. Whoever answered before is asked.
func (i *archived) askAnew(t *testing.T, svc *consult.Service, newcomer string) {
	t.Helper()
	ctx := t.Context()
	x, err := svc.DraftChange(ctx, uitest.Researcher, i.c.ID)
	check(t, err)
	after := x.After
	after.Purposes = slices.Clone(after.Purposes)
	after.Purposes[0].Recipients = append(slices.Clone(after.Purposes[0].Recipients), privacy.Recipient{Name: newcomer, Form: privacy.Anonymous, Location: "United Kingdom"})
	after.Partners = append(slices.Clone(after.Partners), newcomer)
	check(t, svc.SaveChange(ctx, uitest.Researcher, x.ID, x.Version, after))
	uitest.Screen(t, svc, i.c.ID)
	note := locale.Text{locale.English: "They help us plan.", locale.Welsh: "Maen nhw'n ein helpu i gynllunio."}
	check(t, svc.ProposeChange(ctx, uitest.Researcher, x.ID, x.Version+1, consult.ChangeProposal{Note: note}))
	check(t, svc.ConfirmChange(ctx, registrar, x.ID, x.Version+2))
}

// choose decides about the newest new use of a part.
func choose(t *testing.T, svc *consult.Service, code string, part privacy.Part, agree bool) {
	t.Helper()
	uses, err := svc.NewUses(t.Context(), code, locale.English)
	check(t, err)
	for _, u := range slices.Backward(uses) {
		if u.Part == part {
			_, err := svc.DecideNewUse(t.Context(), code, consult.NewUseChoice{Part: part, Version: u.Version, Agree: agree, StatementHash: u.Statement.Hash, Language: locale.English})
			check(t, err)
			return
		}
	}
	t.Fatalf("nothing is asked about %s", part)
}

// standing tells which agreements of a person stand, by part and version.
func standing(t *testing.T, svc *consult.Service, code string) (out string) {
	t.Helper()
	uses, err := svc.NewUses(t.Context(), code, locale.English)
	check(t, err)
	for _, u := range uses {
		if privacy.Permits(u.State) {
			out += string(u.Part) + " "
		}
	}
	return out
}

// TestRestoreBringsNoAgreementBack: answers about new uses lie in the ledger beside consent, under the same person. A withdrawal of consent is found
// behind them, and an agreement that was taken back after the backup is taken back in what is restored from it (UK GDPR art. 7(3)).
func TestRestoreBringsNoAgreementBack(t *testing.T) {
	i := install(t, "withdraws", "retracts", "both", "widens", "stays")
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		i.partner(t, svc, "Birch Research")
		i.askAnew(t, svc, "Birch Research")
		for name, p := range i.people {
			choose(t, svc, p.Code, privacy.PartResponses, true)
			if name != "widens" {
				choose(t, svc, p.Code, privacy.PartEquality, true)
			}
		}
	})
	dir := i.backUp(t)
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		_, err := svc.WithdrawConsent(ctx, i.people["withdraws"].Code)
		check(t, err)
		choose(t, svc, i.people["retracts"].Code, privacy.PartResponses, false)
		choose(t, svc, i.people["both"].Code, privacy.PartResponses, false)
		choose(t, svc, i.people["both"].Code, privacy.PartEquality, false)
		i.partner(t, svc, "Cedar Research")
		i.askAnew(t, svc, "Cedar Research") // agreeing supersedes what was agreed before; taking it back leaves nothing
		choose(t, svc, i.people["widens"].Code, privacy.PartResponses, true)
		choose(t, svc, i.people["widens"].Code, privacy.PartResponses, false)
	})
	i.Data = filepath.Join(i.root, "restored")
	// One consent with the agreement that ended with it, and four agreements.
	i.command(t, 0, "6 consents withdrawn", "restore", "--from", dir, "--apply")
	i.command(t, 0, "0 consents withdrawn", "restore-check")
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		for _, row := range []struct{ name, held, standing string }{
			{"withdraws", "true false true withdrawn", "responses "},
			{"retracts", "true true true given", "equality "},
			{"both", "true true true given", ""},
			{"widens", "true true true given", ""},
			{"stays", "true true true given", "responses equality "},
		} {
			if got := held(t, svc, i.people[row.name].Code); got != row.held {
				t.Errorf("of who %s there is %s, want %s", row.name, got, row.held)
			}
			if got := standing(t, svc, i.people[row.name].Code); got != row.standing {
				t.Errorf("who %s agrees to %q, want %q", row.name, got, row.standing)
			}
		}
	})
}

// partner adds an organisation with an agreement, which a notice may name.
func (i *archived) partner(t *testing.T, svc *consult.Service, name string) {
	t.Helper()
	p, err := svc.AddPartner(t.Context(), approver, consult.Partner{Name: name, Kind: "company"})
	check(t, err)
	now := svc.Now()
	_, err = svc.AddAgreement(t.Context(), approver, consult.Agreement{NotMarketing: true, PartnerID: p.ID, Purpose: "Research", Promises: "No re-identification",
		ContactName: "Bea", ContactEmail: "bea@example.org", StartsOn: now.Format("2006-01-02"), ExpiresAt: now.AddDate(2, 0, 0)})
	check(t, err)
}
