-- +goose Up

-- The proof that what a release hides stays uncertain. It holds true counts, so it is sealed.
create table release_certificate (
	release_id text primary key references release (id),
	sealed bytea not null
);
