package inside_test

import (
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// An officer's page that is older than what the person did stores nothing and shows what was entered once more (UK GDPR art. 7(3), 17(1)); the request says
// that equality answers were corrected, and not which.
func TestAnOlderPageOfTheOfficerIsShownAgain(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.Publish(t, "libraries", uitest.Everything, nil)
	d, err := w.Service.Begin(ctx, c.Slug, locale.English)
	check(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}, "member": {Codes: []string{"yes"}}}
	d.Ages = uitest.OldEnough(w.Service.Now())
	done, err := w.Service.SubmitResponse(ctx, d)
	check(t, err)
	statement, err := w.Service.ConsentStatement(ctx, c, locale.English)
	check(t, err)
	_, err = w.Service.DecideConsent(ctx, done.Code, true, statement.Hash, locale.English)
	check(t, err)
	check(t, w.Service.SaveEquality(ctx, done.Code, c.ID, survey.Answers{"sex": {Codes: []string{"female"}}}))
	cases := dpo.Desk{Service: w.Service}
	x, err := cases.Receive(ctx, privacy.Request{Kind: privacy.AskRectify}, done.Code, "n")
	check(t, err)
	b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID
	held := func() *consult.Held {
		h, err := w.Service.HeldByCode(ctx, done.Code, "n")
		check(t, err)
		return h
	}
	entered := func() url.Values {
		out := hiddenOf(t, b)
		out.Set("sex", "male")
		return out
	}

	b.Get(at + "/equality").Sound(t)
	check(t, w.Service.ChangeEquality(ctx, done.Code, c.ID, consult.EqualityChange{Seen: held().EqualitySeen})) // the person, meanwhile
	a := b.Fill(entered())
	if a.Status != 409 || !strings.Contains(a.Text(), "What you entered is below and is not saved") || !strings.Contains(a.Body, `value="male" checked`) || len(held().Equality) > 0 {
		t.Fatalf("%d, %d answers: %s", a.Status, len(held().Equality), a.Text())
	}
	a.Sound(t)
	if a := b.Fill(entered()); a.Status != 303 || held().Equality["sex"].Codes[0] != "male" {
		t.Errorf("saved again: %d %s", a.Status, a.Text())
	}
	if a := b.Get(at); !strings.Contains(a.Text(), "Answers to the equality questions") || strings.Contains(a.Text(), "Male") {
		t.Errorf("the request: %s", a.Text())
	}
}
