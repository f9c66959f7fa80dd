-- +goose Up

-- People know the reference of their response: it stands on their receipt.
create index response_reference on response (reference);
