package store

import (
	"bytes"
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// keyStore implements consult.KeyStore.
type keyStore struct{ d *database }

// recordKey is a wrapped key as stored.
type recordKey struct {
	id      string
	wrapped []byte
}

func readKey(row scanner) (*recordKey, error) {
	var k recordKey
	return &k, row.Scan(&k.id, &k.wrapped)
}

var (
	keyByID  = sqlText(`select record_id, wrapped from record_key where record_id = $1`)
	keysByID = perEngine(
		`select record_id, wrapped from record_key where record_id in (select value from json_each($1))`,
		`select record_id, wrapped from record_key where record_id in (select json_array_elements_text($1::json))`)
	keyPage = sqlText(`select record_id, wrapped from record_key
where record_id > $1
order by record_id
limit $2`)
	putKey = sqlText(`
insert into record_key (record_id, wrapped, words, rules)
values ($1, $2, $3, $4)
on conflict do nothing`)
	destroyKey   = sqlText(`delete from record_key where record_id = $1`)
	destroyNamed = perEngine(
		`delete from record_key where record_id in (select value from json_each($1))`,
		`delete from record_key where record_id in (select json_array_elements_text($1::json))`)
	// What belongs to a record has its id, a dot, and more. A slash comes after a dot.
	destroyKeys = perEngine(`
delete from record_key
where record_id in (
	select value from json_each($1)
	union all
	select k.record_id from json_each($1) as gone cross join record_key as k where k.record_id > gone.value || '.' and k.record_id < gone.value || '/')`, `
delete from record_key
where record_id in (
	select json_array_elements_text($1::json)
	union all
	select k.record_id from json_array_elements_text($1::json) as gone(id) join record_key as k on k.record_id > gone.id || '.' and k.record_id < gone.id || '/')`)
)

// Key returns the wrapped key of the record. fault.NotFound if there is none, or it was destroyed.
func (s keyStore) Key(ctx context.Context, recordID string) (wrapped []byte, err error) {
	err = s.d.view(ctx, func(t *txn) error {
		k, err := one(t, "read a record key", readKey, keyByID, recordID)
		if err == nil {
			wrapped = k.wrapped
		}
		return err
	})
	return wrapped, err
}

// Keys returns the wrapped keys of those of the records that have one.
func (s keyStore) Keys(ctx context.Context, recordIDs []string) (map[string][]byte, error) {
	keys := make(map[string][]byte, len(recordIDs))
	err := s.d.view(ctx, func(t *txn) error {
		for len(recordIDs) > 0 {
			n := min(len(recordIDs), pageSize)
			found, err := list(t, "read record keys", readKey, keysByID, document{recordIDs[:n]})
			if err != nil {
				return err
			}
			for _, k := range found {
				keys[k.id] = k.wrapped
			}
			recordIDs = recordIDs[n:]
		}
		return nil
	})
	return keys, err
}

// EveryKey calls fn with the id of every record that has a key, in order, to find what a crash left.
func (s keyStore) EveryKey(ctx context.Context, fn func(recordID string) error) error {
	return s.d.view(ctx, func(t *txn) error {
		return each(func(last *recordKey) ([]*recordKey, error) {
			after := ""
			if last != nil {
				after = last.id
			}
			return list(t, "read record keys", readKey, keyPage, after, pageSize)
		}, func(k *recordKey) error { return fn(k.id) })
	})
}

// PutKey stores the wrapped key of a record without text. Storing equal bytes again is no error; fault.Conflict for other bytes.
func (s keyStore) PutKey(ctx context.Context, recordID string, wrapped []byte) error {
	return s.PutTextKey(ctx, recordID, wrapped, "")
}

// PutTextKey stores the wrapped key of a record with the tags of the words of its text. Storing an equal key again is no error and leaves the tags;
// fault.Conflict for another key.
func (s keyStore) PutTextKey(ctx context.Context, recordID string, wrapped []byte, tags string) error {
	return s.d.submit(ctx, func(t *txn) error {
		err := t.insert("store a record key", putKey, recordID, notNil(wrapped), tags, consult.WordRules)
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		stored, readErr := one(t, "read a record key", readKey, keyByID, recordID)
		if readErr != nil {
			return fmt.Errorf("store a record key: %w", readErr)
		}
		if bytes.Equal(stored.wrapped, wrapped) {
			return nil
		}
		return err
	})
}

// DestroyKey erases the key and returns when no byte of it is left. Destroying what is not there is no error.
func (s keyStore) DestroyKey(ctx context.Context, recordID string) error {
	return s.d.submit(ctx, func(t *txn) error { return t.erase("destroy a record key", destroyKey, recordID) })
}

// DestroyKeys erases the keys, and with them those whose name is one of theirs, a dot and more, in one transaction, and returns when no byte of them is left.
func (s keyStore) DestroyKeys(ctx context.Context, recordIDs []string) error {
	if len(recordIDs) == 0 {
		return nil
	}
	return s.d.submit(ctx, func(t *txn) error { return t.erase("destroy record keys", destroyKeys, document{recordIDs}) })
}

// DestroyNamed erases the keys with these names and no other, in one transaction, and returns when no byte of them is left.
func (s keyStore) DestroyNamed(ctx context.Context, recordIDs []string) error {
	if len(recordIDs) == 0 {
		return nil
	}
	return s.d.submit(ctx, func(t *txn) error { return t.erase("destroy record keys", destroyNamed, document{recordIDs}) })
}
