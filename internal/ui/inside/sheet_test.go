package inside_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

// field is one field of a form that a person fills in.
type field struct {
	name, kind string   // "text", "number", "password", "file", "choice" or "several"
	offered    []string // of a choice
}

// sheet is one form of a page, filled in as it stands there.
type sheet struct {
	at, action string
	values     url.Values
	fields     []field
}

// names lists the fields.
func (s sheet) names() string {
	var out []string
	for _, f := range s.fields {
		out = append(out, f.name)
	}
	return strings.Join(out, " ")
}

// with returns the values with one field changed.
func (s sheet) with(name string, values ...string) url.Values {
	out := url.Values{}
	for k, v := range s.values {
		out[k] = slices.Clone(v)
	}
	delete(out, name)
	if len(values) > 0 {
		out[name] = values
	}
	return out
}

// empty returns the values of somebody who filled in nothing.
func (s sheet) empty() url.Values {
	out := s.with("")
	for _, f := range s.fields {
		delete(out, f.name)
		if f.kind == "text" || f.kind == "number" || f.kind == "password" {
			out[f.name] = []string{""}
		}
	}
	return out
}

// sheets returns the forms of a page that send something.
func sheets(t testing.TB, a *uitest.Answer) []sheet {
	t.Helper()
	var out []sheet
	each(a.Doc(t), func(n *html.Node) {
		if n.Data != "form" || uitest.Attr(n, "method") != "post" {
			return
		}
		s := sheet{at: a.Path, action: uitest.Attr(n, "action"), values: url.Values{}}
		if s.action == "" {
			s.action = a.Path
		}
		each(n, s.read)
		out = append(out, s)
	})
	return out
}

// read takes one element of a form.
func (s *sheet) read(n *html.Node) {
	name, kind, value := uitest.Attr(n, "name"), uitest.Attr(n, "type"), uitest.Attr(n, "value")
	switch {
	case name == "" || n.Data == "button":
	case n.Data == "textarea":
		s.add(name, "text", strings.TrimPrefix(text(n), "\n"), true)
	case n.Data == "select":
		each(n, func(o *html.Node) {
			if o.Data == "option" {
				s.offer(name, "choice", uitest.Attr(o, "value"), has(o, "selected"))
			}
		})
	case n.Data != "input":
	case kind == "hidden":
		s.values.Add(name, value)
	case kind == "radio":
		s.offer(name, "choice", value, has(n, "checked"))
	case kind == "checkbox":
		s.offer(name, "several", value, has(n, "checked"))
	case kind == "file" || kind == "password":
		s.add(name, kind, value, kind == "password")
	case uitest.Attr(n, "inputmode") != "":
		s.add(name, "number", value, true)
	default:
		s.add(name, "text", value, true)
	}
}

func (s *sheet) add(name, kind, value string, sent bool) {
	s.fields = append(s.fields, field{name: name, kind: kind})
	if sent {
		s.values.Add(name, value)
	}
}

// offer adds one choice of a field.
func (s *sheet) offer(name, kind, value string, chosen bool) {
	i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		i = len(s.fields)
		s.fields = append(s.fields, field{name: name, kind: kind})
	}
	s.fields[i].offered = append(s.fields[i].offered, value)
	if chosen {
		s.values.Add(name, value)
	}
}

// pattern returns the route that an address belongs to.
func (w *world) pattern(method, address string) string {
	path, _, _ := strings.Cut(address, "?")
	have := strings.Split(strings.Trim(strings.TrimPrefix(path, "/cy"), "/"), "/")
	i := slices.IndexFunc(w.Kit.All(), func(r page.Route) bool {
		return r.Method == method && slices.EqualFunc(strings.Split(strings.Trim(r.Path, "/"), "/"), have,
			func(part, value string) bool { return part == value || strings.HasPrefix(part, ":") && value != "" })
	})
	if i < 0 {
		return ""
	}
	return w.Kit.All()[i].Path
}

// summaryFaults returns what is wrong with the error summary of a page.
func summaryFaults(t testing.TB, a *uitest.Answer) (out []string) {
	t.Helper()
	doc, count := a.Doc(t), 0
	ids := map[string]bool{}
	each(doc, func(n *html.Node) { ids[uitest.Attr(n, "id")] = true })
	each(doc, func(n *html.Node) {
		if n.Data != "div" || uitest.Attr(n, "class") != "govuk-error-summary" {
			return
		}
		each(n, func(l *html.Node) {
			if l.Data != "a" {
				return
			}
			count++
			if id, ok := strings.CutPrefix(uitest.Attr(l, "href"), "#"); !ok || !ids[id] {
				out = append(out, "the summary links to "+uitest.Attr(l, "href")+", which is not on the page")
			}
		})
	})
	if count == 0 {
		out = append(out, "no error summary")
	}
	return out
}
