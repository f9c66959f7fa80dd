package plain

import (
	"fmt"
	"slices"
	"strconv"

	"folkmoot/internal/disclosure"
)

func text(v any) string { return fmt.Sprint(v) }

// level is a dimension at one level of its hierarchies: the finest codes, or parents that have no finest code in common. Each is a
// dimension of the protection, which ties them by what they have in common.
type level struct {
	dim    *Dim
	number int               // 0 is the finest
	up     map[string]string // finest code to the code of this level
	codes  []string
}

// name is the level's name as a dimension of the protection. Names of dimensions have no blanks, so it is nobody else's.
func (l level) name() string {
	if l.number == 0 {
		return l.dim.Name
	}
	return l.dim.Name + " (level " + strconv.Itoa(l.number+1) + ")"
}

// levels takes a dimension apart. Hierarchies need not nest: parents of the same height that share a finest code come on different levels.
func (d *Dim) levels() []level {
	finest := level{dim: d, up: map[string]string{}}
	tree := d.tree()
	for _, c := range d.Codes {
		if len(tree.children[c.Name]) == 0 {
			finest.add(c.Name, c.Name)
		}
	}
	if !d.Complete {
		finest.add(unlisted, unlisted)
	}
	all := []level{finest}
	for height := 1; ; height++ {
		first := len(all)
		found := false
		for _, c := range d.Codes {
			if tree.height[c.Name] != height {
				continue
			}
			found = true
			leaves := tree.leaves[c.Name]
			at := -1
			for i := first; i < len(all) && at < 0; i++ {
				if !slices.ContainsFunc(leaves, func(l string) bool { _, taken := all[i].up[l]; return taken }) {
					at = i
				}
			}
			if at < 0 {
				at = len(all)
				all = append(all, level{dim: d, number: len(all), up: map[string]string{}})
			}
			for _, l := range leaves {
				all[at].add(l, c.Name)
			}
		}
		if !found {
			break
		}
		for i := first; i < len(all); i++ { // a code without parent on this level stays itself
			for _, l := range finest.codes {
				if _, ok := all[i].up[l]; !ok {
					all[i].add(l, l)
				}
			}
		}
	}
	return all
}

func (l *level) add(leaf, code string) {
	l.up[leaf] = code
	if !slices.Contains(l.codes, code) {
		l.codes = append(l.codes, code)
	}
}

// tree is the hierarchies of a dimension, worked out once: codes with several parents have many ways up.
type tree struct {
	children map[string][]string
	height   map[string]int      // steps above the finest codes; 0 for these
	leaves   map[string][]string // the finest codes under a code
}

func (d *Dim) tree() *tree {
	t := &tree{map[string][]string{}, map[string]int{}, map[string][]string{}}
	for _, c := range d.Codes {
		for _, p := range c.Parents {
			t.children[p] = append(t.children[p], c.Name)
		}
	}
	for _, c := range d.Codes {
		t.climb(c.Name)
	}
	return t
}

func (t *tree) climb(code string) {
	if _, done := t.height[code]; done {
		return
	}
	if len(t.children[code]) == 0 {
		t.height[code], t.leaves[code] = 0, []string{code}
		return
	}
	seen := map[string]bool{}
	for _, child := range t.children[code] {
		t.climb(child)
		t.height[code] = max(t.height[code], 1+t.height[child])
		for _, l := range t.leaves[child] {
			if !seen[l] {
				seen[l] = true
				t.leaves[code] = append(t.leaves[code], l)
			}
		}
	}
}

// column is the level as the protection takes it.
func (l level) column(answers []string) disclosure.Dim {
	out := disclosure.Dim{Name: l.name(), Codes: l.codes, Role: l.dim.role()}
	index := map[string]uint16{}
	for i, c := range l.codes {
		index[c] = uint16(i)
		if c == NotAnswered || c == unlisted {
			out.NoAnswer = append(out.NoAnswer, c)
		}
		if j := l.dim.code(c); l.number == 0 && j >= 0 && l.dim.Codes[j].Score != "" {
			if out.Scores == nil {
				out.Scores = map[string]float64{}
			}
			out.Scores[c] = l.dim.Codes[j].points
		}
	}
	for _, a := range answers {
		out.Column = append(out.Column, index[l.up[a]])
	}
	return out
}

// role is how the dimension must be guarded.
func (d *Dim) role() disclosure.Role {
	switch d.Role {
	case "sensitive":
		return disclosure.Sensitive
	case "special":
		return disclosure.Special
	}
	return disclosure.Ordinary
}
