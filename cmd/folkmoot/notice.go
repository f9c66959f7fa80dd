package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/privacy"
)

type noticeCommand struct {
	Lint lintNoticeCommand `cmd:"" help:"Read any plain-text privacy notice and say what it lacks. Needs no connection."`
}

type lintNoticeCommand struct {
	Format string   `enum:"text,json" default:"text" help:"How to report: text or json."`
	Files  []string `arg:"" name:"file" help:"Notices as plain text, Markdown or HTML, in UTF-8. - is standard input."`
}

// maxNotice is the longest notice that is read, in bytes. The longest of a council that we know has 13 kB.
const maxNotice = 1 << 20

// noticeReport is what is said about one file.
type noticeReport struct {
	File    string `json:"file"`
	Lacking int    `json:"lacking"`
	privacy.PlainReport
}

// Run reports on every file. Exit status: 0 nothing lacking, 1 something lacking, 2 a file cannot be used; the others are reported all the same.
func (c lintNoticeCommand) Run(s *surroundings) error {
	reports, unusable := []noticeReport{}, false
	for _, name := range c.Files {
		text, err := readNotice(name, s.in)
		if err != nil {
			unusable = true
			_, _ = fmt.Fprintf(s.err, "%s: %v\n", name, err)
			continue
		}
		r := privacy.LintPlain(text)
		reports = append(reports, noticeReport{name, r.Lacking(), r})
	}
	if err := c.print(s.out, reports); err != nil {
		return err
	}
	if unusable {
		return errUnusable
	}
	for _, r := range reports {
		if r.Lacking > 0 {
			return errFound
		}
	}
	return nil
}

func (c lintNoticeCommand) print(w io.Writer, reports []noticeReport) error {
	if c.Format == "json" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(reports)
	}
	var b strings.Builder
	for i, r := range reports {
		if i > 0 {
			b.WriteByte('\n')
		}
		r.text(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// text writes a report to be read.
func (r noticeReport) text(b *strings.Builder) {
	switch r.Lacking {
	case 0:
		fmt.Fprintf(b, "%s: nothing lacking\n", r.File)
	case 1:
		fmt.Fprintf(b, "%s: 1 thing to mend\n", r.File)
	default:
		fmt.Fprintf(b, "%s: %d things to mend\n", r.File, r.Lacking)
	}
	for _, f := range append(r.Items, r.Rules...) {
		fmt.Fprintf(b, "  %-14s  %s%s\n", f.Verdict, f.Label, where(f.Lines))
		if f.Advice != "" {
			fmt.Fprintf(b, "  %-14s  %s (%s)\n", "", f.Advice, f.Clause)
		}
	}
}

// where names lines.
func where(lines []int) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(", line %d", lines[0])
	}
	return fmt.Sprintf(", lines %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(lines), " ", ", "), "[]"))
}

// readNotice returns the text of a file, or says why it is no text.
func readNotice(name string, in io.Reader) (string, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err // the name is said already
			}
			return "", err
		}
		defer func() { _ = f.Close() }()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return "", errors.New("it is a folder; name the files")
		}
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxNotice+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("it cannot be read: %w", err)
	case len(raw) > maxNotice:
		return "", fmt.Errorf("it is longer than %d bytes: that is no notice that people read", maxNotice)
	case bytes.HasPrefix(raw, []byte("%PDF-")), bytes.HasPrefix(raw, []byte("PK\x03\x04")), bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", errors.New("it is a PDF or a word processor's file: save it as plain text")
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")), !utf8.Valid(raw):
		return "", errors.New("it is not UTF-8: save it as plain text in UTF-8")
	case bytes.ContainsFunc(raw, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f\v", r) }):
		return "", errors.New("it is not text: it holds control characters")
	case len(bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))) == 0:
		return "", errors.New("it is empty")
	}
	return string(raw), nil
}
