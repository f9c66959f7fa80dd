package tables

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/export"
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
