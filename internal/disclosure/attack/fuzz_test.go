package attack_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/disclosure/attack"
)

// few are people of two wards by two answers: four who answer so at the first release, and four who join at the second.
type few [8]int64

// fewCells are the finest cells, in the order of few.
var fewCells = [4]string{"ward=a q=yes", "ward=a q=no", "ward=b q=yes", "ward=b q=no"}

// of counts those of an address who are in a release.
func (f few) of(at, release string) int64 {
	sum := int64(0)
next:
	for i, leaf := range fewCells {
		for _, pair := range strings.Fields(at) {
			if pair != "ward=n" && !strings.Contains(leaf, pair) {
				continue next
			}
		}
		sum += f[i]
		if release == "2" {
			sum += f[i+4]
		}
	}
	return sum
}

// fits reports whether the people are what all the figures say.
func (f few) fits(in attack.Input) bool {
	for i := range in.Cells {
		c := &in.Cells[i]
		n := f.of(address(c, ""), c.Release)
		switch {
		case c.Measure == attack.Percent:
			base := f.of(address(c, "q"), c.Release)
			if 100*n < c.Lo.Units*base || 100*n > c.Hi.Units*base {
				return false
			}
		case c.Lo != nil:
			if n < c.Lo.Units || n > c.Hi.Units {
				return false
			}
		case !c.Hidden && n != c.Value.Units:
			return false
		}
	}
	return true
}

func address(c *attack.Cell, without string) string {
	var at []string
	for _, d := range []string{"ward", "q"} {
		if code := c.Codes[d]; code != "" && d != without {
			at = append(at, d+"="+code)
		}
	}
	return strings.Join(at, " ")
}

// publishFew publishes figures as bytes say, three each: where, how and how wrong. The first four bytes are the people.
func publishFew(data []byte) (in attack.Input, releases int) {
	var truth few
	releases = 1
	if len(data) > 4 {
		for i := range truth {
			truth[i] = int64(data[i/2] >> (4 * (i % 2)) % 3)
		}
		data = data[4:]
	}
	where := append([]string{"", "ward=a", "ward=b", "ward=n", "q=yes", "q=no", "ward=n q=yes"}, fewCells[:]...)
	p := publish(dim("ward", attack.Ordinary, "a<n", "b<n", "n"), dim("q", attack.Sensitive, "yes", "no"))
	for ; len(data) >= 3 && len(p.in.Cells) < 14; data = data[3:] {
		at := where[int(data[0]%128)%len(where)]
		p.release = "1"
		if data[0] >= 128 {
			p.release, releases = "2", 2
		}
		n := truth.of(at, p.release)
		if data[2] >= 240 { // one in sixteen is wrong
			n += int64(data[2] % 16)
		}
		width := int64(data[2] % 4)
		switch q := strings.Contains(at, "q="); {
		case data[1]%4 == 0:
			p.hide(at)
		case data[1]%4 == 1:
			p.count(at, n)
		case data[1]%4 == 2 || !q:
			p.between(at, n, max(0, n-width), n+2)
		default:
			pct := min(100, 100*n/max(1, truth.of(strings.Fields(at + " x")[0], p.release)))
			if !strings.Contains(at, "ward=") {
				pct = min(100, 100*n/max(1, truth.of("", p.release)))
			}
			p.cell(at, attack.Cell{Measure: attack.Percent, Over: "q", Value: number(pct, 0), Lo: number(max(0, pct-width), 0), Hi: number(min(100, pct+1), 0)})
		}
	}
	if releases == 2 {
		p.in.Mode = attack.Append
	}
	return p.in, releases
}

// FuzzRun attacks small random figures, true and untrue, and holds what it says to all people that there can be, two of
// a kind at most, counted one by one: figures that some people fit are never refused, every one of those people lies
// within every finding, and figures of nobody are never refused without a place.
func FuzzRun(f *testing.F) {
	f.Add([]byte{0x21, 0x12, 0x01, 0x10, 0, 1, 0, 1, 1, 0, 4, 0, 0, 7, 0, 0, 8, 1, 0})
	f.Add([]byte{0x12, 0x21, 0x11, 0x00, 0, 2, 1, 128, 1, 0, 3, 2, 2, 130, 0, 0, 7, 3, 1, 135, 2, 3, 10, 1, 0})
	f.Add([]byte{0x02, 0x20, 0x00, 0x00, 1, 1, 0, 7, 3, 0, 8, 0, 0, 1, 1, 245})
	f.Add([]byte{0, 0, 0, 0, 0, 1, 0, 4, 3, 0, 1, 0, 0})
	f.Add([]byte{})
	f.Add([]byte("7000")) // a hidden figure that nothing ties
	f.Fuzz(func(t *testing.T, data []byte) {
		in, releases := publishFew(data)
		o := attack.Default()
		o.Bounds, o.Rounded, o.Width = true, true, 2
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		r, err := attack.Run(ctx, in, o)
		var faults attack.Faults
		switch {
		case errors.As(err, &faults):
			for _, fault := range faults {
				if fault.Text == "" || fault.At.File == "" && len(in.Cells) > 0 {
					t.Errorf("no place or no text: %q", fault)
				}
			}
		case err != nil:
			t.Fatal(err)
		}
		var people few
		everybody(&people, 0, 4*releases, func() {
			if !people.fits(in) {
				return
			}
			if err != nil && len(in.Cells) > 0 {
				t.Fatalf("%v fit, but: %v", people, err)
			}
			if r != nil {
				within(t, people, r)
			}
		})
	})
}

// everybody calls for all people with two of a kind at most.
func everybody(f *few, i, kinds int, call func()) {
	if i == kinds {
		call()
		return
	}
	for n := range int64(3) {
		f[i] = n
		everybody(f, i+1, kinds, call)
	}
}

// within makes sure that people who fit lie within every finding.
func within(t *testing.T, people few, r *attack.Report) {
	t.Helper()
	for _, list := range [][]attack.Finding{r.Broken, r.Unpicked, r.Bounds} {
		for _, f := range list {
			count := func(at string) int64 {
				n := people.of(at, f.Release)
				if f.Since != "" {
					n -= people.of(at, f.Since)
				}
				return n
			}
			n := count(f.Cell)
			switch f.Kind {
			case attack.KindAttribute:
				n -= count(strings.TrimSpace(f.Cell + " " + f.Answer))
			case attack.KindLeavers:
				n = -n
			}
			if n < f.Lo || n > f.Hi {
				t.Fatalf("%v fit, but are not within %+v", people, f)
			}
		}
	}
}
