package noise_test

import (
	"testing"

	"folkmoot/internal/disclosure/noise"
)

func TestPerturbation(t *testing.T) {
	for _, c := range []struct {
		bound int
		ok    bool
		why   string
	}{
		{2, false, "disclosure.md 0.3: D = 2 can be unpicked"},
		{3, true, "disclosure.md 3.5: D is 3 at least"},
		{9, true, "the most"},
		{10, false, "R2b: an empty cell would come out as 10, and all of them would"},
	} {
		p, err := noise.NewPerturbation(c.bound)
		if (err == nil) != c.ok {
			t.Errorf("bound %d: %s: %v", c.bound, c.why, err)
		}
		if err != nil {
			continue
		}
		orders := map[[noise.CellKeys]int]bool{}
		for count := range 40 {
			sum, seen := 0, map[int]int{}
			var row [noise.CellKeys]int
			for key := range noise.CellKeys {
				by := p.Perturb(count, uint64(key)) - count
				if by < -c.bound || by > c.bound {
					t.Fatalf("%d is added with bound %d", by, c.bound)
				}
				if again := p.Perturb(count, uint64(key)+7*noise.CellKeys) - count; again != by {
					t.Fatalf("the same key adds %d and %d", by, again)
				}
				row[key] = by
				sum += by
				seen[by]++
			}
			if sum != 0 {
				t.Errorf("count %d: the mean is not 0", count)
			}
			for by, n := range seen {
				if least := noise.CellKeys / (2*c.bound + 1); by != 0 && n != least {
					t.Errorf("count %d: %d of 256 keys add %d, want %d", count, n, by, least)
				}
			}
			orders[row] = true
		}
		if len(orders) != 40 {
			t.Errorf("bound %d: only %d of 40 counts have an order of their own", c.bound, len(orders))
		}
	}
	one, _ := noise.NewPerturbation(3)
	two := &noise.Perturbation{Bound: one.Bound, Key: one.Key}
	for key := range uint64(noise.CellKeys) {
		if one.Perturb(17, key) != two.Perturb(17, key) {
			t.Fatal("kept and read again, the table is another")
		}
	}
}

func TestRecordKeysAreEven(t *testing.T) {
	count := make([]int, noise.CellKeys)
	const n = 256 * 400
	for range n {
		count[noise.NewRecordKey()]++
	}
	chi := 0.0
	for _, c := range count {
		chi += float64((c-400)*(c-400)) / 400
	}
	if chi > 400 { // 255 degrees of freedom: above 400 once in a hundred million
		t.Errorf("chi square %.0f of 255 degrees of freedom", chi)
	}
}
