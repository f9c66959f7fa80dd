package disclosure_test

import (
	"encoding/json"
	"slices"
	"testing"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
)

// printedFigures lists the figures of a release as a reader sees them.
func printedFigures(r disclosure.Result) []verify.Figure {
	var out []verify.Figure
	for _, t := range r.Tables {
		for _, row := range t.Rows {
			var codes []string
			for _, c := range row.Codes {
				if c == disclosure.Total {
					c = verify.Total
				}
				codes = append(codes, c)
			}
			add := func(column string, c disclosure.Cell) {
				out = append(out, verify.Figure{Table: t.ID, Row: codes, Column: column, Shown: c.Shown, Value: c.Value, Exact: c.Exact})
			}
			add("", row.Base)
			for i, c := range t.Columns {
				add(c, row.Cells[i])
			}
		}
	}
	return out
}

// rules says independently what the policy of the tests promises.
func rules(in disclosure.Input) verify.Rules {
	r := verify.Rules{BaseThreshold: 10, CellThreshold: 5, SpecialThreshold: 10, Width: 5, K: 1, SpecialK: 2, RoundTo: 5, Dims: map[string]verify.Dim{}}
	if in.Policy.OpenLink {
		r.K, r.SpecialK = 3, 3
	}
	for _, d := range in.Records.Dims {
		v := verify.Dim{Secret: d.Role != disclosure.Ordinary, Special: d.Role == disclosure.Special, NoAnswer: d.NoAnswer}
		for _, rung := range d.Ladder {
			bands := map[string][]string{}
			for _, c := range d.Codes {
				bands[up(d, rung.Name, c)] = append(bands[up(d, rung.Name, c)], c)
			}
			for _, b := range bands {
				if len(b) > 1 {
					v.Bands = append(v.Bands, b)
				}
			}
		}
		r.Dims[d.Name] = v
	}
	return r
}

// up returns the code at the rung.
func up(d disclosure.Dim, rung, code string) string {
	for _, step := range d.Ladder {
		if p, ok := step.Parent[code]; ok {
			code = p
		}
		if step.Name == rung {
			break
		}
	}
	return code
}

// kept returns the certificate as it is kept: by way of its form outside the program.
func kept(t *testing.T, r disclosure.Result) verify.Certificate {
	t.Helper()
	b, err := json.Marshal(r.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	var c verify.Certificate
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEveryReleaseIsCertified: the verifier, which shares no code with the protection, finds nothing wrong with any
// release: thresholds, group disclosure, and for everything hidden two tables that differ enough.
func TestEveryReleaseIsCertified(t *testing.T) {
	moves := 0
	for _, trial := range tried(t) {
		c := kept(t, trial.result)
		moves += len(c.Moves)
		for _, p := range verify.Check(printedFigures(trial.result), rules(trial.in), c) {
			t.Errorf("%s: %s", trial.name, p)
		}
	}
	if moves < 5*surveys {
		t.Errorf("only %d tables in all the certificates", moves)
	}
}

// TestVerifierBites: whatever is changed about a good release or its certificate, the verifier says so.
func TestVerifierBites(t *testing.T) {
	trial := tried(t)[3]
	type forgery struct {
		figures []verify.Figure
		rules   verify.Rules
		c       verify.Certificate
	}
	hidden := func(f verify.Figure) bool { return !f.Shown && f.Column != "" }
	shown := func(f verify.Figure) bool { return f.Shown && f.Column != "" && !f.Exact }
	for why, forge := range map[string]func(*forgery){
		"a hidden figure is shown": func(f *forgery) {
			i := slices.IndexFunc(f.figures, hidden)
			f.figures[i].Shown, f.figures[i].Value = true, 10
		},
		"a figure is wrong":              func(f *forgery) { f.figures[slices.IndexFunc(f.figures, shown)].Value += 5 },
		"a rounded figure is exact":      func(f *forgery) { f.figures[slices.IndexFunc(f.figures, shown)].Exact = true },
		"a figure nobody counted":        func(f *forgery) { f.figures[slices.IndexFunc(f.figures, shown)].Column = "other" },
		"a table without certificate":    func(f *forgery) { f.figures[0].Table = "other" },
		"no figures":                     func(f *forgery) { f.figures = nil },
		"the proofs are missing":         func(f *forgery) { f.c.Moves = nil },
		"one proof too few":              func(f *forgery) { f.c.Moves = f.c.Moves[:len(f.c.Moves)/2] },
		"a proof that does not fit":      func(f *forgery) { f.c.Moves[0][0].By++ },
		"a proof with less than nobody":  func(f *forgery) { f.c.Moves[0][0].By = -1_000_000 },
		"a proof about nothing":          func(f *forgery) { f.c.Moves[0][0].At = 1 << 40 },
		"a proof about a negative place": func(f *forgery) { f.c.Moves[0][0].At = -1 },
		"counts that are not true":       func(f *forgery) { f.c.Blocks[0].Counts[0]++ },
		"negative counts":                func(f *forgery) { f.c.Blocks[0].Counts[0] = -1 },
		"a block that is cut off":        func(f *forgery) { f.c.Blocks[0].Counts = f.c.Blocks[0].Counts[1:] },
		"a block without axes":           func(f *forgery) { f.c.Blocks[0].Axes = nil },
		"codes twice":                    func(f *forgery) { f.c.Blocks[0].Axes[0].Codes[0] = f.c.Blocks[0].Axes[0].Codes[1] },
		"a stricter promise":             func(f *forgery) { f.rules.Width = 500 },
		"a stricter threshold":           func(f *forgery) { f.rules.CellThreshold = 60 },
		"people are exempted":            func(f *forgery) { f.c.Exempt = append(f.c.Exempt, []int{0}) },
		"an exemption of nothing":        func(f *forgery) { f.c.Exempt = append(f.c.Exempt, []int{-1}) },
		"a relation that does not hold":  func(f *forgery) { f.c.Relations = append(f.c.Relations, []verify.Step{{At: 0, By: 1}}) },
		"a relation about nothing":       func(f *forgery) { f.c.Relations = append(f.c.Relations, []verify.Step{{At: 1 << 40, By: 1}}) },
	} {
		f := forgery{printedFigures(trial.result), rules(trial.in), kept(t, trial.result)}
		forge(&f)
		if problems := verify.Check(f.figures, f.rules, f.c); len(problems) == 0 {
			t.Errorf("%s: %s: the verifier finds nothing", trial.name, why)
		}
	}
}
