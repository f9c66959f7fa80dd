package main

import (
	"context"
	"errors"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
)

// placeNames say where anchors are kept.
var placeNames = map[consult.PlaceName]string{consult.KeyStorePlace: "the key store", consult.FilePlace: "the anchor file"}

// anchors opens the places outside the main database that say where the logs ended. Somebody who may read the main database may not always read
// the key store: then it says that this one was not asked.
func (s storage) anchors(ctx context.Context, v *verification) ([]consult.AnchorReader, func() error, error) {
	file := store.AnchorFile(s.anchorFile())
	if s.DatabaseURL == "" {
		keys, closeKeys, err := store.OpenSQLiteAnchor(ctx, s.Data)
		return []consult.AnchorReader{keys, file}, closeKeys, err
	}
	url := s.KeysURL
	if url == "" {
		url = s.DatabaseURL
	}
	keys, closeKeys, err := store.OpenPostgresAnchor(ctx, url)
	if err != nil {
		v.say("the anchors in the key store were NOT compared: %s", inEnglish(err))
		return []consult.AnchorReader{file}, func() error { return nil }, nil
	}
	return []consult.AnchorReader{keys, file}, closeKeys, nil
}

// anchors says of each place whether the log is the one that was anchored there.
func (v *verification) anchors(log string, held []consult.HeldAnchor, bad *privacy.ChainError) {
	for _, h := range held {
		name := placeNames[h.Place]
		switch {
		case h.Note == nil:
			v.say("%s log: nothing is anchored in %s", log, name)
		case h.Spoiled():
			v.bad("%s log: the anchor in %s is NOT signed by this key", log, name)
		case h.Past:
			v.say("%s log: the anchor in %s is from before a backup was put back", log, name)
		case bad == nil || h.Says.Sequence < bad.Sequence:
			v.say("%s log: the anchor in %s, of %s on %s, agrees", log, name, count(h.Says.Sequence, "entry"), h.Says.At.Format(time.RFC3339))
		default:
			v.bad("%s log: the anchor in %s counts %s on %s, and the log is NOT that one", log, name, count(h.Says.Sequence, "entry"), h.Says.At.Format(time.RFC3339))
		}
	}
}

type restoredAuditCommand struct {
	storage
	Apply bool `help:"Record it."`
}

// Run compares the logs with their anchors and, with --apply, records what a backup that was put back has lost.
func (c restoredAuditCommand) Run(ctx context.Context, s *surroundings) error {
	db, err := c.open(ctx, false)
	if err != nil {
		return cannot(s, "%s", inEnglish(err))
	}
	defer func() { _ = db.Close() }()
	keys, err := c.keyring(ctx, db, false)
	if err != nil {
		return cannot(s, "%s", inEnglish(err))
	}
	svc := service(db, keys, false, "")
	svc.Anchor = store.AnchorFile(c.anchorFile())
	if err := svc.CheckKey(ctx); err != nil {
		return cannot(s, "%s", inEnglish(err))
	}
	v := &verification{s: s}
	found, err := svc.Discontinuities(ctx)
	if err == nil && c.Apply {
		found, err = svc.RecordRestore(ctx, privacy.Actor{Kind: "system"})
	}
	var bad *privacy.ChainError
	if errors.As(err, &bad) {
		v.result(bad.Log, 0, bad)
		v.say("this is no log that was put back as it was: find out first what happened to it. Nothing was recorded")
		return errFound
	}
	if err != nil {
		return err
	}
	for _, d := range found {
		v.say("%s log: it has %s; on %s it had %s, and is not that one any more", d.Log, count(d.Kept, "entry"), d.At.Format(time.RFC3339), count(d.Before.Sequence, "entry"))
	}
	switch {
	case len(found) == 0:
		v.say("both logs are the ones that were anchored: there is nothing to record")
	case c.Apply:
		v.say("recorded, in the audit log and in the anchors")
	default:
		v.say("nothing was recorded. If a backup was put back on purpose, run this again with --apply")
	}
	return nil
}
