package privacy

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"folkmoot/internal/seal"
)

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
	Hash     string            // hex; set by the store with AuditEvent.Chain
}

// NewAuditEvent makes an entry for the audit log. detail holds name, value pairs: counts, versions and states only.
func NewAuditEvent(who Actor, action, object string, detail ...string) AuditEvent {
	e := AuditEvent{Actor: who, Action: action, Object: object}
	for i := 0; i+1 < len(detail); i += 2 {
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		e.Detail[detail[i]] = detail[i+1]
	}
	return e
}

// Chain returns the event with PrevHash and Hash set to follow the entry with hash prev ("" for the first). Set the
// sequence and the time before.
func (e AuditEvent) Chain(prev string) AuditEvent {
	e.PrevHash, e.Hash = prev, seal.HashChain(prev, e.canonical())
	return e
}

func (e AuditEvent) canonical() []byte {
	fields := []string{"audit", strconv.FormatInt(e.Sequence, 10), stamp(e.At), e.Actor.Kind, e.Actor.ID, e.Action, e.Object}
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		fields = append(fields, name, e.Detail[name])
	}
	return seal.Canonical(fields...)
}
