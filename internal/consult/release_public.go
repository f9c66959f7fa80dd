package consult

import (
	"context"

	"folkmoot/internal/fault"
)

// MayBePublic reports whether the tables may go on the council's website: they were counted after the consultation closed. Results that
// people see while they can still answer change the answers.
func (r *Release) MayBePublic(c *Consultation) bool {
	return c.State == Published && !r.SnapshotAt.Before(c.ClosesAt)
}

// forEverybody returns what everybody may read of a release: its tables, and what is needed to read them. Its title, its findings and
// who did what are between the council and the partner.
func (r *Release) forEverybody(f ReleaseFacts) *Release {
	return &Release{
		ID: r.ID, ConsultationID: r.ConsultationID, Title: f.Consultation, State: r.State, Public: r.Public,
		SnapshotAt: r.SnapshotAt, PublishedAt: r.PublishedAt, Policy: r.Policy, Tables: r.Tables, Dims: r.Dims, SHA256: r.SHA256,
	}
}

// PublicResults returns the results of a consultation that the council publishes on its website, and the facts that belong to them
// without partner and purpose. The agreement with the partner may have expired: what was published stays. fault.NotFound where nothing is
// published, and once the release is revoked.
func (s *Service) PublicResults(ctx context.Context, slug string) (*Consultation, *Release, ReleaseFacts, error) {
	var c *Consultation
	var out *Release
	var facts ReleaseFacts
	err := s.Store.View(ctx, func(rd Reader) (err error) {
		if c, err = s.bySlugIn(rd, slug); err != nil {
			return err
		}
		public, err := rd.PublicReleases()
		if err != nil {
			return err
		}
		id, ok := public[c.ID]
		if !ok || c.State != Published {
			return fault.New(fault.NotFound, "error.results.none")
		}
		r, err := rd.Release(id)
		if err != nil {
			return err
		}
		if facts, err = r.printed(); err != nil {
			return err
		}
		facts.Partner, facts.Purpose = "", ""
		out = r.forEverybody(facts)
		return nil
	})
	if err != nil {
		return nil, nil, ReleaseFacts{}, err
	}
	return c, out, facts, nil
}

// WithResults returns the ids of the consultations whose results everybody can read.
func (s *Service) WithResults(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	err := s.Store.View(ctx, func(r Reader) error {
		public, err := r.PublicReleases()
		for id := range public {
			out[id] = true
		}
		return err
	})
	return out, err
}
