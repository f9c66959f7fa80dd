package consult

import (
	"context"
	"encoding/json"
	"fmt"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Protection is how strictly a council protects the figures of its releases (disclosure.md 3.2). It may be stricter than the defaults
// of the design, never laxer than the rules allow. It is of the moment a release is made; published releases keep theirs.
type Protection struct {
	BaseThreshold    int  `json:"base_threshold"`    // R2: smallest group that is shown, people
	CellThreshold    int  `json:"cell_threshold"`    // R3: smallest answer count that is shown, people
	SpecialThreshold int  `json:"special_threshold"` // R2, R3 for special-category data, people
	Width            int  `json:"width"`             // section 3.4: least uncertainty of a hidden figure, people
	Coalition        int  `json:"coalition"`         // R4, k: how many may know each other's answers
	SpecialCoalition int  `json:"special_coalition"` // R4 for special-category data
	OpenCoalition    int  `json:"open_coalition"`    // R4 where anybody may answer
	Rounding         int  `json:"rounding"`
	PercentMinBase   int  `json:"percent_min_base"`   // R5
	MeanMinBase      int  `json:"mean_min_base"`      // R5
	Unanimous        bool `json:"unanimous_headline"` // R4: what 100 and more people said unanimously may be told
	// Noise instead of hidden figures (disclosure.md 3.5, decision 30).
	NoiseFrom      int `json:"noise_from"`            // responses of a survey at its first release
	ContinuousFrom int `json:"noise_continuous_from"` // the same for continuous feedback
	NoiseVariance  int `json:"noise_variance"`        // sigma squared of the noise of a count
	QuestionBudget int `json:"noise_question_budget"` // hundredths of rho that a survey's releases may cost a question
	PersonBudget   int `json:"noise_person_budget"`   // hundredths of rho that they may cost a person in all
}

// variance returns that of the noise of one count.
func (p Protection) variance() noise.Variance {
	return noise.Variance{Num: uint64(p.NoiseVariance), Den: 1}
}

// budgets returns what the releases of a survey may cost in all.
func (p Protection) budgets() (person, question noise.Rho) {
	return noise.Rho{Num: uint64(p.PersonBudget), Den: 100}, noise.Rho{Num: uint64(p.QuestionBudget), Den: 100}
}

const protectionSetting = "protection"

// DefaultProtection is that of the design.
func DefaultProtection() Protection {
	p := disclosure.Default()
	return Protection{BaseThreshold: p.BaseThreshold, CellThreshold: p.CellThreshold, SpecialThreshold: p.SpecialThreshold, Width: p.Width,
		Coalition: p.K, SpecialCoalition: p.SpecialK, OpenCoalition: p.OpenLinkK, Rounding: p.RoundTo,
		PercentMinBase: p.PercentBase, MeanMinBase: p.MeanBase, Unanimous: p.UnanimousHeadline,
		NoiseFrom: 100_000, ContinuousFrom: 5_000, NoiseVariance: 40, QuestionBudget: 50, PersonBudget: 300}
}

// ProtectionField is one number of a Protection, with the least that the rules allow and the most that leaves anything to show.
type ProtectionField struct {
	Name        string // as in JSON
	Value       *int
	Default     int
	Least, Most int
}

// Fields are the numbers of the protection, in the order of the rules. Setting a Value changes p.
func (p *Protection) Fields() []ProtectionField {
	d := DefaultProtection()
	return []ProtectionField{
		{Name: "base_threshold", Value: &p.BaseThreshold, Default: d.BaseThreshold, Least: 5, Most: 100},
		{Name: "cell_threshold", Value: &p.CellThreshold, Default: d.CellThreshold, Least: 5, Most: 100},
		{Name: "special_threshold", Value: &p.SpecialThreshold, Default: d.SpecialThreshold, Least: 10, Most: 100},
		{Name: "width", Value: &p.Width, Default: d.Width, Least: 5, Most: 100},
		{Name: "coalition", Value: &p.Coalition, Default: d.Coalition, Least: 1, Most: 10},
		{Name: "special_coalition", Value: &p.SpecialCoalition, Default: d.SpecialCoalition, Least: 2, Most: 10},
		{Name: "open_coalition", Value: &p.OpenCoalition, Default: d.OpenCoalition, Least: 3, Most: 10},
		{Name: "rounding", Value: &p.Rounding, Default: d.Rounding, Least: 5, Most: 50},
		{Name: "percent_min_base", Value: &p.PercentMinBase, Default: d.PercentMinBase, Least: 20, Most: 500},
		{Name: "mean_min_base", Value: &p.MeanMinBase, Default: d.MeanMinBase, Least: 30, Most: 500},
		{Name: "noise_from", Value: &p.NoiseFrom, Default: d.NoiseFrom, Least: 1_000, Most: 10_000_000},
		{Name: "noise_continuous_from", Value: &p.ContinuousFrom, Default: d.ContinuousFrom, Least: 1_000, Most: 10_000_000},
		{Name: "noise_variance", Value: &p.NoiseVariance, Default: d.NoiseVariance, Least: 10, Most: 10_000},
		{Name: "noise_question_budget", Value: &p.QuestionBudget, Default: d.QuestionBudget, Least: 1, Most: 200},
		{Name: "noise_person_budget", Value: &p.PersonBudget, Default: d.PersonBudget, Least: 1, Most: 1_000},
	}
}

// Problems lists what the rules do not allow, in the order of the fields.
func (p Protection) Problems() []privacy.Problem {
	var out []privacy.Problem
	for _, f := range p.Fields() {
		if *f.Value < f.Least || *f.Value > f.Most {
			out = append(out, privacy.Problem{Field: f.Name, Key: "office.problem.protection", Args: []any{"Least", f.Least, "Most", f.Most}})
		}
	}
	if len(out) == 0 && p.Width > min(p.CellThreshold, p.SpecialThreshold) {
		out = append(out, privacy.Problem{Field: "width", Key: "office.problem.protection_width", Args: []any{"Cell", p.CellThreshold}})
	}
	return out
}

// policy returns the protection as the rules take it, without the seed of a release.
func (p Protection) policy() disclosure.Policy {
	out := disclosure.Default()
	out.BaseThreshold, out.CellThreshold, out.SpecialThreshold, out.Width = p.BaseThreshold, p.CellThreshold, p.SpecialThreshold, p.Width
	out.K, out.SpecialK, out.OpenLinkK = p.Coalition, p.SpecialCoalition, p.OpenCoalition
	out.RoundTo, out.PercentBase, out.MeanBase, out.UnanimousHeadline = p.Rounding, p.PercentMinBase, p.MeanMinBase, p.Unanimous
	return out
}

// Protection returns how strictly releases are protected, and the version for editing; the defaults and version 0 if nothing was saved yet.
func (s *Service) Protection(ctx context.Context) (p Protection, version int64, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		p, version, err = protectionIn(r)
		return err
	})
	return p, version, err
}

func protectionIn(r Reader) (Protection, int64, error) {
	p := DefaultProtection()
	raw, version, err := r.Setting(protectionSetting)
	if fault.Is(err, fault.NotFound) {
		return p, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	return p, version, err
}

// SaveProtection changes how strictly later releases are protected; problems are returned and nothing is stored if there are any.
// fault.Conflict if somebody else saved since version.
func (s *Service) SaveProtection(ctx context.Context, by *Staff, version int64, p Protection) ([]privacy.Problem, error) {
	if err := by.Allow(ManageSettings); err != nil {
		return nil, err
	}
	if found := p.Problems(); len(found) > 0 {
		return found, nil
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode protection: %w", err)
	}
	return nil, s.putSetting(ctx, protectionSetting, raw, version, event(by.Actor(), "settings.protection", "setting:"+protectionSetting,
		"version", fmt.Sprint(version+1)))
}
