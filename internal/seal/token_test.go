package seal_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

// The wanted values come from a second implementation of RFC 5869 and RFC 2104 (Python's hmac), not from this code.
// Tokens lie in databases and on people's receipts: a change of derivation would cut every one of them off.
func TestDerivationsNeverChange(t *testing.T) {
	k := keyring(t, 1)
	for _, row := range []struct{ why, got, want string }{
		{"names the key in backups", k.ID(), "1a49eebc"},
		{"the consent ledger names the respondent by it", k.PrincipalToken("r1"), "e708b8a65dc2692c17625cdb66b2766b"},
		{"the equality store names the answers by it", k.EqualityToken("r1"), "ff3f9d2d8e76e77fb19f4ced3268782f"},
		{"a retried submission finds its response", k.ResponseIDFor("t1"), "18066e05bb837a37dcb8c14046d90fec"},
		{"people hold it on paper", k.CodeFor("t1"), "VXEP-94NN-5NDF-FQ8W-PZ32"},
		{"the database holds it", k.CodeHash(k.CodeFor("t1")), "fe317cc1b7d103bc0ca460d11cedf0c3d9176797f0d39231942d350ce8d885fd"},
		{"people quote it in letters", k.ReferenceFor("t1", "WEM"), "WEM-0BMY-2KVP"},
		{"sessions and invitations are found by it", seal.TokenHash("t1"), "04ed98832e1dd271a9e5b63cba5518e6da23cb307eee155b800982d83edfb652"},
		{"the ledger starts with it", seal.HashChain("", []byte("x")), "ff93480b9d8da6a2649cb4581fcbfc8909c55d9bbf3b5a4efc17e750bb703de2"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %s, want %s", row.why, row.got, row.want)
		}
	}
}

// What nobody may make without the master key differs from one master key to the next.
func TestTokensNeedTheMasterKey(t *testing.T) {
	mine, other := keyring(t, 1), keyring(t, 2)
	for why, make := range map[string]func(*seal.Keyring) string{
		"whoever has the seed replays what protection hid (disclosure.md A25)": func(k *seal.Keyring) string { return hex.EncodeToString(k.ReleaseSeed("r")) },
		"whoever makes member tokens knows who was counted":                    func(k *seal.Keyring) string { return hex.EncodeToString(k.MemberToken("r", "a")) },
		"the ledger leads to signed forms":                                     func(k *seal.Keyring) string { return k.ConsentScanToken("c", "DOC-2026-0471") },
		"the ledger names respondents":                                         func(k *seal.Keyring) string { return k.PrincipalToken("a") },
		"the list of erasures names what was erased":                           func(k *seal.Keyring) string { return k.ErasureToken("response", "a") },
		"codes open responses":                                                 func(k *seal.Keyring) string { return k.CodeFor("a") },
	} {
		if make(mine) == make(other) {
			t.Errorf("%s: two master keys give the same", why)
		}
	}
	k := mine
	if k.ErasureToken("response", "a") == k.ErasureToken("text", "a") || k.ErasureToken("a", "bc") == k.ErasureToken("ab", "c") {
		t.Error("two things that were erased have the same token")
	}
	if hex.EncodeToString(k.MemberToken("r", "a", "bc")) == hex.EncodeToString(k.MemberToken("r", "a", "b", "c")) {
		t.Error("two lists of codes have the same token")
	}
}

// security.md T7: no two stores share a value by which rows could be joined.
func TestTokensAreUnlinkable(t *testing.T) {
	k := keyring(t, 1)
	seen := map[string]string{}
	for _, input := range []string{"a", "b", ""} {
		for name, token := range map[string]string{
			"principal": k.PrincipalToken(input), "equality": k.EqualityToken(input), "response": k.ResponseIDFor(input),
			"hash": seal.TokenHash(input), "throttle": k.ThrottleToken("2027-03-29", input), "next day": k.ThrottleToken("2027-03-30", input),
			"code": k.CodeFor(input), "reference": k.ReferenceFor(input, "WEM"), "code hash": k.CodeHash(input),
		} {
			for _, part := range []string{token, token[:8]} {
				if was, ok := seen[part]; ok {
					t.Errorf("%s of %q shares %q with %s", name, input, part, was)
				}
			}
			seen[token], seen[token[:8]] = name, name
		}
	}
	if keyring(t, 2).EqualityToken("a") == k.EqualityToken("a") {
		t.Error("the token does not depend on the master key: anybody could compute it")
	}
	if k.ThrottleToken("a", "bc") == k.ThrottleToken("ab", "c") {
		t.Error("period and subject run into each other")
	}
}

func TestRandomValues(t *testing.T) {
	seen := map[string]bool{}
	for range 10_000 {
		id, token := seal.RandomID(), seal.RandomToken()
		if seen[id] || seen[token] {
			t.Fatal("a random value came twice")
		}
		seen[id], seen[token] = true, true
		if b, err := hex.DecodeString(id); err != nil || len(b) != 16 {
			t.Fatalf("id %q is not 128 bits of hex", id)
		}
		if b, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(b) != 32 {
			t.Fatalf("token %q is not 256 bits of base64url", token)
		}
	}
}

func TestChain(t *testing.T) {
	if string(seal.Canonical("ab", "c")) == string(seal.Canonical("a", "bc")) || string(seal.Canonical("a")) == string(seal.Canonical("a", "")) {
		t.Error("different fields give the same bytes")
	}
	first := seal.HashChain("", []byte("one"))
	for _, row := range []struct{ why, hash string }{
		{"another entry", seal.HashChain("", []byte("two"))},
		{"another place in the log", seal.HashChain(first, []byte("one"))},
		{"letters moved between hash and entry", seal.HashChain("o", []byte("ne"))},
	} {
		if row.hash == first || len(row.hash) != 64 {
			t.Errorf("%s: same hash", row.why)
		}
	}
	if got := seal.Digest("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" { // FIPS 180-4 example
		t.Errorf("digest of abc: %s", got)
	}
}

func TestSessionKey(t *testing.T) {
	k := keyring(t, 1)
	if len(k.SessionKey()) != 64 || string(k.SessionKey()) != string(keyring(t, 1).SessionKey()) {
		t.Error("want 64 bytes, the same at every start")
	}
	if string(keyring(t, 2).SessionKey()) == string(k.SessionKey()) {
		t.Error("another master key gives the same session key")
	}
	if strings.Contains(string(k.SessionKey()), strings.Repeat("\x01", 8)) {
		t.Error("the master key shows")
	}
}

func BenchmarkTokensOfOneSubmission(b *testing.B) {
	k := keyring(b, 1)
	for b.Loop() {
		id := k.ResponseIDFor("token")
		k.PrincipalToken(id)
		k.EqualityToken(id)
		k.CodeHash(k.CodeFor("token"))
		k.ReferenceFor("token", "WEM")
	}
}
