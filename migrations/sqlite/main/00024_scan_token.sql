-- +goose Up

-- The reference of the scan of a paper consent as a keyed hash: the ledger is kept for good, and the reference leads to a signed form with a name. Events from
-- before have the reference itself, which their hashes cover (docs/decisions/0041-spoken-and-paper.md).
alter table consent_event add column scan_token text not null default '';

create index consent_event_scan_token on consent_event (scan_token) where scan_token <> '';
create index consent_event_scan on consent_event (scan) where scan <> '';
