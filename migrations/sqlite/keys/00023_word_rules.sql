-- +goose Up

-- By which rules the tags of words were made (consult.WordRules). Tags of older rules still find what they found; housekeeping makes them anew.
alter table record_key add column rules integer not null default 1;

drop index record_key_unread;

create index record_key_unread on record_key (record_id) where words is null or (words <> '' and rules < 2);
