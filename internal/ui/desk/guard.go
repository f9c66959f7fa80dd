package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/ui/page"
)

const staffKey = "desk.staff"

// RequireStaff lets people of the council through. It asks the service on every request, so that disabling somebody
// takes effect at their next click, and it gives the pages their navigation. Nobody gets further before they have accepted the statement of
// confidentiality that holds (councils.md S2-5).
func (d *Desk) RequireStaff(c *fiber.Ctx) error {
	who, err := d.signedIn(c)
	if err != nil {
		return err
	}
	if who.Role == consult.PartnerUser {
		page.SetNav(c, d.partnerNav(c, who))
		return fault.New(fault.Forbidden, "office.forbidden.partner")
	}
	if !who.Bound {
		return d.askToAccept(c, who)
	}
	page.SetNav(c, d.officeNav(c, who))
	return c.Next()
}

// RequirePartner lets people of a partner through, and nobody of the council: a partner's shelf is audited as theirs.
func (d *Desk) RequirePartner(c *fiber.Ctx) error {
	who, err := d.signedIn(c)
	if err != nil {
		return err
	}
	if who.Role != consult.PartnerUser {
		page.SetNav(c, d.officeNav(c, who))
		return fault.New(fault.Forbidden, "office.forbidden.staff")
	}
	page.SetNav(c, d.partnerNav(c, who))
	return c.Next()
}

// Need lets through who has one of the permissions. The service checks again: this only answers early, before a
// form is read or a page is built.
func Need(any ...consult.Permission) fiber.Handler {
	return func(c *fiber.Ctx) error {
		who := Staff(c)
		for _, p := range any {
			if who.May(p) {
				return c.Next()
			}
		}
		return fault.New(fault.Forbidden, "office.forbidden.role")
	}
}

// signedIn returns the person whose session this is, as the database knows them now.
func (d *Desk) signedIn(c *fiber.Ctx) (*consult.Staff, error) {
	s, err := page.Session(c)
	if err != nil {
		return nil, err
	}
	id := s.Get(page.StaffValue)
	if id == "" {
		return nil, fault.New(fault.Unauthenticated, "signin.needed")
	}
	who, err := d.Service.StaffMember(c.UserContext(), id)
	if fault.Is(err, fault.NotFound) {
		s.Erase() // disabled, or gone with the database that knew them
		return nil, fault.New(fault.Unauthenticated, "signin.needed")
	}
	if err != nil {
		return nil, err
	}
	c.Locals(staffKey, who)
	return who, nil
}

// home is where a person's work begins.
func home(who *consult.Staff) string {
	if who.Role == consult.PartnerUser {
		return "/partner"
	}
	return "/office"
}

// mayGo reports whether a person of this kind has any business at the address: nobody is sent to a refusal after
// signing in.
func mayGo(who *consult.Staff, address string) bool {
	path, _, _ := strings.Cut(address, "?")
	under := func(root string) bool { return path == root || len(path) > len(root) && path[:len(root)+1] == root+"/" }
	if who.Role == consult.PartnerUser {
		return under("/partner")
	}
	return under("/office")
}
