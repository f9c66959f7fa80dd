package desk

import (
	"errors"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
)

// Mendable turns what the service refused into a problem of the form where the person can mend it there: bad input
// and names that are taken. ok is false for anything else: that error is the page's.
func Mendable(err error, field string) (p survey.Problem, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return survey.Problem{}, false
	}
	if f.Field != "" {
		field = strings.ReplaceAll(f.Field, ".", "-") // as fields of several languages are named
	}
	return survey.Problem{Field: field, Key: f.Key, Args: f.Args}, true
}

// Problems returns those of the faults that can be mended where they were typed, in order.
func Problems(faults []error) (out []survey.Problem) {
	for _, err := range faults {
		if p, ok := Mendable(err, ""); ok {
			out = append(out, p)
		}
	}
	return out
}

// Crossed reports whether err says that somebody else saved the record first. The page is then shown again with
// status 409 and what was typed, and saving once more replaces what the other person saved.
func Crossed(err error) bool { return fault.Is(err, fault.Conflict) }
