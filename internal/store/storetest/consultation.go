package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func testConsultations(t *testing.T, s Store) {
	c := Consultation()
	c.Documents = []consult.Document{{Title: locale.Text{locale.English: "Plan"}, URL: "https://example.org/plan"}}
	Write(t, s, func(w consult.Writer) error { return w.AddConsultation(c) })
	Read(t, s, func(r consult.Reader) error {
		id, version, err := r.ConsultationBySlugVersion(c.Slug)
		if again, errID := r.ConsultationVersion(c.ID); err != nil || errID != nil || id != c.ID || version != c.Version || again != version {
			t.Errorf("its version: got %s %d and %d, want %s %d: %v %v", id, version, again, c.ID, c.Version, err, errID)
		}
		_, errAbsent := r.ConsultationVersion("absent")
		want(t, errAbsent, fault.NotFound, "the version of an absent consultation")
		_, _, errAbsent = r.ConsultationBySlugVersion("absent")
		want(t, errAbsent, fault.NotFound, "the version of an absent address")
		for name, read := range map[string]func() (*consult.Consultation, error){
			"by id":   func() (*consult.Consultation, error) { return r.Consultation(c.ID) },
			"by slug": func() (*consult.Consultation, error) { return r.ConsultationBySlug(c.Slug) },
		} {
			got, err := read()
			if err != nil {
				return err
			}
			if diff := cmp.Diff(c, got); diff != "" {
				t.Errorf("%s: stored and read differ: %s", name, diff)
			}
		}
		_, err = r.Consultation("absent")
		want(t, err, fault.NotFound, "an absent id")
		_, err = r.ConsultationBySlug("absent")
		want(t, err, fault.NotFound, "an absent address")
		return nil
	})

	other := Consultation()
	other.Slug = c.Slug
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddConsultation(other) }), fault.Conflict, "the address is taken")
	other.Slug = "another-address"
	other.ClosesAt = c.ClosesAt.AddDate(0, 0, 1)
	Write(t, s, func(w consult.Writer) error { return w.AddConsultation(other) })
	moved := *other
	moved.Slug = c.Slug
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateConsultation(&moved) }), fault.Conflict, "an edit takes a taken address")

	mine, theirs := *c, *c
	theirs.Department = "Parks"
	Write(t, s, func(w consult.Writer) error { return w.UpdateConsultation(&theirs) })
	if theirs.Version != 2 {
		t.Errorf("an edit counts the version up: got %d, want 2", theirs.Version)
	}
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateConsultation(&mine) }), fault.Conflict, "an edit of an older version")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateConsultation(Consultation()) }), fault.NotFound, "an edit of an absent one")

	published := theirs
	published.State, published.PublishedAt, published.PublishedBy = consult.Published, Moment, "staff-2"
	Write(t, s, func(w consult.Writer) error { return w.UpdateConsultation(&published) })
	Read(t, s, func(r consult.Reader) error {
		all, err := r.Consultations(consult.ConsultationFilter{})
		if err != nil {
			return err
		}
		if len(all) != 2 || all[0].ID != other.ID || all[1].ID != c.ID {
			t.Errorf("the newest closing date comes first: got %v", ids(all))
		}
		drafts, err := r.Consultations(consult.ConsultationFilter{State: consult.Drafted})
		if len(drafts) != 1 || drafts[0].ID != other.ID {
			t.Errorf("drafts only: got %v", ids(drafts))
		}
		return err
	})
	want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseConsultation(c.ID) }), fault.Conflict, "a published one is not erased")
	Write(t, s, func(w consult.Writer) error { return w.EraseConsultation(other.ID) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseConsultation(other.ID) }), fault.NotFound, "erased twice")
}

func ids(all []*consult.Consultation) (out []string) {
	for _, c := range all {
		out = append(out, c.ID)
	}
	return out
}

func testSearch(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	for _, test := range []struct {
		words string
		found bool
		why   string
	}{
		{"", true, "no words: all"},
		{"library", true, "a word of the title"},
		{"LIBRARY", true, "upper case"},
		{"hours opening", true, "every word, in any order"},
		{"libr", true, "the beginning of a word"},
		{"tŷ dŵr", true, "Welsh with its accents"},
		{"ty dwr", true, "Welsh as typed on an English keyboard: ŷ and ŵ lose their accents"},
		{"TŶ", true, "Welsh in capitals"},
		{"culture leisure", true, "the department"},
		{"library swimming", false, "every word must occur"},
		{"100%", false, "a per cent sign is no wildcard"},
		{"libr_zz", false, "nor is an underscore: it separates words"},
		{`\`, true, "nothing but punctuation is no word"},
	} {
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Consultations(consult.ConsultationFilter{Words: consult.FoldWords(test.words)})
			if found := len(got) == 1 && got[0].ID == c.ID; found != test.found {
				t.Errorf("search %q: found %v, want %v: %s", test.words, found, test.found, test.why)
			}
			return err
		})
	}
}

func testSurveysAndNotices(t *testing.T, s Store) {
	n := privacy.NoticeVersion{
		NoticeID: "library", Version: 1, EffectiveFrom: Moment, SHA256: "aa",
		Texts: map[locale.Lang]privacy.NoticeText{locale.Welsh: {Title: "Hysbysiad", Sections: []privacy.NoticeSection{{ID: "who", Heading: "Pwy"}}}},
	}
	second := n
	second.Version, second.EffectiveFrom = 2, Moment.Add(time.Hour)
	Write(t, s, func(w consult.Writer) error {
		for range 2 {
			if err := w.AddSurveySource("v1", []byte("id: x")); err != nil {
				return err
			}
		}
		if err := w.AddNotice(&n); err != nil {
			return err
		}
		return w.AddNotice(&second)
	})
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddNotice(&n) }), fault.Conflict, "a notice version never changes")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddSurveySource("v1", []byte("id: y")) }), fault.Conflict, "nor does a survey version")
	Read(t, s, func(r consult.Reader) error {
		source, err := r.SurveySource("v1")
		if string(source) != "id: x" {
			t.Errorf("survey source: got %q, %v", source, err)
		}
		_, err = r.SurveySource("v2")
		want(t, err, fault.NotFound, "an absent survey version")
		got, err := r.Notice("library", 1)
		if diff := cmp.Diff(&n, got); diff != "" {
			t.Errorf("notice: %v %s", err, diff)
		}
		_, err = r.Notice("library", 3)
		want(t, err, fault.NotFound, "an absent notice version")
		all, err := r.Notices()
		if len(all) != 2 || all[0].Version != 2 {
			t.Errorf("notices: the newest version comes first")
		}
		return err
	})
}

func testSettings(t *testing.T, s Store) {
	Write(t, s, func(w consult.Writer) error { return w.PutSetting("council", []byte(`{"a":1}`), 0) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.PutSetting("council", []byte(`{}`), 0) }), fault.Conflict, "it is there already")
	Write(t, s, func(w consult.Writer) error { return w.PutSetting("council", []byte(`{"a":2}`), 1) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.PutSetting("council", []byte(`{}`), 1) }), fault.Conflict, "an older version was read")
	Read(t, s, func(r consult.Reader) error {
		value, version, err := r.Setting("council")
		if string(value) != `{"a":2}` || version != 2 {
			t.Errorf("setting: got %s, version %d", value, version)
		}
		_, _, absent := r.Setting("absent")
		want(t, absent, fault.NotFound, "an absent setting")
		return err
	})
}
