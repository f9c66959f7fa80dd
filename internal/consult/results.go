package consult

import (
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// Results are what officers see of one consultation: exact figures, for inside the council only.
type Results struct {
	Consultation *Consultation
	Definition   *survey.Definition
	Responses    int
	Days         []DayCount
	Questions    []QuestionResult
	Dimensions   []Dimension // what can be crossed
}

// CodeLabel is a code with its label.
type CodeLabel struct {
	Code  string
	Label locale.Text
}

// OptionCount is how often one option was chosen.
type OptionCount struct {
	CodeLabel
	Score   int // 5 to 1 for scales, 0 otherwise
	Count   int
	Percent float64 // of Base, not rounded
}

// QuestionResult is the distribution of one question.
type QuestionResult struct {
	Question    survey.Question
	Options     []OptionCount // in the order of the question; empty for free text
	Base        int           // who answered, "don't know" included, blanks not
	NotAnswered int           // blank or not shown
	DontKnow    int
	LowBase     string // "", "caution" (base under 100) or "none" (under 50: no percentages) (question-bank.md 8)

	Scale        bool    // the following are set
	Satisfied    float64 // per cent of Base, top two boxes from counts
	Dissatisfied float64
	Net          float64 // percentage points
	Mean         float64 // 5 to 1, without "don't know"

	Texts int // free text: how many wrote something

	Minimum, Median, Maximum float64 // Number
	NumberBase               int
}

// Dimension is something results can be crossed by: ward, channel, language, a single-choice or scale question, or an
// equality question.
type Dimension struct {
	ID      string
	Label   locale.Text
	Codes   []CodeLabel
	Special bool // an equality question: groups with a base under 10 are hidden, inside the council too
}

// CrossTab is one question by one dimension, exact figures with margins.
type CrossTab struct {
	Question     Dimension
	By           Dimension
	Rows         []CrossRow // groups of By
	Total        CrossRow   // hidden too where the question is special and fewer than ten gave one of its answers
	Base         int        // of Total
	HiddenGroups int
}

// CrossRow is one group.
type CrossRow struct {
	CodeLabel
	Base    int
	Hidden  bool      // Base, Counts and Percent are not set
	Counts  []int     // one for each code of the question
	Percent []float64 // of Base
	Net     float64   // where the question is a scale
	HasNet  bool
	LowBase string
}
