package export

import (
	"encoding/json"
	"io"
	"slices"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

// CSV on the Web, https://www.w3.org/TR/tabular-metadata/: what the columns of the CSV file mean, for programs.
type csvwTable struct {
	Context any            `json:"@context"`
	URL     string         `json:"url"`
	Title   map[string]any `json:"dc:title"`
	Creator map[string]any `json:"dc:creator"`
	Issued  string         `json:"dc:issued,omitempty"`
	Note    string         `json:"rdfs:comment"`
	Use     map[string]any `json:"dc:rights,omitempty"`
	Schema  csvwSchema     `json:"tableSchema"`
}

type csvwSchema struct {
	Columns    []csvwColumn `json:"columns"`
	PrimaryKey []string     `json:"primaryKey"`
}

type csvwColumn struct {
	Name        string            `json:"name"`
	Titles      string            `json:"titles"`
	Description map[string]string `json:"dc:description"`
	Datatype    any               `json:"datatype"`
	Null        any               `json:"null,omitempty"`
	Lang        string            `json:"lang,omitempty"`
	Required    bool              `json:"required,omitempty"`
}

// sometimes are the keys that not every figure has.
var sometimes = []string{"by", "then_by", "then_row", "column"}

// ReleaseCSVW writes the metadata of the CSV file of a release (CSV on the Web).
func ReleaseCSVW(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error {
	out := csvwTable{Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": string(locale.English)}},
		URL: ReleaseName(r, "csv"), Title: csvwText(r.Title, f.Languages), Creator: csvwText(f.Council, f.Languages),
		Note: catalogue().T(locale.English, "export.csvw.note", "Symbol", string(consult.Hidden))}
	if f.Use != nil {
		out.Use = csvwText(f.Use, f.Languages)
	}
	if !r.PublishedAt.IsZero() {
		out.Issued = r.PublishedAt.In(locale.London()).Format("2006-01-02")
	}
	describe := func(name string) map[string]string {
		d := map[string]string{}
		for _, l := range f.Languages {
			d[string(l)] = catalogue().T(l, "export.csvw."+name)
		}
		return d
	}
	for _, name := range releaseKeys {
		out.Schema.Columns = append(out.Schema.Columns, csvwColumn{Name: name, Titles: name, Description: describe(name), Datatype: "string", Required: !slices.Contains(sometimes, name)})
	}
	out.Schema.Columns = append(out.Schema.Columns, csvwColumn{Name: "value", Titles: "value", Description: describe("value"), Datatype: "decimal", Null: string(consult.Hidden)})
	for _, l := range f.Languages {
		for _, name := range releaseTexts {
			out.Schema.Columns = append(out.Schema.Columns, csvwColumn{Name: name + string(l), Titles: name + string(l), Description: describe(name[:len(name)-1]),
				Datatype: "string", Lang: string(l)})
		}
	}
	out.Schema.PrimaryKey = []string{"release", "table", "row", "then_row", "column", "measure"}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// csvwText is a text in several languages as CSV on the Web writes it: a list of tagged strings.
func csvwText(t locale.Text, langs []locale.Lang) map[string]any {
	if len(langs) == 0 {
		langs = []locale.Lang{locale.English}
	}
	return map[string]any{"@value": t.In(langs[0]), "@language": string(langs[0])}
}
