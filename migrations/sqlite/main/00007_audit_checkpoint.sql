-- +goose Up

-- What vouches for the audit log and the consent ledger beside their chains (docs/audit.md). log is 'audit' or 'consent'.

-- Whole blocks of 256 entries of a log's Merkle tree.
create table log_block (
	log text not null,
	number integer not null, -- from 0
	hash blob not null check (length(hash) = 32),
	primary key (log, number)
) strict, without rowid;

-- Signed heads of the tree.
create table log_checkpoint (
	log text not null,
	size integer not null, -- entries
	public integer not null check (public in (0, 1)), -- may be shown to everybody
	made_at text not null,
	note text not null, -- signed
	primary key (log, size)
) strict, without rowid;

create index log_checkpoint_public on log_checkpoint (log, size) where public;

-- What the last verification found, for every instance; sealed, so that nobody writes "all is well" from outside.
create table log_state (
	log text not null primary key,
	sealed blob not null,
	version integer not null
) strict, without rowid;

-- +goose StatementBegin
create trigger log_block_no_update before update on log_block
begin
	select raise(abort, 'append-only: log_block');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_block_no_delete before delete on log_block
begin
	select raise(abort, 'append-only: log_block');
end;
-- +goose StatementEnd

-- Or "insert or replace" would put a block in the place of another.
-- +goose StatementBegin
create trigger log_block_next before insert on log_block
when new.number is not (select coalesce(max(number), -1) + 1 from log_block where log = new.log)
begin
	select raise(abort, 'append-only: log_block');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_checkpoint_no_update before update on log_checkpoint
begin
	select raise(abort, 'append-only: log_checkpoint');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_checkpoint_no_delete before delete on log_checkpoint
begin
	select raise(abort, 'append-only: log_checkpoint');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_checkpoint_next before insert on log_checkpoint
when new.size <= (select coalesce(max(size), 0) from log_checkpoint where log = new.log)
begin
	select raise(abort, 'append-only: log_checkpoint');
end;
-- +goose StatementEnd
