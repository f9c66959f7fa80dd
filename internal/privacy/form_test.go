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

func formFacts(lang locale.Lang) privacy.FormFacts {
	s := privacy.ConsentStatement(council(), processing(), libraryHours, lang, where)
	return privacy.FormFacts{Council: council(), Title: libraryHours.In(lang), Notice: privacy.BuildNotice(council(), libraryHours, processing(), lang), NoticeAt: where + "/privacy",
		Statement: &s, Closes: "1 May 2026", Language: lang,
		Questions: []privacy.FormQuestion{{Text: "Do you use the library?", Items: []string{"Yes", "No"}}, {Text: "Why not?", Hint: "A sentence will do.", Lines: 4, OnlyAfter: 1, Only: []string{"No"}},
			{Text: "What for?", Items: []string{"Books", "Warmth"}, Several: true}, {Text: "When last?", Date: true, Lines: 1}},
		Equality: []privacy.FormQuestion{{Text: "What is your sex?", Items: []string{"Female", "Male"}}}}
}

func issued(lang locale.Lang, kind privacy.FormKind) privacy.IssuedForm {
	f := formFacts(lang)
	out := privacy.IssuedForm{Kind: kind, ConsultationID: "c1", Language: lang, SurveyVersion: "v1", NoticeID: "c1", NoticeVersion: 2, NoticeSHA256: "ab",
		Statement: f.Statement.String(), StatementHash: f.Statement.Hash, Agree: f.Statement.Agree, Refuse: f.Statement.Refuse}
	if kind == privacy.PaperForm {
		out.Parts = privacy.PaperParts(f)
	} else {
		out.Parts, out.Consent = privacy.ScriptParts(f), privacy.ScriptConsentParts(f)
	}
	return out.Seal()
}

// What a form says is pinned for good: a change of any word makes another version, and these texts show that somebody meant it.
func TestFormsAndScripts(t *testing.T) {
	for _, lang := range both {
		for _, kind := range []privacy.FormKind{privacy.PaperForm, privacy.Script} {
			f := issued(lang, kind)
			golden(t, "form."+string(kind)+"."+string(lang)+".txt", f.PrintedVersion()+"\n\n"+f.Text())
			if err := f.Verify(); err != nil || f.Code[:2] != strings.ToUpper(string(kind)[:1])+"-" {
				t.Errorf("%s %s: %v", kind, f.Code, err)
			}
			s := formFacts(lang).Statement
			for _, words := range append(append([]string{s.Heading, s.Intro, s.Agree, s.Refuse}, s.Uses...), s.Paragraphs...) {
				if !strings.Contains(f.Text(), words) {
					t.Errorf("%s in %s does not say %q: explicit consent is to exactly this (UK GDPR art. 9(2)(a))", kind, lang, words)
				}
			}
		}
		whole := issued(lang, privacy.PaperForm).Text()
		for _, s := range privacy.BuildNotice(council(), libraryHours, processing(), lang).Sections {
			for _, b := range s.Blocks {
				if !strings.Contains(whole, b.Text) {
					t.Errorf("the paper form in %s leaves out %q of the notice (UK GDPR art. 13: at the time when data are obtained)", lang, b.Text)
				}
			}
		}
	}
}

func TestFormVersions(t *testing.T) {
	base := issued(locale.English, privacy.PaperForm)
	for why, change := range map[string]func(*privacy.IssuedForm){
		"another consultation": func(f *privacy.IssuedForm) { f.ConsultationID = "c2" },
		"another language":     func(f *privacy.IssuedForm) { f.Language = locale.Welsh },
		"other questions":      func(f *privacy.IssuedForm) { f.SurveyVersion = "v2" },
		"another notice":       func(f *privacy.IssuedForm) { f.NoticeVersion = 3 },
		"other words of it":    func(f *privacy.IssuedForm) { f.NoticeSHA256 = "cd" },
		"another statement":    func(f *privacy.IssuedForm) { f.Statement += "!" },
		"another option":       func(f *privacy.IssuedForm) { f.Agree += "!" },
		"other words on it":    func(f *privacy.IssuedForm) { f.Parts = slices.Clone(f.Parts); f.Parts[1].Text += "!" },
		"fewer lines":          func(f *privacy.IssuedForm) { f.Parts = slices.Clone(f.Parts); f.Parts[3].Lines++ },
		"a part moved to what is read later": func(f *privacy.IssuedForm) {
			f.Consent, f.Parts = f.Parts[len(f.Parts)-1:], f.Parts[:len(f.Parts)-1]
		},
	} {
		other := base
		change(&other)
		if err := other.Verify(); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: not noticed: %v", why, err)
		}
		if sealed := other.Seal(); sealed.Code == base.Code || sealed.Verify() != nil {
			t.Errorf("%s: the same code %s", why, sealed.Code)
		}
	}
	later := base
	later.IssuedAt = now.Add(time.Hour)
	if later.Verify() != nil || later.Seal().Code != base.Code {
		t.Error("printing it again makes another version")
	}
	typed := " " + strings.ToLower(strings.ReplaceAll(base.Code, "-", " ")) + " "
	for in, want := range map[string]string{base.Code: base.Code, typed: base.Code, strings.ReplaceAll(base.Code, "0", "O"): base.Code, "": "", "P": "", base.Code[2:]: "", "X" + base.Code[1:]: "", base.Code + "0": ""} {
		if got, err := privacy.NormaliseFormCode(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}
