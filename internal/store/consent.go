package store

import (
	"fmt"

	"folkmoot/internal/privacy"
)

var (
	addStatement = sqlText(`
insert into consent_statement (hash, statement)
values ($1, $2)
on conflict do nothing`)
	readStatement = sqlText(`select statement from consent_statement where hash = $1`)
	addConsent    = sqlText(`
insert into consent_event (sequence, id, record_id, principal, consultation_id, purpose_id, state, at, valid_until, channel, actor,
	language, notice_id, notice_version, statement_hash, option_label, survey_version, prev_hash, hash,
	giver, relation, form, scan, given_on, recorder_role, reason, supersedes, scan_token)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`)
)

// AppendConsent chains the event to the ledger's last entry, in this transaction's time, and returns it as stored. fault.Conflict if
// the hash of its statement belongs to another statement.
func (w *writer) AppendConsent(e privacy.ConsentEvent) (privacy.ConsentEvent, error) {
	if w.heads == nil {
		return e, errNoHeads
	}
	if err := w.keepStatement(e); err != nil {
		return e, fmt.Errorf("append to the consent ledger: %w", err)
	}
	last := &w.heads.consent
	e.Sequence, e.At = last.sequence+1, w.now
	e = e.Chain(last.hash)
	_, err := w.exec(addConsent, e.Sequence, e.ID, e.RecordID, e.Principal, e.ConsultationID, e.PurposeID, string(e.State), stamp{&e.At},
		optionalStamp{&e.ValidUntil}, e.Channel, e.Actor, string(e.Language), e.NoticeID, e.NoticeVersion, e.StatementHash, e.Option,
		e.SurveyVersion, e.PrevHash, e.Hash, string(e.Evidence.Giver), e.Evidence.Relation, e.Evidence.Form, e.Evidence.Scan, string(e.Evidence.On),
		e.Evidence.Role, string(e.Reason), e.Supersedes, e.Evidence.Token)
	if err != nil {
		return e, fmt.Errorf("append to the consent ledger: %w", err)
	}
	*last = head{e.Sequence, e.Hash}
	return e, nil
}

// keepStatement stores the words of a statement once, however many people they were shown to.
func (w *writer) keepStatement(e privacy.ConsentEvent) error {
	n, err := w.exec(addStatement, e.StatementHash, e.Statement)
	if err != nil || n == 1 {
		return err
	}
	var stored string
	if err := w.row(readStatement, []any{&stored}, e.StatementHash); err != nil {
		return err
	}
	if stored != e.Statement {
		return exists()
	}
	return nil
}

const consentColumns = `e.sequence, e.id, e.record_id, e.principal, e.consultation_id, e.purpose_id, e.state, e.at, e.valid_until, e.channel,
	e.actor, e.language, e.notice_id, e.notice_version, s.statement, e.statement_hash, e.option_label, e.survey_version, e.prev_hash, e.hash,
	e.giver, e.relation, e.form, e.scan, e.given_on, e.recorder_role, e.reason, e.supersedes, e.scan_token
from consent_event e
join consent_statement s on s.hash = e.statement_hash`

func readConsent(row scanner) (*privacy.ConsentEvent, error) {
	var e privacy.ConsentEvent
	return &e, row.Scan(&e.Sequence, &e.ID, &e.RecordID, &e.Principal, &e.ConsultationID, &e.PurposeID, &e.State, stamp{&e.At},
		optionalStamp{&e.ValidUntil}, &e.Channel, &e.Actor, &e.Language, &e.NoticeID, &e.NoticeVersion, &e.Statement, &e.StatementHash,
		&e.Option, &e.SurveyVersion, &e.PrevHash, &e.Hash, &e.Evidence.Giver, &e.Evidence.Relation, &e.Evidence.Form, &e.Evidence.Scan,
		&e.Evidence.On, &e.Evidence.Role, &e.Reason, &e.Supersedes, &e.Evidence.Token)
}

var (
	consentByPrincipal = sqlText(`select ` + consentColumns + `
where e.principal = $1
order by e.sequence`)
	consentByConsultation = sqlText(`select ` + consentColumns + `
where e.consultation_id = $1
order by e.sequence`)
	consentByRecord = sqlText(`select ` + consentColumns + `
where e.consultation_id = $1
	and e.record_id = $2
order by e.sequence`)
	consentByScanToken = sqlText(`select ` + consentColumns + `
where e.scan_token = $1
	and e.scan_token <> ''
order by e.sequence`)
	consentByScan = sqlText(`select ` + consentColumns + `
where e.scan = $1
	and e.scan <> ''
order by e.sequence`)
	consentPage = sqlText(`select ` + consentColumns + `
where e.sequence > $1
order by e.sequence
limit $2`)
)

// ConsentEvents returns the events of one principal in order.
func (r *reader) ConsentEvents(principal string) ([]privacy.ConsentEvent, error) {
	found, err := list(r.txn, "read the consent ledger", readConsent, consentByPrincipal, principal)
	return values(found), err
}

// ConsentEventsOf returns the events of one consultation in order.
func (r *reader) ConsentEventsOf(consultationID string) ([]privacy.ConsentEvent, error) {
	found, err := list(r.txn, "read the consent ledger", readConsent, consentByConsultation, consultationID)
	return values(found), err
}

// ConsentRecord returns the events of one consent record in order.
func (r *reader) ConsentRecord(consultationID, recordID string) ([]privacy.ConsentEvent, error) {
	found, err := list(r.txn, "read the consent ledger", readConsent, consentByRecord, consultationID, recordID)
	return values(found), err
}

// ConsentEventsOfForm returns the events of signed forms: those with one of the keyed hashes, and those from before there were any with the reference itself, as it
// was typed.
func (r *reader) ConsentEventsOfForm(tokens []string, reference string) ([]privacy.ConsentEvent, error) {
	found, err := list(r.txn, "read the consent ledger", readConsent, consentByScan, reference)
	for _, token := range tokens {
		var more []*privacy.ConsentEvent
		if err == nil {
			more, err = list(r.txn, "read the consent ledger", readConsent, consentByScanToken, token)
		}
		found = append(found, more...)
	}
	return values(found), err
}

// EachConsentEvent calls fn for the whole ledger in order.
func (r *reader) EachConsentEvent(fn func(privacy.ConsentEvent) error) error {
	return each(func(last *privacy.ConsentEvent) ([]*privacy.ConsentEvent, error) {
		var after int64
		if last != nil {
			after = last.Sequence
		}
		return list(r.txn, "read the consent ledger", readSuspectConsent, consentPage, after, pageSize)
	}, func(e *privacy.ConsentEvent) error { return fn(*e) })
}
