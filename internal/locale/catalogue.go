package locale

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed en.json
var englishJSON []byte

//go:embed cy.json
var welshJSON []byte

// Source returns the embedded messages of a language as JSON, for the tests that read them as a translator does.
func Source(l Lang) []byte {
	if l == Welsh {
		return welshJSON
	}
	return englishJSON
}

// Catalogue holds every message in both languages. It never changes after New and is safe for concurrent use.
//
// A message is a plain string or, where a number decides the wording, an object with the CLDR plural forms
// (English: one, other; Welsh: zero, one, two, few, many, other). Placeholders are written {{.Name}}. Messages hold
// no HTML.
type Catalogue struct {
	plain     map[Lang]map[string]string // messages without placeholder or plural: no template is run for them
	localizer map[Lang]*i18n.Localizer
	keys      []string
}

// New reads the embedded messages. It returns an error for a file that is not the flat JSON described above.
func New() (*Catalogue, error) {
	c := &Catalogue{plain: map[Lang]map[string]string{}, localizer: map[Lang]*i18n.Localizer{}}
	bundle := i18n.NewBundle(language.English)
	all := map[string]bool{}
	for _, l := range Langs() {
		messages, err := parseMessages(Source(l))
		if err != nil {
			return nil, fmt.Errorf("locale: %s.json: %w", l, err)
		}
		c.plain[l] = map[string]string{}
		for _, m := range messages {
			all[m.ID] = true
			if isPlain(m) {
				c.plain[l][m.ID] = m.Other
			}
		}
		if err := bundle.AddMessages(language.Make(string(l)), messages...); err != nil {
			return nil, fmt.Errorf("locale: %s.json: %w", l, err)
		}
		c.localizer[l] = i18n.NewLocalizer(bundle, string(l))
	}
	c.keys = slices.Sorted(maps.Keys(all))
	return c, nil
}

// Must is New for start-up and tests: the messages are embedded, so failure is a programming mistake.
func Must() *Catalogue {
	c, err := New()
	if err != nil {
		panic(err)
	}
	return c
}

func parseMessages(raw []byte) ([]*i18n.Message, error) {
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, err
	}
	var out []*i18n.Message
	for key, value := range entries {
		m := &i18n.Message{ID: key}
		if value[0] == '"' {
			if err := json.Unmarshal(value, &m.Other); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
		} else {
			var forms map[string]string
			if err := json.Unmarshal(value, &forms); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			if err := setForms(m, forms); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

func setForms(m *i18n.Message, forms map[string]string) error {
	for form, text := range forms {
		switch form {
		case "zero":
			m.Zero = text
		case "one":
			m.One = text
		case "two":
			m.Two = text
		case "few":
			m.Few = text
		case "many":
			m.Many = text
		case "other":
			m.Other = text
		default:
			return fmt.Errorf("unknown plural form %q", form)
		}
	}
	if m.Other == "" {
		return fmt.Errorf("plural form other is missing")
	}
	return nil
}

func isPlain(m *i18n.Message) bool {
	return m.Zero+m.One+m.Two+m.Few+m.Many == "" && !strings.Contains(m.Other, "{{")
}

// T returns the message in the language. args are name, value pairs for its placeholders; "Count", or else the first
// integer, also picks the plural form. Integers are written with thousands separators: pass a year or a reference as a string. A Text is
// written in the language. A message that Welsh lacks is answered in English; an unknown key is answered by the key
// itself, which a test forbids.
func (c *Catalogue) T(l Lang, key string, args ...any) string {
	if s, ok := c.plain[l][key]; ok {
		return s
	}
	localizer, ok := c.localizer[l]
	if !ok {
		localizer = c.localizer[English]
	}
	config := &i18n.LocalizeConfig{MessageID: key}
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		data[name] = written(l, args[i+1])
		if isInteger(args[i+1]) && (name == "Count" || config.PluralCount == nil) {
			config.PluralCount = args[i+1]
		}
	}
	config.TemplateData = data
	// Localize returns both a fallback text and an error where the language lacks the message.
	if s, _ := localizer.Localize(config); s != "" {
		return s
	}
	return key
}

func isInteger(v any) bool {
	switch v.(type) {
	case int, int32, int64:
		return true
	default:
		return false
	}
}

// written gives a placeholder's value the form people read in the language.
func written(l Lang, v any) any {
	switch n := v.(type) {
	case Text:
		return n.In(l)
	case int:
		return Number(int64(n))
	case int64:
		return Number(n)
	case int32:
		return Number(int64(n))
	default:
		return v
	}
}

// Has reports whether the language itself holds the message, without falling back to English.
func (c *Catalogue) Has(l Lang, key string) bool {
	if _, ok := c.plain[l][key]; ok {
		return true
	}
	_, tag, err := c.localizer[l].LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, PluralCount: 5, TemplateData: map[string]any{}})
	return err == nil && tag == language.Make(string(l))
}

// Keys returns every key that any language has, sorted.
func (c *Catalogue) Keys() []string { return slices.Clone(c.keys) }
