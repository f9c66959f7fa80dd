package privacy

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// RecordFields lists what the record of processing says of each activity, in the order of its columns: what UK GDPR art. 30(1) asks for, then what
// the regulator adds where it is relevant (privacy.md 8).
func RecordFields() []string {
	return []string{
		// art. 30(1)(a) to (g)
		"controller", "joint_controller", "representative", "dpo", "purposes", "people", "data", "recipients", "transfers", "erasure", "security",
		// ICO
		"basis", "condition", "schedule1", "interests", "source", "rights", "automated", "children", "location", "notice", "consent", "dpia", "contracts", "breaches",
	}
}

// RecordField is one field of an activity, in every language: lines of text.
type RecordField struct {
	Key   string        `json:"key"` // of RecordFields
	Lines []locale.Text `json:"lines"`
}

// Activity is one processing activity of the record: a published consultation, or something that the service itself does.
type Activity struct {
	ID       string        `json:"id"`       // of the consultation, or the name of the activity of the service
	Platform bool          `json:"platform"` // of the service itself
	State    string        `json:"state"`    // of the consultation, as consult.Status writes it; "running" for the service
	Title    locale.Text   `json:"title"`
	Fields   []RecordField `json:"fields"` // in the order of RecordFields, each once
}

// Field returns the lines of a field.
func (a Activity) Field(key string) []locale.Text {
	for _, f := range a.Fields {
		if f.Key == key {
			return f.Lines
		}
	}
	return nil
}

// ProcessingRecord is the record of processing activities of a controller (UK GDPR art. 30(1)) at a moment.
type ProcessingRecord struct {
	MadeAt     time.Time     `json:"made_at"` // UTC
	Council    locale.Text   `json:"council"`
	Activities []Activity    `json:"activities"` // consultations by closing date, newest first, then those of the service
	Languages  []locale.Lang `json:"languages"`
}

// ProcessingSnapshot is the record as it was at one moment of a month, for good.
type ProcessingSnapshot struct {
	Month    string // yyyy-mm, Europe/London
	Document []byte // ProcessingRecord as JSON, as it is hashed
	Hash     string // SHA-256 in hex of the document
}

// MonthOf returns the month, yyyy-mm, that calendars in Europe/London show at the moment.
func MonthOf(t time.Time) string { return t.In(locale.London()).Format("2006-01") }

// NewProcessingSnapshot writes the record down, as that of the month in which it was made.
func NewProcessingSnapshot(r ProcessingRecord) (*ProcessingSnapshot, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode the record of processing: %w", err)
	}
	return &ProcessingSnapshot{Month: MonthOf(r.MadeAt), Document: raw, Hash: seal.Digest(string(raw))}, nil
}

// Record reads a snapshot. fault.Conflict if it is not what its hash says: somebody changed it.
func (s *ProcessingSnapshot) Record() (ProcessingRecord, error) {
	var r ProcessingRecord
	if seal.Digest(string(s.Document)) != s.Hash {
		return r, fault.New(fault.Conflict, "error.record.altered", "Month", s.Month)
	}
	if err := json.Unmarshal(s.Document, &r); err != nil {
		return r, fmt.Errorf("decode a snapshot of the record of processing: %w", err)
	}
	return r, nil
}

// RecordChange is one thing that differs between two records.
type RecordChange struct {
	Activity Activity // as it is in the later record, or in the earlier one where it is gone
	Kind     string   // "added", "gone" or "changed"
	Field    string   // of RecordFields, "title" or "state", where it was changed
	Before   []locale.Text
	After    []locale.Text
}

// CompareRecords lists what changed from one record to a later one: activities that were added, gone, and each field that says something else.
func CompareRecords(before, after ProcessingRecord) (out []RecordChange) {
	find := func(r ProcessingRecord, id string) (Activity, bool) {
		i := slices.IndexFunc(r.Activities, func(a Activity) bool { return a.ID == id })
		if i < 0 {
			return Activity{}, false
		}
		return r.Activities[i], true
	}
	for _, now := range after.Activities {
		was, there := find(before, now.ID)
		if !there {
			out = append(out, RecordChange{Activity: now, Kind: "added"})
			continue
		}
		if flat(was.Title) != flat(now.Title) {
			out = append(out, RecordChange{now, "changed", "title", []locale.Text{was.Title}, []locale.Text{now.Title}})
		}
		if was.State != now.State {
			out = append(out, RecordChange{now, "changed", "state", []locale.Text{{locale.English: was.State}}, []locale.Text{{locale.English: now.State}}})
		}
		for _, key := range RecordFields() {
			x, y := was.Field(key), now.Field(key)
			if !slices.EqualFunc(x, y, func(a, b locale.Text) bool { return flat(a) == flat(b) }) {
				out = append(out, RecordChange{now, "changed", key, x, y})
			}
		}
	}
	for _, was := range before.Activities {
		if _, there := find(after, was.ID); !there {
			out = append(out, RecordChange{Activity: was, Kind: "gone"})
		}
	}
	return out
}
