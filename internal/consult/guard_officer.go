package consult

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// MaxReason and MaxRedacted are the most characters of a reason and of a redacted text.
const (
	MaxReason   = 2_000
	MaxRedacted = 20_000
)

// FlaggedText is a text that seems to hold somebody's personal details, as the data protection officer sees it.
type FlaggedText struct {
	ResponseID   string
	Consultation *Consultation
	Question     survey.Question
	Flag         TextFlag
	Text         string         // as it was written; empty in lists
	Marks        []privacy.Mark // of Text
	Review       *TextReview    // nil while it waits, and in lists
}

// FlagCounts counts flagged texts by consultation and state.
func (s *Service) FlagCounts(ctx context.Context, by *Staff) (counts map[string]map[FlagState]int, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		counts, err = r.FlagCounts()
		return err
	})
	return counts, err
}

// FlaggedTexts lists flagged texts of a consultation without opening them, from offset on, and how many there are: first those of responses in which one
// waits, in the random order of response ids.
func (s *Service) FlaggedTexts(ctx context.Context, by *Staff, consultationID string, offset, limit int) (c *Consultation, out []FlaggedText, total int, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, nil, 0, err
	}
	if c, err = s.consultation(ctx, consultationID); err != nil {
		return nil, nil, 0, err
	}
	var page []*Response
	var skip int
	err = s.Store.View(ctx, func(r Reader) error {
		counts, err := r.FlagCounts()
		if err != nil {
			return err
		}
		total = 0
		for _, n := range counts[consultationID] {
			total += n
		}
		page, skip, err = r.FlaggedPage(consultationID, offset, limit)
		return err
	})
	if err != nil {
		return nil, nil, 0, err
	}
	for _, r := range page {
		for _, question := range slices.SortedFunc(maps.Keys(r.Flags), func(a, b string) int {
			return cmp.Or(waitsFirst(r.Flags[a])-waitsFirst(r.Flags[b]), cmp.Compare(a, b))
		}) {
			x := FlaggedText{ResponseID: r.ID, Consultation: c, Flag: r.Flags[question]}
			if x.Question, err = s.questionOf(ctx, r, question); err != nil {
				return nil, nil, 0, err
			}
			out = append(out, x)
		}
	}
	out = out[min(skip, len(out)):]
	return c, out[:min(limit, len(out))], total, nil
}

func waitsFirst(f TextFlag) int {
	if f.State == FlagWaiting {
		return 0
	}
	return 1
}

func (s *Service) questionOf(ctx context.Context, r *Response, question string) (survey.Question, error) {
	def, err := s.shown(ctx, r.SurveyVersion)
	if err != nil {
		return survey.Question{}, err
	}
	q, ok := Stated(def).Question(question)
	if !ok {
		return q, errNoFlag()
	}
	return q, nil
}

func errNoFlag() error { return fault.New(fault.NotFound, "error.texts.flag") }

// FlaggedText opens one flagged text of a consultation for the officer. That it was read is in the audit log before it is shown. fault.NotFound if it is gone
// or has no flag.
func (s *Service) FlaggedText(ctx context.Context, by *Staff, consultationID, responseID, question string) (*FlaggedText, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	err := s.Store.Update(ctx, func(w Writer) error {
		r, err := flagged(w, responseID, question)
		if err == nil && r.ConsultationID != consultationID {
			err = errNoFlag()
		}
		if err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "texts.flagged", "consultation:"+r.ConsultationID, "question", question))
	})
	if err != nil {
		return nil, err
	}
	x, _, err := s.openFlagged(ctx, responseID, question)
	return x, err
}

func flagged(r Reader, responseID, question string) (*Response, error) {
	response, err := r.Response(responseID)
	if fault.Is(err, fault.NotFound) {
		return nil, errNoFlag()
	}
	if err != nil {
		return nil, err
	}
	if _, ok := response.Flags[question]; !ok {
		return nil, errNoFlag()
	}
	return response, nil
}

// opened is a response with the key of its texts and what was decided about them.
type opened struct {
	*Response
	key     seal.RecordKey
	reviews map[string]TextReview
}

func (s *Service) openFlagged(ctx context.Context, responseID, question string) (*FlaggedText, *opened, error) {
	o := &opened{}
	x := &FlaggedText{ResponseID: responseID}
	err := s.Store.View(ctx, func(r Reader) (err error) {
		if o.Response, err = flagged(r, responseID, question); err != nil {
			return err
		}
		x.Consultation, err = s.consultationIn(r, o.ConsultationID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	wrapped, err := s.Store.Keys().Key(ctx, responseID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil, errNoFlag()
	}
	if err != nil {
		return nil, nil, err
	}
	texts, key, err := s.unsealTexts(o.Response, wrapped)
	if err != nil {
		return nil, nil, err
	}
	o.key = key
	if o.reviews, err = openReviews(o.Response, key); err != nil {
		return nil, nil, err
	}
	x.Flag, x.Text = o.Flags[question], texts[question]
	x.Marks = privacy.Scan(x.Text)
	if review, ok := o.reviews[question]; ok {
		x.Review = &review
	}
	x.Question, err = s.questionOf(ctx, o.Response, question)
	return x, o, err
}

// RedactText lets others read redacted in place of a flagged text, and records why. What was written stays, sealed and restricted: the
// respondent's own copy and the data protection officer have it. fault.Conflict unless the text waits; fault.Invalid without a reason,
// without a text, or with the text as it was.
func (s *Service) RedactText(ctx context.Context, by *Staff, responseID, question, redacted, reason string) error {
	redacted = strings.TrimSpace(strings.ReplaceAll(redacted, "\r\n", "\n"))
	return s.review(ctx, by, responseID, question, FlagRedacted, &TextReview{Redacted: redacted, Reason: reason})
}

// ClearText lets others read a flagged text as it is, because it was a false alarm, and records why. Errors are those of RedactText.
func (s *Service) ClearText(ctx context.Context, by *Staff, responseID, question, reason string) error {
	return s.review(ctx, by, responseID, question, FlagCleared, &TextReview{Reason: reason})
}

// ReopenText takes a decision back: the text is held back again. fault.Conflict if it waits already.
func (s *Service) ReopenText(ctx context.Context, by *Staff, responseID, question string) error {
	return s.review(ctx, by, responseID, question, FlagWaiting, nil)
}

// reviewed is the entry of a decision.
func reviewed(by *Staff, state FlagState, object, question string) privacy.AuditEvent {
	switch state {
	case FlagRedacted:
		return event(by.Actor(), "texts.redact", object, "question", question)
	case FlagCleared:
		return event(by.Actor(), "texts.clear", object, "question", question)
	}
	return event(by.Actor(), "texts.reopen", object, "question", question)
}

// review stores a decision, or with nil takes it back.
func (s *Service) review(ctx context.Context, by *Staff, responseID, question string, state FlagState, review *TextReview) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	x, o, err := s.openFlagged(ctx, responseID, question)
	if err != nil {
		return err
	}
	if (review == nil) == (x.Flag.State == FlagWaiting) {
		return ErrDecided()
	}
	delete(o.reviews, question)
	if review != nil {
		review.Reason, review.By, review.On = strings.TrimSpace(review.Reason), by.ID, privacy.DateOf(s.now())
		if err := review.check(x.Text, state); err != nil {
			return err
		}
		o.reviews[question] = *review
	}
	changed := *o.Response
	if changed.Reviews, err = sealReviews(o.key, responseID, o.reviews); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		stored, err := flagged(w, responseID, question)
		if err != nil {
			return err
		}
		if stored.Flags[question].State != x.Flag.State || !bytes.Equal(stored.Reviews, o.Reviews) {
			return ErrDecided()
		}
		changed.Flags = maps.Clone(stored.Flags) // that of a postcode may have gone meanwhile (PartPostcodes)
		changed.Flags[question] = TextFlag{x.Flag.Kinds, state}
		if err := w.SetFlags(&changed); err != nil {
			return err
		}
		return w.AppendAudit(reviewed(by, state, "consultation:"+stored.ConsultationID, question))
	})
}

// ErrDecided is fault.Conflict: somebody has decided about the text already, or it waits already.
func ErrDecided() error { return fault.New(fault.Conflict, "error.texts.decided") }

// check returns fault.Invalid for what an officer has to mend.
func (r *TextReview) check(original string, state FlagState) error {
	switch {
	case r.Reason == "":
		return fault.New(fault.Invalid, "error.texts.reason")
	case utf8.RuneCountInString(r.Reason) > MaxReason:
		return fault.New(fault.Invalid, "error.texts.reason.long", "Max", MaxReason)
	case state != FlagRedacted:
		return nil
	case r.Redacted == "":
		return fault.New(fault.Invalid, "error.texts.redacted").At("text")
	case utf8.RuneCountInString(r.Redacted) > MaxRedacted:
		return fault.New(fault.Invalid, "error.texts.redacted.long", "Max", MaxRedacted).At("text")
	case r.Redacted == strings.TrimSpace(strings.ReplaceAll(original, "\r\n", "\n")):
		return fault.New(fault.Invalid, "error.texts.redacted.same").At("text")
	case leftIn(r.Redacted, original):
		return fault.New(fault.Invalid, "error.texts.redacted.left").At("text")
	}
	return nil
}

// leftIn reports whether a text still holds one of the parts for which the original was flagged.
func leftIn(text, original string) bool {
	flagged := map[string]bool{}
	for _, m := range privacy.Scan(original) {
		flagged[original[m.Start:m.End]] = true
	}
	return slices.ContainsFunc(privacy.Scan(text), func(m privacy.Mark) bool { return flagged[text[m.Start:m.End]] })
}
