package release

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// drafting is what the form of a new release needs to know.
type drafting struct {
	con      *consult.Consultation
	earlier  []*consult.Release // of the survey, that left already, in the order of publication
	names    names
	offer    offer
	current  []*consult.Agreement // that have not expired
	estimate *consult.Estimate    // of the tables that are ticked; nil if they were not checked
	note     *survey.Problem      // why there is no estimate although a script asked for one
	problems []survey.Problem
}

// drafting reads it.
func (h *Handlers) drafting(c *fiber.Ctx) (d drafting, err error) {
	ctx, who := c.UserContext(), desk.Staff(c)
	if d.con, _, _, err = h.Service.ConsultationForStaff(ctx, who, c.Params("id")); err != nil {
		return d, err
	}
	if d.con.State != consult.Published {
		return d, fault.New(fault.Conflict, "error.release.draft")
	}
	if d.names, err = h.names(c); err != nil {
		return d, err
	}
	for _, a := range d.names.agreements {
		if h.Service.Now().Before(a.ExpiresAt) {
			d.current = append(d.current, a)
		}
	}
	slices.SortFunc(d.current, func(a, b *consult.Agreement) int {
		if n := compare(d.names.partnerOf(a.ID), d.names.partnerOf(b.ID)); n != 0 {
			return n
		}
		return compare(a.ID, b.ID)
	})
	if d.earlier, err = h.Service.ReleaseSeries(ctx, who, d.con.ID); err != nil {
		return d, err
	}
	d.offer.questions, d.offer.dimensions, err = h.Service.ReleaseCatalogue(ctx, who, d.con.ID)
	return d, err
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// draft offers the catalogue of tables, sensible ones ticked.
func (h *Handlers) draft(c *fiber.Ctx) error {
	d, err := h.drafting(c)
	if err != nil {
		return err
	}
	form := survey.Form{fieldTables: d.offer.sensible()}
	for _, l := range locale.Langs() {
		desk.Put(form, "title-"+string(l), d.con.Title[l])
	}
	if len(d.current) == 1 {
		desk.Put(form, "agreement", d.current[0].ID)
	}
	return h.showDraft(c, fiber.StatusOK, d, form)
}

func (h *Handlers) showDraft(c *fiber.Ctx, status int, d drafting, form survey.Form) error {
	p := h.Kit.Page(c, "release.new.title")
	p.Wide = true
	p.Caption = d.con.Title.In(p.Lang)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.consultations"), Href: "/office/consultations"},
		{Text: p.Caption, Href: "/office/consultations/" + d.con.ID}, {Text: p.Title}} // as its address has it
	p.SetProblems(d.problems)
	v := desk.View{Page: p}
	switch {
	case len(d.current) == 0:
		return h.showNoAgreement(c, v)
	case len(d.offer.questions) == 0:
		v.Blocks = []desk.Block{desk.Para(p.T("release.new.no_questions"))}
		return h.Show(c, status, v)
	}
	noisy := len(d.earlier) > 0 && d.earlier[0].Policy.Noise != nil
	if d.con.Status(h.Service.Now()) == consult.StatusOpen && !noisy {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("release.new.open")}})
	}
	f := desk.Fields{Page: p, Form: form}
	checked := desk.Live{Blocks: d.offer.estimated(p, d.estimate)}
	if d.note != nil {
		checked.Blocks = []desk.Block{desk.Para(p.T(d.note.Key, d.note.Args...))}
	}
	d.offer.hidden = hidden(p, d.estimate)
	fields := []desk.Block{{Live: &checked}, f.Radios("agreement", "release.new.agreement", h.agreementOptions(p, d)...), f.Text("title", "release.new.name")}
	fields = append(fields, d.offer.blocks(f)...)
	send, err := desk.PostForm(p, "/office/consultations/"+d.con.ID, fields, page.Button{Text: p.T("release.new.button")},
		page.Button{Text: p.T("release.estimate.button"), Kind: "secondary", Name: fieldCheck, Value: "yes"})
	if err != nil {
		return err
	}
	send.Live = fieldCheck
	v.Blocks = append(v.Blocks, desk.Para(p.T("release.new.intro")))
	v.Blocks = append(v.Blocks, earlier(p, d.earlier)...)
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	return h.Show(c, status, v)
}

// agreementOptions offers the agreements that stand, each with what people were told about the partner.
func (h *Handlers) agreementOptions(p *page.Page, d drafting) []page.Option {
	var out []page.Option
	for _, a := range d.current {
		partner := d.names.partnerOf(a.ID)
		hint := "release.new.hint.named"
		switch {
		case !recipient(d.con, partner):
			hint = "release.new.hint.unnamed"
		case !slices.Contains(d.con.Processing.Partners, partner):
			hint = "release.new.hint.no_equality"
		}
		out = append(out, page.Option{Value: a.ID, Label: p.T("release.new.agreement_label", "Partner", partner, "Purpose", shorten(a.Purpose, 120)),
			Hint: p.T(hint, "Date", locale.Date(p.Lang, lastDay(a)))})
	}
	return out
}

// recipient reports whether the privacy notice names the partner among those who receive information.
func recipient(con *consult.Consultation, partner string) bool {
	for _, purpose := range con.Processing.Purposes {
		for _, r := range purpose.Recipients {
			if r.Name == partner {
				return true
			}
		}
	}
	return false
}

// shorten cuts a text at a number of characters.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// earlier says which releases the new one is protected together with, and what that means.
func earlier(p *page.Page, all []*consult.Release) []desk.Block {
	if len(all) == 0 {
		return nil
	}
	var links []page.Link
	for _, r := range all {
		key := "release.new.earlier.item"
		if r.State == consult.ReleaseRevoked {
			key = "release.new.earlier.revoked"
		}
		links = append(links, page.Link{Href: p.To(Path(r.ID)), Text: p.T(key, "Title", r.Title.In(p.Lang), "Date", locale.Date(p.Lang, r.SnapshotAt),
			"Count", locale.Number(int64(r.Responses)))})
	}
	if all[0].Policy.Noise != nil {
		return []desk.Block{desk.H2(p.T("release.new.earlier")), desk.Para(p.T("release.new.earlier.noise")), desk.LinkList(links...),
			desk.LinkList(page.Link{Text: p.T("release.ledger.link"), Href: p.To(ledgerPath(all[0].ConsultationID))})}
	}
	return []desk.Block{desk.H2(p.T("release.new.earlier")), desk.Para(p.T("release.new.earlier.intro")), desk.LinkList(links...), desk.Para(p.T("release.new.earlier.need"))}
}

// showNoAgreement says what has to be there first.
func (h *Handlers) showNoAgreement(c *fiber.Ctx, v desk.View) error {
	p := v.Page
	v.Blocks = []desk.Block{desk.Para(p.T("release.new.no_agreement"))}
	if desk.Staff(c).May(consult.ManagePartners) {
		v.Blocks = append(v.Blocks, desk.Block{Buttons: []page.Button{{Text: p.T("partner.list.agreement"), Href: p.To("/office/agreements/new")}}})
	} else {
		v.Blocks = append(v.Blocks, desk.Para(p.T("release.new.ask")))
	}
	return h.Show(c, fiber.StatusOK, v)
}

// draftFields are the fields that the service's refusals are about.
var draftFields = map[string]string{
	"error.release.title": "title-en", "error.release.recipient": "agreement", "error.release.marketing": "agreement", "error.agreement.expired": "agreement", "error.agreement.unknown": "agreement",
	"error.release.consent": fieldTables, "error.release.tables": fieldTables, "error.release.twice": fieldTables, "error.release.dimension": fieldTables,
}

func (h *Handlers) draftSend(c *fiber.Ctx) error {
	d, err := h.drafting(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, fieldTables, fieldEvery)
	if err == nil {
		err = desk.Offered(form, map[string][]string{fieldEvery: d.offer.breakdowns()})
	}
	if err != nil {
		return err
	}
	if form.First("fill") != "" {
		return h.showFilled(c, d, form)
	}
	if form.First(fieldCheck) == live { // the further table is still being chosen
		return h.showChecked(c, d, form)
	}
	if addsPair(form) {
		if d.problems = d.offer.addPair(form); len(d.problems) > 0 {
			return h.showDraft(c, fiber.StatusUnprocessableEntity, d, form)
		}
	}
	if form.First(fieldAdd) != "" {
		return h.showDraft(c, fiber.StatusOK, d, form)
	}
	if form.First(fieldCheck) != "" || form.First(fieldSwap) != "" {
		return h.showChecked(c, d, form)
	}
	title := desk.ReadText(form, "title", nil)
	if d.problems = d.check(form, title); len(d.problems) > 0 {
		return h.showDraft(c, fiber.StatusUnprocessableEntity, d, form)
	}
	specs, _ := d.offer.specs(form)
	j, err := h.Service.StartRelease(c.UserContext(), desk.Staff(c),
		consult.ReleaseChoice{ConsultationID: d.con.ID, AgreementID: form.First("agreement"), Title: title, Specs: specs}, patience)
	if refused, ok := problem(err, draftFields); ok {
		d.problems = []survey.Problem{refused}
		return h.showDraft(c, fiber.StatusUnprocessableEntity, d, form)
	}
	if err != nil {
		return err
	}
	return h.goOn(c, j)
}

// showFilled ticks the break-downs that were chosen for every question and shows the form again. Nothing is stored.
func (h *Handlers) showFilled(c *fiber.Ctx, d drafting, form survey.Form) error {
	filled := d.offer.fill(form)
	if len(filled) > maxTables {
		d.problems = []survey.Problem{{Field: fieldEvery, Key: "release.problem.fill", Args: []any{"Count", len(filled), "Max", maxTables}}}
		return h.showDraft(c, fiber.StatusUnprocessableEntity, d, form)
	}
	form[fieldTables] = filled
	return h.showDraft(c, fiber.StatusOK, d, form)
}

// check finds all that is missing, in page order; the service alone decides what may be released.
func (d drafting) check(form survey.Form, title locale.Text) []survey.Problem {
	var out []survey.Problem
	if !slices.ContainsFunc(d.current, func(a *consult.Agreement) bool { return a.ID == form.First("agreement") }) {
		out = append(out, survey.Problem{Field: "agreement", Key: "release.problem.agreement"})
	}
	if title[locale.English] == "" {
		out = append(out, survey.Problem{Field: "title-en", Key: "error.release.title"})
	}
	if specs, ok := d.offer.specs(form); !ok || len(specs) == 0 || len(specs) > maxTables {
		out = append(out, survey.Problem{Field: fieldTables, Key: "error.release.tables", Args: []any{"Max", maxTables}})
	}
	return out
}
