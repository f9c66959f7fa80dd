package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/uitest"
)

// park publishes the consultation with one question and watches the databases.
func (s *siege) park() {
	s.t.Helper()
	s.Publish(s.t, "park", uitest.Short, func(d *consult.Details) {
		d.About, d.Summary, d.OtherWays = locale.Text{"en": "The park."}, locale.Text{"en": "About the park."}, locale.Text{"en": "Call."}
	})
	s.files = watch(s.t, s.Dir)
}

// person is a new browser.
func (s *siege) person(name string) *actor {
	a := &actor{s: s, name: name, wire: wire{addr: s.addr}, cookies: map[string]string{}}
	s.t.Cleanup(a.wire.close)
	return a
}

// ready answers the one question and returns the form that sends the response.
func (a *actor) ready() request {
	a.s.t.Helper()
	for _, f := range a.fill(a.page("/c/park/respond"), "park", "More shade").forms {
		if strings.HasSuffix(f.action, "/respond/check") {
			return a.post(f.action, f.values().Encode())
		}
	}
	a.s.t.Fatal("there is no form to send the response")
	return request{}
}

// TestOnePersonOneResponse: 50 people press the button 20 times at once (security.md T1, R15). There are 50 responses, nobody meets
// an error, and whoever asks gets the reference of their own.
func TestOnePersonOneResponse(t *testing.T) {
	const people = 50
	s := besiege(t)
	s.park()
	references := make([][clicksOfPerson]string, people)
	queue := make(chan int)
	var done sync.WaitGroup
	for range 10 {
		done.Go(func() {
			for i := range queue {
				s.click(i, &references[i])
			}
		})
	}
	for i := range people {
		queue <- i
	}
	close(queue)
	done.Wait()
	if t.Failed() {
		return
	}
	owners := map[string]int{}
	for i, all := range references {
		for n, reference := range all {
			if reference == "" || reference != all[0] {
				t.Errorf("person %d, click %d: reference %q, at first %q", i, n, reference, all[0])
			}
		}
		if other, taken := owners[all[0]]; taken {
			t.Errorf("persons %d and %d have one reference", i, other)
		}
		owners[all[0]] = i
	}
	if n := s.files.count("response"); n != people {
		t.Errorf("%d responses of %d people", n, people)
	}
}

// click lets one person send the same response from all clicks at once, and look at the confirmation after each.
func (s *siege) click(i int, references *[clicksOfPerson]string) {
	a := &actor{s: s, name: "clicking", wire: wire{addr: s.addr}, cookies: map[string]string{}}
	defer a.wire.close()
	send := a.ready()
	var all sync.WaitGroup
	start := make(chan struct{})
	for n := range references {
		all.Go(func() {
			w := wire{addr: s.addr}
			defer w.close()
			<-start
			answer, err := w.exchange(send.method, send.bytes())
			if err != nil || answer.status != http.StatusSeeOther {
				s.t.Errorf("person %d: click %d: %v %v", i, n, answer, err)
				return
			}
			look := a.get("/c/park/done")
			if answer, err = w.exchange(look.method, look.bytes()); err != nil || answer.status != http.StatusOK {
				s.t.Errorf("person %d: confirmation %d: %v %v", i, n, answer, err)
				return
			}
			references[n] = referenceForm.FindString(answer.body)
		})
	}
	close(start)
	all.Wait()
}

const clicksOfPerson = 20

// TestSessionIDs: the service takes no session id of a browser's making (security.md row 40), and none that has ended (row 55).
func TestSessionIDs(t *testing.T) {
	s := besiege(t)
	s.park()
	a := s.person("guessing")
	for n := range 1000 {
		id := guess(n)
		r := a.get("/sign-in").without("Cookie").and("Cookie: __Host-folkmoot_s=" + id + "; __Host-folkmoot_r=" + id)
		if n%100 == 0 { // one in a hundred where a session is made
			r.target = "/c/park/respond"
		} else if n%2 == 0 {
			r.target = "/office"
		}
		answer, err := a.send(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(answer.header.Get("Set-Cookie"), id) || strings.Contains(answer.body, id) {
			t.Fatalf("the id %q of our making came back from %s", id, r.target)
		}
		if r.target == "/office" && answer.status != http.StatusSeeOther {
			t.Fatalf("the id %q opens %s: %d", id, r.target, answer.status)
		}
	}
	old := s.person("old")
	old.ready()
	kept := old.cookie()
	s.Clock.Move(uitest.Start.AddDate(0, 0, 2))
	r := old.get("/c/park/respond/check")
	if answer, err := old.send(r); err != nil || answer.status == http.StatusOK {
		t.Errorf("a session of the day before yesterday is still good: %v %v (%s)", answer, err, kept)
	}
}

// TestEndedSessions: whoever kept the cookie of a session that was ended holds nothing.
func TestEndedSessions(t *testing.T) {
	s := besiege(t)
	s.park()
	a := s.person("signing out")
	email := s.invite(consult.Researcher, "")
	if !a.signIn(email) {
		t.Fatal("cannot sign in")
	}
	r := a.get("/office")
	if answer, err := a.send(r); err != nil || answer.status != http.StatusOK {
		t.Fatalf("signed in, and yet: %v %v", answer, err)
	}
	before := a.get("/office")
	for _, f := range a.page("/office").forms {
		if strings.HasSuffix(f.action, "/sign-out") {
			a.browse(a.post(f.action, url.Values{"_csrf": {f.values().Get("_csrf")}}.Encode()))
		}
	}
	if answer, err := a.send(before); err != nil || answer.status != http.StatusSeeOther {
		t.Errorf("the cookie from before signing out: %v %v", answer, err)
	}
}

// guess makes cookies of every shape that a session's can have.
func guess(n int) string {
	shapes := []string{"MTc5NTMxNjU2OHxqall5N290U2NCN3NJc1lNLU1HWVljVHEtQW9pcVlJR1Yyak9IeTJPNDdjPXwXXhUc6zY0V1p8ITZx2KH3oRy46mga4Ph2mYvwOFKxWg==",
		"0123456789abcdef0123456789abcdef", "3b241101-e2bb-4255-8caf-4136c566a962", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.", "administrator-administrator"}
	shape := []byte(shapes[n%len(shapes)])
	for i := range 6 {
		shape[(n*7+i*5)%len(shape)] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(n>>(i*2)+i)%32]
	}
	return string(shape)
}
