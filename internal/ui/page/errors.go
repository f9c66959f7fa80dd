package page

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
)

// statuses maps the kinds of failure to what a browser is told.
var statuses = map[fault.Kind]int{
	fault.Internal:    fiber.StatusInternalServerError,
	fault.Invalid:     fiber.StatusUnprocessableEntity,
	fault.NotFound:    fiber.StatusNotFound,
	fault.Conflict:    fiber.StatusConflict,
	fault.Forbidden:   fiber.StatusForbidden,
	fault.Closed:      fiber.StatusGone,
	fault.Throttled:   fiber.StatusTooManyRequests,
	fault.Unavailable: fiber.StatusServiceUnavailable,
}

// errorTitles are the message keys of the error pages' headings, by status.
var errorTitles = map[int]string{
	fiber.StatusBadRequest:                  "error.title.bad_request",
	fiber.StatusForbidden:                   "error.title.forbidden",
	fiber.StatusNotFound:                    "error.title.not_found",
	fiber.StatusMethodNotAllowed:            "error.title.method",
	fiber.StatusRequestTimeout:              "error.title.timeout",
	fiber.StatusConflict:                    "error.title.conflict",
	fiber.StatusGone:                        "error.title.closed",
	fiber.StatusRequestEntityTooLarge:       "error.title.too_large",
	fiber.StatusUnsupportedMediaType:        "error.title.bad_request",
	fiber.StatusMisdirectedRequest:          "error.title.not_found",
	fiber.StatusUnprocessableEntity:         "error.title.invalid",
	fiber.StatusTooManyRequests:             "error.title.throttled",
	fiber.StatusRequestHeaderFieldsTooLarge: "error.title.too_large",
	fiber.StatusInternalServerError:         "error.title.internal",
	fiber.StatusServiceUnavailable:          "error.title.unavailable",
}

// errorTexts say what to do, where the failure brought no message of its own.
var errorTexts = map[int]string{
	fiber.StatusBadRequest:                  "error.text.bad_request",
	fiber.StatusForbidden:                   "error.text.forbidden",
	fiber.StatusNotFound:                    "error.text.not_found",
	fiber.StatusMethodNotAllowed:            "error.text.method",
	fiber.StatusRequestTimeout:              "error.text.timeout",
	fiber.StatusRequestEntityTooLarge:       "error.text.too_large",
	fiber.StatusMisdirectedRequest:          "error.text.host",
	fiber.StatusUnsupportedMediaType:        "error.text.bad_request",
	fiber.StatusRequestHeaderFieldsTooLarge: "error.text.headers",
	fiber.StatusInternalServerError:         "error.text.internal",
	fiber.StatusServiceUnavailable:          "error.text.unavailable",
}

// ErrorPage is the view of every error page.
type ErrorPage struct {
	*Page
	Text    string
	Contact bool // say how to reach the council
}

// statusOf returns the status of any error.
func statusOf(err error) int {
	var f *fault.Error
	if errors.As(err, &f) {
		if status, ok := statuses[f.Kind]; ok {
			return status
		}
		return fiber.StatusInternalServerError
	}
	var e *fiber.Error
	if errors.As(err, &e) {
		if _, ok := errorTitles[e.Code]; ok {
			return e.Code
		}
		if e.Code < fiber.StatusInternalServerError {
			return fiber.StatusBadRequest
		}
	}
	return fiber.StatusInternalServerError
}

// handleError answers an error with its status and a translated page. The text of an internal error reaches the log
// only; what anybody else is told is the fault's own message.
func (k *Kit) handleError(c *fiber.Ctx, err error) error {
	if fault.Is(err, fault.Unauthenticated) {
		return k.askToSignIn(c)
	}
	status := statusOf(err)
	if status >= fiber.StatusInternalServerError {
		k.options.Log.Error("failed", "route", c.Route().Path, "status", status, "error", err.Error())
	}
	if (status == fiber.StatusServiceUnavailable || status == fiber.StatusTooManyRequests) && len(c.Response().Header.Peek(fiber.HeaderRetryAfter)) == 0 {
		RetryAfter(c, err)
	}
	p := k.Page(c, errorTitles[status])
	p.Bare = status >= fiber.StatusInternalServerError // nothing on the page may need what has just failed
	v := ErrorPage{Page: p, Contact: status >= fiber.StatusInternalServerError}
	v.Text = p.T(errorTexts[status])
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Internal {
		v.Text = p.T(f.Key, f.Args...)
	}
	if err := k.Render(c, status, "public/error", v); err != nil {
		k.options.Log.Error("error page", "error", err.Error())
		c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		return c.SendString(p.Title + "\n")
	}
	return nil
}

// someTime is what somebody is asked to wait where nobody knows how long it takes.
const someTime = 30 * time.Second

// RetryAfter says in a header how long to wait: as long as err says, rounded up to whole seconds.
func RetryAfter(c *fiber.Ctx, err error) {
	wait := someTime
	var f *fault.Error
	if errors.As(err, &f) && f.After > 0 {
		wait = f.After
	}
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int((wait+time.Second-1)/time.Second)))
}

// longestNext is how much of an address is taken along to the sign-in page, so that the address of that page stays one that
// browsers and proxies take.
const longestNext = 2000

// askToSignIn sends somebody who is not signed in to do so and back again.
func (k *Kit) askToSignIn(c *fiber.Ctx) error {
	to := k.options.SignIn
	if c.Method() == fiber.MethodGet {
		to = k.SignIn(Here(c))
	}
	return Redirect(c, to)
}

// Here returns the path of the request, without its language, and its query unless that is too long: where somebody wanted to go.
func Here(c *fiber.Ctx) string {
	here := state(c).path
	if query := string(c.Request().URI().QueryString()); query != "" && len(here)+len(query) < longestNext {
		here += "?" + query
	}
	return here
}

// Onward returns the address of a page of this service that leads on to next.
func Onward(to, next string) string { return to + "?next=" + queryEscape(next) }

// SignIn returns the path of the sign-in page that leads on to next.
func (k *Kit) SignIn(next string) string { return Onward(k.options.SignIn, next) }

// SafeNext returns next if it is a path of this service, else fallback: nobody is sent elsewhere after signing in.
func SafeNext(next, fallback string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return fallback
	}
	return next
}

// lastResort answers what never reached the middleware: requests that fasthttp refused (413, 431, 408), unknown
// addresses and methods.
func (k *Kit) lastResort(c *fiber.Ctx, err error) error {
	k.secureHeaders(&c.Response().Header)
	s := state(c)
	s.kit = k
	return k.handleError(c, err)
}
