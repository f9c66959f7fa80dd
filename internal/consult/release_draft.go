package consult

import (
	"context"
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

// DraftRelease takes the snapshot, protects the chosen tables together with all that the survey released before, and stores the draft with
// its findings. What cannot be released yet is in the findings too, with when it could be (disclosure.md R10). fault.Forbidden if the agreement has expired; fault.Invalid if the
// notice does not name the partner as a recipient, or the consent statement does not name it and a table needs equality answers.
func (s *Service) DraftRelease(ctx context.Context, by *Staff, consultationID, agreementID string, title locale.Text, specs []TableSpec) (*Release, error) {
	choice := ReleaseChoice{consultationID, agreementID, title, specs}
	if err := s.checkRelease(ctx, by, choice); err != nil {
		return nil, err
	}
	return s.draftRelease(ctx, by, choice, nil)
}

// ReleaseChoice is what an officer chooses for a release.
type ReleaseChoice struct {
	ConsultationID, AgreementID string
	Title                       locale.Text
	Specs                       []TableSpec
}

// checkRelease refuses what could not be drafted, before anything is counted.
func (s *Service) checkRelease(ctx context.Context, by *Staff, choice ReleaseChoice) error {
	if err := by.Allow(ProposeReleases); err != nil {
		return err
	}
	if strings.TrimSpace(choice.Title[locale.English]) == "" {
		return fault.New(fault.Invalid, "error.release.title").At("title.en")
	}
	if err := firstLong(bound{"title", choice.Title, maxLine}); err != nil {
		return err
	}
	_, err := s.planRelease(ctx, choice.ConsultationID, choice.AgreementID, choice.Specs)
	return err
}

// draftRelease makes and stores the draft. progress, if not nil, is told how far protection is.
func (s *Service) draftRelease(ctx context.Context, by *Staff, choice ReleaseChoice, progress func(disclosure.Progress)) (*Release, error) {
	plan, err := s.planRelease(ctx, choice.ConsultationID, choice.AgreementID, choice.Specs)
	if err != nil {
		return nil, err
	}
	plan.progress = progress
	release := &Release{ID: seal.RandomID(), Earlier: plan.earlier.ids(), ConsultationID: choice.ConsultationID, AgreementID: choice.AgreementID, Title: choice.Title,
		State: ReleaseDraft, Specs: choice.Specs, DraftedBy: by.ID}
	if err := s.snapshot(ctx, plan, release); err != nil {
		return nil, err
	}
	proof, report, err := plan.protect(ctx, release, s.Keys)
	if err != nil {
		return nil, err
	}
	locked, err := report.lock(s.Keys, release)
	if err != nil {
		return nil, err
	}
	var out *Release
	err = s.Store.Update(ctx, func(w Writer) error {
		stored := *release
		if err := errors.Join(w.AddRelease(&stored), w.SetReleaseReport(release.ID, locked)); err != nil {
			return err
		}
		if proof != nil {
			if err := proof.keep(w, s.Keys, release.ID); err != nil {
				return err
			}
		}
		e := event(by.Actor(), "release.draft", "release:"+release.ID, "tables", fmt.Sprint(len(release.Tables)),
			"responses", fmt.Sprint(release.Responses), "report_sha256", release.ReportSHA256)
		if err := w.AppendAudit(e); err != nil {
			return err
		}
		out, err = w.Release(release.ID)
		return err
	})
	return out, err
}

// releasePlan is a release before its figures: whose, and the dimensions of its tables.
type releasePlan struct {
	c     *Consultation
	src   releaseSource
	dims  []*releaseDim
	specs []TableSpec
	pools map[string][]string // columns of multiple-choice questions, once the responses are counted: see columnsOf
	ids   []string            // of the responses that are counted, in the order of the columns
	open  bool                // the consultation still takes responses
	pace  int                 // responses of the last paceDays days
	left  bool                // somebody who was counted in an earlier release has withdrawn since

	earlier series          // what left already
	proofs  []*releaseProof // of each, with what is kept of it; none where figures have noise
	spent   []PrivacyLoss   // what those with noise have cost

	protection Protection
	progress   func(disclosure.Progress)

	partner string // name of the partner
	history privacy.History
}

func (s *Service) planRelease(ctx context.Context, consultationID, agreementID string, specs []TableSpec) (*releasePlan, error) {
	p := &releasePlan{specs: specs}
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if p.c, err = r.Consultation(consultationID); err != nil {
			return err
		}
		if p.c.State != Published {
			return fault.New(fault.Conflict, "error.release.draft")
		}
		if err = p.recall(r, s.Keys); err != nil {
			return err
		}
		if p.protection, _, err = protectionIn(r); err != nil {
			return err
		}
		if p.history, _, err = history(r, p.c); err != nil {
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
	if err := p.choose(); err != nil {
		return nil, err
	}
	return p, p.keep()
}

// mayReceive returns the partner of an agreement that stands and promises not to use figures for marketing, if people were told: the notice names it among the
// recipients.
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
	if !a.NotMarketing { // councils.md S3-14: what was published before stays, nothing more follows
		return "", fault.New(fault.Forbidden, "error.release.marketing", "Partner", partner.Name)
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
	return q || slices.ContainsFunc(t.Dimensions(), func(d string) bool {
		_, special := p.src.def.EqualityQuestion(d)
		return special
	})
}

// readsEquality reports whether any dimension is an equality question, also one that only earlier releases have.
func (p *releasePlan) readsEquality() bool {
	return slices.ContainsFunc(p.dims, func(d *releaseDim) bool {
		question, _, _ := strings.Cut(d.Name, ".")
		_, is := p.src.def.EqualityQuestion(question)
		return is
	})
}

// choose makes the dimensions of the chosen tables. Each table may be chosen once.
func (p *releasePlan) choose() error {
	if len(p.specs) == 0 || len(p.specs) > maxTables {
		return fault.New(fault.Invalid, "error.release.tables", "Max", maxTables)
	}
	seen := map[TableSpec]bool{}
	for _, t := range p.specs {
		turned := TableSpec{t.Question, t.ThenBy, t.By} // the same figures in another order
		named := t.Dimensions()
		switch {
		case t.By == "" && t.ThenBy != "":
			return unknownDimension(t.By)
		case seen[t], t.ThenBy != "" && seen[turned], slices.Contains(named, t.Question), t.By != "" && t.By == t.ThenBy:
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
	for _, by := range t.Dimensions() {
		if err := p.dimension(by); err != nil {
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
	for _, column := range p.columnsOf(q) {
		if p.find(q.ID+"."+column) == nil {
			p.dims = append(p.dims, p.src.column(*q, column, special))
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
