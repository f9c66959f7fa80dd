package attack_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// TestExtremes gives the attack what nobody should publish (issue "Bad input"): it answers, and never calls safe what it did not examine.
func TestExtremes(t *testing.T) {
	wide := func(dims int) *publication {
		var all []attack.Dim
		for i := range dims {
			all = append(all, dim(fmt.Sprint("d", i), attack.Sensitive, "y", "n"))
		}
		return publish(all...)
	}
	for _, test := range []struct {
		why        string
		in         func() attack.Input
		broken     bool
		unfinished bool
		note       string
	}{
		{"100 dimensions in one table, of which figures use two at a time", func() attack.Input {
			p := wide(100)
			p.count("", 40)
			for i := range 99 {
				p.hide(fmt.Sprintf("d%d=y d%d=y", i, i+1))
			}
			return p.in
		}, false, false, "too many finest cells"},
		{"100 dimensions in one cell", func() attack.Input {
			p := wide(100)
			var at []string
			for i := range 100 {
				at = append(at, fmt.Sprintf("d%d=y", i))
			}
			p.count(strings.Join(at, " "), 3)
			return p.in
		}, false, true, ""},
		{"one respondent", func() attack.Input {
			p := wide(2)
			p.count("", 1)
			p.hide("d0=y")
			p.count("d0=n", 0)
			return p.in
		}, true, false, ""},
		{"everyone in one cell", func() attack.Input {
			p := wide(2)
			p.count("", 50)
			p.count("d0=y d1=y", 50)
			p.hide("d0=n d1=y")
			return p.in
		}, true, false, ""},
		{"more releases with people coming and going than are attempted", func() attack.Input {
			p := wide(1)
			for r := range 12 {
				p.release = fmt.Sprintf("%02d", r)
				p.count("", 100)
			}
			p.in.Mode = attack.Churn
			return p.in
		}, false, true, ""},
		{"a hidden figure of which nothing is told", func() attack.Input {
			p := wide(1)
			p.hide("d0=y")
			return p.in
		}, false, false, ""},
	} {
		r, err := attack.Run(t.Context(), test.in(), attack.Default())
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		if (len(r.Broken) > 0) != test.broken || (len(r.Unfinished) > 0) != test.unfinished || !strings.Contains(strings.Join(r.Notes, " "), test.note) {
			t.Errorf("%s: broken %+v, unfinished %+v, notes %q", test.why, r.Broken, r.Unfinished, r.Notes)
		}
	}
}

// TestOutOfTime makes sure that what is not finished is said and not called safe.
func TestOutOfTime(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	in := linked(3, 8, 4, 2000)
	r, err := attack.Run(ctx, in, attack.Default())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Unfinished) == 0 || r.Safe() {
		t.Errorf("a run without time is called safe: %d questions, %d unfinished", r.Questions, len(r.Unfinished))
	}
}
