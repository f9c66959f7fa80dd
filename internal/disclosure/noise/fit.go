package noise

import "math"

// fit returns noisy figures that add up: for the tables of one question, the least-squares figures among those that some
// joint table has. All figures have the same variance, so all weights are equal. It sees noisy figures only, so it costs
// nothing (post-processing, section 3.5), and floating point does no harm. The order of every sum is fixed, so the same
// figures come out every time.
func fit(tables []Table, axes map[string]axis, noisy [][]float64) ([][]float64, error) {
	joint, err := jointOf(tables, axes)
	if err != nil {
		return nil, err
	}
	// Conjugate gradients for (sum of A'A) x = sum of A'y, from 0: with more joint cells than the tables determine it
	// still comes to figures that fit best.
	up := func(x []float64) [][]float64 {
		out := make([][]float64, len(tables))
		for t, cells := range joint.cells {
			out[t] = make([]float64, len(noisy[t]))
			for i, at := range cells {
				out[t][at] += x[i]
			}
		}
		return out
	}
	down := func(y [][]float64) []float64 {
		out := make([]float64, joint.size)
		for t, cells := range joint.cells {
			for i, at := range cells {
				out[i] += y[t][at]
			}
		}
		return out
	}
	x := make([]float64, joint.size)
	r := down(noisy)
	p := append([]float64(nil), r...)
	rr := dot(r, r)
	enough := rr * 1e-24
	for step := 0; rr > enough && step < maxSteps; step++ {
		q := down(up(p))
		alpha := rr / dot(p, q)
		for i := range x {
			x[i] += alpha * p[i]
			r[i] -= alpha * q[i]
		}
		next := dot(r, r)
		for i := range p {
			p[i] = r[i] + next/rr*p[i]
		}
		rr = next
	}
	return up(x), nil // of one joint table whatever the step, so the figures always add up
}

// maxSteps ends a fit that rounding errors keep from its goal; 20 to 60 are usual.
const maxSteps = 500

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// joint is the space of all combinations of the bottom codes of a question's tables.
type joint struct {
	size  int
	cells [][]int32 // per table: joint cell to cell
}

func jointOf(tables []Table, axes map[string]axis) (joint, error) {
	var roots []string
	place := map[string]int{}
	j := joint{size: 1}
	for _, t := range tables {
		for _, name := range t.Dims {
			root := axes[name].root
			if _, ok := place[root]; ok {
				continue
			}
			place[root] = len(roots)
			roots = append(roots, root)
			codes := len(axes[root].up)
			if j.size > maxCells/codes {
				return j, invalid("joint", t.Question)
			}
			j.size *= codes
		}
	}
	stride, s := make([]int, len(roots)), 1
	for i := len(roots) - 1; i >= 0; i-- {
		stride[i] = s
		s *= len(axes[roots[i]].up)
	}
	for _, t := range tables {
		cells := make([]int32, j.size)
		for _, name := range t.Dims {
			a := axes[name]
			codes, step := len(a.up), stride[place[a.root]]
			for i := range cells {
				cells[i] = cells[i]*int32(len(a.dim.Codes)) + int32(a.up[i/step%codes])
			}
		}
		j.cells = append(j.cells, cells)
	}
	return j, nil
}

// nearest rounds a figure to the nearest multiple of RoundTo, and what is below 0 to 0.
func nearest(y float64) int64 { return RoundTo * int64(math.Round(math.Max(0, y)/RoundTo)) }
