package rights_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

// Codes are guessed here no faster than on "Your response": both count together, and an unknown code looks like one that is none.
func TestNoOracleForCodes(t *testing.T) {
	w := world(t)
	w.Publish(t, "library", uitest.Everything, nil)
	_, code := answered(t, w, "library")
	b := w.Browser(t)
	generic := ""
	for _, typed := range []string{"AAAA-BBBB-CCCC-DDDD-EEEE", "x", "WEM-7K3F-92QD", strings.Repeat("Z", 5000)} {
		b.Get("/your-information/ask?about=access")
		b.Submit("", "code", typed)
		at(t, b, "/your-information/ask", http.StatusUnprocessableEntity)
		if generic == "" {
			generic = b.Page.Text()
		}
		if b.Page.Text() != generic {
			t.Errorf("%q gets another answer than an unknown code", typed)
		}
	}
	for range 8 {
		b.Get("/your-response")
		b.Submit("", "code", "AAAA-BBBB-CCCC-DDDD-EEEE")
	}
	for _, typed := range []string{code, "AAAA-BBBB-CCCC-DDDD-EEEE"} {
		b.Get("/your-information/ask?about=access")
		b.Submit("", "code", typed, "text", markedText)
		at(t, b, "/your-information/ask", http.StatusTooManyRequests)
		has(t, b, "minute", markedText)
		hasNot(t, b, typed)
		if b.Page.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	b.Submit("", "contact", markedContact) // without a code it can be sent all the same
	at(t, b, "/your-information/sent", http.StatusOK)
}

// The rights that follow from the bases are shown, and those that do not are not (privacy.md 5.2).
func TestRightsFollowFromTheBases(t *testing.T) {
	w := world(t)
	w.Publish(t, "task", uitest.Everything, func(d *consult.Details) {
		d.Title = locale.Text{"en": "Public task", "cy": "Tasg gyhoeddus"}
	})
	w.Publish(t, "consent", uitest.Everything, func(d *consult.Details) {
		d.Title = locale.Text{"en": "By consent", "cy": "Drwy gydsyniad"}
		for i := range d.Processing.Purposes {
			d.Processing.Purposes[i].Basis = privacy.Consent
		}
		d.Processing.IfTheySayNo = locale.Text{"en": "Nothing follows.", "cy": "Nid oes dim yn dilyn."}
	})
	for slug, want := range map[string]struct{ object, portability bool }{"task": {true, true}, "consent": {false, true}} {
		_, code := answered(t, w, slug)
		con, _, err := w.Service.PublicConsultation(t.Context(), slug)
		ok(t, err)
		for _, e := range con.Processing.Rights() {
			if e.Right == privacy.RightObject && (e.Offer != privacy.OfferNo) != want.object {
				t.Fatalf("%s: the example does not rest on what it says", slug)
			}
		}
		for _, prefix := range []string{"", "/cy"} {
			b := w.Browser(t)
			b.Get(prefix + "/your-response")
			b.Submit("", "code", code)
			at(t, b, prefix+"/your-response/held", http.StatusOK)
			shown := func(kind privacy.RequestKind) bool {
				return strings.Contains(b.Page.Body, `href="`+prefix+`/your-information/ask?about=`+string(kind)+`"`)
			}
			if shown(privacy.AskObject) != want.object || shown(privacy.AskPortability) != want.portability || !shown(privacy.AskAccess) || !shown(privacy.AskComplaint) {
				t.Errorf("%s%s: the rights on the page are not those of the bases", prefix, slug)
			}
			b.Get(prefix + "/your-information/ask")
			if strings.Contains(b.Page.Body, `value="object"`) != want.object {
				t.Errorf("%s%s: the choice is not that of the bases", prefix, slug)
			}
		}
	}
}

// Nothing of what people write is in the log, in the audit log, in an address or open in a file; nor is their code.
func TestNothingAboutPeopleLeaks(t *testing.T) {
	w := world(t)
	w.Publish(t, "library", uitest.Everything, nil)
	_, code := answered(t, w, "library")
	b := w.Browser(t)
	var addresses []string
	for range 2 {
		b.Get("/your-information/ask?about=complaint")
		b.Submit("", "text", "", "contact", markedContact, "name", markedName, "code", code)
		addresses = append(addresses, b.Page.Path, b.Page.Location)
		b.SubmitOnly("", "text", markedText, "contact", markedContact, "name", markedName, "authority", markedProof, "code", code)
		addresses = append(addresses, b.Page.Path, b.Page.Location)
		b.Get(b.Page.Location)
	}
	var audit []byte
	ok(t, w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			line, err := json.Marshal(e)
			audit = append(audit, line...)
			return err
		})
	}))
	if !strings.Contains(string(audit), "request.receive") || !strings.Contains(w.Log.String(), "route=/your-information/ask") {
		t.Fatal("nothing was recorded: the test proves nothing")
	}
	places := map[string]string{"the log": w.Log.String(), "the audit log": string(audit), "an address": strings.Join(addresses, " ")}
	ok(t, filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		places["the file "+d.Name()] = string(content)
		return err
	}))
	for place, content := range places {
		for _, word := range []string{markedText, markedName, markedContact, markedProof, code, strings.ReplaceAll(code, "-", "")} {
			if strings.Contains(content, word) {
				t.Errorf("%q is in %s", word, place)
			}
		}
	}
}

// One browser cannot bury the desk under requests, and a network that began too many sessions stores nothing.
func TestLimits(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	for i := range 21 {
		b.Get("/your-information/ask?about=access")
		b.SubmitOnly("", "contact", markedContact)
		if want := i < 20; (b.Page.Status == http.StatusSeeOther) != want {
			t.Fatalf("request %d: %d", i+1, b.Page.Status)
		}
	}
	at(t, b, "/your-information/ask", http.StatusTooManyRequests)
	has(t, b, "Your request was not saved")
	w.Clock.Move(w.Clock.Now().Add(time.Hour))
	b.Get("/your-information/ask?about=access")
	b.Submit("", "contact", markedContact)
	at(t, b, "/your-information/sent", http.StatusOK)
	if n := len(cases(t, w)); n != 21 {
		t.Errorf("%d cases", n)
	}

	w = world(t, func(o *page.Options) { o.Limits = page.Limits{Sessions: 2} })
	for i := range 3 {
		b := w.Browser(t)
		b.Get("/your-information/ask?about=access")
		b.Submit("", "contact", markedContact)
		if stored := i < 2; (b.Page.Status == http.StatusOK) != stored {
			t.Errorf("session %d: %d", i+1, b.Page.Status)
		}
	}
	if n := len(cases(t, w)); n != 2 {
		t.Errorf("%d cases of 2 sessions", n)
	}
}
