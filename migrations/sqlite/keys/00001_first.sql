-- +goose Up

-- Wrapped record keys, apart from the data: destroying one reaches every copy of what it sealed.
create table record_key (
	record_id text not null primary key,
	wrapped blob not null
) strict, without rowid;
