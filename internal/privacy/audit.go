package privacy

import "time"

// Actor is who did something: a kind ("respondent", "staff", "partner", "system") and, for staff and partners, an id.
// Respondents have no id here: the log must not tell who took part.
type Actor struct {
	Kind string
	ID   string
}

// AuditEvent is one entry of the append-only, hash-chained audit log: who did what to which record, when and why.
// It holds no personal data: ids, counts and reasons only.
type AuditEvent struct {
	Sequence int64     // position in the log, from 1; set by the store
	At       time.Time // UTC, whole seconds; set by the store, fixed once per transaction
	Actor    Actor
	Action   string            // noun.verb, for example "consultation.publish"
	Object   string            // kind:id of the record, for example "consultation:3f9c..."
	Detail   map[string]string // counts, versions, states; never answers, names, codes or addresses
	PrevHash string            // hex; set by the store
	Hash     string            // hex; set by the store with AuditEvent.Seal
}
