package privacy_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestContractClausesAreDataWithTheirClauses(t *testing.T) {
	for name, list := range map[string][]privacy.Clause{"contract": privacy.ContractClauses(), "transfer": privacy.TransferClauses()} {
		seen := map[string]bool{}
		for _, c := range list {
			if seen[c.ID] || c.ID == "" || !strings.HasPrefix(c.Clause, "UK GDPR art. ") || c.Text[locale.English] == "" || c.Text[locale.Welsh] == "" || c.Text[locale.Welsh] == c.Text[locale.English] {
				t.Errorf("%s: %+v: once, with its clause, in both languages", name, c)
			}
			seen[c.ID] = true
		}
	}
	clauses := map[string]bool{}
	for _, c := range privacy.ContractClauses() {
		clauses[c.Clause] = true
	}
	for _, want := range []string{"28(2)", "28(3)", "28(3)(a)", "28(3)(b)", "28(3)(c)", "28(3)(d)", "28(3)(e)", "28(3)(f)", "28(3)(g)", "28(3)(h)", "28(4)", "28(3), (9)"} {
		if !clauses["UK GDPR art. "+want] {
			t.Errorf("art. %s is not in the checklist", want)
		}
	}
}

// What the articles ask for is said in the words of the rows, and not only by their numbers.
func TestClausesSayWhatTheLawAsksFor(t *testing.T) {
	for _, row := range []struct {
		why    string
		list   []privacy.Clause
		clause string
		en, cy []string
	}{
		{"art. 28(3), first sentence: subject matter, duration, nature, purpose, type of data, categories of people, obligations and rights of the controller", privacy.ContractClauses(), "28(3)",
			[]string{"What is processed", "how long", "how and why", "which data", "about whom", "the council's duties and rights"},
			[]string{"Beth sy'n cael ei brosesu", "am ba hyd", "sut a pham", "pa ddata", "am bwy", "dyletswyddau a hawliau'r cyngor"}},
		{"art. 28(3), (9): binding on the processor, in writing, electronic form too", privacy.ContractClauses(), "28(3), (9)",
			[]string{"binds the processor", "in writing", "electronic"}, []string{"rhwymo'r prosesydd", "ysgrifenedig", "electronig"}},
		{"art. 46(2)(a): an instrument between public bodies", privacy.TransferClauses(), "46(2)(a)", []string{"binding", "public bod"}, []string{"rhwymol", "cyrff cyhoeddus"}},
		{"art. 45A: UK regulations approve the country", privacy.TransferClauses(), "45A", []string{"regulations approve"}, []string{"rheoliadau'r DU yn ei chymeradwyo"}},
		{"art. 46(2)(b): binding corporate rules", privacy.TransferClauses(), "47", []string{"binding corporate rules", "46(2)(b)"}, []string{"reolau corfforaethol rhwymol"}},
		{"art. 46(2)(c): clauses in regulations", privacy.TransferClauses(), "46(2)(c)", []string{"standard data protection clauses", "regulations"}, []string{"gymalau diogelu data safonol", "rheoliadau"}},
		{"art. 49(1)(a), (3): explicit consent, not for public powers", privacy.TransferClauses(), "49(1)(a)", []string{"explicitly", "49(3)"}, []string{"benodol", "49(3)"}},
		{"art. 49(1)(b), (c), (3): a contract, not for public powers", privacy.TransferClauses(), "49(1)(b), (c)", []string{"contract", "49(3)"}, []string{"contract", "49(3)"}},
		{"art. 49(1)(d): public interest", privacy.TransferClauses(), "49(1)(d)", []string{"public interest"}, []string{"fudd y cyhoedd"}},
		{"art. 49(1)(e): legal claims", privacy.TransferClauses(), "49(1)(e)", []string{"legal claims"}, []string{"hawliadau cyfreithiol"}},
		{"art. 49(1)(f): vital interests", privacy.TransferClauses(), "49(1)(f)", []string{"life"}, []string{"bywyd"}},
		{"art. 49(1)(g): a public register", privacy.TransferClauses(), "49(1)(g)", []string{"register"}, []string{"gofrestr"}},
		{"art. 49(1), second subparagraph, (3): compelling interests, not for public powers", privacy.TransferClauses(), "49(1), second subparagraph", []string{"compelling", "49(3)"}, []string{"cymhellol", "49(3)"}},
		{"art. 46(2)(d): clauses that the Commissioner issued", privacy.TransferClauses(), "46(2)(d)", []string{"transfer agreement"}, []string{"cytundeb trosglwyddo"}},
		{"art. 46(2)(e): a code of conduct", privacy.TransferClauses(), "46(2)(e)", []string{"code of conduct", "binding"}, []string{"god ymddygiad", "rhwymol"}},
		{"art. 46(2)(f): a certification", privacy.TransferClauses(), "46(2)(f)", []string{"certification", "binding"}, []string{"ardystio", "rhwymol"}},
		{"art. 46(3): authorised by the Commissioner", privacy.TransferClauses(), "46(3)", []string{"Information Commission", "authorised"}, []string{"Comisiwn Gwybodaeth", "awdurdodi"}},
		{"art. 47: binding corporate rules", privacy.TransferClauses(), "47", []string{"binding corporate rules"}, []string{"reolau corfforaethol rhwymol"}},
	} {
		i := slices.IndexFunc(row.list, func(c privacy.Clause) bool { return c.Clause == "UK GDPR art. "+row.clause })
		if i < 0 {
			t.Errorf("%s: there is no row", row.why)
			continue
		}
		for lang, words := range map[locale.Lang][]string{locale.English: row.en, locale.Welsh: row.cy} {
			for _, word := range words {
				if text := row.list[i].Text[lang]; !strings.Contains(text, word) {
					t.Errorf("%s: %q does not say %q", row.why, text, word)
				}
			}
		}
	}
}

// processor is one of which nothing is missing.
func processor() privacy.Processor {
	p := privacy.Processor{Name: "Hosting Ltd", Kind: privacy.KindProcessor, Does: "It keeps the servers.", Data: "Responses", People: "Residents", Form: privacy.Identifiable,
		Location: "United Kingdom", Transfer: "uk", Contract: "C/17", From: "2026-01-01", Until: "2027-12-31", ReviewOn: "2027-06-01", Clauses: map[string]privacy.ClauseAnswer{},
		Security: "ISO 27001", SecurityOn: "2026-02-01", NotMarketing: true}
	for _, c := range privacy.ContractClauses() {
		p.Clauses[c.ID] = privacy.ClauseAnswer{Has: privacy.TellYes, Where: "Schedule 2"}
	}
	return p
}

func TestFaultsOfAProcessor(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.Processor)
		want   string
	}{
		{"whole", func(*privacy.Processor) {}, ""},
		{"art. 30(1)(d): who", func(p *privacy.Processor) { p.Name, p.Kind = " ", "friend" }, "name kind"},
		{"art. 30(1)(b), (c): why, which data, about whom", func(p *privacy.Processor) { p.Does, p.Data, p.People = "", "", "" }, "does data people"},
		{"councils.md S0-12: in which form", func(p *privacy.Processor) { p.Form = "raw" }, "form"},
		{"councils.md S0-14: where", func(p *privacy.Processor) { p.Location, p.Transfer = "", "moon" }, "location transfer"},
		{"it ends before it begins", func(p *privacy.Processor) { p.Until = "2025-12-31" }, "until-day"},
		{"art. 28(3)(e), 5(2): a clause that is nowhere", func(p *privacy.Processor) { p.Clauses["e"] = privacy.ClauseAnswer{Has: privacy.TellYes} }, "where_e"},
		{"art. 28(3): a clause that is not there is known, and no fault", func(p *privacy.Processor) { p.Clauses["e"] = privacy.ClauseAnswer{Has: privacy.TellNo} }, ""},
		{"a text without end", func(p *privacy.Processor) {
			p.Name, p.Does, p.Clauses["a"] = strings.Repeat("ŵ", 301), strings.Repeat("ŵ", 5001), privacy.ClauseAnswer{Has: privacy.TellYes, Where: strings.Repeat("ŵ", 301)}
		}, "name where_a does"},
		{"art. 32: assured tomorrow", func(p *privacy.Processor) { p.SecurityOn = "2026-12-01" }, "security_on-day"},
		{"art. 19: told tomorrow", func(p *privacy.Processor) { p.Notify, p.Notified = true, "2026-12-01" }, "notified-day"},
		{"what is not known yet is no fault", func(p *privacy.Processor) {
			*p = privacy.Processor{Name: "n", Kind: privacy.KindProcessor, Does: "d", Data: "d", People: "p", Form: privacy.Anonymous, Location: "l"}
		}, ""},
	} {
		p := processor()
		row.change(&p)
		if got := faultFields(p.Faults("2026-11-30")); got != row.want {
			t.Errorf("%s: faults at %q, want %q", row.why, got, row.want)
		}
	}
	p := processor()
	p.Clauses["g"] = privacy.ClauseAnswer{Has: privacy.TellYes}
	var f *fault.Error
	if faults := p.Faults("2026-11-30"); len(faults) != 1 || !errors.As(faults[0], &f) || !slices.Contains(f.Args, any("UK GDPR art. 28(3)(g)")) {
		t.Errorf("the fault names the clause: %v", faults)
	}
}

func TestWhatIsMissingOfAProcessor(t *testing.T) {
	const today = privacy.Date("2026-11-30")
	for _, row := range []struct {
		why    string
		change func(*privacy.Processor)
		want   string // keys and clauses
	}{
		{"whole", func(*privacy.Processor) {}, ""},
		{"art. 28(3)(f): not in the contract", func(p *privacy.Processor) { p.Clauses["f"] = privacy.ClauseAnswer{Has: privacy.TellNo} }, "clause UK GDPR art. 28(3)(f)"},
		{"art. 28(4): nobody has looked", func(p *privacy.Processor) { delete(p.Clauses, "sub_duties") }, "unchecked UK GDPR art. 28(4)"},
		{"art. 28(3): no contract", func(p *privacy.Processor) { p.Contract = "" }, "contract UK GDPR art. 28(3)"},
		{"art. 28(3): it ended yesterday", func(p *privacy.Processor) { p.Until = "2026-11-29" }, "ended UK GDPR art. 28(3)"},
		{"art. 28(3): it begins tomorrow", func(p *privacy.Processor) { p.From = "2026-12-01" }, "begins UK GDPR art. 28(3)"},
		{"its first day is today", func(p *privacy.Processor) { p.From = today }, ""},
		{"art. 26(1): an arrangement from next year on", func(p *privacy.Processor) { p.Kind, p.From = privacy.KindJoint, "2027-01-01" }, "begins UK GDPR art. 26(1)"},
		{"its last day is today", func(p *privacy.Processor) { p.Until = today }, ""},
		{"art. 24(1): its review is due", func(p *privacy.Processor) { p.ReviewOn = today }, "review UK GDPR art. 24(1)"},
		{"art. 28(1), 32: no assurance of security", func(p *privacy.Processor) { p.SecurityOn = "" }, "security UK GDPR art. 28(1), 32"},
		{"councils.md S3-14: no promise", func(p *privacy.Processor) { p.NotMarketing = false }, "marketing UK GDPR art. 5(1)(b)"},
		{"councils.md S0-14: no safeguard", func(p *privacy.Processor) { p.Transfer = "" }, "transfer UK GDPR art. 30(1)(e), 44A"},
		{"art. 49(1): an exception, not said which", func(p *privacy.Processor) { p.Transfer = "exception" }, "exception UK GDPR art. 49(1)"},
		{"art. 49(1)(e): said which", func(p *privacy.Processor) { p.Transfer = "exception_claims" }, ""},
		{"art. 19: it was not told of a correction", func(p *privacy.Processor) { p.Notify = true }, "notify UK GDPR art. 19"},
		{"art. 19: it was", func(p *privacy.Processor) { p.Notify, p.Notified = true, "2026-11-01" }, ""},
		{"art. 26(1): joint controllers have an arrangement, and no contract of article 28", func(p *privacy.Processor) { p.Kind, p.Clauses, p.Security, p.Contract = privacy.KindJoint, nil, "", "" },
			"contract UK GDPR art. 26(1)"},
		{"councils.md S0-10: a department has no contract", func(p *privacy.Processor) {
			p.Kind, p.Clauses, p.Security, p.Contract, p.NotMarketing = privacy.KindDepartment, nil, "", "", false
		}, ""},
		{"closed", func(p *privacy.Processor) { p.Closed, p.Contract, p.Clauses = true, "", nil }, ""},
	} {
		p := processor()
		p.Clauses = maps.Clone(p.Clauses)
		row.change(&p)
		var got []string
		for _, g := range p.Missing(today) {
			got = append(got, strings.TrimPrefix(g.Key, "processor.missing.")+" "+g.Clause)
		}
		if s := strings.Join(got, "; "); s != row.want {
			t.Errorf("%s: missing %q, want %q", row.why, s, row.want)
		}
	}
	p := processor()
	if err := p.Close(); !fault.Is(err, fault.Conflict) || p.Closed {
		t.Errorf("art. 28(3)(g): closed although nobody said what became of the data: %v", err)
	}
	p.After = "Deleted; certificate of 2 November."
	if err := p.Close(); err != nil || !p.Closed {
		t.Errorf("it is said what became of it: %v", err)
	}
}

// UK GDPR art. 28(3)(g): another kind does not do away with what a processor had, nor with what was found in its contract.
func TestAProcessorThatBecomesAnotherKind(t *testing.T) {
	for _, row := range []struct {
		why     string
		through []privacy.RecipientKind // from a processor on, each an edit
		after   string
		closes  bool
	}{
		{"still a processor", []privacy.RecipientKind{privacy.KindProcessor}, "", false},
		{"a department from now on", []privacy.RecipientKind{privacy.KindDepartment}, "", false},
		{"a department, then a statutory return", []privacy.RecipientKind{privacy.KindDepartment, privacy.KindStatutory}, " ", false},
		{"a department, and it is said", []privacy.RecipientKind{privacy.KindDepartment}, "Given back.", true},
	} {
		stored := processor()
		for _, kind := range row.through {
			next := stored
			next.Kind, next.Clauses, next.WasProcessor, next.After = kind, nil, false, row.after // whatever a form sends
			if kind == privacy.KindProcessor {
				next.Clauses = stored.Clauses
			}
			next.Replaces(stored)
			stored = next
		}
		if !maps.Equal(stored.Clauses, processor().Clauses) {
			t.Errorf("%s: what the contract says is gone: %v", row.why, stored.Clauses)
		}
		if err := stored.Close(); (err == nil) != row.closes || row.closes != stored.Closed || err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: closed %t, %v", row.why, stored.Closed, err)
		}
	}
	never := processor()
	never.Kind, never.Clauses = privacy.KindDepartment, nil
	next := never
	next.Closed = true
	next.Replaces(never)
	if next.Closed {
		t.Error("art. 28(3)(g): an edit closes an entry, past what closing asks for")
	}
	if err := next.Close(); err != nil {
		t.Errorf("a department that never was a processor: %v", err)
	}
}
