// Package fault answers: what kind of failure is this, and what may a person be told about it?
//
// Every error a person can meet is a fault: a kind, the key of a message in both languages, and the
// message's arguments. Anything that is not a fault is internal: its text reaches the log only. A fault never
// carries an answer, a name, a code or an address.
//
// Reviewer: everyone.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says which of a few things went wrong. The zero value is Internal.
type Kind string

// The kinds, each with the HTTP status that the interface maps it to.
const (
	Internal        Kind = ""                // 500: our mistake; the text is for the log
	Invalid         Kind = "invalid"         // 422: the person can mend it
	NotFound        Kind = "not_found"       // 404
	Conflict        Kind = "conflict"        // 409: somebody else changed it, or it exists already
	Forbidden       Kind = "forbidden"       // 403: the wrong person
	Unauthenticated Kind = "unauthenticated" // 303 to sign-in
	Closed          Kind = "closed"          // 410: the time for it is over, or has not come
	Throttled       Kind = "throttled"       // 429: too many attempts
	Unavailable     Kind = "unavailable"     // 503: full disk, locked or unreachable database; nothing was stored
)

// Error is a failure with a kind and a translatable message.
type Error struct {
	Kind Kind
	Key  string // message key in internal/locale
	Args []any  // name, value pairs for the message, for example "Max", 500
	Err  error  // the cause, for the log; may be nil

	// Field names what is wrong of what was sent, as the record has it, a text with its language: "slug", "about.cy". Empty
	// where no single field is.
	Field string

	// After is how long to wait before it is worth trying again; 0 where nobody knows.
	After time.Duration
}

// Error returns the text for the log: kind and key, and the cause if there is one.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s (%s): %v", e.Key, e.Kind, e.Err)
	}
	return fmt.Sprintf("%s (%s)", e.Key, e.Kind)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns a fault of the kind with the message key and its name, value pairs.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap returns a fault of the kind whose cause is err.
func Wrap(err error, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args, Err: err}
}

// At returns the fault with the name of the field that is wrong.
func (e *Error) At(field string) *Error {
	e.Field = field
	return e
}

// KindOf returns the kind of the first fault in err's chain, or Internal.
func KindOf(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Is reports whether err is a fault of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
