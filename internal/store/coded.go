package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"folkmoot/internal/survey"
)

// Coded answers lie in one text column, so that a response is one row to write, one to erase, and a tabulation of a hundred
// thousand of them reads little. Each answer is a line that begins with a line feed:
//
//	LF question "=" code { "," code } [ TAB text ]
//
// in the order of the question ids. The five characters with a meaning, the record separator and the percent sign are written
// as %XX, so everything can be read back whatever it holds.

// recordSeparator stands between responses where several are read as one text.
const recordSeparator = "\x1e"

var (
	escapeCoded   = strings.NewReplacer("%", "%25", "\n", "%0A", "\t", "%09", "=", "%3D", ",", "%2C", "\x1e", "%1E")
	unescapeCoded = strings.NewReplacer("%25", "%", "%0A", "\n", "%09", "\t", "%3D", "=", "%2C", ",", "%1E", "\x1e")
)

// encodeAnswers writes answers as a coded text. Empty answers are left out.
func encodeAnswers(answers survey.Answers) string {
	var out strings.Builder
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		answer := answers[id]
		if answer.Empty() {
			continue
		}
		out.WriteByte('\n')
		out.WriteString(escapeCoded.Replace(id))
		out.WriteByte('=')
		for i, code := range answer.Codes {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(escapeCoded.Replace(code))
		}
		if answer.Text != "" {
			out.WriteByte('\t')
			out.WriteString(escapeCoded.Replace(answer.Text))
		}
	}
	return out.String()
}

// decodeAnswers reads a coded text back.
func decodeAnswers(coded string) (survey.Answers, error) {
	answers := survey.Answers{}
	if coded == "" {
		return answers, nil
	}
	for line := range strings.SplitSeq(strings.TrimPrefix(coded, "\n"), "\n") {
		id, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("coded answers are damaged")
		}
		codes, text, _ := strings.Cut(value, "\t")
		answer := survey.Answer{Text: unescapeCoded.Replace(text)}
		if codes != "" {
			for code := range strings.SplitSeq(codes, ",") {
				answer.Codes = append(answer.Codes, unescapeCoded.Replace(code))
			}
		}
		answers[unescapeCoded.Replace(id)] = answer
	}
	return answers, nil
}
