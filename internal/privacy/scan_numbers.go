package privacy

import (
	"strings"
)

// cardPrefixes are how numbers of payment cards begin, and how long they are (ISO/IEC 7812; the ranges that the schemes publish).
var cardPrefixes = []struct {
	from, to string
	lengths  string // one letter for each length, 'a' for 13 digits
}{
	{"4", "4", "adg"}, {"51", "55", "d"}, {"2221", "2720", "d"}, {"34", "34", "c"}, {"37", "37", "c"}, // Visa, Mastercard, American Express
	{"6011", "6011", "defg"}, {"644", "649", "defg"}, {"65", "65", "defg"}, {"3528", "3589", "defg"}, // Discover, JCB
	{"300", "305", "bcdefg"}, {"3095", "3095", "bcdefg"}, {"36", "36", "bcdefg"}, {"38", "39", "bcdefg"}, // Diners Club
	{"62", "62", "defg"}, {"50", "50", "abcdefg"}, {"56", "58", "abcdefg"}, {"6304", "6304", "abcdefg"}, {"67", "67", "abcdefg"}, // UnionPay, Maestro
}

// cardAt finds a payment card: 13 to 19 digits in groups of three or more, with a known beginning and a Luhn digit (ISO/IEC 7812-1 annex B).
func (s folded) cardAt(i int) []Mark {
	x := s.numberAt(i, s.gap)
	for n := longest; n >= 13; n-- {
		if x.whole(s, n, 3) && isCard(x.text(n)) {
			return []Mark{x.mark(MarkCard, i, n)}
		}
	}
	return nil
}

func isCard(digits string) bool {
	for _, p := range cardPrefixes {
		if begin := digits[:len(p.from)]; begin >= p.from && begin <= p.to && strings.IndexByte(p.lengths, byte('a'+len(digits)-13)) >= 0 {
			return luhn(digits)
		}
	}
	return false
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// nhsAt finds ten digits, together or as three, three and four, with a check digit modulo 11 (NHS Data Dictionary: NHS NUMBER). The Scottish
// CHI number is made alike. An amount of money is none.
func (s folded) nhsAt(i int) []Mark {
	if s.isMoney(i) {
		return nil
	}
	x := s.numberAt(i, s.gap)
	if !x.whole(s, 10, 3) || !(x.group[9] == 10 || x.group[2] == 3 && x.group[5] == 3 && x.group[9] == 4) {
		return nil
	}
	digits := x.text(10)
	sum := 0
	for j := range 9 {
		sum += int(digits[j]-'0') * (10 - j)
	}
	if check := (11 - sum%11) % 11; check != int(digits[9]-'0') || strings.Count(digits, digits[:1]) == 10 {
		return nil
	}
	return []Mark{x.mark(MarkNHS, i, 10)}
}

// isMoney reports whether an amount of money begins at i.
func (s folded) isMoney(i int) bool {
	return s.at(i-1) == money || s.at(i-1) == ' ' && s.at(i-2) == money
}

// nationalInsuranceAt finds two letters, six digits in pairs and a letter from A to D, by the rules for prefixes in HMRC's National Insurance
// Manual, NIM39110.
func (s folded) nationalInsuranceAt(i int) []Mark {
	a, b := s.at(i), s.at(i+1)
	if !isLetter(b) || strings.IndexByte("DFIQUV", a) >= 0 || strings.IndexByte("DFIOQUV", b) >= 0 {
		return nil
	}
	switch string([]byte{a, b}) {
	case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ":
		return nil
	}
	at := i + 2
	for range 3 {
		if at = s.gap(at); !s.isDigitAt(at) || !s.isDigitAt(at+1) {
			return nil
		}
		at += 2
	}
	at = s.gap(at)
	if c := s.at(at); c < 'A' || c > 'D' || s.isWordAt(at+1) {
		return nil
	}
	return []Mark{{MarkNationalInsurance, i, at + 1}}
}

// ibanAt finds a British IBAN (ISO 13616: GB, two check digits, four letters of the bank, six digits of the sort code and eight of the account).
func (s folded) ibanAt(i int) []Mark {
	if s.at(i) != 'G' || s.at(i+1) != 'B' {
		return nil
	}
	const form = "LLDDLLLLDDDDDDDDDDDDDD"
	var iban [len(form)]byte
	at := i
	for n := range form {
		if n > 0 {
			at = s.gap(at)
		}
		if b := s.at(at); form[n] == 'L' && !isLetter(b) || form[n] == 'D' && !isDigit(b) {
			return nil
		}
		iban[n] = s.at(at)
		at++
	}
	if s.isDigitAt(at) {
		return nil
	}
	rest := 0
	for n := range iban {
		switch b := iban[(n+4)%len(iban)]; {
		case isDigit(b):
			rest = (rest*10 + int(b-'0')) % 97
		default:
			rest = (rest*100 + int(b-'A') + 10) % 97
		}
	}
	if rest != 1 {
		return nil
	}
	return []Mark{{MarkBank, i, at}}
}
