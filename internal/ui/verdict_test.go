package ui_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// faults lists what is wrong with an answer, whatever it answers. unread: the service cannot know the language.
func (s *siege) faults(r request, unread bool, answer *reply) (out []string) {
	if answer.status >= 500 {
		out = append(out, "5xx")
	}
	out = append(out, headerFaults(r, answer)...)
	if answer.status >= 400 && r.method != http.MethodHead {
		out = append(out, errorPageFaults(r, unread, answer)...)
	}
	if strings.Contains(answer.body, marker) {
		out = append(out, injected(answer)...)
	}
	for _, line := range r.head {
		name, value, _ := strings.Cut(line, ": ")
		if (name == "Host" || strings.HasPrefix(name, "X-Forwarded-")) && strings.Contains(value, marker) && strings.Contains(answer.body, value) {
			out = append(out, "believes "+name)
		}
	}
	return out
}

// wanted are the headers of every answer (security.md T12).
var wanted = map[string]*regexp.Regexp{
	"Content-Security-Policy":      regexp.MustCompile(`^default-src 'none'; .*form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'$`),
	"X-Content-Type-Options":       regexp.MustCompile(`^nosniff$`),
	"X-Frame-Options":              regexp.MustCompile(`^DENY$`),
	"Referrer-Policy":              regexp.MustCompile(`^(same-origin|no-referrer)$`),
	"Cross-Origin-Opener-Policy":   regexp.MustCompile(`^same-origin$`),
	"Cross-Origin-Resource-Policy": regexp.MustCompile(`^same-origin$`),
	"Permissions-Policy":           regexp.MustCompile(`camera=\(\)`),
	"Cache-Control":                regexp.MustCompile(`^(no-store|private, no-cache|public, max-age=31536000, immutable)$`),
	"Strict-Transport-Security":    regexp.MustCompile(`^max-age=31536000; includeSubDomains$`),
}

var cookieForm = regexp.MustCompile(`^__Host-folkmoot_[rs]=[A-Za-z0-9_=-]*; Path=/;( Max-Age=0;| Expires=[^;]+;)* HttpOnly; Secure; SameSite=Lax$`)

func headerFaults(r request, answer *reply) (out []string) {
	for name, form := range wanted {
		if values := answer.header.Values(name); len(values) != 1 || !form.MatchString(values[0]) {
			out = append(out, "header "+name+": "+strings.Join(values, " and "))
		}
	}
	if kind := answer.header.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "; charset=utf-8") {
		out = append(out, "no charset: "+kind)
	}
	if answer.status >= 400 && answer.header.Get("Cache-Control") != "no-store" {
		out = append(out, "an error is cached")
	}
	for name, values := range answer.header {
		line := name + ": " + strings.Join(values, ", ")
		if name == "Server" || strings.HasPrefix(name, "Access-Control") || strings.HasPrefix(name, "X-Zqx") || strings.ContainsAny(line, "\r\n\x00") {
			out = append(out, "header "+line)
		}
	}
	for _, line := range answer.header.Values("Set-Cookie") {
		if !cookieForm.MatchString(line) {
			out = append(out, "cookie "+line)
		}
	}
	if to := answer.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\")) {
		out = append(out, "leads elsewhere: "+to)
	}
	if s := answer.status; (s == http.StatusServiceUnavailable || s == http.StatusTooManyRequests) && answer.header.Get("Retry-After") == "" {
		out = append(out, "no Retry-After")
	}
	return out
}

// inside are words of the inside, which no page shows.
var inside = []string{"goroutine ", ".go:", "runtime error", "sqlite", "SQLITE", "sql:", "no such table", "/tmp/", "fasthttp", "template:", "<nil>", "%!"}

// errorPageFaults: whoever meets an error gets a page that says so in their language (issue 2, "What bad input gets").
func errorPageFaults(r request, unread bool, answer *reply) (out []string) {
	for _, word := range inside {
		if strings.Contains(answer.body, word) {
			out = append(out, "an error page shows the inside: "+word)
		}
	}
	if !slices.Contains([]string{http.MethodGet, http.MethodPost, "PUT", "PATCH", "DELETE"}, r.method) {
		return out // no browser sends these
	}
	if !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		return append(out, "no page: "+answer.header.Get("Content-Type"))
	}
	if n := strings.Count(answer.body, "<h1"); n != 1 {
		out = append(out, "not one h1")
	}
	if !unread && !strings.Contains(answer.body, `<html lang="`+language(r.target)+`"`) {
		out = append(out, "wrong language")
	}
	if !strings.Contains(answer.body, "<title>") || !strings.Contains(answer.body, "</html>") {
		out = append(out, "half a page")
	}
	return out
}

// injected reads a page as a browser does and finds whatever of a payload is more than text.
func injected(answer *reply) (out []string) {
	if !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		return nil // nosniff: shown as text or saved as a file
	}
	z := html.NewTokenizer(strings.NewReader(answer.body))
	raw := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.TextToken:
			if (raw == "script" || raw == "style") && strings.Contains(string(z.Raw()), marker) {
				out = append(out, "payload in <"+raw+">")
			}
		case html.CommentToken:
			if strings.Contains(string(z.Raw()), marker) {
				out = append(out, "payload in a comment")
			}
		case html.EndTagToken:
			raw = ""
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			raw = tag.Data
			out = append(out, tagFaults(tag)...)
		}
	}
}

var addressed = []string{"href", "src", "action", "formaction", "srcset", "data", "poster"}

func tagFaults(tag html.Token) (out []string) {
	if strings.Contains(tag.Data, marker) {
		out = append(out, "payload makes the tag "+tag.Data)
	}
	for _, a := range tag.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" || strings.Contains(a.Key, marker):
			out = append(out, "<"+tag.Data+" "+a.Key+">")
		case slices.Contains(addressed, a.Key) && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") ||
			strings.HasPrefix(value, "//") || strings.HasPrefix(value, "https://zqx")):
			out = append(out, "<"+tag.Data+" "+a.Key+"="+a.Val+">")
		}
	}
	if tag.Data == "meta" {
		for _, a := range tag.Attr {
			if a.Key == "http-equiv" {
				out = append(out, "<meta http-equiv>")
			}
		}
	}
	return out
}
