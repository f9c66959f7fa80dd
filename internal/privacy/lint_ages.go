package privacy

import (
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/locale"
)

// AgeLines says who may take part, from the rules that the service keeps to: a notice that is built from them cannot say anything else.
func (p Processing) AgeLines(lang locale.Lang) []string {
	r, out := p.Ages, []string{}
	if r.Minimum > 0 {
		out = append(out, say(lang, "notice.children.minimum", "age", strconv.Itoa(r.Minimum)))
	}
	if r.authorises() {
		out = append(out, say(lang, "notice.children.youth", "age", strconv.Itoa(Ages().Limit(AgeOfConsent).Age)))
	}
	if len(out) == 0 {
		out = append(out, say(lang, "notice.children.anybody"))
	}
	if r.Equality > r.Minimum && len(p.Categories) > 0 {
		out = append(out, say(lang, "notice.children.equality", "age", strconv.Itoa(r.Equality)))
	}
	return out
}

// ages: who may take part, what children are told, and what the data protection officer has to approve (privacy.md 3.3).
func (l *linter) ages() {
	r := l.processing.Ages
	approved := r.Approval.Covers(r, l.equality)
	if limit := Ages().Limit(AgeForEquality); l.equality && r.Equality < limit.Age && !approved {
		l.block("ages.equality", "age_equality", limit.Clause, "Age", limit.Age)
	}
	l.youth(approved)
	consent := Ages().Limit(AgeOfConsent)
	if r.Minimum < consent.Age && !r.Youth && l.consents() {
		l.warn("ages.minimum", "age_consent", consent.Clause, "Age", consent.Age)
	}
	if !r.Gated() {
		return
	}
	for _, lang := range l.langs {
		text := strings.ToLower(l.processing.Children[lang] + "\n" + r.Notice[lang])
		if slices.ContainsFunc(Ages().AnyAge, func(phrase string) bool { return strings.Contains(text, phrase) }) {
			l.block("children."+string(lang), "age_any", "UK GDPR art. 5(1)(a), 12(1)")
		}
	}
}

// youth: a consultation for young people tells them in words for them, has an assessment behind it, and asks no equality questions unless the data
// protection officer has approved that.
func (l *linter) youth(approved bool) {
	r := l.processing.Ages
	if !r.Youth {
		return
	}
	l.text(r.Notice, "ages.notice", "age_notice", "UK GDPR art. 12(1); ICO, children")
	if !approved || blank(r.Approval.DPIA) {
		l.block("ages.youth", "age_dpia", "UK GDPR art. 35(1); ICO screening list: children")
	}
	if l.equality && !approved {
		l.block("ages.youth", "age_youth_equality", "UK GDPR art. 9(2)(a), 25(1); DUAA s.81")
	}
}

// consents reports whether answers rest on consent, other than those to the equality questions.
func (l *linter) consents() bool {
	return slices.ContainsFunc(l.processing.Purposes, func(p Purpose) bool { return p.Basis == Consent && p.Condition != ExplicitConsent })
}
