package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/ui/uitest"
)

// programVariable makes the test program be the program: a process of its own can be killed.
const programVariable = "FOLKMOOT_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
		return
	}
	pgtest.Main(m)
}

// killed is the program in a process of its own.
type killed struct {
	t       testing.TB
	process *exec.Cmd
	out     *output
	url     string
}

// start starts the program on a data directory and waits until it answers.
func start(t testing.TB, data string, args ...string) *killed {
	t.Helper()
	k := &killed{t: t, out: &output{}}
	k.process = exec.Command(os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data, "--log-level", "error"}, args...)...)
	k.process.Env = append(os.Environ(), programVariable+"=1")
	k.process.Stdout, k.process.Stderr = k.out, k.out
	if err := k.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.process.Process.Kill() })
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if k.url = addressIn.FindString(k.out.String()); k.url == "" {
			continue
		}
		if r, err := http.Get(k.url + "/healthz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return k
			}
		}
	}
	t.Fatalf("the program did not start:\n%s", k.out)
	return nil
}

// kill kills the program as nothing else does: it finishes nothing.
func (k *killed) kill() {
	k.t.Helper()
	if err := k.process.Process.Signal(syscall.SIGKILL); err != nil {
		k.t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := k.process.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		k.t.Fatalf("the program ended by itself: %v\n%s", err, k.out)
	}
}

// acknowledged is what somebody outside the service knows of their response (security.md 5, the ledger client).
type acknowledged struct {
	browser         *browser
	reference, code string // empty when the service was gone before the confirmation
}

// ledger is written before and after every response.
type ledger struct {
	mu   sync.Mutex
	sent int
	all  []acknowledged
	news chan struct{}
}

func (l *ledger) add(a acknowledged) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, a)
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// TestKilledUnderLoad: the program is killed while people send responses. Whatever was acknowledged is there afterwards, once, with
// its reference and code; and the ledgers are whole (security.md R1). A kill does not test what a power cut does: the store's own
// tests do.
func TestKilledUnderLoad(t *testing.T) {
	const clients, rounds = 8, 8
	data := filepath.Join(t.TempDir(), "data")
	consultation := openPark(t, data)
	random := rand.New(rand.NewPCG(1, 9))
	book := &ledger{news: make(chan struct{}, 1)}
	seen := 0
	for round := range rounds {
		k := start(t, data)
		for i := seen; i < len(book.all); i++ {
			book.all[i].browser.base = k.url
			book.all[i].confirmed(t)
		}
		seen = len(book.all)
		gone, known := make(chan struct{}), len(book.all)
		var crowd sync.WaitGroup
		for range clients {
			crowd.Go(func() { book.people(t, k.url, gone) })
		}
		for more := 10 + random.IntN(30); book.count()-known < more; {
			select {
			case <-book.news:
			case <-time.After(time.Minute):
				t.Fatalf("round %d: nobody can send a response:\n%s", round, k.out)
			}
		}
		k.kill()
		close(gone)
		crowd.Wait()
	}
	k := start(t, data)
	for i := range book.all {
		book.all[i].browser.base = k.url
		book.all[i].confirmed(t)
		book.all[i].opens(t, k.url)
	}
	k.kill()
	checkStored(t, data, consultation, book)
	t.Logf("%d acknowledged, %d begun, in %d rounds", len(book.all), book.sent, rounds)
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

// people send responses, one after the other, until the service is gone.
func (l *ledger) people(t *testing.T, url string, gone <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-gone:
			return
		default:
		}
		if err := l.person(url, n); err != nil {
			if errors.Is(err, errAnswer) {
				t.Error(err)
			}
			<-gone // the service is being killed
			return
		}
	}
}

// errAnswer is an answer that nobody should get; every other error is a connection that broke.
var errAnswer = errors.New("unexpected answer")

func (l *ledger) person(base string, n int) error {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	b := newBrowser(base, transport)
	d, err := b.get("/c/park/respond")
	for _, over := range []url.Values{{"park": {fmt.Sprintf("More shade %d", n)}}, nil} {
		if err != nil {
			return err
		}
		f, lost := d.post()
		if lost != nil || d.Status != http.StatusOK {
			return fmt.Errorf("%w: %d: %w", errAnswer, d.Status, lost)
		}
		if over == nil {
			l.mu.Lock()
			l.sent++
			l.mu.Unlock()
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}
		d, err = b.send(d, f, over)
	}
	if err != nil {
		return err
	}
	if d.Status != http.StatusSeeOther {
		return fmt.Errorf("%w: sending answers %d", errAnswer, d.Status)
	}
	a := acknowledged{browser: b}
	defer func() { l.add(a) }()
	if d, err = b.get("/c/park/done"); err == nil {
		a.reference, a.code = referenceIn.FindString(d.Body), codeIn.FindString(d.Body)
	}
	return err
}

// confirmed looks at the confirmation again, in the same browser, and learns the reference if it was not known yet.
func (a *acknowledged) confirmed(t *testing.T) {
	t.Helper()
	a.browser.client.Transport = http.DefaultTransport
	d, err := a.browser.get("/c/park/done")
	if err != nil || d.Status != http.StatusOK {
		t.Fatalf("an acknowledged response is lost: reference %q: %d, %v", a.reference, d.Status, err)
	}
	reference, code := referenceIn.FindString(d.Body), codeIn.FindString(d.Body)
	if a.reference != "" && (reference != a.reference || code != a.code) {
		t.Errorf("reference %q became %q", a.reference, reference)
	}
	a.reference, a.code = reference, code
}

// opens opens the response with its code, in a browser that knows nothing.
func (a *acknowledged) opens(t *testing.T, base string) {
	t.Helper()
	b := newBrowser(base, nil)
	d, err := b.get("/your-response")
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.post("code")
	if err != nil {
		t.Fatal(err)
	}
	if d, err = b.send(d, f, url.Values{"code": {a.code}}); err != nil || !strings.Contains(d.Body, a.reference) || !strings.Contains(d.Body, "More shade") {
		t.Errorf("%s cannot be opened with its code: %d at %s, %v", a.reference, d.Status, d.Path, err)
	}
}

// checkStored compares the store with the ledger: all that was acknowledged, nothing twice, nothing that nobody sent; and lets the
// program check itself.
func checkStored(t *testing.T, data, consultation string, book *ledger) {
	t.Helper()
	references := map[string]bool{}
	for _, a := range book.all {
		if references[a.reference] {
			t.Errorf("%s was given to two people", a.reference)
		}
		references[a.reference] = true
	}
	var out bytes.Buffer
	_ = run(t.Context(), []string{"check", "--data", data}, &out, &out)
	for line := range strings.Lines(out.String()) {
		// A key is stored before its record; housekeeping destroys those that stay alone.
		if !strings.Contains(line, "keys have no record: a crash left them") && line != "1 found\n" {
			t.Errorf("the check after the kills says: %s", line)
		}
	}
	inStore(t, data, func(ctx context.Context, svc *consult.Service) {
		overview, err := svc.Results(ctx, uitest.Researcher, consultation)
		if err != nil {
			t.Fatal(err)
		}
		if n := overview.Responses; n < len(book.all) || n > book.sent {
			t.Errorf("%d responses are stored, %d were acknowledged and %d begun", n, len(book.all), book.sent)
		}
	})
}

// inStore opens the data directory while no program runs on it.
func inStore(t *testing.T, data string, do func(context.Context, *consult.Service)) {
	t.Helper()
	s := storage{Data: data}
	db, err := s.open(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.keyring(t.Context(), db, true)
	if err != nil {
		t.Fatal(err)
	}
	svc := service(db, keys, false, "http://127.0.0.1")
	if _, err := svc.ClaimOrigin(t.Context()); err != nil {
		t.Fatal(err)
	}
	do(t.Context(), svc)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// openPark publishes a consultation of one question in a new data directory and returns its id.
func openPark(t *testing.T, data string) (id string) {
	t.Helper()
	inStore(t, data, func(ctx context.Context, svc *consult.Service) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		_, version, err := svc.CouncilVersion(ctx)
		must(err)
		_, err = svc.SaveCouncil(ctx, uitest.Administrator, version, uitest.Council())
		must(err)
		c, faults, err := svc.CreateConsultation(ctx, uitest.Researcher, "", []byte(uitest.Short))
		must(err)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		d := c.Details
		d.About, d.Summary, d.OtherWays = locale.Text{"en": "The park."}, locale.Text{"en": "About the park."}, locale.Text{"en": "Call."}
		d.OpensAt, d.ClosesAt = svc.Now().AddDate(0, 0, -1).UTC().Truncate(time.Second), svc.Now().AddDate(0, 0, 10).UTC().Truncate(time.Second)
		must(svc.SaveDetails(ctx, uitest.Researcher, c.ID, "park", c.Version, d))
		c, _, _, err = svc.ConsultationForStaff(ctx, uitest.Researcher, c.ID)
		must(err)
		uitest.Screen(t, svc, c.ID)
		must(svc.Publish(ctx, uitest.Researcher, c.ID, c.Version))
		id = c.ID
	})
	return id
}
