package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/internal/survey"
	"folkmoot/surveys"
	"folkmoot/web"
)

type checkCommand struct {
	storage
	Schema bool     `help:"Print the JSON Schema of survey definitions, for editors, and check nothing."`
	Files  []string `arg:"" optional:"" type:"existingfile" help:"Survey definitions (YAML). Without one the installation is checked; the service must not be running on an embedded database."`
}

// Run prints every fault and returns errFound if there is one.
func (c checkCommand) Run(ctx context.Context, s *surroundings) error {
	if c.Schema {
		_, err := s.out.Write(surveys.Schema)
		return err
	}
	found := 0
	say := func(format string, args ...any) {
		found++
		_, _ = fmt.Fprintf(s.out, format+"\n", args...)
	}
	if len(c.Files) > 0 {
		if err := c.files(s, say); err != nil {
			return err
		}
	} else if err := c.installation(ctx, say); err != nil {
		return err
	}
	if found > 0 {
		_, _ = fmt.Fprintf(s.out, "%d found\n", found)
		return errFound
	}
	return nil
}

// files checks definitions and names every fault with its file, line and column.
func (c checkCommand) files(s *surroundings, say func(string, ...any)) error {
	for _, name := range c.Files {
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		d, faults := survey.Parse(source, surveys.Bank())
		for _, f := range faults {
			say("%s:%s", name, f)
		}
		if len(faults) == 0 {
			_, _ = fmt.Fprintf(s.out, "%s: no fault; %d questions, %d equality questions, version %s\n",
				name, len(d.Questions()), len(d.Equality), survey.Version(source)[:12])
		}
	}
	return nil
}

// installation checks what the service stands on: assets, messages, key, schema, published surveys and notices, both ledgers and their
// checkpoints.
func (c checkCommand) installation(ctx context.Context, say func(string, ...any)) error {
	if _, _, err := web.Assets(); err != nil {
		say("assets: %v", err)
	}
	if _, err := locale.New(); err != nil {
		say("messages: %v", err)
	}
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	keys, err := c.keyring(ctx, db, false)
	if err != nil {
		return err
	}
	problems, err := db.Check(ctx) // files, both ledgers from their first entry, keys
	if err != nil {
		return err
	}
	for _, p := range problems {
		say("%s", p)
	}
	if err := checkpoints(ctx, db, []consult.AnchorReader{db.Anchor(), store.AnchorFile(c.anchorFile())}, keys, say); err != nil {
		return err
	}
	svc := service(db, keys, false, "")
	if err := svc.CheckKey(ctx); err != nil {
		say("master key: %s", inEnglish(err))
	}
	if err := errors.Join(unfinished(ctx, svc, say), c.backups(ctx, svc, say)); err != nil {
		return err
	}
	return svc.Store.View(ctx, func(r consult.Reader) error {
		return published(r, say)
	})
}

// unfinished names what a crash left of withdrawals, erasures and disposals. The next start completes it. Keys are named by the check of the store.
func unfinished(ctx context.Context, svc *consult.Service, say func(string, ...any)) error {
	left, err := svc.Unfinished(ctx)
	if err != nil {
		return err
	}
	if left.Profiles > 0 {
		say("a withdrawal was interrupted: %d profiles of equality answers without consent are to be erased; the next start erases them", left.Profiles)
	}
	if left.Unlisted > 0 {
		say("%d erasures are not in the list of erasures yet: the next start lists them", left.Unlisted)
	}
	if left.Runs > 0 {
		say("%d disposals were interrupted: the next start goes on with them", left.Runs)
	}
	return nil
}

// checkpoints checks the logs against what was signed of them, in the database and in places apart from it. What their chains tell was found before.
func checkpoints(ctx context.Context, db consult.Store, places []consult.AnchorReader, keys *seal.Keyring, say func(string, ...any)) error {
	key := keys.NoteKey(seal.AuditSigner)
	for _, log := range consult.Logs() {
		held, err := consult.HeldAnchors(ctx, places, log, key)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.Spoiled() {
				say("%s log: the anchor in %s is not signed by the key of this installation", log, placeNames[h.Place])
			}
		}
		found, err := consult.VerifyLog(ctx, db.Logs(), log, key, nil, consult.Bounds(held))
		if err != nil {
			return err
		}
		if found.Bad != nil && (found.Bad.Fault == privacy.EntryRewritten || found.Bad.Fault == privacy.EntryCut) {
			say("%v", found.Bad)
		}
		if n := len(found.Unsigned); n > 0 {
			say("%s log: %d checkpoints are not signed by the key of this installation", log, n)
		}
		if found.Blocks {
			say("%s log: the tree that is kept is not that of the entries", log)
		}
	}
	return nil
}

// published checks that every published consultation still has what it pins, unchanged.
func published(r consult.Reader, say func(string, ...any)) error {
	all, err := r.Consultations(consult.ConsultationFilter{State: consult.Published})
	if err != nil {
		return err
	}
	for _, con := range all {
		source, err := r.SurveySource(con.SurveyVersion)
		if err != nil {
			say("consultation %s: survey version: %v", con.Slug, err)
		} else if survey.Version(source) != con.SurveyVersion {
			say("consultation %s: the survey's source does not match its version", con.Slug)
		} else if _, err := survey.Thaw(source); err != nil {
			say("consultation %s: %v", con.Slug, err)
		}
		notice, err := r.Notice(con.NoticeID, con.NoticeVersion)
		if err != nil {
			say("consultation %s: notice: %v", con.Slug, err)
		} else if notice.NoticeID != con.NoticeID || notice.Version != con.NoticeVersion {
			say("consultation %s: where its notice, version %d, should be lies version %d of notice %s", con.Slug, con.NoticeVersion, notice.Version, notice.NoticeID)
		}
	}
	return notices(r, say)
}

// notices checks that every version of every notice says what it said when it was published, the older ones too: people are told that
// their information is used as the version says that they saw.
func notices(r consult.Reader, say func(string, ...any)) error {
	all, err := r.Notices()
	if err != nil {
		return err
	}
	for _, n := range all {
		if err := n.Verify(); err != nil {
			say("notice %s: %s", n.NoticeID, inEnglish(err))
		}
	}
	return nil
}

// backups checks what keeps the promise about backups: the list of erasures, the keys whose time is over, and that no copy in clear was left.
func (c checkCommand) backups(ctx context.Context, svc *consult.Service, say func(string, ...any)) error {
	if _, err := os.Stat(c.listFile()); err == nil {
		list, err := backup.OpenList(c.listFile(), svc.Keys)
		if err != nil {
			say("%v", err)
			return nil
		}
		svc.Erasures = list
		lost, err := svc.CheckRestored(ctx)
		if errors.Is(err, consult.ErrRestored) {
			say("%v: folkmoot restore --replay", err)
		} else if err != nil {
			return err
		}
		if lost {
			say("%s", lostList)
		}
	} else if _, others, err := svc.Store.Erasures().Known(ctx, ""); err != nil {
		return err
	} else if others > 0 {
		say("the list of erasures is not at %s", c.listFile())
	}
	days, err := svc.BackupDays(ctx)
	if err != nil {
		return err
	}
	overdue, err := backup.OpenGenerations(c.generationsDir(), svc.Keys).Overdue(svc.Now(), days)
	if err != nil {
		say("keys of backups: %v", err)
	}
	for _, g := range overdue {
		say("the key of backups %s should be destroyed since %s: folkmoot keys --overdue", g.ID, g.Due(days).Format(time.RFC3339))
	}
	if part := partDir(c.Data); c.DatabaseURL == "" {
		if _, err := os.Stat(part); err == nil {
			say("a restore that was killed left a copy in clear in %s: remove it, or restore again", part)
		}
	}
	if _, err := os.Stat(scratchDir(c.Data)); err == nil && c.DatabaseURL == "" {
		say("a backup that was killed left a copy in clear in %s: the next start removes it", scratchDir(c.Data))
	}
	return nil
}
