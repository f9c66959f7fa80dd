-- +goose Up

-- The registers of the data protection officer: requests and complaints, breaches (privacy.md 5 and 7). What is said about people is sealed under a
-- key of its own for each entry; only what lists are ordered by lies open.
create table register_entry (
	id text not null primary key,
	register text not null,
	number bigint not null,
	opened_at text not null,
	due_on text, -- yyyy-mm-dd, Europe/London
	ended boolean not null,
	sealed bytea not null,
	version bigint not null,
	unique (register, number)
);

create index register_entry_open on register_entry (register, ended, due_on);

-- The last number of each register: a number is never used again, also when its entry has been disposed of.
create table register_number (
	register text not null primary key,
	last bigint not null
);
