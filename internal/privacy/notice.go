package privacy

import (
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// NoticeText is a whole privacy notice in one language, as plain text in a fixed order.
type NoticeText struct {
	Title    string          `json:"title"`
	Sections []NoticeSection `json:"sections"`
}

// NoticeSection is one heading of a notice and what stands below it.
type NoticeSection struct {
	ID      string        `json:"id"` // who, dpo, data, why, recipients, where, retention, rights, withdraw, required, automated, children, complain, changes
	Heading string        `json:"heading"`
	Blocks  []NoticeBlock `json:"blocks"`
}

// NoticeBlock is a paragraph, or a paragraph and the list that it introduces.
type NoticeBlock struct {
	Text  string   `json:"text"`
	Items []string `json:"items,omitempty"`
}

// String returns the notice as plain text: what is hashed, and what a reader without HTML gets.
func (n NoticeText) String() string {
	var out strings.Builder
	out.WriteString(n.Title + "\n")
	for _, s := range n.Sections {
		out.WriteString("\n" + s.Heading + "\n")
		for _, b := range s.Blocks {
			out.WriteString("\n" + b.Text + "\n")
			for _, item := range b.Items {
				out.WriteString("- " + item + "\n")
			}
		}
	}
	return out.String()
}

// NoticeVersion is one immutable version of a notice. Responses and consent events name it by NoticeID and Version, so
// that everybody's information is used as the version says that they saw (councils.md S0-19).
type NoticeVersion struct {
	NoticeID      string
	Version       int // from 1
	EffectiveFrom time.Time
	Texts         map[locale.Lang]NoticeText
	SHA256        string // hex; see Hash
}

// NewNoticeVersion builds the version of a notice in every language of the council and seals it with its hash.
func NewNoticeVersion(id string, version int, from time.Time, c Council, title locale.Text, p Processing) NoticeVersion {
	v := NoticeVersion{NoticeID: id, Version: version, EffectiveFrom: from.UTC().Truncate(time.Second), Texts: map[locale.Lang]NoticeText{}}
	for _, lang := range c.Languages {
		v.Texts[lang] = BuildNotice(c, title, p, lang)
	}
	v.SHA256 = v.Hash()
	return v
}

// Hash returns the SHA-256, in hex, of everything that people were told: id, version, date and the text in each language.
func (v NoticeVersion) Hash() string {
	fields := []string{v.NoticeID, strconv.Itoa(v.Version), stamp(v.EffectiveFrom)}
	for _, lang := range locale.Langs() {
		if text, ok := v.Texts[lang]; ok {
			fields = append(fields, string(lang), string(text.canonical()))
		}
	}
	return seal.Digest(string(seal.Canonical(fields...)))
}

// canonical keeps blocks and items apart, which plain text does not.
func (n NoticeText) canonical() []byte {
	fields := []string{n.Title, strconv.Itoa(len(n.Sections))}
	for _, s := range n.Sections {
		fields = append(fields, s.ID, s.Heading, strconv.Itoa(len(s.Blocks)))
		for _, b := range s.Blocks {
			fields = append(fields, b.Text, string(seal.Canonical(b.Items...)))
		}
	}
	return seal.Canonical(fields...)
}

// Verify returns fault.Conflict if the version is not what its hash says: somebody changed what people were told.
func (v NoticeVersion) Verify() error {
	if v.SHA256 == "" || v.Hash() != v.SHA256 {
		return fault.New(fault.Conflict, "error.notice.altered", "Version", v.Version)
	}
	return nil
}

// In returns the notice in the language, or in English, and the language that it is in.
func (v NoticeVersion) In(lang locale.Lang) (NoticeText, locale.Lang) {
	if text, ok := v.Texts[lang]; ok {
		return text, lang
	}
	return v.Texts[locale.English], locale.English
}

// Plain returns the notice in the language, or in English, as plain text with its version and the day, in Europe/London, from which it
// holds: what people may keep, and what LintPlain reads.
func (v NoticeVersion) Plain(lang locale.Lang) string {
	text, in := v.In(lang)
	title, rest, _ := strings.Cut(text.String(), "\n")
	return title + "\n\n" + say(in, "notice.version", "version", strconv.Itoa(v.Version), "date", locale.Date(in, v.EffectiveFrom)) + "\n" + rest
}

// stamp writes a moment in UTC with whole seconds, for hashing; "" for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}
