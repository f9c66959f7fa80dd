package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// TestReceiptVerify: whoever has a receipt and the public key tells genuine ones from others, without the council.
func TestReceiptVerify(t *testing.T) {
	dir := t.TempDir()
	master := func(name string) *seal.Keyring {
		k, err := seal.CreateMaster(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	council, stranger := master("council.key"), master("stranger.key")
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	facts := privacy.ReceiptFacts{
		Title: locale.Text{locale.English: "Library opening hours"}, ConsultationID: "library", Reference: "WEM-7K3F-92QD", NoticeID: "library", NoticeVersion: 2,
		Language: locale.English, Channel: "web", Date: "2026-03-29", VerifyAt: "https://say.example/receipt/verify",
		At: time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC),
		Events: []privacy.ConsentEvent{privacy.ConsentEvent{RecordID: "0f0e0d0c-0b0a-4908-8706-050403020100", State: privacy.ConsentGiven,
			At: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), ValidUntil: time.Date(2027, 3, 29, 0, 0, 0, 0, time.UTC)}.Chain("")},
	}
	sign := func(by *seal.Keyring) privacy.SignedReceipt {
		r, err := privacy.SignReceipt(facts, by)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := sign(council)
	key := write("receipt-key.txt", []byte(council.NoteKey(seal.ReceiptSigner)+"\n"))
	good, kantara := write("receipt-WEM-7K3F-92QD.json", r.File), write("receipt-WEM-7K3F-92QD.kantara.json", r.Kantara)
	changed := write("changed.json", bytes.Replace(r.File, []byte("2026-03-29"), []byte("2026-03-28"), 1))
	alone := write("alone/receipt.json", r.File)
	for _, c := range []struct {
		why  string
		args []string
		code int
		says []string
		not  string
	}{
		{"a good one, the key beside it", []string{good}, 0, []string{good + ": genuine and unchanged", "Library opening hours", "WEM-7K3F-92QD", "library, version 2",
			"given", "2026-03-29T01:30:00Z", r.Fingerprint}, "NOT"},
		{"both forms, the key named", []string{"--key", key, good, kantara}, 0, []string{good + ": genuine", kantara + ": genuine"}, "NOT"},
		{"changed", []string{changed}, 1, []string{"CHANGED"}, "WEM-7K3F"},
		{"one of two changed", []string{changed, good}, 1, []string{"CHANGED", good + ": genuine"}, ""},
		{"a stranger's", []string{"--key", key, write("theirs.json", sign(stranger).File)}, 1, []string{"NOT signed with this key"}, "WEM-7K3F"},
		{"the wrong key", []string{"--key", write("wrong.txt", []byte(stranger.NoteKey(seal.ReceiptSigner))), good}, 1, []string{"NOT signed with this key"}, ""},
		{"without its proof", []string{write("bare.json", []byte(`{"header":{"schema_version":"folkmoot-receipt/1"}}`))}, 1, []string{"NOT signed: nobody"}, ""},
		{"rubbish", []string{write("rubbish.json", []byte("\x00\xff not a receipt"))}, 1, []string{"NOT a receipt"}, ""},
		{"an empty file", []string{write("empty.json", nil)}, 1, []string{"NOT a receipt"}, ""},
		{"no key anywhere", []string{alone}, 2, []string{"/receipt/key.txt", "--key"}, "genuine"},
		{"a key file that is not there", []string{"--key", filepath.Join(dir, "none.txt"), good}, 2, []string{"none.txt"}, "genuine"},
		{"the key of releases", []string{"--key", write("release-key.txt", []byte(council.NoteKey(seal.ReleaseSigner))), good}, 2, []string{"another use"}, "genuine"},
		{"no key in the key file", []string{"--key", write("letter.txt", []byte("Dear resident")), good}, 2, []string{"no public key"}, "genuine"},
		{"a receipt that is not there", []string{filepath.Join(dir, "lost.json"), good}, 2, []string{"lost.json", good + ": genuine"}, ""},
		{"one that is not there and one changed: it could not all be checked", []string{changed, filepath.Join(dir, "lost.json")}, 2, []string{"CHANGED", "lost.json"}, ""},
		{"no receipt named", nil, 2, []string{"expected"}, ""},
	} {
		var out output
		code := run(t.Context(), append([]string{"receipt", "verify"}, c.args...), &out, &out)
		if code != c.code {
			t.Errorf("%s: exit %d, want %d:\n%s", c.why, code, c.code, out.String())
		}
		for _, says := range c.says {
			if !strings.Contains(out.String(), says) {
				t.Errorf("%s: does not say %q:\n%s", c.why, says, out.String())
			}
		}
		if c.not != "" && strings.Contains(out.String(), c.not) {
			t.Errorf("%s: says %q:\n%s", c.why, c.not, out.String())
		}
	}
}
