package disclosure

import (
	"math"
	"slices"
)

// Hellinger returns the distance of two distributions of the same cells, from 0 (the same shares) to 1; 0 if one of them is of nobody.
func Hellinger(a, b []int) float64 {
	na, nb := float64(sumOf(a)), float64(sumOf(b))
	if na == 0 || nb == 0 {
		return 0
	}
	sum := 0.0
	for i := range a {
		d := math.Sqrt(float64(a[i])/na) - math.Sqrt(float64(b[i])/nb)
		sum += d * d
	}
	return math.Sqrt(sum / 2)
}

// association returns the chi-square statistic of a table of counts, its degrees of freedom without empty rows and columns, and Cramér's V.
// Without at least two of each there are no degrees of freedom, and V is NaN.
func association(rows [][]int) (chi float64, df int, v float64) {
	if len(rows) == 0 {
		return 0, 0, math.NaN()
	}
	columns := make([]int, len(rows[0]))
	n, full := 0, 0
	for _, r := range rows {
		for i, c := range r {
			columns[i] += c
		}
		if s := sumOf(r); s > 0 {
			n, full = n+s, full+1
		}
	}
	wide := 0
	for _, c := range columns {
		if c > 0 {
			wide++
		}
	}
	if full < 2 || wide < 2 {
		return 0, 0, math.NaN()
	}
	for _, r := range rows {
		s := sumOf(r)
		for i, c := range r {
			if expected := float64(s) * float64(columns[i]) / float64(n); expected > 0 {
				chi += (float64(c) - expected) * (float64(c) - expected) / expected
			}
		}
	}
	return chi, (full - 1) * (wide - 1), math.Sqrt(chi / (float64(n) * float64(min(full, wide)-1)))
}

// critical is the value that chi-square exceeds in 5 % of cases without any difference, by the approximation of Wilson and Hilferty (1931).
func critical(df int) float64 {
	const z = 1.6448536
	a := 2 / (9 * float64(df))
	return float64(df) * math.Pow(1-a+z*math.Sqrt(a), 3)
}

// Spearman returns the correlation of the ranks of two lists, ties by their mean rank. NaN for fewer than three, or where one list is constant.
func Spearman(a, b []float64) float64 {
	if len(a) < 3 || len(a) != len(b) {
		return math.NaN()
	}
	x, y := ranks(a), ranks(b)
	mean := float64(len(a)+1) / 2
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mean) * (y[i] - mean)
		xx += (x[i] - mean) * (x[i] - mean)
		yy += (y[i] - mean) * (y[i] - mean)
	}
	if xx == 0 || yy == 0 {
		return math.NaN()
	}
	return xy / math.Sqrt(xx*yy)
}

func ranks(of []float64) []float64 {
	order := make([]int, len(of))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case of[i] < of[j]:
			return -1
		case of[i] > of[j]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(of))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && of[order[j]] == of[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}

// Distance is how far perturbed counts are from true ones, as the cell-key literature measures it: absolute (D1), relative (D2) and of square roots
// (D3), each on average over all cells, D2 over those of somebody.
type Distance struct {
	D1, D2, D3   float64
	FalseZero    int // cells of somebody that show 0
	FalseNonZero int // cells of nobody that do not
}

// Distances compares counts cell by cell; for noise, where nothing is hidden.
func Distances(exact, shown []int) Distance {
	var d Distance
	people := 0
	for i, n := range exact {
		off := math.Abs(float64(shown[i] - n))
		d.D1 += off
		d.D3 += math.Abs(math.Sqrt(float64(max(0, shown[i]))) - math.Sqrt(float64(n)))
		if n > 0 {
			people++
			d.D2 += off / float64(n)
		}
		switch {
		case n > 0 && shown[i] == 0:
			d.FalseZero++
		case n == 0 && shown[i] != 0:
			d.FalseNonZero++
		}
	}
	d.D1, d.D3 = d.D1/float64(max(1, len(exact))), d.D3/float64(max(1, len(exact)))
	d.D2 /= float64(max(1, people))
	return d
}

func sumOf(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
