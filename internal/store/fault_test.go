package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/store/storetest"
)

func openForFaults(t *testing.T) (db *DB, dir string) {
	t.Helper()
	dir = t.TempDir()
	db, err := OpenSQLite(t.Context(), dir, Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, dir
}

// limitPages makes the file as full as if the disk were: it may grow to the given number of pages. 0 takes the limit away.
func limitPages(t *testing.T, d *database, path string, pages int) {
	t.Helper()
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := d.writer.Close(); err != nil {
		t.Fatal(err)
	}
	c := connector{source: dataSource(path, writerSettings), pragmas: writerPragmas}
	if pages > 0 {
		c.more = []string{fmt.Sprintf(`pragma max_page_count = %d`, pages)}
	}
	d.writer = sql.OpenDB(c)
	d.writer.SetMaxOpenConns(1)
}

// TestDiskFull is R4 of security.md: a clear refusal, nothing half stored, reading still works, and everything works again once there is
// room, without a restart.
func TestDiskFull(t *testing.T) {
	db, dir := openForFaults(t)
	path := filepath.Join(dir, "main.db")
	c := storetest.AddConsultation(t, db)
	var pages int
	if err := db.main.reader.QueryRow(`pragma page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limitPages(t, db.main, path, pages+30)

	var mutex sync.Mutex
	stored, refused := map[string]bool{}, 0
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() {
			for range 20 {
				r := storetest.Response(c.ID)
				err := storetest.TryWrite(db, func(w consult.Writer) error { return w.AddResponse(r) })
				mutex.Lock()
				switch {
				case err == nil:
					stored[r.ID] = true
				case fault.Is(err, fault.Unavailable):
					refused++
				default:
					t.Errorf("a full disk: got %v, want a fault %q", err, fault.Unavailable)
				}
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	if len(stored) == 0 || refused == 0 {
		t.Fatalf("%d stored and %d refused: the disk was not full in between", len(stored), refused)
	}
	t.Logf("%d stored, %d refused", len(stored), refused)
	events := int64(1) // of the consultation
	storetest.Read(t, db, func(r consult.Reader) error {
		return r.Responses(c.ID, func(response *consult.Response) error {
			if !stored[response.ID] {
				t.Error("a response that was refused is stored")
			}
			delete(stored, response.ID)
			events++
			return nil
		})
	})
	if len(stored) > 0 {
		t.Errorf("%d responses that were acknowledged are missing", len(stored))
	}
	storetest.Read(t, db, func(r consult.Reader) error {
		newest, err := r.AuditEvents(consult.AuditFilter{Limit: 1})
		if len(newest) != 1 || newest[0].Sequence != events {
			t.Errorf("the audit log has %d events, want one for each stored response: %d", newest[0].Sequence, events)
		}
		return err
	})

	limitPages(t, db.main, path, 0)
	storetest.Write(t, db, func(w consult.Writer) error { return w.AddResponse(storetest.Response(c.ID)) })
	if problems, err := db.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("after a full disk: %v %v", problems, err)
	}
}

// TestOneTooLarge: of writes that share a commit, one that does not fit does not take the others with it.
func TestOneTooLarge(t *testing.T) {
	db, dir := openForFaults(t)
	c := storetest.AddConsultation(t, db)
	var pages int
	if err := db.main.reader.QueryRow(`pragma page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limitPages(t, db.main, filepath.Join(dir, "main.db"), pages+60)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			r := storetest.Response(c.ID)
			if i == 10 {
				r.FreeText = make([]byte, 1<<20)
			}
			err := storetest.TryWrite(db, func(w consult.Writer) error { return w.AddResponse(r) })
			if i == 10 {
				if !fault.Is(err, fault.Unavailable) {
					t.Errorf("a response of a megabyte: got %v, want a fault %q", err, fault.Unavailable)
				}
			} else if err != nil {
				t.Errorf("a response that fits: %v", err)
			}
		})
	}
	group.Wait()
}

// TestLockedDatabase is R6 of security.md: another connection holds the lock. For less than five seconds: wait; for longer: refuse.
func TestLockedDatabase(t *testing.T) {
	for _, test := range []struct {
		held time.Duration
		kind fault.Kind
		why  string
	}{
		{time.Second, fault.Internal, "waits and succeeds"},
		{6500 * time.Millisecond, fault.Unavailable, "is refused after five seconds"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			db, dir := openForFaults(t)
			c := storetest.AddConsultation(t, db)
			other, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "main.db")+"?_txlock=immediate")
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			tx, err := other.Begin()
			if err != nil {
				t.Fatal(err)
			}
			released := make(chan struct{})
			go func() {
				time.Sleep(test.held)
				_ = tx.Rollback()
				close(released)
			}()
			err = storetest.TryWrite(db, func(w consult.Writer) error { return w.AddResponse(storetest.Response(c.ID)) })
			if fault.KindOf(err) != test.kind || (err != nil) != (test.kind != fault.Internal) {
				t.Errorf("held for %v: got %v", test.held, err)
			}
			<-released
			storetest.Write(t, db, func(w consult.Writer) error { return w.AddResponse(storetest.Response(c.ID)) })
		})
	}
}

// TestQueueIsBounded: when too many writes wait, more are refused at once instead of growing without end.
func TestQueueIsBounded(t *testing.T) {
	db, _ := openForFaults(t)
	hold, held := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- db.Update(context.Background(), func(consult.Writer) error {
			close(held)
			<-hold
			return nil
		})
	}()
	<-held
	answers := make(chan error, queueLimit+10)
	for range queueLimit + 10 {
		go func() { answers <- db.Update(context.Background(), func(consult.Writer) error { return nil }) }()
	}
	for range 10 {
		if err := <-answers; !fault.Is(err, fault.Unavailable) {
			t.Errorf("one write too many: got %v, want a fault %q", err, fault.Unavailable)
		}
	}
	close(hold)
	for range queueLimit {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// TestGoexit: a function that ends its goroutine (a test's FailNow does) takes neither the store nor other writes with it.
func TestGoexit(t *testing.T) {
	db, _ := openForFaults(t)
	done := make(chan error)
	go func() {
		done <- db.Update(context.Background(), func(consult.Writer) error {
			(&testing.T{}).FailNow()
			return nil
		})
	}()
	if err := <-done; !errors.Is(err, errGone) {
		t.Errorf("got %v", err)
	}
	storetest.AddConsultation(t, db)
}

// TestClosedStore: what comes after Close is refused, and what was begun is finished.
func TestClosedStore(t *testing.T) {
	db, dir := openForFaults(t)
	c := storetest.AddConsultation(t, db)
	var group sync.WaitGroup
	acknowledged := make(chan string, 200)
	for range 200 {
		group.Go(func() {
			r := storetest.Response(c.ID)
			err := storetest.TryWrite(db, func(w consult.Writer) error { return w.AddResponse(r) })
			if err == nil {
				acknowledged <- r.ID
			} else if !fault.Is(err, fault.Unavailable) {
				t.Errorf("a store that is being closed: got %v", err)
			}
		})
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	close(acknowledged)
	if err := db.View(t.Context(), func(consult.Reader) error { return nil }); err == nil {
		t.Error("a closed store answers")
	}
	again, err := OpenSQLite(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for id := range acknowledged {
		storetest.Read(t, again, func(r consult.Reader) error {
			_, err := r.Response(id)
			return err
		})
	}
}

func TestOpeningRefuses(t *testing.T) {
	open := func(dir string, o Options) error {
		db, err := OpenSQLite(context.Background(), dir, o)
		if err == nil {
			return db.Close()
		}
		return err
	}
	prepare := func(change string) string {
		dir := t.TempDir()
		if err := open(dir, Options{Migrate: true}); err != nil {
			t.Fatal(err)
		}
		if change != "" {
			other, err := sql.Open("sqlite3", filepath.Join(dir, "main.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			if _, err := other.Exec(change); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	if err := open(prepare(""), Options{}); err != nil {
		t.Errorf("a migrated directory: %v", err)
	}
	running := prepare("")
	db, err := OpenSQLite(t.Context(), running, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	newer := `insert into goose_db_version (version_id, is_applied) values (99, 1)`
	for _, test := range []struct {
		dir     string
		o       Options
		message string
		why     string
	}{
		{t.TempDir(), Options{}, "run folkmoot migrate", "a fresh directory without being told to migrate"},
		{prepare(newer), Options{}, "run the newer program", "a schema of a newer program"},
		{prepare(newer), Options{Migrate: true}, "run the newer program", "which cannot be migrated back"},
		{prepare(`delete from goose_db_version where version_id in (2, 4)`), Options{}, "lacks migrations (2, 4)", "a schema with gaps, whose newest migration is there"},
		{prepare(`delete from goose_db_version where version_id in (2, 4)`), Options{Migrate: true}, "lacks migrations (2, 4)", "which is not filled up behind its back"},
		{prepare(`delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`), Options{}, "run folkmoot migrate", "a schema without the newest migration"},
		{prepare(`update goose_db_version set is_applied = 0 where version_id = 5`), Options{}, "lacks migrations (5)", "a migration that is noted as taken back"},
		{running, Options{}, "another folkmoot is running", "a directory in use"},
		{prepare(`pragma auto_vacuum = none; vacuum`), Options{}, "auto_vacuum", "a file made without incremental vacuum"},
	} {
		if err := open(test.dir, test.o); err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: got %v, want an error with %q", test.why, err, test.message)
		}
	}
	if err := db.Current(t.Context()); err != nil {
		t.Errorf("the schema of this program: %v", err)
	}
	if _, err := db.keys.writer.Exec(newer); err != nil {
		t.Fatal(err)
	}
	if err := db.Current(t.Context()); err == nil || !strings.Contains(err.Error(), "run the newer program") {
		t.Errorf("migrated by a newer program while it is open: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if open(file, Options{Migrate: true}) == nil {
		t.Error("a file in the place of the directory was opened")
	}
}

// TestWrongPragmaIsRefused: a misspelt parameter of the DSN is ignored by the driver without a word.
func TestWrongPragmaIsRefused(t *testing.T) {
	_, dir := openForFaults(t)
	for name, value := range map[string]string{"_synchronous": "NORMAL", "_foreign_keys": "0", "_secure_delete": "0"} {
		settings := map[string][]string{}
		for k, v := range writerSettings {
			settings[k] = v
		}
		settings[name] = []string{value}
		pool := sql.OpenDB(connector{source: dataSource(filepath.Join(dir, "main.db"), settings), pragmas: writerPragmas})
		if err := pool.Ping(); err == nil || !strings.Contains(err.Error(), "must be") {
			t.Errorf("%s=%s: got %v", name, value, err)
		}
		pool.Close()
	}
}
