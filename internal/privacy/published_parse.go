package privacy

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/locale"
)

// The bounds of a published schedule.
const (
	MaxScheduleFile  = 1 << 20 // bytes
	MaxScheduleLines = 2000
	// MaxScheduleFaults is after how many faults a file is not read on: nobody mends more at once.
	MaxScheduleFaults = 300
)

// fieldMost is how many characters a field of a line may have.
var fieldMost = map[string]int{"reference": 100, "title": 500, "class": 60, "stage": 100, "trigger": 300, "period": 300, "action": 300, "reason": maxRetentionText}

// ScheduleFault is one thing that is wrong with the file of a schedule, with where it stands and what to do.
type ScheduleFault struct {
	Line   int    // of the file, from 1; 0 for the file
	Column int    // from 1; 0 for the whole line
	Field  string // one of ScheduleColumns, where it is one
	Key    string // of the message
	Args   []any  // of the message, as in fault.Error
}

// scheduleReader reads one file.
type scheduleReader struct {
	rows   *csv.Reader
	column map[string]int // field to its column, from 0
	width  int            // cells of the heading
	seen   map[string]int // reference to its line
	faults []ScheduleFault
}

// ParsePublished reads a schedule from CSV in UTF-8, with or without a byte order mark, with commas or semicolons, headings first, in any order, under the names
// that councils use. It returns every fault (and where there are more than MaxScheduleFaults says so last), or the lines with the hash of the file and no
// more: who imports it and when is the caller's to say. Of a line that names a class everything is read that a rule needs; any other keeps the words of the file.
func ParsePublished(file []byte, lang locale.Lang) (PublishedSchedule, []ScheduleFault) {
	one := func(line int, key string, args ...any) (PublishedSchedule, []ScheduleFault) {
		return PublishedSchedule{}, []ScheduleFault{{Line: line, Key: key, Args: args}}
	}
	if len(file) > MaxScheduleFile {
		return one(0, "schedule.fault.large", "Max", MaxScheduleFile/1024)
	}
	text := bytes.TrimPrefix(file, []byte("\ufeff"))
	if at := invalidAt(text); at >= 0 {
		return one(1+bytes.Count(text[:at], []byte("\n")), "schedule.fault.utf8")
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return one(0, "schedule.fault.empty")
	}
	s := PublishedSchedule{Lang: lang}
	hash := sha256.Sum256(file)
	s.SHA256 = hex.EncodeToString(hash[:])
	r := &scheduleReader{rows: newRows(text, separator(text)), seen: map[string]int{}}
	if s.Unread = r.heading(); len(r.faults) > 0 {
		return PublishedSchedule{}, r.faults
	}
	for {
		row, err := r.rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.broken(err)
			break
		}
		if !slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			continue
		}
		line, _ := r.rows.FieldPos(0)
		if len(r.faults) >= MaxScheduleFaults {
			r.faults = append(r.faults, ScheduleFault{Line: line, Key: "schedule.fault.many"})
			break
		}
		if len(s.Lines) == MaxScheduleLines {
			r.faults = append(r.faults, ScheduleFault{Line: line, Key: "schedule.fault.lines", Args: []any{"Max", MaxScheduleLines}})
			break
		}
		s.Lines = append(s.Lines, r.line(row))
	}
	if len(s.Lines) == 0 && len(r.faults) == 0 {
		return one(0, "schedule.fault.empty")
	}
	if len(r.faults) > 0 {
		return PublishedSchedule{}, r.faults
	}
	return s, nil
}

func newRows(text []byte, separator rune) *csv.Reader {
	rows := csv.NewReader(bytes.NewReader(text))
	rows.Comma, rows.FieldsPerRecord, rows.TrimLeadingSpace = separator, -1, true
	return rows
}

// separator is the one with which more headings are known.
func separator(text []byte) rune {
	known := func(comma rune) (n int) {
		head, err := newRows(text, comma).Read()
		if err != nil {
			return 0
		}
		for _, h := range head {
			if slices.ContainsFunc(ScheduleColumns(), func(f string) bool { return slices.Contains(columnNames[f], foldHeading(h)) }) {
				n++
			}
		}
		return n
	}
	if known(';') > known(',') {
		return ';'
	}
	return ','
}

// invalidAt is where the text is no UTF-8; -1 where all of it is.
func invalidAt(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// broken names where the quotes of a file are wrong. What comes after cannot be told apart.
func (r *scheduleReader) broken(err error) {
	f := ScheduleFault{Key: "schedule.fault.quotes"}
	var where *csv.ParseError
	if errors.As(err, &where) {
		f.Line = where.StartLine
	}
	r.faults = append(r.faults, f)
}

// heading finds the columns, and returns the headings of those that are not read.
func (r *scheduleReader) heading() (unread []string) {
	head, err := r.rows.Read()
	if err != nil {
		r.broken(err)
		return nil
	}
	line, _ := r.rows.FieldPos(0)
	r.column, r.width = map[string]int{}, len(head)
	folded := make([]string, len(head))
	for i, h := range head {
		folded[i] = foldHeading(h)
		if hidden(h) || utf8.RuneCountInString(h) > 100 {
			r.faults = append(r.faults, ScheduleFault{Line: line, Column: i + 1, Key: "schedule.fault.heading"})
		}
	}
	for _, field := range ScheduleColumns() {
		for _, name := range columnNames[field] {
			at := slices.Index(folded, name)
			if at < 0 {
				continue
			}
			if again := slices.Index(folded[at+1:], name); again >= 0 {
				r.faults = append(r.faults, ScheduleFault{Line: line, Column: at + again + 2, Field: field, Key: "schedule.fault.twice", Args: []any{"First", at + 1}})
			}
			r.column[field] = at
			break
		}
	}
	for _, field := range []string{"reference", "title", "period"} {
		if _, ok := r.column[field]; !ok {
			r.faults = append(r.faults, ScheduleFault{Line: line, Field: field, Key: "schedule.fault.no_column", Args: []any{"Names", strings.Join(columnNames[field], ", ")}})
		}
	}
	for i, h := range head {
		read := false
		for _, at := range r.column {
			read = read || at == i
		}
		if h = cellText(h); !read && h != "" {
			unread = append(unread, h)
		}
	}
	return unread
}

// line reads a row.
func (r *scheduleReader) line(row []string) (l ScheduleLine) {
	first, _ := r.rows.FieldPos(0)
	before := len(r.faults)
	for i := r.width; i < len(row); i++ {
		if strings.TrimSpace(row[i]) != "" {
			r.faults = append(r.faults, ScheduleFault{Line: first, Column: i + 1, Key: "schedule.fault.cells", Args: []any{"Count", r.width}})
			break
		}
	}
	say := func(field, key string, args ...any) {
		f := ScheduleFault{Line: first, Field: field, Key: "schedule.fault." + key, Args: args}
		if at, ok := r.column[field]; ok {
			if f.Column = at + 1; at < len(row) {
				f.Line, _ = r.rows.FieldPos(at)
			}
		}
		r.faults = append(r.faults, f)
	}
	cells := map[string]string{}
	for _, field := range ScheduleColumns() {
		at, ok := r.column[field]
		if !ok || at >= len(row) {
			continue
		}
		if hidden(row[at]) {
			say(field, "control")
			continue
		}
		cells[field] = cellText(row[at])
		if utf8.RuneCountInString(cells[field]) > fieldMost[field] {
			say(field, "long", "Max", fieldMost[field])
			cells[field] = ""
		}
	}
	l = ScheduleLine{Reference: cells["reference"], Title: cells["title"], Stage: cells["stage"], From: cells["trigger"], Kept: cells["period"], Then: cells["action"], Reason: cells["reason"]}
	wrong := func(field string) bool { // a cell that has its fault already is not missing too
		return slices.ContainsFunc(r.faults[before:], func(f ScheduleFault) bool { return f.Field == field && f.Column > 0 })
	}
	for _, field := range []string{"reference", "title", "period"} {
		if cells[field] == "" && !wrong(field) {
			say(field, "missing."+field)
		}
	}
	if other, ok := r.seen[l.Reference]; ok && l.Reference != "" {
		say("reference", "same", "Line", other)
	} else if l.Reference != "" {
		r.seen[l.Reference] = first
	}
	if cells["class"] == "" {
		return l
	}
	r.ruled(&l, cells, say, wrong)
	return l
}

// ruled reads what a rule needs of a line that names a class.
func (r *scheduleReader) ruled(l *ScheduleLine, cells map[string]string, say func(string, string, ...any), wrong func(string) bool) {
	var ok bool
	if l.Class, ok = readClass(cells["class"]); !ok {
		var names []string
		for _, c := range DataClasses() {
			names = append(names, string(c))
		}
		say("class", "class", "Names", strings.Join(names, ", "))
	}
	switch stage := strings.ReplaceAll(foldWord(strings.ReplaceAll(l.Stage, "/", " ")), " ", "_"); stage {
	case "", "gwasanaeth", "y_gwasanaeth_hwn", "this_service":
		l.Stage = StageService
	default:
		if l.Stage = stage; !namedOK(stage) {
			say("stage", "stage")
		}
	}
	if p, ok := readPeriod(l.Kept); ok {
		l.Period = p.String()
	} else if l.Kept != "" {
		say("period", "period")
	}
	if l.Trigger, ok = readTrigger(l.From); !ok && !wrong("trigger") {
		say("trigger", "trigger")
	}
	if l.Action, ok = readAction(l.Then); !ok && !wrong("action") {
		say("action", "action")
	}
}
