package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
)

func bilingual(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

// release is a release of two tables, one of them with a label that a spreadsheet would run.
func release() (*consult.Release, consult.ReleaseFacts) {
	r := &consult.Release{ID: "rel_7K3F", Title: bilingual("Library hours", "Oriau’r llyfrgell"), State: consult.ReleasePublished,
		ProposedBy: "staff-secret-1", ApprovedBy: "staff-secret-2", SnapshotHash: "hash-of-responses", Responses: 412,
		PublishedAt: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC),
		Report:      consult.ReleaseReport{ByRule: map[string]int{"R3": 1}},
		Tables: []consult.ReleaseTable{
			{ID: "sat_by_ward", Question: "sat", Wording: bilingual("How satisfied are you?", "Pa mor fodlon ydych chi?"),
				By: "ward", ByWording: bilingual("Ward", "Ward"), Scale: true,
				Columns: []consult.ReleaseColumn{{Code: "sat", Label: bilingual("Satisfied", "Bodlon")},
					{Code: "dis", Label: bilingual("=Dissatisfied", "Anfodlon")}},
				Rows: []consult.ReleaseRow{
					{Code: "total", Label: bilingual("Everybody", "Pawb"), Base: "412", Counts: []consult.ReleaseCell{"150", "262"},
						Percent: []consult.ReleaseCell{"36", "64"}, Mean: "2.7", Net: "-27.2"},
					{Code: "w1", Label: bilingual("North & East", "Gogledd a Dwyrain"), Base: "25", Counts: []consult.ReleaseCell{"[c]", "[c]"},
						Percent: []consult.ReleaseCell{"[c]", "[c]"}, Mean: "[c]", Net: "[c]"},
				},
				Notes: []locale.Text{bilingual("Answers are grouped.", "Mae’r atebion wedi’u grwpio.")}},
			{ID: "uses", Question: "uses", Wording: bilingual("Do you use it?", "Ydych chi’n ei defnyddio?"),
				Columns: []consult.ReleaseColumn{{Code: "y", Label: bilingual("Yes", "Ydw")}},
				Rows: []consult.ReleaseRow{{Code: "total", Label: bilingual("Everybody", "Pawb"), Base: "412",
					Counts: []consult.ReleaseCell{"200"}, Percent: []consult.ReleaseCell{"49"}}}},
		}}
	f := consult.ReleaseFacts{Council: bilingual("Wemsley", "Wemsley"), Consultation: r.Title, Partner: "Green Heat Ltd",
		Purpose: "Plan heat networks", Use: bilingual("Not for marketing.", "Nid ar gyfer marchnata."), OpenedOn: "2026-02-01", ClosedOn: "2026-03-01", SnapshotOn: "2026-03-02",
		Languages: locale.Langs(), Contact: "consult@wemsley.example",
		Policy: consult.ReleasePolicy{BaseThreshold: 10, CellThreshold: 5, SpecialThreshold: 10, Coalition: 1, Rounding: 5, PercentMinBase: 20, MeanMinBase: 30},
		Method: []locale.Text{bilingual("All other counts are rounded.", "Mae pob cyfrif arall wedi’i dalgrynnu.")}}
	return r, f
}

func TestReleaseFiles(t *testing.T) {
	r, f := release()
	var all, doc bytes.Buffer
	for _, err := range []error{export.ReleaseCSV(&all, r, f), export.ReleaseJSON(&doc, r, f)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "release.csv", all.Bytes())
	golden(t, "release.json", doc.Bytes())
	for _, secret := range []string{"staff-secret", "hash-of-responses", "R3", "by_rule"} {
		if strings.Contains(all.String()+doc.String(), secret) {
			t.Errorf("%q is in a public file (R13, section 3.6)", secret)
		}
	}
}

// Councils.md S3-14: every file that says something about its figures says that they are not for marketing; a release that was published before partners were asked
// keeps its bytes.
func TestFilesSayWhatTheyAreNotFor(t *testing.T) {
	r, f := release()
	for _, how := range export.Formats(r, f) {
		with, err := export.ReleaseFile(r, f, how.Name)
		if err != nil {
			t.Fatal(err)
		}
		before := f
		before.Use = nil
		without, err := export.ReleaseFile(r, before, how.Name)
		if err != nil {
			t.Fatal(err)
		}
		about := how.Name != "csv" && how.Table == 0 // a CSV file and a chart are figures and nothing else
		if bytes.Equal(with.Content, without.Content) == about {
			t.Errorf("%s: says the same with the promise and without it: %v", how.Name, !about)
		}
		if strings.HasSuffix(how.Name, "json") || strings.HasSuffix(how.Name, "html") {
			words := map[bool]string{true: "Nid ar gyfer marchnata.", false: "Not for marketing."}[how.Lang == locale.Welsh]
			if !bytes.Contains(with.Content, []byte(words)) || bytes.Contains(without.Content, []byte(words)) {
				t.Errorf("%s: %q only where it was promised", how.Name, words)
			}
		}
		if strings.HasSuffix(how.Name, "json") && bytes.Contains(without.Content, []byte(`"use"`)) || bytes.Contains(without.Content, []byte("dc:rights")) {
			t.Errorf("%s: the bytes of an earlier release would change", how.Name)
		}
	}
}

// TestFilesOfOneReleaseAgree compares every number of the CSV with the JSON, and the hash with the bytes (stop-ship rule
// of disclosure.md section 5: no difference between the files of one release).
func TestFilesOfOneReleaseAgree(t *testing.T) {
	r, f := release()
	var file, doc bytes.Buffer
	if err := export.ReleaseCSV(&file, r, f); err != nil {
		t.Fatal(err)
	}
	if err := export.ReleaseJSON(&doc, r, f); err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		CSV struct {
			File   string `json:"file"`
			SHA256 string `json:"sha256"`
		} `json:"csv"`
		Tables []consult.ReleaseTable `json:"tables"`
	}
	if err := json.Unmarshal(doc.Bytes(), &parsed); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file.Bytes())
	if parsed.CSV.SHA256 != hex.EncodeToString(sum[:]) || parsed.CSV.File != export.ReleaseName(r, "csv") {
		t.Errorf("the JSON names %+v", parsed.CSV)
	}
	lines, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	inCSV := map[[4]string]string{}
	for _, l := range lines[1:] {
		inCSV[[4]string{l[1], l[5], l[7], l[8]}] = l[9]
	}
	inJSON := map[[4]string]string{}
	for _, table := range parsed.Tables {
		for _, row := range table.Rows {
			put := func(column, measure string, v consult.ReleaseCell) {
				if v != "" {
					inJSON[[4]string{table.ID, row.Code, column, measure}] = string(v)
				}
			}
			put("", "base", row.Base)
			put("", "mean", row.Mean)
			put("", "net", row.Net)
			for c, column := range table.Columns {
				put(column.Code, "count", row.Counts[c])
				put(column.Code, "percent", row.Percent[c])
			}
		}
	}
	if len(inCSV) != len(inJSON) || len(inCSV) != len(lines)-1 || len(inCSV) != 17 {
		t.Errorf("%d figures in %d lines of CSV, %d in JSON", len(inCSV), len(lines)-1, len(inJSON))
	}
	for at, v := range inJSON {
		if inCSV[at] != v {
			t.Errorf("%v is %q in JSON and %q in CSV", at, v, inCSV[at])
		}
	}
}

func TestReleaseNameIsSafe(t *testing.T) {
	if got := export.ReleaseName(&consult.Release{ID: "../a\r\nb\"c"}, "csv"); got != "release----a--b-c.csv" {
		t.Errorf("got %q", got)
	}
}
