package respond_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

// kiosk returns the address of the library's kiosk.
func kiosk(t testing.TB, w *uitest.World) string {
	t.Helper()
	c, _, err := w.Service.PublicConsultation(t.Context(), "library")
	if err != nil {
		t.Fatal(err)
	}
	code, err := w.Service.KioskCode(t.Context(), uitest.Researcher, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return "/c/library/kiosk/" + code
}

// People answer one after another at a device of the council: the channel is in the response and in the ledger (privacy.md 3.5), and nobody finds what
// somebody before them left.
func TestAKiosk(t *testing.T) {
	w := world(t)
	at1 := kiosk(t, w)
	b := w.Browser(t)
	b.Get("/cy" + at1)
	has(t, b, "Dechrau", "Gorffen a chlirio'r sgrin")
	b.Get(at1)
	has(t, b, "Begin")
	b.Submit(at1)
	if !strings.HasPrefix(b.Page.Path, "/c/library/respond/") || !strings.Contains(b.Page.Body, `data-kiosk="`+at1+`"`) || !strings.Contains(b.Page.Body, "/assets/kiosk.") {
		t.Fatalf("after Begin: %s", b.Page.Path)
	}
	answer(t, b, "")
	b.Submit("")
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	b.Submit("", "consent", "agree")
	b.Get("/c/library/done")
	_, code := confirmed(t, b)
	has(t, b, "Finish and clear the screen")
	stored := responses(t, w, "library")
	if len(stored) != 1 || stored[0].Channel != consult.Kiosk {
		t.Fatalf("%d responses, the first by %s", len(stored), stored[0].Channel)
	}
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		events, err := r.ConsentEvents(w.Service.Keys.PrincipalToken(stored[0].ID))
		if len(events) != 2 || events[1].State != privacy.ConsentGiven || events[0].Channel != "kiosk" || events[1].Channel != "kiosk" || events[1].Actor != "self" {
			t.Errorf("the ledger: %+v", events)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Get("/c/library/receipt")
	has(t, b, "On a council tablet or computer")

	b.Get("/c/library/done")
	b.Submit("")
	at(t, b, at1, http.StatusOK)
	b.Get("/c/library/done")
	hasNot(t, b, code)
	if b.Page.Status != http.StatusGone {
		t.Errorf("the confirmation of the person before: %d", b.Page.Status)
	}

	b.Get(at1)
	b.Submit(at1)
	answer(t, b, "") // and walks away
	b.Get(at1)       // the screen starts anew
	has(t, b, "Begin")
	b.Get("/c/library/respond/check")
	hasNot(t, b, "Too far away", "The café")

	b.Get(at1)
	b.Submit(at1)
	answer(t, b, "")
	w.Clock.Move(w.Clock.Now().Add(61 * time.Minute)) // and the device is taken off the network meanwhile
	b.Get("/c/library/respond/check")
	hasNot(t, b, "Too far away")
	if b.Page.Status == http.StatusOK {
		t.Error("the service remembers somebody who walked away an hour ago")
	}
}

// Whatever the browser held, whoever left it, is gone when somebody begins: also what was answered without the kiosk's Begin.
func TestAKioskBeginsWithNothing(t *testing.T) {
	for _, row := range []struct {
		why   string
		begin func(b *uitest.Browser, at string)
	}{
		{"the page is opened, in a browser that was none", func(b *uitest.Browser, at string) { b.Forget(); answer(t, b, ""); b.Get(at) }},
		{"the page is opened", func(b *uitest.Browser, at string) { answer(t, b, ""); b.Get(at) }},
		{"the page stood open all the time", func(b *uitest.Browser, at string) {
			waiting := *b.Page
			answer(t, b, "")
			b.Page = &waiting
			b.Submit(at)
		}},
		{"the page stood open until its session ended", func(b *uitest.Browser, at string) { b.Forget(); b.Submit(at) }},
	} {
		w := world(t)
		at1 := kiosk(t, w)
		b := w.Browser(t)
		b.Get(at1)
		row.begin(b, at1)
		b.Get("/c/library/respond/check")
		if strings.HasSuffix(b.Page.Path, "/check") && b.Page.Status == http.StatusOK {
			t.Errorf("%s: the draft of the person before: %d %s", row.why, b.Page.Status, b.Page.Path)
		}
		hasNot(t, b, "Too far away", "The café")
		if b.Get(at1); b.Page.Status != http.StatusOK {
			t.Errorf("%s: it does not go on: %d", row.why, b.Page.Status)
		}
	}
}

// Wherever somebody goes on the device, it clears itself, and what they decide is decided there.
func TestAKioskIsOneEverywhere(t *testing.T) {
	w := world(t)
	at1 := kiosk(t, w)
	home := w.Browser(t)
	answer(t, home, "")
	home.Submit("")
	home.Submit("", "equality", "yes")
	home.Submit("", "over", "yes")
	home.Submit("", "consent", "agree")
	home.Get("/c/library/done")
	_, code := confirmed(t, home)
	b := w.Browser(t)
	b.Get(at1)
	if strings.Contains(b.Page.Body, "data-kiosk") {
		t.Error("it asks whether somebody is there who has not come yet")
	}
	for _, path := range []string{"/c/library", "/", "/c/park", "/your-response", "/help", "/privacy", "/nowhere"} {
		b.Get(path)
		if !strings.Contains(b.Page.Body, `data-kiosk="`+at1+`"`) {
			t.Errorf("%s: does not clear itself", path)
		}
		if home.Get(path); strings.Contains(home.Page.Body, "data-kiosk") {
			t.Errorf("%s: at home it does", path)
		}
	}
	open(t, b, code)
	b.Submit("/your-response/withdraw-consent")
	b.Get("/c/park/respond")
	b.Submit("", "park", "More trees")
	at(t, b, "/c/park/respond/check", http.StatusOK)
	b.Submit("")
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		events, err := r.ConsentEvents(w.Service.Keys.PrincipalToken(responses(t, w, "library")[0].ID))
		var got []string
		for _, e := range events {
			got = append(got, string(e.State)+" "+e.Channel)
		}
		if want := "requested web, given web, withdrawn kiosk"; strings.Join(got, ", ") != want {
			t.Errorf("the ledger says %s, want %s", strings.Join(got, ", "), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if all := responses(t, w, "park"); len(all) != 1 || all[0].Channel != consult.Kiosk {
		t.Errorf("another consultation answered there: %d responses", len(all))
	}
}

func TestWhatIsNoKiosk(t *testing.T) {
	w := world(t)
	at1 := kiosk(t, w)
	for path, want := range map[string]int{at1 + "0": 404, "/c/library/kiosk/x": 404, strings.Replace(at1, "library", "park", 1): 404, strings.Replace(at1, "library", "nowhere", 1): 404} {
		if b := w.Browser(t); b.Get(path).Status != want {
			t.Errorf("%s: %d", path, b.Page.Status)
		}
	}
	b := w.Browser(t)
	b.Get("/c/library")
	sendAll(t, b)
	hasNot(t, b, "Finish and clear the screen")
	if got := responses(t, w, "library")[0].Channel; got != consult.Web {
		t.Errorf("by %s", got)
	}
}
