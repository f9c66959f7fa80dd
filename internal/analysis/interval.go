package analysis

import "math"

// z95 is the two-sided 95% point of the normal distribution, as question-bank.md section 8 uses it.
const z95 = 1.96

// Wilson returns the 95% Wilson interval of a proportion, both ends between 0 and 1. n is the base. With
// n = 0 nothing is known: 0 to 1.
func Wilson(successes, n float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	p, z2 := successes/n, z95*z95
	mid := (p + z2/(2*n)) / (1 + z2/n)
	half := z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	return max(0, mid-half), min(1, mid+half)
}

// NetMargin returns the half-width, in percentage points, of the 95% interval of a net score of proportions p+ and
// p- on a base of n.
func NetMargin(positive, negative, n float64) float64 {
	if n <= 0 {
		return 100
	}
	net := positive - negative
	return 100 * z95 * math.Sqrt(max(0, positive+negative-net*net)/n)
}
