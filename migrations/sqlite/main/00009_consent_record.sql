-- +goose Up

-- A receipt names a consent record: anybody who has a genuine one may ask whether the ledger still holds its entries.
create index consent_event_record on consent_event (consultation_id, record_id, sequence);
