package consult

import (
	"context"
	"slices"
	"time"

	"folkmoot/internal/fault"
)

// MayBePublic reports whether the tables may go on the council's website: they were counted after the consultation closed, and nobody was left out because they were not
// told of the partner, nor their equality answers. Results that people see while they can still answer change the answers, and tables of a part of the responses would be read as those of all. Earlier
// and later releases of the survey do not matter: all are protected together, whoever reads them (decision 15).
func (r *Release) MayBePublic(c *Consultation) bool {
	return c.State == Published && !r.SnapshotAt.Before(c.ClosesAt) && r.Coverage.LeftOut == 0 && r.Coverage.Silent == 0
}

// forEverybody returns what everybody may read of a release: its tables, and what is needed to read them. Its title, its findings and
// who did what are between the council and the partner.
func (r *Release) forEverybody(f ReleaseFacts) *Release {
	return &Release{
		ID: r.ID, ConsultationID: r.ConsultationID, Title: f.Consultation, State: r.State, Public: r.Public,
		SnapshotAt: r.SnapshotAt, PublishedAt: r.PublishedAt, Policy: r.Policy, Tables: r.Tables, Dims: r.Dims, SHA256: r.SHA256,
	}
}

// WebsiteResults are the results of a consultation as everybody reads them: the tables of one release, and the facts that belong to them
// without partner and purpose.
type WebsiteResults struct {
	Consultation *Consultation
	Release      *Release
	Facts        ReleaseFacts
	Sets         []WebsiteSet // all that the consultation has on the website, this one too, the last published first
}

// WebsiteSet is one release among those that a consultation has on the website.
type WebsiteSet struct {
	ReleaseID   string
	SnapshotAt  time.Time
	PublishedAt time.Time
	Tables      int
}

// Newest reports whether the results are those that were published last.
func (w *WebsiteResults) Newest() bool { return w.Sets[0].ReleaseID == w.Release.ID }

// PublicResults returns what the council publishes on its website of a consultation: the release with the id, or the last published if it is
// empty. The agreement with the partner may have expired: what was published stays. fault.NotFound where nothing is published, and once the
// release is revoked.
func (s *Service) PublicResults(ctx context.Context, slug, releaseID string) (*WebsiteResults, error) {
	out := &WebsiteResults{}
	err := s.Store.View(ctx, func(rd Reader) (err error) {
		if out.Consultation, err = s.bySlugIn(rd, slug); err != nil {
			return err
		}
		public, err := rd.PublicReleases()
		if err != nil {
			return err
		}
		ids := public[out.Consultation.ID]
		if releaseID == "" && len(ids) > 0 {
			releaseID = ids[0]
		}
		if !slices.Contains(ids, releaseID) || out.Consultation.State != Published {
			return fault.New(fault.NotFound, "error.results.none")
		}
		out.Sets = nil
		for _, id := range ids {
			r, err := rd.Release(id)
			if err != nil {
				return err
			}
			out.Sets = append(out.Sets, WebsiteSet{id, r.SnapshotAt, r.PublishedAt, len(r.Tables)})
			if id != releaseID {
				continue
			}
			if out.Facts, err = r.printed(); err != nil {
				return err
			}
			out.Facts.Partner, out.Facts.Purpose, out.Facts.Use = "", "", nil
			out.Release = r.forEverybody(out.Facts)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
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
