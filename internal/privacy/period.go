package privacy

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// Period is a length of time on the calendar, such as how long responses are kept. The zero value is no time at all.
type Period struct {
	Years, Months, Weeks, Days int
}

// periodText is the part of ISO 8601 that rules use: dates only, whole numbers, largest unit first.
var periodText = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$`)

// maxPeriodDays bounds a period: a century. Longer ones are mistakes, and "for ever" is not a period (art. 5(1)(e)).
const maxPeriodDays = 36525

// ParsePeriod reads an ISO 8601 period of years, months, weeks and days: P60D, P36M, P3Y, P4W, P1Y6M. It returns
// fault.Invalid for anything else, for no time at all and for more than a century.
func ParsePeriod(s string) (Period, error) {
	m := periodText.FindStringSubmatch(s)
	if m == nil {
		return Period{}, fault.New(fault.Invalid, "error.period.format")
	}
	n := func(i int) int {
		v, _ := strconv.Atoi(m[i]) // digits only, or empty
		return v
	}
	p := Period{Years: n(1), Months: n(2), Weeks: n(3), Days: n(4)}
	if d := p.roughDays(); d == 0 || d > maxPeriodDays {
		return Period{}, fault.New(fault.Invalid, "error.period.bounds")
	}
	return p, nil
}

func (p Period) roughDays() int { return p.Years*365 + p.Months*30 + p.Weeks*7 + p.Days }

// String writes the period in ISO 8601.
func (p Period) String() string {
	var out strings.Builder
	out.WriteByte('P')
	for _, part := range p.parts() {
		out.WriteString(strconv.Itoa(part.n))
		out.WriteByte(part.unit)
	}
	if out.Len() == 1 {
		return "P0D"
	}
	return out.String()
}

type periodPart struct {
	n    int
	unit byte
}

func (p Period) parts() []periodPart {
	var out []periodPart
	for _, part := range []periodPart{{p.Years, 'Y'}, {p.Months, 'M'}, {p.Weeks, 'W'}, {p.Days, 'D'}} {
		if part.n != 0 {
			out = append(out, part)
		}
	}
	return out
}

// AddPeriod returns the moment, in UTC, one period after t on the calendar of Europe/London: years and months first,
// to the corresponding day or else the last day of that month (as ICO counts months), then weeks and days. The time of
// day stays; where the clocks skip it, the first moment after the gap is taken; where they repeat it, the first of the two.
func AddPeriod(t time.Time, p Period) time.Time {
	local := t.In(locale.London())
	year, month, day := local.Date()
	first := time.Date(year+p.Years, month+time.Month(p.Months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	date := first.AddDate(0, 0, min(day, last)-1+7*p.Weeks+p.Days)
	return wallClock(date, local)
}

// wallClock returns the moment at which clocks in Europe/London show the date and the time of day of clock.
func wallClock(date, clock time.Time) time.Time {
	year, month, day := date.Date()
	at := time.Date(year, month, day, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), time.UTC)
	// British clocks are UTC or one hour ahead, so the moment is at - 1h or at; the earlier one that shows the time wins.
	for _, candidate := range []time.Time{at.Add(-time.Hour), at} {
		local := candidate.In(locale.London())
		if local.Day() == day && local.Hour() == clock.Hour() && local.Minute() == clock.Minute() {
			return candidate.UTC()
		}
	}
	return time.Date(year, month, day, at.Hour(), 0, 0, 0, time.UTC) // the gap: 01:xx does not exist, 02:00 BST = 01:00 UTC
}

// After reports whether the period is longer than the other, counted from a day where months have their usual length.
func (p Period) After(other Period) bool {
	from := time.Date(2027, time.January, 1, 12, 0, 0, 0, time.UTC)
	return AddPeriod(from, p).After(AddPeriod(from, other))
}

// Words writes the period as a person reads it: "3 years", "3 blynedd".
func (p Period) Words(lang locale.Lang) string {
	var parts []string
	for _, part := range p.parts() {
		parts = append(parts, strconv.Itoa(part.n)+" "+unitWord(lang, part.unit, part.n))
	}
	return joinList(lang, parts)
}

func unitWord(lang locale.Lang, unit byte, n int) string {
	if lang == locale.Welsh {
		return welshUnit(unit, n)
	}
	word := map[byte]string{'Y': "year", 'M': "month", 'W': "week", 'D': "day"}[unit]
	if n != 1 {
		word += "s"
	}
	return word
}

// welshUnit returns the noun as the numeral changes it: soft mutation after dau and dwy, nasal of blynedd after most others.
func welshUnit(unit byte, n int) string {
	switch {
	case unit == 'Y' && n == 1:
		return "flwyddyn"
	case unit == 'Y' && n == 2:
		return "flynedd"
	case unit == 'Y' && (n == 3 || n == 4 || n == 6 || n == 13 || n == 14):
		return "blynedd"
	case unit == 'Y':
		return "mlynedd"
	case unit == 'M' && n == 2:
		return "fis"
	case unit == 'M':
		return "mis"
	case unit == 'W':
		return "wythnos"
	case n == 2:
		return "ddiwrnod"
	default:
		return "diwrnod"
	}
}
