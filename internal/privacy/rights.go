package privacy

import "slices"

// Right is a right of a person over information about them.
type Right string

// The rights, in the order in which notices list them.
const (
	RightWithdraw    Right = "withdraw"    // art. 7(3)
	RightAccess      Right = "access"      // art. 15
	RightRectify     Right = "rectify"     // art. 16
	RightErase       Right = "erase"       // art. 17
	RightRestrict    Right = "restrict"    // art. 18
	RightPortability Right = "portability" // art. 20
	RightObject      Right = "object"      // art. 21
)

// AllRights lists every right in the order in which notices list them.
func AllRights() []Right {
	return []Right{RightWithdraw, RightAccess, RightRectify, RightErase, RightRestrict, RightPortability, RightObject}
}

// Offer says whether a right is there. The zero value is invalid.
type Offer string

// The offers, from none to full.
const (
	OfferNo          Offer = "no"
	OfferConditional Offer = "conditional" // in the circumstances that the clause names
	OfferYes         Offer = "yes"
)

// Entitlement is one right under one basis or one purpose: whether it is there, in which circumstances, and the clause.
type Entitlement struct {
	Right  Right
	Offer  Offer
	Text   string   // key of the sentence that tells people (RightText)
	Clause string   // article that says so
	Only   []string // ids of the purposes that it is limited to; none = all
}

// rightsTable is privacy.md section 5.2, basis by basis. Bases that are absent here are invalid and give no table.
var rightsTable = map[Basis][]Entitlement{
	Consent: {
		{RightWithdraw, OfferYes, "right.withdraw", "art. 7(3)", nil},
		{RightAccess, OfferYes, "right.access", "art. 15", nil},
		{RightRectify, OfferYes, "right.rectify", "art. 16", nil},
		{RightErase, OfferYes, "right.erase", "art. 17(1)(b)", nil},
		{RightRestrict, OfferYes, "right.restrict", "art. 18", nil},
		{RightPortability, OfferYes, "right.portability", "art. 20(1)(a)", nil},
		{RightObject, OfferNo, "", "art. 21(1): not for consent; withdraw instead", nil},
	},
	Contract: {
		{RightWithdraw, OfferNo, "", "art. 7(3): consent only", nil},
		{RightAccess, OfferYes, "right.access", "art. 15", nil},
		{RightRectify, OfferYes, "right.rectify", "art. 16", nil},
		{RightErase, OfferConditional, "right.erase.unneeded", "art. 17(1)(a)", nil},
		{RightRestrict, OfferYes, "right.restrict", "art. 18", nil},
		{RightPortability, OfferYes, "right.portability", "art. 20(1)(a)", nil},
		{RightObject, OfferNo, "", "art. 21(1): not for contract", nil},
	},
	LegalObligation: {
		{RightWithdraw, OfferNo, "", "art. 7(3): consent only", nil},
		{RightAccess, OfferYes, "right.access", "art. 15", nil},
		{RightRectify, OfferYes, "right.rectify", "art. 16", nil},
		{RightErase, OfferNo, "", "art. 17(3)(b)", nil},
		{RightRestrict, OfferYes, "right.restrict", "art. 18", nil},
		{RightPortability, OfferNo, "", "art. 20(1)(a), 20(3)", nil},
		{RightObject, OfferNo, "", "art. 21(1): not for legal obligation", nil},
	},
	PublicTask: {
		{RightWithdraw, OfferNo, "", "art. 7(3): consent only", nil},
		{RightAccess, OfferYes, "right.access", "art. 15", nil},
		{RightRectify, OfferYes, "right.rectify", "art. 16", nil},
		{RightErase, OfferConditional, "right.erase.task", "art. 17(1)(a), (c), (d), 17(3)(b)", nil},
		{RightRestrict, OfferYes, "right.restrict", "art. 18", nil},
		{RightPortability, OfferNo, "", "art. 20(1)(a), 20(3)", nil},
		{RightObject, OfferYes, "right.object", "art. 21(1)", nil},
	},
	LegitimateInterests: {
		{RightWithdraw, OfferNo, "", "art. 7(3): consent only", nil},
		{RightAccess, OfferYes, "right.access", "art. 15", nil},
		{RightRectify, OfferYes, "right.rectify", "art. 16", nil},
		{RightErase, OfferConditional, "right.erase.objection", "art. 17(1)(c)", nil},
		{RightRestrict, OfferYes, "right.restrict", "art. 18", nil},
		{RightPortability, OfferNo, "", "art. 20(1)(a)", nil},
		{RightObject, OfferYes, "right.object", "art. 21(1)", nil},
	},
}

// Bases lists the lawful bases in the order of article 6(1).
func Bases() []Basis {
	return []Basis{Consent, Contract, LegalObligation, PublicTask, LegitimateInterests}
}

// Valid reports whether b is a basis that may be chosen.
func (b Basis) Valid() bool { return rightsTable[b] != nil }

// Rights returns what people may ask for where processing rests on the basis: every right, in order, also those that
// are not there, with the clause (privacy.md 5.2). A basis that is not valid gives none.
func (b Basis) Rights() []Entitlement { return slices.Clone(rightsTable[b]) }

// Rights returns what people may ask for over one purpose. Explicit consent adds withdrawal, erasure and portability
// whatever the basis is (art. 7(3), 17(1)(b) and 20(1)(a) name article 9(2)(a) too).
func (p Purpose) Rights() []Entitlement {
	out := p.Basis.Rights()
	if p.Condition != ExplicitConsent {
		return out
	}
	explicit := rightsTable[Consent]
	for i, e := range out {
		if e.Right == RightWithdraw || e.Right == RightErase || e.Right == RightPortability {
			out[i] = explicit[i]
		}
	}
	return out
}

// Rights returns every right over all purposes together, in order. Where purposes give a right in different
// circumstances, or not all of them give it, there is one entry for each, and Only names its purposes, so that a notice
// shows a right "only where it applies" (councils.md S2-17) and promises no more than the bases give.
func (p Processing) Rights() []Entitlement {
	var out []Entitlement
	for i := range AllRights() {
		out = append(out, p.right(i)...)
	}
	return out
}

// right returns the entries of the right with the index i.
func (p Processing) right(i int) []Entitlement {
	var given []Entitlement
	var refused *Entitlement
	purposes := 0
	for _, purpose := range p.Purposes {
		rights := purpose.Rights()
		if rights == nil {
			continue
		}
		purposes++
		e := rights[i]
		if e.Offer == OfferNo {
			refused = &e
			continue
		}
		at := slices.IndexFunc(given, func(g Entitlement) bool { return g.Text == e.Text })
		if at < 0 {
			at, given = len(given), append(given, e)
		}
		given[at].Only = append(given[at].Only, purpose.ID)
	}
	switch {
	case len(given) == 0 && refused != nil:
		return []Entitlement{*refused}
	case len(given) == 1 && len(given[0].Only) == purposes:
		given[0].Only = nil
	}
	return given
}

// Withdrawable reports whether people can withdraw consent for the purpose.
func (p Purpose) Withdrawable() bool { return p.Basis == Consent || p.Condition == ExplicitConsent }

// Withdrawable reports whether people can withdraw consent for any purpose.
func (p Processing) Withdrawable() bool { return slices.ContainsFunc(p.Purposes, Purpose.Withdrawable) }
