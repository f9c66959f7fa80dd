package privacy_test

import (
	"testing"

	"folkmoot/internal/privacy"
)

// told is a history of one partner: each letter is a version. A names Ash as a recipient of totals, B names Ash and Birch, b the same in other words,
// W in other words that are wider, S keeps responses shorter than A.
func told(letters string) (h privacy.History) {
	for i, letter := range letters {
		p := processing()
		ash := privacy.Recipient{Name: "Ash", Form: privacy.Anonymous, Location: "United Kingdom"}
		p.Purposes[0].Recipients = []privacy.Recipient{ash}
		v := privacy.ProcessingVersion{Version: i + 1}
		switch letter {
		case 'B', 'b':
			p.Purposes[0].Recipients = append(p.Purposes[0].Recipients, privacy.Recipient{Name: "Birch", Form: privacy.Anonymous, Location: "United Kingdom"})
		case 'S':
			p.Retention = "P12M"
		}
		if letter == 'b' || letter == 'W' {
			p.Purposes[0].Text = text("Decide when libraries open.", "Penderfynu pryd mae llyfrgelloedd ar agor.")
		}
		v.Wider = letter == 'W'
		v.Processing = p
		h = append(h, v)
	}
	return h
}

// Councils.md S0-19: "use governed by the policy in force at collection", and a choice over a different use.
func TestStanding(t *testing.T) {
	for _, row := range []struct {
		why      string
		versions string
		from     int
		agreed   []int
		want     int
	}{
		{"the version in force when they answered", "A", 1, nil, 1},
		{"nothing was asked of them: they are not part of the new use", "AB", 1, nil, 1},
		{"they agreed", "AB", 1, []int{2}, 2},
		{"they were told when they answered", "AB", 2, nil, 2},
		{"kept shorter: everybody is told, and it holds for everybody", "AS", 1, nil, 2},
		{"a change of words after a new use that they did not agree to brings the new use too", "ABb", 1, nil, 1},
		{"and after one that they agreed to it does not", "ABb", 1, []int{2}, 3},
		{"they did not answer about version 2 and agreed to version 3", "ABb", 1, []int{3}, 3},
		{"the new use is taken back: the newest version holds for everybody", "ABS", 1, nil, 3},
		{"and a second new use is asked about anew", "ABAB", 1, nil, 3},
		{"whoever had agreed to it the first time did not agree to it now", "ABAB", 1, []int{2}, 3},
		{"words that two people found wider are a new use", "AW", 1, nil, 1},
		{"agreed to", "AW", 1, []int{2}, 2},
		{"a version that they were told is not in the history: nothing later holds", "AS", 9, nil, 9},
		{"agreement to what never was opens nothing", "AB", 1, []int{7}, 1},
		{"agreement to an older version than they were told is no step back", "AB", 2, []int{1}, 2},
	} {
		if got := told(row.versions).Standing(privacy.PartResponses, row.from, row.agreed...); got != row.want {
			t.Errorf("%s: version %d, want %d", row.why, got, row.want)
		}
		if got := told(row.versions).Standing(privacy.PartEquality, row.from); row.from < 9 && got != len(row.versions) {
			t.Errorf("%s: the equality answers are not what changed, and stand at %d", row.why, got)
		}
	}
}

func TestMayReceive(t *testing.T) {
	p := processing()
	for _, row := range []struct {
		why  string
		name string
		form privacy.Form
		want bool
	}{
		{"named, in this form", "Climate Hero AB", privacy.Anonymous, true},
		{"named, in a narrower form than asked", "Climate Hero AB", privacy.Pseudonymised, false},
		{"not named", "Climate Hero", privacy.Anonymous, false},
		{"nobody", "", privacy.Anonymous, false},
	} {
		if got := p.MayReceive(row.name, row.form); got != row.want {
			t.Errorf("%s: %v", row.why, got)
		}
	}
}
