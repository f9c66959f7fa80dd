-- +goose Up

-- The internal part of the disclosure report of a release: signed, and sealed because it counts figures by rule.
create table release_report (
	release_id text primary key references release (id),
	sealed blob not null
) strict, without rowid;

-- +goose StatementBegin
create trigger release_report_frozen before update on release_report
when (select state from release where id = old.release_id) in ('published', 'revoked')
begin
	select raise(abort, 'append-only: release_report');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger release_report_kept before delete on release_report
when (select state from release where id = old.release_id) in ('published', 'revoked')
begin
	select raise(abort, 'append-only: release_report');
end;
-- +goose StatementEnd
