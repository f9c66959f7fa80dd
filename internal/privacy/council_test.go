package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestCouncilValidate(t *testing.T) {
	if problems := council().Validate(); len(problems) > 0 {
		t.Fatalf("a whole council: %v", problems)
	}
	catalogue := locale.Must()
	for _, row := range []struct {
		why    string
		change func(*privacy.Council)
		field  string // "" = no problem
	}{
		{"art. 13(1)(a): identity", func(c *privacy.Council) { c.Name = nil }, "name.en"},
		{"the Welsh name, where Welsh is spoken", func(c *privacy.Council) { c.Name = text("Wemford", " ") }, "name.cy"},
		{"not where it is not", func(c *privacy.Council) { c.Name, c.Languages = text("Wemford", ""), both[:1] }, ""},
		{"the reference language", func(c *privacy.Council) { c.Languages = both[1:] }, "languages"},
		{"a language nobody speaks here", func(c *privacy.Council) { c.Languages = append(both[:2:2], "de") }, "languages"},
		{"lower case", func(c *privacy.Council) { c.ShortName = "Wem" }, "short_name"},
		{"one letter", func(c *privacy.Council) { c.ShortName = "W" }, "short_name"},
		{"five letters", func(c *privacy.Council) { c.ShortName = "WEMFO" }, "short_name"},
		{"a line behind", func(c *privacy.Council) { c.ShortName = "WEM\n" }, "short_name"},
		{"art. 13(1)(a): contact", func(c *privacy.Council) { c.Address = "\n" }, "address"},
		{"no domain", func(c *privacy.Council) { c.Email = "haveyoursay@wemford" }, "email"},
		{"a name with it", func(c *privacy.Council) { c.Email = "Council <a@wemford.example>" }, "email"},
		{"a header smuggled in", func(c *privacy.Council) { c.Email = "a@wemford.example\r\nBcc: b@c.example" }, "email"},
		{"words", func(c *privacy.Council) { c.Phone = "ask at reception" }, "phone"},
		{"two digits", func(c *privacy.Council) { c.Phone = "12" }, "phone"},
		{"abroad and in brackets", func(c *privacy.Council) { c.Phone = "+44 (0)1234 567-890" }, ""},
		{"not encrypted", func(c *privacy.Council) { c.Website = "http://www.wemford.example" }, "website"},
		{"a script", func(c *privacy.Council) { c.Website = "javascript:alert(1)" }, "website"},
		{"a password in it", func(c *privacy.Council) { c.Website = "https://a:b@wemford.example" }, "website"},
		{"a colour by name", func(c *privacy.Council) { c.Colour = "navy" }, "colour"},
		{"CSS smuggled in", func(c *privacy.Council) { c.Colour = "#1d4f91;}" }, "colour"},
		{"WCAG 2.2, 1.4.3: #777777 has 4.48:1", func(c *privacy.Council) { c.Colour = "#777777" }, "colour"},
		{"WCAG 2.2, 1.4.3: #767676 has 4.54:1", func(c *privacy.Council) { c.Colour = "#767676" }, ""},
		{"white on white", func(c *privacy.Council) { c.Colour = "#ffffff" }, "colour"},
		{"pure red has 4.00:1", func(c *privacy.Council) { c.Colour = "#ff0000" }, "colour"},
		{"black", func(c *privacy.Council) { c.Colour = "#000000" }, ""},
		{"a PNG", func(c *privacy.Council) { c.Logo = []byte("\x89PNG\r\n\x1a\n....") }, ""},
		{"an SVG can hold scripts", func(c *privacy.Council) { c.Logo = []byte("<svg/>") }, "logo"},
		{"too large", func(c *privacy.Council) {
			c.Logo = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, privacy.MaxLogo)...)
		}, "logo"},
		{"art. 13(1)(b)", func(c *privacy.Council) { c.DPOName = "" }, "dpo_name"},
		{"S4: a role without contact", func(c *privacy.Council) { c.DPOEmail = "" }, "dpo_email"},
		{"a second way is optional", func(c *privacy.Council) { c.DPOPhone = "" }, ""},
		{"but must be one", func(c *privacy.Council) { c.DPOPhone = "x" }, "dpo_phone"},
		{"bank holidays are those of a nation (privacy.md 5.3)", func(c *privacy.Council) { c.Nation = "mercia" }, "nation"},
		{"England and Wales if none is chosen", func(c *privacy.Council) { c.Nation = "" }, ""},
		{"a proclaimed holiday is a day", func(c *privacy.Council) { c.Holidays = []privacy.Date{"2027-02-30"} }, "holidays"},
		{"art. 13(2)(d)", func(c *privacy.Council) { c.Regulator = text("Information Commission", "") }, "regulator.cy"},
		{"art. 13(2)(d): how", func(c *privacy.Council) { c.RegulatorContact = nil }, "regulator_contact.en"},
		{"DPA 2018 s.164A", func(c *privacy.Council) { c.ComplaintsHow = nil }, "complaints_how.en"},
	} {
		c := council()
		row.change(&c)
		problems := c.Validate()
		if (len(problems) == 0) != (row.field == "") {
			t.Errorf("%s: %v", row.why, problems)
			continue
		}
		if row.field != "" && !slices.ContainsFunc(problems, func(p privacy.Problem) bool { return p.Field == row.field }) {
			t.Errorf("%s: %v, want a problem with %s", row.why, problems, row.field)
		}
		for _, p := range problems {
			for _, lang := range both {
				if !catalogue.Has(lang, p.Key) || strings.Contains(catalogue.T(lang, p.Key, p.Args...), "{{") {
					t.Errorf("%s: message %s (%s): %q", row.why, p.Key, lang, catalogue.T(lang, p.Key, p.Args...))
				}
			}
		}
	}
}

func TestContrastIsShownRoundedDown(t *testing.T) {
	c := council()
	c.Colour = "#777777" // 4.478 by the formula of WCAG 2.2
	problems := c.Validate()
	if len(problems) != 1 || len(problems[0].Args) != 2 || problems[0].Args[1] != "4.47" {
		t.Errorf("%v", problems)
	}
}
