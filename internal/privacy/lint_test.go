package privacy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestLintPassesAWholeNotice(t *testing.T) {
	if f := privacy.LintNotice(council(), processing(), true, both); len(f) > 0 {
		t.Errorf("findings: %+v", f)
	}
	plain := processing()
	plain.Purposes, plain.Categories, plain.Uses, plain.Partners, plain.EqualityPeriod, plain.IfTheySayNo = plain.Purposes[:1], nil, nil, nil, "", nil
	if f := privacy.LintNotice(council(), plain, false, both); len(f) > 0 {
		t.Errorf("without equality questions nothing is said about consent: %+v", f)
	}
	english := council()
	english.Languages = both[:1]
	english.Name = locale.Text{locale.English: "Wemford Borough Council"}
	if f := privacy.LintNotice(english, processing(), true, both[:1]); len(f) > 0 {
		t.Errorf("a council without Welsh needs none: %+v", f)
	}
}

type lintRow struct {
	clause string // in the finding, and why it is there
	key    string
	field  string
	warn   bool
	change func(*privacy.Council, *privacy.Processing)
}

type (
	cc = privacy.Council
	pp = privacy.Processing
)

func recipient(name string, form privacy.Form, where string) func(*cc, *pp) {
	return func(_ *cc, p *pp) {
		p.Purposes[1].Recipients[0] = privacy.Recipient{Name: name, Form: form, Location: where}
		p.Partners = []string{name}
	}
}

var controllerRows = []lintRow{
	{"art. 13(1)(a)", "controller", "council.name", false, func(c *cc, _ *pp) { c.Name = nil }},
	{"art. 13(1)(a)", "controller_contact", "council.email", false, func(c *cc, _ *pp) { c.Address = " " }},
	{"art. 13(1)(b)", "dpo_contact", "council.dpo_email", false, func(c *cc, _ *pp) { c.DPOEmail, c.DPOPhone = "", "" }}, // S2, S4: a role only
	{"art. 5(1)(a)", "data", "data", false, func(_ *cc, p *pp) { p.Data = nil }},
	{"art. 5(1)(a), (c)", "data_open_ended", "data.en", true, func(_ *cc, p *pp) { p.Data = text("Your name, address etc.", "Eich enw a'ch cyfeiriad.") }},
	{"art. 13(1)(f)", "locations", "locations", false, func(_ *cc, p *pp) { p.Locations = "" }},
	{"art. 13(1)(f)", "transfer", "transfers", false, func(_ *cc, p *pp) { p.Locations = "United Kingdom, Ireland" }},
	{"art. 13(1)(f)", "transfer", "transfers", false, func(_ *cc, p *pp) { p.Locations = "UK and the United States" }},
	{"art. 13(2)(a)", "retention", "retention", false, func(_ *cc, p *pp) { p.Retention = "" }},
	{"art. 13(2)(a)", "retention", "retention", false, func(_ *cc, p *pp) { p.Retention = "as long as necessary" }},
	{"S2-2", "retention_trigger", "retention_trigger", false, func(_ *cc, p *pp) { p.RetentionTrigger = nil }}, // S2: 3 years, no trigger
	{"art. 13(2)(e)", "required", "required", false, func(_ *cc, p *pp) { p.Required = nil }},
	{"art. 13(2)(f)", "automated", "automated", false, func(_ *cc, p *pp) { p.Automated = nil }},
	{"art. 12(1), 25", "children", "children", false, func(_ *cc, p *pp) { p.Children = nil }},                     // none of the five
	{"s.164A", "complaint_council", "council.complaints_how", false, func(c *cc, _ *pp) { c.ComplaintsHow = nil }}, // none of the five
	{"art. 13(2)(d)", "complaint_regulator", "council.regulator", false, func(c *cc, _ *pp) { c.Regulator = nil }}, // S0, S1, S4
	{"art. 13(2)(d)", "complaint_regulator_contact", "council.regulator_contact", false, func(c *cc, _ *pp) { c.RegulatorContact = nil }},
}

var purposeRows = []lintRow{
	{"art. 13(1)(c)", "purpose_text", "purposes.0.text", false, func(_ *cc, p *pp) { p.Purposes[0].Text = text("", " ") }},
	{"S3-3", "purpose_basis", "purposes.0.basis", false, func(_ *cc, p *pp) { p.Purposes[0].Basis = "" }}, // S3: enquiries
	{"art. 13(1)(c)", "purpose_basis", "purposes.0.basis", false, func(_ *cc, p *pp) { p.Purposes[0].Basis = "vital_interests" }},
	{"art. 30(1)(b)", "purpose_id", "purposes.1.id", false, func(_ *cc, p *pp) { p.Purposes[1].ID = p.Purposes[0].ID }},
	{"art. 30(1)(b)", "purpose_id", "purposes.0.id", false, func(_ *cc, p *pp) { p.Purposes[0].ID = "The views" }},
	{"art. 9(2)", "condition_unknown", "purposes.0.condition", false, func(_ *cc, p *pp) { p.Purposes[0].Condition = "because" }},
	{"art. 9(2)(a)", "condition", "purposes", false, func(_ *cc, p *pp) { p.Purposes[1].Condition, p.Ages.Minimum = "", 13 }}, // S2, S3; a child's consent is a finding of its own
	{"ICO, valid consent", "activities", "purposes.1.activities", false, func(_ *cc, p *pp) { p.Purposes[1].Activities = nil }},
	{"S3-8", "legitimate_interests", "purposes.0.basis", true, func(_ *cc, p *pp) { p.Purposes[0].Basis = privacy.LegitimateInterests }},
	{"S1-4", "consent_service", "purposes.0.basis", true, func(_ *cc, p *pp) {
		p.Ages.Minimum = 13 // a child's consent is a finding of its own
		p.Purposes[0].Basis, p.Purposes[0].Text = privacy.Consent, text("Deal with your enquiry", "Delio â'ch ymholiad")
	}},
}

var recipientRows = []lintRow{
	{"art. 13(1)(e)", "recipient_form", "purposes.1.recipients.0.form", false, recipient("Climate Hero AB", "", "UK")},
	{"art. 13(1)(f)", "recipient_location", "purposes.1.recipients.0.location", false, recipient("Climate Hero AB", privacy.Anonymous, "")},
	{"art. 13(1)(f)", "transfer", "transfers", false, recipient("Climate Hero AB", privacy.Pseudonymised, "Sweden")},
	{"art. 13(1)(f)", "transfer", "transfers", false, recipient("Climate Hero AB", privacy.Identifiable, "Sweden")},
	{"ICO, valid consent", "statement_partner", "partners", false, func(_ *cc, p *pp) { p.Partners = nil }},
	{"ICO, valid consent", "partner_unnamed", "partners", true, func(_ *cc, p *pp) {
		p.Purposes[0].Recipients = []privacy.Recipient{{Name: "University of Wemford", Form: privacy.Anonymous, Location: "UK"}}
	}},
	{"art. 13(1)(e)", "partner_recipient", "partners.1", false, func(_ *cc, p *pp) { p.Partners = append(p.Partners, "University of Wemford") }},
}

var consentRows = []lintRow{
	{"art. 9(2)(a)", "statement_categories", "categories", false, func(_ *cc, p *pp) { p.Categories = nil }},
	{"DUAA s.71", "statement_uses", "uses", false, func(_ *cc, p *pp) { p.Uses = nil }},
	{"art. 13(2)(a)", "equality_period", "equality_period", false, func(_ *cc, p *pp) { p.EqualityPeriod = "" }},
	{"art. 5(1)(e)", "equality_period_long", "equality_period", false, func(_ *cc, p *pp) { p.EqualityPeriod = "P13M" }},
	{"art. 7(4)", "if_no", "if_they_say_no", false, func(_ *cc, p *pp) { p.IfTheySayNo = nil }},
	{"art. 7(3), 13(2)(c)", "withdraw", "council.phone", false, func(c *cc, _ *pp) { c.Phone = "" }}, // S4 names no way
	{"art. 7(3), 13(2)(c)", "withdraw", "council.email", false, func(c *cc, _ *pp) { c.Email = "" }},
	{"privacy.md 3.1", "anyway", "if_they_say_no.en", false, func(_ *cc, p *pp) {
		p.IfTheySayNo = text("If you say no, we process your answers anyway.", "Ni ofynnir y cwestiynau.")
	}},
	{"privacy.md 3.1", "anyway", "if_they_say_no.cy", false, func(_ *cc, p *pp) {
		p.IfTheySayNo = text("You are not asked the questions.", "Byddwn yn prosesu eich atebion beth bynnag.")
	}},
}

// Every row breaks one rule and must give that finding and no other.
func TestLintFindsWhatIsMissing(t *testing.T) {
	catalogue := locale.Must()
	for _, row := range slices.Concat(controllerRows, purposeRows, recipientRows, consentRows) {
		c, p := council(), processing()
		row.change(&c, &p)
		name := row.clause + ": " + row.key
		findings := privacy.LintNotice(c, p, true, both)
		if len(findings) != 1 {
			t.Errorf("%s: findings %+v", name, findings)
			continue
		}
		f := findings[0]
		if f.Key != "notice.lint."+row.key || f.Field != row.field || !strings.Contains(f.Clause, row.clause) {
			t.Errorf("%s: %+v", name, f)
		}
		if (f.Severity == privacy.Warn) != row.warn || blocked(findings) == row.warn {
			t.Errorf("%s: severity %s", name, f.Severity)
		}
		for _, lang := range both {
			if said := catalogue.T(lang, f.Key, f.Args...); !catalogue.Has(lang, f.Key) || strings.Contains(said, "{{") || strings.Contains(said, "<no value>") {
				t.Errorf("%s: message in %s: %q", name, lang, said)
			}
		}
	}
}

// A bare processing and council: each item of article 13 is named, none twice.
func TestLintOfNothing(t *testing.T) {
	findings := privacy.LintNotice(privacy.Council{}, privacy.Processing{}, true, both)
	seen := map[string]bool{}
	for _, f := range findings {
		if seen[f.Key+f.Field] {
			t.Errorf("%s is named twice", f.Key)
		}
		seen[f.Key+f.Field] = true
	}
	for _, key := range []string{"controller", "controller_contact", "dpo_contact", "data", "purposes", "condition", "locations", "retention",
		"retention_trigger", "equality_period", "if_no", "withdraw", "statement_categories", "statement_uses", "required", "automated", "children",
		"complaint_council", "complaint_regulator", "complaint_regulator_contact", "age_equality"} {
		if !slices.ContainsFunc(findings, func(f privacy.Finding) bool { return f.Key == "notice.lint."+key && f.Severity == privacy.Block }) {
			t.Errorf("%s is not missed", key)
		}
	}
	if len(findings) != 22 {
		t.Errorf("%d findings", len(findings))
	}
}

// art. 12(1): every text that people read, in every language of the council.
func TestLintFindsMissingTranslations(t *testing.T) {
	for _, row := range []struct {
		field string
		in    func(*privacy.Council, *privacy.Processing) locale.Text
	}{
		{"council.name", func(c *cc, _ *pp) locale.Text { return c.Name }},
		{"council.complaints_how", func(c *cc, _ *pp) locale.Text { return c.ComplaintsHow }},
		{"council.regulator", func(c *cc, _ *pp) locale.Text { return c.Regulator }},
		{"council.regulator_contact", func(c *cc, _ *pp) locale.Text { return c.RegulatorContact }},
		{"data", func(_ *cc, p *pp) locale.Text { return p.Data }},
		{"purposes.0.text", func(_ *cc, p *pp) locale.Text { return p.Purposes[0].Text }},
		{"purposes.1.activities.1", func(_ *cc, p *pp) locale.Text { return p.Purposes[1].Activities[1] }},
		{"retention_trigger", func(_ *cc, p *pp) locale.Text { return p.RetentionTrigger }},
		{"required", func(_ *cc, p *pp) locale.Text { return p.Required }},
		{"children", func(_ *cc, p *pp) locale.Text { return p.Children }},
		{"automated", func(_ *cc, p *pp) locale.Text { return p.Automated }},
		{"if_they_say_no", func(_ *cc, p *pp) locale.Text { return p.IfTheySayNo }},
		{"categories.2", func(_ *cc, p *pp) locale.Text { return p.Categories[2] }},
		{"uses.1", func(_ *cc, p *pp) locale.Text { return p.Uses[1] }},
		{"transfers", func(_ *cc, p *pp) locale.Text { p.Transfers = text("To Ireland.", "I Iwerddon."); return p.Transfers }},
	} {
		for _, lang := range both {
			c, p := council(), processing()
			delete(row.in(&c, &p), lang)
			findings := privacy.LintNotice(c, p, true, both)
			want := fmt.Sprintf("[notice.lint.translation_%s %s.%s block]", lang, row.field, lang)
			var got []string
			for _, f := range findings {
				if strings.HasPrefix(f.Key, "notice.lint.translation") { // the English text also carries rules of its own
					got = append(got, fmt.Sprintf("%s %s %s", f.Key, f.Field, f.Severity))
				}
			}
			if fmt.Sprint(got) != want {
				t.Errorf("%v, want %s", got, want)
			}
		}
	}
}

func TestLintWantsNames(t *testing.T) {
	for _, row := range []struct {
		why, name string
		named     bool
	}{
		{"S0-12", "Climate Hero AB", true},
		{"a name that begins like a category", "Partnership for Older People in Wemford CIC", true},
		{"a department of this council", "Wemford Borough Council, Housing", true},
		{"etc inside a word", "Fetcham Parish Council", true},
		{"Welsh", "Prifysgol Wemford", true},
		{"privacy.md 3.1: categories are not specific enough", "our partners", false},
		{"with a capital and spaces", " Our  Partners ", false},
		{"S1-8", "CAB, Herts County etc.", false},
		{"S3: categories", "third parties", false},
		{"S4", "other entities in the group", false},
		{"generic", "research partners", false},
		{"picked by nobody knows whom", "Carefully selected organisations", false},
		{"an open list", "Oxfam and others", false},
		{"an open list", "charities such as Oxfam", false},
		{"not yet known", "TBC", false},
		{"empty", "", false},
		{"signs only", "--", false},
		{"Welsh: our partners", "ein partneriaid", false},
		{"Welsh: etc.", "CAB, Oxfam ac ati", false},
		{"Welsh: third parties", "trydydd partïon", false},
	} {
		c, p := council(), processing()
		recipient(row.name, privacy.Anonymous, "UK")(&c, &p)
		refused := slices.ContainsFunc(privacy.LintNotice(c, p, true, both), func(f privacy.Finding) bool {
			return f.Key == "notice.lint.recipient_named" && f.Severity == privacy.Block
		})
		if refused == row.named {
			t.Errorf("%s: %q refused: %v", row.why, row.name, refused)
		}
	}
}

func TestLintReadsWhatHappensIfTheySayNo(t *testing.T) {
	for _, row := range []struct {
		why, text string
		anyway    bool
	}{
		{"the default", "Your response still counts in full, and you are not asked the equality questions.", false},
		{"denied", "We will not use your answers anyway.", false},
		{"denied with an apostrophe", "We won’t still use them.", false},
		{"plain", "We process your answers anyway.", true},
		{"the condition is not the denial", "If you say no, we will still use your answers.", true},
		{"in a later sentence", "Nothing changes. We rely on another lawful basis.", true},
		{"S4: processing without consent", "We may use it without your consent where the law allows.", true},
		{"Welsh", "Byddwn yn dal i ddefnyddio eich atebion.", true},
		{"Welsh, denied", "Ni fyddwn yn defnyddio eich atebion beth bynnag.", false},
	} {
		p := processing()
		p.IfTheySayNo = text(row.text, row.text)
		findings := privacy.LintNotice(council(), p, true, both)
		if blocked(findings) != row.anyway {
			t.Errorf("%s: %+v", row.why, findings)
		}
	}
}

func TestLintKnowsTheUnitedKingdom(t *testing.T) {
	for _, row := range []struct {
		places string
		uk     bool
	}{
		{"United Kingdom", true}, {"the UK", true}, {"England and Wales", true}, {"England, Scotland; Wales", true}, {"Y Deyrnas Unedig", true},
		{"Cymru a Lloegr", true}, {"Ukraine", false}, {"UK, Ireland", false}, {"Sweden", false}, {"New England", false}, {"European Union", false},
	} {
		p := processing()
		p.Locations = row.places
		if abroad := blocked(privacy.LintNotice(council(), p, true, both)); abroad == row.uk {
			t.Errorf("%q: abroad %v", row.places, abroad)
		}
	}
}

// blocked reports whether any finding refuses publishing.
func blocked(findings []privacy.Finding) bool {
	return slices.ContainsFunc(findings, func(f privacy.Finding) bool { return f.Severity == privacy.Block })
}
