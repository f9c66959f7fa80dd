package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

func TestCanonicalJSON(t *testing.T) {
	for _, row := range []struct {
		why, in, want string
		leave         []string
	}{
		{"RFC 8785, 3.2.1: no white space", " { \"b\" : [ 1 , 2 ] ,\r\n\t\"a\" : null } ", `{"a":null,"b":[1,2]}`, nil},
		{"RFC 8785, 3.2.2.2: short escapes, others in lower case, no more than needed", `"\u0008\u0009\u000a\u000c\u000d\u0022\u005c\u001F\u20ac\/<>&"`,
			`"\b\t\n\f\r\"\\\u001f€/<>&"`, nil},
		{"RFC 8785, 3.2.3: order by UTF-16 units, not by code points", `{"\ufb33":1,"\ud83d\ude00":2,"€":3,"1":4,"\r":5,"ö":6,"\u0080":7}`,
			"{\"\\r\":5,\"1\":4,\"\u0080\":7,\"ö\":6,\"€\":3,\"😀\":2,\"\ufb33\":1}", nil},
		{"a byte order mark, as some editors write it", "\ufeff[true,false]", `[true,false]`, nil},
		{"whole numbers", `[0,-1,9007199254740991]`, `[0,-1,9007199254740991]`, nil},
		{"empty", `{"a":{},"b":[]}`, `{"a":{},"b":[]}`, nil},
		{"the signature is left out", `{"proof":{"signature":"x","key":"k"},"signature":"kept"}`, `{"proof":{"key":"k"},"signature":"kept"}`, []string{"proof", "signature"}},
		{"nothing to leave out", `{"proof":1,"a":{"proof":{"signature":2}}}`, `{"a":{"proof":{"signature":2}},"proof":1}`, []string{"proof", "signature"}},
		{"first and only member left out", `{"a":1}`, `{}`, []string{"a"}},
	} {
		got, err := seal.CanonicalJSON([]byte(row.in), row.leave...)
		if err != nil || string(got) != row.want {
			t.Errorf("%s: %s, %v; want %s", row.why, got, err, row.want)
		}
	}
	for _, row := range []struct{ why, in string }{
		{"nothing", ""},
		{"text", "Dear council"},
		{"cut", `{"a":`},
		{"two documents", `{} {}`},
		{"not UTF-8", "\"\xff\""},
		{"a name twice: two readers read two documents (RFC 8785, 3.1)", `{"a":1,"a":2}`},
		{"a name twice, written in two ways", `{"a":1,"\u0061":2}`},
		{"a name twice where the signature is left out", `{"proof":{"signature":"a","signature":"b"}}`},
		{"a fraction", `1.5`},
		{"an exponent", `1e3`},
		{"beyond what every reader keeps", `9007199254740992`},
		{"minus nothing", `-0`},
		{"too deep", strings.Repeat("[", 65) + strings.Repeat("]", 65)},
	} {
		if got, err := seal.CanonicalJSON([]byte(row.in), "proof", "signature"); !errors.Is(err, seal.ErrDocument) || got != nil {
			t.Errorf("%s: %s, %v", row.why, got, err)
		}
	}
	if _, err := seal.CanonicalJSON([]byte(strings.Repeat("[", 64) + strings.Repeat("]", 64))); err != nil {
		t.Errorf("64 deep: %v", err)
	}
}

// Whatever is accepted has one canonical form: writing it again, indenting it, or reading and writing it changes nothing.
func FuzzCanonicalJSON(f *testing.F) {
	for _, s := range []string{`{"b":[1,null,"ŵ\u0000"],"a":{"proof":{"signature":"x"}}}`, "\ufeff[]", `{"😀":"\ud83d\ude00"}`, `{"a":1,"a":2}`, `-0`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		once, err := seal.CanonicalJSON(raw)
		if err != nil {
			return
		}
		if !json.Valid(once) {
			t.Fatalf("no JSON: %s", once)
		}
		again, err := seal.CanonicalJSON(once)
		if err != nil || !bytes.Equal(once, again) {
			t.Fatalf("%s then %s, %v", once, again, err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, once, "", "\t"); err != nil {
			t.Fatal(err)
		}
		again, err = seal.CanonicalJSON(indented.Bytes())
		if err != nil || !bytes.Equal(once, again) {
			t.Fatalf("indented: %s then %s, %v", once, again, err)
		}
		var v any
		d := json.NewDecoder(bytes.NewReader(once))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(v) // other order, other escapes
		if err != nil {
			t.Fatal(err)
		}
		again, err = seal.CanonicalJSON(written)
		if err != nil || !bytes.Equal(once, again) {
			t.Fatalf("read and written: %s then %s, %v", once, again, err)
		}
	})
}
