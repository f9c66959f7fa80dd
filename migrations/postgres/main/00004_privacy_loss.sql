-- +goose Up

-- What releases with noise have cost the people of a survey (disclosure.md 3.5). Written in the transaction that publishes.
create table privacy_loss (
	consultation_id text not null references consultation (id),
	sequence bigint not null,
	release_id text not null unique references release (id),
	entry text not null, -- period, snapshot, variance, and cost as exact fractions, as JSON
	primary key (consultation_id, sequence)
);

create trigger privacy_loss_no_change before update or delete on privacy_loss
	for each row execute function refuse_change();
create trigger privacy_loss_no_truncate before truncate on privacy_loss
	for each statement execute function refuse_change();
