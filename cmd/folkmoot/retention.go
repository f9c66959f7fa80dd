package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

type retentionCommand struct {
	Due    dueCommand            `cmd:"" default:"withargs" help:"Show what is kept until when; with --apply dispose of what is due. This is what retention alone does."`
	Import importScheduleCommand `cmd:"" help:"Check a council's retention schedule and say what its lines would change; with --apply store the lines. No rule is made: an officer takes lines over in the office."`
}

type dueCommand struct {
	storage
	Apply bool `help:"Dispose of what is due now and not on hold. Without it nothing is changed. The service must not be running on an embedded database."`
}

// Run prints what is kept until when, and with --apply disposes of what is due.
func (c dueCommand) Run(ctx context.Context, s *surroundings) error {
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	keys, err := c.keyring(ctx, db, false)
	if err != nil {
		return err
	}
	svc := service(db, keys, false, "")
	if err := svc.CheckKey(ctx); err != nil { // with another key nobody could tell when a case ended
		return err
	}
	if !c.Apply {
		return c.preview(ctx, s, svc)
	}
	if svc.Erasures, err = backup.OpenList(c.listFile(), keys); err != nil {
		return err
	}
	done, err := svc.RunRetention(ctx, privacy.Actor{Kind: "system"})
	_, _ = fmt.Fprintf(s.out, "disposed of %d responses, %d free texts, %d postcodes, %d profiles of equality answers and %d ended cases, with %d certificates\n",
		done.Responses, done.Texts, done.Postcodes, done.Profiles, done.Entries, done.Certificates)
	return err
}

func (c dueCommand) preview(ctx context.Context, s *surroundings, svc *consult.Service) error {
	items, problem := svc.RetentionPlan(ctx)
	if items == nil {
		return problem
	}
	messages, err := locale.New()
	if err != nil {
		return err
	}
	now, due := svc.Now(), 0
	out := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "DUE\tDISPOSED OF\tWHAT\tOF\tCOUNT\tRULE\t")
	for _, i := range items {
		if i.Count == 0 && i.Rule.Action.Automatic() {
			continue
		}
		of, run := string(i.Register), "review"
		if i.Consultation != nil {
			of = i.Consultation.Slug
		}
		switch {
		case i.Hold != nil:
			run = "on hold until " + string(i.Hold.Until)
		case i.Rule.Action.Automatic():
			run = i.RunAt.UTC().Format(time.RFC3339)
			if !i.RunAt.After(now) {
				run = "now"
				due++
			}
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%d\t%s\t\n", i.Due.UTC().Format(time.RFC3339), run, messages.T(locale.English, "retention.class."+string(i.Rule.Class)), of, i.Count, i.Rule.ID)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "\n%d due now. Nothing was changed: --apply disposes of what is due.\n", due)
	return problem
}
