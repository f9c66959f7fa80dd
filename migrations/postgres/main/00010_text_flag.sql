-- +goose Up

-- Which free texts of a response seem to hold somebody's personal details, and what the data protection officer decided. Both lie in the row of
-- the response, so that they go with it. A response without flags (null) was stored before there were any: the program looks through it later.
alter table response add column text_flags text; -- kinds and states by question, coded as answers are: internal/store/flag.go
alter table response add column text_reviews bytea; -- sealed

-- Few responses are in either, and neither tells the order in which responses came: ids are random.
create index response_flagged on response (consultation_id, id) where text_flags <> '';
create index response_unscanned on response (consultation_id, id) where text_flags is null;
