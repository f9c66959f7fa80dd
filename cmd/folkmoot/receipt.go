package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

type receiptCommand struct {
	Verify verifyReceiptCommand `cmd:"" help:"Check receipts for responses and consent against the council's public key. Needs no connection. Exit status 0: all are genuine; 1: one is not; 2: one cannot be checked."`
}

type verifyReceiptCommand struct {
	Key   string   `placeholder:"FILE" help:"The council's public key, from /receipt/key.txt on its website. Without it, receipt-key.txt beside the first file."`
	Files []string `arg:"" help:"Receipts as they were downloaded: receipt-….json or receipt-….kantara.json."`
}

// Run says of every file whether it is the council's and unchanged, and what a genuine one is about. It returns errUnusable if it cannot tell,
// and errFound if one is not.
func (c verifyReceiptCommand) Run(s *surroundings) error {
	key, err := c.key()
	if err != nil {
		_, _ = fmt.Fprintln(s.err, "folkmoot:", err)
		return errUnusable
	}
	if c.Key == "" {
		_, _ = fmt.Fprintf(s.out, "Checked with the key in %s. It proves something only if you fetched it from the council's website yourself: a key that came with the file proves nothing.\n", c.beside())
	}
	var result error
	for _, name := range c.Files {
		file, err := readReceipt(name)
		if err != nil {
			_, _ = fmt.Fprintln(s.err, "folkmoot:", err)
			result = errUnusable
			continue
		}
		checked := privacy.CheckReceipt(file, key)
		if _, err := fmt.Fprintf(s.out, "%s: %s\n", name, verdicts[checked.Verdict]); err != nil {
			return err
		}
		if checked.Verdict == privacy.Genuine {
			printReceipt(s.out, checked)
		} else if result == nil {
			result = errFound
		}
	}
	return result
}

// verdicts are what is said of each.
var verdicts = map[privacy.Verdict]string{
	privacy.Genuine:    "genuine and unchanged",
	privacy.Altered:    "CHANGED since the council signed it, or never the council's",
	privacy.Foreign:    "NOT signed with this key; it may be another organisation's",
	privacy.Unsigned:   "NOT signed: nobody can tell whether it is genuine",
	privacy.NotReceipt: "NOT a receipt",
}

// beside is where the key is looked for if none is named.
func (c verifyReceiptCommand) beside() string {
	return filepath.Join(filepath.Dir(c.Files[0]), "receipt-key.txt")
}

// key returns the council's public key.
func (c verifyReceiptCommand) key() (string, error) {
	name := c.Key
	if name == "" {
		name = c.beside()
	}
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && c.Key == "" {
		return "", fmt.Errorf("the council's public key is needed: download it from /receipt/key.txt on its website and name it with --key, or put it at %s", name)
	}
	if err != nil {
		return "", err
	}
	if err := seal.CheckKey(seal.ReceiptSigner, string(key)); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return string(key), nil
}

// readReceipt reads no more than what a receipt can be.
func readReceipt(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, privacy.MaxReceipt+1))
}

// printReceipt says what a genuine receipt is about. Whether consent has changed since, the file cannot tell.
func printReceipt(out io.Writer, checked privacy.CheckedReceipt) {
	says := checked.Says
	for _, line := range [][2]string{
		{"council", says.Council},
		{"consultation", says.Consultation},
		{"reference", says.Reference},
		{"sent on", says.Date},
		{"privacy notice", fmt.Sprintf("%s, version %d", says.NoticeID, says.NoticeVersion)},
		{"consent when issued", string(says.State)},
		{"last entry about it", says.StateAt.UTC().Format(time.RFC3339)},
		{"receipt", says.ReceiptID},
		{"fingerprint", says.Fingerprint},
	} {
		if line[0] != "last entry about it" || !says.StateAt.IsZero() {
			_, _ = fmt.Fprintf(out, "  %-20s %s\n", line[0], line[1])
		}
	}
}
