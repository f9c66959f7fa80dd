-- +goose Up

-- Responses that are held and not used while a request of their person is open, or because they asked for it (UK GDPR art. 18).
create table restriction (
	consultation_id text not null,
	response_id text not null,
	entry_id text not null, -- the request of the register that asks for it: each lifts its own
	primary key (consultation_id, response_id, entry_id),
	foreign key (consultation_id, response_id) references response (consultation_id, id) on delete cascade
);
