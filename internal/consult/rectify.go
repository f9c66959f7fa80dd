package consult

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Rectifiable is a response as the data protection officer finds it to correct it.
type Rectifiable struct {
	Consultation *Consultation
	Definition   *survey.Definition // with the statement that may be added: Stated
	Answers      survey.Answers
	Kept         survey.Answers // answers that nobody can show: see kept
	Seen         string         // tells whether it has changed since
	Restricted   bool           // held and not used (art. 18): that stays so
}

// Rectification is what a response is to hold instead.
type Rectification struct {
	Answers    survey.Answers // to all main questions; one of Rectifiable.Kept stays where nothing else is entered
	Unanswered []string       // questions that must be answered on the website and that the person leaves out
	Reason     string         // why, as the person reads it
	Seen       string         // Rectifiable.Seen
}

// Change is what a correction changes in one answer. An empty answer is none.
type Change struct {
	Question      survey.Question
	Before, After survey.Answer
}

// RectificationPlan is a correction that was checked and not made yet.
type RectificationPlan struct {
	Changes []Change // in the order of the questions

	response *Response         // as it stands
	next     Response          // as it will stand
	before   map[string]string // its texts
	after    map[string]string
	kept     map[string]string // its postcodes
	keeps    map[string]string // those that it will have
	reason   string
	number   int // of the entry in the history
}

// unopened is a response with its texts and postcodes, as far as they are there.
type unopened struct {
	response    *Response
	c           *Consultation
	def         *survey.Definition
	texts       map[string]string
	key         seal.RecordKey
	gone        bool // it has no free text, and that was disposed of or its time is over
	postcodes   map[string]string
	postcodeKey seal.RecordKey
	coarsened   bool // it has no postcode, and that was coarsened or its time is over
	number      int  // of the next entry of the history
}

func (s *Service) rectifiable(ctx context.Context, responseID string) (*unopened, error) {
	if err := s.partOne(ctx, responseID); err != nil {
		return nil, err
	}
	o := &unopened{texts: map[string]string{}, postcodes: map[string]string{}}
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if o.response, o.c, err = s.byID(responseID)(r); err != nil {
			return err
		}
		history, err := r.History(o.response.ConsultationID, responseID)
		o.number = historyNumber(history)
		return err
	})
	if err != nil {
		return nil, err
	}
	def, err := s.shown(ctx, o.response.SurveyVersion)
	if err != nil {
		return nil, err
	}
	o.def = Stated(def)
	if err := s.openKept(ctx, o); err != nil {
		return nil, err
	}
	if len(o.response.FreeText) == 0 {
		if o.gone, err = s.over(ctx, o.c, privacy.ClassFreeText); err != nil {
			return nil, err
		}
		o.gone = o.gone || slices.ContainsFunc(slices.Collect(maps.Values(o.response.Answers)), func(a survey.Answer) bool { return slices.Equal(a.Codes, []string{CodeWritten}) })
		return o, nil
	}
	wrapped, err := s.Store.Keys().Key(ctx, responseID)
	if fault.Is(err, fault.NotFound) {
		o.gone = true
		return o, nil
	}
	if err == nil {
		o.texts, o.key, err = s.unsealTexts(o.response, wrapped)
	}
	return o, err
}

// openKept opens the postcodes, or says that they were coarsened: none is written anew then.
func (s *Service) openKept(ctx context.Context, o *unopened) (err error) {
	if len(o.response.Postcodes) == 0 {
		o.coarsened, err = s.over(ctx, o.c, privacy.ClassPostcodes)
		for id, a := range o.response.Answers {
			if q, _ := o.def.Question(id); q.Keep == "postcode" && len(a.Codes) > 0 {
				o.coarsened = true
			}
		}
		return err
	}
	wrapped, err := s.Store.Keys().Key(ctx, PostcodeKey(o.response.ID))
	if fault.Is(err, fault.NotFound) {
		o.coarsened = true
		return nil
	}
	if err == nil {
		o.postcodes, o.postcodeKey, err = s.unsealPostcodes(o.response, wrapped)
	}
	return err
}

// kept are the answers that cannot be shown to be changed: a ward whose postcode was not kept or was coarsened, and what was written and disposed of since. They stay as they
// are where nothing else is entered.
func (o *unopened) kept() survey.Answers {
	out := survey.Answers{}
	for id, a := range o.response.Answers {
		q, _ := o.def.Question(id)
		_, there := o.texts[id]
		if q.Kind == survey.Postcode && o.postcodes[id] == "" && len(a.Codes) > 0 || !there && slices.Equal(a.Codes, []string{CodeWritten}) {
			out[id] = a
		}
	}
	return out
}

// seen tells one state of a response from another.
func seen(r *Response) string {
	state, err := json.Marshal([]any{r.Answers, r.FreeText, r.Postcodes, r.Flags, r.Reviews})
	if err != nil { // of texts: never
		panic(err)
	}
	return seal.Digest(string(state))
}

// Rectifiable returns a response to be corrected for its person. Whoever shows it writes that into the audit log before (dpo.Desk.ShowRectifiable).
// fault.NotFound if the response is gone.
func (s *Service) Rectifiable(ctx context.Context, by *Staff, responseID string) (*Rectifiable, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	o, err := s.rectifiable(ctx, responseID)
	if err != nil {
		return nil, err
	}
	out := &Rectifiable{Consultation: o.c, Definition: o.def, Answers: join(o.response.Answers, together(o.texts, o.postcodes)), Kept: o.kept(), Seen: seen(o.response)}
	return out, s.Store.View(ctx, func(r Reader) (err error) {
		out.Restricted, err = r.Restricted(responseID)
		return err
	})
}

// PlanRectification checks a correction by the definition, the routing and the rules of the resident's own form, and says what it changes. Nothing is stored.
// fault.Invalid where nothing changes, for an answer that does not fit, and, with the question as the field, where the response would get free text
// although that was disposed of or its time is over; fault.Conflict if the response has changed since it was read; fault.NotFound if it is gone.
func (s *Service) PlanRectification(ctx context.Context, by *Staff, responseID string, rec Rectification) (*RectificationPlan, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	o, err := s.rectifiable(ctx, responseID)
	if err != nil {
		return nil, err
	}
	if seen(o.response) != rec.Seen {
		return nil, errRectified()
	}
	after, err := s.corrected(ctx, o, rec)
	if err != nil {
		return nil, err
	}
	p := &RectificationPlan{response: o.response, next: *o.response, before: o.texts, kept: o.postcodes, number: o.number, reason: strings.TrimSpace(rec.Reason)}
	before := join(o.response.Answers, together(o.texts, o.postcodes))
	var sealed map[string]string
	p.next.Answers, sealed = split(o.def, after)
	if p.after, p.keeps = apart(o.def, sealed); o.coarsened { // the ward is corrected by it, and it is kept no more than the one before
		p.keeps = map[string]string{}
	}
	now := join(p.next.Answers, together(p.after, p.keeps))
	for _, q := range o.def.Questions() {
		if old, now := before[q.ID], now[q.ID]; !sameAnswer(old, now) {
			p.Changes = append(p.Changes, Change{q, old, now})
		}
	}
	switch {
	case len(p.Changes) == 0:
		return nil, fault.New(fault.Invalid, "error.rectify.nothing")
	case o.gone && len(p.after) > 0:
		return nil, fault.New(fault.Invalid, "error.rectify.texts_gone").At(slices.Min(slices.Collect(maps.Keys(p.after))))
	}
	if err := s.sealKept(p, o); err != nil {
		return nil, err
	}
	return p, s.sealCorrected(p, o)
}

// sealKept seals the postcodes as they will be. What was sealed stays sealed, be it empty, so that coarsening finds it with what stood there before.
func (s *Service) sealKept(p *RectificationPlan, o *unopened) (err error) {
	if maps.Equal(p.kept, p.keeps) || o.coarsened || len(o.response.Postcodes) == 0 {
		return nil // a first key is made when it is stored
	}
	p.next.Postcodes, err = sealPostcodesWith(o.postcodeKey, o.response.ID, p.keeps)
	return err
}

func sameAnswer(a, b survey.Answer) bool { return slices.Equal(a.Codes, b.Codes) && a.Text == b.Text }

// errRectified says that somebody else changed the response meanwhile.
func errRectified() error { return fault.New(fault.Conflict, "error.rectify.changed") }

// corrected returns the answers as they will be: what is entered, checked as a draft is, and what cannot be shown and is still asked.
func (s *Service) corrected(ctx context.Context, o *unopened, rec Rectification) (survey.Answers, error) {
	geography, err := s.Geography(ctx)
	if err != nil {
		return nil, err
	}
	kept := o.kept()
	maps.DeleteFunc(kept, func(id string, _ survey.Answer) bool { return !rec.Answers[id].Empty() })
	d := Draft{Answers: rec.Answers, Unanswered: rec.Unanswered}
	return d.validate(o.def, geography, true, kept)
}

// sealCorrected seals the texts as they will be and looks through those that change: they are held back until the officer has decided, and what was decided
// about the others stays. What was sealed stays sealed, be it empty, so that whatever disposes of free text finds it with its history.
func (s *Service) sealCorrected(p *RectificationPlan, o *unopened) error {
	if maps.Equal(p.before, p.after) || o.gone {
		return nil
	}
	p.next.Flags = flagsOf(p.after)
	reviews, err := openReviews(o.response, o.key)
	if err != nil {
		return err
	}
	for question := range p.before {
		if p.before[question] != p.after[question] {
			delete(reviews, question)
		} else if flag, ok := o.response.Flags[question]; ok {
			p.next.Flags[question] = flag
		}
	}
	if len(o.response.FreeText) == 0 {
		return nil // its key is made when it is stored
	}
	if p.next.Reviews, err = sealReviews(o.key, o.response.ID, reviews); err != nil {
		return err
	}
	p.next.FreeText, err = sealWithKey(o.key, o.response.ID, p.after)
	return err
}
