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
	for _, want := range []string{"28(2)", "28(3)", "28(3)(a)", "28(3)(b)", "28(3)(c)", "28(3)(d)", "28(3)(e)", "28(3)(f)", "28(3)(g)", "28(3)(h)", "28(4)"} {
		if !clauses["UK GDPR art. "+want] {
			t.Errorf("art. %s is not in the checklist", want)
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
		{"its last day is today", func(p *privacy.Processor) { p.Until = today }, ""},
		{"art. 24(1): its review is due", func(p *privacy.Processor) { p.ReviewOn = today }, "review UK GDPR art. 24(1)"},
		{"art. 28(1), 32: no assurance of security", func(p *privacy.Processor) { p.SecurityOn = "" }, "security UK GDPR art. 28(1), 32"},
		{"councils.md S3-14: no promise", func(p *privacy.Processor) { p.NotMarketing = false }, "marketing UK GDPR art. 5(1)(b)"},
		{"councils.md S0-14: no safeguard", func(p *privacy.Processor) { p.Transfer = "" }, "transfer UK GDPR art. 30(1)(e), 44A"},
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
