package privacy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestNoticeGolden(t *testing.T) {
	for _, lang := range both {
		golden(t, "notice."+string(lang)+".txt", privacy.BuildNotice(council(), libraryHours, processing(), lang).String())
	}
}

// Every item of article 13 has a section, and every setting that it rests on is really said.
func TestNoticeSaysEveryItem(t *testing.T) {
	n := privacy.BuildNotice(council(), libraryHours, processing(), locale.English)
	for _, row := range []struct{ why, section, says string }{
		{"art. 13(1)(a) identity", "who", "Wemford Borough Council"},
		{"art. 13(1)(a) contact", "who", "Town Hall, Market Square, Wemford WE1 1AA"},
		{"art. 13(1)(b)", "dpo", "dpo@wemford.example"},
		{"art. 5(1)(a)", "data", "the ward you live in"},
		{"art. 13(1)(c) purpose", "why", "Decide the opening hours of libraries."},
		{"art. 13(1)(c) basis of the first purpose", "why", "article 6(1)(e)"},
		{"art. 13(1)(c) basis of the second purpose", "why", "article 6(1)(a)"},
		{"art. 9(2)(a)", "why", "article 9(2)(a)"},
		{"art. 13(1)(e) named, with the form", "recipients", "Climate Hero AB (Sweden): anonymous totals only"},
		{"art. 13(1)(f) none is said too", "where", "do not send your information outside the United Kingdom"},
		{"art. 13(2)(a) period", "retention", "3 years"},
		{"art. 13(2)(a) trigger (S2-2)", "retention", "when the consultation closes"},
		{"art. 5(1)(e) equality answers", "retention", "12 months"},
		{"art. 13(2)(b)", "rights", "ask for a copy"},
		{"art. 13(2)(b) only where it applies (S2-17)", "rights", "object to our use of your information (only for this: Decide the opening hours of libraries)"},
		{"art. 13(2)(b), 17(3)(b) no more than the basis gives", "rights", "if you object and we agree (only for this: Decide the opening hours of libraries)"},
		{"art. 13(2)(c)", "withdraw", "at any time"},
		{"art. 7(3) as easy as giving", "withdraw", "01234 567890"},
		{"art. 13(2)(e)", "required", "You choose whether to take part"},
		{"art. 13(2)(f)", "automated", "No decision about you is made by a computer"},
		{"art. 12(1), 25 (none of the five notices)", "children", "at any age"},
		{"DPA 2018 s.164A", "complain", "www.wemford.example/complaints"},
		{"art. 13(2)(d)", "complain", "Information Commission"},
		{"councils.md S0-19", "changes", "in force when you answered"},
	} {
		at := slices.IndexFunc(n.Sections, func(s privacy.NoticeSection) bool { return s.ID == row.section })
		if at < 0 {
			t.Errorf("%s: no section %s", row.why, row.section)
			continue
		}
		whole := privacy.NoticeText{Sections: n.Sections[at : at+1]}.String()
		if !strings.Contains(whole, row.says) {
			t.Errorf("%s: section %s does not say %q:\n%s", row.why, row.section, row.says, whole)
		}
	}
}

func TestNoticeIsWholeInBothLanguages(t *testing.T) {
	en := privacy.BuildNotice(council(), libraryHours, processing(), locale.English)
	cy := privacy.BuildNotice(council(), libraryHours, processing(), locale.Welsh)
	if len(en.Sections) != 14 || len(cy.Sections) != len(en.Sections) {
		t.Fatalf("%d and %d sections", len(en.Sections), len(cy.Sections))
	}
	for i, s := range en.Sections {
		w := cy.Sections[i]
		if w.ID != s.ID || len(w.Blocks) != len(s.Blocks) || w.Heading == s.Heading {
			t.Errorf("section %s: %s in Welsh, %d and %d blocks, heading %q", s.ID, w.ID, len(s.Blocks), len(w.Blocks), w.Heading)
		}
	}
	if all := en.String() + cy.String(); strings.ContainsAny(all, "{}<>") {
		t.Errorf("a placeholder or a tag is left:\n%s", all)
	}
}

// What a council writes is text: it is neither a placeholder nor lost.
func TestNoticeKeepsWhatTheCouncilWrites(t *testing.T) {
	c, p := council(), processing()
	c.Name = text("A {title} & <b>Council</b>", "C")
	p.Purposes[0].Recipients = []privacy.Recipient{{Name: "A", Form: "some", Location: "UK"}}
	n := privacy.BuildNotice(c, text("{council}", "x"), p, locale.English)
	if !strings.Contains(n.String(), "A {title} & <b>Council</b> runs this consultation") || n.Title != "Privacy notice: {council}" {
		t.Errorf("%q: %s", n.Title, n.Sections[0].Blocks[0].Text)
	}
}

func TestNoticeVersion(t *testing.T) {
	v := privacy.NewNoticeVersion("library-hours", 1, now, council(), libraryHours, processing())
	if err := v.Verify(); err != nil {
		t.Fatal(err)
	}
	if len(v.Texts) != 2 || len(v.SHA256) != 64 {
		t.Fatalf("%d texts, hash %q", len(v.Texts), v.SHA256)
	}
	again := privacy.NewNoticeVersion("library-hours", 1, now.Add(300*time.Millisecond), council(), libraryHours, processing())
	if again.SHA256 != v.SHA256 {
		t.Error("the same notice gives another hash: nobody could check it later")
	}
	for _, row := range []struct {
		why    string
		change func(*privacy.NoticeVersion)
	}{
		{"another id", func(v *privacy.NoticeVersion) { v.NoticeID = "x" }},
		{"another number", func(v *privacy.NoticeVersion) { v.Version = 2 }},
		{"back-dated", func(v *privacy.NoticeVersion) { v.EffectiveFrom = now.Add(-time.Second) }},
		{"a language taken away", func(v *privacy.NoticeVersion) { delete(v.Texts, locale.Welsh) }},
		{"a word changed", func(v *privacy.NoticeVersion) { v.Texts[locale.Welsh].Sections[3].Blocks[0].Text += " a mwy" }},
		{"an item moved into the paragraph", func(v *privacy.NoticeVersion) {
			b := &v.Texts[locale.English].Sections[0].Blocks[1]
			b.Text, b.Items = b.Text+"\n- "+b.Items[0], b.Items[1:]
		}},
		{"no hash at all", func(v *privacy.NoticeVersion) { v.SHA256 = "" }},
	} {
		v := privacy.NewNoticeVersion("library-hours", 1, now, council(), libraryHours, processing())
		row.change(&v)
		if err := v.Verify(); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	if _, lang := v.In(locale.Welsh); lang != locale.Welsh {
		t.Error("Welsh is there and not given")
	}
	delete(v.Texts, locale.Welsh)
	if n, lang := v.In(locale.Welsh); lang != locale.English || n.Title == "" {
		t.Error("English does not stand in for a missing language")
	}
}
