package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
)

// serves starts the service on the installation and ends it.
func (i *archived) serves(t *testing.T, args ...string) {
	t.Helper()
	p := startProgram(t, i.Data, append([]string{"--master-key", i.MasterKey}, args...)...)
	if code := p.stop(); code != 0 {
		t.Fatalf("the service ends with %d", code)
	}
}

// accepted counts the entries of the audit log that say that a list was lost.
func (i *archived) accepted(t *testing.T) (n int) {
	t.Helper()
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		check(t, svc.Store.View(ctx, func(r consult.Reader) error {
			events, err := r.AuditEvents(consult.AuditFilter{Action: "store.accept_list"})
			n = len(events)
			return err
		}))
	})
	return n
}

// TestLostListIsRefused: a list of erasures that is not the one that the store knows says nothing of what was erased. Nobody is served on the strength
// of it until somebody says that there is no other (privacy.md 6, step 7).
func TestLostListIsRefused(t *testing.T) {
	i := install(t, "leaves", "withdraws")
	i.serves(t) // from now on the store knows its list, which has no entry
	began, err := os.ReadFile(i.listFile())
	check(t, err)
	refused := func(why string) {
		t.Helper()
		t.Log(why)
		i.command(t, 1, i.listFile(), "serve", "--addr", "127.0.0.1:0")
		i.command(t, 1, "--accept-lost-list", "restore", "--replay", "--apply")
		i.command(t, 1, "list of erasures", "restore-check")
		i.command(t, 1, "list of erasures", "check")
	}
	check(t, os.Remove(i.listFile()))
	refused("the list is gone")
	if _, err := os.Stat(i.listFile()); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("a list was made in place of the one that is lost")
	}
	check(t, os.WriteFile(i.listFile(), began, 0o600))
	i.serves(t)

	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		check(t, svc.WithdrawResponse(ctx, i.people["leaves"].Code))
	})
	whole, err := os.ReadFile(i.listFile())
	check(t, err)
	check(t, os.WriteFile(i.listFile(), began, 0o600))
	refused("an older copy of the list")
	refused("once more: being refused changes nothing")
	check(t, os.WriteFile(i.listFile(), nil, 0o600))
	i.command(t, 1, i.listFile(), "serve", "--addr", "127.0.0.1:0")
	refused("an empty file, which would become another list")
	check(t, os.WriteFile(i.listFile(), whole, 0o600))
	i.serves(t)
	i.command(t, 0, "", "check")
	if n := i.accepted(t); n != 0 {
		t.Errorf("%d lists are said to be accepted", n)
	}

	check(t, os.Remove(i.listFile()))
	i.serves(t, "--accept-lost-list")
	i.serves(t) // it is the list of this store now
	i.command(t, 0, "", "check")
	if n := i.accepted(t); n != 1 {
		t.Errorf("%d entries say that the list was lost", n)
	}
	check(t, os.WriteFile(i.listFile(), began, 0o600)) // an older copy of the first list
	refused("the first list, which the store knows further")
	i.command(t, 0, "erased again", "restore", "--replay", "--apply", "--accept-lost-list")
	i.serves(t)
	if n := i.accepted(t); n != 2 {
		t.Errorf("%d entries say that a list was lost", n)
	}
}

// stuckList cannot be added to.
type stuckList struct{ consult.ErasureList }

func (stuckList) Append([]consult.Erasure) (consult.ListHead, error) {
	return consult.ListHead{}, errors.New("the disk is full")
}

// TestDrillLeavesTheListAlone: what waits in the copy for the list is the running service's to list.
func TestDrillLeavesTheListAlone(t *testing.T) {
	i := install(t, "withdraws")
	i.serves(t)
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		svc.Erasures = stuckList{svc.Erasures}
		if _, err := svc.WithdrawConsent(ctx, i.people["withdraws"].Code); err == nil {
			t.Fatal("a withdrawal is acknowledged that is not in the list")
		}
	})
	dir := i.backUp(t)
	before, err := os.ReadFile(i.listFile())
	check(t, err)
	i.Data = filepath.Join(i.root, "drill")
	i.command(t, 0, "the service can start", "restore", "--from", dir, "--apply", "--drill")
	after, err := os.ReadFile(i.listFile())
	check(t, err)
	if !bytes.Equal(before, after) {
		t.Error("a drill has added to the list of the running service")
	}
	i.Data = filepath.Join(i.root, "restored")
	i.command(t, 0, "the service can start", "restore", "--from", dir, "--apply")
	if after, err = os.ReadFile(i.listFile()); err != nil || bytes.Equal(before, after) {
		t.Errorf("a restore has not listed what waited: %v", err)
	}
	i.use(t, false, func(_ context.Context, svc *consult.Service, _ *store.DB) {
		if got := held(t, svc, i.people["withdraws"].Code); got != "true false true "+string(privacy.ConsentWithdrawn) {
			t.Errorf("restored: %s", got)
		}
	})
}

// TestFailedRestoreLeavesNothingInClear: what was extracted before the restore failed is overwritten and removed, and check names what a kill left.
func TestFailedRestoreLeavesNothingInClear(t *testing.T) {
	i := install(t, "stays")
	i.serves(t)
	check(t, os.Remove(i.listFile()))
	dir := i.backUp(t) // its manifest knows no list, its store does
	live := i.Data
	i.Data = filepath.Join(i.root, "restored")
	i.command(t, 1, "--accept-lost-list", "restore", "--from", dir, "--apply")
	for _, left := range []string{i.Data, partDir(i.Data)} {
		if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there after a restore that failed", left)
		}
	}
	i.command(t, 0, "the service can start", "restore", "--from", dir, "--apply", "--accept-lost-list")
	i.Data = live
	check(t, os.Mkdir(partDir(live), 0o700))
	i.command(t, 1, partDir(live), "check")
}
