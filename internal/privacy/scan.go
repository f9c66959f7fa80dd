package privacy

import (
	"cmp"
	"slices"
	"strings"
)

// MarkKind is what a part of a free text looks like. The zero value is invalid.
type MarkKind string

// The kinds, in the order in which they are told. Nobody asks for any of these in a consultation (councils.md S1-2, S3-2).
const (
	MarkCard              MarkKind = "card"
	MarkBank              MarkKind = "bank" // sort code with account number, or a British IBAN
	MarkNationalInsurance MarkKind = "nino"
	MarkEmail             MarkKind = "email"
	MarkTelephone         MarkKind = "phone"
	MarkNHS               MarkKind = "nhs"
)

// MarkKinds lists the kinds in that order.
func MarkKinds() []MarkKind {
	return []MarkKind{MarkCard, MarkBank, MarkNationalInsurance, MarkEmail, MarkTelephone, MarkNHS}
}

// Valid reports whether the kind is one of MarkKinds.
func (k MarkKind) Valid() bool { return slices.Contains(MarkKinds(), k) }

// Mark is a part of a text that looks like something that tells who a person is.
type Mark struct {
	Kind       MarkKind
	Start, End int // bytes of the text, End not included
}

// Scan returns the parts of the text that look like a National Insurance number, a payment card, a British bank account, an NHS number, an
// e-mail address or a British telephone number, in their order; none overlaps another. Digits, dashes and spaces may be those of any
// script. It looks at form and check digits only: what it finds may be a false alarm, and what is spelt out in words it does not find. It
// takes time in proportion to the text. (councils.md S1-2, S3-2)
func Scan(text string) []Mark {
	s := foldText(text)
	var found []Mark
	found = append(found, s.emails()...)
	for i := range s.folded {
		switch b := s.folded[i]; {
		case isDigit(b) && !s.isDigitAt(i-1):
			found = append(found, s.cardAt(i)...)
			found = append(found, s.nhsAt(i)...)
			found = append(found, s.telephoneAt(i)...)
			found = append(found, s.bankAt(i)...)
		case b == '+':
			found = append(found, s.telephoneAt(i)...)
		case isLetter(b) && !s.isWordAt(i-1):
			found = append(found, s.nationalInsuranceAt(i)...)
			found = append(found, s.ibanAt(i)...)
		}
	}
	return s.apart(found)
}

// KindsOf lists the kinds of the marks, each once, in the order of MarkKinds.
func KindsOf(marks []Mark) (kinds []MarkKind) {
	for _, k := range MarkKinds() {
		if slices.ContainsFunc(marks, func(m Mark) bool { return m.Kind == k }) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Redacted returns the text with the marked parts replaced. The marks are those of Scan.
func Redacted(text string, marks []Mark, by string) string {
	var out strings.Builder
	at := 0
	for _, m := range marks {
		out.WriteString(text[at:m.Start])
		out.WriteString(by)
		at = m.End
	}
	out.WriteString(text[at:])
	return out.String()
}

// apart turns places of the folded text into bytes of the text, and overlapping marks into neighbours: every marked byte stays marked. Of
// several marks with the same beginning the longest counts, and of equally long ones the kind that comes first in MarkKinds.
func (s folded) apart(found []Mark) []Mark {
	slices.SortFunc(found, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End),
			cmp.Compare(slices.Index(MarkKinds(), a.Kind), slices.Index(MarkKinds(), b.Kind)))
	})
	var out []Mark
	end := 0
	for _, m := range found {
		m.Start = max(m.Start, end)
		if m.Start >= m.End {
			continue
		}
		end = m.End
		out = append(out, Mark{m.Kind, s.start[m.Start], s.end[m.End-1]})
	}
	return out
}
