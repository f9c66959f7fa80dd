package store

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

var (
	firstWords  = sqlText(`update record_key set words = $2, rules = $3 where record_id = $1 and (words is null or (rules > 0 and rules < $3))`)
	setWords    = sqlText(`update record_key set words = $2, rules = $3 where record_id = $1`)
	widenWords  = sqlText(`update record_key set words = $2, rules = 0 where record_id = $1`)
	forgetWords = sqlText(`update record_key set words = null where record_id = $1 and words <> ''`)
	// The number stands in the text, not in an argument: only so the index of what is to be made fits.
	untagged = sqlText(fmt.Sprintf(`select record_id from record_key
where (words is null or (words <> '' and rules < %d)) and record_id > $1
order by record_id
limit $2`, consult.WordRules))
	// Fetching a million rows would cost several times what looking at them does: so a part of them comes as one text.
	taggedPart = sqlText(`
select coalesce(string_agg(record_id || ':' || words, ';'), '')
from record_key
where record_id >= $1 and record_id < $2 and words <> ''`)
)

// SetWordTags stores the tags of several keys; tags of other words that they replace leave no bytes. A key that was destroyed meanwhile is left out. Where older
// rules made the tags, the words are the same: those bytes go with the next erasure in the store, thus with the key itself.
func (s keyStore) SetWordTags(ctx context.Context, tags map[string]string) error {
	return s.d.submit(ctx, func(t *txn) error {
		for _, id := range slices.Sorted(maps.Keys(tags)) {
			first, err := t.exec(firstWords, id, tags[id], consult.WordRules)
			if err == nil && first == 0 {
				var again int64
				again, err = t.exec(setWords, id, tags[id], consult.WordRules)
				t.erased = t.erased || again > 0
			}
			if err != nil {
				return fmt.Errorf("store the tags of words: %w", err)
			}
		}
		return nil
	})
}

// WidenWordTags stores tags of more words than the text of a key has, while that is being changed: they are found, and Untagged lists the key until
// SetWordTags has stored those of the text.
func (s keyStore) WidenWordTags(ctx context.Context, recordID, tags string) error {
	return s.d.submit(ctx, func(t *txn) error {
		_, err := t.exec(widenWords, recordID, tags)
		return err
	})
}

// ForgetWordTags has the tags of a key made anew.
func (s keyStore) ForgetWordTags(ctx context.Context, recordID string) error {
	return s.d.submit(ctx, func(t *txn) error {
		_, err := t.exec(forgetWords, recordID)
		return err
	})
}

// Untagged lists up to limit keys after the one given whose tags were never made, or by older rules.
func (s keyStore) Untagged(ctx context.Context, after string, limit int) (ids []string, err error) {
	err = s.d.view(ctx, func(t *txn) error {
		found, err := list(t, "list keys without tags", func(row scanner) (*string, error) {
			var id string
			return &id, row.Scan(&id)
		}, untagged, after, limit)
		ids = values(found)
		return err
	})
	return ids, err
}

// taggedParts is into how many parts the keys are cut for reading: ids are random and begin with hex digits.
const taggedParts = 256

// taggedBounds returns where a part begins and ends. The first and the last take what does not begin like an id.
func taggedBounds(part int) (from, to string) {
	from, to = fmt.Sprintf("%02x", part), fmt.Sprintf("%02x", part+1)
	if part == 0 {
		from = ""
	}
	if part == taggedParts-1 {
		to = "\x7f" // after every letter and sign
	}
	return from, to
}

// FindTagged returns the records of whose tags in says yes, in the order of their ids, and how many it looked at. Tags of a key that is named after a record (its id, a
// dot, and more) belong to the record: in gets them as more. It reads with as many connections as there are processors, and holds no transaction for long.
func (s keyStore) FindTagged(ctx context.Context, in func(recordID, tags, more string) bool) (ids []string, looked int, err error) {
	var next atomic.Int64
	var group sync.WaitGroup
	var mu sync.Mutex
	for range min(runtime.NumCPU(), 4) {
		group.Go(func() {
			for part := next.Add(1) - 1; part < taggedParts; part = next.Add(1) - 1 {
				found, n, failed := s.findPart(ctx, int(part), in)
				mu.Lock()
				ids, looked = append(ids, found...), looked+n
				if failed != nil {
					err = failed
					next.Store(taggedParts)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if err != nil {
		return nil, 0, err
	}
	slices.Sort(ids)
	return ids, looked, nil
}

func (s keyStore) findPart(ctx context.Context, part int, in func(recordID, tags, more string) bool) (ids []string, looked int, err error) {
	var text string
	from, to := taggedBounds(part)
	err = s.d.view(ctx, func(t *txn) error { return t.row(taggedPart, []any{&text}, from, to) })
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, 0, fmt.Errorf("look for words: %w", err)
	}
	look := func(id, tags, more string) {
		looked++
		if in(id, tags, more) {
			ids = append(ids, strings.Clone(id)) // or it would keep the whole part in memory
		}
	}
	beside := besideIn(text)
	some := len(beside) > 0
	for record := range strings.SplitSeq(text, ";") {
		id, tags, ok := strings.Cut(record, ":")
		if !ok || some && strings.Contains(id, ".") {
			continue
		}
		more := beside[id]
		delete(beside, id)
		look(id, tags, more)
	}
	for id, more := range beside { // of records that have no others
		look(id, more, "")
	}
	return ids, looked, nil
}

// besideIn returns the tags of keys that are named after a record, by the id of that. Most texts have none, and there are no dots in tags.
func besideIn(text string) map[string]string {
	if !strings.Contains(text, ".") {
		return nil
	}
	out := map[string]string{}
	for record := range strings.SplitSeq(text, ";") {
		name, tags, _ := strings.Cut(record, ":")
		if id, _, named := strings.Cut(name, "."); named {
			out[id] += tags
		}
	}
	return out
}
