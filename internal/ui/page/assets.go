package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/web"
)

const (
	assetPath = "/assets/"
	themePath = "/theme.css"
	logoPath  = "/logo.png"
	forever   = "public, max-age=31536000, immutable" // the address holds the content's hash
)

// asset is one built file with its compressed copies.
type asset struct {
	kind         string
	plain        []byte
	brotli, gzip []byte // nil where not smaller
}

type assets struct {
	files    map[string]asset // by served name
	manifest web.Manifest
}

// loadAssets reads the built files once. A manifest that names a missing file is an error.
func loadAssets(dist fs.FS, manifest web.Manifest) (*assets, error) {
	a := &assets{files: map[string]asset{}, manifest: manifest}
	for _, name := range manifest {
		plain, err := fs.ReadFile(dist, name)
		if err != nil {
			return nil, fmt.Errorf("page: assets: %w", err)
		}
		file := asset{kind: assetType(name), plain: plain}
		file.brotli, _ = fs.ReadFile(dist, name+".br")
		file.gzip, _ = fs.ReadFile(dist, name+".gz")
		a.files[name] = file
	}
	return a, nil
}

func assetType(name string) string {
	if path.Ext(name) == ".woff2" {
		return "font/woff2"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return fiber.MIMEOctetStream
}

// address returns where an asset is served: "app.css" is "/assets/app.1a2b3c4d.css". An unknown name is an error, so a
// template that asks for it fails its test.
func (a *assets) address(name string) (string, error) {
	hashed, ok := a.manifest[name]
	if !ok {
		return "", fmt.Errorf("page: no asset %q", name)
	}
	return assetPath + hashed, nil
}

// serveAssets registers the built files, the council's colours and its logo. They are the same in both languages.
func (k *Kit) serveAssets() {
	for _, method := range []string{fiber.MethodGet, fiber.MethodHead} {
		k.app.Add(method, assetPath+":name", k.serveAsset)
		k.app.Add(method, themePath, k.serveTheme)
		k.app.Add(method, logoPath, k.serveLogo)
	}
}

func (k *Kit) serveAsset(c *fiber.Ctx) error {
	file, ok := k.assets.files[c.Params("name")]
	if !ok {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	c.Set(fiber.HeaderContentType, file.kind)
	c.Set(fiber.HeaderCacheControl, forever)
	accepts := c.Request().Header.Peek(fiber.HeaderAcceptEncoding)
	body := file.plain
	if file.brotli != nil || file.gzip != nil {
		c.Vary(fiber.HeaderAcceptEncoding)
	}
	switch {
	case file.brotli != nil && acceptsCoding(accepts, "br"):
		c.Response().Header.SetContentEncoding("br")
		body = file.brotli
	case file.gzip != nil && acceptsCoding(accepts, "gzip"):
		c.Response().Header.SetContentEncoding("gzip")
		body = file.gzip
	}
	c.Response().SetBodyRaw(body)
	return nil
}

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// defaultColour is the council's colour until it sets one: 8.2:1 against white.
const defaultColour = "#1d4f78"

// themeCSS holds the council's colour as a custom property, because the content policy forbids inline styles.
func themeCSS(council privacy.Council) string {
	colour := council.Colour
	if !hexColour.MatchString(colour) {
		colour = defaultColour
	}
	return ":root{--council:" + strings.ToLower(colour) + "}\n"
}

func fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}

func themeAddress(council privacy.Council) string {
	return themePath + "?v=" + fingerprint([]byte(themeCSS(council)))
}

func logoAddress(council privacy.Council) string { return logoPath + "?v=" + fingerprint(council.Logo) }

func (k *Kit) serveTheme(c *fiber.Ctx) error {
	css := themeCSS(k.options.Council())
	return k.sendSetting(c, "text/css; charset=utf-8", []byte(css))
}

func (k *Kit) serveLogo(c *fiber.Ctx) error {
	logo := k.options.Council().Logo
	if len(logo) == 0 || http.DetectContentType(logo) != "image/png" {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	return k.sendSetting(c, "image/png", logo)
}

// sendSetting lets a browser keep content for good only under the address that names it.
func (k *Kit) sendSetting(c *fiber.Ctx, kind string, content []byte) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if c.Query("v") == fingerprint(content) {
		c.Set(fiber.HeaderCacheControl, forever)
	}
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(content)
}
