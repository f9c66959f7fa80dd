package privacy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// FormKind is what a person was given instead of a page of the service. The zero value is invalid.
type FormKind string

// The kinds.
const (
	PaperForm FormKind = "paper"  // to be filled in by hand
	Script    FormKind = "script" // to be read aloud
)

// PartKind is what one part of a form is. The zero value is invalid.
type PartKind string

// The kinds of parts, in which a form is printed and a script read.
const (
	PartTitle    PartKind = "title"
	PartHeading  PartKind = "heading"
	PartPara     PartKind = "para" // a paragraph and, with Items, the list that it introduces
	PartQuestion PartKind = "question"
	PartConsent  PartKind = "consent" // the two options of the statement, and the place to sign
)

// FormPart is one part of a form or script.
type FormPart struct {
	Kind  PartKind `json:"kind"`
	Text  string   `json:"text"`
	Hint  string   `json:"hint,omitempty"`
	Items []string `json:"items,omitempty"` // of a list, or the boxes to tick
	Lines int      `json:"lines,omitempty"` // to write on
}

// FormQuestion is one question as it stands on paper.
type FormQuestion struct {
	Text, Hint string
	Items      []string // the boxes; none where something is written
	Several    bool     // more than one may be ticked
	Date       bool
	Lines      int
	Only       []string // the labels of an earlier question of which one must be chosen; none for a question for everybody
	OnlyAfter  int      // the number of that question, from 1
}

// FormFacts is what a form or script is made from, in one language.
type FormFacts struct {
	Council        Council
	Title          string
	Notice         NoticeText
	NoticeAt       string     // address of the notice
	Statement      *Statement // nil where no equality questions are asked
	Questions      []FormQuestion
	Equality       []FormQuestion
	Ages           []int  // that the person must have, asked before the first question; none where everybody may take part
	AgeForEquality int    // 0 where nobody is asked
	Closes         string // when forms must have come, in words
	Language       locale.Lang
}

// PaperParts returns the whole paper form: the questions, the explicit consent in express words with a place to sign (UK GDPR art. 9(2)(a)), the
// equality questions after it, and the whole privacy notice (UK GDPR art. 13).
func PaperParts(f FormFacts) []FormPart {
	c, lang := f.Council, f.Language
	out := []FormPart{{Kind: PartTitle, Text: f.Title},
		{Kind: PartPara, Text: say(lang, "form.intro", "council", c.Name.In(lang), "address", oneLine(c.Address), "closes", f.Closes)},
		{Kind: PartPara, Text: say(lang, "form.free")}}
	for _, age := range f.Ages {
		out = append(out, agePart(lang, age, ""))
	}
	out = append(out, questionParts(lang, f.Questions)...)
	if s := f.Statement; s != nil {
		if f.AgeForEquality > 0 {
			out = append(out, agePart(lang, f.AgeForEquality, say(lang, "form.age.equality", "age", strconv.Itoa(f.AgeForEquality))))
		}
		out = append(out, statementParts(*s)...)
		out = append(out, FormPart{Kind: PartConsent, Text: say(lang, "form.one"), Items: []string{s.Agree, s.Refuse}, Hint: say(lang, "form.sign")},
			FormPart{Kind: PartHeading, Text: say(lang, "form.equality")}, FormPart{Kind: PartPara, Text: say(lang, "form.equality.only")})
		out = append(out, questionParts(lang, f.Equality)...)
	}
	out = append(out, FormPart{Kind: PartTitle, Text: f.Notice.Title})
	for _, s := range f.Notice.Sections {
		out = append(out, noticeParts(s)...)
	}
	return append(out, FormPart{Kind: PartPara, Text: say(lang, "form.after", "phone", c.Phone)})
}

// agePart asks whether the person is that old (privacy.md 3.3: the boolean, the threshold and the day are kept, never an age).
func agePart(lang locale.Lang, age int, hint string) FormPart {
	return FormPart{Kind: PartQuestion, Text: say(lang, "form.age", "age", strconv.Itoa(age)), Hint: strings.TrimSpace(hint + "\n" + say(lang, "form.one")),
		Items: []string{say(lang, "form.yes"), say(lang, "form.no")}}
}

// spokenSections are those of the notice that are read out; the script says where the others are. The first layer has who uses the information and
// why, who else gets it, and for how long it is kept (ICO, right to be informed: by telephone, a short script and where to find more).
var spokenSections = []string{"who", "why", "recipients", "retention"}

// ScriptParts returns what is read out before the first question.
func ScriptParts(f FormFacts) []FormPart {
	lang := f.Language
	out := []FormPart{{Kind: PartPara, Text: say(lang, "script.hello", "council", f.Council.Name.In(lang), "title", f.Title)},
		{Kind: PartPara, Text: say(lang, "script.notice")}}
	for _, s := range f.Notice.Sections {
		if slices.Contains(spokenSections, s.ID) {
			out = append(out, noticeParts(s)...)
		}
	}
	return append(out, FormPart{Kind: PartPara, Text: say(lang, "script.more", "where", f.NoticeAt)}, FormPart{Kind: PartPara, Text: say(lang, "script.begin")})
}

// ScriptConsentParts returns what is read out before the equality questions: the statement word for word.
func ScriptConsentParts(f FormFacts) []FormPart {
	if f.Statement == nil {
		return nil
	}
	out := append([]FormPart{{Kind: PartPara, Text: say(f.Language, "script.consent")}}, statementParts(*f.Statement)...)
	return append(out, FormPart{Kind: PartPara, Text: f.Statement.Agree}, FormPart{Kind: PartPara, Text: f.Statement.Refuse})
}

func statementParts(s Statement) []FormPart {
	out := []FormPart{{Kind: PartHeading, Text: s.Heading}, {Kind: PartPara, Text: s.Intro, Items: s.Uses}}
	for _, p := range s.Paragraphs {
		out = append(out, FormPart{Kind: PartPara, Text: p})
	}
	return out
}

func noticeParts(s NoticeSection) []FormPart {
	out := []FormPart{{Kind: PartHeading, Text: s.Heading}}
	for _, b := range s.Blocks {
		out = append(out, FormPart{Kind: PartPara, Text: b.Text, Items: b.Items})
	}
	return out
}

// questionParts numbers the questions from 1, as OnlyAfter counts them.
func questionParts(lang locale.Lang, questions []FormQuestion) []FormPart {
	var out []FormPart
	for i, q := range questions {
		var hints []string
		if len(q.Only) > 0 {
			hints = append(hints, say(lang, "form.only", "number", strconv.Itoa(q.OnlyAfter), "labels", strings.Join(q.Only, "; ")))
		}
		if q.Hint != "" {
			hints = append(hints, q.Hint)
		}
		switch {
		case q.Several:
			hints = append(hints, say(lang, "form.several"))
		case len(q.Items) > 0:
			hints = append(hints, say(lang, "form.one"))
		case q.Date:
			hints = append(hints, say(lang, "form.date"))
		}
		out = append(out, FormPart{Kind: PartQuestion, Text: strconv.Itoa(i+1) + ". " + q.Text, Hint: strings.Join(hints, "\n"), Items: q.Items, Lines: q.Lines})
	}
	return out
}

// IssuedForm is one version of a form or script in one language: exactly what people were given, kept for good, because a consent that was spoken or
// written is proved by what was said or signed (privacy.md 3.1: master copy with version and date; script if oral).
type IssuedForm struct {
	Code           string // printed and typed: begins Digest in letters that survive handwriting, for example P-7K3F-92QD-1XYZ
	Kind           FormKind
	ConsultationID string
	Language       locale.Lang
	SurveyVersion  string
	NoticeID       string
	NoticeVersion  int
	NoticeSHA256   string
	Statement      string // the consent statement, exactly; empty where no equality questions are asked
	StatementHash  string
	Agree, Refuse  string     // its options
	Parts          []FormPart // everything that stands on the form, or is read out before the first question
	Consent        []FormPart // of a script: what is read out before the equality questions
	Digest         string     // SHA-256 of all the above but Code, hex
	IssuedAt       time.Time
}

// Seal returns the form with its digest and code.
func (f IssuedForm) Seal() IssuedForm {
	f.Digest = f.digest()
	f.Code = strings.ToUpper(string(f.Kind)[:1]) + "-" + seal.ShortCode(f.Digest)
	return f
}

// Verify returns fault.Conflict if the form is not what its digest says.
func (f IssuedForm) Verify() error {
	if f.Digest == "" || f.Seal().Digest != f.Digest || f.Seal().Code != f.Code {
		return fault.New(fault.Conflict, "error.form.altered", "Code", f.Code)
	}
	return nil
}

// Version is how the form is named as evidence: code and digest.
func (f IssuedForm) Version() string { return f.Code + "/" + f.Digest }

// PrintedVersion is the line that stands on every page of a paper form.
func (f IssuedForm) PrintedVersion() string { return say(f.Language, "form.version", "code", f.Code) }

// Text returns the form, or everything that the script has, as plain text.
func (f IssuedForm) Text() string {
	var out strings.Builder
	for _, p := range append(slices.Clone(f.Parts), f.Consent...) {
		out.WriteString(p.Text + "\n")
		if p.Hint != "" {
			out.WriteString(p.Hint + "\n")
		}
		for _, item := range p.Items {
			out.WriteString("- " + item + "\n")
		}
		out.WriteString("\n")
	}
	return out.String()
}

func (f IssuedForm) digest() string {
	fields := []string{"form/1", string(f.Kind), f.ConsultationID, string(f.Language), f.SurveyVersion, f.NoticeID, strconv.Itoa(f.NoticeVersion), f.NoticeSHA256,
		f.Statement, f.StatementHash, f.Agree, f.Refuse, strconv.Itoa(len(f.Parts))}
	for _, p := range append(slices.Clone(f.Parts), f.Consent...) {
		fields = append(fields, string(p.Kind), p.Text, p.Hint, string(seal.Canonical(p.Items...)), strconv.Itoa(p.Lines))
	}
	return seal.Digest(string(seal.Canonical(fields...)))
}

// NormaliseFormCode returns the code as it is printed, from what an officer typed: lower case, spaces and look-alikes too. fault.Invalid for what is no
// code of a form.
func NormaliseFormCode(typed string) (string, error) {
	typed = strings.ToUpper(strings.TrimSpace(typed))
	for _, kind := range []FormKind{PaperForm, Script} {
		prefix := strings.ToUpper(string(kind)[:1])
		if rest, ok := strings.CutPrefix(typed, prefix); ok {
			if code, err := seal.NormaliseShort(rest); err == nil {
				return prefix + "-" + code, nil
			}
		}
	}
	return "", fault.New(fault.Invalid, "error.form.code")
}
