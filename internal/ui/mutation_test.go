package ui_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Every payload carries the marker, so that it is found wherever it comes out again.
const marker = "zqx"

// unread reports whether the answer is to a request whose head could not be read, so that nobody can know its language.
func (m mutant) unread(answer *reply) bool {
	return answer.status == http.StatusRequestHeaderFieldsTooLarge ||
		answer.status == http.StatusBadRequest && (strings.HasPrefix(m.what, "header: ") || strings.HasPrefix(m.what, "frame: "))
}

// payloads are put into every field, parameter and part of an address.
var payloads = []string{
	`<script>zqx(1)</script>`,
	`"><img src=x onerror=zqx(1)>`,
	`' onmouseover='zqx(1)`,
	`</textarea></title><svg/onload=zqx(1)>`,
	`javascript:zqx(1)`,
	`[zqx](javascript:zqx(1)) <b onclick=zqx(1)>`,
	`{{.}}{{printf "zqx%d" 7}}${7*7}<%= zqx %>`,
	`zqx' or '1'='1' --`,
	`zqx"; drop table response; --`,
	`1 union select zqx from session`,
	"zqx\r\nSet-Cookie: zqx=1\r\nX-Zqx: 1",
	"zqx%0d%0aX-Zqx:%201",
	`../../../../etc/passwd#zqx`,
	`zqx%2561dmin`,
	`=cmd|'/C calc'!A0 zqx`,
	"zqx\u202e\u200b\u0301\U0001F469\u200d\U0001F467",
	"zqx\u0085\u2028\u2029\ufeff\uffff",
	"zqx\x01\x07\x1b[31m\x7f",
	"99999999999999999999999999999999zqx",
	"-1e309zqx",
	strings.Repeat("zqxq ", 5000),
	"//zqx.example/..",
	`zqx\`,
}

// refusedBytes can be in no text: they must be refused wherever they come.
var refusedBytes = []string{"zqx%00", "%00", "zqx%ff%fe", "%c3%28", "%ed%a0%80", "%c0%ae%c0%ae/", "zqx%zz", "%"}

// outcome says what must become of a request.
type outcome int

const (
	anything outcome = iota // whatever fits, but no 5xx
	ended                   // 4xx, or back to the beginning; nothing stored but a new empty session
	refused                 // 4xx, and nothing stored
)

// mutant is one hostile request. It is made when it is sent: most are not, and some are large.
type mutant struct {
	what string
	want outcome
	make func() request
}

// mutations makes all hostile requests for a target. foreign is somebody else at the same stage.
func mutations(t target, foreign string) []mutant {
	if t.form == nil {
		return append(addresses(t), headers(t, func() request { return t.by.get(t.at) })...)
	}
	out := forgeries(t, foreign)
	out = append(out, encodings(t)...)
	out = append(out, fields(t)...)
	out = append(out, headers(t, func() request { return t.by.post(t.form.action, t.form.values().Encode()) })...)
	out = append(out, elsewheres(t)...)
	return out
}

// addresses are mutations of a page's address and query.
func addresses(t target) (out []mutant) {
	path, query, _ := strings.Cut(t.at, "?")
	add := func(what string, want outcome, target string) {
		out = append(out, mutant{what, want, func() request { return t.by.get(target) }})
	}
	parts := strings.Split(path, "/")
	for i := 1; i < len(parts); i++ {
		for _, p := range append([]string{"..%2f..%2f..%2fetc%2fpasswd", "%2e%2e", "%252e%252e%252f", "%2561", "-1", "0", "18446744073709551616",
			"%0d%0aX-Zqx:%201", "zqx;a=b", "zqx%20", strings.Repeat("zqx", 1000)}, refusedBytes[:6]...) {
			changed := append([]string{}, parts...)
			changed[i] = p
			add("part of the address", anything, strings.Join(changed, "/"))
		}
		for _, p := range payloads[:10] {
			changed := append([]string{}, parts...)
			changed[i] = url.PathEscape(p)
			add("payload in the address", anything, strings.Join(changed, "/"))
		}
	}
	for _, end := range []string{"/", "//", "/.", "/..", "/../..", ";zqx", ".json", ".bak", "~", "%20", "/.git/config", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "\\..\\", "?", "#zqx"} {
		add("end of the address", anything, path+end)
	}
	for _, p := range payloads {
		for _, name := range []string{"q", "change", "next", "closed", "page", "zqx"} {
			add("payload in the query", anything, path+"?"+name+"="+url.QueryEscape(p))
		}
		add("payload as a name", anything, path+"?"+url.QueryEscape(p))
	}
	for _, p := range refusedBytes {
		add("bytes in the query", anything, path+"?q="+p+"&"+p+"=1")
	}
	for _, q := range []string{"q[]=zqx", "q[0]=a&q[18446744073709551615]=b", "q[-1]=a", "a.99999999=zqx", "q=1&q=2&q=zqx", "&&&===&", ";", "lang=cy&_method=DELETE",
		strings.Repeat("a=1&", 300), "q=" + strings.Repeat("z", 9000), query} {
		add("shape of the query", anything, path+"?"+q)
	}
	for _, m := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "HEAD", "PROPFIND", "get", "G", strings.Repeat("M", 300)} {
		want := refused
		if m == "HEAD" || m == "OPTIONS" {
			want = anything
		}
		out = append(out, mutant{"method " + m[:min(len(m), 9)], want, func() request {
			r := t.by.get(t.at)
			r.method = m
			return r
		}})
	}
	return out
}

// forgeries are forms that another site, or another person, made the browser send.
func forgeries(t target, foreign string) (out []mutant) {
	v := t.form.values()
	token := v.Get("_csrf")
	add := func(what string, change func(url.Values)) {
		out = append(out, mutant{"forged: " + what, refused, func() request { return t.by.post(t.form.action, changed(v, change)) }})
	}
	add("no token", func(w url.Values) { w.Del("_csrf") })
	add("empty token", func(w url.Values) { w.Set("_csrf", "") })
	add("somebody else's token", func(w url.Values) { w.Set("_csrf", foreign) })
	add("token twice", func(w url.Values) { w.Add("_csrf", token) })
	add("token and a wrong one", func(w url.Values) { w.Add("_csrf", foreign) })
	add("wrong token first", func(w url.Values) { w["_csrf"] = []string{foreign, token} })
	add("token cut", func(w url.Values) { w.Set("_csrf", token[:len(token)-2]) })
	add("token longer", func(w url.Values) { w.Set("_csrf", token+"AA") })
	add("token changed", func(w url.Values) { w.Set("_csrf", flip(token, len(token)-5)) })
	add("zeros", func(w url.Values) { w.Set("_csrf", strings.Repeat("A", len(token))) })
	add("token as a list", func(w url.Values) { w.Del("_csrf"); w.Set("_csrf[]", token) })
	for _, p := range payloads[:6] {
		add("payload", func(w url.Values) { w.Set("_csrf", p) })
	}
	good := func(change func(request) request) func() request {
		return func() request { return change(t.by.post(t.form.action, v.Encode())) }
	}
	from := func(origin string) func() request {
		return good(func(r request) request { return r.without("Sec-Fetch-Site").with("Origin", origin) })
	}
	out = append(out,
		mutant{"forged: token in the query", refused, func() request {
			return t.by.post(t.form.action+separator(t.form.action)+"_csrf="+url.QueryEscape(token), "")
		}},
		mutant{"forged: cross-site", refused, good(func(r request) request { return r.with("Sec-Fetch-Site", "cross-site") })},
		mutant{"forged: same-site", refused, good(func(r request) request { return r.with("Sec-Fetch-Site", "same-site") })},
		mutant{"forged: other origin", refused, from("https://zqx.example")},
		mutant{"forged: no origin", refused, from("null")},
		mutant{"forged: origin with our name in it", refused, from("https://" + host + ".zqx.example")},
		mutant{"forged: other port", refused, from("https://" + host + ":8443")},
		mutant{"no cookie", ended, good(func(r request) request { return r.without("Cookie") })},
	)
	for name, value := range t.by.cookies {
		for _, wrong := range []string{"", "zqx", value[:len(value)/2], flip(value, 3), flip(value, len(value)/2), flip(value, len(value)-9), value + "A", strings.Repeat("A", 4000),
			"MTc2OTk5OTk5OXx6cXh8" + value[20:]} {
			out = append(out, mutant{"cookie tampered with", ended, good(func(r request) request { return r.with("Cookie", name+"="+wrong) })})
		}
	}
	return out
}

// changed returns the form encoded, with a change to a copy of it.
func changed(v url.Values, change func(url.Values)) string {
	w := url.Values{}
	for name, values := range v {
		w[name] = append([]string{}, values...)
	}
	change(w)
	return w.Encode()
}

func separator(address string) string {
	if strings.Contains(address, "?") {
		return "&"
	}
	return "?"
}

func flip(s string, i int) string {
	if i < 0 || i >= len(s) {
		return s + "x"
	}
	c := byte('A')
	if s[i] == c {
		c = 'B'
	}
	return s[:i] + string(c) + s[i+1:]
}

// encodings are bodies that are no form, or more of one than anybody fills in.
func encodings(t target) (out []mutant) {
	v := t.form.values()
	kind := func(what, contentType string, body func() string) {
		out = append(out, mutant{"body: " + what, refused, func() request {
			r := t.by.post(t.form.action, body()).with("Content-Type", contentType)
			return r
		}})
	}
	as := func(body string) func() string { return func() string { return body } }
	plain := v.Encode()
	kind("JSON", "application/json", as(`{"_csrf":"`+v.Get("_csrf")+`"}`))
	kind("XML", "text/xml", as(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`))
	kind("text", "text/plain", as(plain))
	kind("no such type", "zqx/zqx; charset=\"zqx\r\nX-Zqx: 1\"", as(plain))
	kind("nonsense type", ";;;", as(plain))
	const parts = "multipart/form-data; boundary=zqx"
	with := func(more ...string) func() string { return func() string { return multipart(v, "zqx", more...) } }
	kind("multipart without boundary", "multipart/form-data", as(plain))
	kind("multipart cut", parts, as("--zqx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb"))
	kind("multipart of nothing", parts, as("--zqx--\r\n"))
	kind("multipart, NUL", parts, with("a", "b\x00"))
	kind("multipart, not UTF-8", parts, with("a\xff", "b"))
	kind("multipart, token twice", parts, with("_csrf", v.Get("_csrf")))
	kind("multipart, 201 fields", parts, with(strings.Split(strings.Repeat("f,x,", 201)+"f,x", ",")...))
	kind("multipart, long boundary", "multipart/form-data; boundary="+strings.Repeat("z", 300), as("--z"))
	const form = "application/x-www-form-urlencoded"
	kind("201 fields", form, func() string { return plain + strings.Repeat("&a=1", 201) })
	kind("250,000 fields", form, func() string { return plain + strings.Repeat("&", 250_000) })
	kind("1 MB field", form, func() string { return plain + "&a=" + strings.Repeat("z", 1<<20) })
	for _, p := range refusedBytes {
		kind("bytes in a value", form, as(plain+"&a="+p))
		kind("bytes in a name", form, as(plain+"&"+p+"=a"))
	}
	kind("raw bytes", form, as(plain+"&a=\xff\xfe\x00"))
	return append(out, frames(t, plain)...)
}

// frames are bodies whose length two readers would see differently (security.md 1.4).
func frames(t target, form string) (out []mutant) {
	add := func(what string, want outcome, body string, lines ...string) {
		out = append(out, mutant{"frame: " + what, want, func() request {
			r := t.by.post(t.form.action, body).and(lines...)
			r.framed = true
			return r
		}})
	}
	length := fmt.Sprintf("Content-Length: %d", len(form))
	add("gzip that is none", anything, form, "Content-Encoding: gzip", length)
	add("bad chunk", refused, "zzz\r\nzqx\r\n0\r\n\r\n", "Transfer-Encoding: chunked")
	add("length and chunks", refused, "0\r\n\r\n", "Transfer-Encoding: chunked", length)
	add("chunks and something else", refused, "0\r\n\r\n", "Transfer-Encoding: chunked, identity")
	add("negative length", refused, form, "Content-Length: -1")
	add("two lengths", refused, form, "Content-Length: 5", "Content-Length: 6")
	add("length beyond numbers", refused, form, "Content-Length: 99999999999999999999")
	return out
}

func multipart(v url.Values, boundary string, more ...string) string {
	var b strings.Builder
	part := func(name, value string) {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary, name, value)
	}
	for name, values := range v {
		for _, value := range values {
			part(name, value)
		}
	}
	for i := 0; i < len(more); i += 2 {
		part(more[i], more[i+1])
	}
	return b.String() + "--" + boundary + "--\r\n"
}

// fields are payloads in every field, fields twice, fields that nobody asked for.
func fields(t target) (out []mutant) {
	v := t.form.values()
	add := func(what string, want outcome, change func(url.Values)) {
		out = append(out, mutant{what, want, func() request { return t.by.post(t.form.action, changed(v, change)) }})
	}
	for _, name := range t.form.names() {
		kind := t.form.kind(name)
		for _, p := range payloads {
			want := anything
			if kind == "radio" || kind == "checkbox" || kind == "option" {
				want = refused // an option that was not offered
			}
			add("payload in "+kind+" "+name, want, func(w url.Values) { w.Set(name, p) })
		}
		if kind == "radio" || kind == "option" {
			add("two options of one choice, "+name, refused, func(w url.Values) { w.Add(name, "zqx") })
		}
		twice := refused
		if kind == "checkbox" {
			twice = anything
		}
		add("field twice, "+kind+" "+name, twice, func(w url.Values) { w[name] = []string{"zqx<b>", "zqx<i>"} })
		add("field as a list", anything, func(w url.Values) { w.Set(name+"[18446744073709551615]", "zqx"); w.Set(name+"[-1]", "zqx") })
		add("field left out", anything, func(w url.Values) { w.Del(name) })
		add("field empty", anything, func(w url.Values) { w.Set(name, "") })
	}
	for _, extra := range []string{"reference", "id", "token", "staff", "role", "state", "version", "consent", "age_band", "sex", "withdrawn", "_method", "__proto__", "X-Zqx"} {
		add("field that nobody asked for", anything, func(w url.Values) {
			if !w.Has(extra) {
				w.Set(extra, "zqx-administrator")
			}
		})
	}
	add("nothing but the token", anything, func(w url.Values) {
		for name := range v {
			if name != "_csrf" {
				w.Del(name)
			}
		}
	})
	return out
}

// headers are requests that lie about themselves. The address and the body stay as they are.
func headers(t target, good func() request) (out []mutant) {
	add := func(what string, want outcome, change func(request) request) {
		out = append(out, mutant{"header: " + what, want, func() request { return change(good()) }})
	}
	for _, line := range []string{"X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: zqx, 127.0.0.1", "X-Real-IP: 127.0.0.1", "X-Forwarded-Host: zqx-forwarded.example",
		"X-Forwarded-Proto: javascript", "Forwarded: for=127.0.0.1;host=zqx.example", "X-Original-URL: /office", "X-Rewrite-URL: /office/audit",
		"X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.", "Authorization: Basic YWRtaW46YWRtaW4=",
		"Range: bytes=0-0,-1", "If-None-Match: \"zqx\"", "If-Modified-Since: zqx", "Accept: application/json", "Accept: zqx/<script>zqx(1)</script>",
		"Accept-Encoding: zqx;q=\"", "Accept-Language: <script>zqx(1)</script>", "Referer: https://zqx.example/<script>zqx(1)</script>",
		"User-Agent: <script>zqx(1)</script>{{zqx}}", "Cookie: zqx=<script>", "Upgrade: h2c", "Expect: 100-continue",
		"Via: zqx", "X-Zqx-Long: " + strings.Repeat("z", 4000)} {
		name, _, _ := strings.Cut(line, ":")
		if name == "Cookie" || strings.HasPrefix(name, "Accept") {
			add(line[:min(len(line), 40)], anything, func(r request) request { return r.and(line) })
			continue
		}
		add(line[:min(len(line), 40)], anything, func(r request) request { return r.without(name).and(line) })
	}
	for _, h := range []string{"zqx-host.example", host + ":8443", host + ".", "user@" + host, "<script>zqx(1)</script>", "127.0.0.1", "[::1]:80"} {
		add("host "+h, anything, func(r request) request { return r.with("Host", h) })
	}
	add("no host", refused, func(r request) request { return r.without("Host") })
	for what, line := range map[string]string{"two hosts": "Host: zqx.example", "17 KiB": "X-Zqx-Long: " + strings.Repeat("z", 17<<10), "line without a name": ": zqx",
		"space before the colon": "X-Zqx : 1", "NUL": "X-Zqx: a\x00b", "line of nonsense": "zqx"} {
		add(what, refused, func(r request) request { return r.and(line) })
	}
	add("200 cookies", anything, func(r request) request { return r.with("Cookie", strings.Repeat("zqx=1; ", 200)+t.by.cookie()) })
	return out
}

// elsewheres send the form to where another form goes: other questions, other consultations.
func elsewheres(t target) (out []mutant) {
	v := t.form.values()
	add := func(what string, want outcome, method, action string) {
		out = append(out, mutant{what, want, func() request {
			r := t.by.post(action, v.Encode())
			r.method = method
			return r
		}})
	}
	for _, slug := range []string{"other", "closing", "soon", "nothing", "..%2flibrary"} {
		if strings.Contains(t.form.action, "/c/library/") {
			add("form of another consultation", anything, http.MethodPost, strings.Replace(t.form.action, "/c/library/", "/c/"+slug+"/", 1))
		}
	}
	path, query, _ := strings.Cut(t.form.action, "?")
	cut := path[:strings.LastIndex(path, "/")+1]
	for _, last := range []string{"satisfied", "age_band", "nothing", "check", "consent", "held", "withdraw", "1", "%2e%2e", "zqx%00", strings.Repeat("z", 3000)} {
		add("form of another page", anything, http.MethodPost, cut+last+"?"+query)
	}
	add("form sent with PUT", refused, http.MethodPut, t.form.action)
	return append(out, mutant{"form sent with GET", anything, func() request {
		return t.by.get(t.form.action + separator(t.form.action) + v.Encode())
	}})
}
