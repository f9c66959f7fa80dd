package consult

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Readiness lists every reason why the consultation cannot be published, and warnings.
func (s *Service) Readiness(ctx context.Context, by *Staff, id string) (out Readiness, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return Readiness{}, err
	}
	held, err := s.heldRecipients(ctx)
	if err != nil {
		return Readiness{}, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		c, err := r.Consultation(id)
		if err != nil {
			return err
		}
		if out, err = s.readiness(r, c); err == nil {
			out.Findings = append(out.Findings, unregistered(c.Processing, held)...)
		}
		return err
	})
	return out, err
}

// readiness is all that blocks; Readiness warns of more.
func (s *Service) readiness(r Reader, c *Consultation) (Readiness, error) {
	council, err := s.councilIn(r)
	if err != nil {
		return Readiness{}, err
	}
	check := readinessCheck{c: c, council: council, bank: s.Bank, now: r.Now()}
	check.survey()
	check.details()
	check.dates()
	check.notice()
	switch other, err := r.ConsultationBySlug(c.Slug); {
	case err == nil && other.ID != c.ID:
		check.block("details", "slug", "error.consultation.slug_taken", "")
	case err != nil && !fault.Is(err, fault.NotFound):
		return Readiness{}, err
	}
	screening, err := s.screeningOf(r, c)
	if err != nil {
		return Readiness{}, err
	}
	check.screening(screening)
	version, err := nextNotice(r, c.Slug)
	if err != nil {
		return Readiness{}, err
	}
	notice := privacy.NewNoticeVersion(c.Slug, version, r.Now(), council, c.Title, c.Processing)
	return Readiness{Findings: check.findings, Notice: &notice}, nil
}

// nextNotice is the version that the consultation's notice would get.
func nextNotice(r Reader, id string) (int, error) {
	for version := 1; ; version++ {
		_, err := r.Notice(id, version)
		if fault.Is(err, fault.NotFound) {
			return version, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

type readinessCheck struct {
	c        *Consultation
	council  privacy.Council
	bank     survey.Bank
	now      time.Time
	def      *survey.Definition
	findings []Finding
}

func (k *readinessCheck) add(f Finding) { k.findings = append(k.findings, f) }

func (k *readinessCheck) block(page, field, key, clause string, args ...any) {
	k.add(Finding{Key: key, Args: args, Page: page, Field: field, Clause: clause})
}

func (k *readinessCheck) warn(page, field, key, clause string, args ...any) {
	k.add(Finding{Key: key, Args: args, Page: page, Field: field, Clause: clause, Warn: true})
}

func (k *readinessCheck) survey() {
	var faults []survey.Fault
	k.def, faults = survey.Parse(k.c.Source, k.bank)
	for _, f := range faults {
		k.block("survey", f.Path, f.Key, "", f.Args...)
	}
	if k.def == nil {
		return
	}
	if len(k.def.Questions()) == 0 {
		k.block("survey", "", "readiness.no_question", "")
	}
	for _, lang := range k.c.Languages {
		if !slices.Contains(k.def.Languages, lang) {
			k.block("survey", "languages", "readiness.survey_language_"+string(lang), "UK GDPR art. 12(1)")
		}
		if slices.Contains(k.def.Unchecked, lang) {
			k.warn("survey", "languages", "readiness.unchecked_"+string(lang), "")
		}
	}
	for _, q := range k.def.Questions() {
		if q.Special { // its answers would be stored before anybody has consented
			k.block("survey", q.ID, "readiness.special", "UK GDPR art. 9(1)", "Question", q.ID)
		}
	}
}

// details asks for every text in every language of the consultation (a translation that is missing blocks: consultations.md 4).
func (k *readinessCheck) details() {
	c := k.c
	for _, f := range []struct {
		field string
		text  locale.Text
	}{{"title", c.Title}, {"summary", c.Summary}, {"about", c.About}} {
		k.texts("details", f.field, f.text, true)
	}
	k.texts("details", "other_ways", c.OtherWays, false)
	if c.OtherWays.Empty() {
		k.warn("details", "other_ways", "readiness.other_ways", "Equality Act 2010 s.20")
	}
	for i, doc := range c.Documents {
		field := "documents." + strconv.Itoa(i)
		k.texts("details", field+".title", doc.Title, true)
		k.texts("details", field+".body", doc.Body, doc.URL == "")
	}
	if c.ContactEmail == "" && c.ContactPhone == "" {
		k.block("details", "contact_email", "readiness.contact", "UK GDPR art. 13(1)(a)")
	}
	for _, lang := range c.Languages {
		if !slices.Contains(k.council.Languages, lang) {
			k.block("details", "languages", "readiness.council_language_"+string(lang), "UK GDPR art. 12(1)")
		}
	}
}

// texts blocks once for each language in which the text is missing; an optional text may be missing in all.
func (k *readinessCheck) texts(page, field string, t locale.Text, required bool) {
	if t.Empty() && !required {
		return
	}
	for _, lang := range k.c.Languages {
		if strings.TrimSpace(t[lang]) == "" {
			k.block(page, field+"."+string(lang), "readiness.text_"+string(lang), "", "Field", field)
		}
	}
}

// dates: opening and closing have to make sense, and people need time (Gunning 3; Cabinet Office principle E).
func (k *readinessCheck) dates() {
	c := k.c
	from := c.OpensAt
	if from.Before(k.now) {
		from = k.now
	}
	switch {
	case !c.ClosesAt.After(c.OpensAt):
		k.block("timetable", "closes_at", "readiness.dates.order", "")
	case !c.ClosesAt.After(k.now):
		k.block("timetable", "closes_at", "readiness.dates.past", "")
	case c.ClosesAt.After(from.AddDate(2, 0, 0)):
		k.block("timetable", "closes_at", "readiness.dates.long", "UK GDPR art. 5(1)(e)")
	case c.ClosesAt.Before(from.AddDate(0, 0, 7)):
		k.warn("timetable", "closes_at", "readiness.dates.short", "Gunning principle 3")
	}
}

// notice runs the notice linter and asks that the consent statement names every category that is asked.
func (k *readinessCheck) notice() {
	equality := k.def != nil && len(k.def.Equality) > 0
	processing := k.c.Processing
	if !processing.Ages.Approval.CoversWords(processing.Ages, EqualityAsked(k.def)) { // it was given for others
		processing.Ages.Approval = nil
	}
	for _, f := range privacy.LintNotice(k.council, processing, equality, k.c.Languages) {
		page, field := noticePage(f.Field)
		k.add(Finding{Key: f.Key, Args: f.Args, Page: page, Field: field, Clause: f.Clause, Warn: f.Severity == privacy.Warn})
	}
	if !equality {
		return
	}
	for _, asked := range categories(k.def, k.bank) {
		named := slices.ContainsFunc(k.c.Processing.Categories, func(t locale.Text) bool {
			return strings.EqualFold(t[locale.English], asked[locale.English])
		})
		if !named {
			k.block("consent", "categories", "readiness.category", "UK GDPR art. 9(2)(a)", "Category", asked)
		}
	}
}

// screening: a consultation is screened for a DPIA before anybody's information is collected, and one that is needed is approved (UK GDPR art. 35(1)).
func (k *readinessCheck) screening(s ScreeningState) {
	clause := map[privacy.Standing]string{privacy.ScreeningReview: "UK GDPR art. 35(11)", privacy.ScreeningStale: "UK GDPR art. 35(11)", privacy.ScreeningRefused: "UK GDPR art. 35(2)"}
	if s.Standing != privacy.ScreeningStands {
		k.block("screening", "", "readiness.screening."+string(s.Standing), cmp.Or(clause[s.Standing], "UK GDPR art. 35(1)"))
		return
	}
	if d := s.Last.Decision; d != nil && d.Ruling == privacy.RulingApproved && s.Platform.Missing(privacy.DateOf(k.now)) { // what the approval rests on
		k.block("screening", "", "readiness.screening.platform", "UK GDPR art. 35(11)")
	}
}

// noticePage says which office page mends a finding of the linter.
func noticePage(field string) (page, name string) {
	if name, ok := strings.CutPrefix(field, "council."); ok {
		return "settings", name
	}
	head, name, _ := strings.Cut(field, ".")
	if head == "ages" {
		return "ages", name
	}
	if slices.Contains([]string{"categories", "uses", "partners", "if_they_say_no", "equality_period"}, head) {
		return "consent", field
	}
	return "notice", field
}

// freeze stores the definition with everything it takes from the bank, and pins it: a later bank does not change what was asked.
func (s *Service) freeze(w Writer, c *Consultation) error {
	def, faults := survey.Parse(c.Source, s.Bank)
	if len(faults) > 0 {
		return fault.New(fault.Conflict, "error.publish.not_ready")
	}
	frozen, err := survey.Freeze(def)
	if err != nil {
		return err
	}
	c.SurveyVersion = survey.Version(frozen)
	return w.AddSurveySource(c.SurveyVersion, frozen)
}

// Publish freezes the survey version and pins the notice version. fault.Conflict if Readiness blocks.
func (s *Service) Publish(ctx context.Context, by *Staff, id string, version int64) error {
	if err := by.Allow(EditConsultations); err != nil {
		return err
	}
	return s.edit(ctx, by, id, version, "consultation.publish", func(w Writer, c *Consultation) error {
		if c.State == Published {
			return fault.New(fault.Conflict, "error.consultation.published")
		}
		ready, err := s.readiness(w, c)
		if err != nil {
			return err
		}
		if !ready.Ready() {
			return fault.New(fault.Conflict, "error.publish.not_ready")
		}
		if err := s.freeze(w, c); err != nil {
			return err
		}
		if err := w.AddNotice(ready.Notice); err != nil {
			return err
		}
		c.NoticeID, c.NoticeVersion = ready.Notice.NoticeID, ready.Notice.Version
		c.State, c.PublishedBy, c.PublishedAt = Published, by.ID, w.Now()
		return nil
	})
}
