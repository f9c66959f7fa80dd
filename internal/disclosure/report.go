package disclosure

// Report says how the release was protected (section 3.6). Public parts may be printed with it; HiddenBy is for
// the reviewers only, because it says how many figures were small (R13).
type Report struct {
	Cells       int          // figures that could have been shown
	Hidden      int          // of these, hidden
	HiddenBy    map[Rule]int `json:"-"`
	Rounds      int          // times the whole release was protected again after a redesign or a repair
	Rounding    int
	Method      []Finding // the method in sentences, in reading order
	TableHidden map[string]Share
}

// Share is how many figures of a table are hidden.
type Share struct{ Cells, Hidden int }

// Percent returns the share hidden, rounded up.
func (s Share) Percent() int {
	if s.Cells == 0 {
		return 0
	}
	return (100*s.Hidden + s.Cells - 1) / s.Cells
}

// Rule names why a figure is hidden.
type Rule string

// The rules of section 3.2, and the secondary suppression of 3.3.
const (
	RuleNone      Rule = ""
	RuleBase      Rule = "R2"        // too few people in the group
	RuleExistence Rule = "R2b"       // special category: not even 0 is shown
	RuleAnswer    Rule = "R3"        // too few people gave this answer
	RuleGroup     Rule = "R4"        // all of the group, or nearly, gave this answer
	RuleSecondary Rule = "secondary" // it would give a hidden figure away
	RuleRow       Rule = "row"       // its group's base is hidden
	RuleRepair    Rule = "repair"    // it makes room for hidden figures that would be narrow together
)
