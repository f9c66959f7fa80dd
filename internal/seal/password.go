package seal

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost of a password hash: Argon2id with 19 MiB, 2 passes, 1 lane (OWASP Password Storage; RFC 9106).
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	saltSize     = 16
	hashSize     = 32
	longest      = 4 * maxPassword // bytes; no password that CheckPolicy lets through is longer
)

// HashPassword returns the password's Argon2id hash as a PHC string. It waits while two others are being hashed,
// until ctx ends. It does not judge the password: see CheckPolicy.
func (k *Keyring) HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	h := phc{memory: argonMemory, time: argonTime, threads: argonThreads, salt: salt}
	sum, err := k.hash(ctx, password, h, hashSize)
	if err != nil {
		return "", err
	}
	h.sum = sum
	return h.String(), nil
}

// CheckPassword reports whether the password is the one of the PHC string, in constant time, and whether it should be
// hashed again because the cost has changed. It returns an error if ctx ends or the string is not a PHC string of Argon2id.
func (k *Keyring) CheckPassword(ctx context.Context, stored, password string) (ok, rehash bool, err error) {
	h, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	sum, err := k.hash(ctx, password, h, len(h.sum))
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(sum, h.sum) == 1 && len(password) <= longest
	rehash = ok && (h.memory != argonMemory || h.time != argonTime || h.threads != argonThreads ||
		len(h.sum) != hashSize || len(h.salt) != saltSize)
	return ok, rehash, nil
}

// CheckNobody does the work of CheckPassword for an account that does not exist, so that the time taken does not tell
// which accounts exist. It returns an error only if ctx ends.
func (k *Keyring) CheckNobody(ctx context.Context, password string) error {
	h := phc{memory: argonMemory, time: argonTime, threads: argonThreads, salt: k.derive("nobody", saltSize)}
	_, err := k.hash(ctx, password, h, hashSize)
	return err
}

func (k *Keyring) hash(ctx context.Context, password string, h phc, n int) ([]byte, error) {
	if len(password) > longest { // nobody has such a password: do the usual work, not more
		password = ""
	}
	select {
	case k.hashing <- struct{}{}:
		defer func() { <-k.hashing }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait to hash a password: %w", err)
	}
	// NFKC: keyboards differ in how they write letters such as ŵ (NIST SP 800-63B 5.1.1.2).
	text := norm.NFKC.Bytes([]byte(password))
	return argon2.IDKey(text, h.salt, h.time, h.memory, h.threads, uint32(n)), nil
}

// phc is a password hash in the PHC string format.
type phc struct {
	memory, time uint32
	threads      uint8
	salt, sum    []byte
}

func (h phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.sum))
}

var errPHC = errors.New("seal: stored password hash is not an Argon2id PHC string within bounds")

func parsePHC(s string) (phc, error) {
	var h phc
	parts := strings.Split(s, "$") // "", argon2id, v=19, m=...,t=...,p=..., salt, sum
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil {
		return h, errPHC
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.sum, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	// Bounds keep an altered row from making us spend memory or from comparing against nothing.
	bounded := h.memory >= 8 && h.memory <= 256*1024 && h.time >= 1 && h.time <= 16 && h.threads >= 1 && h.threads <= 8
	if err1 != nil || err2 != nil || !bounded || len(h.salt) < 8 || len(h.salt) > 64 || len(h.sum) < 16 || len(h.sum) > 64 {
		return h, errPHC
	}
	return h, nil
}
