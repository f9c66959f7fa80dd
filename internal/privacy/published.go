package privacy

import (
	"slices"
	"time"

	"folkmoot/internal/locale"
)

// PublishedSchedule is the retention schedule that a council publishes (councils.md S3-16): lines about what it keeps, here and in other systems. It disposes
// of nothing by itself: an officer takes its lines over as rules. The zero value is none.
type PublishedSchedule struct {
	Lines  []ScheduleLine `json:"lines,omitempty"`
	Lang   locale.Lang    `json:"lang,omitempty"`   // of the texts of the lines
	Unread []string       `json:"unread,omitempty"` // headings of columns of the file that say nothing to this service
	SHA256 string         `json:"sha256,omitempty"` // of the file, hexadecimal
	By     string         `json:"by,omitempty"`     // id of whoever imported it
	At     time.Time      `json:"at,omitzero"`      // UTC
}

// ScheduleLine is one line of it. What is written for people is kept as the file has it; what a rule needs is read from it where the line says which
// information of this service it is about.
type ScheduleLine struct {
	Reference string    `json:"reference"`         // as the council numbers its lines; unique
	Title     string    `json:"title"`             // what the line is about
	Class     DataClass `json:"class,omitempty"`   // empty: about something that this service does not hold, as far as the file says
	Stage     string    `json:"stage,omitempty"`   // StageService or another system; in the words of the file where there is no class
	Trigger   Trigger   `json:"trigger,omitempty"` // empty where there is no class
	Period    string    `json:"period,omitempty"`  // ISO 8601; empty where there is no class
	Action    Disposal  `json:"action,omitempty"`  // empty where there is no class; may be Archive
	From      string    `json:"from,omitempty"`    // the trigger in the words of the file
	Kept      string    `json:"kept"`              // the period in the words of the file
	Then      string    `json:"then,omitempty"`    // the action in the words of the file
	Reason    string    `json:"reason,omitempty"`  // legislation or business reason
}

// Any reports whether there is a schedule.
func (s PublishedSchedule) Any() bool { return len(s.Lines) > 0 }

// Line returns the line with the reference and its place among the lines, from 0; false if there is none.
func (s PublishedSchedule) Line(reference string) (l ScheduleLine, at int, ok bool) {
	at = slices.IndexFunc(s.Lines, func(l ScheduleLine) bool { return l.Reference == reference })
	if at < 0 {
		return ScheduleLine{}, 0, false
	}
	return s.Lines[at], at, true
}

// RulesAbout returns the rules, of those given, that are about what the line is about: of its class, at its stage or naming it. A line without a class has none:
// a reference alone may have been given away anew.
func (l ScheduleLine) RulesAbout(rules Schedule) (out Schedule) {
	for _, r := range rules {
		if l.Class != "" && r.Class == l.Class && (r.Stage == l.Stage || r.Schedule == l.Reference) {
			out = append(out, r)
		}
	}
	return out
}

// FollowedBy reports whether the rule names the line and says what it says: SameAs.
func (l ScheduleLine) FollowedBy(r RetentionRule) bool {
	return r.Schedule == l.Reference && l.SameAs(r)
}

// SameAs reports whether the rule says of the same information the same as the line: how long, from when, and what then.
func (l ScheduleLine) SameAs(r RetentionRule) bool {
	return l.Class != "" && r.Class == l.Class && r.Stage == l.Stage && sameLength(r.Period, l.Period) && r.Trigger == l.Trigger && r.Action == l.Action
}

// Lost lists the rules that name a line which is not in the schedule.
func (s PublishedSchedule) Lost(rules Schedule) (out Schedule) {
	for _, r := range rules {
		if _, _, ok := s.Line(r.Schedule); r.Schedule != "" && !ok {
			out = append(out, r)
		}
	}
	return out
}

// ScheduleColumns are the columns of a schedule in the order in which it is written out; ParsePublished reads them in any order, and under other names too.
func ScheduleColumns() []string {
	return []string{"reference", "title", "class", "stage", "trigger", "period", "action", "reason"}
}

// Cells writes the line out under ScheduleColumns, in the words of the file, so that ParsePublished reads the same line from it.
func (l ScheduleLine) Cells() []string {
	return []string{l.Reference, l.Title, string(l.Class), l.Stage, l.From, l.Kept, l.Then, l.Reason}
}
