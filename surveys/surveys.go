// Package surveys holds the questions that come with Folkmoot, as data: the question bank, whole standard surveys,
// the published JSON Schema of definitions, and the geography of the demonstration world. README.md describes the
// format.
//
// Reviewer: survey designer (wording), translator (Welsh).
package surveys

import (
	"embed"
	"io/fs"
	"path"
	"sync"

	"folkmoot/internal/survey"
)

//go:embed bank/*.yaml standard/*.yaml schema.json demo/wards.csv
var files embed.FS

// Schema is the JSON Schema (draft 2020-12) of definitions, as published.
//
//go:embed schema.json
var Schema []byte

// Bank returns the question bank. It panics if an embedded file has a fault, which the package's tests exclude.
var Bank = sync.OnceValue(func() survey.Bank {
	sources := map[string][]byte{}
	for _, name := range names("bank") {
		sources[name] = read("bank/" + name)
	}
	bank, faults := survey.ParseBank(sources)
	if len(faults) > 0 {
		panic("surveys: " + faults[0].String())
	}
	return bank
})

// Standard lists the standard surveys: the names that StandardSource takes, in the order of the library.
func Standard() []string {
	return []string{"resident-satisfaction", "service-feedback", "net-zero", "blank"}
}

// StandardSource returns the YAML of a standard survey. ok is false where there is none of that name.
func StandardSource(name string) (src []byte, ok bool) {
	for _, known := range Standard() {
		if name == known {
			return read("standard/" + name + ".yaml"), true
		}
	}
	return nil, false
}

// names lists the files of an embedded folder.
func names(dir string) []string {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		panic("surveys: " + err.Error()) // the folder is part of the program
	}
	var out []string
	for _, e := range entries {
		out = append(out, path.Base(e.Name()))
	}
	return out
}

// read returns an embedded file.
func read(name string) []byte {
	src, err := files.ReadFile(name)
	if err != nil {
		panic("surveys: " + err.Error()) // the file is part of the program
	}
	return src
}
