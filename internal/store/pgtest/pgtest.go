// Package pgtest answers: where can a test find a PostgreSQL of its own? It starts a throw-away server, once for each test binary and
// when the first test asks, and gives every test a database. A machine without PostgreSQL fails these tests: it does not skip
// them, because then nobody would notice.
//
// FOLKMOOT_TEST_POSTGRES_URL names a server to use instead, with the right to create databases.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// shared is a server that the tests of this binary share.
type shared struct {
	durable bool
	once    sync.Once
	server  *server
	err     error
}

var (
	quick   = &shared{}              // fsync off: for tests, which no power cut threatens
	durable = &shared{durable: true} // as in production: for benchmarks
	counter atomic.Int64
)

// Main runs the tests of a binary and then stops the servers they started. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	for _, s := range []*shared{quick, durable} {
		if s.server != nil {
			s.server.stop()
		}
	}
	os.Exit(code)
}

// Database returns the URL of a fresh database, which is dropped when the test ends.
func Database(t testing.TB) string { return quick.database(t) }

// DurableDatabase returns the URL of a fresh database on a server that flushes commits to the disk, for benchmarks.
func DurableDatabase(t testing.TB) string { return durable.database(t) }

func (s *shared) database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("folkmoot_test_%d_%d", os.Getpid(), counter.Add(1))
	admin, fresh, err := s.urls(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(admin, `create database `+name+` template template0 encoding 'UTF8' strategy file_copy`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run(admin, `drop database if exists `+name+` with (force)`); err != nil {
			t.Error(err)
		}
	})
	return fresh
}

// urls returns where databases are made and where the new one will be.
func (s *shared) urls(name string) (admin, fresh string, err error) {
	if given := os.Getenv("FOLKMOOT_TEST_POSTGRES_URL"); given != "" {
		u, err := url.Parse(given)
		if err != nil {
			return "", "", fmt.Errorf("FOLKMOOT_TEST_POSTGRES_URL cannot be read")
		}
		u.Path = "/" + name
		return given, u.String(), nil
	}
	s.once.Do(func() { s.server, s.err = startServer(s.durable) })
	if s.err != nil {
		return "", "", s.err
	}
	return s.server.url("postgres"), s.server.url(name), nil
}

func run(url, statement string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
