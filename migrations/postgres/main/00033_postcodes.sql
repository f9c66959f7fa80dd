-- +goose Up

-- Kept postcodes of a response, sealed under a key of their own in the key store ('<response_id>.postcode'), so that they can be erased while the ward and the free
-- text stay (councils.md S0-2). Null: stored before they lay apart, so one may be in the free text: the program moves it later. Empty: there is none, or no longer.
alter table response add column postcodes bytea;
