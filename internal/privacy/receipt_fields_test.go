package privacy_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// mandatory are the fields that ISO/IEC TS 27560:2023 requires (the M of the table in privacy.md 3.4), where each stands in our file, and the
// IRI that the file's own context gives it, after the guide of the W3C group to that specification ("" = the member beside it carries it).
var mandatory = []struct{ section, field, at, iri string }{
	{"header", "schema_version", "header/schema_version", "urn:folkmoot:receipt:1#schema_version"},
	{"header", "schema_version", "header/conforms_to", "http://purl.org/dc/terms/conformsTo"},
	{"header", "record_id", "header/record_id", "https://w3id.org/dpv#hasIdentifier"},
	{"header", "pii_principal_id", "header/pii_principal_id", "urn:folkmoot:receipt:1#pii_principal_id"},
	{"header", "pii_principal_id", "data_subject", "https://w3id.org/dpv#hasDataSubject"},
	{"receipt", "receipt_id", "header/receipt_id", "http://purl.org/dc/terms/identifier"},
	{"processing", "privacy_notice", "processing/privacy_notice", "https://w3id.org/dpv#hasNotice"},
	{"processing", "language", "processing/language", "http://purl.org/dc/terms/language"},
	{"processing", "purposes", "processing/purposes", "https://w3id.org/dpv#hasPurpose"},
	{"processing", "purpose", "processing/purposes/0/purpose", "http://purl.org/dc/terms/description"},
	{"processing", "pii_information", "personal_data_categories", "https://w3id.org/dpv#hasPersonalData"},
	{"processing", "pii_controllers", "processing/pii_controllers", "https://w3id.org/dpv#hasDataController"},
	{"processing", "storage_locations", "processing/storage_locations", "https://w3id.org/dpv#hasStorageCondition"},
	{"processing", "retention_period", "processing/retention_period", "https://w3id.org/dpv#hasStorageCondition"},
	{"processing", "jurisdiction", "processing/jurisdiction", "https://w3id.org/dpv#hasJurisdiction"},
	{"processing", "recipient_third_parties", "processing/recipient_third_parties", "https://w3id.org/dpv#hasRecipient"},
	{"processing", "withdrawal_method", "processing/withdrawal_method", "https://w3id.org/dpv#hasConsentControl"},
	{"personal data", "pii_type", "personal_data_categories/0/pii_type", "http://purl.org/dc/terms/description"},
	{"party", "party_id", "parties/0/party_id", "@id"},
	{"party", "party_name", "parties/0/party_name", "https://w3id.org/dpv#hasName"},
	{"party", "party_address", "parties/0/party_address", "https://w3id.org/dpv#hasAddress"},
	{"party", "party_contact", "parties/0/party_contact", "https://w3id.org/dpv#hasContact"},
	{"party", "party_type", "parties/0/party_type", "@type"},
	{"event", "event_time", "events/0/event_time", "https://w3id.org/dpv#isIndicatedAtTime"},
	{"event", "validity_duration", "events/0/validity_duration", "https://w3id.org/dpv#hasDuration"},
	{"event", "entity_id", "events/0/entity_id", "https://w3id.org/dpv#isIndicatedBy"},
	{"event", "event_type", "events/0/event_type", "https://w3id.org/dpv#hasLegalBasis"},
	{"event", "event_state", "events/0/event_state", "@type"},
}

func decoded(t testing.TB, file []byte) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(file, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestMandatoryFields(t *testing.T) {
	for _, states := range [][]privacy.ConsentState{
		{privacy.ConsentRequested, privacy.ConsentGiven},
		{privacy.ConsentRequested, privacy.ConsentRefused},
		{privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentWithdrawn},
	} {
		doc := decoded(t, signed(t, facts(locale.Welsh, states...)).File)
		context := doc["@context"].([]any)[0].(map[string]any)
		for _, row := range mandatory {
			path := strings.Split(row.at, "/")
			name := path[len(path)-1]
			value, ok := parent(t, doc, path)[name]
			if list, isList := value.([]any); !ok || value == "" || value == nil || isList && len(list) == 0 {
				t.Errorf("%v: %s %s: nothing at %s", states, row.section, row.field, row.at)
			}
			if got := meaning(context, path); got != row.iri {
				t.Errorf("%s %s: %s means %s, want %s", row.section, row.field, row.at, got, row.iri)
			}
		}
	}
	// Every party and every event has them, not just the first.
	doc := decoded(t, signed(t, facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentWithdrawn)).File)
	for list, section := range map[string]string{"parties": "party", "events": "event", "personal_data_categories": "personal data"} {
		for i, one := range doc[list].([]any) {
			for _, row := range mandatory {
				if v, ok := one.(map[string]any)[row.field]; row.section == section && (!ok || v == "") {
					t.Errorf("%s %d has no %s", section, i, row.field)
				}
			}
		}
	}
}

// meaning returns what the last name of a path means in the context, as a reader of JSON-LD finds it: the context of the member that it
// lies in goes before the file's.
func meaning(context map[string]any, path []string) string {
	scopes := []map[string]any{context}
	for _, name := range path[:len(path)-1] {
		if d, ok := look(scopes, name).(map[string]any); ok {
			if inner, ok := d["@context"].(map[string]any); ok {
				scopes = append([]map[string]any{inner}, scopes...)
			}
		}
	}
	name := path[len(path)-1]
	id, ok := look(scopes, name).(string)
	if d, isObject := look(scopes, name).(map[string]any); isObject {
		if id, ok = d["@id"].(string); !ok {
			id, ok = name, true
		}
	}
	if !ok || !strings.ContainsAny(id, ":@") {
		return context["@vocab"].(string) + name
	}
	if prefix, rest, ok := strings.Cut(id, ":"); ok {
		if base, ok := context[prefix].(string); ok {
			return base + rest
		}
	}
	return id
}

func look(scopes []map[string]any, name string) any {
	for _, s := range scopes {
		if v, ok := s[name]; ok {
			return v
		}
	}
	return nil
}

var vocabularyTerm = regexp.MustCompile(`"(dpv|dct|xsd|loc):([A-Za-z]+)"`)

// Every term that a file uses is one of those that were looked up in the vocabularies: a misspelt one would mean nothing to anybody.
func TestVocabularyTerms(t *testing.T) {
	list, err := os.ReadFile("testdata/terms.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(list))
	used := map[string]bool{}
	for _, row := range receiptRows {
		for _, m := range vocabularyTerm.FindAllStringSubmatch(string(signed(t, factsOf(row.name, row.lang, row.states...)).File), -1) {
			used[m[1]+":"+m[2]] = true
		}
	}
	for _, s := range states {
		if s == privacy.ConsentNone {
			continue
		}
		for _, m := range vocabularyTerm.FindAllStringSubmatch(string(signed(t, facts(locale.English, s)).File), -1) {
			used[m[1]+":"+m[2]] = true
		}
	}
	for _, basis := range []privacy.Basis{privacy.Consent, privacy.Contract, privacy.LegalObligation, privacy.PublicTask, privacy.LegitimateInterests} {
		f := facts(locale.English)
		f.Processing.Purposes[0].Basis = basis
		for _, m := range vocabularyTerm.FindAllStringSubmatch(string(signed(t, f).File), -1) {
			used[m[1]+":"+m[2]] = true
		}
	}
	for term := range used {
		if !slices.Contains(known, term) {
			t.Errorf("%s is in no vocabulary that we have read", term)
		}
	}
	for _, term := range known {
		if strings.Contains(term, ":") && !used[term] {
			t.Errorf("%s is listed and not used", term)
		}
	}
	if len(used) < 40 {
		t.Errorf("only %d terms found", len(used))
	}
}

// Readers need nothing from another server, and what is no consent record does not say that it is one.
func TestJSONLD(t *testing.T) {
	for _, row := range receiptRows {
		r := signed(t, factsOf(row.name, row.lang, row.states...))
		doc := decoded(t, r.File)
		for _, c := range doc["@context"].([]any) {
			if _, ok := c.(map[string]any); !ok {
				t.Errorf("%s: a context that lies elsewhere: %v", row.why, c)
			}
		}
		id := "urn:uuid:" + r.Header.ReceiptID
		if base := doc["@context"].([]any)[1].(map[string]any)["@base"]; doc["@id"] != id || base != id {
			t.Errorf("%s: id %v, base %v", row.why, doc["@id"], base)
		}
		isRecord := slices.Contains(doc["@type"].([]any), any("dpv:ConsentRecord"))
		_, conforms := doc["header"].(map[string]any)["conforms_to"]
		if asked := row.states != nil; isRecord != asked || conforms != asked {
			t.Errorf("%s: types %v, conforms_to %v", row.why, doc["@type"], conforms)
		}
		if words := string(r.File); strings.Contains(words, "conformant") || !strings.Contains(words, "structured following") {
			t.Errorf("%s: claims conformance", row.why)
		}
		if row.states == nil {
			continue
		}
		if got := doc["header"].(map[string]any)["conforms_to"]; got != "https://w3id.org/dpv/schema/dpv-27560#receipt" {
			t.Errorf("%s: conforms to %v", row.why, got)
		}
	}
}
