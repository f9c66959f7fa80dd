// Package desk answers: who is at the desk, and what do the pages of staff and partners share?
//
// It signs people in and out, asks on every request whether they may still be here, builds the service navigation
// from what their role may do, and holds the small vocabulary of office forms: bilingual fields, moments in
// Europe/London, faults of a definition, edits that crossed. It decides no rule: the service does.
//
// Reviewers: security, accessibility.
package desk

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
)

// Desk is what every handler of staff's and partners' pages needs. It never changes after it is made.
type Desk struct {
	Kit     *page.Kit
	Service *consult.Service
}

// Register adds signing in and out and the invitation. They belong to no one's area yet, but to staff's session.
func (d *Desk) Register() {
	r := d.Kit.Routes(page.Office, "")
	r.Get("/sign-in", d.signIn)
	r.Ended(d.signInAgain).Post("/sign-in", d.signInSend)
	r.Ended(d.signedOut).Post("/sign-out", d.signOut)
	r.Get("/acknowledge", d.acknowledge)
	r.Ended(d.ended).Post("/acknowledge", d.acknowledgeSend)
	r.Get("/invitation/:token", quiet, d.invitation)
	r.Ended(d.invitationAgain).Post("/invitation/:token", quiet, d.invitationSend)
}

// Office returns a registrar for staff's pages below prefix. Every page of it is behind RequireStaff.
func (d *Desk) Office(prefix string) *page.Routes {
	return d.Kit.Routes(page.Office, "/office"+prefix, d.RequireStaff).Ended(d.ended)
}

// Partner returns a registrar for the partner's side. Every page of it is behind RequirePartner.
func (d *Desk) Partner() *page.Routes {
	return d.Kit.Routes(page.Partner, "/partner", d.RequirePartner).Ended(d.ended)
}

// Staff returns whoever is signed in. Handlers behind RequireStaff or RequirePartner only: elsewhere it is nil, and a
// nil *Staff may nothing.
func Staff(c *fiber.Ctx) *consult.Staff {
	who, _ := c.Locals(staffKey).(*consult.Staff)
	return who
}

// LanguageCodes lists every language that a form may offer, as it is sent.
func LanguageCodes() []string {
	var out []string
	for _, l := range locale.Langs() {
		out = append(out, string(l))
	}
	return out
}

// Languages returns the languages in which staff write texts: those of the council, English first.
func Languages(p *page.Page) []locale.Lang {
	if len(p.Council.Languages) == 0 {
		return []locale.Lang{locale.English}
	}
	return p.Council.Languages
}
