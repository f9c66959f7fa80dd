package ui_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// host is the name under which the service is asked for.
const host = "haveyoursay.example"

// wire is one connection to the service. It sends bytes as they are: what a hostile client sends need not be HTTP.
type wire struct {
	addr string
	conn net.Conn
	in   *bufio.Reader
}

// reply is what the service answered.
type reply struct {
	status int
	header http.Header
	body   string
}

// errDropped says that the service closed the connection and answered nothing.
var errDropped = errors.New("no answer: the connection was closed")

func (w *wire) dial() error {
	conn, err := net.DialTimeout("tcp", w.addr, 5*time.Second)
	if err != nil {
		return err
	}
	w.conn, w.in = conn, bufio.NewReader(conn)
	return nil
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

// exchange sends one request and reads its answer. A kept connection that the service has closed meanwhile is opened again.
func (w *wire) exchange(method string, raw []byte) (*reply, error) {
	for fresh := false; ; fresh = true {
		if w.conn == nil {
			fresh = true
			if err := w.dial(); err != nil {
				return nil, err
			}
		}
		answer, err := w.once(method, raw)
		if err == nil || fresh {
			return answer, err
		}
	}
}

func (w *wire) once(method string, raw []byte) (*reply, error) {
	_ = w.conn.SetDeadline(time.Now().Add(30 * time.Second))
	sent := make(chan struct{})
	go func(conn net.Conn) { // a refused body is answered before it has been read
		_, _ = conn.Write(raw)
		close(sent)
	}(w.conn)
	answer, keep, err := readReply(w.in, method)
	if !keep || err != nil {
		w.close()
	}
	<-sent
	return answer, err
}

func readReply(in *bufio.Reader, method string) (answer *reply, keep bool, err error) {
	res, err := http.ReadResponse(in, &http.Request{Method: method})
	if err != nil {
		return nil, false, fmt.Errorf("%w (%v)", errDropped, err)
	}
	if res.StatusCode == http.StatusContinue {
		return readReply(in, method)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, false, err
	}
	return &reply{res.StatusCode, res.Header, string(body)}, !res.Close && in.Buffered() == 0, nil
}

// request is one request before it becomes bytes. Headers are lines, so that they can be doubled, split and forged.
type request struct {
	method, target string
	head           []string // lines without their end
	body           string
	framed         bool // head says itself how long the body is
}

// with returns the request with one header instead of those of its name.
func (r request) with(name, value string) request {
	r = r.without(name)
	r.head = append(r.head, name+": "+value)
	return r
}

// and returns the request with one more header line.
func (r request) and(lines ...string) request {
	r.head = append(append([]string{}, r.head...), lines...)
	return r
}

// without returns the request without the header.
func (r request) without(name string) request {
	var kept []string
	for _, line := range r.head {
		if !strings.HasPrefix(strings.ToLower(line), strings.ToLower(name)+":") {
			kept = append(kept, line)
		}
	}
	r.head = kept
	return r
}

func (r request) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(r.method + " " + r.target + " HTTP/1.1\r\n")
	for _, line := range r.head {
		b.WriteString(line + "\r\n")
	}
	if !r.framed && (r.body != "" || r.method == http.MethodPost) {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.body))
	}
	b.WriteString("\r\n" + r.body)
	return b.Bytes()
}

// String names the request in a failure, shortened: what every request has is left out.
func (r request) String() string {
	var head []string
	for _, line := range r.head {
		if name, _, _ := strings.Cut(line, ":"); name != "User-Agent" && name != "Cookie" || strings.Contains(line, marker) {
			head = append(head, short(line, 120))
		}
	}
	return fmt.Sprintf("%q %q %q %q", short(r.method, 20), short(r.target, 200), strings.Join(head, " | "), short(r.body, 300))
}

func short(s string, n int) string {
	if len(s) > n {
		return fmt.Sprintf("%s… (%d bytes)", s[:n], len(s))
	}
	return s
}
