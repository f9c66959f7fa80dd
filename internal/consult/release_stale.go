package consult

import "folkmoot/internal/fault"

// Entries of the audit log that take somebody's answers out of what was counted, or may.
const (
	responseWithdrawn = "response.withdraw"
	consentWithdrawn  = "consent.withdrawn"
	newUseWithdrawn   = "newuse.withdrawn"
	responseRestrict  = "response.restrict" // also where they objected (UK GDPR art. 18, 21)
	responseRectified = "response.rectify"  // what was counted was not right (art. 16)
	noticeConfirmed   = "notice.confirm"    // another version says what may be done: who is counted for whom follows from it
)

// remember notes where the audit log stands in the transaction that takes the snapshot. Times would not do: they are whole seconds, and a
// withdrawal may come in the second of the snapshot.
func (r *Release) remember(rd Reader) error {
	newest, err := rd.AuditEvents(AuditFilter{Limit: 1})
	r.Position = 0
	for _, e := range newest {
		r.Position = e.Sequence
	}
	return err
}

// fresh returns fault.Conflict if somebody whose answers are in the tables has withdrawn since they were counted: a whole response, or the
// consent to use equality answers where the tables have any, or the agreement to a new use where somebody is counted for that alone (privacy.md 6, step 3). A restriction of a response
// is like its withdrawal, also if it was lifted since, and so is its correction, or a change of equality answers where the tables have any; and a new version of the notice may name the partner no more, so the tables are counted again under it. Agreeing again changes nothing: the answers that were
// counted are erased. Responses that came later do not matter, nor does the end of the retention period: totals may outlive it.
func (r *Release) fresh(rd Reader) error {
	stale := fault.New(fault.Conflict, "error.release.stale")
	for before := int64(0); ; {
		newer, err := rd.AuditEvents(AuditFilter{Object: "consultation:" + r.ConsultationID, Before: before})
		if err != nil || len(newer) == 0 {
			return err
		}
		for _, e := range newer {
			switch {
			case e.Sequence <= r.Position:
				return nil
			case e.Action == responseWithdrawn, e.Action == responseUnrecorded, e.Action == responseRestrict, e.Action == responseRectified, e.Action == noticeConfirmed,
				(e.Action == consentWithdrawn || e.Action == equalityChanged) && r.Equality, e.Action == newUseWithdrawn && r.Coverage.Agreed > 0:
				return stale
			}
			before = e.Sequence
		}
	}
}
