package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"folkmoot/internal/export"
)

// cells is what a reader of a workbook finds: every text of every sheet, in order, and which of them are numbers.
type cells struct {
	texts   []string
	numbers []string
}

func file(t *testing.T, format string) export.File {
	t.Helper()
	r, f := release()
	out, err := export.ReleaseFile(r, f, format)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readXLSX(t *testing.T, content []byte) (c cells) {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for _, sheet := range x.GetSheetList() {
		rows, err := x.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, text := range row {
				if text == "" {
					continue
				}
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, _ := x.GetCellFormula(sheet, at); formula != "" {
					t.Errorf("%s %s is a formula", sheet, at)
				}
				kind, err := x.GetCellType(sheet, at)
				if err != nil {
					t.Fatal(err)
				}
				c.texts = append(c.texts, text)
				if kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber {
					c.numbers = append(c.numbers, text)
				}
			}
		}
	}
	return c
}

func readODS(t *testing.T, content []byte) (c cells) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if z.File[0].Name != "mimetype" || z.File[0].Method != zip.Store {
		t.Error("the first member is not the plain mimetype (ISO/IEC 26300-3, 3.3)")
	}
	member, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	number := ""
	for d := xml.NewDecoder(member); ; {
		token, err := d.Token()
		if err == io.EOF {
			return c
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local == "table-cell" {
				number = ""
				for _, a := range x.Attr {
					switch a.Name.Local {
					case "value":
						number = a.Value
					case "formula":
						t.Error("a cell is a formula")
					}
				}
			}
		case xml.CharData:
			c.texts = append(c.texts, string(x))
			if number != "" {
				c.numbers = append(c.numbers, number)
			}
		}
	}
}

// TestEveryFileHasTheSameFigures compares every number of the workbooks with the CSV, both ways (issue: one serialiser; stop-ship rule of
// disclosure.md section 5).
func TestEveryFileHasTheSameFigures(t *testing.T) {
	lines, err := csv.NewReader(bytes.NewReader(file(t, "csv").Content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	hidden := 0
	value := slices.Index(lines[0], "value")
	for _, line := range lines[1:] {
		if line[value] == "[c]" {
			hidden++
		} else {
			numbers = append(numbers, line[value])
		}
	}
	slices.Sort(numbers)
	for _, format := range []string{"en.xlsx", "cy.xlsx", "en.ods", "cy.ods"} {
		read := readXLSX
		if strings.HasSuffix(format, "ods") {
			read = readODS
		}
		got := read(t, file(t, format).Content)
		slices.Sort(got.numbers)
		if !slices.Equal(got.numbers, numbers) {
			t.Errorf("%s: numbers %v, the CSV has %v", format, got.numbers, numbers)
		}
		if n := count(got.texts, "[c]"); n != hidden {
			t.Errorf("%s: %d hidden figures, the CSV has %d", format, n, hidden)
		}
		for _, word := range map[string][]string{"en": {"=Dissatisfied, people", "North & East", "All other counts are rounded.", "1 February 2026"},
			"cy": {"Anfodlon, pobl", "Gogledd a Dwyrain", "Mae pob cyfrif arall wedi’i dalgrynnu.", "1 Chwefror 2026"}}[format[:2]] {
			if count(got.texts, word) == 0 {
				t.Errorf("%s: %q is missing in %q", format, word, got.texts)
			}
		}
		for _, secret := range []string{"staff-secret-1", "hash-of-responses"} {
			if slices.ContainsFunc(got.texts, func(s string) bool { return strings.Contains(s, secret) }) {
				t.Errorf("%s: %q is in a public file", format, secret)
			}
		}
	}
}

func count(all []string, word string) (n int) {
	for _, s := range all {
		if s == word {
			n++
		}
	}
	return n
}

// TestFilesAreReproducible: the same release is the same bytes, and the list of checksums is of these.
func TestFilesAreReproducible(t *testing.T) {
	r, f := release()
	sums, err := export.ReleaseSums(r, f)
	if err != nil {
		t.Fatal(err)
	}
	if len(export.Formats(r, f)) != 16 {
		t.Errorf("%d formats", len(export.Formats(r, f)))
	}
	for _, format := range export.Formats(r, f) {
		a, b := file(t, format.Name), file(t, format.Name)
		if !bytes.Equal(a.Content, b.Content) {
			t.Errorf("%s: two runs differ", format.Name)
		}
		if sum, ok := export.FindSum(sums, a.Name); !ok || sum != a.Sum() {
			t.Errorf("%s is listed with %q", a.Name, sum)
		}
	}
	for _, name := range []string{"", "release-rel_7K3F", "other.csv", "release-rel_7K3F.csv "} {
		if _, ok := export.FindSum(sums, name); ok {
			t.Errorf("the list has a file %q", name)
		}
	}
	r.Title["en"] = "Title\n" + strings.Repeat("a", 64) + "  release-x.csv"
	if sums, err = export.ReleaseSums(r, f); err != nil {
		t.Fatal(err)
	}
	if _, ok := export.FindSum(sums, "release-x.csv"); ok {
		t.Error("a title makes a line of the list")
	}
}

// TestCSVWDescribesTheCSV: the metadata names the columns of the file, in order, and the symbol for what is hidden.
func TestCSVWDescribesTheCSV(t *testing.T) {
	head, err := csv.NewReader(bytes.NewReader(file(t, "csv").Content)).Read()
	if err != nil {
		t.Fatal(err)
	}
	var meta struct {
		Context []any  `json:"@context"`
		URL     string `json:"url"`
		Schema  struct {
			Columns []struct {
				Name, Titles, Null, Lang string
				Description              map[string]string `json:"dc:description"`
			} `json:"columns"`
			Key []string `json:"primaryKey"`
		} `json:"tableSchema"`
	}
	if err := json.Unmarshal(file(t, "csv-metadata.json").Content, &meta); err != nil {
		t.Fatal(err)
	}
	if meta.URL != file(t, "csv").Name || len(meta.Context) == 0 || meta.Context[0] != "http://www.w3.org/ns/csvw" {
		t.Errorf("of %q in %v", meta.URL, meta.Context)
	}
	var names []string
	for _, c := range meta.Schema.Columns {
		names = append(names, c.Titles)
		if c.Description["en"] == "" || c.Description["cy"] == "" || strings.HasPrefix(c.Description["en"], "export.") {
			t.Errorf("%s is not described: %v", c.Name, c.Description)
		}
		if (c.Null == "[c]") != (c.Name == "value") {
			t.Errorf("%s: %q stands for nothing", c.Name, c.Null)
		}
	}
	if !slices.Equal(names, head) {
		t.Errorf("columns %v, the file has %v", names, head)
	}
	seen := map[string]bool{}
	lines, err := csv.NewReader(bytes.NewReader(file(t, "csv").Content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines[1:] {
		id := ""
		for _, k := range meta.Schema.Key {
			id += strconv.Quote(line[slices.Index(head, k)])
		}
		if seen[id] {
			t.Errorf("line %d has the key of another", i+2)
		}
		seen[id] = true
	}
}
