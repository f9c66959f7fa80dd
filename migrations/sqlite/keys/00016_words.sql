-- +goose Up

-- Tags by which the words of a sealed text are found without opening it (internal/seal/word.go). They lie beside the key of the text, so that they go with
-- it: whatever destroys the key destroys them, and copies of this store are under the key of the backups. Null means not made yet; empty, no text.
alter table record_key add column words text;

create index record_key_unread on record_key (record_id) where words is null;
