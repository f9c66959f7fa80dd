package privacy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"folkmoot/internal/seal"
)

// auditLine is an entry as a file has it.
type auditLine struct {
	Sequence  int64             `json:"sequence"`
	At        string            `json:"at"` // UTC
	ActorKind string            `json:"actor_kind"`
	ActorID   string            `json:"actor_id"`
	Action    string            `json:"action"`
	Object    string            `json:"object"`
	Detail    map[string]string `json:"detail,omitempty"`
	PrevHash  string            `json:"prev_hash"`
	Hash      string            `json:"hash"`
}

// Line returns the entry as one line of JSON with its line feed. A log is a file of such lines.
func (e AuditEvent) Line() []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(auditLine{e.Sequence, stamp(e.At), e.Actor.Kind, e.Actor.ID, e.Action, e.Object, e.Detail, e.PrevHash, e.Hash}) // of texts: never fails
	return out.Bytes()
}

// LineError says that a line of a file is no entry.
type LineError struct{ Line int }

// Error names the line and repeats nothing of it.
func (e *LineError) Error() string { return fmt.Sprintf("line %d is no entry of an audit log", e.Line) }

// maxLine is more than any entry needs.
const maxLine = 1 << 16

// ParseAuditLine reads what Line writes, exactly: what an entry says must not depend on who reads it.
func ParseAuditLine(line []byte) (AuditEvent, error) {
	var l auditLine
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	bad := &LineError{1}
	if err := d.Decode(&l); err != nil {
		return AuditEvent{}, bad
	}
	at, err := time.Parse(time.RFC3339, l.At)
	if err != nil {
		return AuditEvent{}, bad
	}
	e := AuditEvent{l.Sequence, at.UTC(), Actor{l.ActorKind, l.ActorID}, l.Action, l.Object, l.Detail, l.PrevHash, l.Hash}
	if !bytes.Equal(bytes.TrimSuffix(e.Line(), []byte("\n")), bytes.TrimSuffix(line, []byte("\n"))) {
		return AuditEvent{}, bad
	}
	return e, nil
}

// ReadAuditLog calls fn for every entry of a file of lines. It returns a *LineError for a line that is none, or the error of fn.
func ReadAuditLog(r io.Reader, fn func(AuditEvent) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 4096), maxLine)
	n := 0
	for lines.Scan() {
		n++
		e, err := ParseAuditLine(lines.Bytes())
		if err != nil {
			return &LineError{n}
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return &LineError{n + 1}
	}
	return lines.Err()
}

// Headings of the two sorts of proof.
const (
	entryHeading  = "folkmoot proof of an entry"
	growthHeading = "folkmoot proof of growth"
)

// EntryProof shows to anybody who has the council's key that an entry is in the log, without the rest of the log.
type EntryProof struct {
	Entry      AuditEvent
	Proof      seal.Proof
	Checkpoint []byte // signed
}

// String writes the proof as a text: a heading, the entry, the hashes, an empty line, the checkpoint.
func (p EntryProof) String() string {
	lines := append([]string{entryHeading, strings.TrimSuffix(string(p.Entry.Line()), "\n")}, p.Proof.Lines()...)
	return strings.Join(lines, "\n") + "\n\n" + string(p.Checkpoint)
}

// GrowthProof shows to anybody who kept two checkpoints that the newer log only adds to the older: nothing was changed or taken out.
type GrowthProof struct {
	Older, Newer int64 // entries
	Proof        seal.Proof
}

// String writes the proof as a text: a heading, both sizes, the hashes.
func (p GrowthProof) String() string {
	return strings.Join(append([]string{growthHeading, fmt.Sprint(p.Older), fmt.Sprint(p.Newer)}, p.Proof.Lines()...), "\n") + "\n"
}

var errProofText = errors.New("this is no proof")

// ParseProof reads either sort of proof; the other result is nil.
func ParseProof(text string) (*EntryProof, *GrowthProof, error) {
	if len(text) > maxLine {
		return nil, nil, errProofText
	}
	heading, rest, _ := strings.Cut(text, "\n")
	switch heading {
	case entryHeading:
		body, checkpoint, ok := strings.Cut(rest, "\n\n")
		lines := strings.Split(body, "\n")
		entry, err := ParseAuditLine([]byte(lines[0]))
		if err != nil || !ok {
			return nil, nil, errProofText
		}
		proof, err := seal.ParseProof(lines[1:])
		if err != nil {
			return nil, nil, errProofText
		}
		return &EntryProof{entry, proof, []byte(checkpoint)}, nil, nil
	case growthHeading:
		lines := strings.Split(strings.TrimSuffix(rest, "\n"), "\n")
		p := &GrowthProof{}
		if len(lines) < 2 {
			return nil, nil, errProofText
		}
		if _, err := fmt.Sscanf(lines[0]+" "+lines[1], "%d %d", &p.Older, &p.Newer); err != nil {
			return nil, nil, errProofText
		}
		var err error
		if p.Proof, err = seal.ParseProof(lines[2:]); err != nil || p.String() != text {
			return nil, nil, errProofText
		}
		return nil, p, nil
	}
	return nil, nil, errProofText
}

// Check returns seal.ErrProof unless the entry is unchanged and in the log of the checkpoint, and seal.ErrSignature if the key did not sign that.
func (p *EntryProof) Check(key string) (seal.Head, error) {
	head, err := seal.OpenHead(p.Checkpoint, key)
	if err != nil {
		return head, err
	}
	if head.Log != AuditLog || p.Entry.Chain(p.Entry.PrevHash).Hash != p.Entry.Hash {
		return head, seal.ErrProof
	}
	return head, seal.CheckEntry(p.Proof, head, p.Entry.Sequence, p.Entry.Hash)
}

// Check returns seal.ErrProof unless the proof shows that newer only adds to older.
func (p *GrowthProof) Check(older, newer seal.Head) error {
	if older.Size != p.Older || newer.Size != p.Newer {
		return seal.ErrProof
	}
	return seal.CheckGrowth(p.Proof, older, newer)
}
