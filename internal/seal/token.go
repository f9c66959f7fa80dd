package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// PrincipalToken names the respondent of a response in the consent ledger: 128 bits in hex. Without the master key
// nobody can tell which response it belongs to, and it never equals an EqualityToken (security.md T7).
func (k *Keyring) PrincipalToken(responseID string) string {
	return hex.EncodeToString(k.mac(labelPrincipal, responseID)[:16])
}

// EqualityToken names the equality answers of a response in the equality store: 128 bits in hex, under a label of its
// own, so that no SQL can join the two stores, nor the equality store with the consent ledger.
func (k *Keyring) EqualityToken(responseID string) string {
	return hex.EncodeToString(k.mac(labelEquality, responseID)[:16])
}

// ResponseIDFor returns the id of the response that the submission token makes: 128 bits in hex that look random, and
// do not tell when or in which order. A retried submission gets the same id (security.md T1).
func (k *Keyring) ResponseIDFor(submissionToken string) string {
	return hex.EncodeToString(k.mac(labelResponse, submissionToken)[:16])
}

// ThrottleToken names somebody who is counted against a limit (an address, an account name) during one period, for
// example a day. The subject cannot be found from it, and two periods cannot be linked: no IP address is kept.
func (k *Keyring) ThrottleToken(period, subject string) string {
	return hex.EncodeToString(k.mac(labelThrottle, string(Canonical(period, subject)))[:16])
}

// TokenHash returns what is stored of a random token of at least 128 bits (session, invitation, submission): its
// SHA-256 in hex. A stolen database holds no usable token. Not for passwords or codes.
func TokenHash(token string) string {
	sum := sha256.Sum256([]byte("folkmoot/1/token/" + token))
	return hex.EncodeToString(sum[:])
}

// RandomID returns 128 random bits in hex, for ids that must not tell when or in which order.
func RandomID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// RandomToken returns 256 random bits in unpadded base64url, for secrets in links, cookies and forms.
func RandomToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// RandomUUID returns a random UUID (version 4, RFC 9562): consent records are named by one (ISO/IEC TS 27560, record_id).
func RandomUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	x := hex.EncodeToString(b[:])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// ReleaseSeed returns the secret that decides between cells of equal merit when a release is protected: without the
// master key nobody can replay the choice (disclosure.md A25).
func (k *Keyring) ReleaseSeed(releaseID string) []byte { return k.mac(labelSeed, releaseID) }

// NoiseKey returns the secret that the noise of a survey's figures is drawn from in one period (disclosure.md 3.5). With it the noise could be
// taken off again, so it is never stored: it comes from the master key, which lies apart from all data.
func (k *Keyring) NoiseKey(surveyID, period string) []byte {
	return k.mac(labelNoise, fmt.Sprintf("%d:%s%s", len(surveyID), surveyID, period))
}

// MemberToken returns a token of 16 bytes for somebody's being counted in a release, with the codes they were counted with if any are given. Without
// the master key nobody can make or test one, and tokens of two releases cannot be compared.
func (k *Keyring) MemberToken(releaseID, responseID string, codes ...string) []byte {
	var b strings.Builder
	for _, part := range append([]string{releaseID, responseID}, codes...) {
		fmt.Fprintf(&b, "%d:%s", len(part), part) // no two lists of parts read alike
	}
	return k.mac(labelMember, b.String())[:16]
}

// ErasureToken names something that was erased, of one kind, in the list that is replayed over a restored backup: 128 bits in hex. From the list nobody
// can tell what it was; with the master key and a backup that still holds it, it is found.
func (k *Keyring) ErasureToken(kind, id string) string {
	return hex.EncodeToString(k.mac(labelErasure, string(Canonical(kind, id)))[:16])
}
