package privacy

import (
	"bytes"
	_ "embed"
	"encoding/json"

	"folkmoot/internal/seal"
)

// receiptContext says to readers of JSON-LD 1.1 which term of which vocabulary each field is. It lies in the file itself, so that nobody has
// to ask another server for it.
//
//go:embed receipt/context.json
var receiptContext []byte

// ProofType names how the files of a receipt are signed: Ed25519 (RFC 8032) over the canonical form (RFC 8785) of the whole file without
// proof.signature, followed by a line feed.
const ProofType = "folkmoot-receipt/1 (Ed25519, RFC 8785)"

// receiptFile is a receipt as it is saved: JSON-LD with a proof.
type receiptFile struct {
	Context []any    `json:"@context"`
	ID      string   `json:"@id"`
	Type    []string `json:"@type"` // DPV terms
	Receipt
	Proof *receiptProof `json:"proof"`
}

// receiptProof is the member that makes a file one of the council's. Everything but the signature is signed too: nobody can put another
// address or key in.
type receiptProof struct {
	Type      string `json:"type"`
	VerifyAt  string `json:"verify_at"` // address of the page that checks receipts
	Key       string `json:"key"`       // public key; proves nothing unless it is compared with the council's
	Signature string `json:"signature"` // base64
}

// SignedReceipt is a receipt with its files, each signed by the council. The same facts give the same bytes.
type SignedReceipt struct {
	Receipt
	File        []byte // JSON-LD
	Fingerprint string // SHA-256 of what is signed in File, in hex
	VerifyAt    string // address of the page that checks receipts
	Kantara     []byte // Kantara consent receipt 1.1; nil where it would say what is not so, see NoKantara
}

// SignReceipt makes the receipt and its files, signed with the council's receipt key.
func SignReceipt(f ReceiptFacts, keys *seal.Keyring) (SignedReceipt, error) {
	out := SignedReceipt{Receipt: BuildReceipt(f), VerifyAt: f.VerifyAt}
	proof := receiptProof{Type: ProofType, VerifyAt: f.VerifyAt, Key: keys.NoteKey(seal.ReceiptSigner)}
	id := "urn:uuid:" + out.Header.ReceiptID
	file := receiptFile{
		Context: []any{json.RawMessage(receiptContext), map[string]string{"@base": id}},
		ID:      id, Type: receiptTypes(out.Receipt), Receipt: out.Receipt, Proof: &proof,
	}
	var err error
	if out.File, out.Fingerprint, err = signFile(file, &proof, keys); err != nil || out.NoKantara() != "" {
		return out, err
	}
	kantaraProof := proof
	out.Kantara, _, err = signFile(buildKantara(f, out.Receipt, &kantaraProof), &kantaraProof, keys)
	return out, err
}

// receiptTypes says what the file is a record of. Where consent was never asked it is no record of consent.
func receiptTypes(r Receipt) []string {
	if len(r.Events) == 0 {
		return []string{"dpv:DataProcessingRecord"}
	}
	return []string{"dpv:ConsentRecord", "dpv:ConsentReceipt"}
}

// signFile signs a document whose proof is the one given, and returns it as a file with the fingerprint of what is signed.
func signFile(doc any, proof *receiptProof, keys *seal.Keyring) (file []byte, fingerprint string, err error) {
	proof.Signature = ""
	unsigned, err := encode(doc)
	if err != nil {
		return nil, "", err
	}
	message, err := signedPart(unsigned)
	if err != nil {
		return nil, "", err
	}
	proof.Signature = keys.Signature(seal.ReceiptSigner, message)
	file, err = encode(doc)
	return file, seal.Digest(string(message)), err
}

// signedPart returns what the signature of a file covers.
func signedPart(file []byte) ([]byte, error) {
	canonical, err := seal.CanonicalJSON(file, "proof", "signature")
	if err != nil {
		return nil, err
	}
	return append(canonical, '\n'), nil
}

// encode writes a file as people may read it: indented UTF-8 with a final line feed.
func encode(doc any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Sections returns the sections of the receipt, the last of which says how to check the file.
func (s SignedReceipt) Sections() []ReceiptSection {
	out := s.Receipt.Sections()
	record := (*rowList)(&out[len(out)-1].Rows)
	record.text("fingerprint", s.Fingerprint)
	record.text("verify", s.VerifyAt)
	return out
}
