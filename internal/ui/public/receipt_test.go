package public_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// consentedReceipt is the receipt of somebody who answered and gave consent, with the code.
func consentedReceipt(t testing.TB, w *uitest.World, lang locale.Lang) (privacy.SignedReceipt, string) {
	t.Helper()
	ctx := context.Background()
	c := w.Publish(t, "library", uitest.Everything, nil)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := w.Service.Begin(ctx, c.Slug, lang)
	must(err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}}
	d.Ages = uitest.OldEnough(w.Service.Now())
	done, err := w.Service.SubmitResponse(ctx, d)
	must(err)
	st, err := w.Service.ConsentStatement(ctx, c, lang)
	must(err)
	_, err = w.Service.DecideConsent(ctx, done.Code, true, st.Hash, lang)
	must(err)
	r, err := w.Service.Receipt(ctx, done.Code, lang)
	must(err)
	return r, done.Code
}

// upload sends the form of the page with a file, as a browser does.
func upload(t testing.TB, b *uitest.Browser, path string, file []byte, pasted string) *uitest.Answer {
	t.Helper()
	b.Get(path)
	to, fields := b.Form("")
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name := range fields {
		if err := parts.WriteField(name, fields.Get(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.WriteField("receipt", pasted); err != nil {
		t.Fatal(err)
	}
	name := ""
	if file != nil {
		name = "receipt.json"
	}
	part, err := parts.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = parts.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, to, &body)
	req.Header.Set("Content-Type", parts.FormDataContentType())
	return b.Do(req)
}

func TestVerifyReceipt(t *testing.T) {
	w := world(t)
	r, code := consentedReceipt(t, w, locale.English)
	welsh, err := w.Service.Receipt(t.Context(), code, locale.Welsh)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.NewKeyring(bytes.Repeat([]byte{9}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := privacy.SignReceipt(privacy.ReceiptFacts{Reference: "XXX-0000-0000", Language: locale.English}, other)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, r.File); err != nil {
		t.Fatal(err)
	}
	genuine := []string{"This receipt is genuine and unchanged", "The library and you", r.Response.Reference, "library, 1", "Consent was given", "29 March 2026 at 2:30am",
		"Holds every entry that this receipt names, unchanged", "It does not say what is so now"}
	for _, row := range []struct {
		why    string
		path   string
		file   []byte
		pasted string
		status int
		has    []string
		not    []string
	}{
		{"a file", "/receipt/verify", r.File, "", 200, append(genuine, r.Fingerprint, r.Header.ReceiptID, "Receipt (JSON-LD)"), nil},
		{"the Kantara file", "/receipt/verify", r.Kantara, "", 200, append(genuine, "Kantara consent receipt"), []string{r.Fingerprint}},
		{"pasted, without its line breaks", "/receipt/verify", nil, "\n" + compact.String() + "\n", 200, genuine, nil},
		{"in Welsh", "/cy/receipt/verify", r.File, "", 200, []string{"Mae'r dderbynneb hon yn ddilys a heb ei newid", r.Response.Reference, "Rhoddwyd cydsyniad"}, nil},
		{"a Welsh receipt on the English page: its title is marked (WCAG 3.1.2)", "/receipt/verify", welsh.File, "", 200, []string{"Y llyfrgell a chi", `lang="cy"`, "Welsh"}, nil},
		{"changed", "/receipt/verify", bytes.Replace(r.File, []byte("2026-03-29"), []byte("2026-03-28"), 1), "", 200, []string{"This receipt has been changed"}, []string{r.Response.Reference, "The library and you"}},
		{"another council's", "/receipt/verify", theirs.File, "", 200, []string{"This receipt is not ours"}, []string{"XXX-0000-0000"}},
		{"without a signature", "/receipt/verify", []byte(`{"header":{"schema_version":"folkmoot-receipt/1"},"response":{"reference":"XXX-0000-0000"}}`), "", 200, []string{"This receipt has no signature"}, []string{"XXX-0000-0000"}},
		{"a picture", "/receipt/verify", []byte("\x89PNG\x00\xff"), "", 422, []string{"There is a problem", "This is not a receipt", `href="#file"`}, nil},
		{"markup", "/receipt/verify", nil, "<script>alert(1)</script>", 422, []string{"This is not a receipt", `href="#receipt"`, "&lt;script&gt;"}, []string{"<script>alert"}},
		{"nothing", "/receipt/verify", nil, "  \n", 422, []string{"There is a problem", "Choose a receipt file, or paste its contents"}, nil},
		{"both", "/receipt/verify", r.File, "x", 422, []string{"Choose a file or paste its contents, not both"}, nil},
		{"a file that is too large", "/receipt/verify", bytes.Repeat([]byte("x"), privacy.MaxReceipt+1), "", 422, []string{"The file must be smaller than 200KB"}, nil},
		{"a text that is too large", "/receipt/verify", nil, strings.Repeat("x", privacy.MaxReceipt+1), 422, []string{"The file must be smaller than 200KB"}, nil},
		{"in Welsh, nothing", "/cy/receipt/verify", nil, "", 422, []string{"Dewiswch ffeil derbynneb"}, nil},
	} {
		a := upload(t, w.Browser(t), row.path, row.file, row.pasted)
		if a.Status != row.status {
			t.Errorf("%s: %d, want %d\n%s", row.why, a.Status, row.status, a.Text())
			continue
		}
		a.Sound(t)
		for _, s := range row.has {
			if !strings.Contains(a.Text(), s) && !strings.Contains(a.Body, s) {
				t.Errorf("%s: %q is missing\n%s", row.why, s, a.Text())
			}
		}
		for _, s := range append(row.not, code) {
			if strings.Contains(a.Body, s) {
				t.Errorf("%s: %q must not be there", row.why, s)
			}
		}
	}
}

// Whoever found a receipt learns nothing that is not in it: the page is the same after consent was withdrawn (docs/decisions/0034).
func TestVerifyTellsNothingNew(t *testing.T) {
	w := world(t)
	r, code := consentedReceipt(t, w, locale.English)
	before := upload(t, w.Browser(t), "/receipt/verify", r.File, "").Text()
	if _, err := w.Service.WithdrawConsent(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	if err := w.Service.WithdrawResponse(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	if after := upload(t, w.Browser(t), "/receipt/verify", r.File, "").Text(); after != before || !strings.Contains(after, "genuine") {
		t.Errorf("the page tells that something happened:\n%s\n%s", before, after)
	}
}

// Nothing of what is sent is kept: not in a file of the service, which sessions lie in too, and not in the log.
func TestVerifyKeepsNothing(t *testing.T) {
	w := world(t)
	r, _ := consentedReceipt(t, w, locale.English)
	mark := "Qzvwxkeptnowhere"
	changed := bytes.Replace(r.File, []byte("The library and you"), []byte(mark), 1)
	log := w.Log.String()
	b := w.Browser(t)
	for _, row := range []struct {
		file   []byte
		status int
	}{{changed, http.StatusOK}, {[]byte(mark), http.StatusUnprocessableEntity}, {r.File, http.StatusOK}} {
		uploaded, pasted := upload(t, b, "/receipt/verify", row.file, ""), upload(t, b, "/receipt/verify", nil, string(row.file))
		if uploaded.Status != row.status || pasted.Status != row.status {
			t.Errorf("%d and %d, want %d", uploaded.Status, pasted.Status, row.status)
		}
		if again := b.Get("/receipt/verify"); strings.Contains(again.Body, mark) || strings.Contains(uploaded.Body, mark) {
			t.Error("what was sent comes back later")
		}
	}
	for _, secret := range []string{mark, r.Response.Reference, r.Header.ReceiptID, r.Fingerprint} {
		if strings.Contains(strings.TrimPrefix(w.Log.String(), log), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	files, err := filepath.Glob(filepath.Join(w.Dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{mark, r.Header.ReceiptID, r.Fingerprint} {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%q is in %s", secret, filepath.Base(name))
			}
		}
	}
	entries := 0
	err = w.Store.View(t.Context(), func(tx consult.Reader) error {
		return tx.EachAuditEvent(func(e privacy.AuditEvent) error {
			if strings.Contains(e.Action, "receipt") {
				entries++
			}
			return nil
		})
	})
	if err != nil || entries > 0 {
		t.Errorf("%d entries of the audit log, %v", entries, err)
	}
}

func TestVerifyNeedsItsToken(t *testing.T) {
	w := world(t)
	r, _ := consentedReceipt(t, w, locale.English)
	b := w.Browser(t)
	b.Get("/receipt/verify")
	path, fields := b.Form("")
	fields.Set("receipt", string(r.File))
	if a := b.Send(path, fields); a.Status != http.StatusOK || !strings.Contains(a.Text(), "genuine") {
		t.Fatalf("a plain form: %d %s", a.Status, a.Text())
	}
	fields.Set("_csrf", strings.Repeat("A", 86))
	if a := b.Send(path, fields); a.Status != http.StatusForbidden || strings.Contains(a.Body, r.Response.Reference) {
		t.Errorf("a forged form: %d", a.Status)
	}
	b.Forget()
	a := b.Send(path, fields)
	if a.Status != http.StatusForbidden || !strings.Contains(a.Text(), "nothing was checked") || strings.Contains(a.Body, r.Response.Reference) {
		t.Errorf("after the session: %d %s", a.Status, a.Text())
	}
	a.Sound(t)
}

func TestReceiptKey(t *testing.T) {
	w := world(t)
	a := w.Browser(t).Get("/receipt/key.txt")
	if a.Status != http.StatusOK || a.Body != w.Service.ReceiptKey()+"\n" || !strings.HasPrefix(a.Body, "folkmoot-receipt+") || strings.Contains(a.Body, "PRIVATE") {
		t.Errorf("%d %q", a.Status, a.Body)
	}
	if seal.CheckKey(seal.ReceiptSigner, a.Body) != nil || !strings.Contains(a.Header.Get("Content-Disposition"), "receipt-key.txt") {
		t.Error("the command cannot read it as it is saved")
	}
}
