package page

import (
	"bytes"
	"html/template"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// policy is what officers' Markdown may become: paragraphs, lists, emphasis, links and headings below the page's own.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "ul", "ol", "li", "strong", "em", "h2", "h3", "h4", "blockquote", "hr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
}()

var markdown = goldmark.New() // without unsafe: raw HTML in the source is dropped

// Markdown turns an officer's text into HTML. It is the only place where HTML is made from text: raw HTML is dropped by
// the parser, and what the parser wrote is sanitised again. Wrap it in {{template "prose" .}}'s class folk-prose.
func Markdown(source string) template.HTML {
	var buf bytes.Buffer
	if err := markdown.Convert([]byte(source), &buf); err != nil {
		return template.HTML(template.HTMLEscapeString(source))
	}
	return template.HTML(policy.SanitizeBytes(buf.Bytes()))
}
