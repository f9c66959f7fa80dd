-- +goose Up

-- What staff accept before they work in the office (councils.md S2-5). A text is never changed: what somebody accepted can be read later.
create table confidentiality (
	number bigint not null primary key, -- from 1
	text text not null, -- locale.Text as JSON
	own boolean not null, -- the council's own words, not the standard ones
	hash text collate "C" not null,
	at text collate "C" not null
);

create table acknowledgement (
	staff_id text collate "C" not null references staff (id),
	number bigint not null references confidentiality (number),
	at text collate "C" not null,
	primary key (staff_id, number)
);

create trigger confidentiality_no_change before update or delete on confidentiality
	for each row execute function refuse_change();
create trigger confidentiality_no_truncate before truncate on confidentiality
	for each statement execute function refuse_change();
create trigger acknowledgement_no_change before update or delete on acknowledgement
	for each row execute function refuse_change();
create trigger acknowledgement_no_truncate before truncate on acknowledgement
	for each statement execute function refuse_change();

-- Reviews of who may still come in (councils.md S0-15). Only the newest is ever changed, until it is finished.
create table access_review (
	number bigint not null primary key, -- from 1
	document text not null, -- consult.AccessReview as JSON
	version bigint not null
);

-- Accounts that end by themselves, and why they were opened (councils.md S4-13). Null: an account without an end.
alter table staff add column ends_at text collate "C";

create table support_access (
	staff_id text collate "C" not null primary key references staff (id),
	opened_at text collate "C" not null,
	document text not null, -- consult.SupportAccess as JSON
	version bigint not null
);
