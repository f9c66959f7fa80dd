package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// deepest is how many objects and arrays may lie in one another in a document that is signed.
const deepest = 64

// largestNumber is the largest integer that every reader of JSON keeps exactly (RFC 7493, 2.2).
const largestNumber = 1<<53 - 1

// ErrDocument means that a text is no JSON that could have been signed: malformed, not UTF-8, a name twice in one object, too deep, or a
// number that is no whole one.
var ErrDocument = errors.New("seal: no JSON document that can be signed")

// CanonicalJSON writes a JSON document in the one form that signatures are made of (JSON Canonicalization Scheme, RFC 8785): no white space,
// names in the order of their UTF-16 units, one way to write each string. However a document was indented, reordered or escaped by an editor,
// the result is the same. Numbers have to be whole; a byte order mark at the front is passed over. leave is the path, by names, of a
// member that is left out: the signature itself. It returns ErrDocument for what cannot be signed.
func CanonicalJSON(raw []byte, leave ...string) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, ErrDocument
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return canonicalValue(nil, d, 0, leave)
}

func canonicalValue(out []byte, d *json.Decoder, depth int, leave []string) ([]byte, error) {
	token, err := d.Token()
	if err != nil {
		return nil, ErrDocument
	}
	switch v := token.(type) {
	case json.Delim:
		if depth == deepest {
			return nil, fmt.Errorf("%w: too deep", ErrDocument)
		}
		if v == '{' {
			return canonicalObject(out, d, depth+1, leave)
		}
		return canonicalArray(out, d, depth+1)
	case string:
		return canonicalString(out, v), nil
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		if err != nil || n < -largestNumber || n > largestNumber || v == "-0" {
			return nil, fmt.Errorf("%w: a number that is no whole one", ErrDocument)
		}
		return strconv.AppendInt(out, n, 10), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	}
	return append(out, "null"...), nil
}

func canonicalArray(out []byte, d *json.Decoder, depth int) (_ []byte, err error) {
	out = append(out, '[')
	for n := 0; d.More(); n++ {
		if n > 0 {
			out = append(out, ',')
		}
		if out, err = canonicalValue(out, d, depth, nil); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return append(out, ']'), err
}

// member is one name of an object with its value, written.
type member struct {
	name  string
	order []uint16
	value []byte
}

func canonicalObject(out []byte, d *json.Decoder, depth int, leave []string) ([]byte, error) {
	var members []member
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, ErrDocument
		}
		var below []string
		if len(leave) > 1 && leave[0] == name {
			below = leave[1:]
		}
		value, err := canonicalValue(nil, d, depth, below)
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, utf16.Encode([]rune(name)), value})
	}
	if _, err := d.Token(); err != nil {
		return nil, ErrDocument
	}
	slices.SortFunc(members, func(a, b member) int { return slices.Compare(a.order, b.order) })
	out = append(out, '{')
	first := true
	for i, m := range members {
		if i > 0 && m.name == members[i-1].name {
			return nil, fmt.Errorf("%w: a name stands twice in one object", ErrDocument)
		}
		if len(leave) == 1 && leave[0] == m.name {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(canonicalString(out, m.name), ':')
		out = append(out, m.value...)
	}
	return append(out, '}'), nil
}

// canonicalString escapes what has to be escaped and nothing else (RFC 8785, 3.2.2.2).
func canonicalString(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\b':
			out = append(out, `\b`...)
		case '\t':
			out = append(out, `\t`...)
		case '\n':
			out = append(out, `\n`...)
		case '\f':
			out = append(out, `\f`...)
		case '\r':
			out = append(out, `\r`...)
		default:
			if c < 0x20 {
				out = fmt.Appendf(out, `\u%04x`, c)
			} else {
				out = append(out, c)
			}
		}
	}
	return append(out, '"')
}
