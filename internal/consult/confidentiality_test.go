package consult_test

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// accepts has the person accept what holds now.
func (w *world) accepts(t testing.TB, member *consult.Staff) {
	t.Helper()
	statement, err := w.Confidentiality(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Acknowledge(t.Context(), member, statement.Hash); err != nil {
		t.Fatal(err)
	}
}

func (w *world) isBound(t testing.TB, role consult.Role) bool {
	t.Helper()
	member, err := w.StaffMember(t.Context(), w.staff[role].ID)
	if err != nil {
		t.Fatal(err)
	}
	return member.Bound
}

// TestStaffAreBoundByWhatTheyAccepted goes through the life of a statement: councils.md S2-5, UK GDPR art. 32(4).
func TestStaffAreBoundByWhatTheyAccepted(t *testing.T) {
	w := newWorld(t)
	words := func(en string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: "Cymraeg: " + en} }
	officer := w.staff[consult.DPO]
	for _, step := range []struct {
		do     func() error
		number int64 // that holds afterwards
		bound  map[consult.Role]bool
		why    string
	}{
		{func() error { return nil }, 0, map[consult.Role]bool{consult.Researcher: false, consult.DPO: false},
			"S2-5: an account that was there before is not bound until its person accepts"},
		{func() error { w.accepts(t, w.staff[consult.Researcher]); return nil }, 1, map[consult.Role]bool{consult.Researcher: true, consult.DPO: false},
			"S2-5: each person accepts for themselves, and the standard words are kept as they were accepted"},
		{func() error { w.accepts(t, w.staff[consult.Researcher]); return nil }, 1, map[consult.Role]bool{consult.Researcher: true},
			"twice is no error"},
		{func() error { w.accepts(t, officer); return nil }, 1, map[consult.Role]bool{consult.DPO: true, consult.Approver: false}, "the same words, the same number"},
		{func() error { return w.SaveConfidentiality(t.Context(), officer, 1, words("Keep it to yourself.")) }, 2,
			map[consult.Role]bool{consult.Researcher: false, consult.DPO: false}, "S2-5: when the council changes its words everybody is asked again, their author too"},
		{func() error { w.accepts(t, w.staff[consult.Researcher]); return nil }, 2, map[consult.Role]bool{consult.Researcher: true}, "and accepts the new ones"},
		{func() error { return w.SaveConfidentiality(t.Context(), officer, 2, words("Keep it.")) }, 3, map[consult.Role]bool{consult.Researcher: false}, "changed once more"},
		{func() error { return w.SaveConfidentiality(t.Context(), officer, 3, words("Keep it to yourself.")) }, 4,
			map[consult.Role]bool{consult.Researcher: false}, "and back: what was left has to be accepted anew"},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.why, err)
		}
		statement, err := w.Confidentiality(t.Context())
		if err != nil || statement.Number != step.number {
			t.Errorf("%s: number %d, want %d, %v", step.why, statement.Number, step.number, err)
		}
		for role, want := range step.bound {
			if got := w.isBound(t, role); got != want {
				t.Errorf("%s: %s bound %v, want %v", step.why, role, got, want)
			}
		}
	}
	if n := w.audited(t, "staff.acknowledge"); n != 3 {
		t.Errorf("%d entries of acceptance, want 3: one for each, none for the one that was repeated", n)
	}
	accepted, of, err := w.Acknowledgements(t.Context(), officer)
	if err != nil || accepted != 0 || of != 5 {
		t.Errorf("%d of %d have accepted, want 0 of 5 (partners' people are not asked): %v", accepted, of, err)
	}
}

func TestStatementsOfConfidentialityAreChecked(t *testing.T) {
	w := newWorld(t)
	officer := w.staff[consult.DPO]
	now, err := w.Confidentiality(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		number int64
		text   locale.Text
		kind   fault.Kind
		field  string
		why    string
	}{
		{0, locale.Text{locale.Welsh: "Geiriau"}, fault.Invalid, "text.en", "S2-5: staff read it in English"},
		{0, locale.Text{locale.English: "Words", locale.Welsh: " \r\n"}, fault.Invalid, "text.cy", "and in Welsh, where the council has it: Welsh Language Measure 2011"},
		{0, locale.Text{locale.English: strings.Repeat("ŵ", consult.MaxConfidentiality+1), locale.Welsh: "x"}, fault.Invalid, "text.en", "no longer than people read"},
		{0, now.Text, fault.Invalid, "text.en", "nobody is asked again about the same words"},
		{7, locale.Text{locale.English: "Words", locale.Welsh: "Geiriau"}, fault.Conflict, "", "somebody else was faster"},
	} {
		err := w.SaveConfidentiality(t.Context(), officer, c.number, c.text)
		want(t, err, c.kind, c.why)
		if c.field != "" && fieldOf(err) != c.field {
			t.Errorf("%s: at %q, want %q", c.why, fieldOf(err), c.field)
		}
	}
	want(t, w.Acknowledge(t.Context(), w.staff[consult.Researcher], "another"), fault.Conflict, "nobody accepts words that they have not seen")
	want(t, w.Acknowledge(t.Context(), w.staff[consult.PartnerUser], now.Hash), fault.Forbidden, "a partner's people are bound by their agreement")
	if w.audited(t, "staff.acknowledge")+w.audited(t, "settings.confidentiality") > 0 {
		t.Error("what was refused is in the log")
	}
}

// fieldOf returns the field that a refusal is about.
func fieldOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Field
	}
	return ""
}
