package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// A postcode that a question keeps lies sealed apart from the free text, under a key of its own, so that it can be erased on a timer while the ward, which is a coded
// answer, and what the person wrote stay (councils.md S0-2: "derive ward … from a local lookup file, then drop or coarsen the postcode on a timer"). A postcode whose key
// is gone was coarsened, or is just being.

// postcodeMark stands in the names of the keys of postcodes.
const postcodeMark = ".postcode"

// PostcodeKey names the key of the kept postcodes of a response. It goes with the response (KeyStore.DestroyKeys), and with it what is named after it: postcodes that
// stood there before a correction.
func PostcodeKey(responseID string) string { return responseID + postcodeMark }

// newPostcodeHistoryKey is newHistoryKey for a postcode that stood there.
func newPostcodeHistoryKey(responseID string) string {
	return PostcodeKey(responseID) + "." + seal.RandomID()
}

// ofPostcode reports whether the key of an entry of a history goes with the postcodes.
func ofPostcode(keyID string) bool { return strings.Contains(keyID, postcodeMark+".") }

// recordOf is the response that a key belongs to.
func recordOf(keyID string) string {
	id, _, _ := strings.Cut(keyID, ".")
	return id
}

func postcodePlace(id string) []byte { return seal.Place("response", id, "postcodes") }

// keepsPostcode reports whether a question of the survey keeps the postcode beside the ward.
func keepsPostcode(def *survey.Definition) bool {
	for _, q := range def.Questions() {
		if q.Kind == survey.Postcode && q.Keep == "postcode" {
			return true
		}
	}
	return false
}

// keepsIn is keepsPostcode for a published survey version. What a version asks never changes, and there may be more of them than definitions are kept in memory.
func (s *Service) keepsIn(r Reader, version string) (bool, error) {
	if known, ok := s.keeping.Load(version); ok {
		return known.(bool), nil
	}
	def, err := s.definition(r, version)
	if err != nil {
		return false, err
	}
	s.keeping.Store(version, keepsPostcode(def))
	return keepsPostcode(def), nil
}

// apart takes the postcodes out of sealed texts by question. Neither map is ever nil.
func apart(def *survey.Definition, sealed map[string]string) (texts, postcodes map[string]string) {
	texts, postcodes = map[string]string{}, map[string]string{}
	for id, text := range sealed {
		if q, _ := def.Question(id); q.Kind == survey.Postcode {
			postcodes[id] = text
		} else {
			texts[id] = text
		}
	}
	return texts, postcodes
}

// together are texts and postcodes together, by question.
func together(texts, postcodes map[string]string) map[string]string {
	out := make(map[string]string, len(texts)+len(postcodes))
	for id, text := range texts {
		out[id] = text
	}
	for id, text := range postcodes {
		out[id] = text
	}
	return out
}

// sealPostcodes is sealTexts for kept postcodes: the key is stored first.
func (s *Service) sealPostcodes(ctx context.Context, r *Response, postcodes map[string]string) error {
	key, err := s.keyWith(ctx, PostcodeKey(r.ID), s.Keys.WordTags(r.ID, wordsOf(postcodes)))
	if err != nil {
		return err
	}
	r.Postcodes, err = sealPostcodesWith(key, r.ID, postcodes)
	return err
}

func sealPostcodesWith(key seal.RecordKey, id string, postcodes map[string]string) ([]byte, error) {
	plain, err := json.Marshal(postcodes)
	if err != nil {
		return nil, fmt.Errorf("encode postcodes: %w", err)
	}
	return seal.SealWith(key, plain, postcodePlace(id)), nil
}

// unsealPostcodes returns the kept postcodes of a response by question. wrapped is the key that PostcodeKey names.
func (s *Service) unsealPostcodes(r *Response, wrapped []byte) (postcodes map[string]string, key seal.RecordKey, err error) {
	if key, err = s.Keys.Unwrap(wrapped, PostcodeKey(r.ID)); err != nil {
		return nil, key, fmt.Errorf("open postcodes: %w", err)
	}
	plain, err := seal.OpenWith(key, r.Postcodes, postcodePlace(r.ID))
	if err != nil {
		return nil, key, fmt.Errorf("open postcodes: %w", err)
	}
	if err := json.Unmarshal(plain, &postcodes); err != nil {
		return nil, key, fmt.Errorf("open postcodes: %w", err)
	}
	return postcodes, key, nil
}

// openPostcodes opens the kept postcodes of a response into its answers: for the respondent and for the data protection officer, and for nobody else. One that was
// coarsened, or is just being, is left out: the ward stays.
func (s *Service) openPostcodes(ctx context.Context, r *Response) error {
	if len(r.Postcodes) == 0 {
		return nil
	}
	wrapped, err := s.Store.Keys().Key(ctx, PostcodeKey(r.ID))
	if fault.Is(err, fault.NotFound) {
		r.Postcodes = nil
		return nil
	}
	if err != nil {
		return err
	}
	postcodes, _, err := s.unsealPostcodes(r, wrapped)
	if err != nil {
		return err
	}
	r.Answers, r.Postcodes = join(r.Answers, postcodes), nil
	return nil
}
