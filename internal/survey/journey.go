package survey

import "slices"

// Journey is the path through a definition's questions that certain answers give: a pure value. The same
// definition and answers always give the same path, so nothing about it is stored.
//
// Conditions look back only (Parse refuses others), so one pass settles which questions are asked and a path
// always ends. An answer to a question that is not asked counts for nothing.
type Journey struct {
	all     []Question
	answers Answers
	steps   []Question
}

// NewJourney returns the path through the main questions.
func NewJourney(d *Definition, a Answers) Journey { return newJourney(d.Questions(), a) }

// NewEqualityJourney returns the path through the equality questions. Its answers are the equality answers only.
func NewEqualityJourney(d *Definition, a Answers) Journey { return newJourney(d.Equality, a) }

func newJourney(all []Question, a Answers) Journey {
	j := Journey{all: all, answers: a}
	asked := make(map[string]bool, len(all))
	for _, q := range all {
		if q.ShowWhen == nil || asked[q.ShowWhen.Question] && q.ShowWhen.met(a[q.ShowWhen.Question]) {
			asked[q.ID] = true
			j.steps = append(j.steps, q)
		}
	}
	return j
}

// met reports whether the answer has one of the condition's codes.
func (c Condition) met(a Answer) bool {
	return slices.ContainsFunc(a.Codes, func(code string) bool { return slices.Contains(c.AnyOf, code) })
}

// Steps returns the questions on the path, in order.
func (j Journey) Steps() []Question { return slices.Clone(j.steps) }

// First returns the first question. ok is false where there is none (a definition without equality questions).
func (j Journey) First() (q Question, ok bool) {
	if len(j.steps) == 0 {
		return Question{}, false
	}
	return j.steps[0], true
}

// Step returns the question with the id if it is on the path.
func (j Journey) Step(id string) (q Question, ok bool) {
	if i := j.index(id); i >= 0 {
		return j.steps[i], true
	}
	return Question{}, false
}

// Next returns the question after the one with the id. ok is false after the last, and for a question off the path.
func (j Journey) Next(id string) (q Question, ok bool) {
	if i := j.index(id); i >= 0 && i+1 < len(j.steps) {
		return j.steps[i+1], true
	}
	return Question{}, false
}

// Previous returns the question before the one with the id. ok is false before the first, and for a question off
// the path.
func (j Journey) Previous(id string) (q Question, ok bool) {
	if i := j.index(id); i > 0 {
		return j.steps[i-1], true
	}
	return Question{}, false
}

// MayVisit reports whether the page of the question may be opened: it is on the path and every required question
// before it is answered.
func (j Journey) MayVisit(id string) bool {
	i := j.index(id)
	return i >= 0 && !slices.ContainsFunc(j.steps[:i], j.lacks)
}

// Missing returns the required questions on the path that are not answered, in order.
func (j Journey) Missing() []Question {
	var out []Question
	for _, q := range j.steps {
		if j.lacks(q) {
			out = append(out, q)
		}
	}
	return out
}

// Answer returns the answer to the question with the id, empty where it is off the path.
func (j Journey) Answer(id string) Answer {
	if j.index(id) < 0 {
		return Answer{}
	}
	return j.answers[id]
}

// OnPath returns the answers to questions on the path: what a response holds. It never changes the answers that
// the journey was made from.
func (j Journey) OnPath() Answers {
	out := Answers{}
	for _, q := range j.steps {
		if a := j.answers[q.ID]; !a.Empty() {
			out[q.ID] = a
		}
	}
	return out
}

// Dropped returns the ids of answered questions that are no longer asked, in the definition's order: the check
// page says so.
func (j Journey) Dropped() []string {
	var out []string
	for _, q := range j.all {
		if !j.answers[q.ID].Empty() && j.index(q.ID) < 0 {
			out = append(out, q.ID)
		}
	}
	return out
}

// Position returns the number of the question on the path, from 1, and how many there are. reliable is false
// while an answer still to be given, here or later, can change how many there are: then no page may say
// "Question 3 of 9" (interface.md section 3). n is 0 for a question off the path.
func (j Journey) Position(id string) (n, of int, reliable bool) {
	i := j.index(id)
	for _, q := range j.all {
		if q.ShowWhen != nil && j.index(q.ShowWhen.Question) >= i {
			return i + 1, len(j.steps), false
		}
	}
	return i + 1, len(j.steps), i >= 0
}

func (j Journey) lacks(q Question) bool { return q.Required && j.answers[q.ID].Empty() }

func (j Journey) index(id string) int {
	return slices.IndexFunc(j.steps, func(q Question) bool { return q.ID == id })
}
