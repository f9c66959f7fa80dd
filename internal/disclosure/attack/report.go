package attack

// Kind is the way in which a release is broken.
type Kind string

// The kinds of a finding. Unpicked is for information unless Options.Rounded: rounding for show protects nothing.
const (
	KindExact     Kind = "exact"     // a hidden figure recovered exactly
	KindNarrow    Kind = "narrow"    // a hidden figure known to less than the width
	KindAttribute Kind = "attribute" // all of a group but at most k gave one answer
	KindJoiners   Kind = "joiners"   // people who came between two releases are isolated
	KindLeavers   Kind = "leavers"   // people who went between two releases are isolated
	KindUnpicked  Kind = "unpicked"  // the exact count behind a rounded figure
	KindAll       Kind = "all"       // nothing was attempted, or it is not known whether any people fit
)

// Finding is one thing that the published files give away, or that could not be examined.
type Finding struct {
	Kind    Kind   `json:"kind"`
	Release string `json:"release,omitempty"`
	Since   string `json:"since,omitempty"` // the earlier release, for joiners and leavers
	Cell    string `json:"cell,omitempty"`  // "dim=code" sorted, blank for everybody
	Answer  string `json:"answer,omitempty"`
	Lo      int64  `json:"lo"` // least possible; of an attribute: those who did not give the answer
	Hi      int64  `json:"hi"` // greatest possible, or Unbounded
	At      string `json:"at,omitempty"`
	Text    string `json:"text,omitempty"`
}

// Unbounded is a bound that the published files do not give.
const Unbounded = int64(1) << 60

// Report is the result of an attack.
type Report struct {
	Releases   []string  `json:"releases"`
	Mode       Mode      `json:"mode"`
	Figures    int       `json:"figures"`
	Hidden     int       `json:"hidden"`
	Unknowns   int       `json:"unknowns"`
	Equations  int       `json:"equations"`
	Components int       `json:"components"` // that are left after what is determined
	Programmes int       `json:"programmes"` // linear programmes solved
	Questions  int       `json:"questions"`  // hidden figures, groups and cohorts examined
	Broken     []Finding `json:"broken"`
	Unpicked   []Finding `json:"unpicked"`
	Unfinished []Finding `json:"unfinished"`
	Bounds     []Finding `json:"bounds,omitempty"` // of every hidden figure, with Options.Bounds
	Notes      []string  `json:"notes"`
}

// Safe reports whether everything was examined and nothing was broken.
func (r *Report) Safe() bool { return len(r.Broken) == 0 && len(r.Unfinished) == 0 }

// Count returns how many findings of the kind broke something.
func (r *Report) Count(k Kind) int {
	n := 0
	for _, f := range r.Broken {
		if f.Kind == k {
			n++
		}
	}
	return n
}
