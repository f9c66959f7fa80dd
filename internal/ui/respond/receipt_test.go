package respond_test

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// person is one respondent: what they type and choose, and the marks by which each answer would be known again.
type person struct {
	steps [][]string // name, value pairs of each question, in order
	equal [][]string // of each equality question
	marks []string
	small []string // figures: as short as parts of a hash, which are left out where they are looked for
}

// anyPerson answers everything, with texts that stand nowhere else.
func anyPerson(t *rapid.T, label string, equality []survey.Question) person {
	mark := func(name string) string {
		return rapid.StringMatching(`(Siân|Nia|Owain) Q[a-z]{5}zq[a-z]{5}`).Draw(t, label+" "+name)
	}
	whyNot, other, more := mark("why not"), mark("other"), mark("more")
	address := rapid.StringMatching(`198\.51\.100\.[1-9][0-9]`).Draw(t, label+" address")
	email := rapid.StringMatching(`[a-z]{8}@qz[a-z]{4}\.example`).Draw(t, label+" email")
	postcode := rapid.SampledFrom([]string{"WM1 1AA", "wm1 1aa", "WM11AA"}).Draw(t, label+" postcode")
	visits := rapid.SampledFrom([]string{"137", "211", "299"}).Draw(t, label+" visits")
	p := person{
		steps: [][]string{
			{"satisfied", rapid.SampledFrom([]string{"very_satisfied", "fairly_satisfied", "very_dissatisfied"}).Draw(t, label+" satisfied")},
			{"member", "no"}, {"why_not", whyNot},
			{"uses", rapid.SampledFrom([]string{"books", "events"}).Draw(t, label+" uses"), "uses", "other", "uses-other-text", other},
			{"visits", visits},
			{"last_visit-day", "17", "last_visit-month", "2", "last_visit-year", "2014"},
			{"home", postcode},
			{"more", more + "\n" + address + " " + email},
		},
		marks: []string{whyNot, other, more, address, email, postcode, "WM1 1AA", "WM11AA", "abbots_cross", "Abbots Cross", "very_satisfied", "fairly_satisfied", "dissatisfied",
			"Very satisfied", "Very dissatisfied", "story time"},
		small: []string{visits, "2014"},
	}
	for _, q := range equality {
		options := []string{}
		for _, o := range q.Options {
			options = append(options, o.Code)
		}
		if len(options) == 0 {
			t.Fatalf("%s has no options", q.ID)
		}
		code := rapid.SampledFrom(options).Draw(t, label+" "+q.ID)
		p.equal = append(p.equal, []string{q.ID, code})
		for _, o := range q.Options {
			if len(o.Code) > 4 { // "yes", "no" and "male" are parts of other words
				p.marks = append(p.marks, o.Code, o.Label.In("en"), o.Label.In("cy"))
			}
		}
	}
	return p
}

// respondAs answers on the pages, decides, and answers the equality questions where consent is given. It returns reference and code.
func respondAs(t testing.TB, w *uitest.World, p person, decision string) (b *uitest.Browser, reference, code string) {
	b = w.Browser(t)
	b.Get("/c/library/respond")
	for _, fields := range p.steps {
		b.Submit("", fields...)
		if b.Page.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", fields, b.Page.Status, b.Page.Text())
		}
	}
	at(t, b, "/c/library/respond/check", http.StatusOK)
	b.Submit("")
	if decision == "skip" {
		b.Submit("", "equality", "no")
	} else {
		b.Submit("", "equality", "yes")
		b.Submit("", "over", "yes")
		b.Submit("", "consent", decision)
	}
	if decision == "agree" {
		for _, fields := range p.equal {
			if strings.HasSuffix(b.Page.Path, "/"+fields[0]) { // some follow from others
				b.Submit("", fields...)
			}
		}
	}
	b.Get("/c/library/done")
	reference, code = confirmed(t, b)
	return b, reference, code
}

// everyForm returns the receipt in all its forms, by address.
func everyForm(t testing.TB, b *uitest.Browser, kantara bool) map[string]string {
	out := map[string]string{}
	for _, lang := range []string{"", "/cy"} {
		for _, page := range []string{"/receipt", "/receipt.json", "/receipt.kantara.json"} {
			a := b.Get(lang + "/c/library" + page)
			want := http.StatusOK
			if strings.Contains(page, "kantara") && !kantara {
				want = http.StatusNotFound
			}
			if a.Status != want {
				t.Fatalf("%s: %d, want %d", page, a.Status, want)
			}
			if want == http.StatusOK {
				out[lang+page] = a.Body
			}
		}
	}
	return out
}

// What differs from one respondent to the next, whatever they answered.
var ownParts = regexp.MustCompile(`WEM-[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"signature": "[^"]+"|"_csrf" value="[^"]*"`)

// A receipt never holds an answer, a name or an address (privacy.md 3.5), in any of its forms. Two things show it: nothing that somebody typed
// or chose stands in it; and the receipts of two people who decided alike about consent are the same, whatever they answered, but for
// reference, numbers, hashes and signature.
func TestReceiptsHoldNoAnswer(t *testing.T) {
	w := world(t)
	_, def, err := w.Service.PublicConsultation(t.Context(), "library")
	if err != nil {
		t.Fatal(err)
	}
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // each check is sixty pages
		if err := f.Value.Set("20"); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		decision := rapid.SampledFrom([]string{"agree", "refuse", "skip"}).Draw(r, "decision")
		var first map[string]string
		for _, label := range []string{"one", "another"} {
			p := anyPerson(r, label, def.Equality)
			b, reference, code := respondAs(t, w, p, decision)
			forms := everyForm(t, b, decision == "agree")
			for address, body := range forms {
				for _, secret := range append(p.marks, code, strings.ReplaceAll(code, "-", ""), "0.0.0.0", "127.0.0.1") {
					if strings.Contains(strings.ToLower(body), strings.ToLower(secret)) {
						r.Errorf("%s, %s: holds %q", address, decision, secret)
					}
				}
				if !strings.Contains(body, reference) {
					r.Errorf("%s: without the reference, the test proves nothing", address)
				}
				forms[address] = ownParts.ReplaceAllString(body, "…")
				for _, secret := range p.small {
					if regexp.MustCompile(`\b` + secret + `\b`).MatchString(forms[address]) { // as a figure, not as a part of an id or a signature
						r.Errorf("%s, %s: holds %q", address, decision, secret)
					}
				}
			}
			if first == nil {
				first = forms
				continue
			}
			for address, body := range forms {
				if body != first[address] {
					r.Errorf("%s, %s: the receipt tells one respondent from another:\n%s\n%s", address, decision, first[address], body)
				}
			}
		}
	})
}

func TestReceiptFiles(t *testing.T) {
	w := world(t)
	p := person{steps: [][]string{{"satisfied", "very_satisfied"}, {}, {}, {}, {}, {}, {}}} // blank but for the first
	for _, row := range []struct {
		decision string
		kantara  bool
		says     string
	}{
		{"agree", true, "Download your receipt as a Kantara consent receipt"},
		{"refuse", false, "There is no Kantara file: that form can only say that consent was given, and you refused."},
		{"skip", false, "There is no Kantara file: it is a receipt for consent, and you were not asked"},
	} {
		b, reference, code := respondAs(t, w, p, row.decision)
		own := w.Browser(t)
		open(t, own, code)
		for _, place := range []struct {
			b    *uitest.Browser
			base string
		}{{b, "/c/library"}, {own, "/your-response"}} {
			place.b.Get(place.base + "/receipt")
			at(t, place.b, place.base+"/receipt", http.StatusOK)
			has(t, place.b, row.says, "Fingerprint of the receipt's JSON file", "https://haveyoursay.example/receipt/verify", "Check a receipt")
			if asked := strings.Contains(place.b.Page.Text(), "What you were asked, as it was shown"); asked != (row.decision != "skip") {
				t.Errorf("%s, %s: the statement is on the page: %v", place.base, row.decision, asked)
			}
			page := place.b.Page.Text()
			for _, link := range []string{place.base + "/receipt.json", "/receipt/verify"} {
				if !strings.Contains(place.b.Page.Body, `href="`+link+`"`) {
					t.Errorf("%s: no link to %s", place.base, link)
				}
			}
			if has := strings.Contains(place.b.Page.Body, `href="`+place.base+`/receipt.kantara.json"`); has != row.kantara {
				t.Errorf("%s, %s: link to a Kantara file: %v", place.base, row.decision, has)
			}
			file := place.b.Get(place.base + "/receipt.json")
			if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="receipt-`+reference+`.json"` || !strings.HasPrefix(file.Header.Get("Content-Type"), "application/ld+json") {
				t.Errorf("%s: %s, %s", place.base, got, file.Header.Get("Content-Type"))
			}
			checked := privacy.CheckReceipt([]byte(file.Body), w.Service.ReceiptKey())
			if checked.Verdict != privacy.Genuine || !strings.Contains(page, checked.Says.Fingerprint) || !strings.Contains(page, checked.Says.ReceiptID) {
				t.Errorf("%s: %+v; the page prints another fingerprint or number", place.base, checked)
			}
			kantara := place.b.Get(place.base + "/receipt.kantara.json")
			if !row.kantara {
				if kantara.Status != http.StatusNotFound || !strings.Contains(kantara.Text(), "There is no Kantara file") {
					t.Errorf("%s: %d %s", place.base, kantara.Status, kantara.Text())
				}
				continue
			}
			if got := kantara.Header.Get("Content-Disposition"); got != `attachment; filename="receipt-`+reference+`.kantara.json"` {
				t.Errorf("%s: %s", place.base, got)
			}
			if got := privacy.CheckReceipt([]byte(kantara.Body), w.Service.ReceiptKey()); got.Verdict != privacy.Genuine || !got.Kantara {
				t.Errorf("%s: %+v", place.base, got)
			}
		}
	}
	stranger := w.Browser(t)
	for _, path := range []string{"/c/library/receipt.kantara.json", "/your-response/receipt.kantara.json"} {
		if a := stranger.Do(httptest.NewRequest(http.MethodGet, path, nil)); a.Status == http.StatusOK || strings.Contains(a.Body, "piiPrincipalId") {
			t.Errorf("%s: %d without a session", path, a.Status)
		}
	}
}
