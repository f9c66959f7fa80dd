package noise

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"folkmoot/internal/fault"
)

// Cell keys are the way of the Office for National Statistics and the Australian Bureau of Statistics (disclosure.md 3.5): every record has
// a random key, the key of a cell is the sum of those of its records, and a table, the perturbation table, says for each
// count and cell key what is added. So the same people counted again have the same noise. The noise is bounded, so somebody who knows
// the bound can do arithmetic with it; whether that tells anything has to be tried for each release. Package noise only draws it.

// CellKeys is how many keys a record can have.
const CellKeys = 256

// Bounds of the perturbation. With 1 and 2 single cells of a table of 216 could be worked out by linear programming; with 3 none. With 10 an empty
// cell could come out as 10, and all of them would, because they all have the key 0.
const (
	MinPerturbation = 3
	MaxPerturbation = 9
)

// RecordKey is the secret random number of one record.
type RecordKey uint8

// NewRecordKey draws a key from the operating system. It hangs on nothing that the record says.
func NewRecordKey() RecordKey {
	var b [1]byte
	rand.Read(b[:])
	return RecordKey(b[0])
}

// Perturbation is a perturbation table. It has a row for each count; in each row every whole number from -Bound to Bound stands for the same
// number of cell keys, in a secret order, and what is left of the 256 keys stands for 0. So its mean is 0, exactly, and nothing within the bound is
// more likely than the rest.
type Perturbation struct {
	Bound int    `json:"bound"` // the most that is added or taken away
	Key   []byte `json:"key"`   // of the order; secret, 32 bytes
	rows  map[int][CellKeys]int8
}

// NewPerturbation returns a table with an order of its own. fault.Invalid if the bound is not from 3 to 9.
func NewPerturbation(bound int) (*Perturbation, error) {
	p := &Perturbation{Bound: bound, Key: make([]byte, minKey)}
	rand.Read(p.Key)
	return p, p.Check()
}

// Check returns fault.Invalid if the bound is not from 3 to 9 or the key is too short.
func (p *Perturbation) Check() error {
	if p.Bound < MinPerturbation || p.Bound > MaxPerturbation {
		return fault.New(fault.Invalid, "disclosure.noise.perturbation", "Min", MinPerturbation, "Max", MaxPerturbation)
	}
	if len(p.Key) < minKey {
		return fault.New(fault.Invalid, "disclosure.noise.key", "Min", minKey)
	}
	return nil
}

// Perturb returns what is printed for a count whose records' keys have the sum: between count-Bound and count+Bound. It may be below 0.
func (p *Perturbation) Perturb(count int, sum uint64) int {
	row, ok := p.rows[count]
	if !ok {
		row = p.row(count)
		if p.rows == nil {
			p.rows = map[int][CellKeys]int8{}
		}
		p.rows[count] = row
	}
	return count + int(row[sum%CellKeys])
}

// row makes the row of a count.
func (p *Perturbation) row(count int) (row [CellKeys]int8) {
	mac := hmac.New(sha256.New, p.Key)
	fmt.Fprintf(mac, "perturbation/%d/", p.Bound)
	_ = binary.Write(mac, binary.BigEndian, int64(count)) // a hash takes everything
	random := newSource(mac.Sum(nil))
	values := 2*p.Bound + 1
	for i := range row {
		if each := CellKeys / values; i < each*values {
			row[i] = int8(i%values - p.Bound)
		}
	}
	for i := CellKeys - 1; i > 0; i-- {
		j := random.below(uint64(i + 1))
		row[i], row[j] = row[j], row[i]
	}
	return row
}
