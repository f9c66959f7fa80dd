package consult

import (
	"context"
	"encoding/json"
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

// historyMark ends the names of the keys of histories.
const historyMark = ".history"

// HistoryKey names the key of the history of a response.
func HistoryKey(responseID string) string { return responseID + historyMark }

// isHistory reports whether a key is that of a history.
func isHistory(keyID string) bool { return strings.HasSuffix(keyID, historyMark) }

// keysOf names all keys that go with records: their own and those of their histories.
func keysOf(ids ...string) []string {
	out := make([]string, 0, 2*len(ids))
	for _, id := range ids {
		out = append(out, id, HistoryKey(id))
	}
	return out
}

func historyPlace(responseID string, number int) []byte {
	return seal.Place("response_history", responseID, strconv.Itoa(number))
}

// correctionsOf opens the history of a response. One whose key is destroyed is being erased: nothing of it is there any more.
func (s *Service) correctionsOf(ctx context.Context, response *Response) (out []Correction, err error) {
	var sealed [][]byte
	err = s.Store.View(ctx, func(r Reader) (err error) {
		sealed, err = r.History(response.ConsultationID, response.ID)
		return err
	})
	if err != nil || len(sealed) == 0 {
		return nil, err
	}
	for i, one := range sealed {
		plain, err := s.OpenRecord(ctx, HistoryKey(response.ID), one, historyPlace(response.ID, i+1))
		if fault.Is(err, fault.NotFound) {
			return nil, nil
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
