-- +goose Up

-- Certificates of disposal (privacy.md 10.3): counts, never values; append-only, each chained to the one before.
create table retention_certificate (
	sequence bigint not null primary key,
	id text not null unique,
	document text not null, -- privacy.Certificate as JSON
	prev_hash text not null,
	hash text not null
);

create trigger retention_certificate_no_change before update or delete on retention_certificate
	for each row execute function refuse_change();
create trigger retention_certificate_no_truncate before truncate on retention_certificate
	for each statement execute function refuse_change();
