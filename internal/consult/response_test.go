package consult_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

func TestAResponseIsStoredOnceAndReadBackByItsCode(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	d := w.begin(t, c, answers())
	first, err := w.SubmitResponse(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if first.Repeated || !strings.HasPrefix(first.Reference, "WEM-") || len(first.Code) != 24 {
		t.Errorf("got %+v", first)
	}
	d.Answers = survey.Answers{"local_area": {Codes: []string{"very_dissatisfied"}}}
	again, err := w.SubmitResponse(t.Context(), d)
	first.Repeated = true
	if err != nil || again != first {
		t.Errorf("a retry gets the same receipt: got %+v, %v", again, err)
	}
	d.Answers = survey.Answers{}
	if again, err = w.SubmitResponse(t.Context(), d); err != nil || again != first {
		t.Errorf("a retry whose draft was emptied meanwhile gets the same receipt: got %+v, %v", again, err)
	}
	renamed := council()
	renamed.ShortName = "NEW"
	_, version, err := w.CouncilVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SaveCouncil(t.Context(), w.staff[consult.Administrator], version, renamed); err != nil {
		t.Fatal(err)
	}
	for _, a := range []survey.Answers{answers(), {}} {
		d.Answers = a
		if again, err = w.SubmitResponse(t.Context(), d); err != nil || again != first {
			t.Errorf("a retry after the council's short name changed: got %+v, %v", again, err)
		}
	}
	if n := w.responses(t, c); n != 1 {
		t.Errorf("%d responses", n)
	}
	held, err := w.HeldByCode(t.Context(), strings.ToLower(first.Code), "net")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(held.Response.Answers, answers()) {
		t.Errorf("held %v", held.Response.Answers)
	}
	if held.Response.SubmittedOn != "2026-03-31" || held.Response.NoticeVersion != 1 || held.Response.NoticeID != c.Slug || !held.CanWithdraw {
		t.Errorf("held %+v", held.Response)
	}
}

// Security.md T1: fifty people press submit twenty times at once.
func TestOneDraftIsOneResponseHoweverOftenItIsSent(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	const people, presses = 50, 20
	drafts := make([]*consult.Draft, people)
	for i := range drafts {
		drafts[i] = w.begin(t, c, answers())
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	receipts, first := map[string]int{}, 0
	for i := range people * presses {
		wg.Go(func() {
			done, err := w.SubmitResponse(t.Context(), drafts[i%people])
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			receipts[done.Reference+done.Code]++
			if !done.Repeated {
				first++
			}
		})
	}
	wg.Wait()
	if n := w.responses(t, c); n != people || len(receipts) != people || first != people {
		t.Errorf("%d responses, %d receipts, %d told that they were first; want %d of each", n, len(receipts), first, people)
	}
	for receipt, n := range receipts {
		if n != presses {
			t.Errorf("receipt %s: %d replies", receipt[:4], n)
		}
	}
	if n := w.audited(t, "response.submit"); n != people {
		t.Errorf("%d audit entries", n)
	}
}

func TestSubmittingAgainJudgesWhatAPageJudged(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	for _, row := range []struct {
		why    string
		change func(*consult.Draft)
		kind   fault.Kind
	}{
		{"a required answer is missing", func(d *consult.Draft) { delete(d.Answers, "local_area") }, fault.Invalid},
		{"an option that is not offered", func(d *consult.Draft) { d.Answers["runs_things"] = survey.Answer{Codes: []string{"splendid"}} }, fault.Invalid},
		{"an answer to a question that is not asked", func(d *consult.Draft) { d.Answers["religion"] = survey.Answer{Codes: []string{"none"}} }, fault.Invalid},
		{"text longer than the question takes", func(d *consult.Draft) { d.Answers["one_thing"] = survey.Answer{Text: strings.Repeat("a", 1501)} }, fault.Invalid},
		{"NUL in a text", func(d *consult.Draft) { d.Answers["one_thing"] = survey.Answer{Text: "a\x00b"} }, fault.Invalid},
		{"a ward that the council does not have", func(d *consult.Draft) { d.Answers["ward"] = survey.Answer{Codes: []string{"mordor"}} }, fault.Invalid},
		{"a postcode that was to be dropped", func(d *consult.Draft) {
			d.Answers["ward"] = survey.Answer{Codes: []string{"abbots_cross"}, Text: "WM1 1AA"}
		}, fault.Invalid},
		{"a token that could be guessed", func(d *consult.Draft) { d.Token = "short" }, fault.Invalid},
		{"another survey's version", func(d *consult.Draft) { d.SurveyVersion = strings.Repeat("0", 64) }, fault.Invalid},
		{"no language", func(d *consult.Draft) { d.Language = "" }, fault.Invalid},
		{"an unknown consultation", func(d *consult.Draft) { d.ConsultationID = "nothing" }, fault.NotFound},
	} {
		d := w.begin(t, c, answers())
		row.change(d)
		_, err := w.SubmitResponse(t.Context(), d)
		want(t, err, row.kind, row.why)
	}
	if n := w.responses(t, c); n != 0 {
		t.Errorf("%d responses were stored", n)
	}
}

func TestOpeningAndClosingAreExact(t *testing.T) {
	w := newWorld(t)
	c := w.draft(t, "resident-satisfaction")
	_, err := w.Begin(t.Context(), c.Slug, locale.English)
	want(t, err, fault.NotFound, "that a draft exists is not told")
	c = w.open(t, "service-feedback")
	at := func(moment time.Time) { w.turn(moment.Sub(w.clock())) }
	at(c.OpensAt.Add(-time.Second))
	_, err = w.Begin(t.Context(), c.Slug, locale.English)
	want(t, err, fault.Closed, "a second before opening")
	at(c.OpensAt)
	d, err := w.Begin(t.Context(), c.Slug, locale.Welsh)
	if err != nil || d.Language != locale.Welsh {
		t.Fatal(err)
	}
	d.Answers = survey.Answers{"service": {Codes: []string{"libraries"}}, "overall": {Codes: []string{"very_satisfied"}}}
	_, def, err := w.PublicConsultation(t.Context(), c.Slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range survey.NewJourney(def, d.Answers).Missing() {
		d.Answers[q.ID] = survey.Answer{Codes: []string{q.Options[0].Code}}
	}
	at(c.ClosesAt.Add(-time.Second))
	if q, ok := def.Question("service"); ok {
		d.Answers["service"] = survey.Answer{Codes: []string{q.Options[0].Code}}
	}
	first, err := w.SubmitResponse(t.Context(), d)
	if err != nil {
		t.Fatalf("a second before closing: %v", err)
	}
	other := *d
	at(c.ClosesAt)
	if again, err := w.SubmitResponse(t.Context(), d); err != nil || again.Code != first.Code {
		t.Errorf("a retry of what was stored in time: %v", err)
	}
	other.Token = strings.Repeat("b", 43)
	_, err = w.SubmitResponse(t.Context(), &other)
	want(t, err, fault.Closed, "at the moment of closing")
	want(t, w.WithdrawResponse(t.Context(), first.Code), fault.Closed, "a response is counted once the consultation has closed")
}

func TestWithdrawingAResponseLeavesNothing(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, survey.Answers{"sex": {Codes: []string{"female"}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.WithdrawResponse(t.Context(), done.Code); err != nil {
		t.Fatal(err)
	}
	_, err := w.HeldByCode(t.Context(), done.Code, "net")
	want(t, err, fault.NotFound, "after withdrawal")
	want(t, w.WithdrawResponse(t.Context(), done.Code), fault.NotFound, "a second withdrawal")
	if w.responses(t, c) != 0 || w.profiles(t, c) != 0 {
		t.Error("something is left")
	}
	for _, id := range []string{done.ResponseID, w.Keys.EqualityToken(done.ResponseID)} {
		_, err := w.Store.Keys().Key(t.Context(), id)
		want(t, err, fault.NotFound, "its record key")
	}
	if n := w.audited(t, "consent.withdrawn"); n != 1 {
		t.Errorf("%d withdrawals of consent in the audit log", n)
	}
}

func TestCodesCannotBeTriedWithoutEnd(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	var err error
	for i := range 10 {
		_, err = w.HeldByCode(t.Context(), fmt.Sprintf("0000-0000-0000-0000-%04d", i), "attacker")
		want(t, err, fault.NotFound, "a guess")
	}
	_, err = w.HeldByCode(t.Context(), done.Code, "attacker")
	want(t, err, fault.Throttled, "even the right code has to wait")
	before := w.audited(t, "code.unknown")
	for range 5 {
		_, err = w.HeldByCode(t.Context(), "nonsense", "attacker")
		want(t, err, fault.Throttled, "waiting")
	}
	if after := w.audited(t, "code.unknown"); after != before {
		t.Error("attempts that have to wait write nothing")
	}
	if _, err := w.HeldByCode(t.Context(), done.Code, "somebody else"); err != nil {
		t.Errorf("another network is not concerned: %v", err)
	}
	w.turn(31 * time.Second)
	if _, err := w.HeldByCode(t.Context(), done.Code, "attacker"); err != nil {
		t.Errorf("there is no permanent lock: %v", err)
	}
}

func TestAReceiptProvesWhatWasToldAndHoldsNoAnswer(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, survey.Answers{"sex": {Codes: []string{"female"}}}); err != nil {
		t.Fatal(err)
	}
	r, err := w.Receipt(t.Context(), done.Code, locale.Welsh)
	if err != nil {
		t.Fatal(err)
	}
	raw := append(r.File, r.Kantara...)
	for _, forbidden := range []string{done.Code, "benches", "abbots_cross", "fairly_satisfied", `"female"`, done.ResponseID} {
		if strings.Contains(string(raw), forbidden) {
			t.Errorf("the receipt holds %q", forbidden)
		}
	}
	for _, needed := range []string{done.Reference, c.Slug, "Fenwick Climate", "https://say.example/cy/your-response"} {
		if !strings.Contains(string(raw), needed) {
			t.Errorf("the receipt lacks %q", needed)
		}
	}
	if r.Processing.ConsentState != privacy.ConsentGiven || len(r.Events) != 2 {
		t.Errorf("consent %s, %d events", r.Processing.ConsentState, len(r.Events))
	}
}

// The audit log must not tell who took part: no response id, reference or code, nor a language that few share.
func TestTheAuditLogDoesNotTellWhoTookPart(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	tokens := []string{done.ResponseID, done.Reference, done.Code, w.Keys.PrincipalToken(done.ResponseID), w.Keys.EqualityToken(done.ResponseID)}
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			for _, token := range tokens {
				if strings.Contains(fmt.Sprint(e), token) {
					t.Errorf("%s names the respondent", e.Action)
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
