package privacy

import (
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// Date is a day on the calendar of Europe/London, as yyyy-mm-dd. The empty value is no date.
type Date string

// ParseDate reads yyyy-mm-dd. It returns fault.Invalid for anything else and for days that do not exist.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fault.New(fault.Invalid, "error.date.format")
	}
	return Date(s), nil
}

// DateOf returns the day that calendars in Europe/London show at the moment.
func DateOf(t time.Time) Date { return Date(t.In(locale.London()).Format(time.DateOnly)) }

// time is midnight UTC of the day: for counting days, never a moment. A date that was not parsed gives the zero time.
func (d Date) time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

func dateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Add returns the date a number of days later.
func (d Date) Add(days int) Date { return dateOf(d.time().AddDate(0, 0, days)) }

// AddMonths returns the corresponding date a number of months later, or the last day of that month if there is none (ICO, time limits).
func (d Date) AddMonths(months int) Date {
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Days returns how many days later the date is than another.
func (d Date) Days(after Date) int { return int(d.time().Sub(after.time()).Hours() / 24) }

// End returns the first moment, in UTC, after the day in Europe/London.
func (d Date) End() time.Time {
	next := d.Add(1).time()
	return time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, locale.London()).UTC()
}
