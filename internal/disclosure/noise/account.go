package noise

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"folkmoot/internal/fault"
)

// Entry is one line of the privacy-loss ledger: a release in noise mode that was published.
type Entry struct {
	Survey    string         `json:"survey"`
	Epoch     string         `json:"epoch"` // the period: those of a survey are disjoint, like months
	Snapshot  string         `json:"snapshot"`
	Release   string         `json:"release"`
	Variance  Variance       `json:"variance"`
	Person    Rho            `json:"person"`
	Questions map[string]Rho `json:"questions"`
	// Tables names each table by its dimensions, with a digest of its exact counts that only the key of the epoch can make.
	Tables map[string]string `json:"tables,omitempty"`
}

// Charge fills in what a release of the catalogue costs in an epoch. A table that left before in the same epoch with the same counts and the
// same variance shows the same figures again and costs nothing more (disclosure.md 3.5).
func (a Account) Charge(e Entry, epoch Epoch, c Catalogue) (Entry, error) {
	e.Variance, e.Tables = epoch.Variance, map[string]string{}
	due := Catalogue{Dims: c.Dims}
	for _, t := range c.Tables {
		key, digest := t.key(), epoch.digest(t)
		e.Tables[key] = digest
		if !slices.ContainsFunc(a.Spent, func(s Entry) bool { return s.same(e) && s.Tables[key] == digest }) {
			due.Tables = append(due.Tables, t)
		}
	}
	var err error
	e.Person, e.Questions, err = due.Cost(e.Variance)
	return e, err
}

// same reports whether the noise of both is the same.
func (e Entry) same(o Entry) bool { return e.Epoch == o.Epoch && e.Variance == o.Variance }

// key names a table by its dimensions in any order: the same cells.
func (t Table) key() string { return strings.Join(slices.Sorted(slices.Values(t.Dims)), " ") }

// digest stands for a table's exact counts.
func (e Epoch) digest(t Table) string {
	mac := hmac.New(sha256.New, e.Key)
	fmt.Fprintf(mac, "counts/%q/%v", t.Dims, t.Counts)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Account is the budget of one survey and what has been spent of it.
type Account struct {
	// Person and Question are the most that one person may lose in all, and about one question.
	Person, Question Rho
	Spent            []Entry
}

// Left returns what remains for a person and for a question; an account that is overdrawn has nothing left.
func (a Account) Left(question string) (person, about Rho, err error) {
	p, q := Rho{0, 1}, Rho{0, 1}
	for _, e := range a.Spent {
		if !e.valid() {
			return q, q, fault.New(fault.Invalid, "disclosure.noise.fraction")
		}
		if p, err = p.Plus(e.Person); err != nil {
			return p, q, err
		}
		if cost, ok := e.Questions[question]; ok {
			if q, err = q.Plus(cost); err != nil {
				return p, q, err
			}
		}
	}
	if person, err = a.Person.minus(p); err != nil {
		return person, about, err
	}
	about, err = a.Question.minus(q)
	return person, about, err
}

// Allow returns nil if the release fits into what is left, and otherwise fault.Conflict: with what would fit, or because
// the epoch was published from another snapshot, or a table of it with other counts: their noise is the same, so the two would show
// who joined, left, or changed an answer. All releases of a survey add up, whether their periods are disjoint
// or not: that is never too little.
func (a Account) Allow(e Entry) error {
	if err := e.Variance.Check(); err != nil {
		return err
	}
	if !e.valid() || e.Epoch == "" || e.Snapshot == "" {
		return fault.New(fault.Invalid, "disclosure.noise.fraction")
	}
	for _, s := range a.Spent {
		if s.Epoch == e.Epoch && s.Snapshot != e.Snapshot {
			return fault.New(fault.Conflict, "disclosure.noise.epoch", "Name", e.Epoch)
		}
		for key, digest := range e.Tables {
			if before, again := s.Tables[key]; again && s.same(e) && before != digest {
				return fault.New(fault.Conflict, "disclosure.noise.epoch", "Name", e.Epoch)
			}
		}
	}
	if len(e.Questions) == 0 { // nothing but what left before
		return nil
	}
	// In the order of their names, so that the same release is always refused for the same reason.
	for _, question := range slices.Sorted(maps.Keys(e.Questions)) {
		cost := e.Questions[question]
		person, about, err := a.Left(question)
		if err != nil {
			return err
		}
		if e.Person.Over(person) {
			return fault.New(fault.Conflict, "disclosure.noise.overdrawn", "Tables", Fits(person, Rho{0, 1}, e.Variance.Cost(true)))
		}
		if cost.Over(about) {
			return fault.New(fault.Conflict, "disclosure.noise.overdrawn.question", "Name", question, "Tables", Fits(about, Rho{0, 1}, e.Variance.Cost(true)))
		}
	}
	return nil
}

// Fits is the number of tables of a price that what is left of a budget pays for.
func Fits(budget, spent, price Rho) int64 {
	left, err := budget.minus(spent)
	if err != nil || price.Num == 0 {
		return 0
	}
	whole := new(big.Int).Mul(new(big.Int).SetUint64(left.Num), new(big.Int).SetUint64(price.Den))
	part := new(big.Int).Mul(new(big.Int).SetUint64(left.Den), new(big.Int).SetUint64(price.Num))
	return min(whole.Div(whole, part).Int64(), maxCells)
}

// valid is false for an entry that costs nothing without saying which tables it repeats.
func (e Entry) valid() bool {
	for _, r := range e.Questions {
		if r.Den == 0 || r.Num == 0 {
			return false
		}
	}
	if len(e.Questions) == 0 {
		return e.Person == (Rho{0, 1}) && len(e.Tables) > 0
	}
	return e.Person.Den != 0 && e.Person.Num != 0
}

// minus is the rest, at least nothing.
func (r Rho) minus(o Rho) (Rho, error) {
	if !r.Over(o) {
		return Rho{0, 1}, nil
	}
	g := gcd(r.Den, o.Den)
	den, err := Rho{r.Den / g, 1}.Times(o.Den)
	if err != nil {
		return Rho{}, err
	}
	a, err := Rho{r.Num, 1}.Times(o.Den / g)
	if err != nil {
		return Rho{}, err
	}
	b, err := Rho{o.Num, 1}.Times(r.Den / g)
	if err != nil {
		return Rho{}, err
	}
	return Rho{a.Num - b.Num, den.Num}.reduced(), nil
}
