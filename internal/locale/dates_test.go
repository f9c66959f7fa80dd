package locale_test

import (
	"math"
	"testing"
	"time"

	"folkmoot/internal/locale"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDateTime(t *testing.T) {
	for _, row := range []struct {
		when, english, welsh, why string
	}{
		{"2027-03-05T17:00:00Z", "Friday 5 March 2027 at 5pm", "dydd Gwener 5 Mawrth 2027 am 5pm", "winter: UTC is London"},
		{"2026-03-29T01:30:00Z", "Sunday 29 March 2026 at 2:30am", "dydd Sul 29 Mawrth 2026 am 2:30am", "the hour the clocks change: already summer time"},
		{"2026-07-31T23:30:00Z", "Saturday 1 August 2026 at 12:30am", "dydd Sadwrn 1 Awst 2026 am 12:30am", "summer: London is a day further"},
		{"2026-08-01T11:00:00Z", "Saturday 1 August 2026 at midday", "dydd Sadwrn 1 Awst 2026 am hanner dydd", "GOV.UK style: midday, not 12pm"},
		{"2026-12-31T00:00:00Z", "Thursday 31 December 2026 at midnight", "dydd Iau 31 Rhagfyr 2026 am hanner nos", "GOV.UK style: midnight, not 12am"},
	} {
		if got := locale.DateTime(locale.English, at(row.when)); got != row.english {
			t.Errorf("%s: %q, want %q (%s)", row.when, got, row.english, row.why)
		}
		if got := locale.DateTime(locale.Welsh, at(row.when)); got != row.welsh {
			t.Errorf("%s: %q, want %q (%s)", row.when, got, row.welsh, row.why)
		}
	}
	if locale.Date(locale.English, time.Time{}) != "" || locale.DateTime(locale.Welsh, time.Time{}) != "" {
		t.Error("a time that is not set has a date")
	}
	if got := locale.ISODate(locale.Welsh, "2027-03-05"); got != "5 Mawrth 2027" {
		t.Errorf("ISODate: %q", got)
	}
}

func TestRelative(t *testing.T) {
	c := locale.Must()
	for _, row := range []struct{ now, then, want, why string }{
		{"2027-02-27T12:00:00Z", "2027-03-05T17:00:00Z", "in 6 days", "calendar days, not 24 hours"},
		{"2026-03-28T23:30:00Z", "2026-03-29T22:30:00Z", "tomorrow", "the day with 23 hours"},
		{"2026-06-30T22:30:00Z", "2026-06-30T23:30:00Z", "tomorrow", "midnight is London's, an hour before UTC's"},
		{"2026-06-30T08:00:00Z", "2026-06-30T22:59:00Z", "today", "same London day"},
		{"2026-07-02T08:00:00Z", "2026-07-01T08:00:00Z", "yesterday", "one day back"},
		{"2026-07-04T08:00:00Z", "2026-07-01T08:00:00Z", "3 days ago", "three days back"},
	} {
		if got := c.Relative(locale.English, at(row.now), at(row.then)); got != row.want {
			t.Errorf("%s to %s: %q, want %q (%s)", row.now, row.then, got, row.want, row.why)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 41000: "41,000", -1234567: "−1,234,567", math.MinInt64: "−9,223,372,036,854,775,808"} {
		if got := locale.Number(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for _, row := range []struct {
		f      float64
		places int
		want   string
	}{{1234.5, 1, "1,234.5"}, {-0.04, 1, "0.0"}, {-0.06, 1, "−0.1"}, {math.NaN(), 1, "–"}, {2.5, 0, "3"}} {
		if got := locale.Decimal(row.f, row.places); got != row.want {
			t.Errorf("%v with %d places: %q, want %q", row.f, row.places, got, row.want)
		}
	}
	if got := locale.Percent(0.625, 0); got != "63%" {
		t.Errorf("percent: %q, a half goes up", got)
	}
	if got := locale.Percent(0.625, 1); got != "62.5%" {
		t.Errorf("percent: %q", got)
	}
}
