package privacy

import (
	"cmp"
	"fmt"
	"slices"

	"folkmoot/internal/seal"
)

// The logs.
const (
	AuditLog   = "audit"   // what was done
	ConsentLog = "consent" // what people agreed to and refused
)

// ChainFault is what is wrong with an entry. The zero value is invalid.
type ChainFault string

// The faults. The first four show in the chain itself, the others only where something was kept beside it.
const (
	EntryMissing   ChainFault = "missing"   // another number was expected
	EntryUnlinked  ChainFault = "unlinked"  // it does not follow the entry before it
	EntryAltered   ChainFault = "altered"   // its hash is not that of what it says
	StatementWrong ChainFault = "statement" // the words shown are not those whose hash it has
	EntryRewritten ChainFault = "rewritten" // the chain is whole and not the one that was signed, or seen, before
	EntryCut       ChainFault = "cut"       // the log ends before what was signed, or seen, before
)

var faultTexts = map[ChainFault]string{
	EntryMissing: "is missing or out of order", EntryUnlinked: "does not follow the entry before it", EntryAltered: "was altered",
	StatementWrong: "has a statement that does not match its hash", EntryRewritten: "was rewritten", EntryCut: "was cut off",
}

// ChainError names the first bad entry of a log.
type ChainError struct {
	Log      string // consent, audit or certificate
	Sequence int64  // of the first entry that is wrong or missing
	Through  int64  // where larger than Sequence, the first bad entry is one from Sequence to Through: the hashes cannot tell which
	Vouched  int64  // something beside the chain vouches for the entries up to this one
	Fault    ChainFault
}

// Error returns the text for the log and the verifier.
func (e *ChainError) Error() string {
	if e.Through <= e.Sequence {
		return fmt.Sprintf("%s log: entry %d %s", e.Log, e.Sequence, faultTexts[e.Fault])
	}
	if e.Fault == EntryCut {
		return fmt.Sprintf("%s log: entries %d to %d were cut off", e.Log, e.Sequence, e.Through)
	}
	return fmt.Sprintf("%s log: one of the entries %d to %d %s", e.Log, e.Sequence, e.Through, faultTexts[e.Fault])
}

// Chain follows a log from entry to entry and compares each with its hash. That the end was cut off it cannot tell.
type Chain struct {
	log  string
	last int64
	hash string
}

// ChainFrom returns a chain that goes on after the entry with the number and hash; 0 and "" begin at the first entry.
func ChainFrom(log string, last int64, hash string) *Chain {
	return &Chain{log: log, last: last, hash: hash}
}

// Audit follows the chain to the next entry of the audit log. It returns a *ChainError if that is not the entry that was written.
func (c *Chain) Audit(e AuditEvent) error {
	return c.next(e.Sequence, e.PrevHash, e.Hash, e.canonical())
}

// Consent is Audit for the consent ledger.
func (c *Chain) Consent(e ConsentEvent) error {
	if shown := e.Statement != "" || e.StatementHash != ""; shown && seal.Digest(e.Statement) != e.StatementHash {
		return c.fail(StatementWrong)
	}
	return c.next(e.Sequence, e.PrevHash, e.Hash, e.canonical())
}

// End returns the number and the hash of the last good entry.
func (c *Chain) End() (last int64, hash string) { return c.last, c.hash }

// fail names the entry after the last good one.
func (c *Chain) fail(f ChainFault) error {
	return &ChainError{Log: c.log, Sequence: c.last + 1, Fault: f}
}

func (c *Chain) next(sequence int64, prev, hash string, canonical []byte) error {
	switch {
	case sequence != c.last+1:
		return c.fail(EntryMissing)
	case prev != c.hash:
		return c.fail(EntryUnlinked)
	case hash != seal.HashChain(prev, canonical):
		return c.fail(EntryAltered)
	}
	c.last, c.hash = sequence, hash
	return nil
}

// VerifyConsentChain checks a whole ledger against its hashes; each walks over it from entry 1 in order. It returns a
// *ChainError that names the first bad entry, or the error of the walk. That the end was cut off it cannot tell.
func VerifyConsentChain(each func(func(ConsentEvent) error) error) error {
	return each(ChainFrom(ConsentLog, 0, "").Consent)
}

// VerifyAuditChain checks a whole log as VerifyConsentChain checks a ledger.
func VerifyAuditChain(each func(func(AuditEvent) error) error) error {
	return each(ChainFrom(AuditLog, 0, "").Audit)
}

// Anchor is what somebody saw of a log before: the hash of one of its entries, which covers all before it.
type Anchor struct {
	Sequence int64
	Hash     string
}

// Walk checks a log from its first entry against its chain, and against the heads and anchors that were kept beside it: the only proof that
// nothing was rewritten as a whole, or cut off at the end.
type Walk struct {
	chain   *Chain
	tree    seal.Tree
	heads   []seal.Head // that are still to be met, by size
	anchors []Anchor    // that are still to be met, by number
	good    int64       // the last entry that something beside the chain vouches for
	block   func(number int64, block seal.Hash) error
}

// NewWalk begins a walk. Heads of another log are ignored. block is called with every whole block of the tree, counted from 0; nil for none.
func NewWalk(log string, heads []seal.Head, anchors []Anchor, block func(number int64, block seal.Hash) error) *Walk {
	w := &Walk{chain: ChainFrom(log, 0, ""), block: block}
	for _, h := range heads {
		if h.Log == log {
			w.heads = append(w.heads, h)
		}
	}
	for _, a := range anchors {
		if a.Sequence > 0 {
			w.anchors = append(w.anchors, a)
		}
	}
	slices.SortFunc(w.heads, func(a, b seal.Head) int { return cmp.Compare(a.Size, b.Size) })
	slices.SortFunc(w.anchors, func(a, b Anchor) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return w
}

// Audit goes on to the next entry of the audit log. It returns a *ChainError that names the first bad entry.
func (w *Walk) Audit(e AuditEvent) error {
	if err := w.chain.Audit(e); err != nil {
		return w.vouch(err)
	}
	return w.grow(e.Hash)
}

// Consent goes on to the next entry of the consent ledger.
func (w *Walk) Consent(e ConsentEvent) error {
	if err := w.chain.Consent(e); err != nil {
		return w.vouch(err)
	}
	return w.grow(e.Hash)
}

// vouch adds to what the chain found how far something beside it vouches.
func (w *Walk) vouch(err error) error {
	if bad, ok := err.(*ChainError); ok {
		bad.Vouched = w.good
	}
	return err
}

func (w *Walk) grow(hash string) error {
	if err := w.tree.Add(hash); err != nil {
		return err
	}
	last := w.tree.Size()
	bad := &ChainError{Log: w.chain.log, Sequence: w.good + 1, Through: last, Vouched: w.good, Fault: EntryRewritten}
	for ; len(w.heads) > 0 && w.heads[0].Size == last; w.heads = w.heads[1:] {
		if w.tree.Root() != w.heads[0].Root {
			return bad
		}
		w.good = last
	}
	for ; len(w.anchors) > 0 && w.anchors[0].Sequence == last; w.anchors = w.anchors[1:] {
		if hash != w.anchors[0].Hash {
			return bad
		}
		w.good = last
	}
	if b, whole := w.tree.Block(); whole && w.block != nil {
		return w.block(last/seal.BlockSize-1, b)
	}
	return nil
}

// Close ends the walk at the end of the log. It returns a *ChainError if something was kept of entries that are not there.
func (w *Walk) Close() error {
	through := int64(0)
	for _, h := range w.heads {
		through = max(through, h.Size)
	}
	for _, a := range w.anchors {
		through = max(through, a.Sequence)
	}
	if through == 0 {
		return nil
	}
	return &ChainError{Log: w.chain.log, Sequence: w.tree.Size() + 1, Through: through, Vouched: w.good, Fault: EntryCut}
}

// End returns the number and the hash of the last good entry.
func (w *Walk) End() (last int64, hash string) { return w.chain.End() }

// Head returns the head of the tree over all entries so far.
func (w *Walk) Head() seal.Head {
	return seal.Head{Log: w.chain.log, Size: w.tree.Size(), Root: w.tree.Root()}
}
