package privacy

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

var (
	headingTags = []string{"h1", "h2", "h3", "h4", "h5", "h6"}
	itemTags    = []string{"li", "tr", "dd"}
	blockTags   = []string{"p", "div", "br", "ul", "ol", "table", "thead", "tbody", "section", "article", "header", "footer", "main",
		"blockquote", "dl", "dt", "hr", "pre", "address", "body", "html", "nav", "aside", "details", "summary"}
	cellTags   = []string{"td", "th"}
	inlineTags = []string{"a", "b", "i", "em", "strong", "span", "u", "small", "sup", "sub", "font", "mark", "code", "abbr", "img", "time", "cite", "label"}
	hiddenTags = []string{"script", "style", "head", "!--"}
)

// longestTag is how far a tag is looked for its end, in bytes.
const longestTag = 600

var (
	tagName = regexp.MustCompile(`^<(/?)([A-Za-z][A-Za-z0-9]*|!--)`)
	href    = regexp.MustCompile(`(?i)\bhref\s*=\s*["']?((?:mailto:|tel:|https?:)[^"'\s>]{1,300})`)
)

// untag returns the text line by line, without tags and hidden parts. Headings and items of HTML come out as such; addresses of links
// stay in the text, because often an email address is nowhere else.
func untag(text string) []textLine {
	u := untagger{text: strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\ufeff", "").Replace(text), line: 1, unclosed: map[string]bool{}}
	for u.at < len(u.text) {
		switch c := u.text[u.at]; {
		case c == '\n':
			u.at++
			u.flush()
			u.line++
		case c == '<' && u.tag():
		default:
			u.piece.WriteByte(c)
			u.at++
		}
	}
	u.flush()
	return u.out
}

type untagger struct {
	text     string
	at, line int
	piece    strings.Builder
	kind     lineKind
	cut      bool
	unclosed map[string]bool // hidden tags whose end was looked for in vain: looking again would take time for nothing
	out      []textLine
}

// flush ends a piece. A line without words stays as a blank line.
func (u *untagger) flush() {
	s := u.piece.String()
	u.piece.Reset()
	u.out = append(u.out, textLine{text: html.UnescapeString(s), line: u.line, kind: u.kind, cut: u.cut})
	if !hasWord(s) {
		return // what the tag began is still to come
	}
	u.cut = false
	if u.kind == itemLine { // an item's next line goes on with it
		u.kind = proseLine
	}
}

// block begins something new.
func (u *untagger) block(k lineKind) {
	if hasWord(u.piece.String()) {
		u.flush()
	} else {
		u.piece.Reset()
	}
	u.kind, u.cut = k, true
}

// tag takes a tag that begins here away. It returns false if none does: "<" is then text.
func (u *untagger) tag() bool {
	rest := u.text[u.at:min(len(u.text), u.at+longestTag)]
	m := tagName.FindStringSubmatch(rest)
	if m == nil {
		return false
	}
	name, closing := strings.ToLower(m[2]), m[1] != ""
	if slices.Contains(hiddenTags, name) && !closing {
		return u.hide(name)
	}
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		return false
	}
	switch {
	case slices.Contains(headingTags, name) && !closing:
		u.block(headingLine)
	case slices.Contains(itemTags, name) && !closing:
		u.block(itemLine)
	case slices.Contains(headingTags, name), slices.Contains(itemTags, name):
		u.block(proseLine)
	case slices.Contains(blockTags, name):
		if u.kind != itemLine || hasWord(u.piece.String()) { // the paragraph of an item is the item
			u.block(proseLine)
		}
	case slices.Contains(cellTags, name):
		u.piece.WriteString(" | ")
	case slices.Contains(inlineTags, name):
		if link := href.FindStringSubmatch(rest[:end]); link != nil {
			u.piece.WriteString(" " + link[1] + " ")
		}
	case !slices.Contains(hiddenTags, name):
		return false // "<council name>", "<http://...>"
	}
	u.line += strings.Count(rest[:end], "\n")
	u.at += end + 1
	return true
}

// hide skips what readers do not see.
func (u *untagger) hide(name string) bool {
	if u.unclosed[name] {
		return false
	}
	closing := "</" + name
	if name == "!--" {
		closing = "-->"
	}
	end := indexFold(u.text[u.at:], closing)
	if end < 0 {
		u.unclosed[name] = true
		return false
	}
	u.line += strings.Count(u.text[u.at:u.at+end], "\n")
	u.at += end
	if name == "!--" {
		u.at += len(closing)
	} else if close := strings.IndexByte(u.text[u.at:min(len(u.text), u.at+longestTag)], '>'); close >= 0 {
		u.at += close + 1
	} else {
		u.at += len(closing)
	}
	return true
}

// indexFold is strings.Index for an ASCII text in lower case, whatever the case of s.
func indexFold(s, lower string) int {
	for from := 0; ; {
		i := strings.IndexByte(s[from:], lower[0])
		if i < 0 || from+i+len(lower) > len(s) {
			return -1
		}
		if i += from; strings.EqualFold(s[i:i+len(lower)], lower) {
			return i
		}
		from = i + 1
	}
}
