package page

import (
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/survey"
)

// Form returns what the browser sent, decoded once: every name and value is valid UTF-8 without NUL, line ends are
// "\n". A body that is neither of the two form encodings, is malformed, or has more than FieldLimit fields is a 400.
// Files of a multipart form are left out: see File.
func Form(c *fiber.Ctx) (survey.Form, error) {
	s := state(c)
	if s.form != nil {
		return s.form, nil
	}
	form, err := readForm(c)
	if err != nil {
		return nil, err
	}
	s.form = form
	return form, nil
}

func readForm(c *fiber.Ctx) (survey.Form, error) {
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	body := c.Request().Body()
	switch {
	case len(body) == 0:
		return survey.Form{}, nil
	case err != nil:
		return nil, fiber.ErrBadRequest
	case kind == fiber.MIMEApplicationForm:
		return decodeForm(string(body))
	case kind == fiber.MIMEMultipartForm:
		parts, err := c.MultipartForm()
		if err != nil {
			return nil, fiber.ErrBadRequest
		}
		return checkedParts(parts)
	default:
		return nil, fiber.ErrUnsupportedMediaType
	}
}

// Query returns the parameters of the address under the same rules as Form.
func Query(c *fiber.Ctx) (survey.Form, error) {
	return decodeForm(string(c.Request().URI().QueryString()))
}

func decodeForm(body string) (survey.Form, error) {
	form := survey.Form{}
	if body == "" {
		return form, nil
	}
	if strings.Count(body, "&") >= FieldLimit {
		return nil, fiber.ErrBadRequest
	}
	for pair := range strings.SplitSeq(body, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return nil, fiber.ErrBadRequest
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return nil, fiber.ErrBadRequest
		}
		if err := addField(form, name, value); err != nil {
			return nil, err
		}
	}
	return form, nil
}

func checkedParts(parts *multipart.Form) (survey.Form, error) {
	form := survey.Form{}
	fields := 0
	for name, values := range parts.Value {
		for _, value := range values {
			if fields++; fields > FieldLimit {
				return nil, fiber.ErrBadRequest
			}
			if err := addField(form, name, value); err != nil {
				return nil, err
			}
		}
	}
	return form, nil
}

func addField(form survey.Form, name, value string) error {
	if !cleanText(name) || !cleanText(value) {
		return fiber.ErrBadRequest
	}
	// Browsers send CRLF for a line end, which a person counts as one character.
	value = strings.ReplaceAll(value, "\r\n", "\n")
	form[name] = append(form[name], value)
	return nil
}

// cleanText reports whether both databases store the text unchanged: PostgreSQL refuses NUL and invalid UTF-8.
func cleanText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// File returns the content of an uploaded file, at most limit bytes of it. ok is false where none was chosen or it
// was larger.
func File(c *fiber.Ctx, field string, limit int) (content []byte, ok bool) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 || header.Size > int64(limit) {
		return nil, false
	}
	f, err := header.Open()
	if err != nil {
		return nil, false
	}
	defer f.Close()
	content = make([]byte, header.Size)
	for n := 0; n < len(content); {
		m, err := f.Read(content[n:])
		if n += m; err != nil && n < len(content) {
			return nil, false
		}
	}
	return content, true
}
