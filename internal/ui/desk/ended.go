package desk

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// longText is from how many characters on a text is worth printing back. Shorter ones are typed again sooner than copied.
const longText = 30

// unprinted are fields that nobody typed as text, or that no page may show.
var unprinted = []string{"_csrf", "version", "rectify-seen", "next", "password", "again"}

// ended answers a form whose session is gone: nothing is saved, what was typed is printed back so that it can be copied, and the way
// leads over the sign-in page to where the form was.
func (d *Desk) ended(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	p := d.Kit.Page(c, "signin.ended.title")
	idle, strict, absolute := page.StaffLimits(p)
	blocks := []Block{Para(p.T("signin.ended.text", "Idle", idle, "Strict", strict, "Absolute", absolute))}
	blocks = append(blocks, typed(p, form)...)
	back := "/office"
	if p.Area == page.Partner {
		back = "/partner"
	}
	if d.Kit.HasPage(c) {
		back = p.Path
	}
	blocks = append(blocks, Para(p.T("signin.ended.cookies")),
		Block{Buttons: []page.Button{{Text: p.T("signin.ended.button"), Href: p.To(d.Kit.SignIn(back))}}})
	return d.Show(c, fiber.StatusForbidden, View{Page: p, Blocks: blocks})
}

// typed prints the long texts of a form that was not saved, so that nobody loses them.
func typed(p *page.Page, form survey.Form) []Block {
	texts := longTexts(form)
	if len(texts) == 0 {
		return nil
	}
	blocks := []Block{H2(p.T("signin.ended.typed")), Para(p.T("signin.ended.copy"))}
	for i, text := range texts {
		control := page.Control{Name: "text-" + itoa(i+1), Label: p.T("signin.ended.number", "Number", i+1), Size: "s", Value: text}
		blocks = append(blocks, Block{Area: &page.Textarea{Control: control, Rows: min(20, 3+strings.Count(text, "\n")+len(text)/90)}})
	}
	return blocks
}

// longTexts returns the long texts of a form in the order of their fields' names.
func longTexts(form survey.Form) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if slices.Contains(unprinted, name) {
			continue
		}
		for _, text := range form[name] {
			if text = strings.TrimSpace(text); utf8.RuneCountInString(text) >= longText || strings.Contains(text, "\n") {
				out = append(out, text)
			}
		}
	}
	return out
}

// signInAgain answers a sign-in page that was open for so long that its session is gone. Who signed in in another tab meanwhile goes on.
func (d *Desk) signInAgain(c *fiber.Ctx) error {
	form, err := ReadForm(c)
	if err != nil {
		return err
	}
	if who, err := d.signedIn(c); err == nil {
		return page.Redirect(c, goOn(who, form.First("next")))
	} else if !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	form["next"] = []string{page.SafeNext(form.First("next"), "")}
	return d.showSignIn(c, fiber.StatusForbidden, form, []survey.Problem{{Field: "password", Key: "signin.again"}})
}

// signedOut answers the sign-out of a session that has ended already. It ends no other session: nobody knows where the form came from.
func (d *Desk) signedOut(c *fiber.Ctx) error {
	if _, err := d.signedIn(c); err == nil {
		return fault.New(fault.Forbidden, "error.forged")
	} else if !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	return page.Redirect(c, "/sign-in")
}

// invitationAgain answers an invitation that was open for so long that its session is gone.
func (d *Desk) invitationAgain(c *fiber.Ctx) error {
	who, err := d.invited(c)
	if err != nil {
		return err
	}
	form, err := ReadForm(c)
	if err != nil {
		return err
	}
	return d.showInvitation(c, fiber.StatusForbidden, who, form, []survey.Problem{{Field: "password", Key: "signin.again"}})
}
