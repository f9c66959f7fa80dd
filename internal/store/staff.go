package store

import (
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

const staffColumns = `id, email, name, role, partner_id, password_hash, disabled, demo, created_at, version,
	(select coalesce(max(number), 0) from acknowledgement where staff_id = staff.id), ends_at`

func readStaff(row scanner) (*consult.Staff, error) {
	var s consult.Staff
	return &s, row.Scan(&s.ID, &s.Email, &s.Name, &s.Role, &s.PartnerID, &s.PasswordHash, &s.Disabled, &s.Demo, stamp{&s.CreatedAt}, &s.Version,
		&s.Acknowledged, optionalStamp{&s.EndsAt})
}

var (
	staffByID    = sqlText(`select ` + staffColumns + ` from staff where id = $1`)
	staffByEmail = sqlText(`select ` + staffColumns + ` from staff where email = $1`)
	staffList    = sqlText(`select ` + staffColumns + ` from staff order by name, id`)
	addStaff     = sqlText(`
insert into staff (id, email, name, role, partner_id, password_hash, disabled, demo, created_at, version, ends_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict do nothing`)
	updateStaff = sqlText(`
update staff
set email = $3, name = $4, role = $5, partner_id = $6, password_hash = $7, disabled = $8, demo = $9, version = version + 1
where id = $1 and version = $2`)
	emailTaken = sqlText(`select count(*) from staff where email = $1 and id <> $2`)
)

// StaffMember returns the person with the id.
func (r *reader) StaffMember(id string) (*consult.Staff, error) {
	return one(r.txn, "read a member of staff", readStaff, staffByID, id)
}

// StaffByEmail returns the person with the e-mail address, folded to lower case as it is stored.
func (r *reader) StaffByEmail(email string) (*consult.Staff, error) {
	return one(r.txn, "read a member of staff", readStaff, staffByEmail, email)
}

// StaffList lists everybody by name.
func (r *reader) StaffList() ([]*consult.Staff, error) {
	return list(r.txn, "list staff", readStaff, staffList)
}

// AddStaff adds a person, with version 1 if there is none. fault.Conflict if the id or e-mail address is taken.
func (w *writer) AddStaff(s *consult.Staff) error {
	if s.Version == 0 {
		s.Version = 1
	}
	return w.insert("add a member of staff", addStaff, s.ID, s.Email, s.Name, string(s.Role), s.PartnerID, s.PasswordHash, s.Disabled, s.Demo,
		stamp{&s.CreatedAt}, s.Version, optionalStamp{&s.EndsAt})
}

// UpdateStaff stores an edit of the version s.Version, which it then counts up. fault.Conflict if that is not the stored version or the
// e-mail address is taken.
func (w *writer) UpdateStaff(s *consult.Staff) error {
	const what = "update a member of staff"
	var taken int
	if err := w.row(emailTaken, []any{&taken}, s.Email, s.ID); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if taken > 0 {
		return fmt.Errorf("%s: %w", what, exists())
	}
	n, err := w.exec(updateStaff, s.ID, s.Version, s.Email, s.Name, string(s.Role), s.PartnerID, s.PasswordHash, s.Disabled, s.Demo)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.StaffMember(s.ID)
		return orOutOfDate(what, err)
	}
	s.Version++
	return nil
}

var (
	invitation    = sqlText(`select token_hash, staff_id, expires_at, used from invitation where token_hash = $1`)
	putInvitation = sqlText(`
insert into invitation (token_hash, staff_id, expires_at, used)
values ($1, $2, $3, $4)
on conflict (token_hash) do update set staff_id = excluded.staff_id, expires_at = excluded.expires_at, used = excluded.used`)
	signInAttempt    = sqlText(`select key, failures, last_at, blocked_to from sign_in_attempt where key = $1`)
	putSignInAttempt = sqlText(`
insert into sign_in_attempt (key, failures, last_at, blocked_to)
values ($1, $2, $3, $4)
on conflict (key) do update set failures = excluded.failures, last_at = excluded.last_at, blocked_to = excluded.blocked_to`)
	endInvitations = sqlText(`delete from invitation where staff_id = $1 and not used`)
	endSessions    = sqlText(`delete from session where staff_id = $1 and staff_id <> ''`)
)

// Invitation returns the invitation with the hash of its token, used and expired ones too.
func (r *reader) Invitation(tokenHash string) (*consult.Invitation, error) {
	return one(r.txn, "read an invitation", func(row scanner) (*consult.Invitation, error) {
		var i consult.Invitation
		return &i, row.Scan(&i.TokenHash, &i.StaffID, stamp{&i.ExpiresAt}, &i.Used)
	}, invitation, tokenHash)
}

// PutInvitation adds or replaces an invitation.
func (w *writer) PutInvitation(i *consult.Invitation) error {
	return w.insert("store an invitation", putInvitation, i.TokenHash, i.StaffID, stamp{&i.ExpiresAt}, i.Used)
}

// SignInAttempt returns the count of failures under the key, or the zero value with that key.
func (r *reader) SignInAttempt(key string) (*consult.SignInAttempt, error) {
	found, err := one(r.txn, "read sign-in attempts", func(row scanner) (*consult.SignInAttempt, error) {
		var a consult.SignInAttempt
		return &a, row.Scan(&a.Key, &a.Failures, optionalStamp{&a.LastAt}, optionalStamp{&a.BlockedTo})
	}, signInAttempt, key)
	if fault.Is(err, fault.NotFound) {
		return &consult.SignInAttempt{Key: key}, nil
	}
	return found, err
}

// PutSignInAttempt stores the count of failures.
func (w *writer) PutSignInAttempt(a *consult.SignInAttempt) error {
	return w.insert("store sign-in attempts", putSignInAttempt, a.Key, a.Failures, optionalStamp{&a.LastAt}, optionalStamp{&a.BlockedTo})
}

// EndSessions erases all sessions of the person.
func (w *writer) EndSessions(staffID string) error {
	if _, err := w.exec(endSessions, staffID); err != nil {
		return fmt.Errorf("end the sessions of a member of staff: %w", err)
	}
	return nil
}

// EndInvitations erases all unused invitations of the person; with "" those of the first administrator.
func (w *writer) EndInvitations(staffID string) error {
	if _, err := w.exec(endInvitations, staffID); err != nil {
		return fmt.Errorf("end the invitations of a member of staff: %w", err)
	}
	return nil
}
