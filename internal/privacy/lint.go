package privacy

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/locale"
)

// Severity says what a finding does to publishing.
type Severity string

// The severities.
const (
	Block Severity = "block" // publishing is refused
	Warn  Severity = "warn"  // the data protection officer should look
)

// Finding is one thing that a notice leaves out or gets wrong.
type Finding struct {
	Key      string // message key in internal/locale
	Args     []any  // name, value pairs for the message
	Clause   string // the rule: an article, or a row of councils.md
	Field    string // of Council ("council.dpo_email") or Processing ("purposes.0.basis", "uses"), as in JSON
	Severity Severity
}

// LintNotice lists, in the order of the form, each item of UK GDPR article 13 that the notice would leave out and each
// rule of councils.md section 5 that it would break, in any of the languages.
func LintNotice(c Council, p Processing, asksEquality bool, langs []locale.Lang) []Finding {
	l := linter{council: c, processing: p, equality: asksEquality, langs: langs}
	l.controller()
	l.data()
	l.purposes()
	l.recipients()
	l.storage()
	l.retention()
	l.consent()
	l.statement()
	l.rest()
	l.ages()
	return l.findings
}

type linter struct {
	council    Council
	processing Processing
	equality   bool
	langs      []locale.Lang
	findings   []Finding
}

func (l *linter) add(s Severity, field, key, clause string, args ...any) {
	l.findings = append(l.findings, Finding{Key: "notice.lint." + key, Args: args, Clause: clause, Field: field, Severity: s})
}

func (l *linter) block(field, key, clause string, args ...any) {
	l.add(Block, field, key, clause, args...)
}

func (l *linter) warn(field, key, clause string, args ...any) {
	l.add(Warn, field, key, clause, args...)
}

// need blocks where ok is false.
func (l *linter) need(ok bool, field, key, clause string) {
	if !ok {
		l.block(field, key, clause)
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// text blocks where the text is missing altogether, and once per language where only the translation is.
func (l *linter) text(t locale.Text, field, key, clause string) {
	if isEmpty(t) {
		l.block(field, key, clause)
		return
	}
	l.translated(t, field)
}

func isEmpty(t locale.Text) bool {
	for _, s := range t {
		if !blank(s) {
			return false
		}
	}
	return true
}

// translated blocks once per language in which the text is missing: information must be intelligible (art. 12(1)).
func (l *linter) translated(t locale.Text, field string) {
	for _, lang := range l.langs {
		if blank(t[lang]) {
			l.block(field+"."+string(lang), "translation_"+string(lang), "UK GDPR art. 12(1)")
		}
	}
}

func (l *linter) each(in []locale.Text, field string) {
	for i, t := range in {
		l.translated(t, field+"."+strconv.Itoa(i))
	}
}

// controller: who is responsible, and the data protection officer, who needs an address and not only a role (S2, S4).
func (l *linter) controller() {
	c := l.council
	l.text(c.Name, "council.name", "controller", "UK GDPR art. 13(1)(a)")
	l.need(!blank(c.Address) && !(blank(c.Email) && blank(c.Phone)), "council.email", "controller_contact", "UK GDPR art. 13(1)(a)")
	l.need(!blank(c.DPOEmail) || !blank(c.DPOPhone), "council.dpo_email", "dpo_contact", "UK GDPR art. 13(1)(b)")
}

func (l *linter) data() {
	l.text(l.processing.Data, "data", "data", "UK GDPR art. 5(1)(a)")
	for _, lang := range l.langs {
		if openEnded(l.processing.Data[lang]) {
			l.warn("data."+string(lang), "data_open_ended", "UK GDPR art. 5(1)(a), (c)")
		}
	}
}

var purposeID = regexp.MustCompile(`^[a-z0-9_]+$`)

// purposes: each needs words, and a basis of its own (S0 maps two bases to nothing, S3 gives enquiries none).
func (l *linter) purposes() {
	l.need(len(l.processing.Purposes) > 0, "purposes", "purposes", "UK GDPR art. 13(1)(c)")
	seen := map[string]bool{}
	for i, p := range l.processing.Purposes {
		field := "purposes." + strconv.Itoa(i)
		name := cmp.Or(p.Text.In(locale.English), p.ID, strconv.Itoa(i+1))
		if !purposeID.MatchString(p.ID) || seen[p.ID] {
			l.block(field+".id", "purpose_id", "UK GDPR art. 30(1)(b)", "Purpose", name)
		}
		seen[p.ID] = true
		l.text(p.Text, field+".text", "purpose_text", "UK GDPR art. 13(1)(c)")
		l.each(p.Activities, field+".activities")
		if !p.Basis.Valid() {
			l.block(field+".basis", "purpose_basis", "UK GDPR art. 13(1)(c); councils.md S3-3", "Purpose", name)
		}
		if p.Condition != "" && p.Condition != ExplicitConsent {
			l.block(field+".condition", "condition_unknown", "UK GDPR art. 9(2)", "Purpose", name)
		}
		l.basis(p, field, name)
	}
	explicit := slices.ContainsFunc(l.processing.Purposes, func(p Purpose) bool { return p.Condition == ExplicitConsent })
	if l.equality && !explicit {
		l.block("purposes", "condition", "UK GDPR art. 9(2)(a)")
	}
}

// basis looks at whether the basis suits the purpose.
func (l *linter) basis(p Purpose, field, name string) {
	if p.Withdrawable() && len(p.Activities) == 0 {
		l.block(field+".activities", "activities", "UK GDPR art. 4(11), 6(1)(a): specific; ICO, valid consent", "Purpose", name)
	}
	if p.Basis == Consent && neededService(p.Text.In(locale.English)) {
		l.warn(field+".basis", "consent_service", "UK GDPR art. 7(4), recital 43; councils.md S1-4", "Purpose", name)
	}
	if p.Basis == LegitimateInterests {
		l.warn(field+".basis", "legitimate_interests", "UK GDPR art. 6(1), last sentence; councils.md S3-8", "Purpose", name)
	}
}

// recipients: named, with the form in which they get information and where (S1: "etc."; S3: categories).
func (l *linter) recipients() {
	for i, p := range l.processing.Purposes {
		for j, r := range p.Recipients {
			field := "purposes." + strconv.Itoa(i) + ".recipients." + strconv.Itoa(j)
			if !named(r.Name) {
				l.block(field+".name", "recipient_named", "UK GDPR art. 13(1)(e); councils.md S1-8", "Recipient", r.Name)
			}
			if r.Form != Identifiable && r.Form != Pseudonymised && r.Form != Anonymous {
				l.block(field+".form", "recipient_form", "UK GDPR art. 13(1)(e)", "Recipient", r.Name)
			}
			if blank(r.Location) {
				l.block(field+".location", "recipient_location", "UK GDPR art. 13(1)(f)", "Recipient", r.Name)
			} else if r.Form != Anonymous && !inUK(r.Location) && isEmpty(l.processing.Transfers) {
				l.block("transfers", "transfer", "UK GDPR art. 13(1)(f)", "Where", r.Location)
			}
		}
	}
}

// storage: where it is held, and transfers out of the UK.
func (l *linter) storage() {
	p := l.processing
	l.need(!blank(p.Locations), "locations", "locations", "UK GDPR art. 13(1)(f)")
	if !blank(p.Locations) && !inUK(p.Locations) && isEmpty(p.Transfers) {
		l.block("transfers", "transfer", "UK GDPR art. 13(1)(f)", "Where", p.Locations)
	}
	if !isEmpty(p.Transfers) {
		l.translated(p.Transfers, "transfers")
	}
}

// maxEquality is the longest time that equality answers are kept after close (privacy.md 2, decision 5).
var maxEquality = Period{Months: 12}

// retention: a period, and from when it runs (S2: three years, from nobody knows when).
func (l *linter) retention() {
	p := l.processing
	if _, err := ParsePeriod(p.Retention); err != nil {
		l.block("retention", "retention", "UK GDPR art. 13(2)(a)")
	}
	l.text(p.RetentionTrigger, "retention_trigger", "retention_trigger", "UK GDPR art. 13(2)(a); councils.md S2-2")
	if !l.equality {
		return
	}
	switch period, err := ParsePeriod(p.EqualityPeriod); {
	case err != nil:
		l.block("equality_period", "equality_period", "UK GDPR art. 13(2)(a)")
	case period.After(maxEquality):
		l.block("equality_period", "equality_period_long", "UK GDPR art. 5(1)(e); privacy.md 2")
	}
}

// consent: what follows a refusal, and ways to withdraw that are as easy as giving (S4 never says that one can).
func (l *linter) consent() {
	p := l.processing
	if !l.equality && !p.Withdrawable() {
		return
	}
	l.text(p.IfTheySayNo, "if_they_say_no", "if_no", "UK GDPR art. 7(4); ICO, valid consent")
	for _, lang := range l.langs {
		if processAnyway(p.IfTheySayNo[lang]) {
			l.block("if_they_say_no."+string(lang), "anyway", "UK GDPR art. 5(1)(a), 7; privacy.md 3.1")
		}
	}
	c := l.council
	l.need(!blank(c.Phone), "council.phone", "withdraw", "UK GDPR art. 7(3), 13(2)(c)")
	l.need(!blank(c.Email), "council.email", "withdraw", "UK GDPR art. 7(3), 13(2)(c)")
}

// statement: the explicit-consent statement must name the categories asked, every use and each partner.
func (l *linter) statement() {
	if !l.equality {
		return
	}
	p := l.processing
	l.need(len(texts(p.Categories, locale.English)) > 0, "categories", "statement_categories", "UK GDPR art. 9(2)(a); ICO, explicit consent")
	l.each(p.Categories, "categories")
	l.need(len(texts(p.Uses, locale.English)) > 0, "uses", "statement_uses", "UK GDPR art. 5(1)(b), 8A; DUAA s.71")
	l.each(p.Uses, "uses")
	for i, partner := range p.Partners {
		field := "partners." + strconv.Itoa(i)
		if !named(partner) {
			l.block(field, "recipient_named", "UK GDPR art. 9(2)(a); ICO, valid consent; councils.md S1-8", "Recipient", partner)
		} else if !slices.ContainsFunc(p.recipients(), func(r Recipient) bool { return r.Name == partner }) {
			l.block(field, "partner_recipient", "UK GDPR art. 13(1)(e)", "Recipient", partner)
		}
	}
	l.partnersNamed()
}

// partnersNamed: whoever gets something made with equality answers must be in the statement; others are told apart.
func (l *linter) partnersNamed() {
	told := map[string]bool{}
	for _, p := range l.processing.Purposes {
		for _, r := range p.Recipients {
			if slices.Contains(l.processing.Partners, r.Name) || told[r.Name] {
				continue
			}
			if p.Condition == ExplicitConsent {
				l.block("partners", "statement_partner", "UK GDPR art. 9(2)(a); ICO, valid consent", "Recipient", r.Name)
				told[r.Name] = true
			}
		}
	}
	for _, p := range l.processing.Purposes {
		for _, r := range p.Recipients {
			if !slices.Contains(l.processing.Partners, r.Name) && !told[r.Name] {
				l.warn("partners", "partner_unnamed", "UK GDPR art. 9(2)(a); ICO, valid consent", "Recipient", r.Name)
				told[r.Name] = true
			}
		}
	}
}

// rest: whether people must answer, automated decisions, children, and the two complaints.
func (l *linter) rest() {
	p, c := l.processing, l.council
	l.text(p.Required, "required", "required", "UK GDPR art. 13(2)(e)")
	l.text(p.Automated, "automated", "automated", "UK GDPR art. 13(2)(f), 22A")
	l.text(p.Children, "children", "children", "UK GDPR art. 12(1), 25; DUAA s.81")
	l.text(c.ComplaintsHow, "council.complaints_how", "complaint_council", "DPA 2018 s.164A")
	l.text(c.Regulator, "council.regulator", "complaint_regulator", "UK GDPR art. 13(2)(d)")
	l.text(c.RegulatorContact, "council.regulator_contact", "complaint_regulator_contact", "UK GDPR art. 13(2)(d)")
}
