-- +goose Up

-- Screenings for a data protection impact assessment (UK GDPR art. 35): what was answered about a consultation, on which facts, and what the data
-- protection officer decided. A new answer or a decision is a new row; rows go with a draft that is erased, and never otherwise.
create table screening (
	consultation_id text not null,
	sequence integer not null, -- of the consultation, from 1
	document text not null, -- privacy.Screening as JSON
	primary key (consultation_id, sequence)
) strict, without rowid;

-- +goose StatementBegin
create trigger screening_no_update before update on screening
begin
	select raise(abort, 'append-only: screening');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger screening_no_delete before delete on screening
when exists (select 1 from consultation where id = old.consultation_id)
begin
	select raise(abort, 'append-only: screening');
end;
-- +goose StatementEnd

-- Or "insert or replace" would put one answer in the place of another.
-- +goose StatementBegin
create trigger screening_next before insert on screening
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from screening where consultation_id = new.consultation_id)
begin
	select raise(abort, 'append-only: screening');
end;
-- +goose StatementEnd

-- Monthly snapshots of the record of processing (UK GDPR art. 30(1)), made from the settings as they were. Never changed.
create table processing_snapshot (
	month text not null primary key, -- yyyy-mm, Europe/London
	document text not null, -- privacy.ProcessingRecord as JSON
	hash text not null
) strict, without rowid;

-- +goose StatementBegin
create trigger processing_snapshot_no_update before update on processing_snapshot
begin
	select raise(abort, 'append-only: processing_snapshot');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger processing_snapshot_no_delete before delete on processing_snapshot
begin
	select raise(abort, 'append-only: processing_snapshot');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger processing_snapshot_next before insert on processing_snapshot
when new.month <= (select coalesce(max(month), '') from processing_snapshot)
begin
	select raise(abort, 'append-only: processing_snapshot');
end;
-- +goose StatementEnd
