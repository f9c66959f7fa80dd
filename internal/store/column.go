package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// stampLayout is how times are stored: UTC, whole seconds.
const stampLayout = "2006-01-02T15:04:05Z"

// stamp is a time column. It refuses to read anything but a UTC time with whole seconds, so that a driver's guess or a
// half-written value can never pass for a time.
type stamp struct{ at *time.Time }

// Value writes the time in UTC, cut to whole seconds.
func (s stamp) Value() (driver.Value, error) {
	if s.at.IsZero() {
		return nil, fmt.Errorf("a time is missing")
	}
	return s.at.UTC().Format(stampLayout), nil
}

// Scan reads a time.
func (s stamp) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a time is stored as %T", src)
	}
	at, err := time.Parse(stampLayout, text)
	if err != nil || at.Format(stampLayout) != text {
		return fmt.Errorf("a stored time is not of the form %s", stampLayout)
	}
	*s.at = at
	return nil
}

// optionalStamp is a time column where null is the zero time.
type optionalStamp struct{ at *time.Time }

// Value writes the time, or null.
func (s optionalStamp) Value() (driver.Value, error) {
	if s.at.IsZero() {
		return nil, nil
	}
	return stamp(s).Value()
}

// Scan reads a time or null.
func (s optionalStamp) Scan(src any) error {
	if src == nil {
		*s.at = time.Time{}
		return nil
	}
	return stamp(s).Scan(src)
}

// document is a text column that holds JSON. It is encoded and decoded in Go: the engines differ in their JSON.
type document struct{ of any }

// Value encodes it.
func (d document) Value() (driver.Value, error) {
	b, err := json.Marshal(d.of)
	return string(b), err
}

// Scan decodes it.
func (d document) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a document is stored as %T", src)
	}
	return json.Unmarshal([]byte(text), d.of)
}
