package seal

import (
	"encoding/hex"
	"strings"
	"unicode"

	"folkmoot/internal/fault"
)

// alphabet is Crockford's base 32: no I, L, O or U, so that codes survive being read aloud and copied by hand.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLetters      = 20 // 100 bits: cannot be guessed, online or off
	referenceLetters = 8  // 40 bits: names a response in a letter, opens nothing
	shortLetters     = 12 // 60 bits: names a version of a form on paper; the whole digest is kept beside it
)

// CodeFor returns the withdrawal code of the response that the submission token makes: 100 bits as five groups of
// four. It is derived, not stored, so that a retried submission shows the same code and a stolen database holds none.
func (k *Keyring) CodeFor(submissionToken string) string {
	return group(crockford(k.mac(labelCode, submissionToken), codeLetters))
}

// CodeHash returns what is stored of a withdrawal code, in hex: an HMAC, so that codes cannot be tested without the
// master key. It takes a code as NormaliseCode returns it.
func (k *Keyring) CodeHash(code string) string {
	return hex.EncodeToString(k.mac(labelCodeHash, code))
}

// NormaliseCode returns the code as CodeFor writes it. It accepts what people type: lower case, spaces, dashes of any
// kind or none, O for 0, I and L for 1. It returns fault.Invalid for anything else.
func NormaliseCode(typed string) (string, error) {
	letters, ok := readCrockford(typed)
	if !ok || len(letters) != codeLetters {
		return "", fault.New(fault.Invalid, "error.code.format")
	}
	return group(letters), nil
}

// ReferenceFor returns the reference of the response that the submission token makes, for example WEM-7K3F-92QD.
// The prefix is the council's short name. It names a response in letters and calls and opens nothing. Forty bits are
// for people, not a database key: among a million responses two may share one.
func (k *Keyring) ReferenceFor(submissionToken, prefix string) string {
	return prefix + "-" + group(crockford(k.mac(labelReference, submissionToken), referenceLetters))
}

// ShortCode returns the first sixty bits of a digest in hex as three groups of four letters, to be printed on paper. It is empty for what is no digest.
func ShortCode(digest string) string {
	b, err := hex.DecodeString(digest)
	if err != nil || len(b)*8 < shortLetters*5 {
		return ""
	}
	return group(crockford(b, shortLetters))
}

// NormaliseShort is NormaliseCode for ShortCode.
func NormaliseShort(typed string) (string, error) {
	letters, ok := readCrockford(typed)
	if !ok || len(letters) != shortLetters {
		return "", fault.New(fault.Invalid, "error.form.code")
	}
	return group(letters), nil
}

// ScanToken returns what is stored of a scan reference to find out that a form was entered before, in hex: an HMAC, so that the database alone does not
// lead from a response to the signed form in the council's document system.
func (k *Keyring) ScanToken(consultationID, reference string) string {
	return hex.EncodeToString(k.mac(labelScan, string(Canonical(consultationID, strings.ToUpper(reference)))))
}

// KioskToken returns what the address of a consultation's kiosk ends with, in hex: who has not been given it cannot have a response counted as one from a
// device of the council.
func (k *Keyring) KioskToken(consultationID string) string {
	return hex.EncodeToString(k.mac(labelKiosk, consultationID)[:10])
}

// ConsentScanToken returns what the consent ledger holds of a scan reference: 128 bits in hex. Whoever has the reference and the master key finds the event of
// the form. It never equals a ScanToken, so that no SQL can join the ledger with responses.
func (k *Keyring) ConsentScanToken(consultationID, reference string) string {
	return hex.EncodeToString(k.mac(labelConsentScan, string(Canonical(consultationID, strings.ToUpper(reference))))[:16])
}

// crockford writes the first 5n bits of b as n letters.
func crockford(b []byte, n int) string {
	var out strings.Builder
	var acc, bits uint
	for i := 0; out.Len() < n; {
		if bits < 5 {
			acc, bits, i = acc<<8|uint(b[i]), bits+8, i+1
		}
		bits -= 5
		out.WriteByte(alphabet[acc>>bits&31])
		acc &= 1<<bits - 1
	}
	return out.String()
}

func separator(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Dash, r)
}

// readCrockford drops separators and maps look-alikes; false if a letter is not of the alphabet.
func readCrockford(typed string) (string, bool) {
	if len(typed) > 200 { // nobody types that; do no work on it
		return "", false
	}
	var out strings.Builder
	for _, r := range typed {
		if separator(r) {
			continue
		}
		switch r = unicode.ToUpper(r); r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > unicode.MaxASCII || !strings.ContainsRune(alphabet, r) {
			return "", false
		}
		out.WriteRune(r)
	}
	return out.String(), true
}

func group(letters string) string {
	var out strings.Builder
	for i := range len(letters) {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(letters[i])
	}
	return out.String()
}
