package demo_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/demo"
	"folkmoot/internal/dpo"
	"folkmoot/internal/export/exporttest"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/surveys"
)

// moment is when the world is looked at. The clocks change while it is made.
var moment = time.Date(2026, 6, 17, 11, 0, 0, 0, time.UTC)

// service is a demonstration service on an empty store, and the clock of both.
func service(t testing.TB) (*consult.Service, *demo.Clock) {
	t.Helper()
	clock := &demo.Clock{True: func() time.Time { return moment }}
	db, err := store.OpenSQLite(t.Context(), t.TempDir(), store.Options{Clock: clock.Now, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	keys, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := &consult.Service{Store: db, Sessions: db, Jobs: db, Keys: keys, Now: clock.Now, Bank: surveys.Bank(), Demo: true, Address: "https://say.example"}
	for _, name := range surveys.Standard() {
		source, _ := surveys.StandardSource(name)
		s.Library = append(s.Library, consult.LibrarySurvey{Name: name, Source: source})
	}
	return s, clock
}

func seed(t testing.TB, scale float64) *consult.Service {
	t.Helper()
	svc, clock := service(t)
	if _, err := demo.Seed(t.Context(), svc, demo.Options{Seed: demo.DefaultSeed, Scale: scale, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	return svc
}

func signIn(t testing.TB, svc *consult.Service, role consult.Role) *consult.Staff {
	t.Helper()
	for _, a := range demo.People() {
		if a.Role != role {
			continue
		}
		m, err := svc.SignIn(t.Context(), a.Email, demo.Password, "network")
		if err != nil || m.Role != a.Role || !m.Demo {
			t.Fatalf("%s signs in: %+v, %v", a.Email, m, err)
		}
		return m
	}
	t.Fatalf("there is no %s", role)
	return nil
}

// all returns the consultations by address.
func all(t testing.TB, svc *consult.Service) map[string]*consult.Consultation {
	t.Helper()
	list, err := svc.Consultations(t.Context(), signIn(t, svc, consult.Researcher), consult.ConsultationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*consult.Consultation{}
	for _, c := range list {
		out[c.Slug] = c
	}
	return out
}

func TestTheWorldIsWhole(t *testing.T) {
	svc := seed(t, 1)
	if whole, begun, err := demo.Seeded(t.Context(), svc); !whole || !begun || err != nil {
		t.Errorf("seeded: %v, %v, %v", whole, begun, err)
	}
	for _, role := range consult.Roles() {
		signIn(t, svc, role)
	}
	list := all(t, svc)
	for _, row := range []struct {
		slug      string
		status    consult.Status
		responses int
	}{
		{"living-in-wealdmere", consult.StatusClosed, 1500},
		{demo.OpenSurvey, consult.StatusOpen, 184},
		{"homes-travel-and-net-zero", consult.StatusClosed, 900},
		{"play-areas", consult.StatusReported, 324},
		{"young-people", consult.StatusOpen, 36},
		{"market-square", consult.StatusUpcoming, 0},
		{"library-opening-hours", consult.StatusDraft, 0},
	} {
		c := list[row.slug]
		if c == nil || c.Status(moment) != row.status {
			t.Fatalf("%s: %+v, want %s", row.slug, c, row.status)
		}
		checkResponses(t, svc, c, row.responses)
	}
	if len(list) != 7 {
		t.Errorf("%d consultations", len(list))
	}
	checkLedgers(t, svc)
	if n, err := svc.RepairConsent(t.Context()); n != 0 || err != nil {
		t.Errorf("equality answers without consent: %d, %v", n, err)
	}
	t.Run("release", func(t *testing.T) { checkRelease(t, svc, list) })
	t.Run("draft", func(t *testing.T) { checkDraft(t, svc, list["library-opening-hours"]) })
	t.Run("outcome", func(t *testing.T) { checkOutcome(t, svc, list["play-areas"]) })
	t.Run("processors", func(t *testing.T) { checkProcessors(t, svc) })
	t.Run("texts", func(t *testing.T) { checkTexts(t, list) })
	if flags, err := svc.FlagCounts(t.Context(), signIn(t, svc, consult.DPO)); len(flags) > 0 || err != nil {
		t.Errorf("nobody of the demonstration writes what tells who they are: %v, %v", flags, err)
	}
}

// checkProcessors: the register holds everybody who is named, and one contract lacks what the law asks for (UK GDPR art. 28(3), 30(1)(d)).
func checkProcessors(t *testing.T, svc *consult.Service) {
	t.Helper()
	officer := signIn(t, svc, consult.DPO)
	desk := dpo.Desk{Service: svc}
	running, closed, err := desk.Processors(t.Context(), officer)
	if err != nil || len(running) != 3 || len(closed) != 0 {
		t.Fatalf("%d entries, %d closed, %v", len(running), len(closed), err)
	}
	transfers := map[string]bool{}
	for _, x := range running {
		transfers[x.Processor.Transfer] = true
		if gaps := len(x.Missing); gaps != 0 && x.Processor.Name != "Larkspur Translation" || gaps != 2 && x.Processor.Name == "Larkspur Translation" {
			t.Errorf("%s: missing %+v", x.Processor.Name, x.Missing)
		}
	}
	if !transfers["agreement"] {
		t.Errorf("nothing is transferred: %v", transfers)
	}
	if n, err := desk.ProcessorsWaiting(t.Context(), officer); err != nil || n != 1 {
		t.Errorf("%d wait, %v: a recipient that is named is not held", n, err)
	}
}

// checkResponses: as many as planned, all of them while the consultation was open.
func checkResponses(t *testing.T, svc *consult.Service, c *consult.Consultation, want int) {
	t.Helper()
	n, consents := 0, 0
	err := svc.Store.View(t.Context(), func(r consult.Reader) error {
		events, err := r.ConsentEventsOf(c.ID)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.State == privacy.ConsentGiven {
				consents++
			}
			if e.At.Before(c.OpensAt) || e.At.After(c.ClosesAt) {
				t.Errorf("%s: consent of %s, outside its time", c.Slug, e.At)
			}
		}
		return r.Responses(c.ID, func(r *consult.Response) error {
			n++
			if r.SubmittedOn < c.OpensAt.Format(time.DateOnly) || r.SubmittedOn > c.ClosesAt.Format(time.DateOnly) {
				t.Errorf("%s: a response of %s, outside its time", c.Slug, r.SubmittedOn)
			}
			return nil
		})
	})
	if err != nil || n != want {
		t.Errorf("%s: %d responses, %v; want %d", c.Slug, n, err, want)
	}
	profiles := 0
	if err := svc.Store.Equality().Profiles(t.Context(), c.ID, func(*consult.EqualityProfile) error { profiles++; return nil }); err != nil {
		t.Fatal(err)
	}
	if profiles != consents || want > 100 && (consents < want*60/100 || consents > want*70/100) {
		t.Errorf("%s: %d equality profiles under %d consents of %d responses; want as many, about 65%%", c.Slug, profiles, consents, want)
	}
}

// checkLedgers: the clock went back for a while, and still every entry follows the one before it, in time too.
func checkLedgers(t *testing.T, svc *consult.Service) {
	t.Helper()
	var events []privacy.AuditEvent
	err := svc.Store.View(t.Context(), func(r consult.Reader) error {
		return errors.Join(privacy.VerifyConsentChain(r.EachConsentEvent), privacy.VerifyAuditChain(r.EachAuditEvent),
			r.EachAuditEvent(func(e privacy.AuditEvent) error { events = append(events, e); return nil }))
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(events); i++ {
		if events[i].Action != "store.claim" && events[i].At.Before(events[i-1].At) {
			t.Fatalf("audit event %d (%s) is before the one before it", events[i].Sequence, events[i].Action)
		}
	}
}

// checkRelease: two people made the one there is, the partner has it, and the visitor's is still to be made.
func checkRelease(t *testing.T, svc *consult.Service, list map[string]*consult.Consultation) {
	shelf, err := svc.Shelf(t.Context(), signIn(t, svc, consult.PartnerUser))
	if err != nil || len(shelf) != 1 || !shelf[0].Available {
		t.Fatalf("shelf: %+v, %v", shelf, err)
	}
	r := shelf[0].Release
	if r.State != consult.ReleasePublished || r.ProposedBy == r.ApprovedBy || r.Responses != 900 || len(r.Tables) < 8 {
		t.Errorf("release: %s, %d responses, %d tables", r.State, r.Responses, len(r.Tables))
	}
	public, err := svc.PublicResults(t.Context(), "homes-travel-and-net-zero", "")
	if err != nil || public.Release.SHA256 != r.SHA256 {
		t.Fatalf("everybody reads the results: %v", err)
	}
	if n := exporttest.Compare(t, public.Release, public.Facts); n < 500 {
		t.Errorf("%d figures compared in all files of the release", n)
	}
	shown, hidden := 0, 0
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			for _, cell := range row.Counts {
				if shown++; cell == consult.Hidden {
					hidden++
				}
			}
		}
	}
	t.Logf("%d tables, %d of %d counts hidden, %d ms", len(r.Tables), hidden, shown, r.Report.Millis)
	if hidden == 0 || hidden*2 > shown {
		t.Errorf("%d of %d counts are hidden: a demonstration shows both", hidden, shown)
	}
	researcher := signIn(t, svc, consult.Researcher)
	agreements, err := svc.Agreements(t.Context(), researcher)
	if err != nil || len(agreements) != 1 {
		t.Fatal(agreements, err)
	}
	specs := []consult.TableSpec{{Question: "local_area"}, {Question: "local_area", By: "ward"}, {Question: "trust", By: "age_band"}}
	draft, err := svc.DraftRelease(t.Context(), researcher, list["living-in-wealdmere"].ID, agreements[0].ID, r.Title, specs)
	if err != nil || len(draft.Tables) == 0 {
		t.Errorf("a visitor makes the release of the satisfaction survey: %v", err)
	}
}

// checkOutcome: what the outcome says that people said is what they said.
func checkOutcome(t *testing.T, svc *consult.Service, c *consult.Consultation) {
	count := func(codes ...string) (n int) {
		dims := []string{codes[0]}
		if len(codes) == 3 {
			dims = []string{codes[0], "ward"}
		}
		err := svc.Store.View(t.Context(), func(r consult.Reader) error {
			counts, err := r.Tabulate(c.ID, dims)
			for _, k := range counts {
				if cmp.Equal(k.Codes, codes[1:]) {
					n = k.Count
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	inclusive, repairs, shade := count("first", "inclusive"), count("first", "repairs"), count("first", "shade")
	if inclusive <= repairs || repairs <= shade {
		t.Errorf("equipment for all %d, repairs %d, shade %d", inclusive, repairs, shade)
	}
	if there, other := count("first", "repairs", "fairmead"), count("first", "inclusive", "fairmead"); there < 2*other {
		t.Errorf("Fairmead: repairs %d, equipment for all %d", there, other)
	}
	if agree := count("everyone_can_play", "strongly_agree") + count("everyone_can_play", "tend_to_agree"); agree*3 >= 324 || agree == 0 {
		t.Errorf("%d of 324 agree that everybody can play", agree)
	}
	if !strings.Contains(c.Outcome.Asked["en"], "324") || !strings.Contains(c.Outcome.Asked["cy"], "324") {
		t.Error("the outcome says how many answered")
	}
}

// checkDraft: its readiness has something to say.
func checkDraft(t *testing.T, svc *consult.Service, c *consult.Consultation) {
	ready, err := svc.Readiness(t.Context(), signIn(t, svc, consult.Researcher), c.ID)
	if err != nil || ready.Ready() || len(ready.Findings) < 4 {
		t.Errorf("readiness: %+v, %v", ready.Findings, err)
	}
}

var (
	leftover = regexp.MustCompile(`\{[^}]*\}|TODO|\x{FFFD}`)
	address  = regexp.MustCompile(`[a-z0-9.-]+\.(?:uk|com|org|net)\b|@[a-z0-9.-]+`)
	phone    = regexp.MustCompile(`0\d{4} ?\d{3} ?\d{3}`)
)

// checkTexts: both languages have everything, and nothing leads to a real address or telephone.
func checkTexts(t *testing.T, list map[string]*consult.Consultation) {
	for slug, c := range list {
		texts := []map[string]string{}
		add := func(en, cy string) { texts = append(texts, map[string]string{"en": en, "cy": cy}) }
		add(c.Title["en"], c.Title["cy"])
		add(c.Summary["en"], c.Summary["cy"])
		add(c.About["en"], c.About["cy"])
		add(c.OtherWays["en"], c.OtherWays["cy"])
		for _, d := range c.Documents {
			add(d.Title["en"], d.Title["cy"])
			add(d.Body["en"], d.Body["cy"])
		}
		if c.Status(moment) == consult.StatusReported {
			add(c.Outcome.Asked["en"], c.Outcome.Asked["cy"])
			add(c.Outcome.Said["en"], c.Outcome.Said["cy"])
			add(c.Outcome.Did["en"], c.Outcome.Did["cy"])
		}
		for _, text := range texts {
			for lang, s := range text {
				if s == "" && c.State == consult.Published {
					t.Errorf("%s: a text is missing in %s: %q", slug, lang, text)
				}
				if found := leftover.FindString(s); found != "" {
					t.Errorf("%s: %q is left", slug, found)
				}
				checkReserved(t, slug, s)
			}
		}
		checkReserved(t, slug, c.ContactEmail+" "+c.ContactPhone)
	}
}

// checkReserved: domains are reserved for examples (RFC 2606), telephone numbers for drama (Ofcom).
func checkReserved(t *testing.T, slug, s string) {
	t.Helper()
	for _, a := range address.FindAllString(s, -1) {
		if !strings.HasSuffix(a, ".example") && !strings.HasSuffix(a, ".example.org") {
			t.Errorf("%s: %q may be somebody's", slug, a)
		}
	}
	for _, n := range phone.FindAllString(s, -1) {
		if !strings.HasPrefix(strings.ReplaceAll(n, " ", ""), "01632960") {
			t.Errorf("%s: %q may be somebody's", slug, n)
		}
	}
}

// figures are the counts of every question of every consultation, and of responses by day.
func figures(t testing.TB, svc *consult.Service) map[string]int {
	out := map[string]int{}
	for slug, c := range all(t, svc) {
		_, def, faults, err := svc.ConsultationForStaff(t.Context(), signIn(t, svc, consult.Researcher), c.ID)
		if err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		dims := []string{consult.ByChannel, consult.ByLanguage}
		for _, q := range def.Questions() {
			dims = append(dims, q.ID)
		}
		err = svc.Store.View(t.Context(), func(r consult.Reader) error {
			days, err := r.ResponsesByDay(c.ID)
			if err != nil {
				return err
			}
			for _, d := range days {
				out[slug+" "+d.Day+" "+string(d.Channel)] = d.Count
			}
			for _, dim := range dims {
				counts, err := r.Tabulate(c.ID, []string{dim})
				if err != nil {
					return err
				}
				for _, n := range counts {
					out[slug+" "+dim+" "+strings.Join(n.Codes, " ")] = n.Count
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestTheSameSeedGivesTheSameFigures(t *testing.T) {
	one, two := figures(t, seed(t, 0.1)), figures(t, seed(t, 0.1))
	if diff := cmp.Diff(one, two); diff != "" {
		t.Error(diff)
	}
	svc, clock := service(t)
	if _, err := demo.Seed(t.Context(), svc, demo.Options{Seed: 1, Scale: 0.1, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(one, figures(t, svc)) {
		t.Error("another seed gives other figures")
	}
}

func TestOnlyAnEmptyDemonstrationIsSeeded(t *testing.T) {
	svc, clock := service(t)
	svc.Demo = false
	_, err := demo.Seed(t.Context(), svc, demo.Options{Clock: clock})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a store for real use: %v", err)
	}
	svc.Demo = true
	if _, err := demo.Seed(t.Context(), svc, demo.Options{Clock: &demo.Clock{}}); err == nil || svc.Now() != moment {
		t.Errorf("a clock that the store does not run on: %v", err)
	}
	if _, begun, err := demo.Seeded(t.Context(), svc); begun || err != nil {
		t.Errorf("a refusal leaves nothing: %v, %v", begun, err)
	}
	if _, err := svc.FirstAdministratorToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = demo.Seed(t.Context(), svc, demo.Options{Scale: 0.01, Clock: clock})
	}
	if !fault.Is(err, fault.Conflict) || svc.Now() != moment {
		t.Errorf("a second time: %v", err)
	}
}

// BenchmarkSeed makes the whole world. It prints responses a second.
func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		svc, clock := service(b)
		b.StartTimer()
		if _, err := demo.Seed(b.Context(), svc, demo.Options{Seed: demo.DefaultSeed, Clock: clock}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2908/b.Elapsed().Seconds()*float64(b.N), "responses/s")
}
