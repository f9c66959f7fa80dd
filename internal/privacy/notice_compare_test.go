package privacy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// said writes changes on one line each, for tests to read.
func said(changes []privacy.SectionChange) string {
	var b strings.Builder
	for _, s := range changes {
		fmt.Fprintf(&b, "%s %s:", s.ID, s.Change)
		for _, l := range s.Lines {
			if s.Change != privacy.Unchanged {
				fmt.Fprintf(&b, " %s[%s]", map[privacy.Change]string{privacy.Unchanged: "=", privacy.Added: "+", privacy.Removed: "-"}[l.Change], l.Text)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCompareNotices(t *testing.T) {
	section := func(id, heading string, lines ...string) privacy.NoticeSection {
		s := privacy.NoticeSection{ID: id, Heading: heading}
		for _, l := range lines {
			if item, ok := strings.CutPrefix(l, "- "); ok {
				last := &s.Blocks[len(s.Blocks)-1]
				last.Items = append(last.Items, item)
				continue
			}
			s.Blocks = append(s.Blocks, privacy.NoticeBlock{Text: l})
		}
		return s
	}
	notice := func(title string, sections ...privacy.NoticeSection) privacy.NoticeText {
		return privacy.NoticeText{Title: title, Sections: sections}
	}
	for _, row := range []struct {
		why           string
		before, after privacy.NoticeText
		want          string
	}{
		{"nothing changed", notice("T", section("who", "Who", "A")), notice("T", section("who", "Who", "A")), "who same:\n"},
		{"a title", notice("T"), notice("U"), "title changed: -[T] +[U]\n"},
		{"a paragraph", notice("T", section("who", "Who", "A", "B", "C")), notice("T", section("who", "Who", "A", "X", "C")), "who changed: =[A] -[B] +[X] =[C]\n"},
		{"an item more", notice("T", section("who", "Who", "A", "- a", "- c")), notice("T", section("who", "Who", "A", "- a", "- b", "- c")), "who changed: =[A] =[a] +[b] =[c]\n"},
		{"an item that became a paragraph", notice("T", section("who", "Who", "A", "- a")), notice("T", section("who", "Who", "A", "a")), "who changed: =[A] -[a] +[a]\n"},
		{"a heading", notice("T", section("who", "Who", "A")), notice("T", section("who", "Whoever", "A")), "who changed: -[Who] +[Whoever] =[A]\n"},
		{"a section came, one went where it stood", notice("T", section("a", "A", "1"), section("b", "B", "2"), section("c", "C", "3")), notice("T", section("a", "A", "1"), section("c", "C", "3"), section("d", "D", "4")),
			"a same:\nb removed: -[2]\nc same:\nd added: +[4]\n"},
		{"the first went", notice("T", section("a", "A", "1"), section("b", "B", "2")), notice("T", section("b", "B", "2")), "a removed: -[1]\nb same:\n"},
		{"everything went", notice("T", section("a", "A", "1")), notice("T"), "a removed: -[1]\n"},
		{"a first version", notice(""), notice("", section("a", "A", "1")), "a added: +[1]\n"},
	} {
		if got := said(privacy.CompareNotices(row.before, row.after)); got != row.want {
			t.Errorf("%s:\n%swant\n%s", row.why, got, row.want)
		}
	}
}

// What is kept and added, read together, is the later text, and what is kept and removed the earlier one: a comparison hides nothing.
func TestComparisonHidesNothing(t *testing.T) {
	later := processing()
	later.Retention, later.Purposes = "P1Y", later.Purposes[:1]
	later.Categories, later.Uses, later.Partners, later.EqualityPeriod = nil, nil, nil, ""
	before, after := privacy.BuildNotice(council(), libraryHours, processing(), locale.English), privacy.BuildNotice(council(), libraryHours, later, locale.English)
	read := func(without privacy.Change) (out []string) {
		for _, s := range privacy.CompareNotices(before, after) {
			for _, l := range s.Lines {
				if l.Change != without {
					out = append(out, l.Text)
				}
			}
		}
		return out
	}
	whole := func(n privacy.NoticeText) (out []string) {
		for _, s := range n.Sections {
			for _, b := range s.Blocks {
				out = append(append(out, b.Text), b.Items...)
			}
		}
		return out
	}
	if !slices.Equal(read(privacy.Removed), whole(after)) || !slices.Equal(read(privacy.Added), whole(before)) {
		t.Errorf("%q\n%q", read(privacy.Removed), whole(after))
	}
	if got := said(privacy.CompareNotices(before, after)); !strings.Contains(got, "withdraw removed:") || !strings.Contains(got, "+[We keep responses for 1 year and") || !strings.Contains(got, "who same:") {
		t.Error(got)
	}
}

// A section of thousands of lines is shown whole instead of being compared line by line.
func TestAVeryLongSectionIsStillCompared(t *testing.T) {
	long := func(first string) privacy.NoticeText {
		s := privacy.NoticeSection{ID: "who", Heading: "Who", Blocks: []privacy.NoticeBlock{{Text: first}}}
		for i := range 3000 {
			s.Blocks = append(s.Blocks, privacy.NoticeBlock{Text: fmt.Sprint(i)})
		}
		return privacy.NoticeText{Sections: []privacy.NoticeSection{s}}
	}
	if got := privacy.CompareNotices(long("a"), long("a")); got[0].Change != privacy.Unchanged {
		t.Errorf("the same is %s", got[0].Change)
	}
	got := privacy.CompareNotices(long("a"), long("b"))
	if got[0].Change != privacy.Changed || len(got[0].Lines) != 6002 {
		t.Errorf("%s, %d lines", got[0].Change, len(got[0].Lines))
	}
}
