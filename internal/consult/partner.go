package consult

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// PartnerKinds lists the kinds of partner in the order in which they are offered.
func PartnerKinds() []string { return []string{"company", "public_body", "charity"} }

// Partners lists the organisations that may receive releases.
func (s *Service) Partners(ctx context.Context, by *Staff) (out []*Partner, err error) {
	if err := by.Allow(ManagePartners, ProposeReleases, ManageStaff); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Partners()
		return err
	})
	return out, err
}

// AddPartner adds an organisation. fault.Conflict if there is one of the same name.
func (s *Service) AddPartner(ctx context.Context, by *Staff, p Partner) (*Partner, error) {
	if err := by.Allow(ManagePartners); err != nil {
		return nil, err
	}
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" || utf8.RuneCountInString(p.Name) > 200 {
		return nil, fault.New(fault.Invalid, "error.partner.name")
	}
	if !slices.Contains(PartnerKinds(), p.Kind) {
		return nil, fault.New(fault.Invalid, "error.partner.kind")
	}
	p.ID = seal.RandomID()
	err := s.Store.Update(ctx, func(w Writer) error {
		all, err := w.Partners()
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(o *Partner) bool { return FoldWords(o.Name) == FoldWords(p.Name) }) {
			return fault.New(fault.Conflict, "error.partner.taken")
		}
		p.CreatedAt = w.Now()
		if err := w.AddPartner(&p); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "partner.add", "partner:"+p.ID))
	})
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// Agreements lists all data sharing agreements.
func (s *Service) Agreements(ctx context.Context, by *Staff) (out []*Agreement, err error) {
	if err := by.Allow(ManagePartners, ProposeReleases); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Agreements()
		return err
	})
	return out, err
}

// Agreement returns an agreement and its partner. A partner's person gets their own only: fault.NotFound for others.
func (s *Service) Agreement(ctx context.Context, by *Staff, id string) (a *Agreement, p *Partner, err error) {
	if err := by.Allow(ManagePartners, ProposeReleases, ApproveReleases, SeeShelf); err != nil {
		return nil, nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		if a, err = r.Agreement(id); err != nil {
			return err
		}
		if by.Role == PartnerUser && a.PartnerID != by.PartnerID {
			return fault.New(fault.NotFound, "error.agreement.unknown")
		}
		p, err = r.Partner(a.PartnerID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return a, p, nil
}

// AddAgreement records a data sharing agreement.
func (s *Service) AddAgreement(ctx context.Context, by *Staff, a Agreement) (*Agreement, error) {
	if err := by.Allow(ManagePartners); err != nil {
		return nil, err
	}
	a.ID, a.CreatedBy = seal.RandomID(), by.ID
	var out *Agreement
	err := s.Store.Update(ctx, func(w Writer) error {
		next := a
		if err := next.check(w); err != nil {
			return err
		}
		if !next.ExpiresAt.After(w.Now()) {
			return fault.New(fault.Invalid, "error.agreement.expires")
		}
		if !next.NotMarketing { // councils.md S3-14; one from before may be changed without it, but not renewed, and nothing is released under it
			return fault.New(fault.Invalid, "error.agreement.marketing")
		}
		next.CreatedAt = w.Now()
		if err := w.AddAgreement(&next); err != nil {
			return err
		}
		if err := w.AppendAudit(event(by.Actor(), "agreement.add", "agreement:"+next.ID, "expires", day(next.ExpiresAt), "not_marketing", yesNo(next.NotMarketing))); err != nil {
			return err
		}
		var err error
		out, err = w.Agreement(next.ID)
		return err
	})
	return out, err
}

// UpdateAgreement changes an agreement: a date in the past ends it. The partner stays. A later end and an earlier first day need the promise about marketing, as a new agreement does:
// what lasts longer, or covers time that it did not, is new, and a later end opens again what was published (councils.md S3-14). fault.Conflict if somebody else was faster.
func (s *Service) UpdateAgreement(ctx context.Context, by *Staff, a Agreement) error {
	if err := by.Allow(ManagePartners); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		old, err := w.Agreement(a.ID)
		if err != nil {
			return err
		}
		next := a
		next.PartnerID, next.CreatedBy, next.CreatedAt = old.PartnerID, old.CreatedBy, old.CreatedAt
		if err := next.check(w); err != nil {
			return err
		}
		if !next.NotMarketing && next.ExpiresAt.After(old.ExpiresAt) {
			return fault.New(fault.Invalid, "error.agreement.marketing")
		}
		if !next.NotMarketing && next.StartsOn < old.StartsOn {
			return fault.New(fault.Invalid, "error.agreement.earlier")
		}
		if err := w.UpdateAgreement(&next); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "agreement.change", "agreement:"+a.ID, "expires", day(next.ExpiresAt), "not_marketing", yesNo(next.NotMarketing)))
	})
}

func (a *Agreement) check(r Reader) error {
	a.ExpiresAt = a.ExpiresAt.UTC().Truncate(time.Second)
	address, err := mail.ParseAddress(a.ContactEmail)
	starts, dateErr := time.Parse(time.DateOnly, a.StartsOn)
	switch {
	case strings.TrimSpace(a.Purpose) == "" || utf8.RuneCountInString(a.Purpose) > 2000:
		return fault.New(fault.Invalid, "error.agreement.purpose")
	case strings.TrimSpace(a.Promises) == "" || utf8.RuneCountInString(a.Promises) > 5000:
		return fault.New(fault.Invalid, "error.agreement.promises")
	case strings.TrimSpace(a.ContactName) == "" || utf8.RuneCountInString(a.ContactName) > 200:
		return fault.New(fault.Invalid, "error.agreement.contact")
	case err != nil || address.Address != a.ContactEmail || len(a.ContactEmail) > maxEmail:
		return fault.New(fault.Invalid, "error.agreement.email")
	case dateErr != nil:
		return fault.New(fault.Invalid, "error.agreement.starts")
	case a.ExpiresAt.IsZero() || !a.ExpiresAt.After(starts):
		return fault.New(fault.Invalid, "error.agreement.expires")
	}
	if _, err := r.Partner(a.PartnerID); err != nil {
		return fault.Wrap(err, fault.Invalid, "error.agreement.partner")
	}
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// expired reports whether an agreement no longer permits anything at the moment now.
func (a *Agreement) expired(now time.Time) bool { return !now.Before(a.ExpiresAt) }
