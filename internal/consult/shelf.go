package consult

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// ReleaseFacts is what a file says beside the tables: of a published release what was so when it was published, of others what would be said
// if they were published now.
func (s *Service) ReleaseFacts(ctx context.Context, r *Release) (f ReleaseFacts, err error) {
	err = s.Store.View(ctx, func(rd Reader) error {
		if r.State == ReleasePublished || r.State == ReleaseRevoked {
			f, err = r.printed()
			return err
		}
		f, err = s.releaseFacts(rd, r)
		return err
	})
	return f, err
}

// printed returns the facts of a published release. Settings and agreements change, what was handed out does not: they are never looked up
// again, and a release without them, which the store does not take, would not be opened.
func (r *Release) printed() (ReleaseFacts, error) {
	if r.Facts == nil {
		return ReleaseFacts{}, fmt.Errorf("release %s was published without its facts", r.ID)
	}
	return *r.Facts, nil
}

// releaseFacts gathers what would be printed beside the tables at this moment.
func (s *Service) releaseFacts(rd Reader, r *Release) (f ReleaseFacts, err error) {
	c, err := rd.Consultation(r.ConsultationID)
	if err != nil {
		return f, err
	}
	a, err := rd.Agreement(r.AgreementID)
	if err != nil {
		return f, err
	}
	partner, err := rd.Partner(a.PartnerID)
	if err != nil {
		return f, err
	}
	council, err := s.councilIn(rd)
	if err != nil {
		return f, err
	}
	contact := c.ContactEmail
	if contact == "" {
		contact = c.ContactPhone
	}
	return ReleaseFacts{
		Council: council.Name, Consultation: c.Title, Partner: partner.Name, Purpose: a.Purpose, Use: useOf(a),
		OpenedOn: day(c.OpensAt), ClosedOn: day(c.ClosesAt.Add(-time.Second)), SnapshotOn: day(r.SnapshotAt),
		Languages: c.Languages, Policy: r.Policy, Method: methodNote(r.Policy, c.OpenLink), Contact: contact,
		LeftOut: r.Report.LeftOut, Checked: r.ReportSHA256 != "",
	}, nil
}

// useOf is what the partner promised about the use of figures, to be printed in every file (councils.md S3-14); nil where it did not.
func useOf(a *Agreement) locale.Text {
	if !a.NotMarketing {
		return nil
	}
	return say("release.use")
}

// methodNote says in plain words how people took part and how the figures were protected (disclosure.md 3.6; question-bank.md 8).
func methodNote(p ReleasePolicy, openLink bool) []locale.Text {
	out := []locale.Text{say("release.method.chose")}
	if openLink {
		out = append(out, say("release.method.open_link"))
	}
	if n := p.Noise; n != nil {
		return append(out,
			say("disclosure.method.noise", "Margin", n.Margin, "Round", p.Rounding),
			say("disclosure.method.noise.same", "Period", n.Period),
			say("disclosure.method.noise.guarantee", "Epsilon", tenth(n.Epsilon), "Rho", strconv.FormatFloat(n.Person.Float(), 'f', -1, 64), "Delta", "0.000001"),
			say("disclosure.method.noise.base", "Base", n.MinBase),
			say("disclosure.method.derived", "Percent", p.PercentMinBase, "Mean", p.MeanMinBase),
			say("disclosure.method.symbol", "Symbol", string(Hidden)))
	}
	return append(out,
		say("disclosure.method.thresholds", "Base", p.BaseThreshold, "Cell", p.CellThreshold, "Special", p.SpecialThreshold),
		say("disclosure.method.group"),
		say("disclosure.method.secondary"),
		say("disclosure.method.rounding", "Round", p.Rounding),
		say("disclosure.method.derived", "Percent", p.PercentMinBase, "Mean", p.MeanMinBase),
		say("disclosure.method.symbol", "Symbol", string(Hidden)))
}

// tenth prints an amount rounded up to one decimal.
func tenth(v float64) string { return strconv.FormatFloat(math.Ceil(10*v)/10, 'f', 1, 64) }

// Shelf lists the partner's own releases, newest first.
func (s *Service) Shelf(ctx context.Context, by *Staff) (out []ShelfItem, err error) {
	if err := by.Allow(SeeShelf); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out = nil
		releases, err := r.ReleasesFor(by.PartnerID)
		if err != nil {
			return err
		}
		for _, release := range releases {
			a, err := r.Agreement(release.AgreementID)
			if err != nil {
				return err
			}
			out = append(out, ShelfItem{Release: release, Agreement: a, Available: available(release, a, r.Now()) == nil})
		}
		return nil
	})
	return out, err
}

// available returns fault.Forbidden unless the release may be opened at the moment now.
func available(r *Release, a *Agreement, now time.Time) error {
	switch {
	case r.State != ReleasePublished:
		return fault.New(fault.Forbidden, "error.release.revoked")
	case a.expired(now):
		return fault.New(fault.Forbidden, "error.agreement.expired")
	case day(now) < a.StartsOn:
		return fault.New(fault.Forbidden, "error.agreement.not_started")
	}
	return nil
}

// openedAs are the ways in which a partner opens a release, as the audit log names them.
var openedAs = regexp.MustCompile(`^(page|csv|csv-metadata\.json|json|report\.json|sums\.txt|(en|cy)\.(html|report\.html|xlsx|ods|table-[1-9][0-9]{0,2}\.svg))$`)

// SignFiles signs a list of checksums with the council's release key, so that anybody can tell the council's files from others (folkmoot release verify).
func (s *Service) SignFiles(sums string) ([]byte, error) {
	return s.Keys.SignNote(seal.ReleaseSigner, sums)
}

// FileKey is the public key that checks what SignFiles signs.
func (s *Service) FileKey() string { return s.Keys.NoteKey(seal.ReleaseSigner) }

// ShelfRelease opens one of the partner's releases: fault.NotFound for another partner's, fault.Forbidden when the agreement has
// expired or the release is revoked. format says what is opened ("page", or the extension of a file); every opening is in the audit log before
// anything is handed out.
func (s *Service) ShelfRelease(ctx context.Context, by *Staff, id, format string) (*Release, ReleaseFacts, error) {
	if err := by.Allow(SeeShelf); err != nil {
		return nil, ReleaseFacts{}, err
	}
	if !openedAs.MatchString(format) {
		return nil, ReleaseFacts{}, fault.New(fault.NotFound, "error.release.format")
	}
	var out *Release
	var facts ReleaseFacts
	err := s.Store.Update(ctx, func(w Writer) error {
		r, err := w.Release(id)
		if err != nil {
			return err
		}
		a, err := w.Agreement(r.AgreementID)
		if err != nil {
			return err
		}
		if a.PartnerID != by.PartnerID || r.State != ReleasePublished && r.State != ReleaseRevoked {
			return fault.New(fault.NotFound, "error.release.unknown")
		}
		if err := available(r, a, w.Now()); err != nil {
			return err
		}
		if facts, err = r.printed(); err != nil {
			return err
		}
		out = r
		return w.AppendAudit(event(by.Actor(), "release.open", "release:"+id, "format", format))
	})
	if err != nil {
		return nil, ReleaseFacts{}, err
	}
	return out, facts, nil
}
