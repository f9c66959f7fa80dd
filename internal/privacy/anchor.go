package privacy

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/seal"
)

// LogAnchor says where a log ended when it was last verified. Signed and kept apart from the database it tells that the log was cut off, begun
// anew, or put back as it was before, even to somebody who cannot trust anything in the database (docs/decisions/0045-anchors.md). The
// chain hash of the last entry covers every entry before it.
type LogAnchor struct {
	Log    string    // AuditLog or ConsentLog
	Anchor           // its last verified entry; zero only where a log without entries was put back
	At     time.Time // when, UTC, whole seconds
	Since  time.Time // when the log was last put back from a backup, as it was recorded; zero: never. What is kept from before counts no more
	Before Anchor    // where it ended before that
}

const anchorTitle = "folkmoot-anchor "

var errAnchor = errors.New("this is no anchor of a log")

// String returns the text that is signed: six lines.
func (a LogAnchor) String() string {
	return fmt.Sprintf("%s%s\n%d\n%s\nat %s\nsince %s\nbefore %d %s\n", anchorTitle, a.Log, a.Sequence, a.Hash, stamp(a.At), stamp(a.Since), a.Before.Sequence, a.Before.Hash)
}

// ParseLogAnchor reads what String writes.
func ParseLogAnchor(text string) (LogAnchor, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 7 || len(text) > 500 {
		return LogAnchor{}, errAnchor
	}
	number, hash, _ := strings.Cut(strings.TrimPrefix(lines[5], "before "), " ")
	a := LogAnchor{Log: strings.TrimPrefix(lines[0], anchorTitle)}
	var bad [5]error
	a.Anchor, bad[0] = anchorOf(lines[1], lines[2])
	a.Before, bad[1] = anchorOf(number, hash)
	a.At, bad[2] = time.Parse(time.RFC3339, strings.TrimPrefix(lines[3], "at "))
	if since := strings.TrimPrefix(lines[4], "since "); since != "" {
		a.Since, bad[3] = time.Parse(time.RFC3339, since)
	}
	if a.String() != text { // one text for one anchor
		bad[4] = errAnchor
	}
	if errors.Join(bad[:]...) != nil || a.Log != AuditLog && a.Log != ConsentLog || a.At.IsZero() {
		return LogAnchor{}, errAnchor
	}
	return a, nil
}

func anchorOf(number, hash string) (Anchor, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 {
		return Anchor{}, errAnchor
	}
	if raw, err := hex.DecodeString(hash); err != nil || n == 0 && hash != "" || n > 0 && len(raw) != len(seal.Hash{}) {
		return Anchor{}, errAnchor
	}
	return Anchor{Sequence: n, Hash: hash}, nil
}

// Sign returns the anchor as a signed note.
func (a LogAnchor) Sign(keys *seal.Keyring) ([]byte, error) {
	return keys.SignNote(seal.AuditSigner, a.String())
}

// OpenLogAnchor returns what the signed note says of a log. seal.ErrSignature if the public key did not sign it; another error if what it signed
// is no anchor of that log.
func OpenLogAnchor(signed []byte, key, log string) (LogAnchor, error) {
	text, err := seal.OpenNote(signed, key)
	if err != nil {
		return LogAnchor{}, err
	}
	a, err := ParseLogAnchor(text)
	if err == nil && a.Log != log {
		err = errAnchor
	}
	return a, err
}
