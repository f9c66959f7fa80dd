package privacy_test

import (
	"slices"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

func passage(p string) privacy.Redaction {
	return privacy.Redaction{Response: "r", Question: "q", Passage: p, Ground: "third_party", Reason: "About a neighbour"}
}

// TestRedact: DPA 2018 Sch. 2 para. 16(1): information about another individual is left out, and nothing else.
func TestRedact(t *testing.T) {
	const text = "I like it. Mr Vane next door\nshouts. Mr Vane next  door drinks. I do not."
	for _, row := range []struct {
		why      string
		passages []string
		want     string
	}{
		{"nothing about others", nil, text},
		{"one sentence", []string{"I do not."}, "I like it. Mr Vane next door\nshouts. Mr Vane next  door drinks. []"},
		{"everywhere, whatever the blanks and line breaks", []string{"Mr Vane next door"}, "I like it. []\nshouts. [] drinks. I do not."},
		{"a passage over a line break", []string{"door shouts."}, "I like it. Mr Vane next [] Mr Vane next  door drinks. I do not."},
		{"passages that overlap are one gap, and nothing between them is left", []string{"Mr Vane next door shouts.", "door shouts. Mr Vane"}, "I like it. [] next  door drinks. I do not."},
		{"signs are no pattern", []string{".*"}, text},
		{"a passage that is not there", []string{"Mrs Vane"}, text},
	} {
		var all []privacy.Redaction
		for _, p := range row.passages {
			all = append(all, passage(p))
		}
		if got := privacy.Redact(text, all, func(privacy.Redaction) string { return "[]" }); got != row.want {
			t.Errorf("%s:\n%q, want\n%q", row.why, got, row.want)
		}
	}
	if got := privacy.Sentences("One. Two!  Three\nFour? 3.5 miles… end"); !slices.Equal(got, []string{"One.", "Two!", "Three", "Four?", "3.5 miles…", "end"}) {
		t.Errorf("sentences: %q", got)
	}
}

// TestRedactNeeds: privacy.md 5.5: each item on a ground of the pick list, with a reason.
func TestRedactNeeds(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.Request, *privacy.Redaction)
		kind   fault.Kind
	}{
		{"no passage", func(_ *privacy.Request, x *privacy.Redaction) { x.Passage = " " }, fault.Invalid},
		{"a ground that the law does not have", func(_ *privacy.Request, x *privacy.Redaction) { x.Ground = "shy" }, fault.Invalid},
		{"no reason (art. 12(4))", func(_ *privacy.Request, x *privacy.Redaction) { x.Reason = "" }, fault.Invalid},
		{"the copy was given", func(r *privacy.Request, _ *privacy.Redaction) { r.Outcome = &privacy.Outcome{} }, fault.Conflict},
	} {
		r, x := &privacy.Request{}, passage("Mr Vane")
		row.change(r, &x)
		if err := r.Redact([]privacy.Redaction{x}); !fault.Is(err, row.kind) || len(r.Redactions) > 0 {
			t.Errorf("%s: %v, %v", row.why, err, r.Redactions)
		}
	}
	r := &privacy.Request{}
	if err := r.Redact(nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("nothing chosen: %v", err)
	}
	for range 2 { // a second click
		if err := r.Redact([]privacy.Redaction{passage("Mr Vane")}); err != nil || len(r.Redactions) != 1 {
			t.Errorf("%v, %v", err, r.Redactions)
		}
	}
	if err := r.Restore(1); !fault.Is(err, fault.NotFound) {
		t.Errorf("put back what is not left out: %v", err)
	}
	if err := r.Restore(0); err != nil || len(r.Redactions) > 0 {
		t.Errorf("put back: %v, %v", err, r.Redactions)
	}
}
