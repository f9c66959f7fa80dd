package store_test

import (
	"testing"

	"folkmoot/internal/store"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

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
