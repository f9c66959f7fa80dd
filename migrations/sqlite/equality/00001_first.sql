-- +goose Up

-- Equality answers, sealed. The token cannot be joined to a response by SQL, and no row tells when it came.
create table profile (
	consultation_id text not null,
	token text not null unique,
	sealed blob not null,
	consent_record text not null,
	primary key (consultation_id, token)
) strict, without rowid;
