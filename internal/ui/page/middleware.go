package page

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// contentPolicy allows what is served from here and nothing else: no inline script or style, no frame, no plug-in.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// begin makes the request's state, its deadline and the headers that every response carries, whatever happens later.
func (k *Kit) begin(c *fiber.Ctx) error {
	s := state(c)
	s.kit = k
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	k.secureHeaders(&c.Response().Header)
	return c.Next()
}

// guardMethods answers methods that Fiber does not know: it would answer them itself, before any middleware and so
// without headers.
func (k *Kit) guardMethods() {
	server := k.app.Server()
	inner := server.Handler
	server.Handler = func(ctx *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			inner(ctx)
			return
		}
		k.secureHeaders(&ctx.Response.Header)
		ctx.SetStatusCode(fiber.StatusMethodNotAllowed)
		ctx.SetContentType(fiber.MIMETextPlainCharsetUTF8)
	}
}

// secureHeaders sets the headers of security.md T12 on every response, errors included.
func (k *Kit) secureHeaders(h *fasthttp.ResponseHeader) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if k.options.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// recoverPanic turns a panic into a 500. Without it one panic would end the whole program.
func (k *Kit) recoverPanic(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			k.options.Log.Error("panic", "route", c.Route().Path, "what", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = k.handleError(c, fiber.ErrInternalServerError)
		}
	}()
	return c.Next()
}

// finish runs the request, answers its error, saves the session before the response leaves, and logs one line: the
// route's pattern, the status and the time; no address, no query and no name, which could single someone out.
func (k *Kit) finish(c *fiber.Ctx) error {
	start := time.Now()
	if err := k.safely(c); err != nil {
		if err := k.handleError(c, err); err != nil {
			return err
		}
	}
	if err := state(c).save(c); err != nil {
		c.Response().Header.Del(fiber.HeaderLocation) // what was to be seen there is not kept
		if err := k.handleError(c, err); err != nil {
			return err
		}
	}
	level := slog.LevelInfo
	if c.Response().StatusCode() >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	k.options.Log.Log(c.UserContext(), level, "request", "method", c.Method(), "route", c.Route().Path,
		"status", c.Response().StatusCode(), "ms", float64(time.Since(start).Microseconds())/1000)
	return nil
}

// safely runs the rest of the chain and turns a panic in it into an error, so that even then headers, session and log
// are dealt with.
func (k *Kit) safely(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return c.Next()
}

// frontCheck refuses what a proxy and we could read differently: a length and a transfer encoding together, or two
// hosts (request smuggling, security.md 1.4).
func (k *Kit) frontCheck(c *fiber.Ctx) error {
	raw := strings.ToLower(string(c.Request().Header.RawHeaders()))
	length := strings.Contains(raw, "\ncontent-length:") || strings.HasPrefix(raw, "content-length:")
	if i := strings.Index("\n"+raw, "\ntransfer-encoding:"); i >= 0 {
		value, _, _ := strings.Cut(raw[i+len("transfer-encoding:"):], "\r\n")
		if length || strings.TrimSpace(value) != "chunked" {
			return fiber.ErrBadRequest
		}
	}
	if strings.Count("\n"+raw, "\nhost:") > 1 {
		return fiber.ErrBadRequest
	}
	return c.Next()
}
