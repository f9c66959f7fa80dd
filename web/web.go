// Package web holds the templates and the built style sheets, scripts and fonts as data.
//
// `make assets` builds dist/ from the npm packages; nothing in dist/ is committed. The package has no logic beyond
// opening its own files.
//
// Reviewer: designer.
package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed template all:dist
var files embed.FS

// ErrNotBuilt says that the program was compiled before its assets were.
var ErrNotBuilt = errors.New("web: dist/manifest.json is missing: run `make assets`, then build again")

// Manifest maps the name a template uses ("app.css") to the hashed file that is served ("app.1a2b3c4d.css").
type Manifest map[string]string

// Templates returns the folder of templates: layout, component, page.
func Templates() fs.FS {
	sub, err := fs.Sub(files, "template")
	if err != nil {
		panic(err) // the folder is embedded: its absence does not compile
	}
	return sub
}

// Assets returns the built files and their manifest, or ErrNotBuilt.
func Assets() (fs.FS, Manifest, error) {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		return nil, nil, err
	}
	raw, err := fs.ReadFile(dist, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, ErrNotBuilt
	}
	if err != nil {
		return nil, nil, err
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, nil, fmt.Errorf("web: read manifest.json: %w", err)
	}
	return dist, m, nil
}
