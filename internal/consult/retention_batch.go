package consult

import (
	"context"
	"fmt"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Keys lie in a store of their own and are destroyed before the rows. A batch of a disposal is therefore begun by writing down, in the transaction that looks for
// holds and restrictions, which records go. What is placed before that keeps the batch whole; what is placed after it, also while the service does not run,
// comes too late for this batch: it is completed, rows and all, so that no record is left whose keys alone are gone.

// pledge begins a batch of a run, without those of the records that a person has asked to keep (UK GDPR art. 18), and returns what has to be erased: where a batch was begun
// and not completed, by a crash or by another instance, that one. ended is the last day on which one of the records ended, "" where that is not told.
// fault.Conflict if there is a hold, or if another instance has ended the run.
func (s *Service) pledge(ctx context.Context, key string, class privacy.DataClass, consultationID string, ids []string, ended privacy.Date) (batch []string, err error) {
	err = s.Store.Update(ctx, func(w Writer) error {
		open := map[string]*retentionRun{}
		version, err := ReadSetting(w, runsSetting, &open)
		if err != nil {
			return err
		}
		run := open[key]
		if run == nil {
			return fault.New(fault.Conflict, "error.hold.placed")
		}
		if batch = run.Batch; len(batch) > 0 {
			return nil
		}
		if err := heldIn(w, class, consultationID); err != nil {
			return err
		}
		if batch, err = unrestricted(w, class, ids); err != nil || len(batch) == 0 {
			return err
		}
		run.Batch, run.To = batch, max(run.To, ended)
		if err := WriteSetting(w, runsSetting, open, version); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "retention.batch", "certificate:"+run.ID, "items", fmt.Sprint(len(batch))))
	})
	return batch, err
}

// unrestricted leaves out the responses whose use a person has had restricted since they were listed.
func unrestricted(r Reader, class privacy.DataClass, ids []string) (out []string, err error) {
	if class == privacy.ClassRightsCase {
		return ids, nil
	}
	for _, id := range ids {
		restricted, err := r.Restricted(id)
		if err != nil {
			return nil, err
		}
		if !restricted {
			out = append(out, id)
		}
	}
	return out, nil
}

// heldIn returns fault.Conflict if there is a hold.
func heldIn(r Reader, class privacy.DataClass, consultationID string) error {
	var holds []privacy.Hold
	if _, err := ReadSetting(r, HoldsSetting, &holds); err != nil {
		return err
	}
	if holding(holds, class, consultationID, r.Now()) != nil {
		return fault.New(fault.Conflict, "error.hold.placed")
	}
	return nil
}

// heldNow is heldIn before anything is begun.
func (s *Service) heldNow(ctx context.Context, class privacy.DataClass, consultationID string) error {
	return s.Store.View(ctx, func(r Reader) error { return heldIn(r, class, consultationID) })
}

// add counts rows that the transaction erases, notes what more there is to say of them, and ends their batch. fault.Conflict, and no row is erased, if another instance has ended the run.
func add(w Writer, key string, counts map[string]int, batch []string, more ...func(*retentionRun)) error {
	open := map[string]*retentionRun{}
	version, err := ReadSetting(w, runsSetting, &open)
	if err != nil {
		return err
	}
	run := open[key]
	if run == nil {
		return fault.New(fault.Conflict, "error.hold.placed")
	}
	for table, n := range counts {
		run.Counts[table] += n
	}
	for _, note := range more {
		note(run)
	}
	run.end(batch)
	return WriteSetting(w, runsSetting, open, version)
}

// end ends a batch; the run may be at another one already.
func (r *retentionRun) end(batch []string) bool {
	same := len(r.Batch) > 0 && slices.Equal(r.Batch, batch)
	if same {
		r.Batch = nil
	}
	return same
}

// unpledge ends a batch of which nothing was left to erase: everybody had withdrawn, or another instance was faster.
func unpledge(w Writer, key string, batch []string) error {
	open := map[string]*retentionRun{}
	version, err := ReadSetting(w, runsSetting, &open)
	if err != nil || open[key] == nil || !open[key].end(batch) {
		return err
	}
	if err := WriteSetting(w, runsSetting, open, version); err != nil {
		return err
	}
	return w.AppendAudit(event(system(), "retention.batch", "certificate:"+open[key].ID, "items", "0"))
}

// finishBatch completes the batch that a run had begun, if there is one, whatever was placed since.
func (s *Service) finishBatch(ctx context.Context, run retentionRun) (err error) {
	if len(run.Batch) == 0 {
		return nil
	}
	switch run.Rule.Class {
	case privacy.ClassFreeText:
		_, err = s.disposeTextBatch(ctx, run.Of, run.key(), run.Batch)
	case privacy.ClassPostcodes:
		_, err = s.coarsenBatch(ctx, run.Of, run.key(), run.Batch)
	case privacy.ClassRightsCase:
		for _, id := range run.Batch {
			if _, err = s.disposeEntry(ctx, run.key(), run.Register, id); err != nil && !erasurePending(err) {
				return err
			}
		}
	default:
		var batch []doomed
		if batch, err = s.doomedOf(ctx, run.Batch); err == nil {
			_, err = s.disposeBatch(ctx, run.Of, run.key(), batch)
		}
	}
	if erasurePending(err) { // committed
		return nil
	}
	return err
}

// doomedOf reads what has to be known of records that a batch names. One that is gone has no text.
func (s *Service) doomedOf(ctx context.Context, ids []string) (batch []doomed, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		batch = nil
		for _, id := range ids {
			response, err := r.Response(id)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err != nil {
				response = &Response{ID: id}
			}
			batch = append(batch, doomedBy(response))
		}
		return nil
	})
	return batch, err
}
