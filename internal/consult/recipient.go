package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// heldRecipient is an entry of the register of processors and recipients that has not ended.
type heldRecipient struct {
	id   string
	said privacy.Processor
}

// heldRecipients opens what the register of processors and recipients holds now. Nobody is told of it here: only whether a name is held, and which contract.
func (s *Service) heldRecipients(ctx context.Context) (out []heldRecipient, err error) {
	var entries []*privacy.Entry
	err = s.Store.View(ctx, func(r Reader) error {
		entries, err = r.OpenEntries(privacy.RegisterProcessors)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		plain, err := s.OpenRecord(ctx, e.ID, e.Sealed, EntryPlace(e.ID))
		if fault.Is(err, fault.NotFound) {
			continue // disposed of since it was read
		}
		if err != nil {
			return nil, err
		}
		held := heldRecipient{id: e.ID}
		if err := json.Unmarshal(plain, &held.said); err != nil {
			return nil, fmt.Errorf("decode an entry of the register of processors: %w", err)
		}
		out = append(out, held)
	}
	return out, nil
}

// sameRecipient reports whether two names are written for the same recipient: small and large letters, accents and punctuation do not matter.
func sameRecipient(a, b string) bool { return FoldWords(a) == FoldWords(b) }

// unregistered warns of every recipient that is named and the register does not hold.
func unregistered(says privacy.Processing, held []heldRecipient) (out []Finding) {
	var told []string
	for i, p := range says.Purposes {
		for _, r := range p.Recipients {
			same := func(name string) bool { return sameRecipient(name, r.Name) }
			if strings.TrimSpace(r.Name) == "" || slices.ContainsFunc(told, same) || slices.ContainsFunc(held, func(h heldRecipient) bool { return same(h.said.Name) }) {
				continue
			}
			told = append(told, r.Name)
			page, field := noticePage(fmt.Sprintf("purposes.%d", i))
			out = append(out, Finding{Key: "readiness.recipient", Args: []any{"Recipient", r.Name}, Page: page, Field: field, Clause: "UK GDPR art. 30(1)(d)", Warn: true})
		}
	}
	return out
}

// NamedRecipient is somebody who gets information by what is configured.
type NamedRecipient struct {
	Name  string
	In    []NamedIn    // the published consultations whose purposes name it, or would after a change that is open
	Until privacy.Date // the last day of its latest agreement, where it is a partner; empty for none
	Entry string       // of the register of processors and recipients; empty if that does not hold it (UK GDPR art. 30(1)(d))
}

// NamedIn is a consultation that names a recipient.
type NamedIn struct {
	ID      string
	Title   locale.Text
	Planned bool // only a change names it that is not confirmed yet
}

// NamedRecipients lists who gets information by what is configured: recipients in the purposes of published consultations and of open changes of these, and partners with an
// agreement that has not ended. Those that the register does not hold come first, then by name.
func (s *Service) NamedRecipients(ctx context.Context, by *Staff) (out []NamedRecipient, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	held, err := s.heldRecipients(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		out, err = namedIn(r, held)
		return err
	})
	slices.SortStableFunc(out, func(a, b NamedRecipient) int {
		if (a.Entry == "") != (b.Entry == "") {
			return strings.Compare(a.Entry, b.Entry)
		}
		return strings.Compare(FoldWords(a.Name), FoldWords(b.Name))
	})
	return out, err
}

func namedIn(r Reader, held []heldRecipient) (out []NamedRecipient, err error) {
	at := func(name string) *NamedRecipient {
		i := slices.IndexFunc(out, func(n NamedRecipient) bool { return sameRecipient(n.Name, name) })
		if i < 0 {
			n := NamedRecipient{Name: name}
			if h := slices.IndexFunc(held, func(h heldRecipient) bool { return sameRecipient(h.said.Name, name) }); h >= 0 {
				n.Entry = held[h].id
			}
			out, i = append(out, n), len(out)
		}
		return &out[i]
	}
	all, err := r.Consultations(ConsultationFilter{State: Published})
	if err != nil {
		return nil, err
	}
	name := func(c *Consultation, says privacy.Processing, planned bool) {
		for _, p := range says.Purposes {
			for _, x := range p.Recipients {
				if strings.TrimSpace(x.Name) == "" { // of a change that is being written
					continue
				}
				if n := at(x.Name); !slices.ContainsFunc(n.In, func(in NamedIn) bool { return in.ID == c.ID }) {
					n.In = append(n.In, NamedIn{c.ID, c.Title, planned})
				}
			}
		}
	}
	for _, c := range all {
		name(c, c.Processing, false)
	}
	open, err := r.OpenNoticeChanges()
	if err != nil {
		return nil, err
	}
	for _, change := range open {
		if i := slices.IndexFunc(all, func(c *Consultation) bool { return c.ID == change.ConsultationID }); i >= 0 {
			name(all[i], change.After, true)
		}
	}
	agreements, err := r.Agreements()
	if err != nil {
		return nil, err
	}
	for _, a := range agreements {
		if a.expired(r.Now()) {
			continue
		}
		partner, err := r.Partner(a.PartnerID)
		if err != nil {
			return nil, err
		}
		if n, last := at(partner.Name), privacy.DateOf(a.ExpiresAt.Add(-time.Second)); last > n.Until {
			n.Until = last
		}
	}
	return out, nil
}
