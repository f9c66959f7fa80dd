package ui_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// lockVariable makes the test program hold the write lock of a database until its standard input ends.
const lockVariable = "FOLKMOOT_TEST_LOCK"

func TestMain(m *testing.M) {
	if path := os.Getenv(lockVariable); path != "" {
		if err := holdLock(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func holdLock(path string) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	fmt.Println("locked")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// unavailable checks the answer to somebody whose response could not be stored: a page that says so, and when to come back.
func (s *siege) unavailable(r request, answer *reply) {
	s.t.Helper()
	if answer.status != http.StatusServiceUnavailable {
		s.t.Fatalf("%v: %d, want 503", r, answer.status)
	}
	for _, fault := range s.faults(r, false, answer) {
		if fault != "5xx" {
			s.t.Errorf("503: %s", fault)
		}
	}
	if answer.header.Get("Retry-After") == "" {
		s.t.Error("503 without Retry-After")
	}
	if strings.Contains(answer.header.Get("Location"), "done") || referenceForm.MatchString(answer.body) {
		s.t.Error("503, and yet a reference")
	}
}

// stillReads checks that who only reads is served.
func (s *siege) stillReads(a *actor) {
	s.t.Helper()
	for _, path := range []string{"/", "/cy/help", "/c/park", "/c/park/respond/park", "/c/park/respond/check", "/healthz"} {
		if answer, err := a.send(a.get(path)); err != nil || answer.status != http.StatusOK {
			s.t.Errorf("%s cannot be read: %+v %v", path, answer, err)
		}
	}
}

// must sends a request that has to be answered.
func (a *actor) must(r request) *reply {
	a.s.t.Helper()
	answer, err := a.send(r)
	if err != nil {
		a.s.t.Fatalf("%v: %v", r, err)
	}
	return answer
}

// TestLockedDatabase: another process holds the write lock for longer than the service waits (security.md R6).
func TestLockedDatabase(t *testing.T) {
	s := besiege(t)
	s.park()
	a := s.person("waiting")
	send := a.ready()
	s.files.changed()
	release := lockElsewhere(t, filepath.Join(s.Dir, "main.db"))
	defer release()

	s.stillReads(a)
	s.unavailable(send, a.must(send))
	for _, table := range s.files.changed() {
		if table != "keys.record_key" { // the key comes first and nothing is sealed with it; the next try takes it
			t.Errorf("503, and yet %s changed", table)
		}
	}
	release()
	if answer := a.must(send); answer.status != http.StatusSeeOther {
		t.Errorf("after the lock is gone: %d", answer.status)
	}
	if n := s.files.count("response"); n != 1 {
		t.Errorf("%d responses, want 1", n)
	}
	if keys := s.files.rows("keys", "record_key"); keys != 1 {
		t.Errorf("%d keys of one response", keys)
	}
}

// lockElsewhere starts a process that holds the lock, and returns how to end it.
func lockElsewhere(t testing.TB, path string) func() {
	t.Helper()
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), lockVariable+"="+path)
	other.Stderr = os.Stderr
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "locked\n" {
		t.Fatalf("the other process has no lock: %q %v", line, err)
	}
	return sync.OnceFunc(func() {
		_ = in.Close()
		if err := other.Wait(); err != nil {
			t.Error(err)
		}
	})
}

// TestFullDisk: nothing more can be written (security.md R4). On a machine where a small disk can be mounted it is really full;
// elsewhere the kernel refuses every write beyond the present length of the files.
func TestFullDisk(t *testing.T) {
	dir, fill, free := smallDisk(t)
	s := besiegeIn(t, dir)
	s.park()
	first := s.person("before")
	if answer := first.must(first.ready()); answer.status != http.StatusSeeOther {
		t.Fatalf("before: %d", answer.status)
	}
	a := s.person("while it is full")
	send := a.ready()
	stored := s.files.count("response")
	fill()
	answer := a.must(send)
	for n := 0; answer.status == http.StatusSeeOther && n < 200; n++ { // the log has pages that were written before
		stored++
		free()
		a = s.person(fmt.Sprintf("while it is full %d", n))
		send = a.ready()
		fill()
		answer = a.must(send)
	}
	s.unavailable(send, answer)
	s.stillReads(a)
	if n := s.files.count("response"); n != stored {
		t.Errorf("%d responses, and %d were acknowledged", n, stored)
	}
	free()
	if answer := a.must(send); answer.status != http.StatusSeeOther {
		t.Errorf("after there is room again: %d", answer.status)
	}
	if n := s.files.count("response"); n != stored+1 {
		t.Errorf("%d responses, want %d", n, stored+1)
	}
}

func smallDisk(t testing.TB) (dir string, fill, free func()) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("folkmoot", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Logf("no disk can be mounted (%v): the files' length is limited instead", err)
		return limitedLength(t, dir)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	fill = func() {
		f, err := os.Create(ballast)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for block := make([]byte, 4096); err == nil; {
			_, err = f.Write(block)
		}
		if !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
			t.Fatal(err)
		}
	}
	free = func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
	return dir, fill, free
}

func limitedLength(t testing.TB, dir string) (_ string, fill, free func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	set := func(limit uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { set(before.Cur) })
	return dir, func() { set(4096) }, func() { set(before.Cur) }
}

// TestSlowClients: 100 clients that send their headers one byte at a time hold nobody up, and are cut off (security.md 1.5, R11).
func TestSlowClients(t *testing.T) {
	s := besiege(t)
	s.park()
	const slow = 100
	connected, cut := make(chan error, slow), make(chan error, slow)
	for range slow {
		go func() {
			conn, err := net.Dial("tcp", s.addr)
			if err == nil {
				_, err = conn.Write([]byte("GET / HTTP/1.1\r\nHost: " + host + "\r\n"))
			}
			connected <- err
			if err == nil {
				cut <- drip(conn)
			}
		}()
	}
	for range slow {
		if err := <-connected; err != nil {
			t.Fatal(err)
		}
	}
	a := s.person("ordinary")
	if answer := a.must(a.ready()); answer.status != http.StatusSeeOther {
		t.Errorf("an ordinary response meanwhile: %d", answer.status)
	}
	for n := range slow {
		select {
		case err := <-cut:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(2 * time.Minute):
			t.Fatalf("%d of %d slow connections are still held", slow-n, slow)
		}
	}
	if answer := a.must(a.get("/")); answer.status != http.StatusOK {
		t.Errorf("afterwards: %d", answer.status)
	}
}

// drip sends a byte now and then until the service has had enough. An answer that is not a refusal is an error.
func drip(conn net.Conn) error {
	defer conn.Close()
	refused := make(chan error, 1)
	go func() {
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil && (answer.StatusCode < 400 || answer.StatusCode >= 500) {
			refused <- fmt.Errorf("half a request was answered with %d", answer.StatusCode)
			return
		}
		refused <- nil
	}()
	for {
		select {
		case err := <-refused:
			return err
		case <-time.After(200 * time.Millisecond):
			_, _ = conn.Write([]byte("x"))
		}
	}
}
