package privacy

import (
	"slices"
	"strings"
)

// rules are broken by what a notice says, not by what it leaves out. They stand below the table of councils.md, section 5.
func (l *plainLinter) rules() {
	broken := func(name, label, clause, reason, advice string, passages []int) {
		if len(passages) > 0 {
			l.report.Rules = append(l.report.Rules, l.item(name, label, clause).is(Broken, reason, advice, passages...))
		}
	}
	broken("recipients_open", "recipients are named, without \"etc.\"", "UK GDPR art. 13(1)(e)", "",
		"Name every recipient: a list that ends in \"etc.\" tells nobody who gets the information.", l.open)
	broken("recipients_vague", "recipients are named, not described", "UK GDPR art. 13(1)(e)", "",
		"Name the organisations: words like \"our partners\" or \"service providers\" are not specific enough.", l.vague)
	if f := l.report.Item("purposes"); f.Reason == "activity_without_basis" || f.Reason == "no_basis" {
		broken("purpose_without_basis", "every purpose has a basis", "UK GDPR art. 13(1)(c), 5(1)(a)", "",
			"Give each purpose a basis of its own.", l.activitiesOr(f))
	}
	broken("consent_for_service", "consent is not the basis of a service people need", "UK GDPR art. 7(4), recital 43", "",
		"Consent is hardly free where people need the service: rely on public task, or show that a refusal changes nothing.", l.neededServices())
	if len(l.public()) > 0 {
		broken("legitimate_interests", "a public authority does not rely on legitimate interests for its tasks", "UK GDPR art. 6(1), last sentence", "",
			"A public authority cannot use legitimate interests for its tasks: public task is the usual basis.", l.bases[LegitimateInterests])
	}
	broken("anyway", "a refusal of consent is respected", "UK GDPR art. 5(1)(a), 7", "",
		"If the information is used although people say no, consent is not the basis: name the true one.", l.anyway())
	broken("period_without_trigger", "a period says from when it runs", "UK GDPR art. 13(2)(a)", "",
		"Say what starts the period, for example the day the consultation closes.", l.untimed)
	broken("reconsideration_21_days", "no period of repealed law", "UK GDPR art. 22A to 22D; DUAA s.80", "",
		"Take out the 21 days to ask for a reconsideration: they are the law of 1998.", l.days21)
	if len(l.find(l.reachable)) == 0 {
		broken("no_contact", "the controller can be reached", "UK GDPR art. 13(1)(a)", "",
			"The notice has no address, email or phone number at all: say how to reach you.", l.find(func(p *passage) bool { return p.says(controllerWords) }))
	}
	if missing := l.basicRights(); missing != "" {
		broken("basic_rights", "access and correction are offered", "UK GDPR art. 13(2)(b), 15, 16", "",
			"Add the right to "+missing+".", l.orFirst(l.find(func(p *passage) bool { return p.says(rightsHeadings) })))
	}
}

// activitiesOr returns the headings of activities without a basis, or where the purposes are if there are no activities.
func (l *plainLinter) activitiesOr(f PlainFinding) []int {
	return l.find(func(p *passage) bool { return slices.Contains(f.Lines, p.line) })
}

func (l *plainLinter) orFirst(passages []int) []int {
	if len(passages) == 0 && len(l.passages) > 0 {
		return []int{0}
	}
	return passages
}

// neededServices returns purposes that people need from the council, where consent is their basis: the only one, or one of their section.
func (l *plainLinter) neededServices() []int {
	if len(l.bases[Consent]) == 0 {
		return nil
	}
	return l.find(func(p *passage) bool {
		if p.heading || p.says(shareWords) || !p.says(dealWords) || !hasAny(allowing.Replace(p.text), serviceWords) || l.about(p, rightsHeadings) || l.under(p, complainWords) || p.says(dataNear) && p.says(complainWords) {
			return false
		}
		return len(l.bases) == 1 || slices.ContainsFunc(l.bases[Consent], func(k int) bool { return p.section >= 0 && l.passages[k].section == p.section })
	})
}

// allowing takes the verb away that reads like the paper.
var allowing = strings.NewReplacer(" permit them ", " ", " permit us ", " ", " permits us ", " ", " permit you ", " ")

// anyway returns passages that say that a refusal changes nothing.
func (l *plainLinter) anyway() []int {
	return l.find(func(p *passage) bool {
		for _, term := range refuseTerm {
			if _, rest, found := strings.Cut(p.text, term); found && hasAny(" "+rest, anywayWords) && !hasAny(" "+rest, denials) {
				return true
			}
		}
		return p.says(evenIf) && !p.says(shareDenied)
	})
}

// basicRights names what is missing of access and correction.
func (l *plainLinter) basicRights() string {
	has := func(t terms) bool {
		return len(l.find(func(p *passage) bool { return p.says(t) && rightWords.in(l.around(p)) })) > 0
	}
	switch access, correct := has(accessWords), has(correctWords); {
	case !access && !correct:
		return "a copy of the information and to have it corrected"
	case !access:
		return "a copy of the information"
	case !correct:
		return "have wrong information corrected"
	}
	return ""
}
