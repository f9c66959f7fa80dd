package seal

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"folkmoot/internal/fault"
)

// Bounds of a password in runes. There are no rules about its composition (NIST SP 800-63B 5.1.1.2; NCSC password guidance).
const (
	minPassword = 12
	maxPassword = 128
)

//go:embed common.txt
var commonText string

// commonWords holds the stems of the most common passwords, folded.
var commonWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			words[fold(line)] = true
		}
	}
	return words
})

// CheckPolicy judges a new password: 12 to 128 runes, valid UTF-8 without NUL, not a common one (nor one with digits
// added, nor a short text repeated), and not little more than one of the names, for example the council's and the
// person's. It returns fault.Invalid.
func CheckPolicy(password string, names ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return fault.New(fault.Invalid, "error.password.text")
	case n < minPassword:
		return fault.New(fault.Invalid, "error.password.short", "Min", minPassword)
	case n > maxPassword:
		return fault.New(fault.Invalid, "error.password.long", "Max", maxPassword)
	case common(password):
		return fault.New(fault.Invalid, "error.password.common")
	case mostlyNames(fold(password), names):
		return fault.New(fault.Invalid, "error.password.name")
	}
	return nil
}

// CheckRefused refuses a password that is one of those listed, or one with digits or signs around it or other cases, for example one
// that is printed somewhere. It returns fault.Invalid.
func CheckRefused(password string, refused ...string) error {
	stem := strings.TrimFunc(fold(password), unicode.IsDigit)
	for _, r := range refused {
		if stem == strings.TrimFunc(fold(r), unicode.IsDigit) {
			return fault.New(fault.Invalid, "error.password.common")
		}
	}
	return nil
}

// common reports whether the password is a common one, is one with digits or signs around it, or repeats a short text.
func common(password string) bool {
	whole := fold(password)
	stem := strings.TrimFunc(whole, unicode.IsDigit)
	return commonWords()[whole] || commonWords()[stem] || repeats(strings.ToLower(password)) || repeats(whole) || repeats(stem) || run(whole)
}

// repeats reports whether s is one text of at most eight runes, or a common word, again and again.
func repeats(s string) bool {
	r := []rune(s)
	for unit := 1; unit <= len(r)/2; unit++ {
		if len(r)%unit != 0 || string(r[:unit]) == "" {
			continue
		}
		word := string(r[:unit])
		if strings.Repeat(word, len(r)/unit) == s && (unit <= 8 || commonWords()[word]) {
			return true
		}
	}
	return false
}

// run reports whether s only counts up or down, such as 123456789012 or lkjihgfedcba; 0 follows 9 and a follows z.
func run(s string) bool {
	up, down := true, true
	for i := 1; i < len(s); i++ {
		up = up && successor(s[i-1]) == s[i]
		down = down && successor(s[i]) == s[i-1]
	}
	return len(s) > 1 && (up || down)
}

func successor(b byte) byte {
	switch b {
	case '9':
		return '0'
	case 'z':
		return 'a'
	}
	return b + 1
}

// mostlyNames reports whether fewer than eight runes remain when every word of the names is taken out.
func mostlyNames(folded string, names []string) bool {
	rest, found := folded, false
	for _, name := range names {
		words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, word := range append([]string{name}, words...) {
			word = fold(word)
			if utf8.RuneCountInString(word) >= 3 && strings.Contains(rest, word) {
				rest, found = strings.ReplaceAll(rest, word, ""), true
			}
		}
	}
	return found && utf8.RuneCountInString(rest) < 8
}

// fold lowers case, drops what is neither letter nor digit, and undoes the usual swaps of signs for letters.
func fold(s string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		switch r {
		case '@':
			r = 'a'
		case '$':
			r = 's'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}
