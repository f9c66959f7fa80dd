package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"folkmoot/internal/survey"
)

func TestStampIsStrict(t *testing.T) {
	for _, test := range []struct {
		stored any
		ok     bool
		why    string
	}{
		{"2026-03-29T01:30:00Z", true, "the form of architecture.md section 6, in the hour the clocks change"},
		{"2026-03-29T02:30:00+01:00", false, "another zone"},
		{"2026-03-29T01:30:00.5Z", false, "parts of a second"},
		{"2026-03-29 01:30:00", false, "another form"},
		{"2026-03-29", false, "a date"},
		{"2026-02-30T00:00:00Z", false, "no such day"},
		{"", false, "nothing"},
		{nil, false, "null"},
		{int64(1774747800), false, "a number"},
		{time.Now(), false, "a driver's guess"},
	} {
		var at time.Time
		err := stamp{&at}.Scan(test.stored)
		if (err == nil) != test.ok {
			t.Errorf("%v: got %v, %v: %s", test.stored, at, err, test.why)
		}
	}
	missing := time.Time{}
	if _, err := (stamp{&missing}).Value(); err == nil {
		t.Error("a missing time was written where one is required")
	}
	if v, err := (optionalStamp{&missing}).Value(); v != nil || err != nil {
		t.Errorf("a missing time where none is required: got %v, %v", v, err)
	}
	london := time.Date(2026, 7, 1, 12, 0, 0, 999, time.FixedZone("BST", 3600))
	if v, err := (stamp{&london}).Value(); v != "2026-07-01T11:00:00Z" || err != nil {
		t.Errorf("a time of another zone: got %v, %v", v, err)
	}
}

// TestCodedAnswersRoundTrip: whatever answers hold comes back, and a tabulation finds the same values.
func TestCodedAnswersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[a-z_0-9]{1,8}`), rapid.StringN(1, 8, -1), rapid.StringMatching("[=,%\n\t\x1ea]{1,5}"))
		answers := survey.Answers{}
		for range rapid.IntRange(0, 6).Draw(t, "answers") {
			a := survey.Answer{Codes: rapid.SliceOfNDistinct(text, 0, 3, rapid.ID).Draw(t, "codes")}
			if rapid.Bool().Draw(t, "described") {
				a.Text = text.Draw(t, "text")
			}
			if len(a.Codes) == 0 {
				a.Codes = nil
			}
			if !a.Empty() {
				answers[text.Draw(t, "question")] = a
			}
		}
		coded := encodeAnswers(answers)
		got, err := decodeAnswers(coded)
		if diff := cmp.Diff(answers, got); err != nil || diff != "" {
			t.Fatalf("%q: %v %s", coded, err, diff)
		}
		for id, a := range answers {
			table := newTabulation([]string{id})
			table.countText(coded)
			want := len(a.Codes)
			if want == 0 {
				want = 1 // the text counts as a code
			}
			counts := table.counts()
			if len(counts) != want || len(a.Codes) == 1 && counts[0].Codes[0] != a.Codes[0] {
				t.Fatalf("%q: question %q counts as %v", coded, id, counts)
			}
		}
	})
}

// TestPlaceholders: raw $n would be numbered by first appearance on SQLite, and silently swapped.
func TestPlaceholders(t *testing.T) {
	s := sqlText(`
select $2, $1, $12 from t`)
	if got, want := s.text[sqlite], `select ?2, ?1, ?12 from t`; got != want {
		t.Errorf("SQLite: got %s, want %s", got, want)
	}
	if got, want := s.text[postgres], `select $2, $1, $12 from t`; got != want {
		t.Errorf("PostgreSQL: got %s, want %s", got, want)
	}
}
