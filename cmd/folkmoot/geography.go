package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

type geographyCommand struct {
	storage
	File  string `arg:"" type:"existingfile" help:"CSV with the columns postcode, ward, ward_en, ward_cy, area, area_en, area_cy; one line a postcode."`
	Apply bool   `help:"Replace the council's table. Without it the file is only checked."`
}

// geographyColumns is the header line, as in surveys/demo/wards.csv.
var geographyColumns = []string{"postcode", "ward", "ward_en", "ward_cy", "area", "area_en", "area_cy"}

// Run checks the table that turns postcodes into wards and, with Apply, stores it. The service must not be running on an embedded database.
func (c geographyCommand) Run(ctx context.Context, s *surroundings) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	g, faults := readGeography(file)
	for _, f := range faults {
		_, _ = fmt.Fprintf(s.out, "%s: %s\n", c.File, f)
	}
	if len(faults) > 0 {
		_, _ = fmt.Fprintf(s.out, "%d found; nothing was changed\n", len(faults))
		return errFound
	}
	_, _ = fmt.Fprintf(s.out, "%s: %d postcodes, %d wards, %d areas\n", c.File, len(g.Postcodes), len(g.Wards), len(g.Areas))
	if !c.Apply {
		_, err := fmt.Fprintln(s.out, "Nothing was changed. Add --apply to store it.")
		return err
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
	by := &consult.Staff{ID: "command-line", Role: consult.Administrator}
	return service(db, keys, false, "").SaveGeography(ctx, by, g)
}

// readGeography reads the table and names every fault with its line.
func readGeography(r io.Reader) (*consult.Geography, []string) {
	var faults []string
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = len(geographyColumns)
	header, err := rows.Read()
	if err != nil || !slices.Equal(header, geographyColumns) {
		return nil, []string{"line 1: the columns must be " + strings.Join(geographyColumns, ",")}
	}
	g := &consult.Geography{Postcodes: map[string]string{}}
	wards, areas := map[string]consult.Ward{}, map[string]consult.Area{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := rows.FieldPos(0)
		if err != nil {
			return nil, append(faults, err.Error())
		}
		say := func(format string, args ...any) {
			faults = append(faults, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
		}
		postcode, ok := survey.CanonicalPostcode(row[0])
		if !ok {
			say("%q is not a postcode", row[0])
		} else if had, twice := g.Postcodes[postcode]; twice && had != row[1] {
			say("%s is in two wards, %s and %s", postcode, had, row[1])
		}
		g.Postcodes[postcode] = row[1]
		a := consult.Area{Code: row[4], Label: locale.Text{locale.English: row[5], locale.Welsh: row[6]}}
		if had, known := areas[a.Code]; !known {
			areas[a.Code] = a
			g.Areas = append(g.Areas, a)
		} else if had.Label[locale.English] != row[5] {
			say("area %s has two names", a.Code)
		}
		w := consult.Ward{Code: row[1], Label: locale.Text{locale.English: row[2], locale.Welsh: row[3]}, Area: row[4]}
		if had, known := wards[w.Code]; !known {
			wards[w.Code] = w
			g.Wards = append(g.Wards, w)
		} else if had.Area != w.Area || had.Label[locale.English] != row[2] {
			say("ward %s has two names or lies in two areas", w.Code)
		}
		for i, name := range geographyColumns[1:6] {
			if row[i+1] == "" && name != "ward_cy" {
				say("%s is empty", name)
			}
		}
	}
	return g, faults
}
