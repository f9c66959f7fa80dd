package privacy_test

import (
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestParsePeriod(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"Dorset keeps responses 3 years (S2-2)", "P3Y", "P3Y"},
		{"privacy.md 10.1", "P36M", "P36M"},
		{"Five9 keeps calls 60 days (S2-4)", "P60D", "P60D"},
		{"weeks", "P4W", "P4W"},
		{"parts together, largest first", "P1Y6M", "P1Y6M"},
		{"leading zeros", "P06M", "P6M"},
		{"empty", "", ""},
		{"nothing", "P", ""},
		{"no time at all is not a period (art. 13(2)(a))", "P0D", ""},
		{"for ever is not a period (art. 5(1)(e))", "P101Y", ""},
		{"a number that overflows", "P99999999999999999999Y", ""},
		{"hours", "PT36H", ""},
		{"fractions", "P1.5Y", ""},
		{"negative", "P-3Y", ""},
		{"wrong order", "P6M1Y", ""},
		{"words", "3 years", ""},
		{"lower case", "p3y", ""},
		{"text behind", "P3Y ", ""},
		{"other digits", "P٣Y", ""},
	} {
		p, err := privacy.ParsePeriod(row.text)
		if row.want == "" {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %q gives %v, %v", row.why, row.text, p, err)
			}
			continue
		}
		if err != nil || p.String() != row.want {
			t.Errorf("%s: %q gives %q, %v", row.why, row.text, p, err)
		}
	}
}

func TestAddPeriod(t *testing.T) {
	for _, row := range []struct{ why, from, period, want string }{
		{"a plain year", "2026-11-25T12:00:00Z", "P1Y", "2027-11-25T12:00:00Z"},
		{"no 31 February: the last day of the month (ICO, counting months)", "2027-01-31T12:00:00Z", "P1M", "2027-02-28T12:00:00Z"},
		{"leap year", "2028-01-30T12:00:00Z", "P1M", "2028-02-29T12:00:00Z"},
		{"a year from a leap day", "2028-02-29T12:00:00Z", "P1Y", "2029-02-28T12:00:00Z"},
		{"36 months are 3 years", "2028-02-29T12:00:00Z", "P36M", "2031-02-28T12:00:00Z"},
		{"months over the end of the year", "2026-11-30T12:00:00Z", "P15M", "2028-02-29T12:00:00Z"},
		{"weeks", "2026-11-25T12:00:00Z", "P4W", "2026-12-23T12:00:00Z"},
		{"60 days", "2026-11-25T12:00:00Z", "P60D", "2027-01-24T12:00:00Z"},
		{"months before days", "2027-01-31T12:00:00Z", "P1M1D", "2027-03-01T12:00:00Z"},
		{"winter to summer: noon stays noon in London", "2027-01-15T12:00:00Z", "P6M", "2027-07-15T11:00:00Z"},
		{"summer to winter", "2027-07-15T11:00:00Z", "P6M", "2028-01-15T12:00:00Z"},
		{"a late summer evening is the next day in London", "2027-06-30T23:30:00Z", "P1M", "2027-07-31T23:30:00Z"},
		{"the clocks skip 01:30 on 29 March 2026: the first moment after", "2026-02-28T01:30:00Z", "P29D", "2026-03-29T01:00:00Z"},
		{"from the hour of the change, to which it also falls in summer time", "2026-03-29T01:30:00Z", "P1D", "2026-03-30T01:30:00Z"},
		{"the clocks repeat 01:30 on 25 October 2026: the first of the two", "2026-09-25T00:30:00Z", "P1M", "2026-10-25T00:30:00Z"},
		{"the later of the two 01:30s, a day on", "2026-10-25T01:30:00Z", "P1D", "2026-10-26T01:30:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, row.from)
		if err != nil {
			t.Fatal(err)
		}
		p, err := privacy.ParsePeriod(row.period)
		if err != nil {
			t.Fatal(err)
		}
		if got := privacy.AddPeriod(from, p).Format(time.RFC3339); got != row.want {
			t.Errorf("%s: %s + %s = %s, want %s", row.why, row.from, row.period, got, row.want)
		}
	}
}

func TestPeriodWords(t *testing.T) {
	for _, row := range []struct{ period, en, cy string }{
		{"P1Y", "1 year", "1 flwyddyn"},
		{"P2Y", "2 years", "2 flynedd"},
		{"P3Y", "3 years", "3 blynedd"},
		{"P5Y", "5 years", "5 mlynedd"},
		{"P6Y", "6 years", "6 blynedd"},
		{"P10Y", "10 years", "10 mlynedd"},
		{"P1M", "1 month", "1 mis"},
		{"P2M", "2 months", "2 fis"},
		{"P36M", "36 months", "36 mis"},
		{"P4W", "4 weeks", "4 wythnos"},
		{"P1D", "1 day", "1 diwrnod"},
		{"P2D", "2 days", "2 ddiwrnod"},
		{"P60D", "60 days", "60 diwrnod"},
		{"P1Y6M", "1 year and 6 months", "1 flwyddyn a 6 mis"},
		{"P1Y2M3D", "1 year, 2 months and 3 days", "1 flwyddyn, 2 fis a 3 diwrnod"},
	} {
		p, err := privacy.ParsePeriod(row.period)
		if err != nil {
			t.Fatal(err)
		}
		if en, cy := p.Words(locale.English), p.Words(locale.Welsh); en != row.en || cy != row.cy {
			t.Errorf("%s: %q, %q; want %q, %q", row.period, en, cy, row.en, row.cy)
		}
	}
}

func TestPeriodAfter(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"P13M", "P12M", true}, {"P12M", "P12M", false}, {"P1Y", "P12M", false}, {"P365D", "P12M", false}, {"P366D", "P12M", true}, {"P52W", "P12M", false},
	} {
		a, _ := privacy.ParsePeriod(row.a)
		b, _ := privacy.ParsePeriod(row.b)
		if a.After(b) != row.want {
			t.Errorf("%s after %s: %v", row.a, row.b, !row.want)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"P3Y", "P1Y6M", "P", "P0D", "P9999D"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := privacy.ParsePeriod(s)
		if err != nil {
			return
		}
		again, err := privacy.ParsePeriod(p.String())
		if err != nil || again != p {
			t.Fatalf("%q gives %v, which reads as %v, %v", s, p, again, err)
		}
		if !privacy.AddPeriod(now, p).After(now) {
			t.Fatalf("%q from now is not later than now", s)
		}
	})
}
