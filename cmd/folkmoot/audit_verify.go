package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

type verifyAuditCommand struct {
	storage
	File       string   `type:"existingfile" placeholder:"LOG.jsonl" help:"Check a log that was exported, without the database."`
	Checkpoint []string `type:"existingfile" placeholder:"FILE" help:"A checkpoint that somebody kept: nothing before it may have been changed or cut off since. May be given several times."`
	Proof      []string `type:"existingfile" placeholder:"FILE" help:"Check a proof, without the database: of an entry, or that the log of one checkpoint only adds to that of another."`
	Key        string   `type:"existingfile" help:"The council's public key, from /audit/key.txt on its website. Default: the one of the master key."`
}

// copied is a checkpoint that was given in a file.
type copied struct {
	file string
	head seal.Head
}

// Run says of everything that was given whether it is sound. It returns errFound if something is not.
func (c verifyAuditCommand) Run(ctx context.Context, s *surroundings) error {
	key, err := c.publicKey(ctx, s)
	if err != nil {
		return err
	}
	v := &verification{s: s}
	for _, file := range c.Checkpoint {
		if err := v.copy(file, key); err != nil {
			return err
		}
	}
	switch {
	case len(c.Proof) > 0:
		err = v.proofs(c.Proof, key)
	case c.File != "":
		err = v.file(c.File)
	default:
		err = v.database(ctx, c.storage, key)
	}
	if err != nil {
		return err
	}
	if v.found {
		return errFound
	}
	return nil
}

func (c verifyAuditCommand) publicKey(ctx context.Context, s *surroundings) (string, error) {
	if c.Key != "" {
		raw, err := os.ReadFile(c.Key)
		if err != nil {
			return "", cannot(s, "%v", err)
		}
		return string(raw), nil
	}
	if c.File != "" || len(c.Proof) > 0 {
		return "", cannot(s, "name the council's public key with --key; it is at /audit/key.txt on its website")
	}
	keys, err := c.keyring(ctx, nil, false)
	if err != nil {
		return "", cannot(s, "%s; or name the public key with --key", inEnglish(err))
	}
	return keys.NoteKey(seal.AuditSigner), nil
}

// verification says what is found.
type verification struct {
	s      *surroundings
	copies []copied
	found  bool
}

func (v *verification) say(format string, args ...any) {
	_, _ = fmt.Fprintf(v.s.out, format+"\n", args...)
}

func (v *verification) bad(format string, args ...any) {
	v.found = true
	v.say(format, args...)
}

// copy reads a checkpoint that somebody kept.
func (v *verification) copy(file, key string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return cannot(v.s, "%v", err)
	}
	head, err := seal.OpenHead(raw, key)
	switch {
	case errors.Is(err, seal.ErrSignature):
		v.bad("checkpoint %s: NOT signed by this key, or changed since", file)
	case err != nil:
		return cannot(v.s, "%s is no checkpoint", file)
	default:
		v.copies = append(v.copies, copied{file, head})
	}
	return nil
}

func (v *verification) heads() (out []seal.Head) {
	for _, c := range v.copies {
		out = append(out, c.head)
	}
	return out
}

// database checks both logs where they lie.
func (v *verification) database(ctx context.Context, place storage, key string) error {
	r, closeAll, err := place.logs(ctx)
	if err != nil {
		return cannot(v.s, "%s", inEnglish(err))
	}
	defer func() { _ = closeAll() }()
	places, closePlaces, err := place.anchors(ctx, v)
	if err != nil {
		return cannot(v.s, "%s", inEnglish(err))
	}
	defer func() { _ = closePlaces() }()
	for _, log := range consult.Logs() {
		held, err := consult.HeldAnchors(ctx, places, log, key) // before the end of the log is looked for: the service may run
		if err != nil {
			return cannot(v.s, "%s", inEnglish(err))
		}
		found, err := consult.VerifyLog(ctx, r, log, key, v.heads(), consult.Bounds(held))
		if err != nil {
			return cannot(v.s, "%s", inEnglish(err))
		}
		v.result(found.Log, found.Entries, found.Bad)
		v.anchors(log, held, found.Bad)
		kept := found.Checkpoints
		for _, c := range v.copies {
			if c.head.Log == log && (found.Bad == nil || c.head.Size < found.Bad.Sequence) {
				kept--
			}
		}
		v.say("%s log: %s in the database agree", log, count(int64(kept), "checkpoint"))
		for _, c := range found.Unsigned {
			v.bad("%s log: the checkpoint of %s in the database is NOT signed by this key", log, count(c.Size, "entry"))
		}
		if found.Blocks {
			v.bad("%s log: the tree in the database is NOT that of the entries; the entries themselves are judged above", log)
		}
		v.judge(log, found.Bad)
	}
	return nil
}

// file checks an exported audit log.
func (v *verification) file(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return cannot(v.s, "%v", err)
	}
	defer func() { _ = file.Close() }()
	walk := privacy.NewWalk(privacy.AuditLog, v.heads(), nil, nil)
	if err = privacy.ReadAuditLog(file, walk.Audit); err == nil {
		err = walk.Close()
	}
	var bad *privacy.ChainError
	if err != nil && !errors.As(err, &bad) {
		return cannot(v.s, "%s: %v", name, err)
	}
	last, _ := walk.End()
	v.result(privacy.AuditLog, last, bad)
	if len(v.copies) == 0 {
		v.say("no checkpoint was given: that the end was cut off, or everything rewritten, would not show")
	}
	v.judge(privacy.AuditLog, bad)
	for _, c := range v.copies {
		if c.head.Log != privacy.AuditLog {
			return cannot(v.s, "%s is of another log than %s", c.file, name)
		}
	}
	return nil
}

// meanings say what a fault means to somebody who reads it for the first time.
var meanings = map[privacy.ChainFault]string{
	privacy.EntryAltered:   "What it says is not what was written: somebody changed it in the database, or the storage is damaged.",
	privacy.EntryUnlinked:  "Entries were put in, exchanged or rewritten here.",
	privacy.EntryMissing:   "Entries were taken out, put in or exchanged here.",
	privacy.StatementWrong: "The words that people agreed to were changed after they agreed.",
	privacy.EntryRewritten: "The hashes fit, but they are not those that were signed: entries were changed and everything after them hashed anew.",
	privacy.EntryCut:       "The end of the log was removed, or an older copy of the database was put back. If somebody put a backup back: folkmoot audit restored.",
}

// result says how far a log is sound.
func (v *verification) result(log string, entries int64, bad *privacy.ChainError) {
	if bad == nil {
		v.say("%s log: %s, each follows the one before it", log, count(entries, "entry"))
		return
	}
	v.bad("%s log: FIRST BAD ENTRY %d: %s", log, bad.Sequence, bad)
	v.say("  %s", meanings[bad.Fault])
	if bad.Vouched > 0 {
		v.say("  Checkpoints vouch for entries 1 to %d.", bad.Vouched)
	}
}

// judge says of each copy of a checkpoint whether the log is still the one that it vouches for.
func (v *verification) judge(log string, bad *privacy.ChainError) {
	for _, c := range v.copies {
		switch {
		case c.head.Log != log:
		case bad == nil || c.head.Size < bad.Sequence:
			v.say("checkpoint %s: its %s are as they were when it was signed", c.file, count(c.head.Size, "entry"))
		case bad.Fault == privacy.EntryCut:
			v.bad("checkpoint %s: it counts %s, and the log does NOT have them", c.file, count(c.head.Size, "entry"))
		default:
			v.bad("checkpoint %s: its %s are NOT as they were when it was signed", c.file, count(c.head.Size, "entry"))
		}
	}
}

// proofs checks proofs. A proof of growth needs both checkpoints.
func (v *verification) proofs(files []string, key string) error {
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return cannot(v.s, "%v", err)
		}
		entry, growth, err := privacy.ParseProof(string(raw))
		switch {
		case err != nil:
			return cannot(v.s, "%s is no proof", file)
		case entry != nil:
			head, err := entry.Check(key)
			if err != nil {
				v.bad("proof %s: it does NOT hold: %v", file, err)
				continue
			}
			v.say("proof %s: entry %d is in the audit log of the checkpoint of %s, unchanged", file, entry.Entry.Sequence, count(head.Size, "entry"))
		default:
			if err := v.growth(file, growth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *verification) growth(file string, p *privacy.GrowthProof) error {
	var older, newer *seal.Head
	for _, c := range v.copies {
		if c.head.Size == p.Older {
			older = &c.head
		}
		if c.head.Size == p.Newer {
			newer = &c.head
		}
	}
	if older == nil || newer == nil {
		return cannot(v.s, "%s needs the checkpoints of %d and %d entries: name both with --checkpoint", file, p.Older, p.Newer)
	}
	if err := p.Check(*older, *newer); err != nil {
		v.bad("proof %s: it does NOT show that the log of %d entries only adds to that of %d", file, p.Newer, p.Older)
		return nil
	}
	v.say("proof %s: the log of %d entries only adds to that of %d: nothing before was changed or taken out", file, p.Newer, p.Older)
	return nil
}

// count writes a number of things in English.
func count(n int64, of string) string {
	if n == 1 {
		return "1 " + of
	}
	if of == "entry" {
		of = "entrie"
	}
	return locale.Number(n) + " " + of + "s"
}
