package privacy

import (
	"unicode"
)

// folded is a text with one byte for each character that matters: digits of every script as 0 to 9, letters as A to Z, dashes as '-',
// spaces as ' '. Other letters are 'x', which no number holds; all else is 0.
type folded struct {
	folded     []byte
	start, end []int // bytes of the text that each came from
}

const (
	otherLetter = 'x'
	otherSign   = 0
	money       = '$' // any sign of a currency
)

func foldText(text string) folded {
	s := folded{make([]byte, 0, len(text)), make([]int, 0, len(text)), make([]int, 0, len(text))}
	for at, r := range text {
		b, ok := foldRune(r)
		if !ok {
			continue
		}
		if n := len(s.end); n > 0 {
			s.end[n-1] = min(s.end[n-1], at)
		}
		s.folded, s.start, s.end = append(s.folded, b), append(s.start, at), append(s.end, at+len(string(r)))
	}
	// A byte that is not UTF-8 is one byte of the text, but three as a character.
	if n := len(s.end); n > 0 {
		s.end[n-1] = min(s.end[n-1], len(text))
	}
	return s
}

// foldRune is false for characters that nobody sees, such as a soft hyphen: they stand within a number that was copied from a page.
func foldRune(r rune) (byte, bool) {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E: // the wide forms of ASCII
		r -= 0xFF01 - '!'
	case r == 0x00A0 || r == 0x3000:
		r = ' '
	}
	switch {
	case r >= 'a' && r <= 'z':
		return byte(r - 'a' + 'A'), true
	case r == '\n' || r == '\r':
		return '\n', true
	case r == '\t':
		return ' ', true
	case r >= ' ' && r < 0x7F && r != money:
		return byte(r), true
	case unicode.Is(unicode.Nd, r):
		return '0' + digitOf(r), true
	case unicode.Is(unicode.Zs, r):
		return ' ', true
	case unicode.Is(unicode.Pd, r) || r == 0x2212 || r == 0x2043:
		return '-', true
	case unicode.Is(unicode.Sc, r):
		return money, true
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
		return 0, false
	case unicode.IsLetter(r):
		return otherLetter, true
	}
	return otherSign, true
}

// digitOf returns what a decimal digit of any script is worth. Digits of a script follow each other in tens.
func digitOf(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' }

func (s folded) at(i int) byte {
	if i < 0 || i >= len(s.folded) {
		return otherSign
	}
	return s.folded[i]
}

func (s folded) isDigitAt(i int) bool { return isDigit(s.at(i)) }

func (s folded) isWordAt(i int) bool {
	b := s.at(i)
	return isDigit(b) || isLetter(b) || b == otherLetter
}

// gap returns the place after up to three separators from i on; i if there is none.
func (s folded) gap(i int) int {
	for n := 0; n < 3; n++ {
		switch s.at(i) {
		case ' ', '-', '.':
			i++
		default:
			return i
		}
	}
	return i
}

// longest is the most digits that a number we look for has.
const longest = 19

// number is digits in groups, as people write them.
type number struct {
	digits [longest + 1]byte
	place  [longest + 1]int // of each digit in the folded text
	group  [longest + 1]int // how many digits its group has so far
	n      int
}

// numberAt reads digits with separators between them, up to one more than the most we look for.
func (s folded) numberAt(i int, skip func(int) int) (x number) {
	for in := 0; x.n <= longest; i = skip(i + 1) {
		if !s.isDigitAt(i) {
			break
		}
		if x.n == 0 || i != x.place[x.n-1]+1 {
			in = 0
		}
		in++
		x.digits[x.n], x.place[x.n], x.group[x.n] = s.folded[i], i, in
		x.n++
	}
	return x
}

// whole reports whether the first n digits are whole groups, none but the last with fewer digits than least.
func (x number) whole(s folded, n, least int) bool {
	if n > x.n || s.isDigitAt(x.place[n-1]+1) {
		return false
	}
	for i := 1; i < n; i++ {
		if x.group[i] == 1 && x.group[i-1] < least {
			return false
		}
	}
	return true
}

func (x number) text(n int) string { return string(x.digits[:n]) }

func (x number) mark(k MarkKind, start, n int) Mark { return Mark{k, start, x.place[n-1] + 1} }
