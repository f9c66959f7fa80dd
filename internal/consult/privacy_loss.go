package consult

import "folkmoot/internal/disclosure/noise"

// PrivacyLoss is one line of the ledger of releases with noise: Survey is the consultation's id, Release the release's
// (disclosure.md 3.5). Lines are only ever added.
type PrivacyLoss = noise.Entry

// SpendPrivacy appends what a release costs to the ledger if the budgets of its consultation, for a person and for a question, still
// cover it: fault.Conflict with what would fit otherwise. Call it in the transaction that publishes the release, so that
// neither is there without the other; all writers wait for one another, so no two spend the same remainder.
func SpendPrivacy(w Writer, person, question noise.Rho, e PrivacyLoss) error {
	spent, err := w.PrivacyLoss(e.Survey)
	if err != nil {
		return err
	}
	account := noise.Account{Person: person, Question: question}
	for _, s := range spent {
		account.Spent = append(account.Spent, *s)
	}
	if err := account.Allow(e); err != nil {
		return err
	}
	return w.AppendPrivacyLoss(&e)
}
