package privacy_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

func TestCheckReceipt(t *testing.T) {
	council := keys(t)
	key := council.NoteKey(seal.ReceiptSigner)
	stranger, err := seal.NewKeyring(bytes.Repeat([]byte{9}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	f := facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven)
	r := signed(t, f)
	theirs, err := privacy.SignReceipt(f, stranger)
	if err != nil {
		t.Fatal(err)
	}
	change := func(file []byte, from, to string) []byte {
		out := bytes.ReplaceAll(file, []byte(from), []byte(to))
		if bytes.Equal(out, file) {
			t.Fatalf("%q is not in the file", from)
		}
		return out
	}
	reformat := func(file []byte) []byte { // as an editor does: other indents, other order, other escapes
		out, err := json.MarshalIndent(decoded(t, file), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		return append([]byte("\ufeff"), bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))...)
	}
	without := func(file []byte, names ...string) []byte {
		doc := decoded(t, file)
		delete(parent(t, doc, names), names[len(names)-1])
		out, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	forged := change(theirs.File, stranger.NoteKey(seal.ReceiptSigner), key)
	for _, row := range []struct {
		why  string
		file []byte
		want privacy.Verdict
	}{
		{"as it was downloaded", r.File, privacy.Genuine},
		{"the Kantara file", r.Kantara, privacy.Genuine},
		{"saved again by an editor", reformat(r.File), privacy.Genuine},
		{"Kantara, saved again by an editor", reformat(r.Kantara), privacy.Genuine},
		{"a refusal", signed(t, facts(locale.Welsh, privacy.ConsentRequested, privacy.ConsentRefused)).File, privacy.Genuine},
		{"never asked", signed(t, facts(locale.English)).File, privacy.Genuine},
		{"another date", change(r.File, `"date": "2026-03-29"`, `"date": "2026-03-28"`), privacy.Altered},
		{"refused made given", change(signed(t, facts(locale.English, privacy.ConsentRequested, privacy.ConsentRefused)).File, "refused", "given"), privacy.Altered},
		{"another state in the Kantara file", change(r.Kantara, `"consent_state": "given"`, `"consent_state": "renewed"`), privacy.Altered},
		{"another meaning of a field", change(r.File, "dpv:hasRecipient", "dpv:hasDataController"), privacy.Altered},
		{"another page to check it on", change(r.File, f.VerifyAt, "https://forger.example/receipt/verify"), privacy.Altered},
		{"another kind of proof", change(r.File, "folkmoot-receipt/1 (Ed", "folkmoot-receipt/2 (Ed"), privacy.Altered},
		{"a member more", change(r.File, `"header": {`, `"verdict": "good", "header": {`), privacy.Altered},
		{"a name twice: people and programs may read different ones", change(r.File, `"consent_state": "given"
  },`, `"consent_state": "given", "consent_state": "given"
  },`), privacy.Altered},
		{"a member less", without(r.File, "parties"), privacy.Altered},
		{"another signature", change(r.File, `"signature": "`, `"signature": "AAAA`), privacy.Altered},
		{"the Kantara file's proof on the other", bytes.Replace(r.File, r.File[bytes.Index(r.File, []byte(`"proof"`)):], r.Kantara[bytes.Index(r.Kantara, []byte(`"proof"`)):], 1), privacy.Altered},
		{"a stranger's, with our key written in", forged, privacy.Altered},
		{"a stranger's", theirs.File, privacy.Foreign},
		{"a stranger's Kantara file", theirs.Kantara, privacy.Foreign},
		{"another organisation's Kantara receipt", []byte(`{"version":"KI-CR-v1.1.0","consentTimestamp":1510592400}`), privacy.Unsigned},
		{"without a signature", without(r.File, "proof", "signature"), privacy.Unsigned},
		{"without a proof", without(r.File, "proof"), privacy.Unsigned},
		{"nothing", nil, privacy.NotReceipt},
		{"a letter", []byte("Dear council"), privacy.NotReceipt},
		{"other JSON", []byte(`{"a":1}`), privacy.NotReceipt},
		{"a list", []byte(`[]`), privacy.NotReceipt},
		{"a receipt cut short", r.File[:len(r.File)/2], privacy.NotReceipt},
		{"half of one in UTF-16", []byte("\xff\xfe{\x00}\x00"), privacy.NotReceipt},
		{"too large", append(bytes.Repeat([]byte(" "), privacy.MaxReceipt), r.File...), privacy.NotReceipt},
	} {
		got := privacy.CheckReceipt(row.file, key+"\n")
		if got.Verdict != row.want {
			t.Errorf("%s: %s, want %s", row.why, got.Verdict, row.want)
		}
		if got.Verdict != privacy.Genuine && (got.Says.Reference != "" || got.Says.State != "" || len(got.Says.Hashes) > 0) {
			t.Errorf("%s: repeats what nobody vouches for: %+v", row.why, got.Says)
		}
		if again := privacy.CheckReceipt(row.file, ""); again.Verdict == privacy.Genuine {
			t.Errorf("%s: genuine without a key", row.why)
		}
		if again := privacy.CheckReceipt(row.file, council.NoteKey(seal.ReleaseSigner)); again.Verdict == privacy.Genuine {
			t.Errorf("%s: genuine with the key of releases", row.why)
		}
	}
}

func TestReceiptSummary(t *testing.T) {
	f := facts(locale.Welsh, privacy.ConsentRequested, privacy.ConsentGiven)
	r := signed(t, f)
	key := keys(t).NoteKey(seal.ReceiptSigner)
	ld, kantara := privacy.CheckReceipt(r.File, key), privacy.CheckReceipt(r.Kantara, key)
	if ld.Kantara || !kantara.Kantara {
		t.Error("one kind of file is taken for the other")
	}
	if ld.Says.Fingerprint != r.Fingerprint || kantara.Says.Fingerprint == r.Fingerprint || len(kantara.Says.Fingerprint) != 64 {
		t.Errorf("fingerprints %s, %s; the page prints %s", ld.Says.Fingerprint, kantara.Says.Fingerprint, r.Fingerprint)
	}
	for _, got := range []privacy.ReceiptSummary{ld.Says, kantara.Says} {
		if got.ReceiptID != r.Header.ReceiptID || got.Reference != f.Reference || got.Council != "Cyngor Bwrdeistref Wemford" || got.Consultation != "Oriau agor llyfrgelloedd" ||
			got.ConsultationID != f.ConsultationID || got.Language != locale.Welsh || got.Date != f.Date || got.NoticeID != f.NoticeID || got.NoticeVersion != 2 ||
			got.State != privacy.ConsentGiven || !got.StateAt.Equal(f.Events[1].At) || got.RecordID != f.Events[1].RecordID {
			t.Errorf("%+v", got)
		}
		if !slices.Contains(got.Hashes, f.Events[1].Hash) {
			t.Errorf("the consent is not among the entries: %v", got.Hashes)
		}
	}
	none := privacy.CheckReceipt(signed(t, facts(locale.English)).File, key)
	if none.Says.State != privacy.ConsentNone || !none.Says.StateAt.IsZero() || len(none.Says.Hashes) != 0 || none.Says.RecordID != "" {
		t.Errorf("never asked: %+v", none.Says)
	}
}

// The recipe of docs/receipts.md, without our own canonical form: sorted names, no white space, a line feed.
func TestSignatureByHand(t *testing.T) {
	r := signed(t, facts(locale.Welsh, privacy.ConsentRequested, privacy.ConsentGiven))
	for _, file := range [][]byte{r.File, r.Kantara} {
		doc := decoded(t, file)
		proof := doc["proof"].(map[string]any)
		signature := proof["signature"].(string)
		delete(proof, "signature")
		var text bytes.Buffer
		enc := json.NewEncoder(&text) // sorts names; all are ASCII. A line feed follows.
		enc.SetEscapeHTML(false)
		if err := enc.Encode(doc); err != nil {
			t.Fatal(err)
		}
		if err := seal.CheckSignature(seal.ReceiptSigner, text.Bytes(), signature, keys(t).NoteKey(seal.ReceiptSigner)); err != nil {
			t.Errorf("%v: %.200s", err, text.String())
		}
	}
}

// No bytes, however they are mangled, make a receipt genuine that was not signed: only what has the same canonical form passes.
func FuzzCheckReceipt(f *testing.F) {
	r := signed(f, facts(locale.English, privacy.ConsentRequested, privacy.ConsentGiven))
	key := keys(f).NoteKey(seal.ReceiptSigner)
	canonical := map[string]bool{}
	for _, file := range [][]byte{r.File, r.Kantara} {
		f.Add(file)
		text, err := seal.CanonicalJSON(file, "proof", "signature")
		if err != nil {
			f.Fatal(err)
		}
		canonical[string(text)] = true
	}
	f.Add([]byte(`{"version":"KI-CR-v1.1.0","proof":{"signature":"x","key":"` + key + `"}}`))
	f.Add([]byte(`{"header":{"schema_version":"folkmoot-receipt/1"},"Proof":{"signature":"x"}}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		got := privacy.CheckReceipt(file, key)
		switch got.Verdict {
		case privacy.Genuine:
			text, err := seal.CanonicalJSON(file, "proof", "signature")
			if err != nil || !canonical[string(text)] {
				t.Fatalf("genuine: %.300s", file)
			}
			if got.Says.Reference == "" {
				t.Fatal("genuine, and says nothing")
			}
		case privacy.Altered, privacy.Foreign, privacy.Unsigned, privacy.NotReceipt:
		default:
			t.Fatalf("verdict %q", got.Verdict)
		}
		if strings.TrimSpace(string(file)) == "" && got.Verdict != privacy.NotReceipt {
			t.Fatal("nothing is a receipt")
		}
	})
}
