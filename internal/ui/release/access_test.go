package release_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// There is no path from a partner's account to a response, or to anything of the office.
func TestPartnersReachTheirShelfOnly(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.closed(t, "library", 120)
	id := w.released(t, c, agreement.ID, "satisfied", "satisfied|home")
	w.reader.Get("/partner")
	tried := 0
	for _, route := range w.Kit.All() {
		if !strings.HasPrefix(route.Path, "/office") {
			continue
		}
		path := strings.NewReplacer(":id", c.ID, ":step", "satisfied", ":question", "more", ":n", "1", ":m", "1", ":token", "x").Replace(route.Path)
		var a *uitest.Answer
		if route.Method == "GET" {
			a = w.reader.Peek(path)
		} else {
			w.reader.Get("/partner/agreement")
			a = w.reader.FillTo(path, url.Values{"sure": {"yes"}, "reason": {"x"}})
		}
		tried++
		if a.Status != 403 {
			t.Errorf("%s %s: a partner gets %d, want 403", route.Method, path, a.Status)
		}
		if strings.Contains(a.Body, "zzsecretzz") {
			t.Errorf("%s: free text reaches a partner", path)
		}
	}
	if tried < 40 {
		t.Errorf("only %d office pages were tried", tried)
	}
	for name, b := range map[string]*uitest.Browser{"researcher": w.researcher, "approver": w.approver, "dpo": w.dpo, "administrator": w.admin} {
		for _, path := range []string{"/partner", "/partner/agreement", "/partner/releases/" + id, "/partner/releases/" + id + "/release.csv"} {
			if a := b.Get(path); a.Status != 403 {
				t.Errorf("%s: %s gets %d, want 403: a partner's shelf is audited as theirs", path, name, a.Status)
			}
		}
	}
	if a := w.Browser(t).Peek("/partner"); a.Status != 303 || !strings.HasPrefix(a.Location, "/sign-in") {
		t.Errorf("without signing in: %d %s", a.Status, a.Location)
	}
}

// Another partner's release does not exist; an agreement that ended closes what was made under it.
func TestShelvesAreApartAndEnd(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	id := w.released(t, w.closed(t, "library", 120), agreement.ID, "satisfied")
	chief := &consult.Staff{ID: "chief", Role: consult.DPO}
	other, err := w.Service.AddPartner(context.Background(), chief, consult.Partner{Name: "Another Ltd", Kind: "charity"})
	if err != nil {
		t.Fatal(err)
	}
	stranger := w.SignIn(t, "Sam Stranger", consult.PartnerUser, other.ID)
	for _, path := range []string{"", "/release.csv", "/release.json"} {
		want(t, stranger.Get("/partner/releases/"+id+path), 404, "another partner's release")
		want(t, stranger.Get("/partner/releases/nothing"+path), 404, "and one that never was: the same answer")
	}
	want(t, stranger.Get("/partner"), 200, "an empty shelf", "Nothing has been released to you yet")
	want(t, stranger.Get("/partner/agreement"), 200, "no agreement", "There is no agreement with you yet")
	want(t, w.reader.Get("/cy/partner/releases/"+id), 200, "in Welsh", "Sut y gwnaed y ffigurau", "Llyfrgelloedd i Fenwick")
	want(t, w.reader.Get("/partner/agreement"), 200, "terms and contact", "To plan home insulation advice", "Not to identify anybody", "cas@example.org", "Data Protection Officer")

	w.move(agreement.ExpiresAt.Add(-time.Hour))
	want(t, w.reader.Get("/partner/releases/"+id), 200, "the last hour")
	w.move(agreement.ExpiresAt)
	for _, path := range []string{"", "/release.csv", "/release.json"} {
		want(t, w.reader.Get("/partner/releases/"+id+path), 403, "the agreement has ended", "The data sharing agreement has expired")
	}
	want(t, w.reader.Get("/partner"), 200, "it stays on the shelf with the reason", "Agreement ended")
	want(t, w.reader.Get("/partner/agreement"), 200, "and the agreement says so", "This agreement has ended")
	want(t, w.approver.Get("/office/releases/"+id), 200, "the office knows too", "so the partner cannot open it any more")
	want(t, w.approver.Get("/office/partners"), 200, "and so does the list", "Expired")
}

// Two people see every release, and what somebody else changed is not approved unseen.
func TestTwoPeople(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.closed(t, "library", 120)
	w.approver.Get("/office/consultations/" + c.ID + "/releases/new")
	path := w.approver.Fill(url.Values{"agreement": {agreement.ID}, "title-en": {"Mine"}, "table": {"satisfied"}}).Location
	w.approver.Get(path)
	want(t, w.approver.Propose(path), 303, "an approver may propose")
	want(t, w.approver.Get(path), 200, "but sees why they cannot approve", "You proposed this release, so you cannot approve it")
	lacks(t, w.approver.Page, "no button for what is refused", path+"/approve")
	want(t, w.approver.Get(path+"/approve"), 403, "not by address either", "you proposed this one")
	w.approver.Get(path)
	want(t, w.approver.FillTo(path+"/approve", url.Values{"sure": {"yes"}, "version": {"2"}}), 403, "nor by a form", "you proposed this one")

	w.dpo.Get(path + "/approve") // the page stays open while the approver takes the release back and proposes it again
	stale := w.dpo.Page.Body
	w.approver.Get(path + "/return")
	want(t, w.approver.Fill(url.Values{"reason": {""}}), 422, "a reason is needed", "Enter the reason")
	want(t, w.approver.Fill(url.Values{"reason": {"Leave out wards"}}), 303, "taken back")
	want(t, w.researcher.Get(path), 200, "the reason is shown", "sent this release back", "Leave out wards")
	w.approver.Get(path)
	want(t, w.approver.Propose(path), 303, "proposed again")
	w.dpo.Page.Body, w.dpo.Page.Path = stale, path+"/approve"
	want(t, w.dpo.Fill(url.Values{"sure": {"yes"}}), 409, "an older version is not approved", "Somebody else changed this release")
	w.dpo.Get(path + "/approve")
	want(t, w.dpo.Fill(url.Values{"sure": {"yes"}}), 303, "the second person")
	want(t, w.dpo.Get(path+"/erase"), 403, "a published release cannot be erased by who may not propose")
	want(t, w.approver.Get(path+"/erase"), 409, "nor by anybody")
}

func TestDraftsAreErasedOnlyWhenAskedTwice(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	path := w.draft(t, w.closed(t, "library", 60), agreement.ID, "satisfied")
	want(t, w.researcher.Get(path+"/erase"), 200, "asked once more", "go for good")
	want(t, w.researcher.Fill(nil), 422, "without the tick", "Tick the box to confirm")
	want(t, w.researcher.Get(path), 200, "still there")
	w.researcher.Get(path + "/erase")
	want(t, w.researcher.Fill(url.Values{"sure": {"yes"}, "version": {"99"}}), 409, "another version", "Somebody else changed this release")
	w.researcher.Get(path + "/erase")
	want(t, w.researcher.Fill(url.Values{"sure": {"yes"}}), 303, "erased")
	want(t, w.researcher.Get(path), 404, "gone")
}

// What was sent back is usually made again with other tables: the old one can go.
func TestReturnedReleasesAreErased(t *testing.T) {
	w := newWorld(t)
	path := w.draft(t, w.closed(t, "library", 60), w.agree(t, w.approver).ID, "satisfied")
	w.researcher.Get(path)
	want(t, w.researcher.Propose(path), 303, "proposed")
	want(t, w.researcher.Get(path+"/erase"), 409, "not while the approver looks at it")
	w.approver.Get(path + "/return")
	want(t, w.approver.Fill(url.Values{"reason": {"Leave out wards"}}), 303, "sent back")
	want(t, w.researcher.Get(path+"/erase"), 200, "asked once more", "go for good")
	want(t, w.researcher.Fill(url.Values{"sure": {"yes"}}), 303, "erased")
	want(t, w.researcher.Get(path), 404, "gone")
}

// Privacy.md 6, step 3, as the officers meet it: refused with the reason, and made again.
func TestAWithdrawalRefusesTheDraft(t *testing.T) {
	const reason = "has withdrawn or stopped their use"
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.publish(t, "library", 30)
	ctx := context.Background()
	d, err := w.Service.Begin(ctx, c.Slug, "en")
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = answers(1)
	leaver, err := w.Service.SubmitResponse(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	draft, proposed := w.draft(t, c, agreement.ID, "satisfied"), w.draft(t, c, agreement.ID, "satisfied")
	w.researcher.Get(proposed)
	want(t, w.researcher.Propose(proposed), 303, "proposed in time")
	w.approver.Get(proposed + "/approve")
	if err := w.Service.WithdrawResponse(ctx, leaver.Code); err != nil {
		t.Fatal(err)
	}
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}}), 409, "approving", reason, "Make the release again")
	w.researcher.Get(draft)
	want(t, w.researcher.Propose(draft), 409, "proposing", reason, "Make the release again")
	want(t, w.reader.Get("/partner"+strings.TrimPrefix(proposed, "/office")), 404, "nothing was published")
	w.released(t, c, agreement.ID, "satisfied")
}

// Who drafted, who proposed and who approves: on the pages and by their addresses.
func TestWhoMayApproveOnThePages(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	c := w.closed(t, "library", 60)
	a := w.SignIn(t, "Abi Approver", consult.Approver, "")
	b := w.SignIn(t, "Bob Approver", consult.Approver, "")
	a.Get("/office/consultations/" + c.ID + "/releases/new")
	path := a.Fill(url.Values{"agreement": {agreement.ID}, "title-en": {"Ours"}, "table": {"satisfied"}}).Location
	b.Get(path)
	want(t, b.Propose(path), 303, "B proposes what A drafted")
	for _, row := range []struct {
		why    string
		person *uitest.Browser
		status int // of approving
		says   string
		page   string // what the page of the release says
	}{
		{"A drafted it", a, 403, "you drafted this one", "You made the draft of this release"},
		{"B proposed it", b, 403, "you proposed this one", "You proposed this release"},
		{"a researcher approves nothing", w.researcher, 403, "", "An approver or the data protection officer decides"},
		{"C had no part in it", w.approver, 303, "", "Look at every table below"},
	} {
		want(t, row.person.Get(path), 200, row.why, row.page)
		offered := strings.Contains(row.person.Page.Body, path+"/approve")
		if offered != (row.status == 303) {
			t.Errorf("%s: the page offers approval: %v", row.why, offered)
		}
		if row.status != 303 {
			want(t, row.person.Get(path+"/approve"), row.status, row.why+": the form", row.says)
			row.person.Get(path)
			want(t, row.person.FillTo(path+"/approve", url.Values{"sure": {"yes"}, "version": {"2"}}), row.status, row.why+": sent without it", row.says)
			continue
		}
		row.person.Get(path + "/approve")
		want(t, row.person.Fill(url.Values{"sure": {"yes"}}), row.status, row.why)
	}
	want(t, w.approver.Get(path), 200, "published, with all three names", "Published on", "Abi Approver", "Bob Approver", "Ana Approver")
}
