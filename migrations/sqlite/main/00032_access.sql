-- +goose Up

-- What staff accept before they work in the office (councils.md S2-5). A text is never changed: what somebody accepted can be read later.
create table confidentiality (
	number integer not null primary key, -- from 1
	text text not null, -- locale.Text as JSON
	own integer not null check (own in (0, 1)), -- the council's own words, not the standard ones
	hash text not null,
	at text not null
) strict, without rowid;

create table acknowledgement (
	staff_id text not null references staff (id),
	number integer not null references confidentiality (number),
	at text not null,
	primary key (staff_id, number)
) strict, without rowid;

-- +goose StatementBegin
create trigger confidentiality_no_update before update on confidentiality
begin
	select raise(abort, 'append-only: confidentiality');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger confidentiality_no_delete before delete on confidentiality
begin
	select raise(abort, 'append-only: confidentiality');
end;
-- +goose StatementEnd

-- Or "insert or replace" would put one text in the place of another.
-- +goose StatementBegin
create trigger confidentiality_next before insert on confidentiality
when new.number is not (select coalesce(max(number), 0) + 1 from confidentiality)
begin
	select raise(abort, 'append-only: confidentiality');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger acknowledgement_no_update before update on acknowledgement
begin
	select raise(abort, 'append-only: acknowledgement');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger acknowledgement_no_delete before delete on acknowledgement
begin
	select raise(abort, 'append-only: acknowledgement');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger acknowledgement_once before insert on acknowledgement
when exists (select 1 from acknowledgement where staff_id = new.staff_id and number = new.number)
begin
	select raise(abort, 'append-only: acknowledgement');
end;
-- +goose StatementEnd

-- Reviews of who may still come in (councils.md S0-15). Only the newest is ever changed, until it is finished.
create table access_review (
	number integer not null primary key, -- from 1
	document text not null, -- consult.AccessReview as JSON
	version integer not null
) strict, without rowid;

-- Accounts that end by themselves, and why they were opened (councils.md S4-13). Null: an account without an end.
alter table staff add column ends_at text;

create table support_access (
	staff_id text not null primary key references staff (id),
	opened_at text not null,
	document text not null, -- consult.SupportAccess as JSON
	version integer not null
) strict, without rowid;
