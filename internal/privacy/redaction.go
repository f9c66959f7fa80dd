package privacy

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"folkmoot/internal/fault"
)

// Redaction leaves one passage about somebody else out of the copy of a person (DPA 2018 Sch. 2 para. 16). It says where the passage stands and holds no word
// of it: what a person wrote lies with their response only, and goes with it (UK GDPR art. 5(1)(e), 17).
type Redaction struct {
	Response string `json:"response"`
	Question string `json:"question"`
	Places   []Span `json:"places,omitempty"` // where the passage stands in the text, in its order
	Mark     string `json:"mark,omitempty"`   // keyed hash of the whole text (consult.Service.TextMarks): another text has another
	Ground   string `json:"ground"`           // one of ExemptionGrounds
	Reason   string `json:"reason"`           // why the ground applies, as the person reads it in the gap
}

// Span is a part of a text, in bytes of UTF-8.
type Span struct {
	Start  int `json:"start"`
	Length int `json:"length"`
}

// NoMark is the mark of a redaction from before places were kept, or of a postcode that lay in the free text then: it fits no text.
const NoMark = "none"

// MaxPassage is the most characters of a passage.
const MaxPassage = 5000

// Passage is what an officer marked to be left out. It is stored nowhere.
type Passage struct {
	Question string // empty for every text in which it stands
	Words    string // as they stand in the text, blanks and line breaks apart
	Ground   string
	Reason   string
}

// anyBlanks matches what strings.Fields parts words at, no-break spaces among them.
const anyBlanks = `[\s\x{0b}\x{85}\p{Z}]+`

// In finds where the passage stands in a text: everywhere, whatever the blanks between its words.
func (p Passage) In(text string) (out []Span) {
	words := strings.Fields(p.Words)
	if len(words) == 0 {
		return nil
	}
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	for _, at := range regexp.MustCompile(strings.Join(words, anyBlanks)).FindAllStringIndex(text, -1) {
		out = append(out, Span{at[0], at[1] - at[0]})
	}
	return out
}

// Gap is what a redaction leaves out of the text as it is now.
type Gap struct {
	Redaction
	Number int  // of the redaction in its request, from 0
	Whole  bool // the text is not the one that was marked: all of it is left out, until the officer marks it anew
}

// GapIn returns what the redaction leaves out of a text with the mark.
func (r Redaction) GapIn(text, mark string) Gap {
	fits := func(p Span) bool { return p.Start >= 0 && p.Length > 0 && p.Start <= len(text)-p.Length }
	bad := func(p Span) bool { return !fits(p) }
	return Gap{Redaction: r, Whole: r.Mark != mark || len(r.Places) == 0 || slices.ContainsFunc(r.Places, bad)}
}

// Passages are the parts of the text that the gap leaves out, each once, in the order of the text. Of a whole text there are none.
func (g Gap) Passages(text string) (out []string) {
	if g.Whole {
		return nil
	}
	for _, p := range g.Places {
		if passage := text[p.Start : p.Start+p.Length]; !slices.Contains(out, passage) {
			out = append(out, passage)
		}
	}
	return out
}

// Redact returns the text with its gaps. Passages that overlap are one gap, with what says of the first.
func Redact(text string, gaps []Gap, says func(Redaction) string) string {
	type part struct {
		start, end int
		r          Redaction
	}
	var all []part
	for _, g := range gaps {
		if g.Whole {
			all = append(all, part{0, len(text), g.Redaction})
			continue
		}
		for _, p := range g.Places {
			all = append(all, part{p.Start, p.Start + p.Length, g.Redaction})
		}
	}
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var out strings.Builder
	done := 0
	for _, p := range all {
		if p.start >= done {
			out.WriteString(text[done:p.start])
			out.WriteString(says(p.r))
		}
		done = max(done, p.end)
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
		case len(x.Places) == 0:
			return fault.New(fault.Invalid, "error.redact.passage").At("passage")
		case !slices.ContainsFunc(ExemptionGrounds(), func(g ExemptionGround) bool { return g.ID == x.Ground }):
			return fault.New(fault.Invalid, "error.request.ground").At("ground")
		case blank(x.Reason):
			return fault.New(fault.Invalid, "error.redact.reason").At("reason")
		}
		if err := Within("reason", x.Reason, MaxRequestLine); err != nil {
			return err
		}
		if !slices.ContainsFunc(r.Redactions, func(y Redaction) bool { return reflect.DeepEqual(x, y) }) {
			r.Redactions = append(r.Redactions, x)
		}
	}
	return nil
}

// Forget drops what the request says of passages of the response in hand, which is being erased.
func (r *Request) Forget() {
	r.Redactions = slices.DeleteFunc(r.Redactions, func(x Redaction) bool { return x.Response == r.Response })
}

// ForgetWords makes sure that no redaction holds words of a respondent: until passages were kept as places, a request held them. What such a redaction left
// out is not known any more, so it leaves out the whole text. It reports whether there was any.
func (r *Request) ForgetWords() (changed bool) {
	for i := range r.Redactions {
		if r.Redactions[i].Mark == "" { // the words themselves were dropped when the request was read: nothing has a field for them
			r.Redactions[i].Mark, changed = NoMark, true
		}
	}
	return changed
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
