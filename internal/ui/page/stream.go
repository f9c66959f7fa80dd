package page

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
)

// streamTimeout is how long a file that is made while it leaves may take in all. What a request may otherwise take is too short for a hundred
// thousand responses over a slow line.
const streamTimeout = 15 * time.Minute

// Stream answers with a file that write makes while it leaves, so that it may be of any length. A failure before the first bytes is an error
// page. One after them breaks the connection, so that nobody takes half a file for a whole one. write gets a context of its own, which
// outlives the handler and ends when the browser goes away, and must use nothing of the request.
func Stream(c *fiber.Ctx, name, kind string, write func(ctx context.Context, w io.Writer) error) error {
	offer := func() {
		c.Set(fiber.HeaderContentType, kind)
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	}
	if c.Method() == fiber.MethodHead {
		offer()
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), streamTimeout)
	out, in := io.Pipe()
	log := state(c).kit.options.Log
	go func() {
		defer cancel()
		err := writeSafely(ctx, in, write)
		_ = in.CloseWithError(err) // nil ends the file
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			log.Error("file broken off", "error", err.Error())
		}
	}()
	body := &stream{buffered: bufio.NewReaderSize(out, 1<<16), pipe: out, cancel: cancel, conn: c.Context().Conn()}
	if _, err := body.buffered.Peek(1); err != nil && !errors.Is(err, io.EOF) {
		return errors.Join(err, body.Close())
	}
	offer()
	c.Context().SetBodyStream(body, -1)
	return nil
}

// writeSafely turns a panic into an error: it is in no handler, and would end the program.
func writeSafely(ctx context.Context, w io.Writer, write func(ctx context.Context, w io.Writer) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return write(ctx, w)
}

// stream is the body on its way to the browser.
type stream struct {
	buffered *bufio.Reader
	pipe     *io.PipeReader
	cancel   context.CancelFunc
	conn     net.Conn // nil where there is none
}

// Read returns what comes next. The time to write counts for each piece anew: a slow line is no fault, a dead one still is.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.buffered.Read(p)
	if s.conn != nil {
		if err := s.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return 0, err
		}
	}
	return n, err
}

// Close tells whoever writes that nobody reads any more.
func (s *stream) Close() error {
	s.cancel()
	return s.pipe.Close()
}
