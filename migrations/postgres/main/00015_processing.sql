-- +goose Up

-- Screenings for a data protection impact assessment (UK GDPR art. 35): what was answered about a consultation, on which facts, and what the data
-- protection officer decided. A new answer or a decision is a new row; rows go with a draft that is erased, and never otherwise.
create table screening (
	consultation_id text not null,
	sequence bigint not null, -- of the consultation, from 1
	document text not null, -- privacy.Screening as JSON
	primary key (consultation_id, sequence)
);

-- +goose StatementBegin
create function keep_screening() returns trigger language plpgsql as $$
begin
	if exists (select 1 from consultation where id = old.consultation_id) then
		raise exception 'append-only: screening';
	end if;
	return old;
end $$;
-- +goose StatementEnd

create trigger screening_no_update before update on screening
	for each row execute function refuse_change();
create trigger screening_no_delete before delete on screening
	for each row execute function keep_screening();
create trigger screening_no_truncate before truncate on screening
	for each statement execute function refuse_change();

-- Monthly snapshots of the record of processing (UK GDPR art. 30(1)), made from the settings as they were. Never changed.
create table processing_snapshot (
	month text not null primary key, -- yyyy-mm, Europe/London
	document text not null, -- privacy.ProcessingRecord as JSON
	hash text not null
);

create trigger processing_snapshot_no_change before update or delete on processing_snapshot
	for each row execute function refuse_change();
create trigger processing_snapshot_no_truncate before truncate on processing_snapshot
	for each statement execute function refuse_change();
