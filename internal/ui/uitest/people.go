package uitest

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Password is that of everybody whom SignIn makes.
const Password = "quiet harbour lantern 47"

// SignIn invites a person with the role, follows the link, chooses a password on the page and comes back signed in. Only for worlds
// with the pages behind the sign-in.
func (w *World) SignIn(t testing.TB, name string, role consult.Role, partnerID string) *Browser {
	t.Helper()
	token, err := w.Service.Invite(context.Background(), Administrator, consult.Staff{Name: name, Email: email(name), Role: role, PartnerID: partnerID})
	check(t, err)
	b := w.Browser(t)
	b.Get("/invitation/" + token)
	if a := b.Fill(url.Values{"password": {Password}, "again": {Password}}); a.Status != 303 {
		t.Fatalf("%s cannot sign in: %d %s", name, a.Status, a.Text())
	}
	w.Accept(t, email(name))
	return b
}

// Accept has the person with the e-mail address accept the statement of confidentiality, as everybody of the council does before they see
// the office. People of partners are not asked.
func (w *World) Accept(t testing.TB, address string) {
	t.Helper()
	ctx := context.Background()
	var member *consult.Staff
	check(t, w.Store.View(ctx, func(r consult.Reader) (err error) {
		member, err = r.StaffByEmail(address)
		return err
	}))
	if !member.May(consult.EnterOffice) {
		return
	}
	statement, err := w.Service.Confidentiality(ctx)
	check(t, err)
	check(t, w.Service.Acknowledge(ctx, member, statement.Hash))
}

func email(name string) string { return fmt.Sprintf("%x@example.org", name) }

// Again signs in, on the page, somebody whom SignIn made: their session ended when the clock was moved.
func (b *Browser) Again(name string) {
	b.t.Helper()
	b.Forget()
	b.Get("/sign-in")
	if a := b.Fill(url.Values{"email": {email(name)}, "password": {Password}}); a.Status != 303 {
		b.t.Fatalf("%s cannot sign in again: %d %s", name, a.Status, a.Text())
	}
}

var (
	tokenField   = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)
	versionField = regexp.MustCompile(`name="version" value="([^"]+)"`)
)

// Fill posts fields to the address of the last page, with the token and the version that are on it, and follows nothing.
func (b *Browser) Fill(fields url.Values) *Answer {
	b.t.Helper()
	return b.FillTo(b.Page.Path, fields)
}

// FillTo is Fill to another address: the button of a small form.
func (b *Browser) FillTo(path string, fields url.Values) *Answer {
	b.t.Helper()
	sent := url.Values{}
	for k, v := range fields {
		sent[k] = v
	}
	if m := tokenField.FindStringSubmatch(b.Page.Body); m != nil {
		sent.Set("_csrf", m[1])
	}
	if m := versionField.FindStringSubmatch(b.Page.Body); m != nil && !sent.Has("version") {
		sent.Set("version", m[1])
	}
	return b.Send(path, sent)
}

// Checked is what a proposer answers who has looked for a motivated intruder's ways and found none.
var Checked = consult.Checklist{SinglingOut: consult.Unlikely, Linkability: consult.Unlikely, Inference: consult.Unlikely, OtherData: "The census."}

// Propose proposes a release on its page, with the answers of Checked; path is that of the release.
func (b *Browser) Propose(path string) *Answer {
	b.t.Helper()
	b.Get(path + "/propose")
	return b.FillTo(path+"/propose", url.Values{"singling_out": {Checked.SinglingOut}, "linkability": {Checked.Linkability}, "inference": {Checked.Inference},
		"other_data": {Checked.OtherData}})
}

// Respond sends n whole responses at once through the service. answers makes the i-th; equality makes its equality answers, nil where
// consent is not given.
func (w *World) Respond(t testing.TB, c *consult.Consultation, n int, answers, equality func(i int) survey.Answers) {
	t.Helper()
	ctx := context.Background()
	statement, err := w.Service.ConsentStatement(ctx, c, locale.English)
	check(t, err)
	var wg sync.WaitGroup
	next := make(chan int)
	for range 8 {
		wg.Go(func() {
			for i := range next {
				if err := w.respond(ctx, c, statement.Hash, answers(i), equality(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// OldEnough says that a respondent is old enough for the equality questions.
func OldEnough(at time.Time) privacy.AgeChecks {
	return privacy.AgeChecks{Checks: []privacy.AgeCheck{{Threshold: 16, Over: true, On: privacy.DateOf(at)}}}
}

func (w *World) respond(ctx context.Context, c *consult.Consultation, statement string, answers, equality survey.Answers) error {
	d, err := w.Service.Begin(ctx, c.Slug, locale.English)
	if err != nil {
		return err
	}
	d.Answers, d.Ages = answers, OldEnough(w.Service.Now())
	done, err := w.Service.SubmitResponse(ctx, d)
	if err != nil || equality == nil {
		return err
	}
	if _, err := w.Service.DecideConsent(ctx, done.Code, true, statement, locale.English); err != nil {
		return err
	}
	return w.Service.SaveEquality(ctx, done.Code, c.ID, equality)
}

// Young makes a consultation one for young people of 8 and over, for whom a parent agrees under 13.
func Young(d *consult.Details) {
	d.Processing.Ages = privacy.AgeRules{Minimum: 8, Equality: 16, Youth: true,
		Notice: both("We are the council. Only we read what you write.", "Ni yw'r cyngor. Dim ond ni sy'n darllen yr hyn a ysgrifennwch.")}
}
