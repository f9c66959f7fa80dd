package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/surveys"
)

// program is the whole program, running on a free port in this process.
type program struct {
	URL  string
	Data string
	out  *output
	stop func() int
}

// output collects what the program prints while it runs.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

var addressIn = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startProgram runs `folkmoot serve` until the test ends and waits until it answers.
func startProgram(t testing.TB, data string, args ...string) *program {
	t.Helper()
	p := &program{Data: data, out: &output{}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	all := append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data, "--log-level", "error"}, args...)
	go func() { ended <- run(ctx, all, p.out, p.out) }()
	p.stop = sync.OnceValue(func() int { cancel(); return <-ended })
	t.Cleanup(func() { p.stop() })
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		select {
		case code := <-ended:
			ended <- code
			t.Fatalf("the program ended with %d:\n%s", code, p.out)
		default:
		}
		if p.URL = addressIn.FindString(p.out.String()); p.URL != "" {
			if r, err := http.Get(p.URL + "/healthz"); err == nil {
				_ = r.Body.Close()
				if r.StatusCode == http.StatusOK {
					return p
				}
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the program did not answer:\n%s", p.out)
	return nil
}

func TestFirstAdministrator(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	p := startProgram(t, data)
	link := regexp.MustCompile(`/invitation/\S+`).FindString(p.out.String())
	if link == "" {
		t.Fatalf("no link for the first administrator:\n%s", p.out)
	}
	b := newBrowser(p.URL, nil)
	d, err := b.get(link)
	if err != nil || d.Status != http.StatusOK {
		t.Fatalf("the link answers %d, %v", d.Status, err)
	}
	f, err := d.post("password")
	if err != nil {
		t.Fatal(err)
	}
	const password = "slow-heron-over-quiet-water"
	over := map[string][]string{}
	for _, c := range f.Controls {
		switch {
		case c.Type == "password":
			over[c.Name] = []string{password}
		case strings.Contains(c.Name, "email"):
			over[c.Name] = []string{"it@council.example"}
		case c.Name == "name":
			over[c.Name] = []string{"Sam Okafor"}
		}
	}
	if d, err = b.send(d, f, over); err != nil || d.Status != http.StatusOK {
		t.Fatalf("choosing a password answers %d at %s: %v", d.Status, d.Path, err)
	}
	if again, err := newBrowser(p.URL, nil).get(link); err != nil || again.Status != http.StatusNotFound && again.Status != http.StatusGone {
		t.Errorf("the link works twice: %d, %v", again.Status, err)
	}
	b = newBrowser(p.URL, nil)
	if d, err = b.signIn("it@council.example", password); err != nil || d.Status != http.StatusOK || !strings.HasPrefix(d.Path, "/acknowledge") {
		t.Fatalf("signing in answers %d at %s: %v", d.Status, d.Path, err)
	}
	if f, err = d.post("accept"); err != nil {
		t.Fatal(err)
	}
	if d, err = b.send(d, f, map[string][]string{"accept": {"yes"}}); err != nil || d.Status != http.StatusOK || !strings.HasPrefix(d.Path, "/office") {
		t.Fatalf("accepting the statement of confidentiality answers %d at %s: %v", d.Status, d.Path, err)
	}
	if code := p.stop(); code != 0 {
		t.Errorf("the program ended with %d:\n%s", code, p.out)
	}

	second := startProgram(t, data)
	if strings.Contains(second.out.String(), "/invitation/") {
		t.Error("the link for the first administrator is printed again though there is one")
	}
}

func TestDemoAndRealDataStayApart(t *testing.T) {
	for _, test := range []struct {
		name          string
		first, second []string
		want, why     string
	}{
		{"demo on real", nil, []string{"--demo"}, "holds real data", "nobody's data behind open demonstration doors"},
		{"real on demo", []string{"--demo"}, nil, "holds demonstration data", "invented answers are not taken for residents'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			startProgram(t, data, test.first...).stop()
			var out output
			code := run(t.Context(), append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, test.second...), &out, &out)
			if code != 1 || !strings.Contains(out.String(), test.want) {
				t.Errorf("%s: exit status %d, want 1 and %q:\n%s", test.why, code, test.want, out.String())
			}
		})
	}
}

// TestRealServiceRefusesOpenAccounts turns the mark of a demonstration by hand: its accounts still open to everybody.
func TestRealServiceRefusesOpenAccounts(t *testing.T) {
	s := storage{Data: filepath.Join(t.TempDir(), "data")}
	startProgram(t, s.Data, "--demo").stop()
	inDatabase(t, s, `update setting set value = x'227265616c22' where name = 'origin'`) // "real"
	if code, printed := refused(t, "--data", s.Data); code != 1 || !strings.Contains(printed, "demonstration accounts") {
		t.Errorf("exit status %d, want 1 and a word about demonstration accounts:\n%s", code, printed)
	}
}

func TestRefusesToStart(t *testing.T) {
	for _, test := range []struct {
		name  string
		setUp func(t *testing.T, dir string) []string
		want  string
	}{
		{"master key in the data directory", func(t *testing.T, dir string) []string {
			return []string{"--data", dir, "--master-key", filepath.Join(dir, "master.key")}
		}, "lies in the data directory"},
		{"listening everywhere without a public address", func(_ *testing.T, dir string) []string {
			return []string{"--data", filepath.Join(dir, "data"), "--addr", "0.0.0.0:0"}
		}, "--origin"},
		{"the same in IPv6", func(_ *testing.T, dir string) []string {
			return []string{"--data", filepath.Join(dir, "data"), "--addr", "[::]:0"}
		}, "FOLKMOOT_ORIGIN"},
		{"the same without a host", func(_ *testing.T, dir string) []string {
			return []string{"--data", filepath.Join(dir, "data"), "--addr", ":0"}
		}, "--origin"},
		{"an origin that is no address", func(t *testing.T, dir string) []string {
			return []string{"--data", filepath.Join(dir, "data"), "--origin", "consult.example"}
		}, "must look like https://"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, printed := refused(t, test.setUp(t, t.TempDir())...)
			if code != 1 || !strings.Contains(printed, test.want) {
				t.Errorf("exit status %d, want 1 and %q:\n%s", code, test.want, printed)
			}
		})
	}
}

func TestPublicAddress(t *testing.T) {
	for _, test := range []struct {
		command   serveCommand
		listening string
		want, why string
	}{
		{serveCommand{}, "127.0.0.1:8080", "http://127.0.0.1:8080", "what is listened on can be typed into a browser"},
		{serveCommand{}, "[::1]:8080", "http://[::1]:8080", "in IPv6 too"},
		{serveCommand{Origin: "https://consult.example.gov.uk/"}, "0.0.0.0:8080", "https://consult.example.gov.uk", "named: printed in links, invitations and receipts"},
		{serveCommand{Demo: true}, "[::]:8080", "http://127.0.0.1:8080", "a demonstration is looked at where it runs"},
		{serveCommand{}, "0.0.0.0:8080", "", "nobody can follow a link to http://0.0.0.0"},
		{serveCommand{}, "[::]:8080", "", "nor to http://[::]"},
		{serveCommand{Origin: "https://consult.example.gov.uk/folkmoot"}, "127.0.0.1:8080", "", "the service lies at the root of its host"},
		{serveCommand{Origin: "https://user@consult.example.gov.uk"}, "127.0.0.1:8080", "", "no browser sends that host"},
		{serveCommand{Origin: "https://consult.example.gov.uk?a=b"}, "127.0.0.1:8080", "", "paths are put behind it"},
	} {
		listening, err := net.ResolveTCPAddr("tcp", test.listening)
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.command.origin(listening)
		if test.want == "" {
			if err == nil {
				t.Errorf("%s: %+v on %s is %s", test.why, test.command, test.listening, got)
			}
			continue
		}
		if err != nil || got.String() != test.want {
			t.Errorf("%s: %v, %v, want %s", test.why, got, err, test.want)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}} {
		var out output
		if code := run(t.Context(), args, &out, &out); code != 0 || !strings.Contains(out.String(), "Usage: folkmoot") {
			t.Errorf("%v: exit status %d:\n%s", args, code, out.String())
		}
	}
}

func TestCheckFile(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	source := "format: folkmoot/survey/1\nid: Bad Id\ntitle: {en: A}\nlanguages: [en, cy]\nsections:\n  - id: a\n    title: {en: A, cy: A}\n    questions:\n      - id: q\n        kind: nonsense\n        text: {en: Q}\n"
	if err := os.WriteFile(bad, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	var out output
	if code := run(t.Context(), []string{"check", bad}, &out, &out); code != 1 {
		t.Errorf("exit status %d, want 1", code)
	}
	for _, want := range []string{"line 2", "line 3", "line 10", "line 11"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no fault on %s:\n%s", want, out.String())
		}
	}
	out = output{}
	good := filepath.Join("..", "..", "surveys", "standard", "net-zero.yaml")
	if code := run(t.Context(), []string{"check", good}, &out, &out); code != 0 || !strings.Contains(out.String(), "no fault") {
		t.Errorf("a standard survey: exit status %d:\n%s", code, out.String())
	}
}

func TestCheckPrintsTheSchema(t *testing.T) {
	var out output
	if code := run(t.Context(), []string{"check", "--schema"}, &out, &out); code != 0 || out.String() != string(surveys.Schema) {
		t.Errorf("exit status %d, and not the schema:\n%s", code, out.String())
	}
}

func TestCheckInstallation(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	startProgram(t, data, "--demo").stop()
	var out output
	if code := run(t.Context(), []string{"check", "--data", data}, &out, &out); code != 0 {
		t.Errorf("exit status %d:\n%s", code, out.String())
	}
}

// Privacy.md 2, decision 4: what people were told does not change, in no version.
func TestCheckFindsAChangedNotice(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	startProgram(t, data, "--demo").stop()
	s := storage{Data: data}
	for _, test := range []struct{ why, change, says string }{
		{"a version that no consultation names any more", `insert into notice (id, version, document)
			select 'service-feedback', 7, replace(replace(document, '"Version":1', '"Version":7'), 'Wealdmere', 'Another') from notice where id = 'service-feedback' and version = 1`,
			"notice service-feedback: Version 7 of this privacy notice is not what was published"},
		{"another text in its place, by somebody who owns the file", `drop trigger notice_no_update; update notice set document = (select n.document from notice n where n.id <> 'service-feedback' limit 1) where id = 'service-feedback' and version = 1`,
			"consultation service-feedback: where its notice, version 1, should be lies version 1 of notice"},
	} {
		inDatabase(t, s, test.change)
		var out output
		if code := run(t.Context(), []string{"check", "--data", data}, &out, &out); code != 1 || !strings.Contains(out.String(), test.says) {
			t.Errorf("%s: exit status %d:\n%s", test.why, code, out.String())
		}
	}
}

func TestHealthcheck(t *testing.T) {
	p := startProgram(t, filepath.Join(t.TempDir(), "data"))
	var out output
	if code := run(t.Context(), []string{"healthcheck", "--addr", strings.TrimPrefix(p.URL, "http://")}, &out, &out); code != 0 {
		t.Errorf("exit status %d:\n%s", code, out.String())
	}
	p.stop()
	if code := run(t.Context(), []string{"healthcheck", "--addr", strings.TrimPrefix(p.URL, "http://")}, &out, &out); code != 1 {
		t.Errorf("exit status %d for a service that is gone, want 1", code)
	}
}

// signIn signs in and returns the page it leads to.
func (b *browser) signIn(email, password string) (*document, error) {
	d, err := b.get("/sign-in")
	if err != nil {
		return nil, err
	}
	f, err := d.post("email")
	if err != nil {
		return nil, err
	}
	return b.send(d, f, map[string][]string{"email": {email}, "password": {password}})
}
