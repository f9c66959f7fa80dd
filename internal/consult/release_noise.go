package consult

import (
	"errors"
	"time"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/disclosure/verify"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// continuousFor is how long a survey takes responses at least to count as continuous feedback and not as a one-off consultation.
const continuousFor = 180 * 24 * time.Hour

// noisy reports whether noise protects the figures of the plan's survey, and not hidden figures (disclosure.md 0, decisions 2 and 3). The number
// of responses at the first release decides for all later ones: exact figures and noisy ones of the same people would have to be audited
// together (decision 30). Call it after the snapshot.
func (p *releasePlan) noisy() bool {
	if len(p.earlier) > 0 {
		return p.earlier.noisy()
	}
	from := p.protection.NoiseFrom
	if p.c.ClosesAt.Sub(p.c.OpensAt) >= continuousFor {
		from = min(from, p.protection.ContinuousFrom)
	}
	return len(p.ids) >= from
}

func (s series) noisy() bool { return len(s) > 0 && s[0].Policy.Noise != nil }

// ReleaseNoise says how noise protects the figures of a release (disclosure.md 3.5), printed in every file.
type ReleaseNoise struct {
	Period    string               `json:"period"`   // yyyy-mm, Europe/London: in it the same figure has the same noise
	Variance  noise.Variance       `json:"variance"` // of the noise of one count
	Margin    int64                `json:"margin"`   // people: 95 % of single counts are within it of the truth, rounding included
	MinBase   int                  `json:"min_base"` // groups that come out smaller are not shown, for quality
	Person    noise.Rho            `json:"rho"`      // zero-concentrated differential privacy of all tables, for neighbours that differ by one response's answers
	Questions map[string]noise.Rho `json:"rho_by_question"`
	Epsilon   float64              `json:"epsilon"` // of Person at Delta, rounded up to one decimal
	Delta     float64              `json:"delta"`
}

// noisyRelease is a release with noise before it is printed. Only catalogue holds true counts.
type noisyRelease struct {
	catalogue noise.Catalogue
	out       noise.Release
	charge    PrivacyLoss // what it would add to the ledger
	refusal   *fault.Error
}

// perturb makes the figures of a release that counts the responses of the snapshot taken at the moment at.
func (p *releasePlan) perturb(keys *seal.Keyring, r *Release) (noisyRelease, error) {
	n := noisyRelease{catalogue: p.catalogue()}
	period := r.SnapshotAt.In(locale.London()).Format("2006-01")
	epoch := noise.Epoch{Key: keys.NoiseKey(p.c.ID, period), Variance: p.protection.variance()}
	columns := map[string][]uint16{}
	for _, d := range p.dims {
		columns[d.Name] = d.Column
	}
	if err := n.catalogue.Count(columns); err != nil {
		return n, err
	}
	var err error
	if n.out, err = noise.Publish(epoch, n.catalogue); err != nil {
		return n, err
	}
	account := noise.Account{Spent: p.spent}
	account.Person, account.Question = p.protection.budgets()
	entry := PrivacyLoss{Survey: p.c.ID, Epoch: period, Snapshot: r.SnapshotHash, Release: r.ID}
	if n.charge, err = account.Charge(entry, epoch, n.catalogue); err != nil {
		return n, err
	}
	if err := account.Allow(n.charge); err != nil && !errors.As(err, &n.refusal) {
		return n, err
	}
	return n, nil
}

// catalogue lists the chosen tables with all codes that there are, whether anybody has them or not: which are missing would tell something.
func (p *releasePlan) catalogue() (c noise.Catalogue) {
	for _, d := range p.dims {
		dim := noise.Dim{Name: d.Name, Codes: d.Codes}
		if len(d.Scores) > 1 {
			for _, code := range d.Codes {
				v := noise.NoValue
				if _, on := d.Scores[code]; on {
					v = d.scores[code]
				}
				dim.Values = append(dim.Values, v)
			}
		}
		c.Dims = append(c.Dims, dim)
	}
	for _, spec := range p.specs {
		parts := p.tables(spec)
		for _, t := range parts {
			table := noise.Table{ID: t.ID, Question: t.Question, Dims: append(append([]string{}, t.By...), t.Question)}
			if q, _ := p.multiple(spec.Question); q != nil {
				table.Family = spec.Question
			}
			c.Tables = append(c.Tables, table)
		}
	}
	return c
}

// printed is what every file says about the noise.
func (n noisyRelease) printed() *ReleaseNoise {
	v := n.charge.Variance
	return &ReleaseNoise{Period: n.charge.Epoch, Variance: v, Margin: v.Margin(), MinBase: noise.MinBase, Person: n.out.Person, Questions: n.out.Questions,
		Epsilon: n.out.Person.Epsilon(noise.Delta), Delta: noise.Delta}
}

// ReportNoise is what the internal report says of a release with noise: what it costs, and the ledger before and after it (disclosure.md 3.6).
type ReportNoise struct {
	Charge   PrivacyLoss `json:"charge"`
	Person   noise.Rho   `json:"person_budget"`
	Question noise.Rho   `json:"question_budget"`
	Before   LedgerSum   `json:"ledger_before"`
	After    LedgerSum   `json:"ledger_after"`
}

// protectByNoise fills in the tables, findings and report of a release with noise.
func (p *releasePlan) protectByNoise(release *Release, keys *seal.Keyring) (*DisclosureReport, error) {
	n, err := p.perturb(keys, release)
	if err != nil {
		return nil, err
	}
	release.Policy = ReleasePolicy{Rounding: noise.RoundTo, PercentMinBase: noise.MinBase, MeanMinBase: noise.MinMeanBase, Noise: n.printed()}
	n.write(p, release)
	release.Dims = p.published(release)
	if release.SHA256, err = tablesHash(release.Tables); err != nil {
		return nil, err
	}
	lost, err := n.lost()
	if err != nil {
		return nil, err
	}
	report := p.newReport(release, ReportAttack{}, verify.Summary{}, disclosure.Result{})
	report.Loss = lost
	report.Noise = &ReportNoise{Charge: n.charge}
	report.Noise.Person, report.Noise.Question = p.protection.budgets()
	account := noise.Account{Spent: p.spent}
	if report.Noise.Before, err = sumOf(account); err != nil {
		return nil, err
	}
	account.Spent = append(account.Spent, n.charge)
	report.Noise.After, err = sumOf(account)
	return report, err
}

// nextPeriod is the first day of the period after one, yyyy-mm.
func nextPeriod(period string) time.Time {
	at, _ := time.ParseInLocation("2006-01", period, locale.London()) // made by perturb
	return at.AddDate(0, 1, 0)
}

// spend pays for a release that is about to be published, in the same transaction. fault.Conflict if its survey's budget does not cover it, or if
// its tables are not those that were paid for.
func (s *Service) spend(w Writer, r *Release, d *DisclosureReport) error {
	hash, err := tablesHash(r.Tables)
	if err != nil {
		return err
	}
	if hash != d.Tables || d.Noise.Charge.Release != r.ID || d.Noise.Charge.Survey != r.ConsultationID {
		return fault.New(fault.Conflict, "error.release.unproven")
	}
	protection, _, err := protectionIn(w)
	if err != nil {
		return err
	}
	account, err := accountOf(w, protection, r.ConsultationID)
	if err != nil {
		return err
	}
	if d.Noise.Before, err = sumOf(account); err != nil {
		return err
	}
	if err := SpendPrivacy(w, account.Person, account.Question, d.Noise.Charge); err != nil {
		return err
	}
	account.Spent = append(account.Spent, d.Noise.Charge)
	d.Noise.After, err = sumOf(account)
	return err
}

func accountOf(r Reader, protection Protection, consultationID string) (noise.Account, error) {
	var a noise.Account
	a.Person, a.Question = protection.budgets()
	spent, err := r.PrivacyLoss(consultationID)
	for _, e := range spent {
		a.Spent = append(a.Spent, *e)
	}
	return a, err
}
