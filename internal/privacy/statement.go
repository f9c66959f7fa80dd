package privacy

import (
	"strings"

	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// Statement is the explicit-consent statement in one language, as shown: express words that name the categories, every
// use and each partner (UK GDPR art. 9(2)(a); privacy.md 3.6).
type Statement struct {
	Lang       locale.Lang
	Heading    string
	Intro      string   // ends with a colon; Uses follow as a list
	Uses       []string // every intended use, anonymising included (DUAA s.71, art. 8A)
	Paragraphs []string
	Agree      string // label of the option that gives consent
	Refuse     string // label of the option that refuses it
	Hash       string // SHA-256 of String(), hex
}

// ConsentStatement writes the statement for a consultation's equality questions. where is the page, as a person reads
// it, at which consent can be withdrawn.
func ConsentStatement(c Council, p Processing, title locale.Text, lang locale.Lang, where string) Statement {
	name := c.Name.In(lang)
	s := Statement{
		Lang:    lang,
		Heading: say(lang, "consent.heading"),
		Intro:   say(lang, "consent.intro", "categories", joinList(lang, texts(p.Categories, lang))),
		Uses:    texts(p.Uses, lang),
		Paragraphs: []string{
			say(lang, "consent.responsible", "council", name),
			say(lang, "consent.scope", "title", title.In(lang)),
			say(lang, "consent.free"),
			say(lang, "consent.withdraw", "where", where),
		},
		Agree:  say(lang, "consent.agree", "council", name),
		Refuse: say(lang, "consent.refuse"),
	}
	if missing := notNamed(p.Partners, s.Uses); len(missing) > 0 {
		s.Uses = append(s.Uses, say(lang, "consent.use.partners", "partners", joinList(lang, missing)))
	}
	if p.KeepTotals {
		s.Uses = append(s.Uses, say(lang, "consent.use.totals"))
	}
	s.Hash = seal.Digest(s.String())
	return s
}

// notNamed returns the partners that no use names.
func notNamed(partners, uses []string) []string {
	all := strings.Join(uses, "\n")
	var out []string
	for _, partner := range partners {
		if !strings.Contains(all, partner) {
			out = append(out, partner)
		}
	}
	return out
}

// String returns the statement as plain text, exactly what ConsentEvent.Statement keeps and the hash covers.
func (s Statement) String() string {
	var out strings.Builder
	out.WriteString(s.Heading + "\n\n" + s.Intro + "\n")
	for _, use := range s.Uses {
		out.WriteString("- " + use + "\n")
	}
	for _, p := range s.Paragraphs {
		out.WriteString("\n" + p + "\n")
	}
	out.WriteString("\n( ) " + s.Agree + "\n( ) " + s.Refuse + "\n")
	return out.String()
}
