package consult

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Bounds of what officers write, in runes and pieces: large enough for any council, small enough to be shown.
const (
	maxLine      = 200 // a name, an address, a title
	maxText      = 20_000
	maxPaper     = 100_000 // a document that people should read
	maxDocuments = 30
	maxEmail     = 254 // bytes (RFC 5321, 4.5.3.1.3)
)

// bound is a text with the most runes that it may have in each language, and the field that it is typed in.
type bound struct {
	field string
	text  locale.Text
	max   int
}

// firstLong returns fault.Invalid for the first text that is too long, English first.
func firstLong(bounds ...bound) error {
	for _, b := range bounds {
		for _, l := range locale.Langs() {
			if utf8.RuneCountInString(b.text[l]) > b.max {
				return fault.New(fault.Invalid, "error.consultation.text_long", "Max", b.max).At(b.field + "." + string(l))
			}
		}
	}
	return nil
}

// line is a bound of one line that has no language.
type line struct{ field, text string }

// firstLongLine returns fault.Invalid for the first line that is too long.
func firstLongLine(lines ...line) error {
	for _, l := range lines {
		if utf8.RuneCountInString(l.text) > maxLine {
			return fault.New(fault.Invalid, "error.consultation.text_long", "Max", maxLine).At(l.field)
		}
	}
	return nil
}

// check returns fault.Invalid for details that could not be stored or shown. What is merely missing is for Readiness to say.
func (d Details) check(slug string) error {
	switch {
	case !slugForm.MatchString(slug):
		return fault.New(fault.Invalid, "error.consultation.slug").At("slug")
	case d.Title.In(locale.English) == "":
		return fault.New(fault.Invalid, "error.consultation.title").At("title.en")
	case d.Minutes < 0 || d.Minutes > 240:
		return fault.New(fault.Invalid, "error.consultation.minutes").At("minutes")
	case d.Population < 0 || d.Population > 100_000_000:
		return fault.New(fault.Invalid, "error.consultation.population").At("population")
	case len(d.Documents) > maxDocuments:
		return fault.New(fault.Invalid, "error.consultation.documents", "Max", maxDocuments)
	case !slices.Contains(d.Languages, locale.English) || slices.ContainsFunc(d.Languages, func(l locale.Lang) bool { return !l.Valid() }):
		return fault.New(fault.Invalid, "error.consultation.languages").At("languages")
	case d.OpensAt.IsZero() || d.ClosesAt.IsZero():
		return fault.New(fault.Invalid, "error.consultation.dates").At("opens-day")
	}
	if err := firstLong(bound{"title", d.Title, maxLine}, bound{"summary", d.Summary, maxText}, bound{"about", d.About, maxText},
		bound{"other_ways", d.OtherWays, maxText}); err != nil {
		return err
	}
	if err := firstLongLine(line{"department", d.Department}, line{"contact_name", d.ContactName}, line{"contact_email", d.ContactEmail},
		line{"contact_phone", d.ContactPhone}); err != nil {
		return err
	}
	for _, doc := range d.Documents {
		if err := doc.check(); err != nil {
			return err
		}
	}
	return boundedProcessing(d.Processing)
}

func (doc Document) check() error {
	if doc.URL != "" {
		u, err := url.Parse(doc.URL)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			return fault.New(fault.Invalid, "error.consultation.document_url").At("url")
		}
		if len(doc.URL) > maxAddress {
			return fault.New(fault.Invalid, "error.consultation.text_long", "Max", maxAddress).At("url")
		}
	}
	return firstLong(bound{"title", doc.Title, maxLine}, bound{"body", doc.Body, maxPaper})
}

// maxAddress is the longest address of a document, in bytes: more than browsers and servers take.
const maxAddress = 2000

// boundedProcessing bounds what the privacy notice and the consent statement are made of.
func boundedProcessing(p privacy.Processing) error {
	if err := firstLong(bound{"data", p.Data, maxText}, bound{"retention_trigger", p.RetentionTrigger, maxText}, bound{"required", p.Required, maxText},
		bound{"automated", p.Automated, maxText}, bound{"children", p.Children, maxText}, bound{"transfers", p.Transfers, maxText}, bound{"if_they_say_no", p.IfTheySayNo, maxText},
		bound{"categories", joined(p.Categories), maxText}, bound{"uses", joined(p.Uses), maxText}); err != nil {
		return err
	}
	if err := boundedAges(p.Ages); err != nil {
		return err
	}
	if err := firstLongLine(line{"locations", p.Locations}); err != nil {
		return err
	}
	for _, name := range p.Partners {
		if err := firstLongLine(line{"partners", name}); err != nil {
			return err
		}
	}
	for _, purpose := range p.Purposes {
		if err := firstLong(bound{"text", purpose.Text, maxText}, bound{"activities", joined(purpose.Activities), maxText}); err != nil {
			return err
		}
		for i, r := range purpose.Recipients {
			field := "r" + strconv.Itoa(i)
			if err := firstLongLine(line{field + "-name", r.Name}, line{field + "-location", r.Location}); err != nil {
				return err
			}
		}
	}
	return nil
}

// boundedAges refuses ages outside the bounds of the data, where a slip of the pen would keep everybody out.
func boundedAges(r privacy.AgeRules) error {
	data := privacy.Ages()
	for _, a := range []struct {
		field string
		age   int
	}{{"minimum", r.Minimum}, {"equality_age", r.Equality}} {
		if a.age != 0 && !data.Within(a.age) {
			return fault.New(fault.Invalid, "error.age.bounds", "Lowest", data.Bounds.Lowest, "Highest", data.Bounds.Highest).At(a.field)
		}
	}
	return firstLong(bound{"notice", r.Notice, maxText})
}

// joined returns texts as they are typed: one to a line.
func joined(texts []locale.Text) locale.Text {
	out := locale.Text{}
	for _, l := range locale.Langs() {
		var lines []string
		for _, t := range texts {
			lines = append(lines, t[l])
		}
		out[l] = strings.Join(lines, "\n")
	}
	return out
}
