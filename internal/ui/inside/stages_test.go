package inside_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

var codeForm = regexp.MustCompile(`\b[0-9A-Z]{4}(-[0-9A-Z]{4}){4}\b`)

// stage is somebody at a place of the product. open makes it anew; the addresses lead to the forms.
type stage struct {
	name string
	open func(t testing.TB) (*world, *uitest.Browser, []string)
}

// crawled returns the addresses below the starts that have forms, a few for each kind of page.
func crawled(t testing.TB, w *world, b *uitest.Browser, below string, starts ...string) []string {
	t.Helper()
	var out []string
	seen, kinds := map[string]bool{}, map[string]int{}
	for queue := starts; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		kind := w.pattern(http.MethodGet, path)
		if seen[path] || strings.HasPrefix(path, "/cy") || kind == "" || kinds[kind] >= 15 {
			continue
		}
		seen[path] = true
		kinds[kind]++
		a := b.Get(path)
		if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		out = append(out, path)
		for _, l := range links(t, a) {
			if strings.HasPrefix(l, below) && !strings.Contains(l, "?") {
				queue = append(queue, l)
			}
		}
	}
	return out
}

// dress adds what a world that is full has not: a draft that can be published, with a document, and a logo.
func (w *world) dress(t testing.TB) {
	t.Helper()
	ctx, by := context.Background(), w.staff[consult.Researcher]
	d := w.draft.Details
	d.About, d.OtherWays = locale.Text{"en": "What we ask.", "cy": "Yr hyn a ofynnwn."}, locale.Text{"en": "Call us.", "cy": "Ffoniwch ni."}
	d.Processing.Partners = []string{"Fenwick Climate"}
	d.Processing.Purposes = slices.Clone(d.Processing.Purposes)
	for i := range d.Processing.Purposes {
		d.Processing.Purposes[i].Recipients = append(d.Processing.Purposes[i].Recipients, recipient)
	}
	d.OpensAt, d.ClosesAt = uitest.Start, uitest.Start.AddDate(0, 1, 0)
	d.Documents = []consult.Document{{Title: d.Title, URL: "https://example.org/plan"}}
	check(t, w.Service.SaveDetails(ctx, by, w.draft.ID, w.draft.Slug, w.draft.Version, d))
	uitest.Screen(t, w.Service, w.draft.ID)
	council, version, err := w.Service.CouncilVersion(ctx)
	check(t, err)
	council.Logo = picture(4, 4)
	problems, err := w.Service.SaveCouncil(ctx, w.staff[consult.Administrator], version, council)
	check(t, err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
}

// inRole is the office as a person of the role finds it.
func inRole(role consult.Role, home string) stage {
	return stage{string(role), func(t testing.TB) (*world, *uitest.Browser, []string) {
		w := fullWorld(t)
		w.dress(t)
		b := w.signIn(t, role)
		starts := []string{home}
		if role == consult.DPO {
			w.flag(t)
		}
		if role == consult.Researcher {
			now := w.Clock.Now().UTC()
			job := &consult.ReleaseJob{ID: "job", StaffID: w.staff[role].ID, ConsultationID: w.open.ID, Running: true, SeenAt: now, StartedAt: now}
			_, err := w.Service.Jobs.AddJob(context.Background(), job, now)
			check(t, err)
			starts = append(starts, "/office/consultations/"+w.open.ID+"/releases/new", "/office/releases/jobs/job")
			for _, kind := range survey.Kinds() {
				starts = append(starts, "/office/consultations/"+w.draft.ID+"/survey/questions/new?kind="+string(kind)+"&section=_new")
			}
		}
		return w, b, crawled(t, w, b, home, starts...)
	}}
}

// later is a place after the consultation has closed, with the release taken as far as steps go.
func later(name string, role consult.Role, at func(*world) string, steps ...func(*world, *consult.Release) error) stage {
	return stage{name, func(t testing.TB) (*world, *uitest.Browser, []string) {
		w := fullWorld(t)
		w.Clock.Move(w.closed.ClosesAt.Add(time.Hour))
		for _, step := range steps {
			r, err := w.Service.Release(context.Background(), w.staff[consult.Approver], w.releaseID)
			check(t, err)
			check(t, step(w, r))
		}
		b := w.enter(t, role)
		return w, b, crawled(t, w, b, at(w), at(w))
	}}
}

// preview is an officer who looks at what respondents will see.
func preview(name string, walk func(testing.TB, *uitest.Browser, string) []string) stage {
	return stage{name, func(t testing.TB) (*world, *uitest.Browser, []string) {
		w := fullWorld(t)
		b := w.signIn(t, consult.Researcher)
		return w, b, walk(t, b, "/office/consultations/"+w.open.ID+"/preview")
	}}
}

// renewable moves the closing of the open consultation to later, and the clock to the last month of the consents that were given before.
func (w *world) renewable(t testing.TB) {
	t.Helper()
	ctx, by := context.Background(), w.staff[consult.Researcher]
	c, _, _, err := w.Service.ConsultationForStaff(ctx, by, w.open.ID)
	check(t, err)
	d := c.Details
	d.ClosesAt = c.ClosesAt.AddDate(0, 3, 0)
	check(t, w.Service.SaveDetails(ctx, by, c.ID, c.Slug, c.Version, d))
	w.Clock.Move(c.ClosesAt.AddDate(0, 11, 0))
}

// recording is an interviewer who takes something down. base is the address of the pages of the open consultation.
func recording(name string, walk func(t testing.TB, w *world, b *uitest.Browser, base string) []string) stage {
	return stage{name, func(t testing.TB) (*world, *uitest.Browser, []string) {
		w := fullWorld(t)
		b := w.signIn(t, consult.Interviewer)
		return w, b, walk(t, w, b, "/office/consultations/"+w.open.ID+"/record")
	}}
}

// rung begins with somebody on the telephone and goes through the questions.
func rung(t testing.TB, b *uitest.Browser, base string) []string {
	t.Helper()
	b.Get(base)
	fill(t, b, "channel", "phone", "language", "en")
	return answered(t, b, base)
}

// onPaper enters a form, and says which version it is.
func (w *world) onPaper(t testing.TB, b *uitest.Browser, base, scan string) {
	t.Helper()
	form, err := w.Service.IssueForm(context.Background(), w.staff[consult.Interviewer], w.open.ID, privacy.PaperForm, locale.English)
	check(t, err)
	today := strings.Split(w.Clock.Now().Format("2 1 2006"), " ")
	b.Get(base + "/paper")
	fill(t, b, "form", form.Code, "scan", scan, "received-day", today[0], "received-month", today[1], "received-year", today[2], "satisfied", "neither", "member", "no")
}

// stages are all places where the product has forms.
func stages() []stage {
	ctx := context.Background()
	propose := func(w *world, r *consult.Release) error {
		return w.Service.ProposeRelease(ctx, w.staff[consult.Researcher], r.ID, r.Version, uitest.Checked)
	}
	approve := func(w *world, r *consult.Release) error {
		return w.Service.ApproveRelease(ctx, w.staff[consult.Approver], r.ID, r.Version, false)
	}
	release := func(w *world) string { return "/office/releases/" + w.releaseID }
	outcome := func(w *world) string { return "/office/consultations/" + w.closed.ID + "/outcome/edit" }
	return []stage{
		inRole(consult.Researcher, "/office"), inRole(consult.Approver, "/office"), inRole(consult.DPO, "/office"),
		inRole(consult.Administrator, "/office"), inRole(consult.PartnerUser, "/partner"),
		{"a request whose response is known", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			requests := dpo.Desk{Service: w.Service}
			x, err := requests.Receive(ctx, privacy.Request{Kind: privacy.AskErase}, w.code, "n")
			check(t, err)
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a request of somebody who agreed to a new use", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.proposeChange(t, w.changeID)
			w.confirmChange(t, w.changeID)
			uses, err := w.Service.NewUses(ctx, w.code, locale.English)
			check(t, err)
			for _, u := range uses {
				_, err := w.Service.DecideNewUse(ctx, w.code, consult.NewUseChoice{Part: u.Part, Version: u.Version, Agree: true, StatementHash: u.Statement.Hash, Language: locale.English})
				check(t, err)
			}
			requests := dpo.Desk{Service: w.Service}
			x, err := requests.Receive(ctx, privacy.Request{Kind: privacy.AskAccess}, w.code, "n")
			check(t, err)
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a request whose response is out of use", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			requests := dpo.Desk{Service: w.Service}
			x, err := requests.Receive(ctx, privacy.Request{Kind: privacy.AskRestrict}, w.code, "n")
			check(t, err)
			_, _, err = requests.RecordProcessor(ctx, w.staff[consult.DPO], uitest.Processor()) // who has to be told (art. 19)
			check(t, err)
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"an objection", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			requests := dpo.Desk{Service: w.Service}
			x, err := requests.Receive(ctx, privacy.Request{Kind: privacy.AskObject}, w.code, "n")
			check(t, err)
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a request for correction", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			requests := dpo.Desk{Service: w.Service}
			x, err := requests.Receive(ctx, privacy.Request{Kind: privacy.AskRectify}, w.code, "n")
			check(t, err)
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a request with two responses, and a search that found some", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			id := w.searched(t)
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+id
			return w, b, crawled(t, w, b, at, at)
		}},
		{"retention years later: proof of consent to review, and a hold", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.Clock.Move(w.closed.ClosesAt.AddDate(8, 0, 0))
			desk := dpo.Desk{Service: w.Service}
			faults, err := desk.PlaceHold(ctx, w.staff[consult.DPO], privacy.Hold{ConsultationID: w.closed.ID, Reason: "A court asks for it", Until: privacy.DateOf(w.Clock.Now()).Add(60)})
			check(t, err)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			b, at := w.enter(t, consult.DPO), "/office/retention"
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a published retention schedule", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.publishSchedule(t, "")
			b, at := w.signIn(t, consult.DPO), "/office/retention/schedule"
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a request that is paused", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			requests := dpo.Desk{Service: w.Service}
			check(t, requests.Ask(ctx, w.staff[consult.DPO], w.requestID, 1, "2026-03-27", "Which consultation?"))
			b, at := w.signIn(t, consult.DPO), "/office/requests/"+w.requestID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a change that is proposed", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.proposeChange(t, w.changeID)
			b, at := w.signIn(t, consult.DPO), "/office/consultations/"+w.open.ID+"/changes/"+w.changeID
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a change of words", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			x, err := w.Service.Change(ctx, w.staff[consult.Researcher], w.changeID)
			check(t, err)
			after := x.After
			after.Data = locale.Text{"en": "Your answers and nothing else.", "cy": "Eich atebion a dim byd arall."}
			check(t, w.Service.SaveChange(ctx, w.staff[consult.Researcher], x.ID, x.Version, after))
			uitest.Screen(t, w.Service, w.open.ID)
			return w, w.signIn(t, consult.Researcher), []string{"/office/consultations/" + w.open.ID + "/changes/" + w.changeID + "/propose"}
		}},
		{"a change that people are asked about", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.proposeChange(t, w.changeID)
			w.confirmChange(t, w.changeID)
			b, at := w.signIn(t, consult.Researcher), "/office/consultations/"+w.open.ID+"/changes"
			return w, b, crawled(t, w, b, at, at)
		}},
		{"a respondent who is asked anew", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.proposeChange(t, w.changeID)
			w.confirmChange(t, w.changeID)
			b := w.Browser(t)
			b.Get("/your-response")
			fill(t, b, "code", w.code)
			return w, b, []string{"/your-response/held", "/your-response/new-use/responses", "/your-response/new-use/equality"}
		}},
		{"a respondent who may renew", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.renewable(t)
			b := w.Browser(t)
			b.Get("/your-response")
			fill(t, b, "code", w.code)
			return w, b, []string{"/your-response/renew", "/your-response/equality"}
		}},
		{"a flagged text that is redacted", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			check(t, w.Service.RedactText(ctx, w.staff[consult.DPO], w.flag(t), "more", "Ring me.", "A telephone number."))
			b := w.signIn(t, consult.DPO)
			return w, b, []string{w.flagged}
		}},
		later("outcome", consult.Researcher, outcome), later("a release that is proposed", consult.Approver, release, propose),
		later("a release that is published", consult.Approver, release, propose, approve),
		{"nobody", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			token, err := w.Service.Invite(ctx, w.staff[consult.Administrator], consult.Staff{Name: "New Person", Role: consult.Researcher, Email: "new@wealdmere.example"})
			check(t, err)
			return w, w.Browser(t), []string{"/sign-in", "/invitation/" + token, "/your-response", "/receipt/verify", "/your-information/ask?about=complaint", "/your-information/ask?about=object"}
		}},
		{"somebody who has not accepted the statement of confidentiality", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			return w, w.newcomer(t, consult.Researcher), []string{"/acknowledge"}
		}},
		{"an administrator who let somebody in for support", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.letIn(t)
			return w, w.signIn(t, consult.Administrator), []string{"/office/access/support"}
		}},
		{"the first administrator", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := open(t, t.TempDir())
			token, err := w.Service.FirstAdministratorToken(ctx)
			check(t, err)
			return w, w.Browser(t), []string{"/invitation/" + token}
		}},
		{"a kiosk", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			c, _, err := w.Service.PublicConsultation(ctx, "library-hours")
			check(t, err)
			code, err := w.Service.KioskCode(ctx, w.staff[consult.Interviewer], c.ID)
			check(t, err)
			return w, w.Browser(t), []string{"/c/library-hours/kiosk/" + code}
		}},
		{"a respondent before sending", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			b := w.Browser(t)
			return w, b, answered(t, b, "/c/library-hours")
		}},
		{"a respondent after sending", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			b := w.Browser(t)
			return w, b, sent(t, b, "/c/library-hours")
		}},
		{"a respondent who comes back", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			b := w.Browser(t)
			sent(t, b, "/c/library-hours")
			b.Get("/c/library-hours/done")
			code := codeForm.FindString(b.Page.Body)
			b.Get("/your-response")
			fill(t, b, "code", code)
			return w, b, []string{"/your-response/held", "/your-response/withdraw", "/your-information/ask?about=rectify"}
		}},
		{"somebody who asked about their information", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			b := w.Browser(t)
			b.Get("/your-information/ask?about=complaint")
			b.Submit("", "text", "It went wrong.", "contact", "zoe@resident.example")
			return w, b, []string{"/your-information/sent"}
		}},
		{"a respondent who is too late", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			b := w.Browser(t)
			w.Clock.Move(w.open.ClosesAt.Add(-time.Hour))
			answered(t, b, "/c/library-hours")
			w.Clock.Move(w.open.ClosesAt)
			return w, b, []string{"/c/library-hours/respond/check"}
		}},
		inRole(consult.Interviewer, "/office"),
		recording("an interviewer who asks", func(t testing.TB, w *world, b *uitest.Browser, base string) []string { return rung(t, b, base) }),
		recording("an interviewer who has asked", func(t testing.TB, w *world, b *uitest.Browser, base string) []string {
			rung(t, b, base)
			b.Get(base + "/respond/check")
			fill(t, b)
			return []string{base, base + "/consent", base + "/undo", base + "/done"}
		}),
		{"an interviewer at the gate", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			c := w.Publish(t, "young", uitest.Everything, uitest.Young)
			b := w.signIn(t, consult.Interviewer)
			base := "/office/consultations/" + c.ID + "/record"
			b.Get(base)
			fill(t, b, "channel", "phone", "language", "en")
			return w, b, child(t, b, base)
		}},
		recording("an interviewer with consent on paper", func(t testing.TB, w *world, b *uitest.Browser, base string) []string {
			w.onPaper(t, b, base, "DOC-2026-0001")
			fill(t, b, "decision", "agreed", "old", "yes")
			return []string{base + "/equality", base + "/done"}
		}),
		preview("a preview", answered), preview("a preview to its end", sent), preview("a preview before the age for the equality questions", asked),
		{"a respondent before the age for the equality questions", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			b := w.Browser(t)
			return w, b, asked(t, b, "/c/library-hours")
		}},
		{"a child at the gate", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			w.Publish(t, "young", uitest.Everything, uitest.Young)
			b := w.Browser(t)
			return w, b, child(t, b, "/c/young")
		}},
		{"a preview of the gate", func(t testing.TB) (*world, *uitest.Browser, []string) {
			w := fullWorld(t)
			c := w.Publish(t, "young", uitest.Everything, uitest.Young)
			b := w.signIn(t, consult.Researcher)
			return w, b, child(t, b, "/office/consultations/"+c.ID+"/preview")
		}},
	}
}

// fill sends the form of the page itself, not one of its layout, and follows.
func fill(t testing.TB, b *uitest.Browser, pairs ...string) {
	t.Helper()
	all := sheets(t, b.Page)
	i := slices.IndexFunc(all, func(s sheet) bool { return s.action == b.Page.Path })
	if i < 0 {
		t.Fatalf("%s has no form of its own: %d\n%s", b.Page.Path, b.Page.Status, b.Page.Text())
	}
	for k := 0; k < len(pairs); k += 2 {
		all[i].values.Set(pairs[k], pairs[k+1])
	}
	if a := b.Send(all[i].action, all[i].values); a.Status == http.StatusSeeOther {
		b.Get(a.Location)
	}
}

// answered begins a response and answers what is required, and returns the addresses of its pages.
func answered(t testing.TB, b *uitest.Browser, base string) []string {
	b.Get(base + "/respond")
	fill(t, b, "satisfied", "very_satisfied")
	b.Get(base + "/respond/member")
	fill(t, b, "member", "no")
	out := []string{base + "/respond/check"}
	for _, q := range []string{"satisfied", "member", "why_not", "uses", "visits", "last_visit", "home", "more"} {
		out = append(out, base+"/respond/"+q)
	}
	return out
}

// child is asked by the gate of a consultation for young people, and waits for a parent.
func child(t testing.TB, b *uitest.Browser, base string) []string {
	b.Get(base + "/respond")
	fill(t, b, "over", "yes")
	fill(t, b, "over", "no")
	if want := base + "/respond/age-permission"; b.Page.Path != want {
		t.Fatalf("at %s, want %s", b.Page.Path, want)
	}
	return []string{base + "/respond/age-permission", base + "/respond/age-under", base + "/respond/age-check"}
}

// asked sends a response and wants to answer the equality questions.
func asked(t testing.TB, b *uitest.Browser, base string) []string {
	answered(t, b, base)
	b.Get(base + "/respond/check")
	fill(t, b)
	fill(t, b, "equality", "yes")
	return []string{base + "/equality/age-check"}
}

// sent sends one and gives consent.
func sent(t testing.TB, b *uitest.Browser, base string) []string {
	answered(t, b, base)
	b.Get(base + "/respond/check")
	fill(t, b)
	fill(t, b, "equality", "yes")
	fill(t, b, "over", "yes")
	fill(t, b, "consent", "agree")
	return []string{base + "/equality", base + "/equality/consent", base + "/equality/age_band", base + "/equality/sex", base + "/equality/health_conditions", base + "/done"}
}
