-- +goose Up

-- Wrapped record keys, apart from the data: destroying one reaches every copy of what it sealed.
create table record_key (
	record_id text collate "C" not null primary key,
	wrapped bytea not null
);
