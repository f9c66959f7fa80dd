-- +goose Up

-- What proves a consent that was spoken or written on paper, why one ended without its person, and which record another takes the place of
-- (privacy.md 3.5). Events from before have none of it, and their hashes cover none of it: internal/privacy/ledger.go.
alter table consent_event add column giver text not null default '';
alter table consent_event add column relation text not null default '';
alter table consent_event add column form text not null default ''; -- id and version of the paper form or of the script
alter table consent_event add column scan text not null default ''; -- reference in the council's own document system
alter table consent_event add column given_on text not null default ''; -- yyyy-mm-dd, Europe/London
alter table consent_event add column recorder_role text not null default '';
alter table consent_event add column reason text not null default '';
alter table consent_event add column supersedes text not null default ''; -- a consent record
