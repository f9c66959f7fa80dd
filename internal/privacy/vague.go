package privacy

import (
	"slices"
	"strings"
	"unicode"
)

// What notices say instead of a name. Compared word by word, in lower case, in both languages.
var (
	// vagueWhole are names that name nobody.
	vagueWhole = []string{
		"partner", "partners", "partner organisations", "partner agencies", "research partners", "suppliers", "contractors", "processors",
		"agencies", "councils", "departments", "internal departments", "researchers", "academics", "consultants", "government", "stakeholders",
		"local authorities", "local government", "public sector", "the public sector", "third party", "third parties", "service providers",
		"organisations", "companies", "charities", "everyone", "anyone", "nobody", "none", "tbc", "tbd", "to be confirmed", "to be decided",
		"unknown", "n a", "partner", "partneriaid", "partneriaid ymchwil", "cyflenwyr", "contractwyr", "asiantaethau", "cynghorau", "adrannau",
		"ymchwilwyr", "llywodraeth", "awdurdodau lleol", "trydydd parti", "trydydd partïon", "sefydliadau", "cwmnïau", "elusennau", "pawb", "neb",
	}
	// vagueStart are first words that announce a category.
	vagueStart = []string{"our", "other", "various", "selected", "trusted", "relevant", "any", "some", "certain", "carefully", "ein", "unrhyw", "rhai", "amrywiol"}
	// vagueInside leave a list open.
	vagueInside = []string{
		"etc", "et cetera", "and others", "and other", "and so on", "and similar", "or similar", "among others", "such as", "for example",
		"e g", "eg", "third party", "third parties", "our partners", "our partner", "ac ati", "ac eraill", "ac yn y blaen", "ayyb", "er enghraifft",
		"megis", "trydydd parti", "trydydd partïon", "ein partneriaid", "sefydliadau eraill", "partneriaid eraill", "adrannau eraill",
	}
	openLists = []string{"etc", "et cetera", "and so on", "ac ati", "ac yn y blaen", "ayyb"}
	// anywayWords say that information is used although consent is refused.
	anywayWords = []string{
		"anyway", "regardless", "in any case", "in any event", "nevertheless", "nonetheless", "all the same", "still use", "still process",
		"still be used", "still be processed", "still analyse", "still share", "another basis", "another lawful basis", "different lawful basis",
		"without your consent", "beth bynnag", "serch hynny", "er hynny", "dal i ddefnyddio", "dal i brosesu", "dal i gael ei defnyddio",
		"sail arall", "heb eich cydsyniad",
	}
	denials = []string{"not", "never", "no", "cannot", "won't", "don't", "nid", "ni", "na", "nac", "peidio", "byth"}
	// serviceWords name things that people need from the council: consent to them is hardly free.
	serviceWords = []string{
		"enquiry", "enquiries", "complaint", "complaints", "application", "applications", "benefit", "benefits", "your request", "your requests",
		"service you asked for", "service you ask for", "service you need", "provide the service", "providing the service", "council tax",
		"housing register", "permit", "permits", "licence", "licences", "appointment", "appointments",
	}
	ukNames = []string{"united kingdom", "uk", "great britain", "england", "wales", "scotland", "northern ireland", "y deyrnas unedig", "deyrnas unedig", "cymru", "lloegr"}
)

// words returns the words of s in lower case, with one space around each, so that "etc" is not found in "Fetch".
func words(s string) string {
	list := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	return " " + strings.Join(list, " ") + " "
}

func hasAny(text string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(text, " "+p+" ") })
}

// named reports whether s names an organisation, as far as words can tell: not "our partners", not "X, Y etc.".
// The data protection officer's approval has to catch the rest.
func named(s string) bool {
	text := words(s)
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return first != "" && !slices.Contains(vagueWhole, strings.TrimSpace(text)) && !slices.Contains(vagueStart, first) && !hasAny(text, vagueInside)
}

// openEnded reports whether a list is left open.
func openEnded(s string) bool { return hasAny(words(s), openLists) }

// processAnyway reports whether a sentence of s says that information is used although people said no. A sentence that
// denies it ("we will not use it anyway") passes.
func processAnyway(s string) bool {
	for _, sentence := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".;!?\n", r) }) {
		text := words(strings.ReplaceAll(sentence, "’", "'"))
		// A leading "If you say no," is the condition, not a denial.
		_, rest, cut := strings.Cut(text, " say no ")
		if cut {
			text = " " + rest
		}
		if hasAny(text, anywayWords) && !hasAny(text, denials) {
			return true
		}
	}
	return false
}

func neededService(s string) bool { return hasAny(words(s), serviceWords) }

// inUK reports whether every place of a list lies in the United Kingdom.
func inUK(places string) bool {
	for _, place := range strings.FieldsFunc(places, func(r rune) bool { return strings.ContainsRune(",;/\n", r) }) {
		for _, part := range strings.Split(strings.ReplaceAll(words(place), " a ", " and "), " and ") {
			part = strings.TrimPrefix(strings.TrimSpace(part), "the ")
			if part != "" && !slices.Contains(ukNames, part) {
				return false
			}
		}
	}
	return true
}
