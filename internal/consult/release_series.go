package consult

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// series are the releases of a survey that left the service, in the order of publication, revoked ones too: what was received stays
// known.
type series []*Release

// seriesOf reads the series of a consultation.
func seriesOf(r Reader, consultationID string) (series, error) {
	all, err := r.ReleasesOf(consultationID)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(series(slices.Clone(all)), func(o *Release) bool { return o.State != ReleasePublished && o.State != ReleaseRevoked })
	// Each was protected together with all before it, so their number is its place.
	slices.SortFunc(out, func(a, b *Release) int { return cmp.Compare(len(a.Earlier), len(b.Earlier)) })
	return out, nil
}

func (s series) ids() []string {
	var ids []string
	for _, r := range s {
		ids = append(ids, r.ID)
	}
	return ids
}

// overtaken returns fault.Conflict ("error.release.overtaken") if a release of the survey was published since this one was drafted.
func (s series) overtaken(r *Release) error {
	if r.Overtaken(s) {
		return fault.New(fault.Conflict, "error.release.overtaken")
	}
	return nil
}

// Overtaken reports whether a release that has not left yet was made before the last of the survey's releases that did: it was not protected
// against that one, and must be made again. published are those of ReleaseSeries.
func (r *Release) Overtaken(published []*Release) bool {
	waits := r.State == ReleaseDraft || r.State == ReleaseProposed || r.State == ReleaseReturned
	return waits && !slices.Equal(series(published).ids(), r.Earlier)
}

// ReleaseSeries lists what left the service of a survey, in the order of publication, revoked releases too.
func (s *Service) ReleaseSeries(ctx context.Context, by *Staff, consultationID string) (out []*Release, err error) {
	if err := by.Allow(ProposeReleases, ApproveReleases); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = seriesOf(r, consultationID)
		return err
	})
	return out, err
}

// releaseMemory is what later releases of the survey have to know of one (decision 24): the counts by cohort that protection keeps, and who
// was counted, as tokens that only this service can make.
type releaseMemory struct {
	State   *disclosure.State
	Dims    []string // the dimensions that the tokens of codes are about
	Members []byte   // for each person a token of their id and one of their codes, ascending, so that their order tells nothing
}

const tokenSize = 16 // bytes

// remembered makes the memory of a release.
func (p *releasePlan) remembered(keys *seal.Keyring, releaseID string, state *disclosure.State) releaseMemory {
	m := releaseMemory{State: state}
	for _, d := range p.dims {
		m.Dims = append(m.Dims, d.Name)
	}
	members := make([][]byte, len(p.ids))
	for person, id := range p.ids {
		members[person] = append(keys.MemberToken(releaseID, id), keys.MemberToken(releaseID, id, p.codesOf(m.Dims, person)...)...)
	}
	slices.SortFunc(members, bytes.Compare)
	m.Members = bytes.Join(members, nil)
	return m
}

// codesOf returns somebody's codes of the dimensions, each with its dimension.
func (p *releasePlan) codesOf(dims []string, person int) []string {
	var out []string
	for _, name := range dims {
		d := p.find(name)
		out = append(out, name, d.Codes[d.Column[person]])
	}
	return out
}

// member reports whether somebody was counted in the release, and whether with the same codes.
func (m releaseMemory) member(id, codes []byte) (was, same bool) {
	const size = 2 * tokenSize
	n := len(m.Members) / size
	at := func(i int) []byte { return m.Members[i*size : (i+1)*size] }
	i := sort.Search(n, func(i int) bool { return bytes.Compare(at(i)[:tokenSize], id) >= 0 })
	if i == n || !bytes.Equal(at(i)[:tokenSize], id) {
		return false, false
	}
	return true, bytes.Equal(at(i)[tokenSize:], codes)
}

// seen returns for everybody in which earlier releases they were. Somebody whose codes are others now left them all and joined: the cohorts
// of all releases must fit together. They were in the releases that changed says.
func (p *releasePlan) seen(keys *seal.Keyring) (seen, changed []uint64) {
	seen, changed = make([]uint64, len(p.ids)), make([]uint64, len(p.ids))
	for person, id := range p.ids {
		other := false
		for j, r := range p.earlier {
			m := p.proofs[j].Memory
			was, same := m.member(keys.MemberToken(r.ID, id), keys.MemberToken(r.ID, id, p.codesOf(m.Dims, person)...))
			if was {
				seen[person] |= 1 << j
			}
			other = other || was && !same
		}
		if other {
			seen[person], changed[person] = 0, seen[person]
		}
	}
	return seen, changed
}

// anyLeft reports whether somebody who was counted in an earlier release is not in this one with the same codes: they withdrew, were erased,
// or changed what they agreed to.
func (p *releasePlan) anyLeft(seen []uint64) bool {
	for j, r := range p.earlier {
		still := 0
		for _, in := range seen {
			still += int(in >> j & 1)
		}
		if still < r.Responses {
			return true
		}
	}
	return false
}

// recall reads the series of the plan's survey, and what is kept of it.
func (p *releasePlan) recall(r Reader, keys *seal.Keyring) (err error) {
	if p.earlier, err = seriesOf(r, p.c.ID); err != nil {
		return err
	}
	p.proofs, p.spent = nil, nil
	spent, err := r.PrivacyLoss(p.c.ID)
	if err != nil {
		return err
	}
	for _, e := range spent {
		p.spent = append(p.spent, *e)
	}
	if p.earlier.noisy() { // noise needs no account of who was counted
		return nil
	}
	for _, e := range p.earlier {
		proof, err := openProof(r, keys, e.ID)
		if err != nil {
			return err
		}
		if proof.Memory.State == nil {
			return fmt.Errorf("release %s keeps no state", e.ID)
		}
		p.proofs = append(p.proofs, proof)
	}
	return nil
}

// state is what protection is told about the earlier releases; nil if there are none.
func (p *releasePlan) state() *disclosure.State {
	if len(p.proofs) == 0 {
		return nil
	}
	return p.proofs[len(p.proofs)-1].Memory.State
}

// policy is how the release is protected: as the council has it, but as the first release of the survey was where there is one, so that one
// survey has one set of rules (decision 24).
func (p *releasePlan) policy(seed []byte) disclosure.Policy {
	policy := p.protection.policy()
	policy.OpenLink = p.c.OpenLink
	if state := p.state(); state != nil {
		policy = state.Releases[0].Policy
	}
	policy.Seed = seed
	return policy
}

// keep makes the dimensions of earlier releases that the chosen tables do not have: what those who joined or left would tell is asked about
// them too.
func (p *releasePlan) keep() error {
	for _, proof := range p.proofs {
		for _, name := range proof.Memory.Dims {
			if p.find(name) != nil {
				continue
			}
			question, option, chosen := strings.Cut(name, ".")
			if !chosen {
				if err := p.dimension(name); err != nil {
					return err
				}
				continue
			}
			q, special := p.multiple(question)
			if q == nil {
				return unknownDimension(name)
			}
			if d := p.src.column(*q, option, special); d != nil {
				p.dims = append(p.dims, d)
			}
		}
	}
	return nil
}

// paceDays is over how many days the pace of responses is taken.
const paceDays = 14

// earliest says when a release that needs so many more responses could pass: at the pace of the last days, before closing, or not at all.
func (p *releasePlan) earliest(now time.Time, more int) locale.Text {
	switch {
	case !p.open:
		return say("release.finding.closed")
	case p.pace == 0:
		return say("release.finding.no_pace", "Days", paceDays)
	}
	at := now.AddDate(0, 0, (more*paceDays+p.pace-1)/p.pace)
	if !at.Before(p.c.ClosesAt) {
		return say("release.finding.after_closing", "Days", paceDays)
	}
	out := locale.Text{}
	for _, l := range locale.Langs() {
		out[l] = say("release.finding.earliest", "Days", paceDays, "Date", locale.Date(l, at))[l]
	}
	return out
}
