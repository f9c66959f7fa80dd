package attack

import "slices"

// tie makes the nodes that link blocks: the finest cells over the dimensions that two blocks have in common.
func (w *world) tie() {
	for i, a := range w.blocks {
		for _, b := range w.blocks[i+1:] {
			var common []int
			for _, x := range a {
				if slices.Contains(b, x) {
					common = append(common, x)
				}
			}
			if w.cohort >= 0 {
				common = append(common, w.cohort)
			}
			w.finest(common, nil)
		}
	}
	if w.cohort >= 0 && len(w.blocks) == 1 {
		w.finest([]int{w.cohort}, nil)
	}
}

// finest makes the nodes of all combinations of leaves of the axes.
func (w *world) finest(axes []int, at []pair) {
	if len(axes) == 0 {
		w.at(at)
		return
	}
	for l := range w.axes[axes[0]].leaves {
		w.finest(axes[1:], append(at, pair{axes[0], l}))
	}
}

// option is one way to split a node.
type option struct{ axis, part int } // part of w.axes[axis].whole for an axis not in the address, else of the code's parts

// expand gives every node the rows that tie it to finer nodes, down to the finest. A node with an upper code needs one
// split of any kind. One of leaves only needs one for every class of further dimensions: blocks that have nothing in
// common but the node say different things about it. All other splits whose parts exist are added to bound with.
func (w *world) expand() {
	for n := 0; n < len(w.nodes); n++ {
		if len(w.nodes) > w.o.MaxUnknowns {
			w.tooLarge = "more unknown counts than are attempted"
			return
		}
		own, classes := w.options(int32(n))
		if len(own) > 0 {
			for _, c := range classes {
				own = append(own, c...)
			}
			w.split(int32(n), own)
			continue
		}
		for _, c := range classes {
			w.split(int32(n), c)
		}
	}
	w.addOthers()
}

// options returns the ways to split a node: by its own upper codes, and by further dimensions, class by class.
func (w *world) options(n int32) (own []option, classes [][]option) {
	var axes []int
	for _, p := range w.nodes[n].at {
		for i := range w.axes[p.axis].codes[p.code].parts {
			own = append(own, option{p.axis, i})
		}
		if p.axis != w.cohort {
			axes = append(axes, p.axis)
		}
	}
	for _, class := range w.further(axes) {
		var c []option
		for _, a := range class {
			for i := range w.axes[a].whole {
				c = append(c, option{a, i})
			}
		}
		classes = append(classes, c)
	}
	return own, classes
}

// further returns the dimensions by which cells over the given ones can be split, in classes: two are in one class if
// a block holds both.
func (w *world) further(axes []int) [][]int {
	at := make([]pair, len(axes))
	for i, a := range axes {
		at[i].axis = a
	}
	k := key(at)
	if c, ok := w.classes[k]; ok {
		return c
	}
	var classes [][]int
	for _, b := range w.blocks {
		if !subset(axes, b) {
			continue
		}
		var class []int
		for _, x := range b {
			if !slices.Contains(axes, x) {
				class = append(class, x)
			}
		}
		if len(class) == 0 {
			continue
		}
		kept := classes[:0]
		for _, c := range classes {
			if slices.ContainsFunc(c, func(x int) bool { return slices.Contains(class, x) }) {
				class = union(class, c)
			} else {
				kept = append(kept, c)
			}
		}
		classes = append(kept, class)
	}
	w.classes[k] = classes
	return classes
}

// parts returns the codes of an option.
func (w *world) parts(at []pair, o option) []int {
	for _, p := range at {
		if p.axis == o.axis {
			return w.axes[p.axis].codes[p.code].parts[o.part]
		}
	}
	return w.axes[o.axis].whole[o.part]
}

// split adds the main row of the option with the fewest new nodes, then the fewest parts.
func (w *world) split(n int32, options []option) {
	at := w.nodes[n].at
	best, bestCost := -1, 0
	for i, o := range options {
		cost := 0
		for _, c := range w.parts(at, o) {
			cost++
			if w.find(with(at, o.axis, c)) < 0 {
				cost += 1000
			}
		}
		if best < 0 || cost < bestCost {
			best, bestCost = i, cost
		}
	}
	r := row{nodes: []int32{n}, coef: []int64{1}, main: true}
	for _, c := range w.parts(at, options[best]) {
		r.nodes, r.coef = append(r.nodes, w.at(with(at, options[best].axis, c))), append(r.coef, -1)
	}
	w.rows = append(w.rows, r)
}

// addOthers adds the splits that follow from the main rows and whose parts all exist.
func (w *world) addOthers() {
	main := map[int32][]int32{} // first part of the main splits of a node
	for _, r := range w.rows {
		if r.coef[0] == 1 && r.lo == 0 && r.hi == 0 && len(r.nodes) > 1 {
			main[r.nodes[0]] = append(main[r.nodes[0]], r.nodes[1])
		}
	}
	for n := range int32(len(w.nodes)) {
		own, classes := w.options(n)
		for _, c := range classes {
			own = append(own, c...)
		}
		for _, o := range own {
			w.addOther(n, o, main[n])
		}
	}
}

func (w *world) addOther(n int32, o option, main []int32) {
	at := w.nodes[n].at
	r := row{nodes: []int32{n}, coef: []int64{1}}
	for _, c := range w.parts(at, o) {
		part := w.find(with(at, o.axis, c))
		if part < 0 {
			return
		}
		r.nodes, r.coef = append(r.nodes, part), append(r.coef, -1)
	}
	if len(r.nodes) > 1 && !slices.Contains(main, r.nodes[1]) {
		w.rows = append(w.rows, r)
	}
}
