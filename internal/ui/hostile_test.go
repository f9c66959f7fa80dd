package ui_test

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

// seed makes every run the same.
const seed = 20260329

// unreached names the routes that the driver cannot reach, and why.
var unreached = map[string]string{
	"POST /office/consultations/:id/preview/respond": "it forgets a draft after closing, and a preview does not close",
	"POST /your-response/renew":                      "consent is renewed in its last two months: the tests of the office move the clock that far",
	"POST /office/retention/reviewed":                "what has to be reviewed comes years after a consultation: the tests of the office move the clock that far",
}

// counted are the tables that a refused attempt may touch, on the routes where attempts are counted (security.md T10).
var (
	counted   = []string{"main.audit_event", "main.sign_in_attempt"}
	throttled = []string{"POST /your-response", "POST /your-information/ask", "POST /sign-in", "POST /invitation/:token"}
	// reread are the forms that show a person's words again when something is wrong with them: that they were shown is recorded.
	reread = []string{"POST /office/texts/:consultation/:response/:flagged/redact", "POST /office/texts/:consultation/:response/:flagged/clear",
		"POST /office/texts/:consultation/:response/:flagged/reopen",
		"POST /office/breaches/:id/close", "POST /office/registers/disclosures/:id/close", "POST /office/registers/processors/:id/close",
		"POST /office/requests/:id/find/:search", "POST /office/requests/:id/redact", "POST /office/requests/:id/rectify",
		"POST /office/requests/:id/equality"}
	// readable are what a page may touch when it is only read: a session begins, a read of personal data is recorded.
	readable = []string{"main.audit_event", "main.session"}
)

// TestHostileInput crawls every page and form as everybody who can have one, and sends what nobody should. See security.md
// section 2 ("H") and R13: no 5xx, no panic, nothing stored by what was refused, nothing reflected, nothing leaked.
func TestHostileInput(t *testing.T) {
	started := time.Now()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // it makes more garbage than the service
	s := besiege(t)
	s.furnish()
	s.residents()
	s.late()
	s.releases()
	s.report()
	s.staff()
	stranger := s.stranger()

	var targets []target
	for _, a := range s.actors {
		targets = append(targets, s.crawl(a)...)
	}
	crawled := time.Since(started)
	d := &drive{siege: s, random: rand.New(rand.NewPCG(seed, 2)), statuses: map[int]int{}, kinds: map[string]int{}, touched: map[string]bool{}}
	chosen := d.choose(targets, stranger)
	for _, c := range chosen {
		d.attack(c, stranger)
	}
	d.readBack(chosen)
	d.coverage()
	d.logIsClean()
	t.Logf("%d requests to %d kinds of targets of %d actors in %v (crawled in %v); statuses %v", d.sent, len(chosen), len(s.actors),
		time.Since(started).Round(time.Millisecond), crawled.Round(time.Millisecond), d.statuses)
	if d.sent < leastRequests {
		t.Errorf("%d hostile requests, want at least %d", d.sent, leastRequests)
	}
	if good := d.statuses[200] + d.statuses[303]; good*5 < d.sent {
		t.Errorf("only %d of %d requests came past the guard: the driver proves too little", good, d.sent)
	}
}

// stranger is somebody whose token is tried in everybody's forms.
func (s *siege) stranger() string {
	a := &actor{s: s, name: "stranger", wire: wire{addr: s.addr}, cookies: map[string]string{}}
	defer a.wire.close()
	for _, f := range a.page("/c/other/respond").forms {
		if token := f.values().Get("_csrf"); token != "" {
			return token
		}
	}
	s.t.Fatal("the stranger has no token")
	return ""
}

// drive is one run of the driver.
type drive struct {
	*siege
	random   *rand.Rand
	sent     int
	failures int
	statuses map[int]int
	kinds    map[string]int
	touched  map[string]bool
	lost     []string // targets whose form went away under an accepted request
}

// choice is one kind of target: where it stands, several times because an accepted request may end it, and which mutants it gets.
type choice struct {
	targets []target
	mutants []int
}

// choose groups the targets by kind and chooses which mutants each kind gets: all, or an even sample where there are too many.
// Refused ones come first: they change nothing, so that the form is still there for the rest. What ends things comes last.
func (d *drive) choose(targets []target, stranger string) (out []choice) {
	at, total := map[string]int{}, 0
	for _, t := range targets {
		i, ok := at[t.kind]
		if !ok {
			i = len(out)
			at[t.kind] = i
			out = append(out, choice{})
			total += len(mutations(t, stranger))
		}
		if len(out[i].targets) < 8 {
			out[i].targets = append(out[i].targets, t)
		}
	}
	for i := range out {
		mutants := mutations(out[i].targets[0], stranger)
		keep := min(len(mutants), (len(mutants)*mostRequests+total-1)/total)
		out[i].mutants = d.random.Perm(len(mutants))[:keep]
		slices.SortFunc(out[i].mutants, func(a, b int) int { return cmp.Or(int(mutants[b].want)-int(mutants[a].want), a-b) })
	}
	slices.SortStableFunc(out, func(a, b choice) int { return errands(a) - errands(b) })
	return out
}

func errands(c choice) int {
	method, path, _ := strings.Cut(c.targets[0].route, " ")
	switch {
	case errand(method, path):
		return 2
	case method == http.MethodPost && (strings.Contains(path, "/survey/") || strings.HasSuffix(path, "/ages/edit")):
		return 1 // it changes what is previewed
	}
	return 0
}

// attack sends the chosen mutants. When an accepted one ended the stage its actor was at (the response is sent, withdrawn,
// signed out), somebody new comes to it; when it ended the object (published, erased), the next of its kind has to do.
func (d *drive) attack(c choice, stranger string) {
	d.t.Helper()
	for _, t := range c.targets {
		if !d.stands(&t) && !d.restored(&t) {
			continue
		}
		if c.mutants = d.attackOne(t, stranger, c.mutants); len(c.mutants) == 0 {
			d.reach(t, stranger)
			return
		}
		if errands(c) == 2 {
			break // others need what is left
		}
	}
	d.lost = append(d.lost, c.targets[0].by.name+" "+c.targets[0].route)
}

// attackOne returns the mutants that are left when the target is gone.
func (d *drive) attackOne(t target, stranger string, chosen []int) []int {
	d.t.Helper()
	mutants := mutations(t, stranger)
	d.files.changed() // what it took to come here
	for i, n := range chosen {
		if d.failures > 200 {
			d.t.Fatal("too many failures")
		}
		if n >= len(mutants) {
			continue // fewer cookies than when the form was found
		}
		if changed := d.send(t, mutants[n], mutants[n].make()); !changed || t.form == nil {
			continue
		}
		if !d.stands(&t) && !d.restored(&t) {
			return chosen[i+1:]
		}
		mutants = mutations(t, stranger)
		d.files.changed()
	}
	return nil
}

// reach sends further mutants to a route of which the few that were chosen all asked for something that is not there.
func (d *drive) reach(t target, stranger string) {
	d.t.Helper()
	for _, m := range mutations(t, stranger) {
		if d.touched[t.route] || !d.stands(&t) && !d.restored(&t) {
			return
		}
		d.files.changed() // what it took to come here
		d.send(t, m, m.make())
	}
}

// restored brings somebody new to the stage, and to the consultation if it is another than the actor's own.
func (d *drive) restored(t *target) bool {
	d.t.Helper()
	t.by.again()
	if d.stands(t) {
		return true
	}
	if begin, _, ok := strings.Cut(t.at, "/respond/"); ok {
		t.by.browse(t.by.get(begin + "/respond"))
	}
	return d.stands(t)
}

// stands looks whether the target is where it was, and takes its form as it is now: with today's token and version.
func (d *drive) stands(t *target) bool {
	d.t.Helper()
	answer, err := t.by.send(t.by.get(t.at))
	if err != nil {
		d.t.Errorf("%s: %s: %v", t.by.name, t.at, err)
		return false
	}
	t.by.keep(answer)
	if t.form == nil {
		if answer.status == t.code {
			d.touched[t.route] = true // a few mutants may all be of the kind that is not found
		}
		return answer.status == t.code
	}
	for _, f := range t.by.read(t.at, answer).forms {
		if f.method == t.form.method && f.action == t.form.action && slices.Equal(f.names(), t.form.names()) {
			t.form = &f
			return true
		}
	}
	return false
}

// send sends one mutant and judges the answer. It reports whether a request changed something that was not refused.
func (d *drive) send(t target, m mutant, r request) (changed bool) {
	d.t.Helper()
	answer, err := t.by.send(r)
	d.sent++
	if err != nil {
		d.fail(t, m, r, nil, err.Error())
		return false
	}
	d.statuses[answer.status]++
	if answer.status != http.StatusNotFound && answer.status != http.StatusMethodNotAllowed {
		d.touched[t.route] = true
	}
	for _, fault := range d.faults(r, m.unread(answer), answer) {
		d.fail(t, m, r, answer, fault)
	}
	if m.want == refused && (answer.status < 400 || answer.status >= 500) {
		d.fail(t, m, r, answer, "not refused")
	}
	if m.want == ended && (answer.status < 400 && answer.status != http.StatusSeeOther || answer.status >= 500) {
		d.fail(t, m, r, answer, "not sent away")
	}
	tables := d.files.changed()
	for _, table := range tables {
		begins := m.want == ended && table == "main.session" && answer.header.Get("Set-Cookie") != ""
		if !begins && (m.want == ended || !d.mayTouch(r, answer, table)) {
			d.fail(t, m, r, answer, "changed "+table)
		}
	}
	return len(tables) > 0
}

// mayTouch says whether an answer of this kind may change the table.
func (d *drive) mayTouch(r request, answer *reply, table string) bool {
	route, _ := d.routeOf(r.method, r.target)
	switch {
	case answer.status >= 400:
		if again := answer.status == http.StatusUnprocessableEntity || answer.status == http.StatusConflict; again && slices.Contains(reread, route.Method+" "+route.Path) {
			return table == "main.audit_event"
		}
		return slices.Contains(throttled, route.Method+" "+route.Path) && slices.Contains(counted, table)
	case r.method != http.MethodPost:
		return slices.Contains(readable, table)
	}
	return true
}

func (d *drive) fail(t target, m mutant, r request, answer *reply, what string) {
	d.t.Helper()
	d.kinds[m.what+": "+what]++
	if d.kinds[m.what+": "+what] > 2 {
		return
	}
	d.failures++
	status := 0
	if answer != nil {
		status = answer.status
	}
	d.t.Errorf("%s [%s at %s] %s: %s: %d: %v", t.by.name, t.route, t.at, m.what, what, status, r)
}

// readBack reads every page again: what was stored must come out as text, for everybody.
func (d *drive) readBack(chosen []choice) {
	d.t.Helper()
	for _, c := range chosen {
		t := c.targets[0]
		r := t.by.get(t.at)
		answer, err := t.by.send(r)
		if err != nil {
			d.t.Errorf("%s: %s: %v", t.by.name, t.at, err)
			continue
		}
		for _, fault := range d.faults(r, false, answer) {
			d.t.Errorf("read back: %s: %s", explain(t.by, r, answer), fault)
		}
	}
}

// coverage fails for a route that was neither reached nor excused.
func (d *drive) coverage() {
	d.t.Helper()
	for _, r := range d.Kit.All() {
		name := r.Method + " " + r.Path
		switch _, excused := unreached[name]; {
		case d.touched[name] && excused:
			d.t.Errorf("%s is reached: take it off the list", name)
		case !d.touched[name] && !excused:
			d.t.Errorf("%s was not reached: reach it, or say why not", name)
		}
	}
	if len(d.lost) > 0 {
		d.t.Logf("%d forms went away for good under an accepted request: %v", len(d.lost), slices.Compact(slices.Sorted(slices.Values(d.lost))))
	}
}

// logIsClean: the log tells routes and failures, and nothing of anybody.
func (d *drive) logIsClean() {
	d.t.Helper()
	log := d.Log.String()
	for line := range strings.Lines(log) {
		for _, secret := range append([]string{marker, "panic", "WM1 1AA", staffPassword, "folkmoot_r"}, d.secret...) {
			if strings.Contains(line, secret) {
				d.t.Errorf("the log tells %q: %.300s", secret, line)
			}
		}
	}
	if !strings.Contains(log, "route=/c/:slug") {
		d.t.Error("the log is empty: the test proves nothing")
	}
}
