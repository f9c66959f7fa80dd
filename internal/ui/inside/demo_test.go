package inside_test

import (
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

// TestADemonstrationSaysSoOnEveryPage: issue 2, "Demo mode is loud on every page"; and nothing else says so of itself.
func TestADemonstrationSaysSoOnEveryPage(t *testing.T) {
	for _, demo := range []bool{true, false} {
		w := fullWorld(t, func(o *page.Options) { o.Demo = demo })
		for _, c := range []struct {
			side  string
			b     *uitest.Browser
			paths []string
		}{
			{"public", w.Browser(t), []string{"/", "/c/library-hours", "/privacy", "/cookies", "/help", "/accessibility", "/sign-in", "/your-response", "/your-information", "/your-information/ask?about=complaint", "/no-such-page"}},
			{"respond", w.Browser(t), []string{"/c/library-hours/respond", "/c/library-hours/respond/member", "/c/library-hours/respond/nothing"}},
			{"office", w.signIn(t, consult.Researcher), []string{"/office", "/office/consultations", "/office/releases/" + w.releaseID, "/office/settings", "/office/no-such-page"}},
			{"administrator", w.signIn(t, consult.Administrator), []string{"/office/settings", "/office/staff"}},
			{"partner", w.signIn(t, consult.PartnerUser), []string{"/partner", "/partner/agreement", "/office"}},
		} {
			for _, path := range c.paths {
				for prefix, says := range map[string]string{"": "This is a demonstration of an invented council", "/cy": "Arddangosiad o gyngor dychmygol yw hwn"} {
					address := strings.TrimSuffix(prefix+path, "/")
					if address == "" {
						address = "/"
					}
					a := c.b.Get(address)
					if a.Status >= 500 || !strings.Contains(a.Header.Get("Content-Type"), "text/html") {
						t.Errorf("%s %s: %d", c.side, address, a.Status)
					}
					if strings.Contains(a.Text(), says) != demo {
						t.Errorf("%s %s (%d), demonstration %t: the banner is wrong:\n%.300s", c.side, address, a.Status, demo, a.Text())
					}
				}
			}
		}
	}
}
