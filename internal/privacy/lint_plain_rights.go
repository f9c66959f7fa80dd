package privacy

import (
	"slices"
	"strings"
)

// withdrawal: where consent is used people must be told that they can withdraw it (UK GDPR art. 7(3), 13(2)(c)).
func (l *plainLinter) withdrawal() PlainFinding {
	i := l.item("withdraw", "the right to withdraw consent", "UK GDPR art. 7(3), 13(2)(c)")
	used := l.consentUsed()
	if len(used) == 0 {
		return i.is(NotApplicable, "no_consent", "")
	}
	said := l.find(func(p *passage) bool { return p.says(withdrawWords) })
	said = slices.DeleteFunc(said, func(k int) bool { // "You may withdraw this" stands after the consent that it means
		p := &l.passages[k]
		return !p.says(consentNear) && (k == 0 || l.passages[k-1].section != p.section || !l.passages[k-1].says(consentNear))
	})
	if len(said) > 0 {
		return i.present(said)
	}
	return i.is(Absent, "consent_used", "Consent is relied on and it is not said that it can be withdrawn: say that people can withdraw it at any time, and how.", used...)
}

// rights: erasure, restriction, portability and objection (UK GDPR art. 13(2)(b)). Which of the last two there are follows from the bases.
func (l *plainLinter) rights() PlainFinding {
	i := l.item("rights", "erasure, restriction, portability and objection", "UK GDPR art. 13(2)(b)")
	unknown := len(l.bases) == 0
	has := func(bases ...Basis) bool {
		return unknown || slices.ContainsFunc(bases, func(b Basis) bool { return len(l.bases[b]) > 0 })
	}
	var missing []string
	var found []int
	for _, r := range []struct {
		name   string
		words  terms
		needed bool
	}{
		{"erasure", eraseWords, true}, {"restriction", restrictWords, true}, {"portability", portableWords, has(Consent, Contract)},
		{"objection", objectWords, has(PublicTask, LegitimateInterests)},
	} {
		said := l.find(func(p *passage) bool { return !p.heading && p.says(r.words) && rightWords.in(l.around(p)) })
		found = append(found, said...)
		if len(said) == 0 && r.needed {
			missing = append(missing, r.name)
		}
	}
	names := strings.Join(missing, ", ")
	switch {
	case len(missing) == 0:
		return i.present(found)
	case len(found) == 0:
		return i.is(Absent, "", "None of these rights is mentioned: add "+names+".")
	}
	return i.is(Partly, "some", "Some of these rights are missing: add "+names+".", found...)
}

// regulator: the right to complain to the regulator, by name (UK GDPR art. 13(2)(d)).
func (l *plainLinter) regulator() PlainFinding {
	i := l.item("regulator", "complaint to the regulator", "UK GDPR art. 13(2)(d)")
	said := l.find(func(p *passage) bool { return p.says(regulatorWords) || p.says(regulatorSites) })
	complain := slices.DeleteFunc(slices.Clone(said), func(k int) bool {
		p := &l.passages[k]
		if p.heading || complainWords.in(l.around(p)) {
			return p.heading
		}
		return k == 0 || !l.passages[k-1].says(complainWords) || l.passages[k-1].section != p.section
	})
	plain := l.find(func(p *passage) bool { return p.says(regulatorAny) && p.says(complainWords) })
	named := slices.ContainsFunc(said, func(k int) bool {
		return l.passages[k].says(regulatorNames) || l.passages[k].says(regulatorSites)
	})
	switch {
	case len(complain) > 0 && named:
		return i.present(complain)
	case len(complain)+len(plain) > 0:
		return i.is(Partly, "unnamed", "A complaint to a regulator is mentioned but not to whom: name the regulator and how to reach it.", append(complain, plain...)...)
	case len(said) > 0:
		return i.is(Partly, "no_complaint", "The regulator is mentioned but not that people can complain to it: say so, and how to reach it.", said...)
	}
	return i.absent("It is not said that people can complain to the regulator: say so, with its name and how to reach it.")
}

// complaint: the statutory complaint to the controller, in force since 19 June 2026 (DPA 2018 s.164A, from the Data (Use and Access) Act 2025
// s.103). The controller has to make it easy, for example by a form that can be sent electronically and by other means.
func (l *plainLinter) complaint() PlainFinding {
	i := l.item("complaint", "complaint to the controller", "DPA 2018 s.164A")
	all := l.find(func(p *passage) bool {
		if p.heading || p.says(regulatorWords) || l.under(p, regulatorWords) || slices.Contains(l.activities, p.section) || !p.says(complainWords) || !p.says(usWords) {
			return false
		}
		return p.says(dataNear) || p.says(toUsWords) && l.about(p, complainWords)
	})
	direct := slices.DeleteFunc(slices.Clone(all), func(k int) bool { return !l.passages[k].says(toUsWords) })
	for _, k := range direct {
		near := ""
		for j := k; j < min(k+nearby, len(l.passages)) && (j == k || !l.passages[j].heading && !l.passages[j].says(regulatorWords)); j++ {
			near += l.passages[j].text
			if email.MatchString(l.passages[j].raw) || website.MatchString(l.passages[j].raw) {
				near += " email "
			}
		}
		if detailsAt.in(near) {
			near += l.means()
		}
		if formWords.in(near) || answerWords.in(near) || electronic.in(near) && postWords.in(near) {
			return i.present([]int{k})
		}
	}
	if len(all) > 0 {
		return i.is(Partly, "no_procedure", "Somebody is named to talk to, but not the right to complain to the controller: say that people can complain to you about how their information is used, by a form and by other means, and that you acknowledge it within 30 days.", all...)
	}
	return i.absent("It is not said that people can complain to the controller: say that they can, by a form and by other means, and that you acknowledge it within 30 days.")
}

// means says which sorts of contact the notice gives anywhere, in the words of electronic and postWords.
func (l *plainLinter) means() (out string) {
	for _, k := range l.find(l.reachable) {
		raw := l.passages[k].raw
		if email.MatchString(raw) {
			out += " email "
		}
		if phone.MatchString(raw) || postcode.MatchString(raw) {
			out += " post "
		}
	}
	return out
}

// required: whether people must give information and what follows if not (UK GDPR art. 13(2)(e)).
func (l *plainLinter) required() PlainFinding {
	i := l.item("required", "whether information must be given, and what follows if not", "UK GDPR art. 13(2)(e)")
	said := l.find(func(p *passage) bool { return p.says(requiredWords) })
	if len(said) == 0 {
		return i.absent("It is not said whether people must give the information: say that they need not, or what follows if they do not.")
	}
	elsewhere := slices.ContainsFunc(said, func(k int) bool { return !slices.Contains(l.activities, l.passages[k].section) })
	if len(l.activities) > 0 && !elsewhere {
		return i.is(Partly, "one_activity", "Only one activity says whether information must be given: say it for the others too.", said...)
	}
	f := i.present(said)
	if lost := l.find(func(p *passage) bool { return p.says(viewsLost) && p.says(refusals) }); len(lost) > 0 {
		f.Reason, f.Advice = "harmful", "Who gives no personal information may not be heard: think again, because taking part in a consultation needs no name."
		f.Lines = l.lines(append(said, lost...))
	}
	return f
}

var refusals = list("not", "cannot", "unable", "ni", "na", "methu")

// automated: decisions by automated means (UK GDPR art. 13(2)(f)). Articles 22A to 22D replaced the older rules on 5 February 2026; the
// 21 days for a reconsideration are older still: they come from the Data Protection Act 1998.
func (l *plainLinter) automated() PlainFinding {
	i := l.item("automated", "decisions by automated means", "UK GDPR art. 13(2)(f), 22A to 22D")
	said := l.find(func(p *passage) bool { return p.says(automatedAny) && decisionWords.in(l.around(p)) })
	l.days21 = l.find(func(p *passage) bool { return p.says(days21Term) && againTerm.in(l.around(p)) })
	switch {
	case len(l.days21) > 0:
		return i.is(OutOfDate, "21_days", "The 21 days to ask for a reconsideration are the law of 1998: take them out and say whether you make automated decisions under articles 22A to 22D.", l.days21...)
	case len(said) > 0:
		return i.present(said)
	}
	return i.absent("Automated decisions are not mentioned: say that you make none, or which, how and with what consequences.")
}

// children: information for children must be such that a child understands it, and they merit particular care (UK GDPR art. 12(1), 25(1)).
func (l *plainLinter) children() PlainFinding {
	i := l.item("children", "children", "UK GDPR art. 8, 12(1), 25; DUAA s.81")
	said := l.find(func(p *passage) bool { return childWords.in(childTeams.Replace(p.text)) })
	if len(said) > 0 {
		return i.present(said)
	}
	if age := l.find(func(p *passage) bool { return p.says(ageWords) }); len(age) > 0 {
		return i.is(Partly, "age_check", "An age is asked for, and nothing else is said about children: say whether they may take part, and how their information is looked after.", age...)
	}
	return i.absent("Children are not mentioned: say whether they may take part, and how their information is looked after.")
}
