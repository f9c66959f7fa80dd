package consult

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/proof"
	"folkmoot/internal/disclosure/verify"
	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// releaseProof is what a release is checked against, whoever made it: the rules it claims to follow and the certificate of its protection
// (disclosure.md 3.4). It holds true counts, so it is kept sealed and never shown.
type releaseProof struct {
	Rules       verify.Rules
	Certificate verify.Certificate
	Memory      releaseMemory // for later releases of the survey
}

// prove makes the proof of a protected release and checks the release against it.
func (p *releasePlan) prove(in disclosure.Input, result disclosure.Result, release *Release, memory releaseMemory) (*releaseProof, verify.Summary, error) {
	certificate, err := proof.Certificate(result.Certificate)
	if err != nil {
		return nil, verify.Summary{}, err
	}
	out := &releaseProof{Rules: proof.Rules(in), Certificate: certificate, Memory: memory}
	if len(release.Tables) == 0 {
		return out, verify.Summary{}, nil // nothing is shown, and the findings say why
	}
	summary, err := out.check(append(slices.Clone(p.earlier), release))
	return out, summary, err
}

// check verifies the printed tables of a survey's releases together, in the order of publication; the certificate is that of the last. What is wrong is a fault of the program, never of the officer: the log names rules and places, never
// counts. fault.Conflict ("error.release.unproven"): nothing may leave.
func (p *releaseProof) check(all series) (verify.Summary, error) {
	var figures []verify.Figure
	for i, r := range all {
		of, err := p.figures(i, r.Tables)
		if err != nil {
			return verify.Summary{}, err
		}
		figures = append(figures, of...)
	}
	problems, summary := verify.Examine(figures, p.Rules, p.Certificate)
	for _, problem := range problems {
		slog.Error("a release does not keep its promise", "problem", problem.String())
	}
	if len(problems) > 0 {
		return summary, fault.New(fault.Conflict, "error.release.unproven")
	}
	return summary, nil
}

// figures reads the printed tables of a release as the reader of a file does. number is its place among the releases of the survey.
func (p *releaseProof) figures(number int, tables []ReleaseTable) ([]verify.Figure, error) {
	var out []verify.Figure
	for _, t := range tables {
		for _, row := range t.Rows {
			for i, column := range t.Columns {
				block, code := p.block(number, t, column)
				f := verify.Figure{Release: number, Table: block}
				f.Row = verifiedRow(t, row)
				f.Exact = row.Everybody()
				base := f
				f.Column = code
				if err := errors.Join(printed(&base, row.Base), printed(&f, row.Counts[i])); err != nil {
					return nil, err
				}
				if i == 0 || code == picked {
					out = append(out, base)
				}
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// verifiedRow is a row's code on each dimension of its table.
func verifiedRow(t ReleaseTable, row ReleaseRow) (codes []string) {
	for _, d := range [][2]string{{t.By, row.Code}, {t.ThenBy, row.Then}} {
		switch {
		case d[0] == "":
		case d[1] == totalRow:
			codes = append(codes, verify.Total)
		default:
			codes = append(codes, d[1])
		}
	}
	return codes
}

// totalRow is the code of the row of everybody.
const totalRow = "total"

// block finds the certified table of a column: options of a multiple-choice question are tables of their own, printed side by side, in
// several tables if their groups differ.
func (p *releaseProof) block(number int, t ReleaseTable, c ReleaseColumn) (id, code string) {
	for _, name := range []string{t.ID, t.ID[:max(0, strings.LastIndex(t.ID, "_"))]} {
		option := name + "." + c.Code
		if slices.ContainsFunc(p.Certificate.Blocks, func(b verify.Block) bool {
			return len(b.Tables) == 0 && b.Table == option || slices.Contains(b.Tables, verify.Table{Release: number, Table: option})
		}) {
			return option, picked
		}
	}
	return t.ID, c.Code
}

// printed reads a figure as it is printed.
func printed(f *verify.Figure, cell ReleaseCell) error {
	if cell == Hidden {
		f.Exact = false
		return nil
	}
	n, err := strconv.Atoi(string(cell))
	if err != nil {
		return fmt.Errorf("a printed count: %w", err)
	}
	f.Shown, f.Value = true, n
	return nil
}

const certificatePurpose = "release-certificate"

// keep stores the proof of a new release, sealed.
func (p *releaseProof) keep(w Writer, keys *seal.Keyring, releaseID string) error {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(p), z.Close()); err != nil {
		return fmt.Errorf("encode a proof: %w", err)
	}
	return w.AddReleaseCertificate(releaseID, keys.Seal(certificatePurpose, b.Bytes(), seal.Place("release_certificate", releaseID, "sealed")))
}

// openProof reads the proof that is kept of a release.
func openProof(r Reader, keys *seal.Keyring, releaseID string) (*releaseProof, error) {
	sealed, err := r.ReleaseCertificate(releaseID)
	if err != nil {
		return nil, err
	}
	raw, err := keys.Open(certificatePurpose, sealed, seal.Place("release_certificate", releaseID, "sealed"))
	if err != nil {
		return nil, fmt.Errorf("open a proof: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("read a proof: %w", err)
	}
	var p releaseProof
	if err := json.NewDecoder(io.LimitReader(z, maxProof)).Decode(&p); err != nil {
		return nil, fmt.Errorf("decode a proof: %w", err)
	}
	return &p, nil
}

// maxProof bounds what a proof may be when it is unpacked, in bytes.
const maxProof = 1 << 30
