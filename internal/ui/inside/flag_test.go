package inside_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// personal are the parts of flaggedText that nobody may read before the officer has decided.
var personal = []string{"07700 900123", "gwen.jones"}

// unpacked is what a file holds: a workbook is a packed folder.
func unpacked(t testing.TB, body string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		return body
	}
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		check(t, err)
		_, err = io.Copy(&out, r)
		check(t, err)
	}
	return out.String()
}

// everywhere follows every link that a person is shown and returns all that they get, pages and files, by address.
func everywhere(t testing.TB, w *world, b *uitest.Browser, starts ...string) map[string]string {
	t.Helper()
	got, kinds := map[string]string{}, map[string]int{}
	for queue := starts; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		if _, seen := got[path]; seen || kinds[w.pattern("GET", path)] >= 25 {
			continue
		}
		kinds[w.pattern("GET", path)]++
		a := b.Peek(path)
		got[path] = unpacked(t, a.Body)
		if a.Status == 200 && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			queue = append(queue, links(t, a)...)
		}
	}
	return got
}

// TestNoFlaggedTextLeavesBeforeRedaction goes everywhere as everybody but the officer: councils.md S1-2 and S3-2, privacy.md 3.
func TestNoFlaggedTextLeavesBeforeRedaction(t *testing.T) {
	w := fullWorld(t)
	id := w.flag(t)
	results := "/office/consultations/" + w.open.ID
	starts := []string{results + "/results/texts/more", results + "/export/responses.csv?flavour=plain", results + "/export/responses.csv?flavour=spreadsheet", results + "/results", results + "/export"}
	homes := map[consult.Role]string{consult.PartnerUser: "/partner", "": "/"}
	search := func(why, there string, parts ...string) {
		t.Helper()
		for _, role := range visitors() {
			if role == consult.DPO {
				continue
			}
			b := w.Browser(t)
			if role != "" {
				b = w.signIn(t, role)
			}
			home := homes[role]
			if home == "" {
				home = "/office"
			}
			got := everywhere(t, w, b, append([]string{home}, starts...)...)
			for path, body := range got {
				for _, part := range parts {
					if strings.Contains(body, part) {
						t.Errorf("%s: %q gets %q at %s", why, role, part, path)
					}
				}
			}
			if role != consult.Researcher {
				continue
			}
			for _, path := range starts[:3] {
				if !strings.Contains(got[path], there) {
					t.Errorf("%s: %s lacks %q", why, path, there)
				}
			}
		}
	}
	search("flagged", "[held back: it may hold somebody’s personal details: an e-mail address, a telephone number]", append(personal, "I miss the Saturday")...)
	a := w.signIn(t, consult.Researcher).Get("/cy" + starts[0])
	if text := a.Text(); !strings.Contains(text, "[wedi’i ddal yn ôl: gall gynnwys manylion personol rhywun: cyfeiriad e-bost, rhif ffôn]") || !strings.Contains(text, "Mae 1 testun wedi’i ddal yn ôl") {
		t.Errorf("a researcher reads in Welsh what is held back, and how many:\n%s", text)
	}

	b := w.signIn(t, consult.DPO)
	b.Get(w.flagged + "/redact")
	fill(t, b, "reason", "They gave a number and an address.")
	if text := b.Page.Text(); !strings.Contains(text, "The text is redacted") || !strings.Contains(text, "Ring me on [removed] or write to [removed]: I miss the Saturday hours.") {
		t.Fatalf("the officer redacts what is marked:\n%s", text)
	}
	search("redacted", "Ring me on [removed] or write to [removed]: I miss the Saturday hours.", append(personal, "They gave a number")...)

	check(t, w.Service.EraseFor(t.Context(), w.staff[consult.DPO], id, consult.Telephone, func(consult.Writer) error { return nil }))
	if a := b.Peek(w.flagged); a.Status != 404 {
		t.Errorf("an erased text answers %d", a.Status)
	}
}

// TestTheOfficerSeesWhatIsMarked reads the queue from the menu on, decides, and takes the decision back.
func TestTheOfficerSeesWhatIsMarked(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	if text := b.Get("/office/texts").Text(); !strings.Contains(text, "No text is flagged.") {
		t.Errorf("the empty queue says so:\n%s", text)
	}
	w.flag(t)
	list := "/office/texts/" + w.open.ID
	if text := b.Get("/office").Text(); !strings.Contains(text, "1 flagged text is held back until you decide") {
		t.Errorf("the first page says that a text waits:\n%s", text)
	}
	if a := b.Get("/office/texts"); !strings.Contains(a.Body, `href="`+list+`"`) {
		t.Errorf("the queue leads to the consultation:\n%s", a.Text())
	}
	a := b.Get(list)
	if text := a.Text(); !strings.Contains(a.Body, w.flagged) || !strings.Contains(text, "1 flagged text") || !strings.Contains(text, "an e-mail address, a telephone number") {
		t.Errorf("the list says what each seems to hold:\n%s", text)
	}
	for _, part := range personal {
		if strings.Contains(a.Body, part) {
			t.Errorf("the list shows %q", part)
		}
	}
	a = b.Get(w.flagged)
	for _, part := range []string{"<mark>07700 900123<", "<mark>gwen.jones@resident.example<", "Ring me on <mark>"} {
		if !strings.Contains(a.Body, part) {
			t.Errorf("the text lacks %q:\n%s", part, a.Body)
		}
	}
	b.Get(w.flagged + "/clear")
	fill(t, b, "reason", "A made-up number.")
	if text := b.Page.Text(); !strings.Contains(text, "A made-up number.") || !strings.Contains(text, "Dee Protection") || !strings.Contains(text, "Shown as it is") {
		t.Errorf("the decision is shown with its reason:\n%s", text)
	}
	if a := b.Peek(w.flagged + "/redact"); a.Status != 409 {
		t.Errorf("a text that is decided cannot be decided again: %d", a.Status)
	}
	if a := b.Send(w.flagged+"/reopen", url.Values{"_csrf": sheets(t, b.Get(w.flagged))[0].values["_csrf"]}); a.Status != 303 {
		t.Errorf("the decision is taken back: %d", a.Status)
	}
	if text := b.Get(w.flagged).Text(); !strings.Contains(text, "Others cannot read this text until you decide.") {
		t.Errorf("the text waits again:\n%s", text)
	}
	if a := b.Peek(strings.Replace(w.flagged, w.open.ID, w.closed.ID, 1)); a.Status != 404 {
		t.Errorf("a text under another consultation answers %d", a.Status)
	}
}

// TestTheRespondentIsWarnedBeforeSending: a text that seems to hold a number is sent all the same.
func TestTheRespondentIsWarnedBeforeSending(t *testing.T) {
	w := fullWorld(t)
	b := w.Browser(t)
	answered(t, b, "/c/library-hours")
	if text := b.Get("/c/library-hours/respond/check").Text(); strings.Contains(text, "seems to hold") {
		t.Errorf("nothing was written yet:\n%s", text)
	}
	b.Get("/c/library-hours/respond/more")
	fill(t, b, "more", "My card is 4111 1111 1111 1111, take a fine from it")
	for prefix, words := range map[string]string{"": "This answer seems to hold a payment card number. You do not need to give it", "/cy": "Mae’n ymddangos bod yr ateb hwn yn cynnwys rhif cerdyn talu."} {
		a := b.Get(prefix + "/c/library-hours/respond/check")
		if !strings.Contains(a.Text(), words) || strings.Count(a.Body, `href="`+prefix+`/c/library-hours/respond/more`) < 2 {
			t.Errorf("%q: the check page lacks the warning or its link:\n%s", prefix, a.Text())
		}
		a.Sound(t)
	}
	b.Get("/c/library-hours/respond/check")
	fill(t, b)
	if b.Page.Status != 200 || strings.Contains(b.Page.Path, "/check") {
		t.Errorf("the response is sent all the same: %d %s", b.Page.Status, b.Page.Path)
	}
	n, err := w.Service.HeldBackTexts(t.Context(), w.staff[consult.DPO], w.open.ID)
	if n != 1 || err != nil {
		t.Errorf("and held back: %d, %v", n, err)
	}
}
