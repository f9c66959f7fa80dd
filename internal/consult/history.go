package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Correction is one correction of a response, with what stood there before (UK GDPR art. 16; councils.md S0-18). It lies sealed in the history of the
// response, under a key of its own. The copy of its person shows it, and nothing else does.
type Correction struct {
	On     privacy.Date   `json:"on"`           // Europe/London
	By     string         `json:"by"`           // id of the officer
	Reason string         `json:"reason"`       // empty where it went with the free text and a postcode stays
	Before survey.Answers `json:"before"`       // by question; an empty answer where nothing was answered
	Of     int            `json:"of,omitempty"` // of the entry that these postcodes belong to; 0 for an entry of its own
}

// SealedCorrection is a Correction as stored.
type SealedCorrection struct {
	Number int    // from 1; those of disposed entries are used again
	Key    string // names its key, which opens nothing else: the id of the response, historyMark or postcodeMark and a random end, so that it goes with the response or its postcodes (KeyStore.DestroyKeys)
	Sealed []byte
}

// historyMark stands in the names of the keys of histories.
const historyMark = ".history"

// newHistoryKey names a key for one entry of the history of a response. No name is used twice: what an attempt has left is taken into use by no other.
func newHistoryKey(responseID string) string { return responseID + historyMark + "." + seal.RandomID() }

// isHistory reports whether a key is that of a history.
func isHistory(keyID string) bool { return strings.Contains(keyID, historyMark) || ofPostcode(keyID) }

func historyPlace(responseID string, number int) []byte {
	return seal.Place("response_history", responseID, strconv.Itoa(number))
}

// historyNumber is the number of the next entry.
func historyNumber(history []SealedCorrection) int {
	last := 0
	for _, h := range history {
		last = max(last, h.Number)
	}
	return last + 1
}

// correctionsOf opens the history of a response. One whose keys are destroyed is being erased: nothing of it is there any more. A response whose own key is
// still there is not being erased. A postcode that stood there and whose key is gone was coarsened: the correction stays, with the ward.
func (s *Service) correctionsOf(ctx context.Context, response *Response) (out []Correction, err error) {
	var sealed []SealedCorrection
	err = s.Store.View(ctx, func(r Reader) (err error) {
		sealed, err = r.History(response.ConsultationID, response.ID)
		return err
	})
	if err != nil || len(sealed) == 0 {
		return nil, err
	}
	at := map[int]int{} // places in out, by number
	for _, one := range sealed {
		plain, err := s.OpenRecord(ctx, one.Key, one.Sealed, historyPlace(response.ID, one.Number))
		if fault.Is(err, fault.NotFound) {
			if ofPostcode(one.Key) {
				continue
			}
			if _, own := s.Store.Keys().Key(ctx, response.ID); fault.Is(own, fault.NotFound) {
				return nil, nil
			}
			err = errors.New("a key is missing") // no kind: the response is there
		}
		var c Correction
		if err == nil {
			err = json.Unmarshal(plain, &c)
		}
		if err != nil {
			return nil, fmt.Errorf("open the history of a response: %w", err)
		}
		if i, there := at[c.Of]; there {
			out[i].Before = join(out[i].Before, textsIn(c.Before))
			continue
		}
		at[one.Number] = len(out)
		out = append(out, c) // where the entry that postcodes belong to went with the free text, they stand alone
	}
	return out, nil
}

// textsIn are what is written in answers, by question.
func textsIn(answers survey.Answers) map[string]string {
	out := map[string]string{}
	for id, a := range answers {
		if a.Text != "" {
			out[id] = a.Text
		}
	}
	return out
}

// sealCorrection seals an entry of a history: the postcodes that stood there apart, under a key that goes with the postcodes, as the entry with the next number. Keys are
// stored first: a crash leaves a key without an entry, which the next start destroys.
func (s *Service) sealCorrection(ctx context.Context, responseID string, number int, c Correction, postcodes map[string]string) (out []SealedCorrection, err error) {
	rest, kept := c, Correction{On: c.On, By: c.By, Of: number, Before: survey.Answers{}}
	rest.Before = survey.Answers{}
	for id, a := range c.Before {
		if text, is := postcodes[id]; is {
			kept.Before[id], a.Text = survey.Answer{Text: text}, ""
		}
		rest.Before[id] = a
	}
	add := func(key string, c Correction) error {
		plain, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("encode the history of a response: %w", err)
		}
		one := SealedCorrection{Number: number + len(out), Key: key}
		if one.Sealed, err = s.SealRecord(ctx, one.Key, plain, historyPlace(responseID, one.Number)); err == nil {
			out = append(out, one)
		}
		return err
	}
	if err := add(newHistoryKey(responseID), rest); err != nil || len(kept.Before) == 0 {
		return out, err
	}
	return out, add(newPostcodeHistoryKey(responseID), kept)
}

// keysOf are the names of the keys of entries of a history.
func keysOf(history []SealedCorrection) (keys []string) {
	for _, h := range history {
		keys = append(keys, h.Key)
	}
	return slices.Compact(keys)
}
