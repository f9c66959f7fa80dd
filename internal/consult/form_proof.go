package consult

import (
	"context"
	"slices"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// SignedForm is what the consent ledger says of one signed form: it names no response.
type SignedForm struct {
	Consultation *Consultation
	Event        privacy.ConsentEvent // what was decided on the form
	Now          privacy.ConsentState // where that consent stands: its person may have withdrawn it since
}

// ProveForm finds what was decided on the paper form that the council's document system has under a reference, in every consultation, in the order of the
// ledger: whoever has the form shows by it that consent was given (UK GDPR art. 7(1)). The audit log says that it was looked up, and not by which reference.
// fault.Invalid for what is no reference.
func (s *Service) ProveForm(ctx context.Context, by *Staff, reference string) (found []SignedForm, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	reference = strings.TrimSpace(reference)
	if privacy.CheckScanReference(reference) != nil {
		return nil, fault.New(fault.Invalid, "error.evidence.scan").At("scan")
	}
	return found, s.Store.Update(ctx, func(w Writer) error {
		found = nil
		all, err := w.Consultations(ConsultationFilter{})
		if err != nil {
			return err
		}
		known := map[string]*Consultation{}
		var tokens []string
		for _, c := range all {
			known[c.ID] = c
			tokens = append(tokens, s.Keys.ConsentScanToken(c.ID, reference))
		}
		events, err := w.ConsentEventsOfForm(tokens, reference)
		if err != nil {
			return err
		}
		slices.SortFunc(events, func(a, b privacy.ConsentEvent) int { return int(a.Sequence - b.Sequence) })
		for _, e := range events {
			c := known[e.ConsultationID]
			if c == nil || e.State == privacy.ConsentRequested { // that the form asked is no decision
				continue
			}
			record, err := w.ConsentRecord(c.ID, e.RecordID)
			if err != nil {
				return err
			}
			found = append(found, SignedForm{c, e, privacy.StateOf(record, w.Now())})
		}
		return w.AppendAudit(event(by.Actor(), "consent.prove", "log:"+privacy.ConsentLog))
	})
}
