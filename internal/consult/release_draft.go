package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// maxTables bounds the tables of one release.
const maxTables = 60

// DraftRelease takes the snapshot, protects the chosen tables together and stores the draft with its findings. fault.Conflict
// ("error.release.successive") if the survey already has a published release: until the audit over successive releases
// exists a second one could be subtracted from the first. fault.Forbidden if the agreement has expired; fault.Invalid if the
// notice does not name the partner as a recipient, or the consent statement does not name it and a table needs equality answers.
func (s *Service) DraftRelease(ctx context.Context, by *Staff, consultationID, agreementID string, title locale.Text, specs []TableSpec) (*Release, error) {
	if err := allow(by, ProposeReleases); err != nil {
		return nil, err
	}
	plan, err := s.planRelease(ctx, consultationID, agreementID, title, specs)
	if err != nil {
		return nil, err
	}
	release := &Release{ID: seal.RandomID(), ConsultationID: consultationID, AgreementID: agreementID, Title: title,
		State: ReleaseDraft, Specs: specs, DraftedBy: by.ID}
	if err := s.snapshot(ctx, plan, release); err != nil {
		return nil, err
	}
	proof, err := plan.protect(release, s.Keys.ReleaseSeed(release.ID))
	if err != nil {
		return nil, err
	}
	sealed, err := proof.seal(s.Keys, release.ID)
	if err != nil {
		return nil, err
	}
	var out *Release
	err = s.Store.Update(ctx, func(w Writer) error {
		if err := firstRelease(w, consultationID); err != nil {
			return err
		}
		stored := *release
		if err := errors.Join(w.AddRelease(&stored), w.AddReleaseCertificate(release.ID, sealed)); err != nil {
			return err
		}
		e := event(actor(by), "release.draft", "release:"+release.ID, "tables", fmt.Sprint(len(release.Tables)),
			"responses", fmt.Sprint(release.Responses))
		if err := w.AppendAudit(e); err != nil {
			return err
		}
		out, err = w.Release(release.ID)
		return err
	})
	return out, err
}

// firstRelease returns fault.Conflict if the survey has a release that left the service, revoked ones too: what was received stays known.
func firstRelease(r Reader, consultationID string) error {
	all, err := r.ReleasesOf(consultationID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o *Release) bool { return o.State == ReleasePublished || o.State == ReleaseRevoked }) {
		return fault.New(fault.Conflict, "error.release.successive")
	}
	return nil
}

// releasePlan is a release before its figures: whose, and the dimensions of its tables.
type releasePlan struct {
	c     *Consultation
	src   releaseSource
	dims  []*releaseDim
	specs []TableSpec
	open  bool // the consultation still takes responses

	partner string // name of the partner
}

func (s *Service) planRelease(ctx context.Context, consultationID, agreementID string, title locale.Text, specs []TableSpec) (*releasePlan, error) {
	if strings.TrimSpace(title[locale.English]) == "" {
		return nil, fault.New(fault.Invalid, "error.release.title").At("title.en")
	}
	if err := firstLong(bound{"title", title, maxLine}); err != nil {
		return nil, err
	}
	p := &releasePlan{specs: specs}
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if p.c, err = r.Consultation(consultationID); err != nil {
			return err
		}
		if p.c.State != Published {
			return fault.New(fault.Conflict, "error.release.draft")
		}
		if err = firstRelease(r, consultationID); err != nil {
			return err
		}
		p.open = r.Now().Before(p.c.ClosesAt)
		p.partner, err = mayReceive(r, agreementID, p.c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.src.def, err = s.shown(ctx, p.c.SurveyVersion); err != nil {
		return nil, err
	}
	if p.src.g, err = s.Geography(ctx); err != nil {
		return nil, err
	}
	return p, p.choose()
}

// mayReceive returns the partner of an agreement that stands, if people were told: the notice names it among the recipients.
func mayReceive(r Reader, agreementID string, c *Consultation) (partnerName string, err error) {
	a, err := r.Agreement(agreementID)
	if err != nil {
		return "", err
	}
	if a.expired(r.Now()) {
		return "", fault.New(fault.Forbidden, "error.agreement.expired")
	}
	partner, err := r.Partner(a.PartnerID)
	if err != nil {
		return "", err
	}
	named := slices.ContainsFunc(c.Processing.Purposes, func(p privacy.Purpose) bool {
		return slices.ContainsFunc(p.Recipients, func(rec privacy.Recipient) bool { return rec.Name == partner.Name })
	})
	if !named {
		return "", fault.New(fault.Invalid, "error.release.recipient", "Partner", partner.Name)
	}
	return partner.Name, nil
}

// needsEquality reports whether the table reads equality answers.
func (p *releasePlan) needsEquality(t TableSpec) bool {
	_, q := p.src.def.EqualityQuestion(t.Question)
	_, by := p.src.def.EqualityQuestion(t.By)
	return q || by
}

// choose makes the dimensions of the chosen tables. Each table may be chosen once.
func (p *releasePlan) choose() error {
	if len(p.specs) == 0 || len(p.specs) > maxTables {
		return fault.New(fault.Invalid, "error.release.tables", "Max", maxTables)
	}
	seen := map[TableSpec]bool{}
	for _, t := range p.specs {
		if seen[t] || t.Question == t.By {
			return fault.New(fault.Invalid, "error.release.twice", "Question", t.Question)
		}
		seen[t] = true
		if err := p.need(t); err != nil {
			return err
		}
		if p.needsEquality(t) && !slices.Contains(p.c.Processing.Partners, p.partner) {
			return fault.New(fault.Invalid, "error.release.consent", "Partner", p.partner)
		}
	}
	return nil
}

func (p *releasePlan) need(t TableSpec) error {
	if t.By != "" {
		if err := p.dimension(t.By); err != nil {
			return err
		}
	}
	q, special := p.multiple(t.Question)
	if q == nil {
		if t.Question == ByChannel || t.Question == ByLanguage {
			return unknownDimension(t.Question)
		}
		return p.dimension(t.Question)
	}
	for _, o := range q.Options {
		if d := p.src.option(*q, o, special); p.find(d.Name) == nil {
			p.dims = append(p.dims, d)
		}
	}
	return nil
}

// multiple returns the multiple-choice question with the id, and whether it is an equality question.
func (p *releasePlan) multiple(id string) (*survey.Question, bool) {
	if q, ok := p.src.def.EqualityQuestion(id); ok && q.Kind == survey.Multiple {
		return &q, true
	}
	if q, ok := p.src.def.Question(id); ok && q.Kind == survey.Multiple {
		return &q, false
	}
	return nil, false
}

func (p *releasePlan) dimension(id string) error {
	if p.find(id) != nil {
		return nil
	}
	d, err := p.src.question(id)
	if err != nil {
		return err
	}
	p.dims = append(p.dims, d)
	return nil
}

func (p *releasePlan) find(name string) *releaseDim {
	for _, d := range p.dims {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// snapshot reads all responses in one view of the database, with the equality answers whose consent stands at that moment.
func (s *Service) snapshot(ctx context.Context, p *releasePlan, release *Release) error {
	return s.Store.View(ctx, func(r Reader) error {
		for _, d := range p.dims {
			d.Column = nil
		}
		var ids strings.Builder
		release.SnapshotAt, release.Responses = r.Now(), 0
		if err := release.remember(r); err != nil {
			return err
		}
		count := func(response *Response, equality survey.Answers) error {
			ids.WriteString(response.ID + "\n")
			release.Responses++
			for _, d := range p.dims {
				d.add(response, equality)
			}
			return nil
		}
		var err error
		if release.Equality = slices.ContainsFunc(p.specs, p.needsEquality); release.Equality {
			err = s.eachWithEquality(ctx, r, p.c, count)
		} else {
			err = r.Responses(p.c.ID, func(response *Response) error { return count(response, nil) })
		}
		release.SnapshotHash = seal.Digest(ids.String())
		return err
	})
}

// protect fills in the tables, findings and report of the release, and returns its proof, which has been checked. fault.Conflict
// ("error.release.unproven") if the check finds anything: a fault of the program, and nothing may leave.
func (p *releasePlan) protect(release *Release, seed []byte) (*releaseProof, error) {
	policy := disclosure.Default()
	policy.OpenLink, policy.Seed = p.c.OpenLink, seed
	in := disclosure.Input{Policy: policy, Records: disclosure.Records{People: release.Responses}}
	for _, d := range p.dims {
		d.trim()
		in.Records.Dims = append(in.Records.Dims, d.Dim)
	}
	for _, t := range p.specs {
		in.Tables = append(in.Tables, p.tables(t)...)
	}
	result, err := disclosure.Protect(in)
	if err != nil {
		return nil, err
	}
	release.Policy = policyOf(policy)
	w := releaseWriter{plan: p, result: result}
	w.write(release)
	raw, err := json.Marshal(release.Tables)
	if err != nil {
		return nil, fmt.Errorf("encode release tables: %w", err)
	}
	release.SHA256 = seal.Digest(string(raw))
	return p.prove(in, result, release)
}

// tables are the disclosure tables of one chosen table: one, or one for each option of a multiple-choice question.
func (p *releasePlan) tables(t TableSpec) []disclosure.TableSpec {
	var by []string
	if t.By != "" {
		by = []string{t.By}
	}
	q, _ := p.multiple(t.Question)
	if q == nil {
		return []disclosure.TableSpec{{ID: tableID(t), Question: t.Question, By: by}}
	}
	var out []disclosure.TableSpec
	for _, o := range q.Options {
		name := q.ID + "." + o.Code
		out = append(out, disclosure.TableSpec{ID: tableID(t) + "." + o.Code, Question: name, By: by, Show: []string{picked}})
	}
	return out
}

func tableID(t TableSpec) string {
	if t.By == "" {
		return "q_" + t.Question
	}
	return "q_" + t.Question + "_by_" + t.By
}

func policyOf(p disclosure.Policy) ReleasePolicy {
	out := ReleasePolicy{BaseThreshold: p.BaseThreshold, CellThreshold: p.CellThreshold, SpecialThreshold: p.SpecialThreshold,
		Coalition: p.K, Rounding: p.RoundTo, PercentMinBase: p.PercentBase, MeanMinBase: p.MeanBase}
	if p.OpenLink {
		out.Coalition = max(p.K, p.OpenLinkK)
	}
	return out
}
