package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// catalogue holds the words of files that people read.
var catalogue = sync.OnceValue(locale.Must)

// File is one file as it is downloaded.
type File struct {
	Name    string
	Kind    string // media type
	Content []byte
}

// Sum returns the SHA-256 of the file, hex.
func (f File) Sum() string {
	sum := sha256.Sum256(f.Content)
	return hex.EncodeToString(sum[:])
}

// FileFormat is one kind of file of a release.
type FileFormat struct {
	Name      string      // the extension: "csv", "en.xlsx", "en.table-1.svg"
	Lang      locale.Lang // of a file for people, which is in one language; empty for the others
	Table     int         // of a chart: the number of its table, from 1; 0 for files of the whole release
	mediaType string
	write     func(io.Writer, *consult.Release, consult.ReleaseFacts) error
}

// Kind returns the name without its language: "csv", "xlsx"; of a chart "table-1.svg".
func (f FileFormat) Kind() string { return strings.TrimPrefix(f.Name, string(f.Lang)+".") }

// Formats lists the kinds of files of a release in the languages of its facts; the charts, one of each table, come last. Nothing but what
// the release and its facts hold goes into any of them, and the same release gives the same bytes.
func Formats(r *consult.Release, f consult.ReleaseFacts) []FileFormat {
	out := []FileFormat{
		{Name: "csv", mediaType: "text/csv; charset=utf-8; header=present", write: ReleaseCSV},
		{Name: "csv-metadata.json", mediaType: "application/csvm+json", write: ReleaseCSVW},
		{Name: "json", mediaType: "application/json", write: ReleaseJSON},
		{Name: "report.json", mediaType: "application/json", write: ReportJSON},
	}
	for _, l := range f.Languages {
		page := func(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error { return ReleaseHTML(w, r, f, l) }
		report := func(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error { return ReportHTML(w, r, f, l) }
		out = append(out,
			FileFormat{Name: string(l) + ".html", Lang: l, mediaType: "text/html; charset=utf-8", write: page},
			FileFormat{Name: string(l) + ".xlsx", Lang: l, mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write: inLanguage(l, writeXLSX)},
			FileFormat{Name: string(l) + ".ods", Lang: l, mediaType: odsType, write: inLanguage(l, writeODS)},
			FileFormat{Name: string(l) + ".report.html", Lang: l, mediaType: "text/html; charset=utf-8", write: report})
	}
	for _, l := range f.Languages {
		for i := range r.Tables {
			out = append(out, FileFormat{Name: fmt.Sprintf("%s.table-%d.svg", l, i+1), Lang: l, Table: i + 1, mediaType: "image/svg+xml", write: chartFile(l, i)})
		}
	}
	return out
}

func inLanguage(l locale.Lang, write func(io.Writer, []page) error) func(io.Writer, *consult.Release, consult.ReleaseFacts) error {
	return func(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error {
		return write(w, workbook(r, f, l))
	}
}

// ReleaseFile writes a release in a format, named as in Formats: fault.NotFound for others.
func ReleaseFile(r *consult.Release, f consult.ReleaseFacts, format string) (File, error) {
	for _, how := range Formats(r, f) {
		if how.Name != format {
			continue
		}
		var b bytes.Buffer
		if err := how.write(&b, r, f); err != nil {
			return File{}, err
		}
		return File{ReleaseName(r, format), how.mediaType, b.Bytes()}, nil
	}
	return File{}, fault.New(fault.NotFound, "error.release.format")
}

// SumsFormat is the format of the signed list of all files.
const SumsFormat = "sums.txt"

// ReleaseSums lists the SHA-256 of every file of the release, as the council signs it: one line each, as sha256sum writes them, after
// two lines that say what this is.
func ReleaseSums(r *consult.Release, f consult.ReleaseFacts) (string, error) {
	var b strings.Builder
	b.WriteString(sumsTitle + r.ID + "\n" + oneLine(f.Council.In(locale.English)) + ": " + oneLine(r.Title.In(locale.English)) + "\n")
	for _, how := range Formats(r, f) {
		file, err := ReleaseFile(r, f, how.Name)
		if err != nil {
			return "", err
		}
		b.WriteString(file.Sum() + "  " + file.Name + "\n")
	}
	return b.String(), nil
}

const sumsTitle = "folkmoot release "

// oneLine keeps a text from looking like lines of the list.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// FindSum returns the SHA-256 that a list of ReleaseSums gives for the file, and whether it is in it.
func FindSum(sums, name string) (sum string, ok bool) {
	for line := range strings.Lines(sums) {
		if sum, file, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok && len(sum) == 2*sha256.Size && file == name {
			return sum, true
		}
	}
	return "", false
}
