package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
)

// listFlag is for a list of erasures that cannot be had any more.
type listFlag struct {
	AcceptLostList bool `name:"accept-lost-list" help:"Go on although the list of erasures is lost, or is an older copy: what it does not name comes back when an older backup is restored. The audit log says so."`
}

// openList opens the list of erasures for the service. A list is only made for a store that knows of none: made for another, it would be taken for a list
// that says that nothing was erased.
func (s storage) openList(ctx context.Context, svc *consult.Service, accept bool) error {
	if info, err := os.Stat(s.listFile()); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		_, others, err := svc.Store.Erasures().Known(ctx, "")
		if err != nil {
			return err
		}
		if others > 0 && !accept {
			return s.refuseList(errors.New("the list of erasures is not there"))
		}
	}
	list, err := backup.OpenList(s.listFile(), svc.Keys)
	if err != nil {
		return err
	}
	svc.Erasures = list
	if err := svc.KnowList(ctx, accept); errors.Is(err, consult.ErrListLost) {
		return s.refuseList(err)
	} else if err != nil {
		return fmt.Errorf("compare the store with the list of erasures: %w", err)
	}
	return nil
}

func (s storage) refuseList(why error) error {
	return fmt.Errorf("%w. Bring %s from its second place: what was erased may be in this store, or come back with a backup. "+
		"If there is none any more, --accept-lost-list goes on without it, and the audit log says so", why, s.listFile())
}

// drillList is the list of the running service in a drill, which adds nothing to it.
type drillList struct{ consult.ErasureList }

// Append adds nothing.
func (l drillList) Append([]consult.Erasure) (consult.ListHead, error) { return l.Head() }
