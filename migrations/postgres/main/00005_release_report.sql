-- +goose Up

-- The internal part of the disclosure report of a release: signed, and sealed because it counts figures by rule.
create table release_report (
	release_id text primary key references release (id),
	sealed bytea not null
);

-- +goose StatementBegin
create function refuse_report_change() returns trigger language plpgsql as $$
begin
	if (select state from release where id = old.release_id) in ('published', 'revoked') then
		raise exception 'append-only: release_report' using errcode = 'FM001';
	end if;
	if tg_op = 'DELETE' then
		return old;
	end if;
	return new;
end;
$$;
-- +goose StatementEnd

create trigger release_report_frozen before update or delete on release_report
	for each row execute function refuse_report_change();
