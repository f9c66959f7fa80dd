package consult

import (
	"context"
	"errors"
	"fmt"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// disposable refuses to begin where all that is left are texts that postcodes could not be taken out of (PartPostcodes): neither those nor the texts can go alone, and each
// run would end in another certificate of nothing.
func (s *Service) disposable(ctx context.Context, i RetentionItem) error {
	if i.Rule.Class != privacy.ClassPostcodes && (i.Rule.Class != privacy.ClassFreeText || i.Whole) {
		return nil
	}
	open, err := s.openRuns(ctx)
	if err != nil || open[i.Key()] != nil {
		return err
	}
	ready, unparted := 0, 0
	err = s.Store.View(ctx, func(r Reader) (err error) {
		if i.Rule.Class == privacy.ClassPostcodes {
			ready, err = r.PostcodeCount(i.Consultation.ID)
		} else {
			var ids []string
			ids, err = r.ResponsesWithText(i.Consultation.ID, 1, false)
			ready = len(ids)
		}
		if err == nil {
			unparted, err = unpartedLeft(r, i.Consultation.ID)
		}
		return err
	})
	if err == nil && ready == 0 && unparted > 0 {
		err = fmt.Errorf("the postcodes of %d responses lie in free text that could not be opened", unparted)
	}
	return err
}

// textsGoing are the ids in the batch of free text of the consultation that is being erased, in this moment or since a crash.
func textsGoing(r Reader, consultationID string) ([]string, error) {
	open := map[string]*retentionRun{}
	if _, err := ReadSetting(r, runsSetting, &open); err != nil {
		return nil, err
	}
	if run := open[string(privacy.ClassFreeText)+"|"+consultationID]; run != nil {
		return run.Batch, nil
	}
	return nil, nil
}

// unpartedLeft counts the responses in whose free text a postcode may lie, without those whose text is being erased.
func unpartedLeft(r Reader, consultationID string) (n int, err error) {
	if n, err = r.UnpartedCount(consultationID); err != nil || n == 0 {
		return n, err
	}
	going, err := textsGoing(r, consultationID)
	if err != nil {
		return n, err
	}
	for _, id := range going {
		response, err := r.Response(id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return n, err
		}
		restricted, err := r.Restricted(id) // it is not in the count
		if err != nil {
			return n, err
		}
		if response.Unparted && !restricted {
			n--
		}
	}
	return n, nil
}

// coarsen erases the kept postcodes of the responses of one consultation and leaves the ward and everything else (councils.md S0-2; UK GDPR art. 5(1)(c), 5(1)(e)).
func (s *Service) coarsen(ctx context.Context, consultationID, run string) (coarsened int, err error) {
	var pending error
	for {
		var ids []string
		err := s.Store.View(ctx, func(r Reader) (err error) {
			ids, err = r.ResponsesWithPostcode(consultationID, disposalBatch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return coarsened, errors.Join(err, pending)
		}
		if ids, err = s.pledge(ctx, run, privacy.ClassPostcodes, consultationID, ids, ""); err != nil {
			return coarsened, errors.Join(err, pending)
		}
		n, err := s.coarsenBatch(ctx, consultationID, run, ids)
		coarsened += n
		switch {
		case erasurePending(err):
			pending = err
		case err != nil:
			return coarsened, err
		}
	}
}

// coarsenBatch destroys the keys first, as disposeBatch does, and with them the tags of the words of postcodes and what stood there before a correction.
func (s *Service) coarsenBatch(ctx context.Context, consultationID, run string, ids []string) (coarsened int, err error) {
	if err := s.listErasure(ctx, ErasedPostcode, ids); err != nil {
		return 0, err
	}
	if err := s.Store.Keys().DestroyKeys(ctx, postcodeKeys(ids)); err != nil {
		return 0, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		coarsened = 0
		for _, id := range ids {
			switch err := w.ErasePostcodes(id); {
			case fault.Is(err, fault.NotFound): // withdrawn, or another instance was faster
			case err != nil:
				return err
			default:
				coarsened++
			}
		}
		if coarsened == 0 {
			return unpledge(w, run, ids)
		}
		if err := add(w, run, map[string]int{tableOf(privacy.ClassPostcodes): coarsened, "record_key": coarsened}, ids); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "postcodes.coarsen", "consultation:"+consultationID, "erased", fmt.Sprint(coarsened)))
	})
	if err != nil && !erasurePending(err) {
		return 0, err
	}
	return coarsened, err
}

func postcodeKeys(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = PostcodeKey(id)
	}
	return out
}
