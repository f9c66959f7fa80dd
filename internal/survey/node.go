package survey

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/locale"

	"go.yaml.in/yaml/v3"
)

// reader walks a YAML tree and collects every fault on the way. It works on nodes, not on structs, because only
// nodes know their line and only so can all faults be told at once.
type reader struct {
	faults    []Fault
	languages []locale.Lang // in which every text must exist
	inBank    bool          // texts may carry cy_status
	unchecked bool          // a text with cy_status was met
}

func (r *reader) fault(n *yaml.Node, path, key string, args ...any) {
	if len(r.faults) >= MaxFaults {
		return
	}
	f := Fault{Path: path, Key: "survey.fault." + key, Args: args}
	if n != nil {
		f.Line, f.Column = n.Line, n.Column
	}
	r.faults = append(r.faults, f)
}

// item is a node and where it is.
type item struct {
	r    *reader
	node *yaml.Node
	path string
}

func (i item) fault(key string, args ...any) { i.r.fault(i.node, i.path, key, args...) }

func (i item) is(tags ...string) bool { return slices.Contains(tags, i.node.ShortTag()) }

// load reads the only document in src. root is nil where faults make reading on pointless.
func (r *reader) load(src []byte) (root *yaml.Node) {
	if len(src) > MaxSource {
		r.fault(nil, "", "size", "Max", MaxSource/1024)
		return nil
	}
	if at := badByte(src); at >= 0 {
		line, column := 1+bytes.Count(src[:at], []byte("\n")), at-bytes.LastIndexByte(src[:at], '\n')
		r.faults = append(r.faults, Fault{Line: line, Column: column, Key: "survey.fault.encoding"})
		return nil
	}
	doc, err := decode(src)
	switch {
	case errors.Is(err, io.EOF) || err == nil && (len(doc) == 0 || len(doc[0].Content) == 0):
		r.fault(nil, "", "empty")
		return nil
	case err != nil:
		r.faults = append(r.faults, yamlFault(err))
		return nil
	case len(doc) > 1:
		r.fault(doc[1], "", "documents")
		return nil
	}
	before := len(r.faults)
	r.refuseTricks(doc[0].Content[0])
	if len(r.faults) > before {
		return nil
	}
	return doc[0].Content[0]
}

// decode returns the first two documents of src. The parser is not ours and has panicked on odd input before
// (CVE-2022-28948), so a panic in it counts as source that cannot be read.
func decode(src []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			docs, err = nil, fmt.Errorf("yaml: %v", p)
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(src))
	for len(docs) < 2 {
		var n yaml.Node
		if err := d.Decode(&n); errors.Is(err, io.EOF) && len(docs) > 0 {
			return docs, nil
		} else if err != nil {
			return nil, err
		}
		docs = append(docs, &n)
	}
	return docs, nil
}

// badByte returns the offset of the first byte that is not UTF-8 or is NUL, or -1.
func badByte(src []byte) int {
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		if c == 0 || c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

var yamlLine = regexp.MustCompile(`^line ([0-9]+): `)

// oneShort matches the errors whose line the library counts from 0; the others it counts from 1.
var oneShort = regexp.MustCompile(`^did not find expected (<document start>|node content|'-' indicator|key|',' or '[\]}]')`)

// yamlFault turns the parser's error into a fault with its line.
func yamlFault(err error) Fault {
	reason := strings.TrimPrefix(err.Error(), "yaml: ")
	f := Fault{Key: "survey.fault.yaml", Line: 1, Column: 1}
	if m := yamlLine.FindStringSubmatch(reason); m != nil {
		f.Line, _ = strconv.Atoi(m[1])
		reason = strings.TrimPrefix(reason, m[0])
		if oneShort.MatchString(reason) {
			f.Line++
		}
	}
	f.Args = []any{"Reason", reason}
	return f
}

// refuseTricks reports anchors, aliases and tags: no definition needs them, and aliases of aliases make a small
// file unfold to billions of nodes.
func (r *reader) refuseTricks(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.fault(n, "", "alias")
	case n.Style&yaml.TaggedStyle != 0:
		r.fault(n, "", "tag")
	}
	for _, c := range n.Content {
		r.refuseTricks(c)
	}
}
