package privacy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

const asked = privacy.Date("2026-03-29")

func over(n int) privacy.AgeCheck  { return privacy.AgeCheck{Threshold: n, Over: true, On: asked} }
func under(n int) privacy.AgeCheck { return privacy.AgeCheck{Threshold: n, On: asked} }

func checks(all ...privacy.AgeCheck) privacy.AgeChecks { return privacy.AgeChecks{Checks: all} }

func agreed(all ...privacy.AgeCheck) privacy.AgeChecks {
	return privacy.AgeChecks{Checks: all, Authorised: &privacy.Authorisation{Relationship: "parent", Method: "beside", On: asked}}
}

// Limits are data: each with its source, its clause, the day from which it holds and its words in both languages (privacy.md, decision 12).
func TestAgeLimits(t *testing.T) {
	data := privacy.Ages()
	for id, age := range map[string]int{privacy.AgeOfConsent: 13, privacy.AgeForEquality: 16} {
		l := data.Limit(id)
		_, err := privacy.ParseDate(string(l.EffectiveFrom))
		if l.Age != age || l.Clause == "" || l.Source == "" || err != nil || len(l.Name.Missing(locale.Langs())) > 0 || len(l.Text.Missing(locale.Langs())) > 0 {
			t.Errorf("%s: %+v %v", id, l, err)
		}
		if !data.Within(l.Age) {
			t.Errorf("%s is outside the bounds of what may be set", id)
		}
	}
	for _, age := range data.Offered {
		if !data.Within(age) {
			t.Errorf("%d is offered and may not be set", age)
		}
	}
	for _, list := range [][]privacy.AgeChoice{data.Relationships, data.Methods} {
		if len(list) < 2 {
			t.Error("nothing to choose from")
		}
		for _, c := range list {
			if c.ID == "" || len(c.Name.Missing(locale.Langs())) > 0 {
				t.Errorf("%+v", c)
			}
		}
	}
}

// The gate, by its rules.
func TestAgeNext(t *testing.T) {
	young, mixed := privacy.AgeRules{Youth: true, Equality: 16}, privacy.AgeRules{Youth: true, Minimum: 8}
	for _, row := range []struct {
		why       string
		rules     privacy.AgeRules
		have      privacy.AgeChecks
		step      privacy.AgeStep
		threshold int
	}{
		{"privacy.md 3.3: no minimum, nobody is asked", privacy.AgeRules{}, checks(), privacy.AgeOpen, 0},
		{"the age for the equality questions is asked later, not before the first question (interface.md 9)", privacy.AgeRules{Equality: 16}, checks(), privacy.AgeOpen, 0},
		{"privacy.md 3.3: ask 'Are you 13 or over?'", privacy.AgeRules{Minimum: 13}, checks(), privacy.AgeAsk, 13},
		{"councils.md S4-1: 'at least N' is enough", privacy.AgeRules{Minimum: 13}, checks(over(13)), privacy.AgeOpen, 0},
		{"who is over 18 is over 13 and is not asked twice (interface.md: never ask twice)", privacy.AgeRules{Minimum: 13}, checks(over(18)), privacy.AgeOpen, 0},
		{"over 13 does not say over 16", privacy.AgeRules{Minimum: 16}, checks(over(13)), privacy.AgeAsk, 16},
		{"privacy.md 3.3: under the threshold is another way to take part", privacy.AgeRules{Minimum: 13}, checks(under(13)), privacy.AgeUnder, 13},
		{"a check to another age answers nothing", privacy.AgeRules{Minimum: 13}, checks(under(18)), privacy.AgeAsk, 13},
		{"art. 8(1): a youth consultation asks about 13", young, checks(), privacy.AgeAsk, 13},
		{"art. 8(1): 13 and over consent themselves", young, checks(over(13)), privacy.AgeOpen, 0},
		{"art. 8(1): under 13 a parent or guardian agrees", young, checks(under(13)), privacy.AgeAuthorise, 13},
		{"art. 8(1): and then the child may", young, agreed(under(13)), privacy.AgeOpen, 0},
		{"an authorisation without the answer opens nothing", young, agreed(), privacy.AgeAsk, 13},
		{"a youth consultation may have a minimum of its own, asked first", mixed, checks(), privacy.AgeAsk, 8},
		{"then 13", mixed, checks(over(8)), privacy.AgeAsk, 13},
		{"nobody's agreement opens the gate to who is too young", mixed, agreed(under(8), under(13)), privacy.AgeUnder, 8},
		{"a youth consultation from 13 needs no parent", privacy.AgeRules{Youth: true, Minimum: 13}, checks(over(13)), privacy.AgeOpen, 0},
	} {
		if step, threshold := row.rules.Next(row.have); step != row.step || threshold != row.threshold {
			t.Errorf("%s: got %s %d, want %s %d", row.why, step, threshold, row.step, row.threshold)
		}
	}
}

// What a response keeps (UK GDPR art. 5(1)(c): no more than is needed).
func TestAgeAdmit(t *testing.T) {
	youth := privacy.AgeRules{Youth: true, Equality: 16}
	for _, row := range []struct {
		why   string
		rules privacy.AgeRules
		have  privacy.AgeChecks
		want  privacy.AgeChecks
		kind  fault.Kind
	}{
		{"privacy.md 3.3: the boolean, the threshold and the date", privacy.AgeRules{Minimum: 13}, checks(over(13)), checks(over(13)), ""},
		{"nobody was asked: nothing is kept", privacy.AgeRules{}, checks(over(13)), checks(), ""},
		{"a check that nobody asked for is not kept", privacy.AgeRules{Minimum: 13, Equality: 16}, checks(over(13), over(18), over(16)), checks(over(13), over(16)), ""},
		{"that somebody is too young for the equality questions is not kept", privacy.AgeRules{Equality: 16}, checks(under(16)), checks(), ""},
		{"art. 8(2): who agreed and how, with the answer", youth, agreed(under(13)), agreed(under(13)), ""},
		{"no authorisation for who needs none", youth, agreed(over(13)), checks(over(13)), ""},
		{"the gate has not been passed", privacy.AgeRules{Minimum: 13}, checks(), checks(), fault.Forbidden},
		{"the gate was passed to another age", privacy.AgeRules{Minimum: 16}, checks(over(13)), checks(), fault.Forbidden},
		{"too young", privacy.AgeRules{Minimum: 13}, checks(under(13)), checks(), fault.Forbidden},
		{"art. 8(1): under 13, and nobody has agreed", youth, checks(under(13)), checks(), fault.Forbidden},
		{"a check without a day", privacy.AgeRules{Minimum: 13}, checks(privacy.AgeCheck{Threshold: 13, Over: true}), checks(), fault.Invalid},
		{"an authorisation with a name instead of a code", youth,
			privacy.AgeChecks{Checks: []privacy.AgeCheck{under(13)}, Authorised: &privacy.Authorisation{Relationship: "Mrs Jones", Method: "beside", On: asked}}, checks(), fault.Invalid},
	} {
		got, err := row.rules.Admit(row.have)
		if row.kind != "" && !fault.Is(err, row.kind) || row.kind == "" && err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.why, diff)
		}
	}
}

func TestAgeEquality(t *testing.T) {
	for _, row := range []struct {
		why   string
		rules privacy.AgeRules
		have  privacy.AgeChecks
		want  privacy.AgeStep
	}{
		{"GSS standards: 16 and over, so ask", privacy.AgeRules{Equality: 16}, checks(), privacy.AgeAsk},
		{"16 or over", privacy.AgeRules{Equality: 16}, checks(over(16)), privacy.AgeOpen},
		{"the gate asked for 18: not asked again", privacy.AgeRules{Minimum: 18, Equality: 16}, checks(over(18)), privacy.AgeOpen},
		{"over 13 is not over 16", privacy.AgeRules{Minimum: 13, Equality: 16}, checks(over(13)), privacy.AgeAsk},
		{"a child under 13 is under 16: not asked", privacy.AgeRules{Youth: true, Equality: 16}, agreed(under(13)), privacy.AgeUnder},
		{"no age for the equality questions", privacy.AgeRules{}, checks(), privacy.AgeOpen},
	} {
		if got := row.rules.EqualityNext(row.have); got != row.want {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
	r := privacy.AgeRules{Equality: 16}
	yes := r.AnswerEquality(checks(), true, asked)
	if diff := cmp.Diff(checks(over(16)), yes); diff != "" {
		t.Error(diff)
	}
	if no := r.AnswerEquality(yes, false, asked); !no.Empty() {
		t.Errorf("a no is kept: %+v", no)
	}
	gate := privacy.AgeRules{Minimum: 16, Equality: 16}
	if got := gate.AnswerEquality(checks(over(16)), false, asked); !got.Over(16) {
		t.Error("the equality question took the gate's own check away")
	}
}

// Whatever is answered in whatever order, to whatever rules: nothing passes but who said that they are old enough, or for whom somebody agreed
// (privacy.md 3.3), and nothing is kept but small codes.
func TestNothingPassesTheGate(t *testing.T) {
	passed := 0
	for minimum := 0; minimum <= 18; minimum++ {
		for _, youth := range []bool{false, true} {
			rules := privacy.AgeRules{Minimum: minimum, Youth: youth, Equality: 16}
			for bits := range 1 << 6 {
				var c privacy.AgeChecks
				said := map[int]bool{}
				for i, threshold := range []int{13, minimum, 16} {
					if bits>>(2*i)&1 == 0 {
						continue
					}
					yes := bits>>(2*i+1)&1 == 1
					next, err := rules.Answer(c, threshold, yes, asked)
					if err != nil {
						continue
					}
					c = next
					if said[threshold] = yes; !yes && threshold == minimum {
						said = map[int]bool{threshold: false}
					}
				}
				if bits&1 == 1 {
					if with, err := rules.Authorise(c, privacy.Authorisation{Relationship: "guardian", Method: "form", On: asked}); err == nil && bits&2 == 0 {
						c = with
					}
				}
				kept, err := rules.Admit(c)
				old := minimum == 0 || said[minimum] || minimum <= 13 && said[13] && minimum > 0 && youth
				adult := !youth || minimum >= 13 || said[13] || minimum > 0 && minimum >= 13
				if err == nil {
					passed++
					if !old || !adult && kept.Authorised == nil {
						t.Fatalf("minimum %d, youth %v: passed with %+v", minimum, youth, c)
					}
				} else if !kept.Empty() {
					t.Fatal("something is kept of who did not pass")
				}
			}
		}
	}
	if passed == 0 {
		t.Error("nobody passed: nothing was tried")
	}
}

// Notice and gate are made of the same rules (UK GDPR art. 5(1)(a), 12(1)).
func TestNoticeSaysTheGate(t *testing.T) {
	for _, row := range []struct {
		why        string
		rules      privacy.AgeRules
		says, cy   string
		never      string
		categories bool
	}{
		{"no gate", privacy.AgeRules{}, "at any age", "o unrhyw oedran", "or over", true},
		{"13 and over", privacy.AgeRules{Minimum: 13}, "You must be 13 or over", "13 oed neu'n hŷn", "any age", true},
		{"18 and over", privacy.AgeRules{Minimum: 18}, "You must be 18 or over", "18 oed neu'n hŷn", "13", true},
		{"art. 8: young people", privacy.AgeRules{Youth: true}, "A child under 13 may take part if a parent or guardian agrees", "dan 13 oed", "any age", true},
		{"what children are told", privacy.AgeRules{Youth: true, Notice: text("Ask a grown-up to read this with you.", "Gofynnwch i oedolyn ddarllen hwn gyda chi.")}, "Ask a grown-up", "Gofynnwch i oedolyn", "any age", true},
		{"the equality questions", privacy.AgeRules{Equality: 16}, "only of people aged 16 or over", "16 oed neu hŷn", "", true},
		{"no equality questions, nothing said of them", privacy.AgeRules{Equality: 16}, "at any age", "o unrhyw oedran", "16", false},
	} {
		p := processing()
		p.Ages = row.rules
		if !row.categories {
			p.Categories = nil
		}
		for lang, says := range map[locale.Lang]string{locale.English: row.says, locale.Welsh: row.cy} {
			n := privacy.BuildNotice(council(), libraryHours, p, lang)
			var section string
			for _, s := range n.Sections {
				if s.ID == "children" {
					for _, b := range s.Blocks {
						section += b.Text + "\n"
					}
				}
			}
			if !strings.Contains(section, says) || lang == locale.English && row.never != "" && strings.Contains(section, row.never) {
				t.Errorf("%s: %s: %s", row.why, lang, section)
			}
		}
	}
}

func approval(r privacy.AgeRules, asks bool, dpia string) *privacy.AgeApproval {
	return &privacy.AgeApproval{Minimum: r.Minimum, Equality: r.Equality, Youth: r.Youth, Asked: asks, DPIA: dpia, Reason: "Checked.", By: "staff-1", On: asked}
}

// Every finding about ages has its clause, and approval lifts what it may lift and nothing else.
func TestLintAges(t *testing.T) {
	words := text("We are the council. We read what you write.", "Ni yw'r cyngor. Rydym yn darllen yr hyn a ysgrifennwch.")
	low := privacy.AgeRules{Equality: 14}
	young := privacy.AgeRules{Youth: true, Equality: 16, Notice: words}
	approved := func(r privacy.AgeRules, asks bool, dpia string) privacy.AgeRules {
		r.Approval = approval(r, asks, dpia)
		return r
	}
	later := approved(low, true, "")
	later.Equality = 12
	for _, row := range []struct {
		why    string
		rules  privacy.AgeRules
		asks   bool
		change func(*privacy.Processing)
		want   string // key@field clause; empty: nothing
	}{
		{"GSS standards: 16 and over", low, true, nil, "age_equality@ages.equality GSS"},
		{"none is lower than 16", privacy.AgeRules{}, true, nil, "age_equality@ages.equality GSS"},
		{"16 is the default", privacy.AgeRules{Equality: 16}, true, nil, ""},
		{"higher is always allowed", privacy.AgeRules{Equality: 18}, true, nil, ""},
		{"nothing is asked", privacy.AgeRules{}, false, nil, ""},
		{"privacy.md 3.3: unless the DPO approves", approved(low, true, ""), true, nil, ""},
		{"what was approved is not what is set", later, true, nil, "age_equality@ages.equality GSS"},
		{"approved without equality questions, which came later", approved(low, false, ""), true, nil, "age_equality@ages.equality GSS"},
		{"art. 35(1): children need a DPIA", privacy.AgeRules{Youth: true, Notice: words}, false, nil, "age_dpia@ages.youth art. 35(1)"},
		{"art. 35(1): an approval without its reference is none", approved(young, false, " "), false, nil, "age_dpia@ages.youth art. 35(1)"},
		{"approved, with its reference", approved(young, false, "DPIA-7"), false, nil, ""},
		{"privacy.md 3.3: no equality block", approved(young, false, "DPIA-7"), true, nil, "age_dpia@ages.youth art. 35(1), age_youth_equality@ages.youth art. 9(2)(a)"},
		{"privacy.md 3.3: unless the DPO approves that too", approved(young, true, "DPIA-7"), true, nil, ""},
		{"art. 12(1): a notice for children", approved(privacy.AgeRules{Youth: true}, false, "DPIA-7"), false, nil, "age_notice@ages.notice art. 12(1)"},
		{"art. 12(1): in each language", approved(privacy.AgeRules{Youth: true, Notice: text("We are the council.", "")}, false, "DPIA-7"), false, nil, "translation_cy@ages.notice.cy art. 12(1)"},
		{"art. 5(1)(a): the notice must not say what the gate refuses", privacy.AgeRules{Minimum: 13}, false,
			func(p *privacy.Processing) {
				p.Children = text("People of any age are welcome.", "Croeso i bawb o unrhyw oedran.")
			},
			"age_any@children.en art. 5(1)(a), age_any@children.cy art. 5(1)(a)"},
		{"art. 8(1): consent of a child", privacy.AgeRules{}, false, func(p *privacy.Processing) { p.Purposes[0].Basis = privacy.Consent }, "age_consent@ages.minimum art. 8(1)"},
		{"art. 8(1): of people of 13 and over", privacy.AgeRules{Minimum: 13}, false, func(p *privacy.Processing) { p.Purposes[0].Basis = privacy.Consent }, ""},
	} {
		p := processing()
		if p.Ages = row.rules; row.change != nil {
			row.change(&p)
		}
		var got []string
		want := []string{}
		for _, f := range privacy.LintNotice(council(), p, row.asks, locale.Langs()) {
			if key := strings.TrimPrefix(f.Key, "notice.lint."); strings.HasPrefix(f.Field, "ages") || strings.HasPrefix(key, "age_") {
				got = append(got, key+"@"+f.Field+" "+f.Clause)
			}
		}
		if row.want != "" {
			want = strings.Split(row.want, ", age_")
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v", row.why, got)
			continue
		}
		for i, w := range want {
			place, clause, _ := strings.Cut(w, " ")
			if !strings.HasPrefix(got[i], place) && !strings.HasPrefix(got[i], "age_"+place) || !strings.Contains(got[i], clause) {
				t.Errorf("%s: got %s, want %s", row.why, got[i], w)
			}
		}
	}
}

// What is kept has no room for an age, a date of birth or a name.
func TestAgeChecksAsJSON(t *testing.T) {
	raw, err := json.Marshal(agreed(under(13)))
	want := fmt.Sprintf(`{"checks":[{"threshold":13,"over":false,"on":%q}],"authorised":{"relationship":"parent","method":"beside","on":%q}}`, asked, asked)
	if err != nil || string(raw) != want {
		t.Errorf("got %s, want %s (%v)", raw, want, err)
	}
}

// councils.md S4-1: the receipt shows the threshold and the day, as a page and as a file that the schema takes, and never an age.
func TestReceiptShowsAgeChecks(t *testing.T) {
	for _, lang := range locale.Langs() {
		f := facts(lang, privacy.ConsentRequested, privacy.ConsentGiven)
		f.Ages = agreed(over(8), under(13), over(16))
		r := signed(t, f)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.File))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema(t, "receipt").Validate(doc); err != nil {
			t.Error(err)
		}
		var lines []string
		for _, section := range r.Sections() {
			for _, row := range section.Rows {
				if row.Key == "receipt.row.age" {
					for _, v := range row.Values {
						lines = append(lines, v.Text)
					}
				}
			}
		}
		if len(lines) != 4 || !strings.Contains(lines[1], "13") || !strings.Contains(lines[0], "2026") {
			t.Errorf("%s: %v", lang, lines)
		}
	}
}
