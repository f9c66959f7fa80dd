-- +goose Up

-- What releases with noise have cost the people of a survey (disclosure.md 3.5). Written in the transaction that publishes.
create table privacy_loss (
	consultation_id text not null references consultation (id),
	sequence integer not null,
	release_id text not null unique references release (id),
	entry text not null, -- period, snapshot, variance, and cost as exact fractions, as JSON
	primary key (consultation_id, sequence)
) strict;

-- +goose StatementBegin
create trigger privacy_loss_no_update before update on privacy_loss
begin
	select raise(abort, 'append-only: privacy_loss');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger privacy_loss_no_delete before delete on privacy_loss
begin
	select raise(abort, 'append-only: privacy_loss');
end;
-- +goose StatementEnd

-- Or "insert or replace" would put a line in the place of another.
-- +goose StatementBegin
create trigger privacy_loss_next before insert on privacy_loss
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from privacy_loss where consultation_id = new.consultation_id)
	or exists (select 1 from privacy_loss where release_id = new.release_id)
begin
	select raise(abort, 'append-only: privacy_loss');
end;
-- +goose StatementEnd
