package store

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

// The dimensions that are columns of the response. Every other dimension is a question.
const (
	byChannel  = "channel"
	byLanguage = "language"
)

// Tabulate counts the responses of the consultation by the codes of one or two dimensions, in the order of the codes. A multiple-choice
// question counts each chosen code; a number or date counts as a code of its own; a blank is survey.CodeNotAnswered.
func (r *reader) Tabulate(consultationID string, dims []string) ([]consult.CodeCount, error) {
	if len(dims) != 1 && len(dims) != 2 {
		return nil, fmt.Errorf("tabulate: %d dimensions", len(dims))
	}
	table := newTabulation(dims)
	var err error
	if r.dialect == postgres {
		err = r.tabulateGroups(consultationID, table)
	} else {
		err = r.tabulateTexts(consultationID, table)
	}
	if err != nil {
		return nil, fmt.Errorf("tabulate: %w", err)
	}
	return table.counts(), nil
}

// SQLite has no function that cuts a value out of a coded text, and is slow at grouping; but it joins the texts of many responses into
// one quickly, and fetching a hundred thousand rows would cost several times what counting them does. Columns that can be
// dimensions are written before the answers, in the same form.
var (
	codedTexts = sqlText(`
select string_agg(coded, $4), max(id), count(*)
from (
	select id, coded
	from response
	where consultation_id = $1 and id > $2 and ` + inUse + `
	order by id
	limit $3
) as chunk`)
	codedTextsWithColumns = sqlText(`
select string_agg($5 || channel || $6 || language || coded, $4), max(id), count(*)
from (
	select id, coded, language, channel
	from response
	where consultation_id = $1 and id > $2 and ` + inUse + `
	order by id
	limit $3
) as chunk`)
)

// chunk is how many responses are read as one text: it bounds the memory.
const chunk = 20000

func (r *reader) tabulateTexts(consultationID string, table *tabulation) error {
	for after := ""; ; {
		var text, last *string
		var read int
		var err error
		if dest := []any{&text, &last, &read}; table.columns {
			err = r.row(codedTextsWithColumns, dest, consultationID, after, chunk, recordSeparator, "\n"+byChannel+"=", "\n"+byLanguage+"=")
		} else {
			err = r.row(codedTexts, dest, consultationID, after, chunk, recordSeparator)
		}
		if err != nil || read == 0 {
			return err
		}
		table.countText(*text)
		if read < chunk {
			return nil
		}
		after = *last
	}
}

// PostgreSQL cuts the values out and groups by them. Its guess at the number of groups is far too high, and it would sort on disk: so
// the statement gets memory for a hash table, and no compiler, which takes longer than the statement.
var (
	groupQuickly = perEngine(``, `select set_config('work_mem', '32MB', true), set_config('jit', 'off', true)`)
	codedGroups  = perEngine(``, `
select
	case $2 when 'channel' then channel when 'language' then language else split_part(split_part(coded, $3, 2), $6, 1) end as value_1,
	case $4 when 'channel' then channel when 'language' then language else split_part(split_part(coded, $5, 2), $6, 1) end as value_2,
	count(*)
from response
where consultation_id = $1 and `+inUse+`
group by value_1, value_2`)
)

// codedGroup is how many responses have the same values.
type codedGroup struct {
	values [2]string
	count  int
}

func (r *reader) tabulateGroups(consultationID string, table *tabulation) error {
	var memory, compiler string
	if err := r.row(groupQuickly, []any{&memory, &compiler}); err != nil {
		return err
	}
	dims, prefixes := [2]string{}, [2]string{}
	copy(dims[:], table.dims)
	copy(prefixes[:], table.prefixes)
	groups, err := list(r.txn, "count groups", func(row scanner) (*codedGroup, error) {
		var g codedGroup
		return &g, row.Scan(&g.values[0], &g.values[1], &g.count)
	}, codedGroups, consultationID, dims[0], prefixes[0], dims[1], prefixes[1], "\n")
	for _, g := range groups {
		table.add(g.values[:len(table.dims)], g.count)
	}
	return err
}

// tabulation counts combinations of codes.
type tabulation struct {
	dims     []string
	prefixes []string            // LF dimension "=", as coded texts have it
	columns  bool                // a dimension is a column of the response
	numbers  []map[string]uint64 // of each dimension: its codes, numbered by first appearance
	names    [][]string
	totals   map[uint64]int

	offsets      []int    // scratch: where the last response had the dimension
	values       []string // scratch: of one response
	combinations []uint64 // scratch: of one response
}

func newTabulation(dims []string) *tabulation {
	t := &tabulation{dims: dims, totals: map[uint64]int{}, offsets: make([]int, len(dims)), values: make([]string, len(dims))}
	for _, dim := range dims {
		t.prefixes = append(t.prefixes, "\n"+escapeCoded.Replace(dim)+"=")
		t.columns = t.columns || dim == byChannel || dim == byLanguage
		t.numbers = append(t.numbers, map[string]uint64{})
		t.names = append(t.names, nil)
	}
	return t
}

// countText counts the responses of a joined text.
func (t *tabulation) countText(text string) {
	for record := range strings.SplitSeq(text, recordSeparator) {
		for dim := range t.dims {
			t.values[dim] = t.find(dim, record)
		}
		t.add(t.values, 1)
	}
}

// find returns the value of the dimension in a coded text, "" for a blank. Answers come in the order of their questions and most
// are of equal length, so it is often where the last response had it.
func (t *tabulation) find(dim int, coded string) string {
	prefix, at := t.prefixes[dim], t.offsets[dim]
	if at > len(coded) || !strings.HasPrefix(coded[at:], prefix) {
		if at = strings.Index(coded, prefix); at < 0 {
			return ""
		}
		t.offsets[dim] = at
	}
	value := coded[at+len(prefix):]
	if end := strings.IndexByte(value, '\n'); end >= 0 {
		value = value[:end]
	}
	return value
}

// add counts n responses with the values, as they are written in coded texts.
func (t *tabulation) add(values []string, n int) {
	t.combinations = append(t.combinations[:0], 0)
	for dim, value := range values {
		t.cross(dim, value)
	}
	for _, combination := range t.combinations {
		t.totals[combination] += n
	}
}

// cross crosses the combinations of one response with the codes of a value.
func (t *tabulation) cross(dim int, value string) {
	codes, text, _ := strings.Cut(value, "\t")
	switch {
	case value == "":
		codes = survey.CodeNotAnswered
	case codes == "":
		codes = text
	}
	before := len(t.combinations)
	first, rest, more := strings.Cut(codes, ",")
	for more {
		var code string
		code, rest, more = strings.Cut(rest, ",")
		number := t.number(dim, code)
		for _, combination := range t.combinations[:before] {
			t.combinations = append(t.combinations, combination|number)
		}
	}
	number := t.number(dim, first)
	for i := range t.combinations[:before] {
		t.combinations[i] |= number
	}
}

// number returns the number of the code, in the bits of its dimension.
func (t *tabulation) number(dim int, code string) uint64 {
	if n, ok := t.numbers[dim][code]; ok {
		return n
	}
	n := uint64(len(t.names[dim])) << (32 * dim)
	code = strings.Clone(code) // not the whole text that it was cut from
	t.numbers[dim][code] = n
	t.names[dim] = append(t.names[dim], unescapeCoded.Replace(code))
	return n
}

// counts returns what was counted, in the order of the codes.
func (t *tabulation) counts() []consult.CodeCount {
	out := make([]consult.CodeCount, 0, len(t.totals))
	for combination, n := range t.totals {
		codes := make([]string, len(t.dims))
		for dim := range codes {
			codes[dim] = t.names[dim][combination>>(32*dim)&math.MaxUint32]
		}
		out = append(out, consult.CodeCount{Codes: codes, Count: n})
	}
	slices.SortFunc(out, func(a, b consult.CodeCount) int { return slices.Compare(a.Codes, b.Codes) })
	return out
}
