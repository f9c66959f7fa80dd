-- +goose Up

-- How a response came that nobody sent on the website (privacy.md 3.5, capture): who recorded it, which form or script, where the signed form lies. Sealed,
-- because a reference in the council's document system leads to a signed form; it goes with the response. Rows lie by a random id, in no order of arrival.
create table response_capture (
	consultation_id text not null,
	response_id text not null,
	scan_token text not null, -- keyed hash of the reference, to find a form that was entered before; empty for none
	sealed blob not null,
	primary key (consultation_id, response_id),
	foreign key (consultation_id, response_id) references response (consultation_id, id) on delete cascade
) strict, without rowid;

create index response_capture_scan on response_capture (scan_token) where scan_token <> '';

-- Every version of a paper form or script that was issued: what people were told, word for word. Never changed and never erased.
create table issued_form (
	code text not null primary key,
	consultation_id text not null,
	content text not null, -- privacy.IssuedForm as JSON; its digest is in it
	issued_at text not null
) strict, without rowid;

create index issued_form_consultation on issued_form (consultation_id, code);

-- +goose StatementBegin
create trigger issued_form_no_update before update on issued_form
begin
	select raise(abort, 'append-only: issued_form');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger issued_form_no_delete before delete on issued_form
begin
	select raise(abort, 'append-only: issued_form');
end;
-- +goose StatementEnd

-- "insert or replace" would erase the old row without asking the trigger before delete.
-- +goose StatementBegin
create trigger issued_form_no_replace before insert on issued_form
when exists (select 1 from issued_form where code = new.code)
begin
	select raise(abort, 'append-only: issued_form');
end;
-- +goose StatementEnd
