package ui_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

const partnerName = "Fenwick Climate"

var approver = &consult.Staff{ID: "approver", Name: "Ana Approver", Role: consult.Approver}

// home is what the service knows from the start: a partner with an agreement, and the draft that is previewed.
type home struct {
	partner, agreement string
	asked              []*consult.Consultation // closed, with responses and equality answers
	also               []*consult.Consultation // open
	proposals          []string                // addresses at which drafts of changes are proposed
	agreed             []string                // withdrawal codes of people who agreed to a new use
	kiosk              string                  // address at which a shared device waits
	codes              []string                // of responses to the last one that was asked, from before its notice changed
	preview            string                  // address of the preview
	record             string                  // address at which responses are recorded
	young              string                  // address of the preview of a consultation with an age gate
	proof              string                  // address behind a form that asks for a number: that the audit log only grew
}

func both(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

// must ends the test for what is preparation, not what is tested.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// furnish publishes consultations in every state, and adds what staff and partners work with.
func (s *siege) furnish() {
	s.t.Helper()
	ctx := context.Background()
	partner := must[*consult.Partner](s.t)(s.Service.AddPartner(ctx, approver, consult.Partner{Name: partnerName, Kind: "company"}))
	agreement := must[*consult.Agreement](s.t)(s.Service.AddAgreement(ctx, approver, consult.Agreement{NotMarketing: true, PartnerID: partner.ID, Purpose: "Plan advice",
		Promises: "Not to find out who anybody is.", ContactName: "Pia Partner", ContactEmail: "pia@fenwick.example", StartsOn: "2026-01-01",
		ExpiresAt: uitest.Start.AddDate(1, 0, 0)}))
	s.home = home{partner: partner.ID, agreement: agreement.ID}
	library := s.Publish(s.t, "library", uitest.Everything, func(d *consult.Details) {
		d.Documents = []consult.Document{{Title: both("The plan", "Y cynllun"), Body: both("# Plan", "# Cynllun")}}
	})
	s.secondNotice(library)
	s.home.record = "/office/consultations/" + library.ID + "/record"
	form := must[*privacy.IssuedForm](s.t)(s.Service.IssueForm(ctx, uitest.Researcher, library.ID, privacy.PaperForm, locale.English))
	s.known["/office/consultations/:id/record/forms/:code"] = []string{form.Code}
	s.known["/office/consultations/:id/record/respond/:question"] = []string{"satisfied", "more"}
	s.home.young = "/office/consultations/" + s.Publish(s.t, "young", uitest.Everything, uitest.Young).ID + "/preview"
	s.home.also = append(s.home.also, s.Publish(s.t, "other", uitest.Everything, func(d *consult.Details) { d.Title = both("Another one", "Un arall") }))
	for i := range 8 {
		s.home.also = append(s.home.also, s.Publish(s.t, "also-"+strconv.Itoa(i), uitest.Everything, func(d *consult.Details) {
			d.Title = both("Also "+strconv.Itoa(i), "Hefyd "+strconv.Itoa(i))
		}))
	}
	s.Publish(s.t, "closing", uitest.Everything, func(d *consult.Details) {
		d.Title, d.ClosesAt = both("Closing soon", "Yn cau cyn hir"), closing
	})
	s.Publish(s.t, "soon", "service-feedback", func(d *consult.Details) {
		d.Title = both("Opening soon", "Yn agor cyn hir")
		d.OpensAt, d.ClosesAt = uitest.Start.AddDate(0, 0, 5), uitest.Start.AddDate(0, 0, 30)
	})
	for i := range 3 {
		c := s.Publish(s.t, "asked-"+strconv.Itoa(i), uitest.Everything, func(d *consult.Details) {
			d.Title, d.ClosesAt = both("Asked "+strconv.Itoa(i), "Gofynnwyd "+strconv.Itoa(i)), closing
			d.Processing.Partners = []string{partnerName}
			for n := range d.Processing.Purposes {
				d.Processing.Purposes[n].Recipients = []privacy.Recipient{{Name: partnerName, Form: privacy.Anonymous, Location: "United Kingdom"}}
			}
		})
		s.Respond(s.t, c, 24, func(i int) survey.Answers {
			return survey.Answers{"satisfied": {Codes: []string{[]string{"very_satisfied", "neither"}[i%2]}}, "member": {Codes: []string{"yes"}}, "more": {Text: "Thank you"}}
		}, func(i int) survey.Answers {
			return survey.Answers{"sex": {Codes: []string{[]string{"female", "male"}[i%2]}}}
		})
		s.home.asked = append(s.home.asked, c)
	}
	s.drafts()
	s.changes()
	must[bool](s.t)(s.Service.TakeSnapshot(ctx))
	s.known["/office/registers/processing/activities/:activity"] = []string{"platform.audit_log", library.ID}
	s.known["/office/registers/processing/snapshots/:month"] = []string{privacy.MonthOf(uitest.Start)}
	s.known["/office/registers/processing/snapshots/:month/activities/:activity"] = []string{"platform.audit_log", library.ID}
	s.flaggedTexts(library)
	s.registers()
	s.logo()
	s.retention()
	s.known["/c/:slug"] = []string{"library", "asked-1", "closing", "soon", "other", "young"}
	s.home.kiosk = "/c/library/kiosk/" + must[string](s.t)(s.Service.KioskCode(ctx, uitest.Researcher, library.ID))
	s.known["/c/:slug/respond/:question"] = []string{"satisfied", "member", "why_not", "uses", "visits", "last_visit", "home", "more"}
	s.known["/office/consultations/:id/results/texts/:question"] = []string{"more"}
	s.known["/c/:slug/equality/:question"] = []string{"age_band", "sex", "disability"}
	s.known["/c/:slug/documents/:n"] = []string{"1", "2"}
	for range 4 {
		token := must[string](s.t)(s.Service.Invite(ctx, uitest.Administrator, consult.Staff{Email: "new" + strconv.Itoa(len(s.secret)) + "@wealdmere.example",
			Name: "Newcomer", Role: consult.Researcher}))
		s.known["/invitation/:token"] = append(s.known["/invitation/:token"], token)
		s.secret = append(s.secret, token)
	}
	s.access()
	s.known["/office/audit/entries/:entry"] = []string{"1", "40"} // that a checkpoint counts
	if _, err := s.Service.WatchLogs(ctx, false); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Service.MakeCheckpoints(ctx, true); err != nil {
		s.t.Fatal(err)
	}
	public := must[*consult.Checkpoint](s.t)(s.Service.PublicCheckpoint(ctx))
	s.home.proof = "/audit/proof.txt?from=" + strconv.FormatInt(public.Size, 10)
	s.files = watch(s.t, s.Dir)
}

// access is a review of access that goes on (one account has been decided about), and people who were let in for support.
func (s *siege) access() {
	s.t.Helper()
	ctx := context.Background()
	state := must[*consult.AccessState](s.t)(s.Service.Access(ctx, uitest.Administrator))
	a := state.Accounts[0]
	if _, faults, err := s.Service.DecideAccess(ctx, uitest.Administrator, []consult.AccessChoice{{StaffID: a.ID, Version: a.Version, Choice: "keep"}}); err != nil || len(faults) > 0 {
		s.t.Fatal(faults, err)
	}
	s.known["/office/access/reviews/:number"] = []string{"1"}
	for range 8 { // so many that some may be ended
		s.letIn()
	}
}

// letIn lets somebody in for support, for as long as is possible.
func (s *siege) letIn() {
	s.t.Helper()
	q := consult.SupportRequest{Name: "Bryn Host", Email: "bryn" + strconv.Itoa(len(s.secret)) + "@hosting.example", Organisation: "Hosting Ltd", Reason: "Pages are slow", Hours: 24}
	token, faults, err := s.Service.OpenSupport(context.Background(), uitest.Administrator, q)
	if err != nil || len(faults) > 0 {
		s.t.Fatal(faults, err)
	}
	s.secret = append(s.secret, token)
}

// changes are changes of what published consultations do with answers, at every stage; to one of them people had answered before.
func (s *siege) changes() {
	s.t.Helper()
	ctx, asked := context.Background(), s.home.asked[2]
	for range 12 {
		d := must[*consult.Draft](s.t)(s.Service.Begin(ctx, asked.Slug, locale.English))
		d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}}
		d.Ages = uitest.OldEnough(s.Service.Now())
		done := must[consult.Submitted](s.t)(s.Service.SubmitResponse(ctx, d))
		st := must[privacy.Statement](s.t)(s.Service.ConsentStatement(ctx, asked, locale.English))
		must[consult.ConsentStatus](s.t)(s.Service.DecideConsent(ctx, done.Code, true, st.Hash, locale.English))
		s.home.codes, s.secret = append(s.home.codes, done.Code), append(s.secret, done.Code)
	}
	for i, c := range append(slices.Clone(s.home.asked), s.home.also...) {
		x := must[*consult.NoticeChange](s.t)(s.Service.DraftChange(ctx, uitest.Researcher, c.ID))
		after := x.After
		after.Purposes = slices.Clone(after.Purposes)
		after.Purposes[0].Recipients = append(slices.Clone(after.Purposes[0].Recipients), privacy.Recipient{Name: "Birch Research", Form: privacy.Anonymous, Location: "United Kingdom"})
		after.Partners = append(slices.Clone(after.Partners), "Birch Research")
		s.check(s.Service.SaveChange(ctx, uitest.Researcher, x.ID, x.Version, after))
		uitest.Screen(s.t, s.Service, c.ID)
		s.known["/office/consultations/:id/changes/:change"] = append(s.known["/office/consultations/:id/changes/:change"], x.ID)
		if i > 7 { // the crawl would find the first ones, which it erases
			at := "/office/consultations/" + c.ID + "/changes/" + x.ID + "/propose"
			s.home.proposals = append(s.home.proposals, at, "/cy"+at)
		}
		if i == 0 || i > 2 {
			continue // stays a draft, so many that some may be erased or proposed
		}
		note := consult.ChangeProposal{Note: both("Birch helps us.", "Mae Birch yn ein helpu.")}
		s.check(s.Service.ProposeChange(ctx, uitest.Researcher, x.ID, x.Version+1, note))
		if i == 2 {
			s.check(s.Service.ConfirmChange(ctx, approver, x.ID, x.Version+2))
			s.agree(2)
		}
	}
}

// agree has the last n people agree to every new use that they are asked about.
func (s *siege) agree(n int) {
	s.t.Helper()
	ctx, kept := context.Background(), len(s.home.codes)-n
	s.home.codes, s.home.agreed = s.home.codes[:kept], s.home.codes[kept:]
	for _, code := range s.home.agreed {
		for _, u := range must[[]consult.NewUse](s.t)(s.Service.NewUses(ctx, code, locale.English)) {
			must[consult.NewUse](s.t)(s.Service.DecideNewUse(ctx, code, consult.NewUseChoice{Part: u.Part, Version: u.Version, Agree: true, StatementHash: u.Statement.Hash, Language: locale.English}))
		}
	}
}

// secondNotice adds a later version of a consultation's notice, so that there is an older one and something to compare.
func (s *siege) secondNotice(c *consult.Consultation) {
	s.t.Helper()
	n := privacy.NewNoticeVersion(c.NoticeID, 2, uitest.Start.Add(time.Hour), uitest.Council(), both("Another title", "Teitl arall"), c.Processing)
	err := s.Store.Update(context.Background(), func(w consult.Writer) error {
		if err := w.AddNotice(&n); err != nil {
			return err
		}
		return w.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.notice", Object: "notice:" + n.NoticeID})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// drafts are consultations that are being written, so many that one may be erased or published.
func (s *siege) drafts() {
	s.t.Helper()
	ctx := context.Background()
	for i := range 5 {
		c, faults, err := s.Service.CreateConsultation(ctx, uitest.Researcher, "", []byte(uitest.Everything))
		if err != nil || len(faults) > 0 {
			s.t.Fatal(faults, err)
		}
		d := c.Details
		d.Title, d.Summary = both("Draft "+strconv.Itoa(i), "Drafft "+strconv.Itoa(i)), both("A draft.", "Drafft.")
		d.About, d.OtherWays = both("About it.", "Amdano."), both("Call us.", "Ffoniwch ni.")
		d.OpensAt, d.ClosesAt = uitest.Start.AddDate(0, 0, -1), uitest.Start.AddDate(0, 0, 10)
		d.Documents = []consult.Document{{Title: both("A plan", "Cynllun"), Body: both("Plan", "Cynllun")}}
		if err := s.Service.SaveDetails(ctx, uitest.Researcher, c.ID, "draft-"+strconv.Itoa(i), c.Version, d); err != nil {
			s.t.Fatal(err)
		}
		uitest.Screen(s.t, s.Service, c.ID)
		s.known["/office/registers/screenings/:id"] = append(s.known["/office/registers/screenings/:id"], c.ID)
		if i == 0 {
			s.home.preview = "/office/consultations/" + c.ID + "/preview"
			s.known["/office/consultations/:id/survey/questions/:question"] = []string{"more", "satisfied"}
			s.known["/office/consultations/:id/preview/respond/:question"] = []string{"satisfied", "more"}
			s.known["/office/consultations/:id/preview/equality/:question"] = []string{"age_band"}
		}
		s.known["/office/consultations/:id"] = append(s.known["/office/consultations/:id"], c.ID)
		if i < len(s.home.asked) {
			s.known["/office/consultations/:id"] = append(s.known["/office/consultations/:id"], s.home.asked[i].ID)
		}
	}
}

// schedule publishes a retention schedule, of which lines can be taken over.
func (s *siege) schedule(desk dpo.Desk) {
	s.t.Helper()
	file := "ref,title,class,trigger,period,action,reason\n" +
		"CE 1,Responses,survey_answers,closed,3 years,destroy,Art. 5(1)(e)\nIG 1,Audit log,audit_log,last contact,7 years,archive,Art. 32\nHR 1,Personnel files,,End of employment,6 years,Destroy,\n"
	if faults, err := desk.ImportSchedule(context.Background(), officer, 0, []byte(file), locale.English); err != nil || len(faults) > 0 {
		s.t.Fatal(faults, err)
	}
}

// retention places holds, so many that some may be lifted, and leaves certificates of disposal.
func (s *siege) retention() {
	s.t.Helper()
	ctx, desk := context.Background(), dpo.Desk{Service: s.Service}
	officer := &consult.Staff{ID: "officer", Name: "Dee Officer", Role: consult.DPO}
	s.schedule(desk)
	for range 4 {
		faults, err := desk.PlaceHold(ctx, officer, privacy.Hold{ConsultationID: s.home.asked[0].ID, Reason: "A court asks for it", Until: privacy.DateOf(uitest.Start).Add(400)})
		if err != nil || len(faults) > 0 {
			s.t.Fatal(faults, err)
		}
	}
	err := s.Store.Update(ctx, func(w consult.Writer) error {
		for i := range 2 {
			c := privacy.Certificate{ID: "certificate" + strconv.Itoa(i), Rule: privacy.RuleNotice, RuleVersion: 1, Class: privacy.ClassResponses, Action: privacy.Dispose, Consultation: s.home.asked[0].ID,
				From: "2026-01-01", To: "2026-02-01", Counts: []privacy.TableCount{{Table: "response", Count: 3}}, Method: "keys_and_rows", StartedAt: w.Now(), By: privacy.Actor{Kind: "system"},
				Verified: []privacy.TableCount{{Table: "response"}}, BackupsUntil: "2026-05-01"}
			if _, err := w.AppendCertificate(c); err != nil {
				return err
			}
			s.known["/office/retention/certificates/:certificate"] = append(s.known["/office/retention/certificates/:certificate"], c.ID)
		}
		return w.AppendAudit(privacy.NewAuditEvent(privacy.Actor{Kind: "system"}, "test.certificates", "certificate:all"))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *siege) logo() {
	s.t.Helper()
	ctx := context.Background()
	council, version, err := s.Service.CouncilVersion(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 64, 64))); err != nil {
		s.t.Fatal(err)
	}
	council.Logo = picture.Bytes()
	if problems, err := s.Service.SaveCouncil(ctx, uitest.Administrator, version, council); err != nil || len(problems) > 0 {
		s.t.Fatal(problems, err)
	}
}

// closing is when the consultations that close do so.
var closing = uitest.Start.Add(3 * time.Hour)

// releases drafts, proposes and publishes releases of what is closed.
func (s *siege) releases() {
	s.t.Helper()
	ctx := context.Background()
	for i, c := range s.home.asked {
		for n := range 6 {
			if n == 5 && i != 1 {
				continue // one survey has a second release on the website
			}
			r := must[*consult.Release](s.t)(s.Service.DraftRelease(ctx, uitest.Researcher, c.ID, s.home.agreement, both("Figures", "Ffigurau"),
				[]consult.TableSpec{{Question: "satisfied"}, {Question: "member"}}))
			known := s.known["/office/releases/:id"]
			if i > 0 && n == 4 {
				s.known["/office/releases/:id"] = append([]string{r.ID}, known...) // published ones first: the rest is like the first five
			} else {
				s.known["/office/releases/:id"] = append(known, r.ID)
			}
			if n < 3 {
				continue // stays a draft
			}
			s.check(s.Service.ProposeRelease(ctx, uitest.Researcher, r.ID, r.Version, uitest.Checked))
			if n >= 4 && i > 0 {
				r = must[*consult.Release](s.t)(s.Service.Release(ctx, approver, r.ID))
				s.check(s.Service.ApproveRelease(ctx, approver, r.ID, r.Version, i == 1))
				s.known["/partner/releases/:id"] = append(s.known["/partner/releases/:id"], r.ID)
			}
		}
	}
}

// job is a release that somebody new is making.
func (s *siege) job(email string) {
	s.t.Helper()
	ctx := context.Background()
	for _, member := range must[[]*consult.Staff](s.t)(s.Service.StaffList(ctx, &consult.Staff{Role: consult.Administrator})) {
		if member.Email != email || !member.May(consult.ProposeReleases) {
			continue
		}
		now := s.Clock.Now().UTC() // alive, wherever the clock goes
		j := &consult.ReleaseJob{ID: "job-" + member.ID, StaffID: member.ID, ConsultationID: s.home.asked[0].ID, Running: true, SeenAt: now.Add(1000 * time.Hour), StartedAt: now}
		must[*consult.ReleaseJob](s.t)(s.Service.Jobs.AddJob(ctx, j, now))
		s.known["/office/releases/jobs/:id"] = append([]string{j.ID}, s.known["/office/releases/jobs/:id"]...)
	}
}

// report publishes the outcome of a consultation whose results everybody can read.
func (s *siege) report() {
	s.t.Helper()
	ctx := context.Background()
	c, _, _, err := s.Service.ConsultationForStaff(ctx, uitest.Researcher, s.home.asked[1].ID)
	s.check(err)
	s.check(s.Service.SaveOutcome(ctx, uitest.Researcher, c.ID, c.Version, consult.Outcome{Asked: both("We asked.", "Gofynnom."),
		Said: both("You said.", "Dywedoch."), Did: both("We did.", "Gwnaethom.")}, true))
}

func (s *siege) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// staff enlists one person of every role, and somebody at every stage of a preview.
func (s *siege) staff() {
	s.t.Helper()
	for _, role := range consult.Roles() {
		at := "/office"
		if role == consult.PartnerUser {
			at = "/partner"
		}
		starts := []string{at, "/cy" + at}
		if role == consult.Researcher {
			starts = append(starts, s.home.proposals...)
		}
		s.enlist(page.Office, string(role), s.signedIn(role), starts...)
	}
	s.newcomer()
	p := s.home.preview
	for _, stage := range []struct {
		name, at string
		make     func(*actor)
	}{
		{"preview answered", "/respond/check", func(a *actor) { a.answered(p) }},
		{"preview sent", "/equality", func(a *actor) { a.fill(a.answered(p)) }},
		{"preview asked", "/equality/age-check", func(a *actor) { a.fill(a.fill(a.answered(p)), "equality", "yes") }},
		{"preview consented", "/equality/age_band", func(a *actor) { a.fill(a.oldEnough(a.fill(a.answered(p))), "consent", "agree") }},
		{"preview done", "/done", func(a *actor) { a.fill(a.fill(a.answered(p)), "equality", "no") }},
	} {
		signIn := s.signedIn(consult.Researcher)
		a := s.enlist(page.Office, stage.name, func(a *actor) { signIn(a); stage.make(a) }, p+stage.at, "/cy"+p+stage.at)
		a.below = p
	}
	s.interviewers()
	young := s.home.young
	for _, stage := range []struct {
		name, below, at string
		make            func(*actor)
	}{
		{"preview old enough", p, "/equality/consent", func(a *actor) { a.oldEnough(a.fill(a.answered(p))) }},
		{"preview at the gate", young, "/respond/age-check", func(a *actor) { a.page(young + "/respond") }},
		{"preview of a child", young, "/respond/age-permission", func(a *actor) { a.child(young) }},
	} {
		signIn, at := s.signedIn(consult.DPO), stage.below+stage.at // who makes no releases: the jobs that are guessed are few
		s.enlist(page.Office, stage.name, func(a *actor) { signIn(a); stage.make(a) }, at, "/cy"+at).below = stage.below
	}
}

// interviewers enlists somebody at every stage of taking a response down.
func (s *siege) interviewers() {
	s.t.Helper()
	p, young := s.home.record, strings.TrimSuffix(s.home.young, "/preview")+"/record"
	rung := func(a *actor, base string) { a.fill(a.page(base), "channel", "phone", "language", "en") }
	recorded := func(a *actor) *sheet { rung(a, p); return a.fill(a.answered(p)) }
	for _, stage := range []struct {
		name, below, at string
		make            func(*actor)
	}{
		{"recording begun", p, "/script", func(a *actor) { rung(a, p) }},
		{"recording answered", p, "/respond/check", func(a *actor) { rung(a, p); a.answered(p) }},
		{"recording stored", p, "/consent", func(a *actor) { recorded(a) }},
		{"recording consented", p, "/equality", func(a *actor) { a.fill(recorded(a), "decision", "agreed", "old", "yes") }},
		{"recording done", p, "/done", func(a *actor) { a.fill(recorded(a), "decision", "refused", "old", "yes") }},
		{"recording undone", p, "/undo", func(a *actor) { a.fill(recorded(a), "decision", "refused", "old", "yes") }},
		{"recording on paper", p, "/paper", func(a *actor) {}},
		{"recording at the gate", young, "/respond/age-check", func(a *actor) { rung(a, young); a.page(young + "/respond") }},
		{"recording a child", young, "/respond/age-permission", func(a *actor) { rung(a, young); a.child(young) }},
	} {
		signIn, at := s.signedIn(consult.Interviewer), stage.below+stage.at
		s.enlist(page.Office, stage.name, func(a *actor) { signIn(a); stage.make(a) }, at, "/cy"+at).below = stage.below
	}
}

// newcomer enlists somebody who has accepted nothing: a new one each time, because whoever has accepted is not asked again.
func (s *siege) newcomer() {
	s.t.Helper()
	again := false
	s.enlist(page.Office, "newcomer", func(a *actor) {
		if again {
			s.Clock.Move(s.Clock.Now().Add(20 * time.Minute)) // failures make everybody of the network wait
		}
		again = true
		if !a.signIn(s.hire(consult.Interviewer, "")) {
			s.t.Fatal("a newcomer cannot sign in")
		}
	}, "/acknowledge", "/cy/acknowledge")
}

// signedIn returns how somebody of the role signs in: as who they were, or, when an accepted request has disabled them, as a new
// person.
func (s *siege) signedIn(role consult.Role) func(*actor) {
	email := ""
	return func(a *actor) {
		a.s.t.Helper()
		if email != "" {
			s.Clock.Move(s.Clock.Now().Add(20 * time.Minute)) // failures make everybody of the network wait
		}
		if email != "" && a.signIn(email) {
			s.Accept(s.t, email) // an accepted request may have changed what everybody accepts
			return
		}
		email = s.invite(role, s.home.partner)
		s.job(email)
		if !a.signIn(email) {
			s.t.Fatalf("%s: cannot sign in", role)
		}
	}
}

// errand reports whether a route ends what others need: it is attacked last.
func errand(method, path string) bool {
	if method != http.MethodPost || path == "/office/access/support/:account/end" { // that is over before the last have their turn
		return false
	}
	for _, end := range []string{"/erase", "/end", "/close", "/ask-identity", "/identity", "/question", "/answer", "/redact", "/rectify", "/find/:search", "/take", "/clear", "/reopen", "/remove", "/publish", "/sign-out", "/withdraw", "/revoke", "/approve", "/confirm", "/return", "/propose", "/agreements/:id", "/acknowledge", "/registers/confidentiality", "/access/review", "/staff/:id", "/link", "/undo"} {
		if len(path) >= len(end) && path[len(path)-len(end):] == end {
			return true
		}
	}
	return false
}
