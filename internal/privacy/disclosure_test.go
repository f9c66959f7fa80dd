package privacy_test

import (
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestGatewaysAreDataWithTheirClauses(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range privacy.Gateways() {
		if seen[g.ID] || g.ID == "" || g.Clause == "" || g.Text[locale.English] == "" || g.Text[locale.Welsh] == "" {
			t.Errorf("%+v: once, with its clause, in both languages", g)
		}
		seen[g.ID] = true
	}
	for _, id := range []string{"crime", "legal_proceedings", "safeguarding", "vital_interests"} { // councils.md S3-11
		if !seen[id] {
			t.Errorf("councils.md S3-11: no gateway %s", id)
		}
	}
}

func TestFaultsOfADisclosure(t *testing.T) {
	const today = privacy.Date("2026-11-30")
	whole := func() privacy.Disclosure {
		return privacy.Disclosure{Kind: "police", Requester: "r", Asked: "2026-11-01", Gateway: "crime", Why: "w", Categories: "c", Form: privacy.Identifiable, Outcome: privacy.DisclosedAll,
			GivenOn: "2026-11-02", Authoriser: "a", Told: privacy.TellNo, ToldWhy: "t"}
	}
	for _, row := range []struct {
		why    string
		change func(*privacy.Disclosure)
		want   string
	}{
		{"whole", func(*privacy.Disclosure) {}, ""},
		{"councils.md S3-11: the requester", func(d *privacy.Disclosure) { d.Kind, d.Requester = "anybody", " " }, "kind requester"},
		{"councils.md S3-11: the gateway", func(d *privacy.Disclosure) { d.Gateway = "curiosity" }, "gateway"},
		{"art. 5(2): why it applies", func(d *privacy.Disclosure) { d.Why = "" }, "why"},
		{"councils.md S3-11: the authoriser", func(d *privacy.Disclosure) { d.Authoriser = "" }, "authoriser"},
		{"councils.md S3-11: what", func(d *privacy.Disclosure) { d.Categories, d.Form = "", "" }, "categories form"},
		{"councils.md S3-11: when", func(d *privacy.Disclosure) { d.GivenOn = "" }, "given-day"},
		{"given before it was asked for", func(d *privacy.Disclosure) { d.GivenOn = "2026-10-31" }, "given-day"},
		{"asked for tomorrow", func(d *privacy.Disclosure) { d.Asked, d.GivenOn = "2026-12-01", "2026-12-01" }, "asked-day given-day"},
		{"art. 14: whether the person was told", func(d *privacy.Disclosure) { d.Told = privacy.TellUndecided }, "told"},
		{"art. 14(5), DPA 2018 Sch. 2: and why not", func(d *privacy.Disclosure) { d.ToldWhy = "" }, "told_why"},
		{"art. 19: told before it was given", func(d *privacy.Disclosure) { d.Notify, d.Notified = true, "2026-11-01" }, "notified-day"},
		{"a refusal has no gateway and gives nothing", func(d *privacy.Disclosure) {
			*d = privacy.Disclosure{Kind: "insurer", Requester: "r", Asked: "2026-11-01", Why: "No reason in law.", Outcome: privacy.DisclosedRefuse, Authoriser: "a"}
		}, ""},
		{"nothing", func(d *privacy.Disclosure) { *d = privacy.Disclosure{} }, "kind requester asked-day outcome why authoriser"},
	} {
		d := whole()
		row.change(&d)
		if got := faultFields(d.Faults(today)); got != row.want {
			t.Errorf("%s: faults at %q, want %q", row.why, got, row.want)
		}
	}
	d := whole()
	d.Notify = true
	if err := d.Close(); !fault.Is(err, fault.Conflict) || d.Closed {
		t.Errorf("art. 19: closed although the recipient was not told: %v", err)
	}
	d.Notified = "2026-11-20"
	if err := d.Close(); err != nil || !d.Closed {
		t.Errorf("the recipient was told: %v", err)
	}
}
