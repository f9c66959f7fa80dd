-- +goose Up

-- A release that is being made: it may take minutes, so the page that asks for it does not wait. One at a time for each officer and
-- consultation. Nothing here is about respondents.
create table release_job (
	id text not null primary key,
	staff_id text not null,
	consultation_id text not null,
	data text not null, -- JSON: how far it is, and what came of it
	running boolean not null,
	seen_at text not null, -- the last sign of life
	unique (staff_id, consultation_id)
);
