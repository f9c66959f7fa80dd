-- +goose Up

-- Ids are made in Go. Ids of responses are random. Times are text, UTC, whole seconds, compared byte by byte.
-- Names are unqualified: the search path of the connection names the schema.

create table setting (
	name text collate "C" not null primary key,
	value bytea not null,
	version bigint not null
);

create table survey_source (
	version text collate "C" not null primary key,
	source bytea not null
);

create table notice (
	id text collate "C" not null,
	version bigint not null,
	document text collate "C" not null, -- privacy.NoticeVersion as JSON
	primary key (id, version)
);

create table consultation (
	id text collate "C" not null primary key,
	slug text collate "C" not null unique,
	state text collate "C" not null,
	details text collate "C" not null, -- consult.Details as JSON
	closes_at text collate "C", -- copied from details, for order
	folded text collate "C" not null, -- title, summary and department of every language, folded for search
	source bytea not null,
	survey_version text collate "C" not null,
	notice_id text collate "C" not null,
	notice_version bigint not null,
	outcome text collate "C" not null, -- consult.Outcome as JSON
	created_by text collate "C" not null,
	created_at text collate "C" not null,
	published_by text collate "C" not null,
	published_at text collate "C",
	version bigint not null
);

create table response (
	consultation_id text collate "C" not null references consultation (id),
	id text collate "C" not null,
	coded text collate "C" not null, -- coded answers, early in the row because they are scanned: see internal/store/coded.go
	token_hash text collate "C" not null unique, -- one draft, one response (security.md section 1, 9)
	code_hash text collate "C" not null unique,
	reference text collate "C" not null,
	survey_version text collate "C" not null,
	notice_id text collate "C" not null,
	notice_version bigint not null,
	language text collate "C" not null,
	channel text collate "C" not null,
	submitted_on text collate "C" not null check (submitted_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'), -- a date: never a time of day
	free_text bytea, -- sealed
	primary key (consultation_id, id)
);

create table consent_statement (
	hash text collate "C" not null primary key,
	statement text collate "C" not null
);

create table consent_event (
	sequence bigint not null primary key,
	id text collate "C" not null unique,
	record_id text collate "C" not null,
	principal text collate "C" not null,
	consultation_id text collate "C" not null,
	purpose_id text collate "C" not null,
	state text collate "C" not null,
	at text collate "C" not null,
	valid_until text collate "C",
	channel text collate "C" not null,
	actor text collate "C" not null,
	language text collate "C" not null,
	notice_id text collate "C" not null,
	notice_version bigint not null,
	statement_hash text collate "C" not null references consent_statement (hash),
	option_label text collate "C" not null,
	survey_version text collate "C" not null,
	prev_hash text collate "C" not null,
	hash text collate "C" not null
);

create index consent_event_principal on consent_event (principal, sequence);
create index consent_event_consultation on consent_event (consultation_id, sequence);

create table audit_event (
	sequence bigint not null primary key,
	at text collate "C" not null,
	actor_kind text collate "C" not null,
	actor_id text collate "C" not null,
	action text collate "C" not null,
	object text collate "C" not null,
	detail text collate "C" not null, -- map of strings as JSON
	prev_hash text collate "C" not null,
	hash text collate "C" not null
);

create index audit_event_object on audit_event (object, sequence);
create index audit_event_actor on audit_event (actor_id, sequence) where actor_id <> '';

create table staff (
	id text collate "C" not null primary key,
	email text collate "C" not null unique,
	name text collate "C" not null,
	role text collate "C" not null,
	partner_id text collate "C" not null,
	password_hash text collate "C" not null,
	disabled boolean not null,
	demo boolean not null,
	created_at text collate "C" not null,
	version bigint not null
);

create table invitation (
	token_hash text collate "C" not null primary key,
	staff_id text collate "C" not null,
	expires_at text collate "C" not null,
	used boolean not null
);

create table sign_in_attempt (
	key text collate "C" not null primary key,
	failures bigint not null,
	last_at text collate "C",
	blocked_to text collate "C"
);

create table session (
	id_hash text collate "C" not null primary key,
	kind text collate "C" not null,
	staff_id text collate "C" not null,
	data bytea not null, -- sealed
	created_at text collate "C" not null,
	seen_at text collate "C" not null,
	expires_at text collate "C" not null
);

create index session_staff on session (staff_id) where staff_id <> '';
create index session_expires on session (expires_at);

create table partner (
	id text collate "C" not null primary key,
	name text collate "C" not null,
	kind text collate "C" not null,
	created_at text collate "C" not null
);

create table agreement (
	id text collate "C" not null primary key,
	partner_id text collate "C" not null references partner (id),
	purpose text collate "C" not null,
	promises text collate "C" not null,
	contact_name text collate "C" not null,
	contact_email text collate "C" not null,
	starts_on text collate "C" not null,
	expires_at text collate "C" not null,
	created_by text collate "C" not null,
	created_at text collate "C" not null,
	version bigint not null
);

create table release (
	consultation_id text collate "C" not null references consultation (id),
	id text collate "C" not null unique,
	agreement_id text collate "C" not null references agreement (id),
	state text collate "C" not null,
	frozen text collate "C" not null, -- what is fixed by publication, as JSON: snapshot, tables, policy, title
	progress text collate "C" not null, -- who proposed, approved, returned or revoked it and when, as JSON
	sha256 text not null,
	snapshot_at text collate "C" not null,
	version bigint not null,
	primary key (consultation_id, id)
);

create index release_agreement on release (agreement_id);

-- The ledgers are append-only: the database refuses what the program never does. The SQLSTATE FM001 is ours.

-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception 'append-only: %', tg_table_name using errcode = 'FM001';
end;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function refuse_thaw() returns trigger language plpgsql as $$
begin
	if new.frozen <> old.frozen or new.sha256 <> old.sha256 or new.snapshot_at <> old.snapshot_at
		or new.agreement_id <> old.agreement_id or new.state not in ('published', 'revoked') then
		raise exception 'append-only: release' using errcode = 'FM001';
	end if;
	return new;
end;
$$;
-- +goose StatementEnd

create trigger consent_event_no_change before update or delete on consent_event
	for each row execute function refuse_change();
create trigger consent_event_no_truncate before truncate on consent_event
	for each statement execute function refuse_change();
create trigger consent_statement_no_change before update or delete on consent_statement
	for each row execute function refuse_change();
create trigger consent_statement_no_truncate before truncate on consent_statement
	for each statement execute function refuse_change();
create trigger audit_event_no_change before update or delete on audit_event
	for each row execute function refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event
	for each statement execute function refuse_change();
create trigger survey_source_no_change before update on survey_source
	for each row execute function refuse_change();
create trigger notice_no_change before update on notice
	for each row execute function refuse_change();
create trigger release_frozen before update on release
	for each row when (old.state in ('published', 'revoked')) execute function refuse_thaw();

-- Instances that share this database take turns: each locks this table before its batch of writes, so that the chains
-- of the ledgers never fork and no batch has to be run again.
create table writer_turn (
	nothing boolean not null primary key
);
