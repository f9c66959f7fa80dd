package release_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/ui/public"
)

// Decision 15: the approver decides whether the tables go on the website as well; nothing is ticked beforehand.
func TestApprovingForTheWebsite(t *testing.T) {
	w := newWorld(t)
	public.Register(w.Kit, w.Service)
	agreement := w.agree(t, w.approver)
	c := w.closed(t, "library", 120)
	path := w.draft(t, c, agreement.ID, "satisfied", "satisfied|home")
	w.researcher.Get(path)
	want(t, w.researcher.Propose(path), 303, "proposed")

	ask := w.approver.Get(path + "/approve")
	want(t, ask, 200, "the page says what the tick means", "Also publish these tables on the council's website", "Everybody can then read and download them")
	if strings.Contains(ask.Body, "checked") {
		t.Error("something is ticked beforehand")
	}
	again := w.approver.Fill(url.Values{"public": {"yes"}})
	want(t, again, 422, "the other tick is missing", "Tick the box to confirm")
	if !strings.Contains(again.Body, "checked") {
		t.Error("the tick is lost")
	}
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}, "public": {"yes"}}), 303, "approved")
	want(t, w.approver.Get(path), 200, "the release says so", "everybody can read the tables on the website", "Everybody can read the tables on the council's website")
	want(t, w.Browser(t).Get("/c/library/results"), 200, "everybody reads them", "What people said")
	lacks(t, w.Browser(t).Get("/c/library/results"), "whoever else has the tables is not said", partnerName, "Libraries for Fenwick", agreement.Purpose)

	partners := w.reader.Get("/partner" + strings.TrimPrefix(path, "/office") + "/release.csv")
	if everybodys := w.Browser(t).Get("/c/library/results.csv"); everybodys.Body != partners.Body || len(partners.Body) < 500 {
		t.Error("the partner's file and everybody's differ")
	}
	want(t, w.approver.Get(path+"/revoke"), 200, "revoking says what goes", "results page on the council's website goes at the same time")
	want(t, w.approver.Fill(url.Values{"reason": {"The wrong consultation"}}), 303, "revoked")
	want(t, w.Browser(t).Get("/c/library/results"), 404, "gone at once")
	lacks(t, w.approver.Get(path), "no link to what is gone", "/c/library/results")
}

func TestTablesOfAnOpenConsultationStayOffTheWebsite(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.publish(t, "library", 60)
	path := w.draft(t, c, agreement.ID, "satisfied")
	w.researcher.Get(path)
	want(t, w.researcher.Propose(path), 303, "proposed")
	w.move(c.ClosesAt)
	ask := w.approver.Get(path + "/approve")
	want(t, ask, 200, "the page says why not", "counted before the consultation closed")
	lacks(t, ask, "no box that would be refused", `name="public"`)
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}, "public": {"yes"}}), 409, "sent all the same", "counted before the consultation closed")
	_, err := w.Service.PublicResults(context.Background(), "library", "")
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("published all the same: %v", err)
	}
	w.approver.Get(path + "/approve")
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}}), 303, "for the partner only")
}
