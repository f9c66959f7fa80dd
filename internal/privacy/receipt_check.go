package privacy

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// MaxReceipt is the largest file, in bytes, that is looked at as a receipt.
const MaxReceipt = 200 << 10

// Verdict is what a file is that somebody says is a receipt. The zero value is invalid.
type Verdict string

// The verdicts.
const (
	Genuine    Verdict = "genuine"     // the council's, and unchanged
	Altered    Verdict = "changed"     // names the council's key, and is not what the council signed
	Foreign    Verdict = "foreign"     // signed with another key
	Unsigned   Verdict = "unsigned"    // a receipt without a signature
	NotReceipt Verdict = "not_receipt" // something else
)

// CheckedReceipt is what can be told of a file with the council's public key alone.
type CheckedReceipt struct {
	Verdict
	Kantara bool           // a Kantara consent receipt
	Says    ReceiptSummary // of a genuine one only: of others nothing can be believed
}

// ReceiptSummary is what a genuine receipt is about.
type ReceiptSummary struct {
	ReceiptID      string
	Reference      string
	Council        string
	Consultation   string // title, in Language
	ConsultationID string
	Language       locale.Lang
	Date           string // of submission, yyyy-mm-dd in Europe/London
	NoticeID       string
	NoticeVersion  int
	State          ConsentState // when the receipt was made
	StateAt        time.Time    // UTC, of the event that decides it; zero where consent was never asked
	RecordID       string
	Hashes         []string // of the events of the ledger that it names
	Records        []string // of each of them, the consent record that it belongs to
	Fingerprint    string   // SHA-256 of what is signed, in hex
}

// anyReceipt reads what tells one kind of file from another.
type anyReceipt struct {
	Header struct {
		SchemaVersion string `json:"schema_version"`
	} `json:"header"`
	Version string       `json:"version"`
	Proof   receiptProof `json:"proof"`
}

// CheckReceipt says what a file is, with the public key of the council's receipts (seal.ReceiptSigner) and nothing else. It never fails: whatever
// the bytes are, there is a verdict.
func CheckReceipt(file []byte, key string) CheckedReceipt {
	var head anyReceipt
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if len(file) > MaxReceipt || json.Unmarshal(file, &head) != nil {
		return CheckedReceipt{Verdict: NotReceipt}
	}
	out := CheckedReceipt{Kantara: head.Version == kantaraVersion}
	if !out.Kantara && !strings.HasPrefix(head.Header.SchemaVersion, "folkmoot-receipt/") {
		return CheckedReceipt{Verdict: NotReceipt}
	}
	message, err := signedPart(file) // fails for what was never signed, such as a file with a name twice: it was changed
	switch {
	case head.Proof.Signature == "":
		out.Verdict = Unsigned
	case strings.TrimSpace(head.Proof.Key) != strings.TrimSpace(key):
		out.Verdict = Foreign
	case err != nil || seal.CheckSignature(seal.ReceiptSigner, message, head.Proof.Signature, key) != nil:
		out.Verdict = Altered
	default:
		out.Verdict = Genuine
		out.Says = summary(file, out.Kantara)
		out.Says.Fingerprint = seal.Digest(string(message))
	}
	return out
}

// summary reads a file that the council signed: it is of our own making.
func summary(file []byte, kantara bool) ReceiptSummary {
	if kantara {
		return kantaraSummary(file)
	}
	var r receiptFile
	if json.Unmarshal(file, &r) != nil {
		return ReceiptSummary{}
	}
	out := ReceiptSummary{
		ReceiptID: r.Header.ReceiptID, Reference: r.Response.Reference, Council: r.party(partyCouncil).Name,
		Consultation: r.Response.Consultation, ConsultationID: r.Response.ConsultationID, Language: r.Processing.Language, Date: r.Response.Date,
		NoticeID: r.Processing.PrivacyNotice.NoticeID, NoticeVersion: r.Processing.PrivacyNotice.Version,
		State: r.Processing.ConsentState, RecordID: r.Header.RecordID,
	}
	for _, e := range r.Events {
		out.Hashes, out.Records, out.StateAt = append(out.Hashes, e.LedgerHash), append(out.Records, r.Header.RecordID), e.Time
	}
	for _, e := range r.NewUses {
		out.Hashes, out.Records = append(out.Hashes, e.LedgerHash), append(out.Records, e.RecordID)
	}
	return out
}

func kantaraSummary(file []byte) ReceiptSummary {
	var k kantaraReceipt
	if json.Unmarshal(file, &k) != nil || len(k.Services) == 0 || len(k.PIIControllers) == 0 {
		return ReceiptSummary{}
	}
	return ReceiptSummary{
		ReceiptID: k.ConsentReceiptID, Reference: k.PIIPrincipalID, Council: k.PIIControllers[0].PIIController,
		Consultation: k.Services[0].Service, ConsultationID: k.Folkmoot.ConsultationID, Language: k.Language, Date: k.Folkmoot.Date,
		NoticeID: k.Folkmoot.PrivacyNotice.NoticeID, NoticeVersion: k.Folkmoot.PrivacyNotice.Version,
		State: k.Folkmoot.ConsentState, StateAt: time.Unix(k.ConsentTimestamp, 0).UTC(), RecordID: k.Folkmoot.RecordID,
		Hashes: []string{k.Folkmoot.LedgerHash}, Records: []string{k.Folkmoot.RecordID},
	}
}
