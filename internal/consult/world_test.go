package consult_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

// start is the hour in which the clocks change.
var start = time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)

// world is a service on a real SQLite store, with a clock that tests turn.
type world struct {
	*consult.Service
	dir   string
	db    *store.DB
	staff map[consult.Role]*consult.Staff

	mu  sync.Mutex
	now time.Time
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) turn(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// newWorld makes a council with one person of every role and a map.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := emptyWorld(t)
	w.fill(t)
	return w
}

// emptyWorld is a service that was never used.
func emptyWorld(t testing.TB) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), now: start, staff: map[consult.Role]*consult.Staff{}}
	db, err := store.OpenSQLite(t.Context(), w.dir, store.Options{Clock: w.clock, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.serve(t, db)
	return w
}

// serve puts a service on the store.
func (w *world) serve(t testing.TB, db *store.DB) {
	t.Helper()
	keys, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w.db = db
	w.Service = &consult.Service{Store: db, Sessions: db, Jobs: db, Keys: keys, Now: w.clock, Bank: surveys.Bank(), Address: "https://say.example"}
	for _, name := range surveys.Standard() {
		source, _ := surveys.StandardSource(name)
		w.Library = append(w.Library, consult.LibrarySurvey{Name: name, Source: source})
	}
}

func (w *world) fill(t testing.TB) {
	t.Helper()
	for _, role := range consult.Roles() {
		w.add(t, role, string(role)+"@example.org")
	}
	if problems, err := w.SaveCouncil(t.Context(), w.staff[consult.Administrator], 0, council()); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if err := w.SaveGeography(t.Context(), w.staff[consult.Administrator], geography()); err != nil {
		t.Fatal(err)
	}
}

// add stores a person as the first sign-in would leave them. Partner's people get a partner of their own.
func (w *world) add(t testing.TB, role consult.Role, email string) *consult.Staff {
	t.Helper()
	member := &consult.Staff{ID: seal.RandomID(), Email: email, Name: "Pat " + string(role), Role: role, PasswordHash: "x"}
	err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
		if role == consult.PartnerUser {
			p := &consult.Partner{ID: seal.RandomID(), Name: "Fenwick Climate", Kind: "company", CreatedAt: tx.Now()}
			member.PartnerID = p.ID
			if err := tx.AddPartner(p); err != nil {
				return err
			}
		}
		member.CreatedAt = tx.Now()
		if err := tx.AddStaff(member); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.staff", Object: "staff:" + member.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := w.StaffMember(t.Context(), member.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.staff[role] = stored
	return stored
}

func council() privacy.Council {
	text := func(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }
	c := consult.DefaultCouncil()
	c.Name, c.ShortName = text("Wealdmere Borough Council", "Cyngor Bwrdeistref Wealdmere"), "WEM"
	c.Address, c.Email, c.Phone, c.Website = "Town Hall\nWealdmere", "say@example.org", "01632 960000", "https://www.example.org"
	c.DPOName, c.DPOEmail, c.Registration = "Dana Officer", "dpo@example.org", "Z0000000"
	c.ComplaintsHow = text("Write to the data protection officer.", "Ysgrifennwch at y swyddog diogelu data.")
	return c
}

func geography() *consult.Geography {
	g := &consult.Geography{Postcodes: map[string]string{}}
	areas, wards := map[string]bool{}, map[string]bool{}
	for _, u := range surveys.DemoGeography() {
		if !areas[u.Area] {
			areas[u.Area] = true
			g.Areas = append(g.Areas, consult.Area{Code: u.Area, Label: u.AreaName})
		}
		if !wards[u.Ward] {
			wards[u.Ward] = true
			g.Wards = append(g.Wards, consult.Ward{Code: u.Ward, Label: u.WardName, Area: u.Area})
		}
		g.Postcodes[u.Postcode] = u.Ward
	}
	return g
}

// draft starts a consultation from a library survey, with every text a publication needs.
func (w *world) draft(t testing.TB, library string) *consult.Consultation {
	t.Helper()
	return w.draftSource(t, library, nil)
}

// draftSource is draft for a survey of its own, if source is not nil.
func (w *world) draftSource(t testing.TB, library string, source []byte) *consult.Consultation {
	t.Helper()
	c, faults, err := w.CreateConsultation(t.Context(), w.staff[consult.Researcher], library, source)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	d := c.Details
	text := locale.Text{locale.English: "Words.", locale.Welsh: "Geiriau."}
	d.About, d.OtherWays = text, text
	d.OpenLink = false
	for i := range d.Processing.Purposes {
		d.Processing.Purposes[i].Recipients = []privacy.Recipient{{Name: "Fenwick Climate", Form: privacy.Anonymous, Location: "United Kingdom"}}
	}
	if len(d.Processing.Categories) > 0 {
		d.Processing.Partners = []string{"Fenwick Climate"}
	}
	if err := w.SaveDetails(t.Context(), w.staff[consult.Researcher], c.ID, c.Slug, c.Version, d); err != nil {
		t.Fatal(err)
	}
	return w.reload(t, c.ID)
}

func (w *world) reload(t testing.TB, id string) *consult.Consultation {
	t.Helper()
	c, _, _, err := w.ConsultationForStaff(t.Context(), w.staff[consult.Researcher], id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open publishes a library survey and turns the clock to the day after it opened.
func (w *world) open(t testing.TB, library string) *consult.Consultation {
	t.Helper()
	return w.openSource(t, library, nil)
}

// openSource is open for a survey of its own, if source is not nil.
func (w *world) openSource(t testing.TB, library string, source []byte) *consult.Consultation {
	t.Helper()
	c := w.draftSource(t, library, source)
	w.screen(t, c.ID)
	if err := w.Publish(t.Context(), w.staff[consult.Researcher], c.ID, c.Version); err != nil {
		ready, _ := w.Readiness(t.Context(), w.staff[consult.Researcher], c.ID)
		t.Fatalf("publish: %v\n%+v", err, ready.Findings)
	}
	c = w.reload(t, c.ID)
	w.turn(c.OpensAt.Add(24 * time.Hour).Sub(w.clock()))
	return c
}

// answers are a whole response to the resident satisfaction survey.
func answers() survey.Answers {
	return survey.Answers{
		"local_area":  {Codes: []string{"fairly_satisfied"}},
		"runs_things": {Codes: []string{"very_satisfied"}},
		"one_thing":   {Text: "More benches, please"},
		"ward":        {Codes: []string{"abbots_cross"}},
	}
}

// begin starts a draft with the answers.
func (w *world) begin(t testing.TB, c *consult.Consultation, a survey.Answers) *consult.Draft {
	t.Helper()
	d, err := w.Begin(t.Context(), c.Slug, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers, d.Ages = a, sixteen(w.clock())
	return d
}

// sixteen says that a respondent is old enough for the equality questions.
func sixteen(at time.Time) privacy.AgeChecks {
	return privacy.AgeChecks{Checks: []privacy.AgeCheck{{Threshold: 16, Over: true, On: privacy.DateOf(at)}}}
}

func (w *world) submit(t testing.TB, c *consult.Consultation, a survey.Answers) consult.Submitted {
	t.Helper()
	done, err := w.SubmitResponse(t.Context(), w.begin(t, c, a))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// consent answers the consent page.
func (w *world) consent(t testing.TB, c *consult.Consultation, code string, given bool) consult.ConsentStatus {
	t.Helper()
	st, err := w.ConsentStatement(t.Context(), c, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	status, err := w.DecideConsent(t.Context(), code, given, st.Hash, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// profiles counts the equality profiles that any store holds for the consultation.
func (w *world) profiles(t testing.TB, c *consult.Consultation) (n int) {
	t.Helper()
	err := w.Store.Equality().Profiles(t.Context(), c.ID, func(*consult.EqualityProfile) error { n++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) responses(t testing.TB, c *consult.Consultation) (n int) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) (err error) { n, err = r.ResponseCount(c.ID); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// want checks the kind of an error.
func want(t testing.TB, err error, kind fault.Kind, why string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("%s: got %v, want kind %q", why, err, kind)
	}
}

func (w *world) audited(t testing.TB, action string) (n int) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			if e.Action == action {
				n++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
