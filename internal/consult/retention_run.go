package consult

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// retentionRun is a disposal that has begun: what a certificate will say so far. It is counted in the transactions that erase, so that a crash at any
// point neither loses a count nor counts twice.
type retentionRun struct {
	ID       string                `json:"id"` // of the certificate
	Rule     privacy.RetentionRule `json:"rule"`
	Version  int64                 `json:"version"`
	Of       string                `json:"of"` // consultation id; empty for a register
	Register privacy.Register      `json:"register,omitempty"`
	From     privacy.Date          `json:"from,omitempty"`
	To       privacy.Date          `json:"to,omitempty"`
	Started  time.Time             `json:"started"`
	By       privacy.Actor         `json:"by"`
	Held     int                   `json:"held"`
	Kept     []privacy.KeptTotals  `json:"kept,omitempty"`
	Counts   map[string]int        `json:"counts"`
	Apart    bool                  `json:"apart,omitempty"`    // texts whose kept postcodes lie apart and stay
	Unparted bool                  `json:"unparted,omitempty"` // some went with the postcodes that may lie in them
	Batch    []string              `json:"batch,omitempty"`    // records that are being erased: see pledge
}

// key names the run among those that are not finished, as RetentionItem.Key.
func (r retentionRun) key() string { return string(r.Rule.Class) + "|" + r.Of + string(r.Register) }

// RetentionDone is what a run disposed of.
type RetentionDone struct {
	Responses, Texts, Postcodes, Profiles, Entries int
	Certificates                                   int
}

// RunRetention disposes of what is due and not on hold, with a certificate for each class of each consultation. It is idempotent: what fails or is
// interrupted, at any point, is taken up by the next call. Before, once a day, it stores a preview.
func (s *Service) RunRetention(ctx context.Context, by privacy.Actor) (RetentionDone, error) {
	if err := s.Store.Current(ctx); err != nil { // a newer program may keep what this one does not know
		return RetentionDone{}, err
	}
	_, parted := s.PartPostcodes(ctx) // what lies in free text could not be coarsened, and would go with that
	previewed := s.PreviewRetention(ctx)
	done, err := s.runClasses(ctx, by, privacy.ClassResponses, privacy.ClassFreeText, privacy.ClassPostcodes, privacy.ClassEquality, privacy.ClassRightsCase)
	return done, errors.Join(parted, previewed, err)
}

// runClasses disposes of what is due of the classes, in their order.
func (s *Service) runClasses(ctx context.Context, by privacy.Actor, classes ...privacy.DataClass) (done RetentionDone, err error) {
	due, problems := s.plan(ctx, s.Now())
	if due == nil { // nothing could be told at all
		return done, problems
	}
	open, err := s.openRuns(ctx)
	if err != nil {
		return done, errors.Join(problems, err)
	}
	for _, class := range classes {
		var now []RetentionItem
		held := 0
		for _, i := range due {
			switch {
			case i.Rule.Class != class:
			case i.Hold != nil && i.Count > 0:
				held++
			case i.Hold == nil && (i.Count > 0 || open[i.Key()] != nil):
				now = append(now, i)
			}
		}
		for _, i := range now {
			delete(open, i.Key())
			if err := s.dispose(ctx, by, i, held, &done); err != nil {
				problems = errors.Join(problems, fmt.Errorf("dispose of %s: %w", i.Key(), err))
			}
		}
		for _, run := range open { // begun, and then held or given more time: what was done is certified, with what remains
			if run.Rule.Class == class {
				problems = errors.Join(problems, s.certify(ctx, run.key(), &done))
			}
		}
	}
	return done, problems
}

func (s *Service) openRuns(ctx context.Context) (open map[string]*retentionRun, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		open = map[string]*retentionRun{}
		_, err := ReadSetting(r, runsSetting, &open)
		return err
	})
	return open, err
}

// dispose begins the run of an item, or goes on with it, and certifies it.
func (s *Service) dispose(ctx context.Context, by privacy.Actor, i RetentionItem, held int, done *RetentionDone) error {
	if err := s.disposable(ctx, i); err != nil {
		return err
	}
	if err := s.begin(ctx, by, i, held); err != nil {
		return err
	}
	var err error
	switch i.Rule.Class {
	case privacy.ClassResponses:
		var n int
		n, err = s.disposeOf(ctx, i.Consultation.ID, i.Key())
		done.Responses += n
	case privacy.ClassFreeText:
		var n int
		n, err = s.disposeTexts(ctx, i)
		done.Texts += n
	case privacy.ClassPostcodes:
		var n int
		n, err = s.coarsen(ctx, i.Consultation.ID, i.Key())
		done.Postcodes += n
	case privacy.ClassEquality:
		err = s.disposeProfiles(ctx, i.Consultation.ID)
		done.Profiles += i.Count
	case privacy.ClassRightsCase:
		var n int
		n, err = s.disposeEntries(ctx, i)
		done.Entries += n
	}
	if err != nil {
		return err
	}
	return s.certify(ctx, i.Key(), done)
}

// begin stores that a run has begun, unless it had. Equality answers lie in a store that shares no transaction with this: they are counted before.
func (s *Service) begin(ctx context.Context, by privacy.Actor, i RetentionItem, held int) error {
	run := retentionRun{ID: seal.RandomID(), Rule: i.Rule, Version: i.Version, Register: i.Register, By: by, Held: held, Kept: i.Kept, Counts: map[string]int{tableOf(i.Rule.Class): 0}}
	run.Apart = i.Rule.Class == privacy.ClassFreeText && !i.Whole
	if c := i.Consultation; c != nil {
		run.Of, run.From, run.To = c.ID, privacy.DateOf(c.OpensAt), privacy.DateOf(c.ClosesAt.Add(-time.Second))
		if i.Rule.Class != privacy.ClassFreeText && i.Rule.Class != privacy.ClassPostcodes {
			left, err := s.remaining(ctx, privacy.ClassEquality, c.ID)
			if err != nil {
				return err
			}
			run.Counts[left[0].Table] = left[0].Count
		}
	}
	return s.Store.Update(ctx, func(w Writer) error {
		open := map[string]*retentionRun{}
		version, err := ReadSetting(w, runsSetting, &open)
		if err != nil || open[i.Key()] != nil {
			return err
		}
		if err := stillKept(w, run.Of, run.Kept); err != nil {
			return err
		}
		begun := run
		begun.Started = w.Now()
		open[i.Key()] = &begun
		if err := WriteSetting(w, runsSetting, open, version); err != nil {
			return err
		}
		return w.AppendAudit(event(by, "retention.begin", "certificate:"+run.ID, "class", string(i.Rule.Class), "rule", i.Rule.ID))
	})
}

// certify looks what remains and ends the run with its certificate, in one transaction. A run that is not there was certified by another instance.
func (s *Service) certify(ctx context.Context, key string, done *RetentionDone) error {
	open, err := s.openRuns(ctx)
	if err != nil || open[key] == nil {
		return err
	}
	if err := s.finishBatch(ctx, *open[key]); err != nil {
		return err
	}
	left, err := s.verify(ctx, *open[key])
	if err != nil {
		return err
	}
	issued := false
	err = s.Store.Update(ctx, func(w Writer) error {
		issued = false // fn may run more than once
		open := map[string]*retentionRun{}
		version, err := ReadSetting(w, runsSetting, &open)
		if err != nil || open[key] == nil {
			return err
		}
		run := open[key]
		if len(run.Batch) > 0 { // another instance has begun one meanwhile: it certifies
			return nil
		}
		delete(open, key)
		if err := WriteSetting(w, runsSetting, open, version); err != nil {
			return err
		}
		settings, _, err := Retention(w)
		if err != nil {
			return err
		}
		if run.Of != "" { // what a person asked to be held is not disposed of (UK GDPR art. 18), and the certificate says so
			restricted, err := w.RestrictedCount(run.Of)
			if err != nil {
				return err
			}
			run.Held += restricted
		}
		issued = true
		return appendCertificate(w, *run, left, settings.BackupDays)
	})
	if err == nil && issued {
		done.Certificates++
	}
	return err
}

func appendCertificate(w Writer, run retentionRun, left []privacy.TableCount, backupDays int) error {
	c := privacy.Certificate{ID: run.ID, Rule: run.Rule.ID, RuleVersion: run.Version, Class: run.Rule.Class, Action: run.Rule.Action, Consultation: run.Of,
		Register: run.Register, From: run.From, To: run.To, Method: "keys_and_rows", StartedAt: run.Started, By: run.By, Verified: left, HoldsSkipped: run.Held, Kept: run.Kept,
		BackupsUntil: privacy.DateOf(w.Now()).Add(backupDays)}
	switch run.Rule.Class {
	case privacy.ClassFreeText:
		if c.Method = "keys_and_texts"; run.Apart && !run.Unparted {
			c.Method = "keys_and_texts_alone"
		}
	case privacy.ClassPostcodes:
		c.Method = "keys_and_postcodes"
	}
	if err := tellProfiles(w, &run, left); err != nil {
		return err
	}
	detail := []string{"class", string(c.Class), "rule", c.Rule}
	for table, n := range run.Counts {
		c.Counts = append(c.Counts, privacy.TableCount{Table: table, Count: n})
	}
	slices.SortFunc(c.Counts, func(a, b privacy.TableCount) int { return strings.Compare(a.Table, b.Table) })
	for _, n := range c.Counts {
		detail = append(detail, n.Table, fmt.Sprint(n.Count))
	}
	if _, err := w.AppendCertificate(c); err != nil {
		return err
	}
	return w.AppendAudit(event(run.By, "retention.certify", "certificate:"+c.ID, detail...))
}

// tellProfiles writes that equality answers were erased. They were counted before, so that no crash loses the count: those that remain were not.
func tellProfiles(w Writer, run *retentionRun, left []privacy.TableCount) error {
	table := tableOf(privacy.ClassEquality)
	for _, l := range left {
		if l.Table == table {
			run.Counts[table] = max(0, run.Counts[table]-l.Count)
		}
	}
	if run.Counts[table] == 0 {
		return nil
	}
	return w.AppendAudit(event(system(), "equality.dispose", "consultation:"+run.Of, "erased", fmt.Sprint(run.Counts[table])))
}

// verify counts what remains of what a run was to dispose of.
func (s *Service) verify(ctx context.Context, run retentionRun) ([]privacy.TableCount, error) {
	if run.Of != "" {
		return s.remaining(ctx, run.Rule.Class, run.Of)
	}
	entries, err := s.endedEntries(ctx, run.Register, run.Rule)
	left := 0
	for _, e := range entries {
		if !e.due.After(s.Now()) {
			left++
		}
	}
	return []privacy.TableCount{{Table: tableOf(run.Rule.Class), Count: left}}, err
}

// disposeEntries erases ended entries of a register.
func (s *Service) disposeEntries(ctx context.Context, i RetentionItem) (disposed int, err error) {
	entries, err := s.endedEntries(ctx, i.Register, i.Rule)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.due.After(s.Now()) {
			break
		}
		for done := false; !done; {
			batch, err := s.pledge(ctx, i.Key(), privacy.ClassRightsCase, "", []string{e.id}, e.ended)
			if err != nil {
				return disposed, err
			}
			for _, id := range batch {
				n, err := s.disposeEntry(ctx, i.Key(), i.Register, id)
				disposed += n
				if err != nil {
					return disposed, err
				}
				done = done || id == e.id
			}
		}
	}
	return disposed, nil
}

// disposeEntry erases an entry of a register, the key first: an entry without its key is found again, a key without its entry is not.
func (s *Service) disposeEntry(ctx context.Context, run string, register privacy.Register, id string) (disposed int, err error) {
	if err := s.listErasure(ctx, ErasedEntry, []string{id}); err != nil {
		return 0, err
	}
	if err := s.Store.Keys().DestroyKey(ctx, id); err != nil {
		return 0, err
	}
	batch := []string{id}
	err = s.Store.Update(ctx, func(w Writer) error {
		disposed = 0
		if _, err := w.Entry(id); fault.Is(err, fault.NotFound) { // another instance was faster
			return unpledge(w, run, batch)
		} else if err != nil {
			return err
		}
		if err := w.EraseEntry(id); err != nil {
			return err
		}
		disposed = 1
		if err := add(w, run, map[string]int{tableOf(privacy.ClassRightsCase): 1}, batch); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "registers.dispose", string(register)+":"+id))
	})
	if err != nil && !erasurePending(err) {
		return 0, err
	}
	return disposed, err
}
