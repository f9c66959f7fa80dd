package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writeXLSX writes pages as an Office Open XML workbook. The same pages give the same bytes.
func writeXLSX(w io.Writer, pages []page) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it is in memory
	var b bytes.Buffer
	if err := fillXLSX(f, pages); err != nil {
		return err
	}
	if err := f.Write(&b); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return repack(w, b.Bytes())
}

func fillXLSX(f *excelize.File, pages []page) error {
	styles := map[string]int{}
	for i, p := range pages {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", p.name); err != nil {
				return fmt.Errorf("name a sheet: %w", err)
			}
		} else if _, err := f.NewSheet(p.name); err != nil {
			return fmt.Errorf("add a sheet: %w", err)
		}
		s, err := f.NewStreamWriter(p.name)
		if err != nil {
			return fmt.Errorf("open a sheet: %w", err)
		}
		if err := s.SetColWidth(1, 1, 40); err != nil {
			return fmt.Errorf("set a width: %w", err)
		}
		for n, line := range p.lines {
			cells := make([]any, len(line))
			for j, c := range line {
				if cells[j], err = xlsxCell(f, styles, c); err != nil {
					return err
				}
			}
			if err := s.SetRow("A"+strconv.Itoa(n+1), cells); err != nil {
				return fmt.Errorf("write a line: %w", err)
			}
		}
		if err := s.Flush(); err != nil {
			return fmt.Errorf("close a sheet: %w", err)
		}
	}
	return nil
}

// xlsxCell makes a typed cell: texts stay texts, whatever they begin with, so nothing is ever a formula.
func xlsxCell(f *excelize.File, styles map[string]int, c cell) (excelize.Cell, error) {
	key := fmt.Sprint(c.number, c.decimals, c.strong)
	style, ok := styles[key]
	if !ok {
		s := &excelize.Style{}
		if c.strong {
			s.Font = &excelize.Font{Bold: true}
		}
		if c.number {
			format := "0"
			if c.decimals > 0 {
				format += "." + strings.Repeat("0", c.decimals)
			}
			s.CustomNumFmt = &format
		}
		var err error
		if style, err = f.NewStyle(s); err != nil {
			return excelize.Cell{}, fmt.Errorf("add a style: %w", err)
		}
		styles[key] = style
	}
	out := excelize.Cell{StyleID: style, Value: c.text}
	if c.number {
		n, err := strconv.ParseFloat(c.text, 64)
		if err != nil {
			return excelize.Cell{}, fmt.Errorf("read a printed figure: %w", err)
		}
		out.Value = n
	}
	return out, nil
}

// repack writes the members of a zip file in the order of their names, without times, so that the same content is the same file.
func repack(w io.Writer, file []byte) error {
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return fmt.Errorf("read a workbook back: %w", err)
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, member := range in.File {
		if err := copyMember(out, member); err != nil {
			return fmt.Errorf("repack a workbook: %w", err)
		}
	}
	return out.Close()
}

func copyMember(out *zip.Writer, member *zip.File) error {
	r, err := member.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	w, err := out.CreateHeader(&zip.FileHeader{Name: member.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}
