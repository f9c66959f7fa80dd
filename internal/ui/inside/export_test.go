//go:build !race

// Storing a hundred thousand responses under the race detector takes minutes; make test runs this file without it.

package inside_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// TestExportOfAHundredThousand exports as many responses as the largest consultations get.
func TestExportOfAHundredThousand(t *testing.T) {
	const responses = 100_000
	w := newWorld(t)
	c := w.Publish(t, "great", "resident-satisfaction", nil)
	stock(t, w.World, c, responses)
	b := w.signIn(t, consult.Researcher)
	for _, flavour := range []string{"plain", "spreadsheet"} {
		begun := time.Now()
		a := b.Peek("/office/consultations/" + c.ID + "/export/responses.csv?flavour=" + flavour)
		if a.Status != 200 {
			t.Fatalf("the export answers %d:\n%.300s", a.Status, a.Body)
		}
		t.Logf("%s: %d bytes after %s", flavour, len(a.Body), time.Since(begun).Round(time.Millisecond))
		rows := csv.NewReader(bytes.NewReader([]byte(strings.TrimPrefix(a.Body, "\ufeff"))))
		n := 0
		for {
			row, err := rows.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if n > 0 && row[0] != fmt.Sprint(n) {
				t.Fatalf("line %d is numbered %s", n, row[0])
			}
			n++
		}
		if n != responses+1 {
			t.Errorf("%d lines, want the head and %d responses", n, responses)
		}
	}
}

// stock stores n responses with coded answers, a thousand to a transaction.
func stock(t *testing.T, w *uitest.World, c *consult.Consultation, n int) {
	t.Helper()
	for from := 0; from < n; from += 1000 {
		err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
			for i := range 1000 {
				r := &consult.Response{ID: seal.RandomID(), ConsultationID: c.ID, SurveyVersion: c.SurveyVersion, NoticeID: c.NoticeID,
					NoticeVersion: c.NoticeVersion, Language: locale.English, Channel: consult.Web, SubmittedOn: "2026-03-29",
					TokenHash: seal.RandomID(), CodeHash: seal.RandomID(), Reference: seal.RandomID(),
					Answers: survey.Answers{"satisfied_area": {Codes: []string{"very_satisfied"}}, "satisfied_council": {Codes: []string{fmt.Sprint(i % 5)}}}}
				if err := tx.AddResponse(r); err != nil {
					return err
				}
			}
			return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "response.submit", Object: "consultation:" + c.ID})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
