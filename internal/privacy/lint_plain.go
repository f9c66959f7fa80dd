package privacy

import "slices"

// PlainVerdict says what a plain-text notice makes of one item.
type PlainVerdict string

// The verdicts. Only Stated and NotApplicable leave nothing to mend.
const (
	Stated        PlainVerdict = "present"
	Partly        PlainVerdict = "partly"
	Absent        PlainVerdict = "absent"
	NotApplicable PlainVerdict = "not applicable"
	OutOfDate     PlainVerdict = "out of date" // it says what the law no longer says
	Broken        PlainVerdict = "broken"      // of a rule: the notice does what it should not
)

// Lacks reports whether something has to be mended.
func (v PlainVerdict) Lacks() bool { return v != Stated && v != NotApplicable }

// PlainFinding is what a plain-text notice says, or does not say, about one item.
type PlainFinding struct {
	Item    string       `json:"item"`  // stable name: "dpo", "retention", "recipients_open"
	Label   string       `json:"label"` // the item in words
	Verdict PlainVerdict `json:"verdict"`
	Reason  string       `json:"reason,omitempty"` // stable name of why, where the verdict alone does not say: "no_trigger"
	Lines   []int        `json:"lines"`            // where the evidence stands, from 1; empty if there is none
	Clause  string       `json:"clause"`
	Advice  string       `json:"advice,omitempty"` // one sentence: what is missing and how to mend it, or what to look at again
}

// PlainReport is what LintPlain makes of a notice.
type PlainReport struct {
	Items []PlainFinding `json:"items"` // the items of UK GDPR article 13, all of them, always in the same order
	Rules []PlainFinding `json:"rules"` // rules that the notice breaks
}

// Lacking returns how many items lack something and how many rules are broken.
func (r PlainReport) Lacking() int {
	n := len(r.Rules)
	for _, f := range r.Items {
		if f.Verdict.Lacks() {
			n++
		}
	}
	return n
}

// Item returns the finding of an item.
func (r PlainReport) Item(name string) PlainFinding {
	i := slices.IndexFunc(r.Items, func(f PlainFinding) bool { return f.Item == name })
	if i < 0 {
		return PlainFinding{}
	}
	return r.Items[i]
}

// LintPlain reads a privacy notice as plain text, Markdown or HTML, in English or Welsh, and says of each item of UK GDPR
// article 13 whether the notice has it, and which rules of a good notice it breaks. It knows words and where they stand, not
// meaning: what it calls present a data protection officer should still read, and a notice that says a thing in words that it
// does not know is told that the thing is absent. Its time grows with the length of the text and no faster.
func LintPlain(text string) PlainReport {
	l := plainLinter{plainNotice: readPlain(text), report: PlainReport{Rules: []PlainFinding{}}}
	l.readBases()
	l.readActivities()
	for _, item := range []func() PlainFinding{
		l.controller, l.dpo, l.purposes, l.condition, l.recipients, l.retention, l.withdrawal, l.rights,
		l.regulator, l.complaint, l.required, l.automated, l.source, l.version, l.children,
	} {
		l.report.Items = append(l.report.Items, item())
	}
	l.rules()
	return l.report
}

// plainLinter holds what several items need to know of a notice.
type plainLinter struct {
	plainNotice
	bases      map[Basis][]int // passages that name a basis of article 6(1)
	explicit   []int           // passages that name explicit consent (art. 9(2)(a))
	activities []int           // headings of sections about one activity each
	open       []int           // passages that leave the list of recipients open: "etc."
	vague      []int           // passages that describe recipients and name none
	untimed    []int           // passages with a period and no trigger
	days21     []int           // passages with the period of the Data Protection Act 1998
	own        string          // the words of the controller's name
	report     PlainReport
}

// plainItem makes findings about one item.
type plainItem struct {
	notice              *plainNotice
	name, label, clause string
}

func (l *plainLinter) item(name, label, clause string) plainItem {
	return plainItem{&l.plainNotice, name, label, clause}
}

// is makes a finding with the passages that it rests on.
func (i plainItem) is(v PlainVerdict, reason, advice string, passages ...int) PlainFinding {
	return PlainFinding{Item: i.name, Label: i.label, Verdict: v, Reason: reason, Lines: i.notice.lines(passages), Clause: i.clause, Advice: advice}
}

func (i plainItem) present(passages []int) PlainFinding { return i.is(Stated, "", "", passages...) }

func (i plainItem) absent(advice string) PlainFinding { return i.is(Absent, "", advice) }

// public reports whether the notice is a public authority's.
func (l *plainLinter) public() []int {
	return l.find(func(p *passage) bool { return p.says(authorityWords) })
}
