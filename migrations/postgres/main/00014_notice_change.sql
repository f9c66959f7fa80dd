-- +goose Up

-- Changes of what a published consultation does with answers: proposed by one person, confirmed by another (councils.md S0-19). What a confirmed one
-- says is frozen: which version of the notice holds for a person follows from it.
create table notice_change (
	id text not null primary key,
	consultation_id text not null references consultation (id),
	state text not null,
	from_version bigint not null, -- of the notice, in force before
	to_version bigint not null,   -- that it became; 0 until it is confirmed
	frozen text not null,         -- the processing before and after, the note and what was judged, as JSON
	progress text not null,       -- who did what when, and until when people are asked, as JSON
	version bigint not null
);

-- One change at a time.
create unique index notice_change_open on notice_change (consultation_id) where state <> 'confirmed';
create unique index notice_change_version on notice_change (consultation_id, to_version) where state = 'confirmed';

-- +goose StatementBegin
create function refuse_notice_change() returns trigger language plpgsql as $$
begin
	if tg_op = 'DELETE' or new.frozen <> old.frozen or new.state <> old.state or new.from_version <> old.from_version
		or new.to_version <> old.to_version or new.consultation_id <> old.consultation_id then
		raise exception 'append-only: notice_change' using errcode = 'FM001';
	end if;
	return new;
end;
$$;
-- +goose StatementEnd

create trigger notice_change_frozen before update or delete on notice_change
	for each row when (old.state = 'confirmed') execute function refuse_notice_change();
