-- +goose Up

-- Equality answers, sealed. The token cannot be joined to a response by SQL, and no row tells when it came.
create table profile (
	consultation_id text collate "C" not null,
	token text collate "C" not null unique,
	sealed bytea not null,
	consent_record text collate "C" not null,
	primary key (consultation_id, token)
);
