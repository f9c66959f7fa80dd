package analysis

// EqualityThreshold is the smallest group an equality break-down shows, inside the council too (PSED practice, and
// disclosure.md section 1: no information on groups of fewer than ten people).
const EqualityThreshold = 10

// HiddenGroups says for each group, given how many people it has, whether an equality break-down hides it. Groups
// with fewer than EqualityThreshold people are hidden, empty ones too, because that nobody of a group took part is
// not to be told apart from that one person did. What is hidden could be had by subtracting the shown groups from
// the total; so while fewer than two groups, or fewer than EqualityThreshold people together, are hidden, the next
// smallest group is hidden too.
func HiddenGroups(sizes []int) []bool {
	hide := make([]bool, len(sizes))
	groups, people := 0, 0
	for g, n := range sizes {
		if n < EqualityThreshold {
			hide[g] = true
			groups, people = groups+1, people+n
		}
	}
	for groups > 0 && (groups < 2 || people < EqualityThreshold) {
		next := smallestShown(sizes, hide)
		if next < 0 {
			break
		}
		hide[next] = true
		groups, people = groups+1, people+sizes[next]
	}
	return hide
}

func smallestShown(sizes []int, hide []bool) int {
	best := -1
	for g, n := range sizes {
		if !hide[g] && (best < 0 || n < sizes[best]) {
			best = g
		}
	}
	return best
}
