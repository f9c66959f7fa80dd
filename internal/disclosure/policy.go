package disclosure

import "folkmoot/internal/fault"

// Policy holds the numbers of the rules. Default gives those of the design; a council may be stricter, never
// laxer than the floors that Check enforces.
type Policy struct {
	BaseThreshold     int // T_base: smallest group that is shown (R2); 10
	CellThreshold     int // t_cell: smallest answer count that is shown (R3); 5
	SpecialThreshold  int // both, for special-category data; 10
	Width             int // w: everything hidden has at least so many possible values, less one (section 3.4); 5
	K                 int // R4: a group is given away if all but K gave one answer; 1
	SpecialK          int // R4 where a special category is involved; 2
	OpenLinkK         int // R4 where anybody may answer through an open link and plant responses (A13); 3
	OpenLink          bool
	RoundTo           int  // 5
	PercentBase       int  // R5: smallest rounded base of a percentage; 20
	DecimalBase       int  // R5: rounded base from which percentages have one decimal; 1,000
	MeanBase          int  // R5: smallest rounded base of a mean or net score; 30
	BandsBelow        int  // R0: break-downs show answers in bands if there are fewer responses; 200
	BreakdownFrom     int  // R0: no break-down if there are fewer responses; 50
	TwoWayFrom        int  // R0: no break-down by two dimensions if there are fewer responses; 1,000
	FineTwoWayFrom    int  // R0: break-downs by two dimensions start from coarse codes below it; 5,000
	MaxBy             int  // R0: most dimensions that a question is broken down by at once; 2, never less or more than 4
	MeanInner         int  // R1: smallest mean inner cell; 5
	MaxHiddenPercent  int  // R1: largest share of inner cells that may be hidden; 50
	UnanimousHeadline bool // R4: the reviewer releases unanimous headlines (100 responses, no special category)
	// Seed decides between cells of equal merit. It is secret, so that nobody can replay the choice (A25), and at
	// least 16 bytes; the same seed and input give the same result.
	Seed []byte `json:"-"`
}

// Default returns the policy of docs/disclosure.md. The caller adds a Seed.
func Default() Policy {
	return Policy{
		BaseThreshold: 10, CellThreshold: 5, SpecialThreshold: 10, Width: 5,
		K: 1, SpecialK: 2, OpenLinkK: 3,
		RoundTo: 5, PercentBase: 20, DecimalBase: 1000, MeanBase: 30,
		BandsBelow: 200, BreakdownFrom: 50, TwoWayFrom: 1000, FineTwoWayFrom: 5000,
		MaxBy: 2, MeanInner: 5, MaxHiddenPercent: 50,
	}
}

// floors of the rules: section 3.2 gives 10 and 5, and lets a base go down to 5 for ordinary data, never lower.
const (
	floorBase    = 5
	floorCell    = 5
	floorSpecial = 10
	floorRound   = 5
	floorWidth   = 5
	minSeed      = 16
)

// Check returns fault.Invalid if the policy is laxer than the rules allow.
func (p Policy) Check() error {
	for _, r := range []struct {
		name       string
		value, min int
	}{
		{"BaseThreshold", p.BaseThreshold, floorBase},
		{"CellThreshold", p.CellThreshold, floorCell},
		{"SpecialThreshold", p.SpecialThreshold, floorSpecial},
		{"Width", p.Width, floorWidth},
		{"K", p.K, 1},
		{"SpecialK", p.SpecialK, 2},
		{"OpenLinkK", p.OpenLinkK, 3},
		{"RoundTo", p.RoundTo, floorRound},
		{"PercentBase", p.PercentBase, 20},
		{"DecimalBase", p.DecimalBase, 1000},
		{"MeanBase", p.MeanBase, 30},
		{"BreakdownFrom", p.BreakdownFrom, 50},
		{"BandsBelow", p.BandsBelow, 200},
		{"TwoWayFrom", p.TwoWayFrom, 1000},
		{"FineTwoWayFrom", p.FineTwoWayFrom, 5000},
		{"MeanInner", p.MeanInner, 5},
		{"Seed", len(p.Seed), minSeed},
	} {
		if r.value < r.min {
			return fault.New(fault.Invalid, "disclosure.policy.lax", "Setting", r.name, "Min", r.min)
		}
	}
	if least := min(p.CellThreshold, p.SpecialThreshold); least < p.Width {
		return fault.New(fault.Invalid, "disclosure.policy.width", "Cell", least, "Width", p.Width) // a small shown parent would make the width impossible (R3)
	}
	if p.MaxHiddenPercent < 1 || p.MaxHiddenPercent > 50 {
		return fault.New(fault.Invalid, "disclosure.policy.share", "Max", 50)
	}
	return nil
}

// k is the coalition of R4 for a table with or without a special category in it.
func (p Policy) k(special bool) int {
	k := p.K
	if special {
		k = max(k, p.SpecialK)
	}
	if p.OpenLink {
		k = max(k, p.OpenLinkK)
	}
	return k
}

// maxBy is the most dimensions of a breakdown.
func (p Policy) maxBy() int { return min(max(p.MaxBy, 2), maxAxes-1) }

// base is T_base of R2.
func (p Policy) base(special bool) int {
	if special {
		return max(p.BaseThreshold, p.SpecialThreshold)
	}
	return p.BaseThreshold
}

// cell is t_cell of R3.
func (p Policy) cell(special bool) int {
	if special {
		return max(p.CellThreshold, p.SpecialThreshold)
	}
	return p.CellThreshold
}
