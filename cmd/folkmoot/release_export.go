package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/disclosure/attack"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
)

type exportReleaseCommand struct {
	Format string `enum:"cells" default:"cells" help:"Form: cells is cells.csv with dims.csv and codes.csv beside it."`
	Out    string `required:"" type:"path" help:"Folder to write. It must not exist yet, or be empty."`
	Label  string `help:"Label of the release in cells.csv. Labels sort in the order of publication; without it the day of publication and the id."`
	People string `enum:",static,append,churn" default:"" help:"For several releases: static (the same people), append (people only joined) or churn (people joined and left)."`
	File   string `arg:"" name:"release" type:"existingfile" help:"The JSON file of the release, as partners and the public download it."`
}

// Run writes the release from its public file alone, so that whoever attacks it has what every reader has.
func (c exportReleaseCommand) Run(s *surroundings) error {
	if entries, err := os.ReadDir(c.Out); err == nil && len(entries) > 0 {
		_, _ = fmt.Fprintf(s.err, "%s: the folder is not empty\n", c.Out)
		return errUnusable
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	release, err := export.ReadRelease(f)
	if fault.Is(err, fault.Invalid) {
		_, _ = fmt.Fprintf(s.err, "%s: %s\n", c.File, inEnglish(err))
		return errUnusable
	}
	if err != nil {
		return err
	}
	if release.Policy.Noise != nil { // no figure of it is certain, so there is nothing to bound
		_, _ = fmt.Fprintf(s.err, "%s: its figures have random noise, which has no bounds that are certain: there is nothing in it that attack could work out\n", c.File)
		return errUnusable
	}
	label := c.Label
	if label == "" {
		label = release.PublishedAt.Format(time.DateOnly) + "-" + release.ID
	}
	files := cellFiles(release.Published(label))
	if c.People != "" {
		files["meta.csv"] = csvFile([]string{"key", "value"}, [][]string{{"releases", c.People}})
	}
	if err := writeFolder(c.Out, files); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Written to %s. Try it with: folkmoot attack %s\n", c.Out, c.Out)
	return err
}

// cellFiles writes what was published in the files that attack reads (docs/attack.md).
func cellFiles(in attack.Input) map[string][]byte {
	var dims, codes, cells [][]string
	var names []string
	for _, d := range in.Dims {
		names = append(names, d.Name)
		dims = append(dims, []string{d.Name, string(d.Role), "yes"})
		for _, c := range d.Codes {
			for _, parent := range append(slices.Clone(c.Parents), make([]string, max(0, 1-len(c.Parents)))...) {
				codes = append(codes, []string{d.Name, c.Name, parent, ""})
			}
		}
	}
	for _, c := range in.Cells {
		status := "p"
		if c.Hidden {
			status = "s"
		}
		line := []string{c.Release, c.Table, string(c.Measure), c.Over, number(c.Value), number(c.Lo), number(c.Hi), status}
		for _, n := range names {
			line = append(line, c.Codes[n])
		}
		cells = append(cells, line)
	}
	return map[string][]byte{"dims.csv": csvFile([]string{"dim", "role", "complete"}, dims), "codes.csv": csvFile([]string{"dim", "code", "parent", "score"}, codes),
		"cells.csv": csvFile(append(slices.Clone(cellColumns), names...), cells)}
}

func csvFile(header []string, rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(header) // a buffer takes everything
	_ = w.WriteAll(rows)
	return b.Bytes()
}

// number writes a decimal as it was printed; nothing for none.
func number(d *attack.Decimal) string {
	if d == nil {
		return ""
	}
	digits, sign := strconv.FormatInt(d.Units, 10), ""
	if strings.HasPrefix(digits, "-") {
		digits, sign = digits[1:], "-"
	}
	if d.Places == 0 {
		return sign + digits
	}
	for len(digits) <= d.Places {
		digits = "0" + digits
	}
	return sign + digits[:len(digits)-d.Places] + "." + digits[len(digits)-d.Places:]
}
