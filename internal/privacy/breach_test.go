package privacy_test

import (
	"strings"
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// aware is Friday 20 November 2026, 17:30 in London (privacy.md 5.3).
var aware = time.Date(2026, 11, 20, 17, 30, 0, 0, time.UTC)

func breach() privacy.Breach {
	return privacy.Breach{DiscoveredBy: "A colleague", AwareAt: aware, Kinds: []privacy.BreachKind{privacy.BreachConfidentiality}, What: "An export was sent to the wrong address.",
		People: "About 40 respondents", Special: true}
}

func TestBreachClock(t *testing.T) {
	b := breach()
	if got := b.ReportBy(); !got.Equal(time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)) {
		t.Errorf("72 hours from Friday evening end on Monday evening, weekends count (art. 33(1); privacy.md 5.3): %s", got)
	}
	spring := breach()
	spring.AwareAt = time.Date(2027, 3, 26, 12, 0, 0, 0, time.UTC) // the clocks go forward on the 28th
	if got := spring.ReportBy(); !got.Equal(time.Date(2027, 3, 29, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("72 hours are hours, whatever clocks show: %s", got)
	}
	for _, row := range []struct {
		why   string
		after time.Duration
		edit  func(*privacy.Breach)
		want  int
	}{
		{"just noticed", time.Hour, nil, 0},
		{"24 hours (privacy.md 7)", 24 * time.Hour, nil, 1},
		{"48 hours", 48 * time.Hour, nil, 2},
		{"66 hours", 66 * time.Hour, nil, 3},
		{"72 hours are over", 72 * time.Hour, nil, 4},
		{"decided against", 66 * time.Hour, func(b *privacy.Breach) { b.Regulator = privacy.TellNo }, 0},
		{"decided, and not sent", 66 * time.Hour, func(b *privacy.Breach) { b.Regulator = privacy.TellYes }, 3},
		{"sent", 66 * time.Hour, func(b *privacy.Breach) { b.Regulator, b.ReportedAt = privacy.TellYes, aware.Add(time.Hour) }, 0},
		{"a near miss", 66 * time.Hour, func(b *privacy.Breach) { b.NearMiss = true }, 0},
	} {
		b := breach()
		if row.edit != nil {
			row.edit(&b)
		}
		if got := b.Alarm(aware.Add(row.after)); got != row.want {
			t.Errorf("%s: alarm %d, not %d", row.why, got, row.want)
		}
	}
}

func TestBreachFaults(t *testing.T) {
	later := aware.Add(100 * time.Hour)
	for _, row := range []struct {
		why  string
		edit func(*privacy.Breach)
		key  string
	}{
		{"whole enough to begin: information comes in phases (art. 33(4))", func(*privacy.Breach) {}, ""},
		{"aware tomorrow", func(b *privacy.Breach) { b.AwareAt = later.Add(time.Hour) }, "error.breach.aware"},
		{"not aware at all: the clock has no beginning", func(b *privacy.Breach) { b.AwareAt = time.Time{} }, "error.breach.aware"},
		{"ended before it began", func(b *privacy.Breach) { b.OccurredFrom, b.OccurredTo = "2026-11-20", "2026-11-19" }, "error.breach.occurred"},
		{"of no kind (art. 4(12))", func(b *privacy.Breach) { b.Kinds = nil }, "error.breach.kinds"},
		{"nothing happened", func(b *privacy.Breach) { b.What = " " }, "error.breach.what"},
		{"a risk without reasoning (privacy.md 7)", func(b *privacy.Breach) { b.Risk = privacy.RiskSome }, "error.breach.reason"},
		{"not reported although there is a risk (art. 33(1))", func(b *privacy.Breach) {
			b.Risk, b.RiskWhy, b.Regulator, b.RegulatorWhy = privacy.RiskSome, "x", privacy.TellNo, "x"
		}, "error.breach.must_report"},
		{"not reported because a risk is unlikely (art. 33(1))", func(b *privacy.Breach) {
			b.Risk, b.RiskWhy, b.Regulator, b.RegulatorWhy = privacy.RiskUnlikely, "x", privacy.TellNo, "x"
		}, ""},
		{"reported after 72 hours without a reason (art. 33(1))", func(b *privacy.Breach) {
			b.Regulator, b.RegulatorWhy, b.ReportedAt = privacy.TellYes, "x", aware.Add(73*time.Hour)
		}, "error.breach.late"},
		{"reported after 72 hours with one", func(b *privacy.Breach) {
			b.Regulator, b.RegulatorWhy, b.ReportedAt, b.LateWhy = privacy.TellYes, "x", aware.Add(73*time.Hour), "x"
		}, ""},
		{"reported before it was known", func(b *privacy.Breach) {
			b.Regulator, b.RegulatorWhy, b.ReportedAt = privacy.TellYes, "x", aware.Add(-time.Hour)
		}, "error.breach.reported"},
		{"people not told of a high risk, without a reason (art. 34(3))", func(b *privacy.Breach) {
			b.Risk, b.RiskWhy, b.Individuals = privacy.RiskHigh, "x", privacy.TellNo
		}, "error.breach.must_tell"},
	} {
		b := breach()
		row.edit(&b)
		got := ""
		if faults := b.Faults(later); len(faults) > 0 {
			got = faults[0].Error()
		}
		if !strings.HasPrefix(got, row.key) || row.key == "" && got != "" {
			t.Errorf("%s: %q, not %q", row.why, got, row.key)
		}
	}
}

func TestBreachCloses(t *testing.T) {
	whole := func() privacy.Breach {
		b := breach()
		b.Risk, b.Regulator, b.ReportedAt, b.Individuals, b.ToldHow, b.Lessons = privacy.RiskHigh, privacy.TellYes, aware.Add(time.Hour), privacy.TellYes, "By letter", "Ask before sending."
		return b
	}
	b := whole()
	if err := b.Close(); err != nil || !b.Closed {
		t.Errorf("a breach that is whole: %v", err)
	}
	for why, edit := range map[string]func(*privacy.Breach){
		"the risk is not known":                     func(b *privacy.Breach) { b.Risk = privacy.RiskUnknown },
		"the regulator is undecided":                func(b *privacy.Breach) { b.Regulator = privacy.TellUndecided },
		"the report is not sent":                    func(b *privacy.Breach) { b.ReportedAt = time.Time{} },
		"whether people are told is undecided":      func(b *privacy.Breach) { b.Individuals = privacy.TellUndecided },
		"people are to be told and were not":        func(b *privacy.Breach) { b.ToldHow = "" },
		"nothing was learnt":                        func(b *privacy.Breach) { b.Lessons = "" },
		"a near miss from which nothing was learnt": func(b *privacy.Breach) { *b = breach(); b.NearMiss = true },
	} {
		b := whole()
		edit(&b)
		if err := b.Close(); !fault.Is(err, fault.Conflict) || b.Closed {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestBreachReport(t *testing.T) {
	for _, lang := range both {
		golden(t, "breach."+string(lang)+".txt", breach().Report(council(), "B3", lang))
	}
}
