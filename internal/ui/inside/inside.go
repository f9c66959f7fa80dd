// Package inside answers: what lies behind the sign-in?
//
// It joins the pages of staff and partners to one kit and one service; it has no page of its own.
package inside

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/ui/access"
	"folkmoot/internal/ui/admin"
	"folkmoot/internal/ui/breaches"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/disclosures"
	"folkmoot/internal/ui/editor"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/partner"
	"folkmoot/internal/ui/processors"
	"folkmoot/internal/ui/record"
	"folkmoot/internal/ui/registers"
	"folkmoot/internal/ui/release"
	"folkmoot/internal/ui/requests"
	"folkmoot/internal/ui/results"
	"folkmoot/internal/ui/retention"
	"folkmoot/internal/ui/texts"
)

// Register adds every page that needs signing in, and signing in itself.
func Register(k *page.Kit, s *consult.Service) {
	d := &desk.Desk{Kit: k, Service: s}
	d.Register()
	(&office.Handlers{Desk: d}).Register()
	(&editor.Handlers{Desk: d}).Register()
	(&results.Handlers{Desk: d}).Register()
	(&release.Handlers{Desk: d}).Register()
	(&admin.Handlers{Desk: d}).Register()
	(&requests.Handlers{Desk: d, Cases: &dpo.Desk{Service: s}}).Register()
	(&breaches.Handlers{Desk: d, Cases: &dpo.Desk{Service: s}}).Register()
	(&texts.Handlers{Desk: d}).Register()
	(&record.Handlers{Desk: d}).Register()
	(&retention.Handlers{Desk: d, Cases: &dpo.Desk{Service: s}}).Register()
	(&disclosures.Handlers{Desk: d, Cases: &dpo.Desk{Service: s}}).Register()
	(&processors.Handlers{Desk: d, Cases: &dpo.Desk{Service: s}}).Register()
	(&registers.Handlers{Desk: d, Cases: &dpo.Desk{Service: s}}).Register()
	(&access.Handlers{Desk: d}).Register()
	(&partner.Handlers{Desk: d}).Register()
}
