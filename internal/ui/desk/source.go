package desk

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// around is how many lines of a definition are shown on either side of a fault.
const around = 2

// ReadSource returns an uploaded definition, or the one that was pasted; a file that was chosen comes first.
func ReadSource(c *fiber.Ctx, form survey.Form) (text string, problem *survey.Problem) {
	if header, err := c.FormFile("file"); err == nil && header.Size > 0 {
		content, ok := page.File(c, "file", survey.MaxSource)
		if !ok {
			return "", &survey.Problem{Field: "file", Key: "office.problem.file_large", Args: []any{"Max", survey.MaxSource / 1024}}
		}
		if !utf8.Valid(content) || strings.ContainsRune(string(content), 0) {
			return "", &survey.Problem{Field: "file", Key: "office.problem.file_text"}
		}
		return strings.ReplaceAll(string(content), "\r\n", "\n"), nil
	}
	if text = form.First("source"); strings.TrimSpace(text) == "" {
		return "", &survey.Problem{Field: "file", Key: "office.problem.source"}
	}
	return text, nil
}

// FaultText says what is wrong and where in the definition.
func FaultText(p *page.Page, f survey.Fault) string {
	text := p.T(f.Key, f.Args...)
	if f.Path != "" {
		text = f.Path + ": " + text
	}
	return text
}

// Faults shows every fault of a definition with its line, and the lines around it.
func Faults(p *page.Page, source string, faults []survey.Fault) []Block {
	t := page.Table{Caption: p.T("office.faults.caption", "Count", len(faults)),
		Head: []page.Cell{{Text: p.T("office.faults.line"), Numeric: true}, {Text: p.T("office.faults.fault")}}}
	wrong := map[int]string{}
	for _, f := range faults {
		line := "–"
		if f.Line > 0 {
			line = itoa(f.Line)
			if wrong[f.Line] == "" {
				wrong[f.Line] = p.T(f.Key, f.Args...)
			}
		}
		t.Rows = append(t.Rows, page.Row{NoHeader: true, Cells: []page.Cell{page.Num(line), {Text: FaultText(p, f)}}})
	}
	blocks := []Block{{Warning: &page.Warning{Text: p.T("office.faults.warning", "Count", len(faults))}}, TableBlock(t)}
	if lines := excerpt(source, wrong); len(lines) > 0 {
		blocks = append(blocks, Block{Source: &Source{Label: p.T("office.faults.source"), Lines: lines}})
	}
	return blocks
}

// excerpt returns the lines near a fault.
func excerpt(source string, wrong map[int]string) []SourceLine {
	if source == "" || len(wrong) == 0 {
		return nil
	}
	var out []SourceLine
	for i, text := range strings.Split(source, "\n") {
		n := i + 1
		near := false
		for k := n - around; k <= n+around; k++ {
			near = near || wrong[k] != ""
		}
		if near {
			out = append(out, SourceLine{Number: n, Text: text, Fault: wrong[n]})
		}
	}
	return out
}
