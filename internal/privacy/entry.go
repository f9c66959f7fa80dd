package privacy

import (
	"encoding/json"
	"fmt"
	"time"
)

// Register is one of the registers that the data protection officer keeps.
type Register string

// The registers.
const (
	RegisterRequests Register = "request" // rights requests and complaints: Request
	RegisterBreaches Register = "breach"  // personal data breaches and near misses: Breach
	// RegisterDisclosures holds exceptional disclosures to somebody outside, and refusals of one: Disclosure.
	RegisterDisclosures Register = "disclosure"
	// RegisterProcessors holds processors and other recipients of information: Processor.
	RegisterProcessors Register = "processor"
)

// Registers lists them.
func Registers() []Register {
	return []Register{RegisterRequests, RegisterBreaches, RegisterDisclosures, RegisterProcessors}
}

// Entry is one entry of a register as it is stored. What is said about people is in its content, sealed under a key of its own, so that
// destroying the key reaches every copy; only what lists are ordered by lies open.
type Entry struct {
	ID       string // random
	Register Register
	Number   int64 // in its register, from 1; set by the store
	OpenedAt time.Time
	DueOn    Date // the day that lists are ordered by; empty for none
	Ended    bool
	Sealed   []byte // JSON of the content
	Version  int64  // for edits
}

// EndedAt returns when an ended entry ended, UTC, from its opened content: a request after the day of its outcome, a breach when it was closed.
func EndedAt(register Register, content []byte) (time.Time, error) {
	var c struct {
		Outcome *Outcome      `json:"outcome"`
		Steps   []RequestStep `json:"steps"`
	}
	if err := json.Unmarshal(content, &c); err != nil {
		return time.Time{}, fmt.Errorf("decode an entry of a register: %w", err)
	}
	if register == RegisterRequests && c.Outcome != nil {
		return c.Outcome.On.End(), nil
	}
	if n := len(c.Steps); n > 0 { // the last thing that happens to a breach is that it is closed
		return c.Steps[n-1].At.UTC(), nil
	}
	return time.Time{}, fmt.Errorf("an entry of a register says nothing about its end")
}
