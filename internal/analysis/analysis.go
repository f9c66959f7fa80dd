// Package analysis answers: what do the answers say?
//
// It turns exact counts into the figures a council works with inside its own walls: distributions, two-box and net
// scores, means, intervals. It says which equality groups are too small to be shown even there. Nothing computed
// here may leave the service: figures for partners and the public come from package disclosure.
//
// Percentages are rounded once, at the end, from counts; so they may not sum to 100, and two-box figures are not
// sums of rounded parts (question-bank.md section 8).
//
// Reviewer: survey statistician.
package analysis

// Caution says how far a base carries. The zero value means no caution.
type Caution string

// The cautions of question-bank.md section 8.
const (
	NoCaution Caution = ""
	LowBase   Caution = "low"   // below 100: print "caution, low base"
	NoPercent Caution = "small" // below 50: counts only, no percentages
)

// The bases of the cautions.
const (
	cautionBase = 100
	percentBase = 50
)

// CautionFor returns the caution for an unweighted base.
func CautionFor(base int) Caution {
	switch {
	case base < percentBase:
		return NoPercent
	case base < cautionBase:
		return LowBase
	}
	return NoCaution
}

// Percent returns 100·part/whole, unrounded; 0 if whole is 0.
func Percent(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * part / whole
}
