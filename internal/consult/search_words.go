package consult

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The words of a text as they are looked for: each folded word, and what people write with and without blanks as one: telephone and other numbers of six
// digits and more, and postcodes.
//
// Where a number ends nobody knows who reads a text: "12 Mill Lane 07700 900123 01442 228000". So a text has for each of its words every number that may
// begin there, and what is sought has one.

// WordRules counts the rules by which words are made here. Tags of older rules are made anew (TagTexts): a change of the rules needs a new number, and a
// migration of the key store for the index of what is older.
const WordRules = 2

const (
	minWord    = 2    // characters; shorter ones name nobody
	minNumber  = 6    // digits
	maxNumber  = 16   // digits of several groups: those of a bank card
	maxNumbers = 4096 // of one text: ten thousand characters of nothing but pairs of digits have more
)

var (
	digitsOnly    = regexp.MustCompile(`^[0-9]+$`)
	outwardCode   = regexp.MustCompile(`^[a-z]{1,2}[0-9][a-z0-9]?$`)
	inwardCode    = regexp.MustCompile(`^[0-9][a-z]{2}$`)
	wholePostcode = regexp.MustCompile(`^[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}$`)
)

func postcodeAt(words []string) (n int, joined string) {
	switch {
	case wholePostcode.MatchString(words[0]):
		return 1, "postcode " + words[0]
	case len(words) > 1 && outwardCode.MatchString(words[0]) && inwardCode.MatchString(words[1]):
		return 2, "postcode " + words[0] + words[1]
	}
	return 0, ""
}

// number writes a number as it is looked for. That of the United Kingdom may begin with +44 as with 0.
func number(digits string) string {
	for _, prefix := range []string{"0044", "44"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok && len(rest) >= 9 {
			return "number 0" + strings.TrimPrefix(rest, "0") // +44 (0)1442
		}
	}
	return "number " + digits
}

// digitRuns lists the groups of digits of folded words, in runs that a letter ends.
func digitRuns(words []string) (runs [][]string) {
	var run []string
	end := func() {
		if len(run) > 0 {
			runs, run = append(runs, run), nil
		}
	}
	for _, w := range words {
		for len(w) > 0 {
			letters := strings.IndexFunc(w, isASCIIDigit)
			if letters != 0 {
				end()
			}
			if letters < 0 {
				break
			}
			w = w[letters:]
			n := len(w) - len(strings.TrimLeftFunc(w, isASCIIDigit))
			run = append(run, w[:n])
			w = w[n:]
		}
	}
	end()
	return runs
}

func isASCIIDigit(r rune) bool { return r >= '0' && r <= '9' }

// numbersIn lists every number that a text may have: each group of digits, and each that its neighbours make with it.
func numbersIn(words []string) (out []string) {
	for _, run := range digitRuns(words) {
		for i := range run {
			digits := ""
			for _, group := range run[i:] {
				digits += group
				if len(digits) > maxNumber && digits != group {
					break
				}
				if len(digits) >= minNumber {
					out = append(out, number(digits))
				}
				if len(out) == maxNumbers {
					return out
				}
			}
		}
	}
	return out
}

// wordsOf lists everything for which a record with these texts can be found, sorted.
func wordsOf(texts map[string]string) []string {
	found := map[string]bool{}
	for _, text := range texts {
		words := strings.Fields(FoldWords(text))
		for i, w := range words {
			if len(w) >= minWord {
				found[w] = true
			}
			if _, joined := postcodeAt(words[i:]); joined != "" {
				found[joined] = true
			}
		}
		for _, n := range numbersIn(words) {
			found[n] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// soughtIn lists what a record has to have all of to be found with the text: a number or postcode as one, however it is written. What is typed says where a
// number ends: at a comma, a semicolon, a slash, the end of a line or a letter; and a plus begins one.
func soughtIn(text string) []string {
	found := map[string]bool{}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/+\n\r", r) })
	for _, part := range parts {
		for words := strings.Fields(FoldWords(part)); len(words) > 0; {
			n, joined := numberAt(words)
			if n == 0 {
				n, joined = postcodeAt(words)
			}
			switch {
			case n > 0:
				found[joined] = true
			case len(words[0]) >= minWord:
				found[words[0]] = true
			}
			words = words[max(n, 1):]
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// numberAt reads the number that the words begin with, of several groups of digits. Another begins where what follows is a telephone number of its own,
// "12 07700 900123", or where one is whole: "07700 900123 12 Mill Lane".
func numberAt(words []string) (n int, joined string) {
	end := 0
	for end < len(words) && digitsOnly.MatchString(words[end]) {
		end++
	}
	n = 1
	for n < end && !wholeTelephone(words[:n], words[n]) && (n == 1 && (words[0] == "44" || words[0] == "0044") || !telephoneAt(words[n:end])) { // +44 (0)1442
		n++
	}
	digits := strings.Join(words[:min(n, end)], "")
	if len(digits) < minNumber || len(digits) > maxNumber && n > 1 {
		return 0, ""
	}
	return n, number(digits)
}

// wholeTelephone reports whether the groups are a telephone number as it is: eleven digits, or ten to which the next group does not make eleven.
func wholeTelephone(groups []string, next string) bool {
	size := len(strings.Join(groups, ""))
	return groups[0][0] == '0' && !strings.HasPrefix(groups[0], "00") && (size == 11 || size == 10 && size+len(next) > 11)
}

// telephoneAt reports whether the groups begin with a telephone number of ten or eleven digits, which the next group that begins with 0 ends.
func telephoneAt(groups []string) bool {
	begins := func(group string) bool { return len(group) > 2 && group[0] == '0' }
	if !begins(groups[0]) {
		return false
	}
	size := len(groups[0])
	for _, group := range groups[1:] {
		if begins(group) && size >= 10 {
			break
		}
		size += len(group)
	}
	return size == 10 || size == 11
}

// hasAll reports whether the texts have all that is sought.
func hasAll(texts map[string]string, sought []string) bool {
	words := wordsOf(texts)
	for _, w := range sought {
		if _, ok := slices.BinarySearch(words, w); !ok {
			return false
		}
	}
	return len(sought) > 0
}
