package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"folkmoot/internal/locale"
)

// Format is the first field of every definition.
const Format = "folkmoot/survey/1"

// MaxSource is the largest source of a definition, in bytes.
const MaxSource = 256 * 1024

// MaxFaults is how many faults are told at most. A source with more of them was never a definition, and 256 KiB of
// nonsense must not become megabytes of messages.
const MaxFaults = 500

// The largest numbers of things, and the longest texts in runes. surveys/schema.json says the same.
const (
	maxSections   = 30
	maxQuestions  = 100 // in a section
	maxOptions    = 60
	maxTitle      = 200
	maxSummary    = 500
	maxQuestion   = 300
	maxHint       = 300
	maxWhy        = 2000
	maxLabel      = 200
	maxShortText  = 500
	maxLongText   = 10000
	shortTextSize = 200  // where the definition does not say
	longTextSize  = 1000 // where the definition does not say
)

var (
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,59}$`) // ids of definitions
	idForm   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)  // ids of sections and questions
	codeForm = regexp.MustCompile(`^[a-z0-9_]{1,60}$`)
	wardForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`) // codes in conditions may be ward codes
)

// Version returns the version of a definition: the SHA-256 of its source, in hex.
func Version(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:])
}

// Parse reads a definition from YAML (surveys/README.md describes the format). It returns every fault (up
// to MaxFaults), in the order of the source, and the definition only if there is none. Names of label sets and of equality questions
// are looked up in the bank. Parse never panics, whatever src holds, and its work is bounded by MaxSource.
func Parse(src []byte, bank Bank) (*Definition, []Fault) {
	p := parser{reader: &reader{languages: []locale.Lang{locale.English}}, bank: bank, questions: map[string]Question{}}
	root := p.load(src)
	if root == nil {
		return nil, p.faults
	}
	d := p.definition(item{p.reader, root, ""})
	if len(p.faults) > 0 {
		sortFaults(p.faults)
		return nil, p.faults
	}
	return d, nil
}

// parser reads definitions and the questions of the bank.
type parser struct {
	*reader
	bank       Bank
	questions  map[string]Question // read so far, by id
	later      map[string]bool     // ids still to come
	groupCodes map[string]bool     // of the question being read
	current    string              // id of the question being read
}

func (p *parser) definition(root item) *Definition {
	o := root.object("format", "id", "title", "summary", "languages", "unchecked", "sections", "equality")
	p.format(o, Format)
	d := &Definition{}
	// Languages first: every text is checked against them.
	if langs := p.langs(o, "languages", true); len(langs) > 0 {
		if !slices.Contains(langs, locale.English) {
			at, _ := o.at("languages", false)
			at.fault("language_english")
		}
		d.Languages, p.languages = langs, langs
	}
	d.Unchecked = p.langs(o, "unchecked", false)
	d.ID = p.id(o, "id", nameForm, "_ -")
	d.Title = o.text("title", true, maxTitle, false)
	d.Summary = o.text("summary", false, maxSummary, false)
	d.Equality = p.equality(o)
	sections := o.list("sections", true, maxSections)
	p.later = questionIDs(sections)
	seen := map[string]bool{}
	for _, s := range sections {
		d.Sections = append(d.Sections, p.section(s, seen))
	}
	return d
}

func (p *parser) format(o object, want string) {
	if s, at, ok := o.string("format", true); ok && s != want {
		at.fault("format", "Want", want)
	}
}

// id reads an id of the form.
func (p *parser) id(o object, field string, form *regexp.Regexp, mark string) string {
	s, at, ok := o.string(field, true)
	if ok && !form.MatchString(s) {
		at.fault("id", "Value", clip(s), "Mark", mark)
	}
	return s
}

// unique reports an id that was used before among seen.
func unique(o object, field, value string, seen map[string]bool) {
	if value == "" {
		return
	}
	if at, ok := o.at(field, false); ok && seen[value] {
		at.fault("duplicate", "Value", clip(value))
	}
	seen[value] = true
}

func (p *parser) langs(o object, field string, needed bool) []locale.Lang {
	var out []locale.Lang
	for _, i := range o.list(field, needed, len(locale.Langs())) {
		s, ok := i.string()
		lang := locale.Lang(s)
		switch {
		case !ok:
		case !lang.Valid():
			i.fault("language", "Value", clip(s))
		case slices.Contains(out, lang):
			i.fault("duplicate", "Value", s)
		default:
			out = append(out, lang)
		}
	}
	return out
}

// equality resolves the bank's questions and puts them in the bank's order (question-bank.md section 4).
func (p *parser) equality(o object) []Question {
	named := map[string]bool{}
	ids := map[string]bool{}
	for _, i := range o.list("equality", false, 50) {
		id, ok := i.string()
		if !ok {
			continue
		}
		entry, ok := p.bank.Entry(id)
		switch {
		case !ok:
			i.fault("bank_unknown", "ID", clip(id), "Known", strings.Join(p.bank.IDs(), ", "))
			continue
		case named[id]:
			i.fault("duplicate", "Value", id)
			continue
		}
		named[id] = true
		for _, q := range entry.Questions {
			if ids[q.ID] { // two variants of one question, for example for England and for Wales
				i.fault("duplicate", "Value", q.ID)
				break
			}
			ids[q.ID] = true
		}
	}
	var out []Question
	for _, id := range p.bank.IDs() {
		if named[id] {
			entry, _ := p.bank.Entry(id)
			out = append(out, entry.Questions...)
		}
	}
	for _, q := range out {
		p.questions["equality "+q.ID] = q
	}
	return out
}

// questionIDs returns the ids of all questions, read or not, so that a condition on a later one can say so.
func questionIDs(sections []item) map[string]bool {
	out := map[string]bool{}
	for _, s := range sections {
		for k := 0; k+1 < len(s.node.Content); k += 2 {
			if s.node.Content[k].Value != "questions" {
				continue
			}
			for _, q := range s.node.Content[k+1].Content {
				for m := 0; m+1 < len(q.Content); m += 2 {
					if q.Content[m].Value == "id" {
						out[q.Content[m+1].Value] = true
					}
				}
			}
		}
	}
	return out
}

func (p *parser) section(i item, seen map[string]bool) Section {
	o := i.object("id", "title", "questions")
	s := Section{ID: p.id(o, "id", idForm, "_"), Title: o.text("title", true, maxTitle, false)}
	unique(o, "id", s.ID, seen)
	for _, q := range o.list("questions", true, maxQuestions) {
		s.Questions = append(s.Questions, p.question(q))
	}
	return s
}
