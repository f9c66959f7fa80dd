package consult

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

func both(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

// defaultDetails are working details for a new consultation: opening at 9am tomorrow for four weeks, until 5pm.
func defaultDetails(c privacy.Council, def *survey.Definition, bank survey.Bank, now time.Time) Details {
	tomorrow := now.In(locale.London()).AddDate(0, 0, 1)
	at := func(days, hour int) time.Time {
		return time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day()+days, hour, 0, 0, 0, locale.London()).UTC()
	}
	d := Details{
		Title: def.Title, Summary: def.Summary, Minutes: max(1, (len(def.Questions())+2)/3),
		ContactName: c.Name.In(locale.English), ContactEmail: c.Email, ContactPhone: c.Phone,
		OpensAt: at(0, 9), ClosesAt: at(28, 17), OpenLink: true,
		Processing: defaultProcessing(def, bank),
	}
	for _, lang := range c.Languages {
		if slices.Contains(def.Languages, lang) {
			d.Languages = append(d.Languages, lang)
		}
	}
	return d
}

// defaultProcessing is privacy.md 3.2: public task for views, explicit consent for equality answers.
func defaultProcessing(def *survey.Definition, bank survey.Bank) privacy.Processing {
	p := privacy.Processing{
		Purposes: []privacy.Purpose{{
			ID:   "views",
			Text: both("To learn what people think about this subject and to take it into account when we decide", "I ddysgu beth mae pobl yn ei feddwl am y pwnc hwn a'i ystyried wrth benderfynu"),
			Activities: []locale.Text{
				both("count and analyse answers", "cyfrif a dadansoddi atebion"),
				both("read what people write", "darllen yr hyn y mae pobl yn ei ysgrifennu"),
				both("publish totals and a report of what was said", "cyhoeddi cyfansymiau ac adroddiad o'r hyn a ddywedwyd"),
			},
			Basis: privacy.PublicTask,
		}},
		Data:             both("Your answers to the questions, the language you answered in, the way you took part and the day you did.", "Eich atebion i'r cwestiynau, yr iaith a ddefnyddioch i ateb, y ffordd y cymeroch ran a'r diwrnod."),
		Retention:        "P36M",
		RetentionTrigger: retentionTrigger(),
		EqualityPeriod:   "P12M",
		Required:         both("You do not have to take part, and nothing follows if you do not.", "Nid oes rhaid i chi gymryd rhan, ac ni fydd dim yn dilyn os na wnewch."),
		Automated:        both("We make no decisions about you by computer.", "Nid ydym yn gwneud unrhyw benderfyniadau amdanoch chi gan gyfrifiadur."),
		Ages:             privacy.AgeRules{Equality: privacy.Ages().Limit(privacy.AgeForEquality).Age},
		Children: both("Children have the same rights over their information as adults, and a parent or guardian can use them for a child who is too young to.",
			"Mae gan blant yr un hawliau dros eu gwybodaeth ag oedolion, a gall rhiant neu warcheidwad eu harfer ar ran plentyn sy'n rhy ifanc i wneud hynny."),
		Locations: "United Kingdom",
	}
	if len(def.Equality) > 0 {
		p = withEquality(p, def, bank)
	}
	return p
}

// withEquality adds what a notice and a consent statement say about equality questions (privacy.md 3.6).
func withEquality(p privacy.Processing, def *survey.Definition, bank survey.Bank) privacy.Processing {
	uses := []locale.Text{
		both("check whether we have heard from all parts of the community", "gwirio a ydym wedi clywed gan bob rhan o'r gymuned"),
		both("adjust survey results so that they represent local people", "addasu canlyniadau'r arolwg fel eu bod yn cynrychioli pobl leol"),
		both("produce anonymous totals, which we may publish", "cynhyrchu cyfansymiau dienw, y gallwn eu cyhoeddi"),
	}
	p.Purposes = append(slices.Clone(p.Purposes), privacy.Purpose{
		ID:         EqualityPurpose,
		Text:       both("To check that we hear from everybody and treat people fairly", "I wirio ein bod yn clywed gan bawb ac yn trin pobl yn deg"),
		Activities: uses,
		Basis:      privacy.Consent,
		Condition:  privacy.ExplicitConsent,
	})
	p.Uses, p.Categories = uses, categories(def, bank)
	p.IfTheySayNo = both("Your response counts in full. We skip the equality questions.", "Mae eich ymateb yn cyfrif yn llawn. Rydym yn hepgor y cwestiynau cydraddoldeb.")
	return p
}

// categories names what the equality questions ask, as the bank does: the consent statement lists them (UK GDPR art. 9(2)(a)).
func categories(def *survey.Definition, bank survey.Bank) (out []locale.Text) {
	seen := map[string]bool{}
	for _, q := range def.Equality {
		if q.Bank == nil || seen[q.Bank.ID] {
			continue
		}
		seen[q.Bank.ID] = true
		entry, _ := bank.Entry(q.Bank.ID)
		out = append(out, lowerFirst(entry.Title))
	}
	return out
}

// lowerFirst writes a heading as it stands inside a sentence.
func lowerFirst(t locale.Text) locale.Text {
	out := locale.Text{}
	for lang, s := range t {
		if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && !(s[1] >= 'A' && s[1] <= 'Z') {
			s = strings.ToLower(s[:1]) + s[1:]
		}
		out[lang] = s
	}
	return out
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slugFrom makes an address from a title.
func slugFrom(title string) string {
	s := strings.Trim(notSlug.ReplaceAllString(strings.ReplaceAll(FoldWords(title), " ", "-"), "-"), "-")
	if len(s) > 50 {
		s = strings.Trim(s[:50], "-")
	}
	if len(s) < 3 {
		s = "consultation"
	}
	return s
}

// retentionTrigger is from when responses are kept. It is not a choice: Dispose counts from there, and a notice must not promise another day.
func retentionTrigger() locale.Text {
	return both("the day the consultation closes", "ar y diwrnod y mae'r ymgynghoriad yn cau")
}
