package store

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
)

// equalityStore implements consult.EqualityStore.
type equalityStore struct{ d *database }

const profileColumns = `token, consultation_id, sealed, consent_record`

func readProfile(row scanner) (*consult.EqualityProfile, error) {
	var p consult.EqualityProfile
	return &p, row.Scan(&p.Token, &p.ConsultationID, &p.Sealed, &p.ConsentRecord)
}

var (
	profileByToken = sqlText(`select ` + profileColumns + ` from profile where token = $1`)
	profilePage    = sqlText(`select ` + profileColumns + ` from profile
where consultation_id = $1 and token > $2
order by token
limit $3`)
	everyProfilePage = sqlText(`select ` + profileColumns + ` from profile
where token > $1
order by token
limit $2`)
	putProfile = sqlText(`
insert into profile (consultation_id, token, sealed, consent_record)
values ($1, $2, $3, $4)
on conflict (token) do update set sealed = excluded.sealed, consent_record = excluded.consent_record
where profile.consultation_id = excluded.consultation_id`)
	addProfile = sqlText(`
insert into profile (consultation_id, token, sealed, consent_record)
values ($1, $2, $3, $4)
on conflict (token) do nothing`)
	changeProfile = sqlText(`
update profile set sealed = $3, consent_record = $4
where consultation_id = $1 and token = $2 and sealed = $5`)
	eraseProfile   = sqlText(`delete from profile where token = $1`)
	eraseProfileOf = sqlText(`delete from profile where token = $1 and consent_record = $2`)
	eraseProfiles  = perEngine(
		`delete from profile where token in (select value from json_each($1))`,
		`delete from profile where token in (select json_array_elements_text($1::json))`)
)

// Profile returns the profile with the token.
func (s equalityStore) Profile(ctx context.Context, token string) (p *consult.EqualityProfile, err error) {
	err = s.d.view(ctx, func(t *txn) error {
		p, err = one(t, "read an equality profile", readProfile, profileByToken, token)
		return err
	})
	return p, err
}

// Profiles calls fn for every profile of the consultation in the order of their tokens.
func (s equalityStore) Profiles(ctx context.Context, consultationID string, fn func(*consult.EqualityProfile) error) error {
	return s.d.view(ctx, func(t *txn) error {
		return each(func(last *consult.EqualityProfile) ([]*consult.EqualityProfile, error) {
			return list(t, "read equality profiles", readProfile, profilePage, consultationID, tokenOf(last), pageSize)
		}, fn)
	})
}

// EveryProfile calls fn for every profile of every consultation in the order of their tokens, to find what a crash left.
func (s equalityStore) EveryProfile(ctx context.Context, fn func(*consult.EqualityProfile) error) error {
	return s.d.view(ctx, func(t *txn) error {
		return each(func(last *consult.EqualityProfile) ([]*consult.EqualityProfile, error) {
			return list(t, "read equality profiles", readProfile, everyProfilePage, tokenOf(last), pageSize)
		}, fn)
	})
}

func tokenOf(p *consult.EqualityProfile) string {
	if p == nil {
		return ""
	}
	return p.Token
}

// PutProfile adds or replaces the profile. Its RecordKey is not stored here: it lies in the key store, where it was put before.
// fault.Conflict if the token belongs to another consultation.
func (s equalityStore) PutProfile(ctx context.Context, p *consult.EqualityProfile) error {
	return s.d.submit(ctx, func(t *txn) error {
		return t.insert("store an equality profile", putProfile, p.ConsultationID, p.Token, notNil(p.Sealed), p.ConsentRecord)
	})
}

// ReplaceProfile is PutProfile of a profile that is changed: it returns when no byte of what stood there before is left. fault.Conflict, and nothing
// written, if what stands there is not was; nil is that nothing does.
func (s equalityStore) ReplaceProfile(ctx context.Context, p *consult.EqualityProfile, was []byte) error {
	return s.d.submit(ctx, func(t *txn) error {
		if was == nil {
			return t.insert("add an equality profile", addProfile, p.ConsultationID, p.Token, notNil(p.Sealed), p.ConsentRecord)
		}
		t.erased = true
		return t.insert("replace an equality profile", changeProfile, p.ConsultationID, p.Token, notNil(p.Sealed), p.ConsentRecord, was)
	})
}

// EraseProfile erases the profile and returns when no byte of it is left. Erasing what is not there is no error.
func (s equalityStore) EraseProfile(ctx context.Context, token string) error {
	return s.d.submit(ctx, func(t *txn) error { return t.erase("erase an equality profile", eraseProfile, token) })
}

// EraseProfileOf is EraseProfile of answers that were given under the consent record, and of no others.
func (s equalityStore) EraseProfileOf(ctx context.Context, token, record string) error {
	return s.d.submit(ctx, func(t *txn) error { return t.erase("erase an equality profile", eraseProfileOf, token, record) })
}

// EraseProfiles erases the profiles in one transaction and returns when no byte of them is left.
func (s equalityStore) EraseProfiles(ctx context.Context, tokens []string) error {
	if len(tokens) == 0 {
		return nil
	}
	return s.d.submit(ctx, func(t *txn) error { return t.erase("erase equality profiles", eraseProfiles, document{tokens}) })
}

// erase deletes a record, if it is there, and has its bytes removed after the commit in any case: an earlier erasure may
// have ended in a crash before that.
func (t *txn) erase(what string, s statement, args ...any) error {
	if _, err := t.exec(s, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	t.erased = true
	return nil
}
