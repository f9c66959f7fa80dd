package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"folkmoot/internal/disclosure/attack"
)

type attackCommand struct {
	Dirs    []string      `arg:"" name:"dir" type:"existingdir" help:"Public folders of releases of the same people: cells.csv, dims.csv, codes.csv and, if it says how the people of several releases are related, meta.csv."`
	Format  string        `enum:"table,json" default:"table" help:"How to report: table or json."`
	Width   int           `default:"5" help:"A hidden figure is broken if its least and greatest possible values differ by less."`
	K       int           `default:"1" help:"A group is given away if all but K at most gave one answer."`
	Special int           `name:"special-k" default:"2" help:"The same where a special category is involved."`
	Rounded bool          `help:"Rounding is the only protection: a rounded figure recovered exactly is a break."`
	Bounds  bool          `help:"Compute the bounds of every hidden figure too. Takes longer."`
	Within  time.Duration `default:"10m" help:"Stop after this time and say what is not finished."`
}

// errUnusable says that the input cannot be used and that it was said where and why.
var errUnusable = errors.New("unusable input")

// Run attacks the published files. Exit status: 0 nothing broken, 1 something broken or not finished, 2 unusable input.
func (c attackCommand) Run(ctx context.Context, s *surroundings) error {
	if c.Width < 1 || c.K < 0 || c.Special < 0 {
		_, _ = fmt.Fprintln(s.err, "folkmoot: --width must be 1 or more, --k and --special-k 0 or more")
		return errUnusable
	}
	in, err := readPublished(c.Dirs)
	if err != nil {
		return unusable(s.err, err)
	}
	o := attack.Default()
	o.Width, o.K, o.SpecialK, o.Rounded, o.Bounds = c.Width, c.K, max(c.K, c.Special), c.Rounded, c.Bounds
	ctx, stop := context.WithTimeout(ctx, c.Within)
	defer stop()
	report, err := attack.Run(ctx, in, o)
	if err != nil {
		return unusable(s.err, err)
	}
	if c.Format == "json" {
		err = attackJSON(s.out, report)
	} else {
		err = attackTable(s.out, report)
	}
	if err == nil && !report.Safe() {
		err = errFound
	}
	return err
}

// unusable says what is wrong with the input, a line each.
func unusable(w io.Writer, err error) error {
	var faults attack.Faults
	if !errors.As(err, &faults) {
		return err
	}
	_, _ = fmt.Fprintln(w, faults.Error())
	return errUnusable
}

func attackJSON(w io.Writer, r *attack.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Verdict string `json:"verdict"`
		*attack.Report
	}{verdict(r), r})
}

func verdict(r *attack.Report) string {
	switch {
	case len(r.Broken) > 0:
		return "broken"
	case len(r.Unfinished) > 0:
		return "not finished"
	}
	return "nothing broken"
}

// maxListed is how many findings of a kind the table lists; JSON has all.
const maxListed = 40

func attackTable(out io.Writer, r *attack.Report) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	line("releases\t%d (%s)", len(r.Releases), r.Mode)
	line("figures published, hidden\t%d, %d", r.Figures-r.Hidden, r.Hidden)
	line("unknowns, equations\t%d, %d", r.Unknowns, r.Equations)
	line("questions asked, linear programmes\t%d, %d", r.Questions, r.Programmes)
	line("hidden figures recovered exactly\t%d", r.Count(attack.KindExact))
	line("hidden figures known too closely\t%d", r.Count(attack.KindNarrow))
	line("answers of whole groups learnt\t%d", r.Count(attack.KindAttribute))
	line("joiners, leavers isolated\t%d, %d", r.Count(attack.KindJoiners), r.Count(attack.KindLeavers))
	line("rounded figures recovered exactly\t%d", len(r.Unpicked)+r.Count(attack.KindUnpicked))
	line("not finished\t%d", len(r.Unfinished))
	line("")
	listFindings(line, r.Broken)
	listFindings(line, r.Unfinished)
	for _, n := range r.Notes {
		line("Note: %s", n)
	}
	for _, b := range r.Bounds {
		if b.Hi == attack.Unbounded {
			line("bounds\t%s\t%s\t%d or more", b.Release, orEverybody(b.Cell), b.Lo)
			continue
		}
		line("bounds\t%s\t%s\t%d to %d", b.Release, orEverybody(b.Cell), b.Lo, b.Hi)
	}
	line("Verdict: %s", verdict(r))
	return w.Flush()
}

// listFindings lists findings, each kind up to a number.
func listFindings(line func(string, ...any), all []attack.Finding) {
	listed := map[attack.Kind]int{}
	for _, f := range all {
		if listed[f.Kind]++; listed[f.Kind] > maxListed {
			continue
		}
		release := f.Release
		if f.Since != "" {
			release = f.Since + " to " + f.Release
		}
		where := orEverybody(f.Cell)
		if f.Answer != "" {
			where += ": " + f.Answer
		}
		line("%s\t%s\t%s\t%s\t%s", f.Kind, release, where, f.Text, f.At)
	}
	for _, kind := range slices.Sorted(maps.Keys(listed)) {
		if n := listed[kind]; n > maxListed {
			line("%s\tand %d more; --format json lists all", kind, n-maxListed)
		}
	}
}

func orEverybody(cell string) string {
	if cell == "" {
		return "everybody"
	}
	return cell
}
