package privacy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Privacy.md 9 gives twelve reasons that always need a DPIA, and six to consider one.
func TestScreeningQuestionsAreThoseOfTheList(t *testing.T) {
	form := privacy.ScreeningQuestions()
	if _, err := privacy.ParseDate(string(form.Taken)); err != nil || form.Source == "" || form.LargeScale < 1 || form.Adult != 18 {
		t.Errorf("source and date: %+v", form)
	}
	count, seen := map[privacy.ScreeningList]int{}, map[string]bool{}
	for _, q := range form.Questions {
		count[q.List]++
		if seen[q.ID] || q.ID == "" || q.Clause == "" {
			t.Errorf("%q: once, with its clause", q.ID)
		}
		seen[q.ID] = true
		for _, lang := range locale.Langs() {
			if q.Text[lang] == "" || (q.Hint[lang] == "") != q.Hint.Empty() {
				t.Errorf("%s is not in %s", q.ID, lang)
			}
		}
	}
	if count[privacy.ScreenAlways] != 12 || count[privacy.ScreenConsider] != 6 {
		t.Errorf("got %v", count)
	}
}

func screenFacts(change func(*privacy.ScreeningFacts)) privacy.ScreeningFacts {
	f := privacy.ScreeningFacts{Asked: []string{"satisfied scale"}, Population: 200}
	if change != nil {
		change(&f)
	}
	return f
}

func TestWhatTheServiceSuggests(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.ScreeningFacts)
		id     string
		yes    bool
		known  bool
	}{
		{"art. 35(3)(a), privacy.md 5.1: no automated decisions are made", nil, "significant_decisions", false, true},
		{"privacy.md 2, decision 8: nobody is tracked", nil, "tracking", false, true},
		{"art. 13: the notice comes first", nil, "invisible", false, true},
		{"only a person can tell what is new", nil, "new_technology", false, false},
		{"only a person can tell who could come to harm", nil, "physical_harm", false, false},
		{"art. 35(3)(b): nothing special is asked", nil, "special_large_scale", false, true},
		{"art. 35(3)(b): special, of few", func(f *privacy.ScreeningFacts) { f.Special = []string{"religion"} }, "special_large_scale", false, true},
		{"art. 35(3)(b): special, of many", func(f *privacy.ScreeningFacts) { f.Special, f.Population = []string{"religion"}, 1000 }, "special_large_scale", true, true},
		{"of nobody knows how many: as of many", func(f *privacy.ScreeningFacts) { f.Special, f.Population = []string{"religion"}, 0 }, "special_large_scale", true, true},
		{"one fewer than many", func(f *privacy.ScreeningFacts) { f.Population = 999 }, "large_scale", false, true},
		{"many", func(f *privacy.ScreeningFacts) { f.Population = 1000 }, "large_scale", true, true},
		{"WP 248 criterion 4", func(f *privacy.ScreeningFacts) { f.Special = []string{"religion"} }, "sensitive", true, true},
		{"privacy.md 3.2: free text can reveal anything", func(f *privacy.ScreeningFacts) { f.FreeText = true }, "sensitive", true, true},
		{"nothing of either", nil, "sensitive", false, true},
		{"totals cannot be matched", gives(privacy.Anonymous), "combining", false, true},
		{"ICO: combining: somebody gets answers of single people", gives(privacy.Pseudonymised), "combining", true, true},
		{"recital 38: from 13", func(f *privacy.ScreeningFacts) { f.MinimumAge = 13 }, "children", true, true},
		{"privacy.md 3.3: for young people", func(f *privacy.ScreeningFacts) { f.Processing.Ages.Youth = true }, "children", true, true},
		{"for everybody is not for children", nil, "children", false, false},
		{"adults only", func(f *privacy.ScreeningFacts) { f.MinimumAge = 18 }, "children", false, false},
		{"WP 248 criterion 7: children may take part", nil, "vulnerable", true, true},
		{"adults may be vulnerable", func(f *privacy.ScreeningFacts) { f.MinimumAge = 18 }, "vulnerable", false, false},
	} {
		f := screenFacts(row.change)
		s, known := f.Suggest(row.id)
		if s.Yes != row.yes || known != row.known {
			t.Errorf("%s: %s: suggests %v (%v)", row.why, row.id, s.Yes, known)
		}
		if known && (s.Because(locale.English) == "" || s.Because(locale.English) == s.Because(locale.Welsh) || strings.Contains(s.Because(locale.Welsh), "{")) {
			t.Errorf("%s: because %q, %q", row.why, s.Because(locale.English), s.Because(locale.Welsh))
		}
	}
	if _, known := screenFacts(nil).Suggest("nonsense"); known {
		t.Error("a question that is not asked")
	}
}

func gives(form privacy.Form) func(*privacy.ScreeningFacts) {
	return func(f *privacy.ScreeningFacts) {
		f.Processing.Purposes = []privacy.Purpose{{ID: "views", Recipients: []privacy.Recipient{{Name: "Fenwick Climate", Form: form, Location: "Sweden"}}}}
	}
}

// answered answers no to everything, with a reason, but yes to the ids.
func screened(yes ...string) privacy.Screening {
	s := privacy.Screening{Sequence: 1, Form: privacy.ScreeningQuestions().Taken, Answers: map[string]privacy.ScreeningAnswer{}, Addendum: "x", Facts: screenFacts(nil).Parts()}
	for _, q := range privacy.ScreeningQuestions().Questions {
		s.Answers[q.ID] = privacy.ScreeningAnswer{Yes: slices.Contains(yes, q.ID), Why: "Looked at."}
	}
	return s
}

// Every question of the list "always" needs a DPIA by itself, every other one a decision.
func TestWhatAnswersNeed(t *testing.T) {
	if got := screened().Need(); got != privacy.NeedNothing {
		t.Errorf("all no: %s", got)
	}
	for _, q := range privacy.ScreeningQuestions().Questions {
		want := map[privacy.ScreeningList]privacy.Need{privacy.ScreenAlways: privacy.NeedDPIA, privacy.ScreenConsider: privacy.NeedDecision}[q.List]
		if got := screened(q.ID).Need(); got != want {
			t.Errorf("%s: %s, want %s (%s)", q.ID, got, want, q.Clause)
		}
		left := screened()
		delete(left.Answers, q.ID)
		if got := left.Need(); got != want {
			t.Errorf("%s left out: %s, want %s: nobody publishes by leaving one out", q.ID, got, want)
		}
	}
}

// A no does not pass the data protection officer by where the service says yes, nor after a refusal, however often it is said.
func TestANoIsNotTheLastWord(t *testing.T) {
	var facts privacy.ScreeningFacts // special categories of nobody knows how many, children among them
	facts.Special = []string{"religion"}
	adults := privacy.ScreeningFacts{Population: 200, MinimumAge: 18}
	ruled := func(r privacy.Ruling) privacy.Screening {
		s := screened()
		s.Decision = &privacy.ScreeningDecision{Ruling: r}
		return s
	}
	waiting := screened()
	waiting.AfterRefusal = true
	again := ruled(privacy.RulingNotNeeded)
	again.AfterRefusal = true
	for _, row := range []struct {
		why   string
		last  privacy.Screening
		facts privacy.ScreeningFacts
		want  privacy.Need
	}{
		{"the service suggests no yes: the officer's no stands", privacy.Screening{}, adults, privacy.NeedNothing},
		{"art. 35(1): the service suggests yes to one of \"consider\"", privacy.Screening{}, privacy.ScreeningFacts{Population: 200}, privacy.NeedDecision},
		{"art. 35(1), (3)(b): the service suggests yes to one of \"always\"", privacy.Screening{}, facts, privacy.NeedDPIA},
		{"art. 35(1), (2): refused, then all no", ruled(privacy.RulingRefused), adults, privacy.NeedDecision},
		{"art. 35(2): refused, then all no twice, with no decision between", waiting, adults, privacy.NeedDecision},
		{"refused, then decided otherwise: a new answer is as any", again, adults, privacy.NeedNothing},
		{"approved, then all no where nothing is suggested", ruled(privacy.RulingApproved), adults, privacy.NeedNothing},
	} {
		next := row.last.Answered(screened(), row.facts)
		if got := next.Need(); got != row.want || next.Decision != nil {
			t.Errorf("%s: %s, want %s (%v)", row.why, got, row.want, next.Suggested)
		}
		if stands := next.Standing(row.facts, "2026-12-01") == privacy.ScreeningStands; stands != (row.want == privacy.NeedNothing) {
			t.Errorf("%s: it stands: %v", row.why, stands)
		}
	}
}

func faultFields(faults []error) string {
	var out []string
	for _, err := range faults {
		var f *fault.Error
		if errors.As(err, &f) && f.Kind == fault.Invalid {
			out = append(out, f.Field)
		}
	}
	return strings.Join(out, " ")
}

func TestFaultsOfAScreening(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.Screening)
		want   string
	}{
		{"whole", func(*privacy.Screening) {}, ""},
		{"art. 5(2): every question is answered", func(s *privacy.Screening) { delete(s.Answers, "tracking") }, "q-tracking"},
		{"a yes says why", func(s *privacy.Screening) { s.Answers["physical_harm"] = privacy.ScreeningAnswer{Yes: true} }, "why-physical_harm"},
		{"a no that nobody suggested needs none", func(s *privacy.Screening) { s.Answers["physical_harm"] = privacy.ScreeningAnswer{} }, ""},
		{"who differs from what the service knows says why", func(s *privacy.Screening) { s.Answers["vulnerable"] = privacy.ScreeningAnswer{Why: " "} }, "why-vulnerable"},
		{"a yes says what is done about it (art. 35(7)(d))", func(s *privacy.Screening) {
			s.Answers["tracking"], s.Addendum = privacy.ScreeningAnswer{Yes: true, Why: "x"}, " "
		}, "addendum"},
		{"no yes needs no addendum", func(s *privacy.Screening) { s.Addendum = "" }, ""},
		{"too long", func(s *privacy.Screening) { s.Addendum = strings.Repeat("ŵ", privacy.MaxRequestText+1) }, "addendum"},
	} {
		s := screened()
		row.change(&s)
		if got := faultFields(s.Faults(screenFacts(nil))); got != row.want {
			t.Errorf("%s: faults at %q, want %q", row.why, got, row.want)
		}
	}
}

func TestFaultsOfADecision(t *testing.T) {
	const today = privacy.Date("2026-11-30")
	platform := privacy.PlatformDPIA{Reference: "DPIA 1", ReviewOn: "2027-11-30"}
	whole := privacy.ScreeningDecision{Ruling: privacy.RulingApproved, Reasons: "r", Reference: "a", ReviewOn: "2027-01-01"}
	for _, row := range []struct {
		why    string
		need   privacy.Need
		change func(*privacy.ScreeningDecision, *privacy.PlatformDPIA)
		want   string
	}{
		{"whole", privacy.NeedDPIA, nil, ""},
		{"no decision", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.Ruling = "" }, "ruling"},
		{"art. 35(3): one that is needed is not called needless", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.Ruling = privacy.RulingNotNeeded }, "ruling"},
		{"where it is for the officer to say, it may be", privacy.NeedDecision, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) {
			d.Ruling, d.Reference = privacy.RulingNotNeeded, ""
		}, ""},
		{"privacy.md 9: there is no platform DPIA", privacy.NeedDPIA, func(_ *privacy.ScreeningDecision, p *privacy.PlatformDPIA) { p.Reference = "" }, "ruling"},
		{"art. 35(11): its review is due", privacy.NeedDPIA, func(_ *privacy.ScreeningDecision, p *privacy.PlatformDPIA) { p.ReviewOn = today }, "ruling"},
		{"art. 5(2): no reasons", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.Reasons = " " }, "reasons"},
		{"art. 35(7): nothing that was assessed", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.Reference = "" }, "reference"},
		{"art. 36(1): a high risk is left and nobody was consulted", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.ResidualHigh = true }, "consulted"},
		{"art. 36(1): the regulator was", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.ResidualHigh, d.Consulted = true, "c" }, ""},
		{"art. 35(11): no day of review", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.ReviewOn = "" }, "review-day"},
		{"art. 35(11): a day that has come", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, _ *privacy.PlatformDPIA) { d.ReviewOn = today }, "review-day"},
		{"a refusal has nothing to review", privacy.NeedDPIA, func(d *privacy.ScreeningDecision, p *privacy.PlatformDPIA) {
			*d, p.Reference = privacy.ScreeningDecision{Ruling: privacy.RulingRefused, Reasons: "r"}, ""
		}, ""},
	} {
		d, p := whole, platform
		if row.change != nil {
			row.change(&d, &p)
		}
		if got := faultFields(d.Faults(row.need, p, today)); got != row.want {
			t.Errorf("%s: faults at %q, want %q", row.why, got, row.want)
		}
	}
}

// An answer to questions of another date rests on another list.
func TestAnswersToOldQuestionsAreStale(t *testing.T) {
	s := screened()
	if got := s.Standing(screenFacts(nil), "2026-12-01"); got != privacy.ScreeningStands {
		t.Errorf("it stands %s", got)
	}
	s.Form = "2020-01-01"
	if got := s.Standing(screenFacts(nil), "2026-12-01"); got != privacy.ScreeningStale {
		t.Errorf("answers to the questions of 2020: %s", got)
	}
}

// Each part is told from the others.
func TestWhatMakesAScreeningStale(t *testing.T) {
	for part, change := range map[string]func(*privacy.ScreeningFacts){
		"questions":  func(f *privacy.ScreeningFacts) { f.Asked = append(slices.Clone(f.Asked), "another") },
		"people":     func(f *privacy.ScreeningFacts) { f.MinimumAge = 13 },
		"purposes":   func(f *privacy.ScreeningFacts) { f.Processing.Uses = []locale.Text{{locale.English: "sell"}} },
		"recipients": func(f *privacy.ScreeningFacts) { f.Processing.Partners = []string{"Fenwick Climate"} },
		"data":       func(f *privacy.ScreeningFacts) { f.Processing.Data = locale.Text{locale.English: "more"} },
		"storage":    func(f *privacy.ScreeningFacts) { f.Processing.Locations = "Sweden" },
	} {
		if got := screened().Changed(screenFacts(change)); fmt.Sprint(got) != "["+part+"]" {
			t.Errorf("%s: %v", part, got)
		}
	}
	same := screenFacts(func(f *privacy.ScreeningFacts) {
		f.Processing.Transfers, f.Processing.Partners = locale.Text{locale.Welsh: " "}, []string{}
	})
	if got := screened().Changed(same); len(got) > 0 {
		t.Errorf("an empty text and list are as none: %v", got)
	}
}
