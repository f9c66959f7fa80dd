package privacy_test

import (
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

func calendar(t testing.TB) privacy.Calendar {
	t.Helper()
	c, err := privacy.NewCalendar(privacy.EnglandAndWales)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func access(received privacy.Date) privacy.Request {
	return privacy.Request{Kind: privacy.AskAccess, Channel: privacy.ByForm, Received: received, Contact: "somebody@resident.example"}
}

// The vectors of privacy.md 5.3.
func TestDueBy(t *testing.T) {
	for _, row := range []struct {
		why                                   string
		received, month, rolled, three, later privacy.Date
	}{
		{"Christmas Day is a Friday, Boxing Day's substitute a Monday", "2026-11-25", "2026-12-25", "2026-12-29", "2027-02-25", "2027-02-25"},
		{"received on a Saturday: that day counts; the substitute holiday", "2026-11-28", "2026-12-28", "2026-12-29", "2027-02-28", "2027-03-01"},
		{"a Sunday", "2026-12-03", "2027-01-03", "2027-01-04", "2027-03-03", "2027-03-03"},
		{"no 31 February: the last day, a Sunday", "2027-01-31", "2027-02-28", "2027-03-01", "2027-04-30", "2027-04-30"},
		{"Good Friday to the Tuesday after Easter", "2027-02-26", "2027-03-26", "2027-03-30", "2027-05-26", "2027-05-26"},
		{"no 31 April", "2027-03-31", "2027-04-30", "2027-04-30", "2027-06-30", "2027-06-30"},
		{"a leap year; then a Sunday before the early May holiday", "2028-01-30", "2028-02-29", "2028-02-29", "2028-04-30", "2028-05-02"},
	} {
		r := access(row.received)
		due, err := r.DueBy(calendar(t))
		if err != nil || due != (privacy.Deadline{On: row.month, Rolled: row.rolled}) {
			t.Errorf("%s: one month: %v, %v", row.why, due, err)
		}
		if err := r.Extend(privacy.Extension{NotifiedOn: row.rolled, Reason: "Many responses."}, calendar(t)); err != nil {
			t.Errorf("%s: told on the last day (art. 12(3)): %v", row.why, err)
		}
		if due, err := r.DueBy(calendar(t)); err != nil || due != (privacy.Deadline{On: row.three, Rolled: row.later}) {
			t.Errorf("%s: three months: %v, %v", row.why, due, err)
		}
	}
}

func TestClocks(t *testing.T) {
	cal := calendar(t)
	for _, row := range []struct {
		why   string
		do    func(*privacy.Request) error
		clock privacy.Clock
		on    privacy.Date // empty: no deadline
	}{
		{"nothing happened", func(*privacy.Request) error { return nil }, privacy.ClockRunning, "2027-02-11"},
		{"identity asked for: the clock has not started (art. 12A)", func(r *privacy.Request) error { return r.AskIdentity("2027-01-12") }, privacy.ClockNotStarted, ""},
		{"identity satisfied: the month runs from that day", func(r *privacy.Request) error {
			_ = r.AskIdentity("2027-01-12")
			return r.Identify("2027-01-20", privacy.IdentityEmail, "")
		}, privacy.ClockRunning, "2027-02-20"},
		{"identified without asking: from receipt", func(r *privacy.Request) error {
			return r.Identify("2027-01-13", privacy.IdentityCode, "")
		}, privacy.ClockRunning, "2027-02-11"},
		{"asked what it is about: paused (art. 12A; access only)", func(r *privacy.Request) error { return r.Pause("2027-01-14", "Which consultation?") }, privacy.ClockPaused, ""},
		{"answered seven days later: seven days do not count", func(r *privacy.Request) error {
			_ = r.Pause("2027-01-14", "Which consultation?")
			return r.Resume("2027-01-21")
		}, privacy.ClockRunning, "2027-02-18"},
		{"two questions", func(r *privacy.Request) error {
			_ = r.Pause("2027-01-14", "Which consultation?")
			_ = r.Resume("2027-01-21")
			_ = r.Pause("2027-01-25", "Which year?")
			return r.Resume("2027-01-26")
		}, privacy.ClockRunning, "2027-02-19"},
		{"identified while a question waits: only the days since then do not count", func(r *privacy.Request) error {
			_ = r.Pause("2027-01-12", "Which consultation?")
			_ = r.AskIdentity("2027-01-13")
			_ = r.Identify("2027-01-24", privacy.IdentityEmail, "")
			return r.Resume("2027-01-30")
		}, privacy.ClockRunning, "2027-03-02"},
		{"answered before the person was identified: nothing is added", func(r *privacy.Request) error {
			_ = r.Pause("2027-01-12", "Which consultation?")
			_ = r.AskIdentity("2027-01-13")
			_ = r.Resume("2027-01-15")
			return r.Identify("2027-01-20", privacy.IdentityEmail, "")
		}, privacy.ClockRunning, "2027-02-20"},
		{"an objection to direct marketing is due at once (art. 21(3))", func(r *privacy.Request) error {
			r.Kind, r.Marketing = privacy.AskObject, true
			return nil
		}, privacy.ClockRunning, "2027-01-11"},
		{"a complaint has no month (DPA 2018 s.164A: without undue delay)", func(r *privacy.Request) error {
			r.Kind = privacy.AskComplaint
			return nil
		}, privacy.ClockRunning, ""},
		{"ended: the day it had stays", func(r *privacy.Request) error {
			return r.End(privacy.Outcome{On: "2027-01-30", Decision: privacy.Granted})
		}, privacy.ClockStopped, "2027-02-11"},
	} {
		r := access("2027-01-11")
		if err := row.do(&r); err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		due, err := r.DueBy(cal)
		if r.Clock() != row.clock || due.On != row.on || (err != nil) != (row.on == "") {
			t.Errorf("%s: clock %s, due %v, %v", row.why, r.Clock(), due, err)
		}
	}
}

func TestRequestRefuses(t *testing.T) {
	cal := calendar(t)
	for _, row := range []struct {
		why  string
		do   func(*privacy.Request) error
		kind fault.Kind
	}{
		{"told of an extension after the first month (art. 12(3))", func(r *privacy.Request) error {
			return r.Extend(privacy.Extension{NotifiedOn: "2027-02-12", Reason: "Many."}, cal)
		}, fault.Invalid},
		{"an extension without a reason (art. 12(3))", func(r *privacy.Request) error {
			return r.Extend(privacy.Extension{NotifiedOn: "2027-01-20"}, cal)
		}, fault.Invalid},
		{"a second extension", func(r *privacy.Request) error {
			_ = r.Extend(privacy.Extension{NotifiedOn: "2027-01-20", Reason: "Many."}, cal)
			return r.Extend(privacy.Extension{NotifiedOn: "2027-01-21", Reason: "Many."}, cal)
		}, fault.Conflict},
		{"an extension while the clock has not started", func(r *privacy.Request) error {
			_ = r.AskIdentity("2027-01-12")
			return r.Extend(privacy.Extension{NotifiedOn: "2027-01-20", Reason: "Many."}, cal)
		}, fault.Invalid},
		{"a pause of an erasure (art. 12A: access only)", func(r *privacy.Request) error {
			r.Kind = privacy.AskErase
			return r.Pause("2027-01-14", "Which?")
		}, fault.Invalid},
		{"a pause without a question", func(r *privacy.Request) error { return r.Pause("2027-01-14", " ") }, fault.Invalid},
		{"a pause before receipt", func(r *privacy.Request) error { return r.Pause("2027-01-10", "Which?") }, fault.Invalid},
		{"a second pause", func(r *privacy.Request) error {
			_ = r.Pause("2027-01-14", "Which?")
			return r.Pause("2027-01-15", "Which?")
		}, fault.Conflict},
		{"an answer before its question", func(r *privacy.Request) error {
			_ = r.Pause("2027-01-14", "Which?")
			return r.Resume("2027-01-13")
		}, fault.Invalid},
		{"an answer to nothing", func(r *privacy.Request) error { return r.Resume("2027-01-13") }, fault.Conflict},
		{"a document without recorded doubt (privacy.md 5.4)", func(r *privacy.Request) error {
			return r.Identify("2027-01-13", privacy.IdentityDocument, "")
		}, fault.Invalid},
		{"identity asked for although satisfied (art. 12(6))", func(r *privacy.Request) error {
			_ = r.Identify("2027-01-13", privacy.IdentityCode, "")
			return r.AskIdentity("2027-01-14")
		}, fault.Conflict},
		{"a refusal without reasons (art. 12(4))", func(r *privacy.Request) error {
			return r.End(privacy.Outcome{On: "2027-01-30", Decision: privacy.Refused})
		}, fault.Invalid},
		{"a complaint's decision for an access request", func(r *privacy.Request) error {
			return r.End(privacy.Outcome{On: "2027-01-30", Decision: privacy.Upheld})
		}, fault.Invalid},
		{"ended twice", func(r *privacy.Request) error {
			_ = r.End(privacy.Outcome{On: "2027-01-30", Decision: privacy.Granted})
			return r.End(privacy.Outcome{On: "2027-01-30", Decision: privacy.Granted})
		}, fault.Conflict},
	} {
		r := access("2027-01-11")
		if err := row.do(&r); !fault.Is(err, row.kind) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}

func TestAcknowledgeBy(t *testing.T) {
	r := access("2026-11-23")
	r.Kind = privacy.AskComplaint
	if got := r.AcknowledgeBy().On; got != "2026-12-22" {
		t.Errorf("30 days beginning on Monday 23 November 2026 (DPA 2018 s.164A; privacy.md 5.3) end on %s", got)
	}
}

func TestCalendar(t *testing.T) {
	for _, n := range privacy.Nations() {
		c, err := privacy.NewCalendar(n)
		if err != nil {
			t.Fatal(err)
		}
		for year := 2024; year <= 2031; year++ {
			working, weekdays := 0, 0
			for d := privacy.DateOf(time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC)); d[:4] == privacy.Date(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")); d = d.Add(1) {
				if day, _ := time.Parse(time.DateOnly, string(d)); day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
					weekdays++
				}
				if c.Working(d) {
					working++
				}
			}
			want := map[privacy.Nation]int{privacy.EnglandAndWales: 8, privacy.Scotland: 9, privacy.NorthernIreland: 10}[n]
			if weekdays-working != want {
				t.Errorf("%s %d: %d bank holidays on weekdays, not %d", n, year, weekdays-working, want)
			}
		}
	}
	for _, row := range []struct {
		why     string
		nation  privacy.Nation
		day     privacy.Date
		working bool
	}{
		{"Easter Monday in England and Wales", privacy.EnglandAndWales, "2027-03-29", false},
		{"Easter Monday is no bank holiday in Scotland", privacy.Scotland, "2027-03-29", true},
		{"2 January in Scotland, a Saturday, moves to Monday 4 January", privacy.Scotland, "2027-01-04", false},
		{"St Patrick's Day in Northern Ireland", privacy.NorthernIreland, "2027-03-17", false},
		{"the Battle of the Boyne in Northern Ireland", privacy.NorthernIreland, "2027-07-12", false},
		{"Christmas Day 2027 is a Saturday: Monday and Tuesday instead", privacy.EnglandAndWales, "2027-12-28", false},
		{"a plain Wednesday", privacy.EnglandAndWales, "2027-03-31", true},
	} {
		c, _ := privacy.NewCalendar(row.nation)
		if c.Working(row.day) != row.working {
			t.Errorf("%s: %s", row.why, row.day)
		}
	}
	c, _ := privacy.NewCalendar(privacy.EnglandAndWales, "2027-06-14")
	if c.Working("2027-06-14") || c.Next("2027-06-12") != "2027-06-15" {
		t.Error("a holiday that a proclamation adds counts as a working day")
	}
	if !c.Known("2031-12-31") || c.Known("2032-01-01") {
		t.Error("the calendar does not know how far it reaches")
	}
	if _, err := privacy.NewCalendar("mercia"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a nation without a calendar: %v", err)
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2028-02-29", "2027-02-29", "0000-00-00", "2026-11-25 ", "９９９９-01-01"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, months int) {
		d, err := privacy.ParseDate(s)
		if err != nil {
			return
		}
		months = months % 1200
		later := d.AddMonths(months)
		if later.Days(d) < 28*months-31 && months >= 0 {
			t.Errorf("%s and %d months is %s", d, months, later)
		}
		if d.Add(1).Days(d) != 1 {
			t.Errorf("the day after %s is %s", d, d.Add(1))
		}
	})
}
