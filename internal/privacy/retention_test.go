package privacy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// dorset is what Dorset says of its telephone surveys (councils.md S2-2, S2-4): 60 days on the servers of the telephone system, then 3 years in its
// warehouse. Its notice does not say from when the 3 years run: here a rule has to.
func dorset() privacy.Schedule {
	return privacy.Schedule{
		{ID: "calls", Class: privacy.ClassResponses, Stage: "telephony", Trigger: privacy.OnSubmitted, Period: "P60D", Action: privacy.Review, Reason: "Notice",
			EffectiveFrom: "2026-01-01", NextReview: "2027-01-01", Approver: "officer"},
		{ID: "warehouse", Class: privacy.ClassResponses, Stage: "warehouse", Trigger: privacy.OnMoved, Period: "P3Y", Action: privacy.Review, Reason: "Notice",
			EffectiveFrom: "2026-01-01", NextReview: "2027-01-01", Approver: "officer", Follows: "calls"},
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestTwoStages(t *testing.T) {
	s := dorset()
	if faults := s.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	called, moved := moment(t, "2026-02-10T14:00:00Z"), moment(t, "2026-04-11T02:00:00Z")
	for _, row := range []struct {
		why     string
		moments map[privacy.Trigger]time.Time
		rule    string
		due     string
	}{
		{"on the servers: 60 days, across the change of clocks at the same time of day", map[privacy.Trigger]time.Time{privacy.OnSubmitted: called}, "calls", "2026-04-11T13:00:00Z"},
		{"in the warehouse: 3 years from when it came there", map[privacy.Trigger]time.Time{privacy.OnSubmitted: called, privacy.OnMoved: moved}, "warehouse", "2029-04-11T02:00:00Z"},
		{"nothing has happened yet", nil, "", ""},
		{"an event that no rule asks for", map[privacy.Trigger]time.Time{privacy.OnClosed: called}, "", ""},
	} {
		due, by, ok := s.Due(privacy.ClassResponses, row.moments)
		if ok != (row.rule != "") || ok && (by.ID != row.rule || !due.Equal(moment(t, row.due))) {
			t.Errorf("%s: %v by %q, %v", row.why, due, by.ID, ok)
		}
	}
	if _, _, ok := s.Due(privacy.ClassEquality, map[privacy.Trigger]time.Time{privacy.OnSubmitted: called}); ok {
		t.Error("a rule of another class was used")
	}
}

func TestDueOnTheCalendar(t *testing.T) {
	for _, row := range []struct{ why, from, period, want string }{
		{"29 February, a year on: the last day of the month", "2028-02-29T12:00:00Z", "P1Y", "2029-02-28T12:00:00Z"},
		{"29 February, four years on", "2028-02-29T12:00:00Z", "P4Y", "2032-02-29T12:00:00Z"},
		{"36 months from a leap day", "2028-02-29T12:00:00Z", "P36M", "2031-02-28T12:00:00Z"},
		{"31 August and six months: the end of February", "2026-08-31T23:00:00Z", "P6M", "2027-03-01T00:00:00Z"},
		{"31 January and a month in a leap year", "2028-01-31T12:00:00Z", "P1M", "2028-02-29T12:00:00Z"},
		{"days into summer time: the same time of day is an hour earlier in UTC", "2026-03-01T17:00:00Z", "P60D", "2026-04-30T16:00:00Z"},
		{"days into winter time", "2026-10-20T16:00:00Z", "P7D", "2026-10-27T17:00:00Z"},
		{"into the hour that does not exist", "2026-02-28T01:30:00Z", "P29D", "2026-03-29T01:00:00Z"},
		{"midnight in London when a summer month ends", "2026-06-30T23:00:00Z", "P3M", "2026-09-30T23:00:00Z"},
		{"years and months together", "2026-01-31T09:00:00Z", "P1Y1M", "2027-02-28T09:00:00Z"},
	} {
		r := privacy.RetentionRule{Class: privacy.ClassResponses, Trigger: privacy.OnClosed, Period: row.period}
		due, ok := r.Due(map[privacy.Trigger]time.Time{privacy.OnClosed: moment(t, row.from)})
		if !ok || !due.Equal(moment(t, row.want)) {
			t.Errorf("%s: %s and %s gives %s", row.why, row.from, row.period, due.Format(time.RFC3339))
		}
	}
	r := privacy.RetentionRule{Trigger: privacy.OnClosed, Period: "P1Y"}
	if _, ok := r.Due(map[privacy.Trigger]time.Time{privacy.OnClosed: {}}); ok {
		t.Error("a moment that has not come is no moment")
	}
}

func TestDefaultScheduleIsWhole(t *testing.T) {
	s := privacy.DefaultSchedule()
	if faults := s.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	for class, period := range map[privacy.DataClass]string{ // privacy.md 10.4
		privacy.ClassEquality: "P12M", privacy.ClassContact: "P3M", privacy.ClassFreeText: "P36M", privacy.ClassPostcodes: "P3M", privacy.ClassRecordings: "P30D",
		privacy.ClassRateLimit: "P1D", privacy.ClassConsentProof: "P6Y", privacy.ClassRightsCase: "P6Y",
	} {
		if i := slices.IndexFunc(s, func(r privacy.RetentionRule) bool { return r.Class == class && r.Period == period }); i < 0 {
			t.Errorf("%s is not kept %s", class, period)
		}
	}
}

func faultKeys(faults []error) string {
	var out []string
	for _, err := range faults {
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Field == "" {
			return "not a fault with a field: " + err.Error()
		}
		out = append(out, strings.TrimPrefix(f.Key, "error.retention."))
	}
	return strings.Join(out, " ")
}

func TestScheduleFaults(t *testing.T) {
	good := privacy.RetentionRule{ID: "answers", Class: privacy.ClassResponses, Stage: privacy.StageService, Trigger: privacy.OnClosed, Period: "P3Y", Action: privacy.Dispose,
		Reason: "Notice", EffectiveFrom: "2026-01-01", NextReview: "2027-01-01"}
	with := func(edit func(*privacy.RetentionRule)) privacy.Schedule {
		r := good
		edit(&r)
		return privacy.Schedule{r}
	}
	second := func(edit func(*privacy.RetentionRule)) privacy.Schedule {
		r := good
		r.ID = "second"
		edit(&r)
		return privacy.Schedule{good, r}
	}
	stages := dorset()
	loop := dorset()
	loop[0].Follows = "warehouse"
	third := append(dorset(), stages[1])
	third[2].ID, third[2].Stage, third[2].Follows = "archive", "archive", "warehouse"
	for _, row := range []struct {
		why      string
		schedule privacy.Schedule
		want     string
	}{
		{"a whole rule", privacy.Schedule{good}, ""},
		{"nothing", privacy.Schedule{{}}, "id class stage trigger period action reason effective review"},
		{"a period without a trigger says nothing (S2-2)", with(func(r *privacy.RetentionRule) { r.Trigger = "" }), "trigger unknown_moment"},
		{"a class that is not known", with(func(r *privacy.RetentionRule) { r.Class = "photos" }), "class not_disposed"},
		{"no period", with(func(r *privacy.RetentionRule) { r.Period = "for ever" }), "period"},
		{"a notice promises 3 years (art. 5(1)(e), 13(2)(a))", with(func(r *privacy.RetentionRule) { r.Period = "P37M" }), "promise"},
		{"free text is a part of what the notice speaks of", with(func(r *privacy.RetentionRule) { r.Class, r.Period = privacy.ClassFreeText, "P4Y" }), "promise"},
		{"equality answers: twelve months at most (privacy.md 10.4)", with(func(r *privacy.RetentionRule) { r.Class, r.Period = privacy.ClassEquality, "P13M" }), "equality"},
		{"a day, fixed (privacy.md 10.4)", with(func(r *privacy.RetentionRule) {
			r.Class, r.Trigger, r.Period = privacy.ClassRateLimit, privacy.OnLastFailure, "P2D"
		}), "fixed"},
		{"totals stay in place of responses (S4-18)", with(func(r *privacy.RetentionRule) { r.Action = privacy.Anonymise }), ""},
		{"as soon as they are published (privacy.md 10.4)", with(func(r *privacy.RetentionRule) {
			r.Class, r.Action, r.Trigger, r.Period = privacy.ClassEquality, privacy.Anonymise, privacy.OnTotals, "P1D"
		}), ""},
		{"nobody counts what people wrote", with(func(r *privacy.RetentionRule) { r.Class, r.Action = privacy.ClassFreeText, privacy.Anonymise }), "no_totals"},
		{"nor cases", with(func(r *privacy.RetentionRule) {
			r.Class, r.Action, r.Trigger = privacy.ClassRightsCase, privacy.Anonymise, privacy.OnCaseEnded
		}), "no_totals"},
		{"nor what lies elsewhere", with(func(r *privacy.RetentionRule) { r.Action, r.Stage = privacy.Anonymise, "warehouse" }), "elsewhere"},
		{"of a whole response there is nothing to coarsen (S0-2: the postcode)", with(func(r *privacy.RetentionRule) { r.Action = privacy.Coarsen }), "coarsen"},
		{"nor of free text", with(func(r *privacy.RetentionRule) { r.Class, r.Action = privacy.ClassFreeText, privacy.Coarsen }), "coarsen"},
		{"a postcode is coarsened: the ward stays (S0-2)", with(func(r *privacy.RetentionRule) { r.Class, r.Action = privacy.ClassPostcodes, privacy.Coarsen }), ""},
		{"one action has one name", with(func(r *privacy.RetentionRule) { r.Class = privacy.ClassPostcodes }), "postcodes"},
		{"or an officer looks", with(func(r *privacy.RetentionRule) { r.Class, r.Action = privacy.ClassPostcodes, privacy.Review }), ""},
		{"a postcode is a part of what the notice speaks of (art. 13(2)(a))", with(func(r *privacy.RetentionRule) {
			r.Class, r.Action, r.Period = privacy.ClassPostcodes, privacy.Coarsen, "P4Y"
		}), "promise"},
		{"the service cannot coarsen in another system", with(func(r *privacy.RetentionRule) {
			r.Class, r.Action, r.Stage = privacy.ClassPostcodes, privacy.Coarsen, "warehouse"
		}), "elsewhere"},
		{"nor from an event that it does not know", with(func(r *privacy.RetentionRule) {
			r.Class, r.Action, r.Trigger = privacy.ClassPostcodes, privacy.Coarsen, privacy.OnLastContact
		}), "unknown_moment"},
		{"an action that is not known", with(func(r *privacy.RetentionRule) { r.Action = "burn" }), "action"},
		{"the service cannot erase in the telephone system", with(func(r *privacy.RetentionRule) { r.Stage = "telephony" }), "elsewhere"},
		{"the consent ledger is never erased", with(func(r *privacy.RetentionRule) { r.Class = privacy.ClassConsentProof }), "not_disposed"},
		{"nobody knows the last contact", with(func(r *privacy.RetentionRule) { r.Trigger = privacy.OnLastContact }), "unknown_moment"},
		{"what the service cannot time an officer reviews", with(func(r *privacy.RetentionRule) { r.Trigger, r.Action = privacy.OnLastContact, privacy.Review }), ""},
		{"two rules for one class and stage at the same time", second(func(*privacy.RetentionRule) {}), "twice"},
		{"one takes the place of the other later", second(func(r *privacy.RetentionRule) { r.EffectiveFrom = "2027-01-01" }), ""},
		{"two rules with one id", second(func(r *privacy.RetentionRule) { r.ID, r.EffectiveFrom = good.ID, "2027-01-01" }), "same_id"},
		{"a stage that follows nothing", with(func(r *privacy.RetentionRule) { r.Follows = "absent" }), "follows"},
		{"a stage that runs from a move and follows nothing", with(func(r *privacy.RetentionRule) { r.Trigger, r.Action = privacy.OnMoved, privacy.Review }), "follows_nothing"},
		{"a stage that follows itself", with(func(r *privacy.RetentionRule) { r.Follows = r.ID }), "cycle"},
		{"a circle", loop, "cycle cycle"},
		{"a third stage", third, "stages"},
		{"two stages at one place", second(func(r *privacy.RetentionRule) { r.Follows, r.EffectiveFrom = good.ID, "2027-01-01" }), "same_stage"},
		{"a stage of another class", second(func(r *privacy.RetentionRule) { r.Class, r.Follows = privacy.ClassFreeText, good.ID }), "follows"},
	} {
		if got := faultKeys(row.schedule.Validate(privacy.Period{Months: 12}, privacy.Period{Years: 3})); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
	long := with(func(r *privacy.RetentionRule) { r.Reason = strings.Repeat("x", 1001) }).Validate()
	if len(long) != 1 {
		t.Errorf("a reason of 1001 characters: %v", long)
	}
}

func TestScheduleInForce(t *testing.T) {
	rule := func(id string, class privacy.DataClass, from privacy.Date) privacy.RetentionRule {
		return privacy.RetentionRule{ID: id, Class: class, Stage: privacy.StageService, EffectiveFrom: from}
	}
	s := privacy.Schedule{rule("old", privacy.ClassResponses, "2026-01-01"), rule("new", privacy.ClassResponses, "2027-01-01"), rule("other", privacy.ClassFreeText, "2026-06-01")}
	for _, row := range []struct {
		on   privacy.Date
		want string
	}{{"2025-12-31", ""}, {"2026-01-01", "old"}, {"2026-06-01", "old other"}, {"2026-12-31", "old other"}, {"2027-01-01", "new other"}} {
		var ids []string
		for _, r := range s.InForce(row.on) {
			ids = append(ids, r.ID)
		}
		if got := strings.Join(ids, " "); got != row.want {
			t.Errorf("on %s: %q, want %q", row.on, got, row.want)
		}
	}
}

func TestHolds(t *testing.T) {
	at := moment(t, "2026-07-01T10:00:00Z")
	for _, row := range []struct {
		why          string
		hold         privacy.Hold
		class        privacy.DataClass
		consultation string
		want         bool
	}{
		{"the consultation is held", privacy.Hold{ConsultationID: "a", Until: "2026-07-01"}, privacy.ClassResponses, "a", true},
		{"and its texts", privacy.Hold{ConsultationID: "a", Until: "2026-07-01"}, privacy.ClassFreeText, "a", true},
		{"another is not", privacy.Hold{ConsultationID: "b", Until: "2026-07-01"}, privacy.ClassResponses, "a", false},
		{"the day is over", privacy.Hold{ConsultationID: "a", Until: "2026-06-30"}, privacy.ClassResponses, "a", false},
		{"a class, everywhere", privacy.Hold{Class: privacy.ClassRightsCase, Until: "2026-07-01"}, privacy.ClassRightsCase, "", true},
		{"another class is not", privacy.Hold{Class: privacy.ClassRightsCase, Until: "2026-07-01"}, privacy.ClassResponses, "a", false},
		{"texts lie in responses", privacy.Hold{Class: privacy.ClassFreeText, Until: "2026-07-01"}, privacy.ClassResponses, "a", true},
		{"postcodes lie in responses", privacy.Hold{Class: privacy.ClassResponses, Until: "2026-07-01"}, privacy.ClassPostcodes, "a", true},
		{"which a hold of them keeps", privacy.Hold{Class: privacy.ClassPostcodes, Until: "2026-07-01"}, privacy.ClassResponses, "a", true},
		{"a hold of free text was one of postcodes when they lay in it", privacy.Hold{Class: privacy.ClassFreeText, Until: "2026-07-01"}, privacy.ClassPostcodes, "a", true},
		{"a hold of requests is none", privacy.Hold{Class: privacy.ClassRightsCase, Until: "2026-07-01"}, privacy.ClassPostcodes, "a", false},
		{"equality answers rest on consent (art. 7(3))", privacy.Hold{ConsultationID: "a", Until: "2026-07-01"}, privacy.ClassEquality, "a", false},
	} {
		if got := row.hold.Covers(row.class, row.consultation, at); got != row.want {
			t.Errorf("%s: %v", row.why, got)
		}
	}
	for _, row := range []struct {
		why  string
		hold privacy.Hold
		want int
	}{
		{"whole", privacy.Hold{ConsultationID: "a", Reason: "A court asks", Until: "2026-07-01"}, 0},
		{"empty: scope, reason, until", privacy.Hold{}, 3},
		{"until yesterday", privacy.Hold{ConsultationID: "a", Reason: "x", Until: "2026-06-30"}, 1},
		{"equality answers", privacy.Hold{Class: privacy.ClassEquality, Reason: "x", Until: "2026-07-02"}, 1},
		{"requests of one consultation: they belong to none", privacy.Hold{Class: privacy.ClassRightsCase, ConsultationID: "a", Reason: "x", Until: "2026-07-02"}, 1},
		{"a long reason", privacy.Hold{ConsultationID: "a", Reason: strings.Repeat("x", 1001), Until: "2026-07-01"}, 1},
	} {
		if faults := row.hold.Faults("2026-07-01"); len(faults) != row.want {
			t.Errorf("%s: %v", row.why, faults)
		}
	}
}

func TestCertificatesAreChained(t *testing.T) {
	var all []privacy.Certificate
	prev := ""
	for i := range 4 {
		c := privacy.Certificate{Sequence: int64(i + 1), ID: string(rune('a' + i)), Rule: "responses", Class: privacy.ClassResponses, Counts: []privacy.TableCount{{Table: "response", Count: 9}}}
		c = c.Chain(prev)
		prev = c.Hash
		all = append(all, c)
	}
	verify := func(list []privacy.Certificate) error {
		return privacy.VerifyCertificates(func(fn func(privacy.Certificate) error) error {
			for _, c := range list {
				if err := fn(c); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := verify(all); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why  string
		edit func([]privacy.Certificate) []privacy.Certificate
	}{
		{"a count is changed", func(l []privacy.Certificate) []privacy.Certificate {
			l[1].Counts = []privacy.TableCount{{Table: "response", Count: 8}}
			return l
		}},
		{"one is left out", func(l []privacy.Certificate) []privacy.Certificate { return slices.Delete(l, 1, 2) }},
		{"a rule is changed", func(l []privacy.Certificate) []privacy.Certificate { l[1].RuleVersion = 7; return l }},
		{"totals are said to stay", func(l []privacy.Certificate) []privacy.Certificate {
			l[1].Kept = []privacy.KeptTotals{{Release: "r"}}
			return l
		}},
		{"a check is made up", func(l []privacy.Certificate) []privacy.Certificate {
			l[1].Verified = []privacy.TableCount{{Table: "response"}}
			return l
		}},
	} {
		var broken *privacy.ChainError
		if err := verify(row.edit(slices.Clone(all))); !errors.As(err, &broken) || broken.Sequence != 2 || broken.Log != "certificate" {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}
