package consult

import (
	"context"
	"fmt"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// foldEmail returns an e-mail address as it is stored and looked up.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// SignIn checks an e-mail address and password. Failures are throttled by address and network; the answer for an unknown address
// is the same, after the same work. fault.Invalid, fault.Throttled (argument "Minutes").
func (s *Service) SignIn(ctx context.Context, email, password, network string) (*Staff, error) {
	email = foldEmail(email)
	limits := []limit{s.limit("signin-address", email, passwordFailures), s.limit("signin-network", network, networkFailures)}
	if err := s.throttled(ctx, limits...); err != nil {
		return nil, err
	}
	member, err := s.memberByEmail(ctx, email)
	if err != nil {
		return nil, err
	}
	ok, rehash, err := s.checkPassword(ctx, member, password)
	if err != nil {
		return nil, err
	}
	if !ok {
		if err := s.failed(ctx, event(system(), "staff.sign_in_refused", "staff:unknown"), limits...); err != nil {
			return nil, err
		}
		return nil, fault.New(fault.Invalid, "error.signin.wrong")
	}
	return s.signedIn(ctx, member, password, rehash, limits)
}

// memberByEmail returns nobody, and no error, for an unknown address: the caller does the same work for both.
func (s *Service) memberByEmail(ctx context.Context, email string) (member *Staff, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		member, err = r.StaffByEmail(email)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return member, err
}

func (s *Service) checkPassword(ctx context.Context, member *Staff, password string) (ok, rehash bool, err error) {
	if member == nil || !s.maySignIn(member) || member.PasswordHash == "" {
		return false, false, s.Keys.CheckNobody(ctx, password)
	}
	return s.Keys.CheckPassword(ctx, member.PasswordHash, password)
}

// maySignIn reports whether a person may sign in at all: demonstration accounts may only in the demonstration world, and an account that
// ends by itself until it does.
func (s *Service) maySignIn(member *Staff) bool {
	return !member.Disabled && (s.Demo || !member.Demo) && (member.EndsAt.IsZero() || s.Now().Before(member.EndsAt))
}

// signedIn records the sign-in. Guesses sent all at once pass the first look at the throttle together; the right one among them counts
// only while the others have not used the tries up.
func (s *Service) signedIn(ctx context.Context, member *Staff, password string, rehash bool, limits []limit) (*Staff, error) {
	renewed := ""
	if rehash {
		var err error
		if renewed, err = s.Keys.HashPassword(ctx, password); err != nil {
			return nil, err
		}
	}
	var out *Staff
	err := s.Store.Update(ctx, func(w Writer) error {
		if err := s.throttledIn(w, limits...); err != nil {
			return err
		}
		current, err := w.StaffMember(member.ID)
		if err != nil {
			return err
		}
		if !s.maySignIn(current) || current.PasswordHash != member.PasswordHash { // changed while we hashed
			return fault.New(fault.Invalid, "error.signin.wrong")
		}
		if renewed != "" {
			current.PasswordHash = renewed
			if err := w.UpdateStaff(current); err != nil {
				return err
			}
		}
		if err := forgetFailures(w, limits[0]); err != nil {
			return err
		}
		out = current
		return w.AppendAudit(event(current.Actor(), "staff.sign_in", "staff:"+current.ID))
	})
	return out, err
}

// forgetFailures lets a person who signed in start afresh. The network keeps its count: others use it too.
func forgetFailures(w Writer, l limit) error {
	a, err := w.SignInAttempt(l.key)
	if err != nil || a.Failures == 0 {
		return err
	}
	return w.PutSignInAttempt(&SignInAttempt{Key: l.key, LastAt: w.Now()})
}

// StaffMember returns a person who may still sign in, and says whether they have accepted the statement of confidentiality that holds
// (Bound). fault.NotFound for unknown ones, disabled ones, and accounts that have ended.
func (s *Service) StaffMember(ctx context.Context, id string) (member *Staff, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		if member, err = r.StaffMember(id); err != nil {
			return err
		}
		member.Bound, err = hasAccepted(r, member)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !s.maySignIn(member) {
		return nil, fault.New(fault.NotFound, "error.staff.unknown")
	}
	return member, nil
}

// SignOut records that a person signed out. The session itself is erased by the interface.
func (s *Service) SignOut(ctx context.Context, by *Staff) error {
	err := s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(by.Actor(), "staff.sign_out", "staff:"+by.ID))
	})
	if err != nil {
		return fmt.Errorf("record a sign-out: %w", err)
	}
	return nil
}

// names are what a password may not be made from.
func (s *Service) names(c privacy.Council, member *Staff) []string {
	out := []string{member.Name, member.Email}
	for _, name := range c.Name {
		out = append(out, name)
	}
	return out
}
