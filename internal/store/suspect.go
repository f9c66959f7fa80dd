package store

import (
	"database/sql"
	"time"

	"folkmoot/internal/privacy"
)

// suspect is a column of an entry of a ledger. Where somebody put there what the program never writes, it reads as what no entry says: so the
// hash does not fit and the verification names the entry, and the rest of the log can still be read.
type suspect struct {
	of       sql.Scanner
	nonsense func()
}

// Scan reads a column.
func (s suspect) Scan(src any) error {
	if s.of.Scan(src) != nil {
		s.nonsense()
	}
	return nil
}

func suspectTime(at *time.Time, column sql.Scanner) suspect {
	return suspect{column, func() { *at = time.Unix(0, 0).UTC() }}
}

func suspectDetail(detail *map[string]string) suspect {
	return suspect{document{detail}, func() { *detail = map[string]string{"unreadable": "unreadable"} }}
}

func readSuspectConsent(row scanner) (*privacy.ConsentEvent, error) {
	var e privacy.ConsentEvent
	return &e, row.Scan(&e.Sequence, &e.ID, &e.RecordID, &e.Principal, &e.ConsultationID, &e.PurposeID, &e.State, suspectTime(&e.At, stamp{&e.At}),
		suspectTime(&e.ValidUntil, optionalStamp{&e.ValidUntil}), &e.Channel, &e.Actor, &e.Language, &e.NoticeID, &e.NoticeVersion, &e.Statement, &e.StatementHash,
		&e.Option, &e.SurveyVersion, &e.PrevHash, &e.Hash, &e.Evidence.Giver, &e.Evidence.Relation, &e.Evidence.Form, &e.Evidence.Scan,
		&e.Evidence.On, &e.Evidence.Role, &e.Reason, &e.Supersedes, &e.Evidence.Token)
}
