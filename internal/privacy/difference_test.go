package privacy_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Whatever gives anybody more, or uses answers for something else, waits for each person's choice; whatever gives less is told (councils.md
// S0-19, S4-8; privacy.md 2, decisions 3 and 4).
func TestCompareProcessing(t *testing.T) {
	recipient := func(name string, form privacy.Form) privacy.Recipient {
		return privacy.Recipient{Name: name, Form: form, Location: "United Kingdom"}
	}
	for _, row := range []struct {
		why    string
		change func(*privacy.Processing)
		kinds  []privacy.DifferenceKind
		part   privacy.Part
		effect privacy.Effect
		clause string
	}{
		{"nothing changed: nobody is asked", func(*privacy.Processing) {}, nil, "", "", ""},
		{"a new purpose (art. 5(1)(b), 13(3); with consent as the basis art. 8A leaves fresh consent)", func(p *privacy.Processing) {
			p.Purposes = append(p.Purposes, privacy.Purpose{ID: "training", Text: text("Train planners.", "Hyfforddi cynllunwyr."), Basis: privacy.PublicTask})
		}, []privacy.DifferenceKind{privacy.NewPurpose}, privacy.PartResponses, privacy.EffectChoice, "5(1)(b)"},
		{"a new purpose for special-category data is about the equality answers (art. 9(2)(a))", func(p *privacy.Processing) {
			p.Purposes = append(p.Purposes, privacy.Purpose{ID: "map", Text: text("Map groups.", "Mapio grwpiau."), Basis: privacy.Consent, Condition: privacy.ExplicitConsent})
		}, []privacy.DifferenceKind{privacy.NewPurpose}, privacy.PartEquality, privacy.EffectChoice, "8A"},
		{"a purpose given up (art. 13(3): people are told)", func(p *privacy.Processing) { p.Purposes = p.Purposes[:1] },
			[]privacy.DifferenceKind{privacy.GonePurpose}, privacy.PartEquality, privacy.EffectTell, "13(3)"},
		{"another basis (art. 6(1); ICO: not swapped under people)", func(p *privacy.Processing) { p.Purposes[0].Basis = privacy.LegitimateInterests },
			[]privacy.DifferenceKind{privacy.NewBasis}, privacy.PartResponses, privacy.EffectChoice, "6(1)"},
		{"consent given up for another basis is a choice too", func(p *privacy.Processing) { p.Purposes[1].Basis = privacy.PublicTask },
			[]privacy.DifferenceKind{privacy.NewBasis}, privacy.PartEquality, privacy.EffectChoice, "6(1)"},
		{"explicit consent given up (art. 9(2))", func(p *privacy.Processing) { p.Purposes[1].Condition = "" },
			[]privacy.DifferenceKind{privacy.NewCondition}, privacy.PartEquality, privacy.EffectChoice, "9(2)"},
		{"something more is done (ICO: activities are named)", func(p *privacy.Processing) {
			p.Purposes[0].Activities = append(p.Purposes[0].Activities, text("read what people write", "darllen"))
		}, []privacy.DifferenceKind{privacy.NewActivity}, privacy.PartResponses, privacy.EffectChoice, "5(1)(b)"},
		{"something is no longer done", func(p *privacy.Processing) { p.Purposes[0].Activities = nil },
			[]privacy.DifferenceKind{privacy.GoneActivity}, privacy.PartResponses, privacy.EffectTell, "13(3)"},
		{"a new recipient (art. 13(1)(e); a named one, ICO)", func(p *privacy.Processing) {
			p.Purposes[0].Recipients = []privacy.Recipient{recipient("Fenwick Climate", privacy.Anonymous)}
		}, []privacy.DifferenceKind{privacy.NewRecipient}, privacy.PartResponses, privacy.EffectChoice, "13(1)(e)"},
		{"a recipient of one purpose is new to another (art. 5(1)(b))", func(p *privacy.Processing) {
			p.Purposes[0].Recipients = p.Purposes[1].Recipients
		}, []privacy.DifferenceKind{privacy.NewRecipient}, privacy.PartResponses, privacy.EffectChoice, "13(1)(e)"},
		{"a renamed recipient is another one until people were told who", func(p *privacy.Processing) {
			p.Purposes[1].Recipients = []privacy.Recipient{{Name: "Climate Hero Ltd", Form: privacy.Anonymous, Location: "Sweden"}}
		}, []privacy.DifferenceKind{privacy.NewRecipient, privacy.GoneRecipient}, privacy.PartEquality, privacy.EffectChoice, "13(1)(e)"},
		{"a recipient less", func(p *privacy.Processing) { p.Purposes[1].Recipients = nil },
			[]privacy.DifferenceKind{privacy.GoneRecipient}, privacy.PartEquality, privacy.EffectTell, "13(1)(e)"},
		{"totals become separate responses (art. 5(1)(c))", func(p *privacy.Processing) { p.Purposes[1].Recipients[0].Form = privacy.Pseudonymised },
			[]privacy.DifferenceKind{privacy.WiderForm}, privacy.PartEquality, privacy.EffectChoice, "5(1)(b)"},
		{"an unknown form is taken for the widest", func(p *privacy.Processing) { p.Purposes[1].Recipients[0].Form = "raw" },
			[]privacy.DifferenceKind{privacy.WiderForm}, privacy.PartEquality, privacy.EffectChoice, "5(1)(b)"},
		{"a recipient holds it elsewhere (art. 13(1)(f): told)", func(p *privacy.Processing) { p.Purposes[1].Recipients[0].Location = "Norway" },
			[]privacy.DifferenceKind{privacy.RecipientPlace}, privacy.PartEquality, privacy.EffectTell, "13(1)(f)"},
		{"a category more (art. 9(2)(a): the nature of the data is named)", func(p *privacy.Processing) {
			p.Categories = append(p.Categories, text("age", "oedran"))
		}, []privacy.DifferenceKind{privacy.NewCategory}, privacy.PartEquality, privacy.EffectChoice, "9(2)(a)"},
		{"a category less", func(p *privacy.Processing) { p.Categories = p.Categories[:2] },
			[]privacy.DifferenceKind{privacy.GoneCategory}, privacy.PartEquality, privacy.EffectTell, "5(1)(c)"},
		{"a use more (DUAA s.71, art. 8A)", func(p *privacy.Processing) { p.Uses = append(p.Uses, text("plan services", "cynllunio gwasanaethau")) },
			[]privacy.DifferenceKind{privacy.AddedUse}, privacy.PartEquality, privacy.EffectChoice, "8A"},
		{"a use less", func(p *privacy.Processing) { p.Uses = p.Uses[:1] },
			[]privacy.DifferenceKind{privacy.GoneUse}, privacy.PartEquality, privacy.EffectTell, "5(1)(b)"},
		{"a partner more in the consent statement (ICO: named)", func(p *privacy.Processing) { p.Partners = append(p.Partners, "Fenwick Climate") },
			[]privacy.DifferenceKind{privacy.NewPartner}, privacy.PartEquality, privacy.EffectChoice, "9(2)(a)"},
		{"a partner less", func(p *privacy.Processing) { p.Partners = nil },
			[]privacy.DifferenceKind{privacy.GonePartner}, privacy.PartEquality, privacy.EffectTell, "13(1)(e)"},
		{"kept longer (art. 5(1)(e))", func(p *privacy.Processing) { p.Retention = "P4Y" },
			[]privacy.DifferenceKind{privacy.LongerRetention}, privacy.PartResponses, privacy.EffectChoice, "5(1)(e)"},
		{"kept shorter", func(p *privacy.Processing) { p.Retention = "P12M" },
			[]privacy.DifferenceKind{privacy.ShorterRetention}, privacy.PartResponses, privacy.EffectTell, "5(1)(e)"},
		{"the same time in other units", func(p *privacy.Processing) { p.Retention = "P36M" }, nil, "", "", ""},
		{"a period that nobody can read is the longer one", func(p *privacy.Processing) { p.Retention = "long" },
			[]privacy.DifferenceKind{privacy.LongerRetention}, privacy.PartResponses, privacy.EffectChoice, "5(1)(e)"},
		{"equality answers kept shorter", func(p *privacy.Processing) { p.EqualityPeriod = "P6M" },
			[]privacy.DifferenceKind{privacy.ShorterEquality}, privacy.PartEquality, privacy.EffectTell, "5(1)(e)"},
		{"equality answers kept longer: the consent did not say so", func(p *privacy.Processing) { p.EqualityPeriod = "P13M" },
			[]privacy.DifferenceKind{privacy.LongerEquality}, privacy.PartEquality, privacy.EffectChoice, "9(2)(a)"},
		{"a full stop is no change", func(p *privacy.Processing) {
			p.Purposes[0].Text = text("decide the opening hours of libraries", "Penderfynu ar oriau agor llyfrgelloedd")
		},
			nil, "", "", ""},
		{"a purpose in other words: a machine cannot tell whether it is wider", func(p *privacy.Processing) {
			p.Purposes[0].Text = text("Decide about libraries.", "Penderfynu am lyfrgelloedd.")
		}, []privacy.DifferenceKind{privacy.OtherWords}, privacy.PartResponses, privacy.EffectJudge, "5(1)(b)"},
		{"a better translation of a use", func(p *privacy.Processing) { p.Uses[0][locale.Welsh] = "gwirio" },
			[]privacy.DifferenceKind{privacy.OtherWords}, privacy.PartEquality, privacy.EffectJudge, "12(1)"},
		{"decisions by computer: two people say whether that is more", func(p *privacy.Processing) { p.Automated = text("A computer decides.", "Cyfrifiadur sy'n penderfynu.") },
			[]privacy.DifferenceKind{privacy.OtherFacts}, privacy.PartResponses, privacy.EffectJudge, "13(3)"},
		{"what follows from saying no", func(p *privacy.Processing) { p.IfTheySayNo = text("We ask again.", "Gofynnwn eto.") },
			[]privacy.DifferenceKind{privacy.OtherFacts}, privacy.PartEquality, privacy.EffectJudge, "13(3)"},
		{"another place (art. 13(1)(f): told)", func(p *privacy.Processing) { p.Locations = "Ireland" },
			[]privacy.DifferenceKind{privacy.OtherPlaces}, privacy.PartResponses, privacy.EffectTell, "13(1)(f)"},
	} {
		after := processing()
		row.change(&after)
		found := privacy.CompareProcessing(processing(), after)
		var kinds []privacy.DifferenceKind
		for _, d := range found {
			kinds = append(kinds, d.Kind)
			for _, lang := range both {
				if words := d.Words(lang); strings.ContainsAny(words, "{}") || words == "" || strings.Contains(words, "()") {
					t.Errorf("%s: %s in %s: %q", row.why, d.Kind, lang, words)
				}
			}
		}
		if !slices.Equal(kinds, row.kinds) {
			t.Errorf("%s: %v, want %v", row.why, kinds, row.kinds)
			continue
		}
		if len(found) == 0 {
			continue
		}
		if d := found[0]; d.Part != row.part || d.Effect != row.effect || !strings.Contains(d.Clause, row.clause) {
			t.Errorf("%s: %s, %s, %s; want %s, %s, %s", row.why, d.Part, d.Effect, d.Clause, row.part, row.effect, row.clause)
		}
		other := privacy.PartEquality
		if row.part == other {
			other = privacy.PartResponses
		}
		for _, judged := range []struct {
			wider bool
			want  bool
		}{{false, row.effect == privacy.EffectChoice}, {true, row.effect != privacy.EffectTell}} {
			if got := privacy.NeedsChoice(found, row.part, judged.wider); got != judged.want {
				t.Errorf("%s: choice %v where words are wider: %v", row.why, got, judged.wider)
			}
			if privacy.NeedsChoice(found, other, judged.wider) {
				t.Errorf("%s: a choice about the %s too", row.why, other)
			}
		}
		if privacy.NeedsJudgement(found, "") != (row.effect == privacy.EffectJudge) {
			t.Errorf("%s: judgement", row.why)
		}
	}
}

// Whatever can be said of processing is compared, or named here with why it is not: a new field must not move anybody silently.
func TestEveryPartOfProcessingIsCompared(t *testing.T) {
	apart := map[string]string{"Ages": "who may take part is about nobody who has: a change keeps it as it is"}
	fields := reflect.TypeFor[privacy.Processing]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		after := processing()
		f := reflect.ValueOf(&after).Elem().Field(i)
		switch v := f.Interface().(type) {
		case string:
			f.SetString("P7D and " + v)
		case locale.Text:
			f.Set(reflect.ValueOf(text("Something else.", "Rhywbeth arall.")))
		case bool:
			f.SetBool(!v)
		default:
			f.SetZero()
		}
		if found := privacy.CompareProcessing(processing(), after); (len(found) == 0) != (apart[name] != "") {
			t.Errorf("%s: %d differences; %s", name, len(found), apart[name])
		}
	}
}

func TestNewUseStatement(t *testing.T) {
	after := processing()
	after.Purposes[0].Recipients = []privacy.Recipient{{Name: "Fenwick Climate", Form: privacy.Anonymous, Location: "United Kingdom"}}
	after.Partners = append(after.Partners, "Fenwick Climate")
	after.Retention = "P12M"
	use := privacy.NewUse{Part: privacy.PartResponses, Title: libraryHours, Before: processing(), After: after, Withdrawal: where}
	for _, row := range []struct {
		part privacy.Part
		why  string
		says []string
		not  []string
	}{
		{privacy.PartResponses, "what is new about the response, and nothing about equality answers (ICO: granular)", []string{
			"give anonymous totals to Fenwick Climate (United Kingdom), for this purpose: Decide the opening hours of libraries", "Wemford Borough Council is responsible",
			"If you say no, or do nothing, we use your answers only as we told you", "change your mind at any time at " + where,
			"( ) I agree to Wemford Borough Council using my answers in this new way too", "( ) I do not agree"}, []string{"equality", "12 months"}},
		{privacy.PartEquality, "an express statement that names the categories (art. 9(2)(a))", []string{
			"give anonymous totals made of answers to the equality questions to Fenwick Climate", "your ethnic group, disability and religion, and no others",
			"( ) I consent to Wemford Borough Council using my answers to the equality questions in this new way too", "( ) I do not agree"}, []string{"Decide the opening"}},
	} {
		use.Part = row.part
		s := use.Statement(council(), locale.English)
		for _, words := range row.says {
			if !strings.Contains(s.String(), words) {
				t.Errorf("%s: does not say %q:\n%s", row.why, words, s)
			}
		}
		for _, words := range row.not {
			if strings.Contains(s.String(), words) {
				t.Errorf("%s: says %q:\n%s", row.why, words, s)
			}
		}
		golden(t, "newuse."+string(row.part)+".cy.txt", use.Statement(council(), locale.Welsh).String())
	}
	again := use
	again.Before.Partners = nil
	if again.Statement(council(), locale.English).Hash == use.Statement(council(), locale.English).Hash {
		t.Error("somebody who agreed to less is asked about more: another hash")
	}
}

// ICO, manage consent: refresh it at intervals; privacy.md 2, decision 5, and 10.4: twelve months after closing at the most.
func TestRenewableUntil(t *testing.T) {
	at := func(s string) time.Time {
		moment, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for _, row := range []struct {
		why, until, most, now string
		want                  bool
	}{
		{"before its review is due", "2027-06-30T16:00:00Z", "2027-12-31T17:00:00Z", "2027-04-30T15:59:59Z", false},
		{"exactly when its review is due", "2027-06-30T16:00:00Z", "2027-12-31T17:00:00Z", "2027-04-30T16:00:00Z", true},
		{"the last second", "2027-06-30T16:00:00Z", "2027-12-31T17:00:00Z", "2027-06-30T15:59:59Z", true},
		{"exactly at its end it has ended", "2027-06-30T16:00:00Z", "2027-12-31T17:00:00Z", "2027-06-30T16:00:00Z", false},
		{"it lasts already as long as it ever may", "2027-06-30T16:00:00Z", "2027-06-30T16:00:00Z", "2027-06-01T12:00:00Z", false},
		{"it lasts longer than it may: nothing shortens it here", "2027-06-30T16:00:00Z", "2027-05-30T16:00:00Z", "2027-06-01T12:00:00Z", false},
		{"two months before 29 April is the leap day", "2028-04-29T16:00:00Z", "2028-12-31T17:00:00Z", "2028-02-29T17:00:00Z", true},
		{"a second before it is not: the clocks change in between, and it is 5pm at both", "2028-04-29T16:00:00Z", "2028-12-31T17:00:00Z", "2028-02-29T16:59:59Z", false},
		{"two months before 30 April without a leap day is 28 February", "2027-04-30T16:00:00Z", "2027-12-31T17:00:00Z", "2027-02-28T17:00:00Z", true},
		{"two months before the end fell into the hour that the clocks skip", "2026-05-29T00:30:00Z", "2026-12-31T17:00:00Z", "2026-03-29T01:00:00Z", true},
	} {
		until, ok := privacy.RenewableUntil(at(row.until), at(row.most), at(row.now))
		if ok != row.want || ok && !until.Equal(at(row.most)) {
			t.Errorf("%s: %v until %s", row.why, ok, until)
		}
	}
}

func TestRenewStatementIsTheWholeStatement(t *testing.T) {
	ends, until := now.AddDate(0, 1, 0), now.AddDate(0, 7, 0)
	s := privacy.RenewStatement(council(), processing(), libraryHours, locale.English, where, ends, until)
	base := privacy.ConsentStatement(council(), processing(), libraryHours, locale.English, where)
	for _, use := range base.Uses {
		if !slices.Contains(s.Uses, use) {
			t.Errorf("does not say %q", use)
		}
	}
	if s.Refuse != "Do not renew: my consent stands until "+locale.DateTime(locale.English, ends) {
		t.Errorf("not renewing ends nothing before its day: %q", s.Refuse)
	}
	if s.Agree != base.Agree || s.Hash == base.Hash {
		t.Error("the label is the statement, and what is shown is another text")
	}
	if !strings.Contains(s.String(), "29 April 2026") || !strings.Contains(s.String(), "29 October 2026") {
		t.Errorf("when it ends and until when it would last: %s", s)
	}
}
