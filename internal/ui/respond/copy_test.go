package respond_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"folkmoot/internal/ui/uitest"
)

// The page is the readable copy: it says everything that art. 15(1) asks for, in both languages.
func TestHeldIsAWholeCopy(t *testing.T) {
	w := world(t)
	b := consented(t, w)
	b.Submit("", "age_band", "35_44")
	b.Get("/c/library/done")
	_, code := confirmed(t, b)
	for prefix, texts := range map[string][]string{
		"": {"Very satisfied", "35 to 44", // (3)
			"Why we use it, and our lawful basis", "public task", // (a)
			"What we collect", // (b)
			"Who gets it",     // (c)
			"We keep this response until 8 April 2029, then we erase it",                  // (d)
			"ask us to correct information that is wrong or incomplete", "complain to us", // (e)
			"the regulator",                                              // (f)
			"We get this information from you",                           // (g)
			"Decisions made by computer",                                 // (h)
			"You were asked", "You consented", "History of your consent", // what was agreed
			"Data Protection Officer", "dpo@wealdmere.example"},
		"/cy": {"Bodlon iawn", "35 i 44", "a'n sail gyfreithlon", "Yr hyn rydym yn ei gasglu", "Pwy sy'n ei chael", "tan 8 Ebrill 2029", "ofyn i ni gywiro",
			"i'r rheoleiddiwr", "yr wybodaeth hon gennych chi", "Penderfyniadau a wneir gan gyfrifiadur", "Hanes eich cydsyniad"},
	} {
		b := w.Browser(t)
		b.Get(prefix + "/your-response")
		b.Submit("", "code", code)
		at(t, b, prefix+"/your-response/held", http.StatusOK)
		has(t, b, texts...)
		hasNot(t, b, code)
		for _, link := range []string{"/your-response/copy.json", "/your-response/copy.csv", "/your-information/ask"} {
			if !strings.Contains(b.Page.Body, `href="`+prefix+link+`"`) {
				t.Errorf("%s: no link to %s", b.Page.Path, link)
			}
		}
	}
}

func TestCopyAsFiles(t *testing.T) {
	w := world(t)
	_, others := sendAll(t, w.Browser(t))
	b := consented(t, w)
	b.Submit("", "age_band", "35_44")
	b.Get("/c/library/done")
	reference, code := confirmed(t, b)
	for _, path := range []string{"/your-response/copy.json", "/cy/your-response/copy.csv"} {
		b = w.Browser(t)
		if a := b.Peek(path); a.Status != http.StatusSeeOther || !strings.HasSuffix(a.Location, "/your-response") {
			t.Errorf("%s without a code: %d to %s", path, a.Status, a.Location)
		}
	}
	open(t, b, code)
	for path, want := range map[string]string{"/your-response/copy.json": "35 to 44", "/cy/your-response/copy.json": "35 i 44",
		"/your-response/copy.csv": "35 to 44", "/cy/your-response/copy.csv": "35 i 44"} {
		a := b.Get(path)
		if a.Status != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Header.Get("Content-Disposition"), `filename="copy-`+reference+".") {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
		if !strings.Contains(a.Body, want) {
			t.Errorf("%s: the equality answer is not there", path)
		}
		for _, secret := range []string{code, others, strings.ReplaceAll(code, "-", "")} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("%s: a withdrawal code is in the copy", path)
			}
		}
	}
	var file struct {
		Answers []struct {
			ID string `json:"question_id"`
		}
		Retention struct{ Until string }
		Notice    struct{ Text string } `json:"privacy_notice"`
	}
	if err := json.Unmarshal([]byte(b.Get("/your-response/copy.json").Body), &file); err != nil || len(file.Answers) == 0 || file.Retention.Until != "2029-04-08" || file.Notice.Text == "" {
		t.Errorf("%+v %v", file, err)
	}
	sheet := strings.TrimPrefix(b.Get("/your-response/copy.csv").Body, "\ufeff")
	if lines, err := csv.NewReader(strings.NewReader(sheet)).ReadAll(); err != nil || len(lines) != 1+len(file.Answers)+1 {
		t.Errorf("%d lines for %d answers and one equality answer: %v", len(lines), len(file.Answers), err)
	}
	// What consent permitted is not in the copy after it is withdrawn.
	b.Get("/your-response/held")
	b.Submit("/your-response/withdraw-consent")
	if a := b.Get("/your-response/copy.json"); strings.Contains(a.Body, "35 to 44") || !strings.Contains(a.Body, `"consent_state": "withdrawn"`) {
		t.Error("the copy does not say that consent is withdrawn and its answers are gone")
	}
	w.Clock.Move(uitest.Start.AddDate(0, 0, 11)) // after closing there is still a copy
	b.Forget()
	open(t, b, code)
	if a := b.Get("/your-response/copy.json"); a.Status != http.StatusOK {
		t.Errorf("after closing: %d", a.Status)
	}
}
