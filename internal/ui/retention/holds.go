package retention

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

func whole(n int) string { return locale.Number(int64(n)) }

// holdBlocks shows the holds, each with its button, and what they keep.
func (h *Handlers) holdBlocks(p *page.Page, state dpo.Retention) ([]desk.Block, error) {
	blocks := []desk.Block{desk.H2(p.T("retention.hold.title"))}
	if len(state.Holds) == 0 {
		return append(blocks, desk.Para(p.T("retention.hold.none"))), nil
	}
	titles := map[string]string{}
	for _, i := range state.Items {
		if i.Consultation != nil {
			titles[i.Consultation.ID] = i.Consultation.Title.In(p.Lang)
		}
	}
	for _, x := range state.Holds {
		what := p.T("retention.hold.all")
		if x.Class != "" {
			what = p.T("retention.class." + string(x.Class))
		}
		of := p.T("retention.hold.everywhere")
		if x.ConsultationID != "" {
			of = titles[x.ConsultationID]
		}
		lift, err := desk.NewAction(p, root+"/holds/"+x.ID+"/lift", page.Button{Text: p.T("retention.hold.lift"), Kind: "secondary"})
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, desk.Block{Summary: &page.SummaryList{Rows: []page.SummaryRow{{Key: p.T("retention.column.what"), Lines: []string{what}},
			{Key: p.T("retention.column.of"), Lines: []string{of}}, {Key: p.T("retention.hold.reason"), Lines: []string{x.Reason}},
			{Key: p.T("retention.hold.until"), Lines: []string{locale.ISODate(p.Lang, string(x.Until))}}}}}, desk.Block{Actions: []page.Action{lift}})
	}
	return append(blocks, desk.H3(p.T("retention.hold.kept")), desk.TableBlock(h.items(p, "retention.hold.kept", "retention.hold.kept.none", state.OnHold()))), nil
}

func (h *Handlers) newHold(c *fiber.Ctx) error {
	return h.showHold(c, fiber.StatusOK, survey.Form{}, nil)
}

// holdChoices are what the selects of a hold offer: the published consultations, and the classes that can be held.
func (h *Handlers) holdChoices(c *fiber.Ctx) (all []*consult.Consultation, offered map[string][]string, err error) {
	all, err = h.Service.Consultations(c.UserContext(), desk.Staff(c), consult.ConsultationFilter{State: consult.Published})
	offered = map[string][]string{"class": {""}, "consultation": {""}}
	for _, x := range all {
		offered["consultation"] = append(offered["consultation"], x.ID)
	}
	for _, class := range privacy.HoldableClasses() {
		offered["class"] = append(offered["class"], string(class))
	}
	return all, offered, err
}

func (h *Handlers) showHold(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	all, _, err := h.holdChoices(c)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "retention.hold.new")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}, {Text: p.Title}}
	p.SetProblems(problems)
	consultations := []page.Option{{Label: p.T("retention.hold.everywhere")}}
	for _, x := range all {
		consultations = append(consultations, page.Option{Value: x.ID, Label: x.Title.In(p.Lang)})
	}
	classes := []page.Option{{Label: p.T("retention.hold.all")}}
	for _, class := range privacy.HoldableClasses() {
		classes = append(classes, page.Option{Value: string(class), Label: p.T("retention.class." + string(class))})
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.PostForm(p, root, []desk.Block{f.Select("consultation", "retention.hold.consultation", consultations...), f.Select("class", "retention.hold.class", classes...),
		f.Area("reason", "retention.hold.reason", 3), f.Day("until", "retention.hold.until")}, page.Button{Text: p.T("retention.hold.place")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("retention.hold.intro")), {Form: send}}})
}

func (h *Handlers) newHoldSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	_, offered, err := h.holdChoices(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, offered); err != nil {
		return err
	}
	until, ok := desk.ReadMoment(form, "until").ISO()
	if !ok {
		until = ""
	}
	faults, err := h.Cases.PlaceHold(c.UserContext(), desk.Staff(c), privacy.Hold{Class: privacy.DataClass(form.First("class")), ConsultationID: form.First("consultation"),
		Reason: desk.Trimmed(form, "reason"), Until: privacy.Date(until)})
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		var problems []survey.Problem
		for _, err := range faults {
			if x, ok := desk.Mendable(err, ""); ok {
				if x.Field == "until" {
					x.Field = "until-day"
				}
				problems = append(problems, x)
			}
		}
		return h.showHold(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	return page.Done(c, root, "retention.hold.placed")
}

func (h *Handlers) lift(c *fiber.Ctx) error {
	if _, err := desk.ReadForm(c); err != nil {
		return err
	}
	if err := h.Cases.LiftHold(c.UserContext(), desk.Staff(c), c.Params("hold")); err != nil {
		return err
	}
	return page.Done(c, root, "retention.hold.lifted")
}
