package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// The columns of the CSV file: what a figure is, then the figure, then these texts in every language.
var (
	releaseKeys  = []string{"release", "table", "question", "by", "then_by", "row", "then_row", "column", "measure"}
	releaseTexts = []string{"question_text_", "by_text_", "row_label_", "column_label_"}
)

// ReleaseCSV writes a release as one file of one figure a line, with codes and with labels in each language of the
// facts. The figures are the printed ones, consult.Hidden where hidden. The file has one flavour: its texts are
// harmless for spreadsheets, its numbers are numbers.
func ReleaseCSV(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error {
	s := newSheet(w, Plain)
	head := append(slices.Clone(releaseKeys), "value")
	for _, l := range f.Languages {
		for _, name := range releaseTexts {
			head = append(head, name+string(l))
		}
	}
	s.line(head...)
	for _, x := range figures(r.Tables) {
		column := consult.ReleaseColumn{}
		if x.column != nil {
			column = *x.column
		}
		cells := []string{r.ID, x.table.ID, x.table.Question, x.table.By, x.table.ThenBy, x.row.Code, x.row.Then, column.Code, x.measure, string(x.value)}
		for _, l := range f.Languages {
			cells = append(cells, x.table.Wording.In(l), x.table.ByWording.In(l), x.row.Label.In(l), column.Label.In(l))
		}
		for i := range cells {
			cells[i] = Harmless(cells[i])
		}
		s.line(cells...)
	}
	return s.close()
}

// releaseFile is the JSON form of a release. It names no member of staff and says nothing about why a figure is
// hidden (disclosure.md R13).
type releaseFile struct {
	Format       string                 `json:"format"`
	Release      string                 `json:"release"`
	Title        locale.Text            `json:"title"`
	Council      locale.Text            `json:"council"`
	Consultation locale.Text            `json:"consultation"`
	Partner      string                 `json:"partner,omitempty"` // not in the file that everybody can have
	Purpose      string                 `json:"purpose,omitempty"`
	Use          locale.Text            `json:"use,omitempty"` // what the partner promised about the use
	Dates        releaseDates           `json:"dates"`
	Contact      string                 `json:"contact"`
	Languages    []locale.Lang          `json:"languages"`
	Hidden       string                 `json:"symbol_for_hidden"`
	Method       []locale.Text          `json:"method"`
	Policy       consult.ReleasePolicy  `json:"policy"`
	Share        releaseShare           `json:"figures"`
	CSV          releaseCSV             `json:"csv"`
	Tables       []consult.ReleaseTable `json:"tables"`
	Dimensions   []consult.ReleaseDim   `json:"dimensions"` // of the tables, with what coarser codes are made of
}

type releaseDates struct {
	Opened    string `json:"opened"`
	Closed    string `json:"closed"`
	Snapshot  string `json:"snapshot"`
	Published string `json:"published"`
}

type releaseShare struct {
	Cells  int `json:"counts"`
	Hidden int `json:"counts_hidden"`
}

type releaseCSV struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"` // of the bytes that ReleaseCSV writes
}

// Format names the layout of the JSON file; it changes when a field changes its meaning.
const Format = "folkmoot-release-1"

// ReleaseJSON writes a release with all that is needed to read it: wording, dates, method, thresholds, every table as
// printed, and the SHA-256 of the CSV file of the same release.
func ReleaseJSON(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error {
	var file bytes.Buffer
	if err := ReleaseCSV(&file, r, f); err != nil {
		return err
	}
	sum := sha256.Sum256(file.Bytes())
	out := releaseFile{
		Format: Format, Release: r.ID, Title: r.Title, Council: f.Council, Consultation: f.Consultation,
		Partner: f.Partner, Purpose: f.Purpose, Use: f.Use,
		Dates:   releaseDates{Opened: f.OpenedOn, Closed: f.ClosedOn, Snapshot: f.SnapshotOn},
		Contact: f.Contact, Languages: f.Languages, Hidden: string(consult.Hidden), Method: f.Method, Policy: f.Policy,
		CSV:    releaseCSV{File: ReleaseName(r, "csv"), SHA256: hex.EncodeToString(sum[:])},
		Tables: r.Tables, Dimensions: r.Dims,
	}
	if !r.PublishedAt.IsZero() {
		out.Dates.Published = r.PublishedAt.In(locale.London()).Format("2006-01-02")
	}
	out.Share = shareOf(r.Tables)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// ReadRelease reads back what ReleaseJSON wrote: the tables with their figures, what is needed to tell codes apart, and the day of publication
// at midnight, Europe/London. It returns fault.Invalid for anything else.
func ReadRelease(in io.Reader) (*consult.Release, error) {
	var f releaseFile
	if err := json.NewDecoder(in).Decode(&f); err != nil || f.Format != Format || len(f.Tables) == 0 || len(f.Dimensions) == 0 {
		return nil, fault.New(fault.Invalid, "error.release.file")
	}
	for _, t := range f.Tables {
		for _, row := range t.Rows {
			if len(row.Counts) != len(t.Columns) || len(row.Percent) != len(t.Columns) {
				return nil, fault.New(fault.Invalid, "error.release.file")
			}
		}
	}
	r := &consult.Release{ID: f.Release, Title: f.Title, State: consult.ReleasePublished, Policy: f.Policy, Tables: f.Tables, Dims: f.Dimensions}
	if published, err := time.ParseInLocation(time.DateOnly, f.Dates.Published, locale.London()); err == nil {
		r.PublishedAt = published
	}
	return r, nil
}

// ReleaseName returns the name of a release's file with the extension.
func ReleaseName(r *consult.Release, extension string) string {
	return "release-" + fileName(r.ID) + "." + extension
}

// fileName keeps of an id what is safe in the name of a file and in a header.
func fileName(id string) string {
	out := []byte(id)
	for i, c := range out {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			out[i] = '-'
		}
	}
	return string(out)
}
