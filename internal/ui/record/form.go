package record

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

func officePath(con *consult.Consultation) string { return office.Path(con.ID) }

type formView struct {
	*page.Page
	Version string
	Lang    string // of the form, where it is not the page's
	Print   string
	Office  []string // what the post room fills in
	Parts   []formPart
}

// formPart is a part as the template prints it.
type formPart struct {
	privacy.FormPart
	Hints []string
	Lines []struct{}
}

// issue keeps the paper form as it is now and shows it to be printed.
func (h *Handlers) issue(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"language": languageCodes(con)}); err != nil {
		return err
	}
	if form.First("language") == "" {
		return fault.New(fault.Conflict, "record.problem.language")
	}
	issued, err := h.Service.IssueForm(c.UserContext(), desk.Staff(c), con.ID, privacy.PaperForm, locale.Lang(form.First("language")))
	if err != nil {
		return err
	}
	return inLanguage(c, issued.Language, path(con, "forms", issued.Code))
}

// form shows a form that was issued, exactly as it was, to be printed.
func (h *Handlers) form(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	issued, err := h.Service.FormByCode(c.UserContext(), desk.Staff(c), con.ID, c.Params("code"))
	if fault.Is(err, fault.Invalid) {
		return fiber.ErrNotFound
	}
	if err != nil {
		return err
	}
	p := h.frame(c, con, "record.form.title").Page
	v := formView{Page: p, Version: issued.PrintedVersion(), Print: p.T("record.form.print"), Office: []string{h.say(issued.Language, "record.form.office"), h.say(issued.Language, "record.form.office.scan")}}
	if issued.Language != p.Lang {
		v.Lang = string(issued.Language)
	}
	for _, part := range issued.Parts {
		v.Parts = append(v.Parts, formPart{FormPart: part, Hints: lines(part.Hint), Lines: make([]struct{}, part.Lines)})
	}
	return h.Kit.Render(c, fiber.StatusOK, "office/form", v)
}

// say speaks the language of the form, whatever that of the page.
func (h *Handlers) say(lang locale.Lang, key string) string { return h.Kit.Catalogue().T(lang, key) }

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
