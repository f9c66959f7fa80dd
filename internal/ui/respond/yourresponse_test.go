package respond_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/ui/uitest"
)

func open(t testing.TB, b *uitest.Browser, code string) {
	t.Helper()
	b.Get("/your-response")
	b.Submit("", "code", code)
	at(t, b, "/your-response/held", http.StatusOK)
}

func TestCodeOpensTheResponseHoweverItIsTyped(t *testing.T) {
	w := world(t)
	reference, code := sendAll(t, w.Browser(t))
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " "),
		"  " + code + "\t", strings.ReplaceAll(code, "-", "–"), strings.NewReplacer("0", "O", "1", "l").Replace(code)} {
		b := w.Browser(t)
		open(t, b, typed)
		has(t, b, reference, "The library and you", "29 March 2026", "Very satisfied", "Too far away", "Ward: Abbots Cross", "You did not answer the equality questions", "Withdraw my whole response")
		hasNot(t, b, "Withdraw my consent", code)
		for _, place := range []string{b.Page.Path, b.Page.Location} {
			if strings.Contains(place, code) {
				t.Errorf("the code is in the address %s", place)
			}
		}
	}
	b := w.Browser(t)
	b.Get("/cy/your-response")
	b.Submit("", "code", code)
	at(t, b, "/cy/your-response/held", http.StatusOK)
	has(t, b, "Bodlon iawn", "Ar y wefan hon")
}

func TestUnknownCodes(t *testing.T) {
	w := world(t)
	_, code := sendAll(t, w.Browser(t))
	b := w.Browser(t)
	b.Get("/your-response/held")
	at(t, b, "/your-response", http.StatusOK)
	b.Submit("")
	at(t, b, "/your-response", http.StatusUnprocessableEntity)
	has(t, b, "Enter your withdrawal code")
	var generic string
	for i, typed := range []string{"AAAA-BBBB-CCCC-DDDD-EEEE", "x", "WEM-7K3F-92QD", strings.Repeat("Z", 5000), "<script>", "é"} {
		b.Get("/your-response")
		b.Submit("", "code", typed)
		at(t, b, "/your-response", http.StatusUnprocessableEntity)
		if strings.Contains(b.Page.Body, typed) && len(typed) > 1 {
			t.Errorf("%q is printed back", typed)
		}
		if text := b.Page.Text(); i == 0 {
			generic = text
		} else if text != generic {
			t.Errorf("%q gets another answer than an unknown code:\n%s\n%s", typed, text, generic)
		}
	}
	for range 10 {
		b.Get("/your-response")
		b.Submit("", "code", "AAAA-BBBB-CCCC-DDDD-EEEE")
	}
	at(t, b, "/your-response", http.StatusTooManyRequests)
	has(t, b, "minute")
	b.Get("/your-response")
	b.Submit("", "code", code)
	if b.Page.Status != http.StatusTooManyRequests {
		t.Errorf("status %d: a throttled network must wait whatever it types", b.Page.Status)
	}
}

func TestThrottleDoesNotStopWhoHasProvedTheirCode(t *testing.T) {
	w := world(t)
	b := consented(t, w) // answers from the same network as the guesser
	guesser := w.Browser(t)
	for range 12 {
		guesser.Get("/your-response")
		guesser.Submit("", "code", "AAAA-BBBB-CCCC-DDDD-EEEE")
	}
	b.Submit("", "age_band", "35_44")
	at(t, b, "/c/library/equality/sex", http.StatusOK)
}

func TestWithdrawConsent(t *testing.T) {
	w := world(t)
	b := consented(t, w)
	b.Submit("", "age_band", "35_44")
	b.Get("/c/library/done")
	_, code := confirmed(t, b)
	other := w.Browser(t)
	open(t, other, code)
	has(t, other, "You consented on", "What is your age group?", "35 to 44", "Withdraw my consent")
	other.Submit("/your-response/withdraw-consent")
	at(t, other, "/your-response/withdraw-consent", http.StatusOK)
	has(t, other, "Your consent is withdrawn", "have been erased", "do not change", "Backup")
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles after the withdrawal: erased at once (privacy.md 6)", n)
	}
	other.Get("/your-response/withdraw-consent") // a reload
	at(t, other, "/your-response/withdraw-consent", http.StatusOK)
	other.Get("/your-response/held")
	has(t, other, "You withdrew your consent on", "Very satisfied")
	hasNot(t, other, "35 to 44", "Withdraw my consent")
	// The browser that answered can save nothing more.
	b.Get("/c/library/done")
	_, fields := b.Form("")
	fields.Set("sex", "female")
	if a := b.Send("/c/library/equality/sex", fields); a.Status != http.StatusForbidden || profiles(t, w, "library") != 0 {
		t.Errorf("status %d, %d profiles after the withdrawal", a.Status, profiles(t, w, "library"))
	}
}

func TestWithdrawWholeResponse(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	_, code := sendAll(t, b)
	open(t, b, code)
	b.Get("/your-response/withdraw")
	at(t, b, "/your-response/withdraw", http.StatusOK)
	b.Submit("")
	at(t, b, "/your-response/withdrawn", http.StatusOK)
	has(t, b, "Your response is withdrawn", "have been erased")
	if n := len(responses(t, w, "library")); n != 0 {
		t.Errorf("%d responses", n)
	}
	b.Get("/your-response/withdrawn")
	at(t, b, "/your-response/withdrawn", http.StatusOK)
	b.Get("/your-response/held")
	at(t, b, "/your-response", http.StatusOK)
	b.Submit("", "code", code)
	at(t, b, "/your-response", http.StatusUnprocessableEntity)
	b.Get("/c/library/done")
	at(t, b, "/c/library/done", http.StatusGone)
}

func TestWholeResponseStaysAfterClosing(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	_, code := sendAll(t, b)
	w.Clock.Move(uitest.Start.AddDate(0, 0, 11))
	b = w.Browser(t)
	open(t, b, code)
	has(t, b, "can no longer be withdrawn here", "dpo@wealdmere.example")
	hasNot(t, b, "Withdraw my whole response")
	_, fields := b.Form("/your-response/leave")
	if a := b.Send("/your-response/withdraw", fields); a.Location != "/your-response/held" {
		t.Errorf("%d to %q", a.Status, a.Location)
	}
	if n := len(responses(t, w, "library")); n != 1 {
		t.Errorf("%d responses: withdrawal of the response is for open consultations", n)
	}
}

func TestLeaving(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	_, code := sendAll(t, b)
	open(t, b, code)
	b.Submit("/your-response/leave")
	at(t, b, "/your-response", http.StatusOK)
	has(t, b, "This browser has forgotten your code")
	b.Get("/your-response/held")
	at(t, b, "/your-response", http.StatusOK)
	b.Get("/c/library/done")
	at(t, b, "/c/library/done", http.StatusGone)
	has(t, b, "shown only in the browser")
}

func TestReceipt(t *testing.T) {
	w := world(t)
	b := consented(t, w)
	b.Submit("", "age_band", "35_44")
	b.Get("/c/library/done")
	reference, code := confirmed(t, b)
	for _, path := range []string{"/c/library/receipt", "/cy/c/library/receipt", "/your-response/receipt", "/cy/your-response/receipt"} {
		if strings.Contains(path, "your-response") {
			open(t, b, code)
		}
		b.Get(path)
		at(t, b, path, http.StatusOK)
		has(t, b, reference)
		hasNot(t, b, code, "Very satisfied", "35 to 44")
	}
	for _, path := range []string{"/c/library/receipt.json", "/your-response/receipt.json"} {
		a := b.Get(path)
		var any map[string]any
		if err := json.Unmarshal([]byte(a.Body), &any); err != nil || a.Status != http.StatusOK {
			t.Errorf("%s: %d %v", path, a.Status, err)
		}
		if !strings.Contains(a.Header.Get("Content-Disposition"), `attachment; filename="receipt-`+reference) {
			t.Errorf("%s: %q", path, a.Header.Get("Content-Disposition"))
		}
		for _, secret := range []string{code, "very_satisfied", "35_44"} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("%s holds %q: a receipt never holds answers (privacy.md 3.5)", path, secret)
			}
		}
	}
	stranger := w.Browser(t)
	for _, path := range []string{"/c/library/receipt", "/c/library/receipt.json"} {
		if a := stranger.Get(path); a.Status != http.StatusGone {
			t.Errorf("%s for a stranger: %d", path, a.Status)
		}
	}
}

// TestCodesAreNowhere: never a code in an address, a title or the log; nor answers or references in the log.
func TestCodesAreNowhere(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	reference, code := sendAll(t, b)
	title, _, _ := strings.Cut(b.Page.Body, "</title>")
	if strings.Contains(title, code) {
		t.Error("the code is in the title")
	}
	open(t, b, code)
	b.Get("/your-response/withdraw")
	b.Submit("")
	for _, secret := range []string{code, strings.ReplaceAll(code, "-", ""), reference, "Too far away", "very_satisfied", "WM1"} {
		if strings.Contains(w.Log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(w.Log.String(), "/your-response") {
		t.Fatal("nothing was logged: the test proves nothing")
	}
}

func TestConfirmationCanBeRemoved(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	sendAll(t, b)
	b.Get("/c/library")
	has(t, b, "You have sent a response from this browser")
	b.Get("/c/library/done")
	b.Submit("")
	at(t, b, "/c/library", http.StatusOK)
	hasNot(t, b, "You have sent a response")
	b.Get("/c/library/done")
	at(t, b, "/c/library/done", http.StatusGone)
	w.Clock.Move(uitest.Start.Add(time.Minute))
}
