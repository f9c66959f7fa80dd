package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

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

// formats are the files of a release. Nothing but what the release and its facts hold goes into them.
var formats = map[string]struct {
	kind  string
	write func(io.Writer, *consult.Release, consult.ReleaseFacts) error
}{
	"csv":  {"text/csv; charset=utf-8; header=present", ReleaseCSV},
	"json": {"application/json", ReleaseJSON},
}

// ReleaseFile writes a release in a format: "csv" or "json", fault.NotFound for others.
func ReleaseFile(r *consult.Release, f consult.ReleaseFacts, format string) (File, error) {
	how, ok := formats[format]
	if !ok {
		return File{}, fault.New(fault.NotFound, "error.release.format")
	}
	var b bytes.Buffer
	if err := how.write(&b, r, f); err != nil {
		return File{}, err
	}
	return File{ReleaseName(r, format), how.kind, b.Bytes()}, nil
}
