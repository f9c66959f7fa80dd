package release_test

import (
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
)

// The page of a release that is being made says how far it is, looks again by itself without a script, can be stopped, and says what became of
// it. Every state in both languages.
func TestPageOfAJob(t *testing.T) {
	w := newWorld(t)
	c := w.closed(t, "libraries", 20)
	people, err := w.Service.StaffList(t.Context(), &consult.Staff{Role: consult.Administrator})
	if err != nil {
		t.Fatal(err)
	}
	researcher := ""
	for _, s := range people {
		if s.Role == consult.Researcher {
			researcher = s.ID
		}
	}
	now := w.Clock.Now().UTC()
	for i, s := range []struct {
		why           string
		job           consult.ReleaseJob
		english, cy   string
		looks, button bool
	}{
		{"at work", consult.ReleaseJob{Running: true, Rounds: 2, Tables: 12, Repairs: 3}, "The responses are counted", "Mae'r ymatebion yn cael eu cyfrif", true, true},
		{"being stopped", consult.ReleaseJob{Running: true, Stop: true}, "It is being stopped", "Mae'n cael ei stopio", true, true},
		{"its process is gone", consult.ReleaseJob{Running: true, SeenAt: now.Add(-time.Hour)}, "The service was restarted", "Cafodd y gwasanaeth ei ailgychwyn", false, false},
		{"out of time", consult.ReleaseJob{Problem: "release.job.limit", Args: []any{"Minutes", 5}}, "could not be protected within 5 minutes", "o fewn 5 munud", false, false},
		{"stopped", consult.ReleaseJob{Problem: "release.job.stopped"}, "You stopped this release", "Fe wnaethoch stopio", false, false},
	} {
		j := s.job
		j.ID, j.StaffID, j.ConsultationID, j.StartedAt = "job"+string(rune('a'+i)), researcher, c.ID, now
		if j.SeenAt.IsZero() {
			j.SeenAt = now
		}
		if _, err := w.Service.Jobs.AddJob(t.Context(), &j, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for prefix, says := range map[string]string{"": s.english, "/cy": s.cy} {
			a := w.researcher.Get(prefix + "/office/releases/jobs/" + j.ID)
			want(t, a, 200, s.why, says)
			if (a.Header.Get("Refresh") != "") != s.looks || strings.Contains(a.Body, "/stop") != s.button {
				t.Errorf("%s: looks again %q, can be stopped %v", s.why, a.Header.Get("Refresh"), strings.Contains(a.Body, "/stop"))
			}
		}
		want(t, w.approver.Get("/office/releases/jobs/"+j.ID), 404, "somebody else's job")
	}
}
