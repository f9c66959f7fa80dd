package survey

import (
	"bytes"
	"strconv"
	"strings"

	"folkmoot/internal/locale"

	"go.yaml.in/yaml/v3"
)

// Encode writes a definition as YAML. Parse reads the same definition back; of a definition that an editor has
// made wrong it finds the faults. Comments of an earlier source are not kept. Options that come from a label set
// are written as its name: to change them, clear Scoring and DontKnow first.
func Encode(d *Definition) []byte {
	root := mapping().
		put("format", word(Format)).
		put("id", word(d.ID)).
		put("title", text(d.Title)).
		put("summary", text(d.Summary)).
		put("languages", langs(d.Languages)).
		put("unchecked", langs(d.Unchecked))
	var sections []*yaml.Node
	for _, s := range d.Sections {
		var questions []*yaml.Node
		for _, q := range s.Questions {
			questions = append(questions, encodeQuestion(q))
		}
		sections = append(sections, mapping().put("id", word(s.ID)).put("title", text(s.Title)).put("questions", list(questions)).node())
	}
	root.put("sections", list(sections)).put("equality", list(equalityIDs(d.Equality)))
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	// A tree of scalars, mappings and lists in memory cannot fail to encode; Parse refuses an empty file.
	if err := e.Encode(root.node()); err != nil {
		return nil
	}
	if err := e.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

func encodeQuestion(q Question) *yaml.Node {
	m := mapping().
		put("id", word(q.ID)).
		put("kind", word(string(q.Kind))).
		put("text", text(q.Text)).
		put("hint", text(q.Hint)).
		put("why", text(q.Why)).
		put("required", yes(q.Required)).
		put("special", yes(q.Special))
	if q.Scoring != "" {
		m.put("scale", word(q.Scoring)).put("dont_know", word(q.DontKnow))
	} else {
		m.put("groups", encodeGroups(q.Groups)).put("options", encodeOptions(q.Options))
	}
	switch q.Kind {
	case ShortText, LongText:
		m.put("max_length", whole(q.MaxLength))
	case Number:
		m.put("min", decimal(q.Min)).put("max", decimal(q.Max))
		if q.Decimals != 0 {
			m.put("decimals", whole(q.Decimals))
		}
	}
	m.put("min_date", word(q.MinDate)).put("max_date", word(q.MaxDate)).put("keep", word(q.Keep))
	if q.ShowWhen != nil {
		m.put("show_when", mapping().put("question", word(q.ShowWhen.Question)).put("any_of", words(q.ShowWhen.AnyOf)).node())
	}
	return m.node()
}

func encodeOptions(options []Option) *yaml.Node {
	var out []*yaml.Node
	for _, o := range options {
		m := mapping().put("code", word(o.Code)).put("label", text(o.Label)).put("hint", text(o.Hint))
		if o.Score != 0 {
			m.put("score", whole(o.Score))
		}
		m.put("exclusive", yes(o.Exclusive)).put("divider", yes(o.Divider)).put("write_in", text(o.WriteIn)).put("group", word(o.Group))
		out = append(out, m.node())
	}
	return list(out)
}

func encodeGroups(groups []Group) *yaml.Node {
	var out []*yaml.Node
	for _, g := range groups {
		out = append(out, mapping().put("code", word(g.Code)).put("label", text(g.Label)).node())
	}
	return list(out)
}

// equalityIDs returns the bank entries that the questions come from, each once.
func equalityIDs(questions []Question) []*yaml.Node {
	var out []*yaml.Node
	seen := map[string]bool{}
	for _, q := range questions {
		id := q.ID
		if q.Bank != nil {
			id = q.Bank.ID
		}
		if !seen[id] {
			out = append(out, word(id))
		}
		seen[id] = true
	}
	return out
}

// fields builds a mapping; a nil value leaves the field out.
type fields struct{ n *yaml.Node }

func mapping() fields { return fields{&yaml.Node{Kind: yaml.MappingNode}} }

func (f fields) put(name string, value *yaml.Node) fields {
	if value != nil {
		f.n.Content = append(f.n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, value)
	}
	return f
}

func (f fields) node() *yaml.Node { return f.n }

// word writes text that is text whatever it looks like; nil for an empty one.
func word(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsAny(s, "\n\r") {
		n.Style = yaml.DoubleQuotedStyle // literal blocks lose spaces at the start of lines
	}
	return n
}

func words(list []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range list {
		if w := word(s); w != nil {
			n.Content = append(n.Content, w)
		}
	}
	return n
}

func langs(list []locale.Lang) *yaml.Node {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = string(l)
	}
	return words(out)
}

func text(t locale.Text) *yaml.Node {
	if t.Empty() {
		return nil
	}
	m := mapping()
	for _, lang := range locale.Langs() {
		m.put(string(lang), word(t[lang]))
	}
	return m.node()
}

func list(nodes []*yaml.Node) *yaml.Node {
	if len(nodes) == 0 {
		return nil
	}
	return &yaml.Node{Kind: yaml.SequenceNode, Content: nodes}
}

func yes(b bool) *yaml.Node {
	if !b {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}
}

func whole(n int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
}

func decimal(n *float64) *yaml.Node {
	if n == nil {
		return nil
	}
	s := strconv.FormatFloat(*n, 'f', -1, 64)
	tag := "!!int"
	if strings.Contains(s, ".") {
		tag = "!!float"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: s}
}
