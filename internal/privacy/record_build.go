package privacy

import (
	"cmp"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/locale"
)

//go:embed record
var recordFiles embed.FS

// RecordInput is the live configuration of which a record of processing is made.
type RecordInput struct {
	MadeAt        time.Time // UTC
	Council       Council
	Rules         Schedule // in force
	BackupDays    int      // until no backup holds what was erased
	Platform      PlatformDPIA
	Consultations []RecordConsultation // published ones, in the order in which they are shown
}

// RecordConsultation is what the record takes of a published consultation.
type RecordConsultation struct {
	ID         string
	State      string // as consult.Status writes it
	Title      locale.Text
	Processing Processing
	Postcodes  bool          // its survey keeps postcodes beside the ward
	Notice     NoticeVersion // that it was published with
	Screening  Screening     // the last; Sequence 0 if there is none
	Standing   Standing
	Agreements []RecordAgreement // with the recipients that it names
}

// RecordAgreement is an agreement or a contract with a recipient.
type RecordAgreement struct {
	Name        string
	From, Until Date   // empty where it says none
	Reference   string // in the council's files, of what the register of processors and recipients holds; empty for agreements about releases
}

// BuildRecord makes the record of processing activities (UK GDPR art. 30(1)) of what is configured: an activity for each published consultation,
// and those of the service itself. It says of everything that it is not there, and never invents.
func BuildRecord(in RecordInput) ProcessingRecord {
	out := ProcessingRecord{MadeAt: in.MadeAt.UTC().Truncate(time.Second), Council: in.Council.Name, Languages: in.Council.Languages}
	b := recordBuilder{in}
	for _, c := range in.Consultations {
		out.Activities = append(out.Activities, b.consultation(c))
	}
	for _, p := range platformActivities() {
		out.Activities = append(out.Activities, b.platform(p))
	}
	return out
}

type recordBuilder struct{ in RecordInput }

// both says a sentence in every language of the service; pairs may depend on the language.
func both(key string, pairs func(locale.Lang) []string) locale.Text {
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		var filled []string
		if pairs != nil {
			filled = pairs(lang)
		}
		out[lang] = say(lang, key, filled...)
	}
	return out
}

// plain is a text that is the same in every language: a name, an address.
func plain(s string) locale.Text { return locale.Text{locale.English: s} }

// said says a sentence with pairs that are the same in every language.
func said(key string, pairs ...string) locale.Text {
	return both(key, func(locale.Lang) []string { return pairs })
}

// perLang makes lines of what a function returns in each language, line by line.
func perLang(of func(locale.Lang) []string) (out []locale.Text) {
	for _, lang := range locale.Langs() {
		for i, s := range of(lang) {
			if i == len(out) {
				out = append(out, locale.Text{})
			}
			out[i][lang] = s
		}
	}
	return out
}

// fields puts what was said into the order of the record; a field of which nothing was said says that there is none.
func fields(said map[string][]locale.Text) (out []RecordField) {
	for _, key := range RecordFields() {
		lines := said[key]
		if len(lines) == 0 {
			lines = []locale.Text{both("record.none", nil)}
		}
		out = append(out, RecordField{key, lines})
	}
	return out
}

// common is what is the same for every activity.
func (b recordBuilder) common() map[string][]locale.Text {
	c := b.in.Council
	controller := []locale.Text{c.Name}
	for _, s := range nonEmpty(oneLine(c.Address), c.Email, c.Phone, c.Website) {
		controller = append(controller, plain(s))
	}
	if c.Registration != "" {
		controller = append(controller, said("record.registration", "value", c.Registration))
	}
	dpia := []locale.Text{both("record.dpia.none", nil)}
	if p := b.in.Platform; p.Reference != "" {
		dpia = []locale.Text{both("record.dpia.platform", func(lang locale.Lang) []string {
			return []string{"reference", p.Reference, "date", locale.ISODate(lang, string(p.ApprovedOn)), "review", locale.ISODate(lang, string(p.ReviewOn))}
		})}
	}
	security := []locale.Text{both("record.security.roles", nil), both("record.security.sealed", nil), both("record.security.apart", nil), both("record.security.disclosure", nil),
		said("record.security.backups", "days", strconv.Itoa(b.in.BackupDays))}
	dpo := []locale.Text{}
	for _, s := range nonEmpty(c.DPOName, c.DPOEmail, c.DPOPhone) {
		dpo = append(dpo, plain(s))
	}
	return map[string][]locale.Text{"controller": controller, "representative": {both("record.representative", nil)}, "dpo": dpo, "security": security, "dpia": dpia,
		"breaches": {both("record.breaches", nil)}, "automated": {both("record.automated", nil)}, "location": {both("place.uk", nil)},
		"transfers": {both("notice.where.no_transfer", nil)}}
}

func (b recordBuilder) consultation(c RecordConsultation) Activity {
	p, f := c.Processing, b.common()
	f["purposes"] = nil
	for _, u := range p.Purposes {
		f["purposes"] = append(f["purposes"], both2(func(lang locale.Lang) string {
			return strings.TrimSpace(u.Text.In(lang) + parenthesis(strings.Join(texts(u.Activities, lang), "; ")))
		}))
		f["basis"] = append(f["basis"], both2(func(lang locale.Lang) string {
			if !u.Basis.Valid() {
				return u.ID
			}
			return say(lang, "record.basis."+string(u.Basis)) + parenthesis(u.Text.In(lang))
		}))
		if u.Condition == ExplicitConsent {
			f["condition"] = append(f["condition"], both2(func(lang locale.Lang) string {
				return say(lang, "record.condition.explicit_consent") + parenthesis(u.Text.In(lang))
			}))
		}
	}
	if len(f["condition"]) == 0 {
		f["condition"] = []locale.Text{both("record.condition.none", nil)}
	}
	f["people"] = []locale.Text{both("record.people", nil)}
	f["data"] = append([]locale.Text{p.Data}, p.Categories...)
	f["recipients"] = append(perLang(func(lang locale.Lang) []string {
		s := noticeBuilder{b.in.Council, p, lang}.recipients()
		if len(s.Blocks) > 0 && len(s.Blocks[0].Items) > 0 {
			return s.Blocks[0].Items
		}
		return []string{say(lang, "notice.recipients.none")}
	}), both("record.staff", nil))
	if !p.Transfers.Empty() {
		f["transfers"] = []locale.Text{p.Transfers}
	}
	f["erasure"] = append(perLang(func(lang locale.Lang) (out []string) {
		for _, block := range (noticeBuilder{b.in.Council, p, lang}).retention().Blocks {
			out = append(out, block.Text)
		}
		return out
	}), b.rules(classesOf(c)...)...)
	f["schedule1"], f["interests"] = []locale.Text{both("record.schedule1.none", nil)}, []locale.Text{interests(p)}
	f["source"] = []locale.Text{both("notice.data.source", nil)}
	f["rights"] = perLang(func(lang locale.Lang) (out []string) {
		for _, r := range p.RightLines(lang) {
			out = append(out, r.Text)
		}
		return out
	})
	f["automated"] = append(f["automated"], p.Automated)
	f["children"] = perLang(func(lang locale.Lang) (out []string) {
		for _, block := range (noticeBuilder{b.in.Council, p, lang}).children().Blocks {
			out = append(append(out, block.Text), block.Items...)
		}
		return out
	})
	f["location"] = []locale.Text{both2(func(lang locale.Lang) string { return places(p.Locations, lang) })}
	f["notice"] = []locale.Text{both("record.notice", func(lang locale.Lang) []string {
		return []string{"id", c.Notice.NoticeID, "version", strconv.Itoa(c.Notice.Version), "date", locale.Date(lang, c.Notice.EffectiveFrom), "hash", c.Notice.SHA256}
	})}
	f["consent"] = []locale.Text{both("record.consent.none", nil)}
	if p.Withdrawable() {
		f["consent"] = []locale.Text{both("record.consent.ledger", nil)}
	}
	f["dpia"] = append(screeningLines(c), f["dpia"]...)
	for _, a := range c.Agreements {
		key := "record.contract"
		if a.Reference != "" {
			key = "record.contract.held"
		}
		f["contracts"] = append(f["contracts"], both(key, func(lang locale.Lang) []string {
			return []string{"name", a.Name, "reference", a.Reference, "from", isoOr(lang, a.From), "until", isoOr(lang, a.Until)}
		}))
	}
	return Activity{ID: c.ID, State: c.State, Title: c.Title, Fields: fields(f)}
}

// isoOr writes a day, or a dash for none.
func isoOr(lang locale.Lang, d Date) string {
	if d == "" {
		return "–"
	}
	return locale.ISODate(lang, string(d))
}

func both2(of func(locale.Lang) string) locale.Text {
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		out[lang] = of(lang)
	}
	return out
}

func parenthesis(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

func interests(p Processing) locale.Text {
	for _, u := range p.Purposes {
		if u.Basis == LegitimateInterests {
			return both("record.interests.needed", nil)
		}
	}
	return both("record.interests.none", nil)
}

// classesOf are the classes that a consultation collects and of which a notice says how long they are kept.
func classesOf(c RecordConsultation) []DataClass {
	if !c.Postcodes {
		return []DataClass{ClassResponses, ClassFreeText, ClassEquality}
	}
	return []DataClass{ClassResponses, ClassFreeText, ClassPostcodes, ClassEquality}
}

// rules says which rules of retention hold for the classes.
func (b recordBuilder) rules(classes ...DataClass) (out []locale.Text) {
	for _, class := range classes {
		for _, r := range b.in.Rules {
			period, err := ParsePeriod(r.Period)
			if r.Class != class || err != nil || r.Elsewhere() {
				continue
			}
			key := "record.rule"
			switch {
			case r.Action == Review:
				key = "record.rule.review"
			case r.Action == Coarsen && r.Approver == "": // a default that nobody has approved coarsens nothing
				continue
			case r.Action == Coarsen:
				key = "record.rule.coarsen"
			}
			out = append(out, both(key, func(lang locale.Lang) []string {
				return []string{"rule", cmp.Or(r.Schedule, r.ID), "period", period.Words(lang), "trigger", say(lang, "record.trigger."+string(r.Trigger))}
			}))
		}
	}
	return out
}

// screeningLines says how the consultation stands with its screening, and what was decided.
func screeningLines(c RecordConsultation) []locale.Text {
	out := []locale.Text{both("record.dpia.standing."+string(cmp.Or(c.Standing, ScreeningNone)), nil)}
	if d := c.Screening.Decision; d != nil {
		out = append(out, both("record.dpia.ruling."+string(d.Ruling), func(lang locale.Lang) []string {
			return []string{"date", locale.Date(lang, d.At), "reference", d.Reference, "review", locale.ISODate(lang, string(d.ReviewOn))}
		}))
	}
	return out
}

// platformActivity is one activity of the service itself, as data.
type platformActivity struct {
	ID       string        `yaml:"id"`
	Title    locale.Text   `yaml:"title"`
	Basis    Basis         `yaml:"basis"`
	Class    DataClass     `yaml:"class"`
	Purposes []locale.Text `yaml:"purposes"`
	People   []locale.Text `yaml:"people"`
	Data     []locale.Text `yaml:"data"`
	Source   []locale.Text `yaml:"source"`
	Kept     []locale.Text `yaml:"kept"`
}

var platformActivities = sync.OnceValue(func() []platformActivity {
	var out []platformActivity
	source, err := recordFiles.ReadFile("record/platform.yaml")
	if err == nil {
		err = yaml.Unmarshal(source, &out)
	}
	if err != nil {
		panic(fmt.Errorf("privacy: embedded activities of the service: %w", err)) // our own file; a test reads it
	}
	return out
})

func (b recordBuilder) platform(a platformActivity) Activity {
	f := b.common()
	f["purposes"], f["people"], f["data"], f["source"] = a.Purposes, a.People, a.Data, a.Source
	f["erasure"] = append(append([]locale.Text{}, a.Kept...), b.rules(a.Class)...)
	f["basis"] = []locale.Text{both("record.basis."+string(a.Basis), nil)}
	f["condition"], f["schedule1"] = []locale.Text{both("record.condition.none", nil)}, nil
	f["interests"] = []locale.Text{both("record.interests.none", nil)}
	p := Processing{Purposes: []Purpose{{ID: a.ID, Basis: a.Basis, Text: a.Title}}}
	f["rights"] = perLang(func(lang locale.Lang) (out []string) {
		for _, r := range p.RightLines(lang) {
			out = append(out, r.Text)
		}
		return out
	})
	f["recipients"] = []locale.Text{both("notice.recipients.none", nil)}
	f["children"] = []locale.Text{both("record.children.staff", nil)}
	f["notice"], f["consent"] = []locale.Text{both("record.notice.none", nil)}, []locale.Text{both("record.consent.none", nil)}
	if a.Class == ClassRightsCase || a.Class == ClassRateLimit {
		f["children"] = nil // children may ask and may use the service
	}
	return Activity{ID: "platform." + a.ID, Platform: true, State: "running", Title: a.Title, Fields: fields(f)}
}
