package privacy

// bankNear is how many characters may stand between a sort code and the account number.
const bankNear = 60

// bankAt finds a sort code and an account number, whichever comes first, with no other digit between them.
func (s folded) bankAt(i int) []Mark {
	first, end, ok := s.bankPart(i)
	if !ok {
		return nil
	}
	for j := end; j < min(end+bankNear, len(s.folded)); j++ {
		if !s.isDigitAt(j) {
			continue
		}
		if second, last, ok := s.bankPart(j); ok && first != second {
			return []Mark{{MarkBank, i, end}, {MarkBank, j, last}}
		}
		return nil
	}
	return nil
}

// bankPart reads a sort code (six digits, together or in pairs) or an account number (eight digits together): which, and where it ends. An
// amount of money is neither.
func (s folded) bankPart(i int) (account bool, end int, ok bool) {
	if s.isMoney(i) {
		return false, 0, false
	}
	run := i
	for run < i+9 && s.isDigitAt(run) {
		run++
	}
	switch run - i {
	case 8:
		return true, run, true
	case 6:
		return false, run, true
	case 2:
		at := i
		for pair := range 3 {
			if pair > 0 {
				at = s.gap(at)
			}
			if !s.isDigitAt(at) || !s.isDigitAt(at+1) || s.isDigitAt(at+2) {
				return false, 0, false
			}
			at += 2
		}
		return false, at, true
	}
	return false, 0, false
}

// telephoneGap is gap, and lets brackets stand around the code of the area.
func (s folded) telephoneGap(i int) int {
	for n := 0; n < 3; n++ {
		switch s.at(i) {
		case ' ', '-', '.', '(', ')':
			i++
		default:
			return i
		}
	}
	return i
}

// telephoneAt finds a British telephone number from its 0, +44 or 0044 on (Ofcom, National Telephone Numbering Plan: ten digits after the
// 0, nine in some old ranges). The code has three digits or more, so that a date is none.
func (s folded) telephoneAt(i int) []Mark {
	at, abroad := i, false
	switch {
	case s.at(at) == '+':
		at, abroad = s.telephoneGap(at+1), true
	case s.at(at) == '0' && s.at(at+1) == '0':
		at, abroad = s.telephoneGap(at+2), true
	case s.at(at) != '0':
		return nil
	}
	if abroad {
		if s.at(at) != '4' || s.at(at+1) != '4' {
			return nil
		}
		if at = s.telephoneGap(at + 2); s.at(at) == '0' { // +44 (0)1632
			at = s.telephoneGap(at + 1)
		}
	} else {
		at++
		if s.at(at) == ')' || s.at(at) == ' ' { // (0)1632
			at = s.telephoneGap(at)
		} else if !s.isDigitAt(at + 1) {
			return nil // one digit after the 0, then a separator: a date
		}
	}
	x := s.numberAt(at, s.telephoneGap)
	for _, n := range []int{10, 9} {
		if x.whole(s, n, 2) && telephoneRange(x.text(n)) {
			if s.at(i-1) == '(' {
				i--
			}
			return []Mark{x.mark(MarkTelephone, i, n)}
		}
	}
	return nil
}

// telephoneRange reports whether a number without its 0 is in a range that is in use for people.
func telephoneRange(digits string) bool {
	switch digits[0] {
	case '1':
		return true
	case '2', '3', '7', '9':
		return len(digits) == 10
	case '5':
		return len(digits) == 10 || digits[:3] == "500"
	case '8':
		return len(digits) == 10 || digits[:2] == "80"
	}
	return false
}

// emails finds addresses around each @: a name of up to 64 characters and a domain with a dot in it (RFC 5321 4.5.3.1.1).
func (s folded) emails() (found []Mark) {
	for i, b := range s.folded {
		if b != '@' {
			continue
		}
		start, end, dot := i, i+1, 0
		for start > 0 && i-start < 64 && (s.isWordAt(start-1) || isNameSign(s.at(start-1))) {
			start--
		}
		for end < len(s.folded) && end-i < 254 && (s.isWordAt(end) || s.at(end) == '-' || s.at(end) == '.' && s.isWordAt(end+1)) {
			if s.at(end) == '.' {
				dot = end
			}
			end++
		}
		for start < i && !s.isWordAt(start) {
			start++
		}
		if start < i && dot > i+1 && end-dot > 2 && !s.isDigitAt(dot+1) {
			found = append(found, Mark{MarkEmail, start, end})
		}
	}
	return found
}

func isNameSign(b byte) bool {
	switch b {
	case '.', '_', '%', '+', '-', '\'', '&':
		return true
	}
	return false
}
