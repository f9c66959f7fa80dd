package store

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

// chunk is how many responses are read as one text while tabulating: few rows to fetch, and little memory.
const chunk = 20000

// The database joins the coded texts of many responses into one: fetching a hundred thousand rows would cost several times what
// counting them does. Columns that can be dimensions are written before the answers, in the same form.
var (
	codedChunk = sqlText(`
select string_agg(coded, $4), max(id), count(*)
from (
	select id, coded
	from response
	where consultation_id = $1 and id > $2
	order by id
	limit $3
) as chunk`)
	codedChunkWithColumns = sqlText(`
select string_agg($5 || channel || $6 || language || coded, $4), max(id), count(*)
from (
	select id, channel, language, coded
	from response
	where consultation_id = $1 and id > $2
	order by id
	limit $3
) as chunk`)
)

// The dimensions that are columns of the response.
const (
	byChannel  = "channel"
	byLanguage = "language"
)

// Tabulate counts the responses of the consultation by the codes of the dimensions, in the order of the codes. A multiple-choice question
// counts each chosen code; a number or date counts as a code of its own; a blank is survey.CodeNotAnswered.
func (r *reader) Tabulate(consultationID string, dims []string) ([]consult.CodeCount, error) {
	if len(dims) == 0 || len(dims) > maxDimensions {
		return nil, fmt.Errorf("tabulate: %d dimensions", len(dims))
	}
	table := newTabulation(dims)
	for after, last := "", ""; ; after = last {
		text, read, end, err := r.chunk(consultationID, after, table.columns)
		if err != nil {
			return nil, fmt.Errorf("tabulate: %w", err)
		}
		if read > 0 {
			table.count(text)
		}
		if read < chunk {
			return table.counts(), nil
		}
		last = end
	}
}

// chunk reads the next responses as one text.
func (r *reader) chunk(consultationID, after string, columns bool) (text string, read int, last string, err error) {
	var coded, end *string
	dest := []any{&coded, &end, &read}
	if columns {
		err = r.row(codedChunkWithColumns, dest, consultationID, after, chunk, recordSeparator, "\n"+byChannel+"=", "\n"+byLanguage+"=")
	} else {
		err = r.row(codedChunk, dest, consultationID, after, chunk, recordSeparator)
	}
	if err != nil || coded == nil {
		return "", 0, "", err
	}
	return *coded, read, *end, nil
}

// maxDimensions bounds the dimensions of a tabulation: sixteen bits number the codes of each.
const maxDimensions = 4

// tabulation counts combinations of codes.
type tabulation struct {
	prefixes []string            // LF dimension "=", as coded texts have it
	columns  bool                // a dimension is a column of the response
	numbers  []map[string]uint64 // of each dimension: its codes, numbered by first appearance
	names    [][]string
	totals   map[uint64]int
	single   []uint64 // scratch: the combinations of one response
}

func newTabulation(dims []string) *tabulation {
	t := &tabulation{totals: map[uint64]int{}}
	for _, dim := range dims {
		t.prefixes = append(t.prefixes, "\n"+escapeCoded.Replace(dim)+"=")
		t.columns = t.columns || dim == byChannel || dim == byLanguage
		t.numbers = append(t.numbers, map[string]uint64{})
		t.names = append(t.names, nil)
	}
	return t
}

// count counts the responses of a chunk.
func (t *tabulation) count(text string) {
	for record := range strings.SplitSeq(text, recordSeparator) {
		t.single = append(t.single[:0], 0)
		for dim, prefix := range t.prefixes {
			value, found := valueOf(record, prefix)
			if !found {
				value = survey.CodeNotAnswered
			}
			t.cross(dim, value)
		}
		for _, combination := range t.single {
			t.totals[combination]++
		}
	}
}

// cross adds the codes of the value to the combinations of one response.
func (t *tabulation) cross(dim int, value string) {
	codes, text, described := strings.Cut(value, "\t")
	if codes == "" && described {
		codes = text
	}
	before := len(t.single)
	first, rest, more := strings.Cut(codes, ",")
	for more {
		var code string
		code, rest, more = strings.Cut(rest, ",")
		number := t.number(dim, code)
		for _, combination := range t.single[:before] {
			t.single = append(t.single, combination|number)
		}
	}
	number := t.number(dim, first)
	for i := range t.single[:before] {
		t.single[i] |= number
	}
}

// number returns the number of the code, in the bits of its dimension. A dimension has at most 65,536 codes; what comes after them
// counts as the last.
func (t *tabulation) number(dim int, code string) uint64 {
	if n, ok := t.numbers[dim][code]; ok {
		return n
	}
	n := uint64(min(len(t.names[dim]), math.MaxUint16)) << (16 * dim)
	code = strings.Clone(code) // not the whole chunk
	t.numbers[dim][code] = n
	t.names[dim] = append(t.names[dim], unescapeCoded.Replace(code))
	return n
}

// counts returns what was counted, in the order of the codes.
func (t *tabulation) counts() []consult.CodeCount {
	out := make([]consult.CodeCount, 0, len(t.totals))
	for combination, n := range t.totals {
		codes := make([]string, len(t.prefixes))
		for dim := range codes {
			codes[dim] = t.names[dim][combination>>(16*dim)&math.MaxUint16]
		}
		out = append(out, consult.CodeCount{Codes: codes, Count: n})
	}
	slices.SortFunc(out, func(a, b consult.CodeCount) int { return slices.Compare(a.Codes, b.Codes) })
	return out
}
