-- +goose Up

-- Certificates of disposal (privacy.md 10.3): counts, never values; append-only, each chained to the one before.
create table retention_certificate (
	sequence integer primary key,
	id text not null unique,
	document text not null, -- privacy.Certificate as JSON
	prev_hash text not null,
	hash text not null
) strict;

-- +goose StatementBegin
create trigger retention_certificate_no_update before update on retention_certificate
begin
	select raise(abort, 'append-only: retention_certificate');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger retention_certificate_no_delete before delete on retention_certificate
begin
	select raise(abort, 'append-only: retention_certificate');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger retention_certificate_next before insert on retention_certificate
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from retention_certificate)
	or exists (select 1 from retention_certificate where id = new.id)
begin
	select raise(abort, 'append-only: retention_certificate');
end;
-- +goose StatementEnd
