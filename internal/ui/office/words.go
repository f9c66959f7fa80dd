package office

import (
	"strconv"

	"folkmoot/internal/locale"
)

func itoa(n int) string { return strconv.Itoa(n) }

// whole writes a count as people read it.
func whole(n int) string { return locale.Number(int64(n)) }
