package store_test

import (
	"testing"
	"time"

	"folkmoot/internal/store"
	"folkmoot/internal/store/storetest"
)

func fixedClock() time.Time { return storetest.Moment }

// openSQLite opens a fresh store in a directory of its own.
func openSQLite(t testing.TB) *store.DB {
	t.Helper()
	return openDirectory(t, t.TempDir())
}

func openDirectory(t testing.TB, dir string) *store.DB {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), dir, store.Options{Clock: fixedClock, Migrate: true})
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

func TestConformanceSQLite(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Store { return openSQLite(t) })
}
