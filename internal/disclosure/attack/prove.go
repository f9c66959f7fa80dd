package attack

import (
	"math"
	"math/big"
	"math/bits"
)

// A linear programme's optimum is proven by its prices: for any prices y whatever, cost*x = sum of y*(row) + sum of
// (cost - y*A)*x, and each product is at least its least over the bounds of the row or the unknown. So prices are
// rounded to fractions with a common denominator and the sum is computed in whole numbers: whatever comes out is true,
// even if the floating-point arithmetic that proposed the prices went wrong.

// denominators are tried in turn; most prices are whole numbers or simple fractions.
var denominators = []int64{1, 2, 6, 60, 1 << 30}

// exactly is the same programme in whole numbers.
type exactly struct {
	rows []row // nodes are unknowns of the component here
	lo   []int64
	hi   []int64
	cost map[int32]int64 // to be made small
}

// least returns a proven lower bound of the cost, rounded up to a whole number, that is as good as want if one of the
// denominators gives that; ok is false if none is.
func (e *exactly) least(prices []float64, want int64) (int64, bool) {
	for _, d := range denominators {
		if bound, ok := e.bound(prices, d); ok && bound >= want {
			return bound, true
		}
	}
	return 0, false
}

// bound returns the proven lower bound for the prices rounded to a denominator.
func (e *exactly) bound(prices []float64, d int64) (int64, bool) {
	left := make([]int64, len(e.lo)) // d * (cost - y*A)
	for j, c := range e.cost {
		left[j] = c * d
	}
	sum := new(big.Int)
	term := new(big.Int)
	add := func(factor, lo, hi int64) bool {
		at := lo
		if factor < 0 {
			at = hi
		}
		if factor == 0 {
			return true
		}
		if at >= Unbounded || at <= -Unbounded {
			return false
		}
		sum.Add(sum, term.Mul(big.NewInt(factor), big.NewInt(at)))
		return true
	}
	for i := range e.rows {
		r := &e.rows[i]
		scaled := math.Round(prices[i] * float64(d))
		if math.Abs(scaled) > 1<<61 || math.IsNaN(scaled) {
			return 0, false
		}
		y := int64(scaled)
		if y == 0 {
			continue
		}
		if !add(y, r.lo, r.hi) {
			return 0, false
		}
		for k, j := range r.nodes {
			over, product := bits.Mul64(uint64(max(y, -y)), uint64(max(r.coef[k], -r.coef[k])))
			if over != 0 || product > 1<<61 || left[j] > 1<<61 || left[j] < -1<<61 {
				return 0, false
			}
			if (y < 0) != (r.coef[k] < 0) {
				left[j] += int64(product)
			} else {
				left[j] -= int64(product)
			}
		}
	}
	for j, f := range left {
		if !add(f, e.lo[j], e.hi[j]) {
			return 0, false
		}
	}
	// Rounded up: the cost of people is a whole number.
	quotient, remainder := new(big.Int).DivMod(sum, big.NewInt(d), new(big.Int))
	if remainder.Sign() > 0 {
		quotient.Add(quotient, big.NewInt(1))
	}
	if !quotient.IsInt64() {
		return 0, false
	}
	return quotient.Int64(), true
}
