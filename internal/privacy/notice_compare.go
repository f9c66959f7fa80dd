package privacy

import "slices"

// Change says what became of a section or line of a notice from one version to another.
type Change string

// The changes.
const (
	Unchanged Change = "same"
	Added     Change = "added"
	Removed   Change = "removed"
	Changed   Change = "changed" // of a section: some of its lines were added or removed
)

// SectionChange is what became of one section.
type SectionChange struct {
	ID      string // of NoticeSection; "title" for the title of the notice
	Heading string // as it is now, or as it was in a section that is gone
	Change  Change
	Lines   []LineChange // in reading order; what was removed stands before what came in its place
}

// LineChange is what became of one paragraph or item.
type LineChange struct {
	Change Change
	Text   string
	Item   bool // it is an item of a list
}

// CompareNotices says section by section how the text of a notice changed. Sections are those of the later text in its order, with
// those that are gone where they stood. A title or heading that changed is a line of its section.
func CompareNotices(before, after NoticeText) []SectionChange {
	section := func(n NoticeText, id string) *NoticeSection {
		if i := slices.IndexFunc(n.Sections, func(s NoticeSection) bool { return s.ID == id }); i >= 0 {
			return &n.Sections[i]
		}
		return nil
	}
	var out []SectionChange
	if before.Title != after.Title {
		out = append(out, SectionChange{"title", after.Title, Changed, []LineChange{{Removed, before.Title, false}, {Added, after.Title, false}}})
	}
	for _, s := range after.Sections {
		old := section(before, s.ID)
		if old == nil {
			out = append(out, SectionChange{s.ID, s.Heading, Added, marked(linesOf(s), Added)})
			continue
		}
		c := SectionChange{ID: s.ID, Heading: s.Heading, Change: Unchanged}
		if old.Heading != s.Heading {
			c.Lines = []LineChange{{Removed, old.Heading, false}, {Added, s.Heading, false}}
		}
		c.Lines = append(c.Lines, compareLines(linesOf(*old), linesOf(s))...)
		if slices.ContainsFunc(c.Lines, func(l LineChange) bool { return l.Change != Unchanged }) {
			c.Change = Changed
		}
		out = append(out, c)
	}
	for i, s := range before.Sections {
		if section(after, s.ID) != nil {
			continue
		}
		at := 0
		for _, earlier := range before.Sections[:i] {
			at = max(at, 1+slices.IndexFunc(out, func(c SectionChange) bool { return c.ID == earlier.ID }))
		}
		at = max(at, 1+slices.IndexFunc(out, func(c SectionChange) bool { return c.ID == "title" }))
		out = slices.Insert(out, at, SectionChange{s.ID, s.Heading, Removed, marked(linesOf(s), Removed)})
	}
	return out
}

func linesOf(s NoticeSection) (out []LineChange) {
	for _, b := range s.Blocks {
		out = append(out, LineChange{Unchanged, b.Text, false})
		for _, item := range b.Items {
			out = append(out, LineChange{Unchanged, item, true})
		}
	}
	return out
}

func marked(lines []LineChange, c Change) []LineChange {
	for i := range lines {
		lines[i].Change = c
	}
	return lines
}

// mostPairs is how many pairs of lines are compared. A section with more is shown as removed and added whole.
const mostPairs = 1 << 22

// compareLines keeps as many lines as it can: a longest common subsequence.
func compareLines(before, after []LineChange) []LineChange {
	if slices.Equal(before, after) {
		return after
	}
	if (len(before)+1)*(len(after)+1) > mostPairs {
		return append(marked(before, Removed), marked(after, Added)...)
	}
	width := len(after) + 1
	kept := make([]int, (len(before)+1)*width) // lines that can be kept of before[i:] and after[j:]
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				kept[i*width+j] = 1 + kept[(i+1)*width+j+1]
			} else {
				kept[i*width+j] = max(kept[(i+1)*width+j], kept[i*width+j+1])
			}
		}
	}
	var out []LineChange
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			out = append(out, after[j])
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && kept[(i+1)*width+j] >= kept[i*width+j+1]:
			out = append(out, LineChange{Removed, before[i].Text, before[i].Item})
			i++
		default:
			out = append(out, LineChange{Added, after[j].Text, after[j].Item})
			j++
		}
	}
	return out
}
