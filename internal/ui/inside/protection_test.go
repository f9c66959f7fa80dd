package inside_test

import (
	"testing"

	"folkmoot/internal/consult"
)

// A council may protect its figures more strictly than the rules, never less (disclosure.md 3.2).
func TestProtectionIsNeverLaxer(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Administrator)
	for _, c := range []struct{ why, field, typed, says string }{
		{"R2: never under 5", "base_threshold", "4", "Enter a whole number from 5 to 100"},
		{"R2, R3: special-category data never under 10", "special_threshold", "9", "Enter a whole number from 10 to 100"},
		{"R4: somebody always knows their own answer", "coalition", "0", "Enter a whole number from 1 to 10"},
		{"rounding to less than 5 shows changes of one", "rounding", "1", "Enter a whole number from 5 to 50"},
		{"R3: a shown answer must leave room for the width", "width", "8", "Enter at most 5, the smallest answer that is shown"},
		{"not a number", "mean_min_base", "thirty", "Enter a whole number from 30 to 500"},
	} {
		b.Get("/office/settings/protection")
		save(t, b, c.field, c.typed)
		at(t, b, "/office/settings/protection", 422)
		shows(t, b, c.says)
		if _, values := filled(t, b); values.Get(c.field) != c.typed {
			t.Errorf("%s: %q was not kept", c.why, c.typed)
		}
	}
	b.Get("/office/settings/protection")
	save(t, b, "cell_threshold", "10", "rounding", "10")
	at(t, b, "/office/settings/protection", 200)
	shows(t, b, "Your changes are saved")
	p, _, err := w.Service.Protection(t.Context())
	check(t, err)
	want := consult.DefaultProtection()
	want.CellThreshold, want.Rounding = 10, 10
	if p != want {
		t.Errorf("stored %+v", p)
	}
}
