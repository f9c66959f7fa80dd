-- +goose Up

-- What was erased and does not stand in the list outside the database yet, which is replayed over a restored backup (docs/decisions/0043-backups.md).
create table erasure_pending (
	id text not null primary key,
	sealed bytea not null -- tokens of what was erased, never values
);

-- How far the database knows each such list: a list that goes on further shows that the database is an older copy.
create table erasure_list (
	list text not null primary key,
	entries bigint not null,
	hash text not null -- of the last of them
);
