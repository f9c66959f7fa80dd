package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// How many hours an account for support is open.
const (
	DefaultSupportHours = 4
	MaxSupportHours     = 24
)

// MaxSupportReason is the most characters of the reason for which an account is opened for support.
const MaxSupportReason = 500

// pastSupport is how many accesses for support are listed.
const pastSupport = 100

// SupportAccess is one time that a named person of a processor was let in to look for a fault (councils.md S4-13: time-limited, reasoned,
// logged). Each has an account of its own, so that the audit log tells the times apart.
type SupportAccess struct {
	Name         string    `json:"name"` // of the person
	Email        string    `json:"email"`
	Organisation string    `json:"organisation,omitempty"` // that the register of processors does not hold; what it holds lies sealed there and is not copied: see SupportAccesses
	Entry        string    `json:"entry,omitempty"`        // of the register of processors; empty for one that it does not hold
	Reason       string    `json:"reason"`
	OpenedBy     string    `json:"opened_by"`
	OpenedAt     time.Time `json:"opened_at"` // UTC
	EndsAt       time.Time `json:"ends_at"`   // UTC, by itself
	EndedBy      string    `json:"ended_by,omitempty"`
	EndedAt      time.Time `json:"ended_at,omitzero"` // UTC, where somebody ended it before

	StaffID string `json:"-"` // the account
	Version int64  `json:"-"`
}

// Open reports whether the person may come in at the moment.
func (a *SupportAccess) Open(now time.Time) bool { return a.EndedAt.IsZero() && now.Before(a.EndsAt) }

// SupportRequest is what an administrator asks for.
type SupportRequest struct {
	Name, Email  string
	Entry        string // of the register of processors; empty if Organisation says who it is
	Organisation string
	Reason       string
	Hours        int // from now on
}

// faults are those of what was asked, each with its field.
func (q *SupportRequest) faults() (out []error) {
	q.Name, q.Email, q.Organisation, q.Reason = strings.TrimSpace(q.Name), foldEmail(q.Email), strings.TrimSpace(q.Organisation), strings.TrimSpace(q.Reason)
	add := func(field, key string, args ...any) {
		out = append(out, fault.New(fault.Invalid, key, args...).At(field))
	}
	if q.Name == "" {
		add("name", "office.problem.staff_name")
	}
	if q.Email == "" {
		add("email", "office.problem.staff_email")
	}
	switch {
	case q.Entry == "" && q.Organisation == "":
		add("organisation", "error.support.organisation")
	case q.Entry != "" && q.Organisation != "":
		add("organisation", "error.support.both")
	case utf8.RuneCountInString(q.Organisation) > 200:
		add("organisation", "error.support.organisation_long", "Max", 200)
	}
	switch {
	case q.Reason == "":
		add("reason", "error.support.reason")
	case utf8.RuneCountInString(q.Reason) > MaxSupportReason:
		add("reason", "error.support.reason_long", "Max", MaxSupportReason)
	}
	if q.Hours < 1 || q.Hours > MaxSupportHours {
		add("hours", "error.support.hours", "Max", MaxSupportHours)
	}
	return out
}

// ProcessorName is a processor of the register, for whoever opens an account for one of its people.
type ProcessorName struct{ Entry, Name string }

// SupportProcessors lists the processors that the register holds, by name, and nothing else of them.
func (s *Service) SupportProcessors(ctx context.Context, by *Staff) (out []ProcessorName, err error) {
	if err := by.Allow(ManageStaff); err != nil {
		return nil, err
	}
	held, err := s.heldRecipients(ctx)
	for _, h := range held {
		if h.said.Kind == privacy.KindProcessor {
			out = append(out, ProcessorName{h.id, h.said.Name})
		}
	}
	slices.SortFunc(out, func(a, b ProcessorName) int { return strings.Compare(FoldWords(a.Name), FoldWords(b.Name)) })
	return out, err
}

// OpenSupport makes an account for a named person of a processor, which ends by itself, and returns the one-time token of the link to choose a
// password. It returns the faults of what was asked, each with its field; nothing is stored if there are any.
func (s *Service) OpenSupport(ctx context.Context, by *Staff, q SupportRequest) (token string, faults []error, err error) {
	processors, err := s.SupportProcessors(ctx, by)
	if err != nil {
		return "", nil, err
	}
	if faults = q.faults(); len(faults) > 0 {
		return "", faults, nil
	}
	if q.Entry != "" {
		if !slices.ContainsFunc(processors, func(p ProcessorName) bool { return p.Entry == q.Entry }) {
			return "", []error{fault.New(fault.Invalid, "error.support.entry").At("processor")}, nil
		}
	}
	token = seal.RandomToken()
	id := seal.RandomID()
	err = s.Store.Update(ctx, func(w Writer) error {
		return s.openSupport(w, by, q, id, token)
	})
	if fault.Is(err, fault.Invalid) {
		return "", []error{err}, nil
	}
	if err != nil {
		return "", nil, err
	}
	return token, nil, nil
}

func (s *Service) openSupport(w Writer, by *Staff, q SupportRequest, id, token string) error {
	if free, err := s.freeAddress(w, q.Email); err != nil {
		return err
	} else if !free {
		return fault.New(fault.Invalid, "error.staff.email_taken").At("email")
	}
	now := w.Now()
	a := &SupportAccess{Name: q.Name, Email: q.Email, Organisation: q.Organisation, Entry: q.Entry, Reason: q.Reason, OpenedBy: by.ID, OpenedAt: now,
		EndsAt: now.Add(time.Duration(q.Hours) * time.Hour), StaffID: id}
	member := &Staff{ID: id, Name: q.Name, Email: q.Email, Role: Support, Demo: s.Demo, CreatedAt: now, EndsAt: a.EndsAt}
	if err := checkStaff(w, member); err != nil {
		return err
	}
	if err := w.AddStaff(member); err != nil {
		return err
	}
	if err := w.AddSupportAccess(a); err != nil {
		return err
	}
	if err := invite(w, token, id); err != nil {
		return err
	}
	return w.AppendAudit(event(by.Actor(), "support.open", "staff:"+id, "hours", fmt.Sprint(q.Hours)))
}

// freeAddress gives the e-mail address of an access that is over free: the account of that one keeps its id in the log, and the access its
// address. It reports whether the address is free: not while somebody else has it or the access is open.
func (s *Service) freeAddress(w Writer, email string) (bool, error) {
	old, err := w.StaffByEmail(email)
	switch {
	case fault.Is(err, fault.NotFound):
		return true, nil
	case err != nil:
		return false, err
	case old.Role != Support || s.maySignIn(old):
		return false, nil
	}
	old.Email, old.PasswordHash, old.Disabled = old.ID+"@ended.invalid", "", true
	return true, w.UpdateStaff(old)
}

// EndSupport ends an access for support before its time: the person is signed out at once. The data protection officer may too.
// fault.Conflict if it is over already.
func (s *Service) EndSupport(ctx context.Context, by *Staff, staffID string) error {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		a, err := w.SupportAccess(staffID)
		if err != nil {
			return err
		}
		if !a.Open(w.Now()) {
			return fault.New(fault.Conflict, "error.support.over")
		}
		member, err := w.StaffMember(staffID)
		if err != nil {
			return err
		}
		member.Disabled, member.PasswordHash = true, ""
		if err := w.UpdateStaff(member); err != nil {
			return err
		}
		if err := w.EndSessions(staffID); err != nil {
			return err
		}
		if err := w.EndInvitations(staffID); err != nil {
			return err
		}
		a.EndedBy, a.EndedAt = by.ID, w.Now()
		if err := w.UpdateSupportAccess(a); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "support.end", "staff:"+staffID))
	})
}

// SupportAccesses lists who was let in for support, newest first, with the names of who opened and ended it. Organisation is that of the register of processors where
// it holds it, as it says now; empty where the entry is erased.
func (s *Service) SupportAccesses(ctx context.Context, by *Staff) (out []*SupportAccess, names map[string]string, err error) {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return nil, nil, err
	}
	var entries map[string]*privacy.Entry
	err = s.Store.View(ctx, func(r Reader) error {
		names, entries = map[string]string{}, map[string]*privacy.Entry{}
		if out, err = r.SupportAccesses(pastSupport); err != nil {
			return err
		}
		for _, a := range out {
			if a.Entry == "" || entries[a.Entry] != nil {
				continue
			}
			e, err := r.Entry(a.Entry)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			entries[a.Entry] = e
		}
		all, err := r.StaffList()
		for _, m := range all {
			names[m.ID] = m.Name
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, a := range out {
		if a.Entry == "" {
			continue
		}
		if a.Organisation, err = s.entryName(ctx, entries[a.Entry]); err != nil {
			return nil, nil, err
		}
	}
	return out, names, nil
}

// entryName opens the name that an entry of the register of processors says; empty for one that is erased.
func (s *Service) entryName(ctx context.Context, e *privacy.Entry) (string, error) {
	if e == nil {
		return "", nil
	}
	plain, err := s.OpenRecord(ctx, e.ID, e.Sealed, EntryPlace(e.ID))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var said privacy.Processor
	if err := json.Unmarshal(plain, &said); err != nil {
		return "", fmt.Errorf("decode an entry of the register of processors: %w", err)
	}
	return said.Name, nil
}
