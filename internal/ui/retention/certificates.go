package retention

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// certificates answers: what was disposed of?
func (h *Handlers) certificates(c *fiber.Ctx) error {
	all, err := h.Cases.Certificates(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "retention.certificates.title")
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}, {Text: p.Title}}
	t := page.Table{Caption: p.T("retention.certificates.title"), HiddenCaption: true, Stack: true, Empty: p.T("retention.certificates.none"),
		Head: page.Cells(p.T("retention.certificate.number"), p.T("retention.certificate.finished"), p.T("retention.column.what"), p.T("retention.certificate.counts"), p.T("retention.certificate.checked"))}
	for _, x := range all {
		tag := checked(p, x)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: strconv.FormatInt(x.Sequence, 10), Href: p.To(root + "/certificates/" + x.ID)}},
			{Text: locale.DateTime(p.Lang, x.FinishedAt)}, {Text: p.T("retention.class." + string(x.Class))}, {Text: total(x)}, {Tag: &tag}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("retention.certificates.intro")), desk.TableBlock(t)}})
}

// total is how many records of the class itself are gone.
func total(x *privacy.Certificate) string {
	for _, n := range x.Counts {
		if n.Table == map[privacy.DataClass]string{privacy.ClassResponses: "response", privacy.ClassFreeText: "response.free_text", privacy.ClassPostcodes: "response.postcodes", privacy.ClassEquality: "profile",
			privacy.ClassRightsCase: "register_entry"}[x.Class] {
			return whole(n.Count)
		}
	}
	return whole(0)
}

func checked(p *page.Page, x *privacy.Certificate) page.Tag {
	if x.Complete() {
		return page.Tag{Text: p.T("retention.certificate.nothing_left"), Colour: "green"}
	}
	return page.Tag{Text: p.T("retention.certificate.stopped"), Colour: "yellow"}
}

// certificate shows one, for the file: it is printed with the browser.
func (h *Handlers) certificate(c *fiber.Ctx) error {
	x, sound, err := h.Cases.Certificate(c.UserContext(), desk.Staff(c), c.Params("certificate"))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "retention.certificates.title")
	p.Title = p.T("retention.certificate.title", "Number", x.Sequence)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}, {Text: p.T("retention.certificates.title"), Href: root + "/certificates"}, {Text: strconv.FormatInt(x.Sequence, 10)}}
	scope := p.T("retention.register." + string(x.Register))
	if x.Consultation != "" {
		if scope, err = h.title(c, p, x.Consultation); err != nil {
			return err
		}
	}
	by, err := h.doer(c, p, x.By)
	if err != nil {
		return err
	}
	list := &page.SummaryList{}
	row := func(key string, lines ...string) {
		list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: lines})
	}
	row("retention.certificate.council", p.CouncilName())
	row("retention.column.what", p.T("retention.class."+string(x.Class)))
	row("retention.column.of", scope)
	if x.From != "" {
		row("retention.certificate.range", p.T("retention.certificate.range.text", "From", locale.ISODate(p.Lang, string(x.From)), "To", locale.ISODate(p.Lang, string(x.To))))
	} else {
		row("retention.certificate.range", p.T("retention.certificate.ended", "To", locale.ISODate(p.Lang, string(x.To))))
	}
	rule := p.T("retention.certificate.rule.text", "Rule", x.Rule, "Version", x.RuleVersion)
	if x.Rule == privacy.RuleNotice {
		rule = p.T("retention.certificate.rule.notice", "Version", x.RuleVersion)
	}
	row("retention.column.rule", rule)
	row("retention.certificate.method", p.T("retention.certificate.method."+x.Method))
	row("retention.certificate.counts", counts(p, x.Counts)...)
	if x.Action == privacy.Anonymise {
		row("retention.certificate.kept", kept(p, x.Kept)...)
	}
	row("retention.certificate.started", locale.DateTime(p.Lang, x.StartedAt))
	row("retention.certificate.finished", locale.DateTime(p.Lang, x.FinishedAt))
	row("retention.certificate.by", by)
	row("retention.certificate.verified", counts(p, x.Verified)...)
	row("retention.certificate.held", whole(x.HoldsSkipped))
	row("retention.certificate.backups", p.T("retention.certificate.backups.text", "Date", locale.ISODate(p.Lang, string(x.BackupsUntil))))
	row("retention.certificate.id", x.ID)
	tag := checked(p, x)
	v := desk.View{Page: p, Tag: &tag, Blocks: []desk.Block{{Summary: list}, {Copy: &desk.Copy{Label: p.T("retention.certificate.hash"), Text: x.Hash}}}}
	if x.PrevHash != "" {
		v.Blocks = append(v.Blocks, desk.Block{Copy: &desk.Copy{Label: p.T("retention.certificate.before"), Text: x.PrevHash}})
	}
	if !sound {
		v.Blocks = append([]desk.Block{{Warning: &page.Warning{Text: p.T("retention.certificate.broken")}}}, v.Blocks...)
	} else {
		v.Blocks = append(v.Blocks, desk.Small(p.T("retention.certificate.sound")))
	}
	return h.Show(c, fiber.StatusOK, v)
}

// title names a consultation, or its id where it is gone.
func (h *Handlers) title(c *fiber.Ctx, p *page.Page, id string) (string, error) {
	x, _, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), id)
	if fault.Is(err, fault.NotFound) {
		return id, nil
	}
	if err != nil {
		return "", err
	}
	return x.Title.In(p.Lang), nil
}

// doer names who carried a disposal out.
func (h *Handlers) doer(c *fiber.Ctx, p *page.Page, who privacy.Actor) (string, error) {
	if who.Kind == "system" {
		return p.T("retention.certificate.by.system"), nil
	}
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	return names[who.ID], err
}

// kept names the totals that stay, so that anybody can compare them with what is published.
func kept(p *page.Page, in []privacy.KeptTotals) (out []string) {
	for _, k := range in {
		counts := "retention.certificate.kept.answers"
		if k.Equality {
			counts = "retention.certificate.kept.equality"
		}
		out = append(out, p.T("retention.certificate.kept.text", "Release", k.Release, "Counts", p.T(counts), "SHA256", k.SHA256), p.T("retention.certificate.kept.report", "SHA256", k.Report))
	}
	return out
}

func counts(p *page.Page, in []privacy.TableCount) (out []string) {
	for _, n := range in {
		out = append(out, p.T("retention.table."+n.Table, "Count", whole(n.Count)))
	}
	return out
}
