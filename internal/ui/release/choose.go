package release

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// choose makes a release in two steps, both in the address: which consultation for whom, then which tables.
func (h *Handlers) choose(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	return h.showChoose(c, fiber.StatusOK, query, nil)
}

func (h *Handlers) showChoose(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	ctx, who := c.UserContext(), desk.Staff(c)
	p := h.Kit.Page(c, "release.new.title")
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.releases"), Href: "/office/releases"}, {Text: p.Title}}
	p.SetProblems(problems)
	v := desk.View{Page: p}
	consultations, agreements, err := h.choices(c, p)
	if err != nil {
		return err
	}
	if len(consultations) == 0 || len(agreements) == 0 {
		key := "release.new.no_consultation"
		if len(agreements) == 0 {
			key = "release.new.no_agreement"
		}
		v.Blocks = append(v.Blocks, desk.Para(p.T(key)))
		return h.Show(c, status, v)
	}
	f := desk.Fields{Page: p, Form: form}
	v.Blocks = append(v.Blocks, desk.Block{Form: &desk.Form{Get: true, Action: p.To("/office/releases/new"), Label: p.T("release.new.first"),
		Blocks:  []desk.Block{{Columns: [][]desk.Block{{f.Select("consultation", "release.consultation", consultations...)}, {f.Select("agreement", "release.agreement", agreements...)}}}},
		Buttons: []page.Button{{Text: p.T("release.new.next"), Kind: "secondary"}}}})
	id, agreement := form.First("consultation"), form.First("agreement")
	if id == "" || agreement == "" {
		return h.Show(c, status, v)
	}
	if earlier, err := h.released(c, id); err != nil {
		return err
	} else if earlier != nil {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("error.release.successive")}}, desk.Para(p.T("release.new.successive")),
			desk.LinkList(page.Link{Text: earlier.Title.In(p.Lang), Href: p.To(path(earlier.ID))}))
		return h.Show(c, status, v)
	}
	questions, dimensions, err := h.Service.ReleaseCatalogue(ctx, who, id)
	if err != nil {
		return err
	}
	post, err := h.catalogue(c, f, id, questions, dimensions)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.H2(p.T("release.new.tables")), desk.Para(p.T("release.new.tables.help")), desk.Block{Form: post})
	return h.Show(c, status, v)
}

// choices are the closed consultations and the agreements with their partners.
func (h *Handlers) choices(c *fiber.Ctx, p *page.Page) (consultations, agreements []page.Option, err error) {
	all, err := h.Service.Consultations(c.UserContext(), desk.Staff(c), consult.ConsultationFilter{State: consult.Published})
	if err != nil {
		return nil, nil, err
	}
	for _, con := range all {
		if s := con.Status(h.Service.Now()); s == consult.StatusClosed || s == consult.StatusReported {
			consultations = append(consultations, page.Option{Value: con.ID, Label: office.Title(p, con)})
		}
	}
	names, err := h.recipients(c)
	if err != nil {
		return nil, nil, err
	}
	list, err := h.Service.Agreements(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, nil, err
	}
	for _, a := range list {
		if h.Service.Now().Before(a.ExpiresAt) {
			agreements = append(agreements, page.Option{Value: a.ID, Label: names[a.ID] + ": " + a.Purpose})
		}
	}
	return consultations, agreements, nil
}

// released returns the release of the consultation that was published before, or nil.
func (h *Handlers) released(c *fiber.Ctx, consultationID string) (*consult.Release, error) {
	all, err := h.Service.Releases(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.ConsultationID == consultationID && (r.State == consult.ReleasePublished || r.State == consult.ReleaseRevoked) {
			return r, nil
		}
	}
	return nil, nil
}

// separator stands between question and dimension in the value of a box; neither has it in its id.
const separator = "|"

// catalogue offers every table, grouped by question: the headline and its break-downs.
func (h *Handlers) catalogue(c *fiber.Ctx, f desk.Fields, id string, questions, dimensions []consult.Dimension) (*desk.Form, error) {
	p := f.Page
	if f.Form.First("title-en") == "" {
		con, _, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), id)
		if err != nil {
			return nil, err
		}
		desk.PutText(f.Form, "title", con.Title)
	}
	blocks := []desk.Block{f.Text("title", "release.name")}
	chosen := map[string]bool{}
	for _, v := range f.Form["table"] {
		chosen[v] = true
	}
	for i, q := range questions {
		box := page.Checkboxes{Small: true, Group: page.Group{Name: "table", ID: "table", Legend: q.Label.In(p.Lang), Size: "s"}}
		if i > 0 {
			box.ID = "table-" + q.ID
		} else {
			box.Error = p.Error("table")
		}
		if q.Special {
			box.Hint = p.T("release.new.special")
		}
		add := func(by, label string) {
			value := q.ID + separator + by
			box.Options = append(box.Options, page.Option{Value: value, Label: label, Checked: chosen[value]})
		}
		add("", p.T("release.new.headline"))
		for _, d := range dimensions {
			if d.ID != q.ID {
				add(d.ID, p.T("release.new.by", "By", d.Label.In(p.Lang)))
			}
		}
		blocks = append(blocks, desk.Block{Checks: &box})
	}
	post, err := desk.PostForm(p, blocks, page.Button{Text: p.T("release.new.protect")})
	if err != nil {
		return nil, err
	}
	post.Action = p.To("/office/releases/new")
	post.Hidden = []page.Hidden{{Name: "consultation", Value: id}, {Name: "agreement", Value: f.Form.First("agreement")}}
	post.Cancel = &page.Link{Text: p.T("office.cancel"), Href: p.To("/office/releases")}
	return post, nil
}

func (h *Handlers) chooseSend(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	var specs []consult.TableSpec
	for _, v := range form["table"] {
		question, by, ok := strings.Cut(v, separator)
		if ok {
			specs = append(specs, consult.TableSpec{Question: question, By: by})
		}
	}
	if len(specs) == 0 {
		return h.showChoose(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{{Field: "table", Key: "release.problem.tables"}})
	}
	r, err := h.Service.DraftRelease(c.UserContext(), desk.Staff(c), form.First("consultation"), form.First("agreement"), desk.ReadText(form, "title", nil), specs)
	var f *fault.Error
	if errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		field := "table"
		if f.Key == "error.release.title" {
			field = "title-en"
		}
		status := fiber.StatusUnprocessableEntity
		if f.Kind == fault.Conflict {
			status = fiber.StatusConflict
		}
		return h.showChoose(c, status, form, []survey.Problem{{Field: field, Key: f.Key, Args: f.Args}})
	}
	if err != nil {
		return err
	}
	return done(c, path(r.ID), "release.new.done")
}
