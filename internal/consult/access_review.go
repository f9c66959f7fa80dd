package consult

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// MaxAccessReason is the most characters of a reason in a review of access.
const MaxAccessReason = 300

// AccessChoice is what a reviewer chose about one account.
type AccessChoice struct {
	StaffID string
	Version int64  // of the account that was shown
	Choice  string // "keep", "end", or empty for not yet
	Reason  string // needed for "end"
}

// fault returns what is wrong with a choice, with its field.
func (c *AccessChoice) fault() error {
	c.Reason = strings.TrimSpace(c.Reason)
	switch {
	case c.Choice == "" && c.Reason != "":
		return fault.New(fault.Invalid, "error.access.choice").At("decision-" + c.StaffID)
	case c.Choice == "end" && c.Reason == "":
		return fault.New(fault.Invalid, "error.access.reason").At("reason-" + c.StaffID)
	case utf8.RuneCountInString(c.Reason) > MaxAccessReason:
		return fault.New(fault.Invalid, "error.access.reason_long", "Max", MaxAccessReason).At("reason-" + c.StaffID)
	case c.Choice != "" && c.Choice != "keep" && c.Choice != "end":
		return fault.New(fault.Invalid, "error.access.choice").At("decision-" + c.StaffID)
	}
	return nil
}

// DecideAccess stores what was chosen, and ends the access of whom it was chosen for at once: their sessions too. What is left stays for the
// next time; once nothing is, the review is finished. It begins a review where none goes on. It returns the faults of what was chosen, each
// with its field, and stores nothing if there are any: the last administrator stays. fault.Conflict if an account has changed or was decided
// about since it was shown; fault.Forbidden for one's own account.
func (s *Service) DecideAccess(ctx context.Context, by *Staff, choices []AccessChoice) (finished bool, faults []error, err error) {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return false, nil, err
	}
	for i := range choices {
		if f := choices[i].fault(); f != nil {
			faults = append(faults, f)
		}
	}
	if len(faults) > 0 {
		return false, faults, nil
	}
	choices = slices.DeleteFunc(choices, func(c AccessChoice) bool { return c.Choice == "" })
	err = s.Store.Update(ctx, func(w Writer) error {
		finished, err = s.decideAccess(w, by, choices)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return false, []error{err}, nil
	}
	return finished, nil, err
}

func (s *Service) decideAccess(w Writer, by *Staff, choices []AccessChoice) (finished bool, err error) {
	state, err := s.accessIn(w, by)
	if err != nil {
		return false, err
	}
	review, fresh := state.Review, state.Review == nil
	if fresh {
		review = &AccessReview{BegunAt: w.Now()}
	}
	kept, ended := 0, 0
	for _, c := range choices {
		d, err := s.decideAccount(w, by, state, c)
		if err != nil {
			return false, err
		}
		review.Decisions = append(slices.DeleteFunc(review.Decisions, func(old AccessDecision) bool { return old.StaffID == d.StaffID }), *d)
		if d.End {
			ended++
		} else {
			kept++
		}
	}
	left, err := s.undecided(w, review)
	if err != nil {
		return false, err
	}
	if len(choices) == 0 && (left > 0 || len(review.Decisions) == 0) {
		return false, fault.New(fault.Invalid, "error.access.none").At("decisions")
	}
	if finished = left == 0; finished {
		review.FinishedAt, review.FinishedBy = w.Now(), by.ID
	}
	if fresh {
		err = w.AddAccessReview(review)
	} else {
		err = w.UpdateAccessReview(review)
	}
	if err != nil {
		return false, err
	}
	return finished, auditReview(w, by, review, kept, ended)
}

// auditReview says who decided how many accounts, and that the review is over, with the counts of the whole.
func auditReview(w Writer, by *Staff, review *AccessReview, kept, ended int) error {
	object := "setting:access"
	number := fmt.Sprint(review.Number)
	if kept+ended > 0 {
		if err := w.AppendAudit(event(by.Actor(), "access.review", object, "number", number, "kept", fmt.Sprint(kept), "ended", fmt.Sprint(ended))); err != nil {
			return err
		}
	}
	if review.FinishedAt.IsZero() {
		return nil
	}
	kept, ended = review.Counts()
	return w.AppendAudit(event(by.Actor(), "access.finish", object, "number", number, "kept", fmt.Sprint(kept), "ended", fmt.Sprint(ended)))
}

// decideAccount checks one choice against the account as it is now, and ends it where that was chosen.
func (s *Service) decideAccount(w Writer, by *Staff, state *AccessState, c AccessChoice) (*AccessDecision, error) {
	i := slices.IndexFunc(state.Accounts, func(a Account) bool { return a.ID == c.StaffID })
	if i < 0 { // disabled, or ended by itself, since it was shown
		return nil, fault.New(fault.Conflict, "error.access.changed")
	}
	a := state.Accounts[i]
	if err := mayDecide(by, a.Staff); err != nil {
		return nil, err
	}
	if a.Version != c.Version || !a.Waits() {
		return nil, fault.New(fault.Conflict, "error.access.changed")
	}
	d := &AccessDecision{StaffID: a.ID, End: c.Choice == "end", Reason: c.Reason, By: by.ID, At: w.Now(), Role: a.Role, SignedInOn: a.SignedInOn,
		Acknowledged: a.Acknowledged, Account: a.Version}
	if !d.End {
		return d, nil
	}
	next := *a.Staff
	next.Disabled = true
	if err := changeStaff(w, by, a.Staff, &next); err != nil {
		var f *fault.Error
		if errors.As(err, &f) && f.Key == "error.staff.last" {
			return nil, fault.New(fault.Invalid, f.Key).At("decision-" + a.ID)
		}
		return nil, err
	}
	d.Account = next.Version
	return d, nil
}

// undecided counts the accounts that may come in now and about which the review has decided nothing that still holds.
func (s *Service) undecided(r Reader, review *AccessReview) (n int, err error) {
	all, err := r.StaffList()
	today := privacy.DateOf(r.Now())
	for _, m := range all {
		d := review.Decision(m.ID)
		if s.maySignIn(m) && (Account{Staff: m, Decision: d, Late: d.Late(today)}).Waits() {
			n++
		}
	}
	return n, err
}

// ReviewedAccount is what was decided about somebody, with who they are.
type ReviewedAccount struct {
	AccessDecision
	Name, Email string
	ByName      string
}

// ExportAccessReview returns the decisions of a review, with names, for a file that leaves the service: the audit log says so. There is
// nothing in them with which anybody signs in.
func (s *Service) ExportAccessReview(ctx context.Context, by *Staff, number int64) (out []ReviewedAccount, err error) {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		review, err := w.AccessReview(number)
		if err != nil {
			return err
		}
		if out, err = named(w, review); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "access.export", "setting:access", "number", fmt.Sprint(number)))
	})
	return out, err
}

// AccessReview returns a review and its decisions, with names, for a page. fault.NotFound if there is none with the number.
func (s *Service) AccessReview(ctx context.Context, by *Staff, number int64) (review *AccessReview, out []ReviewedAccount, err error) {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return nil, nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		if review, err = r.AccessReview(number); err != nil {
			return err
		}
		out, err = named(r, review)
		return err
	})
	return review, out, err
}

// named joins the decisions of a review to who their people are now.
func named(r Reader, review *AccessReview) (out []ReviewedAccount, err error) {
	all, err := r.StaffList()
	if err != nil {
		return nil, err
	}
	people := map[string]*Staff{}
	for _, m := range all {
		people[m.ID] = m
	}
	for _, d := range review.Decisions {
		x := ReviewedAccount{AccessDecision: d}
		if m := people[d.StaffID]; m != nil {
			x.Name, x.Email = m.Name, m.Email
		}
		if m := people[d.By]; m != nil {
			x.ByName = m.Name
		}
		out = append(out, x)
	}
	return out, nil
}
