package page

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

// Button submits its form, or is a link that looks like a button where Href is set.
type Button struct {
	Text  string
	Href  string // complete address: use Page.To
	Kind  string // "", "secondary", "warning", "start"
	Name  string // of the value that the button sends
	Value string
}

// Class returns the button's classes.
func (b Button) Class() string {
	if b.Kind == "" {
		return "govuk-button"
	}
	return "govuk-button govuk-button--" + b.Kind
}

// Action is a small form of one button, for what a link must not do.
type Action struct {
	Href   string // complete address
	Button Button
	Token  string // from Page.CSRF
	Fields []Hidden
}

// Hidden is a field that the form carries along.
type Hidden struct{ Name, Value string }

// Link is a link. Href is a complete address. Hidden follows the text for screen readers, where the text alone does not
// say where it leads.
type Link struct{ Text, Href, Hidden string }

// SummaryList shows what was answered or set, line by line.
type SummaryList struct {
	Title string // of the card around it; may be empty
	Rows  []SummaryRow
	Plain bool // without lines between the rows
}

// SummaryRow is one line. Empty Lines are shown as "Not provided".
type SummaryRow struct {
	Key   string
	Lines []string
	Links []Link // "Change", with what is changed as Hidden
	Code  bool   // the value is a code or reference: no line breaks, equal widths
	List  bool   // the lines are the items of a list
	Lang  string // of the lines, where it is not the page's
}

// HasLinks reports whether any row has links, which decides the columns.
func (l SummaryList) HasLinks() bool {
	for _, r := range l.Rows {
		if len(r.Links) > 0 {
			return true
		}
	}
	return false
}

// Table shows figures or a list. Caption is needed: it is the table's name.
type Table struct {
	Caption       string
	HiddenCaption bool   // the heading above says it already
	CaptionSize   string // "s", "m" (default), "l"
	Head          []Cell
	Rows          []Row
	Foot          []Row  // totals
	Empty         string // shown instead of a table without rows
	Dense         bool
	Stack         bool // on a phone each row is a block of labelled lines: for lists of words, not for figures to compare
}

// Stacked returns the rows with the heading of its column in every cell, which a phone shows beside it.
func (t Table) Stacked() []Row {
	rows := make([]Row, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = Row{Cells: append([]Cell(nil), r.Cells...), NoHeader: r.NoHeader, ID: r.ID}
		for j := range rows[i].Cells {
			if j < len(t.Head) {
				rows[i].Cells[j].Label = t.Head[j].Text
			}
		}
	}
	return rows
}

// CaptionClass returns the caption's size.
func (t Table) CaptionClass() string {
	if t.CaptionSize == "" {
		return "m"
	}
	return t.CaptionSize
}

// Row is one line of a table. The first cell is the row's header unless NoHeader says otherwise.
type Row struct {
	Cells    []Cell
	NoHeader bool
	ID       string // where links lead to it
}

// Cell is one cell: text, or a link, or a tag.
type Cell struct {
	Text      string
	Link      *Link
	Tag       *Tag
	Small     string // under the text: a margin of error
	Numeric   bool
	Label     string // heading of its column, set by Table.Stacked
	Lang      string // of Text and Small, where it is not the page's
	SmallLang string // of Small alone, where it is not the page's
	Sort      string // in Head: "ascending", "descending", "none" or "" for a column that does not sort
}

// Blank reports whether the cell shows nothing.
func (c Cell) Blank() bool { return c.Text == "" && c.Link == nil && c.Tag == nil }

// Cells makes plain cells.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, t := range texts {
		out[i] = Cell{Text: t}
	}
	return out
}

// Num makes a numeric cell.
func Num(text string) Cell { return Cell{Text: text, Numeric: true} }

// Tag is a short status. Colour never says it alone.
type Tag struct {
	Text   string
	Colour string // "", "grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"
}

// Panel is the green panel of a confirmation. No links inside.
type Panel struct {
	Title string
	Body  string
	Code  string // reference, large
}

// Details hides what most people do not need.
type Details struct {
	Summary    string
	Paragraphs []string
	Open       bool
}

// Inset sets text apart.
type Inset struct{ Paragraphs []string }

// Warning says what a person must not miss.
type Warning struct{ Text string }

// Pagination leads through a long list. Addresses are complete and hold the filters.
type Pagination struct {
	Previous, Next string
	Items          []PageLink
}

// PageLink is one numbered page. A Number of 0 is a gap.
type PageLink struct {
	Number  int
	Href    string
	Current bool
}

// Paginate makes the pagination of total lines, size to a page; address returns the address of a page. It is empty for
// a single page.
func Paginate(total, size, current int, address func(page int) string) Pagination {
	pages := (total + size - 1) / size
	if pages < 2 {
		return Pagination{}
	}
	current = min(max(current, 1), pages)
	var p Pagination
	if current > 1 {
		p.Previous = address(current - 1)
	}
	if current < pages {
		p.Next = address(current + 1)
	}
	gap := false
	for n := 1; n <= pages; n++ {
		if n == 1 || n == pages || n >= current-1 && n <= current+1 {
			p.Items = append(p.Items, PageLink{Number: n, Href: address(n), Current: n == current})
			gap = false
		} else if !gap {
			p.Items = append(p.Items, PageLink{})
			gap = true
		}
	}
	return p
}

// Any reports whether there is anything to page through.
func (p Pagination) Any() bool { return len(p.Items) > 0 }

// Tabs are sections of one record, each with an address of its own.
type Tabs struct {
	Label string // what they are tabs of, for screen readers
	Items []NavItem
}

// TaskList lists what is to be done, with the state of each.
type TaskList struct {
	ID    string
	Items []Task
}

// Task is one line. The whole row is linked where Href is set (a complete address).
type Task struct {
	Title, Href, Hint string
	Status            string
	Tag               *Tag // instead of Status
}

// Figure is a headline number of an office page.
type Figure struct{ Label, Value, Note string }
