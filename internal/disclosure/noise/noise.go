// Package noise answers: how are figures of large and continuous data shown so that nobody's presence can be told?
//
// It adds exact discrete Gaussian noise to whole counts and keeps account of the privacy that is spent
// (disclosure.md section 3.5). No floating point takes part in drawing noise: rounding errors of a sampler have given
// secrets away elsewhere. The same cell in the same epoch always has the same noise, in whatever table it is asked for,
// so asking again and averaging tells nothing more.
package noise

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"folkmoot/internal/fault"
)

// Variance is sigma squared of the noise, as a fraction in whole numbers.
type Variance struct {
	Num uint64 `json:"num"`
	Den uint64 `json:"den"`
}

// maxVariance bounds numerator and denominator: noise of a thousand people is no figure any more.
const maxVariance = 1_000_000

// Check returns fault.Invalid if the variance is not one to publish with.
func (v Variance) Check() error {
	if v.Num == 0 || v.Den == 0 || v.Num > maxVariance || v.Den > maxVariance {
		return fault.New(fault.Invalid, "disclosure.noise.variance", "Max", maxVariance)
	}
	return nil
}

// Sigma returns the standard deviation, for readers.
func (v Variance) Sigma() float64 { return math.Sqrt(float64(v.Num) / float64(v.Den)) }

// root returns the whole part of sigma.
func (v Variance) root() uint64 {
	q := v.Num / v.Den
	r := uint64(math.Sqrt(float64(q)))
	for r*r > q {
		r--
	}
	for (r+1)*(r+1) <= q {
		r++
	}
	return r
}

// Margin returns the 95 % margin of error of one count, noise and rounding together, in whole people, rounded up.
func (v Variance) Margin() int64 { return v.margin(1) }

// Condition is one dimension of a cell and its code.
type Condition struct{ Dim, Code string }

// CellID names a cell by its definition, whatever table it stands in: its conditions in the order of their dimensions; a
// dimension that is summed over is left out (section 3.1).
func CellID(conditions []Condition) string {
	sorted := slices.Clone(conditions)
	slices.SortFunc(sorted, func(a, b Condition) int { return cmpStrings(a.Dim, b.Dim) })
	id := ""
	for _, c := range sorted {
		id += fmt.Sprintf("%q=%q;", c.Dim, c.Code)
	}
	return id
}

func cmpStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Epoch draws the noise of one survey and one period. Key is secret, 32 bytes from a secure source; a new period has a new
// one.
type Epoch struct {
	Key      []byte
	Variance Variance
}

// minKey is the length of an epoch's key in bytes.
const minKey = 32

// Check returns fault.Invalid for a key that is too short or a variance out of bounds.
func (e Epoch) Check() error {
	if len(e.Key) < minKey {
		return fault.New(fault.Invalid, "disclosure.noise.key", "Min", minKey)
	}
	return e.Variance.Check()
}

// Noise returns the noise of a cell. It is the same whenever it is asked for.
func (e Epoch) Noise(cellID string) int64 {
	mac := hmac.New(sha256.New, e.Key)
	fmt.Fprintf(mac, "noise/%d/%d/%s", e.Variance.Num, e.Variance.Den, cellID)
	return newSource(mac.Sum(nil)).gauss(e.Variance)
}

// Cost is what publishing one table costs every person in it, in rho of zero-concentrated differential privacy: 1/(2
// sigma^2) if neighbouring data differ by one person who is there or not, 1/sigma^2 if they differ by one person's
// answer, which is the right notion where totals are printed exactly. Each person is in one cell of a table.
func (v Variance) Cost(answers bool) Rho {
	r := Rho{Num: v.Den, Den: 2 * v.Num}
	if answers {
		r.Den = v.Num
	}
	return r.reduced()
}

// Rho is an amount of privacy loss, as a fraction in whole numbers. The zero value is not valid: use Rho{0, 1}.
type Rho struct {
	Num uint64 `json:"num"`
	Den uint64 `json:"den"`
}

// Float returns the amount for readers.
func (r Rho) Float() float64 { return float64(r.Num) / float64(r.Den) }

// Epsilon returns the guarantee in the terms of (epsilon, delta) differential privacy, for readers:
// rho + 2 sqrt(rho ln(1/delta)).
func (r Rho) Epsilon(delta float64) float64 {
	rho := r.Float()
	return rho + 2*math.Sqrt(rho*math.Log(1/delta))
}

// Plus adds amounts; it returns fault.Invalid if the sum has no exact form in 64 bits.
func (r Rho) Plus(o Rho) (Rho, error) {
	g := gcd(r.Den, o.Den)
	h1, a := bits.Mul64(r.Num, o.Den/g)
	h2, b := bits.Mul64(o.Num, r.Den/g)
	h3, den := bits.Mul64(r.Den/g, o.Den)
	sum, carry := bits.Add64(a, b, 0)
	if h1|h2|h3|carry != 0 {
		return Rho{}, fault.New(fault.Invalid, "disclosure.noise.fraction")
	}
	return Rho{sum, den}.reduced(), nil
}

// Times returns n times the amount.
func (r Rho) Times(n uint64) (Rho, error) {
	hi, num := bits.Mul64(r.Num, n)
	if hi != 0 {
		return Rho{}, fault.New(fault.Invalid, "disclosure.noise.fraction")
	}
	return Rho{num, r.Den}.reduced(), nil
}

// Over reports whether the amount is more than the other.
func (r Rho) Over(o Rho) bool {
	h1, l1 := bits.Mul64(r.Num, o.Den)
	h2, l2 := bits.Mul64(o.Num, r.Den)
	return h1 > h2 || h1 == h2 && l1 > l2
}

func (r Rho) reduced() Rho {
	if r.Num == 0 {
		return Rho{0, 1}
	}
	g := gcd(r.Num, r.Den)
	return Rho{r.Num / g, r.Den / g}
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
