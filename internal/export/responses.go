package export

import (
	"io"
	"strconv"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Responses calls fn for each response in an order that tells nothing of when they came; it stops at the first error.
type Responses func(fn func(*consult.Response) error) error

// column is one column of the export of responses and what the codebook says about it.
type column struct {
	name     string
	question survey.Question
	option   *survey.Option // multiple choice: the option whose y or n it holds
	part     part
	value    func(*consult.Response) string
}

// part says what of an answer a column holds.
type part string

const (
	partCode    part = "code"    // code of the chosen option, or ward
	partChoice  part = "choice"  // y or n for one option
	partText    part = "text"    // free text
	partNumber  part = "number"  // decimal
	partDate    part = "date"    // yyyy-mm-dd
	partMeta    part = "meta"    // about the response, not an answer
	partWriteIn part = "writein" // what was written beside an option
)

// columns returns what is exported of a survey: the coded answers, numbers, dates and texts of its main questions.
// Equality questions are not among them, nor is any other question on special-category data; nor withdrawal codes and
// their hashes, references, identifiers, dates and times of submission, and postcodes, which would make rows findable.
func columns(d *survey.Definition) []column {
	out := []column{
		{name: "row", part: partMeta},
		{name: "channel", part: partMeta, value: func(r *consult.Response) string { return string(r.Channel) }},
		{name: "language", part: partMeta, value: func(r *consult.Response) string { return string(r.Language) }},
	}
	for _, q := range d.Questions() {
		if !q.Special {
			out = append(out, questionColumns(q)...)
		}
	}
	return out
}

func questionColumns(q survey.Question) []column {
	switch q.Kind {
	case survey.Multiple:
		return multipleColumns(q)
	case survey.Scale, survey.Single, survey.Postcode:
		return append([]column{{name: q.ID, question: q, part: partCode, value: func(r *consult.Response) string {
			if codes := r.Answers[q.ID].Codes; len(codes) > 0 {
				return codes[0]
			}
			return survey.CodeNotAnswered
		}}}, writeIn(q)...)
	case survey.Number:
		return []column{textColumn(q, q.ID, partNumber)}
	case survey.Date:
		return []column{textColumn(q, q.ID, partDate)}
	case survey.ShortText, survey.LongText:
		return []column{textColumn(q, q.ID, partText)}
	}
	return nil
}

func multipleColumns(q survey.Question) []column {
	var out []column
	for i := range q.Options {
		o := &q.Options[i]
		out = append(out, column{name: q.ID + "__" + o.Code, question: q, option: o, part: partChoice,
			value: func(r *consult.Response) string {
				a := r.Answers[q.ID]
				if len(a.Codes) == 0 {
					return survey.CodeNotAnswered
				}
				for _, c := range a.Codes {
					if c == o.Code {
						return "y"
					}
				}
				return "n"
			}})
	}
	return append(out, writeIn(q)...)
}

// writeIn returns the column of what was written beside an option, for questions that have such an option.
func writeIn(q survey.Question) []column {
	for _, o := range q.Options {
		if !o.WriteIn.Empty() {
			return []column{textColumn(q, q.ID+"__text", partWriteIn)}
		}
	}
	return nil
}

func textColumn(q survey.Question, name string, p part) column {
	return column{name: name, question: q, part: p, value: func(r *consult.Response) string {
		if kinds := r.HeldBack[q.ID]; len(kinds) > 0 {
			return heldBack(r.Language, kinds)
		}
		return r.Answers[q.ID].Text
	}}
}

// heldBack stands for a text that the data protection officer has not decided about yet, in the language of the response.
func heldBack(l locale.Lang, kinds []privacy.MarkKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = catalogue().T(l, "texts.kind."+string(k))
	}
	return catalogue().T(l, "texts.held", "Kinds", strings.Join(words, ", "))
}

// ResponsesCSV writes one line for each response: a number of the line, how and in which language the response came,
// and the answers. A question that was not answered has survey.CodeNotAnswered if its answers are codes, else
// nothing. What the columns mean is in CodebookCSV of the same definition.
func ResponsesCSV(w io.Writer, d *survey.Definition, each Responses, f Flavour) error {
	s, cols := newSheet(w, f), columns(d)
	cells := make([]string, len(cols))
	for i, c := range cols {
		cells[i] = c.name
	}
	s.line(cells...)
	row := 0
	err := each(func(r *consult.Response) error {
		row++
		cells[0] = strconv.Itoa(row)
		for i, c := range cols[1:] {
			cells[1+i] = c.value(r)
		}
		s.line(cells...)
		return s.err
	})
	if err != nil {
		return err
	}
	return s.close()
}

// CodebookCSV writes what the columns of ResponsesCSV mean: a line for each column without codes and for each code of
// a column with codes, with texts in every language of the definition.
func CodebookCSV(w io.Writer, d *survey.Definition, f Flavour) error {
	s := newSheet(w, f)
	head := []string{"column", "question", "kind", "holds", "code", "score"}
	for _, l := range d.Languages {
		head = append(head, "text_"+string(l), "label_"+string(l))
	}
	s.line(head...)
	for _, c := range columns(d) {
		for _, code := range c.codes() {
			score := ""
			if code.Score != 0 {
				score = strconv.Itoa(code.Score)
			}
			cells := []string{c.name, c.question.ID, string(c.question.Kind), string(c.part), code.Code, score}
			for _, l := range d.Languages {
				cells = append(cells, c.question.Text.In(l), code.Label.In(l))
			}
			s.line(cells...)
		}
	}
	return s.close()
}

// codes lists what a column can hold, one entry without a code if anything.
func (c column) codes() []survey.Option {
	notAnswered := survey.Option{Code: survey.CodeNotAnswered, Label: codebookWords["not_answered"]}
	switch c.part {
	case partChoice:
		return []survey.Option{{Code: "y", Label: c.option.Label}, {Code: "n", Label: codebookWords["not_chosen"]}, notAnswered}
	case partCode:
		if c.question.Kind == survey.Postcode {
			return []survey.Option{{Label: codebookWords["ward"]}, {Code: survey.CodeElsewhere, Label: codebookWords["elsewhere"]},
				{Code: survey.CodeUnknown, Label: codebookWords["unknown"]}, notAnswered}
		}
		return append(c.question.Options[:len(c.question.Options):len(c.question.Options)], notAnswered)
	}
	return []survey.Option{{Label: codebookWords[string(c.part)+"."+c.name]}}
}

// codebookWords are the meanings that no survey brings.
var codebookWords = map[string]locale.Text{
	"not_answered": {locale.English: "Not answered", locale.Welsh: "Heb ateb"},
	"not_chosen":   {locale.English: "Not chosen", locale.Welsh: "Heb ei ddewis"},
	"ward":         {locale.English: "Code of the ward", locale.Welsh: "Cod y ward"},
	"elsewhere":    {locale.English: "Outside the council's area", locale.Welsh: "Y tu allan i ardal y cyngor"},
	"unknown":      {locale.English: "No table of postcodes", locale.Welsh: "Dim tabl codau post"},
	"meta.row": {locale.English: "Number of the line; it says nothing about who or when",
		locale.Welsh: "Rhif y llinell; nid yw’n dweud dim am bwy na phryd"},
	"meta.channel":  {locale.English: "How the response came", locale.Welsh: "Sut y daeth yr ymateb"},
	"meta.language": {locale.English: "Language of the response", locale.Welsh: "Iaith yr ymateb"},
}
