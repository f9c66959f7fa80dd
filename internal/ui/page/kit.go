package page

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/web"
)

// The limits of one request (security.md T13).
const (
	BodyLimit      = 256 << 10        // bytes of a request body; more is 413
	FieldLimit     = 200              // fields of a form; more is 400
	headerLimit    = 16 << 10         // bytes of all headers together; more is 431
	readTimeout    = 5 * time.Second  // for a whole request to arrive; without it slow clients hold connections for ever
	writeTimeout   = 15 * time.Second // for a whole response to leave
	idleTimeout    = 30 * time.Second // between two requests of one connection
	requestTimeout = 10 * time.Second // of the context that handlers pass to the service
)

// Options is what a Kit is made of. Fields without "optional" must be set.
type Options struct {
	Catalogue *locale.Catalogue
	Council   func() privacy.Council // the current settings; never fails, called on every page
	Sessions  SessionRows
	// CookieKeys sign the session cookie, newest first, at least 32 bytes each. A retired key stays in the list
	// for as long as the longest session lives.
	CookieKeys [][]byte

	Address string // optional: public address without a slash at the end; default what the browser asked for
	// OnlyAddress refuses requests for another host than that of Address.
	OnlyAddress bool

	HTTPS   bool   // the service is reached over https: __Host- cookies, Secure, HSTS
	Demo    bool   // every page says loudly that this is a demonstration
	SignIn  string // optional: path of the sign-in page, default "/sign-in"
	Version string // optional: shown nowhere but in the log

	Log    *slog.Logger     // optional: default slog.Default()
	Now    func() time.Time // optional: default time.Now
	Limits Limits           // optional: default none
	Files  fs.FS            // optional: templates, default web.Templates()
	// TrustedProxies are the addresses whose X-Forwarded-* headers are believed; default none.
	TrustedProxies []string
}

// Kit is what every page is built from. It never changes after New and is safe for concurrent use.
type Kit struct {
	options  Options
	app      *fiber.App
	views    map[viewKey]*view
	assets   *assets
	sessions *sessionStore
	origin   *http.CrossOriginProtection
	proxies  []netip.Prefix
	limits   limits
	host     string // the only one that requests may be for; "" for any
	routes   []Route
}

// New reads the templates and assets and makes the application with its middleware. It returns an error for a
// template that does not parse, for missing assets (web.ErrNotBuilt) and for options that would not be safe.
func New(o Options) (*Kit, error) {
	if o.Catalogue == nil || o.Council == nil || o.Sessions == nil {
		return nil, errors.New("page: catalogue, council and sessions are needed")
	}
	o = withDefaults(o)
	k := &Kit{options: o, origin: http.NewCrossOriginProtection(), limits: newLimits(o.Limits)}
	var err error
	if k.sessions, err = newSessionStore(o); err != nil {
		return nil, err
	}
	if k.proxies, err = trustedPrefixes(o.TrustedProxies); err != nil {
		return nil, err
	}
	if k.host, err = k.readAddress(); err != nil {
		return nil, err
	}
	dist, manifest, err := web.Assets()
	if err != nil {
		return nil, err
	}
	if k.assets, err = loadAssets(dist, manifest); err != nil {
		return nil, err
	}
	if k.views, err = loadViews(k, o.Files); err != nil {
		return nil, fmt.Errorf("page: templates: %w", err)
	}
	k.app = fiber.New(k.config())
	k.guardMethods()
	k.app.Use(k.begin, k.recoverPanic, k.finish, k.frontCheck, k.checkHost, k.limitRequests)
	k.serveAssets()
	return k, nil
}

func withDefaults(o Options) Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.SignIn == "" {
		o.SignIn = "/sign-in"
	}
	if o.Files == nil {
		o.Files = web.Templates()
	}
	return o
}

// config is the one place where Fiber is configured. Every line departs from a default for a reason.
func (k *Kit) config() fiber.Config {
	return fiber.Config{
		Immutable:               true,  // else strings change under whoever keeps them (security.md 1.2)
		CaseSensitive:           true,  // one address per page
		StrictRouting:           false, // a trailing slash typed by hand still finds the page
		UnescapePath:            true,  // parameters arrive decoded once
		ReadTimeout:             readTimeout,
		WriteTimeout:            writeTimeout,
		IdleTimeout:             idleTimeout,
		BodyLimit:               BodyLimit,
		ReadBufferSize:          headerLimit,
		EnableTrustedProxyCheck: true, // else X-Forwarded-Host of anyone is believed
		TrustedProxies:          k.options.TrustedProxies,
		// A malformed upload is refused by Form, with a page in the language of the address, not while it is being read.
		DisablePreParseMultipartForm: true,
		DisableStartupMessage:        true,
		ErrorHandler:                 k.lastResort,
		ServerHeader:                 "",
	}
}

// App returns the application, to listen with and to test.
func (k *Kit) App() *fiber.App { return k.app }

// Catalogue returns the messages.
func (k *Kit) Catalogue() *locale.Catalogue { return k.options.Catalogue }

// Now returns the present moment by the kit's clock.
func (k *Kit) Now() time.Time { return k.options.Now() }

// T returns a message in the language of the request.
func (k *Kit) T(c *fiber.Ctx, key string, args ...any) string {
	return k.options.Catalogue.T(Lang(c), key, args...)
}

// Area is one side of the service. It decides the layout's navigation and which session a request has.
type Area string

// The areas.
const (
	Public  Area = "public"
	Office  Area = "office"
	Partner Area = "partner"
)

// Route is one registered address, without the language prefix.
type Route struct {
	Method, Path string
	Area         Area
}

// All returns every registered page, for tests that must visit each.
func (k *Kit) All() []Route { return k.routes }

// HasPage reports whether the address of a form is also that of a page, where its form can be found again.
func (k *Kit) HasPage(c *fiber.Ctx) bool {
	_, pattern := splitLang(c.Route().Path)
	return slices.ContainsFunc(k.routes, func(r Route) bool { return r.Method == fiber.MethodGet && r.Path == pattern })
}

// Routes registers handlers below one prefix of one area.
type Routes struct {
	kit    *Kit
	area   Area
	prefix string
	before []fiber.Handler
	ended  fiber.Handler // optional
}

// Ended makes ended answer a form whose session is gone (it ended, or the browser refuses cookies), instead of the error
// page about forged requests. Nothing may be stored there: nobody knows where the form came from.
func (r *Routes) Ended(ended fiber.Handler) *Routes {
	out := *r
	out.ended = ended
	return &out
}

// Routes returns a registrar for the area and prefix ("" or "/office"). The handlers in before run first, in order.
func (k *Kit) Routes(area Area, prefix string, before ...fiber.Handler) *Routes {
	return &Routes{kit: k, area: area, prefix: strings.TrimSuffix(prefix, "/"), before: before}
}

// Group returns a registrar below r with more handlers in front.
func (r *Routes) Group(prefix string, before ...fiber.Handler) *Routes {
	all := append(append([]fiber.Handler{}, r.before...), before...)
	return &Routes{kit: r.kit, area: r.area, prefix: r.prefix + strings.TrimSuffix(prefix, "/"), before: all, ended: r.ended}
}

// Get registers a page in both languages. A GET never changes anything.
func (r *Routes) Get(path string, handlers ...fiber.Handler) { r.add(fiber.MethodGet, path, handlers) }

// Post registers the receiver of a form in both languages. The request's origin and the form's token are checked
// before any handler runs.
func (r *Routes) Post(path string, handlers ...fiber.Handler) {
	r.add(fiber.MethodPost, path, handlers)
}

func (r *Routes) add(method, path string, handlers []fiber.Handler) {
	full := r.prefix + path
	if full != "/" {
		full = strings.TrimSuffix(full, "/")
	}
	chain := []fiber.Handler{r.enter}
	if method != fiber.MethodGet {
		chain = append(chain, r.checkForged)
	}
	chain = append(append(chain, r.before...), handlers...)
	for _, prefix := range []string{"", welshPrefix} {
		address := prefix + full
		if prefix != "" && full == "/" {
			address = prefix
		}
		r.kit.app.Add(method, address, chain...)
		if method == fiber.MethodGet {
			r.kit.app.Add(fiber.MethodHead, address, chain...)
		}
	}
	r.kit.routes = append(r.kit.routes, Route{Method: method, Path: full, Area: r.area})
}

// enter notes the area before anything else of the route runs.
func (r *Routes) enter(c *fiber.Ctx) error {
	state(c).area = r.area
	return c.Next()
}
