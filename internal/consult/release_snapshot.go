package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// snapshot reads all responses in one view of the database, with the equality answers whose consent stands at that moment.
func (s *Service) snapshot(ctx context.Context, p *releasePlan, release *Release) error {
	return s.Store.View(ctx, func(r Reader) error {
		for _, d := range p.dims {
			d.Column = nil
		}
		p.ids, p.pace = nil, 0
		var ids strings.Builder
		since := day(r.Now().AddDate(0, 0, -paceDays))
		release.SnapshotAt, release.Responses, release.Coverage = r.Now(), 0, ReleaseCoverage{}
		if err := release.remember(r); err != nil {
			return err
		}
		admit, err := s.admission(r, p, release)
		if err != nil {
			return err
		}
		count := func(response *Response, equality survey.Answers) error {
			in, equality := admit(response, equality)
			if !in {
				return nil
			}
			ids.WriteString(response.ID + "\n")
			p.ids = append(p.ids, response.ID)
			if response.SubmittedOn > since {
				p.pace++
			}
			release.Responses++
			for _, d := range p.dims {
				d.add(response, equality)
			}
			return nil
		}
		if release.Equality = p.readsEquality(); release.Equality {
			err = s.eachWithEquality(ctx, r, p.c, count)
		} else {
			err = r.Responses(p.c.ID, func(response *Response) error { return count(response, nil) })
		}
		release.SnapshotHash = seal.Digest(ids.String())
		return err
	})
}

// protect fills in the tables, findings and report of the release, and returns its proof, which has been checked; nil where noise protects it. fault.Conflict
// ("error.release.unproven") if the check finds anything: a fault of the program, and nothing may leave.
func (p *releasePlan) protect(ctx context.Context, release *Release, keys *seal.Keyring) (*releaseProof, *DisclosureReport, error) {
	if p.noisy() {
		report, err := p.protectByNoise(release, keys)
		return nil, report, err
	}
	p.pool()
	memory := p.remembered(keys, release.ID, nil)
	in := p.input(keys, release.ID)
	policy := in.Policy
	result, err := disclosure.Protect(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	release.Policy = policyOf(policy)
	w := releaseWriter{plan: p, result: result}
	w.write(release)
	release.Dims = p.published(release)
	if release.SHA256, err = tablesHash(release.Tables); err != nil {
		return nil, nil, err
	}
	memory.State = result.State
	proof, verified, err := p.prove(in, result, release, memory)
	if err != nil {
		return nil, nil, err
	}
	found, err := p.attack(ctx, release, policy)
	if err != nil {
		return nil, nil, err
	}
	return proof, p.newReport(release, found, verified, result), nil
}

// tablesHash is Release.SHA256.
func tablesHash(tables []ReleaseTable) (string, error) {
	raw, err := json.Marshal(tables)
	if err != nil {
		return "", fmt.Errorf("encode release tables: %w", err)
	}
	return seal.Digest(string(raw)), nil
}

// input is what protection is asked: the chosen tables, of the responses of the snapshot, after the survey's earlier releases.
func (p *releasePlan) input(keys *seal.Keyring, releaseID string) disclosure.Input {
	in := disclosure.Input{Policy: p.policy(keys.ReleaseSeed(releaseID)), Records: disclosure.Records{People: len(p.ids)}, Earlier: p.state(), Progress: p.progress}
	if len(p.earlier) > 0 {
		in.Records.Seen, in.Records.Changed = p.seen(keys)
		p.left = p.anyLeft(in.Records.Seen)
	}
	for _, d := range p.dims {
		d.trim()
		in.Records.Dims = append(in.Records.Dims, d.Dim)
	}
	for _, t := range p.specs {
		in.Tables = append(in.Tables, p.tables(t)...)
	}
	return in
}

// tables are the disclosure tables of one chosen table: one, or one for each option of a multiple-choice question.
func (p *releasePlan) tables(t TableSpec) []disclosure.TableSpec {
	by := t.Dimensions()
	q, _ := p.multiple(t.Question)
	if q == nil {
		return []disclosure.TableSpec{{ID: t.ID(), Question: t.Question, By: by}}
	}
	var out []disclosure.TableSpec
	for _, column := range p.columnsOf(q) {
		out = append(out, disclosure.TableSpec{ID: t.ID() + "." + column, Question: q.ID + "." + column, By: by, Show: []string{picked}})
	}
	return out
}

func policyOf(p disclosure.Policy) ReleasePolicy {
	out := ReleasePolicy{BaseThreshold: p.BaseThreshold, CellThreshold: p.CellThreshold, SpecialThreshold: p.SpecialThreshold,
		Coalition: p.K, Rounding: p.RoundTo, PercentMinBase: p.PercentBase, MeanMinBase: p.MeanBase}
	if p.OpenLink {
		out.Coalition = max(p.K, p.OpenLinkK)
	}
	return out
}
