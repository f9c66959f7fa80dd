package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/seal"
)

type keysCommand struct {
	storage
	New     bool     `help:"Make a new key: the next backups are sealed under it."`
	Destroy []string `placeholder:"KEY" help:"Destroy these keys before their time. Their backups can then never be read again."`
	Overdue bool     `help:"Destroy the keys whose time is over. The service does so itself, and so does every backup."`
	Apply   bool     `help:"Do it. Without it nothing is changed."`
}

// Run lists the keys of backups and says, or does, what is to be done.
func (c keysCommand) Run(ctx context.Context, s *surroundings) error {
	keys, err := seal.OpenMaster(c.keyFile())
	if err != nil {
		return err
	}
	days, err := c.days(ctx)
	if err != nil {
		return err
	}
	generations, now := backup.OpenGenerations(c.generationsDir(), keys), time.Now()
	doomed := c.Destroy
	if c.Overdue {
		overdue, _ := generations.Overdue(now, days) // the list below names what cannot be read
		for _, g := range overdue {
			doomed = append(doomed, g.ID)
		}
	}
	for _, id := range doomed {
		if _, err := generations.Key(id); err != nil && !errors.Is(err, backup.ErrDestroyed) {
			return fmt.Errorf("the key %s: %w", id, err)
		}
	}
	if c.Apply {
		for _, id := range doomed {
			if err := generations.Destroy(id, now); err != nil {
				return err
			}
		}
		if c.New {
			if _, _, err := generations.Make(now, days); err != nil {
				return err
			}
		}
	}
	if err := c.list(s, generations, days, now); err != nil {
		return err
	}
	if !c.Apply && (c.New || len(doomed) > 0) {
		_, err = fmt.Fprintf(s.out, "\n%d would be destroyed, %d made. Nothing was changed: --apply does it.\n", len(doomed), map[bool]int{true: 1}[c.New])
	}
	return err
}

// days is after how many a key is destroyed, as the council has set.
func (s storage) days(ctx context.Context) (days int, err error) {
	looking, err := s.look(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = looking.Close() }()
	err = looking.View(ctx, func(r consult.Reader) error {
		settings, _, err := consult.Retention(r)
		days = settings.BackupDays
		return err
	})
	return days, err
}

func (c keysCommand) list(s *surroundings, generations *backup.Generations, days int, now time.Time) error {
	all, unread := generations.List()
	out := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "KEY\tMADE\tDESTROYED\t")
	for _, g := range all {
		state := "on " + g.Due(days).Format(time.RFC3339)
		switch {
		case !g.DestroyedAt.IsZero():
			state = "was, on " + g.DestroyedAt.Format(time.RFC3339)
		case !now.Before(g.Due(days)):
			state = "OVERDUE since " + g.Due(days).Format(time.RFC3339)
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t\n", g.ID, g.MadeAt.Format(time.RFC3339), state)
	}
	return errors.Join(out.Flush(), unread)
}
