package main

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
)

var (
	referenceIn = regexp.MustCompile(`\b[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b`)
	slugIn      = regexp.MustCompile(`href="/c/([a-z0-9-]+)"`)
	codeIn      = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}\b`)
)

// person is a respondent of a test: how each question is answered, and what happens about the equality questions.
type person struct {
	// answer returns what to put into the form of the question; nil leaves it blank.
	answer func(question string, f form) url.Values
	// equality: "skip" at the gate, "refuse" consent, or "give" it and answer.
	equality string
}

// taken is what a person has in hand at the end.
type taken struct {
	Reference, Code string
	Last            *document
	Pages           int
}

// takePart goes the whole way as a browser without scripts does: start page, one question a page, check, send, equality questions,
// confirmation. Every page must answer 200.
func (b *browser) takePart(slug string, p person) (taken, error) {
	var t taken
	step := func(d *document, err error) (*document, error) {
		t.Pages++
		if err == nil && d.Status != http.StatusOK {
			err = fmt.Errorf("%s answered %d: %s", d.Path, d.Status, d.heading())
		}
		return d, err
	}
	if _, err := step(b.get("/c/" + slug)); err != nil {
		return t, err
	}
	d, err := step(b.get("/c/" + slug + "/respond"))
	if err != nil {
		return t, err
	}
	for range 100 {
		where, _, _ := strings.Cut(d.Path, "?")
		if strings.HasSuffix(where, "/done") {
			t.Last, t.Reference, t.Code = d, referenceIn.FindString(d.Body), codeIn.FindString(d.Body)
			return t, nil
		}
		f, err := d.post()
		if err != nil {
			return t, err
		}
		if d, err = step(b.send(d, f, p.fill(where, f))); err != nil {
			return t, err
		}
	}
	return t, fmt.Errorf("%s: no end after 100 pages", d.Path)
}

// fill says what a person puts into the form of the page at where.
func (p person) fill(where string, f form) url.Values {
	pick := func(first bool) url.Values {
		names := f.Names("radio")
		if len(names) == 0 {
			return nil
		}
		options := f.Options(names[0])
		if first {
			return url.Values{names[0]: options[:1]}
		}
		return url.Values{names[0]: options[len(options)-1:]}
	}
	switch {
	case strings.HasSuffix(where, "/respond/check"):
		return nil
	case strings.HasSuffix(where, "/equality"):
		return pick(p.equality != "skip")
	case strings.HasSuffix(where, "/equality/age-check"):
		return pick(true)
	case strings.HasSuffix(where, "/equality/consent"):
		return pick(p.equality == "give")
	}
	return p.answer(path.Base(where), f)
}
