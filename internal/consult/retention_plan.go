package consult

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// RetentionPlan lists all that will be disposed of or has to be reviewed, with counts, what is due first first. An error names what could not be told;
// the rest is returned.
func (s *Service) RetentionPlan(ctx context.Context) ([]RetentionItem, error) {
	return s.plan(ctx, time.Time{})
}

// planner works out what is due.
type planner struct {
	*Service
	settings RetentionSettings
	version  int64
	rules    privacy.Schedule // in force
	holds    []privacy.Hold
	seen     map[string]time.Time
	reviewed map[string]time.Time
	totals   map[string][]PublishedTotals // by consultation; nil where no rule asks for them
	keeps    map[string]bool              // consultations whose survey keeps postcodes, or cannot be read
	now      time.Time
	items    []RetentionItem
	problems error
}

// planner reads what a plan is made of, with the published consultations.
func (s *Service) planner(ctx context.Context) (p *planner, all []*Consultation, err error) {
	err = s.Store.View(ctx, func(r Reader) (err error) {
		if p, err = s.plannerIn(r); err != nil {
			return err
		}
		all, err = r.Consultations(ConsultationFilter{State: Published})
		for _, c := range all {
			keeps, unread := s.keepsIn(r, c.SurveyVersion)
			if unread != nil {
				p.problems = errors.Join(p.problems, fmt.Errorf("whether %s keeps postcodes: %w", c.ID, unread))
			}
			p.keeps[c.ID] = keeps || unread != nil
		}
		return err
	})
	return p, all, err
}

// plannerIn is planner in a transaction, without consultations.
func (s *Service) plannerIn(r Reader) (p *planner, err error) {
	p = &planner{Service: s, now: r.Now(), items: []RetentionItem{}, keeps: map[string]bool{}}
	preview := RetentionPreview{}
	if p.settings, p.version, err = Retention(r); err != nil {
		return nil, err
	}
	for name, into := range map[string]any{HoldsSetting: &p.holds, previewSetting: &preview, ReviewsSetting: &p.reviewed} {
		if _, err := ReadSetting(r, name, into); err != nil {
			return nil, err
		}
	}
	p.seen, p.rules = preview.Seen, p.settings.Rules.InForce(privacy.DateOf(p.now))
	return p, p.readTotals(r)
}

// plan is RetentionPlan for what runs at the moment until or before; the zero time for all.
func (s *Service) plan(ctx context.Context, until time.Time) ([]RetentionItem, error) {
	p, all, err := s.planner(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		p.ofConsultation(c)
	}
	if err := p.ofRegisters(ctx); err != nil { // it keeps nothing else
		p.problems = errors.Join(p.problems, err)
	}
	if !until.IsZero() {
		p.items = slices.DeleteFunc(p.items, func(i RetentionItem) bool { return i.RunAt.IsZero() || i.RunAt.After(until) })
	}
	if err := p.count(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.items, func(a, b RetentionItem) int { return a.Due.Compare(b.Due) })
	return p.items, p.problems
}

// over reports whether the period of a class that lies in the responses of a consultation is over: nothing is written anew then (UK GDPR art. 5(1)(e)).
func (s *Service) over(ctx context.Context, c *Consultation, class privacy.DataClass) (bool, error) {
	p, _, err := s.planner(ctx)
	if err != nil {
		return false, err
	}
	p.ofConsultation(c) // what it cannot tell is not disposed of either
	return slices.ContainsFunc(p.items, func(i RetentionItem) bool {
		return i.Rule.Action.Automatic() && (i.Rule.Class == class || i.Rule.Class == privacy.ClassResponses) && !i.Due.After(p.now)
	}), nil
}

// disposal returns the rule by which the service disposes of a class by itself.
func (p *planner) disposal(class privacy.DataClass) (privacy.RetentionRule, bool) {
	i := slices.IndexFunc(p.rules, func(r privacy.RetentionRule) bool {
		return r.Class == class && !r.Elsewhere() && r.Action.Automatic()
	})
	if i < 0 {
		return privacy.RetentionRule{}, false
	}
	return p.rules[i], true
}

// ofConsultation adds what is held of one consultation: what its notice promises, or less where an approved rule says so.
func (p *planner) ofConsultation(c *Consultation) {
	moments := map[privacy.Trigger]time.Time{privacy.OnClosed: c.ClosesAt, privacy.OnDecision: c.Outcome.PublishedAt}
	equality, err := validUntil(c)
	asked := err == nil && len(c.Processing.Categories) > 0
	if asked {
		moments[privacy.OnConsentExpired] = equality
	}
	if kept, err := keptUntil(c); err != nil {
		p.problems = errors.Join(p.problems, err)
	} else {
		whole := p.promised(c, privacy.ClassResponses, c.Processing.Retention, kept, moments)
		texts := p.promised(c, privacy.ClassFreeText, c.Processing.Retention, kept, moments)
		postcodes := p.postcodes(c, texts, kept, moments)
		texts.Whole = !p.keeps[c.ID] || postcodes.Hold == nil && !postcodes.RunAt.After(p.now)
		p.items = append(p.items, whole)
		if texts.Due.Before(whole.Due) { // or they go with the responses
			p.items = append(p.items, texts)
		}
		if p.keeps[c.ID] && postcodes.Due.Before(whole.Due) {
			p.items = append(p.items, postcodes)
		}
	}
	if asked {
		p.items = append(p.items, p.promised(c, privacy.ClassEquality, c.Processing.EqualityPeriod, equality, moments))
	}
	for _, r := range p.rules {
		due, known := r.Due(p.totalsMoment(c, r.Class, moments))
		item := RetentionItem{Rule: r, Version: p.version, Consultation: c, Due: due}
		if r.Action == privacy.Review && known && p.reviewed[item.Key()].Before(due) {
			p.items = append(p.items, item)
		}
	}
}

// postcodes is promised for kept postcodes. Until somebody has approved a rule for them, one that was approved for free text holds for them too: it was for both when it was
// approved, or whoever approved it has not said that they stay (art. 5(1)(c), 5(1)(e)).
func (p *planner) postcodes(c *Consultation, texts RetentionItem, kept time.Time, moments map[privacy.Trigger]time.Time) RetentionItem {
	i := p.promised(c, privacy.ClassPostcodes, c.Processing.Retention, kept, moments)
	decided := slices.ContainsFunc(p.rules, func(r privacy.RetentionRule) bool {
		return r.Class == privacy.ClassPostcodes && !r.Elsewhere() && r.Approver != ""
	})
	if !decided && texts.Due.Before(i.Due) {
		i.Rule, i.Version, i.Due, i.RunAt = texts.Rule, texts.Version, texts.Due, texts.RunAt // announced with the texts
		i.Rule.Class, i.Rule.Action = privacy.ClassPostcodes, privacy.Coarsen
	}
	return i
}

// promised is what happens to a class of which the notice says until when it is kept. Nothing is kept longer (art. 5(1)(e), 13(2)(a)); it goes earlier by a
// rule that somebody has approved, once it was announced.
func (p *planner) promised(c *Consultation, class privacy.DataClass, period string, until time.Time, moments map[privacy.Trigger]time.Time) RetentionItem {
	i := RetentionItem{Consultation: c, Due: until, RunAt: until, Version: int64(c.NoticeVersion), Hold: p.hold(class, c.ID),
		Rule: privacy.RetentionRule{ID: privacy.RuleNotice, Class: class, Stage: privacy.StageService, Trigger: privacy.OnClosed, Period: period, Action: privacy.DisposalOf(class)}}
	rule, ok := p.disposal(class)
	if !ok || rule.Approver == "" {
		return i
	}
	if rule.Action == privacy.Anonymise && !p.keepTotals(c, &i) {
		return i
	}
	if due, known := rule.Due(p.totalsMoment(c, class, moments)); known && due.Before(until) {
		i.Rule, i.Version, i.Due = rule, p.version, due
		i.RunAt = p.announced(i)
		if late := lateEntryEnds(c); i.RunAt.Before(late) { // what came on paper in time is still typed in
			i.RunAt = late
		}
		if i.RunAt.After(until) {
			i.RunAt = until
		}
	}
	return i
}

// announced is the end of the item's period, or later, so that it was in a preview for as long as the council wants to know before.
func (p *planner) announced(i RetentionItem) time.Time {
	seen, ok := p.seen[i.announcement()]
	if !ok {
		seen = p.now
	}
	if from := privacy.AddPeriod(seen, privacy.Period{Days: p.settings.NoticeDays}); from.After(i.Due) {
		return from
	}
	return i.Due
}

func (p *planner) hold(class privacy.DataClass, consultationID string) *privacy.Hold {
	return holding(p.holds, class, consultationID, p.now)
}

// holding returns the hold that keeps a class, of a consultation or "", at the moment; nil for none.
func holding(holds []privacy.Hold, class privacy.DataClass, consultationID string, at time.Time) *privacy.Hold {
	for _, h := range holds {
		if h.Covers(class, consultationID, at) {
			return &h
		}
	}
	return nil
}

// ofRegisters adds the ended entries of the registers, as many as are due now, or else as become due first.
func (p *planner) ofRegisters(ctx context.Context) error {
	for _, r := range p.rules {
		if r.Class != privacy.ClassRightsCase || r.Elsewhere() {
			continue
		}
		for _, register := range privacy.Registers() {
			dues, err := p.endedEntries(ctx, register, r)
			if err != nil {
				return err
			}
			if !r.Action.Automatic() { // those that were put up for review before
				seen := p.reviewed[RetentionItem{Rule: r, Version: p.version, Register: register}.Key()]
				dues = slices.DeleteFunc(dues, func(d entryDue) bool { return !d.due.After(seen) })
			}
			if len(dues) == 0 {
				continue
			}
			i := RetentionItem{Rule: r, Version: p.version, Register: register, Due: dues[0].due}
			if r.Action.Automatic() {
				i.RunAt, i.Hold = p.announced(i), p.hold(privacy.ClassRightsCase, "")
			} else if !p.reviewed[i.Key()].Before(i.Due) {
				continue
			}
			for _, d := range dues {
				if !d.due.After(p.now) || privacy.DateOf(d.due) == privacy.DateOf(i.Due) {
					i.Count++
				}
			}
			p.items = append(p.items, i)
		}
	}
	return nil
}

// entryDue is an ended entry with the end of its period.
type entryDue struct {
	id    string
	due   time.Time
	ended privacy.Date
}

// endedEntries lists the ended entries of a register, due first. One whose key is gone was half disposed of: it is due at once.
func (s *Service) endedEntries(ctx context.Context, register privacy.Register, r privacy.RetentionRule) (out []entryDue, err error) {
	var entries []*privacy.Entry
	err = s.Store.View(ctx, func(rd Reader) (err error) {
		entries, err = rd.EndedEntries(register, math.MaxInt32)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		ended, err := s.endedAt(ctx, e)
		switch {
		case fault.Is(err, fault.NotFound):
			out = append(out, entryDue{id: e.ID, due: e.OpenedAt, ended: privacy.DateOf(e.OpenedAt)})
		case err != nil:
			return nil, err
		default:
			if due, ok := r.Due(map[privacy.Trigger]time.Time{privacy.OnCaseEnded: ended}); ok {
				out = append(out, entryDue{e.ID, due, privacy.DateOf(ended.Add(-time.Second))}) // a day ends with the first moment of the next
			}
		}
	}
	slices.SortFunc(out, func(a, b entryDue) int { return a.due.Compare(b.due) })
	return out, nil
}

// endedAt opens an entry to see when it ended: a request on the day of its outcome, a breach when it was closed.
func (s *Service) endedAt(ctx context.Context, e *privacy.Entry) (time.Time, error) {
	plain, err := s.OpenRecord(ctx, e.ID, e.Sealed, EntryPlace(e.ID))
	if err != nil {
		return time.Time{}, err
	}
	at, err := privacy.EndedAt(e.Register, plain)
	if err != nil {
		return time.Time{}, fmt.Errorf("when an entry of a register ended: %w", err)
	}
	return at, nil
}

// count counts what the items are of.
func (p *planner) count(ctx context.Context) error {
	for n := range p.items {
		i := &p.items[n]
		if i.Consultation == nil || i.Rule.Action == privacy.Review {
			continue
		}
		left, err := p.remaining(ctx, i.Rule.Class, i.Consultation.ID)
		if err != nil {
			return err
		}
		for _, l := range left { // equality answers that a crash left without their responses are something to do as well
			if i.Count == 0 {
				i.Count = l.Count
			}
		}
	}
	return nil
}

// remaining counts what is still held of a class of a consultation, by table, the class's own first. Of postcodes those count too that may still lie in free text.
func (s *Service) remaining(ctx context.Context, class privacy.DataClass, consultationID string) (out []privacy.TableCount, err error) {
	if class != privacy.ClassEquality {
		err = s.Store.View(ctx, func(r Reader) (err error) {
			n, unparted := 0, 0
			switch class {
			case privacy.ClassFreeText:
				n, err = r.FreeTextCount(consultationID)
			case privacy.ClassPostcodes:
				if n, err = r.PostcodeCount(consultationID); err == nil {
					unparted, err = unpartedLeft(r, consultationID)
				}
			default:
				n, err = r.ResponseCount(consultationID)
			}
			out = []privacy.TableCount{{Table: tableOf(class), Count: n + unparted}}
			return err
		})
		if err != nil || class == privacy.ClassFreeText || class == privacy.ClassPostcodes {
			return out, err
		}
	}
	n := 0
	err = s.Store.Equality().Profiles(ctx, consultationID, func(*EqualityProfile) error { n++; return nil })
	return append(out, privacy.TableCount{Table: tableOf(privacy.ClassEquality), Count: n}), err
}

// tableOf names what is counted, as certificates do.
func tableOf(class privacy.DataClass) string {
	switch class {
	case privacy.ClassResponses:
		return "response"
	case privacy.ClassFreeText:
		return "response.free_text"
	case privacy.ClassPostcodes:
		return "response.postcodes"
	case privacy.ClassEquality:
		return "profile"
	}
	return "register_entry"
}
