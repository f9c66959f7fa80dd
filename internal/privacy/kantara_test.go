package privacy_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func TestKantara(t *testing.T) {
	s := schema(t, "kantara")
	for _, row := range []struct {
		why    string
		lang   locale.Lang
		states []privacy.ConsentState
		reason string // key of the message; "" = there is a file
		at     int64  // consentTimestamp
	}{
		{"consent given", locale.English, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven}, "", now.Unix() + 3600},
		{"in Welsh", locale.Welsh, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven}, "", now.Unix() + 3600},
		{"confirmed: the newest consent counts", locale.English, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentRenewed}, "", now.Unix() + 7200},
		{"never asked", locale.English, nil, "receipt.kantara.none", 0},
		{"asked and not answered", locale.English, []privacy.ConsentState{privacy.ConsentRequested}, "receipt.kantara.none", 0},
		{"refused: v1.1 cannot say so", locale.English, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentRefused}, "receipt.kantara.refused", 0},
		{"withdrawn: v1.1 cannot say so", locale.English, []privacy.ConsentState{privacy.ConsentGiven, privacy.ConsentWithdrawn}, "receipt.kantara.ended", 0},
		{"set aside", locale.English, []privacy.ConsentState{privacy.ConsentGiven, privacy.ConsentInvalidated}, "receipt.kantara.ended", 0},
	} {
		r := signed(t, facts(row.lang, row.states...))
		if got := r.NoKantara(); got != row.reason || (r.Kantara == nil) != (row.reason != "") {
			t.Errorf("%s: reason %q, %d bytes", row.why, got, len(r.Kantara))
		}
		if row.reason != "" {
			for _, lang := range both {
				if !locale.Must().Has(lang, row.reason) {
					t.Errorf("no message %s in %s", row.reason, lang)
				}
			}
			continue
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.Kantara))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		var got struct{ ConsentTimestamp int64 }
		if err := json.Unmarshal(r.Kantara, &got); err != nil || got.ConsentTimestamp != row.at {
			t.Errorf("%s: consent at %d, want %d; %v", row.why, got.ConsentTimestamp, row.at, err)
		}
	}
	f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
	f.At = now.AddDate(2, 0, 0)
	if r := signed(t, f); r.Kantara != nil || r.NoKantara() != "receipt.kantara.ended" {
		t.Error("a Kantara receipt for consent that has expired")
	}
}

// Who gets what decides whether something is disclosed: totals from which nobody can learn anything about one person are not personal data.
func TestKantaraThirdParties(t *testing.T) {
	for _, row := range []struct {
		why        string
		recipients []privacy.Recipient
		discloses  bool
		name       string
	}{
		{"nobody", nil, false, ""},
		{"anonymous totals", []privacy.Recipient{{Name: "Climate Hero AB", Form: privacy.Anonymous}}, false, ""},
		{"separate responses", []privacy.Recipient{{Name: "Survey Ltd", Form: privacy.Pseudonymised}}, true, "Survey Ltd"},
		{"two, one of them twice", []privacy.Recipient{{Name: "A", Form: privacy.Identifiable}, {Name: "B", Form: privacy.Pseudonymised},
			{Name: "A", Form: privacy.Pseudonymised}, {Name: "C", Form: privacy.Anonymous}}, true, "A; B"},
	} {
		f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
		f.Processing.Purposes[1].Recipients = row.recipients
		r := signed(t, f)
		var got struct {
			Services []struct {
				Purposes []struct {
					ConsentType          string
					ThirdPartyDisclosure bool
					ThirdPartyName       string
				}
			}
		}
		if err := json.Unmarshal(r.Kantara, &got); err != nil {
			t.Fatal(err)
		}
		p := got.Services[0].Purposes[1]
		if p.ThirdPartyDisclosure != row.discloses || p.ThirdPartyName != row.name || p.ConsentType != "EXPLICIT" {
			t.Errorf("%s: %+v", row.why, p)
		}
		if other := got.Services[0].Purposes[0]; other.ConsentType != "N/A" || other.ThirdPartyDisclosure {
			t.Errorf("%s: public task: %+v", row.why, other)
		}
	}
}

// The type of consent follows from the lawful basis of each purpose.
func TestKantaraConsentType(t *testing.T) {
	for _, row := range []struct {
		basis     privacy.Basis
		condition privacy.Condition
		want      string
	}{
		{privacy.PublicTask, "", "N/A"},
		{privacy.LegalObligation, "", "N/A"},
		{privacy.Consent, "", "IMPLICIT"},
		{privacy.Consent, privacy.ExplicitConsent, "EXPLICIT"},
		{privacy.PublicTask, privacy.ExplicitConsent, "EXPLICIT"}, // art. 6(1)(e) with art. 9(2)(a)
	} {
		f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
		f.Processing.Purposes[0].Basis, f.Processing.Purposes[0].Condition = row.basis, row.condition
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(signed(t, f).Kantara))
		if err != nil {
			t.Fatal(err)
		}
		got := parent(t, doc, []string{"services", "0", "purposes", "0", "consentType"})["consentType"]
		if err := schema(t, "kantara").Validate(doc); err != nil || got != row.want {
			t.Errorf("%s %s: %v, want %s; %v", row.basis, row.condition, got, row.want, err)
		}
	}
}

// kantaraRequired is what the schema of the specification requires (privacy.md 3.4), and the type of each. Removing one, or giving it
// another type, must not pass: the schema beside us is at least as strict.
var kantaraRequired = []struct {
	at    []string
	wrong any
	why   string
}{
	{[]string{"version"}, 1.1, "string"},
	{[]string{"jurisdiction"}, nil, "string"},
	{[]string{"consentTimestamp"}, "2026-03-29T01:30:00Z", "whole seconds since 1970, no date"},
	{[]string{"consentTimestamp"}, -1, "at least 0"},
	{[]string{"consentTimestamp"}, 1774751400.5, "whole seconds"},
	{[]string{"collectionMethod"}, []any{"web"}, "string"},
	{[]string{"consentReceiptID"}, 7, "string"},
	{[]string{"piiPrincipalId"}, "Siân Pritchard", "a string, and here a pseudonym"},
	{[]string{"piiControllers"}, map[string]any{}, "array"},
	{[]string{"piiControllers", "0", "piiController"}, 1, "string"},
	{[]string{"piiControllers", "0", "contact"}, nil, "string"},
	{[]string{"piiControllers", "0", "address"}, "Town Hall", "object"},
	{[]string{"piiControllers", "0", "email"}, nil, "string"},
	{[]string{"piiControllers", "0", "phone"}, nil, "string"},
	{[]string{"policyUrl"}, nil, "string"},
	{[]string{"services"}, "library", "array"},
	{[]string{"services", "0", "service"}, nil, "string"},
	{[]string{"services", "0", "purposes"}, "views", "array"},
	{[]string{"services", "0", "purposes", "0", "consentType"}, true, "string"},
	{[]string{"services", "0", "purposes", "0", "purposeCategory"}, "views", "array of strings"},
	{[]string{"services", "0", "purposes", "0", "piiCategory"}, []any{1}, "array of strings"},
	{[]string{"services", "0", "purposes", "0", "termination"}, nil, "string"},
	{[]string{"services", "0", "purposes", "0", "thirdPartyDisclosure"}, "false", "boolean"},
	{[]string{"services", "0", "purposes", "0", "thirdPartyDisclosure"}, true, "true without a thirdPartyName"},
	{[]string{"sensitive"}, "yes", "boolean"},
	{[]string{"spiCat"}, "religion", "array of strings"},
}

func TestKantaraRequired(t *testing.T) {
	s := schema(t, "kantara")
	fresh := func() map[string]any {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(signed(t, facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)).Kantara))
		if err != nil {
			t.Fatal(err)
		}
		return doc.(map[string]any)
	}
	for _, row := range kantaraRequired {
		name := row.at[len(row.at)-1]
		doc := fresh()
		parent(t, doc, row.at)[name] = row.wrong
		if s.Validate(doc) == nil {
			t.Errorf("%v = %v passes: want %s", row.at, row.wrong, row.why)
		}
		doc = fresh()
		delete(parent(t, doc, row.at), name)
		if s.Validate(doc) == nil {
			t.Errorf("passes without %v", row.at)
		}
	}
	for wrong, right := range map[string][]string{"policyURL": {"policyUrl"}, "on_behalf": {"piiControllers", "0", "onBehalf"}} {
		doc := fresh()
		in := parent(t, doc, right)
		in[wrong] = in[right[len(right)-1]]
		delete(in, right[len(right)-1])
		if s.Validate(doc) == nil {
			t.Errorf("%s passes, which a widespread library writes instead of %v", wrong, right)
		}
	}
}

// parent returns the object in which the last name of a path lies.
func parent(t testing.TB, doc any, path []string) map[string]any {
	t.Helper()
	for _, name := range path[:len(path)-1] {
		switch v := doc.(type) {
		case map[string]any:
			doc = v[name]
		case []any:
			doc = v[slices.Index([]string{"0", "1", "2"}, name)]
		}
	}
	object, ok := doc.(map[string]any)
	if !ok {
		t.Fatalf("no object at %v", path)
	}
	return object
}
