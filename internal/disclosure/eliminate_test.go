package disclosure

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestArithmeticModuloPrime(t *testing.T) {
	p := new(big.Int).SetUint64(prime)
	if !p.ProbablyPrime(20) {
		t.Fatal("2^61-1 is prime")
	}
	rng := rand.New(rand.NewPCG(1, 61))
	values := []uint64{0, 1, 2, prime - 1, prime - 2, 1 << 60}
	for range 2000 {
		values = append(values, rng.Uint64N(prime))
	}
	for i, a := range values {
		b := values[(i*7+3)%len(values)]
		want := new(big.Int).Mul(new(big.Int).SetUint64(a), new(big.Int).SetUint64(b))
		if want.Mod(want, p); mulmod(a, b) != want.Uint64() {
			t.Errorf("%d·%d = %d, want %d", a, b, mulmod(a, b), want)
		}
		if addmod(a, negmod(a)) != 0 {
			t.Errorf("%d less itself is not 0", a)
		}
		if a != 0 && mulmod(a, invmod(a)) != 1 {
			t.Errorf("%d times its inverse is not 1", a)
		}
	}
}

// sums returns 0/1 forms: each string names the unknowns it adds up.
func sums(forms ...string) []vector {
	var out []vector
	for _, f := range forms {
		var v vector
		for _, c := range f {
			v = append(v, term{c - 'a', 1})
		}
		out = append(out, v)
	}
	return out
}

func TestSpace(t *testing.T) {
	for _, c := range []struct {
		why            string
		shown, targets []string
		candidate      string
		reveals        bool
	}{
		{"a total and all but one part give that part", []string{"abc", "a"}, []string{"b"}, "c", true},
		{"a total and one part do not", []string{"abc"}, []string{"b"}, "c", false},
		{"a chain over three lines", []string{"ab", "bc", "cd"}, []string{"d"}, "a", true},
		{"a cycle of four hidden cells needs one of them", []string{"ab", "cd", "ac", "bd"}, []string{"a"}, "d", true},
		{"and without the last margin it does not", []string{"ab", "cd", "ac"}, []string{"a"}, "abcd", false},
		{"a difference is a target like a cell (R4)", []string{"abc"}, []string{"ab"}, "c", true},
		{"parts of a target give it", []string{"a"}, []string{"ab"}, "b", true},
	} {
		s := newSpace(8)
		for _, f := range sums(c.shown...) {
			if r := s.reduce(f); len(r) > 0 {
				s.show(r)
			}
		}
		for _, f := range sums(c.targets...) {
			if !s.protect(f) {
				t.Errorf("%s: the target is known from the start", c.why)
			}
		}
		r := s.reduce(sums(c.candidate)[0])
		if got := len(r) > 0 && s.reveals(r); got != c.reveals {
			t.Errorf("%s: reveals %v", c.why, got)
		}
		if len(r) > 0 && !c.reveals {
			s.show(r)
			if s.knows(sums(c.targets...)[0]) {
				t.Errorf("%s: the target is known after all", c.why)
			}
		}
	}
}

// TestOrderOfPublication is section 3.3 step 4: headlines, more totals first, the council's order, larger cells.
func TestOrderOfPublication(t *testing.T) {
	first := &grid{spec: TableSpec{ID: "1"}, block: &block{axes: make([]*axis, 2)}}
	second := &grid{spec: TableSpec{ID: "2"}, block: &block{axes: make([]*axis, 2)}}
	for i := range 2 {
		a := &axis{dim: &Dim{Name: "d"}, codes: []string{"x", "y"}}
		first.axes[i], second.axes[i] = a, a
	}
	first.cells = []cell{{at: here(0, 0), n: 9}, {at: here(0, 1), n: 90}, {at: here(1, 1), n: 0},
		{at: here(all, 0), n: 20}, {at: here(1, all), n: 30}, {at: everybody, n: 99}}
	second.cells = []cell{{at: here(0, 0), n: 95}, {at: everybody, n: 99}}
	var got []int
	for _, c := range publication([]*grid{first, second}, []byte("secret")) {
		got = append(got, 1000*(c.grid+1)+c.n)
	}
	want := []int{1099, 2099, 1030, 1020, 1000, 1090, 1009, 2095}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("order %v, want %v", got, want)
		}
	}
}

// here is the address of codes on the first two axes.
func here(question, by int) address { return everybody.with(0, question).with(1, by) }

func TestTiesBreakBySecret(t *testing.T) {
	g := &grid{spec: TableSpec{ID: "1"}, block: &block{axes: []*axis{{dim: &Dim{Name: "d"}, codes: []string{"x", "y"}}}}}
	x, y := here(0, all), here(1, all)
	if tieBreak([]byte("one"), g, x) == tieBreak([]byte("two"), g, x) || tieBreak([]byte("one"), g, x) == tieBreak([]byte("one"), g, y) {
		t.Error("A25: a tie depends on the secret and on the cell")
	}
}
