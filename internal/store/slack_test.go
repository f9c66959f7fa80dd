package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"folkmoot/internal/consult"
)

// TestWipeRemovesWhatSecureDeleteLeaves erases records with secure_delete and an emptied log only, shows that copies of some are left in
// gaps of pages, and that the wipe removes them without harm to what stays.
func TestWipeRemovesWhatSecureDeleteLeaves(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	db, err := OpenSQLite(ctx, dir, Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	random := rand.New(rand.NewPCG(1, 1)) // a fixed seed: pages split and merge in the same way in every run
	marker := func(i int) string { return fmt.Sprintf("MARK-%05d-%s", i, strings.Repeat("m", 20)) }
	tokens := map[int]string{}
	const records = 400
	for i := range records {
		tokens[i] = fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())
		sealed := append([]byte(marker(i)), bytes.Repeat([]byte{'y'}, random.IntN(3000))...)
		if err := db.Equality().PutProfile(ctx, &consult.EqualityProfile{Token: tokens[i], ConsultationID: "c", Sealed: sealed}); err != nil {
			t.Fatal(err)
		}
	}
	erase := records / 2
	for i := range erase {
		if err := db.equality.submit(ctx, func(t *txn) error {
			_, err := t.exec(eraseProfile, tokens[i])
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	left := func() (n int) {
		content, err := exec.Command("cat", dir+"/equality.db", dir+"/equality.db-wal").Output() // not this process: see slack.go
		if err != nil {
			t.Fatal(err)
		}
		for i := range erase {
			if bytes.Contains(content, []byte(marker(i))) {
				n++
			}
		}
		return n
	}
	if err := db.equality.checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	if left() == 0 {
		t.Error("secure_delete left nothing: this test proves nothing any more")
	}
	if err := db.equality.scrubNow(ctx); err != nil {
		t.Fatal(err)
	}
	if n := left(); n > 0 {
		t.Errorf("%d erased records are left in the file", n)
	}
	var verdict string
	if err := db.equality.reader.QueryRow(`pragma integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %s, %v", verdict, err)
	}
	stays := 0
	if err := db.Equality().Profiles(ctx, "c", func(p *consult.EqualityProfile) error {
		if !bytes.HasPrefix(p.Sealed, []byte("MARK-")) {
			t.Errorf("a record that stays was damaged")
		}
		stays++
		return nil
	}); err != nil || stays != records-erase {
		t.Errorf("%d records stay, want %d: %v", stays, records-erase, err)
	}
}

func TestPointerMap(t *testing.T) {
	g := geometry{pageSize: 4096, usable: 4096, pages: 1 << 20}
	for _, test := range []struct {
		page, at, offset int64
		why              string
	}{
		{3, 2, 0, "the first entry of the first map page"},
		{821, 2, 5 * 818, "its last: 819 entries of five bytes fit"},
		{823, 822, 0, "820 pages further is the next map page"},
		{262146, 261582, 5 * 563, "beyond the page of the locks, which has an entry too"},
	} {
		if at, offset := g.mapPage(test.page); at != test.at || offset != test.offset {
			t.Errorf("page %d: map page %d offset %d, want %d and %d: %s", test.page, at, offset, test.at, test.offset, test.why)
		}
	}
}
