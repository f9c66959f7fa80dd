package registers

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/processors"
)

const recordRoot = root + "/processing"

// recordPage is a record as it is shown: the one made now, or a snapshot, each at its own address.
type recordPage struct {
	record   privacy.ProcessingRecord
	at       string // address
	snapshot *privacy.ProcessingSnapshot
}

// live makes the record of what is configured now.
func (h *Handlers) live(c *fiber.Ctx) (recordPage, error) {
	r, err := h.Service.Record(c.UserContext(), desk.Staff(c))
	return recordPage{record: r, at: recordRoot}, err
}

// stored reads the snapshot of the address. It is shown also where it was altered in the database, with a warning.
func (h *Handlers) stored(c *fiber.Ctx) (out recordPage, before *privacy.ProcessingSnapshot, altered error, err error) {
	month := c.Params("month")
	out.at = recordRoot + "/snapshots/" + month
	if out.snapshot, before, err = h.Service.Snapshot(c.UserContext(), desk.Staff(c), month); err != nil {
		return out, nil, nil, err
	}
	out.record, err = out.snapshot.Record()
	if fault.Is(err, fault.Conflict) {
		return out, before, err, nil
	}
	return out, before, nil, err
}

// record answers: what do we do with personal data, on which basis, and for how long?
func (h *Handlers) record(c *fiber.Ctx) error {
	r, err := h.live(c)
	if err != nil {
		return err
	}
	p := h.frame(c, "ropa.title")
	p.Wide = true
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	blocks := []desk.Block{desk.Para(p.T("ropa.intro")), desk.Para(p.T("ropa.processor")),
		{Buttons: []page.Button{{Text: p.T("ropa.csv"), Href: p.To(recordRoot + "/record.csv"), Kind: "secondary"}, {Text: p.T("ropa.whole"), Href: p.To(recordRoot + "/whole"), Kind: "secondary"},
			{Text: p.T("ropa.snapshots"), Href: p.To(recordRoot + "/snapshots"), Kind: "secondary"}}}}
	form := survey.Form{}
	desk.Put(form, "kind", c.Query("kind"))
	desk.Put(form, "words", c.Query("words"))
	f := desk.Fields{Page: p, Form: form}
	blocks = append(blocks, desk.Block{Form: &desk.Form{Get: true, Action: p.To(recordRoot), Label: p.T("ropa.filter"), Buttons: []page.Button{{Text: p.T("ropa.filter"), Kind: "secondary"}},
		Blocks: []desk.Block{{Row: [][]desk.Block{{f.Select("kind", "ropa.kind", page.Option{Label: p.T("ropa.kind.all")}, page.Option{Value: "consultations", Label: p.T("ropa.kind.consultations")},
			page.Option{Value: "service", Label: p.T("ropa.kind.service")})}, {f.Input("words", "ropa.words", "20")}}}}}})
	blocks = append(blocks, desk.TableBlock(recordTable(p, r, chosen(p, r.record, c.Query("kind"), c.Query("words")))))
	recipients, err := h.recipients(c, p)
	if err != nil {
		return err
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, recipients...)})
}

// recipients lists those who get information now, with the way to the register that holds them (art. 30(1)(d)).
func (h *Handlers) recipients(c *fiber.Ctx, p *page.Page) ([]desk.Block, error) {
	running, _, err := h.Cases.Processors(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	t := processors.Table(p, p.T("processor.list.title"), running)
	t.Empty = p.T("processor.list.empty")
	return []desk.Block{desk.TableBlock(t), desk.LinkList(page.Link{Text: p.T("processor.list.title"), Href: p.To(root + "/processors")})}, nil
}

// chosen are the activities that a filter leaves: of a kind, and with every word in their title or any field.
func chosen(p *page.Page, r privacy.ProcessingRecord, kind, words string) (out []privacy.Activity) {
	for _, a := range r.Activities {
		text := a.Title.In(p.Lang)
		for _, f := range a.Fields {
			for _, t := range f.Lines {
				text += "\n" + t.In(p.Lang)
			}
		}
		text = consult.FoldWords(text)
		missing := slices.ContainsFunc(strings.Fields(consult.FoldWords(words)), func(w string) bool { return !strings.Contains(text, w) })
		if missing || kind == "consultations" && a.Platform || kind == "service" && !a.Platform {
			continue
		}
		out = append(out, a)
	}
	return out
}

func recordTable(p *page.Page, r recordPage, activities []privacy.Activity) page.Table {
	t := page.Table{Caption: p.T("ropa.activities"), Stack: true, Empty: p.T("ropa.none"), Head: page.Cells(p.T("ropa.field.activity"), p.T("ropa.field.state"), p.T("ropa.field.basis"), p.T("ropa.field.dpia"))}
	for _, a := range activities {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: a.Title.In(p.Lang), Href: p.To(r.at + "/activities/" + a.ID)}}, {Text: p.T("ropa.state." + a.State)},
			{Text: first(p, a, "basis")}, {Text: first(p, a, "dpia")}}})
	}
	return t
}

func first(p *page.Page, a privacy.Activity, key string) string {
	if lines := a.Field(key); len(lines) > 0 {
		return lines[0].In(p.Lang)
	}
	return ""
}

// recordFields shows everything that the record says of an activity.
func recordFields(p *page.Page, a privacy.Activity) desk.Block {
	list := &page.SummaryList{Rows: []page.SummaryRow{{Key: p.T("ropa.field.state"), Lines: []string{p.T("ropa.state." + a.State)}}}}
	for _, f := range a.Fields {
		row := page.SummaryRow{Key: p.T("ropa.field." + f.Key)}
		for _, t := range f.Lines {
			row.Lines = append(row.Lines, t.In(p.Lang))
		}
		list.Rows = append(list.Rows, row)
	}
	return desk.Block{Summary: list}
}

func (h *Handlers) activity(c *fiber.Ctx) error {
	r, err := h.live(c)
	if err != nil {
		return err
	}
	return h.showActivity(c, r, nil)
}

func (h *Handlers) storedActivity(c *fiber.Ctx) error {
	r, _, altered, err := h.stored(c)
	if err != nil {
		return err
	}
	if altered != nil {
		return altered
	}
	return h.showActivity(c, r, []page.Crumb{{Text: h.Kit.Catalogue().T(page.Lang(c), "ropa.snapshots"), Href: recordRoot + "/snapshots"}, {Text: monthName(page.Lang(c), r.snapshot.Month), Href: r.at}})
}

func (h *Handlers) showActivity(c *fiber.Ctx, r recordPage, crumbs []page.Crumb) error {
	i := slices.IndexFunc(r.record.Activities, func(a privacy.Activity) bool { return a.ID == c.Params("activity") })
	if i < 0 {
		return fault.New(fault.NotFound, "error.store.not_found")
	}
	a := r.record.Activities[i]
	p := h.frame(c, "ropa.activity.title", append([]page.Crumb{{Text: h.Kit.Catalogue().T(page.Lang(c), "ropa.title"), Href: recordRoot}}, crumbs...)...)
	p.Title = a.Title.In(p.Lang)
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	blocks := []desk.Block{recordFields(p, a), desk.Small(made(p, r))}
	if !a.Platform && r.snapshot == nil {
		blocks = append(blocks, desk.LinkList(page.Link{Text: p.T("screening.decide.consultation"), Href: p.To("/office/consultations/" + a.ID)},
			page.Link{Text: p.T("ropa.link.screening"), Href: p.To(root + "/screenings/" + a.ID)}))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

func made(p *page.Page, r recordPage) string {
	return p.T("ropa.made", "When", locale.DateTime(p.Lang, r.record.MadeAt))
}

// whole shows the whole record on one page, for printing.
func (h *Handlers) whole(c *fiber.Ctx) error {
	r, err := h.live(c)
	if err != nil {
		return err
	}
	p := h.frame(c, "ropa.whole.title", page.Crumb{Text: h.Kit.Catalogue().T(page.Lang(c), "ropa.title"), Href: recordRoot})
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	p.Wide = true
	blocks := []desk.Block{desk.Para(made(p, r)), desk.Para(p.T("ropa.processor"))}
	for _, a := range r.record.Activities {
		blocks = append(blocks, desk.Block{Heading: &desk.Heading{Text: a.Title.In(p.Lang), Begin: true}}, recordFields(p, a))
	}
	recipients, err := h.recipients(c, p)
	if err != nil {
		return err
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, recipients...)})
}

func (h *Handlers) recordCSV(c *fiber.Ctx) error { return h.sendRecord(c, "") }

func (h *Handlers) storedCSV(c *fiber.Ctx) error { return h.sendRecord(c, c.Params("month")) }

// sendRecord answers with the record as it is now, or with that of a month.
func (h *Handlers) sendRecord(c *fiber.Ctx, month string) error {
	r, err := h.Service.ExportRecord(c.UserContext(), desk.Staff(c), month)
	if err != nil {
		return err
	}
	lang := page.Lang(c)
	var out bytes.Buffer
	if err := export.RecordCSV(&out, lang, r, func(key string) string { return h.Kit.Catalogue().T(lang, "ropa."+key) }); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return page.Download(c, "record-of-processing-"+cmp.Or(month, string(privacy.DateOf(r.MadeAt)))+".csv", "text/csv; charset=utf-8", out.Bytes())
}

// snapshots answers: what did the record say in each month?
func (h *Handlers) snapshots(c *fiber.Ctx) error {
	all, err := h.Service.Snapshots(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.frame(c, "ropa.snapshots", page.Crumb{Text: h.Kit.Catalogue().T(page.Lang(c), "ropa.title"), Href: recordRoot})
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	p.Wide = true
	t := page.Table{Caption: p.T("ropa.snapshots"), HiddenCaption: true, Stack: true, Empty: p.T("ropa.snapshots.none"), Head: page.Cells(p.T("ropa.snapshot.month"), p.T("ropa.snapshot.hash"))}
	for _, s := range all {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: monthName(p.Lang, s.Month), Href: p.To(recordRoot + "/snapshots/" + s.Month)}}, {Text: s.Hash[:16] + "…"}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("ropa.snapshots.intro")), desk.TableBlock(t)}})
}

// monthName writes yyyy-mm as people do.
func monthName(lang locale.Lang, month string) string {
	day := locale.ISODate(lang, month+"-01")
	return strings.TrimPrefix(day, "1 ")
}

// snapshot answers: what did the record say then, and what had changed?
func (h *Handlers) snapshot(c *fiber.Ctx) error {
	r, before, altered, err := h.stored(c)
	if err != nil {
		return err
	}
	p := h.frame(c, "ropa.snapshot.title", page.Crumb{Text: h.Kit.Catalogue().T(page.Lang(c), "ropa.title"), Href: recordRoot}, page.Crumb{Text: h.Kit.Catalogue().T(page.Lang(c), "ropa.snapshots"), Href: recordRoot + "/snapshots"})
	p.Title = p.T("ropa.snapshot.heading", "Month", monthName(p.Lang, r.snapshot.Month))
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: monthName(p.Lang, r.snapshot.Month)})
	p.Wide = true
	v := desk.View{Page: p}
	if altered != nil {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("error.record.altered", "Month", r.snapshot.Month)}})
		return h.Show(c, fiber.StatusOK, v)
	}
	v.Blocks = append(v.Blocks, desk.Para(made(p, r)), desk.Block{Copy: &desk.Copy{Label: p.T("ropa.snapshot.hash"), Text: r.snapshot.Hash}},
		desk.Block{Buttons: []page.Button{{Text: p.T("ropa.csv"), Href: p.To(r.at + "/record.csv"), Kind: "secondary"}}})
	changes, err := changesBetween(p, before, r.record)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, changes...)
	v.Blocks = append(v.Blocks, desk.TableBlock(recordTable(p, r, r.record.Activities)))
	return h.Show(c, fiber.StatusOK, v)
}

// changesBetween says what changed since the snapshot before.
func changesBetween(p *page.Page, before *privacy.ProcessingSnapshot, now privacy.ProcessingRecord) ([]desk.Block, error) {
	if before == nil {
		return []desk.Block{desk.Para(p.T("ropa.changes.first"))}, nil
	}
	was, err := before.Record()
	if fault.Is(err, fault.Conflict) {
		return []desk.Block{{Warning: &page.Warning{Text: p.T("error.record.altered", "Month", before.Month)}}}, nil
	}
	if err != nil {
		return nil, err
	}
	t := page.Table{Caption: p.T("ropa.changes", "Month", monthName(p.Lang, before.Month)), Stack: true, Empty: p.T("ropa.changes.none"),
		Head: page.Cells(p.T("ropa.field.activity"), p.T("ropa.change.what"), p.T("ropa.change.before"), p.T("ropa.change.after"))}
	for _, x := range privacy.CompareRecords(was, now) {
		what := p.T("ropa.change." + x.Kind)
		if x.Field != "" {
			what = p.T("ropa.field." + x.Field)
		}
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(x.Activity.Title.In(p.Lang), what, join(p, x.Field, x.Before), join(p, x.Field, x.After))})
	}
	return []desk.Block{desk.TableBlock(t)}, nil
}

func join(p *page.Page, field string, lines []locale.Text) string {
	var out []string
	for _, t := range lines {
		s := t.In(p.Lang)
		if field == "state" {
			s = p.T("ropa.state." + s)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}
