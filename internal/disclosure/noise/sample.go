package noise

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math/big"
	"math/bits"
)

// source is an unending stream of bits, the same for the same key.
type source struct {
	stream cipher.Stream
	buffer [256]byte
	left   []byte
}

// newSource starts the stream of a key of 32 bytes: AES-256 in counter mode.
func newSource(key []byte) *source {
	block, err := aes.NewCipher(key)
	if err != nil { // only for a key of another length: a programming error
		panic(err)
	}
	return &source{stream: cipher.NewCTR(block, make([]byte, aes.BlockSize))}
}

func (s *source) bits64() uint64 {
	if len(s.left) == 0 {
		clear(s.buffer[:])
		s.stream.XORKeyStream(s.buffer[:], s.buffer[:])
		s.left = s.buffer[:]
	}
	v := binary.LittleEndian.Uint64(s.left)
	s.left = s.left[8:]
	return v
}

// below returns an evenly distributed number from 0 to n-1, n at least 1: what would favour some numbers is thrown away.
func (s *source) below(n uint64) uint64 {
	for {
		hi, lo := bits.Mul64(s.bits64(), n)
		if lo >= -n%n {
			return hi
		}
	}
}

// bernoulli is true with probability num/den, exactly; num is at most den.
func (s *source) bernoulli(num, den uint64) bool { return s.below(den) < num }

// exp is true with probability exp(-num/den), exactly (Canonne, Kamath and Steinke 2020, algorithm 1).
func (s *source) exp(num, den uint64) bool {
	for ; num > den; num -= den {
		if !s.expUnit(1, 1) {
			return false
		}
	}
	return s.expUnit(num, den)
}

// expUnit is exp for num at most den: the chance that the first failure of Bernoulli trials of num/den, num/2den,
// num/3den ... is an odd one.
func (s *source) expUnit(num, den uint64) bool {
	for k := uint64(1); ; k++ {
		// num/(k den) is two trials, one of num/den and one of 1/k, so that nothing overflows.
		if !s.bernoulli(num, den) || !s.bernoulli(1, k) {
			return k%2 == 1
		}
	}
}

// laplace returns y with probability proportional to exp(-|y|/t), exactly (algorithm 2 with s = 1).
func (s *source) laplace(t uint64) int64 {
	for {
		u := s.below(t)
		if !s.exp(u, t) {
			continue
		}
		v := uint64(0)
		for s.expUnit(1, 1) {
			v++
		}
		y := int64(u + t*v)
		if negative := s.bernoulli(1, 2); !negative {
			return y
		} else if y > 0 {
			return -y
		}
	}
}

// gauss returns y with probability proportional to exp(-y^2 / 2 sigma^2), exactly (algorithm 3).
func (s *source) gauss(v Variance) int64 {
	t := v.root() + 1
	for {
		y := s.laplace(t)
		// Accept with exp(-(|y| - sigma^2/t)^2 / 2 sigma^2), which is exp(-num/den) in whole numbers.
		x := new(big.Int).Abs(big.NewInt(y))
		x.Mul(x, new(big.Int).SetUint64(t)).Mul(x, new(big.Int).SetUint64(v.Den)).Sub(x, new(big.Int).SetUint64(v.Num))
		x.Mul(x, x)
		den := new(big.Int).SetUint64(2 * v.Num)
		den.Mul(den, new(big.Int).SetUint64(v.Den)).Mul(den, new(big.Int).SetUint64(t)).Mul(den, new(big.Int).SetUint64(t))
		if s.expBig(x, den) {
			return y
		}
	}
}

// expBig is exp for numbers of any size.
func (s *source) expBig(num, den *big.Int) bool {
	whole, rest := new(big.Int).QuoRem(num, den, new(big.Int))
	for n := whole.Uint64(); n > 0; n-- {
		if !s.expUnit(1, 1) {
			return false
		}
	}
	if den.IsUint64() {
		return s.expUnit(rest.Uint64(), den.Uint64())
	}
	for k := uint64(1); ; k++ {
		if !s.bernoulliBig(rest, den) || !s.bernoulli(1, k) {
			return k%2 == 1
		}
	}
}

// bernoulliBig is bernoulli for numbers of any size: it compares binary digits of a random number with those of
// num/den until they differ.
func (s *source) bernoulliBig(num, den *big.Int) bool {
	rest := new(big.Int).Set(num)
	for {
		rest.Lsh(rest, 1)
		digit := rest.Cmp(den) >= 0
		if digit {
			rest.Sub(rest, den)
		}
		if coin := s.bits64()&1 == 1; coin != digit {
			return digit
		}
	}
}
