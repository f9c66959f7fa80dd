package store

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

var (
	addErasure = sqlText(`
insert into erasure_pending (id, sealed)
values ($1, $2)
on conflict do nothing`)
	pendingErasures = sqlText(`select id, sealed from erasure_pending order by id limit $1`)
	settleErasures  = perEngine(
		`delete from erasure_pending where id in (select value from json_each($1))`,
		`delete from erasure_pending where id in (select json_array_elements_text($1::json))`)
	putListHead = sqlText(`
insert into erasure_list (list, entries, hash)
values ($1, $2, $3)
on conflict (list) do update
set entries = excluded.entries, hash = excluded.hash
where excluded.entries >= erasure_list.entries`)
	acceptListHead = sqlText(`
insert into erasure_list (list, entries, hash)
values ($1, $2, $3)
on conflict (list) do update
set entries = excluded.entries, hash = excluded.hash`)
	listHead   = sqlText(`select entries, hash from erasure_list where list = $1`)
	otherLists = sqlText(`select count(*) from erasure_list where list <> $1`)
)

// AddErasure notes for the list what the transaction erases.
func (w *writer) AddErasure(e consult.PendingErasure) error {
	return w.insert("note an erasure", addErasure, e.ID, notNil(e.Sealed))
}

// Erasures is the part of the store that knows how far the list of erasures is.
func (db *DB) Erasures() consult.ErasureStore { return erasures{db.main} }

// erasures implements consult.ErasureStore.
type erasures struct{ d *database }

// Add notes what is going to be erased.
func (s erasures) Add(ctx context.Context, e consult.PendingErasure) error {
	return s.d.submit(ctx, func(t *txn) error {
		return t.insert("note an erasure", addErasure, e.ID, notNil(e.Sealed))
	})
}

// Pending lists some of what does not stand in a list yet.
func (s erasures) Pending(ctx context.Context, limit int) (out []consult.PendingErasure, err error) {
	return out, s.d.view(ctx, func(t *txn) error {
		found, err := list(t, "read erasures", func(row scanner) (*consult.PendingErasure, error) {
			var e consult.PendingErasure
			return &e, row.Scan(&e.ID, &e.Sealed)
		}, pendingErasures, limit)
		out = values(found)
		return err
	})
}

// Settle notes how far a list is, and forgets what stands in it.
func (s erasures) Settle(ctx context.Context, head consult.ListHead, ids []string) error {
	return s.d.submit(ctx, func(t *txn) error {
		if len(ids) > 0 {
			if _, err := t.exec(settleErasures, document{ids}); err != nil {
				return fmt.Errorf("settle erasures: %w", err)
			}
		}
		if _, err := t.exec(putListHead, head.List, head.Entries, head.Hash); err != nil {
			return fmt.Errorf("settle erasures: %w", err)
		}
		return nil
	})
}

// Accept notes how far a list is, even if it was further before.
func (s erasures) Accept(ctx context.Context, head consult.ListHead) error {
	return s.d.submit(ctx, func(t *txn) error {
		if _, err := t.exec(acceptListHead, head.List, head.Entries, head.Hash); err != nil {
			return fmt.Errorf("accept a list of erasures: %w", err)
		}
		return nil
	})
}

// Known returns how far the database knows a list, and how many others it knows.
func (s erasures) Known(ctx context.Context, name string) (head consult.ListHead, others int, err error) {
	err = s.d.view(ctx, func(t *txn) error {
		if err := t.row(otherLists, []any{&others}, name); err != nil {
			return fmt.Errorf("count lists of erasures: %w", err)
		}
		head = consult.ListHead{}
		err := t.row(listHead, []any{&head.Entries, &head.Hash}, name)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read how far the list of erasures is: %w", err)
		}
		head.List = name
		return nil
	})
	return head, others, err
}
