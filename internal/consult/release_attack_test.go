package consult

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// wide is a table of many wards and answers, of which most are hidden.
func wide(wards, answers int) [][]ReleaseCell {
	number := func(n int) ReleaseCell { return ReleaseCell(strconv.Itoa(n)) }
	rows := [][]ReleaseCell{{number(100 * wards)}}
	for range answers {
		rows[0] = append(rows[0], number(100*wards/answers))
	}
	for w := range wards {
		row := []ReleaseCell{"100"}
		for a := range answers {
			if (w+a)%5 == 0 {
				row = append(row, "10")
			} else {
				row = append(row, Hidden)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// printedRelease is a release of one question by ward, which hides what is marked.
func printedRelease(rows ...[]ReleaseCell) (*releasePlan, *Release) {
	plan := &releasePlan{src: releaseSource{def: &survey.Definition{}}, dims: []*releaseDim{
		{Dim: disclosure.Dim{Name: "sat", Role: disclosure.Sensitive}},
		{Dim: disclosure.Dim{Name: "ward", Role: disclosure.Ordinary, Ladder: []disclosure.Rung{{Name: "areas", Parent: map[string]string{"ward1": "north", "ward2": "north"}}}}},
	}}
	table := ReleaseTable{ID: "q_sat_by_ward", Question: "sat", By: "ward"}
	for i := range rows[0][1:] {
		table.Columns = append(table.Columns, ReleaseColumn{Code: fmt.Sprint("answer", i)})
		plan.dims[0].Codes = append(plan.dims[0].Codes, table.Columns[i].Code)
	}
	for i := range rows {
		code := totalRow
		if i > 0 {
			code = fmt.Sprint("ward", i)
			plan.dims[1].Codes = append(plan.dims[1].Codes, code)
		}
		row := ReleaseRow{Code: code, Base: rows[i][0], Counts: rows[i][1:]}
		for range row.Counts {
			row.Percent = append(row.Percent, Hidden)
		}
		table.Rows = append(table.Rows, row)
	}
	return plan, &Release{ID: "r", Policy: ReleasePolicy{Rounding: 5}, Tables: []ReleaseTable{table}}
}

// TestTheAttackBlocksWhatDoesNotHold: whatever protection says, tables that give something away, and tables that could not be examined, are not
// proposed (disclosure.md 3.4, 3.6: exact/narrow/attribute/joiners = 0; a time-out is a failure).
func TestTheAttackBlocksWhatDoesNotHold(t *testing.T) {
	safe := [][]ReleaseCell{{"300", "120", "100", "80"}, {"100", "40", "[c]", "[c]"}, {"100", "40", "[c]", "[c]"}, {"100", "40", "[c]", "[c]"}}
	for _, c := range []struct {
		why   string
		rows  [][]ReleaseCell
		limit time.Duration
		says  string // of the finding that blocks; empty: safe
	}{
		{"what is hidden stays uncertain", safe, time.Minute, ""},
		{"only one exact figure is hidden", [][]ReleaseCell{{"300", "120", "[c]", "80"}, {"100", "40", "[c]", "[c]"}, {"100", "40", "[c]", "[c]"}, {"100", "40", "[c]", "[c]"}},
			time.Minute, "could work out"},
		{"there was no time", wide(60, 12), 0, "came to no end"},
		{"figures that contradict each other", [][]ReleaseCell{{"300", "120", "100", "80"}, {"100", "40", "30", "30"}, {"100", "40", "30", "30"}, {"40", "40", "30", "30"}},
			time.Minute, "contradict"},
	} {
		plan, release := printedRelease(c.rows...)
		was := attackLimit
		attackLimit = c.limit
		found, err := plan.attack(t.Context(), release, disclosure.Default())
		attackLimit = was
		if err != nil {
			t.Fatal(c.why, err)
		}
		if found.Safe() != (c.says == "") || len(release.Findings) > 0 != (c.says != "") {
			t.Errorf("%s: %+v, findings %v", c.why, found, release.Findings)
			continue
		}
		for _, f := range release.Findings {
			if !f.Block || !strings.Contains(f.Text[locale.English], c.says) || f.Text[locale.Welsh] == "" {
				t.Errorf("%s: finding %+v", c.why, f)
			}
		}
	}
	if (ReportAttack{}).Safe() {
		t.Error("a release that nobody attacked counts as safe")
	}
}

// TestTheAttackComparesReleases: two people more between two releases are found out, and the later one is blocked.
func TestTheAttackComparesReleases(t *testing.T) {
	everybody := func(cells ...ReleaseCell) *Release {
		_, r := printedRelease(cells)
		r.SnapshotHash = "before"
		return r
	}
	plan, later := printedRelease([]ReleaseCell{"302", "122", "100", "80"}, []ReleaseCell{"100", "40", "[c]", "[c]"})
	later.Tables[0].Rows = later.Tables[0].Rows[:1]
	plan.earlier = series{everybody("300", "120", "100", "80")}
	found, err := plan.attack(t.Context(), later, disclosure.Default())
	if err != nil {
		t.Fatal(err)
	}
	if found.Releases != 2 || found.Joiners == 0 {
		t.Errorf("%+v", found)
	}
	if len(later.Findings) != 1 || !later.Findings[0].Block {
		t.Errorf("findings %+v", later.Findings)
	}
}
