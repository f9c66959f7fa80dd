package privacy_test

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// keyAndField are what a fault says and where.
func keyAndField(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Key + " " + f.Field
}

var weighedWell = privacy.Balancing{On: "2026-11-30", Ground: privacy.GroundsOverride, Grounds: "The decision stands on it.", Interests: "They fear a neighbour.", Why: "The answer names nobody."}

func TestBalance(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.Request, *privacy.Balancing)
		object privacy.Objectable
		want   string
	}{
		{"art. 21(1): compelling grounds, weighed against interests", func(*privacy.Request, *privacy.Balancing) {}, privacy.ObjectYes, ""},
		{"art. 21(1): without the council's grounds", func(_ *privacy.Request, b *privacy.Balancing) { b.Grounds = " " }, privacy.ObjectYes, "error.balancing.grounds grounds"},
		{"art. 21(1): without the person's interests", func(_ *privacy.Request, b *privacy.Balancing) { b.Interests = "" }, privacy.ObjectYes, "error.balancing.interests interests"},
		{"art. 5(2): without why", func(_ *privacy.Request, b *privacy.Balancing) { b.Why = "" }, privacy.ObjectYes, "error.balancing.why why"},
		{"art. 21(1): legal claims need no weighing", func(_ *privacy.Request, b *privacy.Balancing) {
			*b = privacy.Balancing{Ground: privacy.GroundsClaims, Why: "A claim in the county court."}
		}, privacy.ObjectYes, ""},
		{"art. 5(2): legal claims, but which", func(_ *privacy.Request, b *privacy.Balancing) { *b = privacy.Balancing{Ground: privacy.GroundsClaims} }, privacy.ObjectYes, "error.balancing.why why"},
		{"art. 12(5)(b)", func(_ *privacy.Request, b *privacy.Balancing) {
			*b = privacy.Balancing{Ground: privacy.GroundsExcess, Why: "The ninth of the same."}
		}, privacy.ObjectYes, ""},
		{"art. 21(1): another basis", func(_ *privacy.Request, b *privacy.Balancing) { b.Ground = privacy.GroundsBasis }, privacy.ObjectNo, ""},
		{"art. 21(1): another basis, of a response that is not known", func(_ *privacy.Request, b *privacy.Balancing) { b.Ground = privacy.GroundsBasis }, privacy.ObjectUnknown, ""},
		{"art. 21(1): another basis, where there is a public task", func(_ *privacy.Request, b *privacy.Balancing) { b.Ground = privacy.GroundsBasis }, privacy.ObjectYes, "error.balancing.basis ground"},
		{"no ground", func(_ *privacy.Request, b *privacy.Balancing) { b.Ground = "" }, privacy.ObjectYes, "error.balancing.ground ground"},
		{"a text without end", func(_ *privacy.Request, b *privacy.Balancing) {
			b.Interests = strings.Repeat("ŵ", privacy.MaxRequestText+1)
		}, privacy.ObjectYes, "error.request.long interests"},
		{"the longest text", func(_ *privacy.Request, b *privacy.Balancing) {
			b.Interests = strings.Repeat("ŵ", privacy.MaxRequestText)
		}, privacy.ObjectYes, ""},
		{"art. 21(3): marketing is not weighed", func(r *privacy.Request, _ *privacy.Balancing) { r.Marketing = true }, privacy.ObjectYes, "error.request.step "},
		{"art. 17 is not weighed so", func(r *privacy.Request, _ *privacy.Balancing) { r.Kind = privacy.AskErase }, privacy.ObjectYes, "error.request.step "},
		{"after it has ended", func(r *privacy.Request, _ *privacy.Balancing) { r.Outcome = &privacy.Outcome{} }, privacy.ObjectYes, "error.request.ended "},
	} {
		r, b := privacy.Request{Kind: privacy.AskObject}, weighedWell
		row.change(&r, &b)
		err := r.Balance(b, row.object)
		if got := keyAndField(err); got != row.want || (err == nil) != (r.Balancing != nil) {
			t.Errorf("%s: %q, want %q; recorded %t", row.why, got, row.want, r.Balancing != nil)
		}
	}
	r := privacy.Request{Kind: privacy.AskObject}
	b := weighedWell
	b.Ground = privacy.GroundsClaims
	if err := r.Balance(b, privacy.ObjectYes); err != nil || r.Balancing.Grounds != "" || r.Balancing.Interests != "" {
		t.Errorf("what was typed for another ground is kept: %+v, %v", r.Balancing, err)
	}
}

func TestAnObjectionMayEnd(t *testing.T) {
	weighed := func(g privacy.BalancingGround) *privacy.Balancing { b := weighedWell; b.Ground = g; return &b }
	for _, row := range []struct {
		why      string
		request  privacy.Request
		decision privacy.Decision
		object   privacy.Objectable
		want     string
	}{
		{"art. 21(1): refused without weighing", privacy.Request{Kind: privacy.AskObject}, privacy.Refused, privacy.ObjectYes, "error.request.unweighed decision"},
		{"art. 21(1): refused in part without weighing", privacy.Request{Kind: privacy.AskObject}, privacy.GrantedPartly, privacy.ObjectYes, "error.request.unweighed decision"},
		{"art. 5(2): nobody knows on which basis", privacy.Request{Kind: privacy.AskObject}, privacy.Refused, privacy.ObjectUnknown, "error.request.unweighed decision"},
		{"art. 21(1) gives no right here", privacy.Request{Kind: privacy.AskObject}, privacy.Refused, privacy.ObjectNo, ""},
		{"weighed", privacy.Request{Kind: privacy.AskObject, Balancing: weighed(privacy.GroundsOverride)}, privacy.Refused, privacy.ObjectYes, ""},
		{"another basis was said, then a response under a public task was found", privacy.Request{Kind: privacy.AskObject, Balancing: weighed(privacy.GroundsBasis)}, privacy.Refused, privacy.ObjectYes, "error.balancing.basis decision"},
		{"upheld: nothing to weigh", privacy.Request{Kind: privacy.AskObject}, privacy.Granted, privacy.ObjectYes, ""},
		{"taken back", privacy.Request{Kind: privacy.AskObject}, privacy.Withdrawn, privacy.ObjectYes, ""},
		{"art. 11", privacy.Request{Kind: privacy.AskObject}, privacy.NotIdentified, privacy.ObjectUnknown, ""},
		{"art. 21(1): nothing is held, with a response in hand", privacy.Request{Kind: privacy.AskObject, Response: "r"}, privacy.NothingHeld, privacy.ObjectYes, "error.request.held decision"},
		{"art. 11(2): whoever showed the code is identified", privacy.Request{Kind: privacy.AskObject, Response: "r"}, privacy.NotIdentified, privacy.ObjectNo, "error.request.held decision"},
		{"art. 21(3): the same of marketing", privacy.Request{Kind: privacy.AskObject, Response: "r", Marketing: true}, privacy.NothingHeld, privacy.ObjectNo, "error.request.held decision"},
		{"art. 21(1): weighing makes it no other", privacy.Request{Kind: privacy.AskObject, Response: "r", Balancing: weighed(privacy.GroundsOverride)}, privacy.NothingHeld, privacy.ObjectYes, "error.request.held decision"},
		{"the response that was in hand is gone", privacy.Request{Kind: privacy.AskObject, Response: "r"}, privacy.NothingHeld, privacy.ObjectUnknown, ""},
		{"nothing is held and nothing was found", privacy.Request{Kind: privacy.AskObject}, privacy.NothingHeld, privacy.ObjectUnknown, ""},
		{"another right ends so", privacy.Request{Kind: privacy.AskErase, Response: "r"}, privacy.NothingHeld, privacy.ObjectYes, ""},
		{"art. 21(3): marketing, refused", privacy.Request{Kind: privacy.AskObject, Marketing: true}, privacy.Refused, privacy.ObjectYes, "error.request.absolute decision"},
		{"art. 21(3): marketing, in part", privacy.Request{Kind: privacy.AskObject, Marketing: true}, privacy.GrantedPartly, privacy.ObjectNo, "error.request.absolute decision"},
		{"art. 21(3): marketing, stopped", privacy.Request{Kind: privacy.AskObject, Marketing: true}, privacy.Granted, privacy.ObjectYes, ""},
		{"another right is refused as before", privacy.Request{Kind: privacy.AskErase}, privacy.Refused, privacy.ObjectYes, ""},
	} {
		if got := keyAndField(row.request.MayEnd(row.decision, row.object)); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// privacy.md 5.2: the bases that give a right to object.
func TestObjectable(t *testing.T) {
	for basis, want := range map[privacy.Basis]bool{privacy.Consent: false, privacy.Contract: false, privacy.LegalObligation: false, privacy.PublicTask: true, privacy.LegitimateInterests: true} {
		p := privacy.Processing{Purposes: []privacy.Purpose{{ID: "a", Basis: privacy.LegalObligation}, {ID: "b", Basis: basis}}}
		if p.Objectable() != want {
			t.Errorf("%s: %t", basis, p.Objectable())
		}
	}
}

// art. 12(4), 21(1): the letter says how it was weighed, where it was refused and nowhere else.
func TestTheLetterSaysHowItWasWeighed(t *testing.T) {
	for _, row := range []struct {
		why      string
		ground   privacy.BalancingGround
		decision privacy.Decision
		says     []string
		not      []string
	}{
		{"overridden", privacy.GroundsOverride, privacy.Refused, []string{"The decision stands on it.", "They fear a neighbour.", "The answer names nobody.", "21(1)"}, nil},
		{"overridden in part", privacy.GroundsOverride, privacy.GrantedPartly, []string{"The decision stands on it.", "They fear a neighbour.", "The answer names nobody."}, nil},
		{"claims", privacy.GroundsClaims, privacy.Refused, []string{"The answer names nobody."}, []string{"They fear a neighbour."}},
		{"excessive", privacy.GroundsExcess, privacy.Refused, []string{"The answer names nobody.", "12(5)"}, nil},
		{"upheld after all", privacy.GroundsOverride, privacy.Granted, nil, []string{"The decision stands on it.", "21(1)"}},
	} {
		r := privacy.Request{Kind: privacy.AskObject, Received: "2026-11-30", Channel: privacy.ByPost, Contact: "x"}
		b := weighedWell
		b.Ground = row.ground
		if err := r.Balance(b, privacy.ObjectYes); err != nil {
			t.Fatal(err)
		}
		if err := r.End(privacy.Outcome{On: "2026-11-30", Decision: row.decision, Reasons: "As below."}); err != nil {
			t.Fatal(err)
		}
		for _, lang := range locale.Langs() {
			letter, err := privacy.WriteLetter(privacy.LetterOutcome, privacy.Council{}, r, "R1", privacy.Calendar{}, lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, words := range row.says {
				if !strings.Contains(letter.String(), words) {
					t.Errorf("%s, %s: %q is not in %s", row.why, lang, words, letter)
				}
			}
			for _, words := range row.not {
				if strings.Contains(letter.String(), words) {
					t.Errorf("%s, %s: %q is in %s", row.why, lang, words, letter)
				}
			}
		}
	}
}
