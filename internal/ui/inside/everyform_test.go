package inside_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

// tooLong is longer than any text of the product may be: a paper that people should read has at most 100,000 characters.
var tooLong = strings.Repeat("x", 100_001)

// wrong is one way to fill in a form wrongly.
type wrong struct {
	why    string
	field  string // that is wrong, or empty
	values url.Values
}

// counting returns the form with what makes a field count: a line of own answers only where no set of answers is chosen, a place only
// beside a label, and a description only beside its choice.
func (s sheet) counting(name string) sheet {
	if line, _, ok := strings.Cut(name, "-"); ok && ownLine.MatchString(name) {
		s.values = s.with("scoring", "")
		if s.values.Get(line+"-en") == "" {
			s.values = s.with(line+"-en", "A label")
		}
	}
	for _, f := range s.fields {
		for _, o := range f.offered {
			if name == f.name+"-"+o+"-text" {
				s.values = s.with(f.name, o)
			}
		}
	}
	return s
}

var ownLine = regexp.MustCompile(`^o\d+-(en|cy|order)$`)

// wrongs lists them for a form: every text too long, every number no number, every choice one that is not offered, and nothing at all.
func wrongs(s sheet) []wrong {
	out := []wrong{{"nothing", "", s.empty()}}
	for _, f := range s.fields {
		switch f.kind {
		case "choice":
			out = append(out, wrong{"choice", f.name, s.with(f.name, "nonsense")})
		case "several":
			out = append(out, wrong{"choice", f.name, s.with(f.name, append(slices.Clone(s.values[f.name]), "nonsense")...)})
		case "number":
			out = append(out, wrong{"number", f.name, s.counting(f.name).with(f.name, "many")})
			fallthrough
		case "text", "password":
			out = append(out, wrong{"long", f.name, s.counting(f.name).with(f.name, tooLong)})
		}
	}
	return out
}

// neverShown forgets the answers of somebody who is too late; a preview never closes.
const neverShown = "/office/consultations/:id/preview/respond"

// TestEveryFormAnswersBadInput goes over every form of the product and fills it in wrongly: issue 2, "What bad input gets".
func TestEveryFormAnswersBadInput(t *testing.T) {
	met, done := map[string]bool{}, map[string]bool{}
	var routes []page.Route
	posts := 0
	for _, st := range stages() {
		w, b, addresses := st.open(t)
		routes = w.Kit.All()
		for _, address := range addresses {
			moved := false
			for i, s := range sheets(t, b.Get(address)) {
				route := w.pattern(http.MethodPost, s.action)
				met[route] = true
				key := route + " " + s.names()
				if len(s.fields) == 0 || done[key] {
					continue
				}
				done[key] = true
				for _, x := range wrongs(s) {
					found := sheets(t, b.Get(address))
					if i >= len(found) {
						t.Errorf("%s: %s: the form is gone", st.name, address)
						break
					}
					x.values["_csrf"], x.values["version"] = found[i].values["_csrf"], found[i].values["version"]
					posts++
					if moved {
						s.action = found[i].action
					}
					a := b.Send(s.action, x.values)
					for _, fault := range faults(t, route, s, x, a) {
						t.Errorf("%s: %s (%s): %s %s: %d: %s", st.name, route, address, x.why, x.field, a.Status, fault)
					}
					if a.Status < 400 && strings.HasPrefix(route, "/office") && !strings.Contains(route, "/preview/") { // something was stored, as it should where nothing is required
						var again []string
						was := w.pattern(http.MethodGet, address)
						w, b, again = st.open(t)
						if at := slices.IndexFunc(again, func(x string) bool { return w.pattern(http.MethodGet, x) == was }); !slices.Contains(again, address) && at >= 0 {
							address, moved = again[at], true // of an entry whose address is new in every world
						}
					}
				}
			}
		}
	}
	for _, r := range routes {
		if r.Method == http.MethodPost && !met[r.Path] && r.Path != neverShown {
			t.Errorf("no form leads to %s: the test does not go everywhere", r.Path)
		}
	}
	t.Logf("%d forms sent", posts)
}

const everyEquality = "every equality question is optional"

// optional are the forms of which nothing has to be filled in, by route, each with why.
var optional = map[string]string{
	"/office/consultations/:id/survey/equality":            "a survey without equality questions",
	"/office/consultations/:id/notice/edit":                "a draft may be incomplete: publishing says what is missing",
	"/office/consultations/:id/notice/consent":             "a draft may be incomplete: publishing says what is missing",
	"/office/consultations/:id/changes/:change/edit":       "a change may be incomplete: its page says what stands in the way",
	"/office/consultations/:id/changes/:change/consent":    "a change may be incomplete: its page says what stands in the way",
	"/your-response/equality":                              everyEquality,
	"/office/requests/:id/equality":                        everyEquality,
	"/c/:slug/equality/:question":                          "every equality question is optional",
	"/office/consultations/:id/preview/equality/:question": everyEquality,
	"/office/consultations/:id/record/equality":            everyEquality,
}

// mayBeEmpty reports whether a form that nobody filled in may be a sound one. Of the questions of uitest.Everything one is required.
func mayBeEmpty(route string, s sheet) bool {
	return optional[route] != "" || strings.HasSuffix(route, "/respond/:question") && !strings.HasSuffix(s.action, "/satisfied")
}

// faults returns what is wrong with the answer to a form that was filled in wrongly.
func faults(t testing.TB, route string, s sheet, x wrong, a *uitest.Answer) (out []string) {
	t.Helper()
	switch {
	case x.why == "choice" && a.Status == http.StatusBadRequest:
		return nil // desk.Offered: no browser sends what its page does not offer
	case x.why == "nothing" && mayBeEmpty(route, s) && a.Status == http.StatusSeeOther:
		return nil
	case a.Status != http.StatusUnprocessableEntity:
		return []string{"want 422"}
	}
	out = summaryFaults(t, a)
	again := sheets(t, a)
	i := slices.IndexFunc(again, func(n sheet) bool { return n.action == s.action })
	if i < 0 {
		return append(out, "the form is not there again")
	}
	for _, f := range s.fields {
		kept, sent := again[i].values[f.name], x.values[f.name]
		switch {
		case f.kind == "password" || f.name == "code": // a withdrawal code is a secret too
			if strings.Join(kept, "") != "" {
				out = append(out, f.name+" is printed back")
			}
		case f.kind == "file" || (f.kind == "choice" || f.kind == "several") && f.name == x.field:
		case strings.Join(kept, "\n") != strings.Join(sent, "\n"):
			out = append(out, fmt.Sprintf("%s is %.40q, %.40q was typed", f.name, kept, sent))
		}
	}
	return out
}
