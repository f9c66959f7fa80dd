package demo

import (
	"embed"
	"regexp"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

//go:embed *.yaml text/*.md
var files embed.FS

// read returns an embedded file.
func read(name string) []byte {
	raw, err := files.ReadFile(name)
	if err != nil {
		panic("demo: " + err.Error()) // the file is part of the program
	}
	return raw
}

// writing is what officers wrote about a consultation: parts by name, in order, in both languages. In text/NAME.en.md a line "# about"
// begins a part. {year} stands for the year, {+20 days} for the date in 20 days,
// or the Friday before.
type writing map[locale.Lang][]part

type part struct{ name, body string }

func (w *world) read(name string) writing {
	out := writing{}
	for _, lang := range locale.Langs() {
		source := string(read("text/" + name + "." + string(lang) + ".md"))
		for _, chunk := range strings.Split("\n"+source, "\n# ")[1:] {
			head, body, _ := strings.Cut(chunk, "\n")
			out[lang] = append(out[lang], part{head, fillDates(strings.TrimSpace(body), lang, w.now)})
		}
	}
	return out
}

var dateToken = regexp.MustCompile(`\{([+-]\d+) days\}`)

func fillDates(s string, lang locale.Lang, now time.Time) string {
	s = strings.ReplaceAll(s, "{year}", strconv.Itoa(now.In(locale.London()).Year()))
	return dateToken.ReplaceAllStringFunc(s, func(token string) string {
		days, _ := strconv.Atoi(dateToken.FindStringSubmatch(token)[1])
		return locale.Date(lang, workday(now.In(locale.London()).AddDate(0, 0, days)))
	})
}

// text returns the part with the name; empty in a language that has none.
func (w writing) text(name string) locale.Text {
	out := locale.Text{}
	for lang, parts := range w {
		for _, p := range parts {
			if p.name == name {
				out[lang] = p.body
			}
		}
	}
	return out
}

// documents returns the parts called "document": the first line is the title.
func (w writing) documents() []consult.Document {
	var out []consult.Document
	for _, lang := range locale.Langs() {
		i := 0
		for _, p := range w[lang] {
			if p.name != "document" {
				continue
			}
			if i == len(out) {
				out = append(out, consult.Document{Title: locale.Text{}, Body: locale.Text{}})
			}
			title, body, _ := strings.Cut(p.body, "\n")
			out[i].Title[lang], out[i].Body[lang] = title, strings.TrimSpace(body)
			i++
		}
	}
	return out
}
