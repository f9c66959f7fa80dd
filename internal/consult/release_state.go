package consult

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/fault"
)

// Release returns one release, for the people who propose and approve.
func (s *Service) Release(ctx context.Context, by *Staff, id string) (out *Release, err error) {
	if err := by.Allow(ProposeReleases, ApproveReleases); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Release(id)
		return err
	})
	return out, err
}

// Releases lists all releases, newest first: the register of what has left the service and what may.
func (s *Service) Releases(ctx context.Context, by *Staff) (out []*Release, err error) {
	if err := by.Allow(ProposeReleases, ApproveReleases); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = r.Releases()
		return err
	})
	return out, err
}

// EraseReleaseDraft erases a draft, or a release that the approver sent back. fault.Conflict for others.
func (s *Service) EraseReleaseDraft(ctx context.Context, by *Staff, id string) error {
	if err := by.Allow(ProposeReleases); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		r, err := w.Release(id)
		if err != nil {
			return err
		}
		if r.State != ReleaseDraft && r.State != ReleaseReturned {
			return fault.New(fault.Conflict, "error.release.state")
		}
		if err := w.EraseRelease(id); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "release.erase", "release:"+id))
	})
}

// move takes a release from one of the states to another by change, unless somebody else was faster.
func (s *Service) move(ctx context.Context, by *Staff, id string, version int64, action string, from []ReleaseState, change func(Writer, *Release) error) error {
	return s.Store.Update(ctx, func(w Writer) error {
		r, err := w.Release(id)
		if err != nil {
			return err
		}
		if r.Version != version {
			return fault.New(fault.Conflict, "error.release.edited")
		}
		if !slices.Contains(from, r.State) {
			return fault.New(fault.Conflict, "error.release.state")
		}
		if err := change(w, r); err != nil {
			return err
		}
		if err := w.UpdateRelease(r); err != nil {
			return err
		}
		detail := []string{"sha256", r.SHA256, "report_sha256", r.ReportSHA256}
		if r.Public {
			detail = append(detail, "public", "yes")
		}
		return w.AppendAudit(event(by.Actor(), action, "release:"+id, detail...))
	})
}

// ProposeRelease asks a second person, with what the proposer answers about a motivated intruder: fault.Invalid if that is not whole, or says
// that there is a risk. fault.Conflict if a finding blocks or the attack on the draft did not end well, if its report is not the one that was made, or ("error.release.stale") if somebody whose answers were counted
// has withdrawn since: the release must be made again.
func (s *Service) ProposeRelease(ctx context.Context, by *Staff, id string, version int64, answers Checklist) error {
	if err := by.Allow(ProposeReleases); err != nil {
		return err
	}
	if err := answers.Check(); err != nil {
		return err
	}
	return s.move(ctx, by, id, version, "release.propose", []ReleaseState{ReleaseDraft, ReleaseReturned}, func(w Writer, r *Release) error {
		if slices.ContainsFunc(r.Findings, func(f ReleaseFinding) bool { return f.Block }) || len(r.Tables) == 0 {
			return fault.New(fault.Conflict, "error.release.blocked")
		}
		if err := stillAllowed(w, r); err != nil {
			return err
		}
		report, err := openReport(w, s.Keys, r)
		if err != nil {
			return err
		}
		if !report.Safe() {
			return fault.New(fault.Conflict, "error.release.blocked")
		}
		report.Checklist, report.SignOffs = &answers, nil
		report.sign(signedProposed, by, w.Now())
		if err := report.keep(w, s.Keys, r); err != nil {
			return err
		}
		r.State, r.ProposedBy, r.ProposedAt, r.ReturnNote = ReleaseProposed, by.ID, w.Now(), ""
		return nil
	})
}

// stillAllowed looks again at what may have changed since the draft: the agreement, releases published meanwhile, and withdrawals.
func stillAllowed(w Writer, r *Release) error {
	c, err := w.Consultation(r.ConsultationID)
	if err != nil {
		return err
	}
	if _, err := mayReceive(w, r.AgreementID, c); err != nil {
		return err
	}
	published, err := seriesOf(w, r.ConsultationID)
	if err != nil {
		return err
	}
	if err := published.overtaken(r); err != nil {
		return err
	}
	return r.fresh(w)
}

// ApprovableBy returns fault.Forbidden, with the reason, for who may not approve the release: its tables were chosen by one person and are
// looked at by another, so neither who drafted nor who proposed it (disclosure.md 3.6, two sign-offs).
func (r *Release) ApprovableBy(by *Staff) error {
	switch {
	case !by.May(ApproveReleases):
		return fault.New(fault.Forbidden, "error.forbidden")
	case r.ProposedBy == by.ID:
		return fault.New(fault.Forbidden, "error.release.same_person")
	case r.DraftedBy == by.ID:
		return fault.New(fault.Forbidden, "error.release.drafter")
	}
	return nil
}

// ApproveRelease publishes a proposed release and freezes what its files say: fault.Forbidden for who drafted or proposed it. public puts the same tables on the council's
// website as well; fault.Conflict unless they count everybody, see MayBePublic. The tables are checked against their proof
// once more: fault.Conflict if they are not the ones that were protected. Noise is paid from the survey's privacy budget: fault.Conflict if that does not cover it any more. fault.Conflict too if somebody has withdrawn, as in ProposeRelease.
func (s *Service) ApproveRelease(ctx context.Context, by *Staff, id string, version int64, public bool) error {
	if err := by.Allow(ApproveReleases); err != nil {
		return err
	}
	return s.move(ctx, by, id, version, "release.approve", []ReleaseState{ReleaseProposed}, func(w Writer, r *Release) error {
		if err := r.ApprovableBy(by); err != nil {
			return err
		}
		if err := stillAllowed(w, r); err != nil {
			return err
		}
		c, err := w.Consultation(r.ConsultationID)
		if err != nil {
			return err
		}
		report, err := openReport(w, s.Keys, r)
		if err != nil {
			return err
		}
		if !report.Safe() || report.Checklist == nil {
			return fault.New(fault.Conflict, "error.release.report")
		}
		if err := s.lastCheck(w, r, report); err != nil {
			return err
		}
		report.sign(signedApproved, by, w.Now())
		if err := report.keep(w, s.Keys, r); err != nil {
			return err
		}
		if public && !r.MayBePublic(c) {
			return fault.New(fault.Conflict, "error.release.public")
		}
		facts, err := s.releaseFacts(w, r)
		if err != nil {
			return err
		}
		r.Facts = &facts
		r.State, r.ApprovedBy, r.ApprovedAt, r.PublishedAt, r.Public = ReleasePublished, by.ID, w.Now(), w.Now(), public
		return nil
	})
}

// lastCheck compares the tables that are about to leave with what was protected, and pays for noise.
func (s *Service) lastCheck(w Writer, r *Release, report *DisclosureReport) error {
	if report.Noise != nil {
		return s.spend(w, r, report)
	}
	proof, err := openProof(w, s.Keys, r.ID)
	if err != nil {
		return err
	}
	published, err := seriesOf(w, r.ConsultationID)
	if err != nil {
		return err
	}
	_, err = proof.check(append(published, r))
	return err
}

// ReturnRelease sends a proposed release back with a reason.
func (s *Service) ReturnRelease(ctx context.Context, by *Staff, id string, version int64, reason string) error {
	if err := by.Allow(ApproveReleases); err != nil {
		return err
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.move(ctx, by, id, version, "release.return", []ReleaseState{ReleaseProposed}, func(_ Writer, r *Release) error {
		r.State, r.ReturnNote = ReleaseReturned, reason
		return nil
	})
}

// RevokeRelease ends the partner's access to a published release, and takes it off the council's website. What was downloaded stays known: later
// releases of the survey are protected together with it all the same.
func (s *Service) RevokeRelease(ctx context.Context, by *Staff, id string, version int64, reason string) error {
	if err := by.Allow(ApproveReleases, ManagePartners); err != nil {
		return err
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.move(ctx, by, id, version, "release.revoke", []ReleaseState{ReleasePublished}, func(w Writer, r *Release) error {
		r.State, r.RevokedBy, r.RevokedAt, r.RevokeNote = ReleaseRevoked, by.ID, w.Now(), reason
		return nil
	})
}

func checkReason(reason string) error {
	if strings.TrimSpace(reason) == "" || utf8.RuneCountInString(reason) > 2000 {
		return fault.New(fault.Invalid, "error.release.reason")
	}
	return nil
}
