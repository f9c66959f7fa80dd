package page_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The budgets of a question page over the wire (issue 2).
const (
	firstVisit = 60_000 // bytes: page, style sheets, script, icon and the font an English page needs, headers included
	nextPage   = 10_000
)

var fetched = regexp.MustCompile(`(?:href|src)="(/(?:assets/|theme\.css|logo\.png)[^"]*)"`)

// TestBudget counts what a browser really receives, headers included.
func TestBudget(t *testing.T) {
	k, _ := galleryKit(t, nil)
	addr := listen(t, k)
	page, body := wire(t, addr, "/question")
	total, assets := page, 0
	for _, m := range fetched.FindAllStringSubmatch(body, -1) {
		n, css := wire(t, addr, m[1])
		total += n
		assets++
		if strings.HasSuffix(m[1], ".css") {
			font := regexp.MustCompile(`/assets/atkinson-latin\.[0-9a-f]+\.woff2`).FindString(css)
			n, _ := wire(t, addr, font)
			total += n
			assets++
		}
	}
	t.Logf("question page: first visit %d bytes, next %d bytes", total, page)
	if assets < 5 {
		t.Errorf("only %d assets were found", assets)
	}
	if total > firstVisit || page > nextPage {
		t.Errorf("first visit %d bytes (budget %d), next page %d (budget %d)", total, firstVisit, page, nextPage)
	}
}

// wire fetches a path as a browser that takes brotli and returns how many bytes arrived, and the content decoded.
func wire(t *testing.T, addr, path string) (int, string) {
	t.Helper()
	fetch := func(coding string) (int, string) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: %s\r\nConnection: close\r\n\r\n", path, coding)
		raw, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(string(raw))), nil)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v %v", path, res, err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return len(raw), string(body)
	}
	n, _ := fetch("gzip, deflate, br")
	_, plain := fetch("identity")
	return n, plain
}
