package ui_test

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// sheet is one page as a driver reads it: where it leads and what it asks.
type sheet struct {
	path  string // that was asked for, without query
	query string
	links []string
	forms []blank
}

// blank is a form as it stands on a page.
type blank struct {
	action, method string
	fields         []field
}

// field is one control of a form.
type field struct{ name, kind, value string }

// values is what a browser sends when nothing is touched but the first option of each choice.
func (b blank) values() url.Values {
	v := url.Values{}
	for _, f := range b.fields {
		switch f.kind {
		case "radio", "option":
			if !v.Has(f.name) {
				v.Set(f.name, f.value)
			}
		case "checkbox", "submit", "file", "button":
		default:
			v.Set(f.name, f.value)
		}
	}
	return v
}

// names lists the fields other than the token, once each.
func (b blank) names() []string {
	var out []string
	for _, f := range b.fields {
		if f.name != "_csrf" && !slices.Contains(out, f.name) {
			out = append(out, f.name)
		}
	}
	return out
}

// kind returns the type of the control with the name.
func (b blank) kind(name string) string {
	for _, f := range b.fields {
		if f.name == name {
			return f.kind
		}
	}
	return ""
}

// readSheet reads links and forms of a page.
func readSheet(path, body string) (*sheet, error) {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	s := &sheet{}
	s.path, s.query, _ = strings.Cut(path, "?")
	s.walk(doc, nil)
	return s, nil
}

func (s *sheet) walk(n *html.Node, in *blank) {
	if n.Type == html.ElementNode {
		switch n.Data {
		case "a":
			if href := attr(n, "href"); strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
				href, _, _ = strings.Cut(href, "#")
				s.links = append(s.links, href)
			}
		case "form":
			action, _, _ := strings.Cut(attr(n, "action"), "#")
			if action == "" || strings.HasPrefix(action, "?") {
				action = s.path + action
			}
			s.forms = append(s.forms, blank{action: action, method: strings.ToUpper(attr(n, "method"))})
			in = &s.forms[len(s.forms)-1]
		case "input", "textarea", "select", "button":
			if in != nil && attr(n, "name") != "" {
				in.fields = append(in.fields, controls(n)...)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.walk(c, in)
	}
}

// controls returns the field of an element, or one for each option of a list.
func controls(n *html.Node) []field {
	name := attr(n, "name")
	switch n.Data {
	case "textarea":
		text := ""
		if n.FirstChild != nil {
			text = n.FirstChild.Data
		}
		return []field{{name, "textarea", text}}
	case "select":
		var out []field
		for c := range n.Descendants() {
			if c.Type == html.ElementNode && c.Data == "option" {
				out = append(out, field{name, "option", attr(c, "value")})
			}
		}
		return out
	case "button":
		return []field{{name, "submit", attr(n, "value")}}
	}
	kind := attr(n, "type")
	if kind == "" {
		kind = "text"
	}
	return []field{{name, kind, attr(n, "value")}}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
