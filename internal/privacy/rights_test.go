package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// privacy.md 5.2: columns are bases, rows rights; y yes, n no, c in some circumstances.
func TestBasisDecidesRights(t *testing.T) {
	bases := []privacy.Basis{privacy.Consent, privacy.Contract, privacy.LegalObligation, privacy.PublicTask, privacy.LegitimateInterests}
	for _, row := range []struct {
		why   string
		right privacy.Right
		want  string // one letter per basis
	}{
		{"art. 7(3): consent only", privacy.RightWithdraw, "ynnnn"},
		{"art. 15: always", privacy.RightAccess, "yyyyy"},
		{"art. 16: always", privacy.RightRectify, "yyyyy"},
		{"art. 17(1)(b), (1)(a), (3)(b), (1)(c)", privacy.RightErase, "ycncc"},
		{"art. 18: always", privacy.RightRestrict, "yyyyy"},
		{"art. 20(1)(a): consent and contract", privacy.RightPortability, "yynnn"},
		{"art. 21(1): public task and legitimate interests", privacy.RightObject, "nnnyy"},
	} {
		for i, basis := range bases {
			rights := basis.Rights()
			at := slices.IndexFunc(rights, func(e privacy.Entitlement) bool { return e.Right == row.right })
			if at < 0 {
				t.Fatalf("%s: %s is not in the table", basis, row.right)
			}
			e := rights[at]
			if string(e.Offer[0]) != row.want[i:i+1] {
				t.Errorf("%s: %s under %s is %s", row.why, row.right, basis, e.Offer)
			}
			if !strings.HasPrefix(e.Clause, "art. ") {
				t.Errorf("%s under %s cites %q", row.right, basis, e.Clause)
			}
			for _, lang := range both {
				if said := privacy.RightText(e, lang); (said == "") != (e.Offer == privacy.OfferNo) {
					t.Errorf("%s under %s is offered %s and said as %q (%s)", row.right, basis, e.Offer, said, lang)
				}
			}
		}
	}
}

func TestRightsTableIsWhole(t *testing.T) {
	for _, basis := range privacy.Bases() {
		var got []privacy.Right
		for _, e := range basis.Rights() {
			got = append(got, e.Right)
		}
		if !slices.Equal(got, privacy.AllRights()) {
			t.Errorf("%s lists %v", basis, got)
		}
	}
	for _, basis := range []privacy.Basis{"", "vital_interests", "Consent"} {
		if basis.Valid() || basis.Rights() != nil {
			t.Errorf("basis %q is taken", basis)
		}
	}
	privacy.Consent.Rights()[0].Offer = privacy.OfferNo
	if privacy.Consent.Rights()[0].Offer != privacy.OfferYes {
		t.Error("a caller can change the table")
	}
}

// privacy.md 5.2: where the condition is explicit consent, withdrawal is offered whatever the basis is.
func TestExplicitConsentAddsRights(t *testing.T) {
	for _, basis := range privacy.Bases() {
		p := privacy.Purpose{ID: "equality", Basis: basis, Condition: privacy.ExplicitConsent}
		rights := p.Rights()
		for _, row := range []struct {
			why   string
			right privacy.Right
		}{
			{"art. 7(3)", privacy.RightWithdraw},
			{"art. 17(1)(b) names article 9(2)(a)", privacy.RightErase},
			{"art. 20(1)(a) names article 9(2)(a)", privacy.RightPortability},
		} {
			if e := rights[slices.Index(privacy.AllRights(), row.right)]; e.Offer != privacy.OfferYes {
				t.Errorf("%s: %s under %s is %s", row.why, row.right, basis, e.Offer)
			}
		}
		if !p.Withdrawable() {
			t.Errorf("under %s explicit consent cannot be withdrawn", basis)
		}
		if e, want := rights[6], basis.Rights()[6]; e.Offer != want.Offer {
			t.Errorf("under %s objecting became %s", basis, e.Offer)
		}
	}
}

func TestRightsOfSeveralPurposes(t *testing.T) {
	var got []privacy.Entitlement
	for _, e := range processing().Rights() {
		got = append(got, privacy.Entitlement{Right: e.Right, Offer: e.Offer, Only: e.Only})
	}
	want := []privacy.Entitlement{
		{Right: privacy.RightWithdraw, Offer: privacy.OfferYes, Only: []string{"equality"}}, // one purpose rests on consent
		{Right: privacy.RightAccess, Offer: privacy.OfferYes},
		{Right: privacy.RightRectify, Offer: privacy.OfferYes},
		{Right: privacy.RightErase, Offer: privacy.OfferConditional, Only: []string{"views"}}, // art. 17(3)(b): no more is promised
		{Right: privacy.RightErase, Offer: privacy.OfferYes, Only: []string{"equality"}},      // art. 17(1)(b)
		{Right: privacy.RightRestrict, Offer: privacy.OfferYes},
		{Right: privacy.RightPortability, Offer: privacy.OfferYes, Only: []string{"equality"}}, // only where it applies (S2-17)
		{Right: privacy.RightObject, Offer: privacy.OfferYes, Only: []string{"views"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	task := privacy.Processing{Purposes: processing().Purposes[:1]}
	if task.Withdrawable() {
		t.Error("withdrawal is offered over a public task")
	}
	for _, e := range task.Rights() {
		if len(e.Only) > 0 {
			t.Errorf("%s is limited although there is one purpose", e.Right)
		}
	}
	if notice := privacy.BuildNotice(council(), libraryHours, task, locale.English).String(); strings.Contains(notice, "consent") {
		t.Error("a notice without consent speaks of withdrawing")
	}
}
