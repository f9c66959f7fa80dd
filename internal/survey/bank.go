package survey

import (
	"slices"

	"folkmoot/internal/locale"
)

// Bank is the question bank: harmonised questions with their sources, and label sets. Every version of an entry
// stays in it, because answers given to it do. The zero value is an empty bank.
type Bank struct {
	entries []Entry
	sets    []LabelSet
}

// Entry is one subject of the bank: one question, or one with its follow-ups.
type Entry struct {
	BankEntry
	Title     locale.Text // for the library and the consent page's list of categories
	Order     int         // place in the equality block (question-bank.md section 4)
	Questions []Question  // the first, and those that its answers lead to
}

// LabelSet is a set of answers that several questions share.
type LabelSet struct {
	ID            string
	Kind          Kind // Scale (five points) or Single
	Title         locale.Text
	Source        string
	Unchecked     bool        // some of its Welsh is ours and no translator has checked it
	Options       []Option    // without "don't know"
	DontKnow      locale.Text // label of "don't know"
	NotApplicable locale.Text // label where a definition asks for "don't know or not applicable"
}

// For returns the options with "don't know" last, coded apart and never as the middle of the scale: dontKnow is
// "" for the set's own label, "not_applicable" for the longer one, "none" to leave it out.
func (s LabelSet) For(dontKnow string) []Option {
	out := cloneOptions(s.Options)
	switch dontKnow {
	case "none":
		return out
	case "not_applicable":
		return append(out, Option{Code: CodeDontKnow, Label: cloneText(s.NotApplicable)})
	}
	return append(out, Option{Code: CodeDontKnow, Label: cloneText(s.DontKnow)})
}

// IDs returns the ids of the entries in the order of the equality block.
func (b Bank) IDs() []string {
	var out []string
	for _, e := range b.entries {
		out = append(out, e.ID)
	}
	return out
}

// Entry returns a copy of the entry with the id. ok is false where there is none.
func (b Bank) Entry(id string) (e Entry, ok bool) {
	i := slices.IndexFunc(b.entries, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	e = b.entries[i]
	e.Title, e.Questions = cloneText(e.Title), cloneQuestions(e.Questions)
	return e, true
}

// Entries returns copies of the entries in the order of the equality block.
func (b Bank) Entries() []Entry {
	var out []Entry
	for _, id := range b.IDs() {
		e, _ := b.Entry(id)
		out = append(out, e)
	}
	return out
}

// LabelSets returns the names of the label sets in the bank's order.
func (b Bank) LabelSets() []string {
	var out []string
	for _, s := range b.sets {
		out = append(out, s.ID)
	}
	return out
}

// LabelSet returns the label set with the name. ok is false where there is none.
func (b Bank) LabelSet(id string) (s LabelSet, ok bool) {
	i := slices.IndexFunc(b.sets, func(s LabelSet) bool { return s.ID == id })
	if i < 0 {
		return LabelSet{}, false
	}
	s = b.sets[i]
	s.Title, s.DontKnow, s.NotApplicable = cloneText(s.Title), cloneText(s.DontKnow), cloneText(s.NotApplicable)
	s.Options = cloneOptions(s.Options)
	return s, true
}
