package consult

import (
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// ChangeState is where a change of processing stands. The zero value is invalid.
type ChangeState string

// The states, in order.
const (
	ChangeDraft     ChangeState = "draft"     // being written
	ChangeProposed  ChangeState = "proposed"  // waiting for a second person
	ChangeReturned  ChangeState = "returned"  // sent back, with a reason
	ChangeConfirmed ChangeState = "confirmed" // a new version of the notice; what it says never changes any more
)

// NoticeChange is a change of what a published consultation does with answers. One person proposes it and another confirms it, as for releases; then
// it is a new version of the notice, and people who answered before are asked where it is a different use (councils.md S0-19).
type NoticeChange struct {
	ID             string
	ConsultationID string
	State          ChangeState
	From           int // version of the notice that was in force before
	To             int // the version that it became; 0 until it is confirmed
	Before, After  privacy.Processing
	Note           locale.Text // what changes and why, for the people concerned
	Judged, Wider  bool        // whether somebody said what changed words mean, and whether they say more than before

	DraftedBy   string // staff id
	ProposedBy  string
	ProposedAt  time.Time
	ConfirmedBy string // never DraftedBy or ProposedBy
	ConfirmedAt time.Time
	ReturnNote  string
	ClosesAt    time.Time // UTC: the first moment at which people are asked no more; zero = they are asked until somebody ends it
	EndedBy     string
	EndedAt     time.Time // UTC; zero = not ended by anybody
	Version     int64
}

// Differences are what the change changes, in the order of the notice.
func (c *NoticeChange) Differences() []privacy.Difference {
	return privacy.CompareProcessing(c.Before, c.After)
}

// Needs lists the parts about which people who answered before have a choice.
func (c *NoticeChange) Needs() (parts []privacy.Part) {
	for _, part := range privacy.Parts() {
		if privacy.NeedsChoice(c.Differences(), part, c.Wider) {
			parts = append(parts, part)
		}
	}
	return parts
}

// Editable reports whether the change can be worked on.
func (c *NoticeChange) Editable() bool { return c.State == ChangeDraft || c.State == ChangeReturned }

// Asks reports whether people are asked about the change at the moment now.
func (c *NoticeChange) Asks(now time.Time) bool {
	return c.State == ChangeConfirmed && c.EndedAt.IsZero() && (c.ClosesAt.IsZero() || now.Before(c.ClosesAt)) && len(c.Needs()) > 0
}

// ConfirmableBy returns fault.Forbidden, with the reason, for who may not confirm the change: it was written by one person and is looked at by another.
func (c *NoticeChange) ConfirmableBy(by *Staff) error {
	switch {
	case !by.May(ConfirmChanges):
		return fault.New(fault.Forbidden, "error.forbidden")
	case c.ProposedBy == by.ID || c.DraftedBy == by.ID:
		return fault.New(fault.Forbidden, "error.change.same_person")
	}
	return nil
}

// historyOf is every version of the processing of a consultation, from its confirmed changes, ascending.
func historyOf(c *Consultation, changes []*NoticeChange) (h privacy.History) {
	wider := map[int]bool{}
	for _, change := range changes {
		if change.State == ChangeConfirmed {
			h = append(h, privacy.ProcessingVersion{Version: change.From, Processing: change.Before, Wider: wider[change.From]})
			wider[change.To] = change.Wider
		}
	}
	return append(h, privacy.ProcessingVersion{Version: c.NoticeVersion, Processing: c.Processing, Wider: wider[c.NoticeVersion]})
}

// history reads every version of the processing of a consultation.
func history(r Reader, c *Consultation) (privacy.History, []*NoticeChange, error) {
	changes, err := r.NoticeChanges(c.ID)
	if err != nil {
		return nil, nil, err
	}
	return historyOf(c, changes), changes, nil
}

// asking reports whether somebody for whom the version from holds is asked about the part at the moment now: a change after it is being asked about, and is a
// choice about this part. A question that was ended is not put again because a later change asks about something else.
func asking(changes []*NoticeChange, part privacy.Part, from int, now time.Time) bool {
	return slices.ContainsFunc(changes, func(c *NoticeChange) bool { return c.To > from && c.Asks(now) && slices.Contains(c.Needs(), part) })
}
