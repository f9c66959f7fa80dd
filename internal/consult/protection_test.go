package consult_test

import (
	"testing"

	"folkmoot/internal/consult"
)

// A stricter policy holds for releases made from then on, in every figure; the certificate is checked against it too.
func TestStricterProtectionShowsLess(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 400)
	p, version, err := w.Protection(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.BaseThreshold, p.CellThreshold, p.Rounding, p.PercentMinBase = 20, 15, 10, 40
	if problems, err := w.SaveProtection(t.Context(), w.staff[consult.Administrator], version, p); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	r := w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "warm_enough", By: "ward"}, consult.TableSpec{Question: "heating"})
	if r.Policy.BaseThreshold != 20 || r.Policy.Rounding != 10 {
		t.Errorf("the release names %+v", r.Policy)
	}
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			total := row.Code == "total"
			if n, ok := number(row.Base); ok && !total && (n%10 != 0 || truth(all, func(v *visit) bool { return inGroup(v, table.By, row.Code) }) < 20) {
				t.Errorf("%s %s: base %d is shown under a threshold of 20, rounded to 10", table.ID, row.Code, n)
			}
			for i := range table.Columns {
				if n, ok := number(row.Counts[i]); ok && !total && (n%10 != 0 || n > 0 && n < 10) {
					t.Errorf("%s %s: %d is shown under a threshold of 15, rounded to 10", table.ID, row.Code, n)
				}
			}
		}
	}
}
