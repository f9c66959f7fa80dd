package consult

import (
	"context"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// unusedDays is after how many days without a sign-in an account is marked.
const unusedDays = 90

// DecisionDays is for how many days a decision of a review that goes on holds: a review says who needs access when it is finished.
const DecisionDays = 30

// The months after which access is reviewed again.
const (
	defaultReviewMonths = 6
	MinReviewMonths     = 1
	MaxReviewMonths     = 12
)

const accessSetting = "access"

// accessSettings is what the council chose about reviews of access.
type accessSettings struct {
	Months int `json:"months"`
}

// AccessReview is one look through everybody who may come in, and why they still may (councils.md S0-15: only employees who need it).
type AccessReview struct {
	Number     int64            `json:"number"` // from 1
	BegunAt    time.Time        `json:"begun_at"`
	FinishedAt time.Time        `json:"finished_at,omitzero"` // UTC; zero while it goes on
	FinishedBy string           `json:"finished_by,omitempty"`
	Decisions  []AccessDecision `json:"decisions"` // the newest for each account, in the order in which they were made

	Version int64 `json:"-"`
}

// AccessDecision is what was decided about one account, and what the account was like.
type AccessDecision struct {
	StaffID      string       `json:"staff_id"`
	End          bool         `json:"end"`
	Reason       string       `json:"reason,omitempty"` // always there for an end
	By           string       `json:"by"`
	At           time.Time    `json:"at"` // UTC
	Role         Role         `json:"role"`
	SignedInOn   privacy.Date `json:"signed_in_on,omitempty"` // the last day, Europe/London; empty for never
	Acknowledged int64        `json:"acknowledged"`           // the statement of confidentiality that had been accepted; 0 for none
	Account      int64        `json:"account"`                // its version: a change makes the decision one about another account
}

// Decision returns what was decided about the account; nil for nothing.
func (r *AccessReview) Decision(staffID string) *AccessDecision {
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.Decisions, func(d AccessDecision) bool { return d.StaffID == staffID })
	if i < 0 {
		return nil
	}
	return &r.Decisions[i]
}

// Late reports whether a decision is too old to count on a day of Europe/London: one of more than DecisionDays before (councils.md S0-15: who needs it now).
func (d *AccessDecision) Late(today privacy.Date) bool {
	return d != nil && today.Days(privacy.DateOf(d.At)) > DecisionDays
}

// Oldest is the day, Europe/London, of the oldest decision by which somebody keeps access; empty for none.
func (r *AccessReview) Oldest() (day privacy.Date) {
	for _, d := range r.Decisions {
		if on := privacy.DateOf(d.At); !d.End && (day == "" || on < day) {
			day = on
		}
	}
	return day
}

// Counts counts who stays and whose access was ended.
func (r *AccessReview) Counts() (kept, ended int) {
	for _, d := range r.Decisions {
		if d.End {
			ended++
		} else {
			kept++
		}
	}
	return kept, ended
}

// Account is somebody who may come in, as a reviewer sees them.
type Account struct {
	*Staff
	SignedInOn privacy.Date // the last day, Europe/London; empty for never
	Unused     bool         // for unusedDays, or since it was made
	Bound      bool         // has accepted the statement of confidentiality that holds, or need not
	Mine       bool         // the reviewer's own
	Decision   *AccessDecision
	Late       bool // the decision is too old to count
	Decidable  bool // waits for a decision that the reviewer may make
}

// Waits reports whether the review that goes on has yet to decide about the account: nothing was decided, too long ago, or the account changed since.
// An account for support is never asked about: it ends by itself within a day.
func (a Account) Waits() bool {
	return a.Role != Support && (a.Decision == nil || a.Late || a.Decision.Account != a.Version)
}

// AccessState is who may come in, and how reviews stand.
type AccessState struct {
	Accounts []Account       // that are not disabled and have not ended, by name
	Review   *AccessReview   // that goes on; nil for none
	Past     []*AccessReview // finished ones, newest first
	Months   int             // between two reviews
	Version  int64           // of that setting
	DueOn    privacy.Date    // Europe/London: of the next review
	Due      bool            // it is due by now
}

// Waiting counts the accounts that the review has yet to decide about, and how many of them the reviewer may decide about.
func (s *AccessState) Waiting() (all, mine int) {
	for _, a := range s.Accounts {
		if a.Waits() {
			all++
		}
		if a.Decidable {
			mine++
		}
	}
	return all, mine
}

// pastReviews is how many finished reviews are listed.
const pastReviews = 24

// Access returns who may come in, what they reach, and how reviews stand.
func (s *Service) Access(ctx context.Context, by *Staff) (state *AccessState, err error) {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		state, err = s.accessIn(r, by)
		return err
	})
	return state, err
}

func (s *Service) accessIn(r Reader, by *Staff) (*AccessState, error) {
	out := &AccessState{}
	settings := accessSettings{Months: defaultReviewMonths}
	var err error
	if out.Version, err = ReadSetting(r, accessSetting, &settings); err != nil {
		return nil, err
	}
	out.Months = settings.Months
	reviews, err := r.AccessReviews(pastReviews + 1)
	if err != nil {
		return nil, err
	}
	if len(reviews) > 0 && reviews[0].FinishedAt.IsZero() {
		out.Review, reviews = reviews[0], reviews[1:]
	}
	out.Past = reviews
	all, err := r.StaffList()
	if err != nil {
		return nil, err
	}
	out.DueOn = nextReview(all, out.Past, out.Months)
	out.Due = out.DueOn != "" && privacy.DateOf(r.Now()) >= out.DueOn
	out.Accounts, err = s.accounts(r, by, all, out.Review)
	return out, err
}

// nextReview is the months after the last review, or after the first account where there was none.
func nextReview(all []*Staff, past []*AccessReview, months int) privacy.Date {
	var from time.Time
	if len(past) > 0 {
		from = past[0].FinishedAt
	} else {
		for _, m := range all {
			if from.IsZero() || m.CreatedAt.Before(from) {
				from = m.CreatedAt
			}
		}
	}
	if from.IsZero() {
		return ""
	}
	return privacy.DateOf(from).AddMonths(months)
}

func (s *Service) accounts(r Reader, by *Staff, all []*Staff, review *AccessReview) (out []Account, err error) {
	seen, err := r.LastSignIns()
	if err != nil {
		return nil, err
	}
	today := privacy.DateOf(r.Now())
	for _, m := range all {
		if !s.maySignIn(m) {
			continue
		}
		a := Account{Staff: m, Mine: m.ID == by.ID, Decision: review.Decision(m.ID)}
		a.Late = a.Decision.Late(today)
		since := privacy.DateOf(m.CreatedAt)
		if at, ok := seen[m.ID]; ok {
			a.SignedInOn = privacy.DateOf(at)
			since = a.SignedInOn
		}
		a.Unused = today.Days(since) >= unusedDays
		if a.Bound, err = hasAccepted(r, m); err != nil {
			return nil, err
		}
		a.Bound = a.Bound || !m.May(EnterOffice)
		a.Decidable = a.Waits() && mayDecide(by, m) == nil
		out = append(out, a)
	}
	return out, nil
}

// mayDecide returns fault.Forbidden unless the person may decide about the account. Nobody decides about their own: the administrators decide
// about everybody else's, and the data protection officer about administrators', so that a council with one administrator can finish.
func mayDecide(by, account *Staff) error {
	switch {
	case by.ID == account.ID:
		return fault.New(fault.Forbidden, "error.access.self")
	case by.May(ManageStaff), by.May(KeepRegisters) && account.May(ManageStaff):
		return nil
	}
	return fault.New(fault.Forbidden, "error.forbidden")
}

// SaveAccessPeriod sets the months between two reviews. fault.Invalid out of bounds, fault.Conflict if somebody saved first.
func (s *Service) SaveAccessPeriod(ctx context.Context, by *Staff, version int64, months int) error {
	if err := by.Allow(ManageStaff, KeepRegisters); err != nil {
		return err
	}
	if months < MinReviewMonths || months > MaxReviewMonths {
		return fault.New(fault.Invalid, "error.access.months", "Min", MinReviewMonths, "Max", MaxReviewMonths).At("months")
	}
	return s.Store.Update(ctx, func(w Writer) error {
		if err := WriteSetting(w, accessSetting, accessSettings{months}, version); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "settings.access", "setting:access", "months", fmt.Sprint(months)))
	})
}
