package privacy

import (
	"slices"

	"folkmoot/internal/fault"
)

// BalancingGround is why an objection is refused. The zero value is invalid.
type BalancingGround string

// The grounds.
const (
	GroundsOverride BalancingGround = "override"  // compelling legitimate grounds override the interests of the person
	GroundsClaims   BalancingGround = "claims"    // the information is needed for legal claims
	GroundsBasis    BalancingGround = "basis"     // nothing here rests on a basis that gives a right to object
	GroundsExcess   BalancingGround = "unfounded" // the request is manifestly unfounded or excessive
)

// BalancingGrounds lists the grounds in the order in which they are offered.
func BalancingGrounds() []BalancingGround {
	return []BalancingGround{GroundsOverride, GroundsClaims, GroundsBasis, GroundsExcess}
}

// Clause returns the provision that lets the council refuse.
func (g BalancingGround) Clause() string {
	return map[BalancingGround]string{GroundsOverride: "UK GDPR art. 21(1)", GroundsClaims: "UK GDPR art. 21(1)", GroundsBasis: "UK GDPR art. 6(1)(e), (f), 21(1)",
		GroundsExcess: "UK GDPR art. 12(5)(b)"}[g]
}

// Balancing is the record of how an objection was weighed: the council has to show it (art. 5(2), 21(1); privacy.md 5.1). It lies sealed with the request, and
// the letter to the person quotes it.
type Balancing struct {
	On        Date            `json:"on"`
	Ground    BalancingGround `json:"ground"`
	Grounds   string          `json:"grounds,omitempty"`   // the compelling legitimate grounds of the council; of GroundsOverride
	Interests string          `json:"interests,omitempty"` // of the person, in their particular situation; of GroundsOverride
	Why       string          `json:"why"`                 // why those override these, or why the other ground applies
}

// Objectable says whether what a request is about rests on a basis that gives a right to object (art. 21(1); privacy.md 5.2).
type Objectable string

// The answers.
const (
	ObjectUnknown Objectable = "" // no response is known to be the person's, or none that is still held
	ObjectYes     Objectable = "yes"
	ObjectNo      Objectable = "no"
)

// Objectable reports whether art. 21(1) gives a right to object to any of the purposes.
func (p Processing) Objectable() bool {
	return slices.ContainsFunc(p.Rights(), func(e Entitlement) bool { return e.Right == RightObject && e.Offer != OfferNo })
}

// Weighable reports whether the request is an objection whose interests are weighed: not one to marketing, which is absolute (art. 21(2), (3)).
func (r *Request) Weighable() bool { return r.Kind == AskObject && !r.Marketing }

// Balance records how an objection was weighed, or weighs it anew. It returns fault.Invalid, with the field, for a ground that is none or that what is known of the
// bases rules out, and for what is left out; fault.Conflict if the request is no such objection or has ended.
func (r *Request) Balance(b Balancing, object Objectable) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case !r.Weighable():
		return fault.New(fault.Conflict, "error.request.step")
	case !slices.Contains(BalancingGrounds(), b.Ground):
		return fault.New(fault.Invalid, "error.balancing.ground").At("ground")
	case b.Ground == GroundsBasis && object == ObjectYes:
		return fault.New(fault.Invalid, "error.balancing.basis").At("ground")
	}
	if b.Ground != GroundsOverride {
		b.Grounds, b.Interests = "", ""
	}
	for _, x := range []struct{ field, text string }{{"grounds", b.Grounds}, {"interests", b.Interests}, {"why", b.Why}} {
		if blank(x.text) && (x.field == "why" || b.Ground == GroundsOverride) {
			return fault.New(fault.Invalid, "error.balancing."+x.field).At(x.field)
		}
		if err := Within(x.field, x.text, MaxRequestText); err != nil {
			return err
		}
	}
	r.Balancing = &b
	return nil
}

// MayEnd returns why the request cannot end so. An objection to marketing is never refused (art. 21(3)). One to anything else is refused, in whole or in part, only
// when it was weighed, unless nothing here rests on a basis that gives a right to object (art. 21(1)). Nor does one end as if nothing were held, or nobody could be
// told from others, while a response is held that is known to be the person's: that would refuse it unweighed.
func (r *Request) MayEnd(d Decision, object Objectable) error {
	none := d == NothingHeld || d == NotIdentified
	switch {
	case r.Kind != AskObject || d != Refused && d != GrantedPartly && !none:
		return nil
	case none && object != ObjectUnknown && len(r.Linked()) > 0:
		return fault.New(fault.Invalid, "error.request.held").At("decision")
	case none:
		return nil
	case r.Marketing:
		return fault.New(fault.Invalid, "error.request.absolute").At("decision")
	case r.Balancing == nil && object != ObjectNo:
		return fault.New(fault.Invalid, "error.request.unweighed").At("decision")
	case r.Balancing != nil && r.Balancing.Ground == GroundsBasis && object == ObjectYes: // a response was found meanwhile
		return fault.New(fault.Invalid, "error.balancing.basis").At("decision")
	}
	return nil
}
