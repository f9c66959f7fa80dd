-- +goose Up

-- Each entry of a history is sealed under a key of its own, whose name no other attempt to correct the response uses: response_id, '.history.' and a random end.
-- What was sealed before shares the key '<response_id>.history'.
alter table response_history add column key_id text collate "C" not null default '';

update response_history set key_id = response_id || '.history';
