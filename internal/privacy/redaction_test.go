package privacy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

func passage(words string) privacy.Passage {
	return privacy.Passage{Question: "q", Words: words, Ground: "third_party", Reason: "About a neighbour"}
}

func redaction() privacy.Redaction {
	return privacy.Redaction{Response: "r", Question: "q", Places: []privacy.Span{{Start: 3, Length: 7}}, Mark: "m", Ground: "third_party", Reason: "About a neighbour"}
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
		var all []privacy.Gap
		for _, p := range row.passages {
			if places := passage(p).In(text); len(places) > 0 {
				all = append(all, privacy.Redaction{Places: places, Mark: "m"}.GapIn(text, "m"))
			}
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
		{"no passage", func(_ *privacy.Request, x *privacy.Redaction) { x.Places = nil }, fault.Invalid},
		{"a ground that the law does not have", func(_ *privacy.Request, x *privacy.Redaction) { x.Ground = "shy" }, fault.Invalid},
		{"no reason (art. 12(4))", func(_ *privacy.Request, x *privacy.Redaction) { x.Reason = "" }, fault.Invalid},
		{"the copy was given", func(r *privacy.Request, _ *privacy.Redaction) { r.Outcome = &privacy.Outcome{} }, fault.Conflict},
	} {
		r, x := &privacy.Request{}, redaction()
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
		if err := r.Redact([]privacy.Redaction{redaction()}); err != nil || len(r.Redactions) != 1 {
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

// TestGaps: UK GDPR art. 5(1)(d), DPA 2018 Sch. 2 para. 16: what is left out is what was marked, and where that is not certain, everything.
// Text that is pasted from elsewhere has blanks of other kinds; what is ticked is found among them (art. 15(4)).
func TestAPassageIsFoundWhateverItsBlanks(t *testing.T) {
	for _, text := range []string{"Mr\u00a0Smith at number 12 shouts.", "Mr\u2028Smith at\u3000number 12 shouts.", "Mr\vSmith\u0085at number\t12\nshouts."} {
		for _, words := range []string{text, "Mr Smith at number 12 shouts."} {
			if got := (privacy.Passage{Words: words}).In(text); len(got) != 1 || got[0].Start != 0 || got[0].Length != len(text) {
				t.Errorf("%q in %q: %v", words, text, got)
			}
		}
	}
}

func TestGaps(t *testing.T) {
	const text = "Siân Vane, tŷ drws nesaf. Siân  Vane!"
	places := passage("Siân Vane").In(text)
	if len(places) != 2 || places[0] != (privacy.Span{Start: 0, Length: 10}) || places[1] != (privacy.Span{Start: 28, Length: 11}) {
		t.Fatalf("places are in bytes: %v", places)
	}
	for _, row := range []struct {
		why  string
		mark string
		at   []privacy.Span
		want string
		said []string
	}{
		{"the text that was marked", "m", places, "[], tŷ drws nesaf. []!", []string{"Siân Vane", "Siân  Vane"}},
		{"another text", "other", places, "[]", nil},
		{"words of which only the place is not known (an earlier version)", privacy.NoMark, nil, "[]", nil},
		{"no place", "m", nil, "[]", nil},
		{"a place past the end", "m", []privacy.Span{{Start: 30, Length: 12}}, "[]", nil},
		{"a place before the beginning", "m", []privacy.Span{{Start: -1, Length: 3}}, "[]", nil},
		{"a place that overflows", "m", []privacy.Span{{Start: 1 << 62, Length: 1 << 62}}, "[]", nil},
		{"a place without length", "m", []privacy.Span{{Start: 3}}, "[]", nil},
	} {
		gap := privacy.Redaction{Places: row.at, Mark: row.mark}.GapIn(text, "m")
		if got := privacy.Redact(text, []privacy.Gap{gap}, func(privacy.Redaction) string { return "[]" }); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
		if got := gap.Passages(text); !slices.Equal(got, row.said) {
			t.Errorf("%s: the officer is shown %q, want %q", row.why, got, row.said)
		}
	}
}

// TestForgetWords: a request that was written before passages were places is read without their words, and what it left out is left out wholly.
func TestForgetWords(t *testing.T) {
	const stored = `{"redactions":[{"response":"r","question":"q","passage":"Mr Vane drinks","ground":"third_party","reason":"About a neighbour"}]}`
	var r privacy.Request
	if err := json.Unmarshal([]byte(stored), &r); err != nil || len(r.Redactions) != 1 {
		t.Fatal(r, err)
	}
	if again, err := json.Marshal(r); err != nil || strings.Contains(string(again), "Vane") {
		t.Errorf("written again it has the words: %s, %v", again, err)
	}
	if gap := r.Redactions[0].GapIn("Mr Vane drinks. I do not.", "m"); !gap.Whole {
		t.Error("before it is rewritten it does not leave out the whole text")
	}
	if !r.ForgetWords() || r.ForgetWords() {
		t.Error("it is not rewritten once")
	}
	if gap := r.Redactions[0].GapIn("Mr Vane drinks. I do not.", "m"); !gap.Whole || gap.Reason != "About a neighbour" {
		t.Errorf("after it was rewritten: %+v", gap)
	}
}
