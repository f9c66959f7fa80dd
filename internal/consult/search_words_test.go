package consult

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestNumbersAreFound: art. 15(1A), DUAA s.78: a search that misses a telephone number because of what stands beside it is not reasonable.
func TestNumbersAreFound(t *testing.T) {
	for _, row := range []struct {
		why, text, sought string
		want              bool
	}{
		{"after another number", "07700 900123, 01442 228000", "01442 228000", true},
		{"before another number", "07700 900123, 01442 228000", "07700 900123", true},
		{"two, both sought", "07700 900123, 01442 228000", "01442-228000; 07700900123", true},
		{"two that nothing parts, in the text and in what is sought", "07700 900123 01442 228000", "07700900123 01442228000", true},
		{"after the number of a house", "12 High St 07700 900123", "07700 900123", true},
		{"right after the number of a house", "12 07700 900123", "07700900123", true},
		{"before the number of a house sought, which is elsewhere in the text", "12 High St, 07700900123", "07700 900123 12 High St", true},
		{"ten digits before the number of a house sought", "12 High St, 01442 22800", "01442 22800 12 High St", true},
		{"with the number of the house sought", "12 High St, 07700900123", "12 07700 900123", true},
		{"on the next line of a list", "01442 228000\n07700 900123\n07700 900124", "07700 900123", true},
		{"after a date", "12/05/2024 07700 900123", "07700 900123", true},
		{"letters beside it", "tel07700900123ext2", "07700 900123", true},
		{"country written, not sought", "+44 (0)7700 900123 / +44 1442 228000", "01442 228000", true},
		{"country sought, not written", "07700 900123/01442 228000", "+44 (0) 7700 900123", true},
		{"with two noughts", "0044 7700 900123", "07700 900123", true},
		{"in pairs of digits", "at 07 70 09 00 12 3, or", "07700 900123", true},
		{"a sort code and an account", "20-30-40 12345678", "12345678", true},
		{"a card, 16 digits", "4929 0123 4567 8901", "4929012345678901", true},
		{"wide digits", "０７７００ ９００１２３", "07700 900123", true},
		{"a part of a number is none", "07700 900123", "07700 9001", false},
		{"the end of another is none", "107700900123", "07700 900123", false},
		{"digits that a letter parts", "07700 a 900123", "07700900123", false},
		{"one of two is not there", "07700 900123, 01442 228000", "07700 900123, 01442 228001", false},
		{"a postcode beside a number", "3 WD6 1AB 07700 900123", "wd61ab 07700900123", true},
	} {
		if got := hasAll(map[string]string{"q": row.text}, soughtIn(row.sought)); got != row.want {
			t.Errorf("%s: %q in %q: %v; sought %q", row.why, row.sought, row.text, got, soughtIn(row.sought))
		}
	}
}

// TestNumbersAreBounded: a text of nothing but digits has no more tags than that.
func TestNumbersAreBounded(t *testing.T) {
	for _, text := range []string{strings.Repeat("12 ", 3333), strings.Repeat("1 ", 5000), strings.Repeat("123456 ", 1428), strings.Repeat("9", 10000)} {
		numbers := numbersIn(strings.Fields(FoldWords(text)))
		if len(numbers) == 0 || len(numbers) > maxNumbers {
			t.Errorf("%q...: %d numbers", text[:12], len(numbers))
		}
	}
	list := make([]string, 300)
	for i := range list {
		list[i] = "07700 9" + strings.Repeat("0", 4-len(itoa(i))) + itoa(i) + "1"
	}
	if !hasAll(map[string]string{"q": strings.Join(list, " ")}, soughtIn(list[299])) {
		t.Error("the last of three hundred telephone numbers is not found")
	}
}

func itoa(n int) string {
	return string(rune('0'+n/100)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10))
}

// written writes a number in one of the ways that people write it in.
func written(r *rand.Rand, digits string) string {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	grouped := func(digits string, sizes ...int) string {
		gap, out := pick(" ", "-", ".", "\u00a0", "–", ""), ""
		for len(digits) > 0 {
			n := len(digits)
			if len(sizes) > 0 {
				n, sizes = min(n, sizes[0]), sizes[1:]
			}
			out, digits = out+gap+digits[:n], digits[n:]
		}
		return strings.TrimPrefix(out, gap)
	}
	if len(digits) == 16 {
		return grouped(digits, 4, 4, 4, 4)
	}
	if digits[0] != '0' {
		return grouped(digits, 3, 3, 4)
	}
	sizes := [][]int{{5, 6}, {5, 3, 3}, {4, 3, 4}, {3, 4, 4}, {2, 2, 2, 2, 2, 1}, {11}}[r.IntN(6)]
	switch r.IntN(3) {
	case 0:
		return pick("+44", "+44 ", "0044 ", "(+44) ") + grouped(digits[1:], sizes[0]-1, 6)
	case 1:
		return pick("+44 (0)", "+44(0) ", "0044 (0)") + grouped(digits[1:], sizes[0]-1, 6)
	}
	return grouped(digits, sizes...)
}

// FuzzNumberBesideNumbers: a number is found in whatever usual way it is written and sought, whatever numbers stand beside it.
func FuzzNumberBesideNumbers(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 46))
		some := func() string { // a telephone, health service or card number
			size, digits := []int{10, 11, 10, 16}[r.IntN(4)], ""
			for len(digits) < size {
				digits += string(rune('0' + r.IntN(10)))
			}
			if first := "1"; size == 16 || digits[0] == '0' {
				digits = first + digits[1:]
			}
			if size == 11 || size == 10 && r.IntN(2) == 0 {
				digits = "0" + string(rune('1'+r.IntN(9))) + digits[2:]
			}
			return digits
		}
		var text strings.Builder
		numbers := []string{some(), some(), some(), some()}
		for _, n := range numbers {
			text.WriteString(written(r, n))
			text.WriteString([]string{" ", ", ", "; ", "/", "\n", " - ", " and ", "x", " 12 ", " 7, "}[r.IntN(10)])
		}
		for _, n := range numbers {
			if query := written(r, n); !hasAll(map[string]string{"q": text.String()}, soughtIn(query)) {
				t.Errorf("%q is not found in %q: sought %q, of %q", query, text.String(), soughtIn(query), wordsOf(map[string]string{"q": text.String()}))
			}
		}
		both := written(r, numbers[0]) + ", " + written(r, numbers[3])
		if !hasAll(map[string]string{"q": text.String()}, soughtIn(both)) {
			t.Errorf("%q is not found in %q", both, text.String())
		}
		if words := wordsOf(map[string]string{"q": text.String()}); !slices.IsSorted(words) {
			t.Errorf("not sorted: %q", words)
		}
	})
}
