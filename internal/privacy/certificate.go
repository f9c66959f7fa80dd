package privacy

import (
	"strconv"
	"time"

	"folkmoot/internal/seal"
)

// TableCount is how many rows of a table are gone.
type TableCount struct {
	Table string `json:"table"`
	Count int    `json:"count"`
}

// KeptTotals names totals that were published, and so tested, before the answers were erased (councils.md S4-18).
type KeptTotals struct {
	Release  string `json:"release"`            // id
	SHA256   string `json:"sha256"`             // of the published tables, hex
	Report   string `json:"report"`             // SHA-256 of the signed report of the disclosure test, hex
	Equality bool   `json:"equality,omitempty"` // equality answers were counted too
}

// Certificate is the proof of one disposal (privacy.md 10.3; FOI s.46 Code of Practice): counts, never values. Certificates are append-only and each is
// chained to the one before.
type Certificate struct {
	Sequence     int64        `json:"sequence"`       // from 1; set by the store
	ID           string       `json:"id"`             // random
	Rule         string       `json:"rule"`           // id of the rule, or "notice" where the period of a notice was over first
	RuleVersion  int64        `json:"rule_version"`   // version of the schedule; of the notice for "notice"
	Class        DataClass    `json:"class"`          //
	Action       Disposal     `json:"action"`         //
	Consultation string       `json:"consultation"`   // id; empty for a register
	Register     Register     `json:"register"`       // empty for a consultation
	From         Date         `json:"from"`           // the day on which the consultation opened; empty for a register
	To           Date         `json:"to"`             // its last day; for a register the last day on which what was disposed of ended
	Counts       []TableCount `json:"counts"`         //
	Method       string       `json:"method"`         // keys_and_rows or keys_and_texts
	StartedAt    time.Time    `json:"started_at"`     // UTC
	FinishedAt   time.Time    `json:"finished_at"`    // UTC; set by the store
	By           Actor        `json:"by"`             //
	Verified     []TableCount `json:"verified"`       // rows that remain, counted after the last was gone: all zero where the disposal is complete
	HoldsSkipped int          `json:"holds_skipped"`  // how many more disposals of the same class were due and on hold
	BackupsUntil Date         `json:"backups_until"`  // the day by which the last backup that holds the rows has to be gone
	Kept         []KeptTotals `json:"kept,omitempty"` // anonymous totals that were published when the disposal began; none unless the action is Anonymise
	PrevHash     string       `json:"-"`              // hex; set by the store
	Hash         string       `json:"-"`              // hex; set by the store with Chain
}

// Complete reports whether the check found nothing left. A run that was stopped by a hold is certified with what remains.
func (c Certificate) Complete() bool {
	for _, v := range c.Verified {
		if v.Count > 0 {
			return false
		}
	}
	return len(c.Verified) > 0
}

// RuleNotice is the rule of a certificate where the period of the consultation's own notice was over first.
const RuleNotice = "notice"

// Chain returns the certificate with PrevHash and Hash set to follow the one with hash prev ("" for the first). Set the sequence and the times before.
func (c Certificate) Chain(prev string) Certificate {
	c.PrevHash, c.Hash = prev, seal.HashChain(prev, c.canonical())
	return c
}

func (c Certificate) canonical() []byte {
	fields := seal.Canonical("certificate", strconv.FormatInt(c.Sequence, 10), c.ID, c.Rule, strconv.FormatInt(c.RuleVersion, 10), string(c.Class), string(c.Action),
		c.Consultation, string(c.Register), string(c.From), string(c.To), string(countsText(c.Counts)), c.Method, stamp(c.StartedAt), stamp(c.FinishedAt), c.By.Kind, c.By.ID,
		string(countsText(c.Verified)), strconv.Itoa(c.HoldsSkipped), string(c.BackupsUntil))
	if len(c.Kept) == 0 { // as all certificates were before totals were named: their hashes hold
		return fields
	}
	var kept []string
	for _, k := range c.Kept {
		kept = append(kept, k.Release, k.SHA256, k.Report, strconv.FormatBool(k.Equality))
	}
	return append(fields, seal.Canonical(kept...)...)
}

func countsText(counts []TableCount) []byte {
	var fields []string
	for _, c := range counts {
		fields = append(fields, c.Table, strconv.Itoa(c.Count))
	}
	return seal.Canonical(fields...)
}

// VerifyCertificates checks all certificates as VerifyConsentChain checks a ledger.
func VerifyCertificates(each func(func(Certificate) error) error) error {
	chain := ChainFrom("certificate", 0, "")
	return each(func(c Certificate) error { return chain.next(c.Sequence, c.PrevHash, c.Hash, c.canonical()) })
}
