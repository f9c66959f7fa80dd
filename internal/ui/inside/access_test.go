package inside_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

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
