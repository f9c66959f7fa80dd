package consult

import (
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// PublishedTotals is a release that is published and not revoked, without its tables.
type PublishedTotals struct {
	privacy.KeptTotals
	Part        bool      // some people, or the equality answers of some, were not counted (ReleaseCoverage)
	SnapshotAt  time.Time // UTC; when it was counted
	PublishedAt time.Time // UTC
}

// Why answers are erased without totals of them being kept, though a rule says that they are anonymised.
const (
	WaitsForTotals = "totals" // none were published that count all answers
	NotInNotice    = "notice" // the notice that people saw does not say that totals are kept
)

// readTotals reads what was published, if a rule asks for it.
func (p *planner) readTotals(r Reader) (err error) {
	if slices.ContainsFunc(p.rules, func(r privacy.RetentionRule) bool {
		return r.Action == privacy.Anonymise || r.Trigger == privacy.OnTotals
	}) {
		p.totals, err = r.PublishedTotals()
	}
	return err
}

// testedTotals are those of the published totals that can stand for the answers of a class: they were counted when no response came any more, late paper neither, and left
// nobody out; and a report of the disclosure test is signed (councils.md S4-18: with disclosure test).
func testedTotals(all []PublishedTotals, c *Consultation, class privacy.DataClass) (out []PublishedTotals) {
	for _, t := range all {
		if !t.SnapshotAt.Before(lateEntryEnds(c)) && !t.Part && t.Report != "" && (t.Equality || class != privacy.ClassEquality) {
			out = append(out, t)
		}
	}
	return out
}

// totalsMoment adds when the last totals that can stand for a class were published.
func (p *planner) totalsMoment(c *Consultation, class privacy.DataClass, moments map[privacy.Trigger]time.Time) map[privacy.Trigger]time.Time {
	out := map[privacy.Trigger]time.Time{}
	for trigger, at := range moments {
		out[trigger] = at
	}
	for _, t := range testedTotals(p.totals[c.ID], c, class) {
		if t.PublishedAt.After(out[privacy.OnTotals]) {
			out[privacy.OnTotals] = t.PublishedAt
		}
	}
	return out
}

// keepTotals makes of the item of an anonymising rule what can be done: the answers are erased and the totals named, or why not is said, and the notice alone
// holds. What people were not told of is not done (privacy.md 2, decision 3).
func (p *planner) keepTotals(c *Consultation, i *RetentionItem) (can bool) {
	if !c.Processing.KeepTotals {
		i.Without = NotInNotice
		return false
	}
	tested := testedTotals(p.totals[c.ID], c, i.Rule.Class)
	if len(tested) == 0 || i.Rule.Class == privacy.ClassResponses && p.equalityWaits(c) {
		i.Without = WaitsForTotals
		return false
	}
	for _, t := range tested {
		i.Kept = append(i.Kept, t.KeptTotals)
	}
	i.Rule.Action = privacy.Anonymise
	return true
}

// equalityWaits reports whether equality answers are held that wait for totals of their own: they would go with the responses.
func (p *planner) equalityWaits(c *Consultation) bool {
	rule, ok := p.disposal(privacy.ClassEquality)
	until, err := validUntil(c)
	return ok && rule.Approver != "" && rule.Action == privacy.Anonymise && err == nil && len(c.Processing.Categories) > 0 && p.now.Before(until) &&
		len(testedTotals(p.totals[c.ID], c, privacy.ClassEquality)) == 0
}

// stillKept returns fault.Conflict if one of the totals was revoked since they were looked for.
func stillKept(r Reader, consultationID string, kept []privacy.KeptTotals) error {
	if len(kept) == 0 {
		return nil
	}
	all, err := r.PublishedTotals()
	if err != nil {
		return err
	}
	for _, k := range kept {
		if !slices.ContainsFunc(all[consultationID], func(t PublishedTotals) bool { return t.KeptTotals == k }) {
			return fault.New(fault.Conflict, "error.retention.totals_revoked")
		}
	}
	return nil
}
