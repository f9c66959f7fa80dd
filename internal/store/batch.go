package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Group commit. A commit costs a flush to the disk, however many writes it holds; so the writes that wait while one commit is
// on its way share the next. Each runs in a savepoint of its own and is answered only after the commit that holds it is
// durable. One goroutine for each database does all its writing, in both engines.
const (
	batchLimit = 256  // writes that share one commit
	queueLimit = 1024 // writes that may wait; more are refused with fault.Unavailable
	runLimit   = 5    // times that a batch is run again after a serialization failure, then each write alone
)

// The states of a job.
const (
	jobWaiting int32 = iota
	jobBegun         // it will be run to its end, whatever its caller does
	jobLeft          // its caller gave up before it began
)

// job is one caller's write.
type job struct {
	fn     func(*txn) error
	state  atomic.Int32
	answer chan error // one answer, buffered
	err    error      // of fn, until the batch is committed
	erased bool
}

// errGone is the answer to a write whose function ended the writer's goroutine.
var errGone = errors.New("the function of a write ended its goroutine")

// submit queues fn and waits until the commit that holds it is durable, or fn or the commit failed. ctx counts while it waits
// in the queue; once begun it is finished.
func (d *database) submit(ctx context.Context, fn func(*txn) error) error {
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	j := &job{fn: fn, answer: make(chan error, 1)}
	if err := d.enqueue(j); err != nil {
		return err
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobLeft) {
			return unavailable(ctx.Err())
		}
		return <-j.answer
	}
}

func (d *database) enqueue(j *job) error {
	d.gate.RLock()
	defer d.gate.RUnlock()
	if d.closed {
		return unavailable(errors.New("the store is closed"))
	}
	select {
	case d.queue <- j:
		return nil
	default:
		return unavailable(errors.New("too many writes are waiting"))
	}
}

// writeLoop is the one writer of the database, until the queue is closed.
func (d *database) writeLoop() {
	var batch []*job
	finished := false
	defer func() {
		if finished {
			close(d.stopped)
			return
		}
		for _, j := range batch { // fn called runtime.Goexit: nothing of the batch was committed
			j.reply(errGone)
		}
		go d.writeLoop()
	}()
	for first := range d.queue {
		runtime.Gosched() // the callers who were just answered bring their next writes: let them join
		batch = d.collect(append(batch[:0], first))
		d.runBatch(batch)
	}
	finished = true
}

// collect adds what else is waiting.
func (d *database) collect(batch []*job) []*job {
	for len(batch) < batchLimit {
		select {
		case j, ok := <-d.queue:
			if !ok {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// runBatch runs and answers the batch. If it cannot be committed as a whole because of one of its parts, each part is tried
// alone, so that one write that is too large for the disk does not take the others with it.
func (d *database) runBatch(batch []*job) {
	begun := batch[:0:len(batch)]
	for _, j := range batch {
		if j.state.CompareAndSwap(jobWaiting, jobBegun) {
			begun = append(begun, j)
		}
	}
	if len(begun) == 0 {
		return
	}
	err := d.attempt(begun)
	if err == nil || len(begun) == 1 || !mayFitAlone(err) {
		d.answer(begun, err)
		return
	}
	for i := range begun {
		if err == nil || mayFitAlone(err) {
			err = d.attempt(begun[i : i+1])
		}
		d.answer(begun[i:i+1], err)
	}
}

// mayFitAlone reports whether parts of a failed batch may succeed alone: when the batch broke on its way, not when the database
// could not be reached or locked in the first place, nor when the outcome of a commit is unknown.
func mayFitAlone(err error) bool {
	var broken *brokenError
	return isRetry(err) || errors.As(err, &broken)
}

// brokenError is a failure that ended a transaction after it had begun; nothing of it was stored.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// answer tells each caller the outcome of its own function, or err if the batch was not committed.
func (d *database) answer(batch []*job, err error) {
	var erased []*job
	for _, j := range batch {
		switch {
		case err != nil:
			j.reply(unavailable(err))
		case j.err == nil && j.erased:
			erased = append(erased, j)
		default:
			j.reply(j.err)
		}
	}
	if len(erased) > 0 {
		d.scrub(erased)
	}
}

func (j *job) reply(err error) {
	select {
	case j.answer <- err:
	default: // answered already
	}
}

// attempt runs the batch in one transaction, again if it has to give way to another instance's.
func (d *database) attempt(batch []*job) error {
	for n := 1; ; n++ {
		err := d.transact(batch)
		if err == nil || !isRetry(err) || n == runLimit {
			return err
		}
		time.Sleep(time.Duration(n*n) * time.Millisecond)
	}
}

// transact runs the batch once. An error means that nothing of it was stored.
func (d *database) transact(batch []*job) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	ctx, cancel := d.batchContext()
	defer cancel()
	tx, err := d.begin(ctx)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing; it ends the transaction if fn ended the goroutine
	if err := d.runParts(ctx, tx, batch); err != nil {
		_ = tx.Rollback()
		d.reopen()
		return &brokenError{translate(err)}
	}
	if len(batch) == 1 && batch[0].err != nil { // it had no savepoint
		return nil
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		d.reopen()
		if d.dialect == postgres {
			return translate(err)
		}
		return &brokenError{translate(err)}
	}
	return nil
}

// runParts runs every part of the batch. An error means that the whole transaction is lost.
func (d *database) runParts(ctx context.Context, tx *sql.Tx, batch []*job) error {
	shared := txn{ctx: ctx, tx: tx, dialect: d.dialect, now: d.clock().UTC().Truncate(time.Second)}
	if d.ledgers {
		heads, err := readHeads(&shared)
		if err != nil {
			return err
		}
		shared.heads = heads
	}
	if len(batch) == 1 {
		return runAlone(shared, batch[0])
	}
	for _, j := range batch {
		if err := runInSavepoint(shared, j); err != nil {
			return err
		}
	}
	return nil
}

var (
	savepoint   = sqlText(`savepoint part`)
	releasePart = sqlText(`release savepoint part`)
	undoPart    = sqlText(`rollback to savepoint part`)
)

// runInSavepoint runs one write of several. It returns an error only if the whole transaction is lost.
func runInSavepoint(shared txn, j *job) error {
	control := shared
	if _, err := control.exec(savepoint); err != nil {
		return err
	}
	before := heads{}
	if shared.heads != nil {
		before = *shared.heads
	}
	if err := runAlone(shared, j); err != nil {
		return err
	}
	if j.err != nil {
		if shared.heads != nil {
			*shared.heads = before
		}
		if _, err := control.exec(undoPart); err != nil {
			return err
		}
	}
	_, err := control.exec(releasePart)
	return err
}

// runAlone runs one write. It returns an error only if the whole transaction is lost.
func runAlone(part txn, j *job) error {
	j.err = call(j.fn, &part)
	j.erased = part.erased
	part.ended = true
	return part.broken
}

// call runs fn; a panic becomes its error, so that it cannot take the other writes of the batch with it. What was panicked with
// is not repeated unless the runtime said it: it could hold anything.
func call(fn func(*txn) error, t *txn) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("panic in a write: %w\n%s", p, debug.Stack())
		default:
			err = fmt.Errorf("panic in a write with a %T\n%s", p, debug.Stack())
		}
	}()
	return fn(t)
}
