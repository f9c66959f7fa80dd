package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// DisclosureReport is the internal part of the disclosure report of a release (disclosure.md 3.6): how it was protected, what was examined and
// who answers for it. It says how many figures each rule hides, so it stays inside: it is signed with the council's key, kept sealed, and
// its hash is in the release and in the audit log. What everybody may read of it is made by package export from the release alone.
type DisclosureReport struct {
	Format    string           `json:"format"`
	Release   string           `json:"release"`
	Tables    string           `json:"tables_sha256"`    // Release.SHA256: the tables that it is about
	Responses string           `json:"responses_sha256"` // Release.SnapshotHash
	Counted   int              `json:"responses"`
	CountedAt time.Time        `json:"counted_at"`
	Policy    Protection       `json:"policy"`
	OpenLink  bool             `json:"open_link"`
	Exposure  []ExposedRelease `json:"exposure"` // earlier releases that were taken into account; empty for the first
	Cells     int              `json:"cells"`
	Hidden    int              `json:"hidden"`
	ByRule    map[string]int   `json:"hidden_by_rule"` // "R2" ... "secondary", "repair"
	Ladder    []string         `json:"redesigned"`
	Attack    ReportAttack     `json:"attack"`
	Proof     verify.Summary   `json:"proof"`
	Gate      *ReportGate      `json:"reconstruction_gate,omitempty"` // nil with noise, and in reports of before it was asked
	Noise     *ReportNoise     `json:"noise,omitempty"`               // instead of attack and proof, which are of hidden figures
	Loss      []ReportLoss     `json:"information_loss"`              // a table each, last all together
	Checklist *Checklist       `json:"motivated_intruder,omitempty"`  // once proposed
	SignOffs  []SignOff        `json:"sign_offs"`                     // who proposed, who approved
	ReviewOn  string           `json:"review_on,omitempty"`           // yyyy-mm-dd, once approved
}

const reportFormat = "folkmoot-disclosure-report-1"

// ExposedRelease is an earlier release of the survey that left the service, to whomever.
type ExposedRelease struct {
	ID          string    `json:"id"`
	PublishedAt time.Time `json:"published_at"`
	Tables      string    `json:"tables_sha256"`
	Revoked     bool      `json:"revoked"` // access has ended; what was received stays known
}

// SignOff is one of the two people who answer for a release.
type SignOff struct {
	As string    `json:"as"` // "proposed" or "approved"
	By string    `json:"by"` // staff id
	At time.Time `json:"at"`
}

// ReportGate is what was found about somebody who knows of everybody who took part all but their answers (R12).
type ReportGate struct {
	Off        string `json:"off,omitempty"` // why nothing was asked: "special" (no special category), "many" (over 20,000 responses)
	Questions  int    `json:"questions"`     // about whose answers it was asked
	Sampled    int    `json:"sampled"`       // respondents asked about, for each question
	Redesigned int    `json:"redesigned"`    // how often a table lost detail, so that the answers of all of them stayed open
}

// Checklist is what the proposer answers about a motivated intruder: somebody competent who wants to know, with public sources and without
// crime (ICO, "How do we ensure anonymisation is effective?", disclosure.md 1). The three risks are answered Unlikely or Likely.
type Checklist struct {
	SinglingOut string `json:"singling_out"` // could somebody be told apart from all others?
	Linkability string `json:"linkability"`  // could figures be joined with other records about the same people?
	Inference   string `json:"inference"`    // could something about somebody be concluded with confidence?
	OtherData   string `json:"other_data"`   // what else is public about the same groups, and what was looked at
}

// The answers about a risk.
const (
	Unlikely = "unlikely" // looked at, no way found
	Likely   = "likely"   // possible, or not sure
)

// maxOtherData bounds the free answer, in characters.
const maxOtherData = 2000

// ReviewAfter is how long after its approval a release is looked at again, in months: what is remote today need not stay so.
const ReviewAfter = 12

// Check returns fault.Invalid at the first field that is not answered, or whose answer says that the release should not be proposed.
func (c Checklist) Check() error {
	for _, q := range []struct{ field, answer string }{{"singling_out", c.SinglingOut}, {"linkability", c.Linkability}, {"inference", c.Inference}} {
		switch q.answer {
		case Unlikely:
		case Likely:
			return fault.New(fault.Invalid, "error.checklist.likely").At(q.field)
		default:
			return fault.New(fault.Invalid, "error.checklist."+q.field).At(q.field)
		}
	}
	if strings.TrimSpace(c.OtherData) == "" || utf8.RuneCountInString(c.OtherData) > maxOtherData {
		return fault.New(fault.Invalid, "error.checklist.other_data", "Max", maxOtherData).At("other_data")
	}
	return nil
}

// newReport begins the report of a draft with all that is measured.
func (p *releasePlan) newReport(r *Release, found ReportAttack, proof verify.Summary, result disclosure.Result) *DisclosureReport {
	out := &DisclosureReport{Format: reportFormat, Release: r.ID, Tables: r.SHA256, Responses: r.SnapshotHash, Counted: r.Responses, CountedAt: r.SnapshotAt.UTC(),
		Policy: p.protection, OpenLink: p.c.OpenLink, Exposure: []ExposedRelease{}, Cells: r.Report.Cells, Hidden: r.Report.Hidden, ByRule: r.Report.ByRule,
		Ladder: r.Report.Ladder, Attack: found, Proof: proof,
		Gate: gateOf(result.Gate), Loss: lossOf(result.Loss), SignOffs: []SignOff{}}
	for _, e := range p.earlier {
		out.Exposure = append(out.Exposure, ExposedRelease{ID: e.ID, PublishedAt: e.PublishedAt.UTC(), Tables: e.SHA256, Revoked: e.State == ReleaseRevoked})
	}
	return out
}

func gateOf(g disclosure.Gate) *ReportGate {
	if g == (disclosure.Gate{}) {
		return nil
	}
	return &ReportGate{string(g.Off), g.Questions, g.Sampled, g.Redesigned}
}

// lock signs and seals the report, and puts its hash into the release: whoever stores the one stores the other.
func (d *DisclosureReport) lock(keys *seal.Keyring, r *Release) (sealed []byte, err error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode a disclosure report: %w", err)
	}
	signed, err := keys.SignNote(seal.ReleaseNote, string(raw)+"\n")
	if err != nil {
		return nil, err
	}
	r.ReportSHA256 = seal.Digest(string(signed))
	return keys.Seal(reportPurpose, signed, reportPlace(r.ID)), nil
}

// keep stores the report of a release that is about to be updated.
func (d *DisclosureReport) keep(w Writer, keys *seal.Keyring, r *Release) error {
	sealed, err := d.lock(keys, r)
	if err != nil {
		return err
	}
	return w.SetReleaseReport(r.ID, sealed)
}

const reportPurpose = "release-report"

func reportPlace(id string) []byte { return seal.Place("release_report", id, "sealed") }

// openReport reads the report of a release. fault.Conflict ("error.release.report") if there is none, or if it is not the one that the council
// signed for these tables and that the release names.
func openReport(rd Reader, keys *seal.Keyring, r *Release) (*DisclosureReport, error) {
	wrong := fault.New(fault.Conflict, "error.release.report")
	sealed, err := rd.ReleaseReport(r.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, wrong
	}
	if err != nil {
		return nil, err
	}
	signed, err := keys.Open(reportPurpose, sealed, reportPlace(r.ID))
	if err != nil || seal.Digest(string(signed)) != r.ReportSHA256 {
		return nil, wrong
	}
	text, err := seal.OpenNote(signed, keys.NoteKey(seal.ReleaseNote))
	if err != nil {
		return nil, wrong
	}
	var d DisclosureReport
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("decode a disclosure report: %w", err)
	}
	if d.Format != reportFormat || d.Release != r.ID || d.Tables != r.SHA256 {
		return nil, wrong
	}
	return &d, nil
}

// DisclosureReport returns the internal report of a release, for the people who propose and approve. fault.Conflict if it was tampered with,
// or if the release was made before there were reports.
func (s *Service) DisclosureReport(ctx context.Context, by *Staff, id string) (d *DisclosureReport, err error) {
	if err := allow(by, ProposeReleases, ApproveReleases); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(rd Reader) error {
		r, err := rd.Release(id)
		if err != nil {
			return err
		}
		d, err = openReport(rd, s.Keys, r)
		return err
	})
	return d, err
}

// Safe reports whether what was made may leave: attacked without success, or within the privacy budget.
func (d *DisclosureReport) Safe() bool { return d.Noise != nil || d.Attack.Safe() }

// sign adds a person to the report of a release, and the date of the review with the second.
func (d *DisclosureReport) sign(as string, by *Staff, at time.Time) {
	d.SignOffs = append(d.SignOffs, SignOff{As: as, By: by.ID, At: at.UTC()})
	if as == signedApproved {
		d.ReviewOn = day(at.AddDate(0, ReviewAfter, 0))
	}
}

// What a person signs a report as.
const (
	signedProposed = "proposed"
	signedApproved = "approved"
)
