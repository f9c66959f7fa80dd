package inside_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/inside"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/rights"
	"folkmoot/internal/ui/uitest"
)

const password = "seven purple otters tango"

// world is a council at work: one person of each role, a partner with an agreement, and a consultation in every state.
type world struct {
	*uitest.World
	staff        map[consult.Role]*consult.Staff
	partner      *consult.Partner
	agreement    *consult.Agreement
	draft        *consult.Consultation // ready to publish
	open         *consult.Consultation // with responses
	closed       *consult.Consultation // with responses, named in its notice: the partner
	empty        *consult.Consultation // open, no response
	spare        *consult.Staff        // somebody who may be disabled
	releaseID    string                // of a draft
	breachID     string                // of a breach that is open
	disclosureID string
	processorID  string
	changeID     string // of a draft of a change of what the open consultation does
	requestID    string // of a person who asks for a copy
	flagged      string // address of a text that seems to hold personal details: see flag
	code         string // withdrawal code of a response to the open consultation

	cookies map[consult.Role]string // of people who signed in at uitest.Start
}

// kept is a world that was made once, closed, and is copied for each test: hashing passwords and storing hundreds of responses
// for every test would take minutes.
type kept struct {
	once    sync.Once
	dir     string
	made    world
	cookies map[consult.Role]string // of sessions that began at uitest.Start
}

var council, office kept

func TestMain(m *testing.M) {
	code := m.Run()
	for _, k := range []*kept{&council, &office} {
		if k.dir != "" {
			os.RemoveAll(k.dir)
		}
	}
	os.Exit(code)
}

// copied returns a copy of the world, made by make the first time.
func (k *kept) copied(t testing.TB, make func(testing.TB, *world), change ...func(*page.Options)) *world {
	t.Helper()
	k.once.Do(func() {
		dir, err := os.MkdirTemp("", "folkmoot-inside-")
		check(t, err)
		// A test of its own, at whose end the databases are closed: only then may their files be copied.
		t.(*testing.T).Run("world", func(t *testing.T) {
			w := open(t, dir)
			make(t, w)
			cookies := map[consult.Role]string{}
			for _, role := range consult.Roles() {
				cookies[role] = w.signIn(t, role).Cookies()
			}
			k.made, k.cookies = *w, cookies
		})
		k.dir = dir
	})
	if k.cookies == nil {
		t.Fatal("the world could not be made")
	}
	dir := t.TempDir()
	check(t, os.CopyFS(dir, os.DirFS(k.dir)))
	w := k.made
	w.World, w.cookies = open(t, dir, change...).World, k.cookies
	return &w
}

func open(t testing.TB, dir string, change ...func(*page.Options)) *world {
	t.Helper()
	w := &world{World: uitest.NewIn(t, dir, change...), staff: map[consult.Role]*consult.Staff{}}
	inside.Register(w.Kit, w.Service)
	public.Register(w.Kit, w.Service)
	respond.Register(w.Kit, w.Service)
	rights.Register(w.Kit, w.Service)
	return w
}

// newWorld has people but no consultation; fullWorld has a consultation in every state.
func newWorld(t testing.TB) *world {
	t.Helper()
	return council.copied(t, func(t testing.TB, w *world) { w.people(t) })
}

func fullWorld(t testing.TB, change ...func(*page.Options)) *world {
	t.Helper()
	return office.copied(t, func(t testing.TB, w *world) {
		w.people(t)
		w.full(t)
	}, change...)
}

// people are one of each role, and a partner with an agreement.
func (w *world) people(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	token, err := w.Service.FirstAdministratorToken(ctx)
	check(t, err)
	admin, err := w.Service.AcceptInvitation(ctx, token, "Ade Administrator", "administrator@wealdmere.example", password)
	check(t, err)
	w.Accept(t, admin.Email)
	w.staff[consult.Administrator] = admin
	for role, name := range map[consult.Role]string{consult.Researcher: "Ros Researcher", consult.Approver: "Abe Approver", consult.DPO: "Dee Protection", consult.Interviewer: "Ivy Interviewer"} {
		w.join(t, admin, consult.Staff{Name: name, Role: role})
	}
	w.partner, err = w.Service.AddPartner(ctx, w.staff[consult.Approver], consult.Partner{Name: "Fenwick Climate", Kind: "company"})
	check(t, err)
	w.join(t, admin, consult.Staff{Name: "Pia Partner", Role: consult.PartnerUser, PartnerID: w.partner.ID})
	w.agreement, err = w.Service.AddAgreement(ctx, w.staff[consult.Approver], consult.Agreement{NotMarketing: true, PartnerID: w.partner.ID, Purpose: "Plan advice on saving energy",
		Promises: "Not to find out who anybody is.", ContactName: "Pia Partner", ContactEmail: "pia@fenwick.example", StartsOn: "2026-01-01", ExpiresAt: uitest.Start.AddDate(1, 0, 0)})
	check(t, err)
	w.join(t, admin, consult.Staff{Name: "Sam Spare", Role: consult.Researcher, Email: "spare@wealdmere.example"})
}

// join invites a person and accepts for them.
func (w *world) join(t testing.TB, by *consult.Staff, n consult.Staff) {
	t.Helper()
	spare := n.Email != ""
	if !spare {
		n.Email = string(n.Role) + "@wealdmere.example"
	}
	token, err := w.Service.Invite(context.Background(), by, n)
	check(t, err)
	who, err := w.Service.AcceptInvitation(context.Background(), token, "", "", password)
	check(t, err)
	w.Accept(t, n.Email)
	if spare {
		w.spare = who
		return
	}
	w.staff[n.Role] = who
}

// full adds the consultations.
func (w *world) full(t testing.TB) {
	t.Helper()
	named := func(d *consult.Details) {
		d.Processing.Partners = []string{"Fenwick Climate"}
		for i := range d.Processing.Purposes {
			d.Processing.Purposes[i].Recipients = append(d.Processing.Purposes[i].Recipients, recipient)
		}
	}
	w.open = w.Publish(t, "library-hours", uitest.Everything, named)
	w.empty = w.Publish(t, "park", uitest.Short, nil)
	w.closed = w.Publish(t, "service-feedback", uitest.Everything, func(d *consult.Details) {
		named(d)
		d.Title = locale.Text{"en": "How we did last winter", "cy": "Sut y gwnaethom y gaeaf diwethaf"}
	})
	w.respond(t, w.open, 130)
	w.respond(t, w.closed, 320)
	var err error
	var faults []survey.Fault
	w.draft, faults, err = w.Service.CreateConsultation(context.Background(), w.staff[consult.Researcher], "resident-satisfaction", nil)
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	w.Clock.Move(w.closed.ClosesAt.Add(time.Hour))
	release, err := w.Service.DraftRelease(context.Background(), w.staff[consult.Researcher], w.closed.ID, w.agreement.ID, w.closed.Title,
		[]consult.TableSpec{{Question: "satisfied"}, {Question: "satisfied", By: "home"}})
	check(t, err)
	w.releaseID = release.ID
	w.Clock.Move(uitest.Start)
	requests := dpo.Desk{Service: w.Service}
	request, err := requests.Enter(context.Background(), w.staff[consult.DPO], privacy.Request{Kind: privacy.AskAccess, Received: "2026-03-20", Channel: privacy.ByEmail,
		Name: "Gwen Example", Contact: "gwen@resident.example", Text: "What do you hold about me?"})
	check(t, err)
	w.requestID = request.Entry.ID
	breach, _, err := requests.RecordBreach(context.Background(), w.staff[consult.DPO], privacy.Breach{AwareAt: uitest.Start.Add(-30 * time.Hour),
		Kinds: []privacy.BreachKind{privacy.BreachAvailability}, What: "A memory stick with a printed summary was lost."})
	check(t, err)
	w.breachID = breach.Entry.ID
	disclosure, _, err := requests.RecordDisclosure(context.Background(), w.staff[consult.DPO], uitest.Disclosure())
	check(t, err)
	w.disclosureID = disclosure.Entry.ID
	processor, _, err := requests.RecordProcessor(context.Background(), w.staff[consult.DPO], uitest.Processor())
	check(t, err)
	w.processorID = processor.Entry.ID
	w.changeID = w.noticeChange(t, w.open, true).ID
	_, err = w.Service.TakeSnapshot(context.Background())
	check(t, err)
}

// newPartner is an organisation that nobody was told of.
const newPartner = "Birch Research"

// noticeChange drafts a change of a published consultation that names a new recipient, and needs a choice.
func (w *world) noticeChange(t testing.TB, c *consult.Consultation, equality bool) *consult.NoticeChange {
	t.Helper()
	ctx, by := context.Background(), w.staff[consult.Researcher]
	x, err := w.Service.DraftChange(ctx, by, c.ID)
	check(t, err)
	after := x.After
	after.Purposes = slices.Clone(after.Purposes)
	after.Purposes[0].Recipients = append(slices.Clone(after.Purposes[0].Recipients), privacy.Recipient{Name: newPartner, Form: privacy.Anonymous, Location: "United Kingdom"})
	if equality {
		after.Partners = append(slices.Clone(after.Partners), newPartner)
	}
	check(t, w.Service.SaveChange(ctx, by, x.ID, x.Version, after))
	uitest.Screen(t, w.Service, c.ID)
	x, err = w.Service.Change(ctx, by, x.ID)
	check(t, err)
	return x
}

// proposeChange and confirmChange take a change on.
func (w *world) proposeChange(t testing.TB, id string) {
	t.Helper()
	ctx, by := context.Background(), w.staff[consult.Researcher]
	x, err := w.Service.Change(ctx, by, id)
	check(t, err)
	check(t, w.Service.ProposeChange(ctx, by, id, x.Version, consult.ChangeProposal{Note: locale.Text{"en": "Birch helps us plan.", "cy": "Mae Birch yn ein helpu i gynllunio."}}))
}

func (w *world) confirmChange(t testing.TB, id string) {
	t.Helper()
	ctx, by := context.Background(), w.staff[consult.DPO]
	x, err := w.Service.Change(ctx, by, id)
	check(t, err)
	check(t, w.Service.ConfirmChange(ctx, by, id, x.Version))
}

// respond sends n different responses.
func (w *world) respond(t testing.TB, c *consult.Consultation, n int) {
	t.Helper()
	ctx := context.Background()
	scale := []string{"very_satisfied", "fairly_satisfied", "fairly_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied", "dont_know"}
	_, def, err := w.Service.PublicConsultation(ctx, c.Slug)
	check(t, err)
	q, _ := def.Question("satisfied")
	for _, code := range scale {
		if _, ok := q.Option(code); !ok {
			t.Fatalf("no option %s in %+v", code, q.Options)
		}
	}
	wards := []string{"", "", ""}
	if g, err := w.Service.Geography(ctx); err == nil {
		for i := range wards {
			wards[i] = g.Wards[i].Code
		}
	}
	for i := range n {
		d, err := w.Service.Begin(ctx, c.Slug, []locale.Lang{locale.English, locale.English, locale.Welsh}[i%3])
		check(t, err)
		member := []string{"yes", "no"}[(i/3)%2]
		d.Answers = survey.Answers{"satisfied": {Codes: []string{scale[(i*7+i/11)%len(scale)]}}, "member": {Codes: []string{member}}, "home": {Codes: []string{wards[i%3]}},
			"uses": {Codes: []string{[]string{"books", "events", "none"}[i%3]}}, "visits": {Text: fmt.Sprint(i % 40)}}
		if i%9 == 0 {
			d.Answers["more"] = survey.Answer{Text: fmt.Sprintf("Longer hours on Saturdays, please (%d).", i)}
		}
		done, err := w.Service.SubmitResponse(ctx, d)
		check(t, err)
		if w.code == "" {
			w.code = done.Code
		}
		if i%2 == 0 {
			w.equality(t, c, done.Code, i)
		}
	}
}

// flag adds a response whose text holds a telephone number and an e-mail address.
func (w *world) flag(t testing.TB) (responseID string) {
	t.Helper()
	d, err := w.Service.Begin(context.Background(), w.open.Slug, locale.English)
	check(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "more": {Text: flaggedText}}
	done, err := w.Service.SubmitResponse(context.Background(), d)
	check(t, err)
	w.flagged = "/office/texts/" + w.open.ID + "/" + done.ResponseID + "/more"
	return done.ResponseID
}

// searched makes a request with a response whose code is known and one that a search found, and a search with a match that nobody has decided about.
func (w *world) searched(t testing.TB) (requestID string) {
	t.Helper()
	ctx, officer, requests := context.Background(), w.staff[consult.DPO], dpo.Desk{Service: w.Service}
	first := w.flag(t)
	w.flag(t)
	x, err := requests.Receive(ctx, privacy.Request{Kind: privacy.AskAccess}, w.code, "n")
	check(t, err)
	number, err := requests.Search(ctx, officer, x.Entry.ID, 1, privacy.SubjectQuery{Words: "07700 900123"})
	check(t, err)
	check(t, requests.Decide(ctx, officer, x.Entry.ID, 2, number, first, privacy.VerdictTheirs, ""))
	check(t, requests.TakeInHand(ctx, officer, x.Entry.ID, 3, first))
	check(t, requests.Redact(ctx, officer, x.Entry.ID, 4, []privacy.Passage{{Words: "I miss the Saturday hours.", Ground: "third_party", Reason: "An example"}}))
	return x.Entry.ID
}

const flaggedText = "Ring me on 07700 900123 or write to gwen.jones@resident.example: I miss the Saturday hours."

// equality gives consent and some equality answers.
func (w *world) equality(t testing.TB, c *consult.Consultation, code string, i int) {
	t.Helper()
	ctx := context.Background()
	statement, err := w.Service.ConsentStatement(ctx, c, locale.English)
	check(t, err)
	_, err = w.Service.CheckEqualityAge(ctx, code, true)
	check(t, err)
	_, err = w.Service.DecideConsent(ctx, code, true, statement.Hash, locale.English)
	check(t, err)
	check(t, w.Service.SaveEquality(ctx, code, c.ID, survey.Answers{"sex": {Codes: []string{[]string{"female", "male"}[(i/2)%2]}}}))
}

// signIn returns a browser in which a person of the role has signed in: before, where the clock has not moved since.
func (w *world) signIn(t testing.TB, role consult.Role) *uitest.Browser {
	t.Helper()
	b := w.Browser(t)
	if cookies := w.cookies[role]; cookies != "" && w.Clock.Now().Equal(uitest.Start) {
		for pair := range strings.SplitSeq(cookies, "; ") {
			name, value, _ := strings.Cut(pair, "=")
			b.SetCookie(name, value)
		}
		return b
	}
	return w.enter(t, role)
}

// enter signs in on the page, whatever came before.
func (w *world) enter(t testing.TB, role consult.Role) *uitest.Browser {
	t.Helper()
	b := w.Browser(t)
	b.Get("/sign-in")
	b.Submit("/sign-in", "email", string(role)+"@wealdmere.example", "password", password)
	if b.Page.Status != 200 {
		t.Fatalf("%s cannot sign in: %d %s", role, b.Page.Status, b.Page.Text())
	}
	return b
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var recipient = privacy.Recipient{Name: "Fenwick Climate", Form: privacy.Anonymous, Location: "United Kingdom"}

// address fills the parameters of a route with things that are there.
func (w *world) address(route string) string {
	route = strings.Replace(route, "/office/texts/:consultation/:response/:flagged", w.flagged, 1)
	route = strings.Replace(route, "/consultations/:id/changes/:change", "/consultations/"+w.open.ID+"/changes/"+w.changeID, 1)
	r := strings.NewReplacer(":consultation", w.open.ID, "/consultations/:id", "/consultations/"+w.draft.ID, "/agreements/:id", "/agreements/"+w.agreement.ID, "/releases/:id", "/releases/"+w.releaseID,
		"/requests/:id", "/requests/"+w.requestID, "/breaches/:id", "/breaches/"+w.breachID, "/disclosures/:id", "/disclosures/"+w.disclosureID, "/processors/:id", "/processors/"+w.processorID, "/screenings/:id", "/screenings/"+w.draft.ID, ":activity", "platform.security", ":month", "2026-03",
		":rule", "free_text", ":number", "1", ":account", "nobody", ":hold", "nobody", ":certificate", "nobody",
		"/staff/:id", "/staff/"+w.spare.ID, ":section", "council", ":entry", "1", ":token", "nobody", "/preview/respond/:question", "/preview/respond/local_area",
		"/equality/:question", "/equality/sex", ":question", "trust", "/purposes/:n", "/purposes/1", ":n", "new")
	return r.Replace(route)
}

// closeOne ends the consultation that was closed first and keeps the other ones open for another week.
func (w *world) closeOne(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	for _, c := range []*consult.Consultation{w.open, w.empty} {
		now, _, _, err := w.Service.ConsultationForStaff(ctx, w.staff[consult.Researcher], c.ID)
		check(t, err)
		d := now.Details
		d.ClosesAt = d.ClosesAt.AddDate(0, 0, 7)
		check(t, w.Service.SaveDetails(ctx, w.staff[consult.Researcher], c.ID, now.Slug, now.Version, d))
	}
	w.Clock.Move(w.closed.ClosesAt.Add(time.Hour))
}
