// Package export answers: what does a file that leaves the service say?
//
// It writes releases (CSV, JSON, workbooks, pages and charts) and responses for analysis (CSV with a codebook). It decides nothing about what may
// be shown: a release is written from its published tables, figure by figure as printed, so that no two files of one
// release can differ; responses are written from their coded answers, without equality answers, withdrawal codes,
// references, identifiers, times or postcodes. Every text is made harmless for spreadsheets where the file is meant
// for them.
//
// Reviewer: partner, data engineer.
package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
)

// Flavour says for which reader a CSV file is written. The zero value is invalid.
type Flavour string

// The flavours.
const (
	Plain       Flavour = "plain"       // for programs: values exactly as they are
	Spreadsheet Flavour = "spreadsheet" // for spreadsheet programs: no cell is taken for a formula
)

// Valid reports whether f is a flavour.
func (f Flavour) Valid() bool { return f == Plain || f == Spreadsheet }

// byteOrderMark makes spreadsheet programs read a file as UTF-8; without it ŵ and ŷ are spoiled.
const byteOrderMark = "\ufeff"

// sheet writes lines of one flavour.
type sheet struct {
	flavour Flavour
	buffer  *bufio.Writer
	csv     *csv.Writer
	err     error
}

func newSheet(w io.Writer, f Flavour) *sheet {
	s := &sheet{flavour: f, buffer: bufio.NewWriter(w)}
	if f == Spreadsheet {
		_, s.err = s.buffer.WriteString(byteOrderMark)
	}
	s.csv = csv.NewWriter(s.buffer)
	s.csv.UseCRLF = f == Spreadsheet
	return s
}

// line writes one line. After an error it does nothing; close returns the error.
func (s *sheet) line(cells ...string) {
	if s.err != nil {
		return
	}
	if s.flavour == Spreadsheet {
		safe := make([]string, len(cells))
		for i, c := range cells {
			safe[i] = Harmless(c)
		}
		cells = safe
	}
	s.err = s.csv.Write(cells)
}

func (s *sheet) close() error {
	s.csv.Flush()
	if s.err == nil {
		s.err = s.csv.Error()
	}
	if s.err == nil {
		s.err = s.buffer.Flush()
	}
	return s.err
}

// Harmless returns the cell so that no spreadsheet program runs it: an apostrophe goes before a text that starts with
// =, +, -, @, tab, carriage return or line feed, or their full-width forms, also behind blanks. A plain number, and
// a negative one is one, stays a number.
func Harmless(cell string) string {
	text := strings.TrimLeft(cell, " \u00a0")
	if text == "" || isDecimal(cell) || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", firstRune(text)) {
		return cell
	}
	return "'" + cell
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// isDecimal reports whether the cell is digits, with a minus before and a point with digits after at most.
func isDecimal(cell string) bool {
	whole, part, point := strings.Cut(strings.TrimPrefix(cell, "-"), ".")
	return digits(whole) && (!point || digits(part))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
