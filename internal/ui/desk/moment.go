package desk

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// Moment is a day and a time of day in Europe/London as typed in a form: four fields, name-day, name-month,
// name-year and name-time.
type Moment struct{ Day, Month, Year, Time string }

// MomentOf writes a moment as it would be typed. The zero time gives empty fields.
func MomentOf(t time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	t = t.In(locale.London())
	return Moment{
		Day: strconv.Itoa(t.Day()), Month: strconv.Itoa(int(t.Month())), Year: strconv.Itoa(t.Year()),
		Time: t.Format("15:04"),
	}
}

// ReadMoment takes a moment's fields from a form.
func ReadMoment(f survey.Form, name string) Moment {
	part := func(s string) string { return strings.TrimSpace(f.First(name + "-" + s)) }
	return Moment{Day: part("day"), Month: part("month"), Year: part("year"), Time: part("time")}
}

// clockText is a time of day as people write it: 9am, 9.30am, 17:30, 5:30 pm.
var clockText = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?$`)

// parseClock reads a time of day as hours and minutes.
func parseClock(s string) (hour, minute int, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "midnight", "hanner nos":
		return 0, 0, true
	case "midday", "noon", "hanner dydd":
		return 12, 0, true
	}
	m := clockText.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, false
	}
	hour, _ = strconv.Atoi(m[1])
	minute, _ = strconv.Atoi("0" + m[2])
	half := strings.ReplaceAll(m[3], ".", "")
	switch {
	case minute > 59, half == "" && (hour > 23 || m[2] == ""), half != "" && (hour < 1 || hour > 12):
		return 0, 0, false
	case half == "am":
		hour %= 12
	case half == "pm":
		hour = hour%12 + 12
	}
	return hour, minute, true
}

// parseDay reads the three parts of a date.
func (m Moment) parseDay() (day time.Time, ok bool) {
	d, err1 := strconv.Atoi(m.Day)
	mon, err2 := strconv.Atoi(m.Month)
	y, err3 := strconv.Atoi(m.Year)
	if err1 != nil || err2 != nil || err3 != nil || y < 2000 || y > 2200 {
		return time.Time{}, false
	}
	day = time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC)
	return day, day.Day() == d && int(day.Month()) == mon
}

// Parse returns the moment in UTC, or the problem with it. The hour that the clocks skip in spring does not exist; of
// the hour that they repeat in autumn the first is meant.
func (m Moment) Parse(name string) (time.Time, *survey.Problem) {
	if m.Day+m.Month+m.Year == "" {
		return time.Time{}, &survey.Problem{Field: name + "-day", Key: "office.problem.date_missing"}
	}
	day, ok := m.parseDay()
	if !ok {
		return time.Time{}, &survey.Problem{Field: name + "-day", Key: "office.problem.date"}
	}
	hour, minute, ok := parseClock(m.Time)
	if !ok {
		return time.Time{}, &survey.Problem{Field: name + "-time", Key: "office.problem.time"}
	}
	t := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, locale.London())
	if t.Hour() != hour || t.Minute() != minute {
		return time.Time{}, &survey.Problem{Field: name + "-time", Key: "office.problem.time_skipped"}
	}
	return t.UTC(), nil
}

// ParseEnd reads a day as the moment at which it ends, UTC: the first moment of the next day in Europe/London.
func (m Moment) ParseEnd(name string) (time.Time, *survey.Problem) {
	if m.Day+m.Month+m.Year == "" {
		return time.Time{}, &survey.Problem{Field: name + "-day", Key: "office.problem.date_missing"}
	}
	day, ok := m.parseDay()
	if !ok {
		return time.Time{}, &survey.Problem{Field: name + "-day", Key: "office.problem.date"}
	}
	return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, locale.London()).UTC(), nil
}

func itoa(n int) string { return strconv.Itoa(n) }

// ISO returns the day as yyyy-mm-dd. ok is false for what is no date.
func (m Moment) ISO() (iso string, ok bool) {
	day, ok := m.parseDay()
	if !ok {
		return "", false
	}
	return day.Format(time.DateOnly), true
}
