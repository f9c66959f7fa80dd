package tables

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/ui/page"
)

// Signer signs the checksums of released files: the service.
type Signer interface {
	SignFiles(sums string) ([]byte, error)
}

// File makes a file of a release, or the signed list of the checksums of all its files. fault.NotFound for other formats.
func File(service Signer, r *consult.Release, facts consult.ReleaseFacts, format string) (export.File, error) {
	if format != export.SumsFormat {
		return export.ReleaseFile(r, facts, format)
	}
	sums, err := export.ReleaseSums(r, facts)
	if err != nil {
		return export.File{}, err
	}
	signed, err := service.SignFiles(sums)
	if err != nil {
		return export.File{}, err
	}
	return export.File{Name: export.ReleaseName(r, format), Kind: "text/plain; charset=utf-8", Content: signed}, nil
}

// WithCharts returns the tables of a release in the language of the page, each with the link to its chart. base is the address of the files
// of the release up to their format.
func WithCharts(p *page.Page, r *consult.Release, facts consult.ReleaseFacts, base string) []Table {
	out := Of(p, r.Tables)
	for _, format := range export.Formats(r, facts) {
		if format.Table > 0 && format.Lang == p.Lang {
			t := &out[format.Table-1]
			t.File = &page.Link{Text: p.T("release.table.chart_file"), Hidden: t.Heading, Href: p.To(base + format.Name)}
		}
	}
	return out
}
