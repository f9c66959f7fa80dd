package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/attack"
	"folkmoot/internal/plain"
)

type protectCommand struct {
	In      string        `required:"" type:"existingdir" help:"Folder with responses.csv, tables.csv, dims.csv, codes.csv and, if the rules are not the usual ones, policy.yaml."`
	Out     string        `required:"" type:"path" help:"Folder of the release. It must not exist yet, or be empty. What lies in its folder private/ is never published."`
	Earlier []string      `type:"existingdir" sep:"none" help:"Output folder of an earlier release of the same people, in the order of publication. Name each."`
	Policy  string        `type:"existingfile" help:"Rules to use instead of policy.yaml in the input folder."`
	Release string        `help:"Label of the release. Labels sort in the order of publication. Without it r01, r02 and so on."`
	Within  time.Duration `default:"10m" help:"Give up after this time. Then nothing is released."`
}

// errRefused says that the input is usable and nothing may be published of it, and that the reasons were said.
var errRefused = errors.New("nothing may be published")

// Run protects plain files. Exit status: 0 protected and audited, 3 refused, 2 unusable input.
func (c protectCommand) Run(ctx context.Context, s *surroundings) error {
	if entries, err := os.ReadDir(c.Out); err == nil && len(entries) > 0 {
		_, _ = fmt.Fprintf(s.err, "%s: the folder is not empty; a release gets one of its own\n", c.Out)
		return errUnusable
	}
	var policy []byte
	if c.Policy != "" {
		var err error
		if policy, err = os.ReadFile(c.Policy); err != nil {
			return err
		}
	}
	data, err := plain.Read(os.DirFS(c.In), policy)
	if err != nil {
		return c.unusable(s, err)
	}
	var earlier []*plain.Earlier
	for _, dir := range c.Earlier {
		e, err := plain.ReadEarlier(dir, os.DirFS(dir))
		if err != nil {
			return c.unusable(s, err)
		}
		earlier = append(earlier, e)
	}
	label := c.Release
	if label == "" {
		label = fmt.Sprintf("r%02d", len(earlier)+1)
	}
	seed := make([]byte, 32)
	rand.Read(seed)
	late := fmt.Errorf("not finished after %v: nothing is released; ask for fewer or coarser tables, or allow more time with --within", c.Within)
	within, stop := context.WithTimeoutCause(ctx, c.Within, late)
	defer stop()
	release, err := data.Protect(within, label, seed, earlier)
	switch {
	case errors.Is(err, late):
		_, _ = fmt.Fprintln(s.err, "folkmoot:", late)
		return errRefused
	case err != nil:
		return c.unusable(s, err)
	}
	day := time.Now().Format(time.DateOnly)
	files, err := release.Files(day)
	if err == nil && release.Keyed() && !release.Refused {
		if err = c.try(within, release, files, data.Policy); errors.Is(err, late) {
			_, _ = fmt.Fprintln(s.err, "folkmoot:", late)
			return errRefused
		}
		if err == nil && release.Refused {
			files, err = release.Files(day)
		}
	}
	if err != nil {
		return err
	}
	if err := writeFolder(c.Out, files); err != nil {
		return err
	}
	to := s.out
	if release.Refused {
		to = s.err
	}
	for _, f := range release.Findings {
		_, _ = fmt.Fprintln(to, f)
	}
	if release.Refused {
		return errRefused
	}
	done := "Protected and audited."
	if release.Keyed() {
		done = "Perturbed and attacked."
	}
	_, _ = fmt.Fprintf(s.out, "%s Publish the files of %s, but never those in %s.\n", done, c.Out, filepath.Join(c.Out, "private"))
	return nil
}

// maxReasons is how many findings a refusal names.
const maxReasons = 5

// try attacks perturbed files together with those of the earlier releases, as somebody would who knows the bound of the perturbation, and refuses the
// release if that tells anything or does not come to an end.
func (c protectCommand) try(ctx context.Context, release *plain.Release, files map[string][]byte, p disclosure.Policy) (err error) {
	dir, err := os.MkdirTemp("", "folkmoot-*")
	if err != nil {
		return fmt.Errorf("try a release: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for name, content := range files {
		if !strings.Contains(name, "/") {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				return fmt.Errorf("try a release: %w", err)
			}
		}
	}
	in, err := readPublished(append(slices.Clone(c.Earlier), dir))
	if err != nil {
		return err
	}
	o := attack.Default()
	o.Width, o.K, o.SpecialK, o.Rounded = p.Width, p.K, max(p.K, p.SpecialK), true
	if p.OpenLink {
		o.K, o.SpecialK = max(o.K, p.OpenLinkK), max(o.SpecialK, p.OpenLinkK)
	}
	report, err := attack.Run(ctx, in, o)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if found := append(report.Broken, report.Unfinished...); len(found) > 0 {
		release.Refuse(fmt.Sprintf("Nothing can be released: somebody who knows how figures are perturbed could still work out %d of them. Ask for fewer or coarser tables.", len(found)))
		for _, f := range found[:min(len(found), maxReasons)] {
			release.Refuse(fmt.Sprintf("%s: %s", f.Kind, f.Cell))
		}
	}
	return nil
}

// unusable says what is wrong with the input, with file and line.
func (c protectCommand) unusable(s *surroundings, err error) error {
	var faults plain.Faults
	if !errors.As(err, &faults) {
		return err
	}
	_, _ = fmt.Fprintln(s.err, faults.Error())
	return errUnusable
}

// writeFolder writes the files into a new folder beside the wanted one and renames it when all is there, so that nothing half-written looks like a
// release.
func writeFolder(dir string, files map[string][]byte) (err error) {
	part, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".folkmoot-*")
	if err != nil {
		return fmt.Errorf("make the folder of the release: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	for name, content := range files {
		path := filepath.Join(part, name)
		mode := os.FileMode(0o644)
		if strings.HasPrefix(name, "private/") {
			mode = 0o600
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return err
			}
		}
		if err := os.WriteFile(path, content, mode); err != nil {
			return fmt.Errorf("write the release: %w", err)
		}
	}
	if err := os.Chmod(part, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the folder of the release is in use: %w", err)
	}
	return os.Rename(part, dir)
}

// longFlags lets -in stand for --in, as the documents of the file formats write it: the program has no flags of one letter but -h.
func longFlags(args []string) []string {
	out := slices.Clone(args)
	for i, a := range out {
		if len(a) > 2 && a[0] == '-' && a[1] >= 'a' && a[1] <= 'z' {
			out[i] = "-" + a
		}
	}
	return out
}
