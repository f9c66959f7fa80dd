package inside_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// TestReviewOfAccess goes through a review on its pages: empty, with mistakes, partly saved, crossed, and finished by two people
// (councils.md S0-15).
func TestReviewOfAccess(t *testing.T) {
	w := newWorld(t)
	admin, officer := w.signIn(t, consult.Administrator), w.signIn(t, consult.DPO)
	admin.Get("/office/staff")
	shows(t, admin, "Who has access")
	admin.Get("/office/access")
	at(t, admin, "/office/access", 200)
	shows(t, admin, "Ros Researcher", "All consultations: results and single responses", "Bound by the agreement", "Accepted, version 1", "No review has been finished yet",
		"The next review is due on", "Nobody has a second factor", "No end", "29 March 2026")
	admin.Get("/office/access/review")
	shows(t, admin, "Does Ros Researcher still need access?", "Ade Administrator: this is your own account")
	showsNot(t, admin, "Does Ade Administrator still need access?")
	id := func(role consult.Role) string { return w.staff[role].ID }
	save(t, admin)
	at(t, admin, "/office/access/review", http.StatusUnprocessableEntity)
	shows(t, admin, "Decide about at least one account")
	admin.Page.Sound(t)
	save(t, admin, "decision-"+w.spare.ID, "end", "decision-"+id(consult.Researcher), "keep", "reason-"+id(consult.Researcher), "Runs the surveys")
	at(t, admin, "/office/access/review", 422)
	shows(t, admin, "Enter why this person's access ends")
	admin.Page.Sound(t)
	if !strings.Contains(admin.Page.Body, "Runs the surveys") {
		t.Error("what was typed is lost")
	}
	spare := w.Browser(t)
	spare.Get("/sign-in")
	spare.Submit("/sign-in", "email", "spare@wealdmere.example", "password", password)
	at(t, spare, "/office", 200)
	save(t, admin, "reason-"+w.spare.ID, "Left in March")
	at(t, admin, "/office/access/review", 200)
	shows(t, admin, "Your decisions are saved", "Decided in this review", "Runs the surveys", "goes on")
	showsNot(t, admin, "Sam Spare")
	spare.Get("/office")
	at(t, spare, "/sign-in", 200)
	admin.Get("/office/access")
	shows(t, admin, "Go on with the review", "Wait for a decision", "Keeps access")

	approver := *w.staff[consult.Approver]
	approver.Name = "Abe Renamed"
	check(t, w.Service.ChangeStaff(context.Background(), w.staff[consult.Administrator], approver))
	admin.Get("/office/access/review")
	approver.Version++
	approver.Name = "Abe Again"
	check(t, w.Service.ChangeStaff(context.Background(), w.staff[consult.Administrator], approver))
	all := []string{}
	for _, role := range []consult.Role{consult.Approver, consult.DPO, consult.Interviewer, consult.PartnerUser} {
		all = append(all, "decision-"+id(role), "keep")
	}
	save(t, admin, append(all, "reason-"+id(consult.DPO), "Only one")...)
	at(t, admin, "/office/access/review", 409)
	shows(t, admin, "so nothing was saved", "Abe Again")
	admin.Page.Sound(t)
	if !strings.Contains(admin.Page.Body, "Only one") {
		t.Error("what was chosen for the others is lost")
	}
	save(t, admin)
	at(t, admin, "/office/access/review", 200)
	shows(t, admin, "Your decisions are saved", "Somebody else has to decide about these")

	officer.Get("/office/registers")
	shows(t, officer, "Who has access")
	officer.Get("/office/access/review")
	shows(t, officer, "Does Ade Administrator still need access?")
	showsNot(t, officer, "Does Ros Researcher still need access?")
	save(t, officer, "decision-"+id(consult.Administrator), "end", "reason-"+id(consult.Administrator), "A test")
	at(t, officer, "/office/access/review", 422)
	shows(t, officer, "last administrator")
	officer.Page.Sound(t)
	save(t, officer, "decision-"+id(consult.Administrator), "keep", "reason-"+id(consult.Administrator), "")
	at(t, officer, "/office/access", 200)
	shows(t, officer, "The review is finished", "Review 1")
	officer.Get("/office/access/reviews/1")
	shows(t, officer, "Sam Spare", "Access ended", "Left in March", "Ade Administrator", "Dee Protection")
	officer.Page.Sound(t)
	file := officer.Get("/office/access/reviews/1/review.csv")
	if file.Status != 200 || !strings.Contains(file.Body, "Left in March") || strings.Contains(file.Body, "argon2") || !strings.Contains(file.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("%d %s", file.Status, file.Body)
	}
}

func TestAccessInBothLanguages(t *testing.T) {
	w := newWorld(t)
	for _, role := range []consult.Role{consult.Administrator, consult.DPO} {
		b := w.signIn(t, role)
		for _, path := range []string{"/office/access", "/office/access/review", "/office/access/period", "/office/registers/confidentiality"} {
			for _, prefix := range []string{"", "/cy"} {
				if role == consult.Administrator && strings.Contains(path, "registers") {
					continue
				}
				b.Get(prefix + path)
				at(t, b, prefix+path, 200)
				b.Page.Sound(t)
			}
		}
	}
	b := w.signIn(t, consult.DPO)
	b.Get("/cy/office/access")
	shows(t, b, "Pwy sydd â mynediad", "Nid oes gan neb ail ffactor")
	b.Get("/cy/office/access/review")
	shows(t, b, "A oes angen mynediad ar Ade Administrator o hyd?", "Dee Protection: eich cyfrif chi yw hwn")
}

// TestFirstPageSaysThatAReviewIsDue: to the administrator and the officer, and to nobody else.
func TestFirstPageSaysThatAReviewIsDue(t *testing.T) {
	w := newWorld(t)
	const words = "A review of who has access is due since"
	for _, due := range []bool{false, true} {
		if due {
			w.Clock.Move(uitest.Start.AddDate(0, 6, 1))
		}
		for _, role := range []consult.Role{consult.Administrator, consult.DPO, consult.Researcher, consult.Approver, consult.Interviewer} {
			b := w.signIn(t, role)
			b.Get("/office")
			at(t, b, "/office", 200)
			if got, want := strings.Contains(b.Page.Text(), words), due && (role == consult.Administrator || role == consult.DPO); got != want {
				t.Errorf("%s, due %v: said %v, want %v", role, due, got, want)
			}
		}
	}
	b := w.signIn(t, consult.Administrator)
	b.Get("/office/access/period")
	save(t, b, "months", "13")
	at(t, b, "/office/access/period", 422)
	shows(t, b, "from 1 to 12")
	save(t, b, "months", "12")
	at(t, b, "/office/access", 200)
	shows(t, b, "The next review is due on 29 March 2027")
}

// letIn opens an account for support on its page, for a processor of the register, and signs its person in. It returns their browser and the
// administrator's.
func (w *world) letIn(t testing.TB) (support, admin *uitest.Browser) {
	t.Helper()
	admin = w.enter(t, consult.Administrator)
	admin.Get("/office/access/support/new")
	save(t, admin, "name", "Bryn Host", "email", "bryn@hosting.example", "processor", w.processorID, "reason", "Pages are slow since Monday")
	at(t, admin, "/office/access/support/new", 200)
	i := strings.Index(admin.Page.Body, "/invitation/")
	if i < 0 {
		t.Fatalf("no link: %s", admin.Page.Text())
	}
	link, _, _ := strings.Cut(admin.Page.Body[i:], "<")
	support = w.Browser(t)
	support.Get(link)
	save(t, support, "password", password, "again", password)
	at(t, support, "/acknowledge", 200)
	support.Submit("/acknowledge", "accept", "yes")
	at(t, support, "/office", 200)
	return support, admin
}

// TestSupportOnItsPages: councils.md S4-13, from the form to the end by itself, with the cookie of before.
func TestSupportOnItsPages(t *testing.T) {
	w := fullWorld(t)
	admin := w.signIn(t, consult.Administrator)
	admin.Get("/office/access/support")
	shows(t, admin, "Nobody has access for support", "No access for support is over yet")
	admin.Get("/office/access/support/new")
	shows(t, admin, "Hosting Ltd", "24 at most")
	save(t, admin, "hours", "25")
	at(t, admin, "/office/access/support/new", 422)
	shows(t, admin, "Enter the person's full name", "Choose a processor, or enter who the person works for", "Enter why this person needs access", "from 1 to 24")
	admin.Page.Sound(t)

	b, admin := w.letIn(t)
	shows(t, b, "State of the system")
	for _, prefix := range []string{"", "/cy"} {
		b.Get(prefix + "/office/system")
		at(t, b, prefix+"/office/system", 200)
		b.Page.Sound(t)
		for _, name := range []string{"Ros Researcher", "library-hours", "Fenwick", "dpo@wealdmere.example"} {
			showsNot(t, b, name)
		}
	}
	shows(t, b, "Cyflwr y system")
	officer := w.signIn(t, consult.DPO)
	for _, prefix := range []string{"", "/cy"} {
		officer.Get(prefix + "/office/access/support")
		shows(t, officer, "Bryn Host", "Hosting Ltd", "Pages are slow since Monday", "Ade Administrator")
		officer.Page.Sound(t)
	}
	admin.Get("/office/staff")
	shows(t, admin, "Bryn Host", "Support")

	kept := b.Cookies()
	w.Clock.Move(uitest.Start.Add(4*time.Hour - time.Second))
	fresh := w.Browser(t)
	fresh.Get("/sign-in")
	fresh.Submit("/sign-in", "email", "bryn@hosting.example", "password", password)
	at(t, fresh, "/office", 200)
	w.Clock.Move(uitest.Start.Add(4 * time.Hour))
	old := w.Browser(t)
	name, value, _ := strings.Cut(kept, "=")
	old.SetCookie(name, value)
	for who, x := range map[string]*uitest.Browser{"the cookie of the first session": old, "a session that was used a second ago": fresh} {
		if a := x.Peek("/office/system"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/sign-in") {
			t.Errorf("%s: %d to %q after the end", who, a.Status, a.Location)
		}
	}
	fresh.Get("/sign-in")
	fresh.Submit("/sign-in", "email", "bryn@hosting.example", "password", password)
	if fresh.Page.Status != http.StatusUnprocessableEntity {
		t.Errorf("the password opens it after its end: %d", fresh.Page.Status)
	}
	officer = w.enter(t, consult.DPO)
	officer.Get("/office/access/support")
	shows(t, officer, "Nobody has access for support", "by itself", "Pages are slow since Monday")
	officer.Get("/office/audit")
	shows(t, officer, "Account opened for support", "State of the system looked at")
}

// TestSupportIsEndedEarly: with a session that was open, whose cookie opens nothing any more.
func TestSupportIsEndedEarly(t *testing.T) {
	w := fullWorld(t)
	b, _ := w.letIn(t)
	b.Get("/office/system")
	at(t, b, "/office/system", 200)
	officer := w.signIn(t, consult.DPO)
	officer.Get("/office/access/support")
	var end string
	for _, f := range sheets(t, officer.Page) {
		if strings.HasSuffix(f.action, "/end") {
			end = f.action
		}
	}
	officer.Submit(end)
	at(t, officer, "/office/access/support", 200)
	shows(t, officer, "The access has ended", "Nobody has access for support", "Dee Protection")
	if a := b.Peek("/office/system"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/sign-in") {
		t.Errorf("the session goes on: %d to %q", a.Status, a.Location)
	}
	_, fields := officer.Form("/sign-out")
	if a := officer.Send(end, fields); a.Status != http.StatusConflict {
		t.Errorf("ended twice: %d", a.Status)
	}
}
