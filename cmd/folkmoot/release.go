package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"folkmoot/internal/export"
	"folkmoot/internal/seal"
)

type releaseCommand struct {
	Export exportReleaseCommand `cmd:"" help:"Write a downloaded release in the form that attack reads. Needs no connection."`
	Verify verifyReleaseCommand `cmd:"" help:"Check downloaded files of a release against the council's public key. Needs no connection."`
}

type verifyReleaseCommand struct {
	Key   string   `required:"" type:"existingfile" help:"The council's public key, from /release-key.txt on its website."`
	Sums  string   `help:"The signed list of checksums. Without it, release-….sums.txt beside the first file."`
	Files []string `arg:"" type:"existingfile" help:"Files of one release, named as they were downloaded."`
}

// Run says of every file whether it is the council's and unchanged. It returns errFound if one is not.
func (c verifyReleaseCommand) Run(s *surroundings) error {
	key, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	list := c.Sums
	if list == "" {
		list = sumsBeside(c.Files[0])
	}
	signed, err := os.ReadFile(list)
	if err != nil {
		return fmt.Errorf("the signed list of checksums is needed; download it and name it with --sums: %w", err)
	}
	sums, err := seal.OpenNote(signed, string(key))
	if errors.Is(err, seal.ErrSignature) {
		_, _ = fmt.Fprintf(s.out, "%s: NOT signed by this council: %v\n", list, err)
		return errFound
	}
	if err != nil {
		return err
	}
	bad := 0
	for _, name := range c.Files {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		base := filepath.Base(name)
		switch sum, listed := export.FindSum(sums, base); {
		case !listed:
			bad++
			_, _ = fmt.Fprintf(s.out, "%s: NOT in the council's list; is it named as it was downloaded?\n", name)
		case sum != (export.File{Content: content}).Sum():
			bad++
			_, _ = fmt.Fprintf(s.out, "%s: CHANGED since the council signed it\n", name)
		default:
			_, _ = fmt.Fprintf(s.out, "%s: as the council signed it\n", name)
		}
	}
	if bad > 0 {
		return errFound
	}
	return nil
}

// sumsBeside returns where the list of a file lies if it was downloaded into the same folder.
func sumsBeside(file string) string {
	base := filepath.Base(file)
	if id, _, ok := strings.Cut(base, "."); ok {
		base = id
	}
	return filepath.Join(filepath.Dir(file), base+"."+export.SumsFormat)
}
