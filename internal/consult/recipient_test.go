package consult_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// hold puts an entry into the register of processors and recipients, as the officer's desk does.
func (w *world) hold(t *testing.T, id string, x privacy.Processor) {
	t.Helper()
	plain, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := w.SealRecord(t.Context(), id, plain, consult.EntryPlace(id))
	if err != nil {
		t.Fatal(err)
	}
	e := privacy.Entry{ID: id, Register: privacy.RegisterProcessors, OpenedAt: w.clock(), Sealed: sealed, Ended: x.Closed}
	err = w.Store.Update(t.Context(), func(wr consult.Writer) error {
		if err := wr.AddEntry(&e); err != nil {
			return err
		}
		return wr.AppendAudit(privacy.NewAuditEvent(w.staff[consult.DPO].Actor(), "processor.record", "processor:"+id))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Art. 30(1)(d): who is named to people is in the register; a draft that names somebody else is warned of, and not stopped.
func TestRecipientsAreInTheRegister(t *testing.T) {
	w := newWorld(t)
	a := w.agree(t)
	_, partner, err := w.Agreement(t.Context(), w.staff[consult.DPO], a.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft := w.draft(t, "net-zero")
	name := ""
	for _, p := range draft.Processing.Purposes {
		if len(p.Recipients) > 0 {
			name = p.Recipients[0].Name
		}
	}
	if name == "" {
		t.Fatal("the draft names no recipient")
	}
	warned := func() (n int) {
		t.Helper()
		ready, err := w.Readiness(t.Context(), w.staff[consult.Researcher], draft.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ready.Findings {
			if f.Key == "readiness.recipient" && slices.Contains(f.Args, any(name)) {
				if n++; !f.Warn || f.Clause != "UK GDPR art. 30(1)(d)" || f.Page != "notice" {
					t.Errorf("the warning is %+v", f)
				}
			}
		}
		return n
	}
	published := w.open(t, "resident-satisfaction")
	named := func(who string) (out consult.NamedRecipient) {
		t.Helper()
		all, err := w.NamedRecipients(t.Context(), w.staff[consult.DPO])
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(n consult.NamedRecipient) bool { return n.Name == who })
		if i < 0 {
			t.Fatalf("%s is not among %+v", who, all)
		}
		return all[i]
	}
	for _, row := range []struct {
		why   string
		hold  *privacy.Processor
		wants int
		entry string
	}{
		{"nobody is held", nil, 1, ""},
		{"another is held", &privacy.Processor{Name: "Another Ltd"}, 1, ""},
		{"one that has ended", &privacy.Processor{Name: name, Closed: true}, 1, ""},
		{"it is held, written in capitals", &privacy.Processor{Name: "FENWICK climate.", Contract: "C/9", From: "2026-01-01"}, 0, "entry-it is held, written in capitals"},
	} {
		if row.hold != nil {
			w.hold(t, "entry-"+row.why, *row.hold)
		}
		if got := warned(); got != row.wants {
			t.Errorf("%s: %d warnings, want %d", row.why, got, row.wants)
		}
		n := named(partner.Name)
		if n.Entry != row.entry || !slices.ContainsFunc(n.In, func(in consult.NamedIn) bool { return in.ID == published.ID }) || n.Until != privacy.DateOf(a.ExpiresAt.Add(-time.Second)) {
			t.Errorf("%s: %+v", row.why, n)
		}
	}
	x := w.proposedChange(t, published, nameNewcomer(false), proposal) // and nobody has confirmed it
	found, err := w.ChangeFindings(t.Context(), w.staff[consult.DPO], x.ID)
	if err != nil || !slices.ContainsFunc(found, func(f consult.Finding) bool {
		return f.Key == "readiness.recipient" && f.Warn && slices.Contains(f.Args, any(newcomer))
	}) {
		t.Errorf("who confirms a change is not warned: %+v, %v", found, err)
	}
	if n := named(newcomer); n.Entry != "" || len(n.In) != 1 || n.In[0].ID != published.ID || !n.In[0].Planned {
		t.Errorf("art. 30(1)(d): whom an open change names, and the register does not hold: %+v", n)
	}
	if n := named(partner.Name); slices.ContainsFunc(n.In, func(in consult.NamedIn) bool { return in.Planned }) {
		t.Errorf("it is named to people already: %+v", n)
	}
	record, err := w.Record(t.Context(), w.staff[consult.DPO])
	if err != nil {
		t.Fatal(err)
	}
	contracts := record.Activities[0].Field("contracts")
	if !slices.ContainsFunc(contracts, func(l locale.Text) bool {
		return l["en"] == "Contract with FENWICK climate., reference C/9, from 1 January 2026 until –"
	}) {
		t.Errorf("art. 30(1): the contract with a recipient that is held: %v", contracts)
	}
}
