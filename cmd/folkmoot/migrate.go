package main

import (
	"context"
	"fmt"
)

type migrateCommand struct {
	storage
}

// Run brings the schema up to date. It does nothing where there is nothing to do.
func (m migrateCommand) Run(ctx context.Context, s *surroundings) error {
	db, err := m.open(ctx, true)
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "The schema is up to date.")
	return err
}
