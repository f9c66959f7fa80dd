package privacy_test

import (
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

const where = "www.wemford.example/your-response"

func TestStatementGolden(t *testing.T) {
	for _, lang := range both {
		golden(t, "statement."+string(lang)+".txt", privacy.ConsentStatement(council(), processing(), libraryHours, lang, where).String())
	}
}

// UK GDPR art. 9(2)(a), ICO on valid and on explicit consent; privacy.md 3.1 and 3.6.
func TestStatementNamesEverything(t *testing.T) {
	s := privacy.ConsentStatement(council(), processing(), libraryHours, locale.English, where)
	shown := s.String()
	for _, row := range []struct{ why, says string }{
		{"express: the nature of the data, category by category", "about your ethnic group, disability and religion to:"},
		{"specific: every use (DUAA s.71)", "check whether we have heard from all parts of the community"},
		{"specific: every use (DUAA s.71)", "adjust survey results so they represent local people"},
		{"anonymising is a use, and the partner is named", "produce anonymous totals, which we publish and may give to Climate Hero AB"},
		{"the controller is named", "Wemford Borough Council is responsible"},
		{"refusal without detriment", "If you say no, your response still counts in full"},
		{"can be withdrawn at any time, and how", "change your mind at any time at " + where + ", by phone or by post"},
		{"released totals stay (privacy.md 6, step 6)", "Totals already published cannot be changed"},
		{"which consultation", "Library opening hours"},
		{"the label is the statement", "( ) I consent to Wemford Borough Council using my answers"},
		{"refusing is as plain", "( ) I do not consent"},
	} {
		if !strings.Contains(shown, row.says) {
			t.Errorf("%s: does not say %q:\n%s", row.why, row.says, shown)
		}
	}
	if s.Hash != seal.Digest(shown) {
		t.Error("the hash is not of what is shown")
	}
	if strings.ContainsAny(shown, "{}") {
		t.Error("a placeholder is left")
	}
}

// Where totals outlive the answers, the notice says so and the consent statement names it as a use (councils.md S4-18; privacy.md 2, decision 3).
func TestTotalsThatAreKeptAreSaid(t *testing.T) {
	p := processing()
	for _, kept := range []bool{false, true} {
		p.KeepTotals = kept
		for lang, says := range map[locale.Lang][2]string{
			locale.English: {"we may keep anonymous totals that were made from them before", "make anonymous totals and keep them after your answers are erased"},
			locale.Welsh:   {"gallwn gadw cyfansymiau dienw a wnaed ohonynt cyn hynny", "gwneud cyfansymiau dienw a'u cadw ar ôl i'ch atebion gael eu dileu"},
		} {
			if notice := privacy.BuildNotice(council(), libraryHours, p, lang).String(); strings.Contains(notice, says[0]) != kept {
				t.Errorf("the notice (%s), kept %v:\n%s", lang, kept, notice)
			}
			if statement := privacy.ConsentStatement(council(), p, libraryHours, lang, where).String(); strings.Contains(statement, says[1]) != kept {
				t.Errorf("the statement (%s), kept %v:\n%s", lang, kept, statement)
			}
		}
	}
}

func TestStatementHashCoversEveryWord(t *testing.T) {
	base := privacy.ConsentStatement(council(), processing(), libraryHours, locale.English, where)
	for _, row := range []struct {
		why    string
		change func(*privacy.Council, *privacy.Processing)
	}{
		{"another controller", func(c *privacy.Council, _ *privacy.Processing) { c.Name = text("Other", "Arall") }},
		{"a category more", func(_ *privacy.Council, p *privacy.Processing) {
			p.Categories = append(p.Categories, text("age", "oedran"))
		}},
		{"a use less", func(_ *privacy.Council, p *privacy.Processing) { p.Uses = p.Uses[:1] }},
		{"another partner", func(_ *privacy.Council, p *privacy.Processing) { p.Partners = []string{"Other Ltd"} }},
	} {
		c, p := council(), processing()
		row.change(&c, &p)
		if privacy.ConsentStatement(c, p, libraryHours, locale.English, where).Hash == base.Hash {
			t.Errorf("%s: same hash", row.why)
		}
	}
}

func TestStatementNamesPartnersOnce(t *testing.T) {
	p := processing()
	p.Partners = []string{"Climate Hero AB", "University of Wemford"}
	p.Uses = append(p.Uses, text("give anonymous totals to Climate Hero AB", "rhoi cyfansymiau dienw i Climate Hero AB"))
	shown := privacy.ConsentStatement(council(), p, libraryHours, locale.Welsh, where).String()
	if strings.Count(shown, "Climate Hero AB") != 1 || strings.Count(shown, "University of Wemford") != 1 {
		t.Errorf("partners are not each named once:\n%s", shown)
	}
	p.Partners, p.Uses = nil, p.Uses[:2]
	if s := privacy.ConsentStatement(council(), p, libraryHours, locale.English, where); len(s.Uses) != 2 {
		t.Errorf("without partners nothing is added: %q", s.Uses)
	}
}

func TestWelshLists(t *testing.T) {
	p := processing()
	for _, row := range []struct {
		why, last, says string
	}{
		{"a becomes ac before a vowel", "oedran", "grŵp ethnig ac oedran"},
		{"c becomes ch after a", "crefydd", "grŵp ethnig a chrefydd"},
		{"p becomes ph after a", "priodas", "grŵp ethnig a phriodas"},
		{"t becomes th after a", "tarddiad", "grŵp ethnig a tharddiad"},
		{"ch stays", "chwant", "grŵp ethnig a chwant"},
		{"names keep their letters", "Climate Hero", "grŵp ethnig a Climate Hero"},
	} {
		p.Categories = []locale.Text{text("ethnic group", "grŵp ethnig"), text("x", row.last)}
		if s := privacy.ConsentStatement(council(), p, libraryHours, locale.Welsh, where); !strings.Contains(s.Intro, row.says) {
			t.Errorf("%s: %q", row.why, s.Intro)
		}
	}
}
