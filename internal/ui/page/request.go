package page

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

const (
	welshPrefix = "/cy"
	stateKey    = "folkmoot"
)

// requestState is what the kit knows about one request. It lives in the request's locals and dies with it.
type requestState struct {
	kit     *Kit
	lang    locale.Lang
	path    string // without the language prefix and the query
	area    Area
	form    survey.Form
	nav     Nav
	session *SessionData

	admitted bool // its new session is counted already
}

// state returns the request's state. Before the first middleware has run (a request that fasthttp refused) it makes
// one, so that an error page can always be written.
func state(c *fiber.Ctx) *requestState {
	if s, ok := c.Locals(stateKey).(*requestState); ok {
		return s
	}
	s := &requestState{area: Public}
	s.lang, s.path = splitLang(c.Path())
	c.Locals(stateKey, s)
	return s
}

// splitLang takes the language off a path: "/cy/help" is Welsh and "/help".
func splitLang(path string) (locale.Lang, string) {
	if path == welshPrefix {
		return locale.Welsh, "/"
	}
	if rest, ok := strings.CutPrefix(path, welshPrefix+"/"); ok {
		return locale.Welsh, "/" + rest
	}
	return locale.English, path
}

// Lang returns the language of the request, which its address decides.
func Lang(c *fiber.Ctx) locale.Lang { return state(c).lang }

// To returns the address of path in the language of the request. An address that is not a path of this service
// comes back unchanged.
func To(c *fiber.Ctx, path string) string { return inLang(state(c).lang, path) }

func inLang(l locale.Lang, path string) string {
	if l != locale.Welsh || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return path
	}
	if path == "/" {
		return welshPrefix
	}
	if rest, ok := strings.CutPrefix(path, "/?"); ok {
		return welshPrefix + "?" + rest
	}
	return welshPrefix + path
}

// Address returns the public address of the service without a slash at the end, to put before a path that people read and copy. It
// is a setting, not what the request's Host header claims.
func Address(c *fiber.Ctx) string {
	if k := state(c).kit; k != nil && k.options.Address != "" {
		return k.options.Address
	}
	return c.BaseURL()
}

// Redirect sends the browser to a path of this service in the language of the request, with 303: what answers a
// form is a page of its own, so that reloading it sends nothing twice.
func Redirect(c *fiber.Ctx, path string) error {
	return c.Redirect(To(c, path), fiber.StatusSeeOther)
}

// SetNav gives the request's pages their service navigation. The handler in front of an area calls it.
func SetNav(c *fiber.Ctx, nav Nav) { state(c).nav = nav }

// SchemaPath is where editors of survey definitions find the JSON Schema.
const SchemaPath = "/survey.schema.json"

// Download answers with a file. Its name is made of a slug or an id, never of what somebody typed.
func Download(c *fiber.Ctx, name, kind string, content []byte) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(content)
}
