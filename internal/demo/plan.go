package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// plan is one consultation of the world. Days count from now; negative ones have passed.
type plan struct {
	slug    string
	library string // standard survey; empty: the definition of the world's own with the plan's name
	name    string // of its files

	created, opens, closes int
	department, telephone  string
	mailbox                string                       // before the council's domain
	young                  bool                         // for children and young people
	partner                bool                         // named as a recipient of anonymous totals
	unready                func(*consult.Details)       // makes it a draft that cannot be published yet; nil: it is published
	edit                   func(*survey.Definition)     // what the officer changes about the questions; may be nil
	responses              int                          // before scaling
	answer                 func(*person) survey.Answers // to the main questions
	outcome                int                          // day on which the outcome is published; 0 = none
	release                []consult.TableSpec          // what the partner has had; empty = nothing yet
}

// plans lists the consultations, oldest first.
func plans() []plan {
	return []plan{playAreas(), netZero(), living(), serviceFeedback(), youngPeople(), streets(), libraryHours()}
}

// consultation is a plan on its way.
type consultation struct {
	plan
	w       *world
	writing writing
	c       *consult.Consultation
	def     *survey.Definition // once it is published
}

// plan puts a consultation's life on the timeline.
func (w *world) plan(p plan) {
	k := &consultation{plan: p, w: w, writing: w.read(p.name)}
	w.happen(p.created, "09:50", k.create)
	if p.edit != nil {
		w.happen(p.created, "11:05", k.change)
	}
	w.happen(p.created, "15:40", k.describe)
	if p.young {
		w.happen(p.created+3, "10:05", k.approve)
	}
	w.happen(p.created, "16:05", k.screen)
	if p.unready != nil {
		return
	}
	w.happen(p.created, "16:50", k.decide)
	w.happen(p.created+3, "10:30", k.publish)
	if p.opens >= 0 {
		return
	}
	w.happen(p.closes, "17:00", func(context.Context) error { return nil }) // nobody's day runs on over the closing
	k.people()
	if p.outcome != 0 {
		w.happen(p.outcome, "14:00", k.report)
	}
	if p.name == "net-zero" {
		k.share()
	}
}

func (k *consultation) officer() *consult.Staff { return k.w.staff[consult.Researcher] }

func (k *consultation) create(ctx context.Context) error {
	var source []byte
	if k.library == "" {
		source = read(k.name + ".yaml")
	}
	c, faults, err := k.w.svc.CreateConsultation(ctx, k.officer(), k.library, source)
	if err != nil {
		return fmt.Errorf("create %s: %w", k.slug, err)
	}
	if len(faults) > 0 {
		return fmt.Errorf("create %s: %s", k.slug, faults[0])
	}
	k.c = c
	return nil
}

// reload reads the consultation again: everything that is done to it makes a new version.
func (k *consultation) reload(ctx context.Context) (def *survey.Definition, err error) {
	k.c, def, _, err = k.w.svc.ConsultationForStaff(ctx, k.officer(), k.c.ID)
	return def, err
}

func (k *consultation) change(ctx context.Context) error {
	def, err := k.reload(ctx)
	if err != nil {
		return err
	}
	k.edit(def)
	faults, err := k.w.svc.SaveDefinition(ctx, k.officer(), k.c.ID, k.c.Version, def)
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("%s", faults[0])
	}
	if err != nil {
		return fmt.Errorf("change the questions of %s: %w", k.slug, err)
	}
	return nil
}

func (k *consultation) describe(ctx context.Context) error {
	if _, err := k.reload(ctx); err != nil {
		return err
	}
	d := k.c.Details
	d.Title, d.Summary, d.About, d.OtherWays = k.writing.text("title"), k.writing.text("summary"), k.writing.text("about"), k.writing.text("other ways")
	d.Documents = k.writing.documents()
	d.Department, d.ContactName, d.ContactPhone = k.department, k.department, k.telephone
	d.ContactEmail = k.mailbox + "@wealdmere.example"
	if purpose := k.writing.text("purpose"); !purpose.Empty() {
		d.Processing.Purposes = slices.Clone(d.Processing.Purposes)
		d.Processing.Purposes[0].Text = purpose
	}
	d.OpensAt, d.ClosesAt, d.Population = k.w.clockTime(k.opens, "09:00"), k.w.clockTime(k.closes, "17:00"), 41000
	if k.partner {
		namePartner(&d.Processing)
	}
	if k.young {
		d.Processing.Ages.Minimum, d.Processing.Ages.Youth, d.Processing.Ages.Notice = 8, true, k.writing.text("children")
	}
	if k.unready != nil {
		k.unready(&d)
	}
	if err := k.w.svc.SaveDetails(ctx, k.officer(), k.c.ID, k.slug, k.c.Version, d); err != nil {
		return fmt.Errorf("describe %s: %w", k.slug, err)
	}
	return nil
}

// namePartner names the partner as a recipient of anonymous totals, also in the consent statement.
func namePartner(p *privacy.Processing) {
	p.Purposes = slices.Clone(p.Purposes)
	for i := range p.Purposes {
		p.Purposes[i].Recipients = []privacy.Recipient{{Name: partnerName, Form: privacy.Anonymous, Location: "United Kingdom"}}
	}
	if len(p.Categories) > 0 {
		p.Partners = []string{partnerName}
	}
}

func (k *consultation) publish(ctx context.Context) error {
	if _, err := k.reload(ctx); err != nil {
		return err
	}
	err := k.w.svc.Publish(ctx, k.officer(), k.c.ID, k.c.Version)
	if fault.Is(err, fault.Conflict) {
		ready, _ := k.w.svc.Readiness(ctx, k.officer(), k.c.ID)
		for _, f := range ready.Findings {
			if !f.Warn {
				return fmt.Errorf("publish %s: %s (%s.%s)", k.slug, f.Key, f.Page, f.Field)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("publish %s: %w", k.slug, err)
	}
	k.def, err = k.reload(ctx)
	return err
}

// report publishes what came of it.
func (k *consultation) report(ctx context.Context) error {
	if _, err := k.reload(ctx); err != nil {
		return err
	}
	o := consult.Outcome{Asked: k.writing.text("asked"), Said: k.writing.text("said"), Did: k.writing.text("did")}
	if err := k.w.svc.SaveOutcome(ctx, k.officer(), k.c.ID, k.c.Version, o, true); err != nil {
		return fmt.Errorf("outcome of %s: %w", k.slug, err)
	}
	return nil
}

// people puts everybody who answers on the timeline.
func (k *consultation) people() {
	opens, until := k.w.clockTime(k.opens, "09:00"), k.w.clockTime(k.closes, "16:30")
	if until.After(k.w.now) {
		until = k.w.now.Add(-10 * time.Minute)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(k.slug))
	for i := range int(float64(k.responses)*k.w.options.Scale + 0.5) {
		p := newPerson(rand.New(rand.NewPCG(k.w.options.Seed, h.Sum64()+uint64(i))))
		p.now = k.w.now
		k.w.timeline = append(k.w.timeline, happening{at: p.moment(opens, until), do: func(ctx context.Context) error {
			if err := k.respond(ctx, p); err != nil {
				return fmt.Errorf("response to %s: %w", k.slug, err)
			}
			return nil
		}})
	}
}

// respond sends one response, answers the consent page and the equality questions, as one person does.
func (k *consultation) respond(ctx context.Context, p *person) error {
	svc := k.w.svc
	d, err := svc.Begin(ctx, k.slug, p.language)
	if err != nil {
		return err
	}
	d.Answers = k.answer(p)
	rules, on := k.c.Processing.Ages, privacy.DateOf(svc.Now())
	if d.Ages, err = p.ages(rules, on); err != nil {
		return err
	}
	if p.consent != skipped { // who goes on to the equality questions says that they are old enough: everybody here is
		d.Ages = rules.AnswerEquality(d.Ages, p.age >= rules.Equality, on)
	}
	if p.channel != consult.Web {
		return k.takeDown(ctx, p, d)
	}
	done, err := svc.SubmitResponse(ctx, d)
	if err != nil || p.consent == skipped {
		return err
	}
	statement, err := svc.ConsentStatement(ctx, k.c, p.language)
	if err != nil {
		return err
	}
	if _, err := svc.DecideConsent(ctx, done.Code, p.consent == given, statement.Hash, p.language); err != nil || p.consent == refused {
		return err
	}
	return svc.SaveEquality(ctx, done.Code, k.c.ID, p.equality(k.def.Equality))
}

// takeDown lets an officer record what somebody said or wrote.
func (k *consultation) takeDown(ctx context.Context, p *person, d *consult.Draft) error {
	svc, by := k.w.svc, k.officer()
	kind, rec := privacy.Script, consult.Recording{Channel: p.channel}
	if p.channel == consult.Paper {
		kind, rec.ReceivedOn, rec.Scan = privacy.PaperForm, privacy.DateOf(svc.Now()), fmt.Sprintf("DEMO-%06d", k.w.scans.Add(1))
	}
	form, err := svc.IssueForm(ctx, by, k.c.ID, kind, d.Language)
	if err != nil {
		return err
	}
	rec.Form = form.Code
	done, err := svc.RecordResponse(ctx, by, d, rec)
	if err != nil || p.consent == skipped {
		return err
	}
	decision := consult.Decision{Given: p.consent == given, StatementHash: form.StatementHash}
	if _, err := svc.DecideConsentFor(ctx, by, done.Code, decision); err != nil || p.consent == refused {
		return err
	}
	return svc.SaveEqualityFor(ctx, by, done.Code, k.c.ID, p.equality(k.def.Equality))
}
