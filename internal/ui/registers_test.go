package ui_test

import (
	"context"
	"strconv"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

var officer = &consult.Staff{ID: "officer", Name: "Dee Protection", Role: consult.DPO}

// registers are requests and breaches in every state, so many that some may be ended.
func (s *siege) registers() {
	s.t.Helper()
	ctx, desk := context.Background(), dpo.Desk{Service: s.Service}
	keep := func(c *dpo.Case, err error) *dpo.Case {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		s.known["/office/requests/:id"] = append(s.known["/office/requests/:id"], c.Entry.ID)
		return c
	}
	check := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	for i := range 4 { // six requests a round: as many as a crawl tries of one route
		d := must[*consult.Draft](s.t)(s.Service.Begin(ctx, "library", locale.English))
		d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}}
		done := must[consult.Submitted](s.t)(s.Service.SubmitResponse(ctx, d))
		s.secret = append(s.secret, done.Code)
		code := done.Code
		if i%2 == 0 { // who agreed to a new use afterwards
			code = s.home.agreed[i/2]
		}
		linked := keep(desk.Receive(ctx, privacy.Request{Kind: privacy.AskErase}, code, "n"))
		if i%2 == 1 {
			check(desk.Restrict(ctx, officer, linked.Entry.ID, 1))
		}
		keep(desk.Receive(ctx, privacy.Request{Kind: privacy.AskRectify}, s.consenting(), "n"))
		keep(desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject}, done.Code, "n"))
		found := keep(desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskAccess, Received: "2026-03-20", Channel: privacy.ByPost, Contact: "2 High Street"}))
		check(desk.Identify(ctx, officer, found.Entry.ID, 1, "2026-03-20", privacy.IdentityKnowledge, "", "What they wrote"))
		must[int](s.t)(desk.Search(ctx, officer, found.Entry.ID, 2, privacy.SubjectQuery{Words: "gwen"}))
		searched := must[*dpo.Case](s.t)(desk.Case(ctx, officer, found.Entry.ID)).Request.Searches[0].Subject.Matches
		for n, m := range searched[:2] { // two of them the person's, so that there is another to take in hand
			check(desk.Decide(ctx, officer, found.Entry.ID, int64(3+n), 0, m.Response, privacy.VerdictTheirs, ""))
		}
		check(desk.Redact(ctx, officer, found.Entry.ID, 5, []privacy.Passage{{Words: "Write to", Ground: "third_party", Reason: "An example"}}))
		s.known["/office/requests/:id/find/:search"] = []string{"1"}
		keep(desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskAccess, Received: "2026-03-20", Channel: privacy.ByEmail, Name: "Gwen Example",
			Contact: "gwen@resident.example", Text: "Number " + strconv.Itoa(i)}))
		paused := keep(desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskAccess, Received: "2026-03-20", Channel: privacy.ByPost, Contact: "1 High Street"}))
		check(desk.Ask(ctx, officer, paused.Entry.ID, 1, "2026-03-21", "Which one?"))
		b, _, err := desk.RecordBreach(ctx, officer, privacy.Breach{AwareAt: uitest.Start.Add(-time.Hour), Kinds: privacy.BreachKinds(), What: "Something " + strconv.Itoa(i)})
		check(err)
		x, _, err := desk.RecordDisclosure(ctx, officer, uitest.Disclosure())
		check(err)
		s.known["/office/registers/disclosures/:id"] = append(s.known["/office/registers/disclosures/:id"], x.Entry.ID)
		processor, _, err := desk.RecordProcessor(ctx, officer, uitest.Processor())
		check(err)
		s.known["/office/registers/processors/:id"] = append(s.known["/office/registers/processors/:id"], processor.Entry.ID)
		s.known["/office/breaches/:id"] = append(s.known["/office/breaches/:id"], b.Entry.ID)
	}
	s.known["/office/requests/:id/letters/:letter"] = []string{"acknowledgement", "identity"}
}

// consenting is the code of a response whose person agreed to the equality questions.
func (s *siege) consenting() string {
	s.t.Helper()
	ctx := context.Background()
	d := must[*consult.Draft](s.t)(s.Service.Begin(ctx, "library", locale.English))
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}}
	done := must[consult.Submitted](s.t)(s.Service.SubmitResponse(ctx, d))
	s.secret = append(s.secret, done.Code)
	must[bool](s.t)(s.Service.CheckEqualityAge(ctx, done.Code, true))
	con := must[*consult.Held](s.t)(s.Service.HeldByCode(ctx, done.Code, "n")).Consultation
	statement := must[privacy.Statement](s.t)(s.Service.ConsentStatement(ctx, con, locale.English))
	must[consult.ConsentStatus](s.t)(s.Service.DecideConsent(ctx, done.Code, true, statement.Hash, locale.English))
	return done.Code
}

// flaggedTexts are texts that are held back, and some about which the officer has decided.
func (s *siege) flaggedTexts(library *consult.Consultation) {
	s.t.Helper()
	ctx := context.Background()
	s.known["/office/texts/:consultation"] = []string{library.ID}
	for i := range 8 {
		d := must[*consult.Draft](s.t)(s.Service.Begin(ctx, "library", locale.English))
		d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "more": {Text: "Write to gwen@resident.example"}}
		done := must[consult.Submitted](s.t)(s.Service.SubmitResponse(ctx, d))
		s.secret = append(s.secret, done.Code)
		s.known["/office/texts/:consultation/:response"] = append(s.known["/office/texts/:consultation/:response"], done.ResponseID)
		if i%2 == 1 {
			if err := s.Service.RedactText(ctx, officer, done.ResponseID, "more", "Write to [removed]", "An address."); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.known["/office/texts/:consultation/:response/:flagged"] = []string{"more"}
}
