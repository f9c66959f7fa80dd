package consult

import (
	"context"
	"maps"
	"slices"

	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/locale"
)

// PrivacyLoss is one line of the ledger of releases with noise: Survey is the consultation's id, Release the release's
// (disclosure.md 3.5). Lines are only ever added.
type PrivacyLoss = noise.Entry

// SpendPrivacy appends what a release costs to the ledger if the budgets of its consultation, for a person and for a question, still
// cover it: fault.Conflict with what would fit otherwise. Call it in the transaction that publishes the release, so that
// neither is there without the other; all writers wait for one another, so no two spend the same remainder.
func SpendPrivacy(w Writer, person, question noise.Rho, e PrivacyLoss) error {
	account := noise.Account{Person: person, Question: question}
	spent, err := w.PrivacyLoss(e.Survey)
	if err != nil {
		return err
	}
	for _, s := range spent {
		account.Spent = append(account.Spent, *s)
	}
	if err := account.Allow(e); err != nil {
		return err
	}
	return w.AppendPrivacyLoss(&e)
}

// PrivacyLedger is what the releases of a survey with noise have cost, and what is left: for officers. Amounts are in rho of zero-concentrated
// differential privacy.
type PrivacyLedger struct {
	Consultation   *Consultation
	Person         noise.Rho // budget for a person, over all questions
	Question       noise.Rho // budget for each question
	Lines          []LedgerLine
	Spent          LedgerSum
	Questions      []LedgerQuestion // that were in a release, in the order of the survey
	PerTable       noise.Rho        // what one more table would cost now
	MarginPerTable int64            // people: its margin of error
}

// LedgerLine is a release that was paid.
type LedgerLine struct {
	Loss    PrivacyLoss
	Release *Release
}

// LedgerSum is an amount for a person, and for each question that is in it.
type LedgerSum struct {
	Person    noise.Rho            `json:"person"`
	Questions map[string]noise.Rho `json:"questions"`
}

// LedgerQuestion is what a question has cost.
type LedgerQuestion struct {
	ID    string
	Label locale.Text
	Spent noise.Rho
}

// Fits is how many more tables with the question the budgets pay for.
func (l *PrivacyLedger) Fits(q LedgerQuestion) int64 {
	return min(noise.Fits(l.Question, q.Spent, l.PerTable), noise.Fits(l.Person, l.Spent.Person, l.PerTable))
}

// sumOf adds up what an account has spent.
func sumOf(a noise.Account) (LedgerSum, error) {
	out := LedgerSum{noise.Rho{Num: 0, Den: 1}, map[string]noise.Rho{}}
	for _, e := range a.Spent {
		var err error
		if out.Person, err = out.Person.Plus(e.Person); err != nil {
			return out, err
		}
		for q, cost := range e.Questions {
			sum, had := out.Questions[q]
			if !had {
				sum = noise.Rho{Num: 0, Den: 1}
			}
			if out.Questions[q], err = sum.Plus(cost); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// PrivacyLedger returns the ledger of a consultation, for the people who propose and approve. It has no lines where no release with noise was
// published.
func (s *Service) PrivacyLedger(ctx context.Context, by *Staff, consultationID string) (*PrivacyLedger, error) {
	if err := by.Allow(ProposeReleases, ApproveReleases); err != nil {
		return nil, err
	}
	out := &PrivacyLedger{}
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if out.Consultation, err = r.Consultation(consultationID); err != nil {
			return err
		}
		protection, _, err := protectionIn(r)
		if err != nil {
			return err
		}
		account, err := accountOf(r, protection, consultationID)
		if err != nil {
			return err
		}
		v := protection.variance()
		out.Person, out.Question, out.PerTable, out.MarginPerTable = account.Person, account.Question, v.Cost(true), v.Margin()
		if out.Spent, err = sumOf(account); err != nil {
			return err
		}
		out.Lines = nil
		for _, e := range account.Spent {
			release, err := r.Release(e.Release)
			if err != nil {
				return err
			}
			out.Lines = append(out.Lines, LedgerLine{e, release})
		}
		return nil
	})
	if err != nil || len(out.Lines) == 0 {
		return out, err
	}
	def, err := s.definitionForResults(ctx, out.Consultation)
	if err != nil {
		return nil, err
	}
	g, err := s.Geography(ctx)
	if err != nil {
		return nil, err
	}
	labels := map[string]locale.Text{}
	var order []string
	for _, d := range dimensions(def, g) {
		order, labels[d.ID] = append(order, d.ID), d.Label
	}
	for _, q := range slices.Concat(def.Questions(), def.Equality) {
		if _, had := labels[q.ID]; !had {
			order, labels[q.ID] = append(order, q.ID), dimensionLabel(q)
		}
	}
	known := func(id string) int {
		if i := slices.Index(order, id); i >= 0 {
			return i
		}
		return len(order)
	}
	for _, id := range slices.SortedFunc(maps.Keys(out.Spent.Questions), func(a, b string) int { return known(a) - known(b) }) {
		out.Questions = append(out.Questions, LedgerQuestion{id, labels[id], out.Spent.Questions[id]})
	}
	return out, nil
}
