package privacy

import (
	"slices"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// LetterKind is an occasion to write to somebody who asked.
type LetterKind string

// The letters, in the order in which they are written.
const (
	LetterAcknowledgement LetterKind = "acknowledgement"
	LetterIdentity        LetterKind = "identity"
	LetterQuestion        LetterKind = "question"
	LetterExtension       LetterKind = "extension"
	LetterOutcome         LetterKind = "outcome"
)

// Letter is a draft in one language that the officer may change before it is sent.
type Letter struct {
	Subject string
	Blocks  []NoticeBlock
}

// String returns the letter as plain text.
func (l Letter) String() string {
	var out strings.Builder
	out.WriteString(l.Subject + "\n")
	for _, b := range l.Blocks {
		out.WriteString("\n" + b.Text + "\n")
		for _, item := range b.Items {
			out.WriteString("- " + item + "\n")
		}
	}
	return out.String()
}

// Letters lists those that the request has occasion for.
func (r Request) Letters() []LetterKind {
	if r.Outcome != nil {
		return []LetterKind{LetterOutcome}
	}
	out := []LetterKind{LetterAcknowledgement}
	if r.Tier == IdentityNone {
		out = append(out, LetterIdentity)
	}
	if r.Paused() {
		out = append(out, LetterQuestion)
	}
	if r.Extension != nil {
		out = append(out, LetterExtension)
	}
	return out
}

// WriteLetter drafts a letter about the request. number is what people call it. It returns fault.NotFound for a letter for which there is no occasion.
func WriteLetter(kind LetterKind, c Council, r Request, number string, cal Calendar, lang locale.Lang) (Letter, error) {
	if !slices.Contains(r.Letters(), kind) {
		return Letter{}, fault.New(fault.NotFound, "error.request.no_letter")
	}
	w := letterWriter{c, r, cal, lang, number, nil}
	subject := w.say("letter.subject", "number", number)
	if r.Kind == AskComplaint {
		subject = w.say("letter.subject.complaint", "number", number)
	}
	if r.Name == "" {
		w.para("letter.dear.nobody")
	} else {
		w.para("letter.dear", "name", r.Name)
	}
	map[LetterKind]func(){LetterAcknowledgement: w.acknowledgement, LetterIdentity: w.identity, LetterQuestion: w.question,
		LetterExtension: w.extension, LetterOutcome: w.outcome}[kind]()
	w.para("letter.close", "dpo", strings.TrimSpace(strings.Join(nonEmpty(c.DPOName, c.DPOEmail, c.DPOPhone), ", ")), "council", c.Name.In(lang), "number", number)
	return Letter{subject, w.blocks}, nil
}

type letterWriter struct {
	council Council
	request Request
	cal     Calendar
	lang    locale.Lang
	number  string
	blocks  []NoticeBlock
}

func (w *letterWriter) say(key string, pairs ...string) string { return say(w.lang, key, pairs...) }

func (w *letterWriter) para(key string, pairs ...string) {
	w.blocks = append(w.blocks, para(w.say(key, pairs...)))
}

// own adds a sentence and below it what the officer wrote.
func (w *letterWriter) own(key, text string, pairs ...string) {
	w.para(key, pairs...)
	if !blank(text) {
		w.blocks = append(w.blocks, para(text))
	}
}

func (w *letterWriter) day(d Date) string { return locale.ISODate(w.lang, string(d)) }

// due is the earlier day, which the careful work to (privacy.md 5.3).
func (w *letterWriter) due() (string, bool) {
	d, err := w.request.DueBy(w.cal)
	return w.day(d.On), err == nil
}

func (w *letterWriter) acknowledgement() {
	if w.request.Kind == AskComplaint {
		w.para("letter.acknowledgement.complaint", "received", w.day(w.request.Received))
		w.para("letter.acknowledgement.delay")
		return
	}
	w.para("letter.acknowledgement", "received", w.day(w.request.Received), "kind", w.say("letter.kind."+string(w.request.Kind)))
	if due, ok := w.due(); ok {
		w.para("letter.acknowledgement.by", "due", due)
	} else {
		w.para("letter.acknowledgement.later")
	}
}

func (w *letterWriter) identity() {
	w.para("letter.identity")
	w.para("letter.identity.clock")
}

func (w *letterWriter) question() {
	w.own("letter.question", w.request.Pauses[len(w.request.Pauses)-1].Question)
	w.para("letter.question.clock")
}

func (w *letterWriter) extension() {
	due, ok := w.due()
	if !ok { // paused meanwhile: the day that it has without the pause
		due = w.day(w.request.after(monthsToAnswer+furtherMonths, w.cal).On)
	}
	w.own("letter.extension", w.request.Extension.Reason, "due", due)
}

func (w *letterWriter) outcome() {
	o := w.request.Outcome
	w.own("letter.outcome."+string(o.Decision), o.Reasons)
	w.weighed()
	if !blank(o.Done) {
		w.own("letter.outcome.done", o.Done)
	}
	w.corrected()
	w.told()
	if len(w.request.Exemptions) > 0 {
		var items []string
		for _, e := range w.request.Exemptions {
			items = append(items, e.Item+" ("+groundClause(e.Ground)+"): "+e.Reason)
		}
		w.blocks = append(w.blocks, NoticeBlock{w.say("letter.outcome.withheld"), items})
	}
	if w.request.Kind == AskErase && (o.Decision == Granted || o.Decision == GrantedPartly) {
		w.para("letter.outcome.published")
	}
	w.remedies()
}

// corrected says what was corrected and when (art. 16), and that what is published stays as it is.
func (w *letterWriter) corrected() {
	if len(w.request.Corrections) == 0 {
		return
	}
	var items []string
	apart := false // something was corrected of which the copy shows what stood there before
	for _, c := range w.request.Corrections {
		if item := w.say("letter.outcome.corrected.equality", "date", w.day(c.On)); c.Equality && !slices.Contains(items, item) {
			items = append(items, item)
		}
		apart = apart || len(c.Questions) > 0
		for _, q := range c.Questions {
			items = append(items, w.say("letter.outcome.corrected.item", "date", w.day(c.On), "question", q.In(w.lang)))
		}
	}
	w.blocks = append(w.blocks, NoticeBlock{w.say("letter.outcome.corrected"), items})
	if apart {
		w.para("letter.outcome.corrected.copy")
	}
	if slices.ContainsFunc(w.request.Corrections, func(c Corrected) bool { return c.Equality }) {
		w.para("letter.outcome.corrected.equality.copy")
	}
	w.para("letter.outcome.published")
}

// weighed says why an objection was refused, as it was weighed (art. 12(4), 21(1)).
func (w *letterWriter) weighed() {
	b, d := w.request.Balancing, w.request.Outcome.Decision
	if b == nil || d != Refused && d != GrantedPartly {
		return
	}
	if b.Ground == GroundsOverride {
		w.own("letter.weighed.grounds", b.Grounds)
		w.own("letter.weighed.interests", b.Interests)
	}
	w.own("letter.weighed."+string(b.Ground), b.Why)
}

// told names who is told of what (art. 19, second sentence). Disclosures of which the person was not told are left out: the reason may still stand.
func (w *letterWriter) told() {
	var names []string
	about, untold := map[string][]ToldOf{}, map[string]bool{}
	for _, t := range w.request.Tellings {
		if !t.Open {
			continue
		}
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
		if len(t.About) == 0 { // noted before it was kept what it was about
			t.About = w.request.Changes()
		}
		about[t.Name], untold[t.Name] = append(about[t.Name], t.About...), t.NotTold
	}
	for i, name := range names {
		var what []string
		for _, c := range []ToldOf{ToldCorrected, ToldErased, ToldRestricted} {
			if slices.Contains(about[name], c) {
				what = append(what, w.say(w.toldOf(c)))
			}
		}
		if untold[name] {
			what = []string{w.say("letter.outcome.told.not")}
		}
		names[i] = name + ": " + strings.Join(what, "; ")
	}
	if len(names) > 0 {
		w.blocks = append(w.blocks, NoticeBlock{w.say("letter.outcome.told"), names})
	}
}

// toldOf names the words for a change. What was out of use only while the request was considered is not changed for good (art. 18(1)(d), 21(1)).
func (w *letterWriter) toldOf(c ToldOf) string {
	if d := w.request.Outcome.Decision; c == ToldRestricted && (d == Refused || d == Withdrawn) {
		return "letter.outcome.told.for_a_time"
	}
	return "letter.outcome.told." + string(c)
}

// remedies stand in every outcome (art. 12(4); DPA 2018 s.164A).
func (w *letterWriter) remedies() {
	c := w.council
	items := []string{}
	if w.request.Kind != AskComplaint {
		items = append(items, w.say("letter.remedies.council", "how", strings.TrimRight(c.ComplaintsHow.In(w.lang), ". ")))
	}
	items = append(items,
		w.say("letter.remedies.regulator", "regulator", c.Regulator.In(w.lang), "contact", strings.TrimRight(c.RegulatorContact.In(w.lang), ". ")),
		w.say("letter.remedies.court"))
	w.blocks = append(w.blocks, NoticeBlock{w.say("letter.remedies"), items})
}

func groundClause(id string) string {
	for _, g := range ExemptionGrounds() {
		if g.ID == id {
			return g.Clause
		}
	}
	return ""
}

func nonEmpty(all ...string) []string { return slices.DeleteFunc(all, blank) }
