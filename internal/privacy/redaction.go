package privacy

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"folkmoot/internal/fault"
)

// Redaction leaves one passage about somebody else out of the copy of a person (DPA 2018 Sch. 2 para. 16). What was written stays as it is; the passage lies
// sealed with the request.
type Redaction struct {
	Response string `json:"response"`
	Question string `json:"question"`
	Passage  string `json:"passage"` // as it stands in the text, blanks and line breaks apart
	Ground   string `json:"ground"`  // one of ExemptionGrounds
	Reason   string `json:"reason"`  // why the ground applies, as the person reads it in the gap
}

// MaxPassage is the most characters of a passage.
const MaxPassage = 5000

// span is a part of a text, in bytes, and the redaction that it is of.
type span struct {
	start, end int
	r          Redaction
}

// spans finds where the passage stands: everywhere, whatever the blanks between its words.
func (r Redaction) spans(text string) (out []span) {
	words := strings.Fields(r.Passage)
	if len(words) == 0 {
		return nil
	}
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	for _, at := range regexp.MustCompile(strings.Join(words, `\s+`)).FindAllStringIndex(text, -1) {
		out = append(out, span{at[0], at[1], r})
	}
	return out
}

// In reports whether the passage stands in the text.
func (r Redaction) In(text string) bool { return len(r.spans(text)) > 0 }

// Redact returns the text with a gap for every passage. Passages that overlap are one gap, with what says of the first.
func Redact(text string, redactions []Redaction, gap func(Redaction) string) string {
	var all []span
	for _, r := range redactions {
		all = append(all, r.spans(text)...)
	}
	slices.SortStableFunc(all, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var out strings.Builder
	done := 0
	for _, s := range all {
		if s.start >= done {
			out.WriteString(text[done:s.start])
			out.WriteString(gap(s.r))
		}
		done = max(done, s.end)
	}
	out.WriteString(text[done:])
	return out.String()
}

// Sentences cuts a text into sentences and lines, to be ticked.
func Sentences(text string) (out []string) {
	begin := 0
	take := func(end int) {
		if s := strings.TrimSpace(text[begin:end]); s != "" {
			out = append(out, s)
		}
		begin = end
	}
	stop := false // the last sign ended a sentence
	for at, r := range text {
		if r == '\n' || stop && unicode.IsSpace(r) {
			take(at)
		}
		stop = strings.ContainsRune(".!?…", r)
	}
	take(len(text))
	return out
}

// RedactionsOf lists those of one response.
func (r *Request) RedactionsOf(response string) (out []Redaction) {
	for _, x := range r.Redactions {
		if x.Response == response {
			out = append(out, x)
		}
	}
	return out
}

// Redact leaves passages out of the copy. fault.Invalid without a passage, a ground or a reason; fault.Conflict if the request has ended: then the copy was
// given.
func (r *Request) Redact(all []Redaction) error {
	if r.Outcome != nil {
		return fault.New(fault.Conflict, "error.request.ended")
	}
	if len(all) == 0 {
		return fault.New(fault.Invalid, "error.redact.passage").At("passage")
	}
	for _, x := range all {
		switch {
		case blank(x.Passage):
			return fault.New(fault.Invalid, "error.redact.passage").At("passage")
		case !slices.ContainsFunc(ExemptionGrounds(), func(g ExemptionGround) bool { return g.ID == x.Ground }):
			return fault.New(fault.Invalid, "error.request.ground").At("ground")
		case blank(x.Reason):
			return fault.New(fault.Invalid, "error.redact.reason").At("reason")
		}
		if err := Within("reason", x.Reason, MaxRequestLine); err != nil {
			return err
		}
		if err := Within("passage", x.Passage, MaxPassage); err != nil {
			return err
		}
		if !slices.Contains(r.Redactions, x) {
			r.Redactions = append(r.Redactions, x)
		}
	}
	return nil
}

// Forget drops what the request has of the words of the response in hand, which is being erased.
func (r *Request) Forget() {
	r.Redactions = slices.DeleteFunc(r.Redactions, func(x Redaction) bool { return x.Response == r.Response })
}

// Restore puts a passage back into the copy. fault.NotFound if there is none with the number; fault.Conflict if the request has ended.
func (r *Request) Restore(number int) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case number < 0 || number >= len(r.Redactions):
		return fault.New(fault.NotFound, "error.redact.unknown")
	}
	r.Redactions = slices.Delete(r.Redactions, number, number+1)
	return nil
}
