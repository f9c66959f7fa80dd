package privacy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// passage is a heading, a sentence or an item of a list, and where it stands.
type passage struct {
	raw     string
	text    string // its words; see words
	line    int    // from 1
	heading bool
	item    bool
	section int // the heading above, or -1
	intro   int // of an item: the passage that introduces its list, or -1
}

// says reports whether the passage has any of the terms.
func (p *passage) says(t terms) bool { return t.in(p.text) }

// plainNotice is a notice as passages in reading order.
type plainNotice struct {
	passages []passage
}

// readPlain takes plain text, Markdown or HTML apart.
func readPlain(text string) plainNotice {
	var n plainNotice
	section, intro := -1, -1
	for _, b := range blocksOf(text) {
		for _, s := range b.sentences() {
			p := passage{raw: s.text, text: words(strings.ReplaceAll(s.text, "’", "'")), line: s.line, heading: b.kind == headingLine, item: b.kind == itemLine, section: section, intro: -1}
			at := len(n.passages)
			switch {
			case p.heading:
				p.section, section, intro = -1, at, -1
			case p.item:
				p.intro = intro
			default:
				intro = at
			}
			n.passages = append(n.passages, p)
		}
	}
	return n
}

// find returns the passages for which ok holds.
func (n *plainNotice) find(ok func(*passage) bool) (out []int) {
	for i := range n.passages {
		if ok(&n.passages[i]) {
			out = append(out, i)
		}
	}
	return out
}

// around returns the words of a passage, of the heading above it and of what introduces its list.
func (n *plainNotice) around(p *passage) string {
	s := p.text
	if p.section >= 0 {
		s += n.passages[p.section].text
	}
	if p.intro >= 0 {
		s += n.passages[p.intro].text
	}
	return s
}

// under reports whether the heading above the passage, or what introduces its list, has any of the terms.
func (n *plainNotice) under(p *passage, t terms) bool {
	return p.section >= 0 && n.passages[p.section].says(t) || p.intro >= 0 && n.passages[p.intro].says(t)
}

// mostLines is how many places a finding names.
const mostLines = 8

// lines returns the line numbers of passages, in order, each once.
func (n *plainNotice) lines(passages []int) []int {
	out := []int{}
	for _, i := range passages {
		out = append(out, n.passages[i].line)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), mostLines)]
}

type lineKind int

const (
	proseLine lineKind = iota
	headingLine
	itemLine
	blankLine
)

// textLine is a line of the source, or a part of one between two tags.
type textLine struct {
	text string
	line int
	kind lineKind
	cut  bool // a tag before it begins something new
}

// textBlock is a paragraph, heading or item, which may go over several lines.
type textBlock struct {
	kind  lineKind
	lines []textLine
}

type sentence struct {
	text string
	line int
}

// company ends a name that stands on a line of its own.
var company = regexp.MustCompile(`\b(Ltd|Limited|LLP|PLC|plc|Inc|CIC|GmbH|AB|UC|BV)\.?$`)

var (
	hashes   = regexp.MustCompile(`^#{1,6}\s+`)
	boldOnly = regexp.MustCompile(`^(\*\*|__)[^*_]{1,120}(\*\*|__):?$`)
	bullet   = regexp.MustCompile(`^([-*+•·◦▪●–—]\s+|\|)`)
	numbered = regexp.MustCompile(`^(\d{1,2}[.)]|\d{1,2}(\.\d{1,2})+[.)]?|\([a-z0-9]{1,4}\)|[a-z][.)])\s+`)
	underbar = regexp.MustCompile(`^(={3,}|-{3,})$`)
)

// blocksOf puts lines together that belong together.
func blocksOf(text string) (out []textBlock) {
	lines := classify(untag(text))
	for i, l := range lines {
		if l.kind == blankLine {
			continue
		}
		if n := len(out); n > 0 && l.kind == proseLine && !l.cut && joins(out[n-1], l, i > 0 && lines[i-1].kind == blankLine) {
			out[n-1].lines = append(out[n-1].lines, l)
			continue
		}
		out = append(out, textBlock{l.kind, []textLine{l}})
	}
	return out
}

// joins reports whether a line goes on with what the block began. Over a blank line, as text pasted from a page has in the middle of
// a sentence, it does only where the sentence is not at its end and the line begins with a small letter.
func joins(b textBlock, l textLine, gap bool) bool {
	small := startsSmall(l.text)
	if b.kind == headingLine {
		return false
	}
	if gap || b.kind == itemLine {
		return small && !ended(b.lines[len(b.lines)-1].text)
	}
	return true
}

func startsSmall(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func ended(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, `"'”’)*_`))
	return strings.ContainsRune(".!?:;", r)
}

// classify finds headings, items and blank lines, and takes their marks away.
func classify(lines []textLine) []textLine {
	next := func(i int) string { // the next line with words
		for _, l := range lines[i+1:] {
			if hasWord(l.text) {
				return strings.TrimSpace(l.text)
			}
		}
		return ""
	}
	before := "" // the line before, empty for a blank one
	for i := range lines {
		l := &lines[i]
		l.text = strings.TrimSpace(l.text)
		marked := l.text
		switch {
		case !hasWord(l.text):
			if underbar.MatchString(l.text) && i > 0 && lines[i-1].kind == proseLine && short(lines[i-1].text, 90) {
				lines[i-1].kind = headingLine
			}
			l.kind = blankLine
			marked = ""
		case l.kind == headingLine:
		case hashes.MatchString(l.text):
			l.kind, l.text = headingLine, hashes.ReplaceAllString(l.text, "")
		case boldOnly.MatchString(l.text):
			l.kind, l.text = headingLine, strings.Trim(l.text, "*_:")
		case l.kind == itemLine:
		case bullet.MatchString(l.text):
			l.kind, l.text = itemLine, strings.TrimSpace(bullet.ReplaceAllString(l.text, ""))
		case numbered.MatchString(l.text):
			rest := numbered.ReplaceAllString(l.text, "")
			if l.kind = itemLine; title(rest) && !numbered.MatchString(next(i)) {
				l.kind = headingLine
			}
			l.text = rest
		case title(l.text) && (before == "" || ended(before)) && !startsSmall(next(i)) && next(i) != "":
			l.kind = headingLine
		}
		if before = marked; l.kind == headingLine || l.kind == itemLine {
			before = "" // a title may stand right below
		}
	}
	return lines
}

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func short(s string, most int) bool { return len(s) <= 4*most && utf8.RuneCountInString(s) <= most }

// title reports whether a line looks like a heading: short, with a capital, and no end of a sentence.
func title(s string) bool {
	if !short(s, 66) || strings.ContainsAny(s, "@|") || strings.Contains(s, ": ") || strings.ContainsAny(s[len(s)-1:], ".,;:") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) && len(strings.Fields(s)) <= 11 && !company.MatchString(s) && !phone.MatchString(s) && !postcode.MatchString(s)
}

// short forms after which a capital does not begin a sentence
var shortForms = []string{"mr", "mrs", "ms", "dr", "st", "prof"}

// sentences cuts a block at the ends of its sentences.
func (b textBlock) sentences() (out []sentence) {
	var all strings.Builder
	starts := make([]int, len(b.lines)) // where each line begins in all
	for i, l := range b.lines {
		if i > 0 {
			all.WriteByte(' ')
		}
		starts[i] = all.Len()
		all.WriteString(l.text)
	}
	whole, from, line := all.String(), 0, 0
	cut := func(to int) {
		for from < to && whole[from] == ' ' {
			from++
		}
		for line+1 < len(starts) && starts[line+1] <= from {
			line++
		}
		if s := strings.TrimSpace(whole[from:to]); hasWord(s) {
			out = append(out, sentence{s, b.lines[line].line})
		}
		from = to
	}
	if b.kind != headingLine {
		for i := 0; i < len(whole); i++ {
			if strings.IndexByte(".!?", whole[i]) >= 0 && endsAt(whole, from, i) {
				cut(i + 1)
			}
		}
	}
	cut(len(whole))
	return out
}

// endsAt reports whether the sign at i ends a sentence: a space and a capital follow.
func endsAt(s string, from, i int) bool {
	rest := strings.TrimLeft(s[i+1:min(len(s), i+16)], `"')]*_`+"”’")
	after := strings.TrimLeft(rest, ` "'([*_“‘`)
	if after == rest {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(after); !unicode.IsUpper(r) {
		return false
	}
	head := s[max(from, i-8):i]
	last := head[strings.LastIndexAny(head, " (")+1:]
	return !slices.Contains(shortForms, strings.ToLower(last))
}
