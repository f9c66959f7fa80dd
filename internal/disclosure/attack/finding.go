package attack

import "fmt"

// finding says where a question stands.
func (w *world) finding(q *want) Finding {
	n := &w.nodes[q.whole]
	f := Finding{Kind: q.kind, Cell: w.name(n.at), Lo: n.lo, Hi: n.hi}
	f.Since, f.Release = w.release(n.at)
	if q.cell != nil {
		f.At, f.Release = q.cell.At.String(), q.cell.Release
	}
	switch q.kind {
	case KindExact:
		if n.lo < n.hi {
			f.Kind = KindNarrow
		}
	case KindJoiners, KindLeavers:
		f.Since, f.Release = w.releases[q.axis], w.releases[q.code]
	case KindAttribute:
		f.Answer = w.axes[q.axis].name + "=" + w.axes[q.axis].codes[q.code].name
		f.Lo, f.Hi = 0, q.restHi
	}
	return f
}

// found files a break.
func (w *world) found(q *want) {
	f := w.finding(q)
	n := &w.nodes[q.whole]
	people := fmt.Sprintf("%d", n.lo)
	if n.lo < n.hi {
		people = fmt.Sprintf("%d to %d", n.lo, n.hi)
	}
	switch f.Kind {
	case KindExact:
		f.Text = fmt.Sprintf("the hidden figure is %d", n.lo)
	case KindNarrow:
		f.Text = "the hidden figure is " + people
	case KindAttribute:
		f.Text = fmt.Sprintf("all but %d at most gave this answer", q.restHi)
		if q.restHi == 0 {
			f.Text = "all of them gave this answer"
		}
		if n.lo == n.hi {
			f.Text += fmt.Sprintf(", of %d", n.lo)
		}
	case KindJoiners:
		f.Text = people + " came between the releases"
	case KindLeavers:
		f.Text = people + " went between the releases"
	case KindUnpicked:
		f.Text = fmt.Sprintf("printed as %d, it is %d", n.value, n.lo)
		small := n.lo >= 1 && n.lo < int64(w.o.Width)
		if !w.o.Rounded && !small {
			w.unpicked = append(w.unpicked, f)
			return
		}
	}
	w.broken = append(w.broken, f)
}

// report returns the figures of the attack.
func (w *world) report() *Report {
	return &Report{Releases: w.releases, Mode: w.mode, Figures: w.figures, Hidden: w.hidden, Unknowns: len(w.nodes), Equations: len(w.rows),
		Components: w.components, Programmes: w.solved, Questions: len(w.wants),
		Broken: append([]Finding{}, w.broken...), Unpicked: append([]Finding{}, w.unpicked...),
		Unfinished: append([]Finding{}, w.unfinished...), Bounds: w.bounded, Notes: append([]string{}, w.notes...)}
}
