package release_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/inside"
	"folkmoot/internal/ui/uitest"
)

const partnerName = "Fenwick Climate"

// world is a council with a closed consultation of 260 responses, and one person of each kind who is signed in.
type world struct {
	*uitest.World
	partner                                  *consult.Partner
	researcher, approver, dpo, admin, reader *uitest.Browser
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{World: uitest.New(t)}
	inside.Register(w.Kit, w.Service)
	chief := &consult.Staff{ID: "chief", Role: consult.DPO}
	var err error
	if w.partner, err = w.Service.AddPartner(context.Background(), chief, consult.Partner{Name: partnerName, Kind: "company"}); err != nil {
		t.Fatal(err)
	}
	w.researcher = w.SignIn(t, "Ros Researcher", consult.Researcher, "")
	w.approver = w.SignIn(t, "Ana Approver", consult.Approver, "")
	w.dpo = w.SignIn(t, "Dil Officer", consult.DPO, "")
	w.admin = w.SignIn(t, "Ade Admin", consult.Administrator, "")
	w.reader = w.SignIn(t, "Pat Partner", consult.PartnerUser, w.partner.ID)
	return w
}

// publish adds a consultation that names the partner, with responses.
func (w *world) publish(t testing.TB, slug string, responses int) *consult.Consultation {
	t.Helper()
	c := w.Publish(t, slug, uitest.Everything, func(d *consult.Details) {
		for i := range d.Processing.Purposes {
			d.Processing.Purposes[i].Recipients = []privacy.Recipient{{Name: partnerName, Form: privacy.Anonymous, Location: "United Kingdom"}}
		}
		d.Processing.Partners = []string{partnerName}
	})
	w.Respond(t, c, responses, answers, equality)
	return c
}

// closed is publish, after the closing date.
func (w *world) closed(t testing.TB, slug string, responses int) *consult.Consultation {
	t.Helper()
	c := w.publish(t, slug, responses)
	w.move(c.ClosesAt)
	return c
}

// move turns the clock and signs everybody in again.
func (w *world) move(to time.Time) {
	w.Clock.Move(to)
	w.researcher.Again("Ros Researcher")
	w.approver.Again("Ana Approver")
	w.dpo.Again("Dil Officer")
	w.admin.Again("Ade Admin")
	w.reader.Again("Pat Partner")
}

var (
	points = []string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"}
	wards  = []string{"abbots_cross", "market", "millbrook", "mereside", "fairmead", "high_weald"}
)

// answers are those of the i-th respondent: small wards, rare answers, a multiple-choice question, free text.
func answers(i int) survey.Answers {
	ward := wards[(i*i+i/3)%len(wards)]
	if i%90 == 7 {
		ward = wards[5]
	}
	a := survey.Answers{"satisfied": {Codes: []string{points[(i*7+i/5)%5]}}, "home": {Codes: []string{ward}}, "member": {Codes: []string{"yes"}}}
	if i%3 > 0 {
		a["uses"] = survey.Answer{Codes: []string{"books"}}
	}
	if i%4 == 0 {
		a["uses"] = survey.Answer{Codes: []string{"books", "events"}}
	}
	if i%65 == 3 {
		a["member"] = survey.Answer{Codes: []string{"no"}} // four people: too few to be shown
		a["why_not"] = survey.Answer{Text: "zzsecretzz too far"}
	}
	return a
}

func equality(i int) survey.Answers {
	if i%5 > 2 {
		return nil
	}
	return survey.Answers{"age_band": {Codes: []string{[]string{"25_34", "35_44", "45_54"}[i%3]}}, "sex": {Codes: []string{[]string{"female", "male"}[i%2]}}}
}

// agree adds an agreement with the partner on the page.
func (w *world) agree(t testing.TB, b *uitest.Browser) *consult.Agreement {
	t.Helper()
	b.Get("/office/agreements/new?partner=" + w.partner.ID)
	a := b.Fill(agreementFields(w.partner.ID))
	if a.Status != 303 {
		t.Fatalf("agreement: %d %s", a.Status, a.Text())
	}
	all, err := w.Service.Agreements(context.Background(), &consult.Staff{Role: consult.DPO})
	if err != nil || len(all) == 0 {
		t.Fatal("agreements", len(all), err)
	}
	return all[0]
}

func agreementFields(partnerID string) url.Values {
	return url.Values{"partner": {partnerID}, "purpose": {"To plan home insulation advice in the borough"}, "promises": {"Not to identify anybody."},
		"contact_name": {"Cas Contact"}, "contact_email": {"cas@example.org"}, "marketing": {"yes"},
		"starts-day": {"1"}, "starts-month": {"3"}, "starts-year": {"2026"}, "expires-day": {"30"}, "expires-month": {"6"}, "expires-year": {"2027"}}
}

// draft makes a draft on the page and returns its path.
func (w *world) draft(t testing.TB, c *consult.Consultation, agreementID string, tables ...string) string {
	t.Helper()
	w.researcher.Get("/office/consultations/" + c.ID + "/releases/new")
	a := w.researcher.Fill(url.Values{"agreement": {agreementID}, "title-en": {"Libraries for Fenwick"}, "title-cy": {"Llyfrgelloedd i Fenwick"}, "table": tables})
	if a.Status != 303 {
		t.Fatalf("draft: %d %s", a.Status, a.Text())
	}
	return a.Location
}

// released takes a release all the way: drafted and proposed by the researcher, approved by the approver. It returns its id.
func (w *world) released(t testing.TB, c *consult.Consultation, agreementID string, tables ...string) string {
	t.Helper()
	return w.releasedFrom(t, w.draft(t, c, agreementID, tables...))
}

// releasedFrom is released from a draft on.
func (w *world) releasedFrom(t testing.TB, path string) string {
	t.Helper()
	w.researcher.Get(path)
	if a := w.researcher.Propose(path); a.Status != 303 {
		t.Fatalf("propose: %d %s", a.Status, a.Text())
	}
	w.approver.Get(path + "/approve")
	if a := w.approver.Fill(url.Values{"sure": {"yes"}}); a.Status != 303 {
		t.Fatalf("approve: %d %s", a.Status, a.Text())
	}
	return strings.TrimPrefix(path, "/office/releases/")
}

var everything = []string{"satisfied", "satisfied|home", "satisfied|age_band", "member", "member|home", "uses", "uses|home", "age_band"}
