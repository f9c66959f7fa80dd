// Package plain answers: how is data protected that never saw this service?
//
// It reads one folder of CSV files (responses.csv, tables.csv, dims.csv, codes.csv, policy.yaml), asks package
// disclosure for every table at every level of its hierarchies, and writes the folder of the release: cells.csv with
// everything published, the hierarchies beside it, a public report, and apart from these what the next release has to
// know. The files are described in docs/protect.md. It shares no code with the attack on such folders.
//
// It does no I/O: it reads from a file system and returns what is to be written. Reviewer: data analyst, statistician.
package plain

import (
	"fmt"
	"strings"

	"folkmoot/internal/disclosure"
)

// Fault is unusable input: where and why, in English, for the person at the command line.
type Fault struct {
	File string
	Line int // 0 if it is about the whole file
	Text string
}

// Error returns "file:line: text".
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults are all that makes an input unusable.
type Faults []Fault

// Error returns the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

// NotAnswered is the code of an empty field.
const NotAnswered = "(none)"

// unlisted is the code of everybody whose code is not in the list of an incomplete dimension; it is never published.
const unlisted = "(unlisted)"

// Dim is a line of dims.csv with its codes.
type Dim struct {
	Name     string
	Role     string // "sensitive", "special" or empty
	Complete bool   // false: totals hold people in no listed code
	Codes    []Code
	line     int
}

// Code is a code of codes.csv.
type Code struct {
	Name    string
	Parents []string
	Score   string // as written; empty if the code has none
	points  float64
	line    int
}

// TableSpec is a line of tables.csv.
type TableSpec struct {
	Name string
	Dims []string
	line int
}

// Data is a readable input.
type Data struct {
	IDs      []string
	Dims     []Dim
	Answers  map[string][]string // by dimension, for each response its code
	Tables   []TableSpec
	Policy   disclosure.Policy // without a seed
	Measures []string          // of count, pct, mean
	Method   string            // "suppression", or "cell_key" for perturbed figures
	// Perturbation is the most that is added to a count or taken away, by cell keys; from 3.
	Perturbation int
}
