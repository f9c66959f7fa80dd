package page_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/ui/page"
)

// serveFile serves one streamed file on a real connection.
func serveFile(t *testing.T, write func(ctx context.Context, w io.Writer) error) (address string) {
	t.Helper()
	k, _ := scenarioKit(t, nil)
	k.Routes(page.Public, "").Get("/file", func(c *fiber.Ctx) error { return page.Stream(c, "file.csv", "text/csv; charset=utf-8", write) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = k.App().Listener(l) }()
	t.Cleanup(func() { _ = k.App().ShutdownWithTimeout(time.Second) })
	return "http://" + l.Addr().String() + "/file"
}

func TestStreamFails(t *testing.T) {
	broken := errors.New("secret cause")
	piece := strings.Repeat("x", 1<<17)
	for _, row := range []struct {
		name   string
		write  func(context.Context, io.Writer) error
		status int
		whole  bool
		why    string
	}{
		{"nothing", func(context.Context, io.Writer) error { return nil }, 200, true, "an empty file is one"},
		{"whole", func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, piece+piece); return err }, 200, true, ""},
		{"at the start", func(context.Context, io.Writer) error {
			return fault.Wrap(broken, fault.Unavailable, "error.unavailable")
		}, 503, true, "nothing has left: an error page"},
		{"a panic at the start", func(context.Context, io.Writer) error { panic("secret") }, 500, true, "nor does the program end"},
		{"in the middle", func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, piece)
			return errors.Join(err, broken)
		}, 200, false, "half a file must not look whole"},
	} {
		r, err := http.Get(serveFile(t, row.write))
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if r.StatusCode != row.status || (err == nil) != row.whole {
			t.Errorf("%s: %d, read %d bytes, %v; want %d, whole %v: %s", row.name, r.StatusCode, len(body), err, row.status, row.whole, row.why)
		}
		if strings.Contains(string(body), "secret") {
			t.Errorf("%s: the cause is shown", row.name)
		}
		if row.status != 200 && r.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: an error page is offered as a file", row.name)
		}
	}
}

// TestStreamOutlivesTheRequest makes a file for longer than a request, or writing an answer, may otherwise take.
func TestStreamOutlivesTheRequest(t *testing.T) {
	t.Parallel()
	address := serveFile(t, func(ctx context.Context, w io.Writer) error {
		for range 4 {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<17)); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(4500 * time.Millisecond):
			}
		}
		return nil
	})
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || len(body) != 4<<17 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

func TestStreamEndsWithItsReader(t *testing.T) {
	ended := make(chan error, 1)
	r, err := http.Get(serveFile(t, func(ctx context.Context, w io.Writer) error {
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				<-ctx.Done()
				ended <- err
				return err
			}
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	select {
	case err := <-ended:
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("somebody goes on writing for nobody")
	}
}
