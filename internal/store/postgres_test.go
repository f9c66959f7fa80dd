package store_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/store"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if place, consultationID, ok := strings.Cut(os.Getenv(childVariable), "\n"); ok {
		beKilled(place, consultationID)
	}
	pgtest.Main(m)
}

// openPostgres opens a fresh store in a database of its own.
func openPostgres(t testing.TB) *store.DB {
	t.Helper()
	return openURL(t, pgtest.Database(t))
}

func openURL(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.OpenPostgres(t.Context(), store.PostgresURLs{Main: url}, store.Options{Clock: fixedClock, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestConformancePostgres(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Store { return openPostgres(t) })
}

// TestTwoInstances is R22 of security.md in short: two instances write to one database. Neither sees an error, each token is stored
// once, and the ledgers do not fork.
func TestTwoInstances(t *testing.T) {
	url := pgtest.Database(t)
	instances := []*store.DB{openURL(t, url), openURL(t, url)}
	c := storetest.AddConsultation(t, instances[0])
	const callers, tokens = 16, 20
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for token := range tokens {
				r := storetest.Response(c.ID)
				if caller%4 < 2 { // half of the callers press submit for the same people
					r.TokenHash = strings.Repeat("x", token+1)
				}
				err := storetest.TryWrite(instances[caller%2], func(w consult.Writer) error {
					if _, err := w.ResponseByToken(r.TokenHash); err == nil {
						return nil
					}
					return w.AddResponse(r)
				})
				if err != nil {
					t.Errorf("caller %d: %v", caller, err)
				}
			}
		})
	}
	group.Wait()
	storetest.Read(t, instances[1], func(r consult.Reader) error {
		n, err := r.ResponseCount(c.ID)
		if want := tokens + callers/2*tokens; n != want {
			t.Errorf("got %d responses, want %d", n, want)
		}
		return err
	})
	if problems, err := instances[0].Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("after two instances wrote: %v %v", problems, err)
	}
}

// TestConnectionsLost is R7 of security.md in short: the server ends every connection under load. Callers get fault.Unavailable, nothing that
// was acknowledged is lost, and everything works again without a restart.
func TestConnectionsLost(t *testing.T) {
	url := pgtest.Database(t)
	db := openURL(t, url)
	c := storetest.AddConsultation(t, db)
	raw, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	ctx, stop := context.WithCancel(context.Background())
	var mutex sync.Mutex
	acknowledged := map[string]bool{}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for ctx.Err() == nil {
				r := storetest.Response(c.ID)
				err := storetest.TryWrite(db, func(w consult.Writer) error { return w.AddResponse(r) })
				if err == nil {
					mutex.Lock()
					acknowledged[r.ID] = true
					mutex.Unlock()
				} else if !fault.Is(err, fault.Unavailable) {
					t.Errorf("a lost connection: got %v, want a fault %q", err, fault.Unavailable)
				}
			}
		})
	}
	for range 15 {
		if _, err := raw.Exec(`
select pg_terminate_backend(pid), pg_sleep(0.02)
from pg_stat_activity
where datname = current_database() and application_name like 'folkmoot%'`); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	group.Wait()
	storetest.Write(t, db, func(w consult.Writer) error { return w.AddResponse(storetest.Response(c.ID)) })
	t.Logf("%d responses acknowledged", len(acknowledged))
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged: the test would prove nothing")
	}
	storetest.Read(t, db, func(r consult.Reader) error {
		return r.Responses(c.ID, func(response *consult.Response) error {
			delete(acknowledged, response.ID)
			return nil
		})
	})
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged responses are lost", len(acknowledged))
	}
	if problems, err := db.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("after lost connections: %v %v", problems, err)
	}
}

func TestOpenPostgresRefuses(t *testing.T) {
	ctx := t.Context()
	alter := func(url, statement string) string {
		raw, err := sql.Open("pgx", url)
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
		return url
	}
	migrated := pgtest.Database(t)
	openURL(t, migrated)
	asynchronous := alter(pgtest.Database(t), `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`)
	newer := pgtest.Database(t)
	openURL(t, newer)
	alter(newer, `insert into folkmoot.goose_db_version (version_id, is_applied) values (99, true)`)
	gaps := pgtest.Database(t)
	openURL(t, gaps)
	alter(gaps, `delete from folkmoot.goose_db_version where version_id in (2, 4)`)
	for _, test := range []struct {
		url, message, why string
	}{
		{gaps, "lacks migrations (2, 4)", "a schema with gaps, whose newest migration is there"},
		{pgtest.Database(t), "run folkmoot migrate", "a fresh database without being told to migrate"},
		{newer, "run the newer program", "a schema of a newer program"},
		{asynchronous, "synchronous_commit is off", "a server that acknowledges before it is durable"},
		{"postgres://nobody:hunter2@/x?host=/nonexistent", "error.store.unavailable", "no server"},
		{"postgres://nobody:hunter2@:x:y/", "cannot be read", "no URL"},
	} {
		db, err := store.OpenPostgres(ctx, store.PostgresURLs{Main: test.url}, store.Options{})
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: got %v, want an error with %q", test.why, err, test.message)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error repeats the password", test.why)
		}
	}
	if db, err := store.OpenPostgres(ctx, store.PostgresURLs{Main: migrated}, store.Options{}); err != nil {
		t.Errorf("a migrated database: %v", err)
	} else if err := db.Current(ctx); err != nil {
		t.Errorf("the schema of this program: %v", err)
	} else if alter(migrated, `insert into folkmoot.goose_db_version (version_id, is_applied) values (99, true)`); db.Current(ctx) == nil {
		t.Error("a newer program has migrated it meanwhile, and that goes unnoticed")
	} else if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestSeparateDatabases: equality answers and keys may lie in databases of their own.
func TestSeparateDatabases(t *testing.T) {
	urls := store.PostgresURLs{Main: pgtest.Database(t), Equality: pgtest.Database(t), Keys: pgtest.Database(t)}
	db, err := store.OpenPostgres(t.Context(), urls, store.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Keys().PutKey(t.Context(), "id", []byte("wrapped")); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("pgx", urls.Main)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	var elsewhere int
	err = raw.QueryRow(`select count(*) from information_schema.tables where table_name in ('profile', 'record_key')`).Scan(&elsewhere)
	if err != nil || elsewhere != 0 {
		t.Errorf("the main database has %d tables of the others, %v", elsewhere, err)
	}
}
