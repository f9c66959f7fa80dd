-- +goose Up

-- Where the audit log and the consent ledger ended when they were last verified, signed, apart from the database that holds them
-- (docs/decisions/0045-anchors.md). log is 'audit' or 'consent'.
create table log_anchor (
	log text collate "C" not null primary key,
	note text collate "C" not null -- signed
);
