-- +goose Up

-- How a response came that nobody sent on the website (privacy.md 3.5, capture): who recorded it, which form or script, where the signed form lies. Sealed,
-- because a reference in the council's document system leads to a signed form; it goes with the response.
create table response_capture (
	consultation_id text collate "C" not null,
	response_id text collate "C" not null,
	scan_token text collate "C" not null, -- keyed hash of the reference, to find a form that was entered before; empty for none
	sealed bytea not null,
	primary key (consultation_id, response_id),
	foreign key (consultation_id, response_id) references response (consultation_id, id) on delete cascade
);

create index response_capture_scan on response_capture (scan_token) where scan_token <> '';

-- Every version of a paper form or script that was issued: what people were told, word for word. Never changed and never erased.
create table issued_form (
	code text collate "C" not null primary key,
	consultation_id text collate "C" not null,
	content text collate "C" not null, -- privacy.IssuedForm as JSON; its digest is in it
	issued_at text collate "C" not null
);

create index issued_form_consultation on issued_form (consultation_id, code);

create trigger issued_form_no_change before update or delete on issued_form
	for each row execute function refuse_change();
create trigger issued_form_no_truncate before truncate on issued_form
	for each statement execute function refuse_change();
