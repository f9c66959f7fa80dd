package consult

import (
	"time"

	"folkmoot/internal/locale"
)

// now is the present moment, UTC, whole seconds.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Second) }

// day is the calendar day of a moment in Europe/London, yyyy-mm-dd.
func day(t time.Time) string { return t.In(locale.London()).Format(time.DateOnly) }
