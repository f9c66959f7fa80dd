package privacy

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// controller: who is responsible (UK GDPR art. 13(1)(a)). A notice that only says "the council" names nobody.
func (l *plainLinter) controller() PlainFinding {
	i := l.item("controller", "who the controller is", "UK GDPR art. 13(1)(a)")
	named := l.find(func(p *passage) bool { return !p.says(regulatorWords) && bodyName.MatchString(p.raw) })
	said := l.find(func(p *passage) bool {
		return !p.heading && (p.says(controllerWords) || l.under(p, whoWords) || p.says(responsible) && bodyName.MatchString(p.raw))
	})
	l.own = l.ownName(named, said)
	switch {
	case len(named) == 0 && len(said) == 0:
		return i.absent("Nobody is named: say which organisation decides why and how the information is used, by its full name.")
	case len(named) == 0:
		return i.is(Partly, "unnamed", "The controller is mentioned but not named: give the organisation's full name.", said[0])
	case len(said) == 0:
		return i.is(Partly, "not_said", "An organisation is named, but not as the one that is responsible: say that it is the controller.", named[0])
	}
	for _, k := range said {
		if slices.Contains(named, k) {
			return i.present([]int{k})
		}
	}
	return i.present([]int{named[0], said[0]})
}

// ownName returns the words of the controller's name: where it is said who is responsible, or else the first public body named.
func (l *plainLinter) ownName(named, said []int) string {
	for _, k := range named {
		raw := l.passages[k].raw
		at := bodyName.FindStringIndex(raw)
		if name := words(raw[at[0]:at[1]]); slices.Contains(said, k) || authorityWords.in(name) {
			return name + words(acronym.FindString(raw[at[1]:]))
		}
	}
	return ""
}

// reachable reports whether a passage gives a way to reach somebody other than the regulator.
func (l *plainLinter) reachable(p *passage) bool {
	if p.says(regulatorWords) || p.says(regulatorSites) || l.under(p, regulatorWords) {
		return false
	}
	return email.MatchString(p.raw) || phone.MatchString(p.raw) || postcode.MatchString(p.raw)
}

// nearby is how many passages after a name its contact details may follow.
const nearby = 6

// dpo: a data protection officer needs an address and not only a role (UK GDPR art. 13(1)(b)).
func (l *plainLinter) dpo() PlainFinding {
	i := l.item("dpo", "how to reach the data protection officer", "UK GDPR art. 13(1)(b)")
	named := l.find(func(p *passage) bool { return p.says(officerWords) })
	for _, at := range named {
		for k := at; k < min(at+nearby, len(l.passages)); k++ {
			p := &l.passages[k]
			if k > at && (p.heading || p.says(regulatorWords)) {
				break
			}
			if l.reachable(p) {
				return i.present([]int{at, k})
			}
		}
	}
	if len(named) > 0 {
		return i.is(Partly, "no_contact", "The data protection officer is named by role only: give an email address, a phone number or a postal address.", named...)
	}
	if office := l.find(func(p *passage) bool { return p.says(officeWords) }); len(office) > 0 {
		return i.is(Partly, "not_the_officer", "A team is named but no data protection officer: say who that is, or that the team reaches them, with an email address or phone number.", office...)
	}
	return i.absent("No data protection officer is mentioned: say how to reach them, by email, phone or post.")
}

// generic are capitalised words that name no recipient.
var generic = strings.Fields(`a an the this these those that we you your our us it its if in on at by for from to with and or of as when where while all any some other such certain
	his her their they he she who which what how why not no do does may will can must please under once only personal information data privacy notice controller processor processors protection
	officer act article gdpr uk eu european union united kingdom england wales scotland northern ireland hm government departments department council councils councillors councillor
	council's elected members member internal external police emergency services service solicitors solicitor courts court local authorities authority regulators regulator agencies
	agency partners partner partnership third party parties providers provider contractors contractor suppliers supplier organisations organisation companies company
	insurance insurers researchers research universities charities public health social care bodies body staff employees officers teams team everyone nobody anyone
	consent contract legitimate interests interest survey surveys consultation consultations resident residents customer customers january february march april may june july august
	september october november december monday tuesday wednesday thursday friday saturday sunday examples also however general regulation state various relevant
	others these following external other selected trusted it's ict it hr
	y yr yn ni rydym nid os gallwch byddwn ein eich mae bydd sefydliadau adrannau heddlu cynghorau awdurdodau lleol partneriaid cyngor adran swyddog diogelu llywodraeth
	deyrnas unedig cymru lloegr`)

// names returns words that name an organisation other than the controller: capitals, but not the first word of a sentence and no word
// of the generic ones.
func (l *plainLinter) names(p *passage) (out []string) {
	fields := strings.FieldsFunc(p.raw, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/()|,;:–—", r) })
	for k, f := range fields {
		f = strings.Trim(f, `.!?'"’‘“”*_•`)
		first, size := utf8.DecodeRuneInString(f)
		bare := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(f), "'s"), "’s")
		if !unicode.IsUpper(first) || size == len(f) || strings.ContainsAny(f, "@") || slices.Contains(generic, bare) || strings.Contains(l.own, " "+bare+" ") {
			continue
		}
		if k == 0 && !(p.item && (len(fields) == 1 || startsUpper(fields[1]) || alone(p.raw, fields[0]))) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// alone reports whether the first word of an item stands by itself: "Oxfam (a charity)", "Northgate: mends our computers".
func alone(raw, first string) bool {
	_, rest, _ := strings.Cut(raw, first)
	rest = strings.TrimLeft(rest, " ")
	r, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune("(,:;–—|-", r)
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// recipientFacts is what a notice says of who gets information.
type recipientFacts struct {
	said, named, sorted, none, stored, missing []int
	outside                                    string // named elsewhere and not among the recipients
}

func (l *plainLinter) recipientFacts() (f recipientFacts) {
	told := strings.Builder{}
	for k := range l.passages {
		p := &l.passages[k]
		if p.heading || l.about(p, rightsHeadings) || p.says(automatedAny) || p.says(breachWords) || p.says(regulatorWords) || p.says(officerWords) {
			continue
		}
		if p.says(storeWords) && len(l.names(p)) > 0 {
			f.stored = append(f.stored, k)
		}
		if !p.says(shareWords) && !l.under(p, shareWords) {
			continue
		}
		if p.says(shareDenied) {
			f.none = append(f.none, k)
			continue
		}
		f.said = append(f.said, k)
		told.WriteString(p.text)
		if p.says(openEnd) {
			l.open = append(l.open, k)
		}
		switch {
		case len(l.names(p)) > 0:
			f.named = append(f.named, k)
		case p.says(internal):
			f.none = append(f.none, k)
		case p.item && p.says(sorts), p.says(vagueNames):
			f.sorted = append(f.sorted, k)
		}
	}
	for k := range l.passages {
		p := &l.passages[k]
		for _, m := range thirdName.FindAllStringSubmatch(p.raw, -1) {
			name := strings.TrimSpace(m[3])
			if len(l.names(&passage{raw: "x " + name})) > 0 && !strings.Contains(told.String(), strings.TrimSpace(words(name))) {
				f.missing, f.outside = append(f.missing, k), name
			}
		}
	}
	return f
}

// about reports whether the heading above a passage has any of the terms.
func (l *plainLinter) about(p *passage, t terms) bool {
	return p.section >= 0 && l.passages[p.section].says(t)
}

// recipients: named, not described (UK GDPR art. 13(1)(e); privacy.md 3.1).
func (l *plainLinter) recipients() PlainFinding {
	i := l.item("recipients", "who gets the information, by name", "UK GDPR art. 13(1)(e)")
	f := l.recipientFacts()
	l.vague = f.sorted
	switch {
	case len(f.said) == 0 && len(f.none) > 0:
		return i.present(f.none)
	case len(f.said) == 0 && len(f.stored) > 0:
		return i.is(Partly, "storage_only", "Organisations are named only as places where information is stored: list everybody who gets it, by name and in what form.", f.stored...)
	case len(f.said) == 0:
		return i.absent("Nobody is named who gets the information: list them by name, or say that nobody does.")
	case len(l.open) > 0:
		return i.is(Partly, "open_list", "The list of recipients is left open: name everybody who gets information instead of ending the list with \"etc.\".", l.open...)
	case len(f.sorted) > 0 && len(f.named) == 0:
		return i.is(Partly, "categories", "Recipients are described and not named: say which organisations they are.", f.sorted...)
	case len(f.sorted) > 0:
		return i.is(Partly, "some", "Some recipients are named and others only described: name those too.", f.sorted...)
	case len(f.missing) > 0:
		return i.is(Partly, "not_listed", fmt.Sprintf("%s is mentioned elsewhere and missing from the recipients: add it to the list, with what it gets.", f.outside), f.missing...)
	case len(f.named) == 0 && len(f.none) == 0:
		return i.is(Absent, "nobody_named", "It says that information is shared but not with whom: list the recipients by name.", f.said...)
	}
	return i.present(append(f.named, f.none...))
}

// source: where information about people comes from, if not from them (UK GDPR art. 14(2)(f)). A notice that says nothing leaves them guessing.
func (l *plainLinter) source() PlainFinding {
	i := l.item("source", "where the information comes from", "UK GDPR art. 14(2)(f)")
	not := func(p *passage) bool {
		return l.about(p, rightsHeadings) || p.says(withdrawWords) || p.says(requiredWords) || p.says(accessWords) && p.says(rightWords)
	}
	other := l.find(func(p *passage) bool { return p.says(sourceOther) && !not(p) })
	from := slices.Clone(other)
	from = slices.DeleteFunc(from, func(k int) bool {
		p := &l.passages[k]
		return p.heading || p.says(sourceOpen) && len(l.names(p)) == 0
	})
	you := l.find(func(p *passage) bool {
		return !p.heading && p.intro < 0 && p.says(sourceYou) && collectNear.in(l.around(p)) && !not(p) && !p.says(consentNear)
	})
	switch {
	case len(from) > 0:
		return i.present(from)
	case len(other) > 0:
		return i.is(Partly, "unnamed", "Other sources are mentioned but it is not said which: name who gives what information.", other...)
	case len(you) > 0:
		return i.present(you)
	}
	return i.absent("It is not said where the information comes from: say that it all comes from the person, or name the other sources.")
}
