package privacy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// auditLog makes a log of n entries.
func auditLog(n int) []privacy.AuditEvent {
	var out []privacy.AuditEvent
	prev := ""
	for i := range n {
		e := privacy.AuditEvent{Sequence: int64(i + 1), At: now, Actor: privacy.Actor{Kind: "staff", ID: "s1"}, Action: "results.see",
			Object: "consultation:<c1>", Detail: map[string]string{"n": fmt.Sprint(i)}}.Chain(prev)
		prev = e.Hash
		out = append(out, e)
	}
	return out
}

// rehash makes the chain whole again from an entry on, as somebody does who may write to the database and knows how the chain is made.
func rehash(log []privacy.AuditEvent, from int) []privacy.AuditEvent {
	prev := ""
	for i := range log {
		if i > 0 {
			prev = log[i-1].Hash
		}
		if i >= from {
			log[i].Sequence = int64(i + 1)
			log[i] = log[i].Chain(prev)
		}
	}
	return log
}

func headOf(t testing.TB, log []privacy.AuditEvent) seal.Head {
	t.Helper()
	w := privacy.NewWalk(privacy.AuditLog, nil, nil, nil)
	if err := each(log)(w.Audit); err != nil {
		t.Fatal(err)
	}
	return w.Head()
}

// TestWalkFindsWhatTheChainCannot is security.md 1, finding 11, and T9: edits, forks and cuts that leave a whole chain show against checkpoints.
func TestWalkFindsWhatTheChainCannot(t *testing.T) {
	heads := []seal.Head{headOf(t, auditLog(60)), headOf(t, auditLog(20)), headOf(t, auditLog(40))}
	anchor := privacy.Anchor{Sequence: 50, Hash: auditLog(50)[49].Hash}
	for _, test := range []struct {
		why     string
		change  func([]privacy.AuditEvent) []privacy.AuditEvent
		first   int64
		through int64
		vouched int64
		fault   privacy.ChainFault
	}{
		{"an edit that leaves the rest", func(l []privacy.AuditEvent) []privacy.AuditEvent { l[29].Action = "x"; return l }, 30, 0, 20, privacy.EntryAltered},
		{"an edit of the first entry", func(l []privacy.AuditEvent) []privacy.AuditEvent { l[0].Action = "x"; return l }, 1, 0, 0, privacy.EntryAltered},
		{"an edit, the rest hashed anew", func(l []privacy.AuditEvent) []privacy.AuditEvent { l[29].Action = "x"; return rehash(l, 29) },
			21, 40, 20, privacy.EntryRewritten},
		{"an edit after the last checkpoint but one, seen by what was seen before", func(l []privacy.AuditEvent) []privacy.AuditEvent {
			l[44].Action = "x"
			return rehash(l, 44)
		}, 41, 50, 40, privacy.EntryRewritten},
		{"one taken out, the rest renumbered and hashed anew", func(l []privacy.AuditEvent) []privacy.AuditEvent {
			return rehash(slices.Delete(l, 9, 10), 9)
		}, 1, 20, 0, privacy.EntryRewritten},
		{"two exchanged, hashed anew", func(l []privacy.AuditEvent) []privacy.AuditEvent {
			l[24], l[25] = l[25], l[24]
			return rehash(l, 24)
		}, 21, 40, 20, privacy.EntryRewritten},
		{"the end cut off", func(l []privacy.AuditEvent) []privacy.AuditEvent { return l[:55] }, 56, 60, 50, privacy.EntryCut},
		{"cut off and grown again", func(l []privacy.AuditEvent) []privacy.AuditEvent {
			for i := 55; i < len(l); i++ {
				l[i].Action = "x"
			}
			return rehash(l, 55)
		}, 51, 60, 50, privacy.EntryRewritten},
		{"everything cut off", func(l []privacy.AuditEvent) []privacy.AuditEvent { return nil }, 1, 60, 0, privacy.EntryCut},
	} {
		w := privacy.NewWalk(privacy.AuditLog, heads, []privacy.Anchor{anchor, {}}, nil)
		err := each(test.change(auditLog(70)))(w.Audit)
		if err == nil {
			err = w.Close()
		}
		var bad *privacy.ChainError
		if !errors.As(err, &bad) || bad.Sequence != test.first || bad.Through != test.through || bad.Vouched != test.vouched || bad.Fault != test.fault || bad.Log != "audit" {
			t.Errorf("%s: %+v", test.why, err)
		} else if !strings.Contains(bad.Error(), fmt.Sprint(test.first)) {
			t.Errorf("%s: %q does not name the entry", test.why, bad)
		}
	}
	blocks := 0
	w := privacy.NewWalk(privacy.AuditLog, append(heads, seal.Head{Log: "consent", Size: 3}), []privacy.Anchor{anchor}, func(n int64, _ seal.Hash) error {
		if n != int64(blocks) {
			t.Errorf("block %d, want %d", n, blocks)
		}
		blocks++
		return nil
	})
	log := auditLog(600)
	if err := errors.Join(each(log)(w.Audit), w.Close()); err != nil {
		t.Errorf("a log that only grew: %v", err)
	}
	if last, hash := w.End(); last != 600 || hash != log[599].Hash || blocks != 2 {
		t.Errorf("it ends at %d %s with %d blocks", last, hash, blocks)
	}
}

// A checkpoint of another history is found even beside one that agrees: the service showed two people two logs.
func TestWalkFindsAFork(t *testing.T) {
	ours := headOf(t, auditLog(20))
	theirs := ours
	theirs.Root[3] ^= 1
	w := privacy.NewWalk(privacy.AuditLog, []seal.Head{ours, theirs}, nil, nil)
	err := each(auditLog(30))(w.Audit)
	var bad *privacy.ChainError
	if !errors.As(err, &bad) || bad.Fault != privacy.EntryRewritten || bad.Sequence != 1 || bad.Through != 20 {
		t.Errorf("%v", err)
	}
}

func TestAuditFiles(t *testing.T) {
	log := auditLog(30)
	var file strings.Builder
	for _, e := range log {
		file.Write(e.Line())
	}
	i := 0
	err := privacy.ReadAuditLog(strings.NewReader(file.String()), func(e privacy.AuditEvent) error {
		if string(e.Line()) != string(log[i].Line()) || !e.At.Equal(log[i].At) {
			t.Errorf("entry %d: %+v", i+1, e)
		}
		i++
		return nil
	})
	if err != nil || i != 30 {
		t.Errorf("%d entries, %v", i, err)
	}
	if err := privacy.VerifyAuditChain(func(fn func(privacy.AuditEvent) error) error {
		return privacy.ReadAuditLog(strings.NewReader(file.String()), fn)
	}); err != nil {
		t.Errorf("written and read, the chain is broken: %v", err)
	}
	line := string(log[1].Line())
	for why, bad := range map[string]string{
		"an empty line":          "\n",
		"a field more":           strings.Replace(line, `"at"`, `"more":1,"at"`, 1),
		"a field twice":          strings.Replace(line, `"at"`, `"action":"x","at"`, 1),
		"another writing":        strings.Replace(line, `{"sequence":2`, `{"sequence": 2`, 1),
		"a time with a fraction": strings.Replace(line, `Z"`, `.5Z"`, 1),
		"half a line":            line[:len(line)/2],
		"two in a line":          strings.TrimSuffix(line, "\n") + line,
		"a line without end":     strings.Repeat("x", 100_000),
	} {
		err := privacy.ReadAuditLog(strings.NewReader(string(log[0].Line())+bad), func(privacy.AuditEvent) error { return nil })
		var wrong *privacy.LineError
		if !errors.As(err, &wrong) || wrong.Line != 2 {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// source is a log in memory.
type source []privacy.AuditEvent

func (s source) EntryHashes(first, count int64) (out []string, err error) {
	for _, e := range s[first-1 : first-1+count] {
		out = append(out, e.Hash)
	}
	return out, nil
}

func (s source) BlockHashes(first, count int64) (out []seal.Hash, err error) {
	tree := &seal.Tree{}
	for i, e := range s[:(first+count)*seal.BlockSize] {
		if err := tree.Add(e.Hash); err != nil {
			return nil, err
		}
		if b, ok := tree.Block(); ok && int64(i)/seal.BlockSize >= first {
			out = append(out, b)
		}
	}
	return out, nil
}

func TestProofTexts(t *testing.T) {
	keys, other := keyring(t, 1), keyring(t, 2)
	log := auditLog(600)
	older, newer := headOf(t, log[:300]), headOf(t, log)
	signed, err := keys.SignHead(newer)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := seal.ProveEntry(source(log), 600, 257)
	if err != nil {
		t.Fatal(err)
	}
	text := privacy.EntryProof{Entry: log[256], Proof: proof, Checkpoint: signed}.String()
	entry, _, err := privacy.ParseProof(text)
	if err != nil || entry.String() != text {
		t.Fatalf("%v\n%s", err, text)
	}
	key := keys.NoteKey(seal.AuditSigner)
	if head, err := entry.Check(key); err != nil || head != newer {
		t.Errorf("the entry: %v", err)
	}
	if _, err := entry.Check(other.NoteKey(seal.AuditSigner)); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("another council's key: %v", err)
	}
	for why, change := range map[string]func(*privacy.AuditEvent){
		"another action":                func(e *privacy.AuditEvent) { e.Action = "x" },
		"another action, hashed anew":   func(e *privacy.AuditEvent) { e.Action = "x"; *e = e.Chain(e.PrevHash) },
		"another number, hashed anew":   func(e *privacy.AuditEvent) { e.Sequence = 256; *e = e.Chain(e.PrevHash) },
		"a negative number":             func(e *privacy.AuditEvent) { e.Sequence = -1; *e = e.Chain(e.PrevHash) },
		"a number beyond the log's end": func(e *privacy.AuditEvent) { e.Sequence = 601; *e = e.Chain(e.PrevHash) },
	} {
		changed := *entry
		change(&changed.Entry)
		if _, err := changed.Check(key); !errors.Is(err, seal.ErrProof) {
			t.Errorf("%s: %v", why, err)
		}
	}
	hashes, err := seal.ProveGrowth(source(log), 300, 600)
	if err != nil {
		t.Fatal(err)
	}
	text = privacy.GrowthProof{Older: 300, Newer: 600, Proof: hashes}.String()
	_, growth, err := privacy.ParseProof(text)
	if err != nil || growth.String() != text || growth.Check(older, newer) != nil {
		t.Fatalf("growth: %v\n%s", err, text)
	}
	if err := growth.Check(headOf(t, log[:299]), newer); !errors.Is(err, seal.ErrProof) {
		t.Errorf("growth from another size: %v", err)
	}
	rewritten := older
	rewritten.Root[0] ^= 1
	if err := growth.Check(rewritten, newer); !errors.Is(err, seal.ErrProof) {
		t.Errorf("growth from another log: %v", err)
	}
}

func FuzzParseProof(f *testing.F) {
	log := auditLog(3)
	proof, err := seal.ProveEntry(source(log), 3, 2)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(privacy.EntryProof{Entry: log[1], Proof: proof, Checkpoint: []byte("x\n")}.String())
	f.Add(privacy.GrowthProof{Older: 1, Newer: 3, Proof: proof}.String())
	key := keyring(f, 1).NoteKey(seal.AuditSigner)
	f.Fuzz(func(t *testing.T, text string) {
		entry, growth, err := privacy.ParseProof(text)
		switch {
		case err != nil:
		case entry != nil:
			if entry.String() != text {
				t.Errorf("%q is read as %q", text, entry)
			}
			if _, err := entry.Check(key); err == nil {
				t.Error("nobody signed that")
			}
		case growth.String() != text:
			t.Errorf("%q is read as %q", text, growth)
		default:
			_ = growth.Check(seal.Head{Log: "audit", Size: growth.Older}, seal.Head{Log: "audit", Size: growth.Newer})
		}
	})
}

func FuzzParseAuditLine(f *testing.F) {
	for _, e := range auditLog(2) {
		f.Add(e.Line())
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := privacy.ParseAuditLine(line)
		if err == nil && string(e.Line()) != strings.TrimSuffix(string(line), "\n")+"\n" {
			t.Errorf("%q is read as %q", line, e.Line())
		}
	})
}
