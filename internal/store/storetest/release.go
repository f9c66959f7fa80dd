package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func addAgreement(t *testing.T, s Store, id, partnerID string) *consult.Agreement {
	t.Helper()
	a := &consult.Agreement{
		ID: id, PartnerID: partnerID, Purpose: "Planning heat networks", Promises: "No re-identification", ContactName: "Cai", ContactEmail: "cai@example.org",
		StartsOn: "2026-01-01", ExpiresAt: Moment.AddDate(1, 0, 0), CreatedBy: "s1", CreatedAt: Moment, Version: 1,
	}
	p := &consult.Partner{ID: partnerID, Name: "Climate " + partnerID, Kind: "company", CreatedAt: Moment}
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.AddPartner(p), w.AddAgreement(a)) })
	return a
}

func testPartners(t *testing.T, s Store) {
	a := addAgreement(t, s, "a1", "p1")
	addAgreement(t, s, "a2", "p2")
	older := *a
	a.ExpiresAt, a.Purpose, a.NotMarketing = Moment.AddDate(2, 0, 0), "Another", true
	Write(t, s, func(w consult.Writer) error { return w.UpdateAgreement(a) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateAgreement(&older) }), fault.Conflict, "an edit of an older version")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddPartner(&consult.Partner{ID: "p1", CreatedAt: Moment}) }), fault.Conflict, "a partner twice")
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Agreement("a1")
		if diff := cmp.Diff(a, got); err != nil || diff != "" {
			t.Errorf("agreement: %v %s", err, diff)
		}
		all, err := r.Agreements()
		if len(all) != 2 || all[0].ID != "a1" {
			t.Errorf("agreements: the last to expire comes first: %v", err)
		}
		partner, err := r.Partner("p2")
		if err != nil || partner.Name != "Climate p2" {
			t.Errorf("partner: %v %v", partner, err)
		}
		partners, err := r.Partners()
		if len(partners) != 2 || partners[0].ID != "p1" {
			t.Errorf("partners by name: %v", err)
		}
		_, err = r.Partner("absent")
		want(t, err, fault.NotFound, "an absent partner")
		_, err = r.Agreement("absent")
		want(t, err, fault.NotFound, "an absent agreement")
		return nil
	})
}

func testReleases(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	addAgreement(t, s, "a1", "p1")
	addAgreement(t, s, "a2", "p2")
	r := &consult.Release{
		ID: "r1", ConsultationID: c.ID, AgreementID: "a1", Title: locale.Text{locale.English: "First"}, State: consult.ReleaseDraft, SnapshotAt: Moment,
		SnapshotHash: "ff", Position: 41, Equality: true, Responses: 120, Earlier: []string{"r0"}, Specs: []consult.TableSpec{{Question: "sat", By: "ward"}}, Policy: consult.ReleasePolicy{BaseThreshold: 10},
		Tables: []consult.ReleaseTable{{ID: "t1", Rows: []consult.ReleaseRow{{Code: "total", Base: "45", Counts: []consult.ReleaseCell{"[c]"}}}}},
		Report: consult.ReleaseReport{ByRule: map[string]int{"R2": 1}}, SHA256: "ab", ReportSHA256: "ee", Coverage: consult.ReleaseCoverage{Silent: 3}, DraftedBy: "s3", ProposedBy: "s1", ProposedAt: Moment, Version: 1,
	}
	later := &consult.Release{ID: "r2", ConsultationID: c.ID, AgreementID: "a2", State: consult.ReleaseDraft, SnapshotAt: Moment.Add(time.Hour), Version: 1}
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.AddRelease(r), w.AddRelease(later)) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseConsultation(c.ID) }), fault.Conflict, "a consultation with releases is not erased")

	older := *r
	r.State, r.PublishedAt, r.ApprovedBy, r.Public = consult.ReleasePublished, Moment, "s2", true
	if err := TryWrite(s, func(w consult.Writer) error { return w.UpdateRelease(r) }); err == nil {
		t.Error("published without its facts: they would be looked up later, when they have changed")
	}
	r.Facts = &consult.ReleaseFacts{Council: locale.Text{locale.English: "Wemsley"}, Purpose: "Planning", Languages: []locale.Lang{locale.English},
		Method: []locale.Text{{locale.English: "Rounded"}}}
	Write(t, s, func(w consult.Writer) error { return w.UpdateRelease(r) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateRelease(&older) }), fault.Conflict, "an edit of an older version")
	Read(t, s, func(reader consult.Reader) error {
		got, err := reader.Release("r1")
		if diff := cmp.Diff(r, got); err != nil || diff != "" {
			t.Errorf("release: %v %s", err, diff)
		}
		for name, list := range map[string]func() ([]*consult.Release, error){
			"all":                 reader.Releases,
			"of the consultation": func() ([]*consult.Release, error) { return reader.ReleasesOf(c.ID) },
		} {
			all, err := list()
			if len(all) != 2 || all[0].ID != "r2" {
				t.Errorf("%s: newest first: %v", name, err)
			}
		}
		mine, err := reader.ReleasesFor("p1")
		if len(mine) != 1 || mine[0].ID != "r1" {
			t.Errorf("of the partner: %d, %v", len(mine), err)
		}
		drafts, err := reader.ReleasesFor("p2")
		if len(drafts) != 0 {
			t.Errorf("a partner sees no draft: %d", len(drafts))
		}
		if public, err := reader.PublicReleases(); err != nil || !cmp.Equal(public, map[string][]string{c.ID: {"r1"}}) {
			t.Errorf("what everybody can read: %v, %v", public, err)
		}
		totals, failed := reader.PublishedTotals()
		published := []consult.PublishedTotals{{KeptTotals: privacy.KeptTotals{Release: "r1", SHA256: "ab", Report: "ee", Equality: true}, Part: true, SnapshotAt: Moment, PublishedAt: Moment}}
		if diff := cmp.Diff(map[string][]consult.PublishedTotals{c.ID: published}, totals); failed != nil || diff != "" {
			t.Errorf("what is published: %v %s", failed, diff)
		}
		_, absent := reader.Release("absent")
		want(t, absent, fault.NotFound, "an absent release")
		return err
	})
	for why, change := range map[string]func(*consult.Release){
		"published tables never change":    func(r *consult.Release) { r.Tables = []consult.ReleaseTable{{ID: "t2"}} },
		"nor what is said beside them":     func(r *consult.Release) { r.Facts = &consult.ReleaseFacts{Purpose: "Another"} },
		"nor can that be taken away":       func(r *consult.Release) { r.Facts = nil },
		"nor their hash":                   func(r *consult.Release) { r.SHA256 = "cd" },
		"nor what it was protected with":   func(r *consult.Release) { r.Earlier = nil },
		"nor the agreement":                func(r *consult.Release) { r.AgreementID = "a2" },
		"nor back to a draft":              func(r *consult.Release) { r.State = consult.ReleaseDraft },
		"nor the moment of their snapshot": func(r *consult.Release) { r.SnapshotAt = r.SnapshotAt.Add(time.Second) },
	} {
		changed := *r
		change(&changed)
		want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateRelease(&changed) }), fault.Conflict, why)
	}
	later.State, later.PublishedAt, later.Public, later.Facts = consult.ReleasePublished, Moment.Add(-time.Hour), true, r.Facts
	revoke := func(r *consult.Release) {
		r.State, r.RevokedAt, r.RevokedBy, r.RevokeNote = consult.ReleaseRevoked, Moment, "s2", "wrong partner"
	}
	for _, step := range []struct {
		change func()
		of     *consult.Release
		public []string
		why    string
	}{
		{func() {}, later, []string{"r1", "r2"}, "the last published first, whenever it was counted"},
		{func() { revoke(r) }, r, []string{"r2"}, "nobody can read what is revoked"},
		{func() { revoke(later) }, later, nil, "nor the last"},
	} {
		step.change()
		Write(t, s, func(w consult.Writer) error { return w.UpdateRelease(step.of) })
		Read(t, s, func(reader consult.Reader) error {
			public, err := reader.PublicReleases()
			if totals, failed := reader.PublishedTotals(); failed != nil || len(totals[c.ID]) != len(step.public) {
				t.Errorf("%s: totals %v, %v", step.why, totals, failed)
			}
			if !cmp.Equal(public[c.ID], step.public) {
				t.Errorf("%s: %v", step.why, public)
			}
			return err
		})
	}
}

// What was never published may be erased, but not while a second person is looking at it.
func testReleaseErasure(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	addAgreement(t, s, "a1", "p1")
	for _, row := range []struct {
		why   string
		state consult.ReleaseState
		kind  fault.Kind // empty: erased
	}{
		{"a draft", consult.ReleaseDraft, ""},
		{"one that the approver sent back: nobody outside has seen it", consult.ReleaseReturned, ""},
		{"one that waits for the approver", consult.ReleaseProposed, fault.Conflict},
		{"a published one: the register keeps what left the service", consult.ReleasePublished, fault.Conflict},
		{"a revoked one: what was received stays known", consult.ReleaseRevoked, fault.Conflict},
	} {
		id := "release-" + string(row.state)
		r := &consult.Release{ID: id, ConsultationID: c.ID, AgreementID: "a1", State: consult.ReleaseDraft, SnapshotAt: Moment, Version: 1,
			Facts: &consult.ReleaseFacts{Purpose: "Planning"}}
		Write(t, s, func(w consult.Writer) error {
			return errors.Join(w.AddRelease(r), w.AddReleaseCertificate(id, []byte("sealed "+id)), w.SetReleaseReport(id, []byte("draft")),
				w.SetReleaseReport(id, []byte("report "+id)))
		})
		want(t, TryWrite(s, func(w consult.Writer) error { return w.AddReleaseCertificate(id, []byte("another")) }), fault.Conflict, "a second certificate")
		if r.State = row.state; row.state != consult.ReleaseDraft {
			Write(t, s, func(w consult.Writer) error { return w.UpdateRelease(r) })
		}
		if row.state == consult.ReleasePublished || row.state == consult.ReleaseRevoked {
			want(t, TryWrite(s, func(w consult.Writer) error { return w.SetReleaseReport(id, []byte("another")) }), fault.Conflict, row.why+": its report stays")
		}
		err := TryWrite(s, func(w consult.Writer) error { return w.EraseRelease(id) })
		left := fault.Kind("")
		Read(t, s, func(reader consult.Reader) error {
			switch sealed, err := reader.ReleaseCertificate(id); {
			case row.kind == "":
				want(t, err, fault.NotFound, row.why+": its certificate goes with it")
			case err != nil || string(sealed) != "sealed "+id:
				t.Errorf("%s: its certificate is %q, %v", row.why, sealed, err)
			}
			switch report, err := reader.ReleaseReport(id); {
			case row.kind == "":
				want(t, err, fault.NotFound, row.why+": its report goes with it")
			case err != nil || string(report) != "report "+id:
				t.Errorf("%s: its report is %q, %v", row.why, report, err)
			}
			if _, err := reader.Release(id); err != nil {
				left = fault.KindOf(err)
			}
			return nil
		})
		if row.kind != "" {
			want(t, err, row.kind, row.why)
			if left != "" {
				t.Errorf("%s: it is gone", row.why)
			}
			continue
		}
		if err != nil || left != fault.NotFound {
			t.Errorf("%s: %v, and looking for it: %q", row.why, err, left)
		}
		want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseRelease(id) }), fault.NotFound, row.why+", erased twice")
	}
}

// testJobs: one job at a time for an officer and a consultation; a dead one makes way; that it should stop stays said.
func testJobs(t *testing.T, s Store) {
	ctx := t.Context()
	job := func(staff string) *consult.ReleaseJob {
		return &consult.ReleaseJob{ID: ID(), StaffID: staff, ConsultationID: "c", Running: true, SeenAt: Moment, StartedAt: Moment, Args: []any{"Count", "1"}}
	}
	add := func(j *consult.ReleaseJob, stale time.Time) *consult.ReleaseJob {
		t.Helper()
		kept, err := s.AddJob(ctx, j, stale)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	first := job("a")
	if kept := add(first, Moment.Add(-time.Minute)); kept.ID != first.ID || !kept.Running || !kept.SeenAt.Equal(Moment) || len(kept.Args) != 2 {
		t.Errorf("stored as %+v", kept)
	}
	if kept := add(job("a"), Moment.Add(-time.Minute)); kept.ID != first.ID {
		t.Error("a second job of the same officer and consultation was added while the first is alive")
	}
	if other := job("b"); add(other, Moment.Add(-time.Minute)).ID != other.ID {
		t.Error("another officer's job was not added")
	}
	stop := *first
	stop.Stop = true
	if _, err := s.SaveJob(ctx, &stop); err != nil {
		t.Fatal(err)
	}
	first.Rounds, first.SeenAt = 3, Moment.Add(time.Second)
	if before, err := s.SaveJob(ctx, first); err != nil || !before.Stop {
		t.Errorf("that it should stop was not said: %+v %v", before, err)
	}
	if kept, err := s.Job(ctx, first.ID); err != nil || !kept.Stop || kept.Rounds != 3 {
		t.Errorf("that it should stop was forgotten: %+v %v", kept, err)
	}
	second := job("a")
	if kept := add(second, Moment.Add(time.Second)); kept.ID != second.ID {
		t.Error("a dead job does not make way")
	}
	_, err := s.SaveJob(ctx, first)
	want(t, err, fault.NotFound, "a job that was replaced")
	second.Running = false
	if _, err := s.SaveJob(ctx, second); err != nil {
		t.Fatal(err)
	}
	if third := job("a"); add(third, Moment.Add(-time.Minute)).ID != third.ID {
		t.Error("a finished job does not make way")
	}
	if n, err := s.DisposeJobs(ctx, Moment); err != nil || n != 2 {
		t.Errorf("%d jobs were disposed of, want 2: %v", n, err)
	}
}
