package privacy

import (
	"fmt"
	"slices"
	"strings"
)

// readBases finds where the notice names the bases of article 6(1) and explicit consent. A number of the article always counts; words
// count where the passage, its heading or its introduction speaks of a basis. What people may do, and decisions by computer, are no bases.
func (l *plainLinter) readBases() {
	l.bases = map[Basis][]int{}
	for k := range l.passages {
		p := &l.passages[k]
		around := l.around(p)
		if p.says(explicitWords) && !automatedAny.in(around) {
			l.explicit = append(l.explicit, k)
		}
		if p.heading || p.says(basisElsewhere) || l.about(p, rightsHeadings) || automatedAny.in(around) {
			continue
		}
		near := basisAround.in(around)
		for _, b := range []struct {
			basis         Basis
			article       string
			always, words terms
		}{
			{Consent, "6 1 a", consentWords, consentWeak}, {Contract, "6 1 b", nil, contractWords}, {LegalObligation, "6 1 c", nil, obligationWords}, {"vital_interests", "6 1 d", nil, vitalWords},
			{PublicTask, "6 1 e", nil, taskWords}, {LegitimateInterests, "6 1 f", nil, interestWords},
		} {
			said := strings.Contains(p.text, " "+b.article+" ") || b.always.in(p.text) || near && b.words.in(p.text)
			if b.basis == Consent && (p.says(consentDenied) || explicitOnly(p)) || b.basis == PublicTask && strings.Contains(p.text, " substantial public interest ") {
				said = false
			}
			if said {
				l.bases[b.basis] = append(l.bases[b.basis], k)
			}
		}
	}
}

// explicitOnly reports whether the consent that a passage speaks of is the explicit consent of article 9 and no other.
func explicitOnly(p *passage) bool {
	if strings.Contains(p.text, " 6 1 a ") {
		return false
	}
	rest := p.text
	for _, s := range explicitWords {
		rest = strings.ReplaceAll(rest, s, " ")
	}
	return len(rest) != len(p.text) && !consentWords.in(rest)
}

// readActivities finds sections that each stand for one activity: their heading names it, and they say what is collected for it.
func (l *plainLinter) readActivities() {
	for k := range l.passages {
		p := &l.passages[k]
		if p.heading || p.section < 0 || l.about(p, notActivity) || !p.says(activityWords) {
			continue
		}
		if !slices.Contains(l.activities, p.section) {
			l.activities = append(l.activities, p.section)
		}
	}
	if len(l.activities) < 2 {
		l.activities = nil // one activity is the whole notice
	}
}

var (
	// activityWords open a section about one activity.
	activityWords = list("categories of personal information", "categories of personal data", "process some personal", "may need to process", "we collect", "we will collect", "categorïau o wybodaeth bersonol", "rydym yn casglu")
	// notActivity are headings that speak of the notice's own subjects.
	notActivity = list("information", "data", "collect", "we", "your", "you", "rights", "privacy", "personal", "cookies", "gwybodaeth", "eich", "rydym", "ydym")
)

// purposes: each use of information and its basis (UK GDPR art. 13(1)(c)).
func (l *plainLinter) purposes() PlainFinding {
	i := l.item("purposes", "each purpose and its lawful basis", "UK GDPR art. 13(1)(c)")
	purposes := l.find(func(p *passage) bool { return p.says(purposeWords) })
	var based []int
	for _, at := range l.bases {
		based = append(based, at...)
	}
	slices.Sort(based)
	lacking := l.activitiesWithout(based)
	switch {
	case len(based) == 0 && len(purposes) == 0:
		return i.absent("Neither a purpose nor a lawful basis is given: list each purpose with its basis under article 6.")
	case len(based) == 0:
		return i.is(Absent, "no_basis", "No lawful basis is given: name the basis under article 6 for each purpose.", purposes...)
	case len(purposes) == 0:
		return i.is(Partly, "no_purpose", "A lawful basis is given but no purpose: say what the information is used for.", based...)
	case len(lacking) > 0:
		return i.is(Partly, "activity_without_basis", fmt.Sprintf("%q has no lawful basis: name the basis under article 6 for each activity.", l.passages[lacking[0]].raw), lacking...)
	}
	if unmapped := l.unmapped(); len(unmapped) > 0 {
		return i.is(Partly, "unmapped", "Several lawful bases are given but not which of them belongs to which purpose: name the basis beside each purpose.", unmapped...)
	}
	f := i.present(based)
	if len(l.bases) == 1 {
		f.Reason = "one_basis"
	}
	return f
}

// activitiesWithout returns the headings of activities in which no basis is named, where none outside holds for all.
func (l *plainLinter) activitiesWithout(based []int) (out []int) {
	has := map[int]bool{}
	for _, k := range based {
		s := l.passages[k].section
		if !slices.Contains(l.activities, s) {
			return nil
		}
		has[s] = true
	}
	for _, a := range l.activities {
		if !has[a] {
			out = append(out, a)
		}
	}
	return out
}

// unmapped returns the passages that name a basis, if one of several bases never stands beside a purpose alone: those of the one that is named first.
func (l *plainLinter) unmapped() (first []int) {
	if len(l.bases) < 2 {
		return nil
	}
	count := map[int]int{} // bases in a passage
	for _, at := range l.bases {
		for _, k := range at {
			count[k]++
		}
	}
	for _, at := range l.bases {
		if !slices.ContainsFunc(at, func(k int) bool { return count[k] == 1 && l.besidePurpose(k, count) }) && (first == nil || at[0] < first[0]) {
			first = at
		}
	}
	return first
}

// besidePurpose reports whether a passage with a basis has a purpose too, or follows one.
func (l *plainLinter) besidePurpose(k int, based map[int]int) bool {
	p := &l.passages[k]
	if p.says(purposeWords) || p.item && strings.ContainsAny(p.raw, "|:–") && len(strings.Fields(p.raw)) > 4 {
		return true
	}
	if k == 0 {
		return false
	}
	before := &l.passages[k-1]
	return before.section == p.section && !before.heading && based[k-1] == 0 && p.intro != k-1
}

// condition: special-category information needs a condition of article 9 as well. What people say in their own words can hold it.
func (l *plainLinter) condition() PlainFinding {
	i := l.item("condition", "the condition for special-category information", "UK GDPR art. 9(2), 13(1)(c)")
	special := l.find(func(p *passage) bool { return p.says(specialWords) && !p.says(specialDenied) })
	denied := l.find(func(p *passage) bool { return p.says(specialDenied) })
	said := l.find(func(p *passage) bool {
		return !automatedAny.in(l.around(p)) && (p.says(conditionTerm) || p.says(explicitWords))
	})
	numbered := l.find(func(p *passage) bool { return p.says(article9) })
	own := l.find(func(p *passage) bool { return p.says(ownWords) })
	switch {
	case len(said) > 0:
		return i.present(said)
	case len(special) > 0 && len(numbered) > 0:
		return i.is(Partly, "no_paragraph", "Article 9 is mentioned but not which of its conditions: name it, for example explicit consent, article 9(2)(a).", numbered...)
	case len(special) > 0:
		return i.is(Absent, "special", "Special-category information, or equality information that holds it, is mentioned and no condition of article 9(2) is: name it, for example explicit consent.", special...)
	case len(denied) > 0:
		return i.is(NotApplicable, "denied", "", denied...)
	case len(own) > 0:
		return i.is(Absent, "own_words", "What people say in their own words can tell of health, belief or political opinion, and no condition of article 9(2) is named: name it, or say that such information is not collected and is removed.", own...)
	}
	return i.is(NotApplicable, "none_collected", "")
}

// consentUsed reports where consent is a basis or a condition.
func (l *plainLinter) consentUsed() []int {
	return append(slices.Clone(l.bases[Consent]), l.explicit...)
}
