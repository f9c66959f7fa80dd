package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// browser is a person's browser without scripts: it keeps cookies, follows redirects and sends forms as they stand on the page.
type browser struct {
	client *http.Client
	base   string
}

func newBrowser(base string, transport http.RoundTripper) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{client: &http.Client{Jar: jar, Transport: transport}, base: base}
}

// document is one page as far as a person without scripts can use it.
type document struct {
	Status int
	Path   string // with the query, after redirects
	Body   string
	Forms  []form
}

// form is one form of a page: where it goes and what it would send.
type form struct {
	Action, Method string
	Controls       []control
}

// control is one control that has a name.
type control struct {
	Name, Type, Value string
	Checked           bool
}

// Names lists the names of the controls of the types, each once, in page order.
func (f form) Names(types ...string) []string {
	var out []string
	for _, c := range f.Controls {
		if slices.Contains(types, c.Type) && !slices.Contains(out, c.Name) {
			out = append(out, c.Name)
		}
	}
	return out
}

// Options lists the values that the radios or checkboxes with the name offer.
func (f form) Options(name string) []string {
	var out []string
	for _, c := range f.Controls {
		if c.Name == name && (c.Type == "radio" || c.Type == "checkbox" || c.Type == "option") {
			out = append(out, c.Value)
		}
	}
	return out
}

// Values is what the form sends untouched: hidden fields, prefilled texts, checked and selected options.
func (f form) Values() url.Values {
	v := url.Values{}
	for _, c := range f.Controls {
		switch c.Type {
		case "radio", "checkbox", "option":
			if c.Checked {
				v.Add(c.Name, c.Value)
			}
		case "submit", "button", "file", "image":
		default:
			v.Add(c.Name, c.Value)
		}
	}
	return v
}

// get opens a path.
func (b *browser) get(path string) (*document, error) {
	r, err := b.client.Get(b.base + path)
	if err != nil {
		return nil, err
	}
	return read(r)
}

// send submits the form of the page d with the values laid over what it would send by itself. A nil list removes a field.
func (b *browser) send(d *document, f form, over url.Values) (*document, error) {
	values := f.Values()
	for name, list := range over {
		values[name] = list
		if list == nil {
			delete(values, name)
		}
	}
	action := f.Action
	if action == "" {
		action = d.Path
	}
	if strings.EqualFold(f.Method, "get") {
		path, _, _ := strings.Cut(action, "?")
		return b.get(path + "?" + values.Encode())
	}
	request, err := http.NewRequest(http.MethodPost, b.base+action, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", b.base)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	r, err := b.client.Do(request)
	if err != nil {
		return nil, err
	}
	return read(r)
}

// post returns the first form of the page that is sent with POST and holds a control with one of the names (any form if there are none),
// the language and sign-out forms aside.
func (d *document) post(names ...string) (form, error) {
	for _, f := range d.Forms {
		if !strings.EqualFold(f.Method, "post") || strings.HasSuffix(f.Action, "/sign-out") {
			continue
		}
		if len(names) == 0 || slices.ContainsFunc(f.Controls, func(c control) bool { return slices.Contains(names, c.Name) }) {
			return f, nil
		}
	}
	return form{}, fmt.Errorf("%s (%d) has no form with %v", d.Path, d.Status, names)
}

// heading returns the text of the page's h1.
func (d *document) heading() string { return d.between("<h1", "</h1>") }

// between returns the text, without tags, from the first opening to the closing.
func (d *document) between(opening, closing string) string {
	_, rest, ok := strings.Cut(d.Body, opening)
	if !ok {
		return ""
	}
	_, rest, _ = strings.Cut(rest, ">")
	inner, _, _ := strings.Cut(rest, closing)
	var text strings.Builder
	z := html.NewTokenizer(strings.NewReader(inner))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(text.String()), " ")
		case html.TextToken:
			text.Write(z.Text())
			text.WriteByte(' ')
		}
	}
}

func read(r *http.Response) (*document, error) {
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	d := &document{Status: r.StatusCode, Path: r.Request.URL.RequestURI(), Body: string(body)}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return d, nil
	}
	d.Forms, err = readForms(d.Body)
	return d, err
}

// readForms finds the forms of a page. It reads tokens, not a tree: the client's own cost must stay small beside the server's.
func readForms(body string) ([]form, error) {
	var forms []form
	var selectName, textareaName string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if errors.Is(z.Err(), io.EOF) {
				return forms, nil
			}
			return nil, z.Err()
		}
		if kind == html.TextToken && textareaName != "" && len(forms) > 0 {
			last := &forms[len(forms)-1].Controls
			(*last)[len(*last)-1].Value += strings.TrimPrefix(string(z.Text()), "\n")
			continue
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.EndTagToken {
			continue
		}
		name, more := z.TagName()
		tag := string(name)
		if kind == html.EndTagToken {
			switch tag {
			case "textarea":
				textareaName = ""
			case "select":
				selectName = ""
			}
			continue
		}
		if !slices.Contains([]string{"form", "input", "textarea", "select", "option", "button"}, tag) {
			continue
		}
		attributes := map[string]string{}
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			attributes[string(key)] = string(value)
		}
		if tag == "form" {
			forms = append(forms, form{Action: attributes["action"], Method: attributes["method"]})
			continue
		}
		if len(forms) == 0 {
			continue
		}
		c := control{Name: attributes["name"], Type: attributes["type"], Value: attributes["value"]}
		_, c.Checked = attributes["checked"]
		switch tag {
		case "input":
			if c.Type == "" {
				c.Type = "text"
			}
			if _, ok := attributes["value"]; !ok && (c.Type == "checkbox" || c.Type == "radio") {
				c.Value = "on"
			}
		case "textarea":
			c.Type, textareaName = "textarea", c.Name
		case "select":
			selectName = c.Name
			continue
		case "option":
			c.Name, c.Type = selectName, "option"
			_, c.Checked = attributes["selected"]
		case "button":
			c.Type = "submit"
		}
		if c.Name != "" {
			last := &forms[len(forms)-1]
			last.Controls = append(last.Controls, c)
		}
	}
}
