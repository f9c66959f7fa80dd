-- +goose Up

-- Blocks say nothing that the entries of a log do not: where they were spoiled they are made anew from the entries, after these were verified.
drop trigger log_block_no_update;
drop trigger log_block_no_delete;
