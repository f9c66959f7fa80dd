package export

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// AuditWords name what the audit log holds as ids and codes, in the language of whoever reads the file.
type AuditWords struct {
	Actor  func(privacy.Actor) string
	Action func(action string) string
}

// AuditCSV writes a line for each entry of the audit log that each calls its argument with: for reading in a spreadsheet program. Times are
// given in UTC and in Europe/London. A log that can be verified without the database is written by AuditEvent.Line.
func AuditCSV(w io.Writer, words AuditWords, each func(func(privacy.AuditEvent) error) error) error {
	s := newSheet(w, Spreadsheet)
	s.line("number", "at_utc", "at_london", "who", "actor_kind", "actor_id", "what", "action", "object", "detail", "prev_hash", "hash")
	err := each(func(e privacy.AuditEvent) error {
		detail := ""
		if len(e.Detail) > 0 {
			raw, err := json.Marshal(e.Detail)
			if err != nil {
				return err
			}
			detail = string(raw)
		}
		s.line(strconv.FormatInt(e.Sequence, 10), e.At.UTC().Format(time.RFC3339), e.At.In(locale.London()).Format("2006-01-02 15:04:05"), words.Actor(e.Actor),
			e.Actor.Kind, e.Actor.ID, words.Action(e.Action), e.Action, e.Object, detail, e.PrevHash, e.Hash)
		return s.err
	})
	if err != nil {
		return err
	}
	return s.close()
}
