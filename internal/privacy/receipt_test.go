package privacy_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// facts are those of a response sent on the day of the clock change, with the consent events of the given states, an hour apart.
func facts(lang locale.Lang, states ...privacy.ConsentState) privacy.ReceiptFacts {
	f := privacy.ReceiptFacts{
		Council: council(), Title: libraryHours, ConsultationID: "library-hours", Processing: processing(), Reference: "WEM-7K3F-92QD",
		SurveyVersion: "3f9c2a", NoticeID: "library-hours", NoticeVersion: 2, NoticeSHA256: strings.Repeat("ab", 32),
		Language: lang, Channel: "web", Date: "2026-03-29", Where: "https://" + where, At: now.Add(12 * time.Hour),
		NoticeAt: "https://www.wemford.example/privacy/notices/library-hours/2", VerifyAt: "https://www.wemford.example/receipt/verify",
	}
	s := privacy.ConsentStatement(f.Council, f.Processing, f.Title, lang, where)
	prev := ""
	for i, state := range states {
		e := at(i, state)
		e.Sequence, e.ID, e.RecordID, e.Principal = int64(i+1), "event", "0f0e0d0c-0b0a-4908-8706-050403020100", "5ec7e7"
		e.ConsultationID, e.PurposeID, e.Channel, e.Actor, e.Language, e.NoticeVersion = "library-hours", "equality", "web", "self", lang, 2
		switch state {
		case privacy.ConsentGiven, privacy.ConsentRenewed:
			e.ValidUntil = privacy.AddPeriod(e.At, privacy.Period{Months: 12})
			e.Statement, e.StatementHash, e.Option = s.String(), s.Hash, s.Agree
		case privacy.ConsentRefused:
			e.Statement, e.StatementHash, e.Option = s.String(), s.Hash, s.Refuse
		case privacy.ConsentRequested:
			e.Statement, e.StatementHash = s.String(), s.Hash
		}
		if state == privacy.ConsentWithdrawn {
			e.Actor, e.Channel = "staff-4711", "phone"
		}
		e = e.Chain(prev)
		prev = e.Hash
		f.Events = append(f.Events, e)
	}
	return f
}

var receiptRows = []struct {
	why    string
	name   string // of the golden file
	lang   locale.Lang
	states []privacy.ConsentState
	state  privacy.ConsentState
	held   bool // equality answers
}{
	{"consent given", "given.en", locale.English, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven}, privacy.ConsentGiven, true},
	{"in Welsh", "given.cy", locale.Welsh, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven}, privacy.ConsentGiven, true},
	{"withdrawn by phone", "withdrawn.en", locale.English, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentWithdrawn}, privacy.ConsentWithdrawn, false},
	{"refused: proof of free choice", "refused.en", locale.English, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentRefused}, privacy.ConsentRefused, false},
	{"on paper, by a guardian", "paper.cy", locale.Welsh, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven}, privacy.ConsentGiven, true},
	{"agreed to a new use since, and renewed", "newuse.cy", locale.Welsh, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentRenewed}, privacy.ConsentRenewed, true},
	{"never asked: a receipt without a consent record", "none.en", locale.English, nil, privacy.ConsentNone, false},
}

// factsOf are facts; those of a name that begins with paper were written by hand and recorded by an officer.
func factsOf(name string, lang locale.Lang, states ...privacy.ConsentState) privacy.ReceiptFacts {
	f := facts(lang, states...)
	if strings.HasPrefix(name, "newuse") {
		f.NewUses = askedSince(f, lang)
	}
	if !strings.HasPrefix(name, "paper") {
		return f
	}
	f.Channel = "paper"
	f.Recorded = &privacy.Evidence{Form: "P-7K3F-92QD-1XYZ/ab", Scan: "DOC-2026-0471", On: "2026-03-28", Role: "interviewer"}
	prev := ""
	for i, e := range f.Events {
		e.Channel, e.Actor = "paper", "staff-4711"
		e.Evidence = privacy.Evidence{Giver: privacy.GivenByParent, Relation: "guardian", Form: "paper/7K3F92QD", Scan: "DOC-2026-0471", On: "2026-03-28", Role: "researcher"}
		e.Supersedes = "an-older-record"
		f.Events[i] = e.Chain(prev)
		prev = f.Events[i].Hash
	}
	return f
}

// askedSince are the events of somebody who was asked about version 3 and agreed.
func askedSince(f privacy.ReceiptFacts, lang locale.Lang) (out []privacy.ConsentEvent) {
	after := f.Processing
	after.Partners = append([]string{"Fenwick Climate"}, after.Partners...)
	s := privacy.NewUse{Part: privacy.PartEquality, Title: f.Title, Before: f.Processing, After: after, Withdrawal: where}.Statement(f.Council, lang)
	prev := f.Events[len(f.Events)-1].Hash
	for i, state := range []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven} {
		e := at(i+4, state)
		e.Sequence, e.ID, e.RecordID, e.Principal = int64(i+5), "event", "1f1e1d1c-1b1a-4918-9716-151413121110", "5ec7e7"
		e.ConsultationID, e.PurposeID, e.Channel, e.Actor, e.Language, e.NoticeVersion = "library-hours", "new_use_equality", "web", "self", lang, 3
		e.Statement, e.StatementHash = s.String(), s.Hash
		if state == privacy.ConsentGiven {
			e.ValidUntil, e.Option = privacy.AddPeriod(e.At, privacy.Period{Months: 6}), s.Agree
		} else {
			e.Reason = privacy.ReasonPurposeChanged
		}
		e = e.Chain(prev)
		prev = e.Hash
		out = append(out, e)
	}
	return out
}

// keys are the council's.
func keys(t testing.TB) *seal.Keyring {
	t.Helper()
	k, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signed(t testing.TB, f privacy.ReceiptFacts) privacy.SignedReceipt {
	t.Helper()
	out, err := privacy.SignReceipt(f, keys(t))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("testdata/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReceipts(t *testing.T) {
	s := schema(t, "receipt")
	for _, row := range receiptRows {
		r := signed(t, factsOf(row.name, row.lang, row.states...))
		b := r.File
		golden(t, "receipt."+row.name+".json", string(b))
		if r.Kantara != nil {
			golden(t, "receipt."+row.name+".kantara.json", string(r.Kantara))
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		if r.Processing.ConsentState != row.state || (r.Header.RecordID == "") != (row.states == nil) {
			t.Errorf("%s: state %s, record %q", row.why, r.Processing.ConsentState, r.Header.RecordID)
		}
		for _, d := range r.PersonalData {
			if d.Special && d.Held != row.held {
				t.Errorf("%s: %s held: %v", row.why, d.Type, d.Held)
			}
		}
		if again := signed(t, factsOf(row.name, row.lang, row.states...)); !bytes.Equal(again.File, b) || !bytes.Equal(again.Kantara, r.Kantara) || again.Fingerprint != r.Fingerprint {
			t.Errorf("%s: a reload makes another receipt", row.why)
		}
	}
}

// The schema refuses what a receipt must never hold: it closes every object.
func TestReceiptSchemaIsClosed(t *testing.T) {
	s := schema(t, "receipt")
	for _, row := range []struct {
		why, at string
		value   any
	}{
		{"an answer", "", map[string]any{"answers": map[string]any{"ethnic_group": "x"}}},
		{"a name", "header", map[string]any{"pii_principal_name": "Siân"}},
		{"a principal that is not the reference", "header", map[string]any{"pii_principal_id": "Siân Pritchard"}},
		{"an IP address", "response", map[string]any{"ip": "192.0.2.1"}},
		{"the withdrawal code", "response", map[string]any{"withdrawal_code": "01AB-CD23-EF45-GH67-JK89"}},
		{"the code as reference", "response", map[string]any{"reference": "01AB-CD23-EF45-GH67-JK89"}},
		{"a time of day singles out", "response", map[string]any{"date": "2026-03-29T01:30:00Z"}},
		{"a state that there is not", "processing", map[string]any{"consent_state": "maybe"}},
		{"no purposes", "processing", map[string]any{"purposes": []any{}}},
		{"no notice", "processing", map[string]any{"privacy_notice": nil}},
	} {
		var doc map[string]any
		if err := json.Unmarshal(signed(t, facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)).File, &doc); err != nil {
			t.Fatal(err)
		}
		part := doc
		if row.at != "" {
			part = doc[row.at].(map[string]any)
		}
		for k, v := range row.value.(map[string]any) {
			part[k] = v
		}
		if s.Validate(doc) == nil {
			t.Errorf("%s is let through", row.why)
		}
	}
}

// Neither the JSON nor the page shows who the respondent is in the ledger, which officer acted, or any code.
func TestReceiptKeepsSecrets(t *testing.T) {
	r := signed(t, facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentRenewed))
	b := append(r.File, r.Kantara...)
	page, err := json.Marshal(r.Sections())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"5ec7e7", "staff-4711"} {
		if bytes.Contains(b, []byte(secret)) || bytes.Contains(page, []byte(secret)) {
			t.Errorf("%s shows", secret)
		}
	}
}

func TestReceiptIDNamesTheFacts(t *testing.T) {
	given := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
	id := privacy.BuildReceipt(given).Header.ReceiptID
	for _, row := range []struct {
		why    string
		change func(*privacy.ReceiptFacts)
	}{
		{"another response", func(f *privacy.ReceiptFacts) { f.Reference = "WEM-0000-0000" }},
		{"another notice", func(f *privacy.ReceiptFacts) { f.NoticeSHA256 = strings.Repeat("cd", 32) }},
		{"consent has ended since", func(f *privacy.ReceiptFacts) { f.At = now.AddDate(2, 0, 0) }},
		{"an event more", func(f *privacy.ReceiptFacts) {
			f.Events = facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentWithdrawn).Events
		}},
	} {
		f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
		row.change(&f)
		if privacy.BuildReceipt(f).Header.ReceiptID == id {
			t.Errorf("%s: same receipt", row.why)
		}
	}
}

// A respondent who refused and later agreed has two records: the newest one decides.
func TestReceiptOfTwoRecords(t *testing.T) {
	f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentRefused, privacy.ConsentRequested, privacy.ConsentGiven)
	for i := range 2 {
		f.Events[i].RecordID = "11111111-1111-4111-8111-111111111111"
	}
	r := privacy.BuildReceipt(f)
	if r.Processing.ConsentState != privacy.ConsentGiven || r.Header.RecordID != f.Events[3].RecordID || len(r.Events) != 4 {
		t.Errorf("state %s, record %s, %d events", r.Processing.ConsentState, r.Header.RecordID, len(r.Events))
	}
}

// Every message key of the page is in both languages, in every state; the page says what the JSON says.
func TestReceiptPage(t *testing.T) {
	catalogue := locale.Must()
	for _, row := range receiptRows {
		f := factsOf(row.name, row.lang, row.states...)
		receipt := signed(t, f)
		sections := receipt.Sections()
		var shown strings.Builder
		for _, s := range sections {
			keys := []string{s.Key}
			for _, r := range s.Rows {
				keys = append(keys, r.Key)
				if len(r.Values) == 0 {
					t.Errorf("%s: row %s is empty", row.why, r.Key)
				}
				for _, v := range r.Values {
					shown.WriteString(v.Text + "\n")
					if v.Key != "" {
						keys = append(keys, v.Key)
					} else if strings.TrimSpace(v.Text) == "" {
						t.Errorf("%s: row %s has an empty value", row.why, r.Key)
					}
				}
			}
			for _, key := range keys {
				for _, lang := range both {
					if !catalogue.Has(lang, key) {
						t.Errorf("%s: no message %s in %s", row.why, key, lang)
					}
				}
			}
		}
		for _, says := range []string{f.Reference, f.Title.In(row.lang), f.NoticeSHA256, f.SurveyVersion, where, "Climate Hero AB", "dpo@wemford.example",
			receipt.Header.ReceiptID, receipt.Fingerprint, f.VerifyAt} {
			if !strings.Contains(shown.String(), says) {
				t.Errorf("%s: the page does not say %q", row.why, says)
			}
		}
	}
	for _, prefix := range []string{"receipt.state.", "receipt.event."} {
		for _, s := range states {
			if prefix == "receipt.event." && s == privacy.ConsentNone {
				continue // nothing happened
			}
			if !catalogue.Has(locale.English, prefix+string(s)) || !catalogue.Has(locale.Welsh, prefix+string(s)) {
				t.Errorf("no message %s%s", prefix, s)
			}
		}
	}
	for _, channel := range []string{"web", "phone", "f2f", "paper", "kiosk"} {
		if !catalogue.Has(locale.Welsh, "receipt.channel."+channel) || !catalogue.Has(locale.English, "receipt.channel."+channel) {
			t.Errorf("no message for channel %s", channel)
		}
	}
}

func BenchmarkSignReceipt(b *testing.B) {
	f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
	for b.Loop() {
		signed(b, f)
	}
}

func BenchmarkBuildNotice(b *testing.B) {
	for b.Loop() {
		privacy.BuildNotice(council(), libraryHours, processing(), locale.Welsh)
	}
}
