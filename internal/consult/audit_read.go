package consult

import (
	"context"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// AuditEvents reads the audit log.
func (s *Service) AuditEvents(ctx context.Context, by *Staff, f AuditFilter) (out []privacy.AuditEvent, err error) {
	if err := by.Allow(SeeAudit); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.AuditEvents(f)
		return err
	})
	return out, err
}

// AuditRecord is one entry of the audit log with what vouches for it.
type AuditRecord struct {
	Entry  privacy.AuditEvent
	Proof  *privacy.EntryProof // that it is in the log of the newest checkpoint; nil where none counts it yet, or where there is no proof
	Broken bool                // a checkpoint counts it, and the log is not the one that was signed
}

// AuditEntry returns one entry and its proof. fault.NotFound if there is no such entry.
func (s *Service) AuditEntry(ctx context.Context, by *Staff, sequence int64) (*AuditRecord, error) {
	if err := by.Allow(SeeAudit); err != nil {
		return nil, err
	}
	out := &AuditRecord{}
	err := s.Store.View(ctx, func(r Reader) (err error) {
		out.Entry, err = r.AuditEvent(sequence)
		return err
	})
	if err != nil {
		return nil, err
	}
	logs := s.Store.Logs()
	newest, err := newestOr(ctx, logs, privacy.AuditLog, false)
	if err != nil || newest == nil || newest.Size < sequence || sequence < 1 {
		return out, err
	}
	hashes, err := seal.ProveEntry(newTree(ctx, logs, privacy.AuditLog, newest), newest.Size, sequence)
	if fault.Is(err, fault.Unavailable) {
		return nil, err
	}
	proof := &privacy.EntryProof{Entry: out.Entry, Proof: hashes, Checkpoint: newest.Note}
	if err == nil {
		_, err = proof.Check(s.LogKey())
	}
	if out.Broken = err != nil; !out.Broken { // whatever is wrong, the entry can be read, and nothing is called a proof that is none
		out.Proof = proof
	}
	return out, nil
}

// AuditCheckpoint returns the newest checkpoint of the audit log, for whoever sees the log: it counts every entry, so that it is not for
// everybody (PublicCheckpoint). fault.NotFound before the first.
func (s *Service) AuditCheckpoint(ctx context.Context, by *Staff) (*Checkpoint, error) {
	if err := by.Allow(SeeAudit); err != nil {
		return nil, err
	}
	return s.Store.Logs().NewestCheckpoint(ctx, privacy.AuditLog, false)
}

// ExportAudit calls fn for every entry that the filter lets through, newest first, its Limit left aside. The export itself is written into the
// log first, with the names of the filters and not what was typed into them; it is not among what is exported. No transaction is open while
// fn runs.
func (s *Service) ExportAudit(ctx context.Context, by *Staff, f AuditFilter, fn func(privacy.AuditEvent) error) error {
	if err := by.Allow(SeeAudit); err != nil {
		return err
	}
	if f.Before == 0 {
		last, err := s.Store.Logs().LogEnd(ctx, privacy.AuditLog)
		if err != nil {
			return err
		}
		f.Before = last + 1
	}
	err := s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(by.Actor(), "audit.export", "log:"+privacy.AuditLog, "filters", strings.Join(f.names(), " ")))
	})
	if err != nil {
		return err
	}
	for f.Limit = exportBatch; ; {
		var page []privacy.AuditEvent
		err := s.Store.View(ctx, func(r Reader) (err error) {
			page, err = r.AuditEvents(f)
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
		}
		if len(page) < exportBatch {
			return nil
		}
		f.Before = page[len(page)-1].Sequence
	}
}

// names lists by what the filter narrows.
func (f AuditFilter) names() []string {
	out := []string{}
	for _, part := range []struct {
		name string
		set  bool
	}{{"actor", f.ActorID+f.ActorKind != ""}, {"action", f.Action != "" || len(f.Actions) > 0}, {"object", f.Object != ""},
		{"from", !f.From.IsZero()}, {"to", !f.To.IsZero()}} {
		if part.set {
			out = append(out, part.name)
		}
	}
	if len(out) == 0 {
		return []string{"none"}
	}
	return out
}

// log writes into the log what was done outside its transaction.
func (s *Service) log(ctx context.Context, e privacy.AuditEvent) error {
	return s.Store.Update(ctx, func(w Writer) error { return w.AppendAudit(e) })
}

// OpenByCode is HeldByCode where a code is entered: who comes with it and sees everything that is held leaves a trace, as unknown codes do.
func (s *Service) OpenByCode(ctx context.Context, code, network string) (*Held, error) {
	held, err := s.HeldByCode(ctx, code, network)
	if err != nil {
		return nil, err
	}
	return held, s.log(ctx, event(respondent(), "response.open", "consultation:"+held.Consultation.ID))
}
