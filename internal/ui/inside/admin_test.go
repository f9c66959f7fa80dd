package inside_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/uitest"
)

func TestSettingsShowWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Administrator)
	b.Get("/office/settings")
	at(t, b, "/office/settings", 200)
	save(t, b, "colour", "#ffdd00", "email", "nobody", "name-cy", "")
	at(t, b, "/office/settings", 422)
	if _, values := filled(t, b); values.Get("colour") != "#ffdd00" {
		t.Error("the colour was not kept")
	}
	if !strings.Contains(b.Page.Body, `<a href="#name-cy">`) || strings.Contains(b.Page.Body, `<a href="#name-en">`) {
		t.Error("only the Welsh name is missing: the summary must lead there")
	}
	if !strings.Contains(b.Page.Text(), ": 1") && !strings.Contains(b.Page.Text(), "4.5") {
		t.Errorf("the contrast is not said:\n%s", b.Page.Text())
	}
	save(t, b, "colour", "1d4f78", "email", "new@wealdmere.example", "name-cy", "Cyngor Wealdmere")
	at(t, b, "/office/settings", 200)
	shows(t, b, "Your changes are saved", "new@wealdmere.example")
	other := w.signIn(t, consult.Administrator)
	other.Get("/office/settings")
	b.Get("/office/settings")
	save(t, b, "phone", "01632 960 777")
	save(t, other, "phone", "01632 960 888")
	at(t, other, "/office/settings", 409)
	shows(t, other, "Somebody else saved this page")
	save(t, other)
	at(t, other, "/office/settings", 200)
}

// upload sends a file with the form of the page.
func upload(t testing.TB, b *uitest.Browser, name string, content []byte) *uitest.Answer {
	t.Helper()
	path, values := filled(t, b)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, all := range values {
		for _, v := range all {
			check(t, form.WriteField(field, v))
		}
	}
	part, err := form.CreateFormFile("file", name)
	check(t, err)
	_, err = part.Write(content)
	check(t, err)
	check(t, form.Close())
	req := httptest.NewRequest(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	a := b.Do(req)
	if a.Status == 303 {
		return b.Get(a.Location)
	}
	return a
}

func picture(width, height int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	m.Set(1, 1, color.RGBA{200, 10, 10, 255})
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// withText adds a text chunk with a name in it, as cameras and drawing programs do.
func withText(raw []byte, text string) []byte {
	const head = 8 + 25 // signature and IHDR
	chunk := append([]byte("tEXt"), text...)
	var out bytes.Buffer
	out.Write(raw[:head])
	binary.Write(&out, binary.BigEndian, uint32(len(text)))
	out.Write(chunk)
	binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(chunk))
	out.Write(raw[head:])
	return out.Bytes()
}

// TestLogoIsDecodedAndEncodedAgain: nothing but the picture is stored.
func TestLogoIsDecodedAndEncodedAgain(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Administrator)
	for _, c := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"a.png", []byte("<svg onload=alert(1)>"), "Choose a PNG picture"},
		{"a.png", append(picture(4, 4)[:60], 0), "Choose a PNG picture"},
		{"bomb.png", picture(2001, 4), "at most 2,000 pixels"},
		{"large.png", bytes.Repeat([]byte("x"), 70_000), "at most 64 KB"},
	} {
		b.Get("/office/settings/logo")
		upload(t, b, c.name, c.content)
		at(t, b, "/office/settings/logo", 422)
		shows(t, b, c.says)
	}
	b.Get("/office/settings/logo")
	upload(t, b, "logo.png", append(withText(picture(40, 20), "Author\x00Pat Painter"), []byte("<script>trailer</script>")...))
	at(t, b, "/office/settings/logo", 200)
	shows(t, b, "Your changes are saved")
	council, err := w.Service.Council(t.Context())
	check(t, err)
	if bytes.Contains(council.Logo, []byte("Painter")) || bytes.Contains(council.Logo, []byte("trailer")) {
		t.Error("more than the picture was stored")
	}
	if m, err := png.Decode(bytes.NewReader(council.Logo)); err != nil || m.Bounds().Dx() != 40 {
		t.Errorf("the stored logo: %v", err)
	}
	if !strings.Contains(b.Page.Body, "/logo.png?v=") {
		t.Error("the header has no logo")
	}
	b.Submit("/office/settings/logo/remove")
	if council, err = w.Service.Council(t.Context()); err != nil || len(council.Logo) != 0 {
		t.Errorf("the logo is still there: %v", err)
	}
}

func TestAuditLogIsFilteredInTheAddress(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	b.Get("/office/audit")
	at(t, b, "/office/audit", 200)
	shows(t, b, "Older entries")
	b.Get("/office/audit?action=staff&actor=" + w.staff[consult.Administrator].ID)
	shows(t, b, "Person invited", "Ade Administrator")
	showsNot(t, b, "Response stored")
	b.Get("/office/audit?object=consultation:" + w.open.ID)
	shows(t, b, "Response stored", "A respondent")
	b.Get("/office/audit?action=nothing")
	shows(t, b, "No entry matches")
	b.Get("/cy/office/audit")
	shows(t, b, "Cofnod archwilio")
}

// auditAction finds the actions that the service writes into the log.
var auditAction = regexp.MustCompile(`(?:event\([\w.]+\(\w*\), |\.(?:edit|move|subject)\(ctx, [^"\n]*)"([a-z]+\.[a-z_]+)"`)

// TestEveryActionOfTheLogHasWords: an officer who reads the log reads words, not codes.
func TestEveryActionOfTheLogHasWords(t *testing.T) {
	files, err := filepath.Glob("../../consult/*.go")
	check(t, err)
	messages, found := locale.Must(), map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		check(t, err)
		for _, m := range auditAction.FindAllStringSubmatch(string(source), -1) {
			found[m[1]] = true
		}
	}
	registers, err := filepath.Glob("../../dpo/*.go")
	check(t, err)
	for _, file := range registers {
		source, err := os.ReadFile(file)
		check(t, err)
		for _, m := range regexp.MustCompile(`"((?:request|breach|retention)\.[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
			found[m[1]] = true
		}
	}
	for action := range found {
		for _, l := range locale.Langs() {
			if !messages.Has(l, "office.audit.do."+action) {
				t.Errorf("%s has no words in %s", action, l)
			}
		}
	}
	if len(found) < 25 {
		t.Errorf("only %d actions found: the search is broken", len(found))
	}
}
