package plain

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/fault"
)

// policyFile is policy.yaml; what is left out is as in disclosure.Default.
type policyFile struct {
	BaseThreshold     *int     `yaml:"base_threshold"`
	CellThreshold     *int     `yaml:"cell_threshold"`
	SpecialThreshold  *int     `yaml:"special_threshold"`
	Width             *int     `yaml:"width"`
	K                 *int     `yaml:"k"`
	SpecialK          *int     `yaml:"special_k"`
	OpenLink          *bool    `yaml:"open_link"`
	OpenLinkK         *int     `yaml:"open_link_k"`
	Rounding          *int     `yaml:"rounding"`
	PercentMinBase    *int     `yaml:"percent_min_base"`
	DecimalMinBase    *int     `yaml:"decimal_min_base"`
	MeanMinBase       *int     `yaml:"mean_min_base"`
	BandsBelow        *int     `yaml:"bands_below"`
	BreakdownFrom     *int     `yaml:"breakdown_from"`
	TwoWayFrom        *int     `yaml:"two_way_from"`
	FineTwoWayFrom    *int     `yaml:"fine_two_way_from"`
	MeanInner         *int     `yaml:"mean_inner"`
	MaxHiddenPercent  *int     `yaml:"max_hidden_percent"`
	UnanimousHeadline *bool    `yaml:"unanimous_headline"`
	Measures          []string `yaml:"measures"`
	Method            string   `yaml:"method"`
	Perturbation      *int     `yaml:"perturbation"`
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// policy reads the rules. Laxer ones than those of the design are refused.
func (r *reader) policy(given []byte) {
	const file = "policy.yaml"
	raw := given
	if raw == nil {
		var err error
		if raw, err = fs.ReadFile(r.from, file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.fault(file, 0, "it cannot be read")
			return
		}
	}
	var f policyFile
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		line := 0
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
		}
		r.fault(file, line, "it is not a list of settings with whole numbers: "+err.Error())
		return
	}
	p := disclosure.Default()
	for _, s := range []struct {
		from *int
		to   *int
	}{{f.BaseThreshold, &p.BaseThreshold}, {f.CellThreshold, &p.CellThreshold}, {f.SpecialThreshold, &p.SpecialThreshold}, {f.Width, &p.Width}, {f.K, &p.K},
		{f.SpecialK, &p.SpecialK}, {f.OpenLinkK, &p.OpenLinkK}, {f.Rounding, &p.RoundTo}, {f.PercentMinBase, &p.PercentBase}, {f.DecimalMinBase, &p.DecimalBase},
		{f.MeanMinBase, &p.MeanBase}, {f.BandsBelow, &p.BandsBelow}, {f.BreakdownFrom, &p.BreakdownFrom}, {f.TwoWayFrom, &p.TwoWayFrom},
		{f.FineTwoWayFrom, &p.FineTwoWayFrom}, {f.MeanInner, &p.MeanInner}, {f.MaxHiddenPercent, &p.MaxHiddenPercent}} {
		if s.from != nil {
			*s.to = *s.from
		}
	}
	if f.OpenLink != nil {
		p.OpenLink = *f.OpenLink
	}
	if f.UnanimousHeadline != nil {
		p.UnanimousHeadline = *f.UnanimousHeadline
	}
	p.MaxBy = maxTableDims - 1
	checked := p
	checked.Seed = make([]byte, 32)
	var lax *fault.Error
	if err := checked.Check(); errors.As(err, &lax) {
		r.fault(file, 0, "the rules are laxer than is allowed: "+lax.Key+" "+argsOf(lax))
		return
	}
	r.data.Policy = p
	if !r.method(f, file) {
		return
	}
	r.data.Measures = f.Measures
	switch {
	case len(f.Measures) == 0 && r.data.Method == cellKey:
		r.data.Measures = []string{"count"}
	case len(f.Measures) == 0:
		r.data.Measures = []string{"count", "pct", "mean"}
	}
	for _, m := range r.data.Measures {
		if !slices.Contains([]string{"count", "pct", "mean"}, m) {
			r.fault(file, 0, "the measure "+strconv.Quote(m)+" is none of count, pct and mean")
		}
	}
}

// method reads how figures are protected, and reports whether it can be done so.
func (r *reader) method(f policyFile, file string) bool {
	r.data.Method = cmp.Or(f.Method, suppression)
	switch {
	case r.data.Method == suppression && f.Perturbation == nil:
		return true
	case r.data.Method == suppression:
		r.fault(file, 0, "perturbation goes with the method cell_key only")
		return false
	case r.data.Method != cellKey:
		r.fault(file, 0, "the method "+strconv.Quote(f.Method)+" is neither suppression nor cell_key")
		return false
	}
	r.data.Perturbation = noise.MinPerturbation
	if f.Perturbation != nil {
		r.data.Perturbation = *f.Perturbation
	}
	if n := r.data.Perturbation; n < noise.MinPerturbation || n > noise.MaxPerturbation {
		r.fault(file, 0, fmt.Sprintf("perturbation is a whole number from %d to %d: less can be worked out, more tells nothing", noise.MinPerturbation, noise.MaxPerturbation))
		return false
	}
	if len(f.Measures) > 0 && !slices.Equal(f.Measures, []string{"count"}) {
		r.fault(file, 0, "with the method cell_key only counts are published: whoever needs a percentage works it out from the counts as printed")
		return false
	}
	return true
}

// argsOf writes what a fault is about: "Setting BaseThreshold, Min 5".
func argsOf(f *fault.Error) string {
	out := ""
	for i := 0; i+1 < len(f.Args); i += 2 {
		if i > 0 {
			out += ", "
		}
		out += text(f.Args[i]) + " " + text(f.Args[i+1])
	}
	return out
}
