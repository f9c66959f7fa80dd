package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// FormatFrozen is the first field of a frozen definition.
const FormatFrozen = "folkmoot/frozen/1"

type frozen struct {
	Format     string      `json:"format"`
	Definition *Definition `json:"definition"`
}

// Freeze writes a definition with everything that was resolved for it: the wording of equality questions and label sets as the bank had
// them at that moment. A source names them only, so that a later bank would change what it asks; a published survey must
// not change under the people who answered it (privacy.md 2, decision 4). The same definition gives the same bytes.
func Freeze(d *Definition) ([]byte, error) {
	raw, err := json.Marshal(frozen{FormatFrozen, d})
	if err != nil {
		return nil, fmt.Errorf("survey: freeze: %w", err)
	}
	return raw, nil
}

// Thaw reads a frozen definition back, whatever the bank says now. It returns an error for anything that Freeze did not write.
func Thaw(raw []byte) (*Definition, error) {
	var f frozen
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields() // a field of a later version that is dropped could be the one that hides a question
	if err := in.Decode(&f); err != nil {
		return nil, fmt.Errorf("survey: thaw: %w", err)
	}
	if f.Format != FormatFrozen || f.Definition == nil || in.More() {
		return nil, errors.New("survey: thaw: not a frozen definition")
	}
	return f.Definition, nil
}
