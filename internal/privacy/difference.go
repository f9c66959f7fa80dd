package privacy

import (
	"slices"
	"strings"
	"unicode"

	"folkmoot/internal/locale"
)

// Part is the information that a difference is about. People choose about each part by itself (ICO, valid consent: granular).
type Part string

// The parts.
const (
	PartResponses Part = "responses" // the response itself
	PartEquality  Part = "equality"  // the answers to the equality questions, which are held on explicit consent alone
)

// Parts lists the parts in the order in which people are asked about them.
func Parts() []Part { return []Part{PartResponses, PartEquality} }

// Effect is what a difference asks of the council before it holds for people who answered under the earlier version.
type Effect string

// The effects.
const (
	EffectChoice Effect = "choice" // a different use: each person has a choice, and is not part of it before (councils.md S0-19)
	EffectJudge  Effect = "judge"  // other words: two people say whether they widen anything
	EffectTell   Effect = "tell"   // narrower, or a fact that gives nobody more: people are told
)

// DifferenceKind is one way in which processing can differ. The zero value is invalid.
type DifferenceKind string

// The kinds.
const (
	NewPurpose       DifferenceKind = "new_purpose"
	GonePurpose      DifferenceKind = "gone_purpose"
	NewBasis         DifferenceKind = "basis"
	NewCondition     DifferenceKind = "condition"
	NewActivity      DifferenceKind = "new_activity"
	GoneActivity     DifferenceKind = "gone_activity"
	NewRecipient     DifferenceKind = "new_recipient"
	GoneRecipient    DifferenceKind = "gone_recipient"
	WiderForm        DifferenceKind = "wider_form"
	NarrowerForm     DifferenceKind = "narrower_form"
	RecipientPlace   DifferenceKind = "recipient_place"
	NewCategory      DifferenceKind = "new_category"
	GoneCategory     DifferenceKind = "gone_category"
	AddedUse         DifferenceKind = "new_use"
	GoneUse          DifferenceKind = "gone_use"
	NewPartner       DifferenceKind = "new_partner"
	GonePartner      DifferenceKind = "gone_partner"
	LongerRetention  DifferenceKind = "longer_retention"
	ShorterRetention DifferenceKind = "shorter_retention"
	LongerEquality   DifferenceKind = "longer_equality"
	ShorterEquality  DifferenceKind = "shorter_equality"
	OtherWords       DifferenceKind = "words" // of a purpose, an activity, a use or a category
	OtherFacts       DifferenceKind = "facts" // another sentence of the notice reads differently
	OtherPlaces      DifferenceKind = "places"
)

// rule is what follows from a kind of difference, and the clause that says so.
type rule struct {
	effect Effect
	clause string
}

// rules are the rules of change. What is wider waits for each person's choice; what is narrower is told; about words two people decide.
var rules = map[DifferenceKind]rule{
	NewPurpose:       {EffectChoice, "UK GDPR art. 5(1)(b), 8A, 13(3)"},
	GonePurpose:      {EffectTell, "UK GDPR art. 13(3)"},
	NewBasis:         {EffectChoice, "UK GDPR art. 6(1), 13(1)(c)"},
	NewCondition:     {EffectChoice, "UK GDPR art. 9(2)"},
	NewActivity:      {EffectChoice, "UK GDPR art. 5(1)(b), 8A; ICO, valid consent"},
	GoneActivity:     {EffectTell, "UK GDPR art. 13(3)"},
	NewRecipient:     {EffectChoice, "UK GDPR art. 13(1)(e), 5(1)(b)"},
	GoneRecipient:    {EffectTell, "UK GDPR art. 13(1)(e)"},
	WiderForm:        {EffectChoice, "UK GDPR art. 5(1)(b), (c), 13(1)(e)"},
	NarrowerForm:     {EffectTell, "UK GDPR art. 5(1)(c)"},
	RecipientPlace:   {EffectTell, "UK GDPR art. 13(1)(f)"},
	NewCategory:      {EffectChoice, "UK GDPR art. 9(2)(a)"},
	GoneCategory:     {EffectTell, "UK GDPR art. 5(1)(c)"},
	AddedUse:         {EffectChoice, "UK GDPR art. 9(2)(a), 8A (DUAA s.71)"},
	GoneUse:          {EffectTell, "UK GDPR art. 5(1)(b)"},
	NewPartner:       {EffectChoice, "UK GDPR art. 9(2)(a); ICO, valid consent"},
	GonePartner:      {EffectTell, "UK GDPR art. 13(1)(e)"},
	LongerRetention:  {EffectChoice, "UK GDPR art. 5(1)(e), 13(2)(a)"},
	ShorterRetention: {EffectTell, "UK GDPR art. 5(1)(e)"},
	LongerEquality:   {EffectChoice, "UK GDPR art. 5(1)(e), 7(1), 9(2)(a)"},
	ShorterEquality:  {EffectTell, "UK GDPR art. 5(1)(e)"},
	OtherWords:       {EffectJudge, "UK GDPR art. 5(1)(b), 12(1)"},
	OtherFacts:       {EffectJudge, "UK GDPR art. 12(1), 13(3)"},
	OtherPlaces:      {EffectTell, "UK GDPR art. 13(1)(f)"},
}

// Difference is one thing in which a later version of the processing differs from an earlier one.
type Difference struct {
	Kind      DifferenceKind
	Part      Part
	Effect    Effect
	Clause    string      // that says so
	Purpose   locale.Text // that it belongs to; empty where it belongs to none
	What      locale.Text // what came, went or changed: as it is now, or as it was where it is gone
	Before    locale.Text // what changed, as it was
	Recipient Recipient   // that came, went or changed, as it is now
}

// comparison gathers differences.
type comparison struct{ found []Difference }

func (c *comparison) add(kind DifferenceKind, part Part, d Difference) {
	d.Kind, d.Part, d.Effect, d.Clause = kind, part, rules[kind].effect, rules[kind].clause
	c.found = append(c.found, d)
}

// CompareProcessing lists in what the processing after differs from before, in the order of the notice. Purposes are matched by their id and
// recipients by their name, letter by letter: whoever is renamed is somebody else until people were told.
func CompareProcessing(before, after Processing) []Difference {
	var c comparison
	for _, now := range after.Purposes {
		i := slices.IndexFunc(before.Purposes, func(p Purpose) bool { return p.ID == now.ID })
		if i < 0 {
			c.add(NewPurpose, partOf(now), Difference{What: now.Text})
			c.recipients(now, nil, now.Recipients)
			continue
		}
		c.purpose(before.Purposes[i], now)
	}
	for _, was := range before.Purposes {
		if !slices.ContainsFunc(after.Purposes, func(p Purpose) bool { return p.ID == was.ID }) {
			c.add(GonePurpose, partOf(was), Difference{What: was.Text})
		}
	}
	c.lists(PartEquality, locale.Text{}, NewCategory, GoneCategory, before.Categories, after.Categories)
	c.lists(PartEquality, locale.Text{}, AddedUse, GoneUse, before.Uses, after.Uses)
	c.partners(before.Partners, after.Partners)
	c.totals(before, after)
	c.period(PartResponses, LongerRetention, ShorterRetention, before.Retention, after.Retention)
	if len(before.Categories)+len(after.Categories) > 0 {
		c.period(PartEquality, LongerEquality, ShorterEquality, before.EqualityPeriod, after.EqualityPeriod)
	}
	c.facts(before, after)
	return c.found
}

// partOf says which information a purpose is about: explicit consent is the condition of equality answers and of nothing else.
func partOf(p ...Purpose) Part {
	if slices.ContainsFunc(p, func(p Purpose) bool { return p.Condition == ExplicitConsent }) {
		return PartEquality
	}
	return PartResponses
}

func (c *comparison) purpose(was, now Purpose) {
	part := partOf(was, now)
	if !sameWords(was.Text, now.Text) {
		c.add(OtherWords, part, Difference{What: now.Text, Before: was.Text, Purpose: now.Text})
	}
	if was.Basis != now.Basis {
		c.add(NewBasis, part, Difference{Purpose: now.Text, What: basisWords(now.Basis), Before: basisWords(was.Basis)})
	}
	if was.Condition != now.Condition {
		c.add(NewCondition, PartEquality, Difference{Purpose: now.Text, What: now.Text})
		if part == PartEquality && was.Condition == "" { // it was about responses before: they have a choice as well
			c.add(NewCondition, PartResponses, Difference{Purpose: now.Text, What: now.Text})
		}
	}
	c.lists(part, now.Text, NewActivity, GoneActivity, was.Activities, now.Activities)
	c.recipients(now, was.Recipients, now.Recipients)
}

// basisWords is a basis as the notice says it.
func basisWords(b Basis) locale.Text {
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		if b.Valid() {
			out[lang] = say(lang, "notice.basis."+string(b))
		}
	}
	return out
}

// lists compares two lists of texts. An item that reads the same in one language was translated anew; any other that is not there in the same
// words is a new one.
func (c *comparison) lists(part Part, purpose locale.Text, came, went DifferenceKind, before, after []locale.Text) {
	left := slices.Clone(before)
	var fresh []locale.Text
	for _, now := range after {
		if i := slices.IndexFunc(left, func(was locale.Text) bool { return sameWords(was, now) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		fresh = append(fresh, now)
	}
	for _, now := range fresh {
		i := slices.IndexFunc(left, func(was locale.Text) bool { return sameInOne(was, now) })
		if i < 0 {
			c.add(came, part, Difference{What: now, Purpose: purpose})
			continue
		}
		c.add(OtherWords, part, Difference{What: now, Before: left[i], Purpose: purpose})
		left = slices.Delete(left, i, i+1)
	}
	for _, was := range left {
		c.add(went, part, Difference{What: was, Purpose: purpose})
	}
}

// reach orders the forms of disclosure by how much they tell; an unknown form tells most.
func (f Form) reach() int {
	switch f {
	case Anonymous:
		return 1
	case Pseudonymised:
		return 2
	}
	return 3
}

func (c *comparison) recipients(of Purpose, before, after []Recipient) {
	part := partOf(of)
	find := func(in []Recipient, name string) int {
		return slices.IndexFunc(in, func(r Recipient) bool { return strings.TrimSpace(r.Name) == strings.TrimSpace(name) })
	}
	for _, now := range after {
		d := Difference{Purpose: of.Text, Recipient: now}
		i := find(before, now.Name)
		switch {
		case i < 0:
			c.add(NewRecipient, part, d)
			continue
		case now.Form.reach() > before[i].Form.reach():
			c.add(WiderForm, part, d)
		case now.Form.reach() < before[i].Form.reach():
			c.add(NarrowerForm, part, d)
		}
		if strings.TrimSpace(now.Location) != strings.TrimSpace(before[i].Location) {
			c.add(RecipientPlace, part, d)
		}
	}
	for _, was := range before {
		if find(after, was.Name) < 0 {
			c.add(GoneRecipient, part, Difference{Purpose: of.Text, Recipient: was})
		}
	}
}

func (c *comparison) partners(before, after []string) {
	for _, now := range after {
		if !slices.Contains(before, now) {
			c.add(NewPartner, PartEquality, Difference{Recipient: Recipient{Name: now, Form: Anonymous}})
		}
	}
	for _, was := range before {
		if !slices.Contains(after, was) {
			c.add(GonePartner, PartEquality, Difference{Recipient: Recipient{Name: was, Form: Anonymous}})
		}
	}
}

// period compares two periods. One that cannot be read is taken for the longer one.
func (c *comparison) period(part Part, longer, shorter DifferenceKind, before, after string) {
	if before == after {
		return
	}
	was, errBefore := ParsePeriod(before)
	now, errAfter := ParsePeriod(after)
	words := func(p Period, iso string, err error) locale.Text {
		out := locale.Text{}
		for _, lang := range locale.Langs() {
			if out[lang] = iso; err == nil {
				out[lang] = p.Words(lang)
			}
		}
		return out
	}
	d := Difference{What: words(now, after, errAfter), Before: words(was, before, errBefore)}
	switch {
	case errBefore != nil || errAfter != nil || now.After(was):
		c.add(longer, part, d)
	case was.After(now):
		c.add(shorter, part, d)
	}
}

// totals compares whether anonymous totals outlive the answers: making them is a use of each part (DUAA s.71, art. 8A).
func (c *comparison) totals(before, after Processing) {
	if before.KeepTotals == after.KeepTotals {
		return
	}
	kind, what := AddedUse, locale.Text{}
	if before.KeepTotals {
		kind = GoneUse
	}
	for _, lang := range locale.Langs() {
		what[lang] = say(lang, "consent.use.totals")
	}
	c.add(kind, PartResponses, Difference{What: what})
	if len(before.Categories)+len(after.Categories) > 0 {
		c.add(kind, PartEquality, Difference{What: what})
	}
}

// facts compares what else the notice says.
func (c *comparison) facts(before, after Processing) {
	equality := len(before.Categories)+len(after.Categories) > 0
	for _, f := range []struct {
		was, now locale.Text
		kind     DifferenceKind
		part     Part
	}{
		{before.Data, after.Data, OtherFacts, PartResponses},
		{before.RetentionTrigger, after.RetentionTrigger, OtherFacts, PartResponses},
		{before.Required, after.Required, OtherFacts, PartResponses},
		{before.Automated, after.Automated, OtherFacts, PartResponses},
		{before.Children, after.Children, OtherFacts, PartResponses},
		{before.Transfers, after.Transfers, OtherPlaces, PartResponses},
		{before.IfTheySayNo, after.IfTheySayNo, OtherFacts, PartEquality},
	} {
		if !sameWords(f.was, f.now) && (f.part != PartEquality || equality) {
			c.add(f.kind, f.part, Difference{What: f.now, Before: f.was})
		}
	}
	if strings.TrimSpace(before.Locations) != strings.TrimSpace(after.Locations) {
		c.add(OtherPlaces, PartResponses, Difference{What: inEvery(after.Locations), Before: inEvery(before.Locations)})
	}
}

func inEvery(s string) locale.Text {
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		out[lang] = places(s, lang)
	}
	return out
}

// sameWords reports whether two texts have the same words in every language; spaces, capitals and stops are no words.
func sameWords(a, b locale.Text) bool {
	return !slices.ContainsFunc(locale.Langs(), func(l locale.Lang) bool { return plainWords(a[l]) != plainWords(b[l]) })
}

// sameInOne reports whether they have the same words in one language.
func sameInOne(a, b locale.Text) bool {
	return slices.ContainsFunc(locale.Langs(), func(l locale.Lang) bool { return plainWords(a[l]) != "" && plainWords(a[l]) == plainWords(b[l]) })
}

func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,;:!", r) }), " ")
}

// NeedsChoice reports whether people who answered before have a choice about the part. wider says that two people found that words of the part
// say more than they did.
func NeedsChoice(differences []Difference, part Part, wider bool) bool {
	return slices.ContainsFunc(differences, func(d Difference) bool {
		return d.Part == part && (d.Effect == EffectChoice || d.Effect == EffectJudge && wider)
	})
}

// NeedsJudgement reports whether somebody has to say whether words of the part, or of any if it is empty, widen what is done.
func NeedsJudgement(differences []Difference, part Part) bool {
	return slices.ContainsFunc(differences, func(d Difference) bool { return d.Effect == EffectJudge && (part == "" || d.Part == part) })
}

// Words says the difference in a language, as the office and, where it asks for a choice, the people who are asked read it.
func (d Difference) Words(lang locale.Lang) string {
	form := d.Recipient.Form
	if form.reach() == 3 {
		form = Identifiable
	}
	name := "" // without form of information, for what needs none
	if d.Recipient.Name != "" {
		name = say(lang, "change.form."+string(form))
	}
	trim := func(t locale.Text) string { return strings.TrimRight(strings.TrimSpace(t.In(lang)), ". ") }
	key := "change." + string(d.Kind)
	if d.Recipient.Name != "" && d.Recipient.Location == "" {
		return say(lang, key, "name", d.Recipient.Name, "form", name, "purpose", trim(d.Purpose))
	}
	return say(lang, key, "what", trim(d.What), "before", trim(d.Before), "purpose", trim(d.Purpose), "name", d.Recipient.Name, "form", name,
		"location", places(d.Recipient.Location, lang))
}
