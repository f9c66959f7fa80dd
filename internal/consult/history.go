package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	On     privacy.Date   `json:"on"` // Europe/London
	By     string         `json:"by"` // id of the officer
	Reason string         `json:"reason"`
	Before survey.Answers `json:"before"` // by question; an empty answer where nothing was answered
}

// SealedCorrection is a Correction as stored.
type SealedCorrection struct {
	Key    string // names its key, which opens nothing else: the id of the response, historyMark and a random end, so that it goes with the response (KeyStore.DestroyKeys)
	Sealed []byte
}

// historyMark stands in the names of the keys of histories.
const historyMark = ".history"

// newHistoryKey names a key for one entry of the history of a response. No name is used twice: what an attempt has left is taken into use by no other.
func newHistoryKey(responseID string) string { return responseID + historyMark + "." + seal.RandomID() }

// isHistory reports whether a key is that of a history.
func isHistory(keyID string) bool { return strings.Contains(keyID, historyMark) }

func historyPlace(responseID string, number int) []byte {
	return seal.Place("response_history", responseID, strconv.Itoa(number))
}

// correctionsOf opens the history of a response. One whose keys are destroyed is being erased: nothing of it is there any more. A response whose own key is
// still there is not being erased.
func (s *Service) correctionsOf(ctx context.Context, response *Response) (out []Correction, err error) {
	var sealed []SealedCorrection
	err = s.Store.View(ctx, func(r Reader) (err error) {
		sealed, err = r.History(response.ConsultationID, response.ID)
		return err
	})
	if err != nil || len(sealed) == 0 {
		return nil, err
	}
	for i, one := range sealed {
		plain, err := s.OpenRecord(ctx, one.Key, one.Sealed, historyPlace(response.ID, i+1))
		if fault.Is(err, fault.NotFound) {
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
		out = append(out, c)
	}
	return out, nil
}
