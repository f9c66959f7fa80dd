package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// FlagState is what was decided about a text that seems to hold somebody's personal details. The zero value is invalid.
type FlagState string

// The states.
const (
	FlagWaiting  FlagState = "waiting"  // held back until the officer has looked
	FlagCleared  FlagState = "cleared"  // a false alarm: shown as it is
	FlagRedacted FlagState = "redacted" // shown as the officer left it
)

// TextFlag says what one text seems to hold, never the text.
type TextFlag struct {
	Kinds []privacy.MarkKind
	State FlagState
}

// TextFlags are the flags of a response by question.
type TextFlags map[string]TextFlag

// Withheld is what texts that are held back seem to hold, by question.
type Withheld map[string][]privacy.MarkKind

// TextReview is what the officer decided about one text. It is sealed with the response and goes with it.
type TextReview struct {
	Redacted string       `json:"redacted,omitempty"` // what others read; empty if the text is shown as it is
	Reason   string       `json:"reason"`
	By       string       `json:"by"` // id of the officer
	On       privacy.Date `json:"on"` // Europe/London
}

// flagsOf looks through texts. It never returns nil: they have been looked through.
func flagsOf(texts map[string]string) TextFlags {
	flags := TextFlags{}
	for question, text := range texts {
		if kinds := privacy.KindsOf(privacy.Scan(text)); len(kinds) > 0 {
			flags[question] = TextFlag{kinds, FlagWaiting}
		}
	}
	return flags
}

// guardTexts opens the free text of a response as everybody but the respondent and the data protection officer may read it: a text that is
// flagged is left out until the officer has decided, and then replaced by what the officer left of it. A response that was stored before
// there were flags is looked through now. (councils.md S1-2; privacy.md 3: restricted role, redaction step)
// Kept postcodes are for the respondent and the officer alone: others have the ward (UK GDPR art. 5(1)(c)).
func (s *Service) guardTexts(ctx context.Context, r *Response, wrapped []byte) error {
	r.Postcodes = nil
	if len(r.FreeText) == 0 {
		return nil
	}
	texts, key, err := s.unsealTexts(r, wrapped)
	if err != nil {
		return err
	}
	def, err := s.definitionOf(ctx, r.SurveyVersion)
	if err != nil {
		return err
	}
	texts, postcodes := apart(def, texts) // whatever the row says of where they lie
	flags := r.Flags
	if flags == nil {
		flags = flagsOf(texts)
	}
	reviews, err := openReviews(r, key)
	if err != nil {
		return err
	}
	for question, f := range flags {
		if _, is := postcodes[question]; is {
			continue
		}
		switch review, ok := reviews[question]; {
		case f.State == FlagCleared:
		case f.State == FlagRedacted && ok && review.Redacted != "":
			texts[question] = review.Redacted
		default: // whatever else is stored: hold it back
			if r.HeldBack == nil {
				r.HeldBack = Withheld{}
			}
			r.HeldBack[question], texts[question] = f.Kinds, ""
		}
	}
	r.Answers, r.FreeText, r.Reviews = join(r.Answers, texts), nil, nil
	return nil
}

func reviewPlace(id string) []byte { return seal.Place("response", id, "text_reviews") }

func openReviews(r *Response, key seal.RecordKey) (map[string]TextReview, error) {
	reviews := map[string]TextReview{}
	if len(r.Reviews) == 0 {
		return reviews, nil
	}
	plain, err := seal.OpenWith(key, r.Reviews, reviewPlace(r.ID))
	if err != nil {
		return nil, fmt.Errorf("open what was decided about texts: %w", err)
	}
	if err := json.Unmarshal(plain, &reviews); err != nil {
		return nil, fmt.Errorf("open what was decided about texts: %w", err)
	}
	return reviews, nil
}

// sealReviews seals what was decided; nothing decided is nil.
func sealReviews(key seal.RecordKey, id string, reviews map[string]TextReview) ([]byte, error) {
	if len(reviews) == 0 {
		return nil, nil
	}
	plain, err := json.Marshal(reviews)
	if err != nil {
		return nil, fmt.Errorf("encode what was decided about texts: %w", err)
	}
	return seal.SealWith(key, plain, reviewPlace(id)), nil
}

// HeldBackTexts counts the texts of a consultation that are held back, so far as they are known.
func (s *Service) HeldBackTexts(ctx context.Context, by *Staff, consultationID string) (n int, err error) {
	if err := by.Allow(SeeResults, KeepRegisters); err != nil {
		return 0, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		counts, err := r.FlagCounts()
		n = counts[consultationID][FlagWaiting]
		return err
	})
	return n, err
}

// scanBatch is how many responses one transaction of ScanTexts flags.
const scanBatch = 200

// ScanTexts looks through the texts of responses that were stored before there were flags. It returns how many responses; what is
// interrupted is taken up by the next call. A response that cannot be opened now stays as it is: whoever can open it later is to find it held
// back.
func (s *Service) ScanTexts(ctx context.Context) (scanned int, problems error) {
	var last *Response
	for {
		var batch []*Response
		err := s.Store.View(ctx, func(r Reader) (err error) {
			batch, err = r.UnscannedResponses(last, scanBatch)
			return err
		})
		if err != nil || len(batch) == 0 {
			return scanned, errors.Join(problems, err)
		}
		last = batch[len(batch)-1]
		looked, err := s.lookThrough(ctx, batch)
		problems = errors.Join(problems, err)
		n, err := s.storeFlags(ctx, looked)
		scanned += n
		if err != nil {
			return scanned, errors.Join(problems, err)
		}
	}
}

// lookThrough returns the responses whose texts it could open, with their flags.
func (s *Service) lookThrough(ctx context.Context, batch []*Response) (looked []*Response, problems error) {
	ids := make([]string, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	keys, err := s.Store.Keys().Keys(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range batch {
		var texts map[string]string
		if len(r.FreeText) > 0 {
			def, err := s.definitionOf(ctx, r.SurveyVersion)
			if err != nil {
				problems = errors.Join(problems, err)
				continue
			}
			if len(keys[r.ID]) == 0 {
				continue // withdrawn since it was read; a key that is lost otherwise is for folkmoot check to find
			}
			if texts, _, err = s.unsealTexts(r, keys[r.ID]); err != nil {
				problems = errors.Join(problems, err)
				continue
			}
			texts, _ = apart(def, texts) // a postcode that still lies among them is shown to nobody
		}
		r.Flags = flagsOf(texts)
		looked = append(looked, r)
	}
	return looked, problems
}

func (s *Service) storeFlags(ctx context.Context, looked []*Response) (n int, err error) {
	if len(looked) == 0 {
		return 0, nil
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		n = 0
		for _, r := range looked {
			stored, err := w.Response(r.ID)
			switch {
			case fault.Is(err, fault.NotFound): // erased meanwhile
				continue
			case err != nil:
				return err
			case stored.Flags != nil: // another instance was faster
				continue
			}
			if err := w.SetFlags(r); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return nil
		}
		return w.AppendAudit(event(system(), "texts.scan", "texts:all", "responses", fmt.Sprint(n)))
	})
	return n, err
}
