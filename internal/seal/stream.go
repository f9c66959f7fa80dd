package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// A sealed stream is for files too long to hold in memory: a header (version, id of the key, salt) and chunks of streamChunk bytes, each sealed with
// ChaCha20-Poly1305 under a key derived from key, salt and place for this stream alone. The nonce is the number of the chunk and whether it is the last
// one (the STREAM construction, as in age): chunks that were reordered, repeated, left out or cut off do not open.
const (
	streamVersion = 1
	streamSalt    = 32
	streamHeader  = 1 + 4 + streamSalt
	streamChunk   = 64 << 10
)

// streamAEAD derives the key of one stream. The header is part of it.
func streamAEAD(key RecordKey, header, place []byte) cipher.AEAD {
	secret, err := hkdf.Key(sha256.New, key[:], header, "folkmoot/1/stream/"+string(place), chacha20poly1305.KeySize)
	if err != nil { // only for a length beyond 255 hashes
		panic(err)
	}
	aead, err := chacha20poly1305.New(secret)
	if err != nil { // only for a key of another length
		panic(err)
	}
	return aead
}

// chunkNonce is the nonce of chunk n.
func chunkNonce(n uint64, last bool) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSize)
	binary.BigEndian.PutUint64(nonce[3:11], n)
	if last {
		nonce[11] = 1
	}
	return nonce
}

type streamWriter struct {
	to    io.Writer
	aead  cipher.AEAD
	plain []byte
	n     uint64
	err   error
}

// SealStream returns a writer that seals what is written to it, under the key and bound to the place, into to. Only Close writes the last chunk: without
// it nothing of the stream counts. The stream does not close to.
func SealStream(to io.Writer, key RecordKey, place []byte) (io.WriteCloser, error) {
	header := make([]byte, streamHeader)
	header[0] = streamVersion
	id := key.id()
	copy(header[1:5], id[:])
	rand.Read(header[5:])
	if _, err := to.Write(header); err != nil {
		return nil, err
	}
	return &streamWriter{to: to, aead: streamAEAD(key, header, place), plain: make([]byte, 0, streamChunk)}, nil
}

// Write seals every chunk but the last one, which only Close knows.
func (w *streamWriter) Write(p []byte) (written int, err error) {
	for len(p) > 0 && w.err == nil {
		if len(w.plain) == streamChunk {
			w.flush(false)
			continue
		}
		n := min(len(p), streamChunk-len(w.plain))
		w.plain = append(w.plain, p[:n]...)
		p = p[n:]
		written += n
	}
	return written, w.err
}

func (w *streamWriter) flush(last bool) {
	sealed := w.aead.Seal(nil, chunkNonce(w.n, last), w.plain, nil)
	clear(w.plain)
	w.plain = w.plain[:0]
	w.n++
	_, w.err = w.to.Write(sealed)
}

// Close seals the last chunk.
func (w *streamWriter) Close() error {
	if w.err != nil {
		return w.err
	}
	w.flush(true)
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("seal: the stream is closed")
	return nil
}

type streamReader struct {
	from   io.Reader
	aead   cipher.AEAD
	sealed []byte // one chunk, and one byte more, which tells whether it is the last
	have   int
	plain  []byte
	n      uint64
	ended  bool
}

// OpenStream returns a reader of what SealStream sealed under the same key and place. It returns ErrOtherKey at once if the stream names another key.
// Every chunk that it hands out is whole; only at io.EOF the stream is: ErrSealed means that it was altered or cut off, and what was read before counts
// for nothing.
func OpenStream(from io.Reader, key RecordKey, place []byte) (io.Reader, error) {
	header := make([]byte, streamHeader)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, cutOff(err)
	}
	if header[0] != streamVersion {
		return nil, ErrSealed
	}
	if [4]byte(header[1:5]) != key.id() {
		return nil, ErrOtherKey
	}
	return &streamReader{from: from, aead: streamAEAD(key, header, place), sealed: make([]byte, streamChunk+chacha20poly1305.Overhead+1)}, nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrSealed
	}
	return fmt.Errorf("read a sealed stream: %w", err)
}

// Read hands out chunks that were opened.
func (r *streamReader) Read(p []byte) (int, error) {
	for len(r.plain) == 0 {
		if r.ended {
			return 0, io.EOF
		}
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

// next opens one chunk.
func (r *streamReader) next() error {
	n, err := io.ReadFull(r.from, r.sealed[r.have:])
	r.have += n
	last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !last {
		return fmt.Errorf("read a sealed stream: %w", err)
	}
	size := min(r.have, streamChunk+chacha20poly1305.Overhead)
	plain, err := r.aead.Open(nil, chunkNonce(r.n, last), r.sealed[:size], nil)
	if err != nil || last && len(plain) == 0 && r.n > 0 {
		return ErrSealed
	}
	r.plain, r.ended = plain, last
	r.have = copy(r.sealed, r.sealed[size:r.have])
	r.n++
	return nil
}
