package privacy

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"folkmoot/internal/fault"
)

// Nation is a part of the United Kingdom with bank holidays of its own. The zero value is invalid.
type Nation string

// The nations as bank holidays divide them.
const (
	EnglandAndWales Nation = "england_and_wales"
	Scotland        Nation = "scotland"
	NorthernIreland Nation = "northern_ireland"
)

// Nations lists them in the order offered.
func Nations() []Nation { return []Nation{EnglandAndWales, Scotland, NorthernIreland} }

//go:embed calendar/holidays.json
var holidaysJSON []byte

var holidays = sync.OnceValue(func() map[Nation][]string {
	var out map[Nation][]string
	if err := json.Unmarshal(holidaysJSON, &out); err != nil {
		panic(fmt.Errorf("privacy: embedded bank holidays: %w", err)) // our own file; a test reads it
	}
	return out
})

// Calendar tells working days from others, for one council. The zero value knows weekends only.
type Calendar struct {
	days  map[Date]bool // bank holidays
	until int           // last year whose bank holidays are known
}

// NewCalendar returns the calendar of a nation with further holidays, which a proclamation or the council adds. It returns fault.Invalid for
// another nation.
func NewCalendar(n Nation, further ...Date) (Calendar, error) {
	if !slices.Contains(Nations(), n) {
		return Calendar{}, fault.New(fault.Invalid, "error.calendar.nation")
	}
	c := Calendar{days: map[Date]bool{}}
	for _, s := range holidays()[n] {
		d, err := ParseDate(s)
		if err != nil {
			panic(fmt.Errorf("privacy: embedded bank holidays: %w", err))
		}
		c.days[d] = true
		c.until = max(c.until, d.time().Year())
	}
	for _, d := range further {
		c.days[d] = true
	}
	return c, nil
}

// Known reports whether the bank holidays of the date's year are known. Where they are not, only weekends are left out, so that a date is
// never later than it should be.
func (c Calendar) Known(d Date) bool { return d.time().Year() <= c.until }

// Working reports whether the date is a working day.
func (c Calendar) Working(d Date) bool {
	switch d.time().Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !c.days[d]
}

// Next returns the date, or the first working day after it.
func (c Calendar) Next(d Date) Date {
	for !c.Working(d) {
		d = d.Add(1)
	}
	return d
}
