package consult

import (
	"context"
	"time"

	"folkmoot/internal/privacy"
)

// SystemState is what whoever looks for a fault sees: how the service stands and how it is set. There is nothing in it that people answered,
// and nobody's name.
type SystemState struct {
	At            time.Time // UTC
	Address       string    // public address of the service
	Demo          bool
	Council       privacy.Council
	Protection    Protection
	Logs          []LogState
	Consultations map[Status]int
	Responses     int // of all consultations
	Accounts      int // that may sign in
	Runs          int // disposals that were interrupted
}

// System shows it; that somebody looked is in the audit log before (councils.md S4-13: logged).
func (s *Service) System(ctx context.Context, by *Staff) (*SystemState, error) {
	if err := by.Allow(SeeSystem); err != nil {
		return nil, err
	}
	out := &SystemState{Address: s.Address, Demo: s.Demo}
	err := s.Store.Update(ctx, func(w Writer) error {
		if err := s.systemIn(w, out); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "system.open", "setting:system"))
	})
	if err != nil {
		return nil, err
	}
	if out.Logs, err = s.LogStates(ctx, by); err != nil {
		return nil, err
	}
	runs, err := s.openRuns(ctx)
	out.Runs = len(runs)
	return out, err
}

func (s *Service) systemIn(r Reader, out *SystemState) (err error) {
	out.At, out.Consultations, out.Accounts = r.Now(), map[Status]int{}, 0 // fn may run more than once
	if out.Council, err = s.councilIn(r); err != nil {
		return err
	}
	if out.Protection, _, err = protectionIn(r); err != nil {
		return err
	}
	all, err := r.Consultations(ConsultationFilter{})
	if err != nil {
		return err
	}
	for _, c := range all {
		out.Consultations[c.Status(out.At)]++
	}
	people, err := r.StaffList()
	if err != nil {
		return err
	}
	for _, m := range people {
		if s.maySignIn(m) {
			out.Accounts++
		}
	}
	out.Responses, err = r.EveryResponseCount()
	return err
}
