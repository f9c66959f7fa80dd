package plain

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxFaults is how many faults of one file are named; a file of the wrong kind would fill the screen.
const maxFaults = 20

// reader collects what is read and what is wrong.
type reader struct {
	from   fs.FS
	data   Data
	faults Faults
}

// Read reads a folder. policy is the content of another policy file, nil for policy.yaml in the folder, which need not be there. The error
// is Faults.
func Read(from fs.FS, policy []byte) (*Data, error) {
	r := &reader{from: from, data: Data{Answers: map[string][]string{}}}
	r.dims()
	r.codes()
	r.hierarchies()
	r.tables()
	r.responses()
	r.policy(policy)
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return &r.data, nil
}

func (r *reader) fault(file string, line int, text string) {
	n := 0
	for _, f := range r.faults {
		if f.File == file {
			n++
		}
	}
	if n < maxFaults {
		r.faults = append(r.faults, Fault{file, line, text})
	}
}

// record is a line of a CSV file by its column names.
type record struct {
	line   int
	fields map[string]string
}

// table reads a CSV file with the needed columns and calls each for every line. It returns the names of the columns.
func (r *reader) table(file string, needed []string, each func(record)) []string {
	raw, err := fs.ReadFile(r.from, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.fault(file, 0, "there is no such file")
		return nil
	case err != nil:
		r.fault(file, 0, "it cannot be read")
		return nil
	case !utf8.Valid(raw):
		r.fault(file, 1+strings.Count(string(raw[:firstInvalid(raw)]), "\n"), "it is not UTF-8 text")
		return nil
	}
	rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	names, err := rows.Read()
	if err != nil {
		r.fault(file, 1, "there is no header line")
		return nil
	}
	for i, n := range names {
		if n == "" || slices.Contains(names[:i], n) {
			r.fault(file, 1, "the column "+strconv.Quote(n)+" is there twice, or has no name")
			return nil
		}
	}
	for _, n := range needed {
		if !slices.Contains(names, n) {
			r.fault(file, 1, "the column "+strconv.Quote(n)+" is missing")
			return nil
		}
	}
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return names
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			r.fault(file, wrong.Line, wrong.Err.Error())
			return names
		}
		line, _ := rows.FieldPos(0)
		rec := record{line, map[string]string{}}
		for i, n := range names {
			rec.fields[n] = fields[i]
		}
		each(rec)
	}
}

func firstInvalid(raw []byte) int {
	for i := 0; i < len(raw); {
		c, n := utf8.DecodeRune(raw[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(raw)
}

func (r *reader) dim(name string) *Dim {
	for i := range r.data.Dims {
		if r.data.Dims[i].Name == name {
			return &r.data.Dims[i]
		}
	}
	return nil
}

// CellColumns are the columns of cells.csv beside the dimensions.
var CellColumns = []string{"release", "table", "measure", "over", "value", "lo", "hi", "status"}

func (r *reader) dims() {
	const file = "dims.csv"
	r.table(file, []string{"dim", "role", "complete"}, func(rec record) {
		d := Dim{Name: rec.fields["dim"], Role: rec.fields["role"], Complete: rec.fields["complete"] != "no", line: rec.line}
		switch {
		case d.Name == "" || strings.ContainsAny(d.Name, " \t\n"):
			r.fault(file, rec.line, "a dimension needs a name without blanks")
		case d.Name == "id" || slices.Contains(CellColumns, d.Name):
			r.fault(file, rec.line, "a dimension cannot be called "+strconv.Quote(d.Name)+": a file has such a column")
		case !slices.Contains([]string{"", "sensitive", "special"}, d.Role):
			r.fault(file, rec.line, "the role "+strconv.Quote(d.Role)+" is none of sensitive, special and empty")
		case !slices.Contains([]string{"", "yes", "no"}, rec.fields["complete"]):
			r.fault(file, rec.line, "complete is "+strconv.Quote(rec.fields["complete"])+", not yes, no or empty")
		case r.dim(d.Name) != nil:
			r.fault(file, rec.line, "the dimension "+strconv.Quote(d.Name)+" is there twice")
		default:
			r.data.Dims = append(r.data.Dims, d)
		}
	})
}

func (r *reader) codes() {
	const file = "codes.csv"
	r.table(file, []string{"dim", "code", "parent", "score"}, func(rec record) {
		d := r.dim(rec.fields["dim"])
		c := Code{Name: rec.fields["code"], Score: rec.fields["score"], line: rec.line}
		switch {
		case d == nil:
			r.fault(file, rec.line, "unknown dimension "+strconv.Quote(rec.fields["dim"]))
			return
		case c.Name == "" || c.Name == "*":
			r.fault(file, rec.line, "a code cannot be "+strconv.Quote(c.Name)+": that is the total")
			return
		case c.Name == unlisted:
			r.fault(file, rec.line, "a code cannot be "+unlisted)
			return
		}
		if c.Score != "" {
			n, err := strconv.ParseFloat(c.Score, 64)
			if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || n < 0 || n > 1000 {
				r.fault(file, rec.line, "the score "+strconv.Quote(c.Score)+" is not a number from 0 to 1000")
				return
			}
			c.points = n
		}
		had := slices.IndexFunc(d.Codes, func(o Code) bool { return o.Name == c.Name })
		if had < 0 {
			had, d.Codes = len(d.Codes), append(d.Codes, c)
		}
		o := &d.Codes[had]
		if c.Score != o.Score && o.line != c.line {
			r.fault(file, rec.line, "the code "+strconv.Quote(c.Name)+" has another score on line "+strconv.Itoa(o.line))
			return
		}
		if p := rec.fields["parent"]; p != "" {
			if slices.Contains(o.Parents, p) {
				r.fault(file, rec.line, "the code "+strconv.Quote(c.Name)+" has the parent "+strconv.Quote(p)+" twice")
				return
			}
			o.Parents = append(o.Parents, p)
		} else if o.line != c.line {
			r.fault(file, rec.line, "the code "+strconv.Quote(c.Name)+" is there twice")
		}
	})
}

// hierarchies checks that every parent is a code and none is its own descendant, and adds the code of those who did not answer.
func (r *reader) hierarchies() {
	const file = "codes.csv"
	for i := range r.data.Dims {
		d := &r.data.Dims[i]
		if len(d.Codes) == 0 {
			r.fault(file, 0, "the dimension "+strconv.Quote(d.Name)+" has no codes")
		}
		done := map[string]bool{}
		for _, c := range d.Codes {
			for _, p := range c.Parents {
				if d.code(p) < 0 {
					r.fault(file, c.line, "the parent "+strconv.Quote(p)+" of "+strconv.Quote(c.Name)+" is not a code of "+strconv.Quote(d.Name))
				}
			}
			if d.circular(c.Name, map[string]bool{}, done) {
				r.fault(file, c.line, "the code "+strconv.Quote(c.Name)+" is its own ancestor")
				return
			}
		}
	}
}

func (d *Dim) code(name string) int {
	return slices.IndexFunc(d.Codes, func(c Code) bool { return c.Name == name })
}

// circular reports whether going up from the code comes back to a code on the way. done are codes from which it does not.
func (d *Dim) circular(code string, on, done map[string]bool) bool {
	if on[code] || done[code] {
		return on[code]
	}
	on[code] = true
	if i := d.code(code); i >= 0 {
		for _, p := range d.Codes[i].Parents {
			if d.circular(p, on, done) {
				return true
			}
		}
	}
	delete(on, code)
	done[code] = true
	return false
}

// maxTableDims is the most dimensions of a table: what protection can take.
const maxTableDims = 5

func (r *reader) tables() {
	const file = "tables.csv"
	r.table(file, []string{"table", "dims"}, func(rec record) {
		t := TableSpec{Name: rec.fields["table"], Dims: strings.Fields(rec.fields["dims"]), line: rec.line}
		switch {
		case t.Name == "" || strings.ContainsAny(t.Name, "\n|"):
			r.fault(file, rec.line, "a table needs a name without line breaks and without |")
			return
		case slices.ContainsFunc(r.data.Tables, func(o TableSpec) bool { return o.Name == t.Name }):
			r.fault(file, rec.line, "the table "+strconv.Quote(t.Name)+" is there twice")
			return
		case len(t.Dims) == 0 || len(t.Dims) > maxTableDims:
			r.fault(file, rec.line, "a table has from 1 to "+strconv.Itoa(maxTableDims)+" dimensions, this one "+strconv.Itoa(len(t.Dims)))
			return
		}
		for i, name := range t.Dims {
			if r.dim(name) == nil || slices.Contains(t.Dims[:i], name) {
				r.fault(file, rec.line, "the dimension "+strconv.Quote(name)+" is unknown, or there twice")
				return
			}
		}
		r.data.Tables = append(r.data.Tables, t)
	})
	if len(r.data.Tables) == 0 && len(r.faults) == 0 {
		r.fault(file, 0, "there is no table to protect")
	}
}

func (r *reader) responses() {
	const file = "responses.csv"
	ids := map[string]int{}
	needed := []string{"id"}
	for _, d := range r.data.Dims {
		needed = append(needed, d.Name)
	}
	r.table(file, needed, func(rec record) {
		id := rec.fields["id"]
		if at, twice := ids[id]; twice || id == "" {
			r.fault(file, rec.line, "a response needs an id of its own; this one is empty or was on line "+strconv.Itoa(at))
			return
		}
		ids[id] = rec.line
		r.data.IDs = append(r.data.IDs, id)
		for i := range r.data.Dims {
			d := &r.data.Dims[i]
			r.data.Answers[d.Name] = append(r.data.Answers[d.Name], r.answer(file, rec, d))
		}
	})
}

// answer reads a field. The code of those who did not answer need not be in the list.
func (r *reader) answer(file string, rec record, d *Dim) string {
	code := rec.fields[d.Name]
	if code == "" {
		code = NotAnswered
	}
	i := d.code(code)
	switch {
	case i < 0 && !d.Complete:
		return unlisted
	case i < 0 && code == NotAnswered:
		d.Codes = append(d.Codes, Code{Name: NotAnswered})
	case i < 0:
		r.fault(file, rec.line, "the code "+strconv.Quote(code)+" of "+strconv.Quote(d.Name)+" is not in codes.csv")
	case d.hasChildren(code):
		r.fault(file, rec.line, "the code "+strconv.Quote(code)+" of "+strconv.Quote(d.Name)+" is a parent of others: give the finest code")
	}
	return code
}

func (d *Dim) hasChildren(code string) bool {
	return slices.ContainsFunc(d.Codes, func(c Code) bool { return slices.Contains(c.Parents, code) })
}
