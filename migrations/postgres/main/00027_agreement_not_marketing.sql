-- +goose Up

-- Whether the partner has promised that figures are not used for marketing, not sold and not rented (councils.md S3-14). Agreements from before say nothing of it: not asserted yet.
alter table agreement add column not_marketing boolean not null default false;
