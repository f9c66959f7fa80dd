-- +goose Up

-- Changes of what a published consultation does with answers: proposed by one person, confirmed by another (councils.md S0-19). What a confirmed one
-- says is frozen: which version of the notice holds for a person follows from it.
create table notice_change (
	id text not null primary key,
	consultation_id text not null references consultation (id),
	state text not null,
	from_version integer not null, -- of the notice, in force before
	to_version integer not null,   -- that it became; 0 until it is confirmed
	frozen text not null,          -- the processing before and after, the note and what was judged, as JSON
	progress text not null,        -- who did what when, and until when people are asked, as JSON
	version integer not null
) strict;

-- One change at a time.
create unique index notice_change_open on notice_change (consultation_id) where state <> 'confirmed';
create unique index notice_change_version on notice_change (consultation_id, to_version) where state = 'confirmed';

-- +goose StatementBegin
create trigger notice_change_frozen before update on notice_change
when old.state = 'confirmed'
	and (new.frozen is not old.frozen or new.state is not old.state or new.from_version is not old.from_version
		or new.to_version is not old.to_version or new.consultation_id is not old.consultation_id)
begin
	select raise(abort, 'append-only: notice_change');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger notice_change_no_delete before delete on notice_change
when old.state = 'confirmed'
begin
	select raise(abort, 'append-only: notice_change');
end;
-- +goose StatementEnd
