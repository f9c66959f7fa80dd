package consult_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// article13 breaks each item that UK GDPR article 13 and councils.md section 5 ask a notice for, in the settings or in the consultation. key is the
// finding, page and field are where it is mended, and names is what the message says in English.
var article13 = []struct {
	why              string
	key, page, field string
	names            string
	change           func(*privacy.Council, *privacy.Processing)
}{
	{"art. 13(1)(a): who is responsible", "controller", "settings", "name", "council's name", func(c *privacy.Council, _ *privacy.Processing) { c.Name = nil }},
	{"art. 13(1)(a): how to reach them", "controller_contact", "settings", "email", "postal address", func(c *privacy.Council, _ *privacy.Processing) { c.Address = "" }},
	{"art. 13(1)(b): a role is no contact (S2, S4)", "dpo_contact", "settings", "dpo_email", "data protection officer's email", func(c *privacy.Council, _ *privacy.Processing) { c.DPOEmail, c.DPOPhone = "", "" }},
	{"art. 5(1)(a): what is collected", "data", "notice", "data", "what information is collected", func(_ *privacy.Council, p *privacy.Processing) { p.Data = nil }},
	{"art. 13(1)(c): no purpose", "purposes", "notice", "purposes", "at least one purpose", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes = nil }},
	{"art. 13(1)(c): a purpose in words", "purpose_text", "notice", "purposes.0.text", "what the purpose is", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes[0].Text = nil }},
	{"art. 13(1)(c), S3-3: a basis for each", "purpose_basis", "notice", "purposes.0.basis", "lawful basis for the purpose", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes[0].Basis = "" }},
	{"art. 9(2): equality questions without a condition (S2, S3)", "condition", "notice", "purposes", "rests on explicit consent", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes[1].Condition = "" }},
	{"art. 13(1)(e), S1-8: named recipients", "recipient_named", "notice", "purposes.0.recipients.0.name", "Name the organisation: \"our partners\"", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes[0].Recipients[0].Name = "our partners" }},
	{"art. 13(1)(e), S1-8: without etc.", "recipient_named", "notice", "purposes.0.recipients.0.name", "\"CAB etc.\" does not say", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes[0].Recipients[0].Name = "CAB etc." }},
	{"art. 13(1)(e): in what form", "recipient_form", "notice", "purposes.0.recipients.0.form", "in what form Fenwick Climate", func(_ *privacy.Council, p *privacy.Processing) { p.Purposes[0].Recipients[0].Form = "" }},
	{"art. 13(1)(f): where it is", "locations", "notice", "locations", "where the information is kept", func(_ *privacy.Council, p *privacy.Processing) { p.Locations = "" }},
	{"art. 13(1)(f): transfers", "transfer", "notice", "transfers", "outside the United Kingdom (Ireland)", func(_ *privacy.Council, p *privacy.Processing) { p.Locations = "Ireland" }},
	{"art. 13(2)(a): a period", "retention", "notice", "retention", "how long responses are kept", func(_ *privacy.Council, p *privacy.Processing) { p.Retention = "" }},
	{"art. 13(2)(a), S2-2: from when", "retention_trigger", "notice", "retention_trigger", "from when that time runs", func(_ *privacy.Council, p *privacy.Processing) { p.RetentionTrigger = nil }},
	{"art. 13(2)(a): of equality answers", "equality_period", "consent", "equality_period", "at most 12 months", func(_ *privacy.Council, p *privacy.Processing) { p.EqualityPeriod = "" }},
	{"art. 13(2)(c), 7(3): ways to withdraw consent (S4)", "withdraw", "settings", "phone", "withdrawing consent must be as easy", func(c *privacy.Council, _ *privacy.Processing) { c.Phone = "" }},
	{"art. 13(2)(d): the regulator (S0, S1, S4)", "complaint_regulator", "settings", "regulator", "Name the regulator", func(c *privacy.Council, _ *privacy.Processing) { c.Regulator = nil }},
	{"art. 13(2)(d): how to reach the regulator", "complaint_regulator_contact", "settings", "regulator_contact", "how to reach the regulator", func(c *privacy.Council, _ *privacy.Processing) { c.RegulatorContact = nil }},
	{"DPA 2018 s.164A: complaint to the controller (none of the five)", "complaint_council", "settings", "complaints_how", "how to complain to the council", func(c *privacy.Council, _ *privacy.Processing) { c.ComplaintsHow = nil }},
	{"art. 13(2)(e): whether people must answer", "required", "notice", "required", "whether people have to answer", func(_ *privacy.Council, p *privacy.Processing) { p.Required = nil }},
	{"art. 13(2)(f): automated decisions (S0, S1, S2)", "automated", "notice", "automated", "by computer alone", func(_ *privacy.Council, p *privacy.Processing) { p.Automated = nil }},
	{"art. 12(1), 25: children (none of the five)", "children", "notice", "children", "whether children may take part", func(_ *privacy.Council, p *privacy.Processing) { p.Children = nil }},
	{"art. 7(4): what follows a refusal", "if_no", "consent", "if_they_say_no", "if people do not consent", func(_ *privacy.Council, p *privacy.Processing) { p.IfTheySayNo = nil }},
	{"privacy.md 3.1: processed anyway", "anyway", "consent", "if_they_say_no.en", "even if people say no", func(_ *privacy.Council, p *privacy.Processing) {
		p.IfTheySayNo = locale.Text{locale.English: "We use it anyway.", locale.Welsh: "Dim byd."}
	}},
	{"art. 9(2)(a): categories in the statement", "statement_categories", "consent", "categories", "what the equality questions ask about", func(_ *privacy.Council, p *privacy.Processing) { p.Categories = nil }},
	{"art. 8A, DUAA s.71: every use in the statement", "statement_uses", "consent", "uses", "every way in which", func(_ *privacy.Council, p *privacy.Processing) { p.Uses = nil }},
	{"art. 9(2)(a): partners in the statement", "statement_partner", "consent", "partners", "name it in the consent statement", func(_ *privacy.Council, p *privacy.Processing) { p.Partners = nil }},
	{"art. 12(1): in Welsh too", "translation_cy", "notice", "automated.cy", "Welsh text is missing", func(_ *privacy.Council, p *privacy.Processing) {
		p.Automated = locale.Text{locale.English: "None."}
	}},
}

// Publishing is refused with each missing item named, in both languages, and leads to where it is mended. Mended, it goes through: so it was that item.
func TestPublishingNamesEachMissingItemOfArticle13(t *testing.T) {
	w := newWorld(t)
	by := w.staff[consult.Researcher]
	c := w.draft(t, "resident-satisfaction")
	w.screen(t, c.ID)
	messages := locale.Must()
	store := func(settings privacy.Council, con consult.Consultation) {
		t.Helper()
		raw, err := json.Marshal(settings)
		if err != nil {
			t.Fatal(err)
		}
		_, version, err := w.CouncilVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.write(t, func(tx consult.Writer) error { // past the forms, as an older program or an import might leave it
			if err := tx.PutSetting("council", raw, version); err != nil {
				return err
			}
			return tx.UpdateConsultation(&con)
		})
	}
	for _, row := range article13 {
		settings, broken := council(), *w.reload(t, c.ID)
		before := broken.Details
		before.Processing = copyOf(t, before.Processing)
		broken.Processing = copyOf(t, broken.Processing)
		row.change(&settings, &broken.Processing)
		store(settings, broken)
		ready, err := w.Readiness(t.Context(), by, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(ready.Findings, func(f consult.Finding) bool {
			return f.Key == "notice.lint."+row.key && f.Page == row.page && f.Field == row.field && !f.Warn
		})
		if i < 0 || ready.Ready() {
			t.Errorf("%s: %s on %s %s is not among %+v", row.why, row.key, row.page, row.field, ready.Findings)
		} else {
			f := ready.Findings[i]
			if english := messages.T(locale.English, f.Key, f.Args...); !strings.Contains(english, row.names) || f.Clause == "" {
				t.Errorf("%s: the message %q (%s) does not say %q", row.why, english, f.Clause, row.names)
			}
			if welsh := messages.T(locale.Welsh, f.Key, f.Args...); welsh == "" || welsh == messages.T(locale.English, f.Key, f.Args...) {
				t.Errorf("%s: in Welsh %q", row.why, welsh)
			}
		}
		now := w.reload(t, c.ID)
		want(t, w.Publish(t.Context(), by, c.ID, now.Version), fault.Conflict, row.why)
		mended := *w.reload(t, c.ID)
		if mended.State != consult.Drafted {
			t.Fatalf("%s: it was published", row.why)
		}
		mended.Details = before
		store(council(), mended)
		if ready, err := w.Readiness(t.Context(), by, c.ID); err != nil || !ready.Ready() {
			t.Fatalf("%s: mended it is not ready: %v %+v", row.why, err, ready.Findings)
		}
	}
	if err := w.Publish(t.Context(), by, c.ID, w.reload(t, c.ID).Version); err != nil {
		t.Errorf("whole: %v", err)
	}
}

// copyOf copies what a row may change.
func copyOf(t *testing.T, p privacy.Processing) (out privacy.Processing) {
	t.Helper()
	raw, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
