package main

import (
	"net/http"
	"path/filepath"
	"testing"
)

// TestLimitsReachThePages asks the program as a proxy does, for one client and another.
func TestLimitsReachThePages(t *testing.T) {
	p := startProgram(t, filepath.Join(t.TempDir(), "data"), "--trusted-proxies", "127.0.0.1", "--limit-requests", "2")
	for _, test := range []struct {
		client string
		want   int
		why    string
	}{
		{"203.0.113.9", 200, "the first"},
		{"203.0.113.9", 200, "the second"},
		{"203.0.113.9", 429, "one too many (security.md T13)"},
		{"203.0.113.10", 200, "others are served"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/help", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Forwarded-For", test.client)
		r, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != test.want || (test.want == 429) != (r.Header.Get("Retry-After") != "") {
			t.Errorf("%s: %d with Retry-After %q, want %d", test.why, r.StatusCode, r.Header.Get("Retry-After"), test.want)
		}
	}
}
