package release_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// want checks status and words of an answer, and that the page is sound.
func want(t testing.TB, a *uitest.Answer, status int, why string, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s (%s): status %d, want %d: %s", a.Path, why, a.Status, status, a.Text())
	}
	if status != http.StatusSeeOther {
		a.Sound(t)
	}
	for _, word := range words {
		if !strings.Contains(a.Text(), word) {
			t.Errorf("%s (%s): %q is missing in: %s", a.Path, why, word, a.Text())
		}
	}
}

// randomValue is the value of a hidden field: a form's token is random and may spell anything.
var randomValue = regexp.MustCompile(`<input type="hidden"[^>]*>`)

// lacks checks that none of the words is anywhere in the page, attributes included.
func lacks(t testing.TB, a *uitest.Answer, why string, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(randomValue.ReplaceAllString(a.Body, ""), word) {
			t.Errorf("%s (%s): %q must not be there", a.Path, why, word)
		}
	}
}

// tablesOf counts the tables of a release. How many come out of the ladder depends on the secret of the tie-break.
func tablesOf(t testing.TB, w *world, path string) (n int) {
	t.Helper()
	err := w.Service.Store.View(t.Context(), func(r consult.Reader) error {
		release, err := r.Release(path[strings.LastIndex(path, "/")+1:])
		if err == nil {
			n = len(release.Tables)
		}
		return err
	})
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	return n
}

func TestStory(t *testing.T) {
	w := newWorld(t)
	want(t, w.approver.Get("/office/releases"), 200, "an empty register says what to do", "Nothing has been released")
	want(t, w.reader.Get("/partner"), 200, "an empty shelf says when releases come", "Nothing has been released to you yet")
	agreement := w.agree(t, w.approver)
	c := w.closed(t, "library", 260)

	path := w.draft(t, c, agreement.ID, everything...)
	draft := w.researcher.Get(path)
	want(t, draft, 200, "a draft shows what protection did", "The draft is made", "What protection did", "All hidden figures", "Propose for approval")
	lacks(t, draft, "free text is never in a release (R7)", "zzsecretzz")
	want(t, w.approver.Get(path+"/approve"), 409, "a draft was not proposed, so it cannot be approved")
	want(t, w.reader.Get("/partner"+strings.TrimPrefix(path, "/office")), 404, "a draft is on no shelf")

	w.researcher.Get(path)
	want(t, w.researcher.Propose(path), 303, "the draft is proposed")
	want(t, w.researcher.Get(path), 200, "the proposer waits", "It waits for a second person", "every release is seen by two people")
	want(t, w.researcher.Get(path+"/approve"), 403, "researchers approve nothing")
	want(t, w.approver.Get(path), 200, "the approver sees what the partner will see", "Look at every table below", "[c]")

	want(t, w.approver.Get(path+"/approve"), 200, "approval names partner, end and what is seen", partnerName, "30 June 2027", fmt.Sprintf("%d tables, exactly as in the release", tablesOf(t, w, path)))
	want(t, w.approver.Fill(nil), 422, "approval without the tick", "Tick the box to confirm")
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}}), 303, "approval")
	want(t, w.approver.Get(path), 200, "published", "The release is published", "can open it until the end of 30 June 2027", "Revoke this release")

	want(t, w.reader.Get("/partner"), 200, "the shelf has it", "Libraries for Fenwick", "30 June 2027", "Available")
	want(t, w.reader.Get("/partner"+strings.TrimPrefix(path, "/office")), 200, "the partner reads the tables", "How the figures were made", "Signed checksums")
	lacks(t, w.reader.Page, "why figures are hidden is for reviewers only (R13)", "R2", "R3", "econdary suppression", "zzsecretzz")
	want(t, w.researcher.Get("/office/consultations/"+c.ID+"/releases/new"), 200, "a second release is made together with the first",
		"has been released before", "Libraries for Fenwick, counted on", "at least 50 new responses are needed")

	want(t, w.approver.Get(path+"/revoke"), 200, "revoking asks why", "loses access at once")
	want(t, w.approver.Fill(nil), 422, "revoking without a reason", "Enter the reason")
	want(t, w.approver.Fill(url.Values{"reason": {"The wrong consultation"}}), 303, "revoked")
	want(t, w.reader.Get("/partner"+strings.TrimPrefix(path, "/office")), 403, "a revoked release answers 403 with its reason", "ended access to this release")
	want(t, w.reader.Get("/partner"+strings.TrimPrefix(path, "/office")+"/release.csv"), 403, "its files too")
	want(t, w.reader.Get("/partner"), 200, "it stays on the shelf, without a link", "Withdrawn by the council")
	lacks(t, w.reader.Page, "no link to what cannot be opened", "/partner/releases/")
	want(t, w.researcher.Get("/office/consultations/"+c.ID+"/releases/new"), 200, "a revoked release was read, and stays known", "Libraries for Fenwick, counted on")
}
