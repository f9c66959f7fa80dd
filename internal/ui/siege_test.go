package ui_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

// siege is the whole application on a port of its own, with people at every stage of what they do there.
type siege struct {
	*uitest.World
	t      testing.TB
	addr   string
	files  *files
	actors []*actor
	known  map[string][]string // what a parameter of an address can be, by the pattern that ends in it
	home   home
	secret []string // what must not be in the log: codes, references, addresses, cookies
}

const staffPassword = "A long sentence nobody guesses 7431"

// besiege starts it over SQLite, as a service reached over https.
func besiege(t testing.TB) *siege {
	t.Helper()
	return besiegeIn(t, t.TempDir())
}

func besiegeIn(t testing.TB, dir string) *siege {
	t.Helper()
	s := &siege{World: uitest.NewIn(t, dir), t: t, known: map[string][]string{}}
	kit, err := ui.Kit(ui.Options{Service: s.Service, HTTPS: true, Log: slog.New(slog.NewTextHandler(s.Log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	s.Kit = kit
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = listener.Addr().String()
	ended := make(chan error, 1)
	go func() { ended <- kit.App().Listener(listener) }()
	t.Cleanup(func() {
		if err := kit.App().ShutdownWithTimeout(5 * time.Second); err != nil {
			t.Log("shut down:", err)
		}
		<-ended
	})
	return s
}

// actor is somebody with a browser: cookies, and a way to come to the same point again.
type actor struct {
	s       *siege
	name    string
	wire    wire
	cookies map[string]string
	make    func(*actor) // from a fresh browser to the stage that the name says
	starts  []string     // where a crawl begins
	below   string       // a crawl stays there
	side    page.Area    // Public or Office: whose addresses a crawl makes up; empty: all
}

// enlist makes an actor and brings it to its stage.
func (s *siege) enlist(side page.Area, name string, make func(*actor), starts ...string) *actor {
	a := &actor{s: s, name: name, side: side, wire: wire{addr: s.addr}, make: make, starts: starts}
	a.again()
	s.actors = append(s.actors, a)
	s.t.Cleanup(a.wire.close)
	return a
}

// again brings the actor to its stage with a fresh browser.
func (a *actor) again() {
	a.cookies = map[string]string{}
	if a.make != nil {
		a.make(a)
	}
}

// get makes the request that a browser makes for a page.
func (a *actor) get(target string) request {
	r := request{method: http.MethodGet, target: target, head: []string{"Host: " + host, "User-Agent: test", "Accept: text/html,*/*;q=0.8",
		"Sec-Fetch-Site: same-origin"}}
	if c := a.cookie(); c != "" {
		r.head = append(r.head, "Cookie: "+c)
	}
	return r
}

// post makes the request that a browser makes for a form.
func (a *actor) post(target, body string) request {
	r := a.get(target)
	r.method, r.body = http.MethodPost, body
	return r.and("Origin: https://"+host, "Content-Type: application/x-www-form-urlencoded")
}

func (a *actor) cookie() string {
	var out []string
	for name, value := range a.cookies {
		out = append(out, name+"="+value)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// send sends a request and does nothing else.
func (a *actor) send(r request) (*reply, error) { return a.wire.exchange(r.method, r.bytes()) }

// browse sends a request as a browser does: it keeps cookies and follows redirects. It fails the test when there is no answer.
func (a *actor) browse(r request) (*reply, string) {
	a.s.t.Helper()
	at := r.target
	for range 10 {
		answer, err := a.send(r)
		if err != nil {
			a.s.t.Fatalf("%s: %v: %v", a.name, r, err)
		}
		a.keep(answer)
		to := answer.header.Get("Location")
		if answer.status/100 != 3 || to == "" {
			return answer, at
		}
		at = to
		r = a.get(to)
	}
	a.s.t.Fatalf("%s: %s: redirects without end", a.name, at)
	return nil, ""
}

func (a *actor) keep(answer *reply) {
	for _, c := range (&http.Response{Header: answer.header}).Cookies() {
		if c.MaxAge < 0 {
			delete(a.cookies, c.Name)
		} else {
			a.cookies[c.Name] = c.Value
		}
	}
}

// page opens a page that must answer 200.
func (a *actor) page(target string) *sheet {
	a.s.t.Helper()
	answer, at := a.browse(a.get(target))
	if answer.status != http.StatusOK {
		a.s.t.Fatalf("%s: %s answered %d at %s", a.name, target, answer.status, at)
	}
	return a.read(at, answer)
}

func (a *actor) read(at string, answer *reply) *sheet {
	a.s.t.Helper()
	s, err := readSheet(at, answer.body)
	if err != nil {
		a.s.t.Fatal(err)
	}
	return s
}

// fill sends the form of the sheet that has one of the fields, with name, value pairs over what it holds, and returns the page
// after it.
func (a *actor) fill(s *sheet, pairs ...string) *sheet {
	a.s.t.Helper()
	for _, f := range s.forms {
		if f.method != http.MethodPost || strings.HasSuffix(f.action, "/sign-out") || len(pairs) > 0 && !slices.Contains(f.names(), pairs[0]) {
			continue
		}
		v := url.Values{}
		for name, values := range f.values() {
			if kind := f.kind(name); kind != "radio" {
				v[name] = values
			}
		}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		answer, at := a.browse(a.post(f.action, v.Encode()))
		if answer.status != http.StatusOK {
			a.s.t.Fatalf("%s: %s answered %d at %s:\n%s", a.name, f.action, answer.status, at, answer.body)
		}
		return a.read(at, answer)
	}
	a.s.t.Fatalf("%s: %s has no form with %v", a.name, s.path, pairs)
	return nil
}

// answered goes through the questions of the consultation at the address to the check page.
func (a *actor) answered(base string) *sheet {
	s := a.page(base + "/respond")
	for _, pairs := range [][]string{{"satisfied", "very_satisfied"}, {"member", "no"}, {"why_not", "too far"}, {"uses", "books"}, {"visits", "12"},
		{"last_visit-day", "27", "last_visit-month", "3", "last_visit-year", "2024"}, {"home", "WM1 1AA"}, {"more", "I like it"}} {
		s = a.fill(s, pairs...)
	}
	return s
}

var (
	codeForm      = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}\b`)
	referenceForm = regexp.MustCompile(`\bWEM-[0-9A-Z]{4}-[0-9A-Z]{4}\b`)
)

// sent sends the response to the consultation, skips the equality questions and returns reference and code.
func (a *actor) sent(base string) (reference, code string) {
	gate := a.fill(a.answered(base))
	done := a.fill(gate, "equality", "no")
	answer, _ := a.browse(a.get(done.path))
	reference, code = referenceForm.FindString(answer.body), codeForm.FindString(answer.body)
	if reference == "" || code == "" {
		a.s.t.Fatalf("%s: no reference or code on %s", a.name, done.path)
	}
	a.s.secret = append(a.s.secret, reference, code)
	return reference, code
}

// oldEnough goes on from the page that asks whether somebody wants to answer the equality questions, and says that they are old enough for them.
func (a *actor) oldEnough(gate *sheet) *sheet {
	return a.fill(a.fill(gate, "equality", "yes"), "over", "yes")
}

// child passes the gate of a consultation for young people as somebody of 8 to 12, and waits for a parent.
func (a *actor) child(base string) *sheet {
	return a.fill(a.fill(a.page(base+"/respond"), "over", "yes"), "over", "no")
}

// residents enlists somebody at every stage of taking part.
func (s *siege) residents() {
	s.enlist("", "anonymous", nil, "/", "/cy", s.home.proof, "/cy"+s.home.proof)
	s.enlist(page.Public, "at a kiosk", func(a *actor) { a.page(s.home.kiosk) }, s.home.kiosk, "/cy"+s.home.kiosk)
	s.enlist(page.Public, "begun", func(a *actor) { a.page("/c/library/respond") }, "/c/library/respond", "/cy/c/library/respond")
	s.enlist(page.Public, "answered", func(a *actor) { a.answered("/c/library") }, "/c/library/respond/check", "/cy/c/library/respond/check")
	s.enlist(page.Public, "sent", func(a *actor) { a.fill(a.answered("/c/library")) }, "/c/library/equality", "/cy/c/library/equality")
	s.enlist(page.Public, "asked", func(a *actor) { a.fill(a.fill(a.answered("/c/library")), "equality", "yes") },
		"/c/library/equality/age-check", "/cy/c/library/equality/age-check")
	s.enlist(page.Public, "old enough", func(a *actor) { a.oldEnough(a.fill(a.answered("/c/library"))) },
		"/c/library/equality/consent", "/cy/c/library/equality/consent")
	s.enlist(page.Public, "consented", func(a *actor) {
		a.fill(a.oldEnough(a.fill(a.answered("/c/library"))), "consent", "agree")
	}, "/c/library/equality/age_band", "/cy/c/library/equality/age_band")
	s.enlist(page.Public, "at the gate", func(a *actor) { a.page("/c/young/respond") }, "/c/young/respond/age-check", "/cy/c/young/respond/age-check")
	s.enlist(page.Public, "a child", func(a *actor) { a.child("/c/young") }, "/c/young/respond/age-permission", "/cy/c/young/respond/age-permission", "/c/young/respond/age-under", "/cy/c/young/respond/age-under")
	s.enlist(page.Public, "done", func(a *actor) { a.sent("/c/library") }, "/c/library/done", "/cy/c/library/done")
	s.enlist(page.Public, "holding a code", func(a *actor) { a.opened(false) }, "/your-response/held", "/cy/your-response/held")
	s.enlist(page.Public, "holding a code with consent", func(a *actor) { a.opened(true) }, "/your-response/held", "/cy/your-response/held")
	s.enlist(page.Public, "asked anew", func(a *actor) {
		a.s.Clock.Move(a.s.Clock.Now().Add(20 * time.Minute))
		code := a.s.home.codes[0]
		a.s.home.codes = append(a.s.home.codes[1:], code) // who was asked and answered is asked about something else the next time round
		a.fill(a.page("/your-response"), "code", code)
	}, "/your-response/new-use/responses", "/cy/your-response/new-use/responses", "/your-response/new-use/equality", "/cy/your-response/new-use/equality")
	s.enlist(page.Public, "asking", func(a *actor) {
		a.s.Clock.Move(a.s.Clock.Now().Add(20 * time.Minute)) // wrong codes make everybody of the network wait
		a.fill(a.page("/your-information/ask?about=complaint"), "text", "It went wrong", "contact", "zoe@resident.example")
	}, "/your-information/sent", "/cy/your-information/sent", "/your-information/ask?about=object", "/cy/your-information/ask?about=complaint")
	s.secret = append(s.secret, "It went wrong", "zoe@resident.example")
	s.enlist(page.Public, "withdrawn", func(a *actor) {
		a.opened(true)
		a.fill(a.page("/your-response/withdraw"))
	}, "/your-response/withdrawn", "/cy/your-response/withdrawn")
}

// opened sends a response, with consent or without, and opens it again with its code in a fresh browser.
func (a *actor) opened(consent bool) {
	a.s.t.Helper()
	_, code := a.sent("/c/library")
	if consent {
		a.fill(a.oldEnough(a.page("/c/library/equality")), "consent", "agree")
	}
	a.cookies = map[string]string{}
	a.s.Clock.Move(a.s.Clock.Now().Add(20 * time.Minute)) // wrong codes make everybody of the network wait
	a.fill(a.page("/your-response"), "code", code)
}

// late enlists somebody whose consultation closed while they were answering. It moves the clock. What is forgotten then cannot be
// begun again, so that several browsers are kept.
func (s *siege) late() {
	var begun []map[string]string
	for range 30 {
		a := &actor{s: s, name: "in time", wire: wire{addr: s.addr}, cookies: map[string]string{}}
		a.fill(a.page("/c/closing/respond"), "satisfied", "very_satisfied")
		a.wire.close()
		begun = append(begun, a.cookies)
	}
	s.Clock.Move(closing)
	s.enlist(page.Public, "late", func(a *actor) {
		if len(begun) > 0 { // without one, the form is lost and the driver says so
			a.cookies, begun = begun[0], begun[1:]
		}
	}, "/c/closing/respond", "/cy/c/closing/respond")
}

// invite makes a person of the role who can sign in and work, and returns their e-mail address.
func (s *siege) invite(role consult.Role, partner string) string {
	s.t.Helper()
	email := s.hire(role, partner)
	s.Accept(s.t, email)
	return email
}

// hire makes a person of the role who can sign in, and has accepted nothing.
func (s *siege) hire(role consult.Role, partner string) string {
	s.t.Helper()
	ctx := context.Background()
	n := consult.Staff{Email: fmt.Sprintf("%s%d@wealdmere.example", role, len(s.secret)), Name: "Person " + string(role), Role: role}
	if role == consult.PartnerUser {
		n.PartnerID = partner
	}
	token, err := s.Service.Invite(ctx, uitest.Administrator, n)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Service.AcceptInvitation(ctx, token, n.Name, n.Email, staffPassword); err != nil {
		s.t.Fatal(err)
	}
	s.secret = append(s.secret, n.Email, n.Name)
	return n.Email
}

// signIn signs in and reports whether it worked.
func (a *actor) signIn(email string) bool {
	a.s.t.Helper()
	for _, f := range a.page("/sign-in").forms {
		if slices.Contains(f.names(), "password") {
			v := f.values()
			v.Set("email", email)
			v.Set("password", staffPassword)
			_, at := a.browse(a.post(f.action, v.Encode()))
			return at != f.action
		}
	}
	a.s.t.Fatal("there is no form to sign in")
	return false
}

// explain names an actor and a request in a failure.
func explain(a *actor, r request, answer *reply) string {
	return fmt.Sprintf("%s: %v: %d", a.name, r, answer.status)
}
