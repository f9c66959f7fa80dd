package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// preview leads into the very pages that residents will see.
func (h *Handlers) preview(c *fiber.Ctx) error {
	con, d, faults, err := h.open(c)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.preview.title", "overview")
	if d == nil || len(faults) > 0 {
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.preview.faults")),
			desk.Block{Buttons: []page.Button{{Text: v.T("office.tab.survey"), Href: v.To(Path(con.ID, "survey"))}}})
		return h.Show(c, fiber.StatusOK, v)
	}
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.preview.intro")), desk.Block{Buttons: []page.Button{{Text: v.T("office.preview.start"), Href: v.To(Path(con.ID, "preview", "respond"))}}},
		desk.H2(v.T("office.preview.page")), desk.H3(con.Title.In(v.Lang)), desk.Para(con.Summary.In(v.Lang)), desk.Block{Prose: con.About.In(v.Lang)})
	if other := con.OtherWays.In(v.Lang); other != "" {
		v.Blocks = append(v.Blocks, desk.H3(v.T("office.details.other_ways")), desk.Block{Prose: other})
	}
	return h.Show(c, fiber.StatusOK, v)
}

// previewed hands the consultation of the address to the respondents' pages.
func (h *Handlers) previewed(c *fiber.Ctx) (respond.Drafted, error) {
	con, d, _, err := h.open(c)
	if err != nil {
		return respond.Drafted{}, err
	}
	if d == nil {
		return respond.Drafted{}, fault.New(fault.Conflict, "office.preview.faults")
	}
	council, err := h.Service.Council(c.UserContext())
	if err != nil {
		return respond.Drafted{}, err
	}
	return respond.Drafted{Consultation: con, Definition: d.ForCouncil(council.Name), Office: Path(con.ID)}, nil
}
