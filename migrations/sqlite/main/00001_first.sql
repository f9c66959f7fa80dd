-- +goose Up

-- Ids are made in Go. Ids of responses are random and the table has no rowid: nothing tells the order in which
-- responses came (security.md T7). Times are text, UTC, whole seconds.

create table setting (
	name text not null primary key,
	value blob not null,
	version integer not null
) strict, without rowid;

create table survey_source (
	version text not null primary key,
	source blob not null
) strict, without rowid;

create table notice (
	id text not null,
	version integer not null,
	document text not null, -- privacy.NoticeVersion as JSON
	primary key (id, version)
) strict, without rowid;

create table consultation (
	id text not null primary key,
	slug text not null unique,
	state text not null,
	details text not null, -- consult.Details as JSON
	closes_at text,        -- copied from details, for order
	folded text not null,  -- title, summary and department of every language, folded for search
	source blob not null,
	survey_version text not null,
	notice_id text not null,
	notice_version integer not null,
	outcome text not null, -- consult.Outcome as JSON
	created_by text not null,
	created_at text not null,
	published_by text not null,
	published_at text,
	version integer not null
) strict;

create table response (
	consultation_id text not null references consultation (id),
	id text not null,
	coded text not null, -- coded answers, early in the row because they are scanned: see internal/store/coded.go
	token_hash text not null unique, -- one draft, one response (security.md section 1, 9)
	code_hash text not null unique,
	reference text not null,
	survey_version text not null,
	notice_id text not null,
	notice_version integer not null,
	language text not null,
	channel text not null,
	submitted_on text not null check (submitted_on glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'), -- a date: never a time of day
	free_text blob,      -- sealed
	primary key (consultation_id, id)
) strict, without rowid;

create table consent_statement (
	hash text not null primary key,
	statement text not null
) strict, without rowid;

create table consent_event (
	sequence integer primary key,
	id text not null unique,
	record_id text not null,
	principal text not null,
	consultation_id text not null,
	purpose_id text not null,
	state text not null,
	at text not null,
	valid_until text,
	channel text not null,
	actor text not null,
	language text not null,
	notice_id text not null,
	notice_version integer not null,
	statement_hash text not null references consent_statement (hash),
	option_label text not null,
	survey_version text not null,
	prev_hash text not null,
	hash text not null
) strict;

create index consent_event_principal on consent_event (principal, sequence);
create index consent_event_consultation on consent_event (consultation_id, sequence);

create table audit_event (
	sequence integer primary key,
	at text not null,
	actor_kind text not null,
	actor_id text not null,
	action text not null,
	object text not null,
	detail text not null, -- map of strings as JSON
	prev_hash text not null,
	hash text not null
) strict;

create index audit_event_object on audit_event (object, sequence);
create index audit_event_actor on audit_event (actor_id, sequence) where actor_id <> '';

create table staff (
	id text not null primary key,
	email text not null unique,
	name text not null,
	role text not null,
	partner_id text not null,
	password_hash text not null,
	disabled integer not null check (disabled in (0, 1)),
	demo integer not null check (demo in (0, 1)),
	created_at text not null,
	version integer not null
) strict;

create table invitation (
	token_hash text not null primary key,
	staff_id text not null,
	expires_at text not null,
	used integer not null check (used in (0, 1))
) strict, without rowid;

create table sign_in_attempt (
	key text not null primary key,
	failures integer not null,
	last_at text,
	blocked_to text
) strict, without rowid;

create table session (
	id_hash text not null primary key,
	kind text not null,
	staff_id text not null,
	data blob not null, -- sealed
	created_at text not null,
	seen_at text not null,
	expires_at text not null
) strict, without rowid;

create index session_staff on session (staff_id) where staff_id <> '';
create index session_expires on session (expires_at);

create table partner (
	id text not null primary key,
	name text not null,
	kind text not null,
	created_at text not null
) strict;

create table agreement (
	id text not null primary key,
	partner_id text not null references partner (id),
	purpose text not null,
	promises text not null,
	contact_name text not null,
	contact_email text not null,
	starts_on text not null,
	expires_at text not null,
	created_by text not null,
	created_at text not null,
	version integer not null
) strict;

create table release (
	consultation_id text not null references consultation (id),
	id text not null unique,
	agreement_id text not null references agreement (id),
	state text not null,
	frozen text not null,   -- what is fixed by publication, as JSON: snapshot, tables, policy, title
	progress text not null, -- who proposed, approved, returned or revoked it and when, as JSON
	sha256 text not null,
	snapshot_at text not null,
	version integer not null,
	primary key (consultation_id, id)
) strict;

create index release_agreement on release (agreement_id);

-- The ledgers are append-only: the database refuses what the program never does.

-- +goose StatementBegin
create trigger consent_event_no_update before update on consent_event
begin
	select raise(abort, 'append-only: consent_event');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger consent_event_no_delete before delete on consent_event
begin
	select raise(abort, 'append-only: consent_event');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger consent_event_next before insert on consent_event
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from consent_event)
begin
	select raise(abort, 'append-only: consent_event');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger consent_statement_no_update before update on consent_statement
begin
	select raise(abort, 'append-only: consent_statement');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger consent_statement_no_delete before delete on consent_statement
begin
	select raise(abort, 'append-only: consent_statement');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_event_no_update before update on audit_event
begin
	select raise(abort, 'append-only: audit_event');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_event_no_delete before delete on audit_event
begin
	select raise(abort, 'append-only: audit_event');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_event_next before insert on audit_event
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from audit_event)
begin
	select raise(abort, 'append-only: audit_event');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger release_frozen before update on release
when old.state in ('published', 'revoked')
	and (new.frozen is not old.frozen or new.sha256 is not old.sha256 or new.snapshot_at is not old.snapshot_at
		or new.agreement_id is not old.agreement_id or new.state not in ('published', 'revoked'))
begin
	select raise(abort, 'append-only: release');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger survey_source_no_update before update on survey_source
begin
	select raise(abort, 'append-only: survey_source');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger notice_no_update before update on notice
begin
	select raise(abort, 'append-only: notice');
end;
-- +goose StatementEnd
