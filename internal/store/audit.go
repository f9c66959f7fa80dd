package store

import (
	"fmt"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

var addAudit = sqlText(`
insert into audit_event (sequence, at, actor_kind, actor_id, action, object, detail, prev_hash, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)

// AppendAudit chains the event to the log's last entry, in this transaction's time.
func (w *writer) AppendAudit(e privacy.AuditEvent) error {
	if w.heads == nil {
		return errNoHeads
	}
	last := &w.heads.audit
	e.Sequence, e.At = last.sequence+1, w.now
	e = e.Chain(last.hash)
	detail := e.Detail
	if detail == nil {
		detail = map[string]string{}
	}
	_, err := w.exec(addAudit, e.Sequence, stamp{&e.At}, e.Actor.Kind, e.Actor.ID, e.Action, e.Object, document{detail}, e.PrevHash, e.Hash)
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	*last = head{e.Sequence, e.Hash}
	w.audited = true
	return nil
}

const auditColumns = `sequence, at, actor_kind, actor_id, action, object, detail, prev_hash, hash`

func readAudit(row scanner) (*privacy.AuditEvent, error) {
	var e privacy.AuditEvent
	err := row.Scan(&e.Sequence, suspectTime(&e.At, stamp{&e.At}), &e.Actor.Kind, &e.Actor.ID, &e.Action, &e.Object, suspectDetail(&e.Detail), &e.PrevHash, &e.Hash)
	if len(e.Detail) == 0 {
		e.Detail = nil
	}
	return &e, err
}

// auditNarrow are the conditions beside the one that an index finds, in every sort of look-up. A list of actions begins and ends with a
// comma; the name of an action has none.
const auditNarrow = `action like $1 escape '\' and sequence < $2 and ($3 = '' or $3 like '%,' || action || ',%') and ($4 = '' or at >= $4)
	and ($5 = '' or at < $5) and ($6 = '' or actor_kind = $6)`

var (
	auditByObject = sqlText(`select ` + auditColumns + ` from audit_event
where object = $8 and ` + auditNarrow + ` and ($9 = '' or actor_id = $9)
order by sequence desc
limit $7`)
	auditByActor = sqlText(`select ` + auditColumns + ` from audit_event
where actor_id = $8 and actor_id <> '' and ` + auditNarrow + `
order by sequence desc
limit $7`)
	auditNewest = sqlText(`select ` + auditColumns + ` from audit_event
where ` + auditNarrow + `
order by sequence desc
limit $7`)
	auditPage = sqlText(`select ` + auditColumns + ` from audit_event
where sequence > $1
order by sequence
limit $2`)
	auditOne = sqlText(`select ` + auditColumns + ` from audit_event where sequence = $1`)
)

// AuditEvents returns the events that the filter lets through, newest first.
func (r *reader) AuditEvents(f consult.AuditFilter) ([]privacy.AuditEvent, error) {
	before, limit := f.Before, f.Limit
	if before == 0 {
		before = 1 << 62
	}
	if limit == 0 {
		limit = 100
	}
	actions := ""
	if len(f.Actions) > 0 {
		actions = "," + strings.Join(f.Actions, ",") + ","
	}
	narrow := []any{escapeLike(f.Action) + "%", before, actions, bound(f.From), bound(f.To), f.ActorKind, limit}
	const what = "read the audit log"
	var found []*privacy.AuditEvent
	var err error
	switch {
	case f.Object != "":
		found, err = list(r.txn, what, readAudit, auditByObject, append(narrow, f.Object, f.ActorID)...)
	case f.ActorID != "":
		found, err = list(r.txn, what, readAudit, auditByActor, append(narrow, f.ActorID)...)
	default:
		found, err = list(r.txn, what, readAudit, auditNewest, narrow...)
	}
	return values(found), err
}

// bound is the end of a range of times, "" for none: stored times compare as texts.
func bound(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// AuditEvent returns the entry with the number.
func (r *reader) AuditEvent(sequence int64) (privacy.AuditEvent, error) {
	e, err := one(r.txn, "read an entry of the audit log", readAudit, auditOne, sequence)
	if err != nil {
		return privacy.AuditEvent{}, err
	}
	return *e, nil
}

// EachAuditEvent calls fn for the whole log in order.
func (r *reader) EachAuditEvent(fn func(privacy.AuditEvent) error) error {
	return each(func(last *privacy.AuditEvent) ([]*privacy.AuditEvent, error) {
		var after int64
		if last != nil {
			after = last.Sequence
		}
		return list(r.txn, "read the audit log", readAudit, auditPage, after, pageSize)
	}, func(e *privacy.AuditEvent) error { return fn(*e) })
}

// escapeLike makes a text match only itself in a like pattern with the escape character \.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// values takes the records out of their pointers.
func values[T any](in []*T) []T {
	var out []T
	for _, v := range in {
		out = append(out, *v)
	}
	return out
}
