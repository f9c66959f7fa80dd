package privacy

import (
	"slices"
	"strings"

	"folkmoot/internal/locale"
)

// consentProof is how long proof of consent, refusal and withdrawal is kept (privacy.md 6, step 8, and 10.4).
var consentProof = Period{Years: 6}

// BuildNotice writes the whole notice from the council's settings and the consultation's processing, one section per
// item of UK GDPR article 13, so that what is said cannot drift from what is done. Missing settings leave gaps, which
// LintNotice names; it never invents.
func BuildNotice(c Council, title locale.Text, p Processing, lang locale.Lang) NoticeText {
	b := noticeBuilder{council: c, processing: p, lang: lang}
	n := NoticeText{Title: b.say("notice.title", "title", title.In(lang))}
	for _, build := range []func() NoticeSection{
		b.who, b.dpo, b.data, b.why, b.recipients, b.where, b.retention, b.rights, b.withdraw, b.required, b.automated, b.children, b.complain, b.changes,
	} {
		if s := build(); len(s.Blocks) > 0 {
			n.Sections = append(n.Sections, s)
		}
	}
	return n
}

type noticeBuilder struct {
	council    Council
	processing Processing
	lang       locale.Lang
}

func (b noticeBuilder) say(key string, pairs ...string) string { return say(b.lang, key, pairs...) }

func (b noticeBuilder) section(id string, blocks ...NoticeBlock) NoticeSection {
	s := NoticeSection{ID: id, Heading: b.say("notice." + id)}
	for _, block := range blocks {
		if strings.TrimSpace(block.Text) != "" {
			s.Blocks = append(s.Blocks, block)
		}
	}
	return s
}

func para(text string) NoticeBlock { return NoticeBlock{Text: text} }

// contacts lists those of name, value pairs that have a value, as "Email: x".
func (b noticeBuilder) contacts(pairs ...string) []string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, b.say("notice.contact."+pairs[i], "value", pairs[i+1]))
		}
	}
	return out
}

func oneLine(address string) string {
	lines := strings.FieldsFunc(address, func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.Trim(lines[i], " ,")
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), ", ")
}

// who: article 13(1)(a).
func (b noticeBuilder) who() NoticeSection {
	c := b.council
	s := b.section("who",
		para(b.say("notice.who.controller", "council", c.Name.In(b.lang))),
		NoticeBlock{b.say("notice.who.contact"), b.contacts("email", c.Email, "phone", c.Phone, "post", oneLine(c.Address), "website", c.Website)})
	if c.Registration != "" {
		s.Blocks = append(s.Blocks, para(b.say("notice.who.registration", "value", c.Registration)))
	}
	return s
}

// dpo: article 13(1)(b).
func (b noticeBuilder) dpo() NoticeSection {
	c := b.council
	return b.section("dpo", NoticeBlock{b.say("notice.dpo.contact", "name", c.DPOName), b.contacts("email", c.DPOEmail, "phone", c.DPOPhone)})
}

func (b noticeBuilder) data() NoticeSection {
	s := b.section("data", para(b.processing.Data.In(b.lang)), para(b.say("notice.data.source")))
	if names := texts(b.processing.Categories, b.lang); len(names) > 0 {
		s.Blocks = append(s.Blocks, para(b.say("notice.data.equality", "categories", joinList(b.lang, names))))
	}
	return s
}

// why: articles 13(1)(c) and (d), and 9(2).
func (b noticeBuilder) why() NoticeSection {
	s := b.section("why")
	for _, p := range b.processing.Purposes {
		blocks := []NoticeBlock{para(p.Text.In(b.lang))}
		if does := texts(p.Activities, b.lang); len(does) > 0 {
			blocks = append(blocks, NoticeBlock{b.say("notice.why.activities"), does})
		}
		if p.Basis.Valid() {
			blocks = append(blocks, para(b.say("notice.basis."+string(p.Basis))))
		}
		if p.Condition == ExplicitConsent {
			blocks = append(blocks, para(b.say("notice.condition.explicit_consent")))
		}
		s.Blocks = append(s.Blocks, b.section("why", blocks...).Blocks...)
	}
	return s
}

// recipients: article 13(1)(e).
func (b noticeBuilder) recipients() NoticeSection {
	var names []string
	for _, r := range b.processing.recipients() {
		key := "notice.recipient." + string(r.Form)
		if r.Form != Identifiable && r.Form != Pseudonymised && r.Form != Anonymous {
			continue // the linter blocks it
		}
		if line := b.say(key, "name", r.Name, "location", places(r.Location, b.lang)); !slices.Contains(names, line) {
			names = append(names, line)
		}
	}
	if len(names) == 0 {
		return b.section("recipients", para(b.say("notice.recipients.none")))
	}
	return b.section("recipients", NoticeBlock{b.say("notice.recipients.list"), names})
}

// recipients returns the recipients of every purpose, in order.
func (p Processing) recipients() []Recipient {
	var out []Recipient
	for _, purpose := range p.Purposes {
		out = append(out, purpose.Recipients...)
	}
	return out
}

// places returns a list of places in a language. It knows the one that nearly every council writes; others stay as written.
func places(s string, lang locale.Lang) string {
	if strings.EqualFold(strings.TrimSpace(s), "United Kingdom") {
		return say(lang, "place.uk")
	}
	return s
}

// where: article 13(1)(f).
func (b noticeBuilder) where() NoticeSection {
	transfers := b.processing.Transfers.In(b.lang)
	if b.processing.Transfers.Empty() {
		transfers = b.say("notice.where.no_transfer")
	}
	return b.section("where", para(b.say("notice.where.locations", "locations", places(b.processing.Locations, b.lang))), para(transfers))
}

// retention: articles 13(2)(a) and 5(1)(e).
func (b noticeBuilder) retention() NoticeSection {
	s := b.section("retention")
	if period, err := ParsePeriod(b.processing.Retention); err == nil {
		s.Blocks = append(s.Blocks, para(b.say("notice.retention.responses",
			"period", period.Words(b.lang), "trigger", strings.TrimRight(b.processing.RetentionTrigger.In(b.lang), ". "))))
	}
	if period, err := ParsePeriod(b.processing.EqualityPeriod); err == nil && len(b.processing.Categories) > 0 {
		s.Blocks = append(s.Blocks, para(b.say("notice.retention.equality", "period", period.Words(b.lang))))
	}
	if b.processing.KeepTotals {
		s.Blocks = append(s.Blocks, para(b.say("notice.retention.totals")))
	}
	if b.processing.Withdrawable() {
		s.Blocks = append(s.Blocks, para(b.say("notice.retention.proof", "period", consentProof.Words(b.lang))))
	}
	return s
}

// rights: article 13(2)(b), those that follow from the bases and no others.
func (b noticeBuilder) rights() NoticeSection {
	var items []string
	for _, line := range b.processing.RightLines(b.lang) {
		items = append(items, line.Text)
	}
	if len(items) == 0 {
		return NoticeSection{}
	}
	return b.section("rights", NoticeBlock{b.say("notice.rights.intro"), items}, para(b.say("notice.rights.how")))
}

// RightLine is a right that is there, in the words that tell people of it: "ask us to erase your information (only for this: ...)".
type RightLine struct {
	Entitlement
	Text string
}

// RightLines returns the rights that follow from the bases, in order, and none that does not (art. 13(2)(b), 15(1)(e)).
func (p Processing) RightLines(lang locale.Lang) []RightLine {
	var out []RightLine
	for _, e := range p.Rights() {
		text := RightText(e, lang)
		if text == "" {
			continue
		}
		if len(e.Only) > 0 {
			text = say(lang, "notice.rights.only", "right", text, "purposes", strings.Join(p.purposeTexts(e.Only, lang), "; "))
		}
		out = append(out, RightLine{e, text})
	}
	return out
}

func (p Processing) purposeTexts(ids []string, lang locale.Lang) []string {
	var out []string
	for _, purpose := range p.Purposes {
		if slices.Contains(ids, purpose.ID) {
			out = append(out, strings.TrimRight(purpose.Text.In(lang), ". "))
		}
	}
	return out
}

// withdraw: articles 13(2)(c) and 7(3).
func (b noticeBuilder) withdraw() NoticeSection {
	if !b.processing.Withdrawable() {
		return NoticeSection{}
	}
	c := b.council
	s := b.section("withdraw",
		para(b.say("notice.withdraw.how", "phone", c.Phone, "address", oneLine(c.Address), "email", c.Email)),
		para(b.say("notice.withdraw.effect")))
	if no := b.processing.IfTheySayNo.In(b.lang); no != "" {
		s.Blocks = append(s.Blocks, para(b.say("notice.withdraw.refuse")+" "+no))
	}
	return s
}

// required: article 13(2)(e).
func (b noticeBuilder) required() NoticeSection {
	return b.section("required", para(b.processing.Required.In(b.lang)))
}

// automated: article 13(2)(f).
func (b noticeBuilder) automated() NoticeSection {
	return b.section("automated", para(b.processing.Automated.In(b.lang)))
}

// children: articles 12(1) and 25, which say that children need more care. Who may take part comes from the rules that the service keeps to.
func (b noticeBuilder) children() NoticeSection {
	var blocks []NoticeBlock
	for _, line := range b.processing.AgeLines(b.lang) {
		blocks = append(blocks, para(line))
	}
	return b.section("children", append(blocks, para(b.processing.Ages.Notice.In(b.lang)), para(b.processing.Children.In(b.lang)))...)
}

// complain: DPA 2018 s.164A and article 13(2)(d).
func (b noticeBuilder) complain() NoticeSection {
	c := b.council
	return b.section("complain",
		para(b.say("notice.complain.council", "how", c.ComplaintsHow.In(b.lang))),
		para(b.say("notice.complain.regulator", "regulator", c.Regulator.In(b.lang), "contact", c.RegulatorContact.In(b.lang))))
}

func (b noticeBuilder) changes() NoticeSection {
	return b.section("changes", para(b.say("notice.changes.text")))
}
