package locale

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the binary runs where no zone files are installed
)

var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err) // tzdata is embedded
	}
	return l
}()

// London is the time zone in which every date and time is shown and typed.
func London() *time.Location { return london }

var months = map[Lang][12]string{
	English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	Welsh:   {"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"},
}

var weekdays = map[Lang][7]string{
	English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	Welsh:   {"dydd Sul", "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn"},
}

func known(l Lang) Lang {
	if l.Valid() {
		return l
	}
	return English
}

// Date writes the day in Europe/London: "5 March 2027". The zero time is "".
func Date(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(london)
	return fmt.Sprintf("%d %s %d", t.Day(), months[known(l)][t.Month()-1], t.Year())
}

// LongDate writes the day with its name: "Friday 5 March 2027".
func LongDate(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return weekdays[known(l)][t.In(london).Weekday()] + " " + Date(l, t)
}

// Clock writes the time of day in Europe/London as GOV.UK does: "5pm", "5:30pm", "midday", "midnight".
func Clock(l Lang, t time.Time) string {
	t = t.In(london)
	h, m := t.Hour(), t.Minute()
	switch {
	case h == 0 && m == 0 && l == Welsh:
		return "hanner nos"
	case h == 0 && m == 0:
		return "midnight"
	case h == 12 && m == 0 && l == Welsh:
		return "hanner dydd"
	case h == 12 && m == 0:
		return "midday"
	}
	half := "am"
	if h >= 12 {
		half = "pm"
	}
	h = (h+11)%12 + 1
	if m == 0 {
		return fmt.Sprintf("%d%s", h, half)
	}
	return fmt.Sprintf("%d:%02d%s", h, m, half)
}

// DateTime writes day and time in Europe/London: "Friday 5 March 2027 at 5pm". The zero time is "".
func DateTime(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	at := " at "
	if l == Welsh {
		at = " am "
	}
	return LongDate(l, t) + at + Clock(l, t)
}

// ISODate writes yyyy-mm-dd as a person reads it: "5 March 2027". Any other text comes back unchanged.
func ISODate(l Lang, s string) string {
	t, err := time.ParseInLocation("2006-01-02", s, london)
	if err != nil {
		return s
	}
	return Date(l, t)
}

// DaysBetween counts calendar days in Europe/London from one moment to another; negative where to is earlier.
func DaysBetween(from, to time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(london).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) // UTC: every day has 24 hours
	}
	return int(math.Round(midnight(to).Sub(midnight(from)).Hours() / 24))
}

// Relative writes how far off a moment is in calendar days: "today", "tomorrow", "in 6 days", "3 days ago".
func (c *Catalogue) Relative(l Lang, now, t time.Time) string {
	switch days := DaysBetween(now, t); {
	case days == 0:
		return c.T(l, "time.today")
	case days == 1:
		return c.T(l, "time.tomorrow")
	case days == -1:
		return c.T(l, "time.yesterday")
	case days > 0:
		return c.T(l, "time.in_days", "Count", days)
	default:
		return c.T(l, "time.days_ago", "Count", -days)
	}
}

// Number writes an integer with thousands separators: "41,000". Both languages write it alike.
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Decimal writes a number with a fixed count of decimal places and thousands separators: "1,234.5".
func Decimal(f float64, places int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	unit := math.Pow10(places)
	s := strconv.FormatFloat(math.Round(math.Abs(f)*unit)/unit, 'f', places, 64) // a half goes up, as people round
	whole, frac, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return s
	}
	out := Number(n)
	if frac != "" {
		out += "." + frac
	}
	if f < 0 && strings.Trim(s, "0.") != "" {
		out = "−" + out
	}
	return out
}

// Percent writes a share of one as a percentage: Percent(0.625, 0) is "63%" and Percent(0.625, 1) is "62.5%".
func Percent(share float64, places int) string { return Decimal(share*100, places) + "%" }
