package demo

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/privacy"
)

// processors are who gets people's information from the council, as the data protection officer has written it down: a whole contract, a transfer under the
// international agreement with two clauses that the contract lacks, and the partner. None of them exists.
func processors(today privacy.Date) []privacy.Processor {
	contract := func(p privacy.Processor, lacks ...string) privacy.Processor {
		p.Clauses = map[string]privacy.ClauseAnswer{}
		for _, c := range privacy.ContractClauses() {
			p.Clauses[c.ID] = privacy.ClauseAnswer{Has: privacy.TellYes, Where: "Schedule 3"}
		}
		for _, id := range lacks {
			p.Clauses[id] = privacy.ClauseAnswer{Has: privacy.TellNo}
		}
		return p
	}
	return []privacy.Processor{
		contract(privacy.Processor{Name: "Tarn Hosting", Kind: privacy.KindProcessor, Does: "It keeps the servers on which the service runs, and the backups.", Data: "Everything that the service holds",
			People: "People who take part, and staff", Form: privacy.Identifiable, Location: "United Kingdom", Transfer: "uk", Contact: "Service desk, desk@tarn-hosting.example",
			Contract: "ICT/2025/118", From: today.AddMonths(-8), Until: today.AddMonths(28), ReviewOn: today.AddMonths(4), Security: "A certificate of ISO/IEC 27001, seen by the ICT security officer",
			SecurityOn: today.AddMonths(-8), NotMarketing: true}),
		contract(privacy.Processor{Name: "Larkspur Translation", Kind: privacy.KindProcessor, Does: "It translates comments that arrive in other languages, so that officers can read them.",
			Data: "Comments, after the data protection officer has looked at them", People: "People who take part", Form: privacy.Pseudonymised, Location: "United Kingdom and Canada", Transfer: "agreement",
			Contact: "Account manager, accounts@larkspur.example", Contract: "COM/2026/031", From: today.AddMonths(-3), Until: today.AddMonths(9), ReviewOn: today.AddMonths(3),
			Subs: "Freelance translators in Canada", Security: "Answers to the council's questionnaire", SecurityOn: today.AddMonths(-3), NotMarketing: true}, "h", "sub_duties"),
		{Name: partnerName, Kind: privacy.KindController, Does: "It compares attitudes to energy use between places, under its agreement.", Data: "Totals from which nobody can be recognised",
			People: "People who take part", Form: privacy.Anonymous, Location: "United Kingdom", Transfer: "uk", Contract: "Data sharing agreement, see Partners", From: today.AddMonths(-4),
			ReviewOn: today.AddMonths(11), NotMarketing: true},
	}
}

// keepProcessors has the data protection officer fill the register of processors and recipients (UK GDPR art. 28, 30(1)(d)).
func (w *world) keepProcessors(ctx context.Context) error {
	desk := dpo.Desk{Service: w.svc}
	for _, p := range processors(privacy.DateOf(w.svc.Now())) {
		_, faults, err := desk.RecordProcessor(ctx, w.staff[consult.DPO], p)
		if err == nil && len(faults) > 0 {
			err = faults[0]
		}
		if err != nil {
			return fmt.Errorf("register %s: %w", p.Name, err)
		}
	}
	return nil
}
