package release_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
)

// An open consultation is released, and again when more have answered: pages say which releases belong together, what waits says that it was overtaken,
// and what cannot pass says when it could (disclosure.md R10, R11).
func TestReleasesOfOneSurvey(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.publish(t, "library", 200)
	lone := w.draft(t, c, agreement.ID, "satisfied")
	lacks(t, w.researcher.Get(lone), "a draft of a survey that was never released is no series", "Releases of this survey")
	waiting := w.draft(t, c, agreement.ID, "satisfied", "member")
	w.researcher.Get(waiting)
	want(t, w.researcher.Propose(waiting), 303, "a second draft waits")
	first := "/office/releases/" + w.released(t, c, agreement.ID, "satisfied", "satisfied|home")

	for _, b := range []struct {
		page  string
		words []string
	}{{lone, []string{"Another release of this survey was published since", "Releases of this survey", "Erase this draft"}},
		{waiting, []string{"Another release of this survey was published since", "Releases of this survey"}}} {
		got := w.researcher.Get(b.page)
		if b.page == waiting {
			got = w.approver.Get(b.page)
		}
		want(t, got, 200, "overtaken, and said before anybody tries", b.words...)
		lacks(t, got, "no button that would be refused", b.page+"/propose", b.page+"/approve")
	}
	w.approver.Get(waiting + "/approve")
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}}), 409, "tried all the same", "Make this release again")

	w.move(w.Clock.Now().Add(24 * time.Hour))
	w.Respond(t, c, 10, answers, equality)
	early := w.draft(t, c, agreement.ID, "satisfied")
	want(t, w.researcher.Get(early), 200, "too early, and when it would pass", "At least 40 more responses are needed", "At the pace of the last 14 days that will be about",
		"Until then the tables that were released stand, with their date", "This release cannot be proposed")
	cy := w.researcher.Get("/cy" + early)
	want(t, cy, 200, "in Welsh", "Mae angen o leiaf 40 ymateb arall", "Tan hynny mae'r tablau a ryddhawyd yn sefyll")

	w.Respond(t, c, 60, answers, equality)
	want(t, w.researcher.Get("/office/consultations/"+c.ID+"/releases/new"), 200, "what was released is named", "Libraries for Fenwick, counted on", "(200 responses)")
	second := "/office/releases/" + w.released(t, c, agreement.ID, "satisfied", "satisfied|home")
	for _, path := range []string{first, second} {
		got := w.approver.Get(path)
		want(t, got, 200, "the series", "Releases of this survey", "In the order of publication", "(this release)", "Responses counted", "270", "200")
		lacks(t, got, "what was published is not overtaken", "Make this release again")
	}
	want(t, w.approver.Get("/cy"+second), 200, "in Welsh", "Datganiadau'r arolwg hwn", "Yn nhrefn eu cyhoeddi", "(y datganiad hwn)")
	want(t, w.approver.Get("/office/releases?consultation="+c.ID+"&state=published"), 200, "the register", "2 releases", "The library and you (release 2)")
	want(t, w.approver.Get("/office/releases?consultation=other"), 200, "of another consultation", "No release is like that")

	w.approver.Get(second + "/revoke")
	want(t, w.approver.Fill(url.Values{"reason": {"The wrong partner"}}), 303, "revoked")
	want(t, w.researcher.Get("/office/consultations/"+c.ID+"/releases/new"), 200, "and still known", "revoked: what was received stays known")
	if all, err := w.Service.ReleaseSeries(context.Background(), &consult.Staff{Role: consult.Approver}, c.ID); err != nil || len(all) != 2 || !strings.HasSuffix(first, all[0].ID) {
		t.Errorf("the series: %d, %v", len(all), err)
	}
}
