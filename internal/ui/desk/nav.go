package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// section is one entry of the service navigation.
type section struct {
	key, href string
	any       []consult.Permission // one of them is enough; none = everybody
}

// sections are the office's, each the answer to a question people ask (screens.md).
var sections = []section{
	{"office.nav.today", "/office", nil},
	{"office.nav.consultations", "/office/consultations", []consult.Permission{consult.SeeConsultations}},
	{"office.nav.releases", "/office/releases", []consult.Permission{consult.ProposeReleases, consult.ApproveReleases}},
	{"office.nav.partners", "/office/partners", []consult.Permission{consult.ManagePartners}},
	{"office.nav.requests", "/office/requests", []consult.Permission{consult.KeepRegisters}},
	{"office.nav.breaches", "/office/breaches", []consult.Permission{consult.KeepRegisters}},
	{"office.nav.texts", "/office/texts", []consult.Permission{consult.KeepRegisters}},
	{"office.nav.retention", "/office/retention", []consult.Permission{consult.KeepRegisters}},
	{"office.nav.registers", "/office/registers", []consult.Permission{consult.KeepRegisters}},
	{"office.nav.staff", "/office/staff", []consult.Permission{consult.ManageStaff}},
	{"office.nav.system", "/office/system", []consult.Permission{consult.SeeSystem}},
	{"office.nav.settings", "/office/settings", []consult.Permission{consult.ManageSettings}},
	{"office.nav.audit", "/office/audit", []consult.Permission{consult.SeeAudit}},
}

func (d *Desk) officeNav(c *fiber.Ctx, who *consult.Staff) page.Nav {
	nav := page.Nav{Name: who.Name, SignOut: "/sign-out"}
	path := strings.TrimPrefix(c.Path(), "/cy")
	for _, s := range sections {
		if !mayAny(who, s.any) {
			continue
		}
		current := path == s.href || s.href != "/office" && strings.HasPrefix(path, s.href+"/") ||
			s.href == "/office/staff" && (path == "/office/access" || strings.HasPrefix(path, "/office/access/")) || // of the same people
			s.href == "/office/partners" && strings.HasPrefix(path, "/office/agreements/") // an agreement is with a partner
		nav.Items = append(nav.Items, page.NavItem{Text: d.t(c, s.key), Href: s.href, Current: current})
	}
	return nav
}

func (d *Desk) partnerNav(c *fiber.Ctx, who *consult.Staff) page.Nav {
	agreement := strings.TrimPrefix(c.Path(), "/cy") == "/partner/agreement"
	return page.Nav{Name: who.Name, SignOut: "/sign-out", Items: []page.NavItem{
		{Text: d.t(c, "partner.nav.shelf"), Href: "/partner", Current: !agreement},
		{Text: d.t(c, "partner.nav.agreement"), Href: "/partner/agreement", Current: agreement},
	}}
}

func mayAny(who *consult.Staff, any []consult.Permission) bool {
	if len(any) == 0 {
		return true
	}
	for _, p := range any {
		if who.May(p) {
			return true
		}
	}
	return false
}

func (d *Desk) t(c *fiber.Ctx, key string, args ...any) string {
	return d.Kit.Catalogue().T(page.Lang(c), key, args...)
}
