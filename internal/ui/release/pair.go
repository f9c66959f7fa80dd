package release

import (
	"slices"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// The fields that add a table by two dimensions at once. There are too many to offer each as a tick box.
const (
	fieldAdd       = "add"
	pairQuestion   = "pair-question"
	pairBy         = "pair-by"
	pairThen       = "pair-then"
	pairIncomplete = "release.problem.pair"
)

// pairs are the ticked tables by two dimensions, in the order of the catalogue.
func (o offer) pairs(sent map[string]bool) (out []consult.TableSpec) {
	for _, q := range o.questions {
		for _, by := range o.dimensions {
			for _, then := range o.dimensions {
				t := consult.TableSpec{Question: q.ID, By: by.ID, ThenBy: then.ID}
				if sent[tableValue(t)] && by.ID != then.ID && by.ID != q.ID && then.ID != q.ID {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// pairFields show the tables by two dimensions that were added, and add another.
func (o offer) pairFields(f desk.Fields) []desk.Block {
	p := f.Page
	if len(o.dimensions) < 2 {
		return nil
	}
	choose := page.Option{Label: p.T("release.pair.choose")}
	questions, dims := []page.Option{choose}, []page.Option{choose}
	for _, q := range o.questions {
		questions = append(questions, page.Option{Value: q.ID, Label: shorten(marked(p, q, q.Label.In(p.Lang)), 90)})
	}
	for _, d := range o.dimensions {
		dims = append(dims, page.Option{Value: d.ID, Label: shorten(marked(p, d, d.Label.In(p.Lang)), 90)})
	}
	add := []desk.Block{desk.Para(p.T("release.pair.intro")), f.Select(pairQuestion, "release.pair.question", questions...),
		{Columns: [][]desk.Block{{f.Select(pairBy, "release.pair.by", dims...)}, {f.Select(pairThen, "release.pair.then", dims...)}}},
		{Buttons: []page.Button{{Text: p.T("release.pair.add"), Kind: "secondary", Name: fieldAdd, Value: "yes"}}}}
	chosen := page.Checkboxes{Small: true, Group: page.Group{Name: fieldTables, ID: "pairs", Legend: p.T("release.pair.chosen"), Size: "s"}}
	for _, t := range o.pairs(sentTables(f.Form)) {
		chosen.Options = append(chosen.Options, page.Option{Value: tableValue(t), Label: o.name(p, t), Hint: o.hidden[tableValue(t)], Checked: true})
	}
	blocks := []desk.Block{desk.H2(p.T("release.pair.title"))}
	if len(chosen.Options) == 0 && p.Error(pairQuestion) == "" && p.Error(pairBy) == "" && p.Error(pairThen) == "" {
		return append(blocks, desk.Block{Fold: &desk.Fold{Summary: p.T("release.pair.fold"), Blocks: add}})
	}
	if len(chosen.Options) > 0 {
		blocks = append(blocks, desk.Block{Checks: &chosen})
	}
	return append(blocks, add...)
}

func sentTables(form survey.Form) map[string]bool {
	sent := map[string]bool{}
	for _, v := range form[fieldTables] {
		sent[v] = true
	}
	return sent
}

// addsPair reports whether a further table by two dimensions is chosen, by its button or only in its lists.
func addsPair(form survey.Form) bool {
	return form.First(fieldAdd)+form.First(pairQuestion)+form.First(pairBy)+form.First(pairThen) != ""
}

// addPair ticks the further table that is chosen in the lists, or says what is wrong with it. Whoever chose a table and presses another
// button than that which adds it means to have it all the same.
func (o offer) addPair(form survey.Form) []survey.Problem {
	t := consult.TableSpec{Question: form.First(pairQuestion), By: form.First(pairBy), ThenBy: form.First(pairThen)}
	known := func(all []consult.Dimension, id string) bool {
		return slices.ContainsFunc(all, func(d consult.Dimension) bool { return d.ID == id })
	}
	sent := sentTables(form)
	refuse := func(field, key string) []survey.Problem {
		return []survey.Problem{{Field: field, Key: key, Args: []any{"Max", maxTables}}}
	}
	switch {
	case !known(o.questions, t.Question):
		return refuse(pairQuestion, pairIncomplete+".question")
	case !known(o.dimensions, t.By), t.By == t.Question:
		return refuse(pairBy, pairIncomplete+".by")
	case !known(o.dimensions, t.ThenBy), t.ThenBy == t.Question, t.ThenBy == t.By:
		return refuse(pairThen, pairIncomplete+".then")
	case sent[tableValue(t)], sent[tableValue(consult.TableSpec{Question: t.Question, By: t.ThenBy, ThenBy: t.By})]:
		return refuse(pairQuestion, pairIncomplete+".twice")
	case len(sent) >= maxTables:
		return refuse(pairQuestion, "error.release.tables")
	}
	form[fieldTables] = append(slices.Clone(form[fieldTables]), tableValue(t))
	for _, field := range []string{pairQuestion, pairBy, pairThen} {
		delete(form, field)
	}
	return nil
}

// tableValue is a table as the form sends it: "question", "question|dimension" or "question|dimension|dimension".
func tableValue(t consult.TableSpec) string {
	return strings.Join(append([]string{t.Question}, t.Dimensions()...), "|")
}
