// Package admin answers: who may work here, what is the council called, and who did what?
//
// Staff and their roles, the council's settings, and the audit log.
//
// Reviewers: administrator, data protection officer.
package admin

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/ui/desk"
)

// Handlers are the administrator's pages. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	people := desk.Need(consult.ManageStaff, consult.ManagePartners)
	staff := h.Office("/staff")
	staff.Get("", people, h.staff)
	staff.Get("/new", people, h.invite)
	staff.Post("/new", people, h.inviteSend)
	staff.Get("/:id", people, h.member)
	staff.Post("/:id", people, h.memberSave)
	staff.Get("/:id/link", people, h.reinvite)
	staff.Post("/:id/link", people, h.reinviteSend)

	manage := desk.Need(consult.ManageSettings)
	settings := h.Office("/settings")
	settings.Get("", manage, h.settings)
	settings.Post("", manage, h.settingsSave)
	settings.Get("/protection", manage, h.protection)
	settings.Post("/protection", manage, h.protectionSave)
	settings.Get("/logo", manage, h.logo)
	settings.Post("/logo", manage, h.logoSave)
	settings.Post("/logo/remove", manage, h.logoRemove)

	see := desk.Need(consult.SeeAudit)
	audit := h.Office("/audit")
	audit.Get("", see, h.audit)
	audit.Get("/log.csv", see, h.auditFile)
	audit.Get("/checkpoint.txt", see, h.auditCheckpoint)
	audit.Get("/entries/:entry", see, h.auditEntry)
	audit.Get("/entries/:entry/proof.txt", see, h.auditProof)
}
