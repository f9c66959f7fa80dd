package survey

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/locale"
)

// object is a mapping whose fields are known.
type object struct {
	item
	keys   map[string]*yaml.Node
	values map[string]*yaml.Node
}

// object reads a mapping with the known fields. The result has no fields where i is something else.
func (i item) object(known ...string) object {
	o := object{item: i, keys: map[string]*yaml.Node{}, values: map[string]*yaml.Node{}}
	if i.node.Kind != yaml.MappingNode {
		i.fault("type_mapping")
		return o
	}
	for k := 0; k+1 < len(i.node.Content); k += 2 {
		key, value := i.node.Content[k], i.node.Content[k+1]
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(known, key.Value):
			i.r.fault(key, i.path, "field_unknown", "Field", clip(key.Value), "Known", strings.Join(known, ", "))
		case o.keys[key.Value] != nil:
			i.r.fault(key, i.path, "field_repeated", "Field", key.Value)
		default:
			o.keys[key.Value], o.values[key.Value] = key, value
		}
	}
	return o
}

// at returns the field. ok is false, with a fault if it is needed, where the field is not there.
func (o object) at(field string, needed bool) (i item, ok bool) {
	path := field
	if o.path != "" {
		path = o.path + "." + field
	}
	n := o.values[field]
	if n == nil {
		if needed && o.node.Kind == yaml.MappingNode {
			o.fault("field_missing", "Field", field)
		}
		return item{}, false
	}
	return item{o.r, n, path}, true
}

func (o object) has(field string) bool { return o.values[field] != nil }

// list reads a sequence of at most max entries.
func (o object) list(field string, needed bool, max int) []item {
	i, ok := o.at(field, needed)
	if !ok {
		return nil
	}
	if i.node.Kind != yaml.SequenceNode {
		i.fault("type_list")
		return nil
	}
	n := len(i.node.Content)
	if n == 0 {
		i.fault("too_few", "Field", field)
	}
	if n > max {
		i.fault("too_many", "Length", n, "Max", max)
		return nil
	}
	out := make([]item, 0, n)
	for k, c := range i.node.Content {
		out = append(out, item{i.r, c, fmt.Sprintf("%s[%d]", i.path, k)})
	}
	return out
}

// string reads a plain word: an id, a code, a name from a list. A date that YAML takes for a time is a word too.
func (i item) string() (s string, ok bool) {
	if i.node.Kind != yaml.ScalarNode || !i.is("!!str", "!!timestamp") {
		i.fault("type_text")
		return "", false
	}
	return i.node.Value, true
}

func (o object) string(field string, needed bool) (s string, at item, ok bool) {
	at, ok = o.at(field, needed)
	if !ok {
		return "", at, false
	}
	s, ok = at.string()
	return s, at, ok
}

// choose reads one of the known words.
func (o object) choose(field string, needed bool, known ...string) (s string, ok bool) {
	s, at, ok := o.string(field, needed)
	if ok && !slices.Contains(known, s) {
		at.fault("choose", "Value", clip(s), "Known", strings.Join(known, ", "))
		return "", false
	}
	return s, ok
}

func (o object) boolean(field string) bool {
	i, ok := o.at(field, false)
	if !ok {
		return false
	}
	if i.node.Kind != yaml.ScalarNode || !i.is("!!bool") {
		i.fault("type_bool")
		return false
	}
	return strings.EqualFold(i.node.Value, "true")
}

// integer reads a whole number within the bounds; missing where the field is not there.
func (o object) integer(field string, missing, min, max int) int {
	i, ok := o.at(field, false)
	if !ok {
		return missing
	}
	n, err := strconv.Atoi(i.node.Value)
	if i.node.Kind != yaml.ScalarNode || !i.is("!!int") || err != nil || n < min || n > max {
		i.fault("number", "Min", min, "Max", max)
		return missing
	}
	return n
}

// maxBound keeps bounds well inside what a float64 holds exactly.
const maxBound = 1_000_000_000_000

// number reads a decimal number; nil where the field is not there.
func (o object) number(field string) *float64 {
	i, ok := o.at(field, false)
	if !ok {
		return nil
	}
	n, err := strconv.ParseFloat(i.node.Value, 64)
	if i.node.Kind != yaml.ScalarNode || !i.is("!!int", "!!float") || err != nil || math.IsNaN(n) || math.Abs(n) > maxBound {
		i.fault("number", "Min", -maxBound, "Max", maxBound)
		return nil
	}
	n += 0 // -0 becomes 0
	return &n
}

// date reads a date yyyy-mm-dd; "" where the field is not there.
func (o object) date(field string) string {
	s, at, ok := o.string(field, false)
	if !ok {
		return ""
	}
	if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1000 {
		at.fault("date")
		return ""
	}
	return s
}

var tokenForm = regexp.MustCompile(`\{[^{}]*\}`)

// text reads a text in several languages: at most max runes in each, lines only if block.
func (o object) text(field string, needed bool, max int, block bool) locale.Text {
	i, ok := o.at(field, needed)
	if !ok {
		return nil
	}
	known := []string{string(locale.English), string(locale.Welsh)}
	if o.r.inBank {
		known = append(known, "cy_status")
	}
	before := len(o.r.faults)
	t := i.object(known...)
	if len(o.r.faults) > before {
		return nil
	}
	if status, ok := t.choose("cy_status", false, "needs_translation"); ok && status != "" {
		o.r.unchecked = true
	}
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		if s := t.textIn(lang, max, block); s != "" {
			out[lang] = s
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// textIn reads the text in one language.
func (o object) textIn(lang locale.Lang, max int, block bool) string {
	wanted := slices.Contains(o.r.languages, lang)
	at, ok := o.at(string(lang), false)
	if !ok {
		if wanted {
			o.fault("translation", "Lang", string(lang))
		}
		return ""
	}
	raw, ok := at.string()
	if !ok {
		return ""
	}
	clean := cleanLine
	if block {
		clean = cleanBlock
	}
	s, ok := clean(raw)
	switch {
	case !ok:
		at.fault("characters")
	case s == "" && wanted:
		at.fault("translation", "Lang", string(lang))
	case runes(s) > max:
		at.fault("long", "Length", runes(s), "Max", max)
	}
	for _, token := range tokenForm.FindAllString(s, -1) {
		if token != CouncilToken {
			at.fault("token", "Token", clip(token))
		}
	}
	return s
}

// clip shortens what is quoted in a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
