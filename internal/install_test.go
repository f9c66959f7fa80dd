package internal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestInstallSaysWhatIsMissing puts tools that are too old first on the PATH.
func TestInstallSaysWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		node, golang string
		want         []string // nothing: content
		why          string
	}{
		{"v22.1.0", "go1.99.0", nil, "newer ones"},
		{"v20.19.0", "go1.26.0", nil, "exactly the ones that package.json and go.mod ask for"},
		{"v18.19.0", "go1.26.0", []string{"Node.js 20.19 or newer is needed", "is 18.19.0", "https://nodejs.org"}, "Debian 12's Node.js, which npm ci and the browser tests do not run on"},
		{"v20.9.0", "go1.26.0", []string{"is 20.9.0"}, "versions are numbers, not text"},
		{"v22.1.0", "go1.19.8", []string{"Go 1.26.0 or newer is needed", "is 1.19.8", "https://go.dev/dl/"}, "Debian 12's Go"},
		{"v18.19.0", "go1.19.8", []string{"Node.js", "Go 1.26.0"}, "both are named at once"},
	} {
		bin := t.TempDir()
		for name, says := range map[string]string{"node": test.node, "npm": "11", "gcc": "12", "go": "go version " + test.golang + " linux/amd64"} {
			if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\necho "+says+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		install := exec.Command("../.ci/install", "npm", "go")
		install.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		out, err := install.CombinedOutput()
		if (err != nil) != (test.want != nil) {
			t.Errorf("%s: %v\n%s", test.why, err, out)
		}
		for _, want := range test.want {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: does not say %q:\n%s", test.why, want, out)
			}
		}
	}
}
