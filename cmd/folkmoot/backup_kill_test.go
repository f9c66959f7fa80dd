package main

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/seal"
)

// TestKilledBackup kills a process that makes a backup, again and again, with SIGKILL at a random moment: what has the name of a backup is whole, the next
// start leaves no copy in clear, and the next backup is made.
func TestKilledBackup(t *testing.T) {
	i := install(t, "stays")
	keys, err := seal.OpenMaster(i.keyFile())
	check(t, err)
	cut := 0
	for range 8 {
		child := exec.Command(os.Args[0], "backup", "--data", i.Data, "--master-key", i.MasterKey, "--to", i.backups)
		child.Env = append(os.Environ(), programVariable+"=1")
		check(t, child.Start())
		time.Sleep(time.Duration(rand.IntN(800)) * time.Millisecond)
		_ = child.Process.Kill()
		if child.Wait() != nil {
			cut++
		}
	}
	names, err := os.ReadDir(i.backups)
	check(t, err)
	for _, name := range names {
		if strings.HasPrefix(name.Name(), "folkmoot-") {
			if _, err := backup.Read(filepath.Join(i.backups, name.Name()), keys); err != nil {
				t.Errorf("%s: %v", name.Name(), err)
			}
		}
	}
	if found := in(t, i.backups, i.people["stays"].ResponseID, "SQLite format 3"); len(found) > 0 {
		t.Errorf("an unfinished backup holds something in clear: %v", found)
	}
	check(t, clearScratch(i.Data))
	if _, err := os.Stat(scratchDir(i.Data)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy in clear is left: %v", err)
	}
	t.Logf("%d of 8 were killed before their end", cut)
	if _, err := backup.Read(i.backUp(t), keys); err != nil {
		t.Error(err)
	}
	i.command(t, 0, "", "check")
}
