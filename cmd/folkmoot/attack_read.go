package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/disclosure/attack"
)

// maxFaults is how many faults of one file are named; a file of the wrong kind would fill the screen.
const maxFaults = 20

// publicFiles collects the public folders of several releases (docs/attack.md says what is in them).
type publicFiles struct {
	in     attack.Input
	dims   map[string]int // number of a dimension
	codes  map[[2]string]int
	faults attack.Faults
}

func newPublicFiles() *publicFiles {
	return &publicFiles{dims: map[string]int{}, codes: map[[2]string]int{}}
}

// readPublished reads the folders; the error is attack.Faults.
func readPublished(folders []string) (attack.Input, error) {
	p := newPublicFiles()
	for _, f := range folders {
		p.file(filepath.Join(f, "dims.csv"), true, p.readDims)
		p.file(filepath.Join(f, "codes.csv"), true, p.readCodes)
		p.file(filepath.Join(f, "meta.csv"), false, p.readMeta)
		p.file(filepath.Join(f, "cells.csv"), true, p.readCells)
	}
	if len(p.faults) > 0 {
		return p.in, p.faults
	}
	return p.in, nil
}

// file reads one file of a folder; meta.csv need not be there.
func (p *publicFiles) file(name string, needed bool, read func(string, io.Reader)) {
	f, err := os.Open(name)
	switch {
	case errors.Is(err, os.ErrNotExist) && !needed:
		return
	case errors.Is(err, os.ErrNotExist):
		p.fault(name, 0, "there is no such file")
		return
	case err != nil:
		p.fault(name, 0, "it cannot be read")
		return
	}
	defer func() { _ = f.Close() }()
	read(name, f)
}

func (p *publicFiles) fault(file string, line int, format string, args ...any) {
	n := 0
	for _, f := range p.faults {
		if f.At.File == file {
			n++
		}
	}
	if n < maxFaults {
		p.faults = append(p.faults, attack.Fault{At: attack.Place{File: file, Line: line}, Text: fmt.Sprintf(format, args...)})
	}
}

// record is a line of a CSV file by its column names.
type record struct {
	line   int
	fields []string
	column map[string]int
}

func (r record) get(column string) string {
	if i, ok := r.column[column]; ok {
		return r.fields[i]
	}
	return ""
}

// records reads a CSV file that must have the columns named, and calls line for each line.
func (p *publicFiles) records(file string, in io.Reader, needed []string, header func([]string) bool, line func(record)) {
	rows := csv.NewReader(in)
	names, err := rows.Read()
	if err != nil {
		p.fault(file, 1, "there is no header line")
		return
	}
	names = slices.Clone(names)
	names[0] = strings.TrimPrefix(names[0], "\ufeff")
	column := map[string]int{}
	for i, n := range names {
		if _, twice := column[n]; twice || n == "" {
			p.fault(file, 1, "the column %q is there twice, or has no name", n)
			return
		}
		column[n] = i
	}
	for _, n := range needed {
		if _, ok := column[n]; !ok {
			p.fault(file, 1, "the column %q is missing", n)
			return
		}
	}
	if header != nil && !header(names) {
		return
	}
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			p.fault(file, wrong.StartLine, "%v", wrong.Err)
			return
		}
		if err != nil {
			p.fault(file, 0, "it cannot be read")
			return
		}
		at, _ := rows.FieldPos(0)
		line(record{at, fields, column})
	}
}

func (p *publicFiles) readDims(file string, in io.Reader) {
	p.records(file, in, []string{"dim", "role", "complete"}, nil, func(r record) {
		d := attack.Dim{Name: r.get("dim"), Role: attack.Role(r.get("role")), Complete: r.get("complete") != "no", At: attack.Place{File: file, Line: r.line}}
		switch {
		case d.Name == "":
			p.fault(file, r.line, "a dimension without a name")
		case slices.Contains(cellColumns, d.Name):
			p.fault(file, r.line, "a dimension cannot be called %q: cells.csv has that column", d.Name)
		case d.Role != attack.Ordinary && d.Role != attack.Sensitive && d.Role != attack.Special:
			p.fault(file, r.line, "the role %q is none of sensitive, special and empty", d.Role)
		case !slices.Contains([]string{"", "yes", "no"}, r.get("complete")):
			p.fault(file, r.line, "complete is %q, not yes, no or empty", r.get("complete"))
		default:
			p.addDim(d)
		}
	})
}

func (p *publicFiles) addDim(d attack.Dim) {
	i, ok := p.dims[d.Name]
	if !ok {
		p.dims[d.Name] = len(p.in.Dims)
		p.in.Dims = append(p.in.Dims, d)
		return
	}
	if had := p.in.Dims[i]; had.Role != d.Role || had.Complete != d.Complete || had.At.File == d.At.File {
		p.fault(d.At.File, d.At.Line, "dimension %s is also at %s, and not as here or in the same file", d.Name, had.At)
	}
}

func (p *publicFiles) readCodes(file string, in io.Reader) {
	p.records(file, in, []string{"dim", "code", "parent", "score"}, nil, func(r record) {
		i, ok := p.dims[r.get("dim")]
		if !ok {
			p.fault(file, r.line, "unknown dimension %q", r.get("dim"))
			return
		}
		c := attack.Code{Name: r.get("code"), At: attack.Place{File: file, Line: r.line}}
		if c.Name == "" || c.Name == "*" {
			p.fault(file, r.line, "a code cannot be %q: that is the total", c.Name)
			return
		}
		if parent := r.get("parent"); parent != "" {
			c.Parents = []string{parent}
		}
		if s := r.get("score"); s != "" {
			score, ok := decimal(s)
			if !ok {
				p.fault(file, r.line, "the score %q is not a number", s)
				return
			}
			c.Score = &score
		}
		p.addCode(i, c)
	})
}

// addCode adds a code, or another parent of one: a code with several parents has a line for each.
func (p *publicFiles) addCode(dim int, c attack.Code) {
	d := &p.in.Dims[dim]
	i, ok := p.codes[[2]string{d.Name, c.Name}]
	if !ok {
		p.codes[[2]string{d.Name, c.Name}] = len(d.Codes)
		d.Codes = append(d.Codes, c)
		return
	}
	had := &d.Codes[i]
	if c.Score != nil && had.Score != nil && *c.Score != *had.Score {
		p.fault(c.At.File, c.At.Line, "code %q has another score at %s", c.Name, had.At)
		return
	}
	if had.Score == nil {
		had.Score = c.Score
	}
	for _, parent := range c.Parents {
		if !slices.Contains(had.Parents, parent) {
			had.Parents = append(had.Parents, parent)
		}
	}
}

// modes are the words of meta.csv in the order in which one outweighs the other when folders are put together.
var modes = []attack.Mode{attack.Unsaid, attack.Static, attack.Append, attack.Churn}

func (p *publicFiles) readMeta(file string, in io.Reader) {
	p.records(file, in, []string{"key", "value"}, nil, func(r record) {
		if r.get("key") != "releases" {
			return // others may note more
		}
		m := attack.Mode(r.get("value"))
		switch {
		case m == attack.Unsaid || !slices.Contains(modes, m):
			p.fault(file, r.line, "releases is %q, not static, append or churn", m)
		case slices.Index(modes, m) > slices.Index(modes, p.in.Mode):
			p.in.Mode = m
		}
	})
}

// cellColumns are the columns of cells.csv beside the dimensions.
var cellColumns = []string{"release", "table", "measure", "over", "value", "lo", "hi", "status"}

func (p *publicFiles) readCells(file string, in io.Reader) {
	var dims []string
	p.records(file, in, cellColumns, func(names []string) bool {
		for _, n := range names {
			if slices.Contains(cellColumns, n) {
				continue
			}
			if _, ok := p.dims[n]; !ok {
				p.fault(file, 1, "the column %q is no dimension of dims.csv", n)
				return false
			}
			dims = append(dims, n)
		}
		return true
	}, func(r record) {
		c := attack.Cell{Release: r.get("release"), Table: r.get("table"), Measure: attack.Measure(r.get("measure")), Over: r.get("over"),
			Codes: map[string]string{}, Hidden: r.get("status") == "s", At: attack.Place{File: file, Line: r.line}}
		for _, d := range dims {
			code := r.get(d)
			if code == "" || code == "*" {
				continue
			}
			if _, ok := p.codes[[2]string{d, code}]; !ok {
				p.fault(file, r.line, "unknown code %q of %s", code, d)
				return
			}
			c.Codes[d] = code
		}
		switch {
		case c.Release == "" || c.Table == "":
			p.fault(file, r.line, "the release or the table has no name")
			return
		case !c.Hidden && r.get("status") != "p":
			p.fault(file, r.line, "the status %q is neither p nor s", r.get("status"))
			return
		}
		for _, n := range []struct {
			column string
			to     **attack.Decimal
		}{{"value", &c.Value}, {"lo", &c.Lo}, {"hi", &c.Hi}} {
			if r.get(n.column) == "" {
				continue
			}
			d, ok := decimal(r.get(n.column))
			if !ok {
				p.fault(file, r.line, "%s is %q, not a number", n.column, r.get(n.column))
				return
			}
			*n.to = &d
		}
		p.in.Cells = append(p.in.Cells, c)
	})
}

// decimal reads a number with a point: digits, a minus before and decimals after at most.
func decimal(s string) (attack.Decimal, bool) {
	whole, part, point := strings.Cut(s, ".")
	digits := strings.TrimPrefix(whole, "-")
	if digits == "" || point && part == "" || len(digits)+len(part) > 17 || strings.Trim(digits+part, "0123456789") != "" {
		return attack.Decimal{}, false
	}
	units, err := strconv.ParseInt(whole+part, 10, 64)
	return attack.Decimal{Units: units, Places: len(part)}, err == nil
}
