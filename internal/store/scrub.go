package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"folkmoot/internal/fault"
)

// Erasing leaves no bytes. secure_delete overwrites the deleted record in the file; but its old pages still lie in the write-ahead
// log, emptied pages at the end of the file, and copies in the gaps of pages. So an erasure is answered only after an
// incremental vacuum, a checkpoint that truncates the log to nothing, and wiping the gaps.
//
// On PostgreSQL the old row version stays in the heap until vacuum, and in its log, archives and replicas for longer than we
// can see. There the promise rests on the sealing: what was sealed is unreadable at once, because its key was destroyed.

// scrubPatience is how long an erasure waits for readers that still use the log.
const scrubPatience = 10 * time.Second

// scrub hands erasures whose commit is durable to the scrubber, which answers them.
func (d *database) scrub(erased []*job) {
	if d.dialect == postgres {
		for _, j := range erased {
			j.reply(nil)
		}
		return
	}
	d.scrubs <- erased
}

// scrubLoop removes the bytes of erased records, for all erasures that wait at once.
func (d *database) scrubLoop() {
	defer close(d.scrubbed)
	for waiting := range d.scrubs {
		for more := true; more; {
			select {
			case next, ok := <-d.scrubs:
				waiting = append(waiting, next...)
				more = ok
			default:
				more = false
			}
		}
		err := d.scrubNow(context.Background())
		for _, j := range waiting {
			j.reply(err)
		}
	}
}

var errReadersHold = errors.New("readers hold the write-ahead log")

// scrubNow vacuums and truncates the log. fault.Unavailable (error.store.erasure_pending) means that the record is erased but
// older pages still lie in the log; the next erasure, checkpoint or start removes them.
func (d *database) scrubNow(ctx context.Context) error {
	if d.dialect == postgres {
		return nil
	}
	err := d.vacuum(ctx)
	if err == nil {
		err = d.patiently(func() error { return d.checkpoint(ctx) })
	}
	if err == nil {
		err = d.wipe(ctx)
	}
	if err != nil {
		return fault.Wrap(fmt.Errorf("scrub %s: %w", d.name, translate(err)), fault.Unavailable, keyPending)
	}
	return nil
}

// patiently tries again while readers hold the log.
func (d *database) patiently(try func() error) error {
	for end := time.Now().Add(scrubPatience); ; time.Sleep(5 * time.Millisecond) {
		if err := try(); !errors.Is(err, errReadersHold) || time.Now().After(end) {
			return err
		}
	}
}

// wipe wipes the gaps of pages in the file. The file is looked through while others write: a copy of an erased record that is anywhere
// is in the file now, since the log was just emptied, and copies do not spread to other pages. Only the wiping itself stops the writers.
func (d *database) wipe(ctx context.Context) error {
	info, err := d.file.Stat()
	if err != nil {
		return err
	}
	shape, err := readGeometry(d.file, info.Size())
	if err != nil {
		return err
	}
	slack, err := slackPages(d.file, shape)
	if err != nil || len(slack) == 0 {
		return err
	}
	return d.patiently(func() error { return d.wipePages(ctx, shape, slack) })
}

func (d *database) wipePages(ctx context.Context, shape geometry, slack []int64) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := d.checkpoint(ctx); err != nil {
		return err
	}
	for _, page := range slack {
		if err := wipeGap(d.file, shape, page); err != nil {
			return err
		}
	}
	d.reopen()
	return d.file.Sync()
}

// vacuum gives the free pages at the end of the file back. Every row has to be read: each frees one page.
func (d *database) vacuum(ctx context.Context) error {
	rows, err := d.writer.QueryContext(ctx, `pragma incremental_vacuum`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// checkpoint copies the log into the file and truncates it.
func (d *database) checkpoint(ctx context.Context) error {
	var busy, pages, copied int
	if err := d.keeper.QueryRowContext(ctx, `pragma wal_checkpoint(truncate)`).Scan(&busy, &pages, &copied); err != nil {
		return err
	}
	if busy != 0 {
		return errReadersHold
	}
	return nil
}
