package analysis

// EqualityThreshold is the smallest group an equality break-down shows, inside the council too (PSED practice, and
// disclosure.md section 1: no information on groups of fewer than ten people).
const EqualityThreshold = 10

// EqualityGroup is one group of an equality break-down. If it is hidden its distribution is empty.
type EqualityGroup struct {
	Code         string
	Hidden       bool
	Base         int
	Distribution Distribution
}

// EqualityBreakdown is a question by an equality characteristic, as officers see it.
type EqualityBreakdown struct {
	Groups  []EqualityGroup
	Overall Distribution
	Hidden  int // groups hidden
}

// BreakDown returns the rows of a cross-tab as an equality break-down. Groups with fewer than EqualityThreshold
// people are hidden, empty ones too, because that nobody of a group took part is not to be told apart from that
// one person did. What is hidden could be had by subtracting the shown groups from the total; so while fewer than
// two groups, or fewer than EqualityThreshold people together, are hidden, the next smallest group is hidden too.
func BreakDown(t CrossTab, s Scale) EqualityBreakdown {
	hide := make([]bool, len(t.Rows))
	groups, people := 0, 0
	for r, n := range t.RowTotals {
		if n < EqualityThreshold {
			hide[r] = true
			groups, people = groups+1, people+n
		}
	}
	for groups > 0 && (groups < 2 || people < EqualityThreshold) {
		next := smallestShown(t.RowTotals, hide)
		if next < 0 {
			break
		}
		hide[next] = true
		groups, people = groups+1, people+t.RowTotals[next]
	}
	b := EqualityBreakdown{Overall: t.Overall(s), Hidden: groups}
	for r, code := range t.Rows {
		g := EqualityGroup{Code: code, Hidden: hide[r]}
		if !g.Hidden {
			g.Base, g.Distribution = t.RowTotals[r], t.Distribution(r, s)
		}
		b.Groups = append(b.Groups, g)
	}
	return b
}

func smallestShown(totals []int, hide []bool) int {
	best := -1
	for r, n := range totals {
		if !hide[r] && (best < 0 || n < totals[best]) {
			best = r
		}
	}
	return best
}
