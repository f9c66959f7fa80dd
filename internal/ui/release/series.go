package release

import (
	"slices"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// series lists what left the service of the release's survey, in the order of publication, where there is anything beside this one: all of them
// are protected together.
func series(p *page.Page, o opened) []desk.Block {
	all := o.series
	if !slices.ContainsFunc(all, func(r *consult.Release) bool { return r.ID != o.release.ID }) {
		return nil
	}
	t := page.Table{Caption: p.T("release.series.caption"), Stack: true, CaptionSize: "s",
		Head: []page.Cell{{Text: p.T("release.series.number"), Numeric: true}, {Text: p.T("release.field.title")}, {Text: p.T("release.field.snapshot")},
			{Text: p.T("release.series.published")}, {Text: p.T("release.figure.responses"), Numeric: true}, {Text: p.T("release.field.state")}}}
	for i, r := range all {
		tag := stateTag(p, r.State)
		title := page.Cell{Link: &page.Link{Text: r.Title.In(p.Lang), Href: p.To(Path(r.ID))}}
		if r.ID == o.release.ID {
			title = page.Cell{Text: p.T("release.series.this", "Title", r.Title.In(p.Lang))}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{page.Num(locale.Number(int64(i + 1))), title, {Text: locale.Date(p.Lang, r.SnapshotAt)},
			{Text: locale.Date(p.Lang, r.PublishedAt)}, page.Num(locale.Number(int64(r.Responses))), {Tag: &tag}}})
	}
	intro := "release.series.intro"
	if all[0].Policy.Noise != nil {
		intro = "release.series.noise"
	}
	return []desk.Block{desk.H2(p.T("release.series.title")), desk.Para(p.T(intro)), desk.TableBlock(t)}
}

// overtaken says that the release must be made again.
func overtaken(p *page.Page) desk.Block {
	return desk.Block{Warning: &page.Warning{Text: p.T("error.release.overtaken")}}
}

// numbered is the title of the release's consultation; with its place in the series from the second release on.
func numbered(p *page.Page, n names, r *consult.Release) string {
	title := n.title(p.Lang, r.ConsultationID)
	if left := r.State == consult.ReleasePublished || r.State == consult.ReleaseRevoked; !left || len(r.Earlier) == 0 {
		return title
	}
	return p.T("release.register.number", "Title", title, "Number", len(r.Earlier)+1)
}
