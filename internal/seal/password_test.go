package seal_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

func TestPasswords(t *testing.T) {
	k, ctx := keyring(t, 1), context.Background()
	const password = "tŷ bach twt ar lan y môr"
	stored, err := k.HashPassword(ctx, password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("PHC string %q", stored[:32])
	}
	for _, row := range []struct {
		why, typed string
		want       bool
	}{
		{"the password", password, true},
		{"the same letters from another keyboard: w and y with combining accents", "ty\u0302 bach twt ar lan y mo\u0302r", true},
		{"another case", "Tŷ bach twt ar lan y môr", false},
		{"empty", "", false},
	} {
		ok, rehash, err := k.CheckPassword(ctx, stored, row.typed)
		if err != nil || ok != row.want || rehash {
			t.Errorf("%s: %v, %v, %v", row.why, ok, rehash, err)
		}
	}
	if other, err := k.HashPassword(ctx, password); err != nil || other == stored {
		t.Errorf("two hashes of one password are equal: no salt (%v)", err)
	}
}

// The first string is of the reference implementation: argon2 (20190702), echo -n password | argon2 somesalt -id -t 2 -k 65536.
func TestPasswordsOfOtherCosts(t *testing.T) {
	k, ctx := keyring(t, 1), context.Background()
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, rehash, err := k.CheckPassword(ctx, reference, "password")
	if err != nil || !ok || !rehash {
		t.Errorf("reference vector: ok %v, rehash %v, %v", ok, rehash, err)
	}
	if ok, rehash, err := k.CheckPassword(ctx, reference, "Password"); err != nil || ok || rehash {
		t.Errorf("wrong password: ok %v, rehash %v, %v", ok, rehash, err)
	}
	for _, row := range []struct{ why, stored string }{
		{"empty", ""},
		{"not Argon2id", strings.Replace(reference, "argon2id", "argon2i", 1)},
		{"another version", strings.Replace(reference, "v=19", "v=16", 1)},
		{"memory that would stop the service", strings.Replace(reference, "m=65536", "m=4194304", 1)},
		{"no passes", strings.Replace(reference, "t=2", "t=0", 1)},
		{"passes without end", strings.Replace(reference, "t=2", "t=4000000000", 1)},
		{"no sum: would equal an empty one", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"},
		{"not base64", strings.Replace(reference, "c29t", "c2!t", 1)},
		{"more parts", reference + "$x"},
	} {
		if ok, _, err := k.CheckPassword(ctx, row.stored, "password"); err == nil || ok {
			t.Errorf("%s: ok %v, %v", row.why, ok, err)
		} else if strings.Contains(err.Error(), "c29t") {
			t.Errorf("%s: the error shows the hash", row.why)
		}
	}
}

func TestPasswordHashingWaits(t *testing.T) {
	k := keyring(t, 1)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := k.HashPassword(ended, "a b c d e f g"); !errors.Is(err, context.Canceled) {
		t.Errorf("hashed for a caller who has gone: %v", err)
	}
	if _, _, err := k.CheckPassword(ended, "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("checked for a caller who has gone: %v", err)
	}
	// Six at once, two at a time: all end, and a third that cannot wait is turned away.
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if err := k.CheckNobody(context.Background(), "a b c d e f g"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// security.md T10: the time of an answer must not tell whether the account exists.
func TestNobodyTakesAsLong(t *testing.T) {
	k, ctx := keyring(t, 1), context.Background()
	stored, err := k.HashPassword(ctx, "a long enough password")
	if err != nil {
		t.Fatal(err)
	}
	const n = 5
	// The least of five and a factor of ten: a busy machine must not fail this, and leaving out the hash is a factor of thousands.
	best := func(work func()) time.Duration {
		least := time.Hour
		for range n {
			start := time.Now()
			work()
			least = min(least, time.Since(start))
		}
		return least
	}
	somebody := best(func() { _, _, _ = k.CheckPassword(ctx, stored, "wrong") })
	nobody := best(func() { _ = k.CheckNobody(ctx, "wrong") })
	long := best(func() { _, _, _ = k.CheckPassword(ctx, stored, strings.Repeat("x", 1<<20)) })
	for name, took := range map[string]time.Duration{"nobody": nobody, "a megabyte": long} {
		if took < somebody/10 || took > somebody*10 {
			t.Errorf("%s took %v, somebody %v", name, took, somebody)
		}
	}
}

func TestPolicy(t *testing.T) {
	names := []string{"Wemford Borough Council", "Cyngor Bwrdeistref Wemford", "Siân Pritchard", "sian.pritchard@wemford.example"}
	for _, row := range []struct{ why, password, want string }{
		{"three words", "purple kettle tram", ""},
		{"no composition rules: lower case only (NIST SP 800-63B 5.1.1.2)", "zbqvhkxwtmnp", ""},
		{"spaces and accents count as they are", "môr a mynydd mawr", ""},
		{"twelve runes, not bytes", "ŵŷŵâêîôûŷäëx", ""},
		{"128 runes", strings.Repeat("vexing dodo jump", 8)[:100] + strings.Repeat("quartz glyph", 3)[:28], ""},
		{"a name among much else is fine", "Wemford otters eat plums", ""},
		{"eleven", "purple kett", "error.password.short"},
		{"eleven runes in more bytes", "ŵŷŵâêîôûŷäë", "error.password.short"},
		{"129", strings.Repeat("vexing dodo jump ", 8)[:129], "error.password.long"},
		{"NUL ends a text elsewhere", "purple kettle\x00tram", "error.password.text"},
		{"invalid UTF-8", "purple kettle \xff\xfe", "error.password.text"},
		{"common", "qwertyuiopasdfgh", "error.password.common"},
		{"common with digits", "password12345", "error.password.common"},
		{"common with capitals, signs and swaps", "P@$$word!2026!", "error.password.common"},
		{"common, famous", "correct horse battery staple", "error.password.common"},
		{"repeats a letter", "aaaaaaaaaaaaaa", "error.password.common"},
		{"repeats a word", "tractortractor", "error.password.common"},
		{"counts up", "123456789012345", "error.password.common"},
		{"counts down", "9876543210987", "error.password.common"},
		{"alphabet", "abcdefghijklmnop", "error.password.common"},
		{"repeats a sign", "!!!!!!!!!!!!!!", "error.password.common"},
		{"the council", "WemfordBoroughCouncil", "error.password.name"},
		{"the council and a year", "Wemford2026!!", "error.password.name"},
		{"the person and a year", "pritchard-2026", "error.password.name"},
		{"person and council", "sian@wemford1", "error.password.name"},
	} {
		err := seal.CheckPolicy(row.password, names...)
		got := ""
		var f *fault.Error
		if errors.As(err, &f) {
			got = f.Key
		}
		if got != row.want || (err != nil) != fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
		if err != nil && strings.Contains(err.Error(), row.password) {
			t.Errorf("%s: the error shows the password", row.why)
		}
	}
}

func TestRefusedPasswords(t *testing.T) {
	for _, row := range []struct {
		why, password string
		refused       bool
	}{
		{"the very one", "purple-kettle-tram", true},
		{"other cases, signs and digits around it", "Purple Kettle Tram 2026!", true},
		{"half of it", "purple-kettle", false},
		{"it and other words", "purple-kettle-tram-otter", false},
	} {
		if err := seal.CheckRefused(row.password, "dodo-quartz", "purple-kettle-tram"); fault.Is(err, fault.Invalid) != row.refused {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}

func BenchmarkCheckPassword(b *testing.B) {
	k, ctx := keyring(b, 1), context.Background()
	for b.Loop() {
		if err := k.CheckNobody(ctx, "a long enough password"); err != nil {
			b.Fatal(err)
		}
	}
}
