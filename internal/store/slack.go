package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// secure_delete overwrites a record where it lies. But when SQLite moves records between neighbouring pages (rebuildPage in btree.c), it
// leaves copies of those that moved away in the gap between a page's cell pointers and its cells, and never overwrites them: the
// copy outlives the record. So an erasure also fills the gaps with zeros, in the file itself.
//
// That is safe because gaps mean nothing to SQLite ("unallocated space", sqlite.org/fileformat2.html section 1.6), nobody writes
// meanwhile (see database.wipe), and the writer's connection, which may hold such pages in memory, is opened anew. The file is never
// closed before the database is: closing it would let go of SQLite's locks in this process (sqlite.org/howtocorrupt.html section 2.2).

// pendingByte is where SQLite keeps its locks; the page that holds it is never used.
const pendingByte = 1 << 30

// The kinds of page that the pointer map names as pages of a b-tree.
const (
	mapRoot  = 1
	mapBtree = 5
)

// geometry is how a database file is divided.
type geometry struct {
	pageSize int64
	usable   int64 // bytes of a page that hold data
	pages    int64
}

var errNotDatabase = errors.New("the header of the database file is damaged")

func readGeometry(file io.ReaderAt, size int64) (geometry, error) {
	header := make([]byte, 100)
	if _, err := file.ReadAt(header, 0); err != nil {
		return geometry{}, err
	}
	g := geometry{pageSize: int64(binary.BigEndian.Uint16(header[16:]))}
	if g.pageSize == 1 {
		g.pageSize = 1 << 16
	}
	g.usable = g.pageSize - int64(header[20])
	if g.pageSize < 512 || g.usable < 480 || binary.BigEndian.Uint32(header[52:]) == 0 { // 52: there is a pointer map
		return geometry{}, errNotDatabase
	}
	g.pages = size / g.pageSize
	return g, nil
}

func (g geometry) offset(page int64) int64 { return (page - 1) * g.pageSize }

// mapPage returns the page of the pointer map that has the entry of the page, and the offset of the entry in it.
func (g geometry) mapPage(page int64) (at, offset int64) {
	perMap := g.usable/5 + 1
	at = (page-2)/perMap*perMap + 2
	if g.offset(at) == pendingByte {
		at++
	}
	return at, 5 * (page - at - 1)
}

// gap returns where the gap of a b-tree page begins and ends. ok is false if the page cannot be a b-tree page.
func (g geometry) gap(number int64, page []byte) (begin, end int64, ok bool) {
	header := int64(0)
	if number == 1 {
		header = 100
	}
	size := int64(8)
	switch page[header] {
	case 2, 5: // interior pages have a pointer more
		size = 12
	case 10, 13:
	default:
		return 0, 0, false
	}
	cells := int64(binary.BigEndian.Uint16(page[header+3:]))
	end = int64(binary.BigEndian.Uint16(page[header+5:]))
	if end == 0 {
		end = 1 << 16
	}
	begin = header + size + 2*cells
	return begin, end, begin <= end && end <= g.usable
}

// slackPages returns the pages that look as if there were something in their gap.
func slackPages(file io.ReaderAt, g geometry) (found []int64, err error) {
	const together = 256
	buffer := make([]byte, together*g.pageSize)
	for first := int64(1); first <= g.pages; first += together {
		n := min(together, g.pages-first+1)
		if _, err := file.ReadAt(buffer[:n*g.pageSize], g.offset(first)); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		for i := range n {
			page := buffer[i*g.pageSize : (i+1)*g.pageSize]
			if begin, end, ok := g.gap(first+i, page); ok && !zero(page[begin:end]) {
				found = append(found, first+i)
			}
		}
	}
	return found, nil
}

// fileAt is a file that can be read and written at any place.
type fileAt interface {
	io.ReaderAt
	io.WriterAt
}

// wipeGap fills the gap of the page with zeros, if it is a page of a b-tree. Nobody may write to the database meanwhile, and its
// log must be empty.
func wipeGap(file fileAt, g geometry, number int64) error {
	if ok, err := isBtree(file, g, number); err != nil || !ok {
		return err
	}
	page := make([]byte, g.pageSize)
	if _, err := file.ReadAt(page, g.offset(number)); err != nil {
		return err
	}
	begin, end, ok := g.gap(number, page)
	if !ok {
		return fmt.Errorf("page %d: %w", number, errNotDatabase)
	}
	_, err := file.WriteAt(make([]byte, end-begin), g.offset(number)+begin)
	return err
}

// isBtree asks the pointer map what a page is: an overflow page can look like anything.
func isBtree(file io.ReaderAt, g geometry, number int64) (bool, error) {
	if number == 1 {
		return true, nil
	}
	at, offset := g.mapPage(number)
	if at == number || g.offset(number) == pendingByte {
		return false, nil
	}
	kind := []byte{0}
	_, err := file.ReadAt(kind, g.offset(at)+offset)
	return kind[0] == mapRoot || kind[0] == mapBtree, err
}

func zero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}
