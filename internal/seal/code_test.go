package seal_test

import (
	"regexp"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

var (
	codeForm      = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}$`)
	referenceForm = regexp.MustCompile(`^WEM-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)
)

func TestCodes(t *testing.T) {
	k := keyring(t, 1)
	seen, letters, alike := map[string]bool{}, map[rune]int{}, 0
	const n = 4000
	for range n {
		token := seal.RandomToken()
		code, ref := k.CodeFor(token), k.ReferenceFor(token, "WEM")
		if !codeForm.MatchString(code) || !referenceForm.MatchString(ref) {
			t.Fatalf("code %q, reference %q", code, ref)
		}
		if code != k.CodeFor(token) || seen[code] {
			t.Fatal("a code changed on retry, or came twice")
		}
		if strings.Contains(code, ref[4:8]) {
			alike++
		}
		seen[code] = true
		for _, r := range strings.ReplaceAll(code, "-", "") {
			letters[r]++
		}
	}
	if alike > 3 { // by chance 0.02 of them, since a group of four letters is 20 bits
		t.Errorf("%d references show a part of their code", alike)
	}
	if len(letters) != 32 {
		t.Errorf("%d different letters, want 32: the code is worth less than 100 bits", len(letters))
	}
	for r, count := range letters { // expected 2,500 each, standard deviation 49
		if count < 2200 || count > 2800 {
			t.Errorf("letter %c comes %d times of %d: not uniform", r, count, n*20)
		}
	}
}

func TestNormaliseCode(t *testing.T) {
	const code = "01AB-CD23-EF45-GH67-JK89"
	for _, row := range []struct{ why, typed, want string }{
		{"as printed", code, code},
		{"lower case", "01ab-cd23-ef45-gh67-jk89", code},
		{"no dashes", "01ABCD23EF45GH67JK89", code},
		{"spaces, tab, line end, no-break space", " 01AB CD23\tEF45\u00a0GH67 JK89\r\n", code},
		{"en dashes from a word processor", "01AB–CD23–EF45–GH67–JK89", code},
		{"O for 0, I for 1", "OIAB-CD23-EF45-GH67-JK89", code},
		{"o for 0, l for 1", "olab-cd23-ef45-gh67-jk89", code},
		{"nothing", "", ""},
		{"a letter short", code[:len(code)-1], ""},
		{"a letter long", code + "A", ""},
		{"U is not in the alphabet", "U1AB-CD23-EF45-GH67-JK89", ""},
		{"a sign", "01AB_CD23_EF45_GH67_JK89", ""},
		{"a letter that folds to k in other scripts", "01AB-CD23-EF45-GH67-J\u212a89", ""},
		{"NUL", "01AB-CD23-EF45-GH67-JK8\x00", ""},
		{"invalid UTF-8", "01AB-CD23-EF45-GH67-JK8\xff", ""},
		{"very long", strings.Repeat(" ", 5000) + code, ""},
	} {
		got, err := seal.NormaliseCode(row.typed)
		if got != row.want || (row.want == "") != fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %q, %v; want %q", row.why, got, err, row.want)
		}
	}
}

func TestCodeSurvivesTyping(t *testing.T) {
	k := keyring(t, 1)
	for range 500 {
		code := k.CodeFor(seal.RandomToken())
		typed := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(strings.ToLower(code))
		got, err := seal.NormaliseCode(typed)
		if err != nil || k.CodeHash(got) != k.CodeHash(code) {
			t.Fatalf("typed %q: %q, %v", typed, got, err)
		}
	}
}

func FuzzNormaliseCode(f *testing.F) {
	f.Add("01AB-CD23-EF45-GH67-JK89")
	f.Add("ÿ\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := seal.NormaliseCode(typed)
		if err != nil {
			return
		}
		if again, err := seal.NormaliseCode(code); err != nil || again != code || !codeForm.MatchString(code) {
			t.Fatalf("%q gives %q, which gives %q, %v", typed, code, again, err)
		}
	})
}
