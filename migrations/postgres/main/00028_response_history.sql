-- +goose Up

-- What stood in a response before the data protection officer corrected it for its person (UK GDPR art. 16; councils.md S0-18): sealed under a key of its own
-- in the key store. It goes with the response, and with its free text.
create table response_history (
	consultation_id text collate "C" not null,
	response_id text collate "C" not null,
	number integer not null, -- from 1
	sealed bytea not null,
	primary key (consultation_id, response_id, number),
	foreign key (consultation_id, response_id) references response (consultation_id, id) on delete cascade
);
