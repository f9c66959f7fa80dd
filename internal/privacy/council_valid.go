package privacy

import (
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/locale"
)

// Problem is one fault in something that a person filled in: the field, and a message in both languages.
type Problem struct {
	Field string // as in JSON, parts separated by full stops: "dpo_email", "purposes.0.text"
	Key   string // message key in internal/locale
	Args  []any  // name, value pairs for the message
}

// MaxLogo is the largest logo in bytes.
const MaxLogo = 64 << 10

var (
	shortName = regexp.MustCompile(`^[A-Z]{2,4}$`)
	hexColour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
)

// Validate returns every problem with the settings, in the order of the form; none means that notices, receipts and
// pages can be made from them (art. 13(1)(a), (b), 13(2)(d); DPA 2018 s.164A; WCAG 2.2, 1.4.3).
func (c Council) Validate() []Problem {
	v := councilCheck{}
	if !slices.Contains(c.Languages, locale.English) {
		v.add("languages", "error.council.languages")
	}
	for _, l := range c.Languages {
		if !l.Valid() {
			v.add("languages", "error.council.language_unknown")
			continue
		}
		v.languages = append(v.languages, l)
	}
	v.text("name", c.Name)
	v.need("short_name", shortName.MatchString(c.ShortName), "error.council.short_name")
	v.need("address", strings.TrimSpace(c.Address) != "", "error.council.address")
	v.need("email", isEmail(c.Email), "error.council.email")
	v.need("phone", isPhone(c.Phone), "error.council.phone")
	v.need("website", isHTTPS(c.Website), "error.council.website")
	v.colour(c.Colour)
	v.logo(c.Logo)
	v.need("dpo_name", strings.TrimSpace(c.DPOName) != "", "error.council.dpo_name")
	v.need("dpo_email", isEmail(c.DPOEmail), "error.council.dpo_email")
	v.need("dpo_phone", c.DPOPhone == "" || isPhone(c.DPOPhone), "error.council.phone")
	v.text("regulator", c.Regulator)
	v.text("regulator_contact", c.RegulatorContact)
	v.text("complaints_how", c.ComplaintsHow)
	v.need("nation", c.Nation == "" || slices.Contains(Nations(), c.Nation), "error.calendar.nation")
	v.need("holidays", len(c.Holidays) <= 100 && !slices.ContainsFunc(c.Holidays, func(d Date) bool { _, err := ParseDate(string(d)); return err != nil }), "error.council.holidays")
	v.bounds(c)
	return v.problems
}

type councilCheck struct {
	languages []locale.Lang
	problems  []Problem
}

func (v *councilCheck) add(field, key string, args ...any) {
	v.problems = append(v.problems, Problem{Field: field, Key: key, Args: args})
}

func (v *councilCheck) need(field string, ok bool, key string) {
	if !ok {
		v.add(field, key)
	}
}

// text asks for a text in every language of the council.
func (v *councilCheck) text(field string, t locale.Text) {
	for _, l := range v.languages {
		if strings.TrimSpace(t[l]) == "" {
			v.add(field+"."+string(l), "error.council."+field)
		}
	}
}

// The most runes of a line and of a text of the settings: they stand on every page, notice and receipt.
const (
	maxSettingLine = 200
	maxSettingText = 5000
)

// bounds refuses what would fill every page.
func (v *councilCheck) bounds(c Council) {
	limit := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			v.add(field, "error.council.long", "Max", most)
		}
	}
	for _, l := range locale.Langs() {
		limit("name."+string(l), c.Name[l], maxSettingLine)
		limit("regulator."+string(l), c.Regulator[l], maxSettingLine)
		limit("regulator_contact."+string(l), c.RegulatorContact[l], maxSettingText)
		limit("complaints_how."+string(l), c.ComplaintsHow[l], maxSettingText)
	}
	limit("address", c.Address, maxSettingText)
	for _, x := range []struct{ field, text string }{{"email", c.Email}, {"website", c.Website}, {"dpo_name", c.DPOName}, {"dpo_email", c.DPOEmail},
		{"registration", c.Registration}} {
		limit(x.field, x.text, maxSettingLine)
	}
}

func (v *councilCheck) colour(colour string) {
	if !hexColour.MatchString(colour) {
		v.add("colour", "error.council.colour")
		return
	}
	if ratio := contrastWithWhite(colour); ratio < minContrast {
		// Round down, so that 4.499 does not read as 4.5.
		v.add("colour", "error.council.contrast", "Ratio", strconv.FormatFloat(math.Floor(ratio*100)/100, 'f', 2, 64))
	}
}

// logo checks the size and the PNG signature; the caller decodes the picture (this package does no decoding).
func (v *councilCheck) logo(logo []byte) {
	if len(logo) == 0 {
		return
	}
	v.need("logo", len(logo) <= MaxLogo, "error.council.logo_size")
	v.need("logo", strings.HasPrefix(string(logo), "\x89PNG\r\n\x1a\n"), "error.council.logo_png")
}

// minContrast is the least contrast of text against its background (WCAG 2.2, 1.4.3).
const minContrast = 4.5

// contrastWithWhite returns the contrast ratio of the colour #rrggbb against white, 1 to 21 (WCAG 2.2, relative luminance).
func contrastWithWhite(colour string) float64 {
	rgb, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		return 1
	}
	channel := func(shift uint) float64 {
		v := float64(rgb>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	luminance := 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
	return 1.05 / (luminance + 0.05)
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Contains(s[strings.LastIndexByte(s, '@'):], ".")
}

// isPhone accepts digits, spaces and the usual signs, with 3 (short codes) to 15 digits (E.164).
func isPhone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +-()", r):
			return false
		}
	}
	return digits >= 3 && digits <= 15
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && strings.Contains(u.Hostname(), ".") && u.User == nil
}
