package access

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// system answers: how does the service stand, and how is it set? There is nothing to change here, and nothing that people answered.
func (h *Handlers) system(c *fiber.Ctx) error {
	who := desk.Staff(c)
	state, err := h.Service.System(c.UserContext(), who)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "system.title")
	p.Wide = true
	blocks := []desk.Block{desk.Para(p.T("system.intro"))}
	blocks = append(blocks, desk.LogAlarms(p, who, state.Logs)...)
	rows := &page.SummaryList{}
	add := func(list *page.SummaryList, key string, lines ...string) {
		list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: lines})
	}
	add(rows, "system.at", locale.DateTime(p.Lang, state.At))
	add(rows, "system.address", cmp.Or(state.Address, p.T("system.none")))
	for _, log := range state.Logs {
		add(rows, "system.log."+log.Log, logLine(p, log))
	}
	for _, status := range []consult.Status{consult.StatusDraft, consult.StatusUpcoming, consult.StatusOpen, consult.StatusClosed, consult.StatusReported} {
		rows.Rows = append(rows.Rows, page.SummaryRow{Key: p.T("system.consultations", "Status", p.T("office.status."+string(status))), Lines: []string{strconv.Itoa(state.Consultations[status])}})
	}
	add(rows, "system.responses", locale.Number(int64(state.Responses)))
	add(rows, "system.accounts", strconv.Itoa(state.Accounts))
	add(rows, "system.runs", strconv.Itoa(state.Runs))
	settings := &page.SummaryList{}
	add(settings, "system.council", p.CouncilName())
	languages := make([]string, len(state.Council.Languages))
	for i, l := range state.Council.Languages {
		languages[i] = p.T("office.language." + string(l))
	}
	add(settings, "system.languages", strings.Join(languages, ", "))
	add(settings, "system.website", cmp.Or(state.Council.Website, p.T("system.none")))
	add(settings, "system.nation", p.T("nation."+string(cmp.Or(state.Council.Nation, privacy.EnglandAndWales))))
	for _, f := range state.Protection.Fields() {
		add(settings, "office.protection."+f.Name, strconv.Itoa(*f.Value))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.H2(p.T("system.state")), desk.Block{Summary: rows}, desk.H2(p.T("system.settings")),
		desk.Block{Summary: settings})})
}

func logLine(p *page.Page, log consult.LogState) string {
	switch {
	case !log.Sound():
		return p.T("system.log.broken")
	case log.CheckedAt.IsZero():
		return p.T("system.log.never")
	}
	return p.T("system.log.sound", "When", locale.DateTime(p.Lang, log.CheckedAt), "Through", locale.Number(log.Through))
}
