// Package disclosure answers: what may be shown?
//
// It takes answers as columns of codes and a list of tables, and returns tables that nobody can use to learn an
// individual's answer, or that a person with a given special-category characteristic took part. One function,
// Protect, does every step a release needs or none: the size of the consultation decides how much detail is
// possible at all (R0), tables that are too thin are redesigned (R1), cells below the thresholds and cells that
// give a whole group away are hidden (R2 to R4), further cells are hidden over all tables of the release together
// until no hidden figure can be worked out from the shown ones, and only then are figures rounded and
// percentages and means computed, from the rounded figures and from nothing else (R5).
//
// The package does no I/O and knows nothing of consultations or databases. It never returns an unprotected
// table: where it cannot protect one it withholds it and says why in a Finding. Rules and numbers are those of
// docs/disclosure.md.
//
// Glossary. Row: a group of people (a ward, an age band), or everybody. Column: an answer. Base: the people in a
// row, whatever they answered. Headline: the row of everybody. Rung: one step of a coarser code list.
//
// Reviewer: disclosure statistician.
package disclosure

// Symbol stands for every hidden figure, whatever the reason (R13): a reader must not learn from the symbol
// whether a figure was small or was hidden to protect another one.
const Symbol = "[c]"

// Total is the code of a row that sums over a dimension.
const Total = ""

// Role says how a dimension must be guarded. The zero value is invalid.
type Role string

// The roles of a dimension.
const (
	Ordinary  Role = "ordinary"  // who or where a person is: a ward, a channel
	Sensitive Role = "sensitive" // an answer, or a characteristic that nobody may learn about a person
	Special   Role = "special"   // special-category data (UK GDPR art. 9): thresholds of 10, and 0 is hidden too
)

// Dim is a question or a characteristic: a code list and the code of each person.
type Dim struct {
	Name   string
	Role   Role
	Codes  []string // finest codes, in the order in which they are shown
	Column []uint16 // for each person the index in Codes
	// NoAnswer lists those of Codes that say nothing: not asked, not answered, prefer not to say. They are codes
	// like any other, so that every question has the same base (A15); but that all of a group gave none of the
	// substantive answers but one is group disclosure whether or not some of them gave no answer (R4).
	NoAnswer []string
	// Scores gives the points of a scale's codes: 5 to 1. Codes without one (don't know) count in no mean.
	Scores map[string]float64
	Ladder []Rung // coarser code lists, each a step from the one before: 5 points, 3 bands, 2 bands
}

// Rung is one step of a ladder to coarser codes: wards to areas, 19 ethnic groups to 5.
type Rung struct {
	Name string // for the reader: "3 bands", "area"
	// Parent maps codes of the step before to codes of this step. A code that is not in it stays as it is
	// ("not answered"). A code may not be parent and child in one step.
	Parent map[string]string
}

// Records holds the answers of People people, one column for each dimension.
type Records struct {
	People int
	Dims   []Dim
	// Seen says for each person in which earlier releases of the survey they were with the same codes: bit j stands for
	// the j-th. Somebody any of whose codes changed, or who agreed to the use of equality answers since, left and joined. Nil
	// if nobody was in any.
	Seen []uint64
	// Changed says for each person in which earlier releases they were with other codes, so that Seen has nothing of them. They are not new:
	// R10 does not count them as people who joined. Nil if there is nobody like that.
	Changed []uint64
}

// TableSpec asks for one table: a question by no dimension, by one, or (1,000 responses and more, R0) by two; by three
// or four if the policy says so. A table always has its margins: the question's totals, the dimensions' totals and the grand total.
type TableSpec struct {
	ID       string
	Question string   // name of a dimension
	By       []string // names of dimensions
	// Show names the codes of Question that are columns; empty means all. A multi-response question is one
	// dimension for each option, with codes such as y and n, of which only y is shown (R6).
	Show []string
}

// Input is everything Protect needs. Tables come in the council's order of importance: where something must be
// hidden, later tables lose first.
type Input struct {
	Records Records
	Tables  []TableSpec
	Policy  Policy
	// Earlier is the State that came with the release before; nil for the first of a survey. It holds those before, too.
	// Left out, the releases can be subtracted from each other.
	Earlier *State
	// Progress, if not nil, is told how far protection is, on the goroutine that called Protect.
	Progress func(Progress)
}

// Progress is how far protection has come. It is no share of the whole: nobody knows before the end how often tables must be
// redesigned.
type Progress struct {
	Rounds int // attempts at protecting all tables, each with less detail than the one before
	Tables int // tables in the present attempt
	Repair int // in the present attempt: how often more had to be hidden and everything audited again
}

func (in Input) tell(p Progress) {
	if in.Progress != nil {
		in.Progress(p)
	}
}

// Cell is one count. It never holds the exact figure of a cell that is hidden or rounded.
type Cell struct {
	Shown bool
	Value int  // the count as shown: exact in the headline, else to the nearest 5; 0 if hidden
	Exact bool // the count is exact
}

// String returns the count as it is printed, Symbol if hidden.
func (c Cell) String() string {
	if !c.Shown {
		return Symbol
	}
	return itoa(c.Value)
}

// Row is the figures of one group of people.
type Row struct {
	Codes    []string // one for each dimension of By, Total where the row sums over it
	Headline bool     // everybody
	Base     Cell
	Cells    []Cell   // one for each of Table.Columns
	Percents []Figure // of Base, one for each of Table.Columns
	Mean     Figure   // mean score
	Net      Figure   // positive less negative answers, in percentage points
}

// Table is one protected table.
type Table struct {
	ID       string
	Question string
	By       []string // the dimensions that are left: fewer than asked for if the ladder took one away
	Rungs    []string // the rung used for Question and each of By, "" for the finest codes
	Columns  []string // codes of Question at its rung
	Rows     []Row    // the headline first
	// Withheld says that no figure of this table is shown; the findings say why. Rows is then empty.
	Withheld bool
	HasMean  bool // Mean is meaningful for this question, though it may be hidden
	HasNet   bool
}

// Result is a protected release.
type Result struct {
	People   int // responses, exact; 0 if there are fewer than the base threshold
	Tables   []Table
	Findings []Finding
	Report   Report
	// Loss is what protection cost, a table each and last all together. It compares with true counts: for the council's officers only.
	Loss []Loss `json:"-"`
	// Gate is what was found about somebody who knows of everybody all but their answers (R12): for the council's officers only.
	Gate Gate `json:"-"`
	// Certificate proves the release; it holds true counts and is sealed with the release, never shown.
	Certificate Certificate `json:"-"`
	// State is what the next release of the survey must be given as Input.Earlier, once this one is published; what came
	// as Earlier if it is refused. As secret as the responses.
	State *State `json:"-"`
}
