package inside_test

import (
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// UK GDPR art. 13 and councils.md, section 5: publishing is refused with the missing item named, and the line leads to where it is mended.
func TestPublishingNamesWhatTheNoticeLacks(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "service-feedback")
	b.Get(base + "/details")
	save(t, b, "about-en", "What we ask.", "about-cy", "Yr hyn a ofynnwn.", "slug", "what-is-missing")
	screened := func() { uitest.Screen(t, w.Service, strings.TrimPrefix(base, "/office/consultations/")) }
	screened()
	b.Get(base + "/readiness")
	shows(t, b, "Everything that has to be there is there")
	for _, row := range []struct{ why, field, says, href string }{
		{"art. 13(2)(f)", "automated", "Say whether decisions are made by computer alone", "/notice/edit#automated"},
		{"art. 12(1), 25", "children", "Say whether children may take part", "/notice/edit#children"},
		{"art. 13(2)(e)", "required", "Say whether people have to answer", "/notice/edit#required"},
		{"art. 13(2)(a)", "retention", "Say how long responses are kept", "/notice/edit#retention"},
		{"art. 5(1)(a)", "data", "Say what information is collected", "/notice/edit#data"},
		{"art. 13(1)(f)", "locations", "Say where the information is kept", "/notice/edit#locations"},
	} {
		b.Get(base + "/notice/edit")
		_, values := filled(t, b)
		var empty, full []string
		for _, name := range []string{row.field, row.field + "-en", row.field + "-cy"} {
			if v := values.Get(name); v != "" {
				empty, full = append(empty, name, ""), append(full, name, v)
			}
		}
		if len(full) == 0 {
			t.Fatalf("%s: no field %s, or an empty one", row.why, row.field)
		}
		save(t, b, empty...)
		at(t, b, base+"/notice", 200)
		screened() // so that the one thing is what the notice lacks
		b.Get(base + "/readiness")
		shows(t, b, "1 thing", row.says, row.why)
		if !strings.Contains(b.Page.Body, row.href) {
			t.Errorf("%s: no link to %s:\n%s", row.why, row.href, b.Page.Text())
		}
		b.Page.Sound(t)
		b.Get(base + "/publish")
		at(t, b, base+"/readiness", 200)
		b.Get("/cy" + base + "/readiness")
		if strings.Contains(b.Page.Text(), row.says) {
			t.Errorf("%s: English on the Welsh page", row.why)
		}
		b.Get(base + "/notice/edit")
		save(t, b, full...)
	}
	screened()
	b.Get(base + "/readiness")
	shows(t, b, "Everything that has to be there is there")
}
