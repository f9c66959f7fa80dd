-- +goose Up

-- What vouches for the audit log and the consent ledger beside their chains (docs/audit.md). log is 'audit' or 'consent'.

-- Whole blocks of 256 entries of a log's Merkle tree.
create table log_block (
	log text collate "C" not null,
	number bigint not null, -- from 0
	hash bytea not null check (length(hash) = 32),
	primary key (log, number)
);

-- Signed heads of the tree.
create table log_checkpoint (
	log text collate "C" not null,
	size bigint not null, -- entries
	public boolean not null, -- may be shown to everybody
	made_at text collate "C" not null,
	note text collate "C" not null, -- signed
	primary key (log, size)
);

create index log_checkpoint_public on log_checkpoint (log, size) where public;

-- What the last verification found, for every instance; sealed, so that nobody writes "all is well" from outside.
create table log_state (
	log text collate "C" not null primary key,
	sealed bytea not null,
	version bigint not null
);

create trigger log_block_no_change before update or delete on log_block
	for each row execute function refuse_change();
create trigger log_block_no_truncate before truncate on log_block
	for each statement execute function refuse_change();
create trigger log_checkpoint_no_change before update or delete on log_checkpoint
	for each row execute function refuse_change();
create trigger log_checkpoint_no_truncate before truncate on log_checkpoint
	for each statement execute function refuse_change();
