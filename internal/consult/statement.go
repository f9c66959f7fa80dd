package consult

import (
	"context"
	"slices"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// StatementID is the id under which a response holds a statement that its person added (UK GDPR art. 16, second sentence). No question of a survey can have it.
const StatementID = "added-statement"

// MaxStatement is the most characters of a statement.
const MaxStatement = 5_000

// statementSection asks for it as the survey would: free text that is sealed, looked through, held back and counted as all free text is.
var statementSection = survey.Section{ID: StatementID, Title: locale.Text{locale.English: "Added afterwards", locale.Welsh: "Ychwanegwyd wedyn"},
	Questions: []survey.Question{{ID: StatementID, Kind: survey.LongText, MaxLength: MaxStatement,
		Text: locale.Text{locale.English: "A statement that was added on request", locale.Welsh: "Datganiad a ychwanegwyd ar gais"}}}}

// Stated returns the definition with the statement as a last section. Only responses to which one was added have it.
func Stated(def *survey.Definition) *survey.Definition {
	out := *def
	out.Sections = append(slices.Clip(slices.Clone(def.Sections)), statementSection)
	return &out
}

// statedIf is Stated where the answers have a statement.
func statedIf(def *survey.Definition, answers survey.Answers) *survey.Definition {
	if answers[StatementID].Empty() {
		return def
	}
	return Stated(def)
}

// HasStatements reports whether any response of the consultation that is in use has a statement.
func (s *Service) HasStatements(ctx context.Context, by *Staff, consultationID string) (has bool, err error) {
	if err := by.Allow(SeeResults, ExportResponses); err != nil {
		return false, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		has, err = hasStatements(r, consultationID)
		return err
	})
	return has, err
}

func hasStatements(r Reader, consultationID string) (bool, error) {
	counts, err := r.Tabulate(consultationID, []string{StatementID})
	return slices.ContainsFunc(counts, func(c CodeCount) bool { return c.Codes[0] == CodeWritten }), err
}
