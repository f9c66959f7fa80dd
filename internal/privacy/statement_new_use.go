package privacy

import (
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// NewUse is what people are asked about who answered before the notice changed.
type NewUse struct {
	Part       Part
	Title      locale.Text // of the consultation
	Before     Processing  // what holds for the person: what they were told, or agreed to since
	After      Processing  // what the notice says now
	Wider      bool        // two people found that words of the part say more than they did
	Withdrawal string      // the page, as a person reads it, at which they can change their mind
}

// Statement writes what one person is asked in the language: every difference of the part that is a choice, in the words in which two people
// decided about it, and nothing else (UK GDPR art. 7(2), 13(3)). The same question about the same change has the same hash.
func (n NewUse) Statement(c Council, lang locale.Lang) Statement {
	name, part := c.Name.In(lang), string(n.Part)
	s := Statement{
		Lang:       lang,
		Heading:    say(lang, "newuse.heading."+part),
		Intro:      say(lang, "newuse.intro", "title", n.Title.In(lang)),
		Paragraphs: []string{say(lang, "newuse.responsible", "council", name)},
		Agree:      say(lang, "newuse.agree."+part, "council", name),
		Refuse:     say(lang, "newuse.refuse"),
	}
	for _, d := range CompareProcessing(n.Before, n.After) {
		if d.Part == n.Part && NeedsChoice([]Difference{d}, n.Part, n.Wider) {
			s.Uses = append(s.Uses, d.Words(lang))
		}
	}
	if n.Part == PartEquality { // explicit: the nature of the data is named (art. 9(2)(a))
		s.Paragraphs = append(s.Paragraphs, say(lang, "newuse.categories", "categories", joinList(lang, texts(n.After.Categories, lang))))
	}
	s.Paragraphs = append(s.Paragraphs, say(lang, "newuse.free"), say(lang, "newuse.withdraw", "where", n.Withdrawal))
	s.Hash = seal.Digest(s.String())
	return s
}

// Reviewed is how long before its end consent may be renewed: it is due for review then.
var reviewed = Period{Months: 2}

// RenewableUntil returns until when consent that ends at the moment until may be renewed at the moment now; false where it may not: it has ended, its
// review is not due yet, or it lasts already as long as it ever may (most, UTC: what the notice promised, twelve months after closing at the
// latest).
func RenewableUntil(until, most, now time.Time) (time.Time, bool) {
	from := AddPeriod(until, Period{Months: -reviewed.Months})
	return most, now.Before(until) && !now.Before(from) && most.After(until)
}

// RenewStatement writes the consent statement as it must be shown to whoever renews: the whole of it, with when it ends and until when it would
// last.
func RenewStatement(c Council, p Processing, title locale.Text, lang locale.Lang, where string, ends, until time.Time) Statement {
	s := ConsentStatement(c, p, title, lang, where)
	s.Heading = say(lang, "renew.heading")
	s.Paragraphs = append(s.Paragraphs, say(lang, "renew.until", "ends", locale.DateTime(lang, ends), "until", locale.DateTime(lang, until)))
	s.Refuse = say(lang, "renew.refuse", "ends", locale.DateTime(lang, ends)) // saying so ends nothing: withdrawing is offered beside it
	s.Hash = seal.Digest(s.String())
	return s
}
